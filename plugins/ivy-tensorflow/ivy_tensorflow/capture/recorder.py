"""From a function's graph to ours: every operation becomes a call of its `tf.raw_ops` function.

While recording, a tensor stands for one of these:

- a node;
- a `Lit`: a small array known now, so that shapes, axes and paddings reach the frontend as plain numbers;
- a `TensorList`: what `tf.TensorArray` and the loops of keras' recurrent layers write to, held as one array with a
  leading axis;
- a `Cell`: a variable, whose value changes as the operations that assign to it are met in their order.

Called functions are inlined, those of loops and branches become sub-graphs, which are lexically scoped: what TensorFlow
hands to them explicitly is simply read from the graph around.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

from ivy.dtypes import as_dtype
from ivy.errors import CaptureError, DataDependentError, SourceLocation
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph
from ivy.graph.node import Loc, Node, refs
from ivy.transpiler.reads import Reads
from ivy_tensorflow.capture import private

__all__ = ["Cell", "Lit", "Recorder", "TensorList", "Value"]


class Lit:
    """A small array whose value is known while recording."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = np.asarray(value)

    def item(self) -> Any:
        """Return it as Python numbers: a scalar, or nested tuples."""
        return _tuples(self.value.tolist())

    def __repr__(self) -> str:
        return f"Lit({self.value!r})"


@dataclass(eq=False)
class TensorList:
    """A list of tensors of one shape.

    Args:
        dtype: of the elements.
        shape: of one element, None until the first is written.
        length: how many there are.
        node: all of them along a new first axis, None as long as there is nothing in it.
        grows: whether writing past the end makes it longer.
    """

    dtype: Any
    shape: tuple[int, ...] | None
    length: int
    node: Node | None = None
    grows: bool = False


@dataclass(eq=False)
class Cell:
    """A variable: the node of its value at the start, and its value now."""

    variable: Any
    node: Node
    value: Any = field(init=False)

    def __post_init__(self) -> None:
        self.value = self.node


Value = Node | Lit | TensorList | Cell


def _tuples(x: Any) -> Any:
    return tuple(_tuples(v) for v in x) if isinstance(x, list) else x


_KNOWN_SIZE = 4096  # results of up to this many elements are computed while recording if their operands are known

# Inputs that say how to do it rather than what with: plain numbers where they are known.
_STATIC = frozenset({
    "axis", "begin", "block_shape", "concat_dim", "crops", "depth", "dim", "dimension", "dims", "element_shape", "end",
    "fft_length", "filter_sizes", "input_sizes", "k", "ksize", "length", "lengths", "maxlen", "multiples", "n",
    "num_buckets", "num_elements", "num_lower", "num_segments", "num_upper", "output_shape", "paddings", "perm",
    "reduction_indices", "shape", "shift", "size", "size_splits", "split_dim", "strides", "num_cols", "num_rows",
    "seq_dim",
    "s0", "s1", "nbins", "padding_value", "alg",
})  # fmt: skip

_BOUNDS = ("minval", "maxval")
_STATIC_OF = {
    "ScaleAndTranslate": ("scale", "translation"),
    "RandomUniformInt": _BOUNDS,
    "StatelessRandomUniformInt": _BOUNDS,
    "StatelessRandomUniformIntV2": _BOUNDS,
}
"""The same for arguments whose names mean data elsewhere."""

_WRITES = ("Assign", "ResourceScatter", "ResourceApply", "ResourceStridedSliceAssign", "ResourceSparseApply")
_CALLED = {
    "If": ("then_branch", "else_branch"),
    "StatelessIf": ("then_branch", "else_branch"),
    "While": ("cond", "body"),
    "StatelessWhile": ("cond", "body"),
    "Case": ("branches",),
    "StatelessCase": ("branches",),
    "PartitionedCall": ("f",),
    "StatefulPartitionedCall": ("f",),
}


def bodies_of(op: Any) -> list[Any]:
    """Return the graphs of the functions that an operation calls."""
    found = []
    for attribute in _CALLED.get(op.type, ()):
        functions = op.get_attr(attribute)
        for f in functions if isinstance(functions, (list, tuple)) else [functions]:
            found.append(private.body_of(op, f.name))
    return found


def writes_in(op: Any) -> bool:
    """Whether an operation, or one in a function that it calls, gives a variable a new value."""
    if op.type in _CALLED:
        return any(writes_in(inner) for body in bodies_of(op) for inner in body.get_operations())
    return op.type.startswith(_WRITES)


_UNCHECKED = "values are not looked at in the converted code"
_SEEN = {
    "PrintV2": "nothing is printed by the converted code",
    **dict.fromkeys(("Assert", "CheckNumerics", "CheckNumericsV2"), _UNCHECKED),
}
"""Operations that nothing needs but the user, and what becomes of them."""


class Recorder:
    """Records operations into one graph; makes another for each sub-graph.

    Args:
        graph: where the nodes go.
        outer: the recorder of the enclosing graph.
    """

    def __init__(self, graph: Graph, outer: Recorder | None = None) -> None:
        self.graph = graph
        self.outer = outer
        self.root: Recorder = self if outer is None else outer.root
        self.loc: Loc | None = outer.loc if outer else None
        self.scope: str = outer.scope if outer else ""
        self.cells: list[Cell] = [] if outer is None else outer.cells
        self.packed: dict[int, tuple[Any, ...]] = {} if outer is None else outer.packed
        self.seeds: dict[int, set[int]] = {} if outer is None else outer.seeds
        self.sizes: dict[str, list[tuple[int, ...]]] = {} if outer is None else outer.sizes
        self.envs: list[tuple[Any, dict[str, Any]]] = [] if outer is None else outer.envs
        self.reads: Reads = Reads() if outer is None else outer.root.reads
        self.generators: set[int] = set()  # the cells that are the state of a random generator
        self.derivatives: bool = outer.derivatives if outer else True
        self._consts: dict[Any, Node] = {}
        self._hint = ""
        self._last: tuple[Any, Node] | None = None

    # -- values -------------------------------------------------------------------------------------------------------

    def const(self, array: Any, key: Any = None, name: str = "const") -> Node:
        """Bring an array into the outermost graph; the same object or key gives the same node."""
        root, key = self.root, id(array) if key is None else key
        found = root._consts.get(key)
        if found is None:
            dtype = private.dtype_of_tf(array.dtype) if hasattr(array.dtype, "base_dtype") else as_dtype(array.dtype)
            aval = Aval(tuple(int(d) for d in array.shape), dtype)
            found = Node("const", name, out=aval, value=array, loc=self.loc, meta={"keeps": array})
            root.graph.nodes.append(found)
            root._consts[key] = found
        return found

    def node(self, value: Value) -> Node:
        """Return the value as a node, a literal as a constant of its dtype."""
        if isinstance(value, Node):
            return value
        if isinstance(value, Lit):
            v = value.value
            return self.const(v, (v.dtype.str, v.shape, v.tobytes()), "value")
        if isinstance(value, TensorList):
            from ivy_tensorflow.capture.lists import filled

            return filled(self, value)
        return self.node(value.value)

    def shape_of(self, value: Value) -> tuple[int, ...] | None:
        """Return a value's shape, None if it is not known."""
        if isinstance(value, Lit):
            return tuple(value.value.shape)
        return tuple(value.out.shape) if isinstance(value, Node) and type(value.out) is Aval else None

    # -- recording ----------------------------------------------------------------------------------------------------

    def call(self, op_type: str, kwargs: dict[str, Any], out: Any, name: str = "") -> Node:
        """Add a call of a raw op; `out` is an `Aval` or a nest of them."""
        node = Node(
            "call",
            self._hint or name or op_type.lower(),
            fn=f"tensorflow.raw_ops.{op_type}",
            kwargs=kwargs,
            out=out,
            loc=self.loc,
            scope=self.scope,
        )
        if self._hint:
            last = self._last
            if last is not None and last[0] == (self.loc, self._hint):  # only the last call of a line gets its name
                last[1].name = last[1].fn.rpartition(".")[2].lower()
            self._last = ((self.loc, self._hint), node)
        if not name.startswith("_"):
            seeds = set().union(*(self.seeds.get(id(x), set()) for x in refs(kwargs)))
            if seeds:
                self.seeds[id(node)] = seeds
        self.graph.nodes.append(node)
        return node

    def item(self, node: Node, index: Any, out: Any) -> Node:
        """Add the node of one part of a structured result."""
        part = Node("item", node.name, args=(node, index), out=out, loc=node.loc, scope=node.scope)
        if id(node) in self.seeds:
            self.seeds[id(part)] = self.seeds[id(node)]
        self.graph.nodes.append(part)
        return part

    def parts(self, node: Node) -> list[Node]:
        """Add nodes for the parts of a tuple result."""
        return [self.item(node, i, out) for i, out in enumerate(node.out)]

    def run(self, func_graph: Any, args: Sequence[Any], outputs: Sequence[Any] | None = None) -> list[Any]:
        """Record the operations of a function's graph and return its outputs.

        Args:
            func_graph: the graph.
            args: a value for each of its inputs; None where it is not used.
            outputs: the tensors to return; the graph's own by default.
        """
        env: dict[str, Any] = {t.name: v for t, v in zip(func_graph.inputs, args) if v is not None}
        outputs = func_graph.outputs if outputs is None else outputs
        live = self._live(func_graph, outputs)
        self.envs.append((func_graph, env))
        for op in func_graph.get_operations():
            if op.name not in live or op.type == "Placeholder":
                if op.type in _SEEN:
                    with _At(self, op):
                        self.root.graph.note("ignored", f"tf.{op.type}", _SEEN[op.type], self.loc)
                continue
            with _At(self, op):
                results = self.operation(op, [self._read(env, t) for t in op.inputs])
            env.update((t.name, v) for t, v in zip(op.outputs, results))
        found = [self._read(env, t) for t in outputs]
        self.envs.pop()
        return found

    def demand(self, tensor: Any) -> Value:
        """Return the value of a tensor of a graph that is being recorded, and record what it needs."""
        for func_graph, env in reversed(self.envs):
            if func_graph is tensor.graph:
                if tensor.name in env:
                    return env[tensor.name]
                for outer, inner in func_graph.captures:
                    if inner is tensor:
                        return self.const(outer, name="value") if hasattr(outer, "numpy") else self.demand(outer)
                with _At(self, tensor.op):
                    results = self.operation(tensor.op, [self.demand(t) for t in tensor.op.inputs])
                env.update((t.name, v) for t, v in zip(tensor.op.outputs, results))
                return env[tensor.name]
        raise CaptureError(f"{tensor.name} belongs to another function", where=str(self.loc or ""))

    def _read(self, env: dict[str, Any], tensor: Any) -> Any:
        try:
            return env[tensor.name]
        except KeyError:
            if tensor.op.type in ("Placeholder", "NoOp"):
                return None
            raise CaptureError(f"{tensor.name}: nothing has computed this tensor", where=str(self.loc or "")) from None

    @staticmethod
    def _live(func_graph: Any, outputs: Sequence[Any]) -> set[str]:
        """Return the names of the operations that matter: what the outputs need, and what writes to variables."""
        stack = [t.op for t in outputs]
        stack += [op for op in func_graph.get_operations() if writes_in(op)]
        found: set[str] = set()
        while stack:
            op = stack.pop()
            if op.name not in found:
                found.add(op.name)
                stack += [t.op for t in op.inputs]
        return found

    def operation(self, op: Any, ins: list[Any]) -> list[Value]:
        """Record one operation and return its results."""
        from ivy_tensorflow.capture.structured import STRUCTURED

        structured = STRUCTURED.get(op.type)
        if structured is not None:
            found = structured(self, op, ins)
            if found is not None:
                return found
        known = self._fold(op, ins)
        return self.emit(op, ins) if known is None else known

    def _fold(self, op: Any, ins: list[Any]) -> list[Value] | None:
        """Compute an operation now if all its operands are known and its results are small."""
        if not ins or not op.outputs or not all(isinstance(v, Lit) for v in ins) or _draws(op.type):
            return None
        avals = [private.aval_of_tensor(t) for t in op.outputs]
        if any(a is not None and a.size > _KNOWN_SIZE for a in avals):
            return None
        found = private.evaluate(op, [v.value for v in ins])
        return None if found is None else [Lit(x) for x in found]

    def avals(self, op: Any, ins: list[Any]) -> list[Aval | None]:
        """Return the abstract results of an operation."""
        found = [private.aval_of_tensor(t) for t in op.outputs]
        if None not in found or not all(isinstance(v, (Node, Lit)) for v in ins):
            return found
        shapes = [self.shape_of(v) for v in ins]
        if None in shapes:
            return found
        given = [
            v.value if isinstance(v, Lit) else (s, t.dtype) for v, s, t in zip(ins, shapes, op.inputs, strict=True)
        ]
        inferred = private.infer(op, given)
        return [
            a if a is not None or s is None else Aval(s, private.dtype_of_tf(t.dtype))
            for a, s, t in zip(found, inferred, op.outputs, strict=True)
        ]

    def emit(self, op: Any, ins: list[Any], **changed: Any) -> list[Value]:
        """Record an operation as a call of its raw op and return its results.

        Args:
            op: the operation.
            ins: its operands.
            **changed: arguments that are passed otherwise, or besides.
        """
        avals = self.avals(op, ins)
        for i, t in enumerate(op.outputs):
            unused = not t.consumers() and not any(t is o for o in op.graph.outputs)
            if avals[i] is None and (unused or op.type == "FusedBatchNormV3"):  # the latter's last is scratch memory
                avals[i] = Aval((0,), private.dtype_of_tf(t.dtype)) if t.dtype != tf.variant else None
        if any(a is None for a in avals):
            self.unknown(op, avals)
        kwargs = {**self.arguments(op, ins), **changed}
        several = len(op.outputs) != 1 or bool(_listed(op.type))
        node = self.call(op.type, kwargs, tuple(avals) if several else avals[0])
        if op.type == "Pack" and not op.get_attr("axis"):
            scalars = (v for v in ins if self.shape_of(v) == ())
            self.packed[id(node)] = tuple(int(v.value) if isinstance(v, Lit) else v for v in scalars)
        return list(self.parts(node)) if several else [node]

    def unknown(self, op: Any, avals: list[Any]) -> None:
        """Refuse a result whose shape depends on values."""
        if any(t.dtype.name in ("string", "variant", "resource") for t in (*op.outputs, *op.inputs)):
            return  # no numbers: whatever it is, no frontend function serves it, and lowering lists it with the others
        where = SourceLocation(self.loc.file, self.loc.line, self.loc.function) if self.loc else None
        raise DataDependentError(
            f"the shape of the result of {op.type} depends on values",
            where=where,
            hint="use tf.where(condition, x, y) or give the size, so that shapes are known",
        )

    def arguments(self, op: Any, ins: list[Any]) -> dict[str, Any]:
        """Return an operation's operands and attributes as its raw op's keyword arguments."""
        signature = private.signature_of(op.type)
        kwargs: dict[str, Any] = {}
        rest = iter(ins)
        has_node = {a.type_attr for a, parts in _grouped(op, signature, ins) if any(isinstance(v, Node) for v in parts)}
        for a in signature.inputs:
            count = private.count_of(op, a)
            parts = [self._argument(op, a, next(rest), has_node) for _ in range(1 if count is None else count)]
            kwargs[a.name] = parts[0] if count is None else parts
        for a in signature.attributes:
            value = op.get_attr(str(a.attr))
            shown = private.plain(value)
            if _same(shown, a.default) or hasattr(value, "DESCRIPTOR"):
                continue
            kwargs[a.name] = shown
        return kwargs

    def _argument(self, op: Any, a: private.Argument, value: Any, has_node: set[str]) -> Any:
        if a.name in _STATIC or a.name in _STATIC_OF.get(op.type, ()):
            if isinstance(value, Lit):
                return value.item()
            if isinstance(value, Node) and id(value) in self.packed:
                return self.packed[id(value)]
            return self.node(value)
        if isinstance(value, Lit) and value.value.dtype.kind in "SOU":
            return private.plain(value.item())
        if isinstance(value, Lit) and value.value.ndim == 0 and (not a.type_attr or a.type_attr in has_node):
            return value.item()  # an array beside it decides the dtype, or the op takes one dtype only
        return None if value is None else self.node(value)

    # -- sub-graphs ---------------------------------------------------------------------------------------------------

    def subgraph(
        self,
        name: str,
        record: Callable[[Recorder, list[Node]], Any],
        avals: Sequence[Aval],
        shape_inputs: Callable[[list[Node]], Any] = tuple,
    ) -> Graph:
        """Record a graph of its own.

        Args:
            name: of the graph.
            record: gets its recorder and input nodes, returns the output.
            avals: of the inputs.
            shape_inputs: arranges the input nodes as the callable's arguments.
        """
        inner = Recorder(Graph("tensorflow", name), self)
        inner.graph.inputs = [Node("input", f"x{i}", out=a, loc=self.loc) for i, a in enumerate(avals)]
        inner.graph.arguments = shape_inputs(inner.graph.inputs)
        inner.graph.output = record(inner, inner.graph.inputs)
        return inner.graph

    def warn(self, text: str) -> None:
        """Warn about something that the graph leaves out."""
        place = f" ({self.loc})" if self.loc else ""
        self.root.graph.note("ignored", f"tf.{text.partition(' ')[0]}", "it is left out of the graph", self.loc)
        warnings.warn(f"{text}{place}", UserWarning, stacklevel=2)


def _grouped(op: Any, signature: private.Signature, ins: list[Any]) -> list[tuple[private.Argument, list[Any]]]:
    rest = iter(ins)
    return [(a, [next(rest) for _ in range(private.count_of(op, a) or 0 if a.count else 1)]) for a in signature.inputs]


def _listed(op_type: str) -> bool:
    """Whether a raw op returns a list even of a single result."""
    return op_type in ("Unpack", "Split", "SplitV", "IdentityN", "ShapeN")


def _same(value: Any, default: Any) -> bool:
    if isinstance(default, (list, tuple)) and isinstance(value, (list, tuple)):
        return list(value) == list(default)
    return bool(type(value) is type(default) or isinstance(value, str)) and private.plain(default) == value


def _draws(op_type: str) -> bool:
    return "Random" in op_type or op_type in ("Multinomial", "TruncatedNormal", "StatelessShuffle")


_NOT_MODULES = re.compile(
    r"(cond|while|for|if|case|switch_case|map|scan|TensorArray\w*|Stateful\w*|PartitionedCall)(_\d+)?$"
)


def _module_path(op_name: str) -> str:
    """Return the name scopes that an operation is in, without those that TensorFlow opens for control flow."""
    return "/".join(p for p in op_name.split("/")[:-1] if not _NOT_MODULES.match(p))


class _At:
    """Lets what is recorded within carry an operation's place, name scope and variable name."""

    def __init__(self, recorder: Recorder, op: Any) -> None:
        self.recorder = recorder
        self.op = op

    def __enter__(self) -> None:
        r = self.recorder
        self.before = r.loc, r.scope, r._hint
        r.scope = _module_path(self.op.name) or r.scope
        site = private.site_of(self.op)
        if site is not None:
            r.loc, r._hint = site

    def __exit__(self, *error: object) -> None:
        r = self.recorder
        r.loc, r.scope, r._hint = self.before
