"""Frameworks' own APIs on Ivy: ``ivy.frontends.torch.nn.functional.one_hot(x, 3)`` runs on any backend's arrays.

``ivy.frontends.<framework>`` is a module whose attributes are the functions of that framework's frontend, and it can be
imported: ``import ivy.frontends.torch as torch``. A finder for names below ``ivy.frontends`` makes these modules; they
exist for plugins that are installed only, and no framework is imported.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from ivy.frontends.converters import converter, using_converters

__all__ = ["converter", "frontend_of", "using_converters"]


def frontend_of(framework: str) -> Any:
    """Return the `Frontend` table of a framework.

    Args:
        framework: such as ``"torch"``.

    Raises:
        UnknownFrameworkError: if no plugin by that name is installed.
        PluginError: if the plugin has no frontend.
    """
    from ivy.plugins import get_plugin

    return get_plugin(framework).part("frontend").frontend


class FrontendModule(ModuleType):
    """A namespace of a framework's frontend."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__ivy_path__ = name.removeprefix(f"{__name__}.")
        self.__doc__ = f"`{self.__ivy_path__}` on ivy.functional."

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        root, _, _ = self.__ivy_path__.partition(".")
        frontend, path = frontend_of(root), f"{self.__ivy_path__}.{name}"
        frontend.load()
        if path in frontend.constants:
            return frontend.constants[path]
        if frontend.supports(path):
            found: Any = frontend.public(path)
        elif path in frontend.namespaces():
            found = importlib.import_module(f"{__name__}.{path}")
        else:
            raise AttributeError(f"the {root} frontend has no {path}")
        setattr(self, name, found)
        return found

    def __dir__(self) -> list[str]:
        root = self.__ivy_path__.partition(".")[0]
        prefix = self.__ivy_path__ + "."
        frontend = frontend_of(root)
        frontend.load()
        known = (*frontend.entries, *frontend.constants)
        return sorted({p[len(prefix) :].partition(".")[0] for p in known if p.startswith(prefix)})


class _Finder:
    """Finds ``ivy.frontends.<framework>[.<namespace>]``; asked after Python's own finders."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if not fullname.startswith(f"{__name__}."):
            return None
        inner = fullname.removeprefix(f"{__name__}.")
        root = inner.partition(".")[0]
        from ivy.errors import UnknownFrameworkError

        try:
            frontend = frontend_of(root)
        except UnknownFrameworkError:
            return None
        if inner != root and inner not in frontend.namespaces():
            return None
        return ModuleSpec(fullname, cls, is_package=True)  # type: ignore[arg-type]

    @classmethod
    def create_module(cls, spec: ModuleSpec) -> ModuleType:
        return FrontendModule(spec.name)

    @classmethod
    def exec_module(cls, module: ModuleType) -> None:
        pass


if not any(getattr(f, "__module__", None) == __name__ for f in sys.meta_path):
    sys.meta_path.append(_Finder)


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        raise AttributeError(f"there is no frontend {name!r}: its plugin is not installed") from None
