"""Cases of reading and writing at index vectors, masks and diagonals."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.dtypes import as_dtype
from ivy.testing.case import Call, case
from ivy.testing.draw import ANY, NUMERIC, Draw


def _fill_diagonal(x: Any, value: Any, *, offset: int = 0) -> Any:
    found = x.copy()
    rows, cols = np.nonzero(np.eye(x.shape[-2], x.shape[-1], offset))
    found[..., rows, cols] = value
    return found


@case("fill_diagonal", _fill_diagonal, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(d.shape(2, 3), ANY)
    dtype, offset = str(as_dtype(x.dtype)), d.integer(-3, 3)
    count = int(np.eye(x.shape[-2], x.shape[-1], offset).sum())
    value = d.scalar(dtype) if d.flag() else d.array((*d.of((), x.shape[:-2]), count), dtype)
    return Call(x, value, **({"offset": offset} if offset else {}))


def _gather(x: Any, indices: Any, *, batch_axes: int = 0) -> Any:
    lead = x.shape[:batch_axes]
    rows = [x[b][tuple(np.moveaxis(indices[b], -1, 0))] for b in np.ndindex(*lead)]
    shape = (*indices.shape[batch_axes:-1], *x.shape[batch_axes + indices.shape[-1] :])
    return np.asarray(rows, x.dtype).reshape((*lead, *shape))


def _vectors(d: Draw, shape: tuple[int, ...], batch: int = 0, *, unique: bool = False) -> Any:
    """Index vectors into the axes after those of the batch."""
    depth = d.integer(1, len(shape) - batch)
    sizes, count = shape[batch : batch + depth], d.shape(0, 2)
    if unique:
        places = np.stack(np.unravel_index(d.random().permutation(int(np.prod(sizes))), sizes), -1)
        return places[: d.integer(1, 3)].astype(d.dtype(("int64", "int32")))
    columns = [d.indices((*shape[:batch], *count), n) for n in sizes]
    return np.stack(columns, -1).astype(d.dtype(("int64", "int32")))


@case("gather_nd", _gather, dtype="first")
def _(d: Draw) -> Call:
    shape = d.shape(1, 3, least=1)
    batch = d.integer(0, len(shape) - 1)
    x, indices = d.array(shape, ANY), _vectors(d, shape, batch)
    return Call(x, indices, **({"batch_axes": batch} if batch else {}))


_MODES = {"add": np.add, "mul": np.multiply, "min": np.minimum, "max": np.maximum}


def _scatter(x: Any, indices: Any, updates: Any, *, mode: str = "set") -> Any:
    found, key = x.copy(), tuple(np.moveaxis(indices, -1, 0))
    if mode == "set":
        found[key] = updates
    else:
        _MODES[mode].at(found, key, updates)
    return found


def _scattered(name: str, modes: tuple[str, ...], dtypes: tuple[str, ...], **options: Any) -> None:
    @case("scatter_nd", _scatter, dtype="first", tolerance=4, name=name, **options)
    def _(d: Draw) -> Call:
        shape, mode = d.shape(1, 3, least=1), d.of(*modes)
        x = d.array(shape, dtypes, low=-2, high=2)
        indices = _vectors(d, shape, unique=mode == "set" or d.smooth)
        wanted = (*indices.shape[:-1], *shape[indices.shape[-1] :])
        dtype = str(as_dtype(x.dtype))
        updates = d.array(wanted[d.integer(0, len(wanted)) :], dtype, low=-2, high=2) if d.flag() else d.scalar(dtype)
        return Call(x, indices, updates, **({"mode": mode} if mode != "set" else {}))


_REAL = tuple(t for t in NUMERIC if not t.startswith("complex"))
_scattered("", ("set", "add"), NUMERIC)
_scattered("mul", ("mul",), NUMERIC)
_scattered("order", ("min", "max"), _REAL)


def _index_add(x: Any, indices: Any, source: Any, *, axis: int = 0, alpha: Any = 1) -> Any:
    found = np.moveaxis(x.copy(), axis, 0)
    np.add.at(found, indices, np.moveaxis(source * x.dtype.type(alpha), axis, 0))
    return np.moveaxis(found, 0, axis)


@case("index_add", _index_add, dtype="first", tolerance=4)
def _(d: Draw) -> Call:
    shape = list(d.shape(1, 3))
    axis = d.axis(len(shape)) if d.flag() else 0
    shape[axis] += 1
    dtype, count = d.dtype(NUMERIC), d.shape(1, 1)[0]
    x, indices = d.array(shape, dtype), d.indices((count,), shape[axis], negative=False)
    shape[axis] = count
    found: dict[str, Any] = {"alpha": d.of(2, 3)} if d.flag() else {}
    return Call(x, indices, d.array(shape, dtype), **({"axis": axis} if axis else {}), **found)


def _index_fill(x: Any, indices: Any, value: Any, *, axis: int = 0) -> Any:
    found = np.moveaxis(x.copy(), axis, 0)
    found[indices] = value
    return np.moveaxis(found, 0, axis)


@case("index_fill", _index_fill, dtype="first")
def _(d: Draw) -> Call:
    shape = list(d.shape(1, 3))
    axis = d.axis(len(shape)) if d.flag() else 0
    shape[axis] += 1
    dtype = d.dtype(ANY)
    indices = d.indices(d.shape(1, 1), shape[axis])
    value = d.scalar(dtype) if d.flag() else d.array((), dtype)
    return Call(d.array(shape, dtype), indices, value, **({"axis": axis} if axis else {}))


def _masks(d: Draw) -> tuple[Any, Any]:
    first, second = d.shapes(2)
    return d.array(first, ANY), d.array(second, "bool")


@case("masked_fill", lambda x, mask, value: np.where(mask, value, x), dtype="first")
def _(d: Draw) -> Call:
    x, mask = _masks(d)
    dtype = str(as_dtype(x.dtype))
    return Call(x, mask, d.scalar(dtype) if d.flag() else d.array((), dtype))


@case(
    "masked_select",
    lambda x, mask: np.broadcast_to(x, np.broadcast_shapes(x.shape, mask.shape))[
        np.broadcast_to(mask, np.broadcast_shapes(x.shape, mask.shape))
    ],
    dtype="first",
    abstract=False,
)
def _(d: Draw) -> Call:
    return Call(*_masks(d))


def _masked_scatter(x: Any, mask: Any, source: Any) -> Any:
    found, mask = x.copy(), np.broadcast_to(mask, x.shape)
    found[mask] = source.reshape(-1)[: mask.sum()]
    return found


@case("masked_scatter", _masked_scatter, dtype="first")
def _(d: Draw) -> Call:
    shape, dtype = d.shape(), d.dtype(ANY)
    mask = d.array(shape[d.integer(0, len(shape)) :], "bool")
    count = int(np.broadcast_to(mask, shape).sum()) + d.integer(0, 2)
    return Call(d.array(shape, dtype), mask, d.array((count, 1) if d.flag() else (count,), dtype))


@case("ravel_multi_index", lambda indices, shape: np.asarray(np.ravel_multi_index(indices, shape)))
def _(d: Draw) -> Call:
    shape, dtype = d.shape(1, 3, least=1), d.dtype(("int64", "int32"))
    places = d.shapes(len(shape), 2)
    return Call([d.indices(s, n, (dtype,), negative=False) for s, n in zip(places, shape, strict=True)], shape)


@case("unravel_index", lambda indices, shape: tuple(np.asarray(v) for v in np.unravel_index(indices, shape)))
def _(d: Draw) -> Call:
    shape = d.shape(1, 3, least=1)
    return Call(d.indices(d.shape(0, 2), int(np.prod(shape)), negative=False), shape)
