"""What this plugin provides; imports no framework."""

from ivy.hookspecs import PluginInfo, hookimpl
from ivy.plugins import module_roots

INFO = PluginInfo(
    name="mlx",
    api_version=1,
    framework="mlx",
    requires=">=0.30",
    array_types=("mlx.core.array",),
    parts={"backend": "ivy_mlx.backend"},
)


@hookimpl
def ivy_plugin_info():
    return INFO


@hookimpl
def ivy_object_owner(obj):
    return "mlx" if "mlx" in module_roots(obj) else None
