"""Every combination of arguments of the window ops, with torch's result for each.

What torch refuses (pads beyond half a kernel, different pads on two sides, "same" with strides) is asked of it in another
form: the data is padded first. Its own functions thus define everything but the rules of XLA's names of paddings.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import count, product
from typing import Any, NamedTuple

import numpy as np

__all__ = ["FAMILIES", "Case", "cases", "sample"]


Pick = Callable[[], bool]
"""Tells of each combination in turn whether to make the call."""


class Case(NamedTuple):
    """One call.

    Attributes:
        op: name in the functional API.
        arrays: NumPy arrays, the leading arguments.
        rest: further positional arguments.
        kwargs: keyword arguments.
        reference: takes torch tensors, returns one or several.
        grad: how many leading arrays have a derivative.
    """

    op: str
    arrays: tuple[Any, ...]
    rest: tuple[Any, ...]
    kwargs: dict[str, Any]
    reference: Callable[..., Any]
    grad: int

    def __str__(self) -> str:
        shapes = ", ".join(f"{a.dtype}{list(a.shape)}" for a in self.arrays)
        return f"{self.op}({shapes}, {self.rest}, {self.kwargs})"


@lru_cache(maxsize=4096)
def normal(*shape: int, seed: int = 0, dtype: str = "float32") -> Any:
    rng = np.random.default_rng(zlib.crc32(repr((shape, seed)).encode()))
    return rng.normal(size=shape).astype(dtype)


def each(value: Any, n: int) -> tuple[Any, ...]:
    return (value,) * n if isinstance(value, int) else tuple(value)


def pairs_of(padding: Any, sizes: Any, kernel: Any, strides: Any, dilation: Any) -> list[tuple[int, int]]:
    """Pads by axis; "same" by XLA's rule: ceil(size / stride) windows, the odd pad at the end."""
    n = len(sizes)
    if padding == "valid":
        return [(0, 0)] * n
    if padding == "same":
        found = []
        for size, k, s, d in zip(sizes, each(kernel, n), each(strides, n), each(dilation, n), strict=True):
            total = max((-(-size // s) - 1) * s + d * (k - 1) + 1 - size, 0)
            found.append((total // 2, total - total // 2))
        return found
    return [p if isinstance(p, tuple) else (p, p) for p in each(padding, n)]


def plain(x: Any) -> Any:
    """A copy in C order: torch's convolutions misread some views whose axes of length 1 have other strides."""
    import torch

    return x.clone(memory_format=torch.contiguous_format)


def first(x: Any, last: bool) -> Any:
    return plain(x.movedim(-1, 1) if last else x)


def back(y: Any, last: bool) -> Any:
    return y.movedim(1, -1) if last else y


def padded(x: Any, pads: Any, value: float = 0.0) -> Any:
    """Pad by explicit values around the two leading axes, or cut where negative."""
    import torch.nn.functional as T

    x = T.pad(x, [max(p, 0) for pair in reversed(pads) for p in pair], value=value)
    for axis, (lo, hi) in enumerate(pads, start=2):
        size = x.shape[axis]
        x = x.narrow(axis, min(max(-lo, 0), size), max(size - max(-lo, 0) - max(-hi, 0), 0))
    return x


def counted(size: int, kernel: int, stride: int, pads: Any, dilation: int) -> int:
    return max(0, (size + sum(pads) - dilation * (kernel - 1) - 1) // stride + 1)


def by_rank(name: str, n: int) -> Any:
    import torch.nn.functional as T

    return getattr(T, name.format(n))


LAYOUTS = {False: "channels_first", True: "channels_last"}
SIZES = {1: [(9,), (1,)], 2: [(9, 12), (5, 1)], 3: [(5, 4, 6), (1, 3, 2)]}
STEPS = {1: [1, 2, 3], 2: [1, 2, 3, (2, 1), (1, 3)], 3: [1, 2, (2, 1, 3)]}
SPREADS = {1: [1, 2, 3], 2: [1, 2, (1, 2)], 3: [1, (1, 2, 1)]}
PADS = {
    1: [0, 1, 2, [(0, 1)], [(3, 1)], [(-1, 0)], [(-2, 1)], "same", "valid"],
    2: [0, 1, 2, (1, 0), [(0, 1), (2, 1)], [(-1, 0), (0, -2)], [(-1, 2), (1, -1)], "same", "valid"],
    3: [0, 1, (1, 0, 2), [(0, 1), (2, 1), (0, 0)], [(-1, 0), (1, -1), (0, 2)], "same"],
}
KERNELS = {1: [1, 2, 3, 5], 2: [1, 2, 3, (3, 2), (1, 5)], 3: [1, 2, (3, 2, 1)]}
GROUPS = [(4, 6, 1), (4, 6, 2), (4, 4, 4), (4, 8, 4), (1, 3, 1)]
"""Inputs, outputs and groups: plain, grouped, depthwise, depthwise with two outputs for each channel, one input."""


def _conv(n: int, pick: Pick, base: Any = 1) -> Iterator[Case]:
    for size, s, p, d, (inner, outer, groups), k, last in product(
        SIZES[n], STEPS[n], PADS[n], SPREADS[n], GROUPS, KERNELS[n], (False, True)
    ):
        if not pick():
            continue
        key = zlib.crc32(repr((size, s, p, d, groups, k)).encode())
        kernel = each(k, n)
        weight_last = last ^ (key % 4 == 0)
        x = normal(2 if key % 16 else 0, inner, *size)
        w = normal(outer, inner // groups, *kernel, seed=1)
        arrays = [np.moveaxis(x, 1, -1) if last else x]
        arrays.append(np.moveaxis(w, (1, 0), (-2, -1)) if weight_last else w)
        if key % 3:
            arrays.append(normal(outer, seed=2))
        kwargs = {
            "strides": s,
            "padding": p,
            "dilation": d,
            "groups": groups,
            "data_format": LAYOUTS[last],
            "weight_format": "*IO" if weight_last else "OI*",
        }
        if base != 1:
            kwargs["input_dilation"] = base

        def reference(x: Any, w: Any, b: Any = None, n=n, s=s, p=p, d=d, groups=groups, last=last, wl=weight_last):
            import torch

            x, w = first(x, last), plain(w.permute(n + 1, n, *range(n)) if wl else w)
            if base != 1:
                wide = x.new_zeros((*x.shape[:2], *((m - 1) * v + 1 for m, v in zip(x.shape[2:], each(base, n)))))
                wide[(slice(None), slice(None), *(slice(None, None, v) for v in each(base, n)))] = x
                x = wide
            pads = pairs_of(p, x.shape[2:], tuple(w.shape[2:]), s, d)
            steps, spread = each(s, n), each(d, n)
            outs = [counted(*v) for v in zip(x.shape[2:], w.shape[2:], steps, pads, spread)]
            if 0 in outs or 0 in x.shape:
                y = torch.zeros((x.shape[0], w.shape[0], *outs)) + 0.0 * (x.sum() + w.sum())
                return back(y if b is None else y + b.reshape(-1, *[1] * n), last)
            y = by_rank("conv{}d", n)(padded(x, pads), w, b, steps, 0, spread, groups)
            return back(y, last)

        yield Case("conv", tuple(arrays), (), kwargs, reference, len(arrays))


def _spread_conv(n: int, pick: Pick) -> Iterator[Case]:
    """Convolutions of data with gaps, a part of all."""
    for base in {1: [2, 3], 2: [2, (1, 3)], 3: [(2, 1, 2)]}[n]:
        turn = count()
        yield from _conv(n, lambda turn=turn: next(turn) % 7 == 0 and pick(), base)


def _conv_transpose(n: int, pick: Pick) -> Iterator[Case]:
    pads = {
        1: [0, 1, 2, [(0, 1)], [(2, 0)], [(-1, 0)], [(-2, -1)], "same", "valid"],
        2: [0, 1, 2, (1, 0), [(0, 1), (2, 1)], [(-1, 0), (0, -2)], "same", "valid"],
        3: [0, 1, (1, 0, 1), [(0, 1), (1, 0), (-1, 0)], "same"],
    }[n]
    extras = {1: [0, 1, 2], 2: [0, 1, (1, 0)], 3: [0, (1, 0, 1)]}[n]
    sizes = {1: [(6,), (1,)], 2: [(5, 6), (4, 1)], 3: [(3, 2, 4)]}[n]
    for size, s, p, extra, d, (inner, outer, groups), k, last in product(
        sizes, STEPS[n], pads, extras, SPREADS[n], GROUPS, KERNELS[n], (False, True)
    ):
        if not pick():
            continue
        key = zlib.crc32(repr((size, s, p, d, groups, k, extra)).encode())
        if key % 3:  # the product is large
            continue
        kernel, steps, spread, more = each(k, n), each(s, n), each(d, n), each(extra, n)
        spans = [b * (a - 1) + 1 for a, b in zip(kernel, spread, strict=True)]
        if isinstance(p, str):
            if any(more):
                continue
            # Keras and Flax: size * stride outputs, or all that any input reaches
            if p == "same":
                cuts = [max(v - t, 0) for v, t in zip(spans, steps, strict=True)]
                cuts = [(c // 2, c - c // 2, m * t) for c, m, t in zip(cuts, size, steps, strict=True)]
            else:
                cuts = [(0, 0, (m - 1) * t + max(v, t)) for m, t, v in zip(size, steps, spans, strict=True)]
        else:
            cuts = [
                (lo, hi, (m - 1) * t + v - lo - hi + e)
                for (lo, hi), m, t, v, e in zip(pairs_of(p, size, kernel, s, d), size, steps, spans, more, strict=True)
            ]
        if any(c[2] < 1 for c in cuts):
            continue
        weight_last = last ^ (key % 4 == 0)
        x, w = normal(2 if key % 16 else 0, inner, *size), normal(inner, outer // groups, *kernel, seed=1)
        arrays = [np.moveaxis(x, 1, -1) if last else x]
        arrays.append(np.moveaxis(w, (0, 1), (-2, -1)) if weight_last else w)
        if key % 3:
            arrays.append(normal(outer, seed=2))
        kwargs = {
            "strides": s,
            "padding": p,
            "output_padding": extra,
            "dilation": d,
            "groups": groups,
            "data_format": LAYOUTS[last],
            "weight_format": "*IO" if weight_last else "IO*",
        }

        def reference(
            x: Any, w: Any, b: Any = None, n=n, s=s, d=d, groups=groups, last=last, wl=weight_last, cuts=cuts
        ):
            import torch

            x, w = first(x, last), plain(w.permute(n, n + 1, *range(n)) if wl else w)
            wanted = [total for _, _, total in cuts]
            if 0 in x.shape:
                y = torch.zeros((x.shape[0], w.shape[1] * groups, *wanted)) + 0.0 * (x.sum() + w.sum())
            else:
                y = by_rank("conv_transpose{}d", n)(x, w, None, s, 0, 0, groups, d)
                y = padded(y, [(-lo, total - (m - lo)) for (lo, _, total), m in zip(cuts, y.shape[2:], strict=True)])
            return back(y if b is None else y + b.reshape(-1, *[1] * n), last)

        yield Case("conv_transpose", tuple(arrays), (), kwargs, reference, len(arrays))


POOL_STEPS = {1: [None, 1, 2, 3], 2: [None, 1, 2, 3, (2, 1)], 3: [None, 1, (2, 1, 3)]}
POOL_SIZES = {1: [(9,), (1,)], 2: [(9, 12), (7, 6), (5, 1)], 3: [(5, 4, 6)]}
POOL_PADS = {
    1: [0, 1, 2, [(0, 1)], [(3, 1)], [(-1, 0)], "same", "valid"],
    2: [0, 1, 2, (1, 0), [(0, 1), (2, 1)], [(-1, 0), (0, -2)], "same", "valid"],
    3: [0, 1, (1, 0, 1), [(0, 1), (1, 0), (0, 0)], "same"],
}


def _pooled(n: int, x: Any, k: Any, s: Any, p: Any, d: Any, ceil: bool) -> Any:
    """Data padded for a pooling without padding, and the pads that count; torch's rule of the last window."""
    kernel, spread = each(k, n), each(d, n)
    steps = kernel if s is None else each(s, n)
    pads = pairs_of(p, x.shape[2:], kernel, steps, spread)
    fitted = []
    for size, kk, ss, dd, (lo, hi) in zip(x.shape[2:], kernel, steps, spread, pads, strict=True):
        span = dd * (kk - 1) + 1
        room = size + lo + hi - span
        out = -(-room // ss) + 1 if ceil else room // ss + 1
        if ceil and (out - 1) * ss >= size + lo + min(hi, 0):
            out -= 1
        out = max(out, 0)
        fitted.append((lo, max((out - 1) * ss + span - size - lo, min(hi, 0) if ceil else hi) if out else hi, out))
    return kernel, steps, spread, pads, fitted


def _pool_data(key: int, n: int, size: Any, last: bool, positive: bool = False) -> Any:
    x = normal(2 if key % 16 else 0, 3, *size, seed=3)
    if key % 5 == 0:
        x = np.maximum(x, 0)  # many equal values
    x = np.abs(x) + np.float32(0.1) if positive else x
    return np.moveaxis(x, 1, -1) if last else x


def meets(sizes: Any, kernel: Any, strides: Any, padding: Any, dilation: Any, ceil: bool) -> bool:
    """Whether there is a value in every window: of pads alone, any place is the greatest one's."""
    n = len(sizes)
    kernel, spread = each(kernel, n), each(dilation, n)
    steps = kernel if strides is None else each(strides, n)
    for m, k, s, d, (lo, hi) in zip(sizes, kernel, steps, spread, pairs_of(padding, sizes, kernel, steps, spread)):
        for start in range(-lo, m + hi - (0 if ceil else d * (k - 1)), s):
            if not any(max(-lo, 0) <= start + t * d < m + min(hi, 0) for t in range(k)):
                return False
    return True


def _max_pool(n: int, pick: Pick, indices: bool = False) -> Iterator[Case]:
    for size, k, s, p, d, ceil, last in product(
        POOL_SIZES[n], KERNELS[n], POOL_STEPS[n], POOL_PADS[n], SPREADS[n], (False, True), (False, True)
    ):
        if not pick():
            continue
        if indices and not meets(size, k, s, p, d, ceil):
            continue
        key = zlib.crc32(repr((size, k, s, p, d, ceil)).encode())
        x = _pool_data(key, n, size, last)
        kwargs = {"strides": s, "padding": p, "dilation": d, "ceil_mode": ceil, "data_format": LAYOUTS[last]}

        def reference(x: Any, n=n, k=k, s=s, p=p, d=d, ceil=ceil, last=last):
            import torch

            x = first(x, last)
            kernel, steps, spread, pads, fitted = _pooled(n, x, k, s, p, d, ceil)
            if 0 in x.shape or any(out == 0 for _, _, out in fitted):
                y = torch.zeros((*x.shape[:2], *(out for _, _, out in fitted))) + 0.0 * x.sum()
                y = back(y, last)
                return (y, y.to(torch.int64)) if indices else y
            half = all(lo == hi and 0 <= lo <= kk // 2 for (lo, hi), kk in zip(pads, kernel, strict=True))
            f = by_rank("max_pool{}d", n)
            if half:
                found = f(x, kernel, steps, [lo for lo, _ in pads], spread, ceil, indices)
            else:
                wide = padded(x, [pair[:2] for pair in fitted], -np.inf)
                found = f(wide, kernel, steps, 0, spread, False, indices)
                if indices:
                    y, at = found
                    where = torch.arange(int(np.prod(x.shape[2:]))).reshape(1, 1, *x.shape[2:]).to(torch.float64)
                    where = padded(where, [pair[:2] for pair in fitted]).reshape(-1).to(torch.int64)
                    found = y, where[at]
            return tuple(back(v, last) for v in found) if indices else back(found, last)

        # where a window is of pads alone, no value is the greatest, and torch gives the gradient to one all the same
        grad = int(meets(size, k, s, p, d, ceil))
        yield Case("max_pool_with_indices" if indices else "max_pool", (x,), (k,), kwargs, reference, grad)


def _max_pool_with_indices(n: int, pick: Pick) -> Iterator[Case]:
    return _max_pool(n, pick, True)


def _avg_pool(n: int, pick: Pick) -> Iterator[Case]:
    for size, k, s, p, ceil, include, divisor, last in product(
        POOL_SIZES[n], KERNELS[n], POOL_STEPS[n], POOL_PADS[n], (False, True), (False, True), (None, 5), (False, True)
    ):
        if not pick():
            continue
        key = zlib.crc32(repr((size, k, s, p, ceil, include, divisor)).encode())
        x = _pool_data(key, n, size, last)
        kwargs = {
            "strides": s,
            "padding": p,
            "ceil_mode": ceil,
            "count_include_pad": include,
            "divisor_override": divisor,
            "data_format": LAYOUTS[last],
        }

        def reference(x: Any, n=n, k=k, s=s, p=p, ceil=ceil, include=include, divisor=divisor, last=last):
            import torch
            import torch.nn.functional as T

            x = first(x, last)
            kernel, steps, _, pads, fitted = _pooled(n, x, k, s, p, 1, ceil)
            if 0 in x.shape or any(out == 0 for _, _, out in fitted):
                return back(torch.zeros((*x.shape[:2], *(out for _, _, out in fitted))) + 0.0 * x.sum(), last)
            half = all(lo == hi and 0 <= lo <= kk // 2 for (lo, hi), kk in zip(pads, kernel, strict=True))
            f = by_rank("avg_pool{}d", n)
            if half and (n > 1 or divisor is None):
                more = () if n == 1 else (divisor,)
                return back(f(x, kernel, steps, [lo for lo, _ in pads], ceil, include, *more), last)
            if n == 1:  # through two axes, where torch has a divisor
                x, kernel, steps, fitted = x.unsqueeze(2), (1, *kernel), (1, *steps), [(0, 0, 1), *fitted]
                pads, f = [(0, 0), *pads], T.avg_pool2d
            wide = padded(x, [pair[:2] for pair in fitted])
            total = f(wide, kernel, steps, 0, False, True, 1)
            if divisor is not None:
                y = total / divisor
            else:
                inside = [(lo, hi) if include else (min(lo, 0), min(hi, 0)) for lo, hi in pads]
                ones = torch.ones([1, 1, *(m + lo + hi for m, (lo, hi) in zip(x.shape[2:], inside, strict=True))])
                fill = [(a[0] - b[0], a[1] - b[1]) for a, b in zip(fitted, inside, strict=True)]
                y = total / f(padded(ones, fill), kernel, steps, 0, False, True, 1).clamp(min=1)
            return back(y.squeeze(2) if n == 1 and y.ndim == 4 else y, last)

        yield Case("avg_pool", (x,), (k,), kwargs, reference, 1)


def _lp_pool(n: int, pick: Pick) -> Iterator[Case]:
    for size, k, s, p, ceil, last in product(
        POOL_SIZES[n], KERNELS[n], POOL_STEPS[n], (1.0, 2.0, 3.0, 0.5), (False, True), (False, True)
    ):
        if not pick():
            continue
        key = zlib.crc32(repr((size, k, s, p, ceil)).encode())
        x = _pool_data(key, n, size, last, positive=True)
        kwargs = {"strides": s, "p": p, "ceil_mode": ceil, "data_format": LAYOUTS[last]}

        def reference(x: Any, n=n, k=k, s=s, p=p, ceil=ceil, last=last):
            import torch

            x = first(x, last)
            *_, fitted = _pooled(n, x, k, s, 0, 1, ceil)
            if 0 in x.shape or any(out == 0 for _, _, out in fitted):
                return back(torch.zeros((*x.shape[:2], *(out for _, _, out in fitted))) + 0.0 * x.sum(), last)
            return back(
                by_rank("lp_pool{}d", n)(
                    x, p, k if n == 1 else each(k, n), s if n == 1 or s is None else each(s, n), ceil
                ),
                last,
            )

        yield Case("lp_pool", (x,), (k,), kwargs, reference, 1)


def _adaptive(n: int, pick: Pick) -> Iterator[Case]:
    sizes = {1: [(9,), (1,), (12,)], 2: [(9, 12), (7, 6), (1, 5)], 3: [(5, 4, 6), (1, 3, 7)]}[n]
    outs = {
        1: [1, 2, 3, 5, 9, 11, None],
        2: [1, 2, 3, 5, (None, 3), (4, None), (5, 7), (9, 1), (14, 13)],
        3: [1, 2, 3, (None, 2, 5), (5, 1, 3), (7, 9, 8)],
    }[n]
    for kind, size, out, last in product(("avg", "max"), sizes, outs, (False, True)):
        if not pick():
            continue
        key = zlib.crc32(repr((kind, size, out)).encode())
        x = _pool_data(key | 1, n, size, last)

        def reference(x: Any, n=n, kind=kind, out=out, last=last):
            x = first(x, last)
            wanted = each(out, n) if out is not None else (None,) * n
            wanted = [m if o is None else o for o, m in zip(wanted, x.shape[2:], strict=True)]
            return back(by_rank(f"adaptive_{kind}_pool{{}}d", n)(x, wanted), last)

        yield Case(f"adaptive_{kind}_pool", (x,), (out,), {"data_format": LAYOUTS[last]}, reference, 1)


def _max_unpool(n: int, pick: Pick) -> Iterator[Case]:
    import torch

    for size, k, s, p, given, last in product(
        POOL_SIZES[n], KERNELS[n], POOL_STEPS[n], (0, 1), (False, True), (False, True)
    ):
        if not pick():
            continue
        kernel = each(k, n)
        steps = kernel if s is None else each(s, n)
        if any(p > kk // 2 for kk in kernel) or any(m + 2 * p < kk for m, kk in zip(size, kernel, strict=True)):
            continue
        x = torch.from_numpy(normal(2, 3, *size, seed=3))
        values, at = by_rank("max_pool{}d", n)(x, kernel, steps, p, return_indices=True)
        if any(kk > ss for kk, ss in zip(kernel, steps, strict=True)):
            # windows that share a maximum: one value, so which one wins does not matter, but its gradient does
            grad = 0
        else:
            grad = 1
        fitting = [(m - 1) * ss - 2 * p + kk for m, ss, kk in zip(values.shape[2:], steps, kernel, strict=True)]
        if not given and fitting != list(size) and int(at.max()) >= np.prod(fitting):
            continue
        if given and any(abs(a - b) >= ss for a, b, ss in zip(size, fitting, steps, strict=True)):
            continue
        arrays = [values.numpy(), at.numpy()]
        if last:
            arrays = [np.moveaxis(a, 1, -1) for a in arrays]
        kwargs = {"strides": s, "padding": p, "data_format": LAYOUTS[last]}
        if given:
            kwargs["output_size"] = size

        def reference(v: Any, at: Any, n=n, kernel=kernel, steps=steps, p=p, size=size if given else None, last=last):
            f = by_rank("max_unpool{}d", n)
            return back(
                f(first(v, last), first(at, last), kernel, steps, p, None if size is None else list(size)), last
            )

        yield Case("max_unpool", tuple(arrays), (k,), kwargs, reference, grad)


def _unfold(n: int, pick: Pick) -> Iterator[Case]:
    if n != 2:
        return
    for size, k, s, p, d, batch in product(
        [(9, 12), (5, 6), (4, 1)], KERNELS[2], STEPS[2], [0, 1, 2, (1, 0)], SPREADS[2], (2, 1, 0)
    ):
        if not pick():
            continue
        pads, kernel, steps, spread = each(p, 2), each(k, 2), each(s, 2), each(d, 2)
        outs = [counted(m, kk, ss, (q, q), dd) for m, kk, ss, q, dd in zip(size, kernel, steps, pads, spread)]
        if 0 in outs:
            continue
        kwargs = {"strides": s, "padding": p, "dilation": d}

        def reference(x: Any, kernel=kernel, steps=steps, pads=pads, spread=spread, outs=outs):
            import torch
            import torch.nn.functional as T

            if 0 in x.shape:
                return torch.zeros((0, x.shape[1] * int(np.prod(kernel)), int(np.prod(outs)))) + 0.0 * x.sum()
            return T.unfold(x, kernel, spread, pads, steps)

        yield Case("unfold", (normal(batch, 3, *size),), (k,), kwargs, reference, 1)

        def folded(c: Any, kernel=kernel, steps=steps, pads=pads, spread=spread, size=size):
            import torch
            import torch.nn.functional as T

            if 0 in c.shape:
                return torch.zeros((0, 3, *size)) + 0.0 * c.sum()
            return T.fold(c, size, kernel, spread, pads, steps)

        columns = normal(batch, 3 * int(np.prod(kernel)), int(np.prod(outs)))
        yield Case("fold", (columns,), (size, k), kwargs, folded, 1)


_NAMES = {"linear": {1: "linear", 2: "bilinear", 3: "trilinear"}, "cubic": {2: "bicubic"}}


def _interpolate(n: int, pick: Pick) -> Iterator[Case]:
    sizes = {1: [(9,), (1,), (12,)], 2: [(9, 12), (7, 6), (1, 5)], 3: [(5, 4, 6), (1, 3, 7)]}[n]
    outs = {
        1: [1, 2, 3, 5, 9, 18, 27, 31],
        2: [1, 3, 7, (18, 24), (14, 4), (5, 17), (3, 12), (27, 1)],
        3: [1, 3, (10, 8, 12), (2, 9, 5)],
    }[n]
    scales = {
        1: [0.5, 2, 1.7, 0.3, 2.5, 1.0, 1.05],
        2: [0.5, 2, 1.7, 0.3, (2.5, 0.7), (1.0, 3), 1.06, (2.05, 1.06)],
        3: [0.5, 2, 1.3],
    }[n]
    modes = ["nearest", "nearest-exact", "linear", "area", *(["cubic"] if n == 2 else [])]
    for mode, size, target, corners, anti, recompute, last, dtype in product(
        modes,
        sizes,
        [*(("size", o) for o in outs), *(("scale", f) for f in scales)],
        (False, True),
        (False, True),
        (False, True),
        (False, True),
        ("float32", "float64"),
    ):
        if not pick():
            continue
        kind, value = target
        smooth = mode in ("linear", "cubic")
        if (corners and not smooth) or (anti and (not smooth or n != 2)) or (recompute and kind == "size"):
            continue
        if dtype == "float64" and last:
            continue
        if kind == "size":
            out, scale = each(value, n), None
        else:
            factors = (float(value),) * n if isinstance(value, (int, float)) else tuple(map(float, value))
            out = tuple(int(np.floor(m * f)) for m, f in zip(size, factors, strict=True))
            scale = None if recompute else factors
        if 0 in out:
            continue
        if anti and out[-1] == 1 and out[0] != size[0]:
            continue  # torch 2.13 gives the first row throughout, which is no average of anything
        # torch's gradients disagree with its values about an axis that keeps its size under another scale
        kept = scale is not None and any(a == b for a, b in zip(size, out, strict=True))
        grad = int(not (kept and (anti or mode.startswith("nearest"))))
        x = normal(2, 3, *size, dtype=dtype)
        kwargs = {"mode": mode, "align_corners": corners, "antialias": anti, "data_format": LAYOUTS[last]}
        if scale is not None and mode != "area":
            kwargs["scale"] = scale

        def reference(
            x: Any, n=n, mode=mode, kind=kind, value=value, out=out, c=corners, a=anti, r=recompute, last=last
        ):
            import torch.nn.functional as T

            name = _NAMES.get(mode, {}).get(n, mode)
            options: dict[str, Any] = {"mode": name, "antialias": a}
            if mode in ("linear", "cubic"):
                options["align_corners"] = c
            if kind == "size":
                return back(T.interpolate(first(x, last), out, **options), last)
            value = value if isinstance(value, tuple) else float(value)
            return back(T.interpolate(first(x, last), scale_factor=value, recompute_scale_factor=r, **options), last)

        yield Case("interpolate", (np.moveaxis(x, 1, -1) if last else x,), (out,), kwargs, reference, grad)


FAMILIES: dict[str, Callable[[int, Pick], Iterator[Case]]] = {
    "conv": _conv,
    "conv of spread data": _spread_conv,
    "conv_transpose": _conv_transpose,
    "max_pool": _max_pool,
    "max_pool_with_indices": _max_pool_with_indices,
    "avg_pool": _avg_pool,
    "lp_pool": _lp_pool,
    "adaptive": _adaptive,
    "max_unpool": _max_unpool,
    "unfold and fold": _unfold,
    "interpolate": _interpolate,
}


def cases(family: str, n: int) -> Iterator[Case]:
    """Give all calls of a family over `n` spatial axes."""
    return FAMILIES[family](n, lambda: True)


def sample(family: str, n: int, about: int) -> Iterator[Case]:
    """Give about so many of them, the same ones every time."""
    asked: list[None] = []
    list(FAMILIES[family](n, lambda: bool(asked.append(None))))
    share, numbers = max(1, len(asked) // about), iter(range(len(asked)))
    return FAMILIES[family](n, lambda: zlib.crc32(f"{family} {n} {next(numbers)}".encode()) % share == 0)
