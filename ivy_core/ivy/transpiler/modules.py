"""Trainable modules: which system they belong to, and the way through the hub form to another."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from ivy.errors import ConversionError, UnknownFrameworkError
from ivy.plugins import get_plugin, plugins
from ivy.transpiler.faults import contained

__all__ = ["framework_of", "system_of", "to_spec", "transpile_module"]

_PACKAGES = {"linen": "flax", "nnx": "flax", "tf.Module": "tensorflow"}


def _converters() -> dict[str, str]:
    """Return module system -> framework for every installed converter."""
    return {
        system: status.name
        for status in plugins()
        if status.error is None and not status.blocked
        for system in get_plugin(status.name).info.converters
    }


def framework_of(goal: str) -> str:
    """Return the framework of a target name: ``"flax"`` is ``"jax"``; anything else stays."""
    return _converters().get(goal, goal)


def system_of(obj: Any) -> str | None:
    """Return the module system that owns a trainable module (instance or class), None for anything else."""
    if getattr(obj if isinstance(obj, type) else type(obj), "__ivy_module__", False):
        return "ivy"
    for system, framework in _converters().items():
        if _PACKAGES.get(system, system) in sys.modules and get_plugin(framework).converter(system).owns(obj):
            return system
    return None


def target_system(goal: str) -> str | None:
    """Return the module system to build for a target: a framework's first one, None where it has none (NumPy)."""
    systems = _converters()
    if goal in systems:
        return goal
    return next((system for system, framework in systems.items() if framework == goal), None)


def _converter(system: str) -> ModuleType:
    framework = _converters().get(system)
    if framework is None:
        raise UnknownFrameworkError(system, tuple(_converters()), what=f"no module system {system!r} is installed")
    return get_plugin(framework).converter(system)


def to_spec(obj: Any, system: str | None = None, params_v: Any = None) -> Any:
    """Bring a native module into the hub form.

    Args:
        obj: a module of any system, or an `ivy.Module`.
        system: its system, found out by default.
        params_v: the variables of a functional module (haiku, linen).

    Returns:
        Its `ModuleSpec`.

    Raises:
        ConversionError: if it is no module.
    """
    system = system or system_of(obj)
    if system is None:
        raise ConversionError(
            f"a {type(obj).__name__} is no trainable module of an installed framework",
            hint="pass a torch.nn.Module, a flax, haiku or equinox module; ivy.transpile takes functions",
        )
    if system == "ivy":
        return obj.spec
    return _converter(system).to_hub(obj, params_v=params_v)


def layers_of(system: str) -> Any:
    """Return the function that gives a module system's own layer of a meaning, None if it has none."""
    return getattr(_converter(system), "build_layer", None)


def materialize(obj: Any, system: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Let a module make the parameters that its system makes when it first meets an input."""
    make = getattr(_converter(system), "materialize", None) if system != "ivy" else None
    if make is not None:
        make(obj, args, kwargs)


def transpile_module(
    obj: Any,
    system: str,
    goal: str,
    *,
    debug_mode: bool = False,
    args: tuple[Any, ...] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    params_v: Any = None,
    share_memory: bool = False,
    layout: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> Any:
    """Convert a module or a class of modules; see `ivy.transpile`.

    Args:
        obj: the module.
        system: its system.
        goal: target framework or module system.
        debug_mode: keep the graphs of every stage.
        args: arguments to capture for at once.
        kwargs: keyword arguments, likewise.
        params_v: variables of a functional module.
        share_memory: share the parameters' memory.
        layout: where the caller has the channels of images.
        options: options of the target's converter.

    Returns:
        A native module of the target, or a class of them.
    """
    from ivy.transpiler.names import callable_name

    with contained(f"{callable_name(obj)} cannot be converted to {goal}", kind=ConversionError):
        return _transpile_module(
            obj,
            system,
            goal,
            debug_mode=debug_mode,
            args=args,
            kwargs=kwargs,
            params_v=params_v,
            share_memory=share_memory,
            layout=layout,
            options=options,
        )


def _transpile_module(
    obj: Any,
    system: str,
    goal: str,
    *,
    debug_mode: bool,
    args: tuple[Any, ...] | None,
    kwargs: Mapping[str, Any] | None,
    params_v: Any,
    share_memory: bool,
    layout: str | None,
    options: Mapping[str, Any] | None,
) -> Any:
    from ivy.stateful.conversion import Conversion
    from ivy.stateful.module import Module

    target = target_system(goal)

    def convert(module: Any) -> Conversion:
        storage = {} if target is None else _converter(target).STORAGE
        where = goal if target is None else framework_of(target)
        return Conversion(
            to_spec(module, system, params_v),
            where,
            storage,
            share_memory=share_memory,
            debug_mode=debug_mode,
            layout=layout,
            system=target,
        )

    if isinstance(obj, type):
        if target is None:
            raise ConversionError(
                f"{goal} has no module classes", hint="pass an instance, or choose a framework with modules"
            )
        made = _converter(target).class_from_hub(obj, convert, **(options or {}))
        made.__module__, made.__doc__ = obj.__module__, obj.__doc__
        return made
    if args is not None or kwargs is not None:
        materialize(obj, system, tuple(args or ()), dict(kwargs or {}))
    conversion = convert(obj)
    if args is not None or kwargs is not None:
        train = (options or {}).get("train")
        conversion.prepare(tuple(args or ()), dict(kwargs or {}), conversion.spec.train if train is None else train)
    if target is None:
        return Module(conversion)
    return _converter(target).from_hub(conversion, **(options or {}))
