"""TensorFlow code to a graph: the function is traced by `tf.function`, and the operations of its graph are recorded.

Autograph turns Python's ``if``, ``while`` and ``for`` over tensors into TensorFlow's control flow, which stays dynamic.
Only shapes and dtypes of the inputs count, so they may be arrays of any framework. What is no array is static.
"""

from __future__ import annotations

import functools
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np
import tensorflow as tf

from ivy.errors import CaptureError, DataDependentError, IvyError, SourceLocation
from ivy.graph.aval import Aval, aval_of
from ivy.graph.containers import flatten, is_plain, unflatten
from ivy.graph.graph import Graph
from ivy.graph.node import Node
from ivy.graph.passes.cleanup import eliminate_dead
from ivy.transpiler import faults
from ivy.transpiler.arguments import check_stored
from ivy.transpiler.faults import first_line, is_users, raised_at
from ivy.transpiler.heap import Rules
from ivy.transpiler.keeping import keeping
from ivy.transpiler.names import argument_names, callable_name
from ivy.transpiler.pipeline import is_array_leaf
from ivy.transpiler.reads import Reader, Reads, UnknownValue
from ivy_tensorflow.capture import private, reads
from ivy_tensorflow.capture.recorder import Cell, Recorder, Value
from ivy_tensorflow.capture.replay import native_function

__all__ = ["capture", "capture_with_variables", "native_function"]


def capture(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any = None) -> Graph:
    """Record a function of TensorFlow tensors.

    Args:
        fn: any callable.
        args: positional arguments; arrays of any framework or `Aval`s where the graph has inputs.
        kwargs: keyword arguments, likewise.
        options: `ivy.transpiler.options.CaptureOptions`; its ``params``, name -> variable, name the variables that the
            function reads; others become parameters under their own names.

    Returns:
        A graph in the dialect ``"tensorflow"``.

    Raises:
        DataDependentError: if the function asks for a tensor's value in Python, or a shape depends on values that are
            not known.
    """
    named = dict(getattr(options, "params", None) or {})
    return _keeping(lambda f, a, k, o: _Capture(f, a, k, o, named, {}).graph(), fn, args, kwargs, options)


class TensorRules(Rules):
    """What is what among TensorFlow's objects: variables keep themselves."""

    def is_array(self, x: Any) -> bool:
        """Tell whether an object is a tensor."""
        return isinstance(x, tf.Tensor)

    def hidden(self, owner: Any) -> frozenset[str]:
        """Return the attributes in which keras and `tf.Module` keep their own books."""
        if not self.enters(owner):
            return frozenset()
        return _own_attributes(isinstance(owner, tf.Module) and not hasattr(owner, "stateless_call"))

    def enters(self, x: Any) -> bool:
        """Tell whether an object is a layer or a module."""
        keras = sys.modules.get("keras")
        layers = (tf.Module,) if keras is None else (tf.Module, keras.Layer)
        return isinstance(x, layers) and not isinstance(x, tf.Variable)


@functools.cache
def _own_attributes(plain: bool) -> frozenset[str]:
    """Return what a `tf.Module` or a keras model has for itself."""
    if plain:
        return frozenset({*vars(tf.Module()), "_self_setattr_tracking"})
    keras = sys.modules["keras"]
    books = {"_layers", "_metrics", "_tracker", "_inbound_nodes", "_outbound_nodes", "built", "call"}
    return frozenset({*vars(keras.Model()), *vars(keras.Sequential()), *books})


def capture_with_variables(
    fn: Callable[..., Any],
    variables: Mapping[str, Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    *,
    aliases: Mapping[str, tuple[str, ...]] | None = None,
    options: Any = None,
    owner: Any = None,
) -> Graph:
    """Record a call of something that owns variables: a keras model, a `tf.Module`.

    Args:
        fn: called as ``fn(*args, **kwargs)``.
        variables: name -> `tf.Variable` or `keras.Variable`; each becomes a parameter of the graph, used or not.
        args: positional arguments, as in `capture`.
        kwargs: keyword arguments, likewise.
        aliases: other names of a variable that is used in several places.
        options: as in `capture`.
        owner: the model, if `fn` is not it.

    Returns:
        A graph in the dialect ``"tensorflow"`` with `graph.params`, and `graph.updates` for the variables that the call
        assigns to.
    """
    known = (dict(variables), dict(aliases or {}))
    return _keeping(lambda f, a, k, o: _Capture(f, a, k, o, *known).graph(), fn, args, kwargs, options, owner)


def _keeping(take: Callable[..., Graph], fn: Any, args: Any, kwargs: Any, options: Any, owner: Any = None) -> Graph:
    once = tf.autograph.experimental.do_not_convert
    return keeping(take, fn, args, kwargs, options, TensorRules(), convert=private.autographed, wrap=once, owner=owner)


def _native(variable: Any) -> Any:
    """Return the `tf.Variable` of a keras variable."""
    return getattr(variable, "_value", variable) if not isinstance(variable, tf.Variable) else variable


class _Capture:
    """One capture: the flat function that is traced, and how its results go back into the user's containers."""

    def __init__(
        self,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        options: Any,
        variables: dict[str, Any],
        aliases: dict[str, tuple[str, ...]],
    ) -> None:
        self.fn = fn
        self.options = options
        self.variables = {name: _native(v) for name, v in variables.items()}
        self.aliases = aliases
        self.leaves, self.spec = flatten((tuple(args), dict(kwargs)))
        self.places = [i for i, x in enumerate(self.leaves) if is_array_leaf(x)]
        names = self.every_name = argument_names(fn, tuple(args), kwargs)
        self.names = _unique([names[i] for i in self.places])
        self.outputs: dict[int, _Output] = {}
        self.measured: list[str] = []
        self.eager = False
        self.reader: Reader | None = None

    def _of_arguments(self) -> set[int]:
        """Return the variables of the layers and modules among the arguments."""
        static = [x for i, x in enumerate(self.leaves) if i not in set(self.places)]
        return {id(_native(v)) for x in static for v in getattr(x, "variables", ())}

    # -- running the user's function ----------------------------------------------------------------------------------

    @property
    def variable_leaves(self) -> dict[int, Any]:
        """The inputs that are variables, which the function may assign to."""
        return {n: self.leaves[i] for n, i in enumerate(self.places) if isinstance(self.leaves[i], tf.Variable)}

    def specs(self) -> list[Any]:
        """Return what TensorFlow is told of every input that is no variable."""
        found = []
        for n, i in enumerate(self.places):
            if n not in self.variable_leaves:
                aval = _aval(self.leaves[i])
                found.append(tf.TensorSpec(aval.shape, str(aval.dtype), name=_spec_name(self.names[n])))
        return found

    def trace(self, *, measure: bool = False) -> Any:
        """Trace the function and return the concrete function.

        Args:
            measure: also return the shapes of results whose size depends on values.
        """

        def flat(*arrays: Any) -> list[Any]:
            given = iter(arrays)
            leaves = list(self.leaves)
            for n, i in enumerate(self.places):
                leaves[i] = self.variable_leaves[n] if n in self.variable_leaves else next(given)
            args, kwargs = unflatten(self.spec, leaves)
            graph = tf.compat.v1.get_default_graph()
            output = self.outputs[id(graph)] = _Output(self._called(args, kwargs))
            check_stored(callable_name(self.fn), self.every_name, leaves, self.spec, (args, kwargs))
            shapes = self._shapes_of(graph) if measure else []
            return [*output.arrays, *shapes]

        try:
            return tf.function(flat, autograph=False).get_concrete_function(*self.specs())
        except Exception as error:
            first = _first(error)
            if _asks_for_values(first):
                raise self._explained(error) from error
            _raise_original(error, first)

    def _called(self, args: Any, kwargs: Any) -> Any:
        if not self.eager:
            return private.autographed(self.fn)(*args, **kwargs)
        reader = self.reader = reads.reader(getattr(self.options, "answers", ()))
        try:
            with reads.answering(reader):
                return self.fn(*args, **kwargs)
        except Exception:
            if reader.asked is None:
                raise
            return reader.asked[0]

    def _shapes_of(self, graph: Any) -> list[Any]:
        from ivy_tensorflow.capture.structured import VALUED

        ops = [op for op in graph.get_operations() if op.type in VALUED]
        self.measured = [op.name for op in ops]
        return [tf.shape(t) for op in ops for t in op.outputs]

    def _explained(self, error: Exception) -> Exception:
        """Turn TensorFlow's error about a symbolic tensor into ours, with the user's line."""
        where = None
        for frame in traceback.extract_tb(error.__traceback__):
            if not private.is_library(frame.filename):
                where = SourceLocation(frame.filename, frame.lineno or 0, frame.name)
        return DataDependentError(
            "the function asks for the value of a TensorFlow tensor while it is captured",
            where=_autographed_place(error) or where,
            why=first_line(_first(error)),
            hint="use tf.where or tf.cond, or make the argument a Python number, which is static",
        )

    # -- recording ----------------------------------------------------------------------------------------------------

    def graph(self) -> Graph:
        """Trace and record: with autograph, or if that fails as code that is written to run eagerly."""
        try:
            return self._graph()
        except Exception as error:
            first = error
        self.eager = True
        try:
            return self._graph()
        except UnknownValue:
            raise
        except Exception:
            raise first from first.__cause__

    def _graph(self) -> Graph:
        concrete = self.trace()
        try:
            return self.record(concrete, {})
        except DataDependentError as error:
            sizes = self.sizes()
            if not sizes:
                raise error
            return self.record(concrete, sizes)

    def sizes(self) -> dict[str, list[tuple[int, ...]]]:
        """Run the function on the real inputs to see the shapes that depend on them; {} if there are no values."""
        arrays = [self.leaves[i] for n, i in enumerate(self.places) if n not in self.variable_leaves]
        values = [_real(x) for x in arrays]
        if any(v is None for v in values):
            return {}
        concrete = self.trace(measure=True)
        found = concrete(*[tf.constant(v, dtype=s.dtype) for v, s in zip(values, self.specs(), strict=True)])
        count = len(self.outputs[id(concrete.graph)].arrays)
        shapes = iter([tuple(int(d) for d in np.asarray(x)) for x in found[count:]])
        graph = concrete.graph
        return {name: [next(shapes) for _ in graph.get_operation_by_name(name).outputs] for name in self.measured}

    def record(self, concrete: Any, sizes: Mapping[str, Any]) -> Graph:
        """Record a concrete function's graph."""
        func_graph = concrete.graph
        name = callable_name(self.fn)
        graph = Graph("tensorflow", name if name.isidentifier() else "graph")
        r = Recorder(graph)
        r.sizes = dict(sizes)
        graph.inputs = [Node("input", n, out=_aval(self.leaves[i])) for n, i in zip(self.names, self.places)]
        variables = self.variable_leaves
        cells = {id(v): Cell(v, graph.inputs[n]) for n, v in variables.items()}
        for key, variable in self.variables.items():
            cells[id(variable)] = Cell(variable, self._declare(graph, key, variable))
        args: list[Any] = [node for n, node in enumerate(graph.inputs) if n not in variables]
        captured = {inner.name: outer for outer, inner in func_graph.captures}
        for t in func_graph.inputs[len(args) :]:
            args.append(self._captured(r, graph, captured[t.name], cells, concrete))
        r.cells.extend(cells.values())
        output = self.outputs[id(func_graph)]
        reader, read = self.reader, []
        r.reads = Reads(getattr(self.options, "answers", ()))
        if reader is not None:
            read = [t for t, *_ in reader.made]
            r.reads.count = len(reader.made)
        outs = r.run(func_graph, args, [*func_graph.outputs[: len(output.arrays)], *read])
        if reader is not None:
            seen = [r.node(v) for v in outs[len(output.arrays) :]]
            reader.record(graph, seen)
            if reader.asked is not None:
                hint = "use tf.where or tf.cond, or make the argument a Python number, which is static"
                raise reader.unknown(graph, r.node(outs[0]), hint)
            outs = outs[: len(output.arrays)]
        output.finish(graph, [r.node(v) for v in outs])
        self._finish_cells(r, graph, cells)
        return graph

    def _declare(self, graph: Graph, name: str, variable: Any) -> Node:
        meta: dict[str, Any] = {"trainable": bool(variable.trainable)}
        if name in self.aliases:
            meta["aliases"] = self.aliases[name]
        aval = Aval(tuple(int(d) for d in variable.shape), private.dtype_of_tf(variable.dtype))
        node = graph.params[name] = Node("param", name, out=aval, value=variable, meta=meta)
        return node

    def _captured(self, r: Recorder, graph: Graph, outer: Any, cells: dict[int, Cell], concrete: Any) -> Value | None:
        """Return the value of something that the function closes over: a variable or a tensor."""
        if outer.dtype != tf.resource:
            return r.const(outer) if hasattr(outer, "numpy") else None
        for variable in concrete.graph.variables:
            if variable.handle is outer:
                if id(variable) not in cells:
                    taken = {*graph.params, *(n.name for n in graph.inputs)}
                    name = _free(re.sub(r":\d+$", "", variable.name), taken)
                    cells[id(variable)] = Cell(variable, self._declare(graph, name, variable))
                    if id(variable) in self._of_arguments():
                        graph.params[name].meta["live"] = True
                return cells[id(variable)]
        return None  # a table or an iterator: what reads it is listed as not supported

    def _finish_cells(self, r: Recorder, graph: Graph, cells: dict[int, Cell]) -> None:
        """Say what the call wrote; the state of random generators is theirs, and numbers come from the target's."""
        for cell in cells.values():
            generator = id(cell) in r.generators
            if generator:
                cell.node.meta["generator"] = True
                if cell.node.name not in self.variables:
                    graph.params.pop(cell.node.name, None)
            if cell.value is cell.node or generator:
                continue
            node = r.node(cell.value)
            if cell.node.kind == "param":
                graph.updates[cell.node.name] = node
            else:
                graph.mutated[graph.inputs.index(cell.node)] = node
        if r.generators:
            eliminate_dead(graph)  # what computed the seeds


def _autographed_place(error: BaseException) -> SourceLocation | None:
    """Return the innermost line of the user's that autograph knows of an exception in the code that it made."""
    metadata = getattr(error, "ag_error_metadata", None)
    for info in getattr(metadata, "translated_stack", ()):
        if not private.is_library(info.filename):
            return SourceLocation(info.filename, info.lineno, info.function_name)
    return None


def _first(error: Exception) -> Exception:
    """Return the exception that autograph made a copy of with another text."""
    while (
        hasattr(error, "ag_error_metadata") and error.__suppress_context__ and isinstance(error.__context__, Exception)
    ):
        error = error.__context__
    return error


_REWRITING = ("tensorflow.python.autograph",)
_READERS = frozenset({"numpy", "_numpy", "item", "tolist", "__array__"})


def _asks_for_values(error: Exception) -> bool:
    """Whether an exception says that a symbolic tensor has no value."""
    if isinstance(error, AttributeError) and error.name not in _READERS and error.name is not None:
        return False
    if faults.is_raised_by_users(error, _REWRITING):
        return False
    return isinstance(error, (TypeError, NotImplementedError, AttributeError)) and "symbolic" in str(error).lower()


def _raise_original(error: Exception, first: Exception) -> NoReturn:
    """Raise what happened: an exception of the user's own code at its line, anything else as an error of ours."""
    place = _autographed_place(error) or _autographed_place(first)
    if isinstance(first, IvyError):
        raise first if place is None else first.at(place)
    if is_users(first, _REWRITING):
        raise first if place is None else raised_at(first, place, _REWRITING)
    if place is None:
        raise error
    what = "the function cannot be captured as a tf.function"
    raise CaptureError(what, where=place, why=first_line(first), hint=faults.hint(first)) from first


def _aval(x: Any) -> Aval:
    if isinstance(x, Aval):
        return x
    if isinstance(x, (tf.Tensor, tf.Variable)):
        return Aval(tuple(int(d) for d in x.shape), private.dtype_of_tf(x.dtype))
    return aval_of(x)


def _real(x: Any) -> Any:
    """Return an input's value in NumPy, None if it has none."""
    if isinstance(x, Aval):
        return None
    data = x.data if type(x).__module__ == "ivy.array" else x
    try:
        detach = getattr(data, "detach", None)
        return np.asarray(data if detach is None else detach().cpu())
    except Exception:  # a tracer of another framework, each with its own error
        return None


def _spec_name(name: str) -> str:
    found = re.sub(r"[^\w.\-]", "_", name)
    return found if found[:1].isalnum() else f"x{found}"


def _free(name: str, taken: set[str]) -> str:
    found, n = name, 0
    while found in taken:
        n += 1
        found = f"{name}_{n}"
    return found


def _unique(names: list[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        plain = re.sub(r"\W+", "_", name).strip("_") or "x"
        found.append(_free(f"x{plain}" if plain[0].isdigit() else plain, set(found)))
    return found


class _Output:
    """What the function returned: its arrays in order, and how to put nodes in their place."""

    def __init__(self, result: Any) -> None:
        self.leaves, self.spec = flatten(result)
        self.arrays: list[Any] = []
        self.array_leaves: list[int] = []
        for i, leaf in enumerate(self.leaves):
            if isinstance(leaf, tf.TensorArray):
                leaf = leaf.stack()
            if isinstance(leaf, tf.IndexedSlices):
                leaf = tf.convert_to_tensor(leaf)
            if isinstance(leaf, (tf.RaggedTensor, tf.SparseTensor)):
                raise CaptureError(
                    f"the function returns a {type(leaf).__name__}, which has no translation",
                    hint="return .to_tensor() or tf.sparse.to_dense of it",
                )
            if isinstance(leaf, (tf.Tensor, tf.Variable, np.ndarray, np.generic)) or is_array_leaf(leaf):
                self.array_leaves.append(i)
                self.arrays.append(tf.convert_to_tensor(_native(leaf)))

    def finish(self, graph: Graph, nodes: list[Node]) -> None:
        """Set the graph's output."""
        flat = list(self.leaves)
        for i, node in zip(self.array_leaves, nodes, strict=True):
            flat[i] = node
        if is_plain(self.spec):
            graph.output = unflatten(self.spec, flat)
            return
        spec = self.spec
        graph.output, graph.rebuild = flat, lambda parts: unflatten(spec, parts)
