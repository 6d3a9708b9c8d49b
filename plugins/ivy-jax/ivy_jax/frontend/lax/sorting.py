"""Sorting of `jax.lax`: stable, several operands at once, NaN last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy_jax.frontend.table import frontend, index_dtype

NAMESPACE = "jax.lax"


def _key(x: Any) -> Any:
    return F.astype(x, "uint8") if dtype_of(x) == "bool" else x


@frontend.function()
def sort(operand: Any, dimension: int = -1, is_stable: bool = True, num_keys: int = 1) -> Any:
    """Sort by the first `num_keys` operands, all operands alike."""
    if not isinstance(operand, (tuple, list)):
        return _sorted(operand, dimension)
    operands = tuple(operand)
    if len(operands) == 1:
        return (_sorted(operands[0], dimension),)
    order = None
    for key in reversed(operands[:num_keys]):  # the least significant key first; stability keeps its order among equals
        here = _key(key) if order is None else F.take_along_axis(_key(key), order, axis=dimension)
        step = F.argsort(here, axis=dimension, stable=True)
        order = step if order is None else F.take_along_axis(order, step, axis=dimension)
    return tuple(F.take_along_axis(x, order, axis=dimension) for x in operands)


def _sorted(x: Any, axis: int) -> Any:
    found = F.sort(_key(x), axis=axis)
    return F.astype(found, "bool") if dtype_of(x) == "bool" else found


@frontend.function()
def sort_key_val(keys: Any, values: Any, dimension: int = -1, is_stable: bool = True) -> Any:
    return sort((keys, values), dimension, is_stable)


@frontend.function()
def top_k(operand: Any, k: int, *, axis: int = -1) -> tuple[Any, Any]:
    """Return the k largest values and their positions; of equal ones, the first comes first."""
    axis = int(axis) % operand.ndim
    # A backend's topk may order equal values as it likes; positions must be JAX's.
    order = F.argsort(_key(operand), axis=axis, descending=True, stable=True)
    key: Sequence[Any] = (slice(None),) * axis + (slice(0, k),)
    order = F.get_item(order, tuple(key))
    return F.take_along_axis(operand, order, axis=axis), F.astype(order, index_dtype)


@frontend.function()
def approx_max_k(operand: Any, k: int, reduction_dimension: int = -1, **options: Any) -> tuple[Any, Any]:
    """Return the k largest values exactly, which meets any recall target."""
    return top_k(operand, k, axis=reduction_dimension)


@frontend.function()
def approx_min_k(operand: Any, k: int, reduction_dimension: int = -1, **options: Any) -> tuple[Any, Any]:
    axis = int(reduction_dimension) % operand.ndim
    order = F.get_item(F.argsort(operand, axis=axis, stable=True), (slice(None),) * axis + (slice(0, k),))
    return F.take_along_axis(operand, order, axis=axis), F.astype(order, as_dtype("int32"))
