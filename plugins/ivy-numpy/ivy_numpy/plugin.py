"""What this plugin provides, as static facts.  Imports no framework: Ivy reads this to list plugins."""

from __future__ import annotations

from ivy.hookspecs import API_VERSION, PluginInfo, hookimpl
from ivy.plugins import module_roots

_INFO = PluginInfo(
    name="numpy",
    api_version=API_VERSION,
    framework="numpy",
    requires=">=2.0",
    # NumPy's scalars (np.float32(1)) are what indexing its arrays returns, so they count as its arrays.
    array_types=("numpy.ndarray", "numpy.memmap", "numpy.generic"),
    exact_types=("numpy.ndarray",),
    parts={
        "backend": "ivy_numpy.backend",
        "frontend": "ivy_numpy.frontend",
        "capture": "ivy_numpy.capture",
    },
    # Code of every framework uses np.pi or np.prod here and there; that does not make it NumPy code.
    auxiliary=True,
)


@hookimpl
def ivy_plugin_info() -> PluginInfo:
    return _INFO


@hookimpl
def ivy_object_owner(obj: object) -> str | None:
    return "numpy" if "numpy" in module_roots(obj) else None
