"""Calls that address memory itself, rewritten to calls on the tensor that owns it.

The frontend's arrays have no strides: each of them is as good as contiguous. Where torch's tensor isn't (transposed, a
slice with steps), `as_strided` means other elements, namely those of the tensor that the view was cut from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ivy.errors import CaptureError

__all__ = ["CHECKS", "REWRITES", "flat_owner"]


def flat_owner(recorder: Any, tensor: torch.Tensor) -> torch.Tensor:
    """Return the recorded tensor, contiguous from the start of its memory, that a tensor lies in.

    Args:
        recorder: the `Recorder`, recording.
        tensor: a strided tensor.

    Raises:
        CaptureError: if no recorded tensor covers that memory, as for an argument that is itself a view.
    """
    owner = recorder.owner_of(tensor)
    if owner is not None and owner.dtype == tensor.dtype and owner.storage_offset() == 0:
        # dense in another order of the axes, as the copy of a transposed tensor is
        order = sorted(range(owner.ndim), key=lambda d: (-owner.stride(d), -owner.shape[d]))
        turned = recorder.recorded(lambda: owner.permute(order)) if order != list(range(owner.ndim)) else owner
        if turned.is_contiguous():
            return turned
    raise CaptureError(
        "as_strided of a tensor whose memory belongs to something else, such as an argument that is not contiguous",
        where=recorder.where(),
        why="what it picks depends on how the caller's tensor lies in memory",
        hint="call contiguous() on the tensor first, or index it",
    )


def _as_strided(recorder: Any, args: Any, kwargs: Any) -> Any:
    def run(input: torch.Tensor, size: Any, stride: Any, storage_offset: int | None = None) -> Any:
        owner = recorder.owner_of(input)
        if input.is_contiguous() and input.storage_offset() == 0 and owner is not None:
            if owner.numel() == input.numel():
                return NotImplemented
        start = input.storage_offset() if storage_offset is None else storage_offset
        owner = flat_owner(recorder, input)
        return recorder.recorded(lambda: torch.as_strided(owner, size, stride, start))

    return run(*args, **kwargs)


def _overlaps(x: torch.Tensor) -> bool:
    """Whether several places of a tensor may be one in memory, as after ``expand``."""
    end = 0
    for stride, size in sorted((s, n) for s, n in zip(x.stride(), x.shape) if n != 1):
        if stride <= end:
            return x.numel() > 0
        end += stride * (size - 1)
    return False


def _check_places(recorder: Any, x: torch.Tensor, values: Any, accumulate: bool) -> None:
    """Refuse to write several values to one element: torch takes the last one, their sum, or something between."""
    single = not isinstance(values, torch.Tensor) or values.numel() == 1
    if x.layout is torch.strided and _overlaps(x) and (accumulate or not single):
        raise CaptureError(
            "a write to a tensor whose places share their memory, as after expand or unfold",
            where=recorder.where(),
            why="what an element holds then depends on the order of the writes, which torch leaves open",
            hint="call clone() on the tensor first",
        )


def _index_put(recorder: Any, args: Any, kwargs: Any) -> None:
    def run(input: torch.Tensor, indices: Any, values: Any, accumulate: bool = False) -> None:
        _check_places(recorder, input, values, accumulate)

    run(*args, **kwargs)


def _set_item(recorder: Any, args: Any, kwargs: Any) -> None:
    x, key, values = args
    parts = key if isinstance(key, tuple) else (key,)
    if any(isinstance(k, (torch.Tensor, list)) for k in parts):
        _check_places(recorder, x, values, False)


REWRITES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "torch.as_strided": _as_strided,
    "torch.Tensor.as_strided": _as_strided,
}
"""Path -> rewrite (recorder, args, kwargs) -> the call's result, or NotImplemented where the call means the same."""

COMPUTED = frozenset(
    {
        f"torch.Tensor.{form}"
        for name in (
            "add",
            "sub",
            "mul",
            "div",
            "pow",
            "floor_divide",
            "remainder",
            "neg",
            "abs",
            "exp",
            "sqrt",
            "lerp",
            "addcmul",
            "bitwise_and",
            "bitwise_or",
            "bitwise_xor",
            "logical_not",
            "square",
            "reciprocal",
            "cumsum",
            "cumprod",
            "logcumsumexp",
            "atan2",
            "hypot",
            "fmod",
            "xlogy",
            "sigmoid",
            "tanh",
            "sin",
            "cos",
            "log",
            "log1p",
            "expm1",
            "rsqrt",
            "addcdiv",
            "addmm",
            "gcd",
            "lcm",
            "float_power",
            "bitwise_not",
            "logit",
        )
        for form in (f"{name}_", f"__i{name}__")
    }
    | {f"torch.Tensor.__i{name}__" for name in ("truediv", "floordiv", "mod", "and", "or", "xor")}
)
"""In-place functions that read what they write: of one element's places the later reads what the earlier got."""


def _computed(recorder: Any, args: Any, kwargs: Any) -> None:
    if args and isinstance(args[0], torch.Tensor):
        _check_places(recorder, args[0], None, True)


CHECKS: dict[str, Callable[[Any, Any, Any], None]] = {
    "torch.index_put_": _index_put,
    "torch.Tensor.index_put_": _index_put,
    "torch.Tensor.__setitem__": _set_item,
    **dict.fromkeys(COMPUTED, _computed),
}
"""Path -> check (recorder, args, kwargs), which raises where what the call does depends on memory."""
