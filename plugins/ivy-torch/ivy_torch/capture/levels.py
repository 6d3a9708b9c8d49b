"""Tensors within torch.func's transformations: what wraps them, and in which graph they are recorded.

torch.func runs the user's function on wrappers. Under `grad`, `vjp` and `jvp` a wrapper is the tensor with a
derivative of its own, and calls are recorded on it as on any tensor; the transformation itself asks for the derivative
with torch's public calls. Under `vmap` a wrapper is one example of a batch. Where both meet, what is computed on
examples is recorded into a graph of its own, which the node of the vmap has for its argument; `vmap` alone is recorded
batched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch

from ivy.graph.graph import Graph
from ivy.graph.node import Node
from ivy_torch.capture.nodes import Nodes
from ivy_torch.capture.tensors import aval, is_wrapper

__all__ = ["Levels", "batch_levels", "in_transform"]

_F = torch._C._functorch
_KINDS = _F.TransformType


def in_transform() -> bool:
    """Whether a transformation of torch.func is running."""
    return _F.peek_interpreter_stack() is not None


def differentiates() -> bool:
    """Whether one of the running transformations takes derivatives, and all of them are known here."""
    kinds = {i.key() for i in _F.get_interpreter_stack() or ()}
    return bool(kinds & {_KINDS.Grad, _KINDS.Jvp}) and kinds <= {_KINDS.Grad, _KINDS.Jvp, _KINDS.Vmap}


def batch_levels(tensor: torch.Tensor) -> tuple[int, ...]:
    """Return the levels of the batches that a tensor is an example of, the outermost first."""
    found: list[int] = []
    while is_wrapper(tensor):
        if _F.is_batchedtensor(tensor):
            found.append(_F.maybe_get_level(tensor))
        tensor = _F.get_unwrapped(tensor)
    return tuple(sorted(found))


@dataclass
class _Examples:
    """What is computed on the examples of a batch.

    Args:
        graph: the graph of one example.
        around: the graph that the batch is in.
        inputs: outer nodes and their batched axes.
        node: the call, once something is used outside.
        ended: whether its vmap has ended.
    """

    graph: Graph
    around: Graph
    inputs: list[tuple[Node, int]] = field(default_factory=list)
    node: Node | None = None
    ended: bool = False


class Levels(Nodes):
    """The layer of the recorder that knows torch.func's wrappers.

    Args:
        graph: the graph that is recorded.
        scopes: names of modules by `id`.
    """

    def __init__(self, graph: Graph, scopes: dict[int, str]) -> None:
        super().__init__(graph, scopes)
        self._examples: dict[tuple[int, ...], _Examples] = {}
        self._belongs: dict[int, _Examples] = {}
        self._leaving: dict[int, tuple[_Examples, Node, int, torch.Tensor]] = {}
        self.duals: dict[Any, list[tuple[torch.Tensor, Node, torch.Tensor]]] = {}

    def know(self, tensor: torch.Tensor, node: Node, *, dynamic: bool, trainable: bool = False) -> None:
        """Let a tensor stand for a node from now on, and what it wraps too, for that is what leaves a transformation.

        Args:
            tensor: the tensor; kept alive, so that its identity and its memory stay its own.
            node: the node.
            dynamic: whether its value can change from call to call.
            trainable: whether a gradient can flow into it.
        """
        super().know(tensor, node, dynamic=dynamic, trainable=trainable)
        if not is_wrapper(tensor):
            return
        here = next((e for e in self._examples.values() if e.graph is self.graph), None)
        while is_wrapper(tensor):
            if here is not None:
                self._belongs[id(tensor)] = here
            wrapped = _F.get_unwrapped(tensor)
            if id(wrapped) in self._nodes:
                return
            self._keep.append(wrapped)
            if _F.is_batchedtensor(tensor):
                if here is not None:
                    self._leaving[id(wrapped)] = (here, node, _F.maybe_get_bdim(tensor), wrapped)
                return
            self._nodes[id(wrapped)] = node
            tensor = wrapped

    def node_of(self, tensor: torch.Tensor) -> Node:
        """Return the node that a tensor stands for; one that was made outside becomes a constant.

        Raises:
            NeedsValues: if its value is not known and it comes from nowhere.
        """
        leaving = self._leaving.get(id(tensor)) if id(tensor) not in self._nodes else None
        if leaving is not None:
            return self._left(*leaving)
        if not is_wrapper(tensor):
            return super().node_of(tensor)
        node = self._nodes.get(id(tensor))
        if node is not None and self._reaches(tensor):
            return node
        outer = _F.get_unwrapped(tensor)
        if not _F.is_batchedtensor(tensor):
            node = self.node_of(outer)
            if not batch_levels(tensor):
                self._nodes[id(tensor)] = node
                self._keep.append(tensor)
            return node
        levels = batch_levels(tensor)
        examples = self.examples_at(levels)
        here, self.graph = self.graph, examples.around
        try:
            whole = self.node_of(outer)
        finally:
            self.graph = here
        node = Node("input", whole.name, out=aval(tensor))
        examples.graph.inputs.append(node)
        examples.inputs.append((whole, _F.maybe_get_bdim(tensor)))
        self._keep.append(tensor)
        self._nodes[id(tensor)] = node
        self._belongs[id(tensor)] = examples
        return node

    def _reaches(self, tensor: torch.Tensor) -> bool:
        """Whether the graph that a wrapper was recorded in is still open."""
        examples = self._belongs.get(id(tensor))
        return examples is None or examples.node is None

    def on_examples(self) -> bool:
        """Whether calls are recorded on what a transformation's wrappers stand for: where one takes derivatives."""
        running = {i.level() for i in _F.get_interpreter_stack() or () if i.key() == _KINDS.Vmap}
        going = False
        for levels, examples in self._examples.items():
            examples.ended = examples.ended or not running.issuperset(levels)
            going = going or (examples.node is None and not examples.ended)
        return (bool(running) and going) or differentiates()

    def is_known(self, tensor: torch.Tensor) -> bool:
        """Whether a tensor, or what it wraps, stands for a node."""
        while id(tensor) not in self._nodes and is_wrapper(tensor):
            tensor = _F.get_unwrapped(tensor)
        return super().is_known(tensor)

    @contextmanager
    def unwrapped(self, tensors: list[torch.Tensor]) -> Iterator[None]:
        """Let what some wrappers wrap stand for the wrappers' own nodes: the operators of a call get to see that."""
        before: dict[int, Node] = {}
        for t in tensors:
            if not is_wrapper(t):
                continue
            node = self.node_of(t)
            while is_wrapper(t):
                t = _F.get_unwrapped(t)
            before.setdefault(id(t), self.node_of(t))
            self._nodes[id(t)] = node
        try:
            yield
        finally:
            self._nodes.update(before)

    def examples_at(self, levels: tuple[int, ...]) -> _Examples:
        """Return the examples of a batch that is open, or open it.

        Args:
            levels: of the batch and of those around it, the outermost first.
        """
        around = self.examples_at(levels[:-1]).graph if len(levels) > 1 else self.whole
        found = self._examples.get(levels)
        if found is None or found.node is not None or found.ended or found.around is not around:
            found = self._examples[levels] = _Examples(Graph(around.dialect, "example"), around)
        return found

    def graph_for(self, tensors: list[torch.Tensor]) -> Graph:
        """Return the graph that a call on these tensors is recorded into.

        Args:
            tensors: the call's tensors and its results.
        """
        levels = tuple(sorted({n for t in tensors for n in batch_levels(t)}))
        return self.examples_at(levels).graph if levels else self.whole

    def _left(self, examples: _Examples, node: Node, axis: int, tensor: torch.Tensor) -> Node:
        """Return the node of a batch whose examples have been computed; the batch is closed by that."""
        if examples.node is None:
            given = [a for _, a in examples.inputs]
            args: tuple[Any, ...] = (examples.graph, given, [], tuple(n for n, _ in examples.inputs))
            examples.graph.arguments = tuple(examples.graph.inputs)
            examples.graph.output = ()
            loc, name = self._loc(None)
            whole = Node("call", name, "torch.func.vmap", args, {}, out=[], loc=loc, scope=self.scope)
            examples.around.nodes.append(whole)
            examples.node = whole
        whole = examples.node
        whole.args[2].append(axis)
        whole.out.append(aval(tensor))
        examples.graph.output = (*examples.graph.output, node)
        item = Node("item", "", args=(whole, len(whole.out) - 1), out=whole.out[-1], loc=whole.loc, scope=whole.scope)
        examples.around.nodes.append(item)
        self._nodes[id(tensor)] = item
        return item
