"""The check of a graph's first run: what the target gives has the shapes and dtypes that the capture saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ivy.backend import Backend
from ivy.dtypes import as_dtype
from ivy.errors import ConversionError, SourceLocation
from ivy.graph.aval import Aval
from ivy.graph.containers import flatten
from ivy.graph.graph import Graph
from ivy.graph.interpret import interpret, native_calls
from ivy.graph.lint import disagreement
from ivy.graph.node import Node, leaves, map_nested

__all__ = ["check_first_run"]


def check_first_run(
    graph: Graph,
    backend: Backend,
    result: Any,
    updates: Mapping[str, Any],
    inputs: Sequence[Any],
    params: Mapping[str, Any] | None,
) -> None:
    """Hold the result of a graph's first run against what the graph says of it.

    Args:
        graph: a graph in the target's dialect.
        backend: the target.
        result: what the generated function returned.
        updates: the new values of buffers.
        inputs: the run's inputs, the random key first if there is one.
        params: its parameters.

    Raises:
        ConversionError: naming the first call whose result has another shape or dtype than the capture saw.
    """
    see = _seer(backend)
    if params is not None and any(
        disagreement(n.out, see(params[name])) for name, n in graph.params.items() if name in params
    ):
        return  # the module's own were moved to another dtype since
    expected = [n.out if type(n) is Node else n for n in leaves(graph.output)]
    seen = [see(x) for x in (leaves(result) if graph.rebuild is None else flatten(result)[0])]
    differs = disagreement(expected, seen, sizes=graph.sized)
    for name, value in updates.items():
        differs = differs or disagreement(graph.updates[name].out, see(value), sizes=graph.sized)
    if differs is None:
        return
    node, differs_here = _first(graph, backend, inputs, params) or (None, differs)
    what = f"its result is {differs}" if node is None else f"{node.fn} gives {differs_here}"
    raise ConversionError(
        f"the conversion of {graph.name} to {backend.name} is wrong: {what}",
        where=SourceLocation(node.loc.file, node.loc.line, node.loc.function or None) if node and node.loc else None,
        why="what the source gave when it was captured differs in shape or dtype from what the target gives now",
        hint="this is a fault of Ivy or of a converter, please report it",
    )


def _seer(backend: Backend) -> Callable[[Any], Aval | None]:
    """Return a function that tells the shape and dtype of a native array; None for what isn't one, or tells no rank."""
    native = tuple(backend.types)
    shape_of = getattr(backend.module, "shape_of", lambda x: x.shape)

    def see(x: Any) -> Aval | None:
        # a subclass such as a module's parameter; NumPy's scalars
        if not isinstance(x, native) and not hasattr(type(x), "__array_interface__"):
            return None
        try:
            shape = tuple(shape_of(x))
        except ValueError:  # TensorFlow's unknown rank
            return None
        return Aval(tuple(d if isinstance(d, int) else -1 for d in shape), as_dtype(x.dtype))

    return see


def _first(
    graph: Graph, backend: Backend, inputs: Sequence[Any], params: Mapping[str, Any] | None
) -> tuple[Node, str] | None:
    """Run a graph call by call and return the first one whose result is not of the type that the graph says."""
    see = _seer(backend)

    class Found(Exception):
        pass

    def after(node: Node, value: Any) -> Any:
        if node.kind == "call":
            differs = disagreement(node.out, map_nested(value, see), sizes=graph.sized)
            if differs is not None:
                raise Found(node, differs)
        return value

    env: dict[int, Any] = {}
    given = list(inputs)
    if graph.rng is not None:
        env[id(graph.rng)] = given.pop(0)
    try:
        interpret(
            graph,
            given,
            params,
            resolve=native_calls(backend),
            const=lambda n: backend.module.from_foreign(n.value),
            after=after,
            env=env,
        )
    except Found as found:
        return found.args[0], found.args[1]
    except Exception:  # a call that generated code writes in another way, as an operator: the place stays unknown
        return None
    return None
