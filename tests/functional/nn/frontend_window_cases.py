"""Calls of the frameworks' own window functions, in their own spelling."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from window_cases import normal

__all__ = ["CALLS", "Call"]

Call = tuple[str, tuple[Any, ...], dict[str, Any]]
"""A function's path under the framework, positional arguments (arrays are NumPy's) and keyword arguments."""


def last(x: Any) -> Any:
    return np.moveaxis(x, 1, -1)


def every(n: int, path: str) -> Iterator[int]:
    """Give endless keys that depend on the call alone."""
    i = 0
    while True:
        yield zlib.crc32(f"{path} {n} {i}".encode())
        i += 1


# -- torch ------------------------------------------------------------------------------------------------------------


def torch_calls() -> Iterator[Call]:
    F = "nn.functional."
    sizes = {1: (9,), 2: (9, 12), 3: (5, 4, 6)}
    for n in (1, 2, 3):
        for batch, (i, o, g), k, s, p, d in product(
            (True, False), [(4, 6, 1), (4, 4, 4)], [1, 3], [1, 2], [0, 1, "valid", "same"], [1, 2]
        ):
            if p == "same" and s != 1:
                continue
            x = normal(2, i, *sizes[n]) if batch else normal(i, *sizes[n])
            w, b = normal(o, i // g, *(k,) * n, seed=1), normal(o, seed=2)
            yield F + f"conv{n}d", (x, w, b, s, p, d, g), {}
            if isinstance(p, int):
                wt = normal(i, o // g, *(k,) * n, seed=1)
                extra = s - 1
                yield F + f"conv_transpose{n}d", (x, wt), {
                    "stride": (s,) * n, "padding": [p] * n, "output_padding": extra, "groups": g, "dilation": d
                }  # fmt: skip
        for batch, k, s, p, ceil in product((True, False), [2, 3], [None, [], 1, 2], [0, 1], (False, True)):
            x = normal(2, 3, *sizes[n]) if batch else normal(3, *sizes[n])
            for d in (1, 2):
                for f in ("max_pool{}d", "max_pool{}d_with_indices"):
                    more = {"stride": s, "padding": p, "dilation": d, "ceil_mode": ceil}
                    yield F + f.format(n), (x, k), more
            for include in (False, True):
                more = {"stride": s, "padding": p, "ceil_mode": ceil, "count_include_pad": include}
                yield F + f"avg_pool{n}d", (x, k), {**more, **({"divisor_override": 3} if n > 1 and p else {})}
            if p == 0 and s != []:
                yield F + f"lp_pool{n}d", (np.abs(x), 2.0, k, s, ceil), {}
        for batch, out, kind in product((True, False), [1, 3, 5, (None,) * n], ["avg", "max"]):
            x = normal(2, 3, *sizes[n]) if batch else normal(3, *sizes[n])
            if out != (None,) * n or n > 1:
                yield F + f"adaptive_{kind}_pool{n}d", (x, out), {}
            if kind == "max":
                yield F + f"adaptive_max_pool{n}d", (x, 3), {"return_indices": True}
        modes = {1: ["linear"], 2: ["bilinear", "bicubic"], 3: ["trilinear"]}[n]
        for mode, factor, corners, recompute, anti in product(
            ["nearest", "nearest-exact", "area", *modes], [0.5, 1.7, 2, (2.5,) * n], [None, True], [None, True], [0, 1]
        ):
            if (corners and mode not in modes) or (anti and (n != 2 or mode not in modes)):
                continue
            more = {"scale_factor": factor, "mode": mode, "align_corners": corners, "antialias": bool(anti)}
            yield F + "interpolate", (normal(2, 3, *sizes[n]),), {**more, "recompute_scale_factor": recompute}
    for k, s, p, d in product([2, (3, 2)], [1, 2], [0, 1], [1, 2]):
        x = normal(2, 3, 9, 12)
        yield F + "unfold", (x, k), {"stride": s, "padding": p, "dilation": d}
        yield F + "unfold", (x[0], k), {"stride": s, "padding": p, "dilation": d}


# -- TensorFlow -------------------------------------------------------------------------------------------------------


def tensorflow_calls() -> Iterator[Call]:
    letters = {1: "W", 2: "HW", 3: "DHW"}
    sizes = {1: (9,), 2: (9, 12), 3: (5, 4, 6)}
    pads = {1: [[(2, 1)]], 2: [[(1, 1), (1, 1)], [(0, 1), (2, 1)]], 3: []}
    for n in (1, 2, 3):
        x = last(normal(2, 4, *sizes[n]))
        named = ["SAME", "VALID"]
        explicit = [[(0, 0), *p, (0, 0)] for p in pads[n]] if n == 2 else []
        for inner, k, s, p, d, form in product(
            [4, 2], [1, 2, 3], [1, 2, 3], [*named, *explicit], [1, 2], [True, False]
        ):
            w = normal(*(k,) * n, inner, 6, seed=1)
            if n == 3 and d * (k - 1) >= 4 and p == "VALID":
                continue  # no window fits, of which TensorFlow makes some
            kw: dict[str, Any] = {"padding": p, "dilations": d}
            if form:
                kw["data_format"] = f"N{letters[n]}C"
            kw["stride" if n == 1 else "strides"] = s if n < 3 else [1, s, s, s, 1]
            if n == 3:
                kw["dilations"] = [1, d, d, d, 1]
            yield f"nn.conv{n}d", (x, w), kw
            if form:
                yield "nn.convolution", (x, w), {
                    "padding": p if isinstance(p, str) else "VALID", "strides": s, "dilations": d if s == 1 else 1
                }  # fmt: skip
        for k, s, p in product([1, 2, 3, 4], [1, 2, 3], ["SAME", "VALID"]):
            y = last(normal(2, 6, *{1: (5,), 2: (5, 4), 3: (3, 2, 4)}[n]))
            w = normal(*(k,) * n, 4, 6, seed=1)
            for more in range(s):
                out = [(m * s - more) if p == "SAME" else (m - 1) * s + k + more for m in y.shape[1:-1]]
                yield f"nn.conv{n}d_transpose", (y, w), {
                    "output_shape": [2, *out, 4], "strides": s, "padding": p
                }  # fmt: skip
        for kind, k, s, p in product(["max", "avg"], [1, 2, 3, 4], [1, 2, 3], ["SAME", "VALID"]):
            yield f"nn.{kind}_pool{n}d", (x, k, s, p), {}
            yield f"nn.{kind}_pool", (x, [1, *(k,) * n, 1], [1, *(s,) * n, 1], p), {}
        if n == 2:
            for k, s, p in product([2, 3], [1, 2, (2, 1)], explicit):
                yield "nn.max_pool2d", (x, k, s, p), {}
    x = last(normal(2, 4, 9, 12))
    for many, k, s, p, d in product(
        [1, 2], [1, 2, (3, 2)], [1, 2, 3], ["SAME", "VALID", [(0, 0), (0, 1), (2, 1), (0, 0)]], [(1, 1), (2, 2), (1, 2)]
    ):
        k = (k, k) if isinstance(k, int) else k
        w = normal(*k, 4, many, seed=1)
        if s > 1 and d != (1, 1):
            continue  # TensorFlow's documentation excludes this
        kw = {"strides": [1, s, s, 1], "padding": p, "dilations": d}
        yield "nn.depthwise_conv2d", (x, w), kw
        yield "nn.separable_conv2d", (x, w, normal(1, 1, 4 * many, 5, seed=2)), kw
    for k, s, r, p in product([1, 2, 3], [1, 2, 4], [1, 2], ["SAME", "VALID"]):
        kw = {"sizes": [1, k, k, 1], "strides": [1, s, s, 1], "rates": [1, r, r, 1], "padding": p}
        yield "image.extract_patches", (x,), kw


# -- Paddle -----------------------------------------------------------------------------------------------------------


def paddle_calls() -> Iterator[Call]:
    F = "nn.functional."
    sizes = {1: (9,), 2: (9, 12), 3: (5, 4, 6)}
    forms = {1: ("NCL", "NLC"), 2: ("NCHW", "NHWC"), 3: ("NCDHW", "NDHWC")}
    for n, late in product((1, 2, 3), (False, True)):
        form = forms[n][late]

        def laid(x: Any, late: bool = late) -> Any:
            return last(x) if late else x

        flat = [v for i in range(n) for v in (i % 2, 1)]
        nested = [[a, b] for a, b in zip(flat[::2], flat[1::2], strict=True)]
        nested = [[0, 0], *nested, [0, 0]] if late else [[0, 0], [0, 0], *nested]
        pads: list[Any] = [0, 1, [1] * n, flat, "SAME", "VALID", *([nested] if n > 1 else [])]
        x = laid(normal(2, 4, *sizes[n]))
        for (i, o, g), k, s, p, d in product([(4, 6, 1), (4, 6, 2), (4, 8, 4)], [1, 3], [1, 2], pads, [1, 2]):
            if n == 3 and k == 3 and d == 2 and p in (0, "VALID", flat, nested):
                continue  # a kernel longer than the data, of which paddle counts one window
            w, b = normal(o, i // g, *(k,) * n, seed=1), normal(o, seed=2)
            yield F + f"conv{n}d", (x, w, b, s, p, d, g, form), {}
            wt = normal(i, o // g, *(k,) * n, seed=1)
            kw = {"stride": s, "padding": p, "dilation": d, "groups": g, "data_format": form}
            yield F + f"conv{n}d_transpose", (x, wt, b), kw
            if s == 2 and not isinstance(p, str):
                yield F + f"conv{n}d_transpose", (x, wt), {**kw, "output_padding": 1}
        for k, s, p, ceil in product([2, 3], [None, 1, 2], pads, (False, True)):
            kw = {"stride": s, "padding": p, "ceil_mode": ceil}
            if n > 1:
                kw["data_format"] = form
            elif late:
                continue
            yield F + f"max_pool{n}d", (x, k), kw
            for exclusive in (True, False):
                yield F + f"avg_pool{n}d", (x, k), {**kw, "exclusive": exclusive}
                if n > 1:
                    yield F + f"avg_pool{n}d", (x, k), {**kw, "exclusive": exclusive, "divisor_override": 3}
            if not late and isinstance(p, int):
                yield F + f"max_pool{n}d", (x, k), {**kw, "return_mask": True}
            if n < 3 and isinstance(p, int):
                more = {"data_format": form}
                yield F + f"lp_pool{n}d", (np.abs(x), 2.0, k, s, p, ceil), more
        for out in (1, 3, 5):
            more = {"data_format": form} if n > 1 else {}
            if n > 1 or not late:
                yield F + f"adaptive_avg_pool{n}d", (x, out), more
            if not late:
                yield F + f"adaptive_max_pool{n}d", (x, out), {}
                yield F + f"adaptive_max_pool{n}d", (x, out), {"return_mask": True}
        modes = {1: ["linear"], 2: ["bilinear", "bicubic"], 3: ["trilinear"]}[n]
        out_of = {1: [[18], [5]], 2: [[18, 5], [3, 24]], 3: [[10, 3, 6]]}[n]
        aims = [*({"size": o} for o in out_of), {"scale_factor": 2.0}, {"scale_factor": [0.5, 1.7, 1.3][:n]}]
        near = ["nearest", "area"] if n > 1 else []
        for mode, aim, corners, align in product([*near, *modes], aims, (False, True), (0, 1)):
            if (align and "linear" not in mode) or (corners and (align or mode in near)):
                continue
            kw = {"mode": mode, "align_corners": corners, "align_mode": align, "data_format": form, **aim}
            yield F + "interpolate", (x,), {"data_format": {"NCL": "NCW", "NLC": "NWC"}.get(form, form), **{
                k: v for k, v in kw.items() if k != "data_format"
            }}  # fmt: skip
    for k, s, p, d in product([2, [3, 2]], [1, 2], [0, 1, [1, 0], [1, 0, 2, 1]], [1, 2]):
        yield F + "unfold", (normal(2, 3, 9, 12), k, s, p, d), {}
        if not isinstance(p, list):
            kernel = [k, k] if isinstance(k, int) else k
            outs = [(m + 2 * p - d * (kk - 1) - 1) // s + 1 for m, kk in zip((9, 12), kernel, strict=True)]
            columns = normal(2, 3 * kernel[0] * kernel[1], outs[0] * outs[1])
            yield F + "fold", (columns, [9, 12], k, s, p, d), {}


# -- JAX --------------------------------------------------------------------------------------------------------------


def jax_calls() -> Iterator[Call]:
    letters = {1: "W", 2: "HW", 3: "DHW"}
    sizes = {1: (9,), 2: (9, 12), 3: (5, 4, 6)}
    for n in (1, 2, 3):
        spec = letters[n]
        numbers = [
            None,
            (f"N{spec}C", f"{spec}IO", f"N{spec}C"),
            (f"{spec}NC", f"O{spec}I", f"NC{spec}"),
        ]
        x = normal(2, 4, *sizes[n])
        mixed = [(i % 2, 1) for i in range(n)]
        keys = every(n, "conv")
        for (g, bg), k, s, p, base, d, form in product(
            [(1, 1), (2, 1), (4, 1), (1, 2)],
            [1, 3],
            [1, 2],
            ["SAME", "VALID", "SAME_LOWER", mixed, [(-1, 2)] * n],
            [1, 2],
            [1, 2],
            numbers,
        ):
            if (n == 3 and next(keys) % 3) or (isinstance(p, str) and base != 1 and p != "VALID"):
                continue
            w = normal(8, 4 // g, *(k,) * n, seed=1)
            a, b = x, w
            if form is not None:
                a = np.transpose(x, [("NC" + spec).index(c) for c in form[0]])
                b = np.transpose(w, [("OI" + spec).index(c) for c in form[1]])
            kw = {
                "window_strides": (s,) * n,
                "padding": p,
                "lhs_dilation": (base,) * n,
                "rhs_dilation": (d,) * n,
                "dimension_numbers": form,
                "feature_group_count": g,
                "batch_group_count": bg,
            }
            yield "lax.conv_general_dilated", (a, b), kw
    x = normal(2, 9, 12, 3)
    for name, k, s, p, base, d in product(
        ["max", "min", "add"],
        [(1, 2, 3, 1), (2, 3, 1, 2)],
        [(1, 1, 1, 1), (1, 2, 3, 1)],
        ["SAME", "VALID", [(0, 0), (1, 2), (0, 1), (1, 0)]],
        [(1, 1, 1, 1), (1, 2, 1, 1)],
        [(1, 1, 1, 1), (1, 2, 2, 1)],
    ):
        kw = {
            "window_dimensions": k, "window_strides": s, "padding": p, "base_dilation": base, "window_dilation": d
        }  # fmt: skip
        yield "lax.reduce_window", (x, {"max": -np.inf, "min": np.inf, "add": 0.0}[name], f"lax.{name}"), kw


CALLS = {"torch": torch_calls, "tensorflow": tensorflow_calls, "paddle": paddle_calls, "jax": jax_calls}
