"""What this plugin provides, as static facts.  Imports no framework: Ivy reads this to list plugins."""

from __future__ import annotations

from ivy.hookspecs import API_VERSION, PluginInfo, hookimpl
from ivy.plugins import module_roots

_INFO = PluginInfo(
    name="torch",
    api_version=API_VERSION,
    framework="torch",
    requires=">=2.6",
    array_types=("torch.Tensor",),
    parts={
        "backend": "ivy_torch.backend",
        "frontend": "ivy_torch.frontend",
        "capture": "ivy_torch.capture",
    },
    converters={"torch": "ivy_torch.converter"},
)

_ROOTS = frozenset({"torch", "functorch"})


@hookimpl
def ivy_plugin_info() -> PluginInfo:
    return _INFO


@hookimpl
def ivy_object_owner(obj: object) -> str | None:
    return None if _ROOTS.isdisjoint(module_roots(obj)) else "torch"
