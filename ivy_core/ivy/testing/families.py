"""Cases of ops that are alike: elementwise functions and reductions, a line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, Draw

__all__ = ["binary", "reduction", "unary"]


def unary(
    op: str,
    reference: Callable[..., Any],
    dtypes: Sequence[str] = FLOAT,
    *,
    low: float = -4,
    high: float = 4,
    special: bool = True,
    **options: Any,
) -> None:
    """Register a case for a function of one array, of any shape.

    Args:
        op: name.
        reference: NumPy's or SciPy's function.
        dtypes: among which the array's dtype is drawn.
        low: least element.
        high: largest element.
        special: whether to try NaN, infinities and zeros of both signs.
        **options: as for `ivy.testing.case`.
    """

    @case(op, reference, **options)
    def build(d: Draw) -> Call:
        return Call(d.array(None, dtypes, low=low, high=high, special=special))


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
        **options: as for `ivy.testing.case`.
    """
    low2, high2 = low if low2 is None else low2, high if high2 is None else high2

    @case(op, reference, **options)
    def build(d: Draw) -> Call:
        first, second = d.shapes(2)
        dtype = d.dtype(dtypes)
        x = d.array(first, dtype, low=low, high=high, special=special)
        other = d.of(*("array", "array", "scalar") if scalars and not d.smooth else ("array",))
        if other == "scalar":
            y = d.scalar(dtype)
            return Call(x, type(y)(min(max(y, low2), high2)))
        dtype2 = d.dtype(dtypes) if mixed and d.flag() else dtype
        return Call(x, d.array(second, dtype2, low=low2, high=high2, special=special))


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
        empty: whether axes without elements are allowed.
        several: whether a tuple of axes is.
        unique: whether no two elements may be equal.
        keepdims: whether the function has that argument.
        **options: as for `ivy.testing.case`.
    """

    @case(op, reference, **options)
    def build(d: Draw) -> Call:
        x = d.array(d.shape(least=0 if empty else 1), dtypes, low=low, high=high, special=special, unique=unique)
        ways = ["all"] + ["one"] * (x.ndim > 0) + ["several"] * (several and x.ndim > 0)
        way = d.of(*ways)
        axis = None if way == "all" else d.axis(x.ndim) if way == "one" else d.axes(x.ndim, least=1)
        found: dict[str, Any] = {"axis": axis}
        if keepdims and d.flag():
            found["keepdims"] = True
        return Call(x, **found)
