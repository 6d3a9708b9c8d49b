"""Linear maps and convolutions.

A convolution here is what neural networks call one (a cross-correlation), over any number of spatial axes. Data and
kernels may lie in either of two orders each, because the frameworks differ and the speed depends on it.
"""

from __future__ import annotations

from ivy.errors import ArgumentError
from ivy.functional._forms import conv_transpose_form
from ivy.functional._windows import Padding, Sizes
from ivy.functional.elementwise import add
from ivy.functional.linalg import matmul
from ivy.functional.manipulation import flip, matrix_transpose, permute_dims, reshape
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = ["conv", "conv_transpose", "linear"]


@composite
def linear(x: Array, weight: Array, bias: Array | None = None, /, *, weight_format: str = "OI") -> Array:
    """Return ``x @ weight + bias``, with the weight transposed first where it is stored so.

    Args:
        x: shape ``(..., in)``.
        weight: shape ``(out, in)`` for ``"OI"`` (torch), ``(in, out)`` for ``"IO"`` (Keras, Flax).
        bias: shape ``(out,)``.
        weight_format: ``"OI"`` or ``"IO"``.

    Returns:
        Shape ``(..., out)``.

    Definition:
        torch.nn.functional.linear, https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.linear.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.linear(np.ones((2, 3)), np.ones((4, 3)), np.ones(4)).shape
        (2, 4)
    """
    if weight_format not in ("OI", "IO"):
        raise ArgumentError(f"weight_format must be 'OI' or 'IO', not {weight_format!r}")
    y = matmul(x, matrix_transpose(weight) if weight_format == "OI" else weight)
    return y if bias is None else add(y, bias)


@composite(body="_taps")
def conv(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    /,
    *,
    strides: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    groups: int = 1,
    data_format: str = "channels_first",
    weight_format: str = "OI*",
    input_dilation: Sizes = 1,
) -> Array:
    """Convolve over any number of spatial axes (torch's ``conv1d``/``conv2d``/``conv3d``, XLA's convolution).

    Args:
        x: shape ``(batch, in, *spatial)`` for ``"channels_first"``, ``(batch, *spatial, in)`` for ``"channels_last"``.
        weight: shape ``(out, in / groups, *kernel)`` for ``"OI*"`` (torch), ``(*kernel, in / groups, out)`` for
            ``"*IO"`` (Keras, Flax).
        bias: shape ``(out,)``.
        strides: step of the windows, one number or one per axis.
        padding: zeros around the data: a number, numbers or pairs ``(before, after)`` per axis, ``"same"`` (``ceil(size
            / stride)`` outputs) or ``"valid"``. Negative numbers crop.
        dilation: distance of the kernel's taps.
        groups: number of independent parts of the channels; the outputs of a part are adjacent.
        data_format: order of the axes of `x` and of the result.
        weight_format: order of the axes of `weight`.
        input_dilation: distance of the data's values, zeros between them (XLA's ``lhs_dilation``).

    Returns:
        Shape ``(batch, out, *positions)`` or ``(batch, *positions, out)``, dtype of `x`.

    Raises:
        ShapeError: if the channels of `x` and `weight` don't fit `groups`.

    Definition: XLA Convolution, https://openxla.org/xla/operation_semantics#convolution

    Example:
        >>> import ivy, numpy as np
        >>> ivy.conv(np.ones((1, 3, 8, 8)), np.ones((4, 3, 3, 3)), padding=1).shape
        (1, 4, 8, 8)
    """


@composite
def conv_transpose(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    /,
    *,
    strides: Sizes = 1,
    padding: Padding = 0,
    output_padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
    data_format: str = "channels_first",
    weight_format: str = "IO*",
) -> Array:
    """Apply the transpose of a convolution: its gradient with respect to the data (torch's ``conv_transpose2d``).

    Args:
        x: shape ``(batch, in, *spatial)`` or ``(batch, *spatial, in)``.
        weight: shape ``(in, out / groups, *kernel)`` for ``"IO*"`` (torch), ``(*kernel, in, out / groups)`` for
            ``"*IO"``; not flipped in either.
        bias: shape ``(out,)``.
        strides: step of the windows of the convolution, so factor of the output's size.
        padding: of the convolution, so what is cut from the output; ``"same"`` gives ``size * stride`` outputs,
            ``"valid"`` all that any input reaches (as Keras and Flax).
        output_padding: added to the output's size, at the end.
        dilation: distance of the kernel's taps.
        groups: as in `conv`.
        data_format: order of the axes of `x` and of the result.
        weight_format: order of the axes of `weight`.

    Returns:
        Shape ``(batch, out, *positions)`` or ``(batch, *positions, out)``, dtype of `x`.

    Definition: torch.nn.ConvTranspose2d, https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.conv_transpose(np.ones((1, 3, 8, 8)), np.ones((3, 4, 2, 2)), strides=2).shape
        (1, 4, 16, 16)
    """
    form = conv_transpose_form(
        x.shape,
        weight.shape,
        strides=strides,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
        groups=groups,
        data_format=data_format,
        weight_format=weight_format,
    )
    n, kernel, inner, outer = form.n, form.kernel, form.inner, form.outer
    weight = flip(weight, axis=tuple(range(n) if form.kernel_last else range(2, n + 2)))
    if not form.kernel_last:  # (in, out / groups, ...) to (out, in / groups, ...)
        weight = reshape(weight, (groups, inner // groups, outer, *kernel))
        weight = permute_dims(weight, (0, 2, 1, *range(3, n + 3)))
        weight = reshape(weight, (groups * outer, inner // groups, *kernel))
    elif groups > 1:  # (..., in, out / groups) to (..., in / groups, out)
        weight = reshape(weight, (*kernel, groups, inner // groups, outer))
        weight = permute_dims(weight, (*range(n), n + 1, n, n + 2))
        weight = reshape(weight, (*kernel, inner // groups, groups * outer))
    return conv(
        x,
        weight,
        bias,
        padding=form.as_conv_pads,
        dilation=form.dilation,
        groups=groups,
        data_format=data_format,
        weight_format="*IO" if form.kernel_last else "OI*",
        input_dilation=form.strides,
    )
