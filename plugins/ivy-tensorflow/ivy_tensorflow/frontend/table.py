"""The table of TensorFlow's functions, and the short ways in which they are registered.

`raw("Relu")` registers a function of `tf.raw_ops`, whose parameters have the raw op's names; `public("nn.relu")` one of
TensorFlow's public functions. Rows of a table register both for an op that serves them as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import DType, as_dtype, dtype_of
from ivy.errors import ArgumentError
from ivy.frontends.immutable import ImmutableFrontend
from ivy.frontends.runtime import Entry

__all__ = [
    "array", "arrays", "axes_of", "binary", "cast", "channels_last", "dtype_like", "frontend", "is_array", "like",
    "numbers", "public", "raw", "refuse", "size_of", "unary",
]  # fmt: skip

OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "truediv", "floordiv": "floordiv", "mod": "mod",
    "pow": "pow", "matmul": "matmul", "and": "and_", "or": "or_", "xor": "xor_", "eq": "equal", "ne": "not_equal",
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "neg": "negative", "abs": "abs",
    "invert": "invert_", "div": "truediv",
}  # fmt: skip
"""Python's special methods, without underscores, by the functions that they mean."""

_ALIASES = {"mod": "math.floormod", "truediv": "math.truediv", "div": "math.divide", "neg": "math.negative"}


def _derive(path: str) -> Iterator[str]:
    """Yield the other names under which TensorFlow has the same function."""
    for prefix in ("tensorflow.compat.v2.", "tensorflow.compat.v1."):
        if path.startswith(prefix):
            yield "tensorflow." + path[len(prefix) :]
    head, _, rest = path.removeprefix("tensorflow.").partition(".")
    if head == "Tensor" and rest:
        name = rest.removeprefix("__").removesuffix("__")
        yield from _derive(f"tensorflow.{OPERATORS.get(name, name) if name != rest else name}")
    if not rest:
        if head in _ALIASES:
            yield f"tensorflow.{_ALIASES[head]}"
        yield from (f"tensorflow.{space}.{head}" for space in ("math", "linalg", "operators"))
    elif head == "math" and "." not in rest:
        yield f"tensorflow.{rest}"
        yield f"tensorflow.nn.{rest}"
    elif head in ("linalg", "random", "nn", "signal") and "." not in rest:
        yield f"tensorflow.{rest}"
        yield f"tensorflow.math.{rest}"


class TensorFlowFrontend(ImmutableFrontend):
    """Immutable values; what only names or places a call in TensorFlow is dropped."""

    def _calling(self, entry: Entry) -> Any:
        fn, drops = entry.fn, tuple(k for k in ("name", "Toperands") if not entry.accepts(k))

        def call(args: tuple[Any, ...], kwargs: dict[str, Any], meta: Any) -> Any:
            if kwargs and any(k in kwargs for k in drops):
                kwargs = {k: v for k, v in kwargs.items() if k not in drops}
            return fn(*args, **kwargs)

        return call


frontend = TensorFlowFrontend(
    "tensorflow", package="ivy_tensorflow.frontend", tensor="tensorflow.Tensor", operators=OPERATORS, derive=_derive
)
"""Every function of the TensorFlow frontend by its path."""


def raw(*names: str) -> Callable[[Any], Any]:
    """Register a function of `tf.raw_ops`."""
    return frontend.function(*(f"tensorflow.raw_ops.{name}" for name in names))


def public(*names: str) -> Callable[[Any], Any]:
    """Register a public function by its names below ``tf.``."""
    return frontend.function(*(f"tensorflow.{name}" for name in names))


def _rows(table: Mapping[str, Callable[..., Any]], make: Callable[..., Any]) -> None:
    for names, op in table.items():
        head, *others = names.split()
        fn = make(op)
        fn.__name__ = fn.__qualname__ = head
        paths = [f"tensorflow.raw_ops.{n}" if n[0].isupper() else f"tensorflow.{n}" for n in (head, *others)]
        frontend.function(*paths)(fn)


def unary(table: Mapping[str, Callable[..., Any]]) -> None:
    """Register functions of one array.

    Args:
        table: names, raw ones with a capital, public ones below ``tf.`` -> function on an array. Whatever the parameter
            is called (``x``, ``features``, ``input``), it is the only one.
    """

    def make(op: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **kwargs: op(array(args[0] if args else next(iter(kwargs.values()))))

    _rows(table, make)


def binary(table: Mapping[str, Callable[..., Any]]) -> None:
    """Register functions of two arrays ``x`` and ``y``, one of which may be a Python number.

    Args:
        table: as in `unary`.
    """

    def make(op: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x, y, **ignored: op(*arrays(x, y))

    _rows(table, make)


# -- values -----------------------------------------------------------------------------------------------------------


def is_array(x: Any) -> bool:
    """Whether `x` is an array rather than a Python number or nested lists of them."""
    return hasattr(x, "dtype") and hasattr(x, "shape")


def array(x: Any, dtype: Any = None) -> Any:
    """Return an array of anything array-like; Python numbers become float32 and int32, as in TensorFlow."""
    if is_array(x):
        return x if dtype is None else cast(x, dtype)
    if isinstance(x, (list, tuple)) and any(_holds_array(v) for v in x):
        first = next(v for v in x if _holds_array(v)) if dtype is None else None
        kind = dtype if dtype is not None else (dtype_of(first) if is_array(first) else None)
        return F.stack([array(v, kind) for v in x], axis=0)
    if dtype is None:
        kinds = {type(v) for v in _flat(x)}
        dtype = next((d for t, d in _DEFAULTS.items() if t in kinds), "float32")
    return F.asarray(_lists(x), dtype=as_dtype(dtype))


_DEFAULTS = {complex: "complex128", float: "float32", int: "int32", bool: "bool"}


def _holds_array(x: Any) -> bool:
    return any(_holds_array(v) for v in x) if isinstance(x, (list, tuple)) else is_array(x)


def _flat(x: Any) -> Iterator[Any]:
    if isinstance(x, (list, tuple, range)):
        for v in x:
            yield from _flat(v)
    else:
        yield x


def _lists(x: Any) -> Any:
    return [_lists(v) for v in x] if isinstance(x, (list, tuple, range)) else x


def arrays(*operands: Any) -> list[Any]:
    """Make arrays of lists among operands; Python numbers stay where an array decides the dtype."""
    if not any(is_array(x) for x in operands):
        return [array(x) for x in operands]
    dtype = dtype_like(*operands)
    return [
        x if is_array(x) else array(x, dtype) if isinstance(x, (list, tuple)) else _scalar(x, dtype) for x in operands
    ]


def _scalar(x: Any, dtype: DType) -> Any:
    if dtype.is_float and isinstance(x, (int, bool)):
        return float(x)
    return x


def like(x: Any, other: Any) -> Any:
    """Return `x` as an array of the dtype of `other`."""
    return x if is_array(x) else array(x, dtype_of(other))


def dtype_like(*operands: Any) -> DType:
    """Return the dtype of the first array among the operands."""
    return next(dtype_of(x) for x in operands if is_array(x))


def cast(x: Any, dtype: Any) -> Any:
    """Return `x` in `dtype`, without a call if it has it already."""
    dtype = as_dtype(dtype)
    return x if dtype_of(x) == dtype else F.astype(x, dtype)


def numbers(x: Any) -> tuple[int, ...]:
    """Return static integers (a shape, axes, sizes) as a tuple.

    Raises:
        ArgumentError: if they are not known while the graph is made.
    """
    if isinstance(x, (int, bool)):
        return (int(x),)
    if isinstance(x, (tuple, list, range)):
        return tuple(size_of(v) for v in x)
    try:
        return tuple(int(v) for v in _values(x))
    except TypeError as error:
        raise _dynamic(x) from error


def size_of(x: Any) -> int:
    """Return a static integer."""
    if isinstance(x, int):
        return int(x)
    try:
        return int(_values(x))
    except TypeError as error:
        raise _dynamic(x) from error


def _values(x: Any) -> Any:
    """Return the values of a native array as (lists of) Python numbers; TypeError for a traced one."""
    if hasattr(type(x), "__ivy_function__") and not hasattr(x, "data"):
        raise TypeError("the values of a traced array are not known")
    found = x.tolist() if hasattr(x, "tolist") else x
    if not isinstance(found, (int, list)):
        raise TypeError(f"{type(x).__name__} has no list of values")
    return found


def _dynamic(x: Any) -> ArgumentError:
    return ArgumentError(
        "a shape, size or axis is computed from arrays",
        why=f"got {type(x).__name__} where a static integer is needed",
        hint="compute it from shapes or Python numbers",
    )


def axes_of(axis: Any, ndim: int) -> tuple[int, ...] | None:
    """Return reduction axes as a tuple of non-negative integers, None for all."""
    if axis is None:
        return None
    return tuple(dict.fromkeys(a % ndim if ndim else 0 for a in numbers(axis)))


def channels_last(data_format: str) -> str:
    """Return ivy's name of a data format."""
    return "channels_first" if data_format.startswith("NC") else "channels_last"


def refuse(what: str, hint: str = "") -> Any:
    """Raise for a combination of arguments that has no translation."""
    raise ArgumentError(what, hint=hint or None)


Axes = Sequence[int]
