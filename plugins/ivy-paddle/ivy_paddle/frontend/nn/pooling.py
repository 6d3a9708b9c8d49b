"""Pooling."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.functional._forms import WindowForm, window_form
from ivy.functional._taps import adaptive_max_with_indices
from ivy.functional._windows import window_counts
from ivy_paddle.frontend.nn.convolution import layout, pairs, per_axis, public_padding
from ivy_paddle.frontend.promotion import cast, integers
from ivy_paddle.frontend.table import api, op

_LEAST = -3.4028234663852886e38
"""Where paddle's maxima start, in every dtype."""


def _spatial(x: Any, form: str) -> tuple[int, ...]:
    return tuple(x.shape[2:] if form == "channels_first" else x.shape[1:-1])


def _sizes(output_size: Any, spatial: tuple[int, ...]) -> tuple[int, ...]:
    if output_size is None or isinstance(output_size, int):
        output_size = (output_size,) * len(spatial)
    return tuple(size if n in (None, -1) else int(n) for n, size in zip(output_size, spatial, strict=True))


def _pool(
    x: Any,
    kernel_size: Any,
    strides: Any = 1,
    paddings: Any = 0,
    ceil_mode: bool = False,
    exclusive: bool = True,
    data_format: str = "NCHW",
    pooling_type: str = "max",
    global_pooling: bool = False,
    adaptive: bool = False,
    padding_algorithm: str = "EXPLICIT",
    norm_type: float = 2.0,
) -> Any:
    n = len(x.shape) - 2
    form = layout(data_format, n)
    spatial = _spatial(x, form)
    kernel = integers(kernel_size, "kernel size")
    if adaptive:
        fn = ops.adaptive_max_pool if pooling_type == "max" else ops.adaptive_avg_pool
        return fn(x, _sizes(list(kernel), spatial), data_format=form)
    if global_pooling:
        kernel, strides, paddings, padding_algorithm = spatial, (1,) * n, (0,) * n, "EXPLICIT"
    window = _window(x, kernel, strides, paddings, ceil_mode, padding_algorithm, form)
    options: dict[str, Any] = {"strides": window.strides, "padding": window.pads, "data_format": form}
    if pooling_type == "max":
        if not window.meets:  # of the padding alone, paddle gives the least number
            x = ops.pad(x, window.widths(len(x.shape)), value=_LEAST)
            options["padding"] = 0
        return ops.max_pool(x, window.kernel, **options)
    if pooling_type == "lp":
        means = ops.avg_pool(ops.pow(x, norm_type), window.kernel, divisor_override=1, **options)
        return ops.pow(means, 1.0 / norm_type)
    counts = _counts(window, exclusive)
    if all(set(count) == {k} for count, k in zip(counts, window.kernel, strict=True)):
        return ops.avg_pool(x, window.kernel, **options)
    if exclusive and all(p < k for pair, k in zip(window.pads, window.kernel, strict=True) for p in pair):
        return ops.avg_pool(x, window.kernel, count_include_pad=False, **options)
    y = ops.avg_pool(x, window.kernel, divisor_override=1, **options)
    for axis, count in zip(window.axes, counts, strict=True):
        shape = [-1 if a == axis else 1 for a in range(len(x.shape))]
        y = ops.divide(y, ops.reshape(ops.asarray([float(c) for c in count], dtype=dtype_of(x)), shape))
    return y


def _window(
    x: Any, kernel: Any, strides: Any, paddings: Any, ceil_mode: bool, padding_algorithm: str, form: str
) -> WindowForm:
    """Return the windows, padded at the end for one more where paddle counts a last one that is partly outside.

    It counts that one even if it lies in the padding alone, unlike torch.
    """
    n = len(x.shape) - 2
    axes = range(2, n + 2) if form == "channels_first" else range(1, n + 1)
    steps = integers(strides, "strides")
    pads: Any = pairs(paddings, n) if padding_algorithm == "EXPLICIT" else padding_algorithm.lower()
    window = window_form(tuple(x.shape), axes, integers(kernel, "kernel size"), steps, pads)
    if not ceil_mode or padding_algorithm != "EXPLICIT":
        return window
    more = [
        (lo, hi + (k - size - lo - hi) % s)
        for size, k, s, (lo, hi) in zip(window.sizes, window.kernel, window.strides, window.pads, strict=True)
    ]
    return window_form(tuple(x.shape), axes, window.kernel, window.strides, more)


def _counts(window: WindowForm, exclusive: bool) -> list[list[int]]:
    """Return of how many values paddle takes each window's average for, by axis.

    With pads included, it takes what is added at the end to be as much as is added in front.
    """
    return [
        window_counts(size, k, s, lo, lo, out, not exclusive)
        for size, k, s, (lo, _), out in zip(
            window.sizes, window.kernel, window.strides, window.pads, window.outs, strict=True
        )
    ]


op("pool2d", "pool3d")(_pool)
op("lp_pool2d")(_pool)


def _max_pool_with_index(
    x: Any,
    kernel_size: Any,
    strides: Any = 1,
    paddings: Any = 0,
    global_pooling: bool = False,
    adaptive: bool = False,
    ceil_mode: bool = False,
    dilations: Any = 1,
) -> tuple[Any, Any]:
    n = len(x.shape) - 2
    spatial = tuple(x.shape[2:])
    kernel = integers(kernel_size, "kernel size")
    if global_pooling:
        kernel, strides, paddings = spatial, (1,) * n, (0,) * n
    if adaptive:
        sizes = _sizes(list(kernel), spatial)
        values, places = adaptive_max_with_indices(x, sizes)
        return values, cast(places, "int32")
    window = _window(x, kernel, strides, paddings, ceil_mode, "EXPLICIT", "channels_first")
    values, places = ops.max_pool_with_indices(x, window.kernel, strides=window.strides, padding=window.pads)
    return values, cast(places, "int32")


op("max_pool2d_with_index", "max_pool3d_with_index")(_max_pool_with_index)


@op("unpool", "unpool3d")
def unpool(
    x: Any,
    indices: Any,
    ksize: Any = (),
    strides: Any = (),
    padding: Any = (),
    output_size: Any = (),
    data_format: str = "NCHW",
    paddings: Any = (),
) -> Any:
    n = len(x.shape) - 2
    sizes = integers(output_size, "output size")[-n:]
    lead = tuple(x.shape[:2])
    flat = ops.zeros((*lead, math.prod(sizes)), dtype=dtype_of(x))
    rows = ops.reshape(cast(indices, "int64"), (*lead, -1))
    return ops.reshape(ops.put_along_axis(flat, rows, ops.reshape(x, (*lead, -1)), axis=2), (*lead, *sizes))


# -- public -----------------------------------------------------------------------------------------------------------


def _declare(n: int, data_format: str) -> None:
    """Register the public pooling functions over n axes."""

    def max_pool(
        x: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        return_mask: bool = False,
        ceil_mode: bool = False,
        data_format: str = data_format,
    ) -> Any:
        kernel, steps = per_axis(kernel_size, n), per_axis(kernel_size if stride is None else stride, n)
        pads, rule = public_padding(padding, n, data_format)
        if return_mask:
            return _max_pool_with_index(x, kernel, steps, pads, ceil_mode=ceil_mode)
        return _pool(x, kernel, steps, pads, ceil_mode, True, data_format, "max", padding_algorithm=rule)

    def avg_pool(
        x: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        exclusive: bool = True,
        divisor_override: Any = None,
        data_format: str = data_format,
    ) -> Any:
        kernel, steps = per_axis(kernel_size, n), per_axis(kernel_size if stride is None else stride, n)
        pads, rule = public_padding(padding, n, data_format)
        y = _pool(x, kernel, steps, pads, ceil_mode, exclusive, data_format, "avg", padding_algorithm=rule)
        return y if divisor_override is None else ops.multiply(y, math.prod(kernel) / divisor_override)

    def avg_pool_1d(
        x: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        exclusive: bool = True,
        ceil_mode: bool = False,
    ) -> Any:
        return avg_pool(x, kernel_size, stride, padding, ceil_mode, exclusive)

    def adaptive_avg_pool(x: Any, output_size: Any, data_format: str = data_format) -> Any:
        form = layout(data_format, n)
        return ops.adaptive_avg_pool(x, _sizes(output_size, _spatial(x, form)), data_format=form)

    def adaptive_max_pool(x: Any, output_size: Any, return_mask: bool = False) -> Any:
        sizes = _sizes(output_size, tuple(x.shape[2:]))
        return _max_pool_with_index(x, sizes, adaptive=True) if return_mask else ops.adaptive_max_pool(x, sizes)

    def lp_pool(
        x: Any,
        norm_type: float,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        data_format: str = data_format,
    ) -> Any:
        kernel, steps = per_axis(kernel_size, n), per_axis(kernel_size if stride is None else stride, n)
        pads, rule = public_padding(padding, n, data_format)
        return _pool(x, kernel, steps, pads, ceil_mode, True, data_format, "lp", False, False, rule, float(norm_type))

    if n < 3:
        api(f"F.lp_pool{n}d")(lp_pool)
    api(f"F.max_pool{n}d")(max_pool)
    api(f"F.avg_pool{n}d")(avg_pool_1d if n == 1 else avg_pool)
    api(f"F.adaptive_avg_pool{n}d")(adaptive_avg_pool)
    api(f"F.adaptive_max_pool{n}d")(adaptive_max_pool)


for _n, _format in ((1, "NCL"), (2, "NCHW"), (3, "NCDHW")):
    _declare(_n, _format)
