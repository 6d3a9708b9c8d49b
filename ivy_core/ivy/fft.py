"""Fourier transforms: the functions of the Array API standard's extension ``fft`` and a few more."""

from __future__ import annotations

from ivy.functional import namespace

_public = namespace("fft")
__all__ = list(_public)
globals().update(_public)
