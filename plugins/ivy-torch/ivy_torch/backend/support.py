"""What the torch backend provides besides ops: dtypes, devices, conversion, abstract evaluation, promotion."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import torch

from ivy.dtypes import as_dtype, result_type
from ivy.errors import DtypeError, IvyError
from ivy.functional._limits import limited
from ivy.functional.promotion import common_dtype

__all__ = [
    "NAME",
    "NAMESPACES",
    "abstract_eval",
    "align",
    "default_dtype",
    "devices",
    "exportable",
    "floating",
    "from_foreign",
    "moving",
    "narrowed",
    "native_device",
    "native_dtype",
    "native_types",
    "no_uint64",
    "promoting",
    "to_numpy",
    "unlimited_dtypes",
    "unsigned_quotient",
    "unsigned_remainder",
    "widened",
]

NAME = "torch"
NAMESPACES: Mapping[str, str] = {"F": "torch.nn.functional", "torch": "torch"}

_SCALARS = (bool, int, float, complex)
_NATIVE: dict[Any, torch.dtype] = {}
WIDE = frozenset({torch.uint16, torch.uint32, torch.uint64})
"""Unsigned types for which torch has next to no arithmetic on the CPU; it is done in int64."""
_SIGNED = {torch.uint16: torch.int16, torch.uint32: torch.int32, torch.uint64: torch.int64}
_WHOLE = WIDE | {torch.bool, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8}


def native_types() -> tuple[type, ...]:
    """Return the array class."""
    return (torch.Tensor,)


def native_dtype(dtype: Any) -> torch.dtype:
    """Return torch's dtype object."""
    try:
        return _NATIVE[dtype]
    except (KeyError, TypeError):
        name = as_dtype(dtype)
        found: torch.dtype = getattr(torch, str(name))
        _NATIVE[name] = found
        try:
            _NATIVE[dtype] = found
        except TypeError:
            pass  # unhashable: looked up by name each time
        return found


def native_device(device: str | None) -> Any:
    """Return torch's device: Ivy's "gpu:0" is torch's "cuda:0"."""
    if not isinstance(device, str):
        return device
    # while shapes are worked out without data, all tensors are on the same pretended device
    return "meta" if torch.get_default_device().type == "meta" else device.replace("gpu", "cuda")


def devices() -> tuple[str, ...]:
    """Return the devices by Ivy's names, that of new tensors first."""
    first = str(torch.get_default_device()).replace("cuda", "gpu").removesuffix(":0").replace("gpu", "gpu:0")
    found = ["cpu", *(f"gpu:{i}" for i in range(torch.cuda.device_count()))]
    return tuple(sorted(found, key=lambda name: name != first))


def exportable(x: torch.Tensor) -> torch.Tensor:
    """Return what other frameworks can take over: no gradient, no pending conjugate or sign."""
    return x.detach().resolve_conj().resolve_neg()


def peculiarity(x: torch.Tensor) -> str | None:
    """Say what keeps a tensor from being a graph's input, besides its dtype."""
    if x.is_nested:
        return "nested layout"
    return None if x.layout is torch.strided else f"layout {str(x.layout).removeprefix('torch.').lstrip('_')}"


def default_dtype(obj: Any) -> torch.dtype | None:
    """Return the dtype that a Python number gets: float32, int64, bool or complex64; None for anything else."""
    return native_dtype(result_type(obj)) if type(obj) in _SCALARS else None


def from_foreign(x: Any, *, copy: bool = False) -> Any:
    """Take over another framework's array: by DLPack without a copy where it can, else through NumPy."""
    import numpy as np

    if type(x).__module__ == "ivy.array":
        x = x.data
    if isinstance(x, torch.Tensor):
        return x.detach().clone() if copy else x
    if isinstance(x, (np.ndarray, np.generic)):
        # torch must not share memory that can't be written to, and its DLPack aborts the process on negative strides
        sharable = (
            isinstance(x, np.ndarray) and x.flags.writeable and x.flags.aligned and min(x.strides, default=0) >= 0
        )
        return _of_numpy(x if sharable and not copy else np.array(x))
    try:
        taken = torch.from_dlpack(x)
    except Exception:  # the exporter's own class of error: bfloat16, another device ...
        return _of_numpy(np.array(x))
    return taken.clone() if copy else taken


def _of_numpy(x: Any) -> torch.Tensor:
    """Make a tensor that shares the memory of a NumPy array, or copies it where the bytes are in the other order."""
    if x.dtype.name == "bfloat16":
        return torch.from_numpy(x.view("int16")).view(torch.bfloat16)  # NumPy's bfloat16 is unknown to torch
    return torch.from_numpy(x if x.dtype.isnative else x.astype(x.dtype.newbyteorder("=")))


def to_numpy(x: torch.Tensor) -> Any:
    """Return the NumPy form, which shares memory where it can; bfloat16 is that of ml_dtypes."""
    while torch._C._functorch.is_gradtrackingtensor(x):
        x = torch._C._functorch.get_unwrapped(x)
    x = x.detach().cpu().resolve_conj().resolve_neg()
    if x.dtype is torch.bfloat16:
        import ml_dtypes

        return x.view(torch.int16).numpy().view(ml_dtypes.bfloat16)
    return x.numpy()


def abstract_eval(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Run `fn` on meta tensors, which have no data, in place of the `Aval`s and describe its result."""
    from ivy.graph.aval import Aval

    def meta(x: Any) -> Any:
        if isinstance(x, Aval):
            return torch.empty(x.shape, dtype=native_dtype(x.dtype), device="meta")
        return x.to("meta") if isinstance(x, torch.Tensor) and x.ndim else x

    def abstract(x: Any) -> Any:
        return Aval(tuple(x.shape), as_dtype(x.dtype)) if isinstance(x, torch.Tensor) else x

    with torch.no_grad(), torch.device("meta"):
        found = mapped(abstract, fn(*mapped(meta, args), **mapped(meta, dict(kwargs))))
    _try_kernels(fn, args, kwargs)
    return found


_NO_KERNEL = re.compile(r"not implemented for|does not support (complex|\w+ dtypes?|bool)|not supported for complex")


def _try_kernels(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """Raise if torch has no kernel for complex numbers or booleans, which meta tensors don't tell.

    Raises:
        DtypeError: with what torch says.
    """
    from ivy.graph.aval import Aval

    avals: list[Aval] = []
    runs = not _unlimited.get()

    def note(x: Any) -> None:
        nonlocal runs
        if isinstance(x, Aval):
            avals.append(x)
        elif callable(x):  # control flow, which needn't end on such values
            runs = False

    mapped(note, (args, dict(kwargs)))
    scarce = sorted({str(a.dtype) for a in avals if a.dtype.kind in ("complex", "bool")})
    if not runs or not scarce or torch.cuda.is_available() or not all(0 < a.size <= _MOST_TRIED for a in avals):
        return  # an accelerator may have other kernels

    def ones(x: Any) -> Any:
        return torch.ones(x.shape, dtype=native_dtype(x.dtype)) if isinstance(x, Aval) else x

    try:
        with torch.no_grad(), torch.device("cpu"):
            fn(*mapped(ones, args), **mapped(ones, dict(kwargs)))
    except (RuntimeError, TypeError, ValueError, IndexError, IvyError) as error:
        if _NO_KERNEL.search(str(error)):  # else it is about the ones in place of the real values
            what = str(error).strip().splitlines()[0]
            raise DtypeError(f"torch has no kernel for {', '.join(scarce)}: {what}") from error


_MOST_TRIED = 4096
_unlimited: ContextVar[bool] = ContextVar("ivy_torch_unlimited_dtypes", default=False)


@contextmanager
def unlimited_dtypes() -> Iterator[None]:
    """Answer for another framework: which kernels torch has does not count."""
    token = _unlimited.set(True)
    try:
        yield
    finally:
        _unlimited.reset(token)


def mapped(function: Callable[[Any], Any], tree: Any) -> Any:
    """Apply `function` to the leaves of nested tuples, named tuples, lists and dicts."""
    if isinstance(tree, dict):
        return {k: mapped(function, v) for k, v in tree.items()}
    if isinstance(tree, (list, tuple)) and not isinstance(tree, torch.Size):
        parts = [mapped(function, v) for v in tree]
        if hasattr(tree, "_fields"):
            return type(tree)(*parts)
        return tuple(parts) if isinstance(tree, tuple) else parts  # torch.return_types become plain tuples
    return function(tree)


def _common(kinds: tuple[Any, ...], inexact: bool) -> torch.dtype:
    return native_dtype(common_dtype(*kinds, inexact=inexact))


# What torch.compiler.assume_constant_result sets; calling that imports dynamo, which costs a second.
_common._dynamo_marked_constant = True  # type: ignore[attr-defined]


def align(*operands: Any, inexact: bool = False) -> list[torch.Tensor]:
    """Cast operands to their common dtype, tensors without axes included; Python scalars are weak."""
    first = getattr(operands[0], "dtype", None)
    if first is not None and not (inexact and first in _WHOLE):
        for x in operands:
            if getattr(x, "dtype", None) is not first:
                break
        else:
            return list(operands)
    kinds = [x.dtype if isinstance(x, torch.Tensor) else _kind(x) for x in operands]
    dtype = _common(tuple(kinds), inexact)
    device = next((x.device for x in operands if isinstance(x, torch.Tensor)), None)
    return [
        (x if x.dtype is dtype else x.to(dtype)) if isinstance(x, torch.Tensor) else _scalar(x, dtype, device)
        for x in operands
    ]


def _scalar(x: Any, dtype: torch.dtype, device: Any) -> torch.Tensor:
    """Make a tensor of a Python number; `torch.tensor` takes thrice as long, but takes all of them."""
    make = torch.scalar_tensor if type(x) is float or (type(x) is int and -_BIG < x < _BIG) else torch.tensor
    return make(x, dtype=dtype, device=device)


def _kind(x: Any) -> type:
    found = type(x)
    if found not in _SCALARS:
        raise TypeError(f"expected a tensor or a number, not {found.__module__}.{found.__qualname__}")
    return found


def widened(x: torch.Tensor) -> torch.Tensor:
    """Return `x`, as int64 with the same bits if its dtype is one that torch can't compute in."""
    return x.to(torch.int64) if x.dtype in WIDE else x


def narrowed(x: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Cast an int64 result back, which cuts it off modulo the width; other results (bool) stay as they are."""
    return x.to(dtype) if x.dtype is torch.int64 else x


_SIGN = -(2**63)
_BIG = 2**62


def promoting(
    fn: Callable[..., Any],
    *,
    inexact: bool = False,
    scalars: tuple[int, ...] = (0, 1),
    order: bool = False,
    big: Callable[[torch.Tensor, torch.Tensor], torch.Tensor] | None = None,
) -> Callable[..., Any]:
    """Make a function of two operands that promotes by Ivy's rule, then calls torch's `fn`.

    Args:
        fn: torch's function.
        inexact: whether the result is floating point, so that integers are computed in float32.
        scalars: the positions at which `fn` takes a Python scalar.
        order: whether the result depends on the order of numbers, which uint64 doesn't share with int64.
        big: what computes uint64, given as int64 with the same bits, where int64's own result is another.

    Returns:
        The function. Its attribute ``same_dtype`` is `fn`, which may be called in its place on arrays of one dtype (and
        weak Python scalars at some positions) where its attribute ``applies(dtype, positions)`` says so.
    """

    slow, second = (_WHOLE if inexact else WIDE), 1 in scalars

    def promoted(x1: Any, x2: Any, /) -> Any:
        dtype = getattr(x1, "dtype", None)
        if dtype is not None and dtype not in slow:
            if dtype is getattr(x2, "dtype", None):
                return fn(x1, x2)
            # torch would compute float16 with a complex number in half precision
            if second and type(x2) in _SCALARS and not (dtype is torch.float16 and type(x2) is complex):
                return fn(x1, x2)
        a, b = align(x1, x2, inexact=inexact)
        if a.dtype not in WIDE:
            return fn(a, b)
        if a.dtype is torch.uint64:
            if big is not None:
                return narrowed(big(widened(a), widened(b)), a.dtype)
            if order:  # flipping the top bit maps the order of uint64 to that of int64
                result = fn(widened(a) ^ _SIGN, widened(b) ^ _SIGN)
                return narrowed(result ^ _SIGN if result.dtype is torch.int64 else result, a.dtype)
        return narrowed(fn(widened(a), widened(b)), a.dtype)

    made: Any = promoted
    made.same_dtype = fn
    made.applies = lambda dtype, positions: native_dtype(dtype) not in slow and set(positions) <= set(scalars)
    return made


def moving(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that only moves elements about serve the wide unsigned types too: it moves signed ones.

    Args:
        fn: function whose first argument is a tensor, and whose result has that one's dtype.

    Returns:
        The function. torch has no kernels for these types, but bits are bits.
    """

    @functools.wraps(fn)
    def moved(x: Any, /, *args: Any, **kwargs: Any) -> Any:
        signed = _SIGNED.get(x.dtype)
        return fn(x, *args, **kwargs) if signed is None else fn(x.view(signed), *args, **kwargs).view(x.dtype)

    return moved


def no_uint64(name: str) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    """Make what stands for a function of uint64 that neither torch nor Ivy has: the error that says so."""

    def refused(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        raise DtypeError(f"torch can't compute {name} on uint64", hint="cast to int64 if the numbers allow it")

    return refused


def unsigned_quotient(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Divide unsigned numbers that are given as int64 with the same bits."""
    half = (a >> 1) & ~_SIGN  # below 2**63, so that int64 divides it; twice its quotient is at most one too small
    near = torch.div(half, torch.where(b < 0, 1, b), rounding_mode="trunc") << 1
    near = torch.where(b < 0, 0, near)
    return near + ((a - near * b) ^ _SIGN >= b ^ _SIGN).to(torch.int64)


def unsigned_remainder(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return what `unsigned_quotient` leaves."""
    return a - unsigned_quotient(a, b) * b


def floating(
    fn: Callable[..., Any], *, limits: str = "", on_complex: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """Make a function of one operand that computes integers in float32.

    Args:
        fn: torch's function.
        limits: the op whose values complex infinities and not-a-numbers have (see `ivy.functional._limits`), where
            torch's differ.
        on_complex: what to call for complex numbers in place of `fn`.

    Returns:
        The function, with the attributes ``same_dtype`` and ``applies`` as `promoting` gives them.
    """
    of_complex = limited(limits, on_complex or fn) if limits else None

    def computed(x: Any, /) -> Any:
        if x.dtype in _WHOLE:
            x = x.to(torch.float32)
        elif of_complex is not None and x.is_complex():
            return of_complex(x)
        return fn(x)

    made: Any = computed
    made.same_dtype = fn
    made.applies = lambda dtype, positions: dtype.is_inexact and not positions
    return made


def integral(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of one operand that computes wide unsigned integers in int64."""

    def computed(x: Any, /) -> Any:
        return narrowed(fn(x.to(torch.int64)), x.dtype) if x.dtype in WIDE else fn(x)

    made: Any = computed
    made.same_dtype = fn
    made.applies = lambda dtype, positions: native_dtype(dtype) not in WIDE and not positions
    return made


def alike(*arrays: torch.Tensor) -> bool:
    """Tell whether tensors are of one shape and one dtype, which is a float of 32 or 64 bits."""
    first = arrays[0]
    wide = first.dtype in (torch.float32, torch.float64)
    return wide and all(x.dtype == first.dtype and x.shape == first.shape for x in arrays)
