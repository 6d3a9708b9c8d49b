"""What holds for every graph between two stages, and the check of it.

A graph that breaks one of these rules is a fault of Ivy or of a plugin's pass, never of the user's code.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from ivy.errors import GraphError, SourceLocation
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph, subgraphs
from ivy.graph.node import Node, map_nested, refs
from ivy.graph.parts import PART

__all__ = ["disagreement", "lint"]

_KINDS = frozenset({"call", "const", "guard", "item"})


def lint(graph: Graph, before: Graph | None = None) -> None:
    """Check that a graph is well formed, and that no write of an earlier stage got lost.

    Every reference leads to an input, a parameter or an earlier node; a part that is taken of a structured result
    exists and has the type that the result says; arguments fit the signatures of the ivy ops; names of parameters are
    their keys; a new value of an input has its shape and dtype (a buffer may be replaced by another); and what `before`
    writes, this does too.

    Args:
        graph: the graph.
        before: the graph of the stage before.

    Raises:
        GraphError: naming the first node that breaks a rule.
    """
    _lint(graph, set())
    for name, node in graph.params.items():
        if node.name != name:
            raise _fault(graph, node, f"the parameter {name!r} calls itself {node.name!r}")
    for index, new in graph.mutated.items():
        if not 0 <= index < len(graph.inputs):
            raise _fault(graph, new, f"input {index} is written to, of {len(graph.inputs)}")
        _same_type(graph, graph.inputs[index], new, f"the input {graph.inputs[index].name!r}")
    if before is not None:
        lost = [before.inputs[i].name for i in before.mutated if i not in graph.mutated and _changes(before, i)]
        lost += [name for name, n in before.updates.items() if name not in graph.updates]
        if lost:
            raise GraphError(
                f"a stage of the conversion of {graph.name} loses writes to {', '.join(lost)}",
                why=f"from the graph in dialect {before.dialect!r} to the one in {graph.dialect!r}",
            )


def _changes(graph: Graph, index: int) -> bool:
    return graph.dialect == "ivy" and graph.mutated[index] is not graph.inputs[index]


def _lint(graph: Graph, outer: set[int]) -> None:
    known = {*outer, *(id(n) for n in (*graph.inputs, *graph.params.values()))}
    if graph.rng is not None:
        known.add(id(graph.rng))
    if len({id(n) for n in graph.inputs}) < len(graph.inputs):
        raise _fault(graph, graph.inputs[0], "an input is there twice")
    for node in graph.nodes:
        if node.kind not in _KINDS:
            raise _fault(graph, node, f"a node of kind {node.kind!r} among the calls")
        if id(node) in known:
            raise _fault(graph, node, "a node is there twice")
        for sub in subgraphs(node):
            _lint(sub, known)
        for r in _direct_refs((node.args, node.kwargs)):
            if id(r) not in known and r.kind != "part":
                raise _fault(graph, node, f"it uses {r!r}, which no earlier node gives")
        if node.kind == "item":
            _lint_item(graph, node)
        elif node.kind == "call" and graph.dialect == "ivy" and node.fn != PART:
            _lint_call(graph, node)
        known.add(id(node))
    for r in refs(graph.results):
        if id(r) not in known:
            raise _fault(graph, r, "it is returned, and no node gives it")


def _direct_refs(x: Any) -> Iterator[Node]:
    """Yield the nodes of a nest but not those within sub-graphs, which have been checked with their own names."""
    found: list[Node] = []
    map_nested(x, lambda v: found.append(v) if type(v) is Node else None)
    yield from found


def _lint_item(graph: Graph, node: Node) -> None:
    whole, index = node.args
    try:
        part = whole.out[index]
    except (TypeError, KeyError, IndexError):
        raise _fault(graph, node, f"part {index!r} of {whole!r}, which has no such part") from None
    if type(part) is Aval and part != node.out:
        raise _fault(graph, node, f"it is said to be {node.out!r}, and part {index!r} of {whole!r} is {part!r}")


def _lint_call(graph: Graph, node: Node) -> None:
    from ivy.functional.registry import OPS

    op = OPS.get(node.fn.removeprefix("ivy."))
    if op is None:
        raise _fault(graph, node, "the functional API has no such op")
    try:
        op.signature.bind(*node.args, **node.kwargs)
    except TypeError as error:
        given = f"{len(node.args)} positional arguments and {sorted(node.kwargs)}"
        raise _fault(graph, node, f"{error}, given {given} for {inspect.signature(op.public)}") from None


def _same_type(graph: Graph, old: Node, new: Node, what: str) -> None:
    if type(old.out) is Aval and type(new.out) is Aval and not _alike(old.out, new.out):
        raise _fault(graph, new, f"{what} is {old.out!r} and gets the new value {new.out!r}")


def _fault(graph: Graph, node: Node, why: str) -> GraphError:
    where = SourceLocation(node.loc.file, node.loc.line, node.loc.function or None) if node.loc else None
    what = node.fn or f"{node.kind} {node.name!r}"
    return GraphError(
        f"the graph of {graph.name} (dialect {graph.dialect!r}) is broken at {what}", where=where, why=why
    )


def _alike(a: Aval, b: Aval, sizes: bool = True) -> bool:
    """Whether two types agree, as far as sizes are known."""
    if not sizes:
        return a.dtype == b.dtype and len(a.shape) == len(b.shape)
    if a.dtype != b.dtype or len(a.shape) != len(b.shape):
        return False
    return all(m == n for m, n in zip(a.shape, b.shape, strict=True) if _is_size(m) and _is_size(n))


def _is_size(n: Any) -> bool:
    return type(n) is int and n >= 0


def disagreement(expected: Any, result: Any, *, sizes: bool = True) -> str | None:
    """Tell how the type of a result differs from what it should be.

    Args:
        expected: nest of `Aval`s, and of other things, which are ignored.
        result: nest of `Aval`s or arrays, likewise.
        sizes: compare the sizes of axes too.

    Returns:
        ``"float32[3] instead of float64[3]"``, or None if they agree.
    """
    if type(expected) is Aval:
        got = result if type(result) is Aval else getattr(result, "aval", None)
        if isinstance(result, (list, tuple)) and len(result) == 1:
            return disagreement(expected, result[0], sizes=sizes)
        return f"{got!r} instead of {expected!r}" if type(got) is Aval and not _alike(expected, got, sizes) else None
    if isinstance(expected, dict):
        expected = list(expected.values())
    if isinstance(result, dict):
        result = list(result.values())
    if not isinstance(expected, (list, tuple)):
        return None
    # A conversion may leave out what only the source's own gradient needs; a call for its writes gives nothing.
    parts = result if isinstance(result, (list, tuple)) else (result,)
    differences = (disagreement(want, got, sizes=sizes) for want, got in zip(expected, parts, strict=False))
    return next((d for d in differences if d is not None), None)
