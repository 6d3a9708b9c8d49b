"""JAX code to a graph: the function is traced to a jaxpr by `jax.make_jaxpr`, and its equations are recorded.

Only shapes and dtypes of the inputs count, so they may be arrays of any framework. What is no array is static.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

import jax
import numpy as np
import optree

from ivy.backend import backend_of, get_backend, is_native_array
from ivy.dtypes import DType, as_dtype
from ivy.errors import SourceLocation
from ivy.graph.aval import Aval, aval_of
from ivy.graph.containers import NAMESPACE, flatten, is_plain, unflatten
from ivy.graph.graph import Graph
from ivy.graph.node import Node
from ivy.transpiler.arguments import check_stored
from ivy.transpiler.keeping import keeping
from ivy.transpiler.names import argument_names, callable_name
from ivy.transpiler.reads import Reads, UnknownValue
from ivy_jax.capture import private
from ivy_jax.capture.concrete import Asked, trace_concretely
from ivy_jax.capture.recorder import Recorder, Value
from ivy_jax.capture.replay import native_function

__all__ = ["MODULES_ARE_CONSTANTS", "capture", "capture_with_params", "native_function"]

MODULES_ARE_CONSTANTS = True
"""What a function reads of a module that it is not given is a constant of its graph, not a parameter."""


def capture(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any = None) -> Graph:
    """Record a function of JAX arrays.

    Args:
        fn: any callable.
        args: positional arguments; arrays of any framework, `Aval`s or JAX tracers where the graph has inputs.
        kwargs: keyword arguments, likewise.
        options: `ivy.transpiler.options.CaptureOptions`; its ``params`` become named parameters of the graph, for a
            `fn` that takes a dict of them first.

    Returns:
        A graph in the dialect ``"jax"``.

    Raises:
        DataDependentError: if the function asks for an array's value in Python.
        UnsupportedOpError: for random keys of another generator than Threefry.
    """
    params = getattr(options, "params", None)
    if params:
        return capture_with_params(fn, dict(params), args, kwargs, options=options)
    return keeping(lambda *call: _Capture(*call).graph(), fn, args, kwargs, options)


def capture_with_params(
    fn: Callable[..., Any],
    params: Mapping[str, Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    *,
    state: Mapping[str, Any] | None = None,
    aliases: Mapping[str, tuple[str, ...]] | None = None,
    options: Any = None,
) -> Graph:
    """Record a function whose first argument is a flat dict of named parameters.

    Args:
        fn: called as ``fn(params, *args, **kwargs)``; if there is a state, as ``fn(params, state, *args, **kwargs)``,
            and then it returns ``(output, new_state)``.
        params: name -> array; each becomes a parameter of the graph.
        args: further positional arguments, as in `capture`.
        kwargs: keyword arguments.
        state: name -> array of what is no parameter but kept between calls (batch statistics); what the function
            returns for a name becomes the graph's update of it, unless it is the same value.
        aliases: other names of a parameter that is used in several places.
        options: as in `capture`.

    Returns:
        A graph in the dialect ``"jax"`` with `graph.params`, and with `graph.updates` if there is a state.
    """
    return _Capture(fn, args, kwargs, options, dict(params), None if state is None else dict(state), aliases).graph()


def _is_array_leaf(x: Any) -> bool:
    return isinstance(x, (Aval, jax.core.Tracer)) or type(x).__module__ == "ivy.array" or is_native_array(x)


def _struct(x: Any) -> tuple[jax.ShapeDtypeStruct, Aval]:
    """Return what JAX sees of an array, and what the graph's input is."""
    dtype = getattr(x, "dtype", None)
    if dtype is not None and not isinstance(x, Aval) and _is_typed_key(dtype):
        return jax.ShapeDtypeStruct(x.shape, dtype), Aval((*x.shape, 2), as_dtype("uint32"))
    aval = x if isinstance(x, Aval) else aval_of(x)
    canonical = jax.dtypes.canonicalize_dtype(np.dtype(_numpy_name(aval.dtype)))
    weak = bool(getattr(x, "weak_type", False))
    return jax.ShapeDtypeStruct(aval.shape, canonical, weak_type=weak), aval


_ASKED_FOR_VALUES = (
    jax.errors.ConcretizationTypeError,
    jax.errors.TracerArrayConversionError,
    jax.errors.TracerIntegerConversionError,
    jax.errors.NonConcreteBooleanIndexError,
)


def _real(x: Any, struct: jax.ShapeDtypeStruct) -> Any:
    """Return an input as a JAX array, None if it has no value."""
    if isinstance(x, (Aval, jax.core.Tracer)):
        return None
    data = x.data if type(x).__module__ == "ivy.array" else x
    if isinstance(data, jax.core.Tracer):
        return None
    if isinstance(data, jax.Array):
        return data
    backend = get_backend("jax").module
    if getattr(backend_of(data).module, "is_abstract", lambda _: False)(data):
        return None
    return jax.numpy.asarray(backend.from_foreign(data), dtype=struct.dtype)


def _is_typed_key(dtype: Any) -> bool:
    try:
        return private.is_key_dtype(dtype)
    except TypeError:  # another framework's dtype object
        return False


def _numpy_name(dtype: Any) -> Any:
    import ml_dtypes

    return ml_dtypes.bfloat16 if dtype == "bfloat16" else str(dtype)


class _Capture:
    """One capture: the flat function that is traced, and how its results go back into the user's containers."""

    def __init__(
        self,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        options: Any,
        params: dict[str, Any] | None = None,
        state: dict[str, Any] | None = None,
        aliases: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.fn = fn
        self.options = options
        self.params = params or {}
        self.state = state
        self.has_params = params is not None
        self.aliases = aliases or {}
        self.leaves, self.spec = flatten((tuple(args), dict(kwargs)))
        self.places = [i for i, x in enumerate(self.leaves) if _is_array_leaf(x)]
        self.names = _input_names(fn, args, kwargs, self.places, skip=self.has_params + (state is not None))
        self.output: Any = None

    # -- running the user's function ----------------------------------------------------------------------------------

    def flat(self, *arrays: Any) -> list[Any]:
        """Call the function on a flat list (parameters, state, inputs) and return its arrays flat."""
        given = iter(arrays)
        params = {name: next(given) for name in self.params}
        state = None if self.state is None else {name: next(given) for name in self.state}
        leaves = list(self.leaves)
        for i in self.places:
            leaves[i] = next(given)
        args, kwargs = unflatten(self.spec, leaves)
        lead = ((params,) if self.has_params else ()) + (() if state is None else (state,))
        result = self.fn(*lead, *args, **kwargs)
        if not self.has_params:
            check_stored(callable_name(self.fn), self._every_name(), leaves, self.spec, (args, kwargs))
        new_state: dict[str, Any] = {}
        if state is not None:
            result, new_state = result
            new_state = {k: v for k, v in new_state.items() if v is not state.get(k)}
        self.output = _Output(result)
        self.updated = list(new_state)
        return [*self.output.arrays, *new_state.values()]

    def _every_name(self) -> list[str]:
        args, kwargs = unflatten(self.spec, self.leaves)
        return argument_names(self.fn, args, kwargs)

    def graph(self) -> Graph:
        """Trace and record."""
        arrays = [*self.params.values(), *(self.state or {}).values(), *(self.leaves[i] for i in self.places)]
        described = [_struct(x) for x in arrays]
        jaxpr, consts, seen, asked = self._jaxpr(arrays, [struct for struct, _ in described])
        name = getattr(self.fn, "__name__", type(self.fn).__name__)
        graph = Graph("jax", name if name.isidentifier() else "graph")
        r = Recorder(graph)
        values = self._declare(r, [aval for _, aval in described], seen)
        outs = r.run(jaxpr, [r.closed_over(c) for c in consts], values)
        if asked is not None:
            raise _data_dependent(asked).of(graph, r.node(outs[0]), truth=asked.truth) from asked
        count = len(self.output.arrays)
        self.output.finish(graph, r, outs[:count])
        graph.updates = {name: r.node(v) for name, v in zip(self.updated, outs[count:], strict=True)}
        return graph

    def _jaxpr(self, arrays: list[Any], structs: list[Any]) -> tuple[Any, list[Any], Any, Asked | None]:
        """Trace the function: abstractly, or with real values if it asks for them and they are there."""
        answers = getattr(self.options, "answers", ())
        values = [_real(x, struct) for x, struct in zip(arrays, structs)]
        known = not getattr(self.options, "traced", False) and not any(v is None for v in values)
        if not getattr(self.options, "prefer_concrete", False) and not answers:
            try:
                closed = jax.make_jaxpr(self.flat)(*structs)
                return (*private.open_jaxpr(closed), closed.in_avals, None)
            except _ASKED_FOR_VALUES:
                pass
            except TypeError as error:
                if not known or "__format__" not in str(error):
                    raise
        try:
            if known:
                try:
                    return trace_concretely(self.flat, values, Reads(answers))
                except Exception:
                    if not answers:
                        raise  # else the target's values may not suit the source's arrays: other sizes, positions
            return self._without_values(structs, Reads(answers))
        except _ASKED_FOR_VALUES as raised:
            raise _data_dependent(raised) from raised

    def _without_values(self, structs: list[Any], reads: Reads) -> tuple[Any, list[Any], Any, Asked | None]:
        """Trace abstractly, with answers to what Python asks for."""
        found: list[Any] = []

        def run(*arrays: Any) -> list[Any]:
            found.extend(trace_concretely(self.flat, arrays, reads))
            return []

        jax.make_jaxpr(run)(*structs)
        return found[0], found[1], found[2], found[3]

    def _declare(self, r: Recorder, avals: list[Aval], seen: Any) -> list[Value]:
        """Make the nodes of parameters, state and inputs; inputs of a dtype that JAX does not keep are cast first."""
        graph = r.graph
        values: list[Value] = []
        named = [(name, x, True) for name, x in self.params.items()]
        named += [(name, x, False) for name, x in (self.state or {}).items()]
        for (name, array, trainable), aval in zip(named, avals):
            meta: dict[str, Any] = {"trainable": trainable and aval.dtype.is_inexact}
            if name in self.aliases:
                meta["aliases"] = self.aliases[name]
            graph.params[name] = Node("param", name, out=aval, value=array, meta=meta)
            values.append(graph.params[name])
        graph.inputs = [Node("input", n, out=a) for n, a in zip(self.names, avals[len(named) :], strict=True)]
        values += graph.inputs
        for i, (value, jax_aval) in enumerate(zip(values, seen, strict=True)):
            assert isinstance(value, Node)
            wanted = private.aval_of_var(jax_aval)
            if value.aval.dtype != wanted.dtype:
                cast = {"new_dtype": str(wanted.dtype)}
                values[i] = r.call("jax.lax.convert_element_type", [value], cast, wanted, value.name)
        return values


class _Output:
    """What the function returned: its arrays in order, and how to put nodes in their place."""

    def __init__(self, result: Any) -> None:
        self.leaves, self.spec = flatten(result)
        self.arrays: list[Any] = []
        self.inner: dict[int, tuple[Any, int]] = {}  # leaf -> (structure, count) of containers that only JAX knows
        self.array_leaves: set[int] = set()
        for i, leaf in enumerate(self.leaves):
            if isinstance(leaf, (jax.Array, np.ndarray, np.generic)):
                self.array_leaves.add(i)
                self.arrays.append(leaf)
            elif leaf is not None and not isinstance(leaf, (bool, int, float, complex, str, DType)):
                inner, treedef = jax.tree.flatten(leaf)
                if inner and all(isinstance(x, (jax.Array, np.ndarray, np.generic)) for x in inner):
                    self.inner[i] = (treedef, len(inner))
                    self.arrays += inner

    def finish(self, graph: Graph, r: Recorder, values: list[Value]) -> None:
        """Set the graph's output."""
        nodes = iter([r.node(v) for v in values])
        flat: list[Any] = []
        slots: list[tuple[int, Any]] = []
        for i, leaf in enumerate(self.leaves):
            if i in self.array_leaves:
                slots.append((1, None))
                flat.append(next(nodes))
            elif i in self.inner:
                treedef, count = self.inner[i]
                slots.append((count, treedef))
                flat += [next(nodes) for _ in range(count)]
            else:
                slots.append((1, None))
                flat.append(leaf)
        if not self.inner and is_plain(self.spec):
            graph.output = unflatten(self.spec, flat)
            return
        spec = self.spec

        def rebuild(parts: Any) -> Any:
            rest, leaves = iter(parts), []
            for count, treedef in slots:
                here = [next(rest) for _ in range(count)]
                leaves.append(here[0] if treedef is None else jax.tree.unflatten(treedef, here))
            return unflatten(spec, leaves)

        graph.output, graph.rebuild = flat, rebuild


def _input_names(
    fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], places: list[int], skip: int
) -> list[str]:
    """Name each array leaf after the parameter that it comes in by, and its place in the parameter's containers."""
    given: Any = (tuple(args), dict(kwargs))
    paths = optree.tree_paths(given, none_is_leaf=True, namespace=NAMESPACE)
    try:
        parameters = list(inspect.signature(fn).parameters.values())[skip:]
    except (TypeError, ValueError):
        parameters = []
    names: list[str] = []
    for i in places:
        half, first, *rest = paths[i]
        if half == 0:
            positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
            variadic = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "x")
            top = positional[first].name if first < len(positional) else f"{variadic}{first - len(positional)}"
        else:
            top = str(first)
        name = re.sub(r"\W+", "_", "_".join([top, *map(str, rest)])).strip("_") or "x"
        names.append(name if not name[0].isdigit() else f"x{name}")
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, -1) + 1
        unique.append(name if not seen[name] else f"{name}_{seen[name]}")
    return unique


def _data_dependent(error: Exception) -> UnknownValue:
    """Turn JAX's error about a traced value into ours, with the user's line."""
    where = None
    tb = error.__traceback__
    while tb is not None:
        code = tb.tb_frame.f_code
        if not private.is_library(code.co_filename):
            where = SourceLocation(code.co_filename, tb.tb_lineno, code.co_name)
        tb = tb.tb_next
    return UnknownValue(
        "the function asks for the value of a JAX array while it is captured",
        where=where,
        why=str(error).split("\n", 1)[0],
        hint="use jnp.where or jax.lax.cond, or make the argument a Python number, which is static",
    )
