"""Products of arrays in NumPy's main namespace (https://numpy.org/doc/stable/reference/routines.linalg.html)."""

from __future__ import annotations

from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy_numpy.frontend.promotion import array, cast, floating, promote, promoted_arrays
from ivy_numpy.frontend.table import numpy
from ivy_numpy.frontend.ufuncs import UFUNCS

NAMESPACE = "numpy"
_matmul = UFUNCS["matmul"]


def _pair(a: Any, b: Any) -> list[Any]:
    return promoted_arrays(array(a), array(b))  # no number is weak in a product


@numpy.function()
def dot(a: Any, b: Any) -> Any:
    x, y = _pair(a, b)
    if not x.shape or not y.shape:
        return UFUNCS["multiply"](x, y)
    if len(y.shape) <= 2 and len(x.shape) <= 2:
        return _matmul(x, y)
    return tensordot(x, y, ([-1], [-2 if len(y.shape) > 1 else -1]))


@numpy.function()
def inner(a: Any, b: Any) -> Any:
    x, y = _pair(a, b)
    return UFUNCS["multiply"](x, y) if not x.shape or not y.shape else tensordot(x, y, ([-1], [-1]))


@numpy.function()
def outer(a: Any, b: Any) -> Any:
    x, y = _pair(a, b)
    return UFUNCS["multiply"](ops.reshape(x, (-1, 1)), ops.reshape(y, (1, -1)))


@numpy.function()
def vdot(a: Any, b: Any) -> Any:
    x, y = (ops.reshape(v, (-1,)) for v in _pair(a, b))
    return _matmul(ops.conj(x) if dtype_of(x).is_complex else x, y)


@numpy.function()
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    x, y = _pair(a, b)
    if not isinstance(axes, int):
        first, second = ((k,) if isinstance(k, int) else tuple(k) for k in axes)
        axes = (tuple(k % len(x.shape) for k in first), tuple(k % len(y.shape) for k in second))
    return ops.tensordot(x, y, axes=axes)


@numpy.function()
def kron(a: Any, b: Any) -> Any:
    return ops.kron(*_pair(a, b))


@numpy.function()
def cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    x, y = _pair(a, b)
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = ops.moveaxis(x, axisa, -1), ops.moveaxis(y, axisb, -1)
    if x.shape[-1] == y.shape[-1] == 2:
        a0, a1 = ops.unstack(x, axis=-1)
        b0, b1 = ops.unstack(y, axis=-1)
        return ops.subtract(ops.multiply(a0, b1), ops.multiply(a1, b0))
    x, y = (_with_zero(v) if v.shape[-1] == 2 else v for v in (x, y))
    return ops.moveaxis(ops.cross(*ops.broadcast_arrays(x, y), axis=-1), -1, axisc)


def _with_zero(x: Any) -> Any:
    return ops.concat([x, ops.zeros((*x.shape[:-1], 1), dtype=dtype_of(x))], axis=-1)


@numpy.function()
def einsum(*operands: Any, optimize: Any = False, dtype: Any = None, **_: Any) -> Any:
    if not isinstance(operands[0], str):
        operands = _as_equation(operands)
    equation, *arrays = operands
    return ops.einsum(equation.replace(" ", ""), *promoted_arrays(*arrays, dtype=dtype))


def _as_equation(operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """Spell ``einsum(x, [0, 1], y, [1, 2], [0, 2])`` as an equation."""
    rest = len(operands) % 2

    def letters(places: Any) -> str:
        return "".join("..." if p is Ellipsis else chr(ord("a") + p) for p in places)

    pairs = operands[: len(operands) - rest]
    equation = ",".join(letters(p) for p in pairs[1::2]) + (f"->{letters(operands[-1])}" if rest else "")
    return (equation, *pairs[::2])


@numpy.function()
def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    x, y = (v if v.shape else ops.reshape(v, (1,)) for v in _pair(a, v))
    if y.shape[0] > x.shape[0]:
        x, y = y, x
    return _slide(x, ops.flip(y, axis=0), mode)


@numpy.function()
def polymul(a1: Any, a2: Any) -> Any:
    return convolve(ops.reshape(array(a1), (-1,)), ops.reshape(array(a2), (-1,)))


@numpy.function()
def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    x, y = _pair(a, v)
    y = ops.conj(y) if dtype_of(y).is_complex else y
    if y.shape[0] > x.shape[0]:  # correlating the other way round gives the reverse
        return ops.flip(_slide(y, x, mode), axis=0)
    return _slide(x, y, mode)


def _slide(x: Any, window: Any, mode: str) -> Any:
    """Return the products of each window of `x` with `window`, which is no longer than `x`."""
    n, m = x.shape[0], window.shape[0]
    if mode == "full":
        low = high = m - 1
    elif mode == "same":
        low, high = m // 2, m - 1 - m // 2
    elif mode == "valid":
        low = high = 0
    else:
        raise ArgumentError(f"there is no mode {mode!r}", hint="use full, same or valid")
    x = ops.pad(x, [(low, high)]) if low or high else x
    del n
    return _matmul(ops.unfold_axis(x, 0, m, 1), window)


@numpy.function()
def cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    if fweights is not None or aweights is not None:
        raise ArgumentError("np.cov with weights is not supported", hint="weight the observations yourself")
    x = _rows(m, rowvar)
    x = ops.concat(promote(x, _rows(y, rowvar)), axis=0) if y is not None else x
    (x,) = floating(x, dtype=dtype, ints="float64")
    x = cast(x, "complex128" if dtype_of(x).is_complex else "float64") if dtype is None else x
    ddof = (0 if bias else 1) if ddof is None else ddof
    centred = ops.subtract(x, ops.mean(x, axis=1, keepdims=True))
    other = ops.matrix_transpose(ops.conj(centred) if dtype_of(x).is_complex else centred)
    found = ops.divide(ops.matmul(centred, other), float(max(x.shape[1] - ddof, 0)))
    return ops.reshape(found, ()) if found.shape == (1, 1) else found


def _rows(x: Any, rowvar: bool) -> Any:
    x = array(x)
    if len(x.shape) < 2:
        return ops.reshape(x, (1, -1))
    return x if rowvar or x.shape[0] == 1 else ops.matrix_transpose(x)


@numpy.function()
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    c = cov(x, y, rowvar, dtype=dtype)
    if not c.shape:
        return ops.divide(c, c)
    deviation = ops.sqrt(ops.real(ops.diagonal(c)) if dtype_of(c).is_complex else ops.diagonal(c))
    return ops.clip(
        ops.divide(ops.divide(c, ops.expand_dims(deviation, axis=1)), ops.expand_dims(deviation, axis=0)), -1.0, 1.0
    )


@numpy.function()
def polyval(p: Any, x: Any) -> Any:
    value = array(x)
    result = ops.zeros_like(value)
    for c in ops.unstack(array(p), axis=0):
        result = UFUNCS["add"](UFUNCS["multiply"](result, value), c)
    return result


@numpy.function("numpy.lib.stride_tricks.sliding_window_view")
def sliding_window_view(
    x: Any, window_shape: Any, axis: Any = None, *, subok: bool = False, writeable: bool = False
) -> Any:
    sizes = (window_shape,) if isinstance(window_shape, int) else tuple(window_shape)
    v = array(x)
    axes = range(len(v.shape)) if axis is None else (axis,) if isinstance(axis, int) else axis
    for k, size in zip(axes, sizes, strict=True):
        v = ops.unfold_axis(v, k % len(x.shape), size, 1)
    return v
