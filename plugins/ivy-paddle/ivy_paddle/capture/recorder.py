"""Operators of a PIR program as nodes of a graph."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ivy.dtypes import as_dtype
from ivy.errors import CaptureError, DataDependentError, SourceLocation
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph
from ivy.graph.node import Loc, Node, refs
from ivy.graph.parts import PART, find_part
from ivy.transpiler.reads import Reads
from ivy_paddle.capture import private, static, tracing
from ivy_paddle.capture.tracing import Traced, is_library
from ivy_paddle.loading import paddle

__all__ = ["Recorder", "aval_of_value"]

OPS = "paddle._C_ops."
SIZED = frozenset({"masked_select", "nonzero", "unique", "bincount", "segment_pool"})
"""Operators whose results have a size that depends on values (see `ivy_paddle.frontend.sizes`)."""
_LEFT_OUT = frozenset({"stop_gradient", "op_callstack", "struct_name", "place", "op_role", "chunk_id", "persistable"})
_FRAME = re.compile(r'\s*File "(?P<file>.*)", line (?P<line>\d+), in (?P<function>.*)')
_ASSIGNED = re.compile(r"\s*(?:self\.)?([A-Za-z_]\w*)\s*=[^=]")


def aval_of_value(value: Any) -> Aval | None:
    """Return shape and dtype of a PIR value, None where a size is not known before the program runs."""
    shape = tuple(int(d) for d in value.shape)
    return None if any(d < 0 for d in shape) else Aval(shape, as_dtype(str(value.dtype)))


_MISTYPED_MIXED = frozenset({"kron", "matmul", "triangular_solve"})
"""Operators of real and complex operands, for which Paddle's programs say the first one's dtype."""
_MISTYPED = frozenset(
    (
        "all", "any", "as_strided", "equal_all", "exp", "expm1", "log", "log10", "log1p", "log2", "matrix_rank",
        "matrix_rank_tol", "reduce_as", "unique", "slogdet", "svd",
    )
)  # fmt: skip
"""Operators whose results have other shapes or dtypes than Paddle's programs say; what follows is not to be trusted."""


class Recorder:
    """Turns blocks into nodes; one for the program, nested ones for its sub-blocks.

    Args:
        graph: where the nodes go.
        traced: what was traced.
        outer: the recorder of the block around.
        measure: computes a node's value from the values that the function was called with, None where it can't.
    """

    def __init__(
        self, graph: Graph, traced: Traced, outer: Recorder | None = None, measure: Callable[[Node], Any] | None = None
    ) -> None:
        self.graph = graph
        self.measure = measure
        self.reads = Reads()
        self.traced_for_jit = False
        self.traced = traced
        self.outer = outer
        self.whole: Graph = graph if outer is None else outer.whole
        self.env: dict[int, Any] = {} if outer is None else outer.env
        self.known: dict[int, Any] = {} if outer is None else outer.known
        self.here: set[int] = set()
        self.reformed: set[int] = set() if outer is None else outer.reformed
        self.foldable: list[Node] = [] if outer is None else outer.foldable
        self.subgraphs: list[Graph] = [] if outer is None else outer.subgraphs
        self._names: dict[tuple[str, int], Node] = {}

    # -- values -------------------------------------------------------------------------------------------------------

    def bind(self, value: Any, node: Any) -> None:
        """Say what a PIR value is in the graph."""
        key = private.value_key(value)
        self.env[key] = node
        self.here.add(key)

    def read(self, value: Any) -> Any:
        """Return the node, or list of nodes, of a PIR value; None for an operand that was left out."""
        return self.env[private.value_key(value)] if value.initialized() else None

    def known_value(self, value: Any) -> Any:
        """Return what is known of a PIR value now, None if nothing."""
        return self.known.get(private.value_key(value)) if value.initialized() else None

    def _key(self, x: Any) -> int:
        """Return the key of a PIR value, or of the one that a real tensor became."""
        if isinstance(x, paddle.pir.Value):
            return private.value_key(x)
        return next(key for key, tensor in self.traced.tensors.items() if tensor is x)

    # -- blocks -------------------------------------------------------------------------------------------------------

    def block(self, block: Any) -> list[Any]:
        """Record a block's operators and return what it yields."""
        ops = block.ops
        writes = self._writes(ops)
        yielded: list[Any] = []
        for op in ops:
            name = op.name()
            if name == "cf.yield":
                yielded = [self.read(v) for v in op.operands_source()]
            elif name == "builtin.parameter":
                pass  # bound by the capture
            elif name == "builtin.combine":
                self._combine(op)
            elif name == "builtin.split":
                self._parts(op.results(), self.read(op.operands_source()[0]))
            elif name == "builtin.slice":
                index = int(op.attrs()["index"])
                self.bind(op.results()[0], self._item(self.read(op.operands_source()[0]), index, op))
            elif name == "pd_op.if":
                self._if(op)
            elif name == "pd_op.while":
                self._while(op)
            elif name == "pd_op.data":
                self._part(op)
            else:
                self._call(op, name.partition(".")[2])
            if int(op.id()) in writes:
                self._write(op, writes[int(op.id())])
        self._name_variables()
        return yielded

    def _writes(self, ops: Sequence[Any]) -> dict[int, Any]:
        """Find the operators of this block that compute what an in-place call writes, and what they write to."""
        found: dict[int, Any] = {}
        seen = self.traced.writes
        for i, (after, target, kind) in enumerate(seen):
            until = next((later for later, _, _ in seen[i + 1 :] if later > after), None)
            last = None
            for op in ops:
                number = int(op.id())
                if number <= after or (until is not None and number > until) or op.name() == "builtin.parameter":
                    continue
                if op.name() in ("pd_op.full", "pd_op.full_int_array"):
                    continue  # constants have no place of their own
                if kind != "mark" and not any("inplace_utils.py" in line for line in op.callstack):
                    break
                last = op
                if kind == "mark":
                    break
            if last is not None:
                found[int(last.id())] = target
        return found

    def _write(self, op: Any, target: Any) -> None:
        """Record that a result is written to a tensor in place; both names are that tensor from now on."""
        key = self._key(target)
        result = op.results()[0]
        old, new = self.env[key], self.read(result)
        mistyped = op.name().removeprefix("pd_op.").rstrip("_") in _MISTYPED and not _inexact(target)
        other = mistyped or target.dtype != result.dtype or list(target.shape) != list(result.shape)
        if other and old.kind != "input" and (key in self.here or self.outer is None):
            # the tensor becomes the result, of another dtype or shape: x.logical_not_(), x.squeeze_(). Paddle goes on
            # with the old form in what it makes of later calls, so that these are refused
            self.reformed.add(key)
            self.env[key] = self.env[private.value_key(result)] = new
            return
        node = self._emit("paddle.Tensor.set_value", [old, new], {}, new.out, op)
        if other:
            node.meta["reason"] = (
                "it changes the dtype or shape of the caller's tensor; assign a new tensor to the name instead"
            )
            node.fn = "paddle.Tensor.set_value (of another form)"
        if key not in self.here and self.outer is not None:
            node.meta["reason"] = (
                "it writes in place, inside of a branch or loop, to a tensor from outside of it; "
                "assign a new tensor to the name instead"
            )
            node.fn = "paddle.Tensor.set_value (in a branch or loop)"
        self.env[private.value_key(result)] = old

    def drop_unused(self) -> None:
        """Leave out constants that only gave static arguments; called when the graph has its output."""
        graphs = [self.graph, *self.subgraphs]
        candidates = {id(n) for n in self.foldable}
        while True:
            used = {id(r) for g in graphs for n in g.nodes for r in refs((n.args, n.kwargs))}
            used |= {id(r) for g in graphs for r in refs(g.results)}
            unused = candidates - used
            if not unused:
                return
            candidates -= unused
            for graph in graphs:
                graph.nodes = [n for n in graph.nodes if id(n) not in unused]

    # -- operators ----------------------------------------------------------------------------------------------------

    def _call(self, op: Any, name: str) -> None:
        slots, sources = op.get_input_names(), op.operands_source()
        known = [self._known_operand(v) for v in sources]
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        for i, (slot, value) in enumerate(zip(slots, sources, strict=True)):
            if not value.initialized():
                continue
            if static.is_static_slot(name, slot):
                kwargs[slot] = _static(known[i], self.read(value))
            elif i == 0:
                args.append(self.read(value))
            else:
                kwargs[slot] = self.read(value)
        for key, attribute in _attributes(op).items():
            if key not in _LEFT_OUT and key not in kwargs:
                kwargs[key] = _attribute(attribute)
        if name in ("scale", "scale_"):
            kwargs["scale"] = static.factor(kwargs.get("scale", 1.0))
        if name in SIZED and self.measure is not None:
            self._add_size(op, name, args, kwargs)
        stale = any(v.initialized() and private.value_key(v) in self.reformed for v in sources)
        self._results(op, OPS + name + " (of a tensor whose dtype or shape changed in place)" * stale, args, kwargs)
        shape = sources[0].shape if name in ("shape", "shape64") else None
        value = static.fold(op, name, known, shape)
        if value is not None:
            result = op.results()[0]
            self.known[private.value_key(result)] = value
            self.foldable.append(self.read(result))

    def _part(self, op: Any) -> None:
        """Record the call of a part, if an operator stands for one."""
        call = self.traced.calls.get(private.value_key(op.results()[0]))
        if call is None:
            return
        callee = call.callee
        node = self._emit(
            PART, (callee, find_part(self.whole, callee.name), *map(self.read, call.arrays)), {}, callee.out, op
        )
        node.name = callee.name.rpartition(".")[2]
        for i, value in enumerate(call.results):
            out = callee.leaves[callee.places[i]]
            item = node if callee.single else self._item(node, i, op, out)
            if out.dtype.is_inexact and value.stop_gradient:  # under no_grad
                item = self._emit("paddle.Tensor.detach", [item], {}, out, op)
            self.bind(value, item)

    def _add_size(self, op: Any, name: str, args: list[Any], kwargs: dict[str, Any]) -> None:
        """Give a call the size of its result, which depends on values: what it is now, and a guard that it stays so."""
        assert self.measure is not None
        tensors = {key: v for key, v in kwargs.items() if isinstance(v, Node)}
        size = self._emit(f"{OPS}{name}_size", args, tensors, Aval((), as_dtype("int64")), op)
        value = self.measure(size)
        if value is None and self.traced_for_jit:
            loc = size.loc
            raise DataDependentError(
                f"the size of what {name} gives depends on values, which are not known under jit",
                where=None if loc is None else SourceLocation(loc.file, loc.line, loc.function),
                hint="use paddle.where in place of a mask, or call the transpiled function outside of jit",
            )
        if value is None:
            self.graph.nodes.remove(size)
            return
        value = int(self.reads.take(int, int(value)))
        self.graph.nodes.append(Node("guard", args=(size, value), loc=size.loc))
        kwargs["size"] = value

    def _known_operand(self, value: Any) -> Any:
        if not value.initialized():
            return None
        return self.known.get(private.value_key(value))

    def _results(self, op: Any, fn: str, args: Any, kwargs: Any) -> Node:
        results = op.results()
        outs = [_out(v) for v in results]
        single = len(results) == 1
        node = self._emit(fn, args, kwargs, outs[0] if single else tuple(outs), op)
        for i, (value, out) in enumerate(zip(results, outs, strict=True)):
            if not value.initialized():
                continue
            part = node if single else self._item(node, i, op, out)
            self.bind(value, self._detached(op, value, part))
        return node

    def _detached(self, op: Any, value: Any, node: Node) -> Node:
        """Cut the gradient where paddle does: ``detach``, ``no_grad``, ``stop_gradient = True``."""
        if type(node.out) is not Aval or not node.out.dtype.is_inexact or not value.stop_gradient:
            return node
        if not any(v.initialized() and not v.stop_gradient and _inexact(v) for v in op.operands_source()):
            return node
        return self._emit("paddle.Tensor.detach", [node], {}, node.out, op)

    def _emit(self, fn: str, args: Sequence[Any], kwargs: Mapping[str, Any], out: Any, op: Any) -> Node:
        loc, text = _place(op)
        if loc is None and args and isinstance(args[0], Node):  # branches and loops have no place of their own
            loc = args[0].loc
        node = Node("call", "", fn=fn, args=tuple(args), kwargs=dict(kwargs), out=out, loc=loc, scope=self._scope(op))
        if _is_mistyped(fn.rpartition(".")[2], node.args, node.kwargs) or any(
            "untyped" in r.meta for r in refs((node.args, node.kwargs))
        ):
            node.meta["untyped"] = True
        self.graph.nodes.append(node)
        assigned = _ASSIGNED.match(text)
        if assigned and loc is not None:
            self._names[(assigned.group(1), loc.line)] = node
        return node

    def _name_variables(self) -> None:
        """Give the last call of a statement the name that the statement assigns to."""
        for (name, _), node in self._names.items():
            node.name = name

    def _item(self, node: Any, index: int, op: Any, out: Any = None) -> Any:
        if isinstance(node, (list, tuple)):
            return node[index]
        part = Node("item", args=(node, index), out=out if out is not None else _nth(node.out, index), loc=node.loc)
        if "untyped" in node.meta:
            part.meta["untyped"] = True
        self.graph.nodes.append(part)
        return part

    def _parts(self, values: Sequence[Any], vector: Any) -> None:
        for i, value in enumerate(values):
            self.bind(value, self._item(vector, i, None, _out(value)))

    def _combine(self, op: Any) -> None:
        result = op.results()[0]
        self.bind(result, [self.read(v) for v in op.operands_source()])
        self.known[private.value_key(result)] = [self._known_operand(v) for v in op.operands_source()]

    def _scope(self, op: Any) -> str:
        number, path = int(op.id()), ""
        for after, here in self.traced.scopes:
            if after >= number:
                break
            path = here
        return path

    # -- control flow -------------------------------------------------------------------------------------------------

    def _subgraph(self, name: str, block: Any, arguments: Sequence[Any] = ()) -> Graph:
        graph = Graph("paddle", name)
        self.subgraphs.append(graph)
        inner = Recorder(graph, self.traced, self)
        for i, value in enumerate(arguments):
            node = Node("input", f"x{i}", out=_out(value))
            graph.inputs.append(node)
            inner.bind(value, node)
        graph.arguments = (tuple(graph.inputs),)
        graph.output = tuple(inner.block(block))
        return graph

    def _if(self, op: Any) -> None:
        branch = op.as_if_op()
        true = self._subgraph("if_true", branch.true_block())
        false = self._subgraph("if_false", branch.false_block())
        self._structured(op, "paddle._C_ops.if_", [self.read(op.operands_source()[0]), true, false])

    def _while(self, op: Any) -> None:
        loop = op.as_while_op()
        body = loop.body()
        graph = self._subgraph("body", body, body.args())
        condition, *init = [self.read(v) for v in op.operands_source()]
        self._structured(op, "paddle._C_ops.while_", [condition, graph, tuple(init)])

    def _structured(self, op: Any, fn: str, args: list[Any]) -> None:
        # What the blocks use of this one is read before they run, so that no view is derived anew inside of them.
        used = tuple({id(n): n for g in args if isinstance(g, Graph) for n in g.free_nodes()}.values())
        outs = tuple(_out(v) for v in op.results())
        node = self._emit(fn, args, {"captures": used}, outs, op)
        for i, value in enumerate(op.results()):
            self.bind(value, self._item(node, i, op, outs[i]))


def _nth(out: Any, index: int) -> Any:
    return out[index] if isinstance(out, (list, tuple)) else None


def _out(value: Any) -> Any:
    if not value.initialized():
        return None
    vector = value.type().as_vec_type()
    if vector is None:
        return aval_of_value(value)
    return tuple(_aval_of_type(t) for t in vector.as_list())


def _aval_of_type(kind: Any) -> Aval | None:
    shape = tuple(int(d) for d in kind.shape)
    return None if any(d < 0 for d in shape) else Aval(shape, as_dtype(str(kind.dtype).rpartition(".")[2].lower()))


def _inexact(value: Any) -> bool:
    vector = value.type().as_vec_type()
    if vector is not None:
        return True
    return as_dtype(str(value.dtype)).is_inexact


def _static(known: Any, node: Any) -> Any:
    """Return a known operand as Python numbers, the node where it is not known."""
    if known is None:
        return node
    if isinstance(known, list):
        return [node[i] if k is None else static.plain(k.reshape(())) for i, k in enumerate(known)]
    return static.plain(known)


def _attribute(x: Any) -> Any:
    if isinstance(x, paddle.dtype):
        text = str(x).rpartition(".")[2].lower()
        return None if "undefined" in text else as_dtype(text)
    if type(x) is float:
        return static.shortest(x)
    return [_attribute(v) for v in x] if isinstance(x, (tuple, list)) else x


def _is_mistyped(name: str, args: Any, kwargs: Any) -> bool:
    """Tell whether the program may say another dtype or shape of an operator's result than it has."""
    if name not in _MISTYPED_MIXED:
        return name in _MISTYPED
    dtypes = {r.out.dtype for r in refs((args, kwargs)) if type(r.out) is Aval}
    return len(dtypes) > 1 and any(dtype.is_complex for dtype in dtypes)


def _attributes(op: Any) -> Mapping[str, Any]:
    """Return an operator's attributes.

    Raises:
        CaptureError: if one is a complex number, which PIR does not tell.
    """
    try:
        return op.attrs()
    except NotImplementedError as error:
        place, _ = _place(op)
        raise CaptureError(
            "a complex number in a program of PaddlePaddle cannot be read",
            where=None if place is None else SourceLocation(place.file, place.line, place.function),
            why=str(error).strip().split("\n", 1)[0],
            hint="pass the number as a tensor: an argument of the function, or paddle.complex of two numbers",
        ) from error


def _place(op: Any) -> tuple[Loc | None, str]:
    """Return the user's innermost place in an operator's call stack, and the text of that line."""
    stack = op.callstack
    for i in range(len(stack) - 2, -1, -2):
        found = _FRAME.match(stack[i])
        if found is None:
            continue
        file, line = found["file"], int(found["line"])
        if file == tracing.__file__:  # what is outside of it only asked for the conversion
            break
        place = private.origin(file, line)
        text = stack[i + 1]
        if place is not None:
            file, line = place
            text = private.origin_text(found["file"], int(found["line"]))
        if not is_library(file):
            return Loc(file, line, found["function"]), text
    return None, ""
