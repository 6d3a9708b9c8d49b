"""Dead code and common subexpressions."""

from __future__ import annotations

from typing import Any

from ivy.dtypes import DType
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph, subgraphs
from ivy.graph.node import Node, map_refs, refs
from ivy.graph.parts import PART

__all__ = ["eliminate_common", "eliminate_dead"]


def eliminate_dead(graph: Graph) -> Graph:
    """Drop what no output, update or guard needs; inputs and parameters stay, for they are the signature.

    Args:
        graph: any graph; changed in place.

    Returns:
        The same graph.
    """
    needed = {id(r) for r in refs(graph.results)}
    kept: list[Node] = []
    parts: dict[int, list[Node]] = {}
    for node in reversed(graph.nodes):
        if id(node) in needed or node.kind == "guard" or node.fn == PART:
            if node.kind == "item":
                parts.setdefault(id(node.args[0]), []).append(node)
            if "kept" in node.meta:
                _trim(node, parts)
            for sub in subgraphs(node):
                eliminate_dead(sub)
            needed.update(id(r) for r in refs((node.args, node.kwargs)))
            kept.append(node)
    graph.nodes = kept[::-1]
    graph._compiled = None
    return graph


def _trim(call: Node, parts: dict[int, list[Node]]) -> None:
    """Let a call with a sub-graph give only those of its intermediate results that are used (`ivy.tracer.derivatives`).

    Args:
        call: its ``meta["kept"]`` is the path in its result where the sub-graph's intermediate results are.
        parts: the items that are used, by what they are parts of.
    """
    path = call.meta["kept"]
    wholes = [call]
    for index in path:
        wholes = [n for w in wholes for n in parts.get(id(w), ()) if n.args[1] == index]
    used = sorted({n.args[1] for w in wholes for n in parts.get(id(w), ())})
    for w in wholes:
        for n in parts.get(id(w), ()):
            n.args = (w, used.index(n.args[1]))
    sub = next(subgraphs(call))
    inner = path[1:] if path else ()
    sub.output = _only(sub.output, inner, used)
    call.out = _only(call.out, path, used)
    if call.fn == "ivy.jvp":  # tangents are structured like the results
        call.out = _only(call.out, (1, *inner), used)
    for depth in range(1, len(path) + 1):
        level = [call]
        out = call.out
        for index in path[:depth]:
            level = [n for w in level for n in parts.get(id(w), ()) if n.args[1] == index]
            out = out[index]
        for n in level:
            n.out = out


def _only(x: Any, path: tuple[int, ...], used: list[int]) -> Any:
    if not path:
        return tuple(x[k] for k in used)
    return tuple(_only(v, path[1:], used) if i == path[0] else v for i, v in enumerate(x))


def eliminate_common(graph: Graph) -> Graph:
    """Compute equal calls once; random and copying calls are never equal.

    Args:
        graph: a graph in the ivy dialect; changed in place.

    Returns:
        The same graph.
    """
    from ivy.functional.registry import OPS

    seen: dict[Any, Node] = {}
    replaced: dict[int, Node] = {}

    def new(n: Node) -> Node:
        return replaced.get(id(n), n)

    kept: list[Node] = []
    for node in graph.nodes:
        node.args, node.kwargs = map_refs(node.args, new), map_refs(node.kwargs, new)
        for sub in subgraphs(node):
            _rename(sub, new)
        op = OPS.get(node.fn.removeprefix("ivy."))
        key = None
        if node.kind == "item" or (
            node.kind == "call" and op is not None and not ({"random", "impure", "subgraphs"} & op.traits.keys())
        ):
            key = freeze((node.kind, node.fn, node.args, node.kwargs))
        if node.fn == "ivy.copy":
            key = None
            if "same" in node.meta:
                replaced[id(node)] = node.args[0]
                continue
        if key is not None and key in seen:
            replaced[id(node)] = seen[key]
            continue
        if key is not None:
            seen[key] = node
        kept.append(node)
    graph.nodes = kept
    graph.output = map_refs(graph.output, new)
    graph.updates = {k: new(n) for k, n in graph.updates.items()}
    graph.mutated = {k: new(n) for k, n in graph.mutated.items()}
    graph._compiled = None
    return graph


def _rename(sub: Graph, new: Any) -> None:
    same: dict[int, Node] = {}

    def renamed(n: Node) -> Node:
        return same.get(id(n)) or new(n)

    for node in sub.nodes:
        node.args, node.kwargs = map_refs(node.args, renamed), map_refs(node.kwargs, renamed)
        if "same" in node.meta:
            same[id(node)] = node.args[0]
        for inner in subgraphs(node):
            _rename(inner, renamed)
    sub.nodes = [n for n in sub.nodes if id(n) not in same]
    sub.output = map_refs(sub.output, renamed)


def freeze(x: Any) -> Any:
    """Return a hashable stand-in for a call's arguments, None if something in them has none."""
    cls = type(x)
    if cls is Node:
        return ("node", id(x))
    if cls in (int, float, bool, complex, str, DType, Aval, type(None), type(Ellipsis)):
        return (cls, repr(x) if cls in (float, complex) else x)
    if isinstance(x, (tuple, list)):
        parts = tuple([freeze(v) for v in x])
        return None if None in parts else (cls, parts)
    if cls is dict:
        return freeze(("dict", *x.items()))
    if cls is slice:
        return freeze(("slice", x.start, x.stop, x.step))
    return None
