"""Lowering: a source graph to ivy through the source's frontend, and an ivy graph to a target through its backend.

Both are one interpretation of the graph under a trace. Calls that cannot be converted are collected, with a placeholder
of the right shape in their stead, so that one error lists them all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ivy.backend import Backend, scope
from ivy.errors import ConversionError, IvyError, SourceLocation, UnsupportedCall, UnsupportedOpError
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph, layer_words
from ivy.graph.interpret import interpret, ivy_op
from ivy.graph.lint import disagreement
from ivy.graph.node import Node, map_nested, refs
from ivy.graph.parts import PART, part
from ivy.graph.passes import eliminate_dead, simplify
from ivy.tracer.evaluate import Evaluator
from ivy.tracer.trace import Trace, TracedArray

__all__ = ["Problems", "to_backend", "to_ivy"]


_PLACES = frozenset({"getitem", "setitem", "get_item", "slice", "narrow", "select", "item", "split", "chunk"})
"""What takes positions, which go beyond an array's end on purpose."""


class Problems:
    """Collects the calls that cannot be converted.

    Args:
        target: framework that the conversion goes to, for the error's text.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self.found: list[tuple[Node, str]] = []
        self.causes: list[Exception] = []
        self.layers: dict[str, str] = {}

    def add(self, node: Node, why: str) -> None:
        """Note one call and the reason."""
        self.found.append((node, why))

    def __bool__(self) -> bool:
        return bool(self.found)

    def error(self) -> UnsupportedOpError:
        """Return the error that lists them all, grouped by function and reason."""
        groups: dict[tuple[str, str], list[Node]] = {}
        for node, why in self.found:
            groups.setdefault((node.fn, why), []).append(node)
        calls = [
            UnsupportedCall(
                name=fn,
                count=len(nodes),
                locations=tuple(
                    dict.fromkeys(SourceLocation(n.loc.file, n.loc.line, n.loc.function) for n in nodes if n.loc)
                ),
                reason=why,
                internal=all(n.meta.get("internal", False) for n in nodes),
                layers=tuple(dict.fromkeys(w for n in nodes if not n.loc and (w := layer_words(n.scope, self.layers)))),
            )
            for (fn, why), nodes in groups.items()
        ]
        return UnsupportedOpError(calls, target=self.target)


class _Lowering:
    """One interpretation of a graph under a trace."""

    def __init__(self, graph: Graph, trace: Trace, problems: Problems) -> None:
        self.graph = graph
        self.trace = trace
        self.problems = problems
        self.env: dict[int, Any] = {}
        self._current: Node | None = None
        first = not any("origin" in n.meta for n in graph.nodes)
        self._origins = {id(n): i if first else n.meta.get("origin") for i, n in enumerate(graph.nodes)}

    def before(self, node: Node) -> None:
        self.trace.loc = node.loc or self.trace.loc
        self.trace.module_path = node.scope or ""
        self.trace.origin = self._origins.get(id(node), self.trace.origin)  # a sub-graph's nodes are its caller's
        active = scope_trace(self.trace)
        active.loc, active.module_path = self.trace.loc, self.trace.module_path
        self._current = node

    def placeholder(self, node: Node, wrap: Callable[[Any], Any]) -> Any:
        """Stand in for the result of a call that failed, so that the rest can be looked at."""

        def make(x: Any) -> Any:
            if type(x) is Aval:
                made = Node("call", node.name, fn=node.fn, out=self.trace.canonical(x), loc=node.loc)
                return wrap(TracedArray(self.trace, made, made.aval))
            return x

        return map_nested(node.out, make)

    def agrees(self, node: Node, result: Any, canonical: Callable[[Aval], Aval], dialect: str) -> None:
        """Note as a problem a call whose result is of another type than the graph says."""
        if node.kind != "call" or node.out is None or "untyped" in node.meta:
            return
        expected = map_nested(node.out, lambda x: canonical(x) if type(x) is Aval else x)
        differs = disagreement(expected, result, sizes=self.graph.sized)
        if differs is not None:
            self.problems.add(node, f"its conversion gives {differs}, which {dialect} gives")

    def too_narrow(self, node: Node, canonical: Callable[[Aval], Aval]) -> str | None:
        """Say which number of a call needs 64-bit integers that the target doesn't have, None if all is well."""
        if node.fn.rpartition(".")[2].strip("_") in _PLACES:
            return None
        numbers: list[int] = []
        map_nested((node.args, node.kwargs), lambda x: numbers.append(x) if type(x) is int else None)
        large = next((n for n in numbers if not -(2**31) <= n < 2**31), None)
        if large is None:
            return None
        operands = [r.out for r in refs((node.args, node.kwargs))] + [node.out]
        narrow = next((a for a in operands if type(a) is Aval and a.dtype.bits == 64 > canonical(a).dtype.bits), None)
        if narrow is None or narrow.dtype.is_inexact:
            return None
        remedy = getattr(self.trace.evaluator.backend.module, "WIDE_TYPES", "")
        words = f"the number {large} needs {narrow.dtype}, which the target has as {canonical(narrow).dtype}"
        return f"{words}; {remedy}" if remedy else words

    def attempt(self, node: Node, call: Callable[[], Any], wrap: Callable[[Any], Any]) -> Any:
        """Run a call's conversion; note it as a problem if it fails."""
        try:
            return call()
        except UnsupportedOpError:
            raise
        except Exception as error:  # every failure of a frontend or backend function is reported at the user's line
            self.problems.add(node, _reason(error))
            self.problems.causes.append(error)
            return self.placeholder(node, wrap)


def scope_trace(default: Trace) -> Trace:
    """Return the trace that records now: a sub-graph's while one is traced."""
    from ivy.backend import current_scope

    here = current_scope()
    return here if isinstance(here, Trace) else default


def _reason(error: Exception) -> str:
    if isinstance(error, IvyError):
        return str(getattr(error, "what", error))
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


def to_ivy(
    graph: Graph,
    frontend: Any,
    evaluator: Evaluator,
    *,
    problems: Problems | None = None,
    target: str | None = None,
    fold: bool = True,
    simplified: bool = True,
) -> Graph:
    """Lower a source graph to the ivy dialect through its frontend.

    Args:
        graph: what the source's capture gave.
        frontend: the source plugin's frontend part (`call`, `supports`, `wrap`, `unwrap`).
        evaluator: gives shapes and dtypes, best by the target's rules.
        problems: collects what cannot be converted; without it the list is raised.
        target: where the conversion goes, for the error's text.
        fold: compute small constants ahead.
        simplified: whether equal calls are made once and unused ones dropped.

    Returns:
        A graph in the ivy dialect with the same inputs and parameters.

    Raises:
        UnsupportedOpError: listing every call that has no conversion.
    """
    mine = Problems(target or evaluator.backend.name) if problems is None else problems
    mine.layers.update(graph.layers)
    trace = Trace(evaluator, name=graph.name)
    lowering = _Lowering(graph, trace, mine)
    wrap, unwrap = frontend.wrap, frontend.unwrap

    def after(node: Node, result: Any) -> Any:
        _hint(result, node, unwrap)
        lowering.agrees(node, map_nested(result, unwrap), trace.canonical, graph.dialect)
        return result

    def resolve_at(node_fn: str) -> Callable[..., Any]:
        node = lowering._current
        assert node is not None

        if node_fn == PART:
            return lambda callee, native, *arrays: map_nested(part(callee, native, *map(unwrap, arrays)), wrap)

        def call(*args: Any, **kwargs: Any) -> Any:
            narrow = lowering.too_narrow(node, trace.canonical)
            if narrow is not None:
                mine.add(node, narrow)
                return lowering.placeholder(node, wrap)
            if not frontend.supports(node_fn):
                mine.add(node, node.meta.get("reason", "no frontend function"))
                return lowering.placeholder(node, wrap)
            return lowering.attempt(node, lambda: frontend.call(node_fn, args, kwargs, node.meta), wrap)

        return call

    inputs = [wrap(trace.input(n.name, trace.canonical(n.aval))) for n in graph.inputs]
    params = {}
    for name, node in graph.params.items():
        traced = trace.param(name, trace.canonical(node.aval), node.value)
        traced.node.meta = dict(node.meta)
        params[name] = wrap(traced)
    with scope(trace):
        output = interpret(
            graph,
            inputs,
            params,
            resolve=resolve_at,
            const=lambda n: wrap(trace.const(n.value, n.name or "const")),
            before=lowering.before,
            after=after,
            guard=lambda n, v: scope_trace(trace).guard(unwrap(v), n.args[1]),
            env=lowering.env,
        )
        new = trace.graph

        def final(x: Any) -> Any:
            value = unwrap(x)
            if isinstance(value, TracedArray):
                return value.node
            lifted = trace.lift(value)
            return lifted.node if isinstance(lifted, TracedArray) else value

        new.output = map_nested(output, final)
        for name, node in graph.updates.items():
            new.updates[name] = _value(final(lowering.env[id(node)]))
        for name, cell in params.items():
            now = final(cell)
            if isinstance(now, Node) and now is not new.params[name] and name not in new.updates:
                if not new.params[name].meta.get("kept"):  # of state, the graph tells what is left
                    new.updates[name] = _value(now)
        for i, (node, cell) in enumerate(zip(new.inputs, inputs, strict=True)):
            now = final(cell)
            if isinstance(now, Node) and now is not node:
                new.mutated[i] = now
        for i, node in graph.mutated.items():
            new.mutated[i] = final(lowering.env[id(node)])
    new.rebuild, new.strided, new.sized = graph.rebuild, graph.strided, graph.sized
    new.layers, new.kept, new.assumes = graph.layers, graph.kept, graph.assumes
    _check(mine, problems)
    _keep_forms(new, evaluator, mine.target)
    return simplify(new, evaluator if fold else None) if simplified else new


def _value(x: Any) -> Any:
    """Return what has a node's value: what is kept from call to call needs no derivative."""
    while type(x) is Node and x.fn == "ivy.straight_through":
        x = x.args[1]
    return x


def _keep_forms(graph: Graph, evaluator: Evaluator, target: str) -> None:
    """Refuse to give a caller's array another shape or dtype; where arrays are never written to, leave it as it is."""
    for i, new in list(graph.mutated.items()):
        old = graph.inputs[i]
        if not isinstance(new, Node) or type(new.out) is not Aval or new.out == old.out:
            continue
        if getattr(evaluator.backend.module, "write_into", None) is not None:
            raise ConversionError(
                f"{graph.name} changes its argument {old.name!r} in place from {old.out} to {new.out}",
                why=f"an array of {target} keeps its shape and dtype",
                hint="bind the result to a name instead: x = x.unsqueeze(0), without the underscore",
            )
        del graph.mutated[i]


def to_backend(graph: Graph, backend: Backend, evaluator: Evaluator, *, problems: Problems | None = None) -> Graph:
    """Lower an ivy graph to a target's own functions.

    Args:
        graph: a graph in the ivy dialect.
        backend: the target.
        evaluator: gives shapes and dtypes of what composites expand to.
        problems: collects what the backend cannot do; without it the list is raised.

    Returns:
        A graph in the target's dialect.

    Raises:
        UnsupportedOpError: listing every op that the backend lacks.
    """
    mine = Problems(backend.name) if problems is None else problems
    mine.layers.update(graph.layers)
    trace = Trace(evaluator, backend=backend, name=graph.name)
    lowering = _Lowering(graph, trace, mine)

    def resolve(path: str) -> Callable[..., Any]:
        node = lowering._current
        assert node is not None
        op = ivy_op(path)

        def call(*args: Any, **kwargs: Any) -> Any:
            return lowering.attempt(node, lambda: op(*args, **kwargs), lambda x: x)

        return call

    inputs = [trace.input(n.name, n.aval) for n in graph.inputs]
    params = {}
    for name, node in graph.params.items():
        params[name] = trace.param(name, node.aval, node.value)
        params[name].node.meta = dict(node.meta)

    def after(node: Node, result: Any) -> Any:
        _hint(result, node, lambda x: x)
        lowering.agrees(node, result, trace.canonical, graph.dialect)
        return result

    with scope(trace):
        output = interpret(
            graph,
            inputs,
            params,
            resolve=resolve,
            const=lambda n: trace.const(n.value, n.name or "const"),
            before=lowering.before,
            after=after,
            guard=lambda n, v: scope_trace(trace).guard(v, n.args[1]),
            env=lowering.env,
        )
    new = trace.graph

    def final(x: Any) -> Any:
        return x.node if isinstance(x, TracedArray) else x

    new.output = map_nested(output, final)
    new.updates = {k: final(lowering.env[id(n)]) for k, n in graph.updates.items()}
    new.mutated = {k: final(lowering.env[id(n)]) for k, n in graph.mutated.items()}
    new.rebuild, new.strided, new.sized = graph.rebuild, graph.strided, graph.sized
    new.layers, new.kept, new.assumes = graph.layers, graph.kept, graph.assumes
    _check(mine, problems)
    return eliminate_dead(new)


def _check(mine: Problems, given: Problems | None) -> None:
    if mine and given is None:
        raise mine.error() from (mine.causes[0] if mine.causes else None)


def _hint(result: Any, node: Node, unwrap: Callable[[Any], Any]) -> None:
    """Give the recorded node the variable name that the user's code used, unless it already has a better one."""
    if node.kind not in ("call", "item") or not node.name:
        return
    value = unwrap(result) if not isinstance(result, (tuple, list, dict)) else None
    if isinstance(value, TracedArray) and value.node.kind in ("call", "item") and "named" not in value.node.meta:
        value.node.name = node.name
        value.node.meta["named"] = True


def free_of_problems(graph: Graph) -> bool:
    """Tell whether every reference in a graph leads to a node of it (no placeholder is left)."""
    known = {id(n) for n in (*graph.inputs, *graph.params.values(), *graph.nodes)}
    if graph.rng is not None:
        known.add(id(graph.rng))
    return all(id(r) in known for n in graph.nodes for r in refs((n.args, n.kwargs)))
