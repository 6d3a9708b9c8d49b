"""The tracer: an array type whose operations are recorded instead of run.

A `Trace` records calls of ops into a graph. Without a backend it records ivy ops as they are, composites too. With one
it records that backend's own functions, and expands the composites that the backend does not write: lowering is
tracing the ivy graph once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ivy import backend as _backend
from ivy.array import _op, attach_operators
from ivy.backend import Backend
from ivy.dtypes import DType
from ivy.errors import NotImplementedByBackend, SourceLocation
from ivy.functional.registry import Op
from ivy.graph.aval import Aval, aval_of
from ivy.graph.graph import Graph
from ivy.graph.helpers import APPLY, SMALLEST
from ivy.graph.node import Loc, Node, leaves, map_nested
from ivy.graph.parts import PART, Callee
from ivy.graph.passes.cleanup import eliminate_dead
from ivy.tracer.evaluate import Evaluator, _freeze, avals
from ivy.transpiler.reads import UNKNOWN, Reads, UnknownValue

__all__ = ["Trace", "TracedArray"]


class Trace:
    """Records calls into a graph; it is the scope that serves array-less calls while it is active.

    Args:
        evaluator: gives shapes and dtypes.
        backend: None to record ivy ops; a backend to record its functions.
        name: name of the graph.
        outer: the trace around this one, for a sub-graph.
        concrete: also compute every value with the evaluator's backend, so that `bool(x)` can be answered; each such
            answer is recorded as a guard.
        answers: the first values that Python reads, as the target computed them.

    Attributes:
        origin: index of the captured graph's node that is being lowered; recorded in ``node.meta["origin"]``.
    """

    name = "ivy"

    def __init__(
        self,
        evaluator: Evaluator,
        *,
        backend: Backend | None = None,
        name: str = "graph",
        outer: Trace | None = None,
        concrete: bool = False,
        answers: tuple[Any, ...] = (),
    ) -> None:
        self.reads = Reads(answers)
        self.graph = Graph("ivy" if backend is None else backend.name, name)
        self.evaluator = evaluator
        self.backend = backend
        self.outer = outer
        self.concrete = concrete
        self.loc: Loc | None = None
        self.module_path = ""
        self.origin: int | None = None
        self.helpers: dict[Any, Graph | None] = {}
        self._consts: dict[int, TracedArray] = {}
        self._functions: dict[str, Callable[..., Any]] = {}
        self._random_calls = 0

    # -- making values ------------------------------------------------------------------------------------------------

    def input(self, name: str, aval: Aval, value: Any = None) -> TracedArray:
        """Add an input."""
        node = Node("input", name, out=aval)
        self.graph.inputs.append(node)
        return TracedArray(self, node, aval, value)

    def param(self, name: str, aval: Aval, value: Any = None) -> TracedArray:
        """Add a named parameter or buffer whose array is `value` (in the source framework)."""
        node = Node("param", name, out=aval, value=value)
        self.graph.params[name] = node
        return TracedArray(self, node, aval, value if self.concrete else None)

    def const(self, value: Any, name: str = "const") -> TracedArray:
        """Bring an array of any framework into the graph; the same object gives the same node."""
        known = self._consts.get(id(value))
        if known is None:
            aval = self.canonical(aval_of(value))
            node = Node("const", name, out=aval, value=value, loc=self.loc)
            self.graph.nodes.append(node)
            known = self._consts[id(value)] = TracedArray(self, node, aval, self._concrete_const(value))
        return known

    def canonical(self, aval: Aval) -> Aval:
        """Return the aval as the evaluator's framework would hold it (int64 is int32 in JAX without x64)."""
        return self.evaluator.canonical(aval)

    def _concrete_const(self, value: Any) -> Any:
        return self.evaluator.backend.module.from_foreign(value) if self.concrete else None

    # -- recording ----------------------------------------------------------------------------------------------------

    def function(self, op: Op, /) -> Callable[..., Any]:
        """Return the recording function of an op (the `Scope` protocol)."""
        found = self._functions.get(op.name)
        if found is None:

            def record(*args: Any, **kwargs: Any) -> Any:
                return self.record(op, args, kwargs)

            found = self._functions[op.name] = record
        return found

    def record(self, op: Op, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Record one call of an op and return traced results."""
        args, kwargs = map_nested(args, self.lift), map_nested(kwargs, self.lift)
        if self.backend is None:
            return self._emit(op, f"ivy.{op.name}", args, kwargs)
        if op.traits.get("random"):
            self.root.graph.draws = True
            if getattr(self.backend.module, "EXPLICIT_RNG", False):
                kwargs = self._with_key(op, args, kwargs)
        native = self.backend.native(op)
        if native is None:
            if op.body is None:
                raise NotImplementedByBackend(
                    f"the {self.backend.name} backend has no `ivy.{op.name}`", where=_where(self.loc), hint=op.hint
                )
            if op.traits.get("eager"):  # the graph calls Ivy's function, which then has values
                return self._emit(op, f"ivy.{op.name}", args, kwargs)
            return self._composite(op, op.body, args, kwargs)
        return self._emit(op, self._path(op, native, args), args, kwargs)

    def _composite(self, op: Op, body: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Record a composite that the backend lacks: as a helper's call, or by its body if that is short."""
        key = _freeze((op.name, avals(args), tuple(avals(kwargs).items())))
        known = self.root.helpers
        if key is None or self._draws(op, args, kwargs) or op.traits.get("subgraphs") or self.concrete:
            return body(*args, **kwargs)
        if key not in known:
            known[key] = self._helper(op, body, args, kwargs)
        helper = known[key]
        if helper is None:
            return body(*args, **kwargs)
        arrays = [x.node for x in leaves((args, kwargs)) if isinstance(x, TracedArray)]
        out = map_nested(helper.output, lambda x: x.out if type(x) is Node else x)
        return self._added(op, APPLY, (helper, *arrays), {}, out, None)

    def _helper(self, op: Op, body: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Graph | None:
        """Trace a composite's body by itself; None if it is short, or more than calls on its arrays."""
        inner = Trace(self.evaluator, backend=self.backend, name=op.native_name, outer=self)
        names = _array_names(op, args, kwargs)

        def make(x: Any) -> Any:
            return inner.input(names[id(x)], x.aval) if isinstance(x, TracedArray) else x

        given = map_nested((args, kwargs), make)
        with _backend.scope(inner):
            result = body(*given[0], **given[1])
        graph = inner.graph
        graph.output = map_nested(map_nested(result, inner.lift), _node)
        made = {id(n) for n in graph.nodes}
        results = leaves(graph.output)
        if not results or not all(id(x) in made for x in results) or any(True for _ in graph.free_nodes()):
            return None
        eliminate_dead(graph)
        count = sum(n.kind == "call" for n in graph.nodes)
        return graph if count >= SMALLEST and all(n.kind in ("call", "item", "const") for n in graph.nodes) else None

    def _path(self, op: Op, native: Callable[..., Any], args: tuple[Any, ...]) -> str:
        assert self.backend is not None
        plain, applies = getattr(native, "same_dtype", None), getattr(native, "applies", None)
        dtypes = {a.aval.dtype for a in args if isinstance(a, TracedArray)}
        if plain is not None and applies is not None and len(dtypes) == 1:
            (dtype,) = dtypes
            scalars = tuple(i for i, a in enumerate(args) if not isinstance(a, TracedArray))
            # Python scalars of a higher kind change the dtype, and only the promoting form knows how on every backend
            if all(_weaker(a, dtype) for a in args) and applies(dtype, scalars):
                native = plain
        path = self.backend.path_of(native)
        return path or f"{self.backend.module.__name__}.{op.native_name}"

    @property
    def root(self) -> Trace:
        """The outermost trace."""
        return self if self.outer is None else self.outer.root

    @staticmethod
    def _draws(op: Op, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        draws = op.traits.get("random")  # True, or a function that tells from the arguments
        if not callable(draws):
            return bool(draws)
        bound = op.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return bool(draws(bound.arguments))

    def _with_key(self, op: Op, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        if "key" not in op.signature.parameters:
            return kwargs
        if op.signature.bind(*args, **kwargs).arguments.get("key") is not None or not self._draws(op, args, kwargs):
            return kwargs
        root = self.root
        if root.graph.rng is None:
            root.graph.rng = Node("input", "rng", out=Aval((2,), _uint32()))
        rng = TracedArray(root, root.graph.rng, root.graph.rng.out, None)
        root._random_calls += 1
        from ivy.functional.random import random_fold_in

        return {**kwargs, "key": random_fold_in(rng, root._random_calls - 1)}

    def lift(self, x: Any) -> Any:
        """Make what a call was given fit into this graph: arrays become constants, callables stay."""
        if isinstance(x, TracedArray):
            return x
        data = x.data if type(x).__module__ == "ivy.array" and hasattr(x, "data") else x
        if type(data) in _PLAIN or callable(data) or not _backend.is_native_array(type(data) and data):
            return data
        return self.const(data)

    def _emit(self, op: Op, fn: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        subgraphs = op.traits.get("subgraphs")
        out: Any
        if subgraphs:
            args, kwargs, out = self._trace_subgraphs(op, args, kwargs)
            value = None
        elif self.concrete:
            values = map_nested((args, kwargs), _value)
            with _backend.scope(self.evaluator.backend):
                value = self.evaluator.backend.function(op)(*values[0], **values[1])
            out = map_nested(value, lambda v: aval_of(v) if hasattr(v, "shape") and hasattr(v, "dtype") else v)
        else:
            out, value = self.evaluator(op, avals(args), avals(kwargs)), None
        return self._added(op, fn, args, kwargs, out, value)

    def _added(self, op: Op, fn: str, args: tuple[Any, ...], kwargs: dict[str, Any], out: Any, value: Any) -> Any:
        node = Node(
            "call",
            op.name.rpartition(".")[2],
            fn=fn,
            args=map_nested(args, _node),
            kwargs=map_nested(kwargs, _node),
            out=out,
            loc=self.loc,
            scope=self.module_path,
        )
        if self.origin is not None:
            node.meta["origin"] = self.origin
        self.graph.nodes.append(node)
        return self._results(node, out, value)

    def _results(self, node: Node, out: Any, value: Any) -> Any:
        if type(out) is Aval:
            return TracedArray(self, node, out, value)
        if isinstance(out, (tuple, list)):
            parts = []
            for i, part in enumerate(out):
                here = None if value is None else value[i]
                if type(part) is Aval or isinstance(part, (tuple, list, dict)):
                    item = Node("item", node.name, args=(node, i), out=part, loc=node.loc, scope=node.scope)
                    self.graph.nodes.append(item)
                    parts.append(self._results(item, part, here))
                else:
                    parts.append(part)
            cls = type(out)
            return cls(*parts) if hasattr(cls, "_fields") else cls(parts)
        if isinstance(out, dict):
            result = {}
            for k, part in out.items():
                item = Node("item", node.name, args=(node, k), out=part, loc=node.loc, scope=node.scope)
                self.graph.nodes.append(item)
                result[k] = self._results(item, part, None if value is None else value[k])
            return result
        return out

    def _trace_subgraphs(
        self, op: Op, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any], Any]:
        bound = op.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        traced: dict[str, Any] = {}
        for parameter, arguments_of in op.traits["subgraphs"].items():
            given = bound.arguments[parameter]
            several = isinstance(given, (list, tuple))
            graphs = []
            for fn in given if several else (given,):
                wanted = (
                    arguments_of(dict(bound.arguments), traced)
                    if _takes_two(arguments_of)
                    else arguments_of(dict(bound.arguments))
                )
                graphs.append(self.subgraph(fn, wanted, parameter))
            traced[parameter] = map_nested(graphs[0].output, lambda n: n.out if isinstance(n, Node) else n)
            bound.arguments[parameter] = graphs if several else graphs[0]
        out = op.traits["result"](dict(bound.arguments), traced)
        return bound.args, bound.kwargs, map_nested(out, lambda v: getattr(v, "aval", v))

    def subgraph(self, fn: Callable[..., Any], arguments: Any, name: str) -> Graph:
        """Trace a callable on arguments like these into a graph nested in this one."""
        if isinstance(fn, Graph):
            from ivy.graph.interpret import interpret

            source = fn

            def fn(*xs: Any) -> Any:
                return interpret(source, xs)

        inner = Trace(self.evaluator, backend=self.backend, name=name, outer=self)
        inner.loc, inner.module_path = self.loc, self.module_path

        def make(x: Any) -> Any:
            if isinstance(x, (TracedArray, Aval)) or hasattr(x, "shape"):
                return inner.input(f"x{len(inner.graph.inputs)}", getattr(x, "aval", x) if type(x) is not Aval else x)
            return x

        xs = map_nested(tuple(arguments), make)
        inner.graph.arguments = map_nested(xs, _node)
        with _backend.scope(inner):
            result = fn(*xs)
        inner.graph.output = map_nested(map_nested(result, inner.lift), _node)
        return inner.graph

    def part(self, callee: Callee, native: Node, arrays: tuple[Any, ...]) -> Any:
        """Record a call of a part of the model; see `ivy.graph.parts`."""
        callee = callee.canonical(self.canonical)
        self.root.graph.parts[native.name] = native
        lifted = [_node(self.lift(x)) for x in arrays]
        node = Node("call", callee.name.rpartition(".")[2], fn=PART, args=(callee, native, *lifted), out=callee.out,
                    loc=self.loc, scope=self.module_path)  # fmt: skip
        if self.origin is not None:
            node.meta["origin"] = self.origin
        self.graph.nodes.append(node)
        return self._results(node, node.out, None)

    def guard(self, x: TracedArray, expected: Any) -> None:
        """Record that the graph holds only while `x` has this value."""
        self.graph.nodes.append(Node("guard", args=(x.node, expected), loc=self.loc, scope=self.module_path))

    @contextmanager
    def at(self, node: Node) -> Iterator[None]:
        """Let what is recorded inside carry the place of `node` in the user's source."""
        before = self.loc, self.module_path
        self.loc, self.module_path = node.loc or self.loc, node.scope or self.module_path
        try:
            yield
        finally:
            self.loc, self.module_path = before


def _uint32() -> Any:
    from ivy.dtypes import uint32

    return uint32


_PLAIN = frozenset({int, float, bool, complex, str, DType, type(None), type(Ellipsis), Aval})
_KINDS = {bool: 0, int: 1, float: 2, complex: 3}
_DTYPE_KINDS = {"bool": 0, "int": 1, "uint": 1, "float": 2, "complex": 3}


def _weaker(x: Any, dtype: Any) -> bool:
    if type(x) is int and not -(1 << 31) <= x < 1 << 31:  # some frameworks read a literal as int32 first
        return False
    if type(x) is bool and dtype.kind != "bool":  # others take no truth value for a number
        return False
    return _KINDS.get(type(x), -1) <= _DTYPE_KINDS[dtype.kind]


def _takes_two(fn: Callable[..., Any]) -> bool:
    return fn.__code__.co_argcount >= 2


def _array_names(op: Op, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[int, str]:
    """Return names for the arrays that a call was given, by `id`: those of the op's parameters."""
    found: dict[int, str] = {}
    for parameter, value in op.signature.bind(*args, **kwargs).arguments.items():
        arrays = [x for x in leaves(value) if isinstance(x, TracedArray)]
        for k, x in enumerate(arrays):
            found[id(x)] = parameter if len(arrays) == 1 else f"{parameter}_{k}"
    return found


def _node(x: Any) -> Any:
    return x.node if isinstance(x, TracedArray) else x


def _value(x: Any) -> Any:
    return x.value if isinstance(x, TracedArray) else x


def _where(loc: Loc | None) -> SourceLocation | None:
    return None if loc is None else SourceLocation(loc.file, loc.line, loc.function or None)


class TracedArray:
    """An array of a trace: shape and dtype are known, values are not (unless the trace is concrete).

    Its operators and methods are the ops of the functional API, as on `ivy.Array`; `attach_operators` puts them on both
    classes.
    """

    __slots__ = ("aval", "node", "trace", "value")
    __ivy_rank__ = 2
    __array_priority__ = 1000

    def __init__(self, trace: Trace, node: Node, aval: Aval, value: Any = None) -> None:
        self.trace = trace
        self.node = node
        self.aval = aval
        self.value = value

    @classmethod
    def __ivy_function__(cls, op: Op) -> Callable[..., Any]:
        """Return the function that serves `op` for traced arrays: the innermost active trace records it."""

        def record(*args: Any, **kwargs: Any) -> Any:
            here = _backend._scope.get()
            trace = here if isinstance(here, Trace) else _trace_of(args, kwargs)
            return trace.record(op, args, kwargs)

        return record

    @property
    def shape(self) -> tuple[int, ...]:
        """Static shape."""
        return self.aval.shape

    @property
    def dtype(self) -> Any:
        """Data type."""
        return self.aval.dtype

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.aval.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return self.aval.size

    @property
    def T(self) -> Any:
        """The transposed array."""
        return _op("permute_dims")(self, tuple(reversed(range(self.ndim))))

    @property
    def device(self) -> str | None:
        """None: a traced array is nowhere yet."""
        return None

    def _concrete(self, cls: type) -> Any:
        found = self.trace.reads.take(cls, UNKNOWN if self.value is None else cls(self.value))
        if found is UNKNOWN:
            error = UnknownValue(
                f"{cls.__name__}() of a traced array needs its value, which is not known while tracing",
                where=_where(self.trace.loc),
                hint="use ivy.where or ivy.cond, or call with concrete arrays (outside of jit)",
            )
            raise error if self.trace.outer else error.of(self.trace.graph, self.node, truth=cls is bool)
        self.trace.guard(self, found)
        return found

    def __bool__(self) -> bool:
        return bool(self._concrete(bool))

    def __int__(self) -> int:
        return int(self._concrete(int))

    def __float__(self) -> float:
        return float(self._concrete(float))

    def __complex__(self) -> complex:
        return complex(self._concrete(complex))

    def __index__(self) -> int:
        return int(self._concrete(int))

    def __len__(self) -> int:
        if not self.aval.shape:
            raise TypeError("len() of a 0-d array")
        return self.aval.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))  # type: ignore[index]

    def __repr__(self) -> str:
        return f"TracedArray({self.aval!r})"


attach_operators(TracedArray)


def _trace_of(args: Any, kwargs: Any) -> Trace:
    found: list[Trace] = []
    map_nested((args, kwargs), lambda v: found.append(v.trace) if isinstance(v, TracedArray) else None)
    return found[0]
