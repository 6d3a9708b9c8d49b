"""What calls have stored on the objects that they belong to: state that is no parameter or buffer.

The source keeps it in attributes, lists, dicts, closures. A graph is made for one *structure* of that state; the arrays
in it are parameters of the graph, and come back among its updates, with the structure that the call leaves behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivy.graph.node import Loc

__all__ = ["EMPTY", "Kept", "Left", "Stored", "arrays_of", "leaving", "shown"]

Structure = tuple[Any, ...]
"""``((path, ((key, value), ...)), ...)``: encoded values by the object that holds them; see `ivy.transpiler.heap`."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a call leaves behind, as one capture saw it.

    Args:
        structure: the state after the call; its arrays are among the graph's updates, by name.
        needed: what of it later calls depend on: the rest is read by no code.
        places: where the user's code stores each thing, by its name.
        spare: names of what may get lost: it is read by no code, or computed of parameters alone.
    """

    structure: Structure
    needed: Structure
    places: Mapping[str, Loc | None] = field(default_factory=dict)
    spare: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Kept:
    """The state of a converted callable: a structure and the target's arrays in it.

    Args:
        structure: what is stored where.
        arrays: the arrays, by the names that the structure has for them.
        needed: what of it graphs depend on.
    """

    structure: Structure = ()
    arrays: Mapping[str, Any] = field(default_factory=dict)
    needed: Structure = ()

    def __bool__(self) -> bool:
        return bool(self.structure)

    @property
    def token(self) -> Any:
        """What a graph is made for: the structure and the types of the arrays."""
        arrays = ((name, self.arrays[name]) for name in arrays_of(self.needed))
        return (self.needed, tuple((name, tuple(x.shape), x.dtype) for name, x in arrays))

    def after(self, updates: dict[str, Any]) -> Kept:
        """Return the state that a call leaves behind; its arrays are taken out of the call's updates.

        Args:
            updates: the call's updates; those of parameters and buffers stay in it.
        """
        if type(updates) is not Left:
            return self
        stored = updates.stored
        return Kept(stored.structure, {name: updates.pop(name) for name in arrays_of(stored.structure)}, stored.needed)

    def __deepcopy__(self, memo: dict[int, Any]) -> Kept:
        from copy import deepcopy

        return self.map(lambda x: deepcopy(x.detach() if hasattr(x, "detach") else x, memo))

    def map(self, f: Callable[[Any], Any]) -> Kept:
        """Return the same state with a function applied to the arrays."""
        return Kept(self.structure, {name: f(x) for name, x in self.arrays.items()}, self.needed)


EMPTY = Kept()


class Left(dict[str, Any]):
    """The updates of a call that leaves state behind.

    Args:
        updates: new values by name.
        stored: what the graph tells of the state.
    """

    def __init__(self, updates: Mapping[str, Any], stored: Stored) -> None:
        super().__init__(updates)
        self.stored = stored

    def __bool__(self) -> bool:
        return True


def leaving(function: Callable[..., Any], stored: Stored, updates: bool) -> Callable[..., Any]:
    """Let the function of a graph tell what state a call leaves.

    Args:
        function: gives the output, or ``(output, updates)``.
        stored: the state.
        updates: whether it gives updates.
    """

    def run(*args: Any) -> Any:
        result = function(*args)
        output, new = result if updates else (result, {})
        return output, Left(new, stored)

    return run


def arrays_of(structure: Any) -> list[str]:
    """Return the names of the arrays in a structure, each once, in order."""
    return list(dict.fromkeys(_names(structure)))


def _names(x: Any) -> Iterator[str]:
    if type(x) is tuple:
        if len(x) == 2 and x[0] == "array" and type(x[1]) is str:
            yield x[1]
        elif not (x and x[0] == "static"):
            for v in x:
                yield from _names(v)


def shown(names: Any) -> str:
    """Return names for a message, not too many of them."""
    names = list(names)
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
