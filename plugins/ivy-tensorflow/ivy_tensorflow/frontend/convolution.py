"""Convolutions and pooling: NHWC by default, "SAME" and "VALID" as TensorFlow pads, and their derivatives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.functional._forms import window_form  # "SAME" means what it means to the op
from ivy_tensorflow.frontend.table import array, cast, channels_last, numbers, public, raw, refuse

# -- windows ----------------------------------------------------------------------------------------------------------


def _spatial(values: Any, data_format: str, n: int) -> tuple[int, ...]:
    """Return the spatial ones of numbers for every axis, or for the spatial axes, or one for all."""
    found = numbers(values) if values is not None else (1,)
    if len(found) == n + 2:
        return found[2:] if data_format.startswith("NC") else found[1:-1]
    return found * n if len(found) == 1 else found


def _pads(
    padding: Any,
    explicit: Any,
    sizes: Sequence[int],
    kernel: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
    data_format: str,
) -> list[tuple[int, int]]:
    """Return the zeros before and after every spatial axis."""
    if not isinstance(padding, str):
        padding, explicit = "EXPLICIT", [v for pair in padding for v in pair]
    if padding.upper() == "VALID":
        return [(0, 0)] * len(sizes)
    if padding.upper() == "EXPLICIT":
        flat = list(explicit)
        pairs = [(int(flat[i]), int(flat[i + 1])) for i in range(0, len(flat), 2)]
        return pairs[2:] if data_format.startswith("NC") else pairs[1:-1]
    return list(window_form(sizes, range(len(sizes)), kernel, strides, "same", dilations).pads)


def _sizes(x: Any, data_format: str) -> tuple[int, ...]:
    return tuple(x.shape[2:] if data_format.startswith("NC") else x.shape[1:-1])


def _channels(x: Any, data_format: str) -> int:
    return int(x.shape[1] if data_format.startswith("NC") else x.shape[-1])


# -- convolutions -----------------------------------------------------------------------------------------------------


def _conv(x: Any, kernel: Any, strides: Any, padding: Any, data_format: str, dilations: Any, explicit: Any = ()) -> Any:
    n = x.ndim - 2
    s, d = _spatial(strides, data_format, n), _spatial(dilations, data_format, n)
    pads = _pads(padding, explicit, _sizes(x, data_format), kernel.shape[:n], s, d, data_format)
    return F.conv(
        x,
        kernel,
        strides=s,
        padding=pads,
        dilation=d,
        groups=_channels(x, data_format) // kernel.shape[-2],
        data_format=channels_last(data_format),
        weight_format="*IO",
    )


@raw("Conv2D")
def conv2d(
    input: Any,
    filter: Any,
    strides: Any,
    padding: str,
    use_cudnn_on_gpu: bool = True,
    explicit_paddings: Any = (),
    data_format: str = "NHWC",
    dilations: Any = (1, 1, 1, 1),
) -> Any:
    return _conv(input, filter, strides, padding, data_format, dilations, explicit_paddings)


@raw("Conv3D")
def conv3d(
    input: Any, filter: Any, strides: Any, padding: str, data_format: str = "NDHWC", dilations: Any = (1, 1, 1, 1, 1)
) -> Any:
    return _conv(input, filter, strides, padding, data_format, dilations)


@raw("Conv")
def conv(
    input: Any,
    filter: Any,
    strides: Any,
    padding: str,
    explicit_paddings: Any = (),
    data_format: str = "CHANNELS_LAST",
    dilations: Any = (),
    batch_dims: int = 1,
    groups: int = 1,
) -> Any:
    if batch_dims != 1:
        return refuse(f"a convolution with batch_dims={batch_dims}", "reshape the batch to one axis")
    layout = "NHWC" if data_format == "CHANNELS_LAST" else "NCHW"
    return _conv(input, filter, strides, padding, layout, list(dilations) or 1, explicit_paddings)


def _depthwise_kernel(kernel: Any) -> Any:
    """Turn (H, W, channels, multiplier) into the kernel of a convolution with one group for each channel."""
    h, w, c, m = kernel.shape
    return F.reshape(kernel, (h, w, 1, c * m))


@raw("DepthwiseConv2dNative")
def depthwise_conv2d_native(
    input: Any,
    filter: Any,
    strides: Any,
    padding: str,
    explicit_paddings: Any = (),
    data_format: str = "NHWC",
    dilations: Any = (1, 1, 1, 1),
) -> Any:
    return _conv(input, _depthwise_kernel(filter), strides, padding, data_format, dilations, explicit_paddings)


def _backprop_input(
    sizes: Sequence[int],
    kernel: Any,
    dy: Any,
    strides: Any,
    padding: Any,
    data_format: str,
    dilations: Any,
    explicit: Any = (),
) -> Any:
    """Transpose a convolution: its gradient with respect to data of the given shape."""
    n = len(sizes) - 2
    first = data_format.startswith("NC")
    spatial = sizes[2:] if first else sizes[1:-1]
    channels = sizes[1] if first else sizes[-1]
    s, d = _spatial(strides, data_format, n), _spatial(dilations, data_format, n)
    pads = _pads(padding, explicit, spatial, kernel.shape[:n], s, d, data_format)
    extra = [
        size - ((o - 1) * st - lo - hi + (k - 1) * di + 1)
        for size, o, st, (lo, hi), k, di in zip(spatial, _sizes(dy, data_format), s, pads, kernel.shape, d)
    ]
    return F.conv_transpose(
        dy,
        F.swapaxes(kernel, -1, -2),
        strides=s,
        padding=pads,
        output_padding=tuple(extra),
        dilation=d,
        groups=channels // kernel.shape[-2],
        data_format=channels_last(data_format),
        weight_format="*IO",
    )


def _shape_given(sizes: Any, kernel: Any, dy: Any, data_format: str) -> tuple[int, ...]:
    """Return the data's whole shape; TensorFlow also takes the spatial sizes with the batch left open."""
    found = numbers(sizes)
    return (int(dy.shape[0]), *found[1:]) if len(found) == dy.ndim else refuse("input_sizes of another length")


@raw("Conv2DBackpropInput")
def conv2d_backprop_input(
    input_sizes: Any,
    filter: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    use_cudnn_on_gpu: bool = True,
    explicit_paddings: Any = (),
    data_format: str = "NHWC",
    dilations: Any = (1, 1, 1, 1),
) -> Any:
    sizes = _shape_given(input_sizes, filter, out_backprop, data_format)
    return _backprop_input(sizes, filter, out_backprop, strides, padding, data_format, dilations, explicit_paddings)


@raw("Conv2DBackpropInputV2")
def conv2d_backprop_input_v2(input: Any, filter: Any, out_backprop: Any, **options: Any) -> Any:
    return conv2d_backprop_input(tuple(input.shape), filter, out_backprop, **options)


@raw("Conv3DBackpropInputV2", "Conv3DBackpropInput")
def conv3d_backprop_input(
    filter: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    input_sizes: Any = None,
    data_format: str = "NDHWC",
    dilations: Any = (1, 1, 1, 1, 1),
    input: Any = None,
) -> Any:
    sizes = tuple(input.shape) if input_sizes is None else _shape_given(input_sizes, filter, out_backprop, data_format)
    return _backprop_input(sizes, filter, out_backprop, strides, padding, data_format, dilations)


@raw("DepthwiseConv2dNativeBackpropInput")
def depthwise_backprop_input(
    input_sizes: Any,
    filter: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    explicit_paddings: Any = (),
    data_format: str = "NHWC",
    dilations: Any = (1, 1, 1, 1),
) -> Any:
    kernel = _depthwise_kernel(filter)
    return conv2d_backprop_input(
        input_sizes, kernel, out_backprop, strides, padding, True, explicit_paddings, data_format, dilations
    )


def _backprop_filter(
    x: Any,
    shape: Sequence[int],
    dy: Any,
    strides: Any,
    padding: Any,
    data_format: str,
    dilations: Any,
    explicit: Any = (),
) -> Any:
    """Return a convolution's gradient with respect to the kernel: a convolution of the data with the cotangent."""
    n = x.ndim - 2
    s, d = _spatial(strides, data_format, n), _spatial(dilations, data_format, n)
    pads = _pads(padding, explicit, _sizes(x, data_format), shape[:n], s, d, data_format)
    if data_format.startswith("NC"):
        x, dy = F.moveaxis(x, 1, -1), F.moveaxis(dy, 1, -1)
    groups = x.shape[-1] // shape[n]
    outputs = dy.shape[-1] // groups
    # channels become the batch, the batch the channels
    axes = (n + 1, *range(1, n + 1), 0)
    parts = []
    for g in range(groups):
        part = F.get_item(x, (Ellipsis, slice(g * shape[n], (g + 1) * shape[n]))) if groups > 1 else x
        cotangent = F.get_item(dy, (Ellipsis, slice(g * outputs, (g + 1) * outputs))) if groups > 1 else dy
        kernel = F.permute_dims(cotangent, (*range(1, n + 1), 0, n + 1))
        found = F.conv(
            F.permute_dims(part, axes),
            kernel,
            strides=d,
            dilation=s,
            padding=pads,
            data_format="channels_last",
            weight_format="*IO",
        )
        found = F.get_item(found, (slice(None), *[slice(0, k) for k in shape[:n]]))
        parts.append(F.moveaxis(found, 0, -2))
    return parts[0] if groups == 1 else F.concat(parts, axis=-1)


@raw("Conv2DBackpropFilter")
def conv2d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    use_cudnn_on_gpu: bool = True,
    explicit_paddings: Any = (),
    data_format: str = "NHWC",
    dilations: Any = (1, 1, 1, 1),
) -> Any:
    return _backprop_filter(
        input, numbers(filter_sizes), out_backprop, strides, padding, data_format, dilations, explicit_paddings
    )


@raw("Conv3DBackpropFilterV2")
def conv3d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    data_format: str = "NDHWC",
    dilations: Any = (1, 1, 1, 1, 1),
) -> Any:
    return _backprop_filter(input, numbers(filter_sizes), out_backprop, strides, padding, data_format, dilations)


@raw("DepthwiseConv2dNativeBackpropFilter")
def depthwise_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    explicit_paddings: Any = (),
    data_format: str = "NHWC",
    dilations: Any = (1, 1, 1, 1),
) -> Any:
    h, w, c, m = numbers(filter_sizes)
    found = _backprop_filter(
        input, (h, w, 1, c * m), out_backprop, strides, padding, data_format, dilations, explicit_paddings
    )
    return F.reshape(found, (h, w, c, m))


# -- public forms -----------------------------------------------------------------------------------------------------


def _data_format(x: Any, data_format: str | None) -> str:
    return data_format if data_format is not None else "N" + "DHW"[3 - (x.ndim - 2) :] + "C"


@public("nn.convolution", "nn.conv1d", "nn.conv2d", "nn.conv3d")
def convolution(
    input: Any,
    filters: Any = None,
    strides: Any = None,
    padding: Any = "VALID",
    data_format: str | None = None,
    dilations: Any = None,
    *,
    stride: Any = None,
) -> Any:
    x, kernel = array(input), array(filters)
    return _conv(x, kernel, stride if strides is None else strides, padding, _data_format(x, data_format), dilations)


@public("nn.depthwise_conv2d")
def depthwise_conv2d(
    input: Any, filter: Any, strides: Any, padding: Any, data_format: str | None = None, dilations: Any = None
) -> Any:
    x = array(input)
    return _conv(x, _depthwise_kernel(array(filter)), strides, padding, _data_format(x, data_format), dilations)


@public("nn.separable_conv2d")
def separable_conv2d(
    input: Any,
    depthwise_filter: Any,
    pointwise_filter: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = None,
    dilations: Any = None,
) -> Any:
    x = depthwise_conv2d(input, depthwise_filter, strides, padding, data_format, dilations)
    return _conv(x, array(pointwise_filter), 1, "VALID", _data_format(x, data_format), 1)


@public("nn.conv_transpose", "nn.conv1d_transpose", "nn.conv2d_transpose", "nn.conv3d_transpose")
def conv_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: str | None = None,
    dilations: Any = None,
) -> Any:
    x = array(input)
    sizes = numbers(output_shape)
    return _backprop_input(sizes, array(filters), x, strides, padding, _data_format(x, data_format), dilations)


# -- pooling ----------------------------------------------------------------------------------------------------------


def _window(x: Any, ksize: Any, strides: Any, padding: Any, data_format: str, explicit: Any) -> dict[str, Any]:
    """Return what ivy's pools take; pooling over channels or the batch is refused."""
    n = x.ndim - 2
    whole = numbers(ksize)
    if len(whole) == n + 2:
        outside = (whole[0], whole[1] if data_format.startswith("NC") else whole[-1])
        if any(k != 1 for k in outside):
            return refuse("pooling over the batch or the channels", "transpose, or use tf.reduce_max")
    kernel, s = _spatial(ksize, data_format, n), _spatial(strides, data_format, n)
    pads = _pads(padding, explicit, _sizes(x, data_format), kernel, s, (1,) * n, data_format)
    return {"kernel": kernel, "strides": s, "padding": pads, "data_format": channels_last(data_format)}


@raw("MaxPool", "MaxPoolV2")
def max_pool(
    input: Any, ksize: Any, strides: Any, padding: str, explicit_paddings: Any = (), data_format: str = "NHWC"
) -> Any:
    if data_format == "NCHW_VECT_C":
        return refuse("pooling with data_format=NCHW_VECT_C")
    return F.max_pool(input, **_window(input, ksize, strides, padding, data_format, explicit_paddings))


@raw("MaxPool3D")
def max_pool3d(input: Any, ksize: Any, strides: Any, padding: str, data_format: str = "NDHWC") -> Any:
    return F.max_pool(input, **_window(input, ksize, strides, padding, data_format, ()))


@raw("AvgPool")
def avg_pool(value: Any, ksize: Any, strides: Any, padding: str, data_format: str = "NHWC") -> Any:
    window = _window(value, ksize, strides, padding, data_format, ())
    return F.avg_pool(value, **window, count_include_pad=False)


@raw("AvgPool3D")
def avg_pool3d(input: Any, ksize: Any, strides: Any, padding: str, data_format: str = "NDHWC") -> Any:
    return avg_pool(input, ksize, strides, padding, data_format)


@public("nn.max_pool", "nn.max_pool1d", "nn.max_pool2d", "nn.max_pool3d")
def public_max_pool(
    input: Any, ksize: Any, strides: Any, padding: Any = "VALID", data_format: str | None = None
) -> Any:
    x = array(input)
    return F.max_pool(x, **_window(x, ksize, strides, padding, _data_format(x, data_format), ()))


@public("nn.avg_pool", "nn.avg_pool1d", "nn.avg_pool2d", "nn.avg_pool3d")
def public_avg_pool(
    input: Any, ksize: Any, strides: Any, padding: Any = "VALID", data_format: str | None = None
) -> Any:
    x = array(input)
    window = _window(x, ksize, strides, padding, _data_format(x, data_format), ())
    return F.avg_pool(x, **window, count_include_pad=False)


@raw("MaxPoolWithArgmax")
def max_pool_with_argmax(
    input: Any, ksize: Any, strides: Any, padding: str, Targmax: Any = "int64", include_batch_in_index: bool = False
) -> Any:
    n, h, w, c = input.shape
    values, at = F.max_pool_with_indices(input, **_window(input, ksize, strides, padding, "NHWC", ()))
    at = F.add(F.multiply(cast(at, Targmax), c), F.arange(c, dtype=dtype_of(cast(at, Targmax))))
    if include_batch_in_index:
        offset = F.multiply(F.arange(n, dtype=dtype_of(at)), h * w * c)
        at = F.add(at, F.reshape(offset, (n, 1, 1, 1)))
    return values, at


@raw("MaxPoolGrad", "MaxPoolGradV2")
def max_pool_grad(
    orig_input: Any,
    orig_output: Any,
    grad: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    explicit_paddings: Any = (),
    data_format: str = "NHWC",
) -> Any:
    window = _window(orig_input, ksize, strides, padding, data_format, explicit_paddings)
    return _max_pool_grad(orig_input, grad, window)


@raw("MaxPool3DGrad")
def max_pool3d_grad(
    orig_input: Any, orig_output: Any, grad: Any, ksize: Any, strides: Any, padding: str, data_format: str = "NDHWC"
) -> Any:
    return _max_pool_grad(orig_input, grad, _window(orig_input, ksize, strides, padding, data_format, ()))


def _max_pool_grad(x: Any, grad: Any, window: dict[str, Any]) -> Any:
    """Add every cotangent to the element that won its window."""
    if window["data_format"] == "channels_last":
        x, grad = F.moveaxis(x, -1, 1), F.moveaxis(grad, -1, 1)
    _, at = F.max_pool_with_indices(x, **{**window, "data_format": "channels_first"})
    n, c = x.shape[:2]
    size = math.prod(x.shape[2:])
    base = F.zeros((n, c, size), dtype=dtype_of(grad))
    at = F.reshape(at, (n, c, -1))
    found = F.put_along_axis(base, at, F.reshape(grad, (n, c, -1)), axis=2, mode="add")
    found = F.reshape(found, tuple(x.shape))
    return F.moveaxis(found, 1, -1) if window["data_format"] == "channels_last" else found


@raw("AvgPoolGrad")
def avg_pool_grad(
    orig_input_shape: Any, grad: Any, ksize: Any, strides: Any, padding: str, data_format: str = "NHWC"
) -> Any:
    """Spread each cotangent evenly over its window: a depthwise convolution transposed."""
    shape = numbers(orig_input_shape)
    n = len(shape) - 2
    kernel, s = _spatial(ksize, data_format, n), _spatial(strides, data_format, n)
    first = data_format.startswith("NC")
    c = shape[1] if first else shape[-1]
    spatial = shape[2:] if first else shape[1:-1]
    pads = _pads(padding, (), spatial, kernel, s, (1,) * n, data_format)
    ones = F.ones((1, *spatial, 1), dtype=dtype_of(grad))
    window = F.ones((*kernel, 1, 1), dtype=dtype_of(grad))
    counts = F.conv(ones, window, strides=s, padding=pads, data_format="channels_last", weight_format="*IO")
    counts = F.moveaxis(counts, -1, 1) if first else counts
    weight = F.ones((*kernel, 1, c), dtype=dtype_of(grad))
    return _backprop_input(shape, weight, F.divide(grad, counts), s, padding, data_format, 1)


@raw("AvgPool3DGrad")
def avg_pool3d_grad(
    orig_input_shape: Any, grad: Any, ksize: Any, strides: Any, padding: str, data_format: str = "NDHWC"
) -> Any:
    return avg_pool_grad(orig_input_shape, grad, ksize, strides, padding, data_format)


@raw("ExtractImagePatches")
def extract_image_patches(images: Any, ksizes: Any, strides: Any, rates: Any, padding: str) -> Any:
    return _patches(images, numbers(ksizes)[1:-1], numbers(strides)[1:-1], numbers(rates)[1:-1], padding)


@raw("ExtractVolumePatches")
def extract_volume_patches(input: Any, ksizes: Any, strides: Any, padding: str) -> Any:
    n = input.ndim - 2
    return _patches(input, numbers(ksizes)[1:-1], numbers(strides)[1:-1], (1,) * n, padding)


@public("image.extract_patches")
def extract_patches(images: Any, sizes: Any, strides: Any, rates: Any, padding: str) -> Any:
    return extract_image_patches(array(images), sizes, strides, rates, padding)


def _patches(x: Any, kernel: Sequence[int], strides: Sequence[int], rates: Sequence[int], padding: str) -> Any:
    """Put the values of every window side by side on the last axis: one strided slice for each tap."""
    pads = _pads(padding, (), x.shape[1:-1], kernel, strides, rates, "NHWC")
    x = F.pad(x, [(0, 0), *pads, (0, 0)])
    outs = [
        (size - (k - 1) * r - 1) // s + 1 for size, k, s, r in zip(x.shape[1:-1], kernel, strides, rates, strict=True)
    ]
    taps: list[tuple[int, ...]] = [()]
    for k in kernel:
        taps = [(*t, i) for t in taps for i in range(k)]
    found = []
    for tap in taps:
        key = [slice(i * r, i * r + (o - 1) * s + 1, s) for i, r, o, s in zip(tap, rates, outs, strides, strict=True)]
        found.append(F.get_item(x, (slice(None), *key, slice(None))))
    return F.concat(found, axis=-1)


@raw("Dilation2D")
def dilation2d(input: Any, filter: Any, strides: Any, rates: Any, padding: str) -> Any:
    """Grey-scale dilation: the maximum over a window of value plus kernel."""
    h, w, c = filter.shape
    s, r = numbers(strides)[1:-1], numbers(rates)[1:-1]
    pads = _pads(padding, (), input.shape[1:-1], (h, w), s, r, "NHWC")
    low = -math.inf if dtype_of(input).is_float else refuse("Dilation2D of integers")
    x = F.pad(input, [(0, 0), *pads, (0, 0)], value=low)
    windows = _patches(x, (h, w), s, r, "VALID")
    windows = F.reshape(windows, (*windows.shape[:-1], h * w, c))
    return F.max(F.add(windows, F.reshape(filter, (h * w, c))), axis=-2)
