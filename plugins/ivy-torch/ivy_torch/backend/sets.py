"""Sets in torch."""

from __future__ import annotations

from typing import Any

import torch

from ivy.functional.sets import UniqueAll, UniqueCounts, UniqueInverse
from ivy_torch.backend.sorting import ordered
from ivy_torch.backend.support import align


def _unique(x: Any, **options: bool) -> Any:
    if not x.is_complex():
        return torch.unique(x, **options)
    # torch has no order of complex numbers, but one of rows
    found = torch.unique(torch.view_as_real(x.resolve_conj()).reshape(-1, 2), dim=0, **options)
    if not options:
        return torch.view_as_complex(found)
    values, *others = found
    if "return_inverse" in options:
        others[0] = others[0].reshape(x.shape)
    return torch.view_as_complex(values), *others


def unique_all(x: Any, /) -> UniqueAll:
    values, inverse, counts = _unique(x, return_inverse=True, return_counts=True)
    # torch does not give the first occurrences: the smallest place of each value
    places = torch.arange(x.numel(), device=x.device)
    first = places.new_full(values.shape, x.numel()).scatter_reduce_(0, inverse.reshape(-1), places, "amin")
    return UniqueAll(values, first, inverse, counts)


def unique_counts(x: Any, /) -> UniqueCounts:
    return UniqueCounts(*_unique(x, return_counts=True))


def unique_inverse(x: Any, /) -> UniqueInverse:
    return UniqueInverse(*_unique(x, return_inverse=True))


def unique_values(x: Any, /) -> Any:
    return _unique(x)


def isin(x1: Any, x2: Any, /, *, invert: bool = False) -> Any:
    first, others = (ordered(x) for x in align(x1, x2))
    if first.is_complex():  # torch has that for real numbers
        return (first.unsqueeze(-1) == others.reshape(-1)).any(-1) ^ invert
    return torch.isin(first, others.contiguous(), invert=invert)  # it refuses views of some strides
