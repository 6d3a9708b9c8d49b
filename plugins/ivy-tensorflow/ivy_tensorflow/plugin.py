"""What this plugin provides, as static facts.  Imports no framework: Ivy reads this to list plugins."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ivy.hookspecs import API_VERSION, PluginInfo, hookimpl
from ivy.plugins import module_roots

if TYPE_CHECKING:
    from ivy.graph.graph import Graph

_INFO = PluginInfo(
    name="tensorflow",
    api_version=API_VERSION,
    framework="tensorflow",
    alternatives=("tensorflow-cpu", "tensorflow-intel", "tf-nightly"),
    requires=">=2.16",
    array_types=("tensorflow.python.types.core.Tensor",),  # the base of tensors, variables and Keras variables
    parts={
        "backend": "ivy_tensorflow.backend",
        "frontend": "ivy_tensorflow.frontend",
        "capture": "ivy_tensorflow.capture",
    },
    converters={"keras": "ivy_tensorflow.converters.keras", "tf.Module": "ivy_tensorflow.converters.module"},
    needs={"keras": "keras"},
)

_ROOTS = frozenset({"tensorflow", "keras"})


@hookimpl
def ivy_plugin_info() -> PluginInfo:
    return _INFO


@hookimpl
def ivy_graph_passes(dialect: str, stage: str) -> list[Callable[[Graph], Graph]] | None:
    if (dialect, stage) != ("tensorflow", "lowered"):
        return None
    from ivy_tensorflow.backend.pipeline import absorb_transposes

    return [absorb_transposes]


@hookimpl
def ivy_object_owner(obj: object) -> str | None:
    return None if _ROOTS.isdisjoint(module_roots(obj)) else "tensorflow"
