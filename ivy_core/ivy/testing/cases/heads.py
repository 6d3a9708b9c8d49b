"""Cases of multi-head attention, head by head."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, Draw


def _added(mask: Any) -> Any:
    return np.where(mask, 0.0, -np.inf) if mask.dtype == bool else mask


def _parted(packed: Any, heads: int, groups: int) -> list[Any]:
    width = packed.shape[0] // (heads + 2 * groups)
    return np.split(packed, [heads * width, (heads + groups) * width])


def _projected(inputs: Any, weights: Any, biases: Any, heads: int, groups: int) -> Any:
    if not weights:
        return inputs
    weights = _parted(weights[0], heads, groups) if len(weights) == 1 else weights
    if len(biases) == 1:
        biases = _parted(biases[0], heads, groups)
    return [x @ w.T + b for x, w, b in zip(inputs, weights, biases or (0, 0, 0), strict=True)]


def _attention(
    q: Any,
    k: Any,
    v: Any,
    in_weights: Any = (),
    in_biases: Any = (),
    out_weight: Any = None,
    out_bias: Any = None,
    mask: Any = None,
    key_mask: Any = None,
    *,
    heads: int,
    kv_heads: int | None = None,
    is_causal: bool = False,
    scale: float | None = None,
    need_weights: bool = False,
    average_weights: bool = True,
) -> Any:
    groups = kv_heads or heads
    q, k, v = _projected((q, k, v), in_weights, in_biases, heads, groups)
    lead, length, keys = q.shape[:-2], q.shape[-2], k.shape[-2]
    total = np.zeros((*lead, heads, length, keys))
    total = total + (0 if mask is None else _added(mask))
    total = total + (0 if key_mask is None else _added(key_mask)[..., None, None, :])
    total = total + (np.where(np.tri(length, keys, dtype=bool), 0, -np.inf) if is_causal else 0)
    parts, shares = [], []
    for head in range(heads):
        group = head * groups // heads
        qh = np.split(q, heads, -1)[head]
        kh, vh = (np.split(x, groups, -1)[group] for x in (k, v))
        scores = qh @ np.swapaxes(kh, -1, -2) * (scale or qh.shape[-1] ** -0.5) + total[..., head, :, :]
        top = scores.max(-1, keepdims=True)
        e = np.exp(scores - np.where(np.isfinite(top), top, 0))
        sums = e.sum(-1, keepdims=True)
        shares.append(e / np.where(sums == 0, 1, sums))
        parts.append(shares[-1] @ vh)
    found = np.concatenate(parts, -1)
    if out_weight is not None:
        found = found @ out_weight.T + (0 if out_bias is None else out_bias)
    weights = np.stack(shares, -3)
    return found, (weights.mean(-3) if average_weights else weights) if need_weights else None


def _case(name: str, packed: bool) -> None:
    def kinds(q: Any, *_: Any, need_weights: bool = False, **__: Any) -> Any:
        dtype = q.dtype.name
        return dtype, dtype if need_weights else None

    @case("multi_head_attention", _attention, dtype=kinds, tolerance=8, name=name)
    def _(d: Draw) -> Call:
        dtype, lead = d.dtype(FLOAT), d.of((2,), (1,), ())
        heads = d.of(2, 1, 4)
        groups = d.of(heads, 1)
        length, keys, width = d.integer(1, 3), d.integer(1, 3), heads * d.integer(1, 2)
        each = width // heads
        own, other = (3, 3) if packed else (3, 2)

        def draw(*shape: int) -> Any:
            return d.array(shape, dtype, low=-1, high=1)

        args: list[Any] = [draw(*lead, length, own), draw(*lead, keys, other), draw(*lead, keys, other)]
        if name == "plain":
            args = [draw(*lead, length, width), *(draw(*lead, keys, each * groups) for _ in range(2))]
            args += [(), ()]
        else:
            sizes = [width, groups * each, groups * each]
            rows = [sum(sizes)] if packed else sizes
            widths = [3] if packed else [own, other, other]
            args.append([draw(n, w) for n, w in zip(rows, widths, strict=True)])
            args.append([draw(n) for n in rows] if d.flag() else ())
        args += [draw(2, width), draw(2) if d.flag() else None] if d.flag() else [None, None]
        if d.flag():
            shape = (heads if d.flag() else 1, length, keys)
            args.append(d.array(shape, "bool") if d.flag() else draw(*shape))
            if d.flag():
                args.append(d.array((*lead, keys), "bool") if d.flag() else draw(*lead, keys))
        found: dict[str, Any] = {"heads": heads} | ({"kv_heads": groups} if groups != heads else {})
        found |= {k: v for k, v in {"is_causal": True, "scale": 0.5, "need_weights": True}.items() if d.flag()}
        if "need_weights" in found and d.flag():
            found["average_weights"] = False
        return Call(*args, **found)


_case("", True)
_case("apart", False)
_case("plain", False)
