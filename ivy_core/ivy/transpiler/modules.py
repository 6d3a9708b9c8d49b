"""Trainable modules: which system they belong to, and the way through the hub form to another."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from ivy.plugins import get_plugin, plugins

__all__ = ["framework_of", "system_of", "transpile_module"]


def _converters() -> Iterator[tuple[str, str]]:
    """Yield (system, framework) for every installed converter."""
    for status in plugins():
        if status.error is None and not status.blocked:
            for name in get_plugin(status.name).info.converters:
                yield name, status.name


def framework_of(goal: str) -> str:
    """Return the framework of a target name: ``"flax"`` is ``"jax"``; anything else stays."""
    return dict(_converters()).get(goal, goal)


def system_of(obj: Any) -> str | None:
    """Return the module system that owns a trainable module (instance or class), None for anything else."""
    for name, framework in _converters():
        package = {"torch": "torch", "flax": "flax", "linen": "flax"}.get(name, name)
        if package in sys.modules:
            converter = get_plugin(framework).converter(name)
            if converter.owns(obj):
                return name
    return None


def transpile_module(obj: Any, system: str, goal: str, **how: Any) -> Any:
    """Convert a module; see `ivy.transpile`."""
    raise NotImplementedError


def _unused(_: Mapping[str, Any]) -> None: ...
