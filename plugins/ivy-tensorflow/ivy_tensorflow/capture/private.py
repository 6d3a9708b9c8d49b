"""What capture needs of TensorFlow beyond the names that users see, in one place.

Public: `tf.function`, concrete functions and their graphs, operations with their attributes, inputs and tracebacks,
`tf.raw_ops`. Not public: the registry of op definitions, the look-up of a function's body and of a gradient function.
"""

from __future__ import annotations

import inspect
import linecache
import os
import re
import sysconfig
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from tensorflow.python.framework import op_def_registry

from ivy.dtypes import DType, as_dtype
from ivy.errors import CaptureError
from ivy.graph.aval import Aval
from ivy.graph.node import Loc

__all__ = [
    "Argument",
    "Signature",
    "aval_of_tensor",
    "body_of",
    "dtype_of_tf",
    "gradient_of",
    "signature_of",
    "site_of",
]


# -- operations -------------------------------------------------------------------------------------------------------


class Argument(NamedTuple):
    """One argument of a raw op.

    Args:
        name: as `tf.raw_ops` calls it.
        attr: the attribute's name in the op's definition, None for an input.
        type_attr: for an input, the attribute that its dtype is, "" if the dtype is fixed.
        count: for an input, the attribute that says how many tensors it is, "" for a single one.
        default: what `tf.raw_ops` takes when it is not given.
    """

    name: str
    attr: str | None
    type_attr: str
    count: str  # type: ignore[assignment]
    default: Any


class Signature(NamedTuple):
    """The arguments of a raw op: inputs in the order of the op's inputs, then attributes; and its function."""

    inputs: tuple[Argument, ...]
    attributes: tuple[Argument, ...]
    function: Callable[..., Any] | None


@cache
def signature_of(op_type: str) -> Signature:
    """Return how `tf.raw_ops` names an op's inputs and attributes, which its definition may name differently."""
    definition = op_def_registry.get(op_type)
    if definition is None:
        raise CaptureError(f"TensorFlow has no definition of the operation {op_type}")
    inferred = {n for a in definition.input_arg for n in (a.type_attr, a.number_attr, a.type_list_attr)}
    names = [a.name for a in definition.input_arg] + [a.name for a in definition.attr if a.name not in inferred]
    function = getattr(tf.raw_ops, op_type, None)
    parameters = dict(inspect.signature(function).parameters) if function is not None else {}
    parameters.pop("name", None)
    renamed = dict(zip([n for n in names if n not in parameters], [p for p in parameters if p not in names]))

    def argument(name: str, attr: str | None, type_attr: str, count: str) -> Argument:
        public = renamed.get(name, name)
        given = parameters.get(public)
        return Argument(public, attr, type_attr, count, inspect.Parameter.empty if given is None else given.default)

    return Signature(
        tuple(argument(a.name, None, a.type_attr, a.number_attr or a.type_list_attr) for a in definition.input_arg),
        tuple(argument(a.name, a.name, "", "") for a in definition.attr if a.name not in inferred),
        function,
    )


def plain(x: Any) -> Any:
    """Turn an attribute's value into what generated code can show."""
    if isinstance(x, bytes):
        return x.decode("utf-8", "replace")
    if isinstance(x, tf.DType):
        return x.name
    if isinstance(x, tf.TensorShape):
        return None if x.rank is None else tuple(-1 if d is None else int(d) for d in x)
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    return x


def dtype_of_tf(dtype: Any) -> DType:
    """Return the ivy dtype of one of TensorFlow's.

    Raises:
        CaptureError: if it is no dtype of numbers (strings, handles).
    """
    try:
        return as_dtype(dtype.base_dtype.name)
    except TypeError:
        raise CaptureError(f"arrays of dtype {dtype.name} have no translation") from None


def aval_of_tensor(tensor: Any) -> Aval | None:
    """Return shape and dtype of a symbolic tensor, None if they are not known or it holds no numbers."""
    if not tensor.shape.is_fully_defined() or tensor.dtype in (tf.resource, tf.variant, tf.string):
        return None
    try:
        return Aval(tuple(int(d) for d in tensor.shape), dtype_of_tf(tensor.dtype))
    except CaptureError:
        return None


def evaluate(op: Any, inputs: list[Any]) -> list[np.ndarray] | None:
    """Run one operation on small known values, at once even while a graph is built; None if it cannot."""
    quick = QUICK.get(op.type)
    if quick is not None and len(op.outputs) == 1:
        dtype = op.outputs[0].dtype.as_numpy_dtype
        return [np.asarray(quick(*inputs)).astype(dtype)]
    call, _ = call_of(op, inputs)
    if call is None:
        return None
    with tf.init_scope(), tf.device("CPU:0"):
        found = call()
    if not isinstance(found, (list, tuple)):
        found = [found]
    flat = [x for part in found for x in (part if isinstance(part, list) else [part])]
    return [np.asarray(x.numpy()) for x in flat]  # bfloat16 without axes gives NumPy no array


def call_of(op: Any, inputs: list[Any]) -> tuple[Callable[[], Any] | None, dict[str, Any]]:
    """Return a call of an operation's raw op on other inputs."""
    signature = signature_of(op.type)
    function = signature.function
    if function is None:
        return None, {}
    kwargs: dict[str, Any] = {a.name: op.get_attr(str(a.attr)) for a in signature.attributes}
    types = {a.type_attr: op.get_attr(a.type_attr) for a in signature.inputs if a.type_attr}
    rest = iter(inputs)
    for a in signature.inputs:
        count = count_of(op, a)
        parts = [next(rest) for _ in range(1 if count is None else count)]
        if a.type_attr and not isinstance(types[a.type_attr], list):
            parts = [tf.constant(x, dtype=types[a.type_attr]) if isinstance(x, np.ndarray) else x for x in parts]
        kwargs[a.name] = parts[0] if count is None else parts
    return lambda: function(**kwargs), kwargs


def count_of(op: Any, argument: Argument) -> int | None:
    """Return how many tensors an input consists of, None for a single one that is no list."""
    if not argument.count:
        return None
    count = op.get_attr(argument.count)
    return len(count) if isinstance(count, (list, tuple)) else int(count)


def infer(op: Any, inputs: list[Any]) -> list[tuple[int, ...] | None]:
    """Return the shapes of an operation's results for inputs whose shapes are known better than in its own graph.

    Args:
        op: the operation.
        inputs: an array where the value is known, else ``(shape, tf dtype)``.
    """
    with tf.Graph().as_default():
        given = [tf.constant(x) if isinstance(x, np.ndarray) else tf.compat.v1.placeholder(x[1], x[0]) for x in inputs]
        call, _ = call_of(op, given)
        if call is None:
            return [None] * len(op.outputs)
        found = call()
        made = found if isinstance(found, (list, tuple)) else [found]
        flat = [x for part in made for x in (part if isinstance(part, list) else [part])]
        return [tuple(int(d) for d in t.shape) if t.shape.is_fully_defined() else None for t in flat]


QUICK: dict[str, Callable[..., Any]] = {
    "Identity": lambda x: x,
    "Add": np.add, "AddV2": np.add, "Sub": np.subtract, "Mul": np.multiply, "Less": np.less,
    "LessEqual": np.less_equal, "Greater": np.greater, "GreaterEqual": np.greater_equal, "Equal": np.equal,
    "NotEqual": np.not_equal, "LogicalAnd": np.logical_and, "LogicalOr": np.logical_or, "LogicalNot": np.logical_not,
    "Maximum": np.maximum, "Minimum": np.minimum, "Neg": np.negative,
}  # fmt: skip
"""The arithmetic of loop counters and shapes, which is met too often to ask TensorFlow each time."""


# -- functions --------------------------------------------------------------------------------------------------------

_UNDECIDED = tf.__internal__.autograph.control_status_ctx()
"""The state outside of any `tf.function`, in which code is converted."""


def autographed(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose Python control flow on tensors becomes TensorFlow's, wherever it is called."""
    converted: Callable[..., Any] = tf.__internal__.autograph.tf_convert(fn, _UNDECIDED)
    return converted


def body_of(op: Any, name: str) -> Any:
    """Return the graph of a function that an operation calls."""
    graph = op.graph
    while graph is not None:
        found = graph._get_function(name)
        if found is not None:
            body = getattr(found, "graph", None)
            if body is not None:
                return body
            from tensorflow.python.framework.function_def_to_graph import function_def_to_graph

            return function_def_to_graph(found.definition)
        graph = getattr(graph, "outer_graph", None)
    raise CaptureError(f"the body of the function {name}, which {op.type} calls, is not to be found")


def gradient_of(op: Any) -> Callable[..., Any] | None:
    """Return the gradient function of a `tf.custom_gradient`, None if it is not known any more."""
    from tensorflow.python.framework import ops

    try:
        return ops.get_gradient_function(op)
    except LookupError:
        return None


def subfunction(graph: Any, fn: Callable[..., Any], specs: list[Any], name: str) -> Any:
    """Trace a function within a graph, whose tensors it may capture, and return its own graph."""
    from tensorflow.python.framework import func_graph

    with graph.as_default():
        return func_graph.func_graph_from_py_func(name, fn, specs, {})


# -- where an operation comes from ------------------------------------------------------------------------------------

_LIBRARIES = frozenset({
    "tensorflow", "keras", "tf_keras", "keras_hub", "tensorflow_probability", "tensorflow_addons", "numpy", "optree",
    "ivy", "ivy_tensorflow", "einops", "transformers", "pluggy",
})  # fmt: skip
_STDLIB = os.path.dirname(os.__file__) + os.sep
_SITE = tuple(p + os.sep for p in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep  # the whole plugin
_IVY = os.sep + os.path.join("ivy_core", "ivy") + os.sep
_ASSIGNS = re.compile(r"^\s*([A-Za-z_]\w*)\s*(?::[^=]+)?[-+*/@%]?=(?!=)")


@cache
def is_library(filename: str) -> bool:
    """Whether a file belongs to TensorFlow, to a library on top of it, to Python or to Ivy, rather than to the user."""
    for root in _SITE:
        if filename.startswith(root):
            return filename[len(root) :].split(os.sep, 1)[0].removesuffix(".py") in _LIBRARIES
    generated = os.path.basename(filename).startswith("__autograph_generated_file")
    return filename.startswith((_STDLIB, _HERE, "<frozen")) or _IVY in filename or generated


class Site(NamedTuple):
    """A place in the user's source, and the variable that its line assigns to."""

    loc: Loc
    name: str


def site_of(op: Any) -> Site | None:
    """Return the innermost place outside of libraries that led to an operation; autograph keeps the user's lines.

    The variable's name comes from the source line, since TensorFlow keeps no frames.
    """
    for frame in reversed(tuple(op.traceback or ())):
        if frame.filename.startswith(_HERE):
            return None
        if not is_library(frame.filename):
            found = _ASSIGNS.match(linecache.getline(frame.filename, frame.lineno))
            return Site(Loc(frame.filename, frame.lineno, frame.name), found.group(1) if found else "")
    return None
