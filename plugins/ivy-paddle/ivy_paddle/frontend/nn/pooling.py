"""Pooling."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_paddle.frontend.nn.convolution import layout, pairs
from ivy_paddle.frontend.promotion import cast, integers
from ivy_paddle.frontend.table import api, op


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
    steps = integers(strides, "strides")
    if padding_algorithm == "EXPLICIT":
        pads: Any = pairs(paddings, n)
    else:
        pads = padding_algorithm.lower()
        ceil_mode = False
    options: dict[str, Any] = {"strides": steps, "padding": pads, "data_format": form}
    if pooling_type == "max":
        return ops.max_pool(x, kernel, ceil_mode=ceil_mode, **options)
    if pooling_type == "lp":
        return ops.lp_pool(x, kernel, p=norm_type, ceil_mode=ceil_mode, **options)
    return ops.avg_pool(x, kernel, ceil_mode=ceil_mode, count_include_pad=not exclusive, **options)


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
        if any(size % wanted for size, wanted in zip(spatial, sizes, strict=True)):
            raise NotImplementedError("places of adaptive max pooling with windows of several sizes")
        kernel = tuple(size // wanted for size, wanted in zip(spatial, sizes, strict=True))
        strides, paddings = kernel, (0,) * n
    values, places = ops.max_pool_with_indices(
        x, kernel, strides=integers(strides, "strides"), padding=pairs(paddings, n), ceil_mode=ceil_mode
    )
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


def _public_padding(padding: Any, n: int) -> tuple[Any, str]:
    if isinstance(padding, str):
        return [0] * n, padding.upper()
    return ([padding] * n if isinstance(padding, int) else padding), "EXPLICIT"


def _per_axis(x: Any, n: int) -> Any:
    return [x] * n if isinstance(x, int) else x


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
        kernel, steps = _per_axis(kernel_size, n), _per_axis(kernel_size if stride is None else stride, n)
        pads, rule = _public_padding(padding, n)
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
        kernel, steps = _per_axis(kernel_size, n), _per_axis(kernel_size if stride is None else stride, n)
        pads, rule = _public_padding(padding, n)
        exclusive = exclusive and divisor_override is None
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

    api(f"F.max_pool{n}d")(max_pool)
    api(f"F.avg_pool{n}d")(avg_pool_1d if n == 1 else avg_pool)
    api(f"F.adaptive_avg_pool{n}d")(adaptive_avg_pool)
    api(f"F.adaptive_max_pool{n}d")(adaptive_max_pool)


for _n, _format in ((1, "NCL"), (2, "NCHW"), (3, "NCDHW")):
    _declare(_n, _format)
