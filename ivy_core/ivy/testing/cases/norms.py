"""Cases of normalisation."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.dtypes import ALL as DTYPES
from ivy.dtypes import as_dtype
from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, Draw


def _along(v: Any, axes: tuple[int, ...], ndim: int) -> Any:
    """Shape a parameter so that its axes, in order, are those of an array."""
    sizes = iter(v.shape)
    return v.reshape([next(sizes) if i in axes else 1 for i in range(ndim)])


def _affine(y: Any, scale: Any, offset: Any, axes: tuple[int, ...]) -> Any:
    y = y if scale is None else y * _along(scale, axes, y.ndim)
    return y if offset is None else y + _along(offset, axes, y.ndim)


def _normal(x: Any, axes: tuple[int, ...], eps: float) -> Any:
    mean = np.mean(x, axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(np.mean((x - mean) ** 2, axis=axes, keepdims=True) + eps)


def _batch_norm(
    x: Any, mean: Any, variance: Any, scale: Any = None, offset: Any = None, *, eps: float = 1e-5, axis: int = 1
) -> Any:
    axes = (axis % x.ndim,)
    y = (x - _along(mean, axes, x.ndim)) / np.sqrt(_along(variance, axes, x.ndim) + eps)
    return _affine(y, scale, offset, axes)


def _batch_norm_train(x: Any, scale: Any = None, offset: Any = None, *, eps: float = 1e-5, axis: int = 1) -> Any:
    own = axis % x.ndim
    rest = tuple(i for i in range(x.ndim) if i != own)
    return _affine(_normal(x, rest, eps), scale, offset, (own,)), np.mean(x, axis=rest), np.var(x, axis=rest)


def _layer_norm(x: Any, scale: Any = None, offset: Any = None, *, axes: Any = -1, eps: float = 1e-5) -> Any:
    own = _axes(axes, x.ndim)
    return _affine(_normal(x, own, eps), scale, offset, own)


def _rms_norm(x: Any, scale: Any = None, *, axes: Any = -1, eps: float = 1e-6) -> Any:
    own = _axes(axes, x.ndim)
    return _affine(x / np.sqrt(np.mean(x**2, axis=own, keepdims=True) + eps), scale, None, own)


def _axes(axes: Any, ndim: int) -> tuple[int, ...]:
    return tuple(sorted(a % ndim for a in ((axes,) if isinstance(axes, int) else axes)))


def _group_norm(
    x: Any,
    scale: Any = None,
    offset: Any = None,
    *,
    groups: int,
    eps: float = 1e-5,
    data_format: str = "channels_first",
) -> Any:
    x = x if data_format == "channels_first" else np.moveaxis(x, -1, 1)
    parts = [_normal(part, tuple(range(1, x.ndim)), eps) for part in np.split(x, groups, axis=1)]
    y = _affine(np.concatenate(parts, axis=1), scale, offset, (1,))
    return y if data_format == "channels_first" else np.moveaxis(y, 1, -1)


def _instance_norm(x: Any, *args: Any, data_format: str = "channels_first", eps: float = 1e-5) -> Any:
    groups = x.shape[1 if data_format == "channels_first" else -1]
    return _group_norm(x, *args, groups=groups, eps=eps, data_format=data_format)


def _local_response_norm(
    x: Any, *, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0, data_format: str = "channels_first"
) -> Any:
    x = x if data_format == "channels_first" else np.moveaxis(x, -1, 1)
    y = np.empty_like(x)
    for i in range(x.shape[1]):
        near = x[:, max(i - size // 2, 0) : i + (size - 1) // 2 + 1]
        y[:, i] = x[:, i] / (k + alpha * (near**2).sum(1) / size) ** beta
    return y if data_format == "channels_first" else np.moveaxis(y, 1, -1)


def _l2_normalize(x: Any, *, axis: Any = -1, eps: float = 1e-12) -> Any:
    own = _axes(axis, x.ndim)
    return x / np.maximum(np.sqrt(np.sum(x**2, axis=own, keepdims=True)), eps)


def _parameters(d: Draw, shape: tuple[int, ...], dtype: str, count: int = 2) -> list[Any]:
    """Perhaps scale and offset; one of them may be None."""
    found = [d.array(shape, dtype, low=0.5, high=2) if d.flag() else None for _ in range(count)]
    while found and found[-1] is None and d.flag():
        found.pop()
    return found


def _eps(d: Draw, eps: float = 0.1) -> dict[str, Any]:
    return {"eps": eps} if d.flag() else {}


def _format(d: Draw, x_first: tuple[int, ...]) -> tuple[tuple[int, ...], dict[str, Any]]:
    if d.flag():
        return x_first, {}
    return (x_first[0], *x_first[2:], x_first[1]), {"data_format": "channels_last"}


def _channel(d: Draw, shape: tuple[int, ...]) -> int:
    return d.axis(len(shape)) if len(shape) < 2 or d.flag() else 1


def _statistics_dtypes(x: Any, *args: Any, **options: Any) -> Any:
    found = as_dtype(x.dtype)
    return (found, *((DTYPES["float32"] if found.bits < 32 else found,) * 2))


@case("batch_norm", _batch_norm, dtype="first", tolerance=4)
def _(d: Draw) -> Call:
    shape = d.shape(1, 4)
    dtype = d.dtype(FLOAT)
    axis = _channel(d, shape)
    own = (shape[axis],)
    kept = "float32" if dtype in ("float16", "bfloat16") and d.flag() else dtype
    args = [d.array(shape, dtype), d.array(own, kept), d.array(own, kept, low=0.25, high=4)]
    return Call(*args, *_parameters(d, own, kept), **({"axis": axis} if axis != 1 else {}), **_eps(d))


@case("batch_norm_train", _batch_norm_train, dtype=_statistics_dtypes, tolerance=6)
def _(d: Draw) -> Call:
    shape = d.shape(1, 4, least=1)
    dtype = d.dtype(FLOAT)
    axis = _channel(d, shape)
    kept = "float32" if dtype in ("float16", "bfloat16") and d.flag() else dtype
    options = {"axis": axis} if axis != 1 else {}
    return Call(d.array(shape, dtype), *_parameters(d, (shape[axis],), kept), **options, **_eps(d))


def _over_axes(op: str, reference: Any, count: int) -> None:
    @case(op, reference, dtype="first", tolerance=6)
    def _(d: Draw) -> Call:
        shape = d.shape(1, 4)
        axes = d.of(-1, d.axis(len(shape)), d.axes(len(shape), least=1))
        own = _axes(axes, len(shape))
        shape = tuple(max(n, 1) if i in own else n for i, n in enumerate(shape))
        dtype = d.dtype(FLOAT)
        args = _parameters(d, tuple(shape[i] for i in own), dtype, count)
        return Call(d.array(shape, dtype), *args, **({"axes": axes} if axes != -1 else {}), **_eps(d))


_over_axes("layer_norm", _layer_norm, 2)
_over_axes("rms_norm", _rms_norm, 1)


@case("group_norm", _group_norm, dtype="first", tolerance=6)
def _(d: Draw) -> Call:
    groups = d.integer(1, 3)
    channels = groups * d.integer(1, 2)
    shape, found = _format(d, (d.integer(1, 2), channels, *d.shape(0, 2, least=1)))
    dtype = d.dtype(FLOAT)
    return Call(d.array(shape, dtype), *_parameters(d, (channels,), dtype), groups=groups, **found, **_eps(d))


@case("instance_norm", _instance_norm, dtype="first", tolerance=6)
def _(d: Draw) -> Call:
    channels = d.integer(1, 3)
    shape, found = _format(d, (d.integer(1, 2), channels, *d.shape(1, 3, least=1)))
    dtype = d.dtype(FLOAT)
    return Call(d.array(shape, dtype), *_parameters(d, (channels,), dtype), **found, **_eps(d))


@case("local_response_norm", _local_response_norm, dtype="first", tolerance=3)
def _(d: Draw) -> Call:
    shape, found = _format(d, (d.integer(1, 2), d.integer(1, 5), *d.shape(0, 2, least=1)))
    if d.flag():
        found |= {"alpha": d.of(0.5, 1.0), "beta": d.of(0.5, 1.0), "k": d.of(2.0, 0.5)}
    return Call(d.array(shape, FLOAT), size=d.integer(1, 5), **found)


@case("l2_normalize", _l2_normalize, dtype="first", tolerance=4)
def _(d: Draw) -> Call:
    x = d.array(d.shape(1), FLOAT)
    axis = d.of(-1, d.axis(x.ndim), d.axes(x.ndim, least=1))
    return Call(x, **({"axis": axis} if axis != -1 else {}), **_eps(d, 3.0))


def _weight_norm(v: Any, g: Any, *, axis: int | None = 0) -> Any:
    others = tuple(a for a in range(v.ndim) if axis is None or a != axis % v.ndim)
    return v * (g / np.sqrt((v**2).sum(others, keepdims=True)))


@case("weight_norm", _weight_norm, dtype="first", tolerance=3)
def _(d: Draw) -> Call:
    v = d.array(d.shape(1, 3, least=1), FLOAT, low=1, high=3)
    axis = d.of(0, None, d.axis(v.ndim))
    shape = [v.shape[a] if axis is not None and a == axis % v.ndim else 1 for a in range(v.ndim)]
    return Call(v, d.array(shape, v.dtype.name, low=-2, high=2), **({} if axis == 0 else {"axis": axis}))


def _spectral_norm(weight: Any, u: Any, v: Any, *, axis: int = 0, iterations: int = 1) -> Any:
    matrix = np.moveaxis(weight, axis, 0).reshape(weight.shape[axis], -1)
    for _ in range(iterations):
        u = matrix @ v
        u = u / np.linalg.norm(u)
        v = matrix.T @ u
        v = v / np.linalg.norm(v)
    return weight / (u @ matrix @ v), u, v


# differences would see the vectors move, which derivatives do not
@case("spectral_norm", _spectral_norm, dtype="first", tolerance=6, gradient=False)
def _(d: Draw) -> Call:
    weight = d.array(d.shape(2, 3, least=1), FLOAT, low=1, high=2)
    axis = d.of(0, d.axis(weight.ndim))
    rows = weight.shape[axis]
    u, v = (d.array((n,), weight.dtype.name, low=0.5, high=1) for n in (rows, weight.size // rows))
    iterations = {"iterations": d.integer(0, 3)} if d.flag() else {}
    return Call(weight, u, v, **({} if axis == 0 else {"axis": axis}), **iterations)
