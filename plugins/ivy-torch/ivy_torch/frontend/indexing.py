"""torch's indexing: ``x[key]`` and ``x[key] = value``.

Unlike NumPy's, an int among index tensors selects first and takes no part in their broadcasting, so that the place of
the result's axes differs (``x[0, :, i]``): basic and advanced parts are applied one after the other.
Definition: torch/csrc/autograd/python_variable_indexing.cpp (``applySlicing``).
"""

from __future__ import annotations

from typing import Any

import ivy
from ivy.dtypes import dtype_of
from ivy.frontends.runtime import Cell
from ivy.graph.node import map_nested
from ivy_torch.frontend.promotion import fitted
from ivy_torch.frontend.table import torch

_FULL = slice(None)


def _is_array(x: Any) -> bool:
    return hasattr(x, "shape") and hasattr(x, "dtype")


def _is_advanced(k: Any) -> bool:
    return _is_array(k) and (len(k.shape) > 0 or dtype_of(k) == "bool")


def _index(k: Any) -> Any:
    """Turn one part of a key into what `ivy.get_item` takes."""
    if isinstance(k, (list, tuple, range)):
        return ivy.asarray(list(k))
    if _is_array(k) and dtype_of(k) == "uint8":  # torch's old masks
        return ivy.astype(k, "bool")
    return k


def _parts(key: Any) -> tuple[Any, ...]:
    if isinstance(key, list) and any(isinstance(k, (slice, list, tuple)) or _is_array(k) or k is None for k in key):
        key = tuple(key)  # torch reads such a list as a tuple
    if not isinstance(key, tuple):
        key = (key,)
    return tuple([_index(k) for k in key])


def split_key(key: Any, ndim: int) -> tuple[tuple[Any, ...] | None, tuple[Any, ...] | None]:
    """Split a key into a basic one and an advanced one to be applied after it; None where there is nothing to do.

    Args:
        key: any key.
        ndim: number of axes of what is indexed.
    """
    parts = _parts(key)
    if not any(_is_advanced(k) or isinstance(k, bool) for k in parts):
        return parts, None
    used = sum(_axes(k) for k in parts)
    at = next((i for i, k in enumerate(parts) if k is Ellipsis), None)
    if at is not None:  # torch counts its axes: one that stands for none keeps nothing apart
        parts = (*parts[:at], *[_FULL] * (ndim - used), *parts[at + 1 :])
    if all(_is_advanced(k) and k.shape if _is_array(k) else type(k) is slice and k == _FULL for k in parts):
        return None, parts
    basic: list[Any] = []
    advanced: list[Any] = []
    for k in parts:
        if isinstance(k, bool) or (_is_advanced(k) and not k.shape):  # a truth is an index on an axis of its own
            basic.append(None)
            advanced.append(ivy.asarray([0] if k else [], dtype="int64") if k is True or k is False else _row(k))
        elif _is_advanced(k):
            basic += [_FULL] * _axes(k)
            advanced.append(k)
        else:
            basic.append(k)
            if not (_is_array(k) or isinstance(k, int)):
                advanced.append(_FULL)
    while advanced and not _is_array(advanced[-1]):
        advanced.pop()
    return tuple(basic), tuple(advanced)


def _row(truth: Any) -> Any:
    return ivy.reshape(truth, (1,))


def _axes(k: Any) -> int:
    """Return how many axes a part of a key is for."""
    if k is None or k is Ellipsis or isinstance(k, bool):
        return 0
    return len(k.shape) if _is_array(k) and dtype_of(k) == "bool" else 1


def _is_basic(key: Any) -> bool:
    parts = key if isinstance(key, tuple) else (key,)
    return all(k is None or k is Ellipsis or isinstance(k, (int, slice)) for k in parts)


def _put(base: Any, new: Any, key: Any) -> Any:
    return set_item(base, key, new)


_GET = "torch.Tensor.__getitem__"


@torch.view(_GET, put=_put, maybe=lambda self, key: _is_basic(key))
def get_item(self: Any, key: Any) -> Any:
    basic, advanced = split_key(key, len(self.shape))
    if basic is not None:
        self = ivy.get_item(self, basic)
    return self if advanced is None else ivy.get_item(self, advanced)


def set_item(base: Any, key: Any, value: Any) -> Any:
    """Return `base` with ``base[key] = value`` done."""
    basic, advanced = split_key(key, len(base.shape))
    if basic is None or advanced is None:
        return _set(base, basic if advanced is None else advanced, value)
    part = _set(ivy.get_item(base, basic), advanced, value)
    return _set(base, basic, part)


def _set(base: Any, key: Any, value: Any) -> Any:
    if _is_array(value):
        if dtype_of(value) != dtype_of(base):
            value = ivy.astype(value, dtype_of(base))
        rank = _rank(base, key)
        extra = len(value.shape) - rank
        if extra > 0 and all(n == 1 for n in value.shape[:extra]):  # torch drops leading axes of size one
            value = ivy.reshape(value, tuple(value.shape[extra:]))
    else:
        value = fitted(value, dtype_of(base))
    mask = _only_mask(key)
    if mask is not None:
        rest = len(base.shape) - len(mask.shape)
        shape = tuple(value.shape) if _is_array(value) else ()
        if len(shape) <= rest or shape[0] == 1:  # every selected element gets the same: no shape depends on the mask
            mask = ivy.reshape(mask, (*mask.shape, *([1] * rest))) if rest else mask
            value = ivy.reshape(value, shape[1:]) if len(shape) > rest else value
            return ivy.where(mask, value, base)
    return ivy.set_item(base, key, value)


def _rank(base: Any, key: tuple[Any, ...]) -> int:
    """Return the number of axes of ``base[key]``."""
    rank, index = len(base.shape), 0
    for k in key:
        if k is None:
            rank += 1
        elif _is_array(k):
            mask = dtype_of(k) == "bool"
            rank -= len(k.shape) if mask else 1
            index = max(index, 1 if mask else len(k.shape))
        elif isinstance(k, int):
            rank -= 1
    return rank + index


def _only_mask(key: tuple[Any, ...]) -> Any:
    """Return the mask of a key that is one mask over the leading axes, None for any other key."""
    rest = [k for k in key[1:] if not (k is Ellipsis or (isinstance(k, slice) and k == _FULL))]
    first: Any = key[0] if key else None
    return first if not rest and _is_advanced(first) and dtype_of(first) == "bool" else None


@torch.cells("torch.Tensor.__setitem__")
def assign_item(self: Any, key: Any, value: Any) -> None:
    def read(x: Any) -> Any:
        return x.value if isinstance(x, Cell) else x

    if isinstance(self, Cell) and isinstance(value, Cell) and self.holds(value, (_GET, (key,), {})):
        return  # x[key] += y: the view has been written to already
    key, value = map_nested(key, read), read(value)
    if isinstance(self, Cell):
        self.assign(set_item(self.value, key, value))
    else:
        raise TypeError("a native array can't be written to in place here; wrap it: ivy.frontends.torch.Tensor(x)")
