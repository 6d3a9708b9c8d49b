"""Calls that differentiate: recorded as what they are, with what they differentiate known as nodes.

The call runs as well, so torch itself says which tensors a gradient reaches; what the backward pass computes below is
not recorded. The frontend turns the node into a derivative of the calls recorded before it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import torch

from ivy.dtypes import as_dtype
from ivy.errors import CaptureError
from ivy.graph.aval import Aval
from ivy.graph.node import Node, refs
from ivy_torch.capture.levels import batch_levels

_F = torch._C._functorch

__all__ = ["CALLS", "leftovers"]


def _tuple(x: Any) -> tuple[Any, ...]:
    return (x,) if isinstance(x, torch.Tensor) or x is None else tuple(x)


def _really(recorder: Any, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    recorder.busy += 1
    try:
        return fn(*args, **kwargs)
    finally:
        recorder.busy -= 1


def _grad(recorder: Any, func: Any, args: Any, kwargs: Any) -> Any:
    def run(
        outputs: Any,
        inputs: Any,
        grad_outputs: Any = None,
        retain_graph: Any = None,
        create_graph: bool = False,
        only_inputs: bool = True,
        allow_unused: Any = None,
        is_grads_batched: bool = False,
        materialize_grads: bool = False,
    ) -> Any:
        options = {"retain_graph": retain_graph, "create_graph": create_graph, "is_grads_batched": is_grads_batched}
        wanted = _tuple(inputs)
        unused = True if materialize_grads else allow_unused
        found = _really(recorder, func, outputs, wanted, grad_outputs, allow_unused=unused, **options)
        raw = [x for x in wanted if id(x) in recorder._unhooked and _really(recorder, _leads_on, x, wanted)]
        _record(recorder, _tuple(outputs), wanted, grad_outputs, found, create_graph, is_grads_batched, raw)
        if not materialize_grads:
            return found
        zeros = recorder.recorded(lambda: [torch.zeros_like(x) if g is None else g for x, g in zip(wanted, found)])
        return tuple(zeros)

    return run(*args, **kwargs)


def _record(
    recorder: Any,
    outputs: Sequence[Any],
    inputs: Sequence[Any],
    grad_outputs: Any,
    found: Sequence[Any],
    create_graph: bool,
    batched: bool = False,
    raw: Sequence[Any] = (),
) -> None:
    """Add the node of gradients that torch has computed; it names the inputs that they reach."""
    given = _tuple(grad_outputs)
    cotangents: list[Any] | None = None
    if any(c is not None for c in given):

        def ones() -> list[Any]:
            return [torch.ones_like(y) if c is None else c for y, c in zip(outputs, given)]

        cotangents = recorder.recorded(ones)
    pairs = [(x, g) for x, g in zip(inputs, found, strict=True) if g is not None]
    if not pairs:
        return
    levels = {n for t in (*outputs, *inputs) for n in batch_levels(t)}
    extra = {n for c in given if c is not None for n in batch_levels(c)} - levels
    here, recorder.graph = recorder.graph, recorder.graph_for([*outputs, *inputs])
    try:
        variables = [recorder.node_of(x) if any(x is r for r in raw) else recorder.variable_of(x) for x, _ in pairs]
        nodes = [recorder.node_of(y) for y in outputs], variables
        if extra:
            cotangents = [_rows(recorder, c, max(extra)) for c in cotangents or ()]
        elif cotangents:
            cotangents = [recorder.node_of(c) for c in cotangents]
        kwargs = {"create_graph": True} if create_graph else {}
        if batched or extra:
            kwargs["is_grads_batched"] = True
        size = cotangents[0].aval.shape[:1] if extra and cotangents else ()
        out = tuple(Aval((*size, *g.shape), as_dtype(g.dtype)) for _, g in pairs)
        args = (*nodes, cotangents) if cotangents else nodes
        node = recorder._emit("torch.autograd.grad", args, kwargs, out, None)
        for i, (_, g) in enumerate(pairs):
            item = Node("item", "", args=(node, i), out=out[i], loc=node.loc, scope=node.scope)
            recorder.graph.nodes.append(item)
            if extra:
                g, item = _of_rows(recorder, g, item, max(extra))
            recorder.know(g, item, dynamic=True, trainable=create_graph)
    finally:
        recorder.graph = here


def _rows(recorder: Any, cotangent: Any, level: int) -> Node:
    """Return the node of a batch of cotangents, its axis first."""
    node: Node
    if level not in batch_levels(cotangent):
        raise CaptureError("cotangents of which only some are a batch", where=recorder.where())
    whole, axis = _F.get_unwrapped(cotangent), _F.maybe_get_bdim(cotangent)
    node = recorder.node_of(whole)
    return node if axis == 0 else _moved(recorder, node, axis, 0)


def _of_rows(recorder: Any, gradient: Any, item: Node, level: int) -> tuple[Any, Node]:
    """Return what holds a batch of gradients, and its node."""
    if level not in batch_levels(gradient):
        shape = item.aval.shape[1:]
        return gradient, recorder._emit("torch.Tensor.__getitem__", (item, 0), {}, Aval(shape, item.aval.dtype), None)
    axis = _F.maybe_get_bdim(gradient)
    return _F.get_unwrapped(gradient), item if axis == 0 else _moved(recorder, item, 0, axis)


def _moved(recorder: Any, node: Node, source: int, to: int) -> Node:
    shape = list(node.aval.shape)
    shape.insert(to, shape.pop(source))
    moved: Node = recorder._emit("torch.movedim", (node, source, to), {}, Aval(tuple(shape), node.aval.dtype), None)
    return moved


def _leads_on(tensor: Any, wanted: Sequence[Any]) -> bool:
    """Whether another input lies behind this one: torch then returns its gradient as it was before its hooks."""
    if tensor.grad_fn is None:
        return False
    goals = [t for t in wanted if t is not tensor]
    nodes = {t.grad_fn for t in goals if t.grad_fn is not None}
    reached: set[Any] = set()
    leaves = _leaves([tensor], reached)
    return bool(nodes & reached) or any(t is leaf for t in goals for leaf in leaves)


def _leaves(tensors: Sequence[Any], seen: set[Any] | None = None) -> list[Any]:
    """Return the leaves that the gradient of some tensors reaches, in the order in which they were met."""
    found: dict[int, Any] = {}
    seen = set() if seen is None else seen
    stack: list[Any] = []
    for t in tensors:
        if t.grad_fn is not None:
            stack.append(t.grad_fn)
        elif t.requires_grad:
            found[id(t)] = t
    while stack:
        fn = stack.pop()
        if fn in seen:
            continue
        seen.add(fn)
        leaf = getattr(fn, "variable", None)
        if leaf is not None:
            found[id(leaf)] = leaf
        stack += [f for f, _ in reversed(fn.next_functions) if f is not None]
    return list(found.values())


def _backward(recorder: Any, func: Any, args: Any, kwargs: Any) -> None:
    def run(
        self: Any,
        gradient: Any = None,
        retain_graph: Any = None,
        create_graph: bool = False,
        inputs: Any = None,
    ) -> None:
        backward(recorder, (self,), gradient, create_graph, inputs, lambda: func(*args, **kwargs))

    run(*args, **kwargs)


def backward(
    recorder: Any,
    tensors: Sequence[Any],
    gradients: Any,
    create_graph: bool,
    inputs: Any,
    itself: Callable[[], Any],
) -> None:
    """Differentiate and add the gradients to the leaves' ``.grad``.

    Args:
        recorder: the `Recorder`.
        tensors: what is differentiated.
        gradients: cotangents, or None.
        create_graph: as in torch.
        inputs: the leaves, None for all that can be reached.
        itself: the call, which adds the gradients.
    """
    if inputs is None:
        wanted = _really(recorder, _wanted, recorder, tensors)
    else:
        wanted = list(_tuple(inputs))
    if not wanted:
        _really(recorder, itself)
        return
    given = None if gradients is None else _tuple(gradients)
    found = _really(recorder, _taken, wanted, itself)
    _record(recorder, tensors, wanted, given, found, create_graph)
    for leaf, g in zip(wanted, found, strict=True):
        if g is not None:
            _accumulate(recorder, leaf, g, create_graph)


def _wanted(recorder: Any, tensors: Sequence[Any]) -> list[Any]:
    """Return the tensors whose ``.grad`` a backward pass may add to; the user's own modules' parameters come first."""
    known = [t for t in recorder._keep if t.requires_grad and t.is_leaf]
    found = {id(t): t for t in (*known, *_leaves(tensors), *recorder.retained)}
    return list(found.values())


def _taken(wanted: Sequence[Any], backward: Callable[[], Any]) -> list[Any]:
    """Run a backward pass and return what it alone has added to each ``.grad``, which stays as it was."""
    before = [t.grad for t in wanted]
    try:
        for t in wanted:
            t.grad = None
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Using backward.. with create_graph")
            backward()
        return [t.grad for t in wanted]
    finally:
        for t, g in zip(wanted, before, strict=True):
            t.grad = g


def _accumulate(recorder: Any, leaf: Any, gradient: Any, create_graph: bool) -> None:
    before = _really(recorder, lambda: leaf.grad)
    node = recorder.node_of(gradient)
    if before is None:
        if gradient.layout is not torch.strided:
            gradient = _really(recorder, gradient.to_dense)
        own = gradient if create_graph else _really(recorder, lambda: gradient.detach().clone())
        recorder.know(own, node, dynamic=True, trainable=create_graph)
        recorder.gradients.setdefault(id(leaf), leaf)
    elif create_graph:
        own = recorder.recorded(lambda: before + gradient)
    else:

        def add() -> Any:
            with torch.no_grad():
                return before.add_(gradient)

        own = recorder.recorded(add)

    def assign() -> None:
        leaf.grad = own

    _really(recorder, assign)


def _read_grad(recorder: Any, func: Any, args: Any, kwargs: Any) -> Any:
    found = _really(recorder, func, *args, **kwargs)
    if found is not None:
        recorder.used.add(id(args[0]))
    return found


def _set_grad(recorder: Any, func: Any, args: Any, kwargs: Any) -> Any:
    if args[1] is None:
        recorder.gradients.pop(id(args[0]), None)
    return _really(recorder, func, *args, **kwargs)


def _retain_grad(recorder: Any, func: Any, args: Any, kwargs: Any) -> Any:
    if all(t is not args[0] for t in recorder.retained) and args[0].grad_fn is not None:
        recorder.retained.append(args[0])
    return _really(recorder, func, *args, **kwargs)


def _requires_grad(recorder: Any, func: Any, args: Any, kwargs: Any) -> Any:
    tensor = args[0]
    before = _really(recorder, lambda: tensor.requires_grad)
    result = _really(recorder, func, *args, **kwargs)
    if not before and _really(recorder, lambda: tensor.requires_grad):
        source = recorder.node_of(tensor)
        node = recorder._emit("torch.Tensor.requires_grad_", (source,), {}, source.out, None)
        node.name, node.meta["alias"] = source.name, 0
        recorder.know(tensor, node, dynamic=recorder.is_dynamic([tensor]), trainable=True)
    return result


def _register_hook(recorder: Any, func: Any, args: Any, kwargs: Any) -> Any:
    """Record a hook on a gradient: from here on the tensor is the result of a function with its own derivative."""
    tensor, hook = args[0], args[1] if len(args) > 1 else kwargs["hook"]
    source = recorder.node_of(tensor)
    handle = _really(recorder, func, *args, **kwargs)
    if source.kind in ("call", "item") and any(
        source is r for n in recorder.graph.nodes for r in refs((n.args, n.kwargs))
    ):
        raise CaptureError(
            "register_hook on a tensor that has been used already",
            where=recorder.where(),
            why="the hook would have to change the gradients of what was computed before it too",
            hint="register the hook right after the tensor is made",
        )

    def pull(gradient: Any) -> Any:
        found = hook(gradient)
        return gradient if found is None else found

    graph = recorder.subgraph("hook", pull, [tensor])
    node = recorder._emit("torch.Tensor.register_hook", (source, graph), {}, source.out, None)
    node.name, node.meta["alias"] = source.name, 0
    trainable = recorder.is_trainable(tensor)
    recorder._unhooked.setdefault(id(tensor), source)
    recorder.know(tensor, node, dynamic=recorder.is_dynamic([tensor]), trainable=trainable)
    return handle


def _make_dual(recorder: Any, func: Any, args: Any, kwargs: Any) -> Any:
    primal, tangent = args[:2]
    made = _really(recorder, func, *args, **kwargs)
    here, recorder.graph = recorder.graph, recorder.graph_for([primal])
    source = recorder.node_of(primal)
    node = recorder._emit("torch.Tensor.requires_grad_", (source,), {}, source.out, None)
    node.name, node.meta["alias"] = source.name, 0
    recorder.know(made, node, dynamic=True, trainable=recorder.is_trainable(primal))
    recorder.graph = here
    recorder.duals.setdefault(_level(), []).append((made, node, tangent))
    return made


def _level() -> Any:
    return _F.maybe_current_level()


def _unpack_dual(recorder: Any, func: Any, args: Any, kwargs: Any) -> Any:
    """Record a derivative along the direction that the duals of this level have."""

    def has_tangent(x: Any) -> bool:
        return not _F.is_dead_tensor_wrapper(x) and func(x, *args[1:], **kwargs)[1] is not None

    dual = args[0]
    found = _really(recorder, func, *args, **kwargs)
    primal, tangent = found
    node = recorder.node_of(dual)
    if primal is not dual:
        recorder.know(primal, node, dynamic=True, trainable=recorder.is_trainable(dual))
    if tangent is None:
        return found
    duals = [(n, t) for x, n, t in recorder.duals.get(_level(), ()) if _really(recorder, has_tangent, x)]
    here, recorder.graph = recorder.graph, recorder.graph_for([dual, *(t for _, t in duals)])
    args = ([node], [n for n, _ in duals], [recorder.node_of(t) for _, t in duals])
    call = recorder._emit("torch.func.jvp", args, {}, (node.aval,), None)
    item = Node("item", "", args=(call, 0), out=node.aval, loc=call.loc, scope=call.scope)
    recorder.graph.nodes.append(item)
    recorder.know(tangent, item, dynamic=True, trainable=recorder.is_trainable(dual))
    recorder.graph = here
    return found


CALLS: dict[str, Callable[[Any, Any, Any, Any], Any]] = {
    "torch.autograd.grad": _grad,
    "torch.Tensor.backward": _backward,
    "torch.Tensor.grad": _read_grad,
    "torch.Tensor.grad.__set__": _set_grad,
    "torch._make_dual": _make_dual,
    "torch._unpack_dual": _unpack_dual,
    "torch.Tensor.register_hook": _register_hook,
    "torch.Tensor.retain_grad": _retain_grad,
    "torch.Tensor.requires_grad_": _requires_grad,
    "torch.Tensor.requires_grad.__set__": _requires_grad,
}
"""Path -> (recorder, function, args, kwargs) -> the call's result."""


def leftovers(recorder: Any, names: dict[int, str]) -> None:
    """Refuse gradients that are left in an argument's ``.grad``; a parameter's stay with the converted function.

    Args:
        recorder: the `Recorder`, at the end.
        names: names of parameters and inputs by the tensors' `id`.

    Raises:
        CaptureError: if nothing within the function asks for an argument's gradient, or for any other.
    """
    left = [t for t in recorder.gradients.values() if id(t) in names]
    if not left or recorder.used:
        return
    arguments = [names[id(t)] for t in left if id(t) not in recorder.parameters]
    if arguments:
        raise CaptureError(
            f"the gradients of {', '.join(sorted(arguments)[:4])} are left in .grad and not used",
            where=None,
            why="arrays of other frameworks have no .grad to leave them in",
            hint="return the gradients (torch.autograd.grad), or take the optimizer's step in the same function",
        )
    why = "its gradients stay in the converted function's own .grad, for its later calls"
    recorder.graph.note("changed", f"{names[id(left[0])]}.grad", why, recorder._loc(None)[0])
