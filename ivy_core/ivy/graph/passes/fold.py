"""Constant folding: what depends on no input is computed once, if it is small."""

from __future__ import annotations

from typing import Any

from ivy.graph.aval import Aval
from ivy.graph.graph import Graph, subgraphs
from ivy.graph.interpret import ivy_op
from ivy.graph.node import Node, map_refs, refs

__all__ = ["fold_constants"]

LIMIT = 4096
_CREATION = {
    "ivy." + n for n in ("zeros", "ones", "full", "empty", "arange", "eye", "linspace", "full_like", "zeros_like")
}


def fold_constants(graph: Graph, limit: int = LIMIT) -> Graph:
    """Replace calls on small constants by their values; weights are parameters and are never folded.

    Creation calls stay as they are where they feed real work: `zeros((3,))` reads better than a constant and compilers
    fold it themselves.

    Args:
        graph: a graph in the ivy dialect; changed in place.
        limit: largest number of elements of a folded value.

    Returns:
        The same graph.
    """
    constant: set[int] = set()
    for node in graph.nodes:
        if node.kind == "const":
            if node.aval.size <= limit:
                constant.add(id(node))
        elif node.kind in ("call", "item") and _foldable(node, limit):
            if all(id(r) in constant for r in refs((node.args, node.kwargs))):
                constant.add(id(node))
    wanted = {
        id(r)
        for node in graph.nodes
        if id(node) not in constant
        for r in (*refs((node.args, node.kwargs)), *(f for s in subgraphs(node) for f in s.free_nodes()))
        if id(r) in constant
    } | {id(r) for r in refs(graph.results) if id(r) in constant}
    values: dict[int, Any] = {}
    from ivy.backend import get_backend, scope

    backend: Any = None
    for node in graph.nodes:
        if id(node) not in constant or node.kind != "call" or id(node) not in wanted:
            continue
        if node.fn in _CREATION or type(node.out) is not Aval:
            continue
        try:
            backend = backend or get_backend("numpy")
            with scope(backend):
                value = _compute(node, values, backend)
        except Exception:
            continue
        node.kind, node.fn, node.args, node.kwargs, node.value = "const", "", (), {}, value
        node.name = node.name or "const"
    graph._compiled = None
    return graph


def _foldable(node: Node, limit: int) -> bool:
    from ivy.functional.registry import OPS

    if node.kind == "item":
        return type(node.out) is Aval and node.out.size <= limit
    op = OPS.get(node.fn.removeprefix("ivy."))
    if op is None or {"random", "impure", "subgraphs"} & op.traits.keys() or node.fn == "ivy.copy":
        return False
    return type(node.out) is not Aval or node.out.size <= limit


def _compute(node: Node, values: dict[int, Any], backend: Any) -> Any:
    if id(node) not in values:
        if node.kind == "const":
            values[id(node)] = backend.module.from_foreign(node.value)
        elif node.kind == "item":
            values[id(node)] = _compute(node.args[0], values, backend)[node.args[1]]
        else:
            args = map_refs(node.args, lambda n: _compute(n, values, backend))
            kwargs = map_refs(node.kwargs, lambda n: _compute(n, values, backend))
            result = ivy_op(node.fn)(*args, **kwargs)
            if type(node.out) is Aval:
                result = backend.module.asarray(result, dtype=node.out.dtype)
            values[id(node)] = result
    return values[id(node)]
