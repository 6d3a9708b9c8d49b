"""Pooling; torch's window arguments are one number or one per spatial axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.functional._taps import adaptive_max_with_indices
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.nn.functional.conv import batched, pads, per_axis
from ivy_torch.frontend.promotion import cast


def _windows(n: int, kernel_size: Any, stride: Any, padding: Any) -> dict[str, Any]:
    kernel = per_axis(kernel_size, n)
    empty = stride is None or (not isinstance(stride, int) and len(stride) == 0)
    return {"kernel": kernel, "strides": kernel if empty else per_axis(stride, n), "padding": pads(padding, n)}


def _max_pool(n: int, with_indices: bool) -> Callable[..., Any]:
    def call(
        input: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Any:
        w = _windows(n, kernel_size, stride, padding)
        kernel = w.pop("kernel")
        w.update(dilation=per_axis(dilation, n), ceil_mode=bool(ceil_mode))

        def run(x: Any) -> Any:
            if not (with_indices or return_indices):
                return ops.max_pool(x, kernel, **w)
            values, where = ops.max_pool_with_indices(x, kernel, **w)
            return values, cast(where, "int64")

        return batched(run, input, n)

    return call


for _n in (1, 2, 3):
    api(f"F.max_pool{_n}d", f"max_pool{_n}d")(_max_pool(_n, False))
    api(f"F.max_pool{_n}d_with_indices", f"max_pool{_n}d_with_indices")(_max_pool(_n, True))


def _avg_pool(n: int) -> Callable[..., Any]:
    def call(
        input: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> Any:
        w = _windows(n, kernel_size, stride, padding)
        kernel = w.pop("kernel")
        w.update(
            ceil_mode=bool(ceil_mode), count_include_pad=bool(count_include_pad), divisor_override=divisor_override
        )
        return batched(lambda x: ops.avg_pool(x, kernel, **w), input, n)

    return call


def _adaptive_avg(n: int) -> Callable[..., Any]:
    def call(input: Any, output_size: Any) -> Any:
        size = output_size if isinstance(output_size, int) else tuple(output_size)
        return batched(lambda x: ops.adaptive_avg_pool(x, size), input, n)

    return call


def _adaptive_max(n: int, with_indices: bool) -> Callable[..., Any]:
    def call(input: Any, output_size: Any, return_indices: bool = False) -> Any:
        size = output_size if isinstance(output_size, int) else tuple(output_size)
        if with_indices or return_indices:
            return batched(lambda x: adaptive_max_with_indices(x, size), input, n)
        return batched(lambda x: ops.adaptive_max_pool(x, size), input, n)

    return call


for _n in (1, 2, 3):
    api(f"F.avg_pool{_n}d", f"avg_pool{_n}d")(_avg_pool(_n))
    api(f"F.adaptive_avg_pool{_n}d", f"adaptive_avg_pool{_n}d", f"aten._adaptive_avg_pool{_n}d")(_adaptive_avg(_n))
    api(f"F.adaptive_max_pool{_n}d")(_adaptive_max(_n, False))
    api(f"F.adaptive_max_pool{_n}d_with_indices", f"adaptive_max_pool{_n}d", f"aten.adaptive_max_pool{_n}d")(
        _adaptive_max(_n, True)
    )


def _lp_pool(n: int) -> Callable[..., Any]:
    def call(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
        kernel = per_axis(kernel_size, n)
        strides = kernel if stride is None else per_axis(stride, n)
        return batched(
            lambda x: ops.lp_pool(x, kernel, p=float(norm_type), strides=strides, ceil_mode=bool(ceil_mode)), input, n
        )

    return call


for _n in (1, 2, 3):
    api(f"F.lp_pool{_n}d")(_lp_pool(_n))


def _max_unpool(n: int) -> Callable[..., Any]:
    def call(
        input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
    ) -> Any:
        kernel, pad = per_axis(kernel_size, n), per_axis(padding, n)
        step = kernel if stride is None or stride == [] else per_axis(stride, n)
        shape = tuple(input.shape)
        if output_size is None:
            size = tuple((a - 1) * s - 2 * p + k for a, s, p, k in zip(shape[-n:], step, pad, kernel))
        else:
            size = tuple(int(v) for v in output_size)[-n:]
        lead = shape[:-n]
        flat = ops.zeros((*lead, math.prod(size)), dtype=dtype_of(input))
        at, values = ops.reshape(indices, (*lead, -1)), ops.reshape(input, (*lead, -1))
        return ops.reshape(ops.put_along_axis(flat, at, values, axis=-1), (*lead, *size))

    return call


for _n in (1, 2, 3):
    api(f"F.max_unpool{_n}d")(_max_unpool(_n))


def spatial(x: Any, n: int) -> Sequence[int]:
    """Return the sizes of the last `n` axes."""
    return tuple(x.shape[-n:])
