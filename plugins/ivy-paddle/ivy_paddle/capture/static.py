"""Values that are known while capturing: what paddle writes as small constant tensors for shapes, axes and factors."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ivy.dtypes import as_dtype

__all__ = ["fold", "is_static_slot", "plain"]

_SMALL = 64

_NAMES = (
    "shape axis starts ends strides axes sections k num_classes repeat_times shifts kernel_size output_size paddings p "
    "start end step stop number num min max low high num_samples num_rows num_columns rows perm repeats offset maxlen "
    "max_len dim output_shape minlength base rtol atol rcond"
)
_SLOTS = frozenset(_NAMES.split())
# Names that mean an array in some operators and an attribute in these.
_OWN_SLOTS: Mapping[str, frozenset[str]] = {
    "scale": frozenset({"scale"}),
    "full_like": frozenset({"value"}),
    "full_with_tensor": frozenset({"value"}),
    "fill": frozenset({"value"}),
    "increment": frozenset({"value"}),
    "pad": frozenset({"pad_value"}),
    "crop": frozenset({"offsets"}),
    "matrix_rank": frozenset({"tol"}),
    "set_value": frozenset({"steps"}),
    "set_value_with_tensor": frozenset({"steps"}),
    "elementwise_pow": frozenset(),
    "eye": frozenset({"num_rows", "num_columns"}),
    "linspace": frozenset({"start", "stop", "number"}),
}
_ARRAYS_ONLY = frozenset({"where", "lerp", "index_put", "index_add", "gather_nd", "take_along_axis", "viterbi_decode"})


def is_static_slot(op: str, slot: str) -> bool:
    """Whether an operand of an operator is an attribute in the public API: a shape, an axis, a factor."""
    name = op.rstrip("_")
    if slot in _OWN_SLOTS.get(name, ()):
        return True
    return slot in _SLOTS and name not in _ARRAYS_ONLY


def plain(value: Any) -> Any:
    """Return a known value as Python numbers: a scalar for one element in no or one dimension, else nested lists."""
    if value.dtype == np.float32:
        value = np.asarray([shortest(float(v)) for v in value.ravel()], dtype="float64").reshape(value.shape)
    return value.item() if value.ndim == 0 else value.tolist()


def factor(x: Any) -> Any:
    """Return the factor that the user wrote, or one over the divisor: ``x / 0.7`` is a product in single precision."""
    if type(x) is not float or not x:
        return x
    for constant in (math.pi / 180, 180 / math.pi):
        if np.float32(constant) == np.float32(x):
            return constant
    divisor = shortest(float(np.float32(1 / x)))
    short = len(repr(divisor)) < len(repr(x)) and np.float32(1 / divisor) == np.float32(x)
    return 1 / divisor if short else x


def shortest(x: float) -> float:
    """Return the number that the user wrote: attributes and factors are kept in single precision."""
    single = np.float32(x)
    return float(str(single)) if float(single) == x and not x.is_integer() else x


def _scalar(value: Any) -> Any:
    """Return a number that paddle keeps in a tensor of one element as one without dimensions."""
    return value.reshape(()) if value.shape == (1,) else value


def _array(values: Any, dtype: Any) -> Any:
    name = str(as_dtype(str(dtype)))
    return None if name == "bfloat16" else np.asarray(values).astype(name)  # integers out of range wrap around


def _full(attrs: Mapping[str, Any], *_: Any) -> Any:
    shape = attrs["shape"]
    if np.prod(shape, dtype=int) > _SMALL:
        return None
    made = _array(attrs["value"], attrs["dtype"])
    return None if made is None else _scalar(np.broadcast_to(made, shape).copy())


def _assign_value(attrs: Mapping[str, Any], *_: Any) -> Any:
    if len(attrs["values"]) > _SMALL:
        return None
    made = _array(attrs["values"], attrs["dtype"])
    return None if made is None else made.reshape(attrs["shape"])


def _slice(attrs: Mapping[str, Any], x: Any, starts: Any, ends: Any) -> Any:
    key = [slice(None)] * x.ndim
    for axis, start, end in zip(attrs["axes"], starts.ravel(), ends.ravel(), strict=True):
        key[axis] = slice(int(start), int(end) if end < 2**31 - 1 else None)
    found = x[tuple(key)]
    return found.reshape([n for i, n in enumerate(found.shape) if i not in attrs["decrease_axis"]])


def _scale(attrs: Mapping[str, Any], x: Any, factor: Any) -> Any:
    factor, bias = factor.item(), attrs["bias"]
    found = x * factor + bias if attrs["bias_after_scale"] else (x + bias) * factor
    return np.asarray(found).astype(x.dtype)


_FOLDS: Mapping[str, Callable[..., Any]] = {
    "full": _full,
    "full_int_array": lambda attrs: np.asarray(attrs["value"], dtype="int64"),
    "assign_value": _assign_value,
    "assign_value_": _assign_value,
    "slice": _slice,
    "scale": _scale,
    "cast": lambda attrs, x: _array(x, attrs["dtype"]),
    "add": lambda attrs, x, y: x + y,
    "subtract": lambda attrs, x, y: x - y,
    "multiply": lambda attrs, x, y: x * y,
    "floor_divide": lambda attrs, x, y: x // y if np.all(y) else None,
    "stack": lambda attrs, x: np.stack(x, attrs["axis"]),
    "concat": lambda attrs, x, axis: np.concatenate(x, int(axis.item())),
    "reshape": lambda attrs, x, shape: x.reshape(shape),
    "assign": lambda attrs, x: x,
}


def fold(op: Any, name: str, operands: list[Any], shape: Any) -> Any:
    """Compute an operator on known operands.

    Args:
        op: the PIR operator.
        name: its name without dialect.
        operands: known values (lists for vectors), None where one is not known.
        shape: of the first operand, by its type.

    Returns:
        Its value; None if it is not known, or not worth it.
    """
    if name in ("shape", "shape64"):
        known = shape is not None and all(d >= 0 for d in shape)
        return np.asarray(shape, dtype="int64" if name == "shape64" else "int32") if known else None
    rule = _FOLDS.get(name)
    if rule is None:
        return None
    if name in ("full", "full_int_array", "assign_value", "assign_value_"):
        return rule(op.attrs())
    if any(x is None or (isinstance(x, list) and any(v is None for v in x)) for x in operands):
        return None
    found = rule(op.attrs(), *operands)
    return found if found is not None and found.size <= _SMALL else None
