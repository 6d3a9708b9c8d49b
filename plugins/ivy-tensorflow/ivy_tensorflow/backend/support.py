"""What the TensorFlow backend provides besides ops: dtypes, devices, conversion, abstract evaluation, promotion.

Kernels that TensorFlow lacks for a dtype are supplied by computing in another one that gives the same numbers: `VIA`
says which, and every wrapper of a framework function here takes it into account.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from ivy.backend import backend_of, numpy_form
from ivy.dtypes import as_dtype, result_type
from ivy.errors import BackendError
from ivy.functional._limits import limited
from ivy.functional.promotion import common_dtype

__all__ = [
    "BOOL",
    "FINE_HALVES",
    "HALVES",
    "NAME",
    "NAMESPACES",
    "PUBLIC_MODULES",
    "SMALL_INTEGERS",
    "UNSIGNED",
    "abstract_eval",
    "align",
    "constant",
    "default_dtype",
    "dims",
    "exportable",
    "floating",
    "from_foreign",
    "inexact",
    "native_device",
    "native_dtype",
    "native_types",
    "promoting",
    "read",
    "rows_of",
    "supplied",
    "to_numpy",
]

NAME = "tensorflow"
NAMESPACES: Mapping[str, str] = {"tf": "tensorflow"}
PUBLIC_MODULES = tuple(f"tensorflow.{name}" for name in ("signal", "linalg", "bitwise", "math", "nn")) + ("tensorflow",)
"""Where functions have public names; the last one wins for a function that has several."""

_SCALARS = (bool, int, float, complex)
_NATIVE: dict[Any, tf.DType] = {}
_TENSOR = tf.__internal__.types.Tensor

# Dtypes for which some kernels are missing, and those that stand in: integers wrap around as their own width would,
# and rounding once from float32 is what half precision is.
BOOL: Mapping[tf.DType, tf.DType] = {tf.bool: tf.int32}
UNSIGNED: Mapping[tf.DType, tf.DType] = dict.fromkeys((tf.uint8, tf.uint16, tf.uint32, tf.uint64), tf.int64)
SMALL_INTEGERS: Mapping[tf.DType, tf.DType] = dict.fromkeys((tf.int8, tf.int16), tf.int32)
HALVES: Mapping[tf.DType, tf.DType] = dict.fromkeys((tf.float16, tf.bfloat16), tf.float32)
FINE_HALVES: Mapping[tf.DType, tf.DType] = {tf.bfloat16: tf.float32}


def native_types() -> tuple[type, ...]:
    """Return the array classes: the base of eager and symbolic tensors and of variables, which count as their value."""
    return (_TENSOR,)


def read(x: Any) -> Any:
    """Return the value of a variable; anything else is returned as it is."""
    return tf.convert_to_tensor(x) if isinstance(x, _TENSOR) and not isinstance(x, tf.Tensor) else x


def dims(x: Any) -> tuple[Any, ...]:
    """Return a tensor's sizes: integers, and tensors for those that are not known while a graph is made."""
    shape = tuple(x.shape)
    if None not in shape:
        return shape
    sizes = tf.shape(x)
    return tuple(sizes[axis] if d is None else d for axis, d in enumerate(shape))


def rows_of(x: Any) -> Any:
    """Return a tensor as a matrix: its last axis, and all others in one."""
    return tf.reshape(x, (-1 if 0 not in x.shape else math.prod(x.shape[:-1]), dims(x)[-1]))


def native_dtype(dtype: Any) -> tf.DType:
    """Return TensorFlow's dtype object."""
    try:
        return _NATIVE[dtype]
    except (KeyError, TypeError):
        name = as_dtype(dtype)
        found = tf.as_dtype(str(name))
        _NATIVE[name] = found
        try:
            _NATIVE[dtype] = found
        except TypeError:
            pass  # unhashable: looked up by name each time
        return found


def native_device(device: Any) -> Any:
    """Return TensorFlow's name of ``"cpu"`` or ``"gpu:0"``; None for None."""
    if device is None:
        return None
    kind, _, number = str(device).rpartition("/")[2].removeprefix("device:").partition(":")
    kind, number = kind.upper(), number or "0"
    if f"{kind}:{number}" not in {d.name.rpartition("device:")[2] for d in tf.config.list_logical_devices()}:
        raise BackendError(f"TensorFlow has no device {device!r}", hint="see tf.config.list_logical_devices()")
    return f"/device:{kind}:{number}"


def default_dtype(obj: Any) -> tf.DType | None:
    """Return the dtype that a Python number gets: float32, int64, bool or complex64; None for anything else."""
    return native_dtype(result_type(obj)) if type(obj) in _SCALARS else None


def from_foreign(x: Any, *, copy: bool = False) -> Any:
    """Take over another framework's array: by DLPack without a copy where it can, else through NumPy."""
    if type(x).__module__ == "ivy.array":
        x = x.data
    if isinstance(x, _TENSOR):
        return tf.identity(x) if copy else x
    # A graph may be made while tf.function traces its first call; its constants outlive that trace.
    with tf.init_scope():
        return _concrete(x, copy)


def exportable(x: Any) -> Any:
    """Return what other frameworks can take over: a variable, of TensorFlow or of keras, is none of their protocols."""
    return x if isinstance(x, tf.Tensor) else tf.convert_to_tensor(x)


def _concrete(x: Any, copy: bool) -> Any:
    detach = getattr(x, "detach", None)
    if detach is not None:
        x = detach()
    if not isinstance(x, (np.ndarray, np.generic)) and not copy:
        for step in ("resolve_conj", "resolve_neg"):
            x = getattr(x, step)() if hasattr(x, step) else x
        try:
            if not _aligned(x):
                raise BufferError("not aligned")
            return tf.experimental.dlpack.from_dlpack(x.__dlpack__())
        except Exception:  # the exporter's or TensorFlow's own class of error: strides, another device ...
            pass
    array = np.asarray(numpy_form(x))
    return tf.convert_to_tensor(array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("=")))


_ALIGNMENT = 64
"""Kernels abort the process on memory that begins elsewhere (Eigen's EIGEN_MAX_ALIGN_BYTES)."""


def _aligned(x: Any) -> bool:
    """Whether TensorFlow may compute in the memory of another framework's array."""
    memory = getattr(backend_of(x).module, "memory", None)
    place = None if memory is None else memory(x)
    address = np.from_dlpack(x).__array_interface__["data"][0] if place is None else place[0]
    return address % _ALIGNMENT == 0


def to_numpy(x: Any) -> Any:
    """Return the NumPy form; bfloat16 is that of ml_dtypes."""
    return np.asarray(tf.convert_to_tensor(x).numpy())


def abstract_eval(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Run `fn` on placeholders in a graph that nothing executes and describe its result."""
    from ivy.graph.aval import Aval

    def hole(x: Any) -> Any:
        return tf.compat.v1.placeholder(native_dtype(x.dtype), x.shape) if isinstance(x, Aval) else x

    def abstract(x: Any) -> Any:
        return Aval(tuple(x.shape), as_dtype(x.dtype)) if isinstance(x, _TENSOR) else x

    with tf.__internal__.FuncGraph("shapes").as_default():
        return mapped(abstract, fn(*mapped(hole, args), **mapped(hole, dict(kwargs))))


def mapped(function: Callable[[Any], Any], tree: Any) -> Any:
    """Apply `function` to the leaves of nested tuples, named tuples, lists and dicts."""
    if isinstance(tree, dict):
        return {k: mapped(function, v) for k, v in tree.items()}
    if isinstance(tree, (list, tuple)):
        parts = [mapped(function, v) for v in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    return function(tree)


def align(*operands: Any, inexact: bool = False) -> list[Any]:
    """Cast operands to their common dtype; Python scalars are weak."""
    kinds = [x.dtype if isinstance(x, _TENSOR) else _kind(x) for x in operands]
    dtype = native_dtype(common_dtype(*kinds, inexact=inexact))
    return [
        (x if kind is dtype else tf.cast(x, dtype)) if isinstance(x, _TENSOR) else constant(x, dtype)
        for x, kind in zip(operands, kinds, strict=True)
    ]


def constant(x: Any, dtype: tf.DType) -> Any:
    """Make a tensor without axes of a Python number, cast to a dtype as an array would be."""
    if dtype is tf.bool:
        x = bool(x)
    elif dtype.is_complex:
        x = complex(x)
    else:
        x = x.real if isinstance(x, complex) else x
        x = float(x) if dtype.is_floating else int(x)
    if dtype.is_complex or (dtype.is_floating and x == 0):
        # TensorFlow keeps the constants that it makes of Python's numbers by their value, and -0.0 equals 0.0
        x = np.asarray(x, dtype.as_numpy_dtype)
    return tf.constant(x, dtype)


def _kind(x: Any) -> type:
    found = type(x)
    if found not in _SCALARS:
        raise TypeError(f"expected a tensor or a number, not {found.__module__}.{found.__qualname__}")
    return found


def inexact(x: Any) -> Any:
    """Return `x`, as float32 if it is an integer or a boolean."""
    return x if x.dtype.is_floating or x.dtype.is_complex else tf.cast(x, tf.float32)


def _through(fn: Callable[..., Any], dtype: tf.DType, stand_in: tf.DType, operands: Any) -> Any:
    found = fn(*(tf.cast(x, stand_in) for x in operands))
    return tf.cast(found, dtype) if found.dtype is stand_in else found


def promoting(
    fn: Callable[..., Any],
    *,
    inexact: bool = False,
    via: Mapping[tf.DType, tf.DType] = BOOL,
    scalars: bool = True,
) -> Callable[..., Any]:
    """Make a function of two operands that promotes by Ivy's rule, then calls TensorFlow's `fn`.

    Args:
        fn: TensorFlow's function.
        inexact: whether the result is floating point, so that integers are computed in float32.
        via: dtypes that `fn` lacks, and in which others it is computed.
        scalars: whether `fn` takes a Python scalar as its second operand.

    Returns:
        The function. Its attribute ``same_dtype`` is `fn`, which may be called in its place on arrays of one dtype (and
        a weak Python scalar as the second) where its attribute ``applies(dtype, positions)`` says so.
    """
    absorbs = {
        dtype: kinds if scalars else ()
        for dtype, kinds in _ABSORBS.items()
        if dtype not in via and (not inexact or dtype.is_floating or dtype.is_complex)
    }

    def promoted(x1: Any, x2: Any, /) -> Any:
        dtype = getattr(x1, "dtype", None)
        found = absorbs.get(dtype)
        # zeros and complex numbers are not left to TensorFlow: see `constant`
        if found is not None and (getattr(x2, "dtype", None) is dtype or (type(x2) in found and x2)):
            return fn(x1, x2)
        a, b = align(x1, x2, inexact=inexact)
        stand_in = via.get(a.dtype)
        return fn(a, b) if stand_in is None else _through(fn, a.dtype, stand_in, (a, b))

    made: Any = promoted
    made.same_dtype = fn
    made.applies = lambda dtype, places: native_dtype(dtype) in absorbs and set(places) <= ({1} if scalars else set())
    return made


def _absorbed(dtype: tf.DType) -> tuple[type, ...]:
    if dtype.is_complex:
        return (int, float)
    return (int, float) if dtype.is_floating else (int,) if dtype.is_integer else (bool,)


_ABSORBS = {
    dtype: _absorbed(dtype)
    for dtype in (
        tf.bool, tf.int8, tf.int16, tf.int32, tf.int64, tf.uint8, tf.uint16, tf.uint32, tf.uint64,
        tf.float16, tf.bfloat16, tf.float32, tf.float64, tf.complex64, tf.complex128,
    )
}  # fmt: skip
"""Python scalars that TensorFlow itself reads in the other operand's dtype."""


def floating(
    fn: Callable[..., Any], *, via: Mapping[tf.DType, tf.DType] | None = None, limits: str = ""
) -> Callable[..., Any]:
    """Make a function of one operand that computes integers in float32, and in another dtype what `fn` lacks.

    Args:
        fn: TensorFlow's function.
        via: dtypes that `fn` lacks, and in which others it is computed.
        limits: the op whose values complex infinities and not-a-numbers have (see `ivy.functional._limits`), where
            TensorFlow's differ.

    Returns:
        The function, with the attributes ``same_dtype`` and ``applies`` as `promoting` gives them.
    """
    stand_ins = via or {}
    of_complex = limited(limits, fn) if limits else fn

    def computed(x: Any, /) -> Any:
        dtype = x.dtype
        if not (dtype.is_floating or dtype.is_complex):
            return fn(tf.cast(x, tf.float32))
        if dtype.is_complex:
            return of_complex(x)
        stand_in = stand_ins.get(dtype)
        return fn(x) if stand_in is None else _through(fn, dtype, stand_in, (x,))

    made: Any = computed
    made.same_dtype = fn
    made.applies = lambda dtype, scalars: dtype.is_inexact and not scalars and native_dtype(dtype) not in stand_ins
    return made


def supplied(fn: Callable[..., Any], via: Mapping[tf.DType, tf.DType]) -> Callable[..., Any]:
    """Make a function of one operand that computes in another dtype what `fn` lacks."""

    def computed(x: Any, /) -> Any:
        stand_in = via.get(x.dtype)
        return fn(x) if stand_in is None else _through(fn, x.dtype, stand_in, (x,))

    made: Any = computed
    made.same_dtype = fn
    made.applies = lambda dtype, scalars: not scalars and native_dtype(dtype) not in via
    return made
