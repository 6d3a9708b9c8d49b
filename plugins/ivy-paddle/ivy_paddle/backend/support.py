"""What the Paddle backend provides besides ops: dtypes, devices, conversion, abstract evaluation, promotion.

Most of Paddle's CPU kernels are written for int32, int64, float32 and float64 only, and none computes in uint16, uint32
or uint64. Which other dtype stands in is said once, by the tables here; `unary`, `promoting` and `widened` read them.
"""

from __future__ import annotations

import re
import secrets
import warnings
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Any

from ivy.backend import numpy_form
from ivy.dtypes import as_dtype, result_type
from ivy.errors import BackendError, DataDependentError
from ivy.functional._limits import limited
from ivy.functional.promotion import common_dtype
from ivy_paddle.backend.derivatives import with_slopes
from ivy_paddle.loading import paddle, static_mode

__all__ = [
    "COMPLEX",
    "FLOATS",
    "HALVES",
    "INEXACT",
    "NAME",
    "NAMESPACES",
    "NOT_INDEXED",
    "NARROW",
    "UNSIGNED",
    "WHOLE",
    "abstract_eval",
    "align",
    "cast",
    "described_as",
    "eager",
    "exportable",
    "floating",
    "from_foreign",
    "is_value",
    "known_shape",
    "mapped",
    "moving",
    "native_device",
    "native_dtype",
    "native_types",
    "number",
    "on_cpu",
    "placed",
    "promoting",
    "restored",
    "sizes_of",
    "to_numpy",
    "unary",
    "unsigned_quotient",
    "unsigned_remainder",
    "widened",
]

NAME = "paddle"
NOT_INDEXED = frozenset({"uint16", "uint32", "uint64"})
"""Dtypes of arrays that brackets don't index."""

NAMESPACES: Mapping[str, str] = {"F": "paddle.nn.functional", "paddle": "paddle"}

_framework: Any = paddle.base.framework
_Value: Any = paddle.pir.Value
_SCALARS = (bool, int, float, complex)
_EXACT = 1 << 53
"""Paddle takes numbers through float64."""

# Paddle's dtype objects differ by mode but are equal and hash alike: compare and look up, never `is`
_NATIVE: dict[Any, Any] = {}
UNSIGNED = {paddle.uint16: paddle.int32, paddle.uint32: paddle.int64, paddle.uint64: paddle.int64}
"""Dtypes that Paddle can store and cast but neither move nor compute in -> what stands in."""
HALVES = {paddle.float16: paddle.float32, paddle.bfloat16: paddle.float32}
"""Dtypes that are computed in float32 on the CPU, where few kernels have them; on a GPU they are not touched."""
NARROW = {
    paddle.bool: paddle.int32,
    paddle.int8: paddle.int32,
    paddle.int16: paddle.int32,
    paddle.uint8: paddle.int32,
    **UNSIGNED,
    **HALVES,
}
"""Dtypes that most CPU kernels lack -> what stands in."""
WHOLE = frozenset({*NARROW, paddle.int32, paddle.int64} - set(HALVES))
FLOATS = frozenset({*HALVES, paddle.float32, paddle.float64})
COMPLEX = frozenset({paddle.complex64, paddle.complex128})
_FINER = frozenset({paddle.bfloat16, paddle.float32, paddle.float64})
INEXACT = {**dict.fromkeys(WHOLE, paddle.float32), **HALVES}


def native_types() -> tuple[type, ...]:
    """Return the array classes: tensors, and values of the programs that `paddle.jit.to_static` builds."""
    return (paddle.Tensor, _Value)


def native_dtype(dtype: Any) -> Any:
    """Return Paddle's dtype object."""
    try:
        return _NATIVE[dtype]
    except (KeyError, TypeError):
        name = as_dtype(dtype)
        found = getattr(paddle, str(name))
        _NATIVE[name] = found
        try:
            _NATIVE[dtype] = found
        except TypeError:
            pass  # unhashable: looked up by name each time
        return found


def native_device(device: Any) -> Any:
    """Check a device's name; Paddle's are Ivy's."""
    if device is None or (isinstance(device, str) and device.partition(":")[0] in ("cpu", "gpu", "xpu")):
        return device
    if type(device).__module__.startswith("paddle"):
        return device
    raise BackendError(f"Paddle has no device {device!r}", hint='use "cpu" or "gpu:0"; see paddle.device')


def placed(x: Any, device: Any) -> Any:
    """Move a tensor to a device, if one is given."""
    return x if native_device(device) is None or is_value(x) else x.to(device)


def is_value(x: Any) -> bool:
    """Tell whether `x` belongs to a program that is being built, so that it has no value yet."""
    return isinstance(x, _Value)


def on_cpu(x: Any) -> bool:
    """Tell whether a tensor is on the CPU; what a program builds will be where the process computes."""
    place = _framework._current_expected_place() if is_value(x) else x.place
    # the place is not defined before the first device is chosen, which without CUDA can only be the CPU
    return bool(place.is_cpu_place()) or not (place.is_gpu_place() or paddle.is_compiled_with_cuda())


def sizes_of(x: Any) -> list[Any]:
    """Return the shape; a size that is not known while a program is built, as a value of that."""
    return [paddle.shape(x)[i].astype(paddle.int64) if n == -1 else n for i, n in enumerate(x.shape)]


def known_shape(x: Any, what: str) -> Any:
    """Return the shape, all of which has to be known."""
    if -1 in x.shape:
        raise BackendError(
            f"{what} of an array of shape {tuple(x.shape)} needs sizes that this program of paddle.jit.to_static "
            "leaves open",
            hint="give every size in the InputSpec",
        )
    return x.shape


def eager() -> AbstractContextManager[Any]:
    """Return a context in which tensors have values, also while a program is being built."""
    return nullcontext() if paddle.in_dynamic_mode() else paddle.base.dygraph.guard()


# ----------------------------------------------------------------------------------------------------------- conversion


def from_foreign(x: Any, *, copy: bool = False) -> Any:
    """Take over another framework's array: by DLPack without a copy where it can, else through NumPy."""
    if type(x).__module__ == "ivy.array":
        x = x.data
    if isinstance(x, (paddle.Tensor, _Value)):
        return _clone(x.detach()) if copy else x
    with eager():
        return _taken(x, copy)


def _taken(x: Any, copy: bool) -> Any:
    import numpy as np

    detach = getattr(x, "detach", None)
    if detach is not None:
        x = detach()
    if not isinstance(x, (np.ndarray, np.generic)):
        if _shares(x):
            try:
                taken = paddle.utils.dlpack.from_dlpack(x)
                return taken.clone() if copy else taken
            except Exception:  # the exporter's own class of error: another device, lazy conjugation ...
                pass
        return _of_numpy(np.asarray(numpy_form(x)), copy=True)
    return _of_numpy(x, copy)


def _shares(x: Any) -> bool:
    """Tell whether Paddle reads this array's memory right: the kernels expect no gaps."""
    contiguous = getattr(x, "is_contiguous", None)
    return hasattr(x, "__dlpack__") and 0 not in x.shape and (contiguous is None or bool(contiguous()))


def _of_numpy(x: Any, copy: bool) -> Any:
    import numpy as np

    dtype = native_dtype(x.dtype)
    if not x.size:
        return paddle.zeros(x.shape, "int32").astype(dtype)
    if x.dtype.name == "bfloat16":
        return _of_numpy(x.view("int16"), copy).view(paddle.bfloat16)
    sharable = isinstance(x, np.ndarray) and x.flags.writeable and x.flags.c_contiguous and x.flags.aligned
    if copy or not sharable or not x.dtype.isnative:
        x = np.array(x, x.dtype.newbyteorder("="), order="C")  # the tensor alone holds it
    return paddle.utils.dlpack.from_dlpack(x)


def to_numpy(x: Any) -> Any:
    """Return the NumPy form; bfloat16 is that of ml_dtypes."""
    if is_value(x):
        raise DataDependentError("a value of a program that paddle.jit.to_static builds has no numbers yet")
    found = x.detach().numpy()
    if x.dtype == paddle.bfloat16:
        import ml_dtypes

        return found.view(ml_dtypes.bfloat16)
    return found


def exportable(x: Any) -> Any:
    """Return what other frameworks can take over: Paddle's own NumPy form of bfloat16 is one of integers."""
    return to_numpy(x) if x.dtype == paddle.bfloat16 else x.detach()


def peculiarity(x: Any) -> str | None:
    """Say what keeps a tensor from being a graph's input, besides its dtype."""
    if is_value(x):
        return None
    if not x._is_initialized():
        return "no value"
    return None if x.is_dense() else "sparse layout"


# ----------------------------------------------------------------------------------------------------------- abstractly


_describing = ContextVar("describing", default=False)


def described_as(shape: Any, dtype: Any, what: str) -> Any:
    """Stand for a result that a program cannot compute, while only its shape and dtype are asked for."""
    if not _describing.get():
        raise BackendError(
            f"programs of paddle.jit.to_static have no operator for {what}", hint="call the function eagerly"
        )
    return paddle.static.data(f"described{secrets.token_hex(8)}", list(shape), dtype)


_OWN_NOISE = "Tensor do not have 'place' interface"
"""What Paddle's own `where` and `zeros_like` make it say while a program is built."""


def abstract_eval(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Build a program of its own with `fn` on values in place of the `Aval`s and describe its result."""
    from ivy.graph.aval import Aval

    count = 0

    def value(x: Any) -> Any:
        nonlocal count
        if isinstance(x, paddle.Tensor):
            x = Aval(tuple(x.shape), as_dtype(x.dtype))
        if not isinstance(x, Aval):
            return x
        count += 1
        return paddle.static.data(f"x{count}", list(x.shape), native_dtype(x.dtype))

    def describe(x: Any) -> Any:
        if not isinstance(x, (_Value, paddle.Tensor)):
            return x
        if any(n < 0 for n in x.shape):
            raise DataDependentError(
                "the shape of a result depends on values, which are not there while shapes are computed",
                hint="give the function arrays with values, or use a form with a fixed size",
            )
        return Aval(tuple(x.shape), as_dtype(x.dtype))

    def ones(x: Any) -> Any:  # no zeros: somebody may divide by them
        if not isinstance(x, Aval):
            return x
        dtype = native_dtype(x.dtype)
        return paddle.ones(list(x.shape), UNSIGNED.get(dtype, dtype)).astype(dtype)

    token = _describing.set(True)
    try:
        with (
            static_mode(paddle.static.Program(), paddle.static.Program()),
            warnings.catch_warnings(),
        ):
            warnings.filterwarnings("ignore", _OWN_NOISE, UserWarning)
            return mapped(describe, fn(*mapped(value, args), **mapped(value, dict(kwargs))))
    except (NotImplementedError, TypeError) as error:
        if not re.search(r"\buint(16|32|64)\b", str(error)):
            raise
    finally:
        _describing.reset(token)
    # programs have no wide unsigned integers, arrays with values do
    state = paddle.get_rng_state()
    try:
        return mapped(describe, fn(*mapped(ones, args), **mapped(ones, dict(kwargs))))
    finally:
        paddle.set_rng_state(state)


def mapped(function: Callable[[Any], Any], tree: Any) -> Any:
    """Apply `function` to the leaves of nested tuples, named tuples, lists and dicts."""
    if isinstance(tree, dict):
        return {k: mapped(function, v) for k, v in tree.items()}
    if isinstance(tree, (list, tuple)) and not isinstance(tree, paddle.Size):
        parts = [mapped(function, v) for v in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    return function(tree)


# ------------------------------------------------------------------------------------------------------------ promotion


def number(value: Any, dtype: Any) -> Any:
    """Make an array without axes of a Python number, in any dtype and exactly."""
    dtype = native_dtype(dtype)
    if dtype in UNSIGNED or (type(value) is int and abs(value) > _EXACT):
        value = int(value)
        value = (value + 2**63) % 2**64 - 2**63  # the bits as int64
        low = paddle.full([], value & 0xFFFFFFFF, paddle.int64)
        return (paddle.full([], value >> 32, paddle.int64) * 2**32 + low).astype(dtype)
    return paddle.full([], value, dtype)


def align(*operands: Any, inexact: bool = False) -> list[Any]:
    """Cast operands to their common dtype, tensors without axes included; Python scalars are weak."""
    kinds = [getattr(x, "dtype", None) or _kind(x) for x in operands]
    dtype = native_dtype(common_dtype(*kinds, inexact=inexact))
    return [
        number(x, dtype) if isinstance(kind, type) else x if kind == dtype else cast(x, dtype)
        for x, kind in zip(operands, kinds, strict=True)
    ]


def _kind(x: Any) -> type:
    found = type(x)
    if found not in _SCALARS:
        raise TypeError(f"expected a tensor or a number, not {found.__module__}.{found.__qualname__}")
    return found


def default_dtype(obj: Any) -> Any:
    """Return the dtype that a Python number gets: float32, int64, bool or complex64; None for anything else."""
    return native_dtype(result_type(obj)) if type(obj) in _SCALARS else None


def _stand_in(x: Any, table: Mapping[Any, Any]) -> Any:
    """Return the dtype in which `x` has to be computed, None if its own will do: on a GPU floats stay."""
    found = table.get(x.dtype)
    return None if found is None or (x.dtype in FLOATS and not on_cpu(x)) else found


def widened(x: Any, table: Mapping[Any, Any] = NARROW) -> Any:
    """Return `x`, in the dtype that stands in for its own if that is one of `table`."""
    found = _stand_in(x, table)
    return x if found is None else x.astype(found)


_LEAST_HALF = 2.0**-25
"""What rounds to 0 in float16."""


def cast(x: Any, dtype: Any) -> Any:
    """Cast to a dtype of Paddle's."""
    if dtype == paddle.float16 and x.dtype in _FINER and on_cpu(x):
        # Paddle shifts the bits of smaller numbers too far and makes normal ones of them; programs choose no bfloat16
        x = x.astype(paddle.float32) if x.dtype == paddle.bfloat16 else x
        x = paddle.where(paddle.abs(x) <= _LEAST_HALF, paddle.scale(x, 0.0, -0.0), x)
    return x.astype(dtype)


def restored(result: Any, dtype: Any) -> Any:
    """Cast what was computed in a stand-in back; truths stay as they are. Integers are cut off modulo their width."""
    return result if result.dtype == dtype or result.dtype == paddle.bool else cast(result, dtype)


def unary(
    fn: Callable[..., Any], *, table: Mapping[Any, Any] = NARROW, slope: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """Make a function of one operand, computed in a wider dtype where Paddle has no kernel.

    Args:
        fn: Paddle's function.
        table: which dtypes it lacks and what stands in; integers that get float32 stay that.
        slope: its derivative, if Paddle's has none (see `with_slopes`).

    Returns:
        The function. Its attribute ``same_dtype`` is `fn`, which may be called in its place on arrays of a dtype for
        which its attribute ``applies(dtype, positions)`` says so.
    """

    run = with_slopes(fn, slope)

    def computed(x: Any, /) -> Any:
        wide = _stand_in(x, table)
        if wide is None:
            return run(x)
        result = run(x.astype(wide))
        return result if wide == paddle.float32 and x.dtype in WHOLE else restored(result, x.dtype)

    made: Any = computed
    made.same_dtype = fn
    made.applies = lambda dtype, positions: native_dtype(dtype) not in table and not positions
    return made


def floating(
    fn: Callable[..., Any],
    slope: Callable[..., Any] | None = None,
    *,
    limits: str = "",
    table: Mapping[Any, Any] = INEXACT,
) -> Callable[..., Any]:
    """Make a function of one operand that computes integers in float32.

    Args:
        fn: Paddle's function.
        slope: its derivative, if Paddle's has none.
        table: which dtypes it lacks and what stands in.
        limits: the op whose values complex infinities and not-a-numbers have (see `ivy.functional._limits`), where
            Paddle's differ.

    Returns:
        The function, with the attributes ``same_dtype`` and ``applies`` as `unary` gives them.
    """
    real = unary(fn, table=table, slope=slope)
    if not limits:
        return real
    of_complex = limited(limits, with_slopes(fn, slope))

    def computed(x: Any, /) -> Any:
        return of_complex(x) if x.dtype in COMPLEX else real(x)

    made: Any = computed
    made.same_dtype, made.applies = fn, real.applies  # type: ignore[attr-defined]
    return made


def moving(fn: Callable[..., Any], *, table: Mapping[Any, Any] = UNSIGNED) -> Callable[..., Any]:
    """Make a function that moves the elements of its first operand about, in another dtype where Paddle cannot."""

    def moved(x: Any, /, *args: Any, **kwargs: Any) -> Any:
        wide = _stand_in(x, table)
        return fn(x, *args, **kwargs) if wide is None else fn(x.astype(wide), *args, **kwargs).astype(x.dtype)

    return moved


_clone = moving(lambda x: x.clone())
_OPERATOR_DTYPES = frozenset({paddle.float32})


def promoting(
    fn: Callable[..., Any],
    operator: Callable[..., Any] | None = None,
    *,
    inexact: bool = False,
    order: bool = False,
    big: Callable[..., Any] | bool = True,
    table: Mapping[Any, Any] = NARROW,
    slopes: Callable[..., Any] | None = None,
) -> Callable[..., Any]:
    """Make a function of two operands that promotes by Ivy's rule, then calls Paddle's `fn`.

    Args:
        fn: Paddle's function.
        operator: Python's operator, if it means the same on float32 tensors and Python numbers.
        inexact: whether the result is floating point, so that integers are computed in float32.
        order: whether the result depends on the order of numbers, which uint64 doesn't share with int64.
        big: whether `fn` can be computed on the bits of uint64 as int64, or what does so in its place.
        table: which dtypes `fn` lacks and what stands in.
        slopes: its derivatives by both operands, if Paddle's have none (see `with_slopes`).

    Returns:
        The function, with the attributes ``same_dtype`` and ``applies`` as `unary` gives them.
    """
    slow = {**table, **INEXACT} if inexact else table
    run = with_slopes(fn, slopes)

    def promoted(x1: Any, x2: Any, /) -> Any:
        dtype = getattr(x1, "dtype", None)
        if dtype is not None and dtype not in slow:
            if dtype == getattr(x2, "dtype", None):
                return run(x1, x2)
            # elsewhere Paddle rounds Python numbers to float32, or reads them as the tensor's kind
            if operator is not None and type(x2) in (int, float) and dtype in _OPERATOR_DTYPES:
                return operator(x1, x2)
        a, b = align(x1, x2, inexact=inexact)
        wide = _stand_in(a, table)
        if wide is None:
            return run(a, b)
        dtype = a.dtype
        if dtype == paddle.uint64:
            return _on_uint64(fn, a, b, order, big)
        return restored(run(a.astype(wide), b.astype(wide)), dtype)

    made: Any = promoted
    made.same_dtype = fn
    made.applies = lambda dtype, positions: (
        native_dtype(dtype) not in slow
        and (not positions or (operator is not None and native_dtype(dtype) in _OPERATOR_DTYPES))
    )
    return made


def unsigned_quotient(a: Any, b: Any) -> Any:
    """Divide unsigned numbers that are given as int64 with the same bits."""
    flip = number(-(2**63), paddle.int64)
    half = (a >> 1) & ~flip  # below 2**63, so that int64 divides it; twice its quotient is at most one too small
    near = paddle.where(b < 0, paddle.zeros_like(half), 2 * paddle.floor_divide(half, paddle.where(b < 0, 1, b)))
    return near + ((a - near * b) ^ flip >= b ^ flip).astype(paddle.int64)


def unsigned_remainder(a: Any, b: Any) -> Any:
    """Return what `unsigned_quotient` leaves."""
    return a - unsigned_quotient(a, b) * b


def _on_uint64(fn: Callable[..., Any], a: Any, b: Any, order: bool, big: Callable[..., Any] | bool) -> Any:
    if not big:
        raise BackendError(
            f"Paddle can't compute {fn.__name__} on uint64", hint="cast to int64 if the numbers allow it"
        )
    flip = number(-(2**63), paddle.int64) if order else None  # maps the order of uint64 to that of int64
    a, b = (x.astype(paddle.int64) if flip is None else x.astype(paddle.int64) ^ flip for x in (a, b))
    result = big(a, b) if callable(big) else fn(a, b)
    return restored(result if flip is None or result.dtype == paddle.bool else result ^ flip, paddle.uint64)
