"""The table of NumPy's functions; every module of this package registers in it."""

from __future__ import annotations

from collections.abc import Iterator

from ivy.frontends.runtime import Frontend

__all__ = ["OPERATORS", "numpy"]

OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "floordiv": "floor_divide",
    "mod": "remainder", "pow": "power", "matmul": "matmul", "and": "bitwise_and", "or": "bitwise_or",
    "xor": "bitwise_xor", "lshift": "left_shift", "rshift": "right_shift", "eq": "equal", "ne": "not_equal",
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "neg": "negative", "pos": "positive",
    "abs": "absolute", "invert": "invert",
}  # fmt: skip
"""Python's special methods, without underscores, by the ufuncs that they mean."""

_ALIASES = {
    "abs": "absolute", "acos": "arccos", "acosh": "arccosh", "asin": "arcsin", "asinh": "arcsinh", "atan": "arctan",
    "atan2": "arctan2", "atanh": "arctanh", "bitwise_invert": "invert", "bitwise_not": "invert",
    "bitwise_left_shift": "left_shift", "bitwise_right_shift": "right_shift", "conj": "conjugate", "mod": "remainder",
    "pow": "power", "true_divide": "divide", "amax": "max", "amin": "min", "around": "round", "concat": "concatenate",
    "permute_dims": "transpose", "degrees": "rad2deg", "radians": "deg2rad",
}  # fmt: skip


def _derive(path: str) -> Iterator[str]:
    """Yield the other names under which NumPy has the same function."""
    head, _, rest = path.removeprefix("numpy.").partition(".")
    if head in _ALIASES:
        yield ".".join(filter(None, ("numpy", _ALIASES[head], rest)))
    if head == "ndarray" and rest in _ALIASES:
        yield f"numpy.{_ALIASES[rest]}"
    if head == "linalg" and rest:
        yield f"numpy.{rest}"


numpy = Frontend("numpy", package="ivy_numpy.frontend", tensor="numpy.ndarray", operators=OPERATORS, derive=_derive)
