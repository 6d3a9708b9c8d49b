"""The parameters of modules that a function uses without being given them: those it closes over, or is bound to."""

from __future__ import annotations

from typing import Any

from ivy.backend import backend_of, backend_of_type, get_backend
from ivy.errors import CaptureError
from ivy.graph.graph import Graph
from ivy.transpiler.pipeline import Pipeline

__all__ = ["HeldParams", "Holdings"]


class HeldParams:
    """Parameters and buffers of one set of modules, copied once; all graphs that use the set share them.

    Args:
        framework: whose arrays the copies are, None for whichever the inputs of a call are of.

    Attributes:
        sources: the source's arrays by name.
        arrays: the copies by framework, then by name.
    """

    def __init__(self, framework: str | None) -> None:
        self.framework = framework
        self.sources: dict[str, Any] = {}
        self.arrays: dict[str, dict[str, Any]] = {}

    def fits(self, graph: Graph) -> bool:
        """Tell whether a graph's parameters are these, as far as both know them."""
        return all(self.sources.get(name, node.value) is node.value for name, node in graph.params.items())

    def add(self, graph: Graph) -> None:
        """Copy the parameters of a graph that are new."""
        for name, node in graph.params.items():
            if name not in self.sources:
                self.sources[name] = node.value
                own = get_backend(self.framework) if self.framework else backend_of(node.value)
                exportable = getattr(backend_of(node.value).module, "exportable", None)
                value = node.value if exportable is None else exportable(node.value)
                self.arrays.setdefault(own.name, {})[name] = own.module.from_foreign(value, copy=True)

    def of(self, arrays: list[Any]) -> dict[str, Any]:
        """Return the parameters for a call.

        Args:
            arrays: the call's flat inputs.
        """
        if self.framework is None and arrays:
            backend = backend_of_type(type(arrays[0]))
            if backend is not None:
                mine = self.arrays.setdefault(backend.name, {})
                for others in list(self.arrays.values()):
                    for name in others.keys() - mine.keys():
                        mine[name] = backend.module.from_foreign(others[name], copy=True)
                return mine
        return next(iter(self.arrays.values()))

    def update(self, params: dict[str, Any], updates: dict[str, Any]) -> None:
        """Keep the new values of buffers after a call.

        Args:
            params: what the call was given.
            updates: new values by name.

        Raises:
            CaptureError: if an outer transformation traces the call, so that they have no values yet.
        """
        for name, value in updates.items():
            abstract = getattr(backend_of(value).module, "is_abstract", None)
            if abstract is not None and abstract(value):
                raise CaptureError(
                    f"the function updates {name} of a module that it uses, which can't be kept under jit",
                    hint="switch the module to evaluation mode, or transpile the module itself",
                )
        for others in self.arrays.values():
            if others is not params:
                for name in updates:
                    others.pop(name, None)
        params.update(updates)


class Holdings:
    """All that one function holds: a set of parameters for each set of modules that it has met.

    Args:
        pipeline: the function's conversion route.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        framework = pipeline.source_framework if pipeline.target_stage == "frontend" else pipeline.target_framework
        self._framework = framework
        self._sets: list[HeldParams] = []

    def hold(self, graph: Graph) -> HeldParams | None:
        """Return the parameters of a graph, None if it has none."""
        if not graph.params:
            return None
        found = next((held for held in self._sets if held.fits(graph)), None)
        if found is None:
            found = HeldParams(self._framework)
            self._sets.append(found)
        found.add(graph)
        return found
