"""Slices, gathering and scattering, sorting, and searching."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy_tensorflow.frontend.table import array, cast, is_array, like, numbers, public, raw, refuse, size_of

# -- slices -----------------------------------------------------------------------------------------------------------


def _parts(x: Any, count: int | None = None) -> list[Any]:
    """Return the elements of an index vector: numbers where they are known, scalars of the array where not."""
    if not is_array(x):
        return list(x) if isinstance(x, (tuple, list)) else [x]
    try:
        return list(numbers(x))
    except Exception:  # not known: the vector's elements are arrays
        return [F.get_item(x, i) for i in range(x.shape[0])]


def _slice_key(
    shape: tuple[int, ...], begin: Any, end: Any, strides: Any, masks: tuple[int, int, int, int, int]
) -> tuple[list[Any], list[tuple[int, Any]]]:
    """Return a NumPy key, and the axes of its result that an index known only at run time still has to pick from."""
    begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_mask = masks
    begins, ends, steps = _parts(begin), _parts(end), _parts(strides)
    key: list[Any] = []
    picks: list[tuple[int, Any]] = []
    place = 0  # axis of the result
    axis = 0  # axis of the array
    consumed = sum(1 for i in range(len(begins)) if not (ellipsis_mask | new_axis_mask) >> i & 1)
    for i, (lo, hi, step) in enumerate(zip(begins, ends, steps, strict=True)):
        bit = 1 << i
        if ellipsis_mask & bit:
            skipped = len(shape) - consumed
            key += [slice(None)] * skipped
            axis, place = axis + skipped, place + skipped
        elif new_axis_mask & bit:
            key.append(None)
            place += 1
        elif shrink_mask & bit:
            if is_array(lo):
                n = shape[axis]
                picks.append((place, F.where(F.less(lo, 0), F.add(lo, n), lo)))
                key.append(slice(None))
                place += 1
            else:
                key.append(int(lo))
            axis += 1
        else:
            start = None if begin_mask & bit else lo
            stop = None if end_mask & bit else hi
            if is_array(start) or is_array(stop):
                return refuse("a slice between bounds that are computed from arrays", "use tf.slice with a static size")
            key.append(slice(start, stop, None if int(step) == 1 else int(step)))
            axis, place = axis + 1, place + 1
    return key, picks


@raw("StridedSlice")
def strided_slice(
    input: Any,
    begin: Any,
    end: Any,
    strides: Any,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> Any:
    masks = (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    key, picks = _slice_key(tuple(input.shape), begin, end, strides, masks)
    plain = all(isinstance(k, slice) and k == slice(None) for k in key)
    found = input if plain else F.get_item(input, key[0] if len(key) == 1 else tuple(key))
    for axis, index in reversed(picks):
        found = F.take(found, index, axis=axis)
    return found


@public("strided_slice")
def public_strided_slice(input_: Any, begin: Any, end: Any, strides: Any = None, **masks: Any) -> Any:
    masks.pop("var", None)
    return strided_slice(array(input_), begin, end, [1] * len(begin) if strides is None else strides, **masks)


@raw("StridedSliceGrad")
def strided_slice_grad(
    shape: Any,
    begin: Any,
    end: Any,
    strides: Any,
    dy: Any,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> Any:
    base = F.zeros(numbers(shape), dtype=dtype_of(dy))
    return tensor_strided_slice_update(
        base, begin, end, strides, dy, begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask
    )


@raw("TensorStridedSliceUpdate")
def tensor_strided_slice_update(
    input: Any,
    begin: Any,
    end: Any,
    strides: Any,
    value: Any,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> Any:
    masks = (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    key, picks = _slice_key(tuple(input.shape), begin, end, strides, masks)
    if picks:
        if len(picks) > 1 or any(k != slice(None) for k in key):
            return refuse("assigning to several indices that are computed from arrays", "assign to one axis at a time")
        ((axis, index),) = picks
        return F.set_item(input, (*[slice(None)] * axis, F.expand_dims(index, axis=0)), F.expand_dims(value, axis=axis))
    return F.set_item(input, tuple(key), value)


@raw("ResourceStridedSliceAssign", "StridedSliceAssign")
def strided_slice_assign(ref: Any, **arguments: Any) -> Any:
    return tensor_strided_slice_update(ref, **arguments)


@raw("Slice")
def raw_slice(input: Any, begin: Any, size: Any) -> Any:
    starts, sizes = _parts(begin), numbers(size)
    if any(is_array(s) for s in starts):
        if any(n < 0 for n in sizes):
            return refuse("tf.slice to the end from a place that is computed from arrays", "give the size")
        return F.dynamic_slice(input, starts, sizes)
    key = tuple(slice(s, None if n < 0 else s + n) for s, n in zip(starts, sizes, strict=True))
    return F.get_item(input, key)


@public("slice")
def public_slice(input_: Any, begin: Any, size: Any) -> Any:
    return raw_slice(array(input_), begin, size)


@public("Tensor.__getitem__")
def get_item(self: Any, key: Any) -> Any:
    """Index as `tf.Tensor` does: slices, numbers, scalars, None and Ellipsis; a boolean mask picks elements."""
    parts = key if isinstance(key, tuple) else (key,)
    if len(parts) == 1 and is_array(parts[0]) and dtype_of(parts[0]) == "bool":
        return F.get_item(self, parts[0])
    picks = [(i, k) for i, k in enumerate(parts) if is_array(k)]
    if not picks:
        return F.get_item(self, tuple(parts))
    if any(k.ndim for _, k in picks) or Ellipsis in [k for k in parts if not is_array(k)]:
        return refuse("indexing a tensor by an array", "use tf.gather or tf.gather_nd")
    found = F.get_item(self, tuple(slice(None) if is_array(k) else k for k in parts))
    lost = [i for i, k in enumerate(parts) if isinstance(k, int)]
    for i, k in reversed(picks):
        axis = i - sum(1 for j in lost if j < i)
        found = F.take(found, F.where(F.less(k, 0), F.add(k, found.shape[axis]), k), axis=axis)
    return found


# -- gathering --------------------------------------------------------------------------------------------------------


@raw("GatherV2")
def gather_v2(params: Any, indices: Any, axis: Any = 0, batch_dims: int = 0) -> Any:
    params, indices = array(params), array(indices)
    axis, batch = size_of(axis) % max(params.ndim, 1), batch_dims % (indices.ndim + 1)
    if not batch:
        return F.take(params, indices, axis=axis)
    # one index into all batches: rows of batch b start at b * n
    n, groups = params.shape[axis], params.shape[:batch]
    middle, rest = params.shape[batch:axis], params.shape[axis + 1 :]
    table = F.reshape(F.moveaxis(params, axis, batch), (math.prod(groups) * n, *middle, *rest))
    offset = F.multiply(F.arange(math.prod(groups), dtype=dtype_of(indices)), n)
    at = F.add(F.reshape(indices, (math.prod(groups), -1)), F.expand_dims(offset, axis=1))
    found = F.take(table, F.reshape(at, (-1,)), axis=0)
    picked = indices.shape[batch:]
    found = F.reshape(found, (*groups, *picked, *middle, *rest))
    moved, k = len(middle), len(picked)
    if not moved or not k:
        return found
    order = [*range(batch), *range(batch + k, batch + k + moved), *range(batch, batch + k)]
    return F.permute_dims(found, (*order, *range(batch + k + moved, found.ndim)))


@raw("Gather")
def gather_v1(params: Any, indices: Any, validate_indices: bool = True) -> Any:
    return F.take(params, indices, axis=0)


@public("gather")
def gather(
    params: Any, indices: Any, validate_indices: Any = None, axis: int | None = None, batch_dims: int = 0
) -> Any:
    return gather_v2(array(params), array(indices), batch_dims if axis is None else axis, batch_dims)


@public("nn.embedding_lookup")
def embedding_lookup(params: Any, ids: Any, max_norm: Any = None) -> Any:
    return F.take(array(params), array(ids), axis=0) if max_norm is None else refuse("embedding_lookup with max_norm")


def _columns(indices: Any) -> tuple[Any, ...]:
    return tuple(F.get_item(indices, (Ellipsis, i)) for i in range(indices.shape[-1]))


@raw("GatherNd")
def raw_gather_nd(params: Any, indices: Any, bad_indices_policy: str = "") -> Any:
    if not indices.shape[-1]:
        return F.broadcast_to(params, (*indices.shape[:-1], *params.shape))
    return F.get_item(params, _columns(indices))


@public("gather_nd")
def gather_nd(params: Any, indices: Any, batch_dims: int = 0) -> Any:
    params, indices = array(params), array(indices)
    if batch_dims:
        grids = F.meshgrid(*[F.arange(n, dtype=dtype_of(indices)) for n in indices.shape[:batch_dims]], indexing="ij")
        shape = (*indices.shape[:-1], 1)
        tail = [1] * (indices.ndim - batch_dims)
        lead = [F.broadcast_to(F.reshape(g, (*g.shape, *tail)), shape) for g in grids]
        indices = F.concat([*lead, indices], axis=-1)
    return raw_gather_nd(params, indices)


@public("boolean_mask")
def boolean_mask(tensor: Any, mask: Any, axis: int | None = None) -> Any:
    return F.get_item(array(tensor), (*[slice(None)] * (axis or 0), array(mask)))


# -- scattering -------------------------------------------------------------------------------------------------------

_PUT = {"Update": F.set_item, "Add": F.add_at, "Min": F.min_at, "Max": F.max_at, "Mul": F.mul_at}


def _scattered(x: Any, key: Any, updates: Any, kind: str) -> Any:
    updates = like(updates, x)
    if kind == "Sub":
        return F.add_at(x, key, F.negative(updates))
    if kind == "Div":
        return F.mul_at(x, key, F.divide(1.0, updates))
    return _PUT[kind](x, key, updates)


def _scatter_nd(kind: str) -> Any:
    def call(tensor: Any, indices: Any, updates: Any, bad_indices_policy: str = "") -> Any:
        tensor, indices = array(tensor), array(indices)
        if not indices.shape[-1]:
            return refuse("scattering with indices of length 0")
        return _scattered(tensor, _columns(indices), updates, kind)

    return call


def _scatter_variable(kind: str, nd: bool) -> Any:
    def call(indices: Any, updates: Any, resource: Any = None, ref: Any = None) -> Any:
        x = resource if ref is None else ref
        return _scattered(x, _columns(indices) if nd else (indices,), updates, kind)

    return call


for _kind in ("Update", "Add", "Sub", "Min", "Max"):
    _fn = _scatter_nd(_kind)
    raw(f"TensorScatter{_kind}")(_fn)
    public(f"tensor_scatter_nd_{_kind.lower()}")(_fn)
    raw(f"ResourceScatterNd{_kind}")(_scatter_variable(_kind, True))
for _kind in ("Update", "Add", "Sub", "Min", "Max", "Mul", "Div"):
    raw(f"ResourceScatter{_kind}")(_scatter_variable(_kind, False))


@raw("ScatterNd")
@public("scatter_nd")
def scatter_nd(indices: Any, updates: Any, shape: Any, bad_indices_policy: str = "") -> Any:
    indices, updates = array(indices), array(updates)
    base = F.zeros(numbers(shape), dtype=dtype_of(updates))
    return F.add_at(base, _columns(indices), updates)


@raw("ScatterNdNonAliasingAdd")
def scatter_nd_non_aliasing_add(input: Any, indices: Any, updates: Any, bad_indices_policy: str = "") -> Any:
    return F.add_at(input, _columns(indices), updates)


def _rows(kind: str) -> Any:
    return lambda x, i, v: _scattered(x, (i,), v, kind)


for _kind in ("Update", "Add", "Sub"):
    raw(f"Inplace{_kind}")(_rows(_kind))


@raw("DynamicStitch", "ParallelDynamicStitch")
def dynamic_stitch(indices: Any, data: Any, size: int | None = None) -> Any:
    """Put pieces at their places; a later piece wins where two name one."""
    indices = [array(i) for i in indices]
    data = [array(d) for d in data]
    if size is None:
        size = 1 + max(max(numbers(F.reshape(i, (-1,))), default=-1) for i in indices)
    rest = data[0].shape[indices[0].ndim :]
    found = F.zeros((size, *rest), dtype=dtype_of(data[0]))
    for i, d in zip(indices, data, strict=True):
        found = F.set_item(found, (F.reshape(i, (-1,)),), F.reshape(d, (math.prod(i.shape), *rest)))
    return found


@public("dynamic_stitch")
def public_dynamic_stitch(indices: Any, data: Any) -> Any:
    return dynamic_stitch(indices, data)


# -- positions --------------------------------------------------------------------------------------------------------


@raw("OneHot")
def raw_one_hot(indices: Any, depth: Any, on_value: Any = 1.0, off_value: Any = 0.0, axis: int = -1) -> Any:
    return one_hot(indices, depth, on_value, off_value, axis, None)


@public("one_hot")
def one_hot(
    indices: Any, depth: Any, on_value: Any = None, off_value: Any = None, axis: int | None = None, dtype: Any = None
) -> Any:
    on, off = (1 if on_value is None else on_value), (0 if off_value is None else off_value)
    if dtype is None:
        dtype = next((dtype_of(v) for v in (on, off) if is_array(v)), "float32")
    dtype = as_dtype(dtype)
    where = -1 if axis is None else axis
    if not is_array(on) and not is_array(off) and on == 1 and off == 0 and dtype != "bool":
        return F.one_hot(array(indices), size_of(depth), axis=where, dtype=dtype)
    hot = F.one_hot(array(indices), size_of(depth), axis=where, dtype="bool")
    if dtype == "bool":
        return hot if on else F.logical_not(hot)
    return F.where(hot, array(on, dtype), array(off, dtype))


def _extreme(op: Any) -> Any:
    def call(input: Any, dimension: Any = 0, output_type: Any = "int64") -> Any:
        return cast(op(array(input), axis=size_of(dimension)), output_type)

    return call


def _public_extreme(op: Any) -> Any:
    def call(input: Any, axis: Any = None, output_type: Any = "int64") -> Any:
        return cast(op(array(input), axis=size_of(0 if axis is None else axis)), output_type)

    return call


for _name, _op in {"ArgMax": F.argmax, "ArgMin": F.argmin}.items():
    raw(_name)(_extreme(_op))
    public(f"math.{_name.lower()}")(_public_extreme(_op))


def _flat_positions(condition: Any, size: int) -> Any:
    """Return the flat indices of a mask's `size` true elements: a stable sort puts them first."""
    order = F.argsort(F.subtract(1, cast(F.reshape(condition, (-1,)), "int32")), stable=True)
    return F.get_item(order, slice(0, size))


def _truth(x: Any) -> Any:
    return x if dtype_of(x) == "bool" else F.not_equal(x, 0)


@raw("Where")
def raw_where(condition: Any, size: int | None = None) -> Any:
    condition = _truth(condition)
    if size is None:
        return cast(F.argwhere(condition), "int64")
    flat = cast(_flat_positions(condition, size), "int64")
    found: list[Any] = []
    for n in reversed(condition.shape):
        found.insert(0, F.remainder(flat, n))
        flat = F.floor_divide(flat, n)
    return F.stack(found, axis=-1)


@raw("CountOfWhere")
def count_of_where(condition: Any) -> Any:
    return F.sum(cast(_truth(condition), "int32"), dtype="int32")


@public("where")
def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    if x is None:
        return raw_where(array(condition))
    from ivy_tensorflow.frontend.elementwise import select_v2

    return select_v2(array(condition), x, y)


def _first_of_each(x: Any) -> tuple[Any, Any]:
    """Return for each element the place of the first one equal to it, and whether that is its own."""
    n = x.shape[0]
    if n == 0:
        return cast(x, "int32"), F.equal(x, x)
    same = F.equal(F.expand_dims(x, axis=0), F.expand_dims(x, axis=1))
    first = cast(F.argmax(cast(same, "int32"), axis=1), "int32")
    return first, F.equal(first, F.arange(n, dtype="int32"))


def _unique(x: Any, size: int | None, out_idx: Any, counts: bool) -> tuple[Any, ...]:
    """Return distinct elements in the order in which they first come, and where each element is among them."""
    if x.ndim != 1:
        return refuse("tf.unique of anything but a vector")
    first, own = _first_of_each(x)
    if size is None:
        size = size_of(F.sum(cast(own, "int32"), dtype="int32"))
    values = F.take(x, _flat_positions(own, size), axis=0)
    rank = F.subtract(F.cumulative_sum(cast(own, "int32"), axis=0, dtype="int32"), 1)
    index = F.take(rank, first, axis=0)
    found = (values, cast(index, out_idx))
    return (*found, cast(F.bincount(index, length=size), out_idx)) if counts else found


@raw("Unique", "UniqueV2")
def unique(x: Any, out_idx: Any = "int32", axis: Any = None, size: int | None = None) -> Any:
    return _unique(x, size, out_idx, False)


@raw("UniqueWithCounts", "UniqueWithCountsV2")
def unique_with_counts(x: Any, out_idx: Any = "int32", axis: Any = None, size: int | None = None) -> Any:
    return _unique(x, size, out_idx, True)


@raw("CountOfUnique", "CountOfUniqueV2", "CountOfUniqueWithCounts", "CountOfUniqueWithCountsV2")
def count_of_unique(x: Any, out_idx: Any = "int32", axis: Any = None) -> Any:
    return F.sum(cast(_first_of_each(x)[1], "int32"), dtype="int32")


@public("unique")
def public_unique(x: Any, out_idx: Any = "int32") -> Any:
    return _unique(array(x), None, out_idx, False)


# -- order ------------------------------------------------------------------------------------------------------------


@raw("TopKV2")
def top_k(input: Any, k: Any, sorted: bool = True, index_type: Any = "int32") -> Any:
    """Find the largest; of equal elements those with the smaller indices come first, on every target."""
    k = size_of(k)
    order = F.get_item(F.argsort(input, axis=-1, descending=True, stable=True), (Ellipsis, slice(0, k)))
    return F.take_along_axis(input, order, axis=-1), cast(order, index_type)


@public("math.top_k", "nn.top_k")
def public_top_k(input: Any, k: Any = 1, sorted: bool = True, index_type: Any = "int32") -> Any:
    return top_k(array(input), k, sorted, index_type)


@raw("NthElement")
def nth_element(input: Any, n: Any, reverse: bool = False) -> Any:
    return F.get_item(F.sort(input, axis=-1, descending=reverse), (Ellipsis, size_of(n)))


@public("sort")
def sort(values: Any, axis: int = -1, direction: str = "ASCENDING") -> Any:
    return F.sort(array(values), axis=axis, descending=direction == "DESCENDING")


@public("argsort")
def argsort(values: Any, axis: int = -1, direction: str = "ASCENDING", stable: bool = False) -> Any:
    return cast(F.argsort(array(values), axis=axis, descending=direction == "DESCENDING", stable=True), "int32")


@raw("InTopKV2", "InTopK")
def in_top_k(predictions: Any, targets: Any, k: Any) -> Any:
    own = F.take_along_axis(predictions, F.expand_dims(targets, axis=-1), axis=-1)
    above = F.sum(cast(F.greater(predictions, own), "int32"), axis=-1)
    return F.logical_and(F.less(above, size_of(k)), F.isfinite(F.squeeze(own, axis=-1)))


@public("math.in_top_k", "nn.in_top_k")
def public_in_top_k(targets: Any, predictions: Any, k: Any) -> Any:
    return in_top_k(array(predictions), array(targets), k)


def _bounds(side: str) -> Any:
    def call(sorted_inputs: Any, values: Any, out_type: Any = "int32") -> Any:
        # rows are searched by counting, as TensorFlow's rows are independent
        a, v = F.expand_dims(sorted_inputs, axis=-2), F.expand_dims(values, axis=-1)
        below = F.less(a, v) if side == "left" else F.less_equal(a, v)
        return F.sum(cast(below, out_type), axis=-1, dtype=as_dtype(out_type))

    return call


raw("LowerBound")(_bounds("left"))
raw("UpperBound")(_bounds("right"))


@public("searchsorted")
def searchsorted(sorted_sequence: Any, values: Any, side: str = "left", out_type: Any = "int32") -> Any:
    return _bounds(side)(array(sorted_sequence), array(values), out_type)


@raw("Bucketize")
def bucketize(input: Any, boundaries: Any) -> Any:
    edges = array([float(b) for b in boundaries]) if boundaries else F.zeros((0,), dtype="float32")
    x = input if dtype_of(input).is_float else cast(input, "float32")
    return _bounds("right")(cast(edges, dtype_of(x)), x, "int32")
