"""Cases of convolution and linear maps."""

from __future__ import annotations

from typing import Any

from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, Draw
from ivy.testing.references.windows import conv, conv_transpose


def _linear(x: Any, weight: Any, bias: Any = None, *, weight_format: str = "OI") -> Any:
    y = x @ (weight.T if weight_format == "OI" else weight)
    return y if bias is None else y + bias


@case("linear", _linear, tolerance=3)
def _(d: Draw) -> Call:
    dtype = d.dtype(FLOAT)
    inner, outer = d.integer(1, 4), d.integer(1, 4)
    args = [d.array((*d.shape(0, 2), inner), dtype)]
    form = d.of("OI", "IO")
    args.append(d.array((outer, inner) if form == "OI" else (inner, outer), dtype))
    if d.flag():
        args.append(d.array((outer,), dtype))
    return Call(*args, **({"weight_format": form} if form != "OI" else {}))


def numbers(d: Draw, n: int, low: int, high: int) -> Any:
    """Return one number, or one for each axis."""
    return d.integer(low, high) if d.flag() else tuple(d.integer(low, high) for _ in range(n))


def paddings(d: Draw, n: int, *, least: int = 0) -> Any:
    """Return a padding in one of the forms that there are."""
    way = d.of("number", "numbers", "pairs", "same", "valid")
    if way == "pairs":
        return tuple((d.integer(least, 2), d.integer(least, 2)) for _ in range(n))
    return d.integer(0, 2) if way == "number" else tuple(d.integer(0, 2) for _ in range(n)) if way == "numbers" else way


def _operands(d: Draw, formats: tuple[str, str], *, transposed: bool) -> tuple[list[Any], dict[str, Any], int]:
    """Data, weight and perhaps bias; formats and groups; the number of spatial axes."""
    n = d.of(2, 1, 3)
    groups = d.of(1, 2, 3)
    inner, outer = groups * d.integer(1, 2), groups * d.integer(1, 2)
    dtype = d.dtype(FLOAT)
    sizes, kernel = [d.integer(2, 6 - n) for _ in range(n)], [d.integer(1, 5 - n) for _ in range(n)]
    found: dict[str, Any] = {"groups": groups} if groups > 1 else {}
    data = d.of("channels_first", "channels_last")
    form = d.of(*formats)
    x = d.array((d.integer(1, 2), inner, *sizes) if data == "channels_first" else (1, *sizes, inner), dtype)
    first, second = (inner, outer // groups) if transposed else (outer, inner // groups)
    last = (inner, outer // groups) if transposed else (inner // groups, outer)
    weight = d.array((*kernel, *last) if form.startswith("*") else (first, second, *kernel), dtype)
    args = [x, weight]
    if d.flag():
        args.append(d.array((outer,), dtype))
    if data != "channels_first":
        found["data_format"] = data
    if form != formats[0]:
        found["weight_format"] = form
    return args, found, n


def _fits(args: list[Any], found: dict[str, Any], reference: Any) -> None:
    """Give up an example whose windows do not fit: what then happens is no case of this."""
    from hypothesis import assume

    assume(reference(*(a.astype("float64") for a in args), **found).size > 0)


@case("conv", conv, tolerance=8)
def _(d: Draw) -> Call:
    args, found, n = _operands(d, ("OI*", "*IO"), transposed=False)
    if d.flag():
        found["strides"] = numbers(d, n, 1, 3)
    if d.flag():
        found["padding"] = paddings(d, n)
    way = d.of("plain", "dilation", "input_dilation")
    if way != "plain":
        found[way] = numbers(d, n, 1, 2)
    _fits(args, found, conv)
    return Call(*args, **found)


@case("conv", conv, tolerance=8, name="cropping", gradient=False)
def _(d: Draw) -> Call:
    dtype = d.dtype(FLOAT)
    x, weight = d.array((1, 2, 6), dtype), d.array((2, 2, d.integer(1, 2)), dtype)
    return Call(x, weight, padding=((d.integer(-2, 1), d.integer(-2, 1)),), input_dilation=d.integer(1, 2))


@case("conv", conv, tolerance=8, name="depthwise", gradient=False)
def _(d: Draw) -> Call:
    dtype = d.dtype(FLOAT)
    channels, times, n = d.integer(2, 4), d.integer(1, 2), d.of(2, 1)
    x = d.array((1, *(5,) * n, channels), dtype)
    weight = d.array((*(3,) * n, 1, channels * times), dtype)
    return Call(
        x, weight, groups=channels, data_format="channels_last", weight_format="*IO", padding="same", strides=d.of(1, 2)
    )


@case("conv_transpose", conv_transpose, tolerance=8)
def _(d: Draw) -> Call:
    args, found, n = _operands(d, ("IO*", "*IO"), transposed=True)
    strides = each = numbers(d, n, 1, 3)
    if isinstance(each, int):
        each = (each,) * n
    if strides != 1:
        found["strides"] = strides
    if d.flag():
        found["padding"] = paddings(d, n)
    if d.flag():
        found["dilation"] = numbers(d, n, 1, 2)
    if d.flag():  # as torch has it, less than the stride
        found["output_padding"] = tuple(d.integer(0, s - 1) for s in each)
    _fits(args, found, conv_transpose)
    return Call(*args, **found)
