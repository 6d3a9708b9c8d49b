"""Graphs as plain data, to be saved with a model and read where the source framework is not installed.

Only graphs in the ivy dialect are written: a call in the data is the name of a functional op, so that reading a file
can do nothing but compute. Constants are kept as their bytes.
"""

from __future__ import annotations

import base64
import dataclasses
import math
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from ivy.dtypes import DType, as_dtype
from ivy.errors import ConversionError
from ivy.graph.aval import Aval
from ivy.graph.containers import flatten
from ivy.graph.graph import Graph
from ivy.graph.node import Node

__all__ = ["Reader", "Writer", "as_plain", "plain_containers"]


def plain_containers(graph: Graph) -> Graph:
    """Return the graph with an output of plain containers: mappings and dataclasses as dicts, without None."""
    if graph.rebuild is None:
        return graph
    new = graph.like()
    for name in ("nodes", "inputs", "params", "updates", "mutated", "rng", "arguments", "decorator"):
        setattr(new, name, getattr(graph, name))
    new.output, new.rebuild = as_plain(graph.rebuild(graph.output)), None
    return new


def as_plain(x: Any) -> Any:
    """Return a nest of the user's containers as one of dicts, lists and tuples; other objects as their arrays."""
    if type(x) is Node:
        return x
    if isinstance(x, Mapping):
        return {str(k): as_plain(v) for k, v in x.items() if v is not None}
    if dataclasses.is_dataclass(x) and not isinstance(x, type):
        fields = ((f.name, getattr(x, f.name)) for f in dataclasses.fields(x))
        return {name: as_plain(v) for name, v in fields if v is not None}
    if isinstance(x, (tuple, list)):
        return (list if isinstance(x, list) else tuple)(as_plain(v) for v in x)
    leaves, _ = flatten(x)
    if len(leaves) == 1 and leaves[0] is x:
        return x
    return tuple(v for v in leaves if type(v) is Node or hasattr(v, "shape"))


class Writer:
    """Writes graphs and values that refer to their nodes."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}

    def graph(self, graph: Graph) -> dict[str, Any]:
        """Write a graph in the ivy dialect."""
        data: dict[str, Any] = {"name": graph.name}
        data["inputs"] = [self._leaf(n) for n in graph.inputs]
        data["params"] = {name: self._leaf(n) for name, n in graph.params.items()}
        if graph.rng is not None:
            data["rng"] = self._leaf(graph.rng)
        data["nodes"] = [self._node(n) for n in graph.nodes]
        data["output"] = self.value(graph.output)
        data["updates"] = {name: self.value(n) for name, n in graph.updates.items()}
        data["sized"] = graph.sized
        if graph.mutated:
            data["mutated"] = [[i, self.value(n)] for i, n in graph.mutated.items()]
        if graph.arguments is not None:
            data["arguments"] = self.value(graph.arguments)
        return data

    def _number(self, node: Node) -> int:
        return self.numbers.setdefault(id(node), len(self.numbers))

    def _leaf(self, node: Node) -> list[Any]:
        return [self._number(node), node.name, self._aval(node.out)]

    def _aval(self, out: Any) -> Any:
        return [list(out.shape), str(out.dtype)] if type(out) is Aval else None

    def _node(self, node: Node) -> list[Any]:
        if node.kind == "guard":
            raise ConversionError(
                "a model whose code branches on values cannot be saved: its graph holds for some values only",
                where=str(node.loc or ""),
                hint="write the branch with where or cond in the source",
            )
        if node.kind == "const":
            return [self._number(node), "const", node.name, self._array(node.value)]
        args, kwargs = self.value(node.args), {k: self.value(v) for k, v in node.kwargs.items()}
        extra = {"size": True} if node.meta.get("size") else {}
        out = self._outs(node.out)
        return [self._number(node), node.kind, node.name, node.fn, args, kwargs, out, node.scope, extra]

    def _outs(self, out: Any) -> Any:
        if type(out) is Aval:
            return self._aval(out)
        if isinstance(out, (tuple, list)):
            return {"t": [self._outs(o) for o in out]}
        if isinstance(out, dict):
            return {"d": {k: self._outs(o) for k, o in out.items()}}
        return None

    def _array(self, x: Any) -> dict[str, Any]:
        from ivy.backend import backend_of

        module = backend_of(x).module
        host = module.to_numpy(x)
        packed = zlib.compress(host.tobytes(), 6)
        return {"dtype": str(as_dtype(x.dtype)), "shape": list(host.shape), "data": base64.b85encode(packed).decode()}

    def value(self, x: Any) -> Any:
        """Write a nest of literals and nodes."""
        cls = type(x)
        if x is None or cls in (bool, int, str):
            return x
        if cls is float:
            return x if math.isfinite(x) else {"float": repr(x)}
        if cls is Node:
            return {"n": self._number(x)}
        if cls is DType:
            return {"dtype": str(x)}
        if isinstance(x, Graph):
            return {"graph": self.graph(x)}
        if cls is complex:
            return {"complex": [x.real, x.imag]}
        if x is Ellipsis:
            return {"...": 0}
        if cls is slice:
            return {"slice": [self.value(v) for v in (x.start, x.stop, x.step)]}
        if isinstance(x, tuple):
            return {"t": [self.value(v) for v in x]}
        if cls is list:
            return [self.value(v) for v in x]
        if isinstance(x, dict):
            return {"d": {k: self.value(v) for k, v in x.items()}}
        if isinstance(x, DType):
            return {"dtype": str(x)}
        raise ConversionError(f"a {cls.__name__} in a graph cannot be saved", why=f"it is {x!r:.80}")


class Reader:
    """Reads graphs and values that refer to their nodes.

    Args:
        array: makes an array of bytes, a dtype and a shape.
    """

    def __init__(self, array: Callable[[bytes, DType, tuple[int, ...]], Any]) -> None:
        self.make = array
        self.nodes: dict[int, Node] = {}

    def graph(self, data: Mapping[str, Any]) -> Graph:
        """Read a graph."""
        graph = Graph("ivy", data["name"])
        graph.inputs = [self._leaf("input", n) for n in data["inputs"]]
        graph.params = {name: self._leaf("param", n) for name, n in data["params"].items()}
        if "rng" in data:
            graph.rng = self._leaf("input", data["rng"])
        graph.nodes = [self._node(n) for n in data["nodes"]]
        graph.output = self.value(data["output"])
        graph.updates = {name: self.value(n) for name, n in data["updates"].items()}
        graph.sized = bool(data.get("sized", False))
        graph.mutated = {i: self.value(n) for i, n in data.get("mutated", ())}
        if "arguments" in data:
            graph.arguments = self.value(data["arguments"])
        return graph

    def _leaf(self, kind: str, data: Any) -> Node:
        number, name, out = data
        node = self.nodes[number] = Node(kind, name, out=self._aval(out))
        return node

    def _aval(self, data: Any) -> Any:
        return None if data is None else Aval(tuple(data[0]), as_dtype(data[1]))

    def _outs(self, data: Any) -> Any:
        if isinstance(data, dict):
            if "t" in data:
                return tuple(self._outs(o) for o in data["t"])
            return {k: self._outs(o) for k, o in data["d"].items()}
        return self._aval(data)

    def _node(self, data: Any) -> Node:
        number, kind, name, *rest = data
        if kind == "const":
            value = self._array(rest[0])
            node = Node("const", name, out=Aval(tuple(rest[0]["shape"]), as_dtype(rest[0]["dtype"])), value=value)
        else:
            fn, args, kwargs, out, scope, extra = rest
            if kind == "call":
                _check(fn)
            node = Node(kind, name, fn=fn, args=self.value(args), out=self._outs(out), scope=scope, meta=dict(extra))
            node.kwargs = {k: self.value(v) for k, v in kwargs.items()}
        self.nodes[number] = node
        return node

    def _array(self, data: Mapping[str, Any]) -> Any:
        raw = zlib.decompress(base64.b85decode(data["data"]))
        return self.make(raw, as_dtype(data["dtype"]), tuple(data["shape"]))

    def value(self, x: Any) -> Any:
        """Read a nest of literals and nodes."""
        if isinstance(x, list):
            return [self.value(v) for v in x]
        if not isinstance(x, dict):
            return x
        ((kind, v),) = x.items()
        return _READ[kind](self, v)


_READ: dict[str, Any] = {
    "n": lambda r, v: r.nodes[v],
    "t": lambda r, v: tuple(r.value(i) for i in v),
    "d": lambda r, v: {k: r.value(i) for k, i in v.items()},
    "float": lambda r, v: float(v),
    "complex": lambda r, v: complex(*v),
    "dtype": lambda r, v: as_dtype(v),
    "slice": lambda r, v: slice(*(r.value(i) for i in v)),
    "...": lambda r, v: ...,
    "graph": lambda r, v: r.graph(v),
}


def _check(fn: str) -> None:
    """Refuse a call of anything but an op or the arithmetic of sizes."""
    from ivy.functional.registry import OPS
    from ivy.graph.sizes import SIZE_CALLS

    if fn not in SIZE_CALLS and fn.removeprefix("ivy.") not in OPS:
        raise ConversionError(
            f"the saved graph calls {fn}, which this version of Ivy does not have",
            hint="load it with the version that it was saved with, or a later one",
        )
