"""Fourier transforms in JAX."""

from __future__ import annotations

import jax.numpy as jnp

fft_fft = jnp.fft.fft
fft_ifft = jnp.fft.ifft
fft_fftn = jnp.fft.fftn
fft_ifftn = jnp.fft.ifftn
fft_rfft = jnp.fft.rfft
fft_irfft = jnp.fft.irfft
fft_rfftn = jnp.fft.rfftn
fft_irfftn = jnp.fft.irfftn
fft_hfft = jnp.fft.hfft
fft_ihfft = jnp.fft.ihfft
fft_fftshift = jnp.fft.fftshift
fft_ifftshift = jnp.fft.ifftshift
