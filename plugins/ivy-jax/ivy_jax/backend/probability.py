"""Special functions of probability in JAX."""

from __future__ import annotations

from typing import Any

import jax.scipy.special

from ivy_jax.backend.support import floating, promoting

entr = floating(jax.scipy.special.entr)
xlog1py = promoting(jax.scipy.special.xlog1py, inexact=True)


def betaln(a: Any, b: Any, /) -> Any:
    from ivy_jax.backend.special import _aligned

    return _aligned(jax.scipy.special.betaln, a, b)
