"""torch code -> `Graph[torch]`: see `capture`."""

from __future__ import annotations

import math
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from typing import Any

import torch

from ivy.errors import CaptureError, IvyError
from ivy.graph.aval import Aval, aval_of
from ivy.graph.containers import flatten, is_mutable_object, is_plain, unflatten
from ivy.graph.graph import Graph, layer_words
from ivy.graph.kept import EMPTY
from ivy.graph.node import Node, map_nested
from ivy.graph.parts import PartRef
from ivy.transpiler.arguments import check_stored
from ivy.transpiler.faults import explain, place_of
from ivy.transpiler.given import WithArguments, arguments_after, copied
from ivy.transpiler.names import argument_names, callable_name
from ivy.transpiler.reads import Reads
from ivy_torch.capture import inputs as _inputs
from ivy_torch.capture.compiling import compiling
from ivy_torch.capture.derivatives import leftovers
from ivy_torch.capture.optimizers import captured_steps
from ivy_torch.capture.parts import changed, stubbed
from ivy_torch.capture.record import Recorder
from ivy_torch.capture.replay import native_function
from ivy_torch.capture.state import ModuleState, TorchState
from ivy_torch.capture.tensors import NeedsValues, nested
from ivy_torch.capture.values import no_values

__all__ = ["ModuleState", "capture", "native_function"]

SMALL = 2**18
"""Callables whose inputs, parameters and buffers have fewer elements are captured with real values: a faster start."""
COPIED = 2**24
"""Above this many elements, parameters are shared with the user's module during a capture with values, not copied."""


def capture(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any = None) -> Graph:
    """Record what a callable does as a graph of calls of torch's public API.

    With fake tensors nothing is computed; real values are used for small things, where that is faster, and where Python
    looks at a tensor's value, which becomes a guard. Nothing of the user's is modified: parameters, buffers, module
    attributes, random state and hooks are as before.

    Args:
        fn: function, lambda, closure, partial, bound method, ``nn.Module``, compiled or scripted function.
        args: positional arguments; arrays of any framework, `Aval`s, or anything else.
        kwargs: keyword arguments, likewise.
        options: `ivy.transpiler.options.CaptureOptions`.

    Returns:
        A graph in the dialect ``"torch"``.

    Raises:
        DataDependentError: if a value is needed and an input has none.
        CaptureError: if the code can't be recorded.
    """
    method = getattr(options, "method", None)
    job = _Job(fn if method is None else getattr(fn, method), args, dict(kwargs), options)
    try:
        return _at_best(job)
    except Exception as error:
        layer = None if place_of(error) is not None else job.layer_of(error.__cause__ or error)
        explained = explain(error, f"{callable_name(job.fn)} cannot be captured", where=lambda: layer)
        if explained is error:
            raise
        raise explained from error


def _at_best(job: _Job) -> Graph:
    compiler = "torch._dynamo" in sys.modules
    try:
        return _captured(job)
    except RuntimeError as error:
        # torch.cond compiles itself unless the compiler is told not to, which it is from when it was imported on
        if not compiler and "torch._dynamo" in sys.modules:
            torch.compiler.reset()  # it keeps what it decided about torch's own functions, here for a capture
            return _captured(job)
        # A framework without 64-bit integers gives 32-bit ones, which torch doesn't take for labels and positions.
        if not _WANTS_INT64.search(str(error)) or not job.widen():
            raise
        return _captured(job)


_WANTS_INT64 = re.compile(r"Long|int64")


def _captured(job: _Job) -> Graph:
    options = job.options
    answers = getattr(options, "answers", ())
    if job.prefers_values and job.has_values:
        try:
            graph = job.run(concrete=True)
        except Exception:
            if not answers:
                raise
            return _without_values(job)  # the target's values may not suit the source's arrays: other sizes, positions
        asks = any(n.kind == "guard" for n in graph.nodes)
        if job.roots and not answers and not getattr(options, "prefer_concrete", False) and asks:
            # models that look at a mask's values to skip it often have a way around for tracing, which holds generally
            with suppress(Exception):
                return job.run(concrete=False)
        return graph
    try:
        return job.run(concrete=False)
    except Exception as error:
        if isinstance(error, IvyError) and not isinstance(error, CaptureError):
            raise
        if not job.has_values:
            if isinstance(error, NeedsValues) or type(error).__name__ in _NO_VALUE:
                raise no_values(error) from error
            raise
        return job.run(concrete=True)


def _without_values(job: _Job) -> Graph:
    try:
        return job.run(concrete=False)
    except Exception as error:
        if isinstance(error, NeedsValues) or type(error).__name__ in _NO_VALUE:
            raise no_values(error) from error
        raise


_NO_VALUE = ("DataDependentOutputException", "DynamicOutputShapeException")


class _Holder(torch.nn.Module):
    """Lets `torch.func.functional_call` swap the parameters of several modules around any callable."""

    def __init__(self, fn: Callable[..., Any], roots: Mapping[str, torch.nn.Module]) -> None:
        super().__init__()
        self.__dict__["_fn"] = fn
        self.names = {prefix: f"root{i}" for i, prefix in enumerate(roots)}
        for prefix, root in roots.items():
            self.add_module(self.names[prefix], root)
        self.begin = self.end = lambda: None
        self.around: Callable[[], Any] = nullcontext

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        with self.around():
            self.begin()
            result = self._fn(*args, **kwargs)
            self.end()
        return result


class _Job:
    """One callable with its arguments, to be captured with or without values."""

    def __init__(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], options: Any) -> None:
        self.fn = _inputs.unwrap_callable(fn)
        self.options = options
        self.given = (*args, *kwargs.values())
        self.leaves, self.spec = flatten((args, kwargs))
        named = self.fn.forward if isinstance(self.fn, torch.nn.Module) else self.fn
        self.names = argument_names(named, args, kwargs)
        self.arrays = [i for i, x in enumerate(self.leaves) if _inputs.is_array(x)]
        self.roots = _inputs.roots_of(self.fn, self.leaves)
        self.params = _inputs.parameters_of(self.roots)
        for p in self.params:
            if isinstance(p.tensor, torch.nn.parameter.UninitializedTensorMixin):
                raise CaptureError(
                    f"the parameter {p.names[0]} has no shape yet", hint="run the lazy module once before converting it"
                )
        self.elements = sum(math.prod(self.leaves[i].shape) for i in self.arrays)
        self.weights = sum(p.tensor.numel() for p in self.params)
        self.wide = False

    @property
    def layers(self) -> dict[str, str]:
        """The classes of the modules by path; "" is the callable itself, if it is a module."""
        return {n: _class_path(m) for prefix, root in self.roots.items() for n, m in root.named_modules(prefix=prefix)}

    def layer_of(self, error: BaseException) -> str | None:
        """Return the innermost module that an exception went through, for a message."""
        paths = {id(m): n for prefix, root in self.roots.items() for n, m in root.named_modules(prefix=prefix)}
        found = None
        tb = error.__traceback__
        while tb is not None:
            path = paths.get(id(tb.tb_frame.f_locals.get("self")))
            found = found if path is None else path
            tb = tb.tb_next
        words = None if found is None else layer_words(found, self.layers)
        return None if words is None else f"layer {words}"

    def widen(self) -> bool:
        """Take other frameworks' int32 arrays as int64 from now on; False if that changes nothing."""
        changes = not self.wide and any(self._narrow(self.leaves[i]) for i in self.arrays)
        self.wide = self.wide or changes
        return changes

    @staticmethod
    def _narrow(x: Any) -> bool:
        return not isinstance(x, torch.Tensor) and aval_of(x).dtype == "int32"

    @property
    def prefers_values(self) -> bool:
        """Whether to start with real values."""
        return getattr(self.options, "prefer_concrete", False) or self.elements + self.weights < SMALL

    @property
    def has_values(self) -> bool:
        """Whether every input and parameter has a value that may be used."""
        if getattr(self.options, "traced", False) or getattr(self.options, "parts", None):
            return False  # what a part of the target gives has no value here
        if any(p.tensor.is_meta for p in self.params):
            return False
        kept = getattr(self.options, "kept", EMPTY)
        return all(map(self._has_value, (*(self.leaves[i] for i in self.arrays), *kept.arrays.values())))

    @staticmethod
    def _has_value(x: Any) -> bool:
        if type(x) is Aval or (isinstance(x, torch.Tensor) and (x.is_meta or type(x).__name__ == "FakeTensor")):
            return False
        return isinstance(x, torch.Tensor) or _inputs.make_input(x, None, False) is not None

    def run(self, *, concrete: bool) -> Graph:
        """Capture once; as if nothing were compiled where code that sees it takes an operator that is opaque."""
        traced = bool(getattr(self.options, "traced", False))
        graph = self._run(concrete, traced)
        if traced and _has_opaque(graph):
            with suppress(Exception):
                other = self._run(concrete, False)
                return graph if _has_opaque(other) else other
        return graph

    def _run(self, concrete: bool, traced: bool) -> Graph:
        from ivy_torch import frontend

        graph = Graph("torch", callable_name(self.fn))
        graph.layers = self.layers
        fake: Any = None
        if not concrete:
            from torch._subclasses.fake_tensor import FakeTensorMode

            fake = FakeTensorMode(allow_non_fake_inputs=True)
        scopes = {
            id(m): name for prefix, root in self.roots.items() for name, m in root.named_modules(prefix=prefix) if name
        }
        checking = bool(getattr(self.options, "mark_unsupported", False))
        recorder = Recorder(graph, supports=frontend.supports, concrete=concrete, scopes=scopes, notes=checking)
        recorder.reads = Reads(getattr(self.options, "answers", ()))
        recorder.traced = bool(getattr(self.options, "traced", False))
        recorder.lists = not concrete and recorder.reads.answered and not recorder.traced
        recorder.lazy = concrete or recorder.traced or not recorder.reads.answered
        grad = torch.is_grad_enabled()
        with ExitStack() as stack:
            stack.enter_context(torch.random.fork_rng(devices=[]))
            stack.enter_context(torch.enable_grad())
            modules = ModuleState(m for root in self.roots.values() for m in root.modules())
            stack.callback(modules.restore)
            kept = TorchState(self.fn, recorder)
            stack.callback(kept.heap.restore)
            stack.callback(recorder.restore)
            stack.callback(recorder.regions.close)
            if getattr(self.options, "train", None) is not None:
                for root in self.roots.values():
                    root.train(bool(self.options.train))
            leaves = [copied(x) if is_mutable_object(x) else x for x in self.leaves]
            self._add_inputs(graph, recorder, leaves, fake, grad)
            state = self._add_params(graph, recorder, fake)
            kept.stand_in(state)
            call_args, call_kwargs = unflatten(self.spec, leaves)
            kept.watch((call_args, call_kwargs))
            holder = _Holder(self.fn, self.roots)
            holder.begin = lambda: kept.put(self.options, graph, fake)
            holder.end = kept.collect
            given = {
                f"{holder.names[prefix]}.{name[len(prefix) + bool(prefix) :]}": t
                for prefix, name, t in self._placed(state)
            }
            stack.enter_context(_hooks(recorder))
            if changed(self.options):
                holder.around = lambda: stubbed(recorder, self.roots[""], self.options, fake)
            if "torch.optim" in sys.modules:
                stack.enter_context(captured_steps())
            stack.enter_context(_no_compiler())
            if fake is not None:
                stack.enter_context(fake)
            stack.enter_context(recorder.dispatch)
            stack.enter_context(recorder)
            asked = stack.enter_context(compiling(traced))
            if given:
                result = torch.func.functional_call(holder, given, call_args, call_kwargs)
            else:
                result = holder.forward(*call_args, **call_kwargs)
            graph.assumes |= asked.asked
            recorder.busy += 1
            recorder.finished = True
            if arguments_after(leaves, self.spec, (call_args, call_kwargs)):
                if any(isinstance(x, torch.nn.Module) for x in self.given):  # its state is no matter of the call
                    check_stored(graph.name, self.names, leaves, self.spec, (call_args, call_kwargs))
                result = WithArguments(result, (call_args, call_kwargs))
            self._finish(graph, recorder, result, state, given, holder)
            kept.finish(graph)
            graph.notes += modules.notes(scopes)
        return graph

    def _add_inputs(self, graph: Graph, recorder: Recorder, leaves: list[Any], fake: Any, grad: bool) -> None:
        for i in self.arrays:
            tensor = _inputs.make_input(leaves[i], fake, grad)
            assert tensor is not None
            node = Node("input", self.names[i], out=_aval(tensor))
            graph.inputs.append(node)
            if self.wide and self._narrow(leaves[i]):
                tensor = tensor.long()
                node = Node("call", self.names[i], "torch.Tensor.long", (node,), out=_aval(tensor))
                graph.nodes.append(node)
            recorder.know(tensor, node, dynamic=True, trainable=True)
            recorder.versions.append((tensor, tensor._version))
            leaves[i] = tensor

    def _add_params(self, graph: Graph, recorder: Recorder, fake: Any) -> list[tuple[Any, torch.Tensor, Node]]:
        copy = self.weights < COPIED
        state = []
        for p in self.params:
            tensor = _inputs.make_parameter(p, fake, copy)
            meta = {"trainable": p.trainable, "buffer": p.buffer, "persistent": p.persistent}
            if len(p.names) > 1:
                meta["aliases"] = tuple(p.names[1:])  # type: ignore[assignment]
            node = Node("param", p.names[0], out=_aval(tensor), value=p.tensor, meta=meta)
            graph.params[p.names[0]] = node
            recorder.know(tensor, node, dynamic=True, trainable=p.trainable)
            if p.buffer and not p.tensor.is_meta:
                recorder.hold([tensor])
            recorder.versions.append((tensor, tensor._version))
            state.append((p, tensor, node))
        return state

    def _placed(self, state: list[tuple[Any, torch.Tensor, Node]]) -> Iterator[tuple[str, str, torch.Tensor]]:
        for p, tensor, _ in state:
            for name in p.names:
                prefix = max(
                    (r for r in self.roots if not r or name == r or name.startswith(f"{r}.")), key=len, default=""
                )
                yield prefix, name, tensor

    def _finish(
        self,
        graph: Graph,
        recorder: Recorder,
        result: Any,
        state: list[tuple[Any, torch.Tensor, Node]],
        given: dict[str, torch.Tensor],
        holder: _Holder,
    ) -> None:
        """Fill in the outputs, and the new values of buffers that were replaced or written to."""
        names = {id(t): p.names[0] for p, t, _ in state}
        recorder.parameters.update(names)
        names.update({id(t): n.name for n, (t, _) in zip(graph.inputs, recorder.versions)})
        leftovers(recorder, names)
        paths = {id(m): n for n, m in self.roots.get("", torch.nn.Module()).named_modules()}
        result = map_nested(
            result, lambda x: PartRef(tuple(filter(None, n.split(".")))) if (n := paths.get(id(x))) is not None else x
        )
        leaves, spec = flatten(result)
        flat = [nested(x, recorder.lift) if isinstance(x, torch.Tensor) else _plain(x) for x in leaves]
        if is_plain(spec):
            graph.output = unflatten(spec, flat)
        else:
            graph.output = flat
            graph.rebuild = lambda values: unflatten(spec, values)
        before = {id(t): p for p, t, _ in state}
        versions = {id(t): v for t, v in recorder.versions}
        for prefix, name, tensor in self._placed(state):
            now = given[f"{holder.names[prefix]}.{name[len(prefix) + bool(prefix) :]}"]
            p = before[id(tensor)]
            # functional_call leaves the module's own parameter under the second name of a shared submodule
            if now is not tensor and now is not p.tensor and isinstance(now, torch.Tensor):
                if now.shape == tensor.shape and now.dtype == tensor.dtype:  # any other is state of its own
                    graph.updates[p.names[0]] = recorder.node_of(now)
            elif id(tensor) in recorder.written or tensor._version != versions[id(tensor)]:
                graph.updates[p.names[0]] = graph.params[p.names[0]]
        graph.strided = recorder.writes and recorder.copies_or_views
        graph.mutated = {
            i: node
            for i, (node, (tensor, version)) in enumerate(zip(graph.inputs, recorder.versions, strict=False))
            if tensor._version != version
        }


def _has_opaque(graph: Graph) -> bool:
    """Tell whether a graph calls an operator of a library's own that the frontend doesn't have."""
    from ivy_torch import frontend

    return any(
        n.fn.startswith("torch.ops.")
        and not n.fn.startswith(("torch.ops.aten.", "torch.ops.prims."))
        and not frontend.supports(n.fn)
        for n in graph.calls()
    )


def _class_path(module: torch.nn.Module) -> str:
    cls = type(module)
    return f"torch.nn.{cls.__name__}" if getattr(torch.nn, cls.__name__, None) is cls else cls.__qualname__


def _plain(x: Any) -> Any:
    if type(x) is torch.Size:
        return tuple(x)
    return str(x).removeprefix("torch.") if isinstance(x, torch.device) else x


def _aval(x: torch.Tensor) -> Aval:
    from ivy.dtypes import as_dtype

    return Aval(tuple(x.shape), as_dtype(x.dtype))


@contextmanager
def _hooks(recorder: Recorder) -> Iterator[None]:
    """Tell the recorder which module runs, of those that run in this thread."""
    module, here = torch.nn.modules.module, threading.get_ident()

    def of_this_thread(hook: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args: hook(*args) if threading.get_ident() == here else None

    before = module.register_module_forward_pre_hook(of_this_thread(recorder.enter))
    after = module.register_module_forward_hook(of_this_thread(recorder.leave), always_call=True)
    try:
        yield
    finally:
        before.remove()
        after.remove()


@contextmanager
def _no_compiler() -> Iterator[None]:
    """Let functions under ``torch.compile`` run as they are written."""
    if "torch._dynamo" not in sys.modules:
        yield
        return
    with torch.compiler.set_stance("force_eager"):
        yield
