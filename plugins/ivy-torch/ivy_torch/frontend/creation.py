"""Making tensors and changing their dtypes. Devices, layouts, memory formats and pinning are the backend's affair."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import DType, as_dtype, dtype_of, float32, int64
from ivy.errors import BackendError
from ivy_torch.frontend.declare import api, op, table, view
from ivy_torch.frontend.promotion import cast, dtype_arg, fitted, is_array, result_dtype, shape_of

_KEYS = frozenset({"device", "layout", "memory_format", "pin_memory", "requires_grad", "generator", "names", "out"})


def _check(device: Any) -> None:
    if device is not None and str(device).startswith("meta"):
        raise BackendError(
            "tensors on the device 'meta' have no values",
            hint="make the tensor on a real device, or leave `device` out",
        )


def _ignored(kwargs: dict[str, Any]) -> None:
    """Check the keyword arguments that say where a tensor lies: accepted, and left to the backend."""
    _check(kwargs.get("device"))
    unknown = set(kwargs) - _KEYS
    if unknown:
        raise TypeError(f"unexpected keyword arguments {sorted(unknown)}")


def _filled(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(*size: Any, dtype: Any = None, **kwargs: Any) -> Any:
        _ignored({k: v for k, v in kwargs.items() if k != "size"})
        shape = shape_of(size or (kwargs.get("size", ()),))
        return f(shape, dtype=dtype_arg(dtype) or float32)

    return call


# what is not initialised in torch is zero here, so that results don't depend on the backend
table("zeros\nones\nempty: zeros", _filled)


def _filled_like(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any, *, dtype: Any = None, **kwargs: Any) -> Any:
        _ignored(kwargs)
        return f(input, dtype=dtype_arg(dtype))

    return call


_LIKE = table("zeros_like\nones_like\nempty_like: zeros_like", _filled_like)


def _new_filled(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any, *size: Any, dtype: Any = None, **kwargs: Any) -> Any:
        _ignored({k: v for k, v in kwargs.items() if k != "size"})
        return f(shape_of(size or (kwargs.get("size", ()),)), dtype=dtype_arg(dtype) or dtype_of(input))

    return call


table("new_zeros: zeros\nnew_ones: ones\nnew_empty: zeros", _new_filled, "Tensor.")


@api("full")
def full(size: Any, fill_value: Any, *, dtype: Any = None, **kwargs: Any) -> Any:
    _ignored(kwargs)
    target = dtype_arg(dtype) or result_dtype(fill_value)
    return ops.full(shape_of((size,)), fitted(fill_value, target), dtype=target)


@api("full_like")
def full_like(input: Any, fill_value: Any, *, dtype: Any = None, **kwargs: Any) -> Any:
    _ignored(kwargs)
    target = dtype_arg(dtype) or dtype_of(input)
    return ops.full_like(input, fitted(fill_value, target), dtype=target)


@api("Tensor.new_full")
def new_full(input: Any, size: Any, fill_value: Any, *, dtype: Any = None, **kwargs: Any) -> Any:
    _ignored(kwargs)
    target = dtype_arg(dtype) or dtype_of(input)
    return ops.full(shape_of((size,)), fitted(fill_value, target), dtype=target)


@api("empty_strided")
def empty_strided(size: Any, stride: Any, *, dtype: Any = None, **kwargs: Any) -> Any:
    _ignored(kwargs)
    return ops.zeros(shape_of((size,)), dtype=dtype_arg(dtype) or float32)


@api("Tensor.new_empty_strided")
def new_empty_strided(input: Any, size: Any, stride: Any, *, dtype: Any = None, **kwargs: Any) -> Any:
    return empty_strided(size, stride, dtype=dtype or dtype_of(input), **kwargs)


@api("empty_permuted")
def empty_permuted(size: Any, physical_layout: Any, *, dtype: Any = None, **kwargs: Any) -> Any:
    return empty_strided(size, None, dtype=dtype, **kwargs)


def _flat(data: Any) -> list[Any]:
    if isinstance(data, (list, tuple, range)):
        return [leaf for item in data for leaf in _flat(item)]
    return [data]


@api("tensor", "as_tensor", "asarray")
def tensor(data: Any, *, dtype: Any = None, copy: Any = None, **kwargs: Any) -> Any:
    _ignored(kwargs)
    wanted = dtype_arg(dtype)
    if is_array(data):
        return cast(data, wanted)
    leaves = _flat(data)
    if any(is_array(x) for x in leaves):
        return cast(_stacked(data), wanted)
    if wanted is None:
        wanted = result_dtype(*leaves) if leaves else float32
    return ops.asarray(fitted(data, wanted) if type(data) is int else data, dtype=wanted)


@api("scalar_tensor")
def scalar_tensor(s: Any, *, dtype: Any = None, **kwargs: Any) -> Any:
    return tensor(s, dtype=float32 if dtype is None else dtype, **kwargs)


def _stacked(data: Any) -> Any:
    from ivy_torch.frontend.promotion import match

    if not isinstance(data, (list, tuple)):
        return data if is_array(data) else ops.asarray(data)
    return ops.stack(list(match(*(_stacked(x) for x in data))), axis=0)


@api("Tensor.new_tensor")
def new_tensor(input: Any, data: Any, *, dtype: Any = None, **kwargs: Any) -> Any:
    return tensor(data, dtype=dtype_of(input) if dtype is None and not is_array(data) else dtype, **kwargs)


@api("Tensor.new")
def new(input: Any, *size: Any) -> Any:
    if len(size) == 1 and (is_array(size[0]) or isinstance(size[0], list)):
        return tensor(size[0], dtype=dtype_of(input))
    return ops.zeros(shape_of(size) if size else (0,), dtype=dtype_of(input))


@api("from_numpy", "aten.lift_fresh_copy", "aten.lift_fresh", "aten.lift")
def from_numpy(ndarray: Any) -> Any:
    return ops.asarray(ndarray)


@api("arange")
def arange(start: Any = 0, end: Any = None, step: Any = 1, *, dtype: Any = None, **kwargs: Any) -> Any:
    _ignored(kwargs)
    if end is None:
        start, end = 0, start
    start, end, step = (v if isinstance(v, (int, float)) else _number(v) for v in (start, end, step))
    wanted = dtype_arg(dtype)
    if wanted is None:
        wanted = int64 if all(isinstance(v, int) for v in (start, end, step)) else float32
    if wanted == int64:  # torch truncates the bounds first, for this dtype only
        start, end, step = int(start), int(end), int(step)
    if wanted.is_integer and not all(isinstance(v, int) for v in (start, end, step)):
        n = max(0, math.ceil((end - start) / step))
        start, step = int(start), int(step)
        end = start + n * step
    return ops.arange(start, end, step, dtype=wanted)


def _number(x: Any) -> Any:
    """Return a 0-d array's value as a Python number: sizes are static."""
    return float(x) if dtype_of(x).is_inexact else int(x)


@api("range")
def range_(start: Any = 0, end: Any = None, step: Any = 1, *, dtype: Any = None, **kwargs: Any) -> Any:
    n = math.floor((end - start) / step) + 1
    return ops.add(ops.multiply(ops.arange(n, dtype=dtype_arg(dtype) or float32), step), start)


@api("linspace")
def linspace(start: Any, end: Any, steps: int, *, dtype: Any = None, **kwargs: Any) -> Any:
    _ignored(kwargs)
    wanted = dtype_arg(dtype) or _spaced_dtype(start, end)
    if steps == 1:
        return ops.reshape(ops.asarray(start, dtype=wanted), (1,))
    if wanted.is_inexact:
        return ops.linspace(start, end, int(steps), dtype=wanted)
    # torch truncates the ends, steps from both of them in floating point and truncates again
    a, b = (int(v) for v in (start, end))
    step = (b - a) / (steps - 1) if steps > 1 else 0.0
    half = steps // 2
    numbers = [int(a + step * i) if i < half else int(b - step * (steps - i - 1)) for i in range(int(steps))]
    return ops.asarray(numbers, dtype=wanted) if numbers else ops.zeros((0,), dtype=wanted)


def _spaced_dtype(*ends: Any) -> DType:
    if any(isinstance(v, complex) or (is_array(v) and dtype_of(v).is_complex) for v in ends):
        return as_dtype("complex64")
    return float32


@api("logspace")
def logspace(start: Any, end: Any, steps: int, base: float = 10.0, *, dtype: Any = None, **kwargs: Any) -> Any:
    _ignored(kwargs)
    wanted = dtype_arg(dtype) or _spaced_dtype(start, end)
    if wanted.is_integer:
        start, end = int(start), int(end)
    inner = wanted if wanted.is_inexact else as_dtype("float64")
    exponents = (
        ops.linspace(start, end, int(steps), dtype=inner) if steps != 1 else linspace(start, end, 1, dtype=inner)
    )
    return cast(ops.pow(ops.full_like(exponents, base), exponents), wanted)


@api("eye")
def eye(n: int, m: int | None = None, *, dtype: Any = None, **kwargs: Any) -> Any:
    _ignored(kwargs)
    return ops.eye(n, n if m is None else m, dtype=dtype_arg(dtype) or float32)


def _triangle(lower: bool) -> Callable[..., Any]:
    def call(row: int, col: int, offset: int = 0, *, dtype: Any = None, **kwargs: Any) -> Any:
        _ignored(kwargs)
        pairs = [(i, j) for i in range(row) for j in range(col) if ((j - i) <= offset if lower else (j - i) >= offset)]
        wanted = dtype_arg(dtype) or int64
        if not pairs:
            return ops.zeros((2, 0), dtype=wanted)
        return ops.asarray([[i for i, _ in pairs], [j for _, j in pairs]], dtype=wanted)

    return call


api("tril_indices")(_triangle(True))
api("triu_indices")(_triangle(False))


@api("vander")
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    n = x.shape[-1] if N is None else N
    x = x if dtype_of(x).is_inexact else cast(x, int64)
    x = x if x.shape else ops.reshape(x, (1,))
    powers = ops.arange(n, dtype=int64)
    powers = powers if increasing else ops.flip(powers, axis=0)
    return ops.pow(ops.expand_dims(x, axis=-1), cast(powers, dtype_of(x)))


@api("linalg.vander")
def linalg_vander(x: Any, *, N: int | None = None) -> Any:
    return vander(x, N, True)


# -- dtypes ------------------------------------------------------------------------------------------------------------


@view("Tensor.to", put=None, maybe=True)
def to(input: Any, *args: Any, **kwargs: Any) -> Any:
    dtype = kwargs.get("dtype")
    other = kwargs.get("other")
    _check(kwargs.get("device"))
    for a in args:
        if is_array(a):
            other = a
        elif isinstance(a, DType):
            dtype = a
        elif isinstance(a, str):
            _check(a)
            name = a.rpartition(".")[2]
            dtype = as_dtype(name) if name in _DTYPE_NAMES else dtype
    if other is not None:
        dtype = dtype_of(other)
    return cast(input, dtype_arg(dtype))


_DTYPE_NAMES = frozenset(
    [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "bfloat16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    ]
)

_TYPES = {
    "float": "float32", "double": "float64", "half": "float16", "bfloat16": "bfloat16", "int": "int32", "long": "int64",
    "short": "int16", "char": "int8", "byte": "uint8", "bool": "bool", "cfloat": "complex64", "cdouble": "complex128",
}  # fmt: skip


def _converting(dtype: str) -> Callable[..., Any]:
    def call(input: Any, memory_format: Any = None) -> Any:
        return cast(input, dtype)

    return call


for _name, _dtype in _TYPES.items():
    view(f"Tensor.{_name}", maybe=True)(_converting(_dtype))


@view("Tensor.type", maybe=True)
def type_(input: Any, dtype: Any = None, non_blocking: bool = False, **kwargs: Any) -> Any:
    if dtype is None:
        return f"torch.{dtype_of(input)}"
    if isinstance(dtype, str) and dtype.endswith("Tensor"):
        name = dtype.rpartition(".")[2].removesuffix("Tensor").lower()
        dtype = _TYPES.get(name, name)
    return cast(input, dtype_arg(dtype))


@view("Tensor.type_as", maybe=True)
def type_as(input: Any, other: Any) -> Any:
    return cast(input, dtype_of(other))


@api("aten._to_copy")
def to_copy(input: Any, *, dtype: Any = None, **kwargs: Any) -> Any:
    return cast(input, dtype_arg(dtype))


@api("aten.convert_element_type", "ops.prims.convert_element_type")
def convert_element_type(input: Any, dtype: Any) -> Any:
    return cast(input, dtype_arg(dtype))


# -- facts that need no values -----------------------------------------------------------------------------------------


@api("numel")
def numel(input: Any) -> int:
    return math.prod(input.shape)


@api("is_tensor")
def is_tensor(obj: Any) -> bool:
    return is_array(obj)


@api("is_floating_point")
def is_floating_point(input: Any) -> bool:
    return dtype_of(input).is_float


@api("is_complex")
def is_complex(input: Any) -> bool:
    return dtype_of(input).is_complex


@api("is_nonzero")
def is_nonzero(input: Any) -> bool:
    return bool(ops.reshape(input, ()))


@api("is_same_size")
def is_same_size(input: Any, other: Any) -> bool:
    return tuple(input.shape) == tuple(other.shape)


@api("result_type")
def result_type(tensor1: Any, tensor2: Any) -> DType:
    return result_dtype(tensor1, tensor2)


@api("promote_types")
def promote_types(type1: Any, type2: Any) -> DType:
    from ivy.dtypes import promote_types as promote

    return promote(type1, type2)


@api("can_cast")
def can_cast(from_: Any, to: Any) -> bool:
    ranks = ("bool", "int", "float", "complex")
    a, b = (ranks.index(as_dtype(d).kind.replace("uint", "int")) for d in (from_, to))
    return a <= b


@api("broadcast_shapes")
def broadcast_shapes(*shapes: Any) -> tuple[int, ...]:
    return ops.broadcast_shapes(*[(s,) if isinstance(s, int) else tuple(s) for s in shapes])


@api("Tensor.size", "aten.sym_size")
def size(input: Any, dim: int | None = None) -> Any:
    return tuple(input.shape) if dim is None else input.shape[dim]


@api("Tensor.dim", "Tensor.ndimension")
def dim(input: Any) -> int:
    return len(input.shape)


@api("Tensor.nelement", "aten.sym_numel")
def nelement(input: Any) -> int:
    return math.prod(input.shape)


@api("Tensor.stride", "aten.sym_stride")
def stride(input: Any, dim: int | None = None) -> Any:
    strides = tuple(math.prod(input.shape[i + 1 :]) for i in range(len(input.shape)))
    return strides if dim is None else strides[dim]


@api("Tensor.is_contiguous", "Tensor.is_pinned", "Tensor.is_same_size")
def is_contiguous(input: Any, *args: Any, **kwargs: Any) -> bool:
    return True


@api("Tensor.item", "aten._local_scalar_dense")
def item(input: Any) -> Any:
    kind: Callable[[Any], Any] = {"bool": bool, "float": float, "complex": complex}.get(dtype_of(input).kind, int)
    return kind(ops.reshape(input, ()))


def sizes(x: Any) -> Sequence[int]:
    """Return a shape as a tuple of ints."""
    return tuple(int(n) for n in x.shape)
