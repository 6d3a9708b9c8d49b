"""Which node of the graph each tensor stands for."""

from __future__ import annotations

from types import FrameType
from typing import Any

import torch

from ivy.dtypes import DType, as_dtype
from ivy.errors import CaptureError
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph
from ivy.graph.node import Node
from ivy_torch.capture.places import Places
from ivy_torch.capture.tensors import NeedsValues, aval, is_fake, is_wrapper, nested, storage_of, tensors_in

__all__ = ["Nodes"]

_IGNORED = ("device", "layout", "pin_memory", "requires_grad", "non_blocking")


class Nodes(Places):
    """The layer of the recorder that knows tensors.

    Args:
        graph: the graph that is recorded.
        scopes: names of modules by `id`.
    """

    def __init__(self, graph: Graph, scopes: dict[int, str]) -> None:
        super().__init__(graph, scopes)
        self.whole = graph
        self._nodes: dict[int, Node] = {}
        self._regions: dict[Any, Node] = {}
        self._bases: dict[Any, tuple[torch.Tensor, Node]] = {}
        self._unhooked: dict[int, Node] = {}
        self._keep: list[Any] = []
        self._outside: dict[Any, Node] = {}
        self._dynamic: set[Any] = set()
        self._trainable: set[Any] = set()
        self._held: set[Any] = set()
        self.picked: dict[int, Any] = {}
        self.selections: list[Any] = []
        self.writings = 0
        self.lazy = True
        self.lists = False
        self.finished = False
        self.apart: set[int] = set()  # views of parameters that the user made outside of autograd

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
        if self.lists:
            self.read_as_list(tensor)
        key = storage_of(tensor)
        if tensor.layout is torch.strided and not is_wrapper(tensor):
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
        if id(tensor) in self.picked:
            node = self.gathered(tensor)
            self.know(tensor, node, dynamic=True, trainable=storage_of(tensor) in self._trainable)
            return node
        node = self._alias(tensor)
        if node is not None and id(tensor) in self.apart:
            node = self._emit("torch.Tensor.detach", (node,), {}, node.out, None)
            node.meta["alias"] = 0
        if node is None:
            if is_fake(tensor):
                raise NeedsValues("a tensor that was made in a way that torch does not report")
            node = Node("const", "", out=aval(tensor), value=tensor, loc=self._loc(None)[0])
            self.whole.nodes.append(node)
            self._outside[storage_of(tensor)] = node
        self.know(tensor, node, dynamic=False)
        return node

    def variable_of(self, tensor: torch.Tensor) -> Node:
        """Return the node that a derivative with respect to a tensor is taken of: before its hooks."""
        self.node_of(tensor)
        return self._unhooked.get(id(tensor)) or self._nodes[id(tensor)]

    def _alias(self, tensor: torch.Tensor) -> Node | None:
        """Return a node for a tensor made unseen over memory that is known (a saved tensor, ``nn.Parameter(x)``)."""
        if tensor.layout is not torch.strided or is_wrapper(tensor):
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
        node = self._emit("torch.as_strided", args, {}, aval(tensor), None)
        node.meta["alias"] = 0
        return node

    def read_as_list(self, tensor: torch.Tensor) -> None:
        """Let ``tolist`` of a tensor without values be one read, as it is of one with values."""
        raise NotImplementedError

    def gathered(self, tensor: torch.Tensor) -> Node:
        """Return the node of what a mask picked (see `ivy_torch.capture.selected`)."""
        raise NotImplementedError

    def stands_for(self, tensor: torch.Tensor, source: torch.Tensor) -> None:
        """Let a tensor without a node of its own count as made from another."""
        self._keep.append(tensor)
        self._dynamic.add(storage_of(tensor))
        if storage_of(source) in self._trainable:
            self._trainable.add(storage_of(tensor))

    def is_known(self, tensor: torch.Tensor) -> bool:
        """Tell whether a tensor stands for a node already."""
        return id(tensor) in self._nodes

    def hold(self, tensors: list[torch.Tensor]) -> None:
        """Note tensors whose values rest on the module's own buffers alone."""
        self._held.update(storage_of(t) for t in tensors)

    def rests_on_buffers(self, tensors: list[torch.Tensor]) -> bool:
        """Tell whether that is so of all of these, constants aside."""
        return all(storage_of(t) in self._held for t in tensors if storage_of(t) in self._dynamic)

    def is_held(self, node: Node) -> bool:
        """Tell whether a node's tensor rests on the module's own buffers alone."""
        return any(self._nodes.get(id(t)) is node and storage_of(t) in self._held for t in self._keep)

    def owner_of(self, tensor: torch.Tensor) -> torch.Tensor | None:
        """Return the first recorded tensor over the memory that a tensor lies in."""
        found = self._bases.get(storage_of(tensor))
        return None if found is None else found[0]

    def is_trainable(self, tensor: torch.Tensor) -> bool:
        """Whether a gradient can flow into a tensor."""
        return storage_of(tensor) in self._trainable

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

    def _lift_call(self, args: Any, kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        kwargs = {k: v for k, v in kwargs.items() if k not in _IGNORED}
        return nested(tuple(args), self.lift), nested(kwargs, self.lift)

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

    def _is_region(self, tensor: torch.Tensor) -> bool:
        return self._alias(tensor) is not None

    def _forget(self, start: int, known: int) -> None:
        """Drop the nodes from number `start` on and what stands for them."""
        dropped = {id(n) for n in self.graph.nodes[start:]}
        del self.graph.nodes[start:]
        self._unknow(dropped, known)

    def _unknow(self, dropped: set[int], known: int) -> None:
        for t in self._keep[known:]:
            if id(self._nodes.get(id(t))) in dropped:
                del self._nodes[id(t)]
        for table in (self._regions, self._bases):
            for key, entry in list(table.items()):
                if id(entry[1] if isinstance(entry, tuple) else entry) in dropped:
                    del table[key]
