"""Special functions of probability in JAX."""

from __future__ import annotations

import jax.scipy.special

from ivy_jax.backend.support import floating, promoting

entr = floating(jax.scipy.special.entr)
xlog1py = promoting(jax.scipy.special.xlog1py, inexact=True)
