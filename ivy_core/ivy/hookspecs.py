"""The whole contract between Ivy and its plugins.

A plugin is a distribution with an entry point in the group ``ivy.plugins``::

    [project.entry-points."ivy.plugins"]
    torch = "ivy_torch.plugin"

The entry point's name is the framework's name.  Its value is a module of static facts and hook implementations, which
must import no framework: Ivy imports it to list plugins.  Everything heavy lies in *parts*, named by dotted path in
`PluginInfo` and imported when first needed.

Two kinds of things meet here, and they are kept apart on purpose.  What there is one of (the backend of torch, the
converter of haiku) is looked up by name from `PluginInfo`.  Where several plugins truly take part (passes over a graph,
converters for a third-party library's operators, who owns an object) there is a hook.  No hook is called per operation:
a hook call costs thirty times a plain one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from ivy.graph.graph import Graph

PROJECT = "ivy"
"""Name under which the markers and the plugin manager find each other."""

API_VERSION = 1
"""Version of this contract.  Raised by one whenever a plugin written for the old one could break."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

PARTS = ("backend", "frontend", "capture")
"""Names a plugin may use in `PluginInfo.parts`."""


def _no_mapping() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """Static facts about a plugin.  Creating one must import nothing.

    Attributes:
        name: The name of the framework; the same as the entry point's.
        api_version: The contract that the plugin was written for.  Write `API_VERSION` if the plugin is released
            together with Ivy, else the number itself, so that an incompatible Ivy says so instead of failing later.
        framework: The distribution that provides the framework, as on the package index: ``"torch"``.  ``None`` for a
            plugin that belongs to no framework, for example one that only adds graph passes.
        requires: The framework's versions that the plugin works with, as a version specifier: ``">=2.6"``.
        array_types: Classes whose instances are the framework's arrays, as ``module.qualname`` strings; subclasses
            count too.  Strings, so that nothing needs to be imported to compare.
        exact_types: Those of them whose subclasses compute in ways of their own, as a matrix or a masked array does,
            and are refused, unless they stand in `array_types` themselves.
        parts: Part name (``"backend"``, ``"frontend"``, ``"capture"``) to dotted module path.
        converters: Module-system name (``"torch"``, ``"flax"``, ``"haiku"``, ...) to dotted module path.
        needs: Module-system name to the distribution that it is in, where that is not the framework's own:
            ``{"haiku": "dm-haiku"}``. Of a converter whose distribution is missing Ivy says so without importing it.
        alternatives: Other distributions that provide the same framework: ``("tensorflow-cpu",)``.
        auxiliary: True for a framework that code of the other frameworks uses as a helper, as NumPy is.  A function
            that uses an auxiliary framework and another one belongs to the other one.

    Example:
        >>> PluginInfo(name="torch", api_version=1, framework="torch", array_types=("torch.Tensor",)).name
        'torch'
    """

    name: str
    api_version: int
    framework: str | None = None
    requires: str = ""
    array_types: tuple[str, ...] = ()
    exact_types: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=_no_mapping)
    converters: Mapping[str, str] = field(default_factory=_no_mapping)
    auxiliary: bool = False
    alternatives: tuple[str, ...] = ()
    needs: Mapping[str, str] = field(default_factory=_no_mapping)


@hookspec
def ivy_plugin_info() -> PluginInfo:  # type: ignore[empty-body]
    """Say what the plugin provides.

    Required.  Called once, when the plugin is loaded, before it is registered and on that plugin alone; the result is
    kept.  Must import no framework.  Returning None is an error.

    Returns:
        The plugin's facts.
    """


@hookspec(firstresult=True)
def ivy_array_owner(cls: type) -> str | None:
    """Say which framework owns the arrays of a class that `PluginInfo.array_types` can't name.

    Called at most once for each class (the answer is kept), and only when no plugin names the class or one of its
    bases.  Must not import the framework: an array of a framework that is not imported can't exist.

    Args:
        cls: The class of a value met as an argument.

    Returns:
        A framework's name, or None: not mine, ask the next plugin.  When all say None, the value is no array.
    """


@hookspec(firstresult=True)
def ivy_object_owner(obj: object) -> str | None:
    """Say which framework a callable, a class, a module instance or a Python module belongs to.

    Called when ``source=`` is left out, for the object itself and then, if no plugin knows it, for what it refers to.
    Look at names only (`ivy.plugins.module_roots` gathers them); do not import the framework, call the object or
    read its properties.

    Args:
        obj: The object to be transpiled, or something it refers to.

    Returns:
        A framework's name, or None: not mine, ask the next plugin.
    """


@hookspec
def ivy_graph_passes(dialect: str, stage: str) -> list[Callable[[Graph], Graph]] | None:
    """Add passes to the pipeline.

    Called once per plugin for each capture or lowering; all plugins' passes run, after Ivy's own.

    Args:
        dialect: Whose functions the graph calls: ``"torch"``, ``"jax"``, ``"numpy"``, ``"ivy"``, ...
        stage: ``"captured"`` (source dialect), ``"ivy"`` (the middle) or ``"lowered"`` (target dialect).

    Returns:
        Functions that take a graph and return one (the same or a new one), in the order to run them.  None: no passes.
    """


@hookspec
def ivy_converters(framework: str) -> dict[str, Callable[..., Any]] | None:
    """Add frontend functions for operators that a third-party library defines on top of a framework.

    Called once for each source framework, the first time that code of it is lowered.  Two plugins that give the same
    name are an error.

    Args:
        framework: The source framework: ``"torch"``, ``"jax"``, ...

    Returns:
        Dotted name of the operator (``"torchvision.ops.nms"``) to a function with the same signature, written on
        `ivy.functional`.  None: nothing for this framework.
    """
