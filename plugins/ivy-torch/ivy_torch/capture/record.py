"""The recorder: torch calls become nodes of a graph while they run.

Two of torch's own mechanisms work together. A `TorchFunctionMode` sees each call of the public API and records it; the
call then runs with the mode off, so that the highest level is what is recorded. A `TorchDispatchMode` sees the
operators below. It matters only for what the first can't see or what the frontend doesn't have: inside a function
without a frontend entry, inside ``torch.vmap`` and ``torch.func.grad``, in TorchScript. There the operators themselves
are recorded, decomposed to core ATen where needed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

import torch

from ivy.errors import CaptureError
from ivy.graph.graph import Graph
from ivy.graph.node import Node
from ivy.transpiler.names import user_frame
from ivy_torch.capture import derivatives, dynamic, foreach, paths, selected, strides
from ivy_torch.capture.dispatch import Dispatch
from ivy_torch.capture.levels import batch_levels, in_transform
from ivy_torch.capture.places import APPLY, ENTRY, is_internal
from ivy_torch.capture.regions import Regions
from ivy_torch.capture.tensors import aval, is_fake, nested, storage_of, tensors_in, versions
from ivy_torch.capture.values import Values

__all__ = ["Recorder"]

REWRITES = {**dynamic.REWRITES, **strides.REWRITES}


class Recorder(Values):
    """Records calls into a graph.

    Args:
        graph: where to.
        supports: whether the frontend has a function for a path.
        concrete: whether tensors have values.
        scopes: names of modules by `id`.
        notes: look for what surrounds each call and leaves no trace in it (checkpoints, autocast), for `ivy.check`.
    """

    def __init__(
        self,
        graph: Graph,
        *,
        supports: Callable[[str], bool],
        concrete: bool,
        scopes: dict[int, str],
        notes: bool = False,
    ) -> None:
        super().__init__(graph, scopes, concrete=concrete)
        self.notes = notes
        self.supports = supports
        self.dispatch = Dispatch(self)
        self._failed: set[str] = set()
        self.grad = True
        self.writes = self.copies_or_views = False
        self.written: set[int] = set()
        self.saved: list[tuple[torch.Tensor, torch.Tensor]] = []
        self.versions: list[tuple[torch.Tensor, int]] = []
        self.regions = Regions(self)
        self.retained: list[torch.Tensor] = []
        self.gradients: dict[int, torch.Tensor] = {}
        self.used: set[int] = set()
        self.parameters: set[int] = set()

    # -- calls --------------------------------------------------------------------------------------------------------

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run a call of the public API and record it (torch's protocol)."""
        kwargs = kwargs or {}
        if self.busy:
            return func(*args, **kwargs)
        if func is torch._C._set_grad_enabled:
            self.grad = bool(args[0])
            return func(*args, **kwargs)
        path = paths.path_of(func)
        if not in_transform():
            if self._examples:
                self.on_examples()  # those of a vmap that has ended are closed
            return self.call(path, func, args, kwargs)
        if not self.on_examples() and path not in derivatives.CALLS:
            return func(*args, **kwargs)  # its operators are recorded below, on whole batches
        return self._on_examples(path, func, args, kwargs)

    def _on_examples(self, path: str, func: Any, args: Any, kwargs: Any) -> Any:
        """Run and record a call within torch.func's transformations."""
        around = self.graph
        if around is self.whole or any(e.graph is around for e in self._examples.values()):
            self.graph = self.graph_for(tensors_in((args, kwargs)))
        try:
            return self.call(path, func, args, kwargs)
        finally:
            self.graph = around

    @property
    def _stops_gradient(self) -> bool:
        """Whether the user's code said ``no_grad``; in an autograd.Function's forward it is torch that did."""
        if torch.is_grad_enabled() or (self.grad and not torch.is_inference_mode_enabled()):
            return False
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code is not APPLY:
            frame = frame.f_back
        return frame is None

    def call(self, path: str, func: Any, args: Any, kwargs: Any) -> Any:
        """Run one call and record it at the level that the frontend has.

        Args:
            path: its public name.
            func: what runs it.
            args: positional arguments.
            kwargs: keyword arguments.

        Returns:
            The call's own result.
        """
        self.regions.look()
        inputs = tensors_in((args, kwargs))
        if self.picked and any(id(t) in self.picked for t in inputs):
            found = self._on_picked(path, func, args, kwargs, inputs)
            if found is not NotImplemented:
                return found
        differentiates = derivatives.CALLS.get(path)
        if differentiates is not None:
            return differentiates(self, func, args, kwargs)
        if path in paths.READERS:
            return self._read(path, func, args, kwargs, inputs)
        if path in paths.UNRECORDED:
            return self._unrecorded(path, func, args, kwargs, inputs)
        name = path.rpartition(".")[2]
        if name in paths.SIZED or path == "torch.Tensor.__getitem__":
            args, kwargs = self._with_sizes(args), self._with_sizes(kwargs)
            inputs = tensors_in((args, kwargs))
        if path in strides.CHECKS:
            strides.CHECKS[path](self, args, kwargs)
        if path.startswith(foreach.PREFIX):
            return foreach.one_by_one(self, path, args, kwargs)
        rewrite = REWRITES.get(path)
        if rewrite is not None and inputs:
            fixed = rewrite(self, args, kwargs)
            if fixed is not NotImplemented:
                return fixed
        if torch.is_autocast_enabled("cpu") or not (self.supports(path) or path in self._failed):
            if inputs and not isinstance(func, torch._ops.OpOverload) and not any(map(batch_levels, inputs)):
                return self._decomposed(path, func, args, kwargs, inputs)
        return self._run(path, func, args, kwargs, inputs)

    def _on_picked(self, path: str, func: Any, args: Any, kwargs: Any, inputs: list[torch.Tensor]) -> Any:
        """Record a call on what masks picked, whole if possible; else it is gathered, for the call to go on with."""
        rewrite = dynamic.REWRITES.get(path)
        found = NotImplemented if rewrite is None else rewrite(self, args, kwargs)
        if found is NotImplemented and path not in dynamic.REWRITES:
            found = selected.call(self, path, func, args, kwargs, inputs)
        if found is NotImplemented:
            for t in inputs:
                self.node_of(t)
        return found

    def _run(self, path: str, func: Any, args: Any, kwargs: Any, inputs: list[torch.Tensor]) -> Any:
        written = paths.is_in_place(path) or kwargs.get("out") is not None
        self.writes |= written
        self.copies_or_views |= path.rpartition(".")[2] in paths.COPIES_OR_VIEWS
        before = versions(inputs) if len(inputs) < 8 else ()
        lifted = None
        self.writings += written
        if written and inputs:  # x[i] = y: what y is must be known before x changes
            lifted = self._lift_call(args, kwargs)
            targets = [*tensors_in(args[:1]), *tensors_in(kwargs.get("out"))]
            if self.selections:
                selected.freeze(self, targets)
            self._protect(targets)
        given = [(t, t.shape) for t in tensors_in(kwargs.get("out"))] if written else []
        self.busy += 1
        try:
            if not self.concrete and path.rpartition(".")[2] in _STRICT_META and any(map(is_fake, inputs)):
                result = _through_zeros(func, args, kwargs, inputs)
            else:
                result = func(*args, **kwargs)
        finally:
            self.busy -= 1
        for t, shape in given:
            owner = self.owner_of(t)
            if t.shape != shape and owner is not None and owner is not t:
                raise CaptureError(
                    f"{path} changes the shape of its `out`, which is a view of another tensor",
                    where=self.where(),
                    why=f"torch writes the {tuple(t.shape)} elements over what lies behind the {tuple(shape)} ones",
                    hint="give it an `out` of the result's shape, or assign the result",
                )
        outputs = tensors_in(result)
        if not outputs and not written:
            return result
        if not written and type(result) is not tuple and _is_same(result, inputs) and before == versions(inputs):
            return result  # contiguous(), to(), dropout in eval mode: nothing happened
        if not inputs and not outputs:
            return result
        self.record(path, func, args, kwargs, inputs, result, outputs, written, lifted)
        return result

    def _protect(self, targets: Iterable[torch.Tensor]) -> None:
        """Remember what the user's own tensors hold before the code writes to them; `restore` puts it back."""
        for t in targets:
            node = self._outside.pop(storage_of(t), None)
            if node is not None and self.concrete:
                self.busy += 1
                own = node.value
                node.value = own.detach().clone()
                self.saved.append((own, node.value))
                self.busy -= 1

    def restore(self) -> None:
        """Give the user's tensors that were written to their values back."""
        with torch.no_grad():
            for own, value in self.saved:
                own.copy_(value)

    def record(
        self,
        path: str,
        func: Any,
        args: Any,
        kwargs: Any,
        inputs: list[torch.Tensor],
        result: Any,
        outputs: list[torch.Tensor],
        written: bool,
        lifted: Any,
    ) -> None:
        """Add the node of a call that has run, and let its results stand for it."""
        node_args, node_kwargs = lifted or self._lift_call(args, kwargs)
        out = nested(result, lambda v: aval(v) if isinstance(v, torch.Tensor) else v)
        frame = user_frame(is_internal, 2, ENTRY)
        if self.notes:
            self._note_surroundings()
        stops = self._stops_gradient
        if written and stops and node_args and isinstance(args[0], torch.Tensor):
            if storage_of(args[0]) in self._trainable:  # the write changes the value, and not the derivative
                node_args = (self._apart(node_args[0], frame), *node_args[1:])
        node = self._emit(path, node_args, node_kwargs, out, frame)
        random = paths.is_random(path)
        dynamic = random or self.is_dynamic(inputs)
        trainable = any(storage_of(t) in self._trainable for t in inputs)
        held = dynamic and not random and not written and not self.concrete and self.rests_on_buffers(inputs)
        if not dynamic or held:
            self._calls[id(node)] = (func, node_args, {**node_kwargs})
        if held:
            self.hold(outputs)
        elif written:
            self._held.difference_update(storage_of(t) for t in inputs)
        if path in paths.STATISTICS:
            self.written.update(id(t) for t in _statistics(path, args, kwargs))
        if written and dynamic and inputs:
            self._dynamic.update(storage_of(t) for t in (*tensors_in(args[:1]), *tensors_in(kwargs.get("out"))))
        alias = self._alias_of(inputs, outputs)
        if alias is not None:
            node.meta["alias"] = alias
        self._bind(result, node, dynamic, trainable and not stops, frame)
        if trainable and not written and stops:
            for t in outputs:
                if t.is_floating_point() and id(t) in self._nodes and storage_of(t) not in self._trainable:
                    self._detach(t)

    def _apart(self, node: Node, frame: FrameType | None) -> Node:
        """Return a node for the same memory outside of autograd."""
        apart = self._emit("torch.Tensor.detach", (node,), {}, node.out, frame)
        apart.meta["alias"] = 0
        return apart

    def _detach(self, tensor: torch.Tensor) -> None:
        """Stop the gradient of what was computed under ``torch.no_grad()``."""
        source = self._nodes[id(tensor)]
        node = self._emit("torch.Tensor.detach", (source,), {}, source.out, None)
        node.loc, node.name, node.meta["alias"] = source.loc, source.name, 0
        self._nodes[id(tensor)] = node

    def _unrecorded(self, path: str, func: Any, args: Any, kwargs: Any, inputs: list[torch.Tensor]) -> Any:
        if path in paths.NOTED:
            self.graph.note("ignored", path, paths.NOTED[path], self._loc(None)[0])
        self.busy += 1
        try:
            result = func(*args, **kwargs)
        finally:
            self.busy -= 1
        if isinstance(result, torch.Tensor) and inputs and id(result) not in self._nodes:
            self.know(result, self.node_of(inputs[0]), dynamic=self.is_dynamic(inputs[:1]))
        return result

    # -- below the public API -----------------------------------------------------------------------------------------

    def _decomposed(self, path: str, func: Any, args: Any, kwargs: Any, inputs: list[torch.Tensor]) -> Any:
        """Run a call that the frontend doesn't have and record its operators instead, if it has all of those.

        Otherwise the call itself is recorded after all, so that the error names what the user wrote.
        """
        start = len(self.graph.nodes)
        lifted = self._lift_call(args, kwargs)
        known = len(self._keep)
        self.dispatch.missing = False
        with self.unwrapped(inputs):
            result = func(*args, **kwargs)
        outputs = tensors_in(result)
        if not outputs and len(self.graph.nodes) == start:
            return result
        complete = all(self.is_known(t) or self._is_region(t) for t in outputs)
        if self.dispatch.missing or not complete:
            if self.supports(path):
                raise CaptureError(
                    f"{path} under torch.autocast can't be recorded",
                    where=self.where(),
                    why="the casts that autocast makes happen below it, in operators that the frontend does not have",
                    hint="convert the model's dtype instead: model.to(torch.bfloat16)",
                )
            self._failed.add(path)
            self._forget(start, known)
            written = paths.is_in_place(path) or kwargs.get("out") is not None
            self.record(path, func, args, kwargs, inputs, result, outputs, written, lifted)
        return result

    def read_as_list(self, tensor: torch.Tensor) -> None:
        """Let ``tolist`` of a tensor without values be one read: a fake tensor reads its elements one by one."""
        cls: Any = torch.Tensor
        tensor.tolist = lambda: self.call("torch.Tensor.tolist", cls.tolist, (tensor,), {})

    def gathered(self, tensor: torch.Tensor) -> Node:
        """Return the node of what a mask picked."""
        node: Node = selected.gather(self, tensor)
        return node

    def subgraph(self, name: str, fn: Callable[..., Any], like: Iterable[torch.Tensor]) -> Graph:
        """Record a function into a graph of its own, which may use what has been recorded around it.

        Args:
            name: of the graph.
            fn: called with new tensors; returns tensors or None, in plain containers.
            like: tensors that those look like.
        """
        outer, known, evaluated, busy = self.graph, len(self._keep), self._evaluated, self.busy
        inner = Graph(outer.dialect, name)
        inner.notes = outer.notes
        self.busy = 1
        with torch.no_grad():
            given = [torch.ones_like(t) for t in like]
        inner.inputs = [Node("input", "g", out=aval(t)) for t in given]
        inner.arguments = tuple(inner.inputs)
        for t, node in zip(given, inner.inputs, strict=True):
            self.know(t, node, dynamic=True, trainable=True)
        self.graph, self._evaluated, self.busy = inner, 0, 0
        try:
            with torch.enable_grad():
                inner.output = nested(fn(*given), self.lift)
        finally:
            self.graph, self._evaluated, self.busy = outer, evaluated, busy
            self._unknow({id(n) for n in (*inner.inputs, *inner.nodes)}, known)
        return inner

    def recorded(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Run a function of ours so that the torch calls in it are recorded one by one."""
        with self:
            return fn(*args)


def _statistics(path: str, args: Any, kwargs: Any) -> list[torch.Tensor]:
    """Return the running statistics that a normalisation updates without telling autograd."""
    names, flag = paths.STATISTICS[path]
    given = {**dict(zip(names, args)), **kwargs}
    return tensors_in((given.get("running_mean"), given.get("running_var"))) if given.get(flag, False) else []


# operators whose meta function checks what only a GPU's kernel asks for
_STRICT_META = frozenset({"_grouped_mm", "grouped_mm"})


def _through_zeros(func: Any, args: Any, kwargs: Any, inputs: list[torch.Tensor]) -> Any:
    """Learn the form of a result by running the real operator on zeros."""
    from torch._subclasses.fake_tensor import unset_fake_temporarily

    mode = next(t.fake_mode for t in inputs if is_fake(t) and hasattr(t, "fake_mode"))

    def zeros(v: Any) -> Any:
        return torch.zeros(v.shape, dtype=v.dtype) if isinstance(v, torch.Tensor) and is_fake(v) else v

    with unset_fake_temporarily():
        found = func(*nested(tuple(args), zeros), **nested(dict(kwargs), zeros))
    return nested(found, lambda v: mode.from_tensor(v) if isinstance(v, torch.Tensor) else v)


def _is_same(result: Any, inputs: list[torch.Tensor]) -> bool:
    return isinstance(result, torch.Tensor) and any(result is t for t in inputs)
