"""Functions that operations call: calls that are inlined, loops, branches and functions with their own derivative."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from ivy.errors import CaptureError
from ivy.graph.aval import Aval
from ivy.graph.node import Node
from ivy_tensorflow.capture import private
from ivy_tensorflow.capture.lists import resized
from ivy_tensorflow.capture.recorder import Cell, Lit, Recorder, TensorList, Value, bodies_of

__all__ = ["CONTROL"]


def _call(r: Recorder, op: Any, ins: list[Any]) -> list[Any]:
    return r.run(bodies_of(op)[0], ins)


# -- branches ---------------------------------------------------------------------------------------------------------


def _if(r: Recorder, op: Any, ins: list[Any]) -> list[Any]:
    pred, operands = ins[0], ins[1:]
    then, other = bodies_of(op)
    if isinstance(pred, Lit):
        return r.run(then if bool(np.any(pred.value)) else other, operands)
    graphs, assemble = _branches(r, op, operands, {"if_true": then, "if_false": other})
    kwargs = {"cond": r.node(pred), "then_branch": graphs[0], "else_branch": graphs[1]}
    return assemble(kwargs)


def _case(r: Recorder, op: Any, ins: list[Any]) -> list[Any]:
    index, operands = ins[0], ins[1:]
    bodies = bodies_of(op)
    if isinstance(index, Lit):
        chosen = int(index.value)
        return r.run(bodies[chosen if 0 <= chosen < len(bodies) else -1], operands)
    graphs, assemble = _branches(r, op, operands, {f"branch_{i}": b for i, b in enumerate(bodies)})
    return assemble({"branch_index": r.node(index), "branches": graphs})


def _branches(r: Recorder, op: Any, operands: list[Any], bodies: dict[str, Any]) -> Any:
    """Record branches as graphs that read their operands from around; variables written in any are results of all."""
    before = {id(c): c.value for c in r.cells}
    graphs, results, finals = [], [], []
    for name, body in bodies.items():
        found: list[Any] = []
        graphs.append(r.subgraph(name, lambda inner, _: found.extend(inner.run(body, operands)), ()))  # noqa: B023
        results.append(found)
        finals.append({id(c): c.value for c in r.cells})
        for c in r.cells:
            c.value = before[id(c)]
    written = [c for c in r.cells if any(f[id(c)] is not before[id(c)] for f in finals)]
    used = [i for i, v in enumerate(results[0]) if v is not None]
    for graph, found, final in zip(graphs, results, finals):
        graph.output = tuple(r.node(v) for v in [*(found[i] for i in used), *(final[id(c)] for c in written)])
    like = results[0]
    avals = tuple(n.aval for n in graphs[0].output)
    for graph in graphs[1:]:
        _agree(r, op, avals, tuple(n.aval for n in graph.output))

    def assemble(kwargs: dict[str, Any]) -> list[Any]:
        parts = r.parts(r.call(op.type.removeprefix("Stateless"), kwargs, avals))
        values: list[Any] = [None] * len(like)
        for i, part in zip(used, parts):
            values[i] = _as(like[i], part)
        for cell, part in zip(written, parts[len(used) :]):
            cell.value = part
        return values

    return graphs, assemble


def _as(like: Any, node: Node) -> Value:
    """Return an array as what it stands for."""
    if isinstance(like, TensorList):
        return TensorList(like.dtype, tuple(node.aval.shape[1:]), node.aval.shape[0], node, like.grows)
    return node


def _agree(r: Recorder, op: Any, before: Sequence[Aval], after: Sequence[Aval]) -> None:
    for a, b in zip(before, after, strict=True):
        if a != b:
            kind = "loop" if op.type.endswith("While") else "branch"
            raise CaptureError(
                f"an array is {a} on one way through a {kind} and {b} on the other",
                where=str(r.loc or ""),
                hint="shapes must stay the same; give a tf.TensorArray its size and element_shape",
            )


# -- loops ------------------------------------------------------------------------------------------------------------

_TRIPS = 20_000  # loops are followed up to here to count their steps


def _while(r: Recorder, op: Any, ins: list[Any]) -> list[Any]:
    test, body = bodies_of(op)
    fixed = {i for i, t in enumerate(body.outputs) if _origin(t) is not None and _origin(t).name == body.inputs[i].name}
    fixed |= {i for i, v in enumerate(ins) if isinstance(v, Cell)}
    written = _written(body, ins)
    ins, trips = _prepare_lists(r, body, test, list(ins), fixed)
    live = _needed(op, test, body, fixed, counted=trips is not None)
    carried = [i for i in range(len(ins)) if i in live and i not in fixed]
    # the values that enter, in the graph around; cells that the body writes to are carried as well
    init = [r.node(ins[i]) for i in carried] + [r.node(c.value) for c in written]
    avals = [n.aval for n in init]
    before = [c.value for c in written]

    def enter(nodes: list[Node]) -> list[Any]:
        args: list[Any] = [v if i in fixed else None for i, v in enumerate(ins)]
        for i, node in zip(carried, nodes):
            args[i] = _as(ins[i], node)
        for cell, node in zip(written, nodes[len(carried) :]):
            cell.value = node
        return args

    def record_test(inner: Recorder, nodes: list[Node]) -> Node:
        return inner.node(inner.run(test, enter(nodes))[0])

    def record_body(inner: Recorder, nodes: list[Node]) -> tuple[Node, ...]:
        outs = inner.run(body, enter(nodes), [body.outputs[i] for i in carried])
        found = tuple(inner.node(v) for v in [*outs, *(c.value for c in written)])
        _agree(r, op, avals, [n.aval for n in found])
        return found

    kwargs: dict[str, Any] = {"input": tuple(init)}
    if trips is None:
        kwargs["cond"] = r.subgraph("cond", record_test, avals, lambda nodes: (tuple(nodes),))
    kwargs["body"] = r.subgraph("body", record_body, avals, lambda nodes: (tuple(nodes),))
    if trips is not None:
        kwargs["trip_count"] = trips
    for cell, value in zip(written, before):
        cell.value = value
    results: list[Any] = [v if i in fixed else None for i, v in enumerate(ins)]
    if not carried and not written:
        return results
    parts = r.parts(r.call("While", kwargs, tuple(avals)))
    for i, part in zip(carried, parts):
        results[i] = _as(ins[i], part)
    for cell, part in zip(written, parts[len(carried) :]):
        cell.value = part
    return results


def _origin(tensor: Any) -> Any:
    """Return the input that an output is, through identities; None if it is computed."""
    while tensor.op.type == "Identity":
        tensor = tensor.op.inputs[0]
    return tensor if tensor.op.type == "Placeholder" else None


def _written(body: Any, ins: Sequence[Any]) -> list[Cell]:
    """Return the variables that a function's body gives new values."""
    bound = {t.name: v for t, v in zip(body.inputs, ins)}
    found: dict[int, Cell] = {}
    for op in body.get_operations():
        if not any(t.dtype == tf.resource for t in op.inputs):
            continue
        cells = [bound.get(o.name) if (o := _origin(t)) is not None else None for t in op.inputs]
        inner = bodies_of(op)
        if inner:
            offset = len(op.inputs) - len(inner[0].inputs)
            for graph in inner:
                found.update((id(c), c) for c in _written(graph, cells[offset:]))
        elif op.type.startswith(("Assign", "ResourceScatter", "ResourceStridedSliceAssign")):
            found.update((id(c), c) for c in cells if isinstance(c, Cell))
    return list(found.values())


def _needed(op: Any, test: Any, body: Any, fixed: set[int], counted: bool) -> set[int]:
    """Return the loop variables that matter for what is used of the loop's results."""
    kept = {t.name for t in op.graph.outputs}
    live = {i for i, t in enumerate(op.outputs) if t.consumers() or t.name in kept}
    place = {t.name: i for i, t in enumerate(body.inputs)}
    if not counted:
        live |= {i for i, t in enumerate(test.inputs) if t.name in _reached(test.outputs)}
    writers = [t for inner in body.get_operations() if _writes(inner) for t in inner.inputs]
    live |= {place[n] for n in _reached(writers) if n in place}
    while True:
        names = _reached([body.outputs[i] for i in live if i not in fixed])
        more = {place[n] for n in names if n in place} - live
        if not more:
            return live
        live |= more


def _writes(op: Any) -> bool:
    from ivy_tensorflow.capture.recorder import writes_in

    return writes_in(op)


def _reached(tensors: Sequence[Any]) -> set[str]:
    stack, found = list(tensors), set()
    while stack:
        t = stack.pop()
        if t.name not in found:
            found.add(t.name)
            stack += list(t.op.inputs)
    return found


class _Follow:
    """Computes what can be computed of a function's graph when only some of its inputs are known."""

    def __init__(self, graph: Any, known: dict[int, np.ndarray]) -> None:
        self.values: dict[str, Any] = {t.name: known.get(i) for i, t in enumerate(graph.inputs)}

    def __call__(self, tensor: Any) -> Any:
        if tensor.name in self.values:
            return self.values[tensor.name]
        self.values[tensor.name] = None
        op = tensor.op
        if op.type == "Const":
            found: Any = [tf.make_ndarray(op.get_attr("value"))]
        elif not op.inputs or op.type not in _FOLLOWED:
            return None
        else:
            ins = [self(t) for t in op.inputs]
            if any(v is None for v in ins):
                return None
            found = private.evaluate(op, ins)
        if found is not None:
            self.values[tensor.name] = found[tensor.value_index]
        return self.values[tensor.name]


_WRAPPERS = ("/tf_decorator.py", "/dispatch.py", "/traceback_utils.py", "/deprecation.py")
_FOLLOWED = frozenset(
    [*private.QUICK, "FloorDiv", "FloorMod", "Cast", "Mod", "RealDiv", "Pack", "StridedSlice", "SelectV2"]
)


def _follow(test: Any, body: Any, ins: Sequence[Any], watch: Sequence[Any]) -> tuple[int, dict[str, int]] | None:
    """Count a loop's steps by running what of it depends on known numbers only.

    Args:
        test: graph of the condition.
        body: graph of one step.
        ins: the loop's variables.
        watch: tensors of the body whose largest values are wanted.

    Returns:
        The number of steps and the largest values by name; None if the loop depends on arrays.
    """
    known = {i: v.value for i, v in enumerate(ins) if isinstance(v, Lit) and v.value.size <= 16}
    largest: dict[str, int] = {}
    for step in range(_TRIPS):
        going = _Follow(test, known)(test.outputs[0])
        if going is None:
            return None
        if not going:
            return step, largest
        follow = _Follow(body, known)
        for t in watch:
            value = follow(t)
            if value is not None:
                largest[t.name] = max(largest.get(t.name, -1), int(value))
        known = {i: v for i in known if (v := follow(body.outputs[i])) is not None}
    return None


def _prepare_lists(r: Recorder, body: Any, test: Any, ins: list[Any], fixed: set[int]) -> tuple[list[Any], int | None]:
    """Give lists that a loop fills their element shape and final length; count the loop's steps."""
    writes: dict[int, list[Any]] = {}
    for i, v in enumerate(ins):
        if isinstance(v, TensorList) and i not in fixed:
            writes[i] = _writers(body, body.inputs[i])
    watch = [w.inputs[1] for ops in writes.values() for w in ops if w.type == "TensorListSetItem"]
    followed = _follow(test, body, ins, watch)
    for i, ops in writes.items():
        value = ins[i]
        shape = value.shape
        for w in ops:
            item = private.aval_of_tensor(w.inputs[2 if w.type == "TensorListSetItem" else 1])
            if shape is None and item is not None:
                shape = item.shape
        value = TensorList(value.dtype, shape, value.length, value.node, value.grows)
        if any(w.type == "TensorListSetItem" and w.get_attr("resize_if_index_out_of_bounds") for w in ops):
            reach = [followed[1].get(w.inputs[1].name) if followed else None for w in ops]
            if None in reach:
                raise CaptureError(
                    "a tf.TensorArray grows in a loop whose number of steps depends on values",
                    where=str(r.loc or ""),
                    hint="give it its size: tf.TensorArray(dtype, size=n)",
                )
            value = resized(r, value, max(value.length, *[int(n or 0) + 1 for n in reach]))
        elif any(w.type == "TensorListPushBack" for w in ops):
            raise CaptureError(
                "a list of tensors grows in a loop",
                where=str(r.loc or ""),
                hint="use tf.TensorArray with a size and write(i, x)",
            )
        ins[i] = value
    return ins, None if followed is None else followed[0]


def _writers(graph: Any, tensor: Any) -> list[Any]:
    """Return the operations of a graph, and of those that it calls, that write to a list."""
    found: list[Any] = []
    stack, seen = [tensor], set()
    while stack:
        t = stack.pop()
        if t.name in seen:
            continue
        seen.add(t.name)
        for op in t.consumers():
            if op.type in ("TensorListSetItem", "TensorListPushBack") and op.inputs[0] is t:
                found.append(op)
                stack.append(op.outputs[0])
            elif op.type == "Identity":
                stack.append(op.outputs[0])
            for inner in bodies_of(op):
                offset = len(op.inputs) - len(inner.inputs)
                for i, given in enumerate(op.inputs):
                    if given is t and i >= offset:
                        found += _writers(inner, inner.inputs[i - offset])
                stack += [o for o in op.outputs if o.dtype == tf.variant]
    return found


# -- functions with their own derivative ------------------------------------------------------------------------------


def _identity_n(r: Recorder, op: Any, ins: list[Any]) -> list[Any]:
    """Pass operands on; a `tf.custom_gradient` leaves its rule at such an operation."""
    if not any(a == "_gradient_op_type" for a in op.node_def.attr) or _is_tensorflows_own(op) or not r.derivatives:
        return ins
    rule = private.gradient_of(op)
    places = [i for i, v in enumerate(ins) if isinstance(v, (Node, Lit)) and op.inputs[i].dtype.is_floating]
    if rule is None or not places:
        return ins
    if any(isinstance(v, Cell) for v in ins):
        raise CaptureError(
            "a tf.custom_gradient function reads variables",
            where=str(r.loc or ""),
            hint="pass the variables' values to it as arguments",
        )
    return _custom_gradient(r, op, ins, rule, places)


def _is_tensorflows_own(op: Any) -> bool:
    """Whether the rule is TensorFlow's, which saves memory and is the derivative that the operations have anyway."""
    inside = False
    for frame in reversed(tuple(op.traceback or ())):
        name = frame.filename.replace("\\", "/")
        if name.endswith("/custom_gradient.py"):
            inside = True
        elif inside and not name.endswith(_WRAPPERS):
            return name.endswith("tensorflow/python/ops/nn_impl.py")
    return False


def _custom_gradient(r: Recorder, op: Any, ins: list[Any], rule: Any, places: list[int]) -> list[Any]:
    def backward(*cotangents: Any) -> Any:
        found = rule(op, *cotangents)
        found = found if isinstance(found, (list, tuple)) else [found]
        kept.extend(i for i in places if i < len(found) and found[i] is not None)
        return [tf.convert_to_tensor(found[i]) for i in kept]

    kept: list[int] = []
    specs = [tf.TensorSpec(t.shape, t.dtype) for t in op.outputs]
    graph = private.subfunction(op.graph, backward, specs, "custom_gradient")
    outer = [r.const(t, name="value") if hasattr(t, "numpy") else r.demand(t) for t, _ in graph.captures]
    read = [v for v in outer if isinstance(v, Node)]
    operands = [r.node(ins[i]) for i in places]
    avals, all_avals = [n.aval for n in operands], [n.aval for n in (*operands, *read)]

    def results(inner: Recorder, nodes: list[Node]) -> Any:
        return _one_or_tuple(nodes[: len(places)])

    def forward(inner: Recorder, nodes: list[Node]) -> Any:
        return results(inner, nodes), tuple(nodes[len(places) :])

    def pull(inner: Recorder, nodes: list[Node]) -> Any:
        residuals = iter(nodes[: len(read)])
        given = dict(zip(places, nodes[len(read) :]))
        zeros = [given.get(i) or _zeros(inner, t) for i, t in enumerate(op.outputs)]
        bound = [next(residuals) if isinstance(v, Node) else v for v in outer]
        outs = dict(zip(kept, inner.run(graph, [*zeros, *bound])))
        return tuple([inner.node(outs[i]) if i in outs else None for i in places] + [None] * len(read))

    before, r.derivatives = r.derivatives, False
    try:
        fun = r.subgraph("primal", results, all_avals)
        fwd = r.subgraph("fwd", forward, all_avals)
        bwd = r.subgraph(
            "bwd",
            pull,
            [*(n.aval for n in read), *avals],
            lambda nodes: (tuple(nodes[: len(read)]), _one_or_tuple(nodes[len(read) :])),
        )
    finally:
        r.derivatives = before
    arguments = {"fun": fun, "fwd": fwd, "bwd": bwd, "args": (*operands, *read)}
    node = r.call("CustomGradient", arguments, _one_or_tuple(avals))
    parts = [node] if len(places) == 1 else r.parts(node)
    found = list(ins)
    for i, part in zip(places, parts):
        found[i] = part
    return found


def _zeros(r: Recorder, tensor: Any) -> Value:
    return Lit(np.zeros(tuple(tensor.shape), tensor.dtype.as_numpy_dtype))


def _one_or_tuple(xs: Any) -> Any:
    return xs[0] if len(xs) == 1 else tuple(xs)


CONTROL: dict[str, Any] = {
    "PartitionedCall": _call,
    "StatefulPartitionedCall": _call,
    "If": _if,
    "StatelessIf": _if,
    "Case": _case,
    "StatelessCase": _case,
    "While": _while,
    "StatelessWhile": _while,
    "IdentityN": _identity_n,
}
