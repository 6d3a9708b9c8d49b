"""What the conversion pipeline asks of Paddle as a target, besides the functions of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ivy.errors import ShapeError
from ivy.graph.containers import Rule
from ivy.graph.graph import Graph
from ivy.graph.node import Node
from ivy.graph.objects import parts_rule
from ivy_paddle.backend.support import eager, is_value, native_dtype
from ivy_paddle.loading import paddle

__all__ = [
    "COPY",
    "RUNS_ALONE",
    "WRITE_BACK",
    "exact_quotient",
    "container_rule",
    "is_abstract",
    "is_unknown_size",
    "memory",
    "name_operands_of_constants",
    "outside_compiler",
    "size_of",
    "size_ratio",
    "size_scalar",
    "version",
    "write_into",
]

RUNS_ALONE = True
"""Static mode, in which programs are captured and shapes computed, holds for all threads."""

WRITE_BACK = "paddle.assign({value}, {x})"
"""How generated code writes to an argument that the source writes to in place."""

COPY = "{x}.clone()"
"""How generated code keeps a value from such a write."""


def name_operands_of_constants(graph: Graph) -> Graph:
    """Keep calls on a constant from being printed as operators, which take no tensors while a program is built."""
    for node in graph.calls():
        operands = node.args if len(node.args) == 2 and not node.kwargs else ()
        if (node.fn or "").startswith("paddle.") and any(type(x) is Node and x.kind == "const" for x in operands):
            node.args, node.kwargs = (), dict(zip(("x", "y"), operands, strict=True))
    return graph


def is_abstract(x: Any) -> bool:
    """Tell whether a tensor has no value because `paddle.jit.to_static` builds a program."""
    return is_value(x)


def outside_compiler(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Keep `paddle.jit.to_static` out of a function: capturing happens between programs, not within one."""

    def outside(*args: Any) -> Any:
        with eager():  # what is made is kept: no values of the program
            return fn(*args)

    return paddle.jit.not_to_static(outside)


def memory(x: Any) -> tuple[int, int, tuple[int, ...], tuple[int, ...]] | None:
    """Return where a tensor lies: its address, the size of an element, its shape and strides in bytes."""
    if is_abstract(x) or x.size == 0:
        return None
    size = x.element_size()
    return x.data_ptr(), size, tuple(x.shape), tuple(n * size for n in x.strides)


def container_rule(x: Any) -> Rule | None:
    """Return how a layer that is an argument is taken apart into its tensors and put together around others."""
    return _RULE if isinstance(x, paddle.nn.Layer) else None


_RULE = parts_rule(paddle.Tensor, ("_parameters", "_buffers"), "_sub_layers", lambda x: x.stop_gradient)


def version(x: Any) -> int | None:
    """Return what is another after a tensor was written to."""
    return None if is_abstract(x) else int(x.inplace_version)


def write_into(x: Any, value: Any) -> None:
    """Replace every element of a tensor in place."""
    with paddle.no_grad():
        paddle.assign(value, x)


def is_unknown_size(d: Any) -> bool:
    """Tell whether an entry of a shape is not known while a program is built."""
    return bool(d == -1)


def size_of(x: Any, axis: int, *others: tuple[Any, int]) -> Any:
    """Return the size of an axis: an integer, or a value of the program where it is not known while that is built.

    What follows relies on the axes of the other tensors having the same size.
    """
    known = {n for n in (y.shape[a] for y, a in ((x, axis), *others)) if n != -1}
    if len(known) > 1:
        raise ShapeError(f"these axes need one size: {', '.join(map(str, sorted(known)))}")
    return known.pop() if known else paddle.shape(x)[axis]


def exact_quotient(n: Any, by: int) -> Any:
    """Divide a size; what follows relies on there being no remainder."""
    if isinstance(n, int) and n % by:
        raise ValueError(f"a size of {n} is no multiple of {by}, which this graph needs")
    return n // by


def size_ratio(n: Any, a: int, b: int, c: int, d: int, *, dtype: str) -> Any:
    """Return ``(a * n + b) / (c * n + d)`` for a size n."""
    if isinstance(n, int):
        return (a * n + b) / (c * n + d)
    n = n.astype(paddle.float64)
    return ((a * n + b) / (c * n + d)).astype(native_dtype(dtype))


def size_scalar(n: Any, *, dtype: str) -> Any:
    """Return a size as an operand beside arrays of a dtype."""
    return n if isinstance(n, int) else n.astype(native_dtype(dtype))
