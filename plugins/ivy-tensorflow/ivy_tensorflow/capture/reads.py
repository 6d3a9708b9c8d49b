"""Values that Python asks symbolic tensors for, in code that is written to run eagerly.

TensorFlow runs such code eagerly only, where nothing tells what it does; so it is traced as well, without autograph,
and symbolic tensors answer: with what the target computed, to which a guard holds the graph. The methods that do so are
there from the first such capture on, and are as before to whatever is not captured in this way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
import tensorflow as tf

from ivy.transpiler.reads import Reader, answering_method, reading_methods
from ivy_tensorflow.capture import private

__all__ = ["answering", "reader"]


def reader(answers: Sequence[Any]) -> Reader:
    """Return what answers for the symbolic tensors of one trace."""

    def static(tensor: Any) -> Any:
        known = tf.get_static_value(tensor)
        return None if known is None else np.asarray(known)

    return Reader(answers, static, private.is_library)


@contextmanager
def answering(reader: Reader) -> Iterator[None]:
    """Let it answer during the block."""
    _install()
    token = _active.set(reader)
    try:
        yield
    finally:
        _active.reset(token)


_active: ContextVar[Reader | None] = ContextVar("ivy_tensorflow_reader", default=None)
_lock = threading.Lock()
_installed: list[bool] = []


def _kind(tensor: Any) -> type:
    dtype = tensor.dtype
    return bool if dtype.is_bool else int if dtype.is_integer else complex if dtype.is_complex else float


def _array(reader: Reader, x: Any) -> Any:
    kind = list if x.shape.rank != 0 else _kind(x)
    found = np.asarray(reader.read(x, kind), x.dtype.as_numpy_dtype)
    return found.reshape(x.shape) if x.shape.is_fully_defined() else found


def _index(reader: Reader, x: Any) -> int:
    if x.shape.rank != 0 or not x.dtype.is_integer:
        raise TypeError("only integer scalar tensors can be converted to a scalar index")
    return int(reader.read(x, int))


_METHODS: dict[str, Callable[..., Any]] = {
    **reading_methods(_array, _index),
    "__str__": lambda reader, x: str(_array(reader, x)),
}


def _install() -> None:
    with _lock:
        if _installed:
            return
        _installed.append(True)
        cls = tf.__internal__.SymbolicTensor
        for name, answer in _METHODS.items():
            setattr(cls, name, answering_method(_active, name, answer, getattr(cls, name, None), "TensorFlow"))
        cls.numpy = _Numpy()


class _Numpy:
    """The method ``numpy`` of symbolic tensors: there for code that is captured, not for anyone else."""

    def __get__(self, x: Any, cls: Any) -> Any:
        reader = _active.get()
        if reader is None or x is None:
            raise AttributeError("'SymbolicTensor' object has no attribute 'numpy'")
        return lambda: _array(reader, x)[()]
