"""Comparisons, predicates, logic and bits in Paddle."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from ivy_paddle.backend.support import (
    COMPLEX,
    FLOATS,
    UNSIGNED,
    WHOLE,
    align,
    native_dtype,
    number,
    promoting,
    restored,
    unary,
    widened,
)
from ivy_paddle.loading import paddle


def _same(a: Any, b: Any) -> Any:
    # Paddle takes floats for equal that differ by less than 1e-8; its order is exact
    if a.dtype in COMPLEX:
        return paddle.logical_and(_same(paddle.real(a), paddle.real(b)), _same(paddle.imag(a), paddle.imag(b)))
    if a.dtype in FLOATS:
        return paddle.logical_and(paddle.less_equal(a, b), paddle.greater_equal(a, b))
    return paddle.equal(a, b)


def _different(a: Any, b: Any) -> Any:
    return paddle.not_equal(a, b) if a.dtype in WHOLE else paddle.logical_not(_same(a, b))


def _on_integers(fn: Callable[..., Any], plain: Callable[..., Any]) -> Callable[..., Any]:
    made: Any = promoting(fn, table=UNSIGNED)
    made.same_dtype = plain
    made.applies = lambda dtype, positions: (
        native_dtype(dtype) in WHOLE and native_dtype(dtype) not in UNSIGNED and not positions
    )
    return made


equal = _on_integers(_same, paddle.equal)
not_equal = _on_integers(_different, paddle.not_equal)
less = promoting(paddle.less_than, operator.lt, order=True, table=UNSIGNED)
less_equal = promoting(paddle.less_equal, operator.le, order=True, table=UNSIGNED)
greater = promoting(paddle.greater_than, operator.gt, order=True, table=UNSIGNED)
greater_equal = promoting(paddle.greater_equal, operator.ge, order=True, table=UNSIGNED)

isfinite = unary(paddle.isfinite)
isinf = unary(paddle.isinf)
isnan = unary(paddle.isnan)


def truth(x: Any) -> Any:
    """Return which elements are not zero."""
    if not hasattr(x, "dtype"):
        return number(bool(x), paddle.bool)
    return x if x.dtype == paddle.bool else x.astype(paddle.bool)


def _logical(fn: Callable[..., Any]) -> Callable[..., Any]:
    def combined(x1: Any, x2: Any, /) -> Any:
        return fn(truth(x1), truth(x2))

    made: Any = combined
    made.same_dtype = fn
    made.applies = lambda dtype, positions: dtype == "bool" and not positions
    return made


logical_and = _logical(paddle.logical_and)
logical_or = _logical(paddle.logical_or)
logical_xor = _logical(paddle.logical_xor)


def logical_not(x: Any, /) -> Any:
    return paddle.logical_not(truth(x))


bitwise_and = promoting(paddle.bitwise_and, table=UNSIGNED)
bitwise_or = promoting(paddle.bitwise_or, table=UNSIGNED)
bitwise_xor = promoting(paddle.bitwise_xor, table=UNSIGNED)
bitwise_invert = unary(paddle.bitwise_not, table=UNSIGNED)

_BITS = {
    **dict.fromkeys((paddle.int8, paddle.uint8), 8),
    **dict.fromkeys((paddle.int16, paddle.uint16), 16),
    **dict.fromkeys((paddle.int32, paddle.uint32), 32),
    **dict.fromkeys((paddle.int64, paddle.uint64), 64),
}


def bit_width(dtype: Any) -> int:
    """Return how many bits an integer type has."""
    return _BITS[dtype]


def _shifted(fn: Callable[..., Any], x1: Any, x2: Any, fill: Callable[..., Any]) -> Any:
    """Shift in the stand-in; by the width and more nothing is left but `fill`, where processors would shift by less."""
    a, b = align(x1, x2)
    bits = bit_width(a.dtype)
    a_wide, b_wide = widened(a), widened(b)
    small = (b_wide >= 0) & (b_wide < bits)
    safe = paddle.where(small, b_wide, paddle.zeros_like(b_wide))
    return restored(paddle.where(small, fn(a_wide, safe), fill(a_wide + paddle.zeros_like(safe))), a.dtype)


def bitwise_left_shift(x1: Any, x2: Any, /) -> Any:
    return _shifted(paddle.bitwise_left_shift, x1, x2, paddle.zeros_like)


def bitwise_right_shift(x1: Any, x2: Any, /) -> Any:
    unsigned = getattr(align(x1, x2)[0], "dtype", None) == paddle.uint64
    return _shifted(
        lambda a, b: paddle.bitwise_right_shift(a, b, is_arithmetic=not unsigned),
        x1,
        x2,
        paddle.zeros_like if unsigned else lambda a: paddle.where(a < 0, -paddle.ones_like(a), paddle.zeros_like(a)),
    )


assert set(_BITS) == WHOLE - {paddle.bool}
