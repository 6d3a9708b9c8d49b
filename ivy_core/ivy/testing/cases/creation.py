"""Cases of making arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ivy.dtypes import as_dtype, result_type
from ivy.testing.case import Call, case
from ivy.testing.draw import ANY, COMPLEX, FLOAT, INTEGER, NUMERIC, SIGNED, Draw

DEFAULT = {"b": "bool", "i": "int64", "u": "int64", "f": "float32", "c": "complex64"}
"""Of Python numbers, by the kind of NumPy's dtype."""


def _dtype(*args: Any, dtype: Any = None, **kwargs: Any) -> Any:
    """Return the dtype asked for; else that of the arrays, or the default for the numbers' kind."""
    arrays = [x for x in _leaves(args) if isinstance(x, np.ndarray)]
    if dtype or arrays:
        return dtype or result_type(*arrays)
    numbers = [x for x in _leaves(args) if isinstance(x, (bool, int, float, complex))]
    return DEFAULT[np.result_type(*map(type, numbers)).kind if numbers else "f"]


def _leaves(x: Any) -> list[Any]:
    return [leaf for v in x for leaf in _leaves(v)] if isinstance(x, (list, tuple)) else [x]


def _float32(*args: Any, dtype: Any = None, **kwargs: Any) -> Any:
    return dtype or "float32"


def _options(d: Draw, among: Sequence[str] = ANY) -> dict[str, Any]:
    found = {"dtype": d.dtype(among)} if d.flag() else {}
    return {**found, **d.of({}, {}, {"device": "cpu"})}


NUMBERS = {"b": (True, False), "i": (3, 0, 1), "f": (1.5, 0.25, 2.0), "c": (1 - 2j, 0.5j)}
CASTS = {"b": ANY, "i": ANY, "f": NUMERIC, "c": COMPLEX}


# From numbers and arrays


@case("asarray", lambda obj, **_: np.asarray(obj), dtype=lambda obj, dtype=None, **_: _dtype(obj, dtype=dtype))
def _(d: Draw) -> Call:
    kind = d.of(*NUMBERS)
    a, b, c, e = (d.of(*NUMBERS[kind]) for _ in range(4))
    obj = d.of(a, [a, b], (a, b, c), [[a, b], [c, e]], ((a,), (b,)), [[[a], [b]]], [], [[]])
    return Call(obj, **_options(d, CASTS[kind if _leaves(obj) else "f"]), **d.of({}, {"copy": True}))


@case(
    "asarray",
    lambda obj, **_: np.asarray(obj),
    dtype=lambda obj, dtype=None, **_: _dtype(obj, dtype=dtype),
    name="array",
)
def _(d: Draw) -> Call:
    dtype = d.dtype(ANY)
    x = d.array(d.shape(least=1), dtype, low=0)
    obj = d.of(x, x, [x, x], [[x], [x]])
    among = COMPLEX if as_dtype(dtype).is_complex else ANY
    return Call(obj, **_options(d, among), **d.of({}, {"copy": True}))


@case("asarray", lambda obj, **_: obj, dtype="first", name="without-copy")
def _(d: Draw) -> Call:
    return Call(d.array(None, ANY), copy=False)


@case("full", lambda shape, value, **_: np.full(shape, value), dtype=lambda _, x, **kwargs: _dtype(x, **kwargs))
def _(d: Draw) -> Call:
    kind = d.of("f", "i", "b", "c")
    return Call(d.of(d.shape(), 3), d.of(*NUMBERS[kind]), **_options(d, CASTS[kind]))


@case(
    "full",
    lambda shape, value, **_: np.full(shape, value),
    dtype=lambda _, x, **kwargs: _dtype(x, **kwargs),
    name="array",
)
def _(d: Draw) -> Call:
    return Call(d.shape(), d.array((), NUMERIC, low=0), **({"dtype": d.dtype(COMPLEX)} if d.flag() else {}))


@case("full_like", lambda x, value, **_: np.full(x.shape, value), dtype=lambda x, value, **kwargs: _dtype(x, **kwargs))
def _(d: Draw) -> Call:
    x = d.array(None, COMPLEX if d.flag() else NUMERIC)
    return Call(x, d.of(3, 0, d.array((), ("int32",), low=0)), **_options(d))


for _op, _value in {"zeros": 0, "ones": 1}.items():

    @case(_op, lambda shape, v=_value, **_: np.full(shape, v), dtype=_float32)
    def _(d: Draw) -> Call:
        return Call(d.of(d.shape(), 2), **_options(d))

    @case(f"{_op}_like", lambda x, v=_value, **_: np.full(x.shape, v), dtype=_dtype)
    def _(d: Draw) -> Call:
        return Call(d.array(None, ANY, special=True), **_options(d))


def _like(found: Any, given: Any, *, dtype: Any = None, **_: Any) -> None:
    """Check what there is to check in an array of unspecified values."""
    array = isinstance(given, np.ndarray)
    shape = given.shape if array else (given,) if isinstance(given, int) else given
    assert found.shape == tuple(shape)
    names = dtype or (given.dtype if array else "float32")
    # 64 bits may be 32 on the backend
    assert as_dtype(found.dtype).kind == as_dtype(names).kind


@case("empty", check=_like, values=False)
def _(d: Draw) -> Call:
    return Call(d.of(d.shape(), 2), **_options(d))


@case("empty_like", check=_like, values=False)
def _(d: Draw) -> Call:
    return Call(d.array(None, ANY), **_options(d))


# Ranges and matrices


@case("arange", lambda *args, dtype=None, **_: np.arange(*args), dtype=_dtype)
def _(d: Draw) -> Call:
    args = d.of(
        (d.integer(0, 5),),
        (d.integer(-5, 5), d.integer(-5, 5)),
        (d.integer(-5, 5), d.integer(-5, 5), d.of(1, 2, 3, -1, -2)),
    )
    unsigned = all(n >= 0 for n in np.arange(*args))
    return Call(*args, **_options(d, NUMERIC if unsigned else (*FLOAT, *SIGNED)))


@case("arange", lambda *args, dtype=None, **_: np.arange(*args), dtype=_dtype, name="floats")
def _(d: Draw) -> Call:
    args = d.of((2.5,), (0.0,), (-1.0, 2.0), (0.5, 4), (0, 1, 0.25), (3.0, -1.0, -0.75), (1.0, 0.0), (1, 9, 2.5))
    return Call(*args, **_options(d, FLOAT))


def _linspace(start: Any, stop: Any, num: int, *, endpoint: bool = True, **_: Any) -> Any:
    return np.linspace(start, stop, num, endpoint=endpoint)


def _linspace_dtype(*ends: Any, dtype: Any = None, **_: Any) -> Any:
    """Return the dtype asked for; else the ends' own, as a floating-point one."""
    found = as_dtype(_dtype(ends[:2], dtype=dtype))
    return found if found.is_inexact or dtype else "float32"


@case("linspace", _linspace, dtype=_linspace_dtype)
def _(d: Draw) -> Call:
    ends = d.of((0.0, 1.0), (-2, 3), (1.5, -1.5), (2.0, 2.0), (0, 1 + 2j), (1j, 2.0))
    among = COMPLEX if any(isinstance(x, complex) for x in ends) else (*FLOAT, *COMPLEX)
    return Call(*ends, d.of(5, 4, 1, 0, 2), **_options(d, among), **d.of({}, {"endpoint": False}))


@case("linspace", _linspace, dtype=_linspace_dtype, name="arrays")
def _(d: Draw) -> Call:
    first, second = d.shapes(2, 2)
    dtype = d.dtype(FLOAT)
    start, stop = d.array(first, dtype), d.array(second, dtype)
    return Call(*d.of((start, stop), (start, 2.0), (-1, stop)), d.of(3, 1, 0), **d.of({}, {"endpoint": False}))


for _op, _reference in {"eye": np.eye, "tri": np.tri}.items():

    @case(_op, lambda n, m=None, f=_reference, *, k=0, **_: f(n, m, k=k), dtype=_float32)
    def _(d: Draw) -> Call:
        sizes = d.of((d.integer(0, 4),), (d.integer(0, 4), d.integer(0, 4)), (2, None))
        return Call(*sizes, **d.of({}, {"k": d.integer(-5, 5)}), **_options(d))


def _one_hot(indices: Any, depth: int, *, axis: int = -1, dtype: Any = None) -> Any:
    return np.moveaxis(indices[..., None] == np.arange(depth), -1, axis)


@case("one_hot", _one_hot, dtype=_float32)
def _(d: Draw) -> Call:
    x = d.array(d.shape(0, 2), INTEGER, low=-2, high=5)
    chosen = {"dtype": d.dtype(ANY)} if d.flag() else {}
    return Call(x, d.of(3, 1, 0), **chosen, **({"axis": d.axis(x.ndim + 1)} if d.flag() else {}))
