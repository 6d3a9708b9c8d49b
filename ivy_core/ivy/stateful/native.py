"""What the converted models of all module systems share, whatever their native base class is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivy.errors import ArgumentError
from ivy.graph.kept import EMPTY, Kept
from ivy.stateful.conversion import Conversion
from ivy.stateful.spec import ModuleSpec, Tree

__all__ = [
    "ConvertedModel",
    "Slots",
    "constructor",
    "key_given",
    "mode_of_call",
    "source_parameters",
    "taken_rng",
    "takes_argument",
]


class ConvertedModel:
    """A mixin of converted models and their parts.

    They hold their `Conversion`, or as a part the `Handle` that gives it, as ``_ivy``. What calls leave beside
    parameters and buffers is ``_ivy_kept``.
    """

    _ivy: Any = None
    _ivy_kept: Kept = EMPTY

    def to_backend(self, target: str) -> Any:
        """Return the model, as it is now, in another framework or module system."""
        from ivy.transpiler.api import transpile

        return transpile(self, to=target)

    @property
    def graph(self) -> Any:
        """The graph of the latest signature."""
        return self._ivy.conversion.graph

    @property
    def code(self) -> str:
        """The generated source of the latest signature."""
        return str(self._ivy.conversion.graph.code)


@dataclass(slots=True)
class Slots:
    """Where the tensors of a converted model are, by the way from the model to them.

    The tensors themselves, and the parts and dicts that hold them, must not be kept: functional calls, exporters and
    replicas put others into their place, for a while or in a copy.

    Args:
        parts: for each part but the root, the number of the part above it, its attribute there, and its tree; the root
            is 0. A shared part is there once for each place.
        tensors: name, number of the part, attribute, and whether the part holds it as a buffer.
        lists: numbers and trees of the parts that only number others.
    """

    parts: list[tuple[int, str, Tree]] = field(default_factory=list)
    tensors: list[tuple[str, int, str, bool]] = field(default_factory=list)
    lists: list[tuple[int, Tree]] = field(default_factory=list)

    def changed_lists(
        self, parts: list[Any], called: dict[tuple[str, ...], Any], children: Callable[[Any], Mapping[str, Any]]
    ) -> dict[tuple[str, ...], int]:
        """Return the lengths of the lists that are longer or shorter than the source's.

        Args:
            parts: the parts by their numbers, None for those that were replaced.
            called: the parts to call, by path: those beyond a list's old end are added, those that it lost removed.
            children: gives the parts that a part holds.
        """
        lengths = {}
        for place, tree in self.lists:
            held = () if parts[place] is None else children(parts[place])
            if parts[place] is None or len(held) == len(tree.children):
                continue
            lengths[tree.path] = len(held)
            for i, part in enumerate(dict(held).values()):
                if i >= len(tree.children):
                    called[(*tree.path, str(i))] = part
            for i in range(len(held), len(tree.children)):
                called.pop((*tree.path, str(i)), None)
        if called:  # a part that was put in another's place as well: one object, which is called in both
            moved = {id(part) for part in called.values() if part is not None}
            for (_, _, tree), part in zip(self.parts, parts[1:], strict=True):
                if part is not None and id(part) in moved:
                    called.setdefault(tree.path, part)
        return lengths

    def add(self, tree: Tree, buffers: Mapping[str, bool]) -> None:
        """Note a whole tree.

        Args:
            tree: the model's.
            buffers: whether each parameter is a buffer, by name.
        """
        seen: set[str] = set()

        def add(tree: Tree, place: int) -> None:
            if not tree.calls and tree.is_list:
                self.lists.append((place, tree))
            for attribute, name in tree.leaves.items():
                if name not in seen:
                    seen.add(name)
                    self.tensors.append((name, place, attribute, buffers[name]))
            for attribute, child in tree.children.items():
                self.parts.append((place, attribute, child))
                add(child, len(self.parts))

        add(tree, 0)


def source_parameters(obj: Any) -> Mapping[str, inspect.Parameter]:
    """Return the parameters of a source model's call, by name; {} where its signature can't be had.

    Args:
        obj: the native module, `ModuleSpec.obj`.
    """
    for name in ("forward", "call", "__call__"):
        own = getattr(obj, name, None)
        if own is not None:
            try:
                return inspect.signature(own).parameters
            except (TypeError, ValueError):
                break
    return {}


def takes_argument(spec: ModuleSpec, name: str) -> bool:
    """Tell whether the source's call has an argument of a name that the target's call uses too.

    The rule for all targets (docs/guide.md, "Arguments of the same name"): the source's argument wins.

    Args:
        spec: the model.
        name: the argument.
    """
    return name in source_parameters(spec.obj)


def taken_rng(spec: ModuleSpec, kwargs: dict[str, Any]) -> Any:
    """Take the random key out of a call's keyword arguments, ``rng=``; None where it is not given.

    Args:
        spec: the model. Where its call has an argument of that name, the key goes there.
        kwargs: the call's keyword arguments; changed in place.
    """
    return None if "rng" not in kwargs or takes_argument(spec, "rng") else kwargs.pop("rng")


def key_given(conversion: Conversion, given: Any, draw: Callable[[], Any], hint: str) -> Callable[[], Any]:
    """Return what draws the random key of a call, for a target that draws from a generator of its own.

    Args:
        conversion: the model.
        given: what the call has for ``rng=``: None, a seed, or a key of any framework, JAX's typed ones too.
        draw: draws a key from the target's generator.
        hint: how the target is seeded.

    Raises:
        ArgumentError: if a key is given and the source draws from no key.
    """
    if given is None:
        return draw
    if not conversion.spec.takes_key:
        raise ArgumentError(
            f"the converted {conversion.spec.name} draws from {conversion.target}'s own generator, not from rng=",
            hint=hint,
        )
    if isinstance(given, int):
        words = [given >> 32 & 0xFFFFFFFF, given & 0xFFFFFFFF]
        return lambda: conversion.backend.module.asarray(words, dtype="uint32")
    return lambda: conversion.specialiser.signatures.convert(given)


def mode_of_call(spec: ModuleSpec, name: str, given: Any, default: bool, kwargs: dict[str, Any]) -> bool:
    """Return the mode of a call that may say so by an argument; it goes to the source as well if that has one.

    Args:
        spec: the model.
        name: the target's name for the argument: ``"training"``, ``"train"``, ``"is_training"``.
        given: its value, None if it is not given.
        default: the mode of calls that don't say.
        kwargs: the source's keyword arguments, which it is added to.

    Raises:
        ArgumentError: if the value is neither true nor false, so that it can't be the mode.
    """
    if given is None:
        return default
    own = takes_argument(spec, name)
    if own:
        kwargs[name] = given
    try:
        return bool(given)
    except Exception as error:
        raise ArgumentError(
            f"{name}= of the converted {spec.name} is neither true nor false",
            why="it says whether the call is in training mode"
            + (f", and goes to the source's own argument {name!r}" if own else ""),
            hint="give it as True or False, or the source's argument by position" if own else "give True or False",
        ) from error


def constructor(
    base: type, source: type, convert: Callable[[Any], Conversion], options: Mapping[str, Any]
) -> Callable[..., None]:
    """Return the ``__init__`` of a class of converted models, which takes the source class's arguments.

    Args:
        base: the class of converted models.
        source: the source class.
        convert: brings an instance of it into the hub form.
        options: keyword arguments for the constructor of `base`.
    """
    initialise: Any = base.__init__  # type: ignore[misc]

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        initialise(self, convert(source(*args, **kwargs)), **options)

    return init
