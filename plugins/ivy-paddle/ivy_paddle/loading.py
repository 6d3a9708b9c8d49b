"""Imports PaddlePaddle. Every part of the plugin takes `paddle` from here.

TensorFlow puts its symbols into the process's global scope, its own protobuf among them. A libpaddle.so that is loaded
later binds to those instead of its own, whose layout differs, and the process dies with a segmentation fault.
RTLD_DEEPBIND makes it prefer its own. Loading TensorFlow after PaddlePaddle needs no care.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

__all__ = ["paddle"]


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
