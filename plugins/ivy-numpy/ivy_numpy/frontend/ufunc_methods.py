"""The methods of universal functions: ``reduce``, ``accumulate``, ``reduceat``, ``outer`` and ``at``.

Definition: https://numpy.org/doc/stable/reference/ufuncs.html#methods
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import ivy
import ivy.functional as ops
from ivy.dtypes import DType, dtype_of
from ivy_numpy.frontend.indexing import get_item, set_item, without_masks
from ivy_numpy.frontend.promotion import array, as_bool, cast, dtype_arg, summed_dtype
from ivy_numpy.frontend.reductions import reducer_of
from ivy_numpy.frontend.table import numpy
from ivy_numpy.frontend.ufuncs import UFUNCS

__all__ = ["BINARY", "UNARY"]

_IDENTITIES: dict[str, float] = {
    "add": 0, "multiply": 1, "bitwise_and": -1, "bitwise_or": 0, "bitwise_xor": 0, "logical_and": True,
    "logical_or": False, "logical_xor": False, "hypot": 0.0, "logaddexp": -math.inf, "logaddexp2": -math.inf, "gcd": 0,
}  # fmt: skip
_ASSOCIATIVE = {*_IDENTITIES, "maximum", "minimum", "fmax", "fmin", "lcm"}
BINARY = (
    *sorted(_ASSOCIATIVE), "subtract", "divide", "floor_divide", "remainder", "power", "float_power", "arctan2",
    "copysign", "fmod", "nextafter", "heaviside", "left_shift", "right_shift", "equal", "not_equal", "less",
    "less_equal", "greater", "greater_equal",
)  # fmt: skip
"""Ufuncs of two arguments and one result, which have all the methods."""
UNARY = (
    "absolute", "negative", "positive", "invert", "sign", "square", "reciprocal", "conjugate", "logical_not", "sqrt",
    "exp", "log", "sin", "cos", "tanh", "floor", "ceil", "trunc", "rint",
)  # fmt: skip
"""Ufuncs of one argument that have ``at``."""
_UNROLLED = 8
"""Up to how many steps are written one by one; longer folds are a loop."""

Ufunc = Callable[..., Any]


def _part(x: Any, axis: int, start: Any, stop: Any = None, step: Any = None) -> Any:
    return ops.get_item(x, (*[slice(None)] * axis, slice(start, stop, step)))


def _prepared(name: str, x: Any, dtype: Any) -> tuple[Any, Any]:
    """Return an array in the dtype in which the ufunc folds it, and the ufunc."""
    ufunc = UFUNCS[name]
    dtype = dtype_arg(dtype)
    if name in ("add", "multiply") and dtype is None:
        dtype = summed_dtype(x)
    if name.startswith("logical_"):
        return as_bool(x), ufunc
    if dtype is not None:
        return cast(x, dtype), ufunc
    here = dtype_of(x)
    if name in _ASSOCIATIVE - {"hypot", "logaddexp", "logaddexp2"} or (here.is_inexact and name != "float_power"):
        return x, ufunc
    one = ops.ones((1,), dtype=here)
    return cast(x, dtype_of(ufunc(one, one))), ufunc


def _fold(name: str, ufunc: Ufunc, x: Any, axis: int, mask: Any = None, initial: Any = None) -> Any:
    """Combine the slices along an axis of at least one element, from the first on."""
    n = x.shape[axis]
    if name in _ASSOCIATIVE:
        while n > 1:
            half = n // 2
            even, odd = _part(x, axis, 0, 2 * half, 2), _part(x, axis, 1, 2 * half, 2)
            paired = ufunc(even, odd)
            x = ops.concat([paired, _part(x, axis, n - 1)], axis=axis) if n % 2 else paired
            n = x.shape[axis]
        return ops.squeeze(x, axis=axis)
    rows = ops.moveaxis(x, axis, 0)
    masks = None if mask is None else ops.moveaxis(mask, axis, 0)
    dtype = dtype_of(x)
    start = 1 if initial is None else 0
    found = ops.get_item(rows, 0) if initial is None else ops.full(tuple(rows.shape[1:]), initial, dtype=dtype)
    if masks is None:
        return _stepped(lambda c, r: cast(ufunc(c, r), dtype), found, ops.get_item(rows, slice(start, None)))[0]
    step = lambda c, r: ops.where(r[1], cast(ufunc(c, r[0]), dtype), c)
    return _stepped(step, found, (ops.get_item(rows, slice(start, None)), ops.get_item(masks, slice(start, None))))[0]


def _stepped(step: Callable[[Any, Any], Any], carry: Any, rows: Any, *, collect: bool = False) -> tuple[Any, list[Any]]:
    """Run a step over rows; return the last carry and, if wanted, all of them, stacked or one by one."""
    several = isinstance(rows, tuple)
    n = (rows[0] if several else rows).shape[0]
    if n > _UNROLLED:

        def body(c: Any, r: Any) -> tuple[Any, Any]:
            new = step(c, r)
            return new, new if collect else ()

        carry, every = ops.scan(body, carry, rows)
        return carry, [every] if collect else []
    found = []
    for i in range(n):
        carry = step(carry, tuple(ops.get_item(r, i) for r in rows) if several else ops.get_item(rows, i))
        found.append(ops.expand_dims(carry, axis=0))
    return carry, found


def _reduce(name: str) -> Ufunc:
    known = reducer_of(name)
    if known is not None:
        return known

    def reduce(
        array_: Any, axis: Any = 0, dtype: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
    ) -> Any:
        x, ufunc = _prepared(name, array(array_), dtype)
        here = dtype_of(x)
        ndim = len(x.shape)
        axes = list(range(ndim)) if axis is None else [axis] if isinstance(axis, int) else list(axis)
        axes = sorted({k % ndim for k in axes} if ndim else set(), reverse=True)
        if initial is not None and hasattr(initial, "dtype"):
            initial = cast(initial, here)
        mask = None
        if where is not True:
            mask = ops.broadcast_to(as_bool(where), tuple(x.shape))
            if name in _ASSOCIATIVE:
                neutral = _IDENTITIES.get(name, initial)
                x = ops.where(mask, x, cast(array(neutral), here) if hasattr(neutral, "dtype") else _full(x, neutral))
                mask = None
        for k in axes:
            if not x.shape[k]:
                shape = tuple(n for i, n in enumerate(x.shape) if i != k)
                neutral = _IDENTITIES.get(name, initial) if name in _ASSOCIATIVE else initial
                if neutral is None:
                    raise ValueError(f"zero-size array to reduction operation {name} which has no identity")
                found = ops.broadcast_to(cast(array(neutral), here), shape)
            else:
                found = _fold(name, ufunc, x, k, mask, initial if name not in _ASSOCIATIVE else None)
                if name in _ASSOCIATIVE and initial is not None and k == axes[-1]:
                    found = cast(ufunc(cast(array(initial), here), found), here)
            x = ops.expand_dims(found, axis=k) if keepdims else found
        first = _IDENTITIES.get(name) if initial is None else initial
        if not axes and first is not None and not name.startswith("bitwise"):
            x = cast(ufunc(cast(array(first), here), x), here)
        return x

    return reduce


def _full(x: Any, value: Any) -> Any:
    dtype = dtype_of(x)
    if dtype.kind == "uint" and value == -1:
        value = 2**dtype.bits - 1
    return ops.full_like(x, bool(value) if dtype == "bool" else value)


def _accumulate(name: str) -> Ufunc:
    running = {"add": ops.cumulative_sum, "multiply": ops.cumulative_prod, "maximum": ops.cumulative_max,
               "minimum": ops.cumulative_min}.get(name)  # fmt: skip

    def accumulate(array_: Any, axis: int = 0, dtype: Any = None) -> Any:
        x, ufunc = _prepared(name, array(array_), dtype)
        axis %= len(x.shape)
        n = x.shape[axis]
        if n < 2:
            return x
        here = dtype_of(x)
        if running is not None and here.kind != "bool":
            return cast(running(x, axis=axis), here)
        if name in _ASSOCIATIVE:
            return ops.associative_scan(lambda a, b: cast(ufunc(a, b), here), x, axis=axis)
        rows = ops.moveaxis(x, axis, 0)
        step = lambda c, r: cast(ufunc(c, r), here)
        every = _stepped(step, ops.get_item(rows, 0), ops.get_item(rows, slice(1, None)), collect=True)[1]
        return ops.moveaxis(ops.concat([ops.get_item(rows, slice(0, 1)), *every], axis=0), 0, axis)

    return accumulate


def _reduceat(name: str, reduce: Ufunc) -> Ufunc:
    def reduceat(array_: Any, indices: Sequence[int], axis: int = 0, dtype: Any = None) -> Any:
        x, _ = _prepared(name, array(array_), dtype)
        axis %= len(x.shape)
        starts = [int(i) for i in indices]
        parts = []
        for start, stop in zip(starts, [*starts[1:], x.shape[axis]], strict=True):
            part = _part(x, axis, start, stop if stop > start else start + 1)
            parts.append(cast(reduce(part, axis, dtype=dtype, keepdims=True), dtype_of(x)))
        return ops.concat(parts, axis=axis) if parts else _part(x, axis, 0, 0)

    return reduceat


def _outer(ufunc: Ufunc) -> Ufunc:
    def outer(A: Any, B: Any, **kwargs: Any) -> Any:
        a, b = array(A), array(B)
        return ufunc(ops.reshape(a, (*a.shape, *([1] * len(b.shape)))), b, **kwargs)

    return outer


# -- at ---------------------------------------------------------------------------------------------------------------

_AT: dict[str, Callable[..., Any]] = {
    "add": ops.add_at,
    "subtract": lambda x, k, v: ops.add_at(x, k, ops.negative(array(v))),
    "multiply": ops.mul_at,
    "maximum": ops.max_at,
    "minimum": ops.min_at,
}
"""What the functional API does at once, repeated indices included."""


def _at(name: str) -> Ufunc:
    ufunc, update = UFUNCS[name], _AT.get(name)

    def at(a: Any, indices: Any, b: Any = None, sizes: Any = None) -> Any:
        key = without_masks(indices, sizes)
        truths = any(hasattr(k, "dtype") and dtype_of(k) == "bool" and not k.shape for k in _tuple(indices))
        dtype = dtype_of(a)
        if b is not None and not hasattr(b, "dtype"):
            weak = not isinstance(b, (list, tuple)) and dtype.kind != "bool" and _holds(dtype, b)
            b = array(b, dtype if weak else None)
        if update is not None and not truths and dtype.kind != "bool" and _fits(name, b, dtype):
            return None, update(a, key, cast(b, dtype))
        size = math.prod(a.shape)
        places = get_item(ops.reshape(ops.arange(size, dtype="int64"), tuple(a.shape)), indices, sizes)
        flat, at_ = ops.reshape(a, (-1,)), ops.reshape(places, (-1,))
        rows: Any = at_
        if b is not None:
            rows = (at_, ops.reshape(ops.broadcast_to(b, tuple(places.shape)), (-1,)))

        def step(x: Any, row: Any) -> Any:
            place, operand = row if isinstance(row, tuple) else (row, None)
            here = ops.take(x, ops.reshape(place, (1,)), axis=0)
            operands = (here,) if operand is None else (here, ops.reshape(operand, (1,)))
            return set_item(x, ops.reshape(place, (1,)), ufunc(*operands))

        return None, ops.reshape(_stepped(step, flat, rows)[0], tuple(a.shape))

    return at


def _tuple(key: Any) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)


def _fits(name: str, b: Any, dtype: DType) -> bool:
    """Whether casting the operand first gives what casting the result does.

    Integers wrap around alike; a fraction lost first is another number than one lost at the end (-2 + 0.6 is -1).
    """
    given = dtype_of(b)
    whole = dtype.kind not in ("int", "uint") or given.kind in ("bool", "int", "uint")
    return given == dtype or (whole and name in ("add", "subtract", "multiply"))


def _holds(dtype: DType, x: Any) -> bool:
    """Whether a Python scalar takes an array's dtype."""
    if type(x) is int and dtype.kind in ("int", "uint"):
        info = ivy.iinfo(dtype)
        return bool(info.min <= x <= info.max)
    kinds = {complex: ("complex",), float: ("complex", "float")}.get(type(x))
    return kinds is None or dtype.kind in kinds


for _name in BINARY:
    _reducing = _reduce(_name)
    numpy.function(f"numpy.{_name}.reduce")(_reducing)
    numpy.function(f"numpy.{_name}.accumulate")(_accumulate(_name))
    numpy.function(f"numpy.{_name}.reduceat")(_reduceat(_name, _reducing))
    numpy.function(f"numpy.{_name}.outer")(_outer(UFUNCS[_name]))
for _name in (*BINARY, *UNARY):
    numpy.function(f"numpy.{_name}.at", writes=("a",))(_at(_name))
