"""Reductions and cumulative operations of `jax.lax`; the result keeps the operand's dtype."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy_jax.frontend.lax.elementwise import bitwise_and, bitwise_or, bitwise_xor
from ivy_jax.frontend.lax.shaping import reshape, rev, transpose
from ivy_jax.frontend.table import frontend, index_dtype

NAMESPACE = "jax.lax"


def _axes(axes: Sequence[int]) -> tuple[int, ...]:
    return tuple(int(a) for a in axes)


@frontend.function()
def reduce_sum(operand: Any, axes: Sequence[int], *, out_sharding: Any = None) -> Any:
    return F.sum(operand, axis=_axes(axes), dtype=dtype_of(operand)) if len(axes) else operand


@frontend.function()
def reduce_prod(operand: Any, axes: Sequence[int]) -> Any:
    return F.prod(operand, axis=_axes(axes), dtype=dtype_of(operand)) if len(axes) else operand


@frontend.function()
def reduce_max(operand: Any, axes: Sequence[int], *, out_sharding: Any = None) -> Any:
    return _extremum(operand, axes, F.max, F.any)


@frontend.function()
def reduce_min(operand: Any, axes: Sequence[int], *, out_sharding: Any = None) -> Any:
    return _extremum(operand, axes, F.min, F.all)


def _extremum(x: Any, axes: Sequence[int], op: Any, of_bools: Any) -> Any:
    if not len(axes):
        return x
    return (of_bools if dtype_of(x) == "bool" else op)(x, axis=_axes(axes))


@frontend.function()
def reduce_and(operand: Any, axes: Sequence[int]) -> Any:
    return _logical(operand, axes, F.all, bitwise_and)


@frontend.function()
def reduce_or(operand: Any, axes: Sequence[int]) -> Any:
    return _logical(operand, axes, F.any, bitwise_or)


@frontend.function()
def reduce_xor(operand: Any, axes: Sequence[int]) -> Any:
    return _logical(operand, axes, None, bitwise_xor)


def _logical(x: Any, axes: Sequence[int], of_bools: Any, pairwise: Any) -> Any:
    if not len(axes):
        return x
    if dtype_of(x) == "bool" and of_bools is not None:
        return of_bools(x, axis=_axes(axes))
    return fold(lambda a, b: (pairwise(a[0], b[0]),), (_front(x, axes),))[0]


def _front(x: Any, axes: Sequence[int]) -> Any:
    """Move the axes to the front, as one."""
    rest = [i for i in range(x.ndim) if i not in _axes(axes)]
    moved = transpose(x, [*_axes(axes), *rest])
    return reshape(moved, (prod(x.shape[i] for i in axes), *(x.shape[i] for i in rest)))


def fold(combine: Callable[[Any, Any], tuple[Any, ...]], xs: tuple[Any, ...]) -> tuple[Any, ...]:
    """Reduce the first axis of all `xs` at once with an associative function, by halves.

    Args:
        combine: (tuple of arrays, tuple of arrays) -> tuple of arrays, elementwise.
        xs: arrays with the same first dimension, at least 1.
    """
    n = xs[0].shape[0]
    while n > 1:
        half = n // 2
        a = tuple(F.get_item(x, slice(0, half)) for x in xs)
        b = tuple(F.get_item(x, slice(half, 2 * half)) for x in xs)
        done = combine(a, b)
        if n % 2:
            done = tuple(F.concat([d, F.get_item(x, slice(2 * half, n))], axis=0) for d, x in zip(done, xs))
        xs, n = tuple(done), half + n % 2
    return tuple(F.get_item(x, 0) for x in xs)


@frontend.function()
def reduce(
    operands: Any,
    init_values: Any,
    computation: Callable[..., Any],
    dimensions: Sequence[int],
    out_sharding: Any = None,
) -> Any:
    """Reduce with any associative function of scalars, which is called on whole arrays."""
    single = not isinstance(operands, (tuple, list))
    xs = (operands,) if single else tuple(operands)
    inits = (init_values,) if single else tuple(init_values)

    def combine(a: tuple[Any, ...], b: tuple[Any, ...]) -> tuple[Any, ...]:
        found = computation(a[0], b[0]) if single else computation(a, b)
        return tuple(found) if isinstance(found, (tuple, list)) else (found,)

    fronts = tuple(_front(x, dimensions) for x in xs)
    full_inits = tuple(
        F.full(tuple(x.shape[1:]), i, dtype=dtype_of(x))
        if not hasattr(i, "dtype")
        else F.broadcast_to(i, tuple(x.shape[1:]))
        for i, x in zip(inits, fronts)
    )
    result = full_inits if fronts[0].shape[0] == 0 else combine(full_inits, fold(combine, fronts))
    return result[0] if single else result


def _position(op: Any, operand: Any, axis: int, index_type: Any) -> Any:
    x = F.astype(operand, "uint8") if dtype_of(operand) == "bool" else operand
    return F.astype(op(x, axis=int(axis)), as_dtype(index_type))


@frontend.function()
def argmax(operand: Any, axis: int, index_dtype: Any = index_dtype) -> Any:
    return _position(F.argmax, operand, axis, index_dtype)


@frontend.function()
def argmin(operand: Any, axis: int, index_dtype: Any = index_dtype) -> Any:
    return _position(F.argmin, operand, axis, index_dtype)


def _cumulative(x: Any, axis: int, reverse: bool, op: Callable[..., Any], **options: Any) -> Any:
    axis = int(axis) % x.ndim
    return rev(op(rev(x, (axis,)), axis=axis, **options), (axis,)) if reverse else op(x, axis=axis, **options)


@frontend.function()
def cumsum(operand: Any, axis: int = 0, reverse: bool = False) -> Any:
    return _cumulative(operand, axis, reverse, F.cumulative_sum, dtype=dtype_of(operand))


@frontend.function()
def cumprod(operand: Any, axis: int = 0, reverse: bool = False) -> Any:
    return _cumulative(operand, axis, reverse, F.cumulative_prod, dtype=dtype_of(operand))


@frontend.function()
def cummax(operand: Any, axis: int = 0, reverse: bool = False) -> Any:
    return _cumulative(operand, axis, reverse, F.cumulative_max)


@frontend.function()
def cummin(operand: Any, axis: int = 0, reverse: bool = False) -> Any:
    return _cumulative(operand, axis, reverse, F.cumulative_min)


@frontend.function()
def cumlogsumexp(operand: Any, axis: int = 0, reverse: bool = False) -> Any:
    return _cumulative(operand, axis, reverse, F.cumulative_logsumexp)
