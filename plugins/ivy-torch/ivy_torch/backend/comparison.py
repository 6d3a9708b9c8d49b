"""Comparisons, predicates, logic and bits in torch."""

from __future__ import annotations

from typing import Any

import torch

from ivy_torch.backend.support import WIDE, align, integral, native_dtype, promoting, widened

equal = promoting(torch.eq, scalars=(1,))
not_equal = promoting(torch.ne, scalars=(1,))
less = promoting(torch.lt, scalars=(1,), order=True)
less_equal = promoting(torch.le, scalars=(1,), order=True)
greater = promoting(torch.gt, scalars=(1,), order=True)
greater_equal = promoting(torch.ge, scalars=(1,), order=True)

isfinite = torch.isfinite
isinf = torch.isinf
isnan = torch.isnan


def _logical(fn: Any) -> Any:
    def combined(x1: Any, x2: Any, /) -> Any:
        if type(x1) is not torch.Tensor or type(x2) is not torch.Tensor or x1.dtype in WIDE or x2.dtype in WIDE:
            x1, x2 = (widened(x) for x in align(x1, x2))
        return fn(x1, x2)

    made: Any = combined
    made.same_dtype = fn
    made.applies = lambda dtype, positions: native_dtype(dtype) not in WIDE and not positions
    return made


logical_and = _logical(torch.logical_and)
logical_or = _logical(torch.logical_or)
logical_xor = _logical(torch.logical_xor)


def logical_not(x: Any, /) -> Any:
    return torch.logical_not(widened(x))


bitwise_and = promoting(torch.bitwise_and)
bitwise_or = promoting(torch.bitwise_or)
bitwise_xor = promoting(torch.bitwise_xor)
bitwise_invert = integral(torch.bitwise_not)
bitwise_left_shift = promoting(torch.bitwise_left_shift)


def bitwise_right_shift(x1: Any, x2: Any, /) -> Any:
    if getattr(x1, "dtype", None) is not torch.uint64:
        return _right_shift(x1, x2)
    a, b = (widened(x) for x in align(x1, x2))
    kept = ~(torch.where(b == 0, 0, torch.full_like(a, -1) << (64 - b)))  # clears the copies of the sign bit
    return ((a >> b) & kept).to(torch.uint64)


_right_shift = promoting(torch.bitwise_right_shift)
_shift: Any = bitwise_right_shift
_shift.same_dtype, _shift.applies = torch.bitwise_right_shift, _right_shift.applies  # type: ignore[attr-defined]
