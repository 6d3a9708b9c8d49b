"""Indexing of `jax.lax`: gather and scatter in full generality, and blocks at computed positions.

XLA's gather cuts a window of fixed size at every index vector; scatter writes one. The common cases become one indexing
op; all others index with one array per indexed axis, the rest of the axes staying whole.

What happens to a window that does not lie inside the operand is the mode: ``"clip"`` moves it inside, ``"fill"``
(gather) returns a fill value, ``"drop"`` (scatter) ignores the update, and ``"promise_in_bounds"`` says that it does
not happen; where a gather breaks that promise, JAX documents that it clips.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy_jax.frontend.lax.shaping import broadcast_in_dim, squeeze, transpose
from ivy_jax.frontend.lax.shaping import pad as lax_pad
from ivy_jax.frontend.lax.shaping import slice as lax_slice
from ivy_jax.frontend.table import frontend, item

NAMESPACE = "jax.lax"


def _mode(mode: Any, default: str) -> str:
    """Return ``"clip"``, ``"fill"`` or ``"promise_in_bounds"`` for what JAX takes as a mode."""
    if mode is None:
        return default
    text = str(getattr(mode, "name", mode)).lower()
    return {"drop": "fill", "fill_or_drop": "fill", "one_hot": "fill"}.get(text, text)


def _numbers(numbers: Any, *names: str) -> list[tuple[int, ...]]:
    get = numbers.get if isinstance(numbers, dict) else lambda k, d: getattr(numbers, k, d)
    return [tuple(int(i) for i in get(n, ())) for n in names]


@dataclass
class _Windows:
    """Where windows lie: the geometry that gather and scatter share.

    Args:
        shape: of the operand.
        indices: integer array (*batch, k), or a static tuple of k integers.
        window: size of the window along each axis of the operand.
        collapsed: axes of the operand that the window does not keep.
        indexed: axis of the operand for each of the k index components.
        operand_batch: axes of the operand that go along with `indices_batch`, axes of the indices.
    """

    shape: tuple[int, ...]
    indices: Any
    window: tuple[int, ...]
    collapsed: tuple[int, ...]
    indexed: tuple[int, ...]
    operand_batch: tuple[int, ...]
    indices_batch: tuple[int, ...]

    def __post_init__(self) -> None:
        static = item(self.indices)
        self.static = None if static is None else tuple(static)
        self.batch = () if static is not None else tuple(self.indices.shape[:-1])

    @property
    def limits(self) -> list[int]:
        """The last valid start along each indexed axis."""
        return [self.shape[d] - self.window[d] for d in self.indexed]

    @property
    def kept(self) -> list[int]:
        """Axes of the operand that the window keeps, in order."""
        return [d for d in range(len(self.shape)) if d not in self.collapsed and d not in self.operand_batch]

    @property
    def advanced(self) -> list[int]:
        """Axes that need an array of positions: indexed, batched, left out, or only partly covered by the window."""
        partly = [d for d in range(len(self.shape)) if self.window[d] != self.shape[d] and d not in self.operand_batch]
        return sorted({*self.indexed, *self.operand_batch, *self.collapsed, *partly})

    def components(self) -> list[Any]:
        """The starts along each indexed axis, of the batch's shape."""
        if self.static is not None:
            return list(self.static)
        last = len(self.batch)
        return [F.get_item(self.indices, (slice(None),) * last + (k,)) for k in range(len(self.indexed))]

    def starts(self, mode: str) -> tuple[list[Any], Any]:
        """Return the starts moved inside, and where they were inside already (None: no need to know)."""
        parts = self.components()
        inside = None
        if mode == "fill":
            for part, limit in zip(parts, self.limits):
                ok = F.logical_and(F.greater_equal(part, 0), F.less_equal(part, limit))
                inside = ok if inside is None else F.logical_and(inside, ok)
        # Unsigned indices have no negative values to clip; signed ones do.
        return [F.clip(part, 0, limit) for part, limit in zip(parts, self.limits)], inside

    def positions(self, starts: list[Any]) -> tuple[list[Any], list[int]]:
        """Return an array of positions for each advanced axis, and which of these axes the window keeps.

        The arrays broadcast together to the batch's shape followed by one axis per kept advanced axis.
        """
        kept = [d for d in self.advanced if d in self.kept]
        nb, nw = len(self.batch), len(kept)
        found = []
        for d in self.advanced:
            if d in self.operand_batch:
                along = self.indices_batch[self.operand_batch.index(d)]
                shape = [1] * (nb + nw)
                shape[along] = self.shape[d]
                found.append(F.reshape(F.arange(self.shape[d], dtype="int32"), tuple(shape)))
                continue
            here = None
            if d in self.indexed:
                start = starts[self.indexed.index(d)]
                here = start if not hasattr(start, "shape") else F.reshape(start, (*self.batch, *[1] * nw))
            if d in kept and self.window[d] != 1:
                shape = [1] * (nb + nw)
                shape[nb + kept.index(d)] = self.window[d]
                offsets = F.reshape(F.arange(self.window[d], dtype="int32"), tuple(shape))
                here = (
                    offsets
                    if here is None
                    else F.add(F.astype(here, "int32") if hasattr(here, "dtype") else here, offsets)
                )
            if not hasattr(here, "shape"):
                here = F.reshape(F.asarray([0 if here is None else here], dtype="int32"), (1,) * (nb + nw))
            found.append(here)
        return found, kept


def _fill_value(dtype: Any) -> Any:
    """The fill value by default: NaN, the smallest signed or the largest unsigned integer, True."""
    if dtype.is_inexact:
        return float("nan")
    if dtype == "bool":
        return True
    return -(1 << (dtype.bits - 1)) if dtype.kind == "int" else (1 << dtype.bits) - 1


@frontend.function()
def gather(
    operand: Any,
    start_indices: Any,
    dimension_numbers: Any,
    slice_sizes: Sequence[int],
    *,
    unique_indices: bool = False,
    indices_are_sorted: bool = False,
    mode: Any = None,
    fill_value: Any = None,
) -> Any:
    """Cut a window out at every index vector."""
    offset, collapsed, indexed, ob, ib = _numbers(
        dimension_numbers,
        "offset_dims",
        "collapsed_slice_dims",
        "start_index_map",
        "operand_batching_dims",
        "start_indices_batching_dims",
    )
    mode = _mode(mode, "fill")
    w = _Windows(tuple(operand.shape), start_indices, tuple(int(s) for s in slice_sizes), collapsed, indexed, ob, ib)
    if w.static is not None:
        return _static_block(operand, w, mode, fill_value)
    rank = len(w.batch) + len(offset)
    places = [i for i in range(rank) if i not in offset]  # of the batch axes in the result
    starts, inside = w.starts(mode)
    result, order = _gathered(operand, w, starts)
    # `order` says what each axis of the result is: ("batch", i) or ("axis", d)
    wanted: list[Any] = [None] * rank
    for i, place in enumerate(places):
        wanted[place] = ("batch", i)
    for d, place in zip(w.kept, offset):
        wanted[place] = ("axis", d)
    result = transpose(result, [order.index(x) for x in wanted])
    if inside is None or not w.indexed:
        return result
    fill = _fill_value(dtype_of(operand)) if fill_value is None else fill_value
    mask = broadcast_in_dim(inside, [n if i in places else 1 for i, n in enumerate(result.shape)], places)
    return F.where(mask, result, fill)


def _gathered(operand: Any, w: _Windows, starts: list[Any]) -> tuple[Any, list[Any]]:
    """Gather without regard to the result's order of axes, and return what each axis is."""
    batch = [("batch", i) for i in range(len(w.batch))]
    if len(w.indexed) == 1 and w.advanced == [w.indexed[0]] and w.window[w.indexed[0]] == 1:
        d = w.indexed[0]
        rest = [("axis", i) for i in range(len(w.shape)) if i != d]
        here = batch if d in w.collapsed else [*batch, ("axis", d)]
        index = starts[0] if d in w.collapsed else F.expand_dims(starts[0], axis=-1)
        return F.take(operand, index, axis=d), [*rest[:d], *here, *rest[d:]]
    along = _along_axis(w)
    if along is not None:
        axis, order = along
        index = F.permute_dims(starts[0], tuple(order)) if order != sorted(order) else starts[0]
        return F.take_along_axis(operand, index, axis=axis), [("batch", i) for i in order]
    if not w.batch and not w.operand_batch:
        full = [0] * len(w.shape)
        for d, s in zip(w.indexed, starts):
            full[d] = s
        block = F.dynamic_slice(operand, tuple(full), w.window)
        return squeeze(block, w.collapsed), [("axis", d) for d in w.kept]
    whole = [d for d in range(len(w.shape)) if d not in w.advanced]
    positions, kept = w.positions(starts)
    moved = transpose(operand, [*w.advanced, *whole])
    found = F.get_item(moved, tuple(positions))
    lead = (*w.batch, *(w.window[d] for d in kept))
    if tuple(found.shape[: len(lead)]) != lead:
        found = F.broadcast_to(found, (*lead, *found.shape[len(lead) :]))
    return found, [*batch, *(("axis", d) for d in kept), *(("axis", d) for d in whole)]


def _along_axis(w: _Windows) -> tuple[int, list[int]] | None:
    """Recognise numpy's take_along_axis: one indexed axis, every other one batched.

    Returns:
        The axis, and for each axis of the operand the batch axis of the indices that runs along it.
    """
    if len(w.indexed) != 1 or w.collapsed != w.indexed or len(w.operand_batch) != len(w.shape) - 1:
        return None
    extra = [i for i in range(len(w.batch)) if i not in w.indices_batch]
    if len(extra) != 1:
        return None
    axis = w.indexed[0]
    order = [extra[0] if d == axis else w.indices_batch[w.operand_batch.index(d)] for d in range(len(w.shape))]
    return axis, order


def _static_block(operand: Any, w: _Windows, mode: str, fill_value: Any) -> Any:
    """Cut one window at a position that is known: a plain slice."""
    assert w.static is not None
    starts = [0] * len(w.shape)
    for d, s, limit in zip(w.indexed, w.static, w.limits):
        if mode == "fill" and not 0 <= s <= limit:
            fill = _fill_value(dtype_of(operand)) if fill_value is None else fill_value
            return F.full(tuple(w.window[d] for d in w.kept), fill, dtype=dtype_of(operand))
        starts[d] = min(max(s, 0), limit)
    block = lax_slice(operand, starts, [a + n for a, n in zip(starts, w.window)])
    return squeeze(block, w.collapsed)


# -- scatter ----------------------------------------------------------------------------------------------------------


def _scatter(
    operand: Any, indices: Any, updates: Any, numbers: Any, mode: Any, kind: str, put: Any, unique: bool = False
) -> Any:
    window_dims, inserted, indexed, ob, ib = _numbers(
        numbers,
        "update_window_dims",
        "inserted_window_dims",
        "scatter_dims_to_operand_dims",
        "operand_batching_dims",
        "scatter_indices_batching_dims",
    )
    mode = _mode(mode, "fill")
    if kind == "sub":
        kind, updates = "add", F.negative(updates)
    shape = tuple(operand.shape)
    sizes = iter(updates.shape[i] for i in window_dims)
    window = tuple(1 if d in inserted or d in ob else next(sizes) for d in range(len(shape)))
    w = _Windows(shape, indices, window, inserted, indexed, ob, ib)
    if min(w.limits, default=0) < 0:  # an axis too short for any window: there is no place to write to
        return operand
    if w.static is not None:
        done = _static_scatter(operand, updates, w, mode, kind)
        if done is not None:
            return done[0]
        w.indices, w.static = F.asarray(list(w.static), dtype="int32"), None
    if not w.batch and not ob:
        return _one_window(operand, updates, w, mode, kind)
    batch_places = [i for i in range(updates.ndim) if i not in window_dims]
    if mode == "clip":
        starts, _ = w.starts("clip")
        return _write(operand, w, starts, updates, window_dims, batch_places, put)
    if mode == "promise_in_bounds" or not indexed:
        return _write(operand, w, w.components(), updates, window_dims, batch_places, put)
    starts, inside = w.starts("fill")
    if kind == "add":  # what falls outside adds nothing
        mask = broadcast_in_dim(
            inside, [n if i in batch_places else 1 for i, n in enumerate(updates.shape)], batch_places
        )
        updates = F.where(mask, updates, False if dtype_of(updates) == "bool" else 0)
        return _write(operand, w, starts, updates, window_dims, batch_places, put)
    # What falls outside is written behind the end of the first indexed axis, which is cut off afterwards.
    d = indexed[0]
    config = [(0, window[i] if i == d else 0, 0) for i in range(len(shape))]
    zero = False if dtype_of(operand) == "bool" else 0
    longer = lax_pad(operand, zero, config)
    starts[0] = F.where(inside, starts[0], shape[d])
    w.shape = tuple(longer.shape)
    done = _write(longer, w, starts, updates, window_dims, batch_places, put)
    return lax_slice(done, [0] * len(shape), shape)


_COMBINE = {"set": lambda old, new: new, "add": F.add, "mul": F.multiply, "min": F.minimum, "max": F.maximum}


def _one_window(operand: Any, updates: Any, w: _Windows, mode: str, kind: str) -> Any:
    """Write a single window: read the block there, combine, and write it back."""
    starts, inside = w.starts("fill" if mode == "fill" else "clip")
    full: list[Any] = [0] * len(w.shape)
    for d, s in zip(w.indexed, starts):
        full[d] = s
    before = F.dynamic_slice(operand, tuple(full), w.window)
    after = _COMBINE[kind](before, F.reshape(updates, w.window))
    if inside is not None:
        after = F.where(inside, after, before)
    return F.dynamic_update_slice(operand, after, tuple(full))


def _write(operand: Any, w: _Windows, starts: list[Any], updates: Any, window_dims: Any, places: Any, put: Any) -> Any:
    advanced = w.advanced
    whole = [d for d in range(len(w.shape)) if d not in advanced]
    if not advanced:
        return put(operand, (Ellipsis,), transpose(updates, _update_order(w, window_dims, places, [], whole)))
    positions, kept = w.positions(starts)
    updates = transpose(updates, _update_order(w, window_dims, places, kept, whole))
    order = [*advanced, *whole]
    moved = put(transpose(operand, order), tuple(positions), updates)
    return transpose(moved, sorted(range(len(order)), key=order.__getitem__))


def _update_order(w: _Windows, window_dims: Any, places: Any, kept: list[int], whole: list[int]) -> list[int]:
    """Say where the axes (batch, kept advanced, whole) are found in the updates."""
    at = dict(zip(w.kept, window_dims))
    return [*places, *(at[d] for d in kept), *(at[d] for d in whole)]


def _static_scatter(operand: Any, updates: Any, w: _Windows, mode: str, kind: str) -> tuple[Any] | None:
    """Write one window at a position that is known; None if that is no plain slice of this kind."""
    assert w.static is not None
    key: list[Any] = [slice(None)] * len(w.shape)
    for d in range(len(w.shape)):
        start = w.static[w.indexed.index(d)] if d in w.indexed else 0
        limit = w.shape[d] - w.window[d]
        if not 0 <= start <= limit:
            if mode == "fill":
                return (operand,)
            start = min(max(start, 0), limit)
        if d in w.collapsed:
            key[d] = start
        elif w.window[d] != w.shape[d]:
            key[d] = slice(start, start + w.window[d])
    write = {"set": F.set_item, "add": F.add_at}.get(kind)
    if write is None or w.operand_batch:
        return None
    while key and key[-1] == slice(None):
        key.pop()
    return (write(operand, tuple(key) if key else Ellipsis, updates),)


def _register(name: str, kind: str, put: Any) -> None:
    def scatter(
        operand: Any,
        scatter_indices: Any,
        updates: Any,
        dimension_numbers: Any,
        *,
        indices_are_sorted: bool = False,
        unique_indices: bool = False,
        mode: Any = None,
    ) -> Any:
        return _scatter(operand, scatter_indices, updates, dimension_numbers, mode, kind, put, unique_indices)

    scatter.__name__ = scatter.__qualname__ = name
    frontend.function(f"jax.lax.{name}")(scatter)


_register("scatter", "set", F.set_item)
_register("scatter_add", "add", F.add_at)
_register("scatter_sub", "sub", F.add_at)
_register("scatter_mul", "mul", F.mul_at)
_register("scatter_min", "min", F.min_at)
_register("scatter_max", "max", F.max_at)


# -- blocks at computed positions -------------------------------------------------------------------------------------


@frontend.function()
def dynamic_slice(
    operand: Any, start_indices: Sequence[Any], slice_sizes: Sequence[int], *, allow_negative_indices: Any = True
) -> Any:
    """Cut a block out whose start is clamped so that it lies inside."""
    starts = list(start_indices)
    sizes = tuple(int(s) for s in slice_sizes)
    if item(tuple(starts)) is not None:
        starts = [_clamped(s, n, size) for s, n, size in zip(starts, operand.shape, sizes)]
        return lax_slice(operand, starts, [a + n for a, n in zip(starts, sizes)])
    return F.dynamic_slice(operand, tuple(starts), sizes)


@frontend.function()
def dynamic_update_slice(
    operand: Any, update: Any, start_indices: Sequence[Any], *, allow_negative_indices: Any = True
) -> Any:
    """Write a block whose start is clamped so that it lies inside."""
    starts = list(start_indices)
    if item(tuple(starts)) is not None:
        starts = [_clamped(s, n, size) for s, n, size in zip(starts, operand.shape, update.shape)]
        if tuple(update.shape) == tuple(operand.shape):
            return update
        return F.set_item(operand, tuple(slice(a, a + n) for a, n in zip(starts, update.shape)), update)
    return F.dynamic_update_slice(operand, update, tuple(starts))


def _clamped(start: int, size: int, window: int) -> int:
    return min(max(start + size if start < 0 else start, 0), size - window)


@frontend.function()
def dynamic_index_in_dim(operand: Any, index: Any, axis: int = 0, keepdims: bool = True) -> Any:
    starts: list[Any] = [0] * operand.ndim
    starts[axis] = index
    sizes = [1 if i == axis % operand.ndim else n for i, n in enumerate(operand.shape)]
    block = dynamic_slice(operand, starts, sizes)
    return block if keepdims else F.squeeze(block, axis=axis)


@frontend.function()
def dynamic_slice_in_dim(operand: Any, start_index: Any, slice_size: int, axis: int = 0) -> Any:
    starts: list[Any] = [0] * operand.ndim
    starts[axis] = start_index
    return dynamic_slice(
        operand, starts, [slice_size if i == axis % operand.ndim else n for i, n in enumerate(operand.shape)]
    )


@frontend.function()
def index_take(src: Any, idxs: Sequence[Any], axes: Sequence[int]) -> Any:
    order = [*axes, *(i for i in range(src.ndim) if i not in axes)]
    return F.get_item(transpose(src, order), tuple(idxs))
