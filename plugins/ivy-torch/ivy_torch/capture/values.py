"""Where Python asks for the values of tensors: known for constants, guarded otherwise."""

from __future__ import annotations

from typing import Any

import torch

from ivy.dtypes import as_dtype
from ivy.errors import CaptureError, DataDependentError, SourceLocation
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph
from ivy.graph.node import Node
from ivy.transpiler.checks import CHECK_LEFT_OUT, raising_outcome
from ivy.transpiler.names import user_frame
from ivy.transpiler.reads import UNKNOWN, Reads, UnknownValue
from ivy_torch.capture.levels import Levels
from ivy_torch.capture.places import ENTRY, is_internal
from ivy_torch.capture.tensors import NeedsValues, is_fake, nested, storage_of, tensors_in

__all__ = ["Values", "no_values"]

_MOST_GUARDED = 4096
_SCALARS: dict[str, type | None] = {
    "__bool__": bool, "is_nonzero": bool, "__int__": int, "__index__": int, "__float__": float, "__complex__": complex,
    "item": None, "_local_scalar_dense.default": None, "default": None,
}  # fmt: skip
"""Readers of one number, by what they make of it; None for what the dtype says."""
_TESTS = frozenset({"equal", "allclose", "__contains__"})
_TEXTS = frozenset({"__repr__", "__str__", "__format__"})


class Values(Levels):
    """The layer of the recorder that serves calls which hand values to Python.

    Args:
        graph: the graph that is recorded.
        scopes: names of modules by `id`.
        concrete: whether tensors have values.
    """

    def __init__(self, graph: Graph, scopes: dict[int, str], *, concrete: bool) -> None:
        super().__init__(graph, scopes)
        self.concrete = concrete
        self.busy = 0
        self.reads = Reads()
        self.traced = False
        self._calls: dict[int, tuple[Any, tuple[Any, ...], dict[str, Any]]] = {}
        self._values: dict[int, Any] = {}
        self._evaluated = 0

    def _read(self, path: str, func: Any, args: Any, kwargs: Any, inputs: list[torch.Tensor]) -> Any:
        """Serve a call that hands a value to Python: known for constants, else a guard."""
        nodes = [self.node_of(t) for t in inputs]
        name = path.rpartition(".")[2]
        dynamic = self.is_dynamic(inputs)
        if name in _TEXTS and (not dynamic or not self.concrete or inputs[0].numel() > _MOST_GUARDED):
            return self._unread(func, args, kwargs)
        if not dynamic and any(is_fake(t) for t in inputs):
            return self._unread(self._static_call, (func, args, kwargs), {})
        result: Any = UNKNOWN
        if self.concrete or not dynamic:
            result = self._unread(func, args, kwargs)
        if not dynamic:
            return result
        if name in _TESTS:
            node = self._test(path, args, kwargs)
            return result if node is None else self._answered(node, bool, result, path)
        if name not in _SCALARS and nodes[0].aval.size > _MOST_GUARDED:
            raise CaptureError(
                f"{path} hands {nodes[0].aval.size} values that depend on the inputs over to Python",
                where=self.where(),
                why="what Python does with them can't be recorded",
                hint="write this part with torch functions",
            )
        if name in _SCALARS:
            kind = _SCALARS[name] or _kind_of(nodes[0])
            found = self._answered(nodes[0], kind, result, path)
            if kind is float and found is not result and result is not UNKNOWN and inputs[0].is_floating_point():
                self._go_on(inputs[0], found)
            return found
        x = inputs[0]
        seen = UNKNOWN if result is UNKNOWN else self._unread(x.tolist, (), {})
        values = self._answered(nodes[0], list, seen, path)
        if values is not seen and seen is not UNKNOWN:
            self._go_on(x, values)
        if values is seen or name == "tolist":
            return result if values is seen else values
        made = self._really(lambda: torch.tensor(values, dtype=x.dtype).reshape(x.shape), (), {})
        return self._really(lambda: func(made, *args[1:], **kwargs), (), {})

    def _go_on(self, x: torch.Tensor, values: Any) -> None:
        """Let what follows go on from what the target has in a tensor's place."""
        base = self._bases.get(storage_of(x))
        if base is None or base[1].kind in ("param", "const") or not x.is_contiguous():
            return  # the user's own memory
        with torch.no_grad():
            self._unread(lambda: x.data.copy_(torch.tensor(values, dtype=x.dtype).reshape(x.shape)), (), {})

    def _unread(self, func: Any, args: Any, kwargs: Any) -> Any:
        self.busy += 1
        try:
            return func(*args, **kwargs)
        finally:
            self.busy -= 1

    def _answered(self, node: Node, kind: type, value: Any, path: str) -> Any:
        """Return what Python is to see of a node, and guard it.

        Args:
            node: the node.
            kind: what Python sees: a truth value, a number, nested lists of numbers.
            value: its value here, `UNKNOWN` if there is none.
            path: what asks.
        """
        raising = None
        if kind is bool:
            raising = raising_outcome(user_frame(is_internal, 2, ENTRY), called=path.rpartition(".")[2] != "__bool__")
        if raising is not None:
            self.graph.note("ignored", "a check of values", CHECK_LEFT_OUT, self._loc(None)[0])
            if self.traced:
                self.graph.assumes = True
                return not raising
        found = self.reads.take(kind, value)
        if found is UNKNOWN:
            raise NeedsValues(path, self.graph, node, kind is bool, self._of_buffers(node, kind))
        self.graph.nodes.append(Node("guard", args=(node, found), loc=self._loc(None)[0], scope=self.scope))
        return found

    def _of_buffers(self, node: Node, kind: type) -> Any:
        """Return what the module's own buffers, as they are now, make of a node; `UNKNOWN` if it needs more."""
        if node.kind != "param" and id(node) not in self._calls:
            return UNKNOWN
        if not self.is_held(node):
            return UNKNOWN
        value = self._really(lambda x: x.tolist(), (node,), {})
        return value if kind is list else kind(value) if type(value) is not list else UNKNOWN

    def _test(self, path: str, args: Any, kwargs: Any) -> Node | None:
        """Record what a function that returns a truth value of Python's computes; None if its arguments' forms tell."""
        name = path.rpartition(".")[2]
        node_args, node_kwargs = self._lift_call(args, kwargs)
        given = [x for x in (*args, *kwargs.values()) if isinstance(x, torch.Tensor)]
        if name == "equal" and given[0].shape != given[-1].shape:
            return None
        if name == "__contains__":
            inner = self._emit("torch.eq", node_args, {}, Aval(given[0].shape, as_dtype("bool")), None)
            return self._emit("torch.any", (inner,), {}, Aval((), as_dtype("bool")), None)
        shape = torch.broadcast_shapes(*(x.shape for x in given))
        compare = "torch.eq" if name == "equal" else "torch.isclose"
        inner = self._emit(compare, node_args, node_kwargs, Aval(tuple(shape), as_dtype("bool")), None)
        return self._emit("torch.all", (inner,), {}, Aval((), as_dtype("bool")), None)

    def guard_size(self, count: torch.Tensor) -> int:
        """Return the value of a 0-d integer tensor that decides a shape, and guard it."""
        node = self.node_of(count)
        if self.is_dynamic([count]):
            value = self._unread(int, (count,), {}) if self.concrete else UNKNOWN
            return int(self._answered(node, int, value, "a shape that depends on values"))
        return int(self._static_value(node) if is_fake(count) else count)

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
            return x.value.detach() if x.kind == "param" else self._values[id(x)]
        if type(x).__name__ == "DType":
            return getattr(torch, str(x))
        return x


def no_values(cause: BaseException) -> DataDependentError:
    """Return the error for a value that is needed where there is none."""
    place = None
    trace = cause.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if not is_internal(code.co_filename):
            place = SourceLocation(code.co_filename, trace.tb_lineno, code.co_name)
        trace = trace.tb_next
    error = UnknownValue(
        "the code asks for a tensor's value, and the inputs have none",
        where=place,
        why=str(cause).splitlines()[0] if str(cause) else type(cause).__name__,
        hint="use torch.where instead of a branch, or call with concrete arrays outside of jit",
    )
    if isinstance(cause, NeedsValues) and cause.graph is not None and cause.node is not None:
        error.of(cause.graph, cause.node, truth=cause.truth, held=cause.held)
    return error


def _kind_of(node: Node) -> type:
    """Return the type of Python's that an element of an array becomes."""
    dtype = node.aval.dtype
    return bool if dtype == "bool" else complex if dtype.is_complex else float if dtype.is_inexact else int


def _is_index(args: Any) -> bool:
    return len(args) == 2 and isinstance(args[1], (torch.Tensor, tuple, list)) and isinstance(args[0], torch.Tensor)
