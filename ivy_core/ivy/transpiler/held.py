"""The parameters of modules that a function uses without being given them: those it closes over, or is bound to."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

from ivy.backend import Backend, backend_of, backend_of_type, get_backend
from ivy.errors import CaptureError, SourceLocation
from ivy.graph.graph import Graph
from ivy.graph.kept import EMPTY, Kept, Left, Stored, shown
from ivy.transpiler.pipeline import Pipeline

__all__ = ["Forms", "HeldParams", "Holdings", "is_abstract", "kept_after", "refuse_kept"]


def is_abstract(x: Any) -> bool:
    """Tell whether a native array has no value because an outer transformation traces the call."""
    check = getattr(backend_of(x).module, "is_abstract", None)
    return check is not None and bool(check(x))


def kept_after(kept: Kept, updates: dict[str, Any], arrays: Iterable[Any] = (), *, where: str = "jit") -> Kept:
    """Return the state that a call leaves, for an owner that can't keep what has no value.

    Args:
        kept: the state before.
        updates: the call's updates; the arrays of the state are taken out.
        arrays: the call's inputs.
        where: what traces the call, for the message.

    Raises:
        CaptureError: if an outer transformation traces the call: naming what is stored, and where.
    """
    if type(updates) is not Left:
        return kept
    stored = updates.stored
    new = kept.after(updates)
    traced = any(map(is_abstract, new.arrays.values()))
    if not traced and (new.needed == kept.needed or not any(map(is_abstract, arrays))):
        return new
    refuse_kept(stored, where)
    return kept


def refuse_kept(stored: Stored, where: str, cause: BaseException | None = None) -> None:
    """Raise the error for state that can't be kept where a call is, unless no later call needs it.

    Args:
        stored: the state.
        where: what the call is in.
        cause: the framework's own error.

    Raises:
        CaptureError: naming what is stored, and the line that stores it.
    """
    needed = [name for name in stored.places if name not in stored.spare]
    if not needed:
        return
    loc = stored.places[needed[0]]
    raise CaptureError(
        f"a call stores {shown(needed)}, which can't be kept under {where}",
        where=None if loc is None else SourceLocation(loc.file, loc.line, loc.function),
        why="what is stored has no value while the call is traced, and later calls need it",
        hint="convert to a system that passes state around (nnx with nnx.jit, haiku, linen, equinox), or call eagerly",
    ) from cause


class Forms:
    """Counts the forms of the state that graphs are made for.

    Args:
        name: the callable's.
    """

    MOST = 32

    def __init__(self, name: str) -> None:
        self.name = name
        self._seen: dict[Any, None] = {}
        self._warned = False

    def meet(self, kept: Kept) -> None:
        """Count a form; warn once of very many."""
        if not kept.needed or self._warned:
            return
        self._seen[kept.token] = None
        if len(self._seen) <= self.MOST:
            return
        self._warned = True
        first, last = next(iter(self._seen))[0], kept.needed
        changing = [path for path, content in last if (path, content) not in first]
        warnings.warn(
            f"{self.name} has been captured for {len(self._seen)} forms of the state that its calls leave (it changes "
            f"in {shown('.'.join(map(str, path)) or 'the object itself' for path in changing)}); each takes a graph. "
            "Count with tensors instead of Python numbers, and keep what grows at one size",
            stacklevel=2,
        )
        self._seen.clear()


class HeldParams:
    """Parameters and buffers of one set of modules, copied once; all graphs that use the set share them.

    Args:
        framework: whose arrays the copies are, None for whichever the inputs of a call are of.
        holdings: where the state is that calls leave.

    Attributes:
        sources: the source's arrays by name.
        arrays: the copies by framework, then by name.
        live: names of what belongs to an argument: read at each call, and written to.
    """

    def __init__(self, framework: str | None, holdings: Holdings) -> None:
        self.framework = framework
        self.holdings = holdings
        self.sources: dict[str, Any] = {}
        self.arrays: dict[str, dict[str, Any]] = {}
        self.live: set[str] = set()

    def fits(self, graph: Graph) -> bool:
        """Tell whether a graph's parameters are these, as far as both know them."""
        return all(self.sources.get(name, node.value) is node.value for name, node in _own(graph))

    def add(self, graph: Graph) -> None:
        """Copy the parameters of a graph that are new."""
        for name, node in _own(graph):
            if name not in self.sources:
                self.sources[name] = node.value
                own = get_backend(self.framework) if self.framework else backend_of(node.value)
                self.arrays.setdefault(own.name, {})[name] = taken_over(node.value, own)
                if node.meta.get("live"):
                    self.live.add(name)

    def of(self, arrays: list[Any]) -> dict[str, Any]:
        """Return the parameters for a call, and the state that earlier ones have left.

        Args:
            arrays: the call's flat inputs.
        """
        kept, own = self.holdings.kept, self._now(arrays)
        if not kept.arrays:
            return own
        if self.framework is None and arrays and (backend := backend_of_type(type(arrays[0]))) is not None:
            kept = kept.map(backend.module.from_foreign)
        return {**own, **kept.arrays}

    def _now(self, arrays: list[Any]) -> dict[str, Any]:
        found = self._of(arrays)
        if self.live:
            own = get_backend(self.framework) if self.framework else backend_of(next(iter(found.values())))
            found = {**found, **{name: taken_over(self.sources[name], own) for name in self.live}}
        return found

    def _of(self, arrays: list[Any]) -> dict[str, Any]:
        if self.framework is None and arrays:
            backend = backend_of_type(type(arrays[0]))
            if backend is not None:
                mine = self.arrays.setdefault(backend.name, {})
                for others in list(self.arrays.values()):
                    for name in others.keys() - mine.keys():
                        mine[name] = backend.module.from_foreign(others[name], copy=True)
                return mine
        return next(iter(self.arrays.values()), {})

    def update(self, params: dict[str, Any], updates: dict[str, Any], arrays: list[Any]) -> None:
        """Keep the new values of buffers after a call, and the state that it leaves.

        Args:
            params: what the call was given.
            updates: new values by name.
            arrays: the call's flat inputs.

        Raises:
            CaptureError: if an outer transformation traces the call, so that they have no values yet.
        """
        self.holdings.keep(updates, arrays)
        for name, value in updates.items():
            if is_abstract(value):
                raise CaptureError(
                    f"the function updates {name} of a module that it uses, which can't be kept under jit",
                    hint="switch the module to evaluation mode, or transpile the module itself",
                )
        own = self._of(arrays)
        for others in self.arrays.values():
            if others is not own:
                for name in updates:
                    others.pop(name, None)
        own.update(updates)
        for name in self.live & updates.keys():
            source = self.sources[name]
            source.assign(backend_of(source).module.from_foreign(updates[name]))


def taken_over(x: Any, backend: Backend) -> Any:
    """Return a copy of an array on a backend."""
    exportable = getattr(backend_of(x).module, "exportable", None)
    return backend.module.from_foreign(x if exportable is None else exportable(x), copy=True)


def _own(graph: Graph) -> list[tuple[str, Any]]:
    """Return the parameters of a graph that are the modules', not state."""
    return [(name, node) for name, node in graph.params.items() if not node.meta.get("kept")]


class Holdings:
    """All that one function holds: a set of parameters for each set of modules that it has met.

    Args:
        pipeline: the function's conversion route.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        framework = pipeline.source_framework if pipeline.target_stage == "frontend" else pipeline.target_framework
        self._framework = framework
        self._sets: list[HeldParams] = []
        self.kept: Kept = EMPTY
        self.forms = Forms("the function")

    def keep(self, updates: dict[str, Any], arrays: list[Any]) -> None:
        """Keep the state that a call leaves; its arrays are taken out of the call's updates.

        Args:
            updates: the call's updates.
            arrays: its flat inputs.

        Raises:
            CaptureError: if an outer transformation traces the call.
        """
        self.kept = kept_after(self.kept, updates, arrays)

    def hold(self, graph: Graph) -> HeldParams | None:
        """Return the parameters of a graph, None if it has none."""
        if not graph.params and graph.kept is None:
            return None
        found = next((held for held in self._sets if held.fits(graph)), None)
        if found is None:
            found = HeldParams(self._framework, self)
            self._sets.append(found)
        found.add(graph)
        return found
