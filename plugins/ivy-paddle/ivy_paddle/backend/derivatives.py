"""Derivatives of derivatives, which most of Paddle's functions lack.

While a derivative is taken within another, or along a direction, such a function carries its own derivative, written in
functions that do have one. In any other case Paddle's function is called as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ivy_paddle.loading import paddle

__all__ = ["broadcast", "decomposed", "differentiating", "is_repeated", "is_within", "with_slopes"]

_depth: ContextVar[int] = ContextVar("ivy_paddle_depth", default=0)
"""How many derivatives are being taken around this one: of other variables, it may be."""


@contextmanager
def differentiating(orders: int = 1) -> Iterator[None]:
    """Record a function for so many derivatives."""
    token = _depth.set(_depth.get() + orders)
    try:
        with paddle.enable_grad():
            yield
    finally:
        _depth.reset(token)


def is_within() -> bool:
    """Tell whether a derivative is being taken around this call."""
    return _depth.get() > 0


def is_repeated() -> bool:
    """Tell whether a derivative of a derivative is being taken."""
    return _depth.get() > 1 and bool(paddle.in_dynamic_mode())


@contextmanager
def decomposed() -> Iterator[None]:
    """Let Paddle compute derivatives by simple operators, where it knows how: these have derivatives in turn."""
    core = paddle.base.core
    before = core._is_eager_prim_enabled()
    core.set_prim_eager_enabled(True)
    try:
        yield
    finally:
        core.set_prim_eager_enabled(before)


class _Sloped(paddle.autograd.PyLayer):
    @staticmethod
    def forward(ctx: Any, fn: Callable[..., Any], slopes: Callable[..., Any], *operands: Any) -> Any:
        ctx.slopes, ctx.operands = slopes, operands
        return fn(*operands)

    @staticmethod
    def backward(ctx: Any, cotangent: Any) -> Any:
        found = ctx.slopes(*ctx.operands)
        pairs = zip(found if isinstance(found, tuple) else (found,), ctx.operands, strict=True)
        gradients = tuple(None if x.stop_gradient or d is None else (cotangent * d).astype(x.dtype) for d, x in pairs)
        return gradients if len(gradients) > 1 else gradients[0]


def broadcast(operands: Sequence[Any]) -> list[Any]:
    """Give arrays one shape."""
    # each for itself: the derivative of paddle.broadcast_tensors crashes without a cotangent for each
    shape: list[int] = []
    for x in operands:
        shape = paddle.broadcast_shape(shape, x.shape)
    return [x if list(x.shape) == shape else paddle.broadcast_to(x, shape) for x in operands]


def with_slopes(fn: Callable[..., Any], slopes: Callable[..., Any] | None) -> Callable[..., Any]:
    """Give a function of one or several arrays its derivatives.

    Args:
        fn: Paddle's function, of floats or complex numbers.
        slopes: takes the operands, of one shape, and returns the derivative by each, None for one that there is not;
            no function: Paddle's derivative has a derivative.
    """
    if slopes is None:
        return fn
    derivatives = slopes

    def computed(*operands: Any) -> Any:
        if not is_repeated() or all(x.stop_gradient for x in operands):
            return fn(*operands)
        return _Sloped.apply(fn, derivatives, *broadcast(operands))

    return computed
