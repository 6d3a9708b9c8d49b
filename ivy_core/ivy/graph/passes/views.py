"""Views of views: a row of reshapes and permutations becomes the shortest one that lays out the same."""

from __future__ import annotations

from ivy.graph.aval import Aval
from ivy.graph.graph import Graph, subgraphs
from ivy.graph.node import Node, refs
from ivy.graph.passes.cleanup import eliminate_dead
from ivy.graph.passes.fuse import Replacement
from ivy.graph.passes.match import State, peeled

__all__ = ["merge_views"]

_VIEWS = frozenset({"ivy.reshape", "ivy.expand_dims", "ivy.squeeze", "ivy.permute_dims", "ivy.matrix_transpose"})


def merge_views(graph: Graph) -> Graph:
    """Let views be taken of what is no view, where that takes fewer calls.

    Args:
        graph: a graph in the ivy dialect; changed in place.

    Returns:
        The same graph.
    """
    users: dict[int, int] = {}
    for node in graph.nodes:
        for sub in subgraphs(node):
            merge_views(sub)
        for r in refs((node.args, node.kwargs)):
            users[id(r)] = users.get(id(r), 0) + 1
    for r in refs(graph.results):
        users[id(r)] = users.get(id(r), 0) + 1
    inner = {id(n.args[0]) for n in graph.nodes if _is_view(n) and users[id(n.args[0])] == 1}
    ahead: dict[int, list[Node]] = {}
    for node in graph.nodes:
        if id(node) in inner or not _is_view(node) or not _is_view(node.args[0]):
            continue
        st = State()
        x, frame = node, tuple(st.index(d) for d in node.aval.shape)
        top = frame
        alone, unused = 0, True
        while _is_view(x) and (step := peeled(x, frame, st)) is not None:
            unused = unused and (x is node or users[id(x)] == 1)
            alone += unused
            x, frame, st = step
        made = Replacement(node, top, st)
        final = made.arranged((x, frame), top)
        if final is None or len(made.nodes) >= alone or final.out != node.out:
            continue
        if not made.nodes:
            final = Node("call", node.name, fn="ivy.reshape", args=(x, node.aval.shape), out=node.out)
            if alone < 2:
                continue
        ahead[id(node)] = made.nodes[:-1]
        node.fn, node.args, node.kwargs = final.fn, final.args, final.kwargs
    if not ahead:
        return graph
    graph.nodes = [m for n in graph.nodes for m in (*ahead.get(id(n), ()), n)]
    return eliminate_dead(graph)


def _is_view(x: object) -> bool:
    if type(x) is not Node or x.kind != "call" or x.fn not in _VIEWS or type(x.out) is not Aval:
        return False
    return type(x.args[0]) is Node and all(type(d) is int and d > 0 for d in x.out.shape)
