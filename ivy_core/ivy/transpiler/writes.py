"""Calls that write to their arguments: what the caller holds before and after.

Generated code writes to the target's own arrays. The caller may have passed other frameworks' arrays, which are taken
over with or without a copy, or the same memory twice; the source framework's meaning is kept in each of these cases.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ivy.backend import Backend, backend_of_type
from ivy.errors import ArgumentError
from ivy.graph.graph import Graph
from ivy.transpiler.pipeline import arrays_in

__all__ = ["SameArguments", "WrittenArguments", "strides_of"]


class SameArguments(ArgumentError):
    """One array is passed several times to a function that writes to it, so its arguments are not independent.

    Args:
        name: the function's or module's name.
        first: for each array argument, the number of the one that it is the same as.
    """

    def __init__(self, name: str, first: tuple[int, ...]) -> None:
        super().__init__(
            f"{name} writes to an argument that is passed to it twice",
            why="the conversion takes the memory of different arguments for independent",
            hint="pass a copy",
        )
        self.first = first


class WrittenArguments:
    """The arguments of one call of a graph that writes to some of them.

    Args:
        graph: the graph, in the target's dialect.
        backend: the target.
        args: the call's positional arguments, as the caller gave them.
        kwargs: its keyword arguments.
        arrays: the arrays in them, as the target's.

    Raises:
        SameArguments: if one of the written arrays is passed twice.
        ArgumentError: if one of them shares memory with another argument in any other way.
    """

    def __init__(
        self, graph: Graph, backend: Backend, args: tuple[Any, ...], kwargs: dict[str, Any], arrays: Sequence[Any]
    ) -> None:
        self.arrays = list(arrays)
        self._foreign: list[tuple[int, Any, Backend]] = []
        given = [x.data if type(x).__module__ == "ivy.array" else x for x in arrays_in((args, kwargs))]
        written = [i for i, new in graph.mutated.items() if new is not graph.inputs[i]]
        mutable = [_writer(backend_of_type(type(x))) is not None for x in given]
        seen: dict[int, int] = {}
        first = tuple(seen.setdefault(id(x), i) if m else i for i, (x, m) in enumerate(zip(given, mutable)))
        if any(first[i] != i or i in (*first[:i], *first[i + 1 :]) for i in written):
            raise SameArguments(graph.name, first)
        memory = getattr(backend.module, "memory", None)
        for i in written:
            if memory is not None and mutable[i] and len(self.arrays) > 1:
                mine = memory(self.arrays[i])
                for j, other in enumerate(self.arrays):
                    if j != i and mutable[j] and _overlap(mine, memory(other)):
                        raise _overlapping(graph, i, j)
            if given[i] is self.arrays[i]:
                continue
            owner = backend_of_type(type(given[i]))
            if not mutable[i]:  # an immutable array must not change through memory that it shares
                self.arrays[i] = backend.module.from_foreign(given[i], copy=True)
            elif owner is not None and memory is not None:
                self._foreign.append((i, given[i], owner))

    def finish(self) -> None:
        """Write what the target's arrays hold now to the caller's arrays of other frameworks."""
        for i, target, owner in self._foreign:
            owner.module.write_into(target, owner.module.from_foreign(self.arrays[i]))


def strides_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """Return the strides in bytes of each array of a call that is not contiguous, None for the others."""
    found = []
    for x in arrays_in((args, kwargs)):
        data = x.data if type(x).__module__ == "ivy.array" else x
        owner = backend_of_type(type(data))
        memory = None if owner is None else getattr(owner.module, "memory", None)
        place = None if memory is None else memory(data)
        found.append(None if place is None or _is_contiguous(place) else place[3])
    return tuple(found)


def _is_contiguous(x: _Memory) -> bool:
    step = x[1]
    for n, stride in zip(reversed(x[2]), reversed(x[3]), strict=True):
        if n > 1 and stride != step:
            return False
        step *= n
    return True


_Memory = tuple[int, int, tuple[int, ...], tuple[int, ...]]
_COUNTED = 2**14


def _overlap(x: _Memory | None, y: _Memory | None) -> bool:
    """Tell whether two arrays have a byte in common; for large ones, whether one begins before the other ends."""
    if x is None or y is None or 0 in x[2] or 0 in y[2]:
        return False
    (a, b), (c, d) = _extent(x), _extent(y)
    if not (a < d and c < b):
        return False
    if math.prod(x[2]) > _COUNTED or math.prod(y[2]) > _COUNTED:
        return True
    return not _bytes(x).isdisjoint(_bytes(y))


def _extent(x: _Memory) -> tuple[int, int]:
    start, size, shape, strides = x
    steps = [(n - 1) * s for n, s in zip(shape, strides, strict=True)]
    return start + sum(s for s in steps if s < 0), start + size + sum(s for s in steps if s > 0)


def _bytes(x: _Memory) -> set[int]:
    start, size, shape, strides = x
    places = {start}
    for n, step in zip(shape, strides, strict=True):
        places = {place + k * step for place in places for k in range(n)}
    return {place + k for place in places for k in range(size)}


def _writer(backend: Backend | None) -> Any:
    return None if backend is None else getattr(backend.module, "write_into", None)


def _overlapping(graph: Graph, i: int, j: int) -> ArgumentError:
    one, other = graph.inputs[i].name, graph.inputs[j].name
    return ArgumentError(
        f"{graph.name} writes to its argument {one!r}, which shares memory with {other!r}",
        why="the conversion takes the memory of different arguments for independent",
        hint=f"pass a copy of {other!r}",
    )
