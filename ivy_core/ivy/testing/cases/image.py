"""Cases of resampling and rearranging images."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import assume

from ivy.testing.case import Call, case
from ivy.testing.cases.convolution import numbers
from ivy.testing.draw import ANY, FLOAT, NUMERIC, Draw
from ivy.testing.references.images import fold, grid_sample, interpolate, unfold


def _image(d: Draw, dtypes: tuple[str, ...], n: int, *, least: int = 1, most: int = 5) -> tuple[Any, dict[str, Any]]:
    sizes = [d.integer(least, most) for _ in range(n)]
    lead = (d.integer(1, 2), d.integer(1, 2))
    if d.flag():
        return d.array((*lead, *sizes), dtypes), {}
    return d.array((lead[0], *sizes, lead[1]), dtypes), {"data_format": "channels_last"}


def _interpolate_case(mode: str, dims: tuple[int, ...], **options: Any) -> None:
    @case("interpolate", interpolate, dtype="first", tolerance=6, name=mode, **options)
    def _(d: Draw) -> Call:
        n = d.of(*dims)
        x, found = _image(d, FLOAT, n)
        size = numbers(d, n, 1, 7)
        found["mode"] = mode
        if mode in ("linear", "cubic"):
            way = d.of("plain", "align_corners", "antialias", "scale")
            if way in ("align_corners", "antialias"):
                found[way] = True
            elif way == "scale":
                found["scale"] = d.of(0.6, 1.7, 2.5)
        return Call(x, size, **found)


_interpolate_case("nearest", (2, 1, 3))
_interpolate_case("nearest-exact", (2, 1, 3))
_interpolate_case("area", (2, 1, 3))
_interpolate_case("linear", (2, 1, 3))
_interpolate_case("cubic", (2,))


@case("interpolate", interpolate, dtype="first", tolerance=4, name="larger", gradient=False)
def _(d: Draw) -> Call:
    """Whole multiples and parts, where a backend may repeat, slice or use a faster function."""
    n = d.of(2, 1, 3)
    size = d.of(2, 4)
    x = d.array((1, *(size,) * n, 2) if (last := d.flag()) else (1, 2, *(size,) * n), FLOAT)
    found: dict[str, Any] = {"data_format": "channels_last"} if last else {}
    modes = ("nearest", "linear", "area", "nearest-exact") + (("cubic",) if n == 2 else ())
    return Call(x, size * 2 if d.flag() else size // 2, mode=d.of(*modes), **found)


def _grid_case(name: str, modes: tuple[str, ...], dims: tuple[int, ...]) -> None:
    # nearest has no derivative with respect to the grid; a position near the edge of two pixels has two values
    @case("grid_sample", grid_sample, dtype="first", tolerance=12, name=name, gradient=name != "nearest")
    def _(d: Draw) -> Call:
        n = d.of(*dims)
        x, found = _image(d, ("float32", "float64"), n, least=2, most=4)
        positions = tuple(d.integer(1, 3) for _ in range(n))
        low = d.of(-0.9, -1.6)
        grid = d.array((x.shape[0], *positions, n), x.dtype.name, low=low, high=-low, unique=True)
        if d.flag():
            found["align_corners"] = True
        if d.flag():
            found["padding_mode"] = d.of("border", "reflection")
        return Call(x, grid, mode=d.of(*modes), **found)


_grid_case("linear", ("linear",), (2, 3))
_grid_case("nearest", ("nearest",), (2, 3))
_grid_case("cubic", ("cubic",), (2,))


@case("grid_sample", grid_sample, dtype="first", name="half", gradient=False, limits={"float16": 2e-2, "bfloat16": 0.2})
def _(d: Draw) -> Call:
    """In half precision; the positions are rounded, so that images must be smooth."""
    x = np.linspace(-1, 1, 12).reshape(1, 1, 3, 4).astype(d.array((1,), ("float16", "bfloat16")).dtype)
    return Call(x, d.array((1, 2, 2, 2), str(x.dtype), low=-0.9, high=0.9))


def _affine_grid(theta: Any, size: Any, *, align_corners: bool = False) -> Any:
    spatial = size[2:]
    ticks = [np.linspace(-1, 1, n) * (1 if align_corners else (n - 1) / n) if n > 1 else np.zeros(1) for n in spatial]
    places = np.stack([*np.meshgrid(*ticks, indexing="ij")[::-1], np.ones(spatial)], axis=-1)
    return np.einsum("...j,bij->b...i", places, theta)


@case("affine_grid", _affine_grid, dtype="first", tolerance=3)
def _(d: Draw) -> Call:
    n, batch = d.of(2, 3), d.integer(1, 2)
    theta = d.array((batch, n, n + 1), FLOAT)
    return Call(
        theta, (batch, 2, *(d.integer(1, 4) for _ in range(n))), **({"align_corners": True} if d.flag() else {})
    )


def _shuffle(x: Any, r: int, *, data_format: str = "channels_first") -> Any:
    x = x if data_format == "channels_first" else np.moveaxis(x, -1, -3)
    *lead, c, h, w = x.shape
    y = np.zeros((*lead, c // r**2, h * r, w * r), x.dtype)
    for i, j in np.ndindex(r, r):
        y[..., i::r, j::r] = x[..., i * r + j :: r * r, :, :]
    return y if data_format == "channels_first" else np.moveaxis(y, -3, -1)


def _unshuffle(x: Any, r: int, *, data_format: str = "channels_first") -> Any:
    x = x if data_format == "channels_first" else np.moveaxis(x, -1, -3)
    *lead, c, h, w = x.shape
    y = np.zeros((*lead, c * r**2, h // r, w // r), x.dtype)
    for i, j in np.ndindex(r, r):
        y[..., i * r + j :: r * r, :, :] = x[..., i::r, j::r]
    return y if data_format == "channels_first" else np.moveaxis(y, -3, -1)


def _shuffles(op: str, reference: Any, into_pixels: bool) -> None:
    @case(op, reference, dtype="first")
    def _(d: Draw) -> Call:
        r = d.integer(1, 3)
        c, h, w = d.integer(1, 2), d.integer(1, 3), d.integer(1, 3)
        c, h, w = (c * r * r, h, w) if into_pixels else (c, h * r, w * r)
        last = d.flag()
        x = d.array((*d.shape(0, 2, least=1, most=2), *((h, w, c) if last else (c, h, w))), ANY)
        return Call(x, r, **({"data_format": "channels_last"} if last else {}))


_shuffles("pixel_shuffle", _shuffle, True)
_shuffles("pixel_unshuffle", _unshuffle, False)


def _channel_shuffle(x: Any, groups: int, *, data_format: str = "channels_first") -> Any:
    axis = 1 if data_format == "channels_first" else -1
    parts = np.split(x, groups, axis=axis)
    each = [np.take(part, [i], axis) for i in range(parts[0].shape[axis]) for part in parts]
    return np.concatenate(each, axis=axis)


@case("channel_shuffle", _channel_shuffle, dtype="first")
def _(d: Draw) -> Call:
    groups = d.integer(1, 3)
    c, rest, last = groups * d.integer(1, 3), d.shape(0, 2, least=1), d.flag()
    x = d.array((2, *rest, c) if last else (2, c, *rest), ANY)
    return Call(x, groups, **({"data_format": "channels_last"} if last else {}))


def _windows(d: Draw, n: int, sizes: tuple[int, ...]) -> tuple[Any, dict[str, Any]]:
    """Kernel and options of windows that fit."""
    found: dict[str, Any] = {}
    kernel = numbers(d, n, 1, 3)
    if d.flag():
        found["strides"] = numbers(d, n, 1, 2)
    if d.flag():
        found["padding"] = d.of(1, "same", "valid", tuple((d.integer(0, 1), d.integer(0, 2)) for _ in range(n)))
    if d.flag():
        found["dilation"] = numbers(d, n, 1, 2)
    ks, ds = ((v,) * n if isinstance(v, int) else v for v in (kernel, found.get("dilation", 1)))
    assume(all(size >= k_d * (k - 1) + 1 for size, k, k_d in zip(sizes, ks, ds, strict=True)))
    return kernel, found


@case("unfold", unfold)
def _(d: Draw) -> Call:
    n = d.of(2, 1, 3)
    sizes = tuple(d.integer(2, 5) for _ in range(n))
    kernel, found = _windows(d, n, sizes)
    return Call(d.array((d.integer(1, 2), d.integer(1, 2), *sizes), NUMERIC), kernel, **found)


@case("fold", fold, dtype="first", tolerance=3)
def _(d: Draw) -> Call:
    n = d.of(2, 1, 3)
    sizes = tuple(d.integer(2, 4) for _ in range(n))
    kernel, found = _windows(d, n, sizes)
    shape = unfold(np.zeros((d.integer(1, 2), d.integer(1, 2), *sizes)), kernel, **found).shape
    output_size = sizes[0] if n == 2 and len(set(sizes)) == 1 and d.flag() else sizes
    return Call(d.array(shape, FLOAT), output_size, kernel, **found)
