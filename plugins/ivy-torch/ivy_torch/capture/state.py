"""What torch code keeps from call to call: attributes of modules and other objects, optimizers' state, gradients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch

from ivy.errors import CaptureError, SourceLocation
from ivy.graph.graph import Graph
from ivy.graph.kept import shown
from ivy.graph.node import Node, map_nested
from ivy.graph.notes import Note, place_of_function
from ivy.transpiler.contents import Place
from ivy.transpiler.heap import Changes, Heap, Rules
from ivy.transpiler.keeping import DROPPED
from ivy_torch.capture import inputs as _inputs
from ivy_torch.capture import paths
from ivy_torch.capture.record import Recorder
from ivy_torch.capture.tensors import NeedsValues, aval, storage_of

__all__ = ["ModuleState", "TorchState"]

_TABLES = ("_parameters", "_buffers", "_modules", "_non_persistent_buffers_set")
_OWN = frozenset(torch.nn.Module().__dict__)
_RESTORED = (
    *_TABLES,
    *sorted(name for name in _OWN if "hooks" in name and isinstance(vars(torch.nn.Module())[name], dict)),
)
_HIDDEN = _OWN - {"_buffers", "_modules"}
_FLAT = frozenset({"_flat_weights", "_flat_weight_refs"})  # kept up by torch itself where a weight is replaced
_BACKWARD = "hooks of the backward pass are not run"
_FORWARD = "it runs while the code is captured: its tensors are converted, anything else it does happens once"
_HOOKS = (
    ("_backward_hooks", "ignored", _BACKWARD),
    ("_backward_pre_hooks", "ignored", _BACKWARD),
    ("_forward_hooks", "changed", _FORWARD),
    ("_forward_pre_hooks", "changed", _FORWARD),
)


class ModuleState:
    """The attributes of modules at one moment: parameters and buffers, flags, caches. Only references are kept.

    Args:
        modules: the modules, every one that counts.
    """

    def __init__(self, modules: Iterable[torch.nn.Module]) -> None:
        self._kept = [
            (m, dict(m.__dict__), {t: m.__dict__[t].copy() for t in _RESTORED if t in m.__dict__}) for m in modules
        ]
        self._heap = Heap({str(i): m for i, (m, _, _) in enumerate(self._kept)}, _TorchRules())

    def notes(self, paths: Mapping[int, str]) -> list[Note]:
        """Return what the modules have that a conversion ignores: hooks of the backward pass.

        Args:
            paths: paths of the modules by `id`.
        """
        found = []
        for module, _, _ in self._kept:
            path = paths.get(id(module), "")
            for table, kind, why in _HOOKS:
                found += [Note(kind, f"a hook of {path or type(module).__name__}", why, place_of_function(hook))
                          for hook in module.__dict__.get(table, {}).values()]  # fmt: skip
        return found

    def restore(self) -> None:
        """Put every attribute back."""
        self._heap.restore()
        for module, attributes, tables in self._kept:
            module.__dict__.clear()
            module.__dict__.update(attributes)
            for name, table in tables.items():
                live = module.__dict__[name]
                live.clear()
                live.update(table)


class _TorchRules(Rules):
    """What is what among torch's objects."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self.stand_ins: dict[str, torch.Tensor] = {}
        self.taken = self.stand_ins
        self.buffers: set[int] = set()

    def is_array(self, x: Any) -> bool:
        return isinstance(x, torch.Tensor)

    def hidden(self, owner: Any) -> frozenset[str]:
        if not isinstance(owner, torch.nn.Module):
            return frozenset()
        self.buffers.add(id(owner.__dict__.get("_buffers")))
        return _HIDDEN | _FLAT if isinstance(owner, torch.nn.RNNBase) else _HIDDEN

    def unnamed(self, key: Any) -> bool:
        return key in _TABLES

    def enters(self, x: Any) -> bool:
        if isinstance(x, torch.nn.Module):
            return not isinstance(x, torch.jit.ScriptModule)
        return isinstance(x, (torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler, torch.amp.GradScaler))

    def reference(self, array: Any) -> str | None:
        return self.names.get(id(array))

    def parameter(self, name: str) -> Any:
        return self.stand_ins[name]

    def carried(self, owner: Any, key: Any, old: Any, new: Any) -> bool:
        # a buffer that is replaced by one of its kind is an update of the graph
        if id(owner) not in self.buffers or not isinstance(new, torch.Tensor) or self.reference(old) is None:
            return False
        return old.shape == new.shape and old.dtype == new.dtype and self.reference(new) is None

    def refuses(self, value: Any) -> bool:
        if isinstance(value, torch.nn.Module):
            return any(True for _ in value.parameters())
        return isinstance(value, torch.nn.Parameter)


class _Gradient(Place):
    """The gradient that a backward pass has left on a parameter."""

    def __init__(self, parameter: torch.Tensor) -> None:
        self.parameter = parameter

    def read(self) -> dict[Any, Any]:
        return {} if self.parameter.grad is None else {"grad": self.parameter.grad}

    def write(self, key: Any, value: Any) -> None:
        self.parameter.grad = value

    def remove(self, key: Any) -> None:
        self.parameter.grad = None


class TorchState:
    """The objects that one capture's call can change.

    Args:
        fn: the callable.
        recorder: what records the call.
    """

    def __init__(self, fn: Any, recorder: Recorder) -> None:
        self.recorder = recorder
        self.rules = _TorchRules()
        self.heap = Heap({"": fn}, self.rules)
        self._given: Heap | None = None
        self._had = False
        self._leaves: dict[tuple[Any, ...], _Gradient] = {}
        self._changes: Changes | None = None

    def watch(self, call: Any) -> None:
        """Watch the modules that the call is given: there is nothing that could keep their state."""
        given: dict[str, Any] = {}

        def look(x: Any) -> None:
            if isinstance(x, torch.nn.Module) and id(x) not in self.heap.paths:
                given[f"module {len(given)}"] = x

        map_nested(call, look)
        self._given = Heap(given, self.rules) if given else None

    def stand_in(self, state: Iterable[tuple[_inputs.Parameter, torch.Tensor, Node]]) -> None:
        """Let the capture's parameters and buffers take the place of the user's, however they are reached.

        Args:
            state: the user's parameter, what stands for it, its node.
        """
        rules, recorder = self.rules, self.recorder
        stand_ins: dict[int, Any] = {}
        owners: dict[Any, tuple[torch.Tensor, torch.Tensor]] = {}
        for p, tensor, node in state:
            rules.names[id(tensor)] = rules.names[id(p.tensor)] = p.names[0]
            rules.stand_ins[p.names[0]] = stand_ins[id(p.tensor)] = tensor
            owners.setdefault(storage_of(p.tensor), (p.tensor, tensor))
            if tensor is not p.tensor:
                recorder.know(p.tensor, node, dynamic=True, trainable=p.trainable)
            if tensor.requires_grad:
                if p.tensor.grad is not None:
                    tensor.grad = p.tensor.grad.detach().clone()
                self.heap.add((p.names[0], "grad"), _Gradient(tensor))
        for key, (path, x) in self.heap.arrays.items():
            own = owners.get(storage_of(x)) if key not in stand_ins else None
            if own is not None and x.layout is torch.strided:
                stand_ins[key] = self._alias(x, *own)
            elif key not in stand_ins and x.requires_grad and x.is_leaf and not rules.names.get(key):
                self._leaves[path] = place = _Gradient(x)  # a parameter that belongs to no module
                self.heap.add((*path, "grad"), place)
        self.heap.substitute(stand_ins)

    def _alias(self, x: torch.Tensor, own: torch.Tensor, stand_in: torch.Tensor) -> torch.Tensor:
        """Return a view of a stand-in that lies in it as the user's tensor lies in the user's parameter."""
        base = stand_in if x.requires_grad else stand_in.detach()
        offset = stand_in.storage_offset() + x.storage_offset() - own.storage_offset()
        view = base.view(x.dtype).as_strided(x.shape, x.stride(), offset)
        if not x.requires_grad and stand_in.requires_grad:
            self.recorder.apart.add(id(view))
        self.recorder._keep.append(view)
        return view

    def put(self, options: Any, graph: Graph, fake: Any) -> None:
        """Bring the objects into the state that earlier calls have left, before the call."""
        recorder = self.recorder
        recorder.busy += 1
        self.heap.mark()
        if self._given is not None:
            self._given.mark()
        kept = getattr(options, "kept", None)
        if kept:
            arrays = {}
            written = {content[0][1][1]: path for path, content in kept.structure if content[0][0] == "value"}
            leaves = {name: self._leaves.get(path) for name, path in written.items()}
            for name, x in kept.arrays.items():
                tensor = _inputs.make_input(x, fake, False)
                if tensor is None:
                    raise NeedsValues(name)
                meta = {"trainable": False, "buffer": True, "persistent": False, "kept": True}
                node = graph.params[name] = Node("param", name, out=aval(tensor), meta=meta)
                leaf = leaves.get(name)
                if leaf is not None:
                    leaf.parameter = tensor.requires_grad_()
                recorder.know(tensor, node, dynamic=True, trainable=leaf is not None)
                arrays[name] = tensor
            self.heap.put(kept.structure, arrays)
        self._versions = [(path, x, x._version) for path, x in self.heap.arrays.values() if not x.is_inference()]
        recorder.busy -= 1
        self._had = bool(kept)

    def collect(self) -> None:
        """Find what the call has left, after it."""
        self.recorder.busy += 1
        for path, x, version in self._versions:
            if x._version != version and self.rules.reference(x) is None:
                self.heap.valued.setdefault(path, x)
        self._changes = self.heap.changes()
        if self._given is not None:
            stored = self._given.changes()
            needed = [name for name in stored.places if name not in stored.spare]
            if needed:
                loc = stored.places[needed[0]]
                raise CaptureError(
                    f"a call stores {shown(needed)} on a module that it is given as an argument",
                    where=None if loc is None else SourceLocation(loc.file, loc.line, loc.function),
                    hint="transpile the module, or a function that closes over it",
                )
        self.recorder.busy -= 1

    def finish(self, graph: Graph) -> None:
        """Let the graph give the arrays of the new state."""
        found = self._changes
        assert found is not None
        for name, tensor in found.arrays.items():
            graph.updates[name] = self.recorder.node_of(tensor)
        graph.kept = found.stored(graph, had=self._had, draws=lambda node: paths.is_random(node.fn))
        for name, place in found.dropped.items():
            graph.note("ignored", name, DROPPED, place)
