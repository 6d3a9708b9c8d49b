"""Activation functions in Paddle."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ivy.backend import body_of
from ivy.functional import activations as core
from ivy_paddle.backend.derivatives import with_slopes
from ivy_paddle.backend.support import COMPLEX, UNSIGNED, WHOLE, floating, restored, unary, widened
from ivy_paddle.loading import paddle

F = paddle.nn.functional
_sigmoid_body = body_of(core.sigmoid, "paddle")
_relu_body = body_of(core.relu, "paddle")
_softmax_body = body_of(core.softmax, "paddle")


def _real(fn: Callable[..., Any], body: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of one operand that leaves complex numbers to the declaration."""
    computed = floating(fn)

    def activated(x: Any, /) -> Any:
        return body(x) if x.dtype in COMPLEX else computed(x)

    made: Any = activated
    made.same_dtype = fn
    made.applies = lambda dtype, positions: dtype in ("float32", "float64") and not positions
    return made


_relu6_body = body_of(core.relu6, "paddle")


def relu6(x: Any, /) -> Any:
    return _relu6_body(x) if x.dtype in WHOLE else _relu6(x)


_relu6 = unary(F.relu6, slope=lambda x: ((x > 0) & (x < 6)).astype(x.dtype))
sigmoid = _real(F.sigmoid, _sigmoid_body)
softsign = floating(F.softsign, lambda x: 1 / (1 + paddle.abs(x)) ** 2)


def _wide(fn: Callable[..., Any], x: Any, **options: Any) -> Any:
    """Compute floats, half precision in float32 where it has to be, integers in float32."""
    wide = x.astype(paddle.float32) if x.dtype in WHOLE else widened(x)
    result = fn(wide, **options)
    return result if x.dtype in WHOLE else restored(result, x.dtype)


def relu(x: Any, /) -> Any:
    if x.dtype in UNSIGNED:
        return x
    # F.relu makes 0 of NaN; clip has the derivative 1 at 0
    return _relu(x) if x.dtype in (paddle.float32, paddle.float64) else _relu_body(x)


_relu = with_slopes(lambda x: F.hardtanh(x, 0.0, math.inf), lambda x: (x > 0).astype(x.dtype))


def gelu(x: Any, /, *, approximate: Any = False) -> Any:
    return _wide(F.gelu, x, approximate=bool(approximate))


def softmax(x: Any, /, *, axis: Any = -1) -> Any:
    # F.softmax gives exp(-64) for less, -inf too, and numbers for NaN
    return _softmax_body(x, axis=axis)


# F.log_softmax gives nothing below -64, F.log_sigmoid and F.mish lose small results: the declarations' bodies compute
# them
