"""What the JAX backend provides besides ops: dtypes, devices, conversion, abstract evaluation, promotion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
from jax import dtypes

from ivy.backend import numpy_form
from ivy.dtypes import as_dtype, dtype_of
from ivy.errors import BackendError
from ivy.functional._limits import limited
from ivy.functional.promotion import common_dtype

__all__ = [
    "NAME",
    "NAMESPACES",
    "abstract_draws",
    "abstract_eval",
    "align",
    "default_dtype",
    "floating",
    "from_foreign",
    "native_device",
    "native_dtype",
    "native_types",
    "numeric",
    "promoting",
    "to_numpy",
]

NAME = "jax"
NAMESPACES: Mapping[str, str] = {
    "random": "jax.random",
    "linalg": "jax.scipy.linalg",
    "special": "jax.scipy.special",
    "nn": "jax.nn",
    "jax": "jax",
    "lax": "jax.lax",
    "jnp": "jax.numpy",
}

abstract_draws: ContextVar[bool] = ContextVar("ivy_jax_abstract_draws", default=False)
"""Whether what is traced only gives shapes, so that random numbers may be drawn without a key."""

_SCALARS = (bool, int, float, complex)
_NATIVE: dict[tuple[Any, bool], np.dtype[Any]] = {}


def native_types() -> tuple[type, ...]:
    """Return the array classes; tracers are instances of the first by its own metaclass only."""
    return (jax.Array, jax.core.Tracer)


def native_dtype(dtype: Any) -> np.dtype[Any]:
    """Return JAX's dtype object, which has 32 bits where a JAX without 64-bit types is asked for 64."""
    key = (dtype, jax.config.jax_enable_x64)
    try:
        return _NATIVE[key]
    except (KeyError, TypeError):
        name = as_dtype(dtype)
        full = np.dtype(ml_dtypes.bfloat16) if name == "bfloat16" else np.dtype(str(name))
        found = np.dtype(dtypes.canonicalize_dtype(full))
        try:
            _NATIVE[key] = found
        except TypeError:
            pass  # unhashable: looked up by name each time
        return found


def default_dtype(obj: Any) -> np.dtype[Any] | None:
    """Return the dtype that Python numbers get: float32, int64 (int32 without 64-bit types), ...; None for arrays."""
    if hasattr(obj, "dtype"):
        return None
    if _has_arrays(obj):
        return None
    kind = np.asarray(obj).dtype
    return native_dtype({"f": "float32", "c": "complex64"}.get(kind.kind, kind))


def _has_arrays(obj: Any) -> bool:
    return any(map(_has_arrays, obj)) if isinstance(obj, (list, tuple)) else hasattr(obj, "dtype")


def native_device(device: Any) -> Any:
    """Return JAX's device object for ``"cpu"`` or ``"gpu:0"``."""
    if not isinstance(device, str):
        return device
    platform, _, number = device.partition(":")
    try:
        return jax.devices(platform)[int(number or 0)]
    except (RuntimeError, IndexError) as error:
        raise BackendError(f"JAX has no device {device!r}", why=str(error), hint="see jax.devices()") from error


def from_foreign(x: Any, *, copy: bool = False) -> Any:
    """Take over another framework's array: by DLPack without a copy where it can, else through NumPy."""
    if type(x).__module__ == "ivy.array":
        x = x.data
    if isinstance(x, jax.core.Tracer):
        return jnp.array(x, copy=True) if copy else x
    # A graph may be made while jit traces its first call; its constants outlive that trace.
    with jax.ensure_compile_time_eval():
        return _concrete(x, copy)


def _concrete(x: Any, copy: bool) -> Any:
    if isinstance(x, jax.Array):
        return jnp.array(x, copy=True) if copy else x
    detach = getattr(x, "detach", None)
    if detach is not None:
        x = detach()
    if not hasattr(x, "dtype"):
        return jnp.asarray(x)
    full = dtype_of(x)
    kept = native_dtype(full) == full  # a 64-bit array must be cast in NumPy: JAX would warn
    if type(x) is np.ndarray and x.dtype == native_dtype(full):
        return _placed(x, copy)
    try:
        taken = jnp.from_dlpack(x) if kept and not isinstance(x, np.generic) else None
    except Exception:  # the exporter's own class of error: read-only memory, negative strides, another device ...
        taken = None
    if taken is None:
        return _placed(np.asarray(numpy_form(x)).astype(native_dtype(full), copy=False), copy=True)
    if taken.device.platform == "cpu":
        return _placed(np.asarray(taken), copy=copy)
    taken = _uncommitted(taken)
    return jnp.array(taken, copy=True) if copy else taken


def _placed(host: np.ndarray[Any, Any], copy: bool) -> Any:
    """Put an array in the host's memory where JAX's own are made: on the default device, and not committed to it.

    A committed array ties what is computed with it to its device: it meets no sharded array, and `jax.jit` compiles
    again for the results.
    """
    put = jax.device_put(host)
    if put.unsafe_buffer_pointer() != host.ctypes.data:
        # a copy, of another device or of memory that XLA's alignment does not suit; made in the background
        return put.block_until_ready()
    return jnp.array(put, copy=True).block_until_ready() if copy else put


def _uncommitted(x: Any) -> Any:
    """Free an array of an accelerator's memory from its device if that is the default one; shares the memory."""
    if x.device != jnp.zeros(()).device:
        return x
    return type(x)(x.aval, x.sharding, [x], committed=False)


def exportable(x: Any) -> Any:
    """Return what other frameworks can take over: the raw words of typed random keys, anything else as it is."""
    return jax.random.key_data(x) if jax.dtypes.issubdtype(x.dtype, jax.dtypes.prng_key) else x


def peculiarity(x: Any) -> str | None:
    """Say what keeps an array from being a graph's input; "", nothing, for random keys, whose dtype is their own."""
    return "" if jax.dtypes.issubdtype(x.dtype, jax.dtypes.prng_key) else None


def to_numpy(x: Any) -> Any:
    """Return the NumPy form, which shares memory where it can; bfloat16 is that of ml_dtypes."""
    return np.asarray(exportable(x))


def abstract_eval(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Trace `fn` with `jax.eval_shape` on the `Aval`s, the other arguments fixed, and describe its result."""
    from ivy.graph.aval import Aval

    inputs: list[Any] = []

    def gather(x: Any) -> Any:
        if isinstance(x, Aval):
            inputs.append(jax.ShapeDtypeStruct(x.shape, native_dtype(x.dtype)))
            return _Hole(len(inputs) - 1)
        return x

    holed = mapped(gather, (args, dict(kwargs)))
    shape: list[Any] = []

    def run(values: list[Any]) -> list[Any]:
        a, k = mapped(lambda x: values[x.place] if type(x) is _Hole else x, holed)
        arrays: list[Any] = []

        def part(x: Any) -> Any:
            if isinstance(x, (jax.Array, np.ndarray, np.generic)):
                arrays.append(x)
                return _Hole(len(arrays) - 1)
            return x

        shape[:] = [mapped(part, fn(*a, **k))]
        return arrays

    token = abstract_draws.set(True)
    try:
        avals = jax.eval_shape(run, inputs)
    finally:
        abstract_draws.reset(token)
    return mapped(
        lambda x: Aval(tuple(avals[x.place].shape), as_dtype(avals[x.place].dtype)) if type(x) is _Hole else x, shape[0]
    )


class _Hole:
    """Marks the place of an array in nested containers."""

    __slots__ = ("place",)

    def __init__(self, place: int) -> None:
        self.place = place


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
    first = getattr(operands[0], "dtype", None)
    if first is not None and not (inexact and first.kind in "biu"):
        for x in operands:
            if getattr(x, "dtype", None) is not first:
                break
        else:
            return list(operands)
    kinds = [getattr(x, "dtype", None) or _kind(x) for x in operands]
    dtype = native_dtype(common_dtype(*kinds, inexact=inexact))
    return [x if kind is dtype else jnp.asarray(x, dtype) for x, kind in zip(operands, kinds, strict=True)]


def _kind(x: Any) -> type:
    found = type(x)
    if found not in _SCALARS:
        raise TypeError(f"expected an array or a number, not {found.__module__}.{found.__qualname__}")
    return found


# kinds of dtypes that a Python scalar of each type leaves as they are ("V" is bfloat16)
_ABSORBS = {bool: "biufVc", int: "iufVc", float: "fVc", complex: "c"}


def promoting(
    fn: Callable[..., Any], *, inexact: bool = False, native: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """Make a function of two operands that promotes by Ivy's rule, then calls JAX's `fn`.

    Args:
        fn: JAX's function, or one on JAX's arrays.
        inexact: whether the result is floating point, so that integers are computed in float32.
        native: what generated code calls in place of `fn`, if that is no function of JAX; the same but for the signs of
            zeros.

    Returns:
        The function. Its attribute ``same_dtype`` is `fn`, which may be called in its place on arrays of one dtype (and
        weak Python scalars at some positions) where its attribute ``applies(dtype, positions)`` says so.
    """
    inexact_only = str.maketrans("", "", "biu") if inexact else {}
    weak = {scalar: kinds.translate(inexact_only) for scalar, kinds in _ABSORBS.items()}

    def promoted(x1: Any, x2: Any, /) -> Any:
        dtype = getattr(x1, "dtype", None)
        if dtype is not None and not (inexact and dtype.kind in "biu"):
            if dtype is getattr(x2, "dtype", None):
                return fn(x1, x2)
            # JAX reads a literal as int32 first, so that a bigger one has to have its dtype
            if dtype.kind in weak.get(type(x2), "") and (type(x2) is not int or -(1 << 31) <= x2 < 1 << 31):
                return fn(x1, x2)
        return fn(*align(x1, x2, inexact=inexact))

    made: Any = promoted
    made.same_dtype = native or fn
    made.applies = lambda dtype, scalars: dtype.is_inexact or not inexact
    return made


def numeric(fn: Callable[..., Any], limits: str, native: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """Make a function of one operand of any dtype with the right values of complex infinities and not-a-numbers.

    Args:
        fn: JAX's function.
        limits: the op whose values those are.
        native: what generated code calls in its place; `fn` by default.

    Returns:
        The function, with the attributes ``same_dtype`` and ``applies`` as `promoting` gives them.
    """
    of_complex = jax.jit(limited(limits, native or fn))

    def computed(x: Any, /) -> Any:
        dtype = getattr(x, "dtype", None)
        return of_complex(x) if dtype is not None and dtype.kind == "c" else fn(x)

    made: Any = computed
    made.same_dtype = native or fn
    made.applies = lambda dtype, scalars: not scalars
    return made


def floating(fn: Callable[..., Any], *, limits: str = "") -> Callable[..., Any]:
    """Make a function of one operand that computes integers in float32, which JAX with 64-bit types would not.

    Args:
        fn: JAX's function.
        limits: the op whose values complex infinities and not-a-numbers have (see `ivy.functional._limits`), where
            XLA's differ.

    Returns:
        The function, with the attributes ``same_dtype`` and ``applies`` as `promoting` gives them.
    """
    of_complex = jax.jit(limited(limits, fn)) if limits else fn

    def computed(x: Any, /) -> Any:
        dtype = getattr(x, "dtype", None)
        if dtype is None or dtype.kind in "biu":
            x = align(x, inexact=True)[0]
        elif dtype.kind == "c":
            return of_complex(x)
        return fn(x)

    made: Any = computed
    made.same_dtype = fn
    made.applies = lambda dtype, scalars: dtype.is_inexact and not scalars
    return made
