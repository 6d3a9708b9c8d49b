"""Storage of weights: rewrite a graph for parameters whose axes are stored in another order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivy.graph.aval import Aval
from ivy.graph.graph import Graph, subgraphs
from ivy.graph.node import Node, map_refs, refs

__all__ = ["store_params"]

# the first is the default; a weight stored in any other order is permuted ahead of the call
_FORMATS = {"ivy.conv": ("OI*", "*IO"), "ivy.conv_transpose": ("IO*", "*IO"), "ivy.linear": ("OI", "IO")}
_KINDS = {"conv": "ivy.conv", "conv_transpose": "ivy.conv_transpose", "linear": "ivy.linear"}


def store_params(graph: Graph, stored: Mapping[str, tuple[str, str, str, tuple[int, ...]]]) -> Graph:
    """Let parameters be given in another order of axes.

    A weight of a convolution or a linear layer just names its new format in the call. Every other use gets the array
    in its old order through `permute_dims`.

    Args:
        graph: a graph in the ivy dialect; changed in place.
        stored: parameter name -> (kind of role, old layout, new layout, axes from old to new).

    Returns:
        The same graph.
    """
    targets: dict[int, tuple[str, str, str, tuple[int, ...]]] = {}
    for name, how in stored.items():
        node = graph.params.get(name)
        if node is None:
            continue
        perm = how[3]
        node.out = Aval(tuple(node.aval.shape[i] for i in perm), node.aval.dtype)
        targets[id(node)] = how
    if not targets:
        return graph
    restored: dict[int, Node] = {}

    def restore(node: Node) -> Node:
        if id(node) not in targets:
            return node
        if id(node) not in restored:
            restored[id(node)] = _permuted(node, _inverse(targets[id(node)][3]))
        return restored[id(node)]

    for call in _all_calls(graph):
        if not any(id(r) in targets for r in refs((call.args, call.kwargs))):
            continue
        weight = targets.get(id(call.args[1])) if len(call.args) > 1 else None
        if weight is not None and _as_weight(call, weight):
            kept = call.args[1]
            rest = map_refs(tuple(a for i, a in enumerate(call.args) if i != 1), restore)
            call.args = (rest[0], kept, *rest[1:])
        else:
            call.args = map_refs(call.args, restore)
        call.kwargs = map_refs(call.kwargs, restore)
    for sub in _all_subgraphs(graph):
        sub.output = map_refs(sub.output, restore)
    graph.output = map_refs(graph.output, restore)
    graph.mutated = {k: restore(n) for k, n in graph.mutated.items()}
    graph.nodes[:0] = restored.values()
    for name, new in list(graph.updates.items()):
        new = graph.updates[name] = restore(new)
        if name in stored:
            graph.updates[name] = _permuted(new, stored[name][3])
            graph.nodes.append(graph.updates[name])
    graph._compiled = None
    return graph


def _as_weight(call: Node, how: tuple[str, str, str, tuple[int, ...]]) -> bool:
    """Switch the weight format of a call that uses the parameter as its weight; False if it does not."""
    kind, old, new, _ = how
    if call.fn == "ivy.matmul" and kind == "linear" and old == "IO" and not call.kwargs and len(call.args) == 2:
        x = call.args[0]  # x @ w is linear(x, w) in the format "IO"
        if type(x) is Node and type(x.out) is Aval and x.out.ndim >= 2 and x.out.dtype == call.args[1].out.dtype:
            call.fn, call.kwargs = "ivy.linear", {"weight_format": new}
            return True
        return False
    if call.fn != _KINDS[kind] or new not in _FORMATS[call.fn]:
        return False
    if call.kwargs.get("weight_format", _FORMATS[call.fn][0]) != old:
        return False
    call.kwargs = {k: v for k, v in call.kwargs.items() if k != "weight_format"}
    if new != _FORMATS[call.fn][0]:
        call.kwargs["weight_format"] = new
    return True


def _permuted(node: Node, axes: tuple[int, ...]) -> Node:
    out = Aval(tuple(node.aval.shape[i] for i in axes), node.aval.dtype)
    name = node.name.rpartition(".")[2] if node.kind == "param" else node.name
    return Node("call", name, fn="ivy.permute_dims", args=(node, axes), out=out, loc=node.loc, scope=node.scope)


def _inverse(perm: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(range(len(perm)), key=perm.__getitem__))


def _all_calls(graph: Graph) -> Iterator[Node]:
    for node in graph.nodes:
        yield node
        for sub in subgraphs(node):
            yield from _all_calls(sub)


def _all_subgraphs(graph: Graph) -> Iterator[Graph]:
    for node in graph.nodes:
        for sub in subgraphs(node):
            yield sub
            yield from _all_subgraphs(sub)
