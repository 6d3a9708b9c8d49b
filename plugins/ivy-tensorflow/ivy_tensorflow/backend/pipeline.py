"""What the conversion pipeline asks of TensorFlow as a target, besides the functions of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ivy.errors import ShapeError
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph
from ivy.graph.node import Node
from ivy.graph.passes import eliminate_dead
from ivy.graph.passes.layout import channels_last
from ivy.tracer.evaluate import Evaluator
from ivy_tensorflow.backend.support import native_dtype, read

__all__ = [
    "absorb_transposes",
    "exact_quotient",
    "is_abstract",
    "is_unknown_size",
    "outside_compiler",
    "prepare",
    "size_of",
    "size_ratio",
    "size_scalar",
    "unconverted",
]


def is_abstract(x: Any) -> bool:
    """Tell whether a tensor has no value yet because a graph is being made."""
    return tf.is_symbolic_tensor(read(x))


def prepare(graph: Graph, evaluator: Evaluator) -> Graph:
    """Run TensorFlow's own passes on an ivy graph: on CPUs it has convolutions with channels last only."""
    return channels_last(graph, evaluator)


def absorb_transposes(graph: Graph) -> Graph:
    """Let products read a transposed operand as it lies, where TensorFlow's kernel can."""
    for node in graph.calls():
        if node.fn != f"{__package__}.linalg.matmul" or len(node.args) != 2 or node.kwargs:
            continue
        x, y = node.args
        if type(y) is not Node or y.fn != f"{__package__}.manipulation.matrix_transpose" or not _floats(x, y):
            continue
        if x.out.ndim > 2 and not any(isinstance(n, int) and n > 1 for n in y.out.shape[:-2]):
            continue  # one matrix for all, which `matmul` multiplies by at once
        node.fn, node.args, node.kwargs = "tensorflow.matmul", (x, y.args[0]), {"transpose_b": True}
    return eliminate_dead(graph)


def _floats(*operands: Any) -> bool:
    """Whether all are matrices of one floating-point dtype."""
    avals = [x.out for x in operands if type(x) is Node]
    return (
        len(avals) == len(operands)
        and all(type(a) is Aval and a.ndim > 1 and a.dtype.is_float for a in avals)
        and len({a.dtype for a in avals}) == 1
    )


def outside_compiler(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Keep a function out of the graph that tf.function makes: capturing happens between graphs, not within one."""
    return tf.autograph.experimental.do_not_convert(fn)


def unconverted(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Keep autograph from rewriting a function that a tf.function calls: generated code has no tensors in ``if``."""
    return tf.autograph.experimental.do_not_convert(fn)


def is_unknown_size(d: Any) -> bool:
    """Tell whether an entry of a shape is not known while a graph is made."""
    return d is None


def size_of(x: Any, axis: int, *others: tuple[Any, int]) -> Any:
    """Return the size of an axis: an integer, or a tensor where it is not known while a graph is made.

    What follows relies on the axes of the other tensors having the same size.
    """
    sizes = [tf.shape(y)[a] if y.shape[a] is None else y.shape[a] for y, a in ((x, axis), *others)]
    known = {n for n in sizes if isinstance(n, int)}
    if len(known) > 1:
        raise ShapeError(f"these axes need one size: {', '.join(map(str, sorted(known)))}")
    if not others or all(isinstance(n, int) for n in sizes):
        return sizes[0]
    checks = [tf.debugging.assert_equal(sizes[0], n, "these axes need one size") for n in sizes[1:]]
    with tf.control_dependencies(checks):
        return tf.identity(sizes[0])


def exact_quotient(n: Any, by: int) -> Any:
    """Divide a size; what follows relies on there being no remainder."""
    if isinstance(n, int):
        if n % by:
            raise ValueError(f"a size of {n} is no multiple of {by}, which this graph needs")
        return n // by
    with tf.control_dependencies([tf.debugging.assert_equal(n % by, 0, "a size does not divide as this graph needs")]):
        return n // by


def size_ratio(n: Any, a: int, b: int, c: int, d: int, *, dtype: str) -> Any:
    """Return ``(a * n + b) / (c * n + d)`` for a size n."""
    if isinstance(n, int):
        return (a * n + b) / (c * n + d)
    n = tf.cast(n, tf.float64)
    return tf.cast((a * n + b) / (c * n + d), native_dtype(dtype))


def size_scalar(n: Any, *, dtype: str) -> Any:
    """Return a size as an operand beside arrays of a dtype."""
    return n if isinstance(n, int) else tf.cast(n, native_dtype(dtype))
