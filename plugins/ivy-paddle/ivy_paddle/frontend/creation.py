"""Functions that make tensors."""

from __future__ import annotations

from typing import Any

import ivy.functional as ops
from ivy.dtypes import as_dtype, dtype_of, float32, int64
from ivy_paddle.frontend.promotion import cast, fill, integers, is_array, known
from ivy_paddle.frontend.table import api, op


@op()
def full(shape: Any, value: Any, dtype: Any = None) -> Any:
    return ops.full(integers(shape), fill(value, as_dtype(dtype)), dtype=as_dtype(dtype))


@op()
def full_int_array(value: Any, dtype: Any = None) -> Any:
    return ops.asarray(list(value), dtype=as_dtype(dtype or int64))


@op()
def full_with_tensor(value: Any, shape: Any, dtype: Any = None) -> Any:
    if is_array(value):
        return ops.broadcast_to(cast(ops.reshape(value, ()), dtype), integers(shape))
    return full(shape, value, dtype)


@op()
def full_like(x: Any, value: Any, dtype: Any = None) -> Any:
    wanted = dtype_of(x) if dtype is None else as_dtype(dtype)
    return ops.full_like(x, fill(value, wanted), dtype=wanted)


@op()
def full_batch_size_like(
    input: Any, shape: Any, dtype: Any = None, value: Any = 0, input_dim_idx: int = 0, output_dim_idx: int = 0
) -> Any:
    sizes = list(integers(shape))
    sizes[output_dim_idx] = input.shape[input_dim_idx]
    return full(sizes, value, dtype)


@op()
def empty(shape: Any, dtype: Any = None) -> Any:
    return ops.zeros(integers(shape), dtype=as_dtype(dtype or float32))


@op()
def empty_like(x: Any, dtype: Any = None) -> Any:
    return ops.zeros_like(x, dtype=dtype)


@op()
def fill_(x: Any, value: Any) -> Any:
    return ops.full_like(x, fill(value, dtype_of(x)))


def _constant(value: Any) -> Any:
    def make(shape: Any, dtype: Any = None) -> Any:
        return full(shape, value, dtype or float32)

    return make


def _constant_like(value: Any) -> Any:
    def make(x: Any, dtype: Any = None) -> Any:
        return full_like(x, value, dtype)

    return make


for _name, _value in (("zeros", 0), ("ones", 1), ("empty", 0)):
    api(_name)(_constant(_value))
    api(f"{_name}_like")(_constant_like(_value))


@api("full")
def public_full(shape: Any, fill_value: Any, dtype: Any = None) -> Any:
    return full(shape, fill_value, dtype or ("bool" if isinstance(fill_value, bool) else float32))


@api("full_like")
def public_full_like(x: Any, fill_value: Any, dtype: Any = None) -> Any:
    return full_like(x, fill_value, dtype)


def _number(x: Any) -> Any:
    """Return a bound as a Python number where it is one already or known."""
    return x.item() if hasattr(x, "item") and not hasattr(x, "aval") else x


@op("arange")
def arange_(start: Any, end: Any, step: Any, dtype: Any = None) -> Any:
    dtype = as_dtype(dtype or int64)
    if dtype.is_integer:
        start, end, step = (v if isinstance(v, float) else known(v, "range") for v in (start, end, step))
    return ops.arange(start, end, step, dtype=dtype)


@api("arange", "range")
def arange(start: Any = 0, end: Any = None, step: Any = 1, dtype: Any = None) -> Any:
    if end is None:
        start, end = 0, start
    if dtype is None:
        dtype = int64 if all(isinstance(v, int) for v in (start, end, step)) else float32
    return arange_(start, end, step, dtype)


@op("linspace", also="linspace")
def linspace(start: Any, stop: Any, number: Any, dtype: Any = None) -> Any:
    return ops.linspace(_number(start), _number(stop), known(number, "number"), dtype=as_dtype(dtype or float32))


@op("logspace", also="logspace")
def logspace(start: Any, stop: Any, num: Any, base: Any = 10.0, dtype: Any = None) -> Any:
    points = ops.linspace(_number(start), _number(stop), known(num, "number"), dtype="float64")
    return cast(ops.pow(_number(base), points), dtype or float32)


@op("eye")
def eye_(num_rows: Any, num_columns: Any = -1, dtype: Any = None) -> Any:
    rows, columns = known(num_rows, "rows"), known(num_columns, "columns")
    return ops.eye(rows, rows if columns < 0 else columns, dtype=as_dtype(dtype or float32))


@api("eye")
def eye(num_rows: Any, num_columns: Any = None, dtype: Any = None) -> Any:
    return eye_(num_rows, -1 if num_columns is None else num_columns, dtype)


def _triangle(rows: int, columns: int, offset: int, upper: bool, dtype: Any) -> Any:
    keep = [(i, j) for i in range(rows) for j in range(columns) if (j - i >= offset if upper else j - i <= offset)]
    return ops.asarray([[i for i, _ in keep], [j for _, j in keep]], dtype=as_dtype(dtype or int64))


@op()
def tril_indices(rows: int, cols: int, offset: int = 0, dtype: Any = None) -> Any:
    return _triangle(rows, cols, offset, False, dtype)


@op()
def triu_indices(row: int, col: int, offset: int = 0, dtype: Any = None) -> Any:
    return _triangle(row, col, offset, True, dtype)


@api("tril_indices")
def public_tril_indices(row: int, col: int, offset: int = 0, dtype: Any = "int64") -> Any:
    return _triangle(row, col, offset, False, dtype)


@api("triu_indices")
def public_triu_indices(row: int, col: Any = None, offset: int = 0, dtype: Any = "int64") -> Any:
    return _triangle(row, row if col is None else col, offset, True, dtype)


@op("one_hot", also="F.one_hot")
def one_hot(x: Any, num_classes: Any) -> Any:
    return ops.one_hot(x, known(num_classes, "number of classes"), dtype=float32)


@op("sequence_mask")
def sequence_mask_(x: Any, max_len: Any = -1, out_dtype: Any = None) -> Any:
    n = known(max_len, "length")
    n = n if n >= 0 else known(ops.max(x), "length")
    return cast(ops.less(ops.arange(n, dtype=dtype_of(x)), ops.expand_dims(x, -1)), out_dtype or int64)


@api("F.sequence_mask")
def sequence_mask(x: Any, maxlen: Any = None, dtype: Any = "int64") -> Any:
    return sequence_mask_(x, -1 if maxlen is None else maxlen, dtype)


@api("to_tensor")
def to_tensor(data: Any, dtype: Any = None, place: Any = None, stop_gradient: bool = True) -> Any:
    if is_array(data):
        return cast(data, dtype)
    made = ops.asarray(data, dtype=dtype)
    return made if dtype is not None or dtype_of(made) != "float64" else cast(made, float32)


@api("vander")
def vander(x: Any, n: Any = None, increasing: bool = False) -> Any:
    n = x.shape[0] if n is None else n
    powers = range(n) if increasing else range(n - 1, -1, -1)
    return ops.stack([ops.ones_like(x) if p == 0 else ops.pow(x, p) for p in powers], axis=1)
