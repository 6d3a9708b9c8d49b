"""Images: resizing in all of TensorFlow's coordinate systems, colours, crops.

Resizing is separable: for every axis a matrix of weights that follow from static sizes, in float32 as TensorFlow's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy_tensorflow.frontend.table import array, cast, is_array, numbers, public, raw, refuse

Weights = list[list[float]]

# -- resizing ---------------------------------------------------------------------------------------------------------


def _scale(n: int, out: int, align_corners: bool) -> float:
    return (n - 1) / (out - 1) if align_corners and out > 1 else n / out


def _taps(n: int, out: int, align_corners: bool, half_pixel: bool) -> list[float]:
    """Return where every output pixel lies among the input's."""
    scale = _scale(n, out, align_corners)
    return [(i + 0.5) * scale - 0.5 if half_pixel else i * scale for i in range(out)]


def _linear(n: int, out: int, align_corners: bool, half_pixel: bool) -> Weights:
    rows = []
    for at in _taps(n, out, align_corners, half_pixel):
        row = [0.0] * n
        below = math.floor(at)
        part = at - below
        row[min(max(below, 0), n - 1)] += 1 - part
        row[min(max(math.ceil(at) if half_pixel else below + 1, 0), n - 1)] += part
        rows.append(row)
    return rows


def _cubic(n: int, out: int, align_corners: bool, half_pixel: bool) -> Weights:
    """Keys' kernel; TensorFlow's older coordinates use a = -0.75, repeat the border and round to 1/1024 of a pixel."""
    a = -0.5 if half_pixel else -0.75
    rows = []
    for at in _taps(n, out, align_corners, half_pixel):
        below = math.floor(at)
        t = math.floor((at - below) * 1024 + 0.5) / 1024  # TensorFlow looks the weights up in a table
        weights = [_keys(1 + t, a), _keys(t, a), _keys(1 - t, a), _keys(2 - t, a)]
        row = [0.0] * n
        if half_pixel:  # taps outside of the image don't count
            inside = [(below - 1 + j, w) for j, w in enumerate(weights) if 0 <= below - 1 + j < n]
            total = sum(w for _, w in inside)
            for j, w in inside:
                row[j] += w / total if abs(total) >= 1000 * 1.1754944e-38 else w
        else:
            for j, w in enumerate(weights):
                row[min(max(below - 1 + j, 0), n - 1)] += w
        rows.append(row)
    return rows


def _keys(x: float, a: float) -> float:
    if x <= 1:
        return ((a + 2) * x - (a + 3)) * x * x + 1
    return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a if x < 2 else 0.0


def _area(n: int, out: int, align_corners: bool, half_pixel: bool) -> Weights:
    scale = _scale(n, out, align_corners)
    rows = []
    for i in range(out):
        lo, hi = i * scale, (i + 1) * scale
        row = [0.0] * n
        for j in range(math.floor(lo), math.ceil(hi)):
            row[min(j, n - 1)] += (min(hi, j + 1) - max(lo, j)) / scale
        rows.append(row)
    return rows


def _apply(x: Any, matrices: Sequence[Weights | None]) -> Any:
    """Multiply the two spatial axes of NHWC images with matrices of weights."""
    found = x
    for axis, rows in zip((1, 2), matrices):
        if rows is None:
            continue
        weights = F.asarray(rows, dtype=dtype_of(found))
        moved = F.moveaxis(found, axis, -1)
        found = F.moveaxis(F.matmul(moved, F.matrix_transpose(weights)), -1, axis)
    return found


def _resize(make: Callable[..., Weights]) -> Callable[..., Any]:
    def call(images: Any, size: Any, align_corners: bool = False, half_pixel_centers: bool = False) -> Any:
        x = cast(images, "float32")
        sizes = numbers(size)
        matrices = [
            None if n == out else make(n, out, align_corners, half_pixel_centers)
            for n, out in zip(x.shape[1:3], sizes, strict=True)
        ]
        return _apply(x, matrices)

    return call


resize_bilinear_general = _resize(_linear)
resize_bicubic = raw("ResizeBicubic")(_resize(_cubic))
_resize_area = _resize(_area)


@raw("ResizeArea")
def resize_area(images: Any, size: Any, align_corners: bool = False) -> Any:
    return _resize_area(images, size, align_corners)


@raw("ResizeBilinear")
def resize_bilinear(images: Any, size: Any, align_corners: bool = False, half_pixel_centers: bool = False) -> Any:
    x = cast(images, "float32")
    if half_pixel_centers or (align_corners and min(numbers(size)) > 1):  # the usual ones, which targets have
        return F.interpolate(x, numbers(size), mode="linear", align_corners=align_corners, data_format="channels_last")
    return resize_bilinear_general(x, size, align_corners, half_pixel_centers)


@raw("ResizeNearestNeighbor")
def resize_nearest(images: Any, size: Any, align_corners: bool = False, half_pixel_centers: bool = False) -> Any:
    found = images
    for axis, out in zip((1, 2), numbers(size)):
        n = images.shape[axis]
        scale = _scale(n, out, align_corners)
        if half_pixel_centers:
            at = [math.floor((i + 0.5) * scale) for i in range(out)]
        else:
            at = [math.floor(i * scale + 0.5) if align_corners else math.floor(i * scale) for i in range(out)]
        at = [min(max(i, 0), n - 1) for i in at]
        if at != list(range(n)):
            found = F.take(found, F.asarray(at, dtype="int32"), axis=axis)
    return found


def _resize_grad(make: Callable[..., Weights]) -> Callable[..., Any]:
    def call(grads: Any, original_image: Any, align_corners: bool = False, half_pixel_centers: bool = False) -> Any:
        matrices = []
        for axis in (1, 2):
            rows = make(original_image.shape[axis], grads.shape[axis], align_corners, half_pixel_centers)
            matrices.append([list(column) for column in zip(*rows)])
        return cast(_apply(grads, matrices), dtype_of(original_image))

    return call


raw("ResizeBilinearGrad")(_resize_grad(_linear))
raw("ResizeBicubicGrad")(_resize_grad(_cubic))


@raw("ResizeNearestNeighborGrad")
def resize_nearest_grad(grads: Any, size: Any, align_corners: bool = False, half_pixel_centers: bool = False) -> Any:
    found = grads
    for axis, n in zip((1, 2), numbers(size)):
        out = grads.shape[axis]
        scale = _scale(n, out, align_corners)
        shift = 0.5 if align_corners and not half_pixel_centers else 0.0
        at = [
            min(max(math.floor((i + 0.5) * scale if half_pixel_centers else i * scale + shift), 0), n - 1)
            for i in range(out)
        ]
        shape = tuple(n if i == axis else s for i, s in enumerate(found.shape))
        base = F.zeros(shape, dtype=dtype_of(found))
        found = F.add_at(base, (*[slice(None)] * axis, F.asarray(at, dtype="int32")), found)
    return found


_KERNELS: dict[str, tuple[Callable[[float], float], float]] = {
    "triangle": (lambda x: max(1 - abs(x), 0.0), 1.0),
    "box": (lambda x: 1.0 if abs(x) < 0.5 else (0.5 if abs(x) == 0.5 else 0.0), 1.0),
    "keyscubic": (lambda x: _keys(abs(x), -0.5), 2.0),
    "mitchellcubic": (lambda x: _mitchell(abs(x)), 2.0),
    "lanczos1": (lambda x: _lanczos(x, 1.0), 1.0),
    "lanczos3": (lambda x: _lanczos(x, 3.0), 3.0),
    "lanczos5": (lambda x: _lanczos(x, 5.0), 5.0),
    "gaussian": (lambda x: math.exp(-x * x / (2 * 0.5 * 0.5)) if abs(x) < 1.5 else 0.0, 1.5),
}


def _lanczos(x: float, radius: float) -> float:
    x = abs(x)
    if x > radius:
        return 0.0
    if x <= 1e-3:
        return 1.0
    return radius * math.sin(math.pi * x) * math.sin(math.pi * x / radius) / (math.pi * math.pi * x * x)


def _mitchell(x: float) -> float:
    if x >= 2:
        return 0.0
    if x >= 1:
        return (((-7.0 / 18.0) * x + 2.0) * x - 10.0 / 3.0) * x + 16.0 / 9.0
    return (((7.0 / 6.0) * x - 2.0) * x) * x + 8.0 / 9.0


def _spans(n: int, out: int, scale: float, shift: float, kernel_type: str, antialias: bool) -> Weights:
    """Return the weights of a kernel that is widened when the image shrinks."""
    kernel, radius = _KERNELS[kernel_type]
    inverse = 1.0 / scale
    width = max(inverse, 1.0) if antialias else 1.0
    rows = []
    for i in range(out):
        at = (i + 0.5) * inverse - shift * inverse
        row = [0.0] * n
        if 0 <= at <= n:
            first = max(math.ceil(at - radius * width - 0.5), 0)
            last = min(math.floor(at + radius * width - 0.5), n - 1)
            weights = {j: kernel((j + 0.5 - at) / width) for j in range(first, last + 1)}
            total = sum(weights.values())
            if abs(total) >= 1000 * 1.1754944e-38:
                for j, w in weights.items():
                    row[j] = w / total
        rows.append(row)
    return rows


@raw("ScaleAndTranslate")
def scale_and_translate(
    images: Any, size: Any, scale: Any, translation: Any, kernel_type: str = "lanczos3", antialias: bool = True
) -> Any:
    scales, shifts = _floats(scale), _floats(translation)
    matrices = [
        _spans(n, out, s, t, kernel_type, antialias)
        for n, out, s, t in zip(images.shape[1:3], numbers(size), scales, shifts, strict=True)
    ]
    return _apply(cast(images, "float32"), matrices)


def _floats(x: Any) -> list[float]:
    if is_array(x) and hasattr(type(x), "__ivy_function__") and not hasattr(x, "tolist"):
        return refuse("resizing by factors that are computed from arrays", "give Python numbers")
    return [float(v) for v in (x.tolist() if hasattr(x, "tolist") else x)]


_METHODS = {
    "bilinear": "triangle",
    "lanczos3": "lanczos3",
    "lanczos5": "lanczos5",
    "bicubic": "keyscubic",
    "gaussian": "gaussian",
    "mitchellcubic": "mitchellcubic",
}


@public("image.resize")
def resize(
    images: Any, size: Any, method: str = "bilinear", preserve_aspect_ratio: bool = False, antialias: bool = False
) -> Any:
    x = array(images)
    single = x.ndim == 3
    x = F.expand_dims(x, axis=0) if single else x
    sizes = numbers(size)
    if preserve_aspect_ratio:
        factor = min(s / n for s, n in zip(sizes, x.shape[1:3], strict=True))
        sizes = tuple(max(round(n * factor), 1) for n in x.shape[1:3])
    if sizes == tuple(x.shape[1:3]):
        found = x
    elif method == "nearest":
        found = resize_nearest(x, sizes, half_pixel_centers=True)
    elif method == "area":
        found = resize_area(x, sizes)
    elif antialias or method in ("lanczos3", "lanczos5", "gaussian", "mitchellcubic"):
        factors = [s / n for s, n in zip(sizes, x.shape[1:3], strict=True)]
        found = scale_and_translate(x, sizes, factors, [0.0, 0.0], _METHODS[method], antialias)
    else:
        op = resize_bilinear if method == "bilinear" else resize_bicubic
        found = op(x, sizes, half_pixel_centers=True)
    return F.squeeze(found, axis=0) if single else found


# -- colours ----------------------------------------------------------------------------------------------------------


@raw("RGBToHSV")
@public("image.rgb_to_hsv")
def rgb_to_hsv(images: Any) -> Any:
    r, g, b = (F.get_item(images, (Ellipsis, i)) for i in range(3))
    value = F.max(images, axis=-1)
    span = F.subtract(value, F.min(images, axis=-1))
    grey = F.equal(span, 0)
    safe = F.where(grey, F.ones_like(span), span)
    positive = F.greater(value, 0)
    saturation = F.where(positive, F.divide(span, F.where(positive, value, F.ones_like(value))), F.zeros_like(value))
    red = F.divide(F.subtract(g, b), safe)
    green = F.add(F.divide(F.subtract(b, r), safe), 2.0)
    blue = F.add(F.divide(F.subtract(r, g), safe), 4.0)
    hue = F.where(F.equal(r, value), red, F.where(F.equal(g, value), green, blue))
    hue = F.divide(hue, 6.0)
    hue = F.where(grey, F.zeros_like(hue), F.where(F.less(hue, 0), F.add(hue, 1.0), hue))
    return F.stack([hue, saturation, value], axis=-1)


@raw("HSVToRGB")
@public("image.hsv_to_rgb")
def hsv_to_rgb(images: Any) -> Any:
    h, s, v = (F.get_item(images, (Ellipsis, i)) for i in range(3))
    six = F.multiply(h, 6.0)
    edges = [
        F.subtract(F.abs(F.subtract(six, 3.0)), 1.0),
        F.subtract(2.0, F.abs(F.subtract(six, 2.0))),
        F.subtract(2.0, F.abs(F.subtract(six, 4.0))),
    ]
    rest = F.subtract(1.0, s)
    return F.stack([F.multiply(F.add(rest, F.multiply(s, F.clip(e, 0.0, 1.0))), v) for e in edges], axis=-1)


@raw("AdjustContrastv2")
def adjust_contrast_raw(images: Any, contrast_factor: Any) -> Any:
    mean = F.mean(images, axis=(-3, -2), keepdims=True)
    return F.add(F.multiply(F.subtract(images, mean), contrast_factor), mean)


@raw("AdjustSaturation")
def adjust_saturation_raw(images: Any, scale: Any) -> Any:
    hsv = rgb_to_hsv(images)
    h, s, v = (F.get_item(hsv, (Ellipsis, i)) for i in range(3))
    return hsv_to_rgb(F.stack([h, F.clip(F.multiply(s, scale), 0.0, 1.0), v], axis=-1))


@raw("AdjustHue")
def adjust_hue_raw(images: Any, delta: Any) -> Any:
    hsv = rgb_to_hsv(images)
    h, s, v = (F.get_item(hsv, (Ellipsis, i)) for i in range(3))
    return hsv_to_rgb(F.stack([F.remainder(F.add(h, delta), 1.0), s, v], axis=-1))


public("image.adjust_contrast")(lambda images, contrast_factor: adjust_contrast_raw(array(images), contrast_factor))
public("image.adjust_saturation")(
    lambda image, saturation_factor: adjust_saturation_raw(array(image), saturation_factor)
)
public("image.adjust_hue")(lambda image, delta: adjust_hue_raw(array(image), delta))
public("image.adjust_brightness")(lambda image, delta: F.add(array(image), delta))


@public("image.rgb_to_grayscale")
def rgb_to_grayscale(images: Any) -> Any:
    weights = F.asarray([0.2989, 0.5870, 0.1140], dtype=dtype_of(images))
    return F.expand_dims(F.sum(F.multiply(images, weights), axis=-1), axis=-1)


@public("image.grayscale_to_rgb")
def grayscale_to_rgb(images: Any) -> Any:
    return F.concat([images] * 3, axis=-1)


@public("image.flip_left_right")
def flip_left_right(image: Any) -> Any:
    return F.flip(array(image), axis=-2)


@public("image.flip_up_down")
def flip_up_down(image: Any) -> Any:
    return F.flip(array(image), axis=-3)


# -- crops ------------------------------------------------------------------------------------------------------------


@raw("CropAndResize")
def crop_and_resize(
    image: Any, boxes: Any, box_ind: Any, crop_size: Any, method: str = "bilinear", extrapolation_value: float = 0.0
) -> Any:
    """Sample boxes of images on grids; what lies outside of the image gets the extrapolation value."""
    x = cast(image, "float32")
    n = boxes.shape[0]

    def grid(lo: Any, hi: Any, size: int, out: int) -> Any:
        if out == 1:
            return F.expand_dims(F.multiply(F.multiply(F.add(lo, hi), 0.5), float(size - 1)), axis=1)
        step = F.divide(F.multiply(F.subtract(hi, lo), float(size - 1)), float(out - 1))
        start = F.expand_dims(F.multiply(lo, float(size - 1)), axis=1)
        return F.add(start, F.multiply(F.expand_dims(step, axis=1), F.arange(out, dtype="float32")))

    height, width = x.shape[1:3]
    out_h, out_w = numbers(crop_size)
    y1, x1, y2, x2 = (F.get_item(boxes, (slice(None), i)) for i in range(4))
    ys, xs = grid(y1, y2, height, out_h), grid(x1, x2, width, out_w)
    batch = F.reshape(box_ind, (n, 1, 1))

    def pick(row: Any, column: Any) -> Any:
        r = cast(F.clip(row, 0, height - 1), "int32")
        c = cast(F.clip(column, 0, width - 1), "int32")
        return F.get_item(x, (batch, F.expand_dims(r, axis=2), F.expand_dims(c, axis=1)))

    inside_y = F.logical_and(F.greater_equal(ys, 0), F.less_equal(ys, height - 1))
    inside_x = F.logical_and(F.greater_equal(xs, 0), F.less_equal(xs, width - 1))
    inside = F.logical_and(F.expand_dims(inside_y, axis=2), F.expand_dims(inside_x, axis=1))
    if method == "nearest":
        found = pick(F.floor(F.add(ys, 0.5)), F.floor(F.add(xs, 0.5)))
    else:
        top, left = F.floor(ys), F.floor(xs)
        dy = F.reshape(F.subtract(ys, top), (n, out_h, 1, 1))
        dx = F.reshape(F.subtract(xs, left), (n, 1, out_w, 1))
        bottom, right = F.ceil(ys), F.ceil(xs)
        upper = F.add(pick(top, left), F.multiply(F.subtract(pick(top, right), pick(top, left)), dx))
        lower = F.add(pick(bottom, left), F.multiply(F.subtract(pick(bottom, right), pick(bottom, left)), dx))
        found = F.add(upper, F.multiply(F.subtract(lower, upper), dy))
    return F.where(F.expand_dims(inside, axis=-1), found, float(extrapolation_value))


@public("image.crop_and_resize")
def public_crop_and_resize(
    image: Any,
    boxes: Any,
    box_indices: Any,
    crop_size: Any,
    method: str = "bilinear",
    extrapolation_value: float = 0.0,
) -> Any:
    return crop_and_resize(array(image), array(boxes), array(box_indices), crop_size, method, extrapolation_value)


@raw("ImageProjectiveTransformV3", "ImageProjectiveTransformV2")
def projective_transform(
    images: Any,
    transforms: Any,
    output_shape: Any,
    fill_value: Any = 0.0,
    interpolation: str = "BILINEAR",
    fill_mode: str = "CONSTANT",
) -> Any:
    """Sample images at projected coordinates."""
    batch, height, width, _ = images.shape
    out_h, out_w = numbers(output_shape)
    t = F.broadcast_to(transforms, (batch, 8))
    a = [F.reshape(F.get_item(t, (slice(None), i)), (batch, 1, 1)) for i in range(8)]
    ys = F.reshape(F.arange(out_h, dtype="float32"), (1, out_h, 1))
    xs = F.reshape(F.arange(out_w, dtype="float32"), (1, 1, out_w))
    depth = F.add(F.add(F.multiply(a[6], xs), F.multiply(a[7], ys)), 1.0)
    px = F.divide(F.add(F.add(F.multiply(a[0], xs), F.multiply(a[1], ys)), a[2]), depth)
    py = F.divide(F.add(F.add(F.multiply(a[3], xs), F.multiply(a[4], ys)), a[5]), depth)
    px, py = _folded(px, width, fill_mode), _folded(py, height, fill_mode)
    index = F.reshape(F.arange(batch, dtype="int32"), (batch, 1, 1))

    def pick(row: Any, column: Any) -> Any:
        inside = F.logical_and(
            F.logical_and(F.greater_equal(row, 0), F.less(row, height)),
            F.logical_and(F.greater_equal(column, 0), F.less(column, width)),
        )
        r, c = cast(F.clip(row, 0, height - 1), "int32"), cast(F.clip(column, 0, width - 1), "int32")
        return F.where(F.expand_dims(inside, axis=-1), F.get_item(images, (index, r, c)), fill_value)

    if interpolation.upper() == "NEAREST":
        return pick(F.round(py), F.round(px))
    top, left = F.floor(py), F.floor(px)
    dy, dx = F.expand_dims(F.subtract(py, top), axis=-1), F.expand_dims(F.subtract(px, left), axis=-1)
    bottom, right = F.add(top, 1.0), F.add(left, 1.0)
    upper = F.add(F.multiply(pick(top, left), F.subtract(1.0, dx)), F.multiply(pick(top, right), dx))
    lower = F.add(F.multiply(pick(bottom, left), F.subtract(1.0, dx)), F.multiply(pick(bottom, right), dx))
    return F.add(F.multiply(upper, F.subtract(1.0, dy)), F.multiply(lower, dy))


def _folded(at: Any, n: int, mode: str) -> Any:
    """Bring coordinates outside of an image back in, as the fill mode says."""
    mode = mode.upper()
    if mode == "CONSTANT":
        return at
    if mode == "NEAREST":
        return F.clip(at, 0.0, float(n - 1))
    if mode == "WRAP":
        span = float(max(n - 1, 1))
        below = F.add(at, F.multiply(F.add(F.floor(F.divide(F.negative(at), span)), 1.0), float(n)))
        above = F.subtract(at, F.multiply(F.floor(F.divide(at, span)), float(n)))
        wrapped = F.where(F.less(at, 0.0), below, F.where(F.greater(at, float(n - 1)), above, at))
        return F.clip(wrapped, 0.0, float(n - 1))
    if mode == "REFLECT":
        period = F.remainder(at, 2.0 * n)
        mirrored = F.where(F.less(period, n), period, F.subtract(2.0 * n - 1, period))
        return F.clip(mirrored, 0.0, float(n - 1))
    return refuse(f"fill_mode={mode}")
