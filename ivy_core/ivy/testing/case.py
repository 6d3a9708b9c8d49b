"""What a case is: how to draw a call of an op, and what its result must be."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from ivy.dtypes import ALL, DType, as_dtype, result_type
from ivy.functional.registry import OPS
from ivy.graph.node import map_nested
from ivy.testing.draw import Draw

__all__ = ["Call", "Case", "all_cases", "case"]

Rule = str | Callable[..., Any] | None


class Call:
    """Arguments of one call; arrays are NumPy's.

    Args:
        *args: positional arguments.
        **kwargs: keyword arguments.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args = args
        self.kwargs = kwargs

    def __repr__(self) -> str:
        parts = [_show(a) for a in self.args] + [f"{k}={_show(v)}" for k, v in self.kwargs.items()]
        return f"({', '.join(parts)})"

    def map(self, f: Callable[[Any], Any]) -> Call:
        """Return the call with `f` applied to every leaf of its arguments."""
        return Call(*map_nested(self.args, f), **map_nested(self.kwargs, f))

    def arrays(self) -> list[np.ndarray[Any, Any]]:
        """Return the arrays among the arguments, within containers too."""
        found: list[Any] = []
        self.map(lambda x: found.append(x) if isinstance(x, np.ndarray) else None)
        return found


def _show(x: Any) -> str:
    def leaf(v: Any) -> Any:
        return _Shown(f"array({v.tolist()}, {v.dtype}, strides={v.strides})") if isinstance(v, np.ndarray) else v

    return repr(map_nested(x, leaf))


class _Shown(str):
    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


Builder = Callable[[Draw], Call]


@dataclass(frozen=True)
class Case:
    """One way to call an op, and what comes of it; see `case` for the fields."""

    op: str
    build: Builder
    reference: Callable[..., Any] | None
    dtype: Rule = "promote"
    check: Callable[..., Any] | None = None
    tolerance: float = 1.0
    gradient: bool | tuple[int, ...] = True
    symmetric: bool = False
    abstract: bool = True
    exact: bool = False
    values: bool = True
    name: str = ""
    limits: dict[str, float] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """What tests are called after."""
        return f"{self.op}-{self.name}" if self.name else self.op

    def expected(self, call: Call) -> Any:
        """Return the reference's result in the dtypes that the op has to give."""
        assert self.reference is not None
        wide = call if self.exact else call.map(lambda x: _widen(x, self.dtype in ("float", "real")))
        with np.errstate(all="ignore"):
            found = self.reference(*wide.args, **wide.kwargs)
        return _cast(found, self.dtypes(call, found))

    def dtypes(self, call: Call, found: Any) -> Any:
        """Return the dtype, or the nest of dtypes, of the result."""
        rule = self.dtype
        if callable(rule):
            return rule(*call.args, **call.kwargs)
        if rule in ALL:
            return as_dtype(rule)
        if rule is None:
            return map_nested(found, lambda x: as_dtype(x.dtype) if hasattr(x, "dtype") else None)
        return RULES[rule](call)


def _widen(x: Any, integers: bool) -> Any:
    if not isinstance(x, np.ndarray):
        return x
    dtype = as_dtype(x.dtype)
    if dtype.is_complex:
        return x.astype("complex128")
    return x.astype("float64") if dtype.is_float or integers else x


def _cast(x: Any, dtype: Any) -> Any:
    from ivy.testing.draw import numpy_dtype

    if isinstance(x, (tuple, list)) and not np.isscalar(x):
        each = dtype if isinstance(dtype, (tuple, list)) else [dtype] * len(x)
        return (
            type(x)(_cast(v, d) for v, d in zip(x, each, strict=True))
            if type(x) in (tuple, list)
            else tuple(_cast(v, d) for v, d in zip(x, each, strict=True))
        )
    if dtype is None or (not isinstance(x, np.ndarray) and not np.isscalar(x)):
        return x
    with np.errstate(all="ignore"):
        return np.asarray(x).astype(numpy_dtype(as_dtype(dtype)))


def _operands(call: Call) -> list[Any]:
    """Arrays and numbers among the positional arguments, within lists and tuples of arrays too."""
    found: list[Any] = []
    for x in call.args:
        if isinstance(x, (list, tuple)) and any(isinstance(v, np.ndarray) for v in x):
            found += x
        elif isinstance(x, (np.ndarray, bool, int, float, complex)):
            found.append(x)
    return found


def _promoted(call: Call) -> DType:
    return result_type(*_operands(call))


def _floating(call: Call) -> DType:
    found = _promoted(call)
    return found if found.is_inexact else ALL["float32"]


def _first(call: Call) -> DType:
    return as_dtype(call.arrays()[0].dtype)


def _real(call: Call) -> DType:
    return REAL_PART.get(_floating(call), _floating(call))


def _part(call: Call) -> DType:
    return REAL_PART.get(_promoted(call), _promoted(call))


REAL_PART = {ALL["complex64"]: ALL["float32"], ALL["complex128"]: ALL["float64"]}

RULES: dict[str, Callable[[Call], DType]] = {
    "promote": _promoted,  # of all operands, Python scalars weak
    "float": _floating,  # the same, and float32 of integers
    "first": _first,  # of the first array
    "real": _real,  # "float", and the real part's of complex ones
    "part": _part,  # "promote", and the real part's of complex ones
}

CASES: dict[str, list[Case]] = {}


def case(
    op: str,
    reference: Callable[..., Any] | None = None,
    *,
    dtype: Rule = "promote",
    check: Callable[..., Any] | None = None,
    tolerance: float = 1.0,
    gradient: bool | tuple[int, ...] = True,
    symmetric: bool = False,
    abstract: bool = True,
    exact: bool = False,
    values: bool = True,
    name: str = "",
    limits: dict[str, float] | None = None,
) -> Callable[[Builder], Builder]:
    """Register a case for an op.

    Args:
        op: name, such as ``"linalg.det"``.
        reference: called with the same arguments, floats as float64 and complex numbers as complex128; its result is
            cast to the op's. A tuple or list for ops that give several.
        dtype: of the result: a name, ``"promote"``, ``"float"``, ``"first"``, ... (see `RULES`), a function of
            the arguments that returns a dtype or a tuple of them, or None for the reference's own.
        check: called with the result, in NumPy, and the arguments; in place of, or besides, the reference.
        tolerance: factor on the limits of the dtype, where the function amplifies the rounding of its arguments.
        gradient: whether the result has derivatives with respect to all floating-point arrays, or the positions of the
            arguments that it has them to.
        symmetric: whether the arguments are symmetric matrices, of which a function may read one triangle: their
            derivatives are then compared as the sum with their transpose.
        abstract: whether shapes and dtypes of the result follow from those of the arguments.
        exact: whether the reference gets the arguments as they are, not widened.
        values: whether two equal calls give equal values.
        name: tells several cases of an op apart.
        limits: tolerance by dtype, in place of the usual one.

    Returns:
        A decorator for the function that draws the arguments.
    """

    def register(build: Builder) -> Builder:
        cases = CASES.setdefault(op, [])
        new = Case(
            op,
            build,
            reference,
            dtype,
            check,
            tolerance,
            gradient,
            symmetric,
            abstract,
            exact,
            values,
            name,
            limits or {},
        )
        if any(c.id == new.id for c in cases):
            raise ValueError(f"there are two cases {new.id!r}; name them apart")
        cases.append(new)
        return build

    return register


@cache
def all_cases() -> tuple[Case, ...]:
    """Return every case, those of ops that are not declared left out."""
    import ivy.functional  # noqa: F401 - declares the ops
    import ivy.testing.cases as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return tuple(c for name in OPS for c in CASES.get(name, ()))
