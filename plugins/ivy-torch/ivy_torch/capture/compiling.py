"""``torch.compiler.is_compiling()`` while a capture's result is to run under jit: true, for the code that is captured.

Libraries ask it to take a way that looks at no values. Torch's own switch is a variable of its module, which all
threads read; so what is put there for the time of such a capture is an object that is true in the capture's own context
alone, and false, as before, to everybody else. (``torch.jit.is_tracing()`` has a state for each thread, but under that
torch gives sizes as tensors, and so it stays false.)
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import torch

__all__ = ["compiling"]

_NAME = "_is_compiling_flag"
_CALLS = torch.nn.Module._call_impl.__code__.co_filename
_lock = threading.Lock()
_captures: list[Any] = []


class Asked:
    """Whether the captured code asked if it is compiled."""

    def __init__(self) -> None:
        self.asked = False


_here: ContextVar[Asked | None] = ContextVar("ivy_torch_compiling", default=None)


class _Flag:
    """Torch's flag: true in a capture for jit, what torch had there elsewhere."""

    def __init__(self, before: Any) -> None:
        self.before = before

    def __bool__(self) -> bool:
        here = _here.get()
        if here is None or sys._getframe(1).f_code.co_filename == _CALLS:  # how a module runs its hooks
            return bool(self.before)
        here.asked = True
        return True

    def __eq__(self, other: object) -> bool:
        return bool(self) == other

    def __or__(self, other: Any) -> Any:
        return bool(self) | other

    def __and__(self, other: Any) -> Any:
        return bool(self) & other

    def __xor__(self, other: Any) -> Any:
        return bool(self) ^ other

    __ror__, __rand__, __rxor__ = __or__, __and__, __xor__

    def __int__(self) -> int:
        return int(bool(self))

    def __repr__(self) -> str:
        return repr(bool(self))

    def __hash__(self) -> int:
        return hash(bool(self))


@contextmanager
def compiling(traced: bool) -> Iterator[Asked]:
    """Let captured code see that it is compiled.

    Args:
        traced: whether it is, for a result that runs under jit.
    """
    asked = Asked()
    if not traced or not hasattr(torch.compiler, _NAME):
        yield asked
        return
    with _lock:
        if not _captures:
            setattr(torch.compiler, _NAME, _Flag(getattr(torch.compiler, _NAME)))
        _captures.append(asked)
    token = _here.set(asked)
    try:
        yield asked
    finally:
        _here.reset(token)
        with _lock:
            _captures.remove(asked)
            flag = getattr(torch.compiler, _NAME)
            if not _captures and isinstance(flag, _Flag):  # else torch itself compiles meanwhile, and puts it back
                setattr(torch.compiler, _NAME, flag.before)
