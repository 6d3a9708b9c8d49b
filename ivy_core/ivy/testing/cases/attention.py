"""Cases of attention."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, Draw


def _attention(
    q: Any,
    k: Any,
    v: Any,
    mask: Any = None,
    *,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    if enable_gqa:
        k, v = (np.repeat(x, q.shape[-3] // x.shape[-3], axis=-3) for x in (k, v))
    scores = q @ np.swapaxes(k, -1, -2) * (1 / np.sqrt(q.shape[-1]) if scale is None else scale)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf) if mask.dtype == bool else scores + mask
    if is_causal:
        scores = np.where(np.tri(*scores.shape[-2:]) > 0, scores, -np.inf)
    top = np.max(scores, axis=-1, keepdims=True, initial=-np.inf)
    e = np.exp(scores - np.where(np.isfinite(top), top, 0))
    sums = e.sum(-1, keepdims=True)
    return e / np.where(sums == 0, 1, sums) @ v


def _case(name: str, mask: str) -> None:
    @case("scaled_dot_product_attention", _attention, dtype="first", tolerance=6, name=name)
    def _(d: Draw) -> Call:
        groups = d.of(1, 2)
        heads = groups * d.integer(1, 2)
        lead = d.of((2,), (), (2, 1)) if mask == "none" else d.of((2,), (1,))
        length, keys, width, out = d.integer(1, 4), d.integer(1, 4), d.of(4, 1, 3), d.of(4, 1, 2)
        dtype = d.dtype(FLOAT)
        args = [d.array((*lead, heads, length, width), dtype, low=-2, high=2)]
        args += [d.array((*lead, heads // groups, keys, n), dtype, low=-2, high=2) for n in (width, out)]
        shape = (*(lead if d.flag() else (1,) * len(lead)), heads if d.flag() else 1, length if d.flag() else 1, keys)
        if mask == "bool":
            args.append(d.array(shape[d.integer(0, 2) :], "bool"))
        elif mask == "added":
            bias = d.array(shape[d.integer(0, 2) :], dtype, low=-3, high=1)
            if not d.smooth and d.flag():  # some keys, or all of a query's, are hidden
                bias = np.where(d.random().random(bias.shape) < 0.5, np.asarray(-np.inf, bias.dtype), bias)
            args.append(bias)
        found: dict[str, Any] = {"enable_gqa": True} if groups > 1 else {}
        if d.flag():
            found["scale"] = d.of(0.5, 1.5)
        if mask != "added" and d.flag():
            found["is_causal"] = True
        return Call(*args, **found)


_case("", "none")
_case("bool_mask", "bool")
_case("added_mask", "added")
