"""Derivatives of what a trace has recorded: the calls between some arrays and others become a function of their own.

Where the source code asks for a derivative, what it differentiates has been recorded already, as straight-line calls
without writes. The calls that lead from the variables to the outputs are cut out of the graph and put into a sub-graph,
which a derivative op is called with. Their nodes stay where other code refers to them: they become parts of that op's
result, so that nothing is computed (or drawn) twice. Nested derivatives nest by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ivy.backend import current_scope
from ivy.errors import ConversionError
from ivy.functional.registry import OPS
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph, subgraphs
from ivy.graph.node import Node, map_nested, refs
from ivy.tracer.trace import Trace, TracedArray

__all__ = ["checkpointed", "marked", "pulled_back", "pushed_forward", "ruled"]


def marked(x: Any) -> Any:
    """Return an array as one that derivatives tell from the same array before: what was computed from that is constant.

    Args:
        x: traced array.
    """
    trace = _trace()
    node = Node("call", x.node.name, fn="ivy.copy", args=(x.node,), out=x.aval, meta={"same": True})
    _placed(trace, node)
    trace.graph.nodes.append(node)
    return TracedArray(trace, node, x.aval, x.value)


def pulled_back(
    outputs: Sequence[Any], variables: Sequence[Any], cotangents: Sequence[Any] | None = None, *, batched: bool = False
) -> list[Any]:
    """Record the gradients of outputs with respect to variables, both recorded before.

    Args:
        outputs: traced arrays.
        variables: traced arrays that the outputs depend on.
        cotangents: one per output; ones by default.
        batched: whether the cotangents have a leading axis of independent ones, which the gradients then have too.

    Returns:
        One gradient per variable.
    """
    trace = _trace()
    given = None if cotangents is None else [_node(trace, c) for c in cotangents]
    nodes = [_node(trace, y) for y in outputs]
    cut = _Cut(trace, [_node(trace, x) for x in variables], [*nodes, *(given or ())])
    ends = [cut.inner(n) for n in nodes]
    variables_avals = tuple(n.out for n in cut.variables)
    kept = cut.kept
    if given is None and len(ends) == 1 and ends[0].aval.shape == () and not batched:
        kept = [n for n in kept if n is not nodes[0]]
        cut.finish((ends[0], tuple(cut.inner(n) for n in kept)), "loss")
        out: Any = ((ends[0].out, tuple(n.out for n in kept)), variables_avals)
        call = cut.call("value_and_grad_at", (cut.graph, cut.arguments), {"has_aux": True}, out)
        place = 1
    else:
        if given is None:
            given = [cut.ones_like(n) for n in ends]
        else:
            given = [cut.inner(n) for n in given]
        kept = [n for n in kept if all(n is not y for y in nodes)]
        cut.finish((tuple(ends), tuple(given), tuple(cut.inner(n) for n in kept)), "fun")
        out = (tuple(n.out for n in ends), tuple(n.out for n in given), tuple(n.out for n in kept))
        if batched:
            size = given[0].aval.shape[0]
            variables_avals = tuple(Aval((size, *a.shape), a.dtype) for a in variables_avals)
        call = cut.call(
            "vjp_at", (cut.graph, cut.arguments), {"batched": True} if batched else {}, (out, variables_avals)
        )
        place = 2
    result = cut.item(call, 0)
    whole = result if place == 1 else cut.item(result, 0)
    for i, n in enumerate(nodes):
        if cut.moves(n):
            cut.becomes(n, whole, i)
    rest = cut.item(result, place)
    for i, n in enumerate(kept):
        cut.becomes(n, rest, i)
    call.meta["kept"] = (0, place)
    gradients = cut.item(call, 1)
    found = [cut.item(gradients, i) for i in range(len(variables_avals))]
    for n, argument in zip(found, cut.graph.inputs, strict=False):
        n.name = f"{argument.name}_grad"
    return cut.done(found)


def pushed_forward(outputs: Sequence[Any], variables: Sequence[Any], tangents: Sequence[Any]) -> list[Any]:
    """Record the derivatives of outputs along a direction.

    Args:
        outputs: traced arrays.
        variables: traced arrays that the outputs depend on.
        tangents: one per variable: the direction.

    Returns:
        One tangent per output.
    """
    trace = _trace()
    nodes = [_node(trace, y) for y in outputs]
    cut = _Cut(trace, [_node(trace, x) for x in variables], nodes)
    ends = [cut.inner(n) for n in nodes]
    kept = [n for n in cut.kept if n.aval.dtype.is_inexact and all(n is not y for y in nodes)]
    cut.finish((tuple(ends), tuple(cut.inner(n) for n in kept)), "fun")
    out = (tuple(n.out for n in ends), tuple(n.out for n in kept))
    directions = tuple(_node(trace, t) for t in tangents)
    call = cut.call("jvp", (cut.graph.splatted(), cut.arguments, directions), {}, (out, out))
    result = cut.item(call, 0)
    given, rest = cut.item(result, 0), cut.item(result, 1)
    for whole, moved in ((given, nodes), (rest, kept)):
        for i, n in enumerate(moved):
            if cut.moves(n):
                cut.becomes(n, whole, i)
    call.meta["kept"] = (0, 1)
    pushed = cut.item(cut.item(call, 1), 0)
    return cut.done([cut.item(pushed, i) for i in range(len(ends))])


def ruled(
    outputs: Sequence[Any], variables: Sequence[Any], backward: Callable[..., Any], name: str = "function"
) -> list[Any]:
    """Record that what lies between variables and outputs is a function with its own derivative.

    Args:
        outputs: traced arrays, recorded from the variables.
        variables: traced arrays that have gradients.
        backward: called with one traced cotangent per output; returns a gradient, or None, for each variable.
        name: of the function, for readable code.

    Returns:
        Arrays that stand for the outputs from now on.
    """
    trace = _trace()
    nodes = [_node(trace, y) for y in outputs]
    starts = [_node(trace, x) for x in variables]
    avals = [n.out for n in nodes]
    pull = trace.subgraph(lambda *c: tuple(backward(*c)), avals, "bwd")
    free = list({id(n): n for n in pull.free_nodes() if n.kind != "const"}.values())
    cut = _Cut(trace, starts, [*nodes, *free], perturbs=False)
    # everything that is used comes in as an argument: frameworks don't let a rule close over what is differentiated
    others = list({id(n): n for n in (*cut.outer_references(), *free, *nodes) if not cut.knows(n)}.values())
    others = [n for n in others if n.kind != "const"]
    cut.add_arguments(others)
    saved = tuple(cut.inner(n) for n in free)
    ends = _single(tuple(cut.inner(n) for n in nodes))
    cut.finish((ends, saved), "fwd")
    plain = cut.graph.copied({})
    plain.name, plain.output = name, plain.output[0]
    residuals = [Node("input", n.name, out=n.out) for n in free]
    pull = pull.copied({id(n): r for n, r in zip(free, residuals, strict=True)})
    cotangents, pull.inputs = pull.inputs, [*residuals, *pull.inputs]
    pull.arguments = (tuple(residuals), _single(tuple(cotangents)))
    pull.output = (*pull.output, *(None for _ in others))
    call = cut.call(
        "custom_vjp", (plain.splatted(), cut.graph.splatted(), pull, *cut.arguments), {}, _single(tuple(avals))
    )
    return cut.done([call] if len(nodes) == 1 else [cut.item(call, i) for i in range(len(nodes))])


def checkpointed(outputs: Sequence[Any], before: set[int]) -> list[Any]:
    """Record that what was recorded since some moment is a region whose intermediates are computed again.

    Args:
        outputs: the region's results: traced arrays.
        before: `id` of the nodes that there were at that moment.

    Returns:
        Arrays that stand for the outputs from now on.
    """
    trace = _trace()
    nodes = [_node(trace, y) for y in outputs]
    cut = _Cut(trace, [], nodes, region=before)
    if not cut.slice:
        return list(outputs)
    others = list({id(n): n for n in cut.outer_references() if n.kind != "const"}.values())
    cut.add_arguments(others)
    kept = cut.kept
    cut.finish(tuple(cut.inner(n) for n in kept), "region")
    call = cut.call("checkpoint", (cut.graph.splatted(), *cut.arguments), {}, tuple(n.out for n in kept))
    for i, n in enumerate(kept):
        cut.becomes(n, call, i)
    call.meta["kept"] = ()
    return cut.done(nodes)


def _single(xs: tuple[Any, ...]) -> Any:
    return xs[0] if len(xs) == 1 else xs


def _trace() -> Trace:
    here = current_scope()
    if not isinstance(here, Trace):
        raise ConversionError(
            "a derivative in the source's own form is taken of a recorded program only",
            hint="transpile the function that takes it, or use ivy.grad",
        )
    return here


def _node(trace: Trace, x: Any) -> Node:
    lifted = trace.lift(x)
    return lifted.node if isinstance(lifted, TracedArray) else lifted


def _placed(trace: Trace, node: Node) -> None:
    node.loc, node.scope = trace.loc, trace.module_path
    if trace.origin is not None:
        node.meta["origin"] = trace.origin


class _Cut:
    """The calls that lead from variables to ends, taken out of the innermost trace's graph.

    What the traces around it have recorded is copied: it stays there.

    Args:
        trace: the innermost trace.
        variables: where the slice starts.
        ends: where it ends.
        perturbs: give a variable that depends on another one an addend of zeros as its argument, for both count.
        region: take every node that is not among these (by `id`), instead of those that depend on the variables.
    """

    def __init__(
        self,
        trace: Trace,
        variables: Sequence[Node],
        ends: Sequence[Node],
        *,
        perturbs: bool = True,
        region: set[int] | None = None,
    ) -> None:
        self.trace = trace
        self.variables = list(variables)
        self.graph = Graph("ivy", "fun")
        self.arguments: tuple[Any, ...] = ()
        self._inner: dict[int, Node] = {}
        self._made: list[Node] = []
        self._became: set[int] = set()
        chosen = {id(n) for n in variables}
        row: list[Node] = []
        around: Trace | None = trace
        while around is not None:
            row[:0] = around.graph.nodes
            around = around.outer if region is None else None
        self._differentiated: set[int] = set()
        # a variable that an earlier derivative's function has computed, where that derivative is differentiated too
        wholes = {id(_whole(v)): v for v in variables if v.kind == "item"} if perturbs and region is None else {}
        self._within = self._reached(row, chosen, {id(n) for n in ends}) & set(wholes)
        while True:
            inside = self._slice(row, chosen, {id(n) for n in ends}, perturbs, region)
            calls = {id(n) for n in row if id(n) in inside and "kept" in n.meta}
            if calls <= self._differentiated:
                break
            self._differentiated |= calls
        for n in trace.graph.nodes:  # every part of what moves, for nothing stays that it could be a part of
            if n.kind == "item" and id(n.args[0]) in inside:
                inside.add(id(n))
        self.slice = [n for n in row if id(n) in inside]
        mine = {id(n) for n in trace.graph.nodes}
        moves = perturbs or region is not None
        self._moved = [n for n in self.slice if moves and id(n) in mine and self._was(n) is n and "dead" not in n.meta]
        self._own = {id(n) for n in self._moved}
        self._repeatable = region is None and not any(map(_draws, self.slice))
        self.kept = [n for n in self._moved if type(n.out) is Aval]
        arguments: list[Node] = []
        addends: dict[int, Node] = {}
        for n in self.variables:
            argument = Node("input", n.name or n.fn.rpartition(".")[2] or "x", out=n.out)
            self.graph.inputs.append(argument)
            if id(n) in inside:
                addends[id(n)] = argument
                zeros = Node("call", "zeros", "ivy.zeros", (n.out.shape,), {"dtype": n.out.dtype}, out=n.out)
                _placed(trace, zeros)
                self._made.append(zeros)
                arguments.append(zeros)
            else:
                self._inner[id(n)] = argument
                arguments.append(n)
        self.arguments = tuple(arguments)
        self._fill(addends)

    def _slice(
        self, row: list[Node], chosen: set[int], needed: set[int], perturbs: bool, region: set[int] | None
    ) -> set[int]:
        """Return the `id` of the nodes that the ends need and that depend on the variables."""
        depends: set[int] = set()
        for n in row:
            if region is not None:
                if id(n) not in region and n.kind != "const":
                    depends.add(id(n))
            elif id(n) in self._within or any(id(r) in depends or id(r) in chosen for r in self._refs(n)):
                depends.add(id(n))
        inside: set[int] = set()
        for n in reversed(row):
            if id(n) not in needed or id(n) not in depends or n.kind == "guard":
                continue
            if id(n) in chosen and not perturbs:
                continue
            inside.add(id(n))
            needed.update(id(r) for r in self._refs(n))
        return inside

    def _reached(self, row: list[Node], chosen: set[int], needed: set[int]) -> set[int]:
        """Return the `id` of everything that the ends need, the variables taken as given."""
        for n in reversed(row):
            if id(n) in needed and id(n) not in chosen:
                needed.update(id(r) for r in self._refs(n))
        return needed

    def _was(self, node: Node) -> Node:
        """Return what a node was before it became a part of a derivative's result, unless that is in the slice too."""
        while "was" in node.meta and id(_whole(node)) not in self._differentiated:
            node = node.meta["was"]
        return node

    def _refs(self, node: Node) -> Any:
        was = self._was(node)
        return refs((was.args, was.kwargs))

    def _fill(self, addends: dict[int, Node]) -> None:
        for n in self.slice:
            copied = _copied(self._was(n), self._inner)
            self.graph.nodes.append(copied)
            self._inner[id(n)] = copied
            if id(n) in self._within:
                for v in self.variables:
                    if id(v) in addends and _whole(v) is n:
                        _perturbed(copied, v, addends.pop(id(v)))
            if id(n) in addends:
                self._inner[id(n)] = self._call("add", (copied, addends[id(n)]), n.out)

    def _call(self, op: str, args: tuple[Any, ...], out: Any) -> Node:
        node = Node("call", op, fn=f"ivy.{op}", args=args, out=out)
        _placed(self.trace, node)
        self.graph.nodes.append(node)
        return node

    # -- within the sub-graph -----------------------------------------------------------------------------------------

    def inner(self, node: Node) -> Node:
        """Return what stands for a node within the sub-graph: the node itself if it lies outside."""
        return self._inner.get(id(node), node)

    def knows(self, node: Node) -> bool:
        """Whether something within the sub-graph stands for a node."""
        return id(node) in self._inner

    def ones_like(self, node: Node) -> Node:
        """Add ones like a node of the sub-graph."""
        return self._call("ones_like", (node,), node.out)

    def outer_references(self) -> list[Node]:
        """Return the nodes around the sub-graph that it uses."""
        return list(self.graph.free_nodes())

    def add_arguments(self, nodes: Sequence[Node]) -> None:
        """Let nodes around the sub-graph come in as arguments."""
        fresh = {id(n): Node("input", n.name or "x", out=n.out) for n in nodes}
        self.graph = self.graph.copied(fresh, self._inner)
        self.graph.inputs += fresh.values()
        self._inner.update(fresh)
        self.arguments += tuple(nodes)

    def finish(self, output: Any, name: str) -> None:
        """Say what the sub-graph returns; it is called with one tuple."""
        self.graph.output, self.graph.name = output, name
        self.graph.arguments = (tuple(self.graph.inputs),)

    # -- around it ----------------------------------------------------------------------------------------------------

    def call(self, op: str, args: tuple[Any, ...], kwargs: dict[str, Any], out: Any) -> Node:
        """Make the call that the sub-graph is an argument of."""
        node = Node("call", op, fn=f"ivy.{op}", args=args, kwargs=kwargs, out=out)
        _placed(self.trace, node)
        self._made.append(node)
        return node

    def item(self, node: Node, index: int) -> Node:
        """Take a part of a result."""
        part = Node("item", node.name, args=(node, index), out=node.out[index], loc=node.loc, scope=node.scope)
        self._made.append(part)
        return part

    def moves(self, node: Node) -> bool:
        """Whether a node leaves the graph for the sub-graph."""
        return id(node) in self._own

    def becomes(self, node: Node, whole: Node, index: int) -> None:
        """Let a node that has moved stand for a part of the call's result."""
        meta = {k: v for k, v in node.meta.items() if k not in ("same", "kept")}
        if self._repeatable:
            meta["was"] = _copied(node, {})
        node.kind, node.fn, node.args, node.kwargs, node.meta = "item", "", (whole, index), {}, meta
        self._became.add(id(node))

    def done(self, results: Sequence[Node]) -> list[Any]:
        """Put the graph in order again and return the results as traced arrays."""
        made = {id(n) for n in self._made}
        for n in self._moved:
            if id(n) not in self._became:
                n.meta["dead"] = True
        before: list[Node] = []
        after: list[Node] = []
        later = {*self._own, *made}
        for n in self.trace.graph.nodes:
            if id(n) in later:
                continue
            if any(id(r) in later for r in refs((n.args, n.kwargs))):
                later.add(id(n))
                after.append(n)
            else:
                before.append(n)
        # in the order in which they were computed; calls of several results are dead, but tell what these were
        parts = [
            n
            for n in self.slice
            if id(n) in self._became or (self._repeatable and id(n) in self._own and type(n.out) is not Aval)
        ]
        self.trace.graph.nodes = [*before, *self._made, *parts, *after]
        return [TracedArray(self.trace, n, n.aval) for n in results]


def _whole(node: Node) -> Node:
    """Return the call that a node is a part of the result of."""
    while node.kind == "item":
        node = node.args[0]
    return node


def _perturbed(call: Node, part: Node, addend: Node) -> None:
    """Add an array to what a call's sub-graph computes and gives as a part of the call's result."""
    path: list[int] = []
    while part.kind == "item":
        path.insert(0, part.args[1])
        part = part.args[0]
    graph = next(subgraphs(call))
    target = graph.output
    for index in path if call.fn == "ivy.checkpoint" else path[1:]:
        target = target[index]
    if target.kind == "item" and "kept" in _whole(target).meta:
        _perturbed(_whole(target), target, addend)
        return
    at = next(i for i, n in enumerate(graph.nodes) if n is target)
    total = Node("call", "add", "ivy.add", (target, addend), out=target.out, loc=target.loc, scope=target.scope)
    for n in graph.nodes[at + 1 :]:
        n.args, n.kwargs = _replaced(n.args, target, total), _replaced(n.kwargs, target, total)
    graph.output = _replaced(graph.output, target, total)
    graph.nodes.insert(at + 1, total)


def _replaced(x: Any, old: Node, new: Node) -> Any:
    def swap(v: Any) -> Any:
        if v is old:
            return new
        return v.copied({id(old): new}) if isinstance(v, Graph) else v

    return map_nested(x, swap)


def _draws(node: Node) -> bool:
    """Whether a call draws random numbers, or may: then it must not be made twice."""
    if node.kind != "call":
        return False
    op = OPS.get(node.fn.removeprefix("ivy."))
    if op is None or "random" in op.traits or "impure" in op.traits:
        return True
    return any(_draws(n) for sub in subgraphs(node) for n in sub.calls())


def _copied(node: Node, known: dict[int, Node]) -> Node:
    def new(x: Any) -> Any:
        if type(x) is Node:
            return known.get(id(x), x)
        return x.copied(known) if isinstance(x, Graph) else x

    meta = {k: v for k, v in node.meta.items() if k != "dead"}
    return Node(
        node.kind, node.name, node.fn, map_nested(node.args, new), map_nested(node.kwargs, new), node.out, node.value,
        node.loc, node.scope, meta,
    )  # fmt: skip
