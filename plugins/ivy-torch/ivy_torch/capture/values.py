"""Where Python asks for the values of tensors: known for constants, guarded otherwise."""

from __future__ import annotations

from typing import Any

import torch

from ivy.dtypes import as_dtype
from ivy.errors import CaptureError, DataDependentError, SourceLocation
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph
from ivy.graph.node import Node
from ivy_torch.capture.nodes import Nodes
from ivy_torch.capture.places import is_internal
from ivy_torch.capture.tensors import NeedsValues, is_fake, nested, tensors_in

__all__ = ["Values", "no_values"]

_MOST_GUARDED = 4096


class Values(Nodes):
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
        self._calls: dict[int, tuple[Any, tuple[Any, ...], dict[str, Any]]] = {}
        self._values: dict[int, Any] = {}
        self._evaluated = 0

    def _read(self, path: str, func: Any, args: Any, kwargs: Any, inputs: list[torch.Tensor]) -> Any:
        """Serve a call that hands a value to Python: known for constants, else a guard."""
        nodes = [self.node_of(t) for t in inputs]
        dynamic = self.is_dynamic(inputs)
        self.busy += 1
        try:
            if not dynamic and any(is_fake(t) for t in inputs):
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
        return int(self._static_value(self.node_of(count)) if is_fake(count) else count)

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


def no_values(cause: BaseException) -> DataDependentError:
    """Return the error for a value that is needed where there is none."""
    place = None
    trace = cause.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if not is_internal(code.co_filename):
            place = SourceLocation(code.co_filename, trace.tb_lineno, code.co_name)
        trace = trace.tb_next
    return DataDependentError(
        "the code asks for a tensor's value, and the inputs have none",
        where=place,
        why=str(cause).splitlines()[0] if str(cause) else type(cause).__name__,
        hint="use torch.where instead of a branch, or call with concrete arrays outside of jit",
    )


def _is_index(args: Any) -> bool:
    return len(args) == 2 and isinstance(args[1], (torch.Tensor, tuple, list)) and isinstance(args[0], torch.Tensor)
