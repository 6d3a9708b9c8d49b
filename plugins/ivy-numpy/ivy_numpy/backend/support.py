"""What the NumPy backend provides besides ops: dtypes, conversion, abstract evaluation, promotion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ml_dtypes
import numpy as np

from ivy.backend import numpy_form
from ivy.dtypes import as_dtype
from ivy.errors import BackendError
from ivy.functional._limits import limited
from ivy.functional.promotion import common_dtype

__all__ = [
    "NAME",
    "NAMESPACES",
    "abstract_eval",
    "align",
    "check_device",
    "default_dtype",
    "floating",
    "from_foreign",
    "native_dtype",
    "native_types",
    "promoting",
    "to_numpy",
    "widened",
]

NAME = "numpy"
NAMESPACES: Mapping[str, str] = {"special": "scipy.special", "np": "numpy"}

_SCALARS = (bool, int, float, complex)
_FLOAT32 = np.dtype("float32")
_HALVES = frozenset({np.dtype("float16"), np.dtype(ml_dtypes.bfloat16)})
_NATIVE: dict[Any, np.dtype[Any]] = {}


def native_types() -> tuple[type, ...]:
    """Return the array classes; indexing an array with integers gives an `np.generic`."""
    return (np.ndarray, np.generic)


def native_dtype(dtype: Any) -> np.dtype[Any]:
    """Return NumPy's dtype object; bfloat16 is that of ml_dtypes."""
    try:
        return _NATIVE[dtype]
    except (KeyError, TypeError):
        name = as_dtype(dtype)
        found = np.dtype(ml_dtypes.bfloat16) if name == "bfloat16" else np.dtype(str(name))
        _NATIVE[name] = found
        try:
            _NATIVE[dtype] = found
        except TypeError:
            pass  # unhashable: looked up by name each time
        return found


def default_dtype(obj: Any) -> np.dtype[Any] | None:
    """Return the dtype that Python numbers get: NumPy's own choice, but float32 and complex64; None for arrays."""
    if hasattr(obj, "dtype"):
        return None
    if isinstance(obj, (list, tuple)) and any(hasattr(x, "dtype") for x in obj):
        return None
    kind = np.asarray(obj).dtype
    return {"f": _FLOAT32, "c": np.dtype("complex64")}.get(kind.kind, kind)


def check_device(device: str | None) -> None:
    """Refuse every device but the CPU."""
    if device not in (None, "cpu"):
        raise BackendError(f"NumPy has no device {device!r}", hint="leave device out, or use the torch or jax backend")


def from_foreign(x: Any, *, copy: bool = False) -> Any:
    """Take over another framework's array: by DLPack without a copy where it can, else through its NumPy form."""
    if type(x).__module__ == "ivy.array":
        x = x.data
    if isinstance(x, (np.ndarray, np.generic)):
        return np.array(x) if copy else x
    detach = getattr(x, "detach", None)
    if detach is not None:
        x = detach()
    try:
        taken = np.from_dlpack(x)
    except Exception:  # the exporter's own class of error: bool, bfloat16, another device, lazy conjugation ...
        taken = np.asarray(numpy_form(x))
    return np.array(taken) if copy else taken


def peculiarity(x: Any) -> str | None:
    """Say what keeps an array from being a graph's input, besides its dtype."""
    if isinstance(x, np.ma.MaskedArray):
        return "masked values, whose mask would be lost"
    return "matrices, whose * would change its meaning" if isinstance(x, np.matrix) else None


def to_numpy(x: Any) -> Any:
    """Return the array itself."""
    return x


def abstract_eval(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Run `fn` on zeros in place of the `Aval`s (NumPy has no abstract arrays) and describe its result."""
    from ivy.graph.aval import Aval

    def concrete(x: Any) -> Any:
        if not isinstance(x, Aval):
            return x
        square = len(x.shape) >= 2 and x.shape[-1] == x.shape[-2]
        if square and as_dtype(x.dtype).is_inexact:  # a matrix of zeros has no inverse
            return np.zeros(x.shape, native_dtype(x.dtype)) + np.eye(x.shape[-1], dtype=native_dtype(x.dtype))
        return np.zeros(x.shape, native_dtype(x.dtype))

    def abstract(x: Any) -> Any:
        return Aval(tuple(x.shape), as_dtype(x.dtype)) if isinstance(x, (np.ndarray, np.generic)) else x

    with np.errstate(all="ignore"):
        return mapped(abstract, fn(*mapped(concrete, args), **mapped(concrete, dict(kwargs))))


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
    return [x if kind is dtype else np.asarray(x, dtype) for x, kind in zip(operands, kinds, strict=True)]


def _kind(x: Any) -> type:
    found = type(x)
    if found not in _SCALARS:
        raise TypeError(f"expected an array or a number, not {found.__module__}.{found.__qualname__}")
    return found


# kinds of dtypes that a Python scalar of each type leaves as they are, in NumPy as in Ivy; bfloat16 is not among them
_ABSORBS = {bool: "biuf", int: "iuf", float: "f"}


def promoting(fn: Callable[..., Any], *, inexact: bool = False) -> Callable[..., Any]:
    """Make a function of two operands that promotes by Ivy's rule, then calls NumPy's `fn`.

    Args:
        fn: NumPy's function.
        inexact: whether the result is floating point, so that integers are computed in float32.

    Returns:
        The function. Its attribute ``same_dtype`` is `fn`, which may be called in its place on arrays of one dtype (and
        weak Python scalars at some positions) where its attribute ``applies(dtype, positions)`` says so.
    """

    def promoted(x1: Any, x2: Any, /) -> Any:
        dtype: Any = getattr(x1, "dtype", None)
        if dtype is not None and (dtype is getattr(x2, "dtype", None) or dtype.kind in _ABSORBS.get(type(x2), "")):
            return fn(x1, x2)
        return fn(*align(x1, x2))

    def promoted_inexact(x1: Any, x2: Any, /) -> Any:
        dtype: Any = getattr(x1, "dtype", None)
        if dtype is not None and (kind := dtype.kind) not in "biu":
            if dtype is getattr(x2, "dtype", None) or kind in _ABSORBS.get(type(x2), ""):
                return fn(x1, x2)
        return fn(*align(x1, x2, inexact=True))

    made: Any = promoted_inexact if inexact else promoted
    made.same_dtype = fn
    # NumPy makes float32 of bfloat16 with a Python float
    made.applies = lambda dtype, scalars: (dtype.is_inexact or not inexact) and not (scalars and dtype == "bfloat16")
    return made


def floating(fn: Callable[..., Any], *, through: Any = None, limits: str = "") -> Callable[..., Any]:
    """Make a function of one operand that computes integers in float32, and half precision in `through` if given.

    Args:
        fn: NumPy's function.
        through: the dtype for half precision.
        limits: the op whose values complex infinities and not-a-numbers have (see `ivy.functional._limits`), where
            NumPy's differ.

    Returns:
        The function, with the attributes ``same_dtype`` and ``applies`` as `promoting` gives them.
    """
    of_complex = limited(limits, fn) if limits else fn

    def computed(x: Any, /) -> Any:
        dtype: Any = getattr(x, "dtype", None)
        if dtype is None or dtype.kind in "biu":
            return fn(np.asarray(x, _FLOAT32 if not isinstance(x, complex) else None))
        if through is not None and dtype in _HALVES:
            return fn(x.astype(through)).astype(dtype)
        return of_complex(x) if dtype.kind == "c" else fn(x)

    made: Any = computed
    made.same_dtype = fn
    made.applies = lambda dtype, scalars: dtype.is_inexact and (through is None or dtype.bits > 16) and not scalars
    return made


def widened(x: Any) -> tuple[Any, np.dtype[Any] | None]:
    """Return `x` as float32 and the dtype to cast the result back to, if `x` is in half precision."""
    return (x.astype(_FLOAT32), x.dtype) if x.dtype in _HALVES else (x, None)
