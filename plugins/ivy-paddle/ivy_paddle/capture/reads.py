"""Values that Python asks symbolic tensors for, in code that is written to run eagerly.

Such code is captured as it is, without Paddle's conversion of ``if`` and loops, and symbolic tensors answer: with what
the target computed, to which a guard holds the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from ivy.dtypes import as_dtype
from ivy.transpiler.reads import Reader, answering_method, reading_methods
from ivy_paddle.loading import paddle

__all__ = ["answering"]

_active: ContextVar[Reader | None] = ContextVar("ivy_paddle_reader", default=None)


def _kind(x: Any) -> type:
    dtype = as_dtype(str(x.dtype))
    return bool if dtype == "bool" else complex if dtype.is_complex else float if dtype.is_inexact else int


def _array(reader: Reader, x: Any) -> Any:
    shape = tuple(int(d) for d in x.shape)
    found = reader.read(x, list if shape else _kind(x))
    dtype = str(as_dtype(str(x.dtype)))
    made = np.asarray(found, "float32" if dtype == "bfloat16" else dtype)
    return made if any(d < 0 for d in shape) else made.reshape(shape)


def _index(reader: Reader, x: Any) -> int:
    if len(x.shape) or _kind(x) is not int:
        raise TypeError("only integer tensors of one element can be converted to an index")
    return int(reader.read(x, int))


_METHODS: dict[str, Callable[..., Any]] = {
    **reading_methods(_array, _index),
    "numpy": _array,
    "tolist": lambda reader, x: _array(reader, x).tolist(),
    "item": lambda reader, x, *args: _array(reader, x).item(*args),
}


@contextmanager
def answering(reader: Reader) -> Iterator[None]:
    """Let symbolic tensors answer during the block; those of other threads are as before."""
    cls = paddle.pir.Value
    before = {name: vars(cls).get(name) for name in _METHODS}
    for name, answer in _METHODS.items():
        setattr(cls, name, answering_method(_active, name, answer, getattr(cls, name, None), "PaddlePaddle"))
    token = _active.set(reader)
    try:
        yield
    finally:
        _active.reset(token)
        for name, old in before.items():
            if old is None:
                delattr(cls, name)
            else:
                setattr(cls, name, old)
