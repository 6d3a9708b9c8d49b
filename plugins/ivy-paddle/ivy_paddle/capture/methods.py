"""In-place methods of tensors that symbolic values lack: given to them while a function is captured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ivy_paddle.capture import private
from ivy_paddle.loading import paddle

__all__ = ["missing_methods"]


def _as_like(x: Any, value: Any) -> Any:
    if not isinstance(value, (paddle.pir.Value, paddle.Tensor)):
        value = paddle.to_tensor(value, dtype=x.dtype)
    return paddle.expand(paddle.cast(value, x.dtype), x.shape)


def _random(name: str, first: float, second: float, *names: str) -> Callable[..., Any]:
    def draw(x: Any, a: float = first, b: float = second, **kwargs: Any) -> Any:
        a, b = (kwargs.get(n, default) for n, default in zip(names, (a, b), strict=True))
        return getattr(paddle, name)(shape=x.shape, **dict(zip(names, (a, b)))).astype(x.dtype)

    return draw


_NEW_VALUE: dict[str, Callable[..., Any]] = {
    "fill_": paddle.full_like,
    "zero_": paddle.zeros_like,
    "set_value": _as_like,
    "copy_": lambda x, value, blocking=True: _as_like(x, value),
    "fill_diagonal_": lambda x, value, offset=0, wrap=False, name=None: paddle._C_ops.fill_diagonal(
        x, value, offset, wrap
    ),
    "fill_diagonal_tensor_": lambda x, y, offset=0, dim1=0, dim2=1, name=None: paddle._C_ops.fill_diagonal_tensor(
        x, y, offset, dim1, dim2
    ),
    "uniform_": _random("uniform", -1.0, 1.0, "min", "max"),
    "normal_": _random("normal", 0.0, 1.0, "mean", "std"),
}
"""Method -> function that gives the tensor's new value."""


def _view(x: Any, shape_or_dtype: Any, name: str | None = None) -> Any:
    if isinstance(shape_or_dtype, (list, tuple)):
        return paddle._C_ops.reshape(x, list(shape_or_dtype))
    return paddle._C_ops.view_dtype(x, paddle.base.framework.convert_np_dtype_to_dtype_(shape_or_dtype))


_VIEWS: dict[str, Callable[..., Any]] = {
    "view": _view,
    "view_as": lambda x, other, name=None: paddle._C_ops.reshape(x, other.shape),
    "as_strided": lambda x, shape, stride, offset=0, name=None: paddle._C_ops.as_strided(x, shape, stride, offset),
}
"""Methods that paddle has in dynamic mode only, by what they compute."""


@contextmanager
def missing_methods(writes: list[tuple[int, Any, str]]) -> Iterator[None]:
    """Let symbolic values have these methods during the block.

    Args:
        writes: where they note the write (see `private.Writes`).
    """
    cls = paddle.pir.Value
    before = {name: vars(cls).get(name) for name in (*_NEW_VALUE, *_VIEWS)}

    def method(name: str, new: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            value = new(self, *args, **kwargs)
            # an operator of its own marks where the write happens
            writes.append((private.last_op(), self, "mark"))
            return paddle.assign(value)

        return call

    for name, new in _NEW_VALUE.items():
        setattr(cls, name, method(name, new))
    for name, view in _VIEWS.items():
        setattr(cls, name, view)
    try:
        yield
    finally:
        for name, old in before.items():
            if old is None:
                delattr(cls, name)
            else:
                setattr(cls, name, old)
