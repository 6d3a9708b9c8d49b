"""Where the code is that runs: the module, the user's line."""

from __future__ import annotations

import functools
import os
from types import FrameType
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

import ivy
from ivy.errors import SourceLocation
from ivy.graph.graph import Graph
from ivy.graph.node import Loc
from ivy.transpiler.names import assigned_name, user_frame

__all__ = ["APPLY", "ENTRY", "Places", "is_internal"]

_TORCH = os.path.dirname(torch.__file__) + os.sep
_IVY = tuple(os.path.dirname(f) + os.sep for f in (ivy.__file__, os.path.dirname(__file__)))
ENTRY = os.path.join(os.path.dirname(__file__), "__init__.py")
"""The file whose frames are between the user's code and whoever asked for the capture."""
APPLY = torch.autograd.Function.apply.__func__.__code__


@functools.cache
def is_internal(filename: str) -> bool:
    """Tell whether a file is torch's or ours."""
    return filename.startswith((_TORCH, *_IVY))


class Places(TorchFunctionMode):
    """The first layer of the recorder.

    Args:
        graph: the graph that is recorded.
        scopes: names of modules by `id`.
    """

    def __init__(self, graph: Graph, scopes: dict[int, str]) -> None:
        super().__init__()
        self.graph = graph
        self.scopes = scopes
        self.stack: list[tuple[int, str]] = []

    @property
    def scope(self) -> str:
        """Path of the module that runs."""
        return self.stack[-1][1] if self.stack else ""

    def enter(self, module: torch.nn.Module, args: Any) -> None:
        """Note that a module's forward begins (a forward pre-hook)."""
        path = self.scopes.get(id(module))
        if path is not None:
            self.stack.append((id(module), path))

    def leave(self, module: torch.nn.Module, args: Any, output: Any) -> None:
        """Note that a module's forward ends (a forward hook)."""
        if self.stack and self.stack[-1][0] == id(module):
            self.stack.pop()

    def _loc(self, frame: FrameType | None) -> tuple[Loc | None, str]:
        frame = frame or user_frame(is_internal, 2, ENTRY)
        if frame is None:
            return None, ""
        code = frame.f_code
        return Loc(code.co_filename, frame.f_lineno, code.co_name), assigned_name(frame)

    def _note_surroundings(self) -> None:
        """Note what the call that runs now is in: autocast for a device that the capture is not on."""
        if torch.is_autocast_enabled("cuda"):
            why = "the capture runs on the CPU; convert the model's dtype instead"
            self.graph.note("ignored", 'torch.autocast("cuda")', why, self._loc(None)[0])

    def where(self) -> SourceLocation | None:
        """Return the user's line that runs now."""
        loc, _ = self._loc(None)
        return None if loc is None else SourceLocation(loc.file, loc.line, loc.function)
