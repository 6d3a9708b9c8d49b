"""What module systems share whose models are trees of objects: which parts a model has now, which are to be called.

A system is told by a `System`: how its parts hold others, which classes only number or name others, when a part has to
be called. Its native classes inherit from `LivingPart`, those whose children are numbered from `ListedPart` too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ivy.stateful.conversion import Conversion
from ivy.stateful.native import ConvertedModel, Slots
from ivy.stateful.parts import Called, check_shared, result_of, source_attribute, way_to

__all__ = ["ListedPart", "LivingPart", "System"]

_NOTHING: dict[str, Any] = {}


def _buffers(conversion: Conversion) -> dict[str, bool]:
    return {name: p.buffer for name, p in conversion.params.items()}


@dataclass(frozen=True, slots=True)
class System:
    """How a module system keeps the parts of a converted model.

    Args:
        attribute: turns a part of a source's name into one that the system allows.
        child: gives what a part holds under an attribute, None for nothing.
        children: gives the parts that a part holds, by attribute.
        containers: the system's own classes that only hold parts.
        changed: tells of one of our parts, of its ``__dict__`` and the mode of the call, whether it must be called: it
            has hooks, or another mode.
        evaluate: gives the result of a native part, as in `Called`.
        describe: tells what decides on that, as in `Called`.
        value: gives the array of an attribute, as in `Called`.
        buffers: tells which parameters the system keeps as buffers, by name.
    """

    attribute: Callable[[str], str]
    child: Callable[[Any, str], Any]
    children: Callable[[Any], Mapping[str, Any]]
    containers: tuple[type, ...]
    changed: Callable[[dict[str, Any], bool], bool]
    evaluate: Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]
    describe: Callable[[Any], Any]
    value: Callable[[Any], Any] = lambda x: x
    buffers: Callable[[Conversion], Mapping[str, bool]] = _buffers

    def slots(self, conversion: Conversion) -> Slots:
        """Return where a module has the arrays of a conversion, worked out once."""
        if conversion.slots is None:
            slots = Slots()
            slots.add(conversion.tree(self.attribute), self.buffers(conversion))
            conversion.slots = slots
        found: Slots = conversion.slots
        return found

    def gather(self, root: Any, conversion: Conversion, train: bool) -> tuple[list[Any], Called | None]:
        """Return the parts of a module by their numbers in its `Slots`, and those that are to be called.

        Args:
            root: the module.
            conversion: its conversion.
            train: the mode of the call.

        Returns:
            None stands for a part that is another than it was made as: what it holds is its own.
        """
        slots = self.slots(conversion)
        child, changed, containers = self.child, self.changed, self.containers
        parts: list[Any] = [root]
        called: dict[tuple[str, ...], Any] = {}
        for above, attribute, tree in slots.parts:
            part = parts[above]
            if part is not None:
                part = child(part, attribute)
                if tree.native is not None:
                    if not tree.native.same(part, train):
                        called[tree.path] = part
                        part = part if isinstance(part, tree.native.cls) else None
                elif not tree.calls and type(part) in containers:
                    pass
                else:
                    state = getattr(part, "__dict__", _NOTHING)
                    if state.get("_ivy") is not tree.handle:
                        called[tree.path] = part
                        part = None
                    elif changed(state, train) or "_ivy_kept" in state:
                        called[tree.path] = part
            parts.append(part)
        lengths = slots.changed_lists(parts, called, self.children)
        made = Called(called, self.evaluate, self.describe, lengths, self.value) if called or lengths else None
        check_shared(root, conversion, made, child)
        return parts, made


class LivingPart(ConvertedModel):
    """A mixin of converted models and their parts; the system's own class comes after it.

    It has ``_ivy_run(method, args, kwargs)``, which runs the source's call or another of its methods, ``_ivy_train``,
    and ``_ivy_state``, what earlier calls have left.
    """

    _ivy_system: ClassVar[System]

    def _ivy_run(self, method: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise NotImplementedError

    @property
    def _ivy_train(self) -> bool:
        raise NotImplementedError

    @property
    def _ivy_state(self) -> Any:
        return self._ivy_kept

    def _abstract(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return what a call gives, with `Aval`s in place of arrays."""
        conversion, train = self._ivy.conversion, self._ivy_train
        called = self._ivy_system.gather(self, conversion, train)[1]
        return result_of(conversion, args, kwargs, train, kept=self._ivy_state, called=called)

    def _ivy_attribute(self, name: str) -> Any:
        """Return what the source has under a name that the native class lacks."""
        return source_attribute(self, name, self.__dict__.get("_ivy"), self._ivy_run, self._ivy_at)

    def _ivy_at(self, path: tuple[str, ...]) -> Any:
        """Return the part for the source's submodule at a path."""
        part: Any = self
        for attribute in way_to(self._ivy.conversion.tree(self._ivy_system.attribute), path):
            part = self._ivy_system.child(part, attribute)
        return part


class ListedPart:
    """A mixin of parts whose children are numbered, and that can be called."""

    _ivy_system: ClassVar[System]

    def _ivy_sequence(self, parts: list[Any]) -> Any:
        """Return the system's own sequence of some parts."""
        raise NotImplementedError

    def _ivy_numbered(self) -> dict[str, Any]:
        return {k: x for k, x in self._ivy_system.children(self).items() if k.isdigit()}

    def __len__(self) -> int:
        return len(self._ivy_numbered())

    def __getitem__(self, index: int | slice) -> Any:
        """Return a part; the system's own sequence for a slice."""
        found = [*self._ivy_numbered().values()][index]
        return self._ivy_sequence(found) if isinstance(index, slice) else found

    def __setitem__(self, index: int, part: Any) -> None:
        """Put another part in a place."""
        setattr(self, [*self._ivy_numbered()][index], part)

    def __iter__(self) -> Iterator[Any]:
        return iter([*self._ivy_numbered().values()])
