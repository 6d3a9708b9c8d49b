"""Imports PaddlePaddle. Every part of the plugin takes `paddle` from here.

TensorFlow puts its symbols into the process's global scope, its own protobuf among them. A libpaddle.so that is loaded
later binds to those instead of its own, whose layout differs, and the process dies with a segmentation fault.
RTLD_DEEPBIND makes it prefer its own. Loading TensorFlow after PaddlePaddle needs no care.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import ivy
import ivy_paddle

__all__ = ["paddle", "static_mode"]


def _load() -> Any:
    deep = getattr(os, "RTLD_DEEPBIND", 0)
    if "paddle" in sys.modules or "tensorflow" not in sys.modules or not deep:
        return importlib.import_module("paddle")
    flags = sys.getdlopenflags()
    sys.setdlopenflags(flags | deep)
    try:
        return importlib.import_module("paddle")
    finally:
        sys.setdlopenflags(flags)


paddle: Any = _load()


@contextmanager
def static_mode(program: Any, startup: Any) -> Iterator[None]:
    """Build a program within the block, in any thread: ``enable_static`` is without effect in all but the first one."""
    with paddle.base.framework._dygraph_guard(None), paddle.static.program_guard(program, startup):
        yield


def _run_as_it_is(package: ModuleType) -> None:
    """Keep `paddle.jit.to_static` from rewriting a package's functions that it meets.

    Paddle would look at every function that it can reach from the module itself, so it is given the path alone.
    """
    path = ModuleType(package.__name__)
    path.__file__ = package.__file__
    paddle.jit.ignore_module([path])


_run_as_it_is(ivy)
_run_as_it_is(ivy_paddle)
