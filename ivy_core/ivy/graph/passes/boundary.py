"""The caller's channel layout: give images to a graph, and take them from it, in the other layout than its source's.

Only the boundary changes: transpositions are put behind the inputs and ahead of the outputs that are images (what
convolutions, pooling and the like work on). Where a target computes in that layout, the pass of `layout` removes them.
"""

from __future__ import annotations

from typing import Any

from ivy.functional.registry import OPS
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph
from ivy.graph.node import Node, map_refs, refs
from ivy.graph.parts import PART
from ivy.graph.passes.layout import keeps_layout, to_first, to_last

__all__ = ["LAYOUTS", "from_caller", "images", "turn_boundary"]

LAYOUTS = ("channels_first", "channels_last")
_SPATIAL = {"conv", "conv_transpose"}


def _other(layout: str) -> str:
    return LAYOUTS[1 - LAYOUTS.index(layout)]


def from_caller(layout: str, ndim: int) -> tuple[int, ...]:
    """Return the axes that bring an image from the caller's layout to the other one.

    Example:
        >>> from ivy.graph.passes.boundary import from_caller
        >>> from_caller("channels_last", 4)
        (0, 3, 1, 2)
    """
    return to_first(ndim) if layout == "channels_last" else to_last(ndim)


def images(graph: Graph, layout: str) -> tuple[set[int], set[int]]:
    """Find the inputs and outputs that are images in the other layout than the caller's.

    Args:
        graph: a graph in the ivy dialect.
        layout: the caller's layout.

    Returns:
        Indices of inputs, and `id`s of the nodes among the outputs.
    """
    other = _other(layout)
    made = _forward(graph, other)
    wanted = _backward(graph, other)
    return {i for i, n in enumerate(graph.inputs) if id(n) in wanted}, {
        id(n) for n in refs(graph.output) if id(n) in made or (n.kind == "input" and id(n) in wanted)
    }


def _format(node: Node) -> str | None:
    """Return the layout that a spatial call works in, None for any other call."""
    op = OPS.get(node.fn.removeprefix("ivy."))
    if op is None or "data_format" not in op.signature.parameters or not node.args or type(node.args[0]) is not Node:
        return None
    if op.name not in _SPATIAL and _rank(node.args[0]) < 3:
        return None
    default = op.signature.parameters["data_format"].default
    return str(node.kwargs.get("data_format", default))


def _operands(call: Node) -> list[Node]:
    """Return what may be the images that a part works on: its first array."""
    return [r for r in call.args[2:3] if type(r) is Node]


def _is_image(x: Node) -> bool:
    return _rank(x) in (4, 5) and x.aval.dtype.is_inexact


def _rank(x: Any) -> int:
    return len(x.out.shape) if type(x) is Node and type(x.out) is Aval else -1


def _forward(graph: Graph, form: str) -> set[int]:
    found: set[int] = set()
    for node in graph.nodes:
        if node.kind == "item":
            if id(node.args[0]) in found:
                found.add(id(node))
        elif node.kind == "call":
            same = (r for r in refs(node.args) if id(r) in found and _rank(r) == _rank_of_result(node))
            if node.fn == PART:  # takes and gives what the source's submodule does
                if any(_is_image(r) for r in _operands(node)) and _rank_of_result(node) in (4, 5):
                    found.add(id(node))
            elif _format(node) == form or (keeps_layout(node) and any(same)):
                found.add(id(node))
    return found


def _rank_of_result(node: Node) -> int:
    out = node.out[0] if isinstance(node.out, (tuple, list)) and node.out else node.out
    return len(out.shape) if type(out) is Aval else -1


def _backward(graph: Graph, form: str) -> set[int]:
    found: set[int] = set()
    for node in reversed(graph.nodes):
        if node.kind == "item":
            if id(node) in found:
                found.add(id(node.args[0]))
        elif node.kind != "call":
            continue
        elif node.fn == PART:
            found.update(id(r) for r in _operands(node) if _is_image(r))
        elif _format(node) == form:
            found.add(id(node.args[0]))
        elif id(node) in found and keeps_layout(node):
            found.update(id(r) for r in refs(node.args) if _rank(r) == _rank_of_result(node))
    return found


def turn_boundary(graph: Graph, layout: str, inputs: set[int], outputs: set[int]) -> Graph:
    """Let images come and go in the caller's layout.

    Args:
        graph: a graph in the ivy dialect; changed in place.
        layout: the caller's layout.
        inputs: indices of the inputs that are images.
        outputs: `id`s of the nodes among the outputs that are images.

    Returns:
        The same graph.
    """
    inside: dict[int, Node] = {}
    head: list[Node] = []
    for i in sorted(inputs):
        old = graph.inputs[i]
        axes = from_caller(layout, old.aval.ndim)
        given = Aval(tuple(old.aval.shape[a] for a in from_caller(_other(layout), old.aval.ndim)), old.aval.dtype)
        graph.inputs[i] = Node("input", old.name, out=given, loc=old.loc, meta=dict(old.meta))
        turned = Node("call", old.name, fn="ivy.permute_dims", args=(graph.inputs[i], axes), out=old.out, loc=old.loc)
        inside[id(old)] = turned
        head.append(turned)

    def read(n: Node) -> Node:
        return inside.get(id(n), n)

    for node in graph.nodes:
        node.args, node.kwargs = map_refs(node.args, read), map_refs(node.kwargs, read)
    graph.nodes[:0] = head
    tail: dict[int, Node] = {}

    def out(n: Node) -> Node:
        if id(n) not in outputs:
            return read(n)
        if id(n) not in tail:
            x = read(n)
            back = from_caller(_other(layout), x.aval.ndim)
            shape = tuple(x.aval.shape[a] for a in back)
            tail[id(n)] = Node(
                "call", x.name, fn="ivy.permute_dims", args=(x, back), out=Aval(shape, x.aval.dtype), loc=x.loc
            )
            graph.nodes.append(tail[id(n)])
        return tail[id(n)]

    graph.output = map_refs(graph.output, out)
    graph.updates = {k: read(n) for k, n in graph.updates.items()}
    written = {}
    for i, n in graph.mutated.items():
        if i in inputs:
            outputs = outputs | {id(n)}
        written[i] = out(n)
    graph.mutated = written
    graph._compiled = None
    return graph
