"""A function of paddle tensors, run once on symbolic values: the PIR program and what the function returned."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import ivy
import ivy_paddle
from ivy.dtypes import as_dtype
from ivy.errors import CaptureError, DataDependentError, IvyError, SourceLocation
from ivy.graph.aval import Aval
from ivy.graph.containers import flatten, unflatten
from ivy.graph.kept import EMPTY
from ivy.transpiler.arguments import check_stored
from ivy.transpiler.faults import is_raised_by_users, is_users, raised_at
from ivy.transpiler.heap import Changes, Heap
from ivy.transpiler.names import argument_names, callable_name
from ivy.transpiler.reads import Reader
from ivy_paddle.capture import private
from ivy_paddle.capture.methods import missing_methods
from ivy_paddle.capture.parts import PartCall, stand_in
from ivy_paddle.capture.reads import answering
from ivy_paddle.capture.state import LayerRules, LayerState
from ivy_paddle.loading import paddle

__all__ = ["Traced", "layers_of", "trace"]


@dataclass
class Traced:
    """A program with its surroundings.

    Args:
        program: the PIR program.
        inputs: its values for the array arguments.
        leaves: leaves of what the function returned.
        spec: their structure.
        tensors: the real tensor of each parameter operator, by the key of its value.
        writes: in-place calls (see `private.Writes`).
        scopes: ``(id of the last operator before, path)`` at every change of the running layer.
        kept: its values for the arrays of the state that earlier calls have left, by name.
        changes: what the call leaves.
        calls: the calls of parts, by the keys of their first results.
    """

    program: Any
    inputs: list[Any]
    leaves: list[Any] = field(default_factory=list)
    spec: Any = None
    tensors: dict[int, Any] = field(default_factory=dict)
    writes: list[tuple[int, Any, str]] = field(default_factory=list)
    scopes: list[tuple[int, str]] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    changes: Changes | None = None
    calls: dict[int, PartCall] = field(default_factory=dict)


def trace(
    fn: Callable[..., Any],
    leaves: list[Any],
    spec: Any,
    arrays: Mapping[int, tuple[str, Aval]],
    options: Any = None,
    reader: Reader | None = None,
) -> Traced:
    """Run a function on symbolic values.

    Args:
        fn: the callable.
        leaves: leaves of ``(args, kwargs)``.
        spec: their structure.
        arrays: name and abstract value of each leaf that is an array, by position.
        options: `ivy.transpiler.options.CaptureOptions`.
        reader: answers where Python asks for values; the code is then run as it is.

    Returns:
        The program; up to where a value is asked for that is not known.
    """
    layers = layers_of(fn)
    train, kept = getattr(options, "train", None), getattr(options, "kept", EMPTY)
    calls: dict[int, PartCall] = {}
    with ExitStack() as stack:
        # what the code, or the capture, assigns meanwhile is put back
        stack.callback(LayerState([s for x in layers.values() for s in x.sublayers(include_self=True)]).restore)
        if layers:
            stand_in(layers[""], options, calls, _users_place)
        heap = Heap({"": getattr(fn, "_dygraph_function", fn)}, LayerRules(layers))
        stack.callback(heap.restore)
        program, context = stack.enter_context(private.static_program())
        traced = Traced(program, [], calls=calls)
        stack.enter_context(missing_methods(traced.writes))
        stack.enter_context(private.stand_ins())
        writes = private.Writes()
        writes.seen = traced.writes
        given = list(leaves)
        for i, (name, aval) in arrays.items():
            value = paddle.static.data(f"{name}__{i}", list(aval.shape), str(aval.dtype))
            value.stop_gradient = not aval.dtype.is_inexact
            traced.inputs.append(value)
            given[i] = value
        for i, (name, x) in enumerate(kept.arrays.items()):
            value = paddle.static.data(f"kept__{i}", list(x.shape), str(as_dtype(x.dtype)))
            value.stop_gradient = True
            traced.kept[name] = value
        heap.mark()
        heap.put(kept.structure, traced.kept)
        if train is not None:
            for layer in layers.values():
                layer.train() if train else layer.eval()
        stack.enter_context(_following(layers, traced.scopes))
        args, kwargs = unflatten(spec, given)
        with writes.watching():
            try:
                if reader is None:
                    result = private.to_static_callable(fn)(*args, **kwargs)
                else:
                    with answering(reader):
                        result = fn(*args, **kwargs)
            except Exception as error:
                if reader is None or reader.asked is None:
                    explained = _explained(error)
                    raise explained from (error if explained is not error else error.__cause__)
                result = reader.asked[0]
        traced.changes = heap.changes()
        check_stored(callable_name(fn), argument_names(fn, args, kwargs), given, spec, (args, kwargs))
        traced.leaves, traced.spec = flatten(result)
    return _with_tensors(traced, context)


def _with_tensors(traced: Traced, context: Any) -> Traced:
    tensors, values = context.get_params_with_values()
    traced.tensors = {private.value_key(v): t for t, v in zip(tensors, values, strict=True)}
    return traced


def layers_of(fn: Any) -> dict[str, Any]:
    """Return the layers whose parameters a callable uses as its own, by their prefix."""
    fn = getattr(fn, "_dygraph_function", fn) if not isinstance(fn, paddle.nn.Layer) else fn
    owner = fn if isinstance(fn, paddle.nn.Layer) else getattr(fn, "__self__", None)
    return {"": owner} if isinstance(owner, paddle.nn.Layer) else {}


@contextmanager
def _following(layers: Mapping[str, Any], scopes: list[tuple[int, str]]) -> Iterator[None]:
    """Note which layer runs, by hooks that are gone afterwards."""
    running: list[str] = [""]
    handles = []

    def entering(path: str) -> Callable[..., None]:
        def hook(layer: Any, inputs: Any) -> None:
            running.append(path)
            scopes.append((private.last_op(), path))

        return hook

    def leaving(layer: Any, inputs: Any, outputs: Any) -> None:
        if len(running) > 1:
            running.pop()
        scopes.append((private.last_op(), running[-1]))

    for prefix, layer in layers.items():
        for path, sublayer in _below(layer, prefix, {id(layer)}):
            handles += [
                sublayer.register_forward_pre_hook(entering(path)),
                sublayer.register_forward_post_hook(leaving),
            ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _below(layer: Any, path: str, known: set[int]) -> Iterator[tuple[str, Any]]:
    """Yield the sublayers, each once; not those of converted models, which call their parts where they have hooks."""
    for name, child in () if "_ivy" in layer.__dict__ else layer._sub_layers.items():
        if child is not None and id(child) not in known:
            known.add(id(child))
            at = f"{path}.{name}" if path else name
            yield at, child
            yield from _below(child, at, known)


_ASKS = ("bool(", "int(", "float(", "__bool__", "__int__", "__float__", "__index__", "numpy", "item", "tolist", "len(")


_REWRITING = ("paddle.jit.dy2static",)


def _explained(error: Exception) -> Exception:
    """Return the error to raise for one that the user's function raised on symbolic values."""
    if isinstance(error, IvyError):
        return error
    where = None
    tb = error.__traceback__
    while tb is not None:
        place = _place_of(tb.tb_frame.f_code.co_filename, tb.tb_lineno)
        if place is not None:
            where = SourceLocation(*place, tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    text = str(error).strip()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = lines[0] if lines else type(error).__name__
    symbolic = "pir.Value" in text or "Value" in text or "Variable" in text or "static" in text
    if type(error).__module__.startswith("paddle.jit.dy2static"):  # raised in the user's rewritten code
        return DataDependentError(
            "the two ways of a branch on a tensor's value give what can't be chosen between in a program",
            where=where,
            why=first,
            hint="give tensors of the same form both ways, or call it outside of jit, where the value decides",
        )
    if is_raised_by_users(error, _REWRITING) or (is_users(error, _REWRITING) and not symbolic):
        return error if where is None else raised_at(error, where, _REWRITING)  # the user's own check
    if symbolic and any(word in text for word in _ASKS):
        return DataDependentError(
            "the function asks for the value of a paddle tensor while it is captured",
            where=where,
            why=first,
            hint="use paddle.where or paddle.static.nn.cond, or an `if` or `while` in a function whose source is there",
        )
    return CaptureError(
        f"the function cannot be captured as a PIR program: {type(error).__name__}",
        where=where,
        why=first,
        hint="write the call in a way that works under paddle.jit.to_static(full_graph=True)",
    )


def _users_place(frame: Any) -> tuple[str, int] | None:
    return _place_of(frame.f_code.co_filename, frame.f_lineno)


def _place_of(file: str, line: int) -> tuple[str, int] | None:
    """Return the user's place for a line that runs, None for what isn't the user's."""
    place = private.origin(file, line)
    if place is None and not is_library(file):
        place = (file, line)
    return None if place is None or is_library(place[0]) else place


_STDLIB = os.path.dirname(os.__file__) + os.sep
_LIBRARIES = (private.HOME, *(os.path.dirname(str(m.__file__)) + os.sep for m in (ivy, ivy_paddle)), "<frozen")


def is_library(file: str) -> bool:
    """Whether a source file belongs to PaddlePaddle, to Python or to Ivy rather than to the user."""
    return file.startswith(_LIBRARIES) or (file.startswith(_STDLIB) and "site-packages" not in file)
