"""From a jaxpr to a graph: every equation becomes a call of the public function that makes it.

Inner jaxprs of `jit`, `checkpoint` and the like are inlined; those of loops and branches become sub-graphs. A sub-graph
is lexically scoped, so the constants that JAX hands to it explicitly are simply read from the graph around it.

While recording, a variable of a jaxpr stands for a node, for a `Lit` (a small array known now) or, if its dtype is that
of random keys, for a node of the raw keys.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np

from ivy.graph.aval import Aval, aval_of
from ivy.graph.graph import Graph
from ivy.graph.node import Loc, Node, map_nested
from ivy_jax.capture import private

__all__ = ["Lit", "Recorder", "Value"]


class Lit:
    """A small array whose value is known while recording."""

    __slots__ = ("value", "weak")

    def __init__(self, value: Any, weak: bool = False) -> None:
        self.value = np.asarray(value)
        self.weak = weak

    @property
    def is_scalar(self) -> bool:
        """Whether it is a single number."""
        return self.value.ndim == 0

    def item(self) -> Any:
        """Return it as Python numbers: a scalar, or nested tuples."""
        return _tuples(self.value.tolist())

    def __repr__(self) -> str:
        return f"Lit({self.value!r})"


def literal(v: Any) -> Lit:
    """Return a jaxpr's literal with the dtype that its aval says."""
    return Lit(np.asarray(v.val, dtype=v.aval.dtype), bool(v.aval.weak_type))


def _tuples(x: Any) -> Any:
    return tuple(_tuples(v) for v in x) if isinstance(x, list) else x


Value = Node | Lit

_KNOWN_SIZE = 16  # small integer vectors (index arithmetic) are folded up to this size


class Recorder:
    """Records equations into one graph; makes another for each sub-graph.

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
        self.derivatives: bool = outer.derivatives if outer else True
        self.inside_library: bool = outer.inside_library if outer else False
        self.predicates: dict[int, Value] = {}
        self._consts: dict[int, Node] = {}
        self._last: tuple[Any, Node] | None = None
        self._hint = ""
        self._site: Any = None

    # -- values -------------------------------------------------------------------------------------------------------

    def const(self, array: Any, name: str = "const") -> Node:
        """Bring an array into the outermost graph; the same object gives the same node."""
        root = self.root
        found = root._consts.get(id(array))
        if found is None:
            value = jax.random.key_data(array) if private.is_key_dtype(array.dtype) else array
            if isinstance(value, np.ndarray):  # JAX's literals are a class of their own
                value = np.asarray(value)
            found = Node("const", name, out=aval_of(value), value=value, loc=self.loc, meta={"keeps": array})
            root.graph.nodes.append(found)
            root._consts[id(array)] = found
        return found

    def node(self, value: Value) -> Node:
        """Return the value as a node, a literal as a constant of its dtype."""
        return value if isinstance(value, Node) else self.const(value.value, "value")

    def closed_over(self, const: Any) -> Value:
        """Return the value of an array that the function closes over."""
        if not isinstance(const, jax.core.Tracer) and not private.is_key_dtype(const.dtype) and np.ndim(const) == 0:
            return Lit(const)
        return self.const(const)

    # -- recording ----------------------------------------------------------------------------------------------------

    def call(self, fn: str, args: Sequence[Any], kwargs: dict[str, Any], out: Any, name: str = "") -> Node:
        """Add a call node; `out` is an `Aval` or a nest of them."""
        node = Node(
            "call",
            self._hint or name or fn.rpartition(".")[2].removesuffix("_p"),
            fn=fn,
            args=tuple(args),
            kwargs=kwargs,
            out=out,
            loc=self.loc,
            scope=self.scope,
        )
        if self._site is not None and self._hint:
            last = self._last
            if last is not None and last[0] == self._site.key:  # only the last call of an expression gets its name
                last[1].name = last[1].fn.rpartition(".")[2].removesuffix("_p")
            self._last = (self._site.key, node)
        self.graph.nodes.append(node)
        return node

    def item(self, node: Node, index: Any, out: Any) -> Node:
        """Add the node of one part of a structured result."""
        part = Node("item", node.name, args=(node, index), out=out, loc=node.loc, scope=node.scope)
        self.graph.nodes.append(part)
        return part

    def parts(self, node: Node) -> list[Node]:
        """Add nodes for the parts of a tuple result."""
        return [self.item(node, i, out) for i, out in enumerate(node.out)]

    def run(self, jaxpr: Any, consts: Sequence[Value], args: Sequence[Value]) -> list[Value]:
        """Record a jaxpr's equations and return its outputs."""
        from ivy_jax.capture.functions import match_sequence

        env: dict[Any, Value] = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*consts, *args], strict=True))

        def read(v: Any) -> Value:
            return literal(v) if isinstance(v, private.Literal) else env[v]

        i = 0
        while i < len(jaxpr.eqns):
            eqn = jaxpr.eqns[i]
            found = match_sequence(jaxpr, i) if self.derivatives else None
            operands = [read(v) for v in found.operands] if found else []
            if not any(isinstance(v, Node) for v in operands):
                found = None  # of numbers alone: computed now, equation by equation
            with _At(self, found.last if found else eqn):
                if found is not None:
                    env[found.outvar] = found.emit(self, operands)
                    i += found.count
                    continue
                outs = self.equation(eqn, [read(v) for v in eqn.invars])
            env.update(zip(eqn.outvars, outs, strict=True))
            i += 1
        return [read(v) for v in jaxpr.outvars]

    def inline(self, closed: Any, args: Sequence[Value]) -> list[Value]:
        """Record the equations of an inner jaxpr here."""
        jaxpr, consts = private.open_jaxpr(closed)
        before = self.inside_library
        self.inside_library = before or private.is_library_function(jaxpr)
        try:
            return self.run(jaxpr, [self.closed_over(c) for c in consts], args)
        finally:
            self.inside_library = before

    def equation(self, eqn: Any, ins: list[Value]) -> list[Value]:
        """Record one equation and return its results."""
        from ivy_jax.capture.control import STRUCTURED
        from ivy_jax.capture.equations import emit

        name = eqn.primitive.name
        known = self._fold(eqn, ins)
        if known is not None:
            return known
        structured = STRUCTURED.get(name)
        if structured is not None:
            return structured(self, eqn, ins)
        return emit(self, eqn, ins)

    def _fold(self, eqn: Any, ins: list[Value]) -> list[Value] | None:
        """Compute an equation now if all its operands are known and its result is a number or a few indices."""
        if not ins or not eqn.outvars or eqn.effects or _has_jaxpr(eqn.params):
            return None
        values = [v.value for v in ins if isinstance(v, Lit)]
        if len(values) < len(ins):
            return None
        for v in eqn.outvars:
            aval = v.aval
            if not hasattr(aval, "shape") or private.is_key_dtype(aval.dtype):
                return None
            small = aval.shape == () or (
                len(aval.shape) == 1 and aval.shape[0] <= _KNOWN_SIZE and np.dtype(aval.dtype).kind in "iub"
            )
            if not small:
                return None
        if eqn.primitive.name.startswith("random") or eqn.primitive.name in ("threefry2x32", "stop_gradient", "jit"):
            return None
        found = private.evaluate(eqn, values)
        return [Lit(x, bool(v.aval.weak_type)) for x, v in zip(found, eqn.outvars)]

    # -- sub-graphs ---------------------------------------------------------------------------------------------------

    def subgraph(
        self,
        name: str,
        closed: Any,
        bound: Sequence[Value],
        shape_inputs: Callable[[list[Node]], Any] = tuple,
        shape_output: Callable[[list[Any]], Any] | None = None,
    ) -> Graph:
        """Record an inner jaxpr as a graph of its own.

        Args:
            name: of the graph.
            closed: the jaxpr.
            bound: values for its first inputs, read from here; the others become inputs.
            shape_inputs: arranges the input nodes as the callable's arguments.
            shape_output: arranges the list of outputs; the only one, or the tuple of all, by default.
        """
        jaxpr, consts = private.open_jaxpr(closed)
        inner = Recorder(Graph("jax", name), self)
        inputs: list[Node] = []
        for v in jaxpr.invars[len(bound) :]:
            inputs.append(Node("input", f"x{len(inputs)}", out=private.aval_of_var(v.aval), loc=self.loc))
        inner.graph.inputs = inputs
        inner.graph.arguments = shape_inputs(inputs)
        outs: list[Any] = inner.run(jaxpr, [inner.closed_over(c) for c in consts], [*bound, *inputs])
        outs = [inner.node(v) for v in outs]
        if shape_output is None:
            inner.graph.output = outs[0] if len(outs) == 1 else tuple(outs)
        else:
            inner.graph.output = shape_output(outs)
        return inner.graph

    def trace(self, name: str, fn: Callable[..., Any], avals: Sequence[Any], **options: Any) -> Graph:
        """Trace a function of JAX arrays and record it as a sub-graph."""
        return self.subgraph(name, jax.make_jaxpr(fn)(*avals), (), **options)

    def warn(self, text: str) -> None:
        """Warn about something that the graph leaves out."""
        place = f" ({self.loc})" if self.loc else ""
        self.root.graph.note("ignored", text.partition(" ")[0], "it is left out of the graph", self.loc)
        warnings.warn(f"{text}{place}", UserWarning, stacklevel=2)


def _has_jaxpr(params: dict[str, Any]) -> bool:
    return any(
        hasattr(x, "eqns") or hasattr(x, "jaxpr") or callable(x)
        for v in params.values()
        for x in (v if isinstance(v, (tuple, list)) else (v,))
        if not isinstance(x, (type, np.dtype))
    )


class _At:
    """Lets what is recorded within carry an equation's place, module path and variable name."""

    def __init__(self, recorder: Recorder, eqn: Any) -> None:
        self.recorder = recorder
        self.eqn = eqn

    def __enter__(self) -> None:
        r = self.recorder
        self.before = r.loc, r.scope, r._hint, r._site
        inner = private.scope_of(self.eqn)
        if inner and not r.scope.endswith(inner):
            r.scope = f"{r.scope}/{inner}" if r.scope else inner
        # The equations of a library's jitted function carry the place of whoever called it first; ours is the caller.
        if r.inside_library:
            return
        site = private.site_of(self.eqn)
        if site is not None:
            r.loc, r._hint, r._site = site.loc, site.name, site

    def __exit__(self, *error: object) -> None:
        r = self.recorder
        r.loc, r.scope, r._hint, r._site = self.before


def out_avals(eqn: Any) -> list[Aval]:
    """Return the abstract results of an equation."""
    return [private.aval_of_var(v.aval) for v in eqn.outvars]


def plain(x: Any) -> Any:
    """Turn NumPy integers and dtypes, enums and the like in parameters into what generated code can show."""

    def leaf(v: Any) -> Any:
        if isinstance(v, np.generic):
            return v.item()
        if isinstance(v, np.dtype):
            return str(v)
        return v

    return map_nested(x, leaf)
