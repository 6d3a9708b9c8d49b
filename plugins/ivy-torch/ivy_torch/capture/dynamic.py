"""Calls whose result's shape depends on values, rewritten to calls of fixed size.

A graph is of one size throughout. How many elements a mask selects is read while capturing and guarded; the rest is
sorting and indexing with positions, which any target can compile. Each rewrite is torch code, recorded call by call.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch

from ivy.functional._key_parts import truths_as_axes
from ivy_torch.capture import selected

__all__ = ["REWRITES", "fixed_index", "fixed_positions"]

_MASKS = (torch.bool, torch.uint8)


def fixed_index(recorder: Any, mask: torch.Tensor) -> torch.Tensor:
    """Return the flat positions where a mask holds, in order; their number becomes a guard.

    Args:
        recorder: the `Recorder`, recording.
        mask: boolean.
    """
    flat = mask.reshape(-1)
    count = recorder.guard_size(flat.sum())
    return torch.argsort(flat.to(torch.int32), descending=True, stable=True)[:count]


def fixed_positions(recorder: Any, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Return the positions along each axis where an array is true; their number becomes a guard."""
    at = fixed_index(recorder, x if x.dtype == torch.bool else x != 0)
    found = []
    step = 1
    for size in reversed(x.shape):
        found.append(torch.remainder(torch.div(at, step, rounding_mode="floor"), max(size, 1)))
        step *= size
    return tuple(reversed(found))


def _nonzero(recorder: Any, args: Any, kwargs: Any) -> Any:
    def run(input: torch.Tensor, *, as_tuple: bool = False, out: Any = None) -> Any:
        found = fixed_positions(recorder, input.reshape(1) if input.ndim == 0 else input)
        if input.ndim == 0 and not as_tuple:  # no axis has a position
            return found[0].reshape(-1, 1)[:, :0]
        return found if as_tuple else torch.stack(found, dim=1)

    x = args[0] if args else kwargs["input"]
    if x.ndim and kwargs.get("out") is None:
        found = selected.positions(recorder, x, bool(kwargs.get("as_tuple", False)))
        if found is not NotImplemented:
            return found
    return recorder.recorded(lambda: run(*args, **kwargs))


def _where(recorder: Any, args: Any, kwargs: Any) -> Any:
    if len(args) + len(kwargs) > 1:
        return NotImplemented
    return _nonzero(recorder, args, {**kwargs, "as_tuple": True})


def _masked_select(recorder: Any, args: Any, kwargs: Any) -> Any:
    def run(input: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        input, mask = torch.broadcast_tensors(input, mask)
        return input.reshape(-1)[fixed_index(recorder, mask)]

    if len(args) == 2 and not kwargs and args[0].shape == args[1].shape:
        found = selected.pick(recorder, *args)
        if found is not NotImplemented:
            return found
    return recorder.recorded(lambda: run(*args, **kwargs))


def _has_mask(key: Any) -> bool:
    parts = key if isinstance(key, tuple) else (key,)
    return any(isinstance(k, torch.Tensor) and k.dtype in _MASKS for k in parts)


def _with_axes(x: torch.Tensor, key: Any) -> tuple[torch.Tensor, Any]:
    """Give `x` an axis for each mask without axes in a key, whose index there is 0, or none at all."""
    parts = [k.bool() if _is_truth(k) else k for k in (key if isinstance(key, tuple) else (key,))]
    split = truths_as_axes(parts) if any(map(_is_truth, parts)) else None
    return (x, key) if split is None else (x[split[0]], tuple(split[1]))


def _is_truth(k: Any) -> bool:
    return isinstance(k, torch.Tensor) and k.dtype in _MASKS and k.ndim == 0


def _unmasked(recorder: Any, key: Any) -> tuple[Any, ...]:
    parts: list[Any] = []
    for k in key if isinstance(key, tuple) else (key,):
        if isinstance(k, torch.Tensor) and k.dtype in _MASKS and k.ndim > 0:
            parts += fixed_positions(recorder, k)
        elif _is_truth(k):
            parts.append(torch.arange(recorder.guard_size(k.to(torch.int64))))
        else:
            parts.append(torch.arange(int(k)) if isinstance(k, bool) and any(map(_is_truth, key)) else k)
    return tuple(parts)


def _get_item(recorder: Any, args: Any, kwargs: Any) -> Any:
    x, key = args
    selection = selected.selection_of(recorder, key)
    if selection is not None:
        found = selected.pick(recorder, x, selection.mask)
        if found is not NotImplemented:
            return found
    if not _has_mask(key):
        return NotImplemented

    def run() -> torch.Tensor:
        wide, whole = _with_axes(x, key)
        return wide[_unmasked(recorder, whole)]

    return recorder.recorded(run)


def _set_item(recorder: Any, args: Any, kwargs: Any) -> Any:
    x, key, value = args
    if selected.put(recorder, x, key, value) is not NotImplemented:
        return None
    parts = key if isinstance(key, tuple) else (key,)
    if not _has_mask(key) or any(map(_is_truth, parts)) or not isinstance(value, torch.Tensor) or value.numel() == 1:
        return NotImplemented  # a scalar goes wherever the mask holds: no shape depends on it
    if isinstance(key, torch.Tensor) and (value.ndim <= x.ndim - key.ndim or value.shape[0] == 1):
        return NotImplemented  # so does a row

    def run() -> None:
        x[_unmasked(recorder, key)] = value

    return recorder.recorded(run)


def _index_put(recorder: Any, args: Any, kwargs: Any) -> Any:
    x, key, *rest = args
    given = dict(zip(("values", "accumulate"), rest), **kwargs)
    found = selected.put(recorder, x, tuple(key), given["values"], add=bool(given.get("accumulate", False)))
    if found is not NotImplemented:
        return found
    if not _has_mask(tuple(key)) or any(map(_is_truth, key)):
        return NotImplemented
    return recorder.recorded(lambda: x.index_put_(_unmasked(recorder, tuple(key)), *rest, **kwargs))


def _index_add(recorder: Any, args: Any, kwargs: Any) -> Any:
    given = dict(zip(("self", "dim", "index", "source"), args), **kwargs)
    if given["dim"] != 0 or set(given) - {"self", "dim", "index", "source", "alpha"}:
        return NotImplemented
    index, alpha = (given["index"],), given.get("alpha", 1)
    return selected.put(recorder, given["self"], index, given["source"], add=True, alpha=alpha)


def _index_copy(recorder: Any, args: Any, kwargs: Any) -> Any:
    if len(args) != 4 or kwargs or args[1] != 0:
        return NotImplemented
    return selected.put(recorder, args[0], (args[2],), args[3])


def _runs(recorder: Any, s: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return where each run of equal values (rows) starts, the number of the run of each, and the runs' lengths."""
    new = s[1:] != s[:-1]
    new = new if new.ndim == 1 else new.any(1)
    first = torch.cat([torch.ones(min(s.shape[0], 1), dtype=torch.bool), new])
    starts = fixed_index(recorder, first)
    ends = torch.cat([starts[1:], torch.full_like(starts[:1], s.shape[0])])
    return starts, torch.cumsum(first, 0) - 1, ends - starts


def _unique(recorder: Any, args: Any, kwargs: Any) -> Any:
    def run(
        input: torch.Tensor,
        sorted: bool = True,
        return_inverse: bool = False,
        return_counts: bool = False,
        dim: int | None = None,
    ) -> Any:
        if dim is not None:
            rows = input.movedim(dim, 0)
            flat = rows.reshape(rows.shape[0], math.prod(rows.shape[1:]))
            order = torch.arange(rows.shape[0])
            for column in reversed(range(flat.shape[1])):  # stable sorts by column, the last one first
                order = order[torch.argsort(flat[order, column], stable=True)]
            starts, group, counts = _runs(recorder, flat[order])
            inverse = torch.zeros_like(group).scatter(0, order, group)
            return _chosen(rows[order[starts]].movedim(0, dim), inverse, counts, return_inverse, return_counts)
        s, order = torch.sort(input.reshape(-1), stable=True)
        starts, group, counts = _runs(recorder, s)
        inverse = torch.zeros_like(group).scatter(0, order, group).reshape(input.shape)
        return _chosen(s[starts], inverse, counts, return_inverse, return_counts)

    return recorder.recorded(lambda: run(*args, **kwargs))


def _unique_consecutive(recorder: Any, args: Any, kwargs: Any) -> Any:
    def run(
        input: torch.Tensor,
        return_inverse: bool = False,
        return_counts: bool = False,
        dim: int | None = None,
    ) -> Any:
        if dim is not None:
            rows = input.movedim(dim, 0)
            starts, group, counts = _runs(recorder, rows.reshape(rows.shape[0], math.prod(rows.shape[1:])))
            return _chosen(rows[starts].movedim(0, dim), group, counts, return_inverse, return_counts)
        s = input.reshape(-1)
        starts, group, counts = _runs(recorder, s)
        return _chosen(s[starts], group.reshape(input.shape), counts, return_inverse, return_counts)

    return recorder.recorded(lambda: run(*args, **kwargs))


def _chosen(values: Any, inverse: Any, counts: Any, return_inverse: bool, return_counts: bool) -> Any:
    if not (return_inverse or return_counts):
        return values
    return (values, *([inverse] if return_inverse else ()), *([counts] if return_counts else ()))


def _bincount(recorder: Any, args: Any, kwargs: Any) -> Any:
    def run(input: torch.Tensor, weights: torch.Tensor | None = None, minlength: int = 0) -> torch.Tensor:
        input = input.long()
        size = max(recorder.guard_size(input.max() + 1), minlength)
        if weights is None:
            weights = torch.ones_like(input, dtype=torch.int64)
        elif weights.dtype != torch.float32:
            weights = weights.to(torch.float64)
        return torch.zeros(size, dtype=weights.dtype).index_add(0, input, weights)

    if (args[0] if args else kwargs["input"]).numel() == 0:
        return NotImplemented
    return recorder.recorded(lambda: run(*args, **kwargs))


def _repeat_interleave(recorder: Any, args: Any, kwargs: Any) -> Any:
    repeats = args[-1 if len(args) < 3 else 1] if "repeats" not in kwargs else kwargs["repeats"]
    if not isinstance(repeats, torch.Tensor) or kwargs.get("output_size") is not None:
        return NotImplemented

    def run() -> Any:
        if repeats.numel() == 1 and len(args) + len(kwargs) > 1:  # one number for all elements
            return torch.repeat_interleave(args[0], recorder.guard_size(repeats.reshape(())), *args[2:], **rest)
        return torch.repeat_interleave(*args, **{**kwargs, "output_size": recorder.guard_size(repeats.sum())})

    rest = {k: v for k, v in kwargs.items() if k != "repeats"}
    return recorder.recorded(run)


def _one_hot(recorder: Any, args: Any, kwargs: Any) -> Any:
    def run(tensor: torch.Tensor, num_classes: int = -1) -> torch.Tensor:
        size = recorder.guard_size(tensor.max() + 1)
        return torch.nn.functional.one_hot(tensor, size)

    given = kwargs.get("num_classes", args[1] if len(args) > 1 else -1)
    if given != -1:
        return NotImplemented
    return recorder.recorded(lambda: run(*args, **kwargs))


REWRITES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "torch.Tensor.__getitem__": _get_item,
    "torch.Tensor.__setitem__": _set_item,
    "torch.Tensor.index_put_": _index_put,
    "torch.Tensor.index_add_": _index_add,
    "torch.Tensor.index_copy_": _index_copy,
    "torch.where": _where,
    "torch.nn.functional.one_hot": _one_hot,
    "torch.bincount": _bincount,
    "torch.Tensor.bincount": _bincount,
    "torch.unique": _unique,
    "torch.Tensor.unique": _unique,
    "torch._unique2": _unique,
    "torch.unique_consecutive": _unique_consecutive,
    "torch.Tensor.unique_consecutive": _unique_consecutive,
    "torch.masked_select": _masked_select,
    "torch.Tensor.masked_select": _masked_select,
    "torch.repeat_interleave": _repeat_interleave,
    "torch.Tensor.repeat_interleave": _repeat_interleave,
}
"""Path -> rewrite (recorder, args, kwargs) -> the call's result, or NotImplemented where no shape depends on values."""
REWRITES.update(
    dict.fromkeys(("torch.nonzero", "torch.Tensor.nonzero", "torch.argwhere", "torch.Tensor.argwhere"), _nonzero)
)
