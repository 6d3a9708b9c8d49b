"""Control flow with JAX: its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
from jax import lax

cond = lax.cond
switch = lax.switch
while_loop = lax.while_loop
fori_loop = lax.fori_loop
scan = lax.scan
map = lax.map


def vmap_at(fn: Callable[..., Any], in_axes: Any, out_axes: Any, args: Sequence[Any], /) -> Any:
    return jax.vmap(fn, in_axes, out_axes)(*args)
