"""Branches on values that are known only when the graph runs, where that is too late to choose a graph: under jit.

Both ways are captured to the end. Where one of them is an exception of the user's own, the branch is a check, which is
left out; where they give results of one form, they become an `ivy.cond`; else the user is told which line it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ivy.errors import DataDependentError, IvyError
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph, subgraphs
from ivy.graph.node import Node, map_nested, map_refs, refs
from ivy.transpiler.checks import CHECK_LEFT_OUT
from ivy.transpiler.faults import is_users
from ivy.transpiler.reads import UNKNOWN, UnknownValue, Way

__all__ = ["forked"]

_MOST_WAYS = 16
_WAY_OUT = "use where or cond in place of the branch in the source, or call the transpiled function outside of jit"


def forked(capture: Callable[[tuple[Any, ...]], Graph], unknown: UnknownValue) -> Graph:
    """Capture every way that code can take.

    Args:
        capture: gives the graph, in the ivy dialect, for the first answers to what the code asks.
        unknown: the first question without an answer.

    Returns:
        One graph with conditions.

    Raises:
        DataDependentError: if it can't be: a number is asked for, the ways' results differ in form, or are too many.
    """
    return _Forks(capture).at(unknown, ())


class _Forks:
    def __init__(self, capture: Callable[[tuple[Any, ...]], Graph]) -> None:
        self.capture = capture
        self.ways = 1

    def at(self, unknown: UnknownValue, answers: tuple[Any, ...]) -> Graph:
        """Go on from a question without an answer."""
        if unknown.graph is not None and unknown.truth:
            try:
                return self.both(unknown, answers)
            except DataDependentError:
                if unknown.held is UNKNOWN:
                    raise
        elif unknown.graph is None or unknown.held is UNKNOWN:
            raise unknown
        return self.as_buffers_say(unknown, answers)

    def as_buffers_say(self, unknown: UnknownValue, answers: tuple[Any, ...]) -> Graph:
        """Go the way that the module's buffers, which do not change under jit, lead to."""
        graph = self.way((*answers, unknown.held))
        read = [n for n in graph.nodes if n.kind == "guard"][len(answers)]
        graph.nodes.remove(read)
        names = {name for name, p in graph.params.items() if p in _ancestors(read)}
        if names & graph.updates.keys():
            raise _refused(unknown, f"it rests on {', '.join(sorted(names))}, which the call itself changes")
        graph.note("changed", f"a look at {', '.join(sorted(names))}", "under jit the value is the source's", read.loc)
        return graph

    def both(self, unknown: UnknownValue, answers: tuple[Any, ...]) -> Graph:
        """Go both ways."""
        self.ways += 1
        if self.ways > _MOST_WAYS:
            raise _refused(unknown, f"the code branches on values in more than {_MOST_WAYS} ways")
        found: list[Graph] = []
        raised: list[Exception] = []
        for answer in (True, False):
            try:
                found.append(self.way((*answers, Way(answer))))
            except IvyError:
                raise
            except Exception as error:
                if not is_users(error):
                    raise
                raised.append(error)
        if len(raised) == 2:
            raise raised[0]
        guards = [n for n in found[0].nodes if n.kind == "guard"]
        read = guards[len(answers)]
        if raised:
            self.ways -= 1
            graph = found[0]
            graph.nodes.remove(read)
            graph.note("ignored", "a check of values", CHECK_LEFT_OUT, read.loc)
            return graph
        return _joined(found[0], found[1], read, unknown)

    def way(self, answers: tuple[Any, ...]) -> Graph:
        """Capture with these answers, and on from the next question."""
        try:
            return self.capture(answers)
        except UnknownValue as unknown:
            return self.at(unknown, answers)


def _ancestors(node: Node) -> set[Node]:
    found: set[Node] = set()
    todo = [node]
    while todo:
        for r in refs((todo.pop().args,)):
            if r not in found:
                found.add(r)
                todo.append(r)
    return found


def _refused(unknown: UnknownValue, why: str) -> DataDependentError:
    return DataDependentError(
        "the code branches on a value that is not known under jit", where=unknown.where, why=why, hint=_WAY_OUT
    )


def _joined(true: Graph, false: Graph, read: Node, unknown: UnknownValue) -> Graph:
    """Make one graph of two that are the same up to the node `read` of the first."""
    at = true.nodes.index(read)
    same: dict[int, Node] = {
        **{id(b): a for a, b in zip(true.inputs, false.inputs, strict=True)},
        **{id(b): true.params.setdefault(name, b) for name, b in false.params.items()},
    }
    for a, b in zip(true.nodes[: at + 1], false.nodes[: at + 1], strict=True):
        if (a.kind, a.fn) != (b.kind, b.fn):
            raise _refused(unknown, "what comes before it differs from one capture to the next")
        same[id(b)] = a
    for node in false.nodes[at + 1 :]:
        _renamed(node, same)
    rest = [g.nodes[at + 1 :] for g in (true, false)]
    names = sorted({*true.updates, *false.updates})
    written = sorted({*true.mutated, *false.mutated})
    results = [_results(g, true, names, written, s) for g, s in ((true, {}), (false, same))]
    form, leaves = _form(results[0]), [_leaves(r) for r in results]
    if form != _form(results[1]):
        raise _refused(unknown, f"the results differ in form: {_shown(true.output)} or {_shown(false.output)}")
    outs: list[Any] = []
    for x, y in zip(*leaves, strict=True):
        if x is y or type(x) is not Node:
            continue
        outs.append((x, y))
    branches = []
    for k, (name, nodes) in enumerate(zip(("if_true", "if_false"), rest, strict=True)):
        branch = Graph("ivy", name)
        branch.nodes = [n for n in nodes if n.kind != "const"]
        branch.output = tuple(pair[k] for pair in outs)
        branch.arguments = ()
        branches.append(branch)
    new = true
    constants = [n for nodes in rest for n in nodes if n.kind == "const"]
    new.nodes = [*true.nodes[:at], *constants]
    new.notes += [n for n in false.notes if n not in new.notes]
    if outs:
        pred = read.args[0]
        node = Node("call", "chosen", fn="ivy.cond", args=(_scalar(new, pred, read), *branches), loc=read.loc)
        node.out = tuple(x.out for x, _ in outs)
        node.scope = read.scope
        new.nodes.append(node)
        chosen: dict[int, Node] = {}
        for i, (x, _) in enumerate(outs):
            item = Node("item", x.name, args=(node, i), out=x.out, loc=x.loc or read.loc, scope=read.scope)
            new.nodes.append(item)
            chosen.setdefault(id(x), item)
        pairs = {(id(x), id(y)): item for (x, y), item in zip(outs, new.nodes[-len(outs) :], strict=True)}
        left, right = iter(leaves[0]), iter(leaves[1])

        def pick(_: Any) -> Any:
            x, y = next(left), next(right)
            return x if x is y or type(x) is not Node else pairs[(id(x), id(y))]

        new.output, new.updates, new.mutated = map_nested(results[0], pick)
    else:
        new.output, new.updates, new.mutated = results[0]
    return new


def _scalar(graph: Graph, pred: Node, read: Node) -> Node:
    """Return the truth of an array of one element as one without axes."""
    if type(pred.out) is not Aval or not pred.out.shape:
        return pred
    node = Node("call", "truth", fn="ivy.reshape", args=(pred, ()), out=Aval((), pred.out.dtype), loc=read.loc)
    graph.nodes.append(node)
    return node


def _renamed(node: Node, same: dict[int, Node]) -> None:
    new = lambda n: same.get(id(n), n)
    node.args, node.kwargs = map_refs(node.args, new), map_refs(node.kwargs, new)
    for sub in subgraphs(node):
        for inner in sub.nodes:
            _renamed(inner, same)
        sub.output = map_refs(sub.output, new)


def _results(graph: Graph, whole: Graph, names: list[str], written: list[int], same: dict[int, Node]) -> Any:
    updates = {name: graph.updates.get(name, whole.params[name]) for name in names}
    mutated = {i: graph.mutated.get(i, whole.inputs[i]) for i in written}
    return map_refs((graph.output, updates, mutated), lambda n: same.get(id(n), n))


def _leaves(x: Any) -> list[Any]:
    found: list[Any] = []
    map_nested(x, found.append)
    return found


def _form(x: Any) -> Any:
    """Return a nest with what two ways' results must have in common in place of the leaves."""
    return map_nested(x, lambda v: ("array", v.out) if type(v) is Node else ("value", type(v), repr(v)))


def _shown(x: Any) -> str:
    return repr(map_nested(x, lambda v: v.out if type(v) is Node else v))
