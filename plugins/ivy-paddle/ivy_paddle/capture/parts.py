"""Sublayers that are not captured but called: see `ivy.graph.parts`."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from ivy.dtypes import as_dtype
from ivy.errors import SourceLocation
from ivy.graph.aval import Aval, aval_of
from ivy.graph.containers import flatten, unflatten
from ivy.graph.node import Node, map_nested, refs
from ivy.graph.parts import Callee, Stub
from ivy_paddle.capture import private
from ivy_paddle.loading import paddle

__all__ = ["PartCall", "evaluate", "stand_in"]

_HOOKS = ("_forward_pre_hooks", "_forward_post_hooks")


class PartCall:
    """A call of a part, in a program: its results are values that operators of their own give.

    Args:
        callee: how the part is called.
        arrays: the program's values that it is called with.
        results: the program's values for its results.
    """

    def __init__(self, callee: Callee, arrays: list[Any], results: list[Any]) -> None:
        self.callee, self.arrays, self.results = callee, arrays, results


def changed(options: Any) -> bool:
    """Tell whether the layer to be captured is another than the source's."""
    return any(getattr(options, name, None) for name in ("parts", "lengths", "removed"))


def stand_in(root: Any, options: Any, calls: dict[int, PartCall], where: Callable[[Any], Any]) -> None:
    """Let sublayers record one call of a part each time they are called; whoever calls this puts their state back.

    Args:
        root: the layer that is captured.
        options: `ivy.transpiler.options.CaptureOptions`: what stands for its sublayers, which of them are gone.
        calls: where the calls go, each under the key of its first result.
        where: gives the user's place for a frame of the stack, None for what isn't the user's.
    """
    if not changed(options):
        return
    for path, length in options.lengths.items():
        _resize(_at(root, path)._sub_layers, length)
    for path in options.removed:
        above, _, name = path.rpartition(".")
        _at(root, above)._sub_layers[name] = None
    for path, stub in options.parts.items():
        layer = _at(root, path)
        layer.__dict__["forward"] = _recording(stub, layer.forward, calls, where)
        layer.__dict__["_ivy_stub"] = stub  # for a model that is a converted one itself, and looks at its parts


def _at(layer: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        layer = layer._sub_layers[name]
    return layer


def _resize(held: dict[str, Any], length: int) -> None:
    """Cut a list of layers, or fill it up with copies of its last one, which then stand for others."""
    last = list(held.values())[-1]
    for i in range(length, len(held)):
        del held[str(i)]
    for i in range(len(held), length):
        held[str(i)] = new = copy.copy(last)
        for name in _HOOKS:
            new.__dict__[name] = last.__dict__[name].copy()


def _recording(
    stub: Stub, forward: Callable[..., Any], calls: dict[int, PartCall], where: Callable[[Any], Any]
) -> Callable[..., Any]:
    def make(callee: Callee, arrays: list[Any]) -> list[Any]:
        grad = paddle.is_grad_enabled()
        given = [x if isinstance(x, paddle.pir.Value) else paddle.assign(x) for x in arrays]
        made = []
        for place in callee.places:
            of = callee.leaves[place]
            value = private.opaque(of.shape, str(of.dtype))
            value.stop_gradient = not (grad and of.dtype.is_inexact)
            made.append(value)
        if made:
            calls[private.value_key(made[0])] = PartCall(callee, given, made)
        return made

    def record(*args: Any, **kwargs: Any) -> Any:
        result = stub.call(args, kwargs, is_array=_is_tensor, aval=_aval, make=make, where=_line(where))
        return forward(*args, **kwargs) if result is NotImplemented else result

    return record


def _is_tensor(x: Any) -> bool:
    return isinstance(x, (paddle.pir.Value, paddle.Tensor))


def _aval(x: Any) -> Aval:
    return Aval(tuple(int(d) for d in x.shape), as_dtype(str(x.dtype)))


def _line(where: Callable[[Any], Any]) -> SourceLocation | None:
    frame: Any = sys._getframe(2)
    while frame is not None:
        found = where(frame)
        if found is not None:
            file, line = found
            return SourceLocation(file, line, frame.f_code.co_name)
        frame = frame.f_back
    return None


# -- the types of what a layer of the user's own gives ----------------------------------------------------------------


def evaluate(layer: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Return what any layer gives, with `Aval`s in place of tensors; nothing of it is changed, no hook runs.

    Args:
        layer: any layer.
        args: positional arguments, with `Aval`s.
        kwargs: keyword arguments, likewise.
    """
    from ivy_paddle.capture import capture

    with _hooks_aside(layer):
        try:
            graph = capture(layer, args, kwargs)
            out = map_nested(graph.output, lambda x: x.out if type(x) is Node else x)
            if all(type(x.out) is Aval and "untyped" not in x.meta for x in refs(graph.output)):
                return out if graph.rebuild is None else graph.rebuild(out)
        except Exception:  # code that runs on real tensors alone: whatever it raises on others
            pass
        return _run(layer, args, kwargs)


def _run(layer: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Return what a layer gives for zeros."""
    before = [(x, x.clone()) for x in layer.buffers()]
    state = paddle.get_rng_state()
    leaves, spec = flatten((args, dict(kwargs)))
    with nullcontext() if paddle.in_dynamic_mode() else paddle.base.dygraph.guard(), paddle.no_grad():
        try:
            made = [paddle.zeros(x.shape, str(x.dtype)) if type(x) is Aval else x for x in leaves]
            given, named = unflatten(spec, made)
            result = layer(*given, **named)
        finally:
            paddle.set_rng_state(state)
            for x, value in before:
                x.set_value(value)
    leaves, spec = flatten(result)
    return unflatten(spec, [aval_of(x) if isinstance(x, paddle.Tensor) else x for x in leaves])


@contextmanager
def _hooks_aside(layer: Any) -> Iterator[None]:
    before = [
        (m, name, m.__dict__[name])
        for m in layer.sublayers(include_self=True)
        for name in _HOOKS
        if m.__dict__.get(name)
    ]
    try:
        for m, name, hooks in before:
            m.__dict__[name] = type(hooks)()
        yield
    finally:
        for m, name, hooks in before:
            m.__dict__[name] = hooks
