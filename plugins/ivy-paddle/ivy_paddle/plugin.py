"""What this plugin provides, as static facts.  Imports no framework: Ivy reads this to list plugins."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ivy.hookspecs import API_VERSION, PluginInfo, hookimpl
from ivy.plugins import module_roots

if TYPE_CHECKING:
    from ivy.graph.graph import Graph

_INFO = PluginInfo(
    name="paddle",
    api_version=API_VERSION,
    framework="paddlepaddle",
    alternatives=("paddlepaddle-gpu",),
    requires=">=3.0",
    array_types=("paddle.Tensor", "paddle.base.libpaddle.pir.Value"),
    parts={
        "backend": "ivy_paddle.backend",
        "frontend": "ivy_paddle.frontend",
        "capture": "ivy_paddle.capture",
    },
    converters={"paddle": "ivy_paddle.converter"},
)

_ROOTS = frozenset({"paddle"})


@hookimpl
def ivy_plugin_info() -> PluginInfo:
    return _INFO


@hookimpl
def ivy_graph_passes(dialect: str, stage: str) -> list[Callable[[Graph], Graph]] | None:
    if (dialect, stage) != ("paddle", "lowered"):
        return None
    from ivy_paddle.backend.pipeline import name_operands_of_constants

    return [name_operands_of_constants]


@hookimpl
def ivy_object_owner(obj: object) -> str | None:
    return None if _ROOTS.isdisjoint(module_roots(obj)) else "paddle"
