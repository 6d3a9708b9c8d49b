"""Cases of ops that are alike: elementwise functions and reductions, a line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ivy.dtypes import result_type
from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, INEXACT, UNSIGNED, Draw

__all__ = ["More", "binary", "reduces", "reduction", "scalar", "together", "unary"]

More = Callable[[Draw, Any], dict[str, Any]]
"""Draws keyword arguments for a call, given its array."""


def unary(
    op: str,
    reference: Callable[..., Any] | None,
    dtypes: Sequence[str] = FLOAT,
    *,
    low: float = -4,
    high: float = 4,
    special: bool = True,
    least: int = 0,
    more: More | None = None,
    **options: Any,
) -> None:
    """Register a case for a function of one array, of any shape.

    Args:
        op: name.
        reference: NumPy's or SciPy's function; None where a check stands for it.
        dtypes: among which the array's dtype is drawn.
        low: least element.
        high: largest element.
        special: whether to try NaN, infinities and zeros of both signs.
        least: least number of axes.
        more: draws further keyword arguments, given the array.
        **options: as for `ivy.testing.case`.
    """

    @case(op, reference, **options)
    def build(d: Draw) -> Call:
        floats = tuple(t for t in dtypes if t in INEXACT)
        among = d.of(floats, dtypes) if special and floats else dtypes  # that have the special values
        x = d.array(d.shape(least), among, low=low, high=high, special=special)
        return Call(x, **(more(d, x) if more else {}))


def binary(
    op: str,
    reference: Callable[..., Any],
    dtypes: Sequence[str] = FLOAT,
    *,
    low: float = -4,
    high: float = 4,
    low2: float | None = None,
    high2: float | None = None,
    special: bool = True,
    mixed: bool = True,
    scalars: bool = True,
    nonzero: bool = False,
    **options: Any,
) -> None:
    """Register a case for a function of two arrays that broadcast, or of an array and a Python scalar.

    Args:
        op: name.
        reference: NumPy's or SciPy's function.
        dtypes: among which the arrays' dtypes are drawn.
        low: least element.
        high: largest element.
        low2: least element of the second array, if it differs.
        high2: largest element of the second array, if it differs.
        special: whether to try NaN, infinities and zeros of both signs.
        mixed: whether the two may differ in dtype.
        scalars: whether one of them may be a Python scalar.
        nonzero: whether to keep zeros out of the second where it is an integer.
        **options: as for `ivy.testing.case`.
    """
    low2, high2 = low if low2 is None else low2, high if high2 is None else high2

    @case(op, together(reference), **options)
    def build(d: Draw) -> Call:
        first, second = d.shapes(2)
        dtype = d.dtype(dtypes)
        x = d.array(first, dtype, low=low, high=high, special=special)
        other = d.of(*("array", "array", "scalar", "first") if scalars and not d.smooth else ("array",))
        kind = d.dtype(dtypes) if mixed and d.flag() else dtype
        if other == "first":
            return Call(scalar(d, kind, dtype, low, high), filled(d.array(first, dtype, low=low2, high=high2)))
        if other == "scalar":
            y = scalar(d, kind, dtype, low2, high2)
            return Call(x, y if y or not nonzero else 1)
        return Call(x, filled(d.array(second, kind, low=low2, high=high2, special=special)))

    def filled(y: Any) -> Any:
        if nonzero and y.dtype.kind in "iu":
            y[y == 0] = 1
        return y


def together(reference: Callable[..., Any]) -> Callable[..., Any]:
    """Return a reference that gets integers in the dtype that they promote to; NumPy makes float64 of some pairs."""

    def call(*operands: Any, **options: Any) -> Any:
        dtype = result_type(*operands)
        if dtype.is_integer:
            operands = tuple(x.astype(dtype) if isinstance(x, np.ndarray) else x for x in operands)
        return reference(*operands, **options)

    return call


def scalar(d: Draw, kind: str, dtype: str, low: float = -4, high: float = 4) -> Any:
    """Return a Python scalar of the kind of one dtype, between two bounds, to mix with an array of another."""
    x = d.scalar(kind)
    if isinstance(x, int) and np.ceil(low) > np.floor(high):
        return (low + high) / 2
    if isinstance(x, int):
        low, high = int(np.ceil(low)), int(np.floor(high))
    return type(x)(min(max(x, max(low, 0) if dtype in UNSIGNED else low), high))


def reduction(
    op: str,
    reference: Callable[..., Any],
    dtypes: Sequence[str] = FLOAT,
    *,
    low: float = -4,
    high: float = 4,
    special: bool = True,
    empty: bool = True,
    several: bool = True,
    unique: bool = False,
    keepdims: bool = True,
    more: More | None = None,
    **options: Any,
) -> None:
    """Register a case for a function that reduces axes: ``axis=`` and ``keepdims=``.

    Args:
        op: name.
        reference: function of the array, `axis` and `keepdims`, as NumPy has them.
        dtypes: among which the array's dtype is drawn.
        low: least element.
        high: largest element.
        special: whether to try NaN, infinities and zeros of both signs.
        empty: whether the reduced axes may have no elements.
        several: whether a tuple of axes is.
        unique: whether no two elements may be equal.
        keepdims: whether the function has that argument.
        more: draws further keyword arguments, given the array.
        **options: as for `ivy.testing.case`.
    """

    @case(op, reference, **options)
    def build(d: Draw) -> Call:
        shape = d.shape()
        ways = ["all"] + ["one"] * (len(shape) > 0) + ["several"] * (several and len(shape) > 0)
        way = d.of(*ways)
        axis = None if way == "all" else d.axis(len(shape)) if way == "one" else d.axes(len(shape))
        if not empty:
            shape = tuple(max(n, 1) if reduces(axis, i, len(shape)) else n for i, n in enumerate(shape))
        x = d.array(shape, dtypes, low=low, high=high, special=special, unique=unique)
        found: dict[str, Any] = {"axis": axis}
        if keepdims and d.flag():
            found["keepdims"] = True
        return Call(x, **found, **(more(d, x) if more else {}))


def reduces(axis: int | Sequence[int] | None, i: int, ndim: int) -> bool:
    """Return whether a reduction along `axis` of an array with `ndim` axes reduces the one at position `i`."""
    return axis is None or i in {a % ndim for a in ((axis,) if isinstance(axis, int) else axis)}
