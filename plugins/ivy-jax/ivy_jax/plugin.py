"""What this plugin provides, as static facts.  Imports no framework: Ivy reads this to list plugins."""

from __future__ import annotations

from ivy.hookspecs import API_VERSION, PluginInfo, hookimpl
from ivy.plugins import module_roots

_INFO = PluginInfo(
    name="jax",
    api_version=API_VERSION,
    framework="jax",
    requires=">=0.6",
    array_types=(
        "jaxlib._jax.ArrayImpl",
        "jaxlib.xla_extension.ArrayImpl",  # its name before jaxlib 0.6.1
        "jax._src.core.Tracer",
        "jax._src.random.prng.PRNGKeyArray",
        "jax._src.prng.PRNGKeyArray",  # where it was before jax 0.8
    ),
    parts={
        "backend": "ivy_jax.backend",
        "frontend": "ivy_jax.frontend",
        "capture": "ivy_jax.capture",
    },
    converters={
        "flax": "ivy_jax.converters.nnx",
        "linen": "ivy_jax.converters.linen",
        "haiku": "ivy_jax.converters.haiku",
        "equinox": "ivy_jax.converters.equinox",
    },
    needs={"flax": "flax", "linen": "flax", "haiku": "dm-haiku", "equinox": "equinox"},
)

_ROOTS = frozenset({"jax", "jaxlib", "flax", "haiku", "equinox"})


@hookimpl
def ivy_plugin_info() -> PluginInfo:
    return _INFO


@hookimpl
def ivy_object_owner(obj: object) -> str | None:
    return None if _ROOTS.isdisjoint(module_roots(obj)) else "jax"
