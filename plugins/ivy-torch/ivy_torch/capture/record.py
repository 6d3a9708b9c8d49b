"""The recorder: torch calls become nodes of a graph while they run.

Two of torch's own mechanisms work together. A `TorchFunctionMode` sees each call of the public API and records it; the
call then runs with the mode off, so that the highest level is what is recorded. A `TorchDispatchMode` sees the
operators below. It matters only for what the first can't see or what the frontend doesn't have: inside a function
without a frontend entry, inside ``torch.vmap`` and ``torch.func.grad``, in TorchScript. There the operators themselves
are recorded, decomposed to core ATen where needed.
"""

from __future__ import annotations

import functools
import os
import sys
import warnings
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

import torch
from torch._ops import HigherOrderOperator
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

import ivy
from ivy.dtypes import DType, as_dtype
from ivy.errors import CaptureError, DataDependentError, SourceLocation
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph
from ivy.graph.node import Loc, Node, map_nested
from ivy.transpiler.names import assigned_name, user_frame
from ivy_torch.capture import dynamic, paths, strides

__all__ = ["NeedsValues", "Recorder", "nested", "storage_of", "tensors_in"]

REWRITES = {**dynamic.REWRITES, **strides.REWRITES}
_TORCH = os.path.dirname(torch.__file__) + os.sep
_IVY = tuple(os.path.dirname(f) + os.sep for f in (ivy.__file__, os.path.dirname(__file__)))
_ENTRY = os.path.join(os.path.dirname(__file__), "__init__.py")
"""The file whose frames are between the user's code and whoever asked for the capture."""
_IGNORED = ("device", "layout", "pin_memory", "requires_grad", "non_blocking")
_MOST_GUARDED = 4096
_APPLY = torch.autograd.Function.apply.__func__.__code__
_STRUCTSEQ = type(torch.return_types.max)


class NeedsValues(Exception):
    """The capture met something that can't be told without the tensors' values."""


@functools.cache
def _is_internal(filename: str) -> bool:
    return filename.startswith((_TORCH, *_IVY))


def _is_plain_tuple(x: Any) -> bool:
    return isinstance(x, tuple) and (type(x) is tuple or type(x) is torch.Size or isinstance(type(x), _STRUCTSEQ))


def nested(x: Any, f: Callable[[Any], Any]) -> Any:
    """`map_nested` that takes torch's own tuples (sizes, named results of operators) for plain ones."""

    def leaf(v: Any) -> Any:
        return nested(tuple(v), f) if isinstance(v, tuple) and not hasattr(v, "_fields") else f(v)

    return map_nested(x, leaf)


def tensors_in(x: Any, found: list[torch.Tensor] | None = None) -> list[torch.Tensor]:
    """Return the tensors of a nest in order."""
    found = [] if found is None else found
    if isinstance(x, torch.Tensor):
        found.append(x)
    elif isinstance(x, (tuple, list)):
        for v in x:
            tensors_in(v, found)
    elif type(x) is dict:
        for v in x.values():
            tensors_in(v, found)
    elif type(x) is slice:
        tensors_in((x.start, x.stop, x.step), found)
    return found


def storage_of(x: torch.Tensor) -> Any:
    """Return a key of the memory that a tensor lies in; its own identity where it has none (sparse)."""
    try:
        return x.untyped_storage()._cdata
    except (NotImplementedError, RuntimeError):
        return ("tensor", id(x))


class Recorder(TorchFunctionMode):
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
        super().__init__()
        self.graph = graph
        self.notes = notes
        self.supports = supports
        self.concrete = concrete
        self.scopes = scopes
        self.stack: list[tuple[int, str]] = []
        self.busy = 0
        self.dispatch = _Dispatch(self)
        self._nodes: dict[int, Node] = {}
        self._regions: dict[Any, Node] = {}
        self._bases: dict[Any, tuple[torch.Tensor, Node]] = {}
        self._keep: list[Any] = []
        self._outside: dict[Any, Node] = {}
        self._dynamic: set[Any] = set()
        self._trainable: set[Any] = set()
        self._calls: dict[int, tuple[Any, tuple[Any, ...], dict[str, Any]]] = {}
        self._values: dict[int, Any] = {}
        self._evaluated = 0
        self._failed: set[str] = set()
        self._warned: set[Any] = set()
        self.grad = True
        self.writes = self.copies_or_views = False
        self.written: set[int] = set()
        self.saved: list[tuple[torch.Tensor, torch.Tensor]] = []
        self.versions: list[tuple[torch.Tensor, int]] = []

    # -- tensors and nodes --------------------------------------------------------------------------------------------

    def know(self, tensor: torch.Tensor, node: Node, *, dynamic: bool, trainable: bool = False) -> None:
        """Let a tensor stand for a node from now on.

        Args:
            tensor: the tensor; kept alive, so that its identity and its memory stay its own.
            node: the node.
            dynamic: whether its value can change from call to call.
            trainable: whether a gradient can flow into it.
        """
        self._keep.append(tensor)
        self._nodes[id(tensor)] = node
        key = storage_of(tensor)
        if tensor.layout is torch.strided:
            self._regions[(key, tensor.storage_offset(), tensor.shape, tensor.stride(), tensor.dtype)] = node
            if key not in self._bases:
                self._bases[key] = (tensor, node)
        if dynamic:
            self._dynamic.add(key)
        if trainable and (tensor.is_floating_point() or tensor.is_complex()):
            self._trainable.add(key)

    def node_of(self, tensor: torch.Tensor) -> Node:
        """Return the node that a tensor stands for; one that was made outside becomes a constant.

        Raises:
            NeedsValues: if its value is not known and it comes from nowhere.
        """
        node = self._nodes.get(id(tensor))
        if node is not None:
            return node
        node = self._alias(tensor)
        if node is None:
            if _is_fake(tensor):
                raise NeedsValues("a tensor that was made in a way that torch does not report")
            node = Node("const", "", out=_aval(tensor), value=tensor, loc=self._loc(None)[0])
            self.graph.nodes.append(node)
            self._outside[storage_of(tensor)] = node
        self.know(tensor, node, dynamic=False)
        return node

    def _alias(self, tensor: torch.Tensor) -> Node | None:
        """Return a node for a tensor made unseen over memory that is known (a saved tensor, ``nn.Parameter(x)``)."""
        if tensor.layout is not torch.strided:
            return None
        key = storage_of(tensor)
        place = (tensor.storage_offset(), tensor.shape, tensor.stride(), tensor.dtype)
        node = self._regions.get((key, *place))
        if node is not None or key not in self._bases:
            return node
        base, base_node = self._bases[key]
        if not base.is_contiguous() or base.storage_offset() != 0 or base.dtype != tensor.dtype:
            raise CaptureError("a view made in a way that torch does not report", where=self.where())
        args = (base_node, tuple(tensor.shape), tuple(tensor.stride()), tensor.storage_offset())
        node = self._emit("torch.as_strided", args, {}, _aval(tensor), None)
        node.meta["alias"] = 0
        return node

    def owner_of(self, tensor: torch.Tensor) -> torch.Tensor | None:
        """Return the first recorded tensor over the memory that a tensor lies in."""
        found = self._bases.get(storage_of(tensor))
        return None if found is None else found[0]

    def is_dynamic(self, tensors: list[torch.Tensor]) -> bool:
        """Whether any of these may have another value in another call."""
        return any(storage_of(t) in self._dynamic for t in tensors)

    def lift(self, x: Any) -> Any:
        """Turn one argument of a call into what a node holds."""
        if isinstance(x, torch.Tensor):
            return self.node_of(x)
        cls = type(x)
        if cls in (int, float, bool, str, complex, DType) or x is None or x is Ellipsis:
            return x
        if cls is torch.dtype:
            return as_dtype(x)
        if cls is torch.device or cls is torch.memory_format or cls is torch.layout:
            return str(x).removeprefix("torch.")
        if cls is torch.Generator:
            why = "random numbers come from the target's own generator"
            self.graph.note("changed", "torch.Generator", why, self._loc(None)[0])
            return None
        if cls.__module__ == "numpy":
            if getattr(x, "shape", None) == () and hasattr(x, "item"):
                return x.item()
            if cls.__name__ == "ndarray":
                node = Node("const", "", out=Aval(tuple(x.shape), as_dtype(x.dtype)), value=x)
                self.graph.nodes.append(node)
                return node
        if isinstance(x, range):
            return list(x)
        return x

    # -- calls --------------------------------------------------------------------------------------------------------

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run a call of the public API and record it (torch's protocol)."""
        kwargs = kwargs or {}
        if self.busy or _in_transform():
            return func(*args, **kwargs)
        if func is torch._C._set_grad_enabled:
            self.grad = bool(args[0])
            return func(*args, **kwargs)
        return self.call(paths.path_of(func), func, args, kwargs)

    @property
    def _stops_gradient(self) -> bool:
        """Whether the user's code said ``no_grad``; in an autograd.Function's forward it is torch that did."""
        if torch.is_grad_enabled() or (self.grad and not torch.is_inference_mode_enabled()):
            return False
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code is not _APPLY:
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
        inputs = tensors_in((args, kwargs))
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
        rewrite = REWRITES.get(path)
        if rewrite is not None and inputs:
            fixed = rewrite(self, args, kwargs)
            if fixed is not NotImplemented:
                return fixed
        if torch.is_autocast_enabled("cpu") or not (self.supports(path) or path in self._failed):
            if inputs and not isinstance(func, torch._ops.OpOverload):
                return self._decomposed(path, func, args, kwargs, inputs)
        return self._run(path, func, args, kwargs, inputs)

    def _run(self, path: str, func: Any, args: Any, kwargs: Any, inputs: list[torch.Tensor]) -> Any:
        written = paths.is_in_place(path) or kwargs.get("out") is not None
        self.writes |= written
        self.copies_or_views |= path.rpartition(".")[2] in paths.COPIES_OR_VIEWS
        before = _versions(inputs) if len(inputs) < 8 else ()
        lifted = None
        if written and inputs:  # x[i] = y: what y is must be known before x changes
            lifted = self._lift_call(args, kwargs)
            self._protect((*tensors_in(args[:1]), *tensors_in(kwargs.get("out"))))
        self.busy += 1
        try:
            if not self.concrete and path.rpartition(".")[2] in _STRICT_META and any(map(_is_fake, inputs)):
                result = _through_zeros(func, args, kwargs, inputs)
            else:
                result = func(*args, **kwargs)
        finally:
            self.busy -= 1
        outputs = tensors_in(result)
        if not outputs and not written:
            return result
        if not written and type(result) is not tuple and _is_same(result, inputs) and before == _versions(inputs):
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

    def _lift_call(self, args: Any, kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        kwargs = {k: v for k, v in kwargs.items() if k not in _IGNORED}
        return nested(tuple(args), self.lift), nested(kwargs, self.lift)

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
        out = nested(result, lambda v: _aval(v) if isinstance(v, torch.Tensor) else v)
        frame = user_frame(_is_internal, 2, _ENTRY)
        if self.notes:
            self._note_surroundings()
        node = self._emit(path, node_args, node_kwargs, out, frame)
        random = path.rpartition(".")[2] in paths.RANDOM or path.split(".")[-2] in paths.RANDOM
        dynamic = random or self.is_dynamic(inputs)
        trainable = any(storage_of(t) in self._trainable for t in inputs)
        if not dynamic:
            self._calls[id(node)] = (func, node_args, {**node_kwargs})
        if path in paths.STATISTICS:
            self.written.update(id(t) for t in _statistics(path, args, kwargs))
        if written and dynamic and inputs:
            self._dynamic.update(storage_of(t) for t in (*tensors_in(args[:1]), *tensors_in(kwargs.get("out"))))
        alias = self._alias_of(inputs, outputs)
        if alias is not None:
            node.meta["alias"] = alias
        stops = self._stops_gradient
        self._bind(result, node, dynamic, trainable and not stops, frame)
        if trainable and not written and stops:
            for t in outputs:
                if t.is_floating_point() and id(t) in self._nodes and storage_of(t) not in self._trainable:
                    self._detach(t)

    def _detach(self, tensor: torch.Tensor) -> None:
        """Stop the gradient of what was computed under ``torch.no_grad()``."""
        source = self._nodes[id(tensor)]
        node = self._emit("torch.Tensor.detach", (source,), {}, source.out, None)
        node.loc, node.name, node.meta["alias"] = source.loc, source.name, 0
        self._nodes[id(tensor)] = node

    def _emit(self, path: str, args: Any, kwargs: Any, out: Any, frame: FrameType | None) -> Node:
        loc, name = self._loc(frame)
        node = Node("call", name, fn=path, args=tuple(args), kwargs=kwargs, out=out, loc=loc, scope=self.scope)
        self.graph.nodes.append(node)
        return node

    def _bind(self, result: Any, node: Node, dynamic: bool, trainable: bool, frame: FrameType | None) -> None:
        if isinstance(result, torch.Tensor):
            if id(result) not in self._nodes:
                self.know(result, node, dynamic=dynamic, trainable=trainable)
        elif isinstance(result, (tuple, list, dict)):
            items = result.items() if isinstance(result, dict) else enumerate(result)
            for i, part in items:
                if isinstance(part, (torch.Tensor, tuple, list, dict)) and tensors_in(part):
                    item = Node("item", "", args=(node, i), out=node.out[i], loc=node.loc, scope=node.scope)
                    self.graph.nodes.append(item)
                    self._bind(part, item, dynamic, trainable, frame)

    def _alias_of(self, inputs: list[torch.Tensor], outputs: list[torch.Tensor]) -> Any:
        where: dict[Any, int] = {}
        for i, t in enumerate(inputs):
            where.setdefault(storage_of(t), i)
        found = [where.get(storage_of(t)) for t in outputs]
        if all(i is None for i in found):
            return None
        return found[0] if len(set(found)) == 1 else tuple(found)

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
        result = func(*args, **kwargs)
        outputs = tensors_in(result)
        if not outputs and len(self.graph.nodes) == start:
            return result
        complete = all(id(t) in self._nodes or self._is_region(t) for t in outputs)
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

    def _is_region(self, tensor: torch.Tensor) -> bool:
        return self._alias(tensor) is not None

    def _forget(self, start: int, known: int) -> None:
        """Drop the nodes from number `start` on and what stands for them."""
        dropped = {id(n) for n in self.graph.nodes[start:]}
        del self.graph.nodes[start:]
        for t in self._keep[known:]:
            if id(self._nodes.get(id(t))) in dropped:
                del self._nodes[id(t)]
        for table in (self._regions, self._bases):
            for key, entry in list(table.items()):
                if id(entry[1] if isinstance(entry, tuple) else entry) in dropped:
                    del table[key]

    # -- values -------------------------------------------------------------------------------------------------------

    def _read(self, path: str, func: Any, args: Any, kwargs: Any, inputs: list[torch.Tensor]) -> Any:
        """Serve a call that hands a value to Python: known for constants, else a guard."""
        nodes = [self.node_of(t) for t in inputs]
        dynamic = self.is_dynamic(inputs)
        self.busy += 1
        try:
            if not dynamic and any(_is_fake(t) for t in inputs):
                return self._static_call(func, args, kwargs)
            result = func(*args, **kwargs)
        finally:
            self.busy -= 1
        if dynamic:
            self._guard(path, nodes, args, kwargs, result)
        return result

    def _guard(self, path: str, nodes: list[Node], args: Any, kwargs: Any, result: Any) -> None:
        if not self.concrete:
            raise NeedsValues(path)
        node = nodes[0]
        name = path.rpartition(".")[2]
        if name in ("equal", "allclose", "__contains__"):
            node_args, node_kwargs = self._lift_call(args, kwargs)
            if name == "__contains__":
                inner = self._emit("torch.eq", node_args, {}, Aval(node.aval.shape, as_dtype("bool")), None)
                node_args, path = (inner,), "torch.any"
            node = self._emit(path, node_args, node_kwargs, Aval((), as_dtype("bool")), None)
            expected: Any = bool(result)
        elif name in ("numpy", "__array__", "tolist", "__dlpack__"):
            if node.aval.size > _MOST_GUARDED:
                raise CaptureError(
                    f"{path} hands {node.aval.size} values that depend on the inputs over to Python",
                    where=self.where(),
                    why="what Python does with them can't be recorded",
                    hint="write this part with torch functions",
                )
            expected = result.tolist() if hasattr(result, "tolist") else result
        else:
            expected = result
        self.graph.nodes.append(Node("guard", args=(node, expected), loc=self._loc(None)[0], scope=self.scope))

    def guard_size(self, count: torch.Tensor) -> int:
        """Return the value of a 0-d integer tensor that decides a shape, and guard it."""
        if self.is_dynamic([count]):
            if not self.concrete:
                raise NeedsValues("a shape that depends on values")
            size = int(count)
            node = Node("guard", args=(self.node_of(count), size), loc=self._loc(None)[0], scope=self.scope)
            self.graph.nodes.append(node)
            return size
        return int(self._static_value(self.node_of(count)) if _is_fake(count) else count)

    def recorded(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Run a function of ours so that the torch calls in it are recorded one by one."""
        with self:
            return fn(*args)

    def _with_sizes(self, x: Any) -> Any:
        """Turn 0-d integer tensors that a call reads as Python ints into ints, guarded."""

        def leaf(v: Any) -> Any:
            if isinstance(v, torch.Tensor) and v.ndim == 0 and v.dtype in (torch.int64, torch.int32):
                return self.guard_size(v)
            return v

        if type(x) is dict:
            return {k: v if k in ("fill_value", "input", "value") else nested(v, leaf) for k, v in x.items()}
        head = x[:1] if x and isinstance(x[0], torch.Tensor) else ()
        if len(x) == 2 and head and not isinstance(x[1], (int, torch.Size)):  # x[key]: slices only
            key = x[1]
            parts = key if type(key) is tuple else (key,)
            parts = tuple(nested(k, leaf) if type(k) is slice else k for k in parts)
            if any(type(k) is slice for k in parts):
                return (*head, parts if type(key) is tuple else parts[0])
        return x if not tensors_in(x[len(head) :]) or _is_index(x) else (*head, *nested(tuple(x[len(head) :]), leaf))

    def _static_call(self, func: Any, args: Any, kwargs: Any) -> Any:
        """Call a function on the real values of constants, while everything else is fake."""
        lifted = self._lift_call(args, kwargs)
        return self._really(func, *lifted)

    def _static_value(self, node: Node) -> Any:
        self._really(lambda x: x, (node,), {})
        return self._values[id(node)]

    def _really(self, func: Any, args: Any, kwargs: Any) -> Any:
        from torch._subclasses.fake_tensor import unset_fake_temporarily

        values = self._values
        with unset_fake_temporarily(), torch.utils._python_dispatch._disable_current_modes(), torch.no_grad():
            for node in self.graph.nodes[self._evaluated :]:
                if node.kind == "const":
                    values[id(node)] = node.value
                elif node.kind == "item" and id(node.args[0]) in values:
                    values[id(node)] = values[id(node.args[0])][node.args[1]]
                elif id(node) in self._calls:
                    call, call_args, call_kwargs = self._calls[id(node)]
                    values[id(node)] = call(*nested(call_args, self._real), **nested(call_kwargs, self._real))
            self._evaluated = len(self.graph.nodes)
            return func(*nested(args, self._real), **nested(kwargs, self._real))

    def _real(self, x: Any) -> Any:
        if type(x) is Node:
            return self._values[id(x)]
        if type(x).__name__ == "DType":
            return getattr(torch, str(x))
        return x

    # -- places -------------------------------------------------------------------------------------------------------

    @property
    def scope(self) -> str:
        """Path of the module that runs."""
        return self.stack[-1][1] if self.stack else ""

    def enter(self, module: torch.nn.Module, args: Any) -> None:
        """Note that a module's forward begins (a forward pre-hook)."""
        path = self.scopes.get(id(module))
        if path is not None:
            self.stack.append((id(module), path))

    def leave(self, module: torch.nn.Module, args: Any, output: Any) -> None:
        """Note that a module's forward ends (a forward hook)."""
        if self.stack and self.stack[-1][0] == id(module):
            self.stack.pop()

    def _loc(self, frame: FrameType | None) -> tuple[Loc | None, str]:
        frame = frame or user_frame(_is_internal, 2, _ENTRY)
        if frame is None:
            return None, ""
        code = frame.f_code
        if frame.f_back is not None and frame.f_back.f_code is _APPLY:
            self._warn_custom_gradient(frame)
        return Loc(code.co_filename, frame.f_lineno, code.co_name), assigned_name(frame)

    def _note_surroundings(self) -> None:
        """Note what the call that runs now is in: a checkpoint, autocast for a device that the capture is not on."""
        checkpoint = sys.modules.get("torch.utils.checkpoint")
        frame: FrameType | None = sys._getframe(2)
        inside = False
        while frame is not None and checkpoint is not None:
            name = frame.f_code.co_filename
            if inside and not _is_internal(name):
                loc = Loc(name, frame.f_lineno, frame.f_code.co_name)
                why = "what the backward pass needs is kept rather than computed again"
                self.graph.note("ignored", "torch.utils.checkpoint", why, loc)
                inside = False
            inside = inside or name == checkpoint.__file__
            frame = frame.f_back
        if torch.is_autocast_enabled("cuda"):
            why = "the capture runs on the CPU; convert the model's dtype instead"
            self.graph.note("ignored", 'torch.autocast("cuda")', why, self._loc(None)[0])

    def _warn_custom_gradient(self, frame: FrameType) -> None:
        if frame.f_code not in self._warned:
            self._warned.add(frame.f_code)
            self.graph.note(
                "changed",
                frame.f_code.co_qualname.rpartition(".")[0] or frame.f_code.co_name,
                "gradients follow its forward; its own backward is not used",
                Loc(frame.f_code.co_filename, frame.f_code.co_firstlineno, frame.f_code.co_name),
            )
            warnings.warn(
                f"{frame.f_code.co_qualname}: gradients of the converted code follow this function's forward; "
                "its own backward is not used",
                stacklevel=2,
            )

    def where(self) -> SourceLocation | None:
        """Return the user's line that runs now."""
        loc, _ = self._loc(None)
        return None if loc is None else SourceLocation(loc.file, loc.line, loc.function)

    @staticmethod
    def no_values(cause: BaseException) -> DataDependentError:
        """Return the error for a value that is needed where there is none."""
        place = None
        trace = cause.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if not _is_internal(code.co_filename):
                place = SourceLocation(code.co_filename, trace.tb_lineno, code.co_name)
            trace = trace.tb_next
        return DataDependentError(
            "the code asks for a tensor's value, and the inputs have none",
            where=place,
            why=str(cause).splitlines()[0] if str(cause) else type(cause).__name__,
            hint="use torch.where instead of a branch, or call with concrete arrays outside of jit",
        )


def _cond(pred: Any, true_fn: Any, false_fn: Any, operands: Any) -> Any:
    return (true_fn if pred else false_fn)(*operands)


def _while_loop(cond_fn: Any, body_fn: Any, carried: Any, additional: Any = ()) -> Any:
    while cond_fn(*carried, *additional):
        carried = tuple(body_fn(*carried, *additional))
    return carried


def _as_python(operator: Any) -> Any:
    """Return Python's form of torch.cond and while_loop: the way that they go becomes a guard, as with `if`."""
    found = {"cond": _cond, "while_loop": _while_loop}.get(operator.name())
    if found is None:
        raise CaptureError(
            f"torch.ops.higher_order.{operator.name()} can't be captured", hint="write it as Python with `if` and `for`"
        )
    return found


class _Dispatch(TorchDispatchMode):
    """Sees the operators below the public API and records those that no recorded call stands for."""

    supports_higher_order_operators = True

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self.recorder = recorder
        self.missing = False
        self._table: Any = None

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Whether torch may wrap this class so that dynamo skips it: that would import dynamo, three seconds."""
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        recorder = self.recorder
        if isinstance(func, HigherOrderOperator):
            return recorder.recorded(_as_python(func), *args)
        if recorder.busy or not _returns_tensor(func):
            return func(*args, **kwargs)
        with torch._C.DisableTorchFunction():  # in TorchScript the other mode is still on, and would see our own calls
            return self._record(func, args, kwargs)

    def _record(self, func: Any, args: Any, kwargs: Any) -> Any:
        recorder, path = self.recorder, paths.path_of(func)
        if path in paths.UNRECORDED or path in paths.READERS or recorder.supports(path):
            return recorder.call(path, func, args, kwargs)
        inputs = tensors_in((args, kwargs))
        for decompose in (self.table.get(func), func.decompose):
            if decompose is not None:
                with self:
                    result = decompose(*args, **kwargs)
                if result is not NotImplemented:
                    return result
        result = recorder._run(path, func, args, kwargs, inputs)
        if tensors_in(result):
            self.missing = True
            if path.startswith(("torch.ops.aten.", "torch.ops.prims.")):
                recorder.graph.nodes[-1].meta["internal"] = True
        return result

    @property
    def table(self) -> Any:
        """The decompositions to core ATen."""
        if self._table is None:
            from torch._decomp import core_aten_decompositions

            self._table = core_aten_decompositions()
        return self._table


def _returns_tensor(func: Any) -> bool:
    return any("Tensor" in str(r.type) for r in func._schema.returns)


def _statistics(path: str, args: Any, kwargs: Any) -> list[torch.Tensor]:
    """Return the running statistics that a normalisation updates without telling autograd."""
    names, flag = paths.STATISTICS[path]
    given = {**dict(zip(names, args)), **kwargs}
    return tensors_in((given.get("running_mean"), given.get("running_var"))) if given.get(flag, False) else []


def _in_transform() -> bool:
    return torch._C._functorch.peek_interpreter_stack() is not None


# operators whose meta function checks what only a GPU's kernel asks for
_STRICT_META = frozenset({"_grouped_mm", "grouped_mm"})


def _through_zeros(func: Any, args: Any, kwargs: Any, inputs: list[torch.Tensor]) -> Any:
    """Learn the form of a result by running the real operator on zeros."""
    from torch._subclasses.fake_tensor import unset_fake_temporarily

    mode = next(t.fake_mode for t in inputs if _is_fake(t) and hasattr(t, "fake_mode"))

    def zeros(v: Any) -> Any:
        return torch.zeros(v.shape, dtype=v.dtype) if isinstance(v, torch.Tensor) and _is_fake(v) else v

    with unset_fake_temporarily():
        found = func(*nested(tuple(args), zeros), **nested(dict(kwargs), zeros))
    return nested(found, lambda v: mode.from_tensor(v) if isinstance(v, torch.Tensor) else v)


def _is_fake(x: torch.Tensor) -> bool:
    return type(x).__name__ == "FakeTensor" or x.is_meta


def _is_index(args: Any) -> bool:
    return len(args) == 2 and isinstance(args[1], (torch.Tensor, tuple, list)) and isinstance(args[0], torch.Tensor)


def _is_same(result: Any, inputs: list[torch.Tensor]) -> bool:
    return isinstance(result, torch.Tensor) and any(result is t for t in inputs)


def _versions(tensors: list[torch.Tensor]) -> tuple[Any, ...]:
    try:
        return tuple([(t._version, t.shape) for t in tensors])
    except RuntimeError:  # inference tensors have no version
        return ()


def _aval(x: torch.Tensor) -> Aval:
    return Aval(tuple(x.shape), as_dtype(x.dtype))
