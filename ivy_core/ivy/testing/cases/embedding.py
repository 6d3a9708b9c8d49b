"""Cases of embedding."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ivy.testing.case import Call, case
from ivy.testing.draw import ANY, FLOAT, Draw


@case("embedding", lambda weight, indices: weight[indices], dtype="first", gradient=(0,))
def _(d: Draw) -> Call:
    rows = d.integer(1, 5)
    indices = d.array(d.shape(), ("int64", "int32", "uint8"), low=0, high=rows - 1)
    return Call(d.array((rows, d.integer(1 if d.smooth else 0, 3)), ANY), indices)


def _embedding_bag(
    weight: Any,
    indices: Any,
    offsets: Any = None,
    per_sample_weights: Any = None,
    *,
    mode: str = "mean",
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Any:
    factors = np.ones(indices.shape) if per_sample_weights is None else per_sample_weights
    if offsets is None:
        bags = list(zip(indices, factors, strict=True))
    else:
        ends = [*offsets, len(indices)] if not include_last_offset else list(offsets)
        bags = [(indices[a:b], factors[a:b]) for a, b in itertools.pairwise(ends)]
    found = np.zeros((len(bags), weight.shape[1]))
    for i, (bag, factor) in enumerate(bags):
        kept = np.ones(len(bag), bool) if padding_idx is None else bag != padding_idx % len(weight)
        rows = weight[bag[kept]] * factor[kept][:, None]
        if len(rows):
            found[i] = getattr(np, mode)(rows, axis=0)
    return found


@case("embedding_bag", _embedding_bag, dtype="first", tolerance=2, gradient=(0, 3))
def _(d: Draw) -> Call:
    rows, dtype = d.integer(1, 5), d.dtype(FLOAT)
    weight = d.array((rows, d.integer(1, 3)), dtype)
    args: list[Any]
    found: dict[str, Any] = {"mode": d.of("sum", "mean", "max")}
    kind = d.dtype(("int64", "int32"))
    if d.flag():
        args = [weight, d.array((d.integer(1, 3), d.integer(1, 3)), kind, low=0, high=rows - 1), None]
    else:
        count, bags = d.integer(1, 6), d.integer(1, 4)
        offsets = np.sort(np.concatenate([[0], d.random().integers(0, count + 1, bags - 1)]))
        if d.flag():
            found["include_last_offset"] = True
            offsets = np.concatenate([offsets, [count]])
        args = [weight, d.array((count,), kind, low=0, high=rows - 1), offsets.astype(kind)]
    if found["mode"] == "sum" and d.flag():
        args.append(d.array(args[1].shape, dtype))
    if d.flag():
        found["padding_idx"] = d.integer(-rows, rows - 1)
    return Call(*args, **found)
