"""Ivy: code and models of one framework, native in another.

Importing this package must stay cheap (under 100 ms) and must import no framework, NumPy included.  Names that need
more than the standard library are therefore resolved on first use, by ``__getattr__`` below.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ivy import errors
from ivy._version import __version__

# Imported here so that the module takes its name in this namespace now, and leaves it to the function ``ivy.array``.
from ivy.array import Array

# The function ``plugins`` takes the name of its module in this namespace on purpose: ``ivy.plugins()`` is what a user
# types, and ``from ivy.plugins import get_plugin`` still finds the module, which stays in ``sys.modules``.
from ivy.plugins import plugins, refresh_plugins

del array  # type: ignore[name-defined]  # noqa: F821

if TYPE_CHECKING:
    from ivy.hookspecs import PluginInfo, hookimpl

__all__ = ["Array", "PluginInfo", "__version__", "errors", "hookimpl", "plugins", "refresh_plugins"]

# Public name -> module that defines it, imported when the name is first asked for.
_LAZY: dict[str, str] = {
    "PluginInfo": "ivy.hookspecs",
    "hookimpl": "ivy.hookspecs",
    **dict.fromkeys(("current_backend", "set_backend", "unset_backend", "using_backend"), "ivy.backend"),
    **dict.fromkeys(
        (
            "DType", "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16",
            "bfloat16", "float32", "float64", "complex64", "complex128", "can_cast", "dtype_of", "isdtype",
            "promote_types", "result_type",
        ),
        "ivy.dtypes",
    ),
    **dict.fromkeys(("e", "inf", "nan", "pi"), "math"),
    **dict.fromkeys(
        ("__array_api_version__", "__array_namespace_info__", "finfo", "iinfo", "newaxis"), "ivy.inspection"
    ),
    **dict.fromkeys(("transpile", "unify", "trace_graph", "compile_graph"), "ivy.transpiler.api"),
    **dict.fromkeys(("converter", "using_converters"), "ivy.frontends"),
    **dict.fromkeys(("composites", "primitives"), "ivy.functional.registry"),
    "check": "ivy.transpiler.check",
    "compare": "ivy.transpiler.compare",
    **dict.fromkeys(("Module", "to_ivy_module", "sync_weights"), "ivy.stateful"),
    "parts": "ivy.stateful.report",
}  # fmt: skip
_MODULES = frozenset({"dtypes", "fft", "frontends", "functional", "linalg", "stateful"})


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"ivy.{name}")
    module = _LAZY.get(name)
    if module is None:
        if name.startswith("_"):
            raise AttributeError(f"module 'ivy' has no attribute {name!r}")
        # what is listed nowhere here is a function of the functional API, or nothing
        functional = importlib.import_module("ivy.functional")
        if name not in functional.__all__:
            raise AttributeError(f"module 'ivy' has no attribute {name!r}")
        value = getattr(functional, name)
    else:
        value = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_MODULES, *importlib.import_module("ivy.functional").__all__})
