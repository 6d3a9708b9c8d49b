"""Control flow of `jax.lax`; callables get and return nests of arrays, as in JAX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as F
from ivy_jax.frontend.table import frontend, is_scalar

NAMESPACE = "jax.lax"


@frontend.function()
def scan(
    f: Callable[..., Any],
    init: Any,
    xs: Any = None,
    length: int | None = None,
    reverse: bool = False,
    unroll: int | bool = 1,
    _split_transpose: bool = False,
) -> tuple[Any, Any]:
    return F.scan(f, init, xs, length=length, reverse=reverse)


@frontend.function()
def while_loop(cond_fun: Callable[..., Any], body_fun: Callable[..., Any], init_val: Any) -> Any:
    return F.while_loop(cond_fun, body_fun, init_val)


@frontend.function()
def fori_loop(lower: Any, upper: Any, body_fun: Callable[..., Any], init_val: Any, **options: Any) -> Any:
    return F.fori_loop(lower, upper, body_fun, init_val)


@frontend.function()
def map(f: Callable[..., Any], xs: Any, **options: Any) -> Any:
    return F.map(f, xs)


@frontend.function()
def cond(pred: Any, true_fun: Callable[..., Any], false_fun: Callable[..., Any], *operands: Any) -> Any:
    if is_scalar(pred):
        return (true_fun if pred else false_fun)(*operands)
    return F.cond(pred, true_fun, false_fun, *operands)


@frontend.function()
def switch(index: Any, branches: Sequence[Callable[..., Any]], *operands: Any) -> Any:
    branches = list(branches)
    if is_scalar(index):
        return branches[min(max(int(index), 0), len(branches) - 1)](*operands)
    return F.switch(index, branches, *operands)


@frontend.function("jax.checkpoint")
def checkpoint(fun: Callable[..., Any], *args: Any) -> Any:
    return F.checkpoint(fun, *args)


@frontend.function("jax.custom_vjp")
def custom_vjp(fun: Callable[..., Any], fwd: Callable[..., Any], bwd: Callable[..., Any], *args: Any) -> Any:
    """Call a function with its own derivative: what a captured custom_vjp or custom_jvp becomes."""
    return F.custom_vjp(fun, fwd, bwd, *args)
