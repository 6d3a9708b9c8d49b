"""Ivy: code and models of one framework, native in another.

Importing this package must stay cheap (under 100 ms) and must import no framework, NumPy included.  Names that need
more than the standard library are therefore resolved on first use, by ``__getattr__`` below.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ivy import errors
from ivy._version import __version__

# The function ``plugins`` takes the name of its module in this namespace on purpose: ``ivy.plugins()`` is what a user
# types, and ``from ivy.plugins import get_plugin`` still finds the module, which stays in ``sys.modules``.
from ivy.plugins import plugins, refresh_plugins

if TYPE_CHECKING:
    from ivy.hookspecs import PluginInfo, hookimpl

__all__ = ["PluginInfo", "__version__", "errors", "hookimpl", "plugins", "refresh_plugins"]

# Public name -> module that defines it, imported when the name is first asked for.
_LAZY: dict[str, str] = {
    "PluginInfo": "ivy.hookspecs",
    "hookimpl": "ivy.hookspecs",
}


def __getattr__(name: str) -> Any:
    module = _LAZY.get(name)
    if module is None:
        raise AttributeError(f"module 'ivy' has no attribute {name!r}")
    value = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
