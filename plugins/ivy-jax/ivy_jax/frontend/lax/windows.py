"""Sliding windows of `jax.lax`: reductions over them, and what max-pooling's derivatives need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy_jax.frontend.lax.contraction import conv_padding
from ivy_jax.frontend.lax.reductions import fold
from ivy_jax.frontend.lax.shaping import pad
from ivy_jax.frontend.lax.shaping import slice as lax_slice
from ivy_jax.frontend.table import frontend

NAMESPACE = "jax.lax"


def _ones(given: Any, n: int) -> tuple[int, ...]:
    return (1,) * n if given is None else tuple(int(g) for g in given)


def _extreme(dtype: Any, lowest: bool) -> Any:
    if dtype == "bool":
        return not lowest
    if dtype.is_inexact:
        return float("-inf") if lowest else float("inf")
    if dtype.kind == "uint":
        return 0 if lowest else (1 << dtype.bits) - 1
    return -(1 << (dtype.bits - 1)) if lowest else (1 << (dtype.bits - 1)) - 1


def _reducer(reducer: str) -> Callable[..., Any]:
    def reduce(
        operand: Any,
        window_dimensions: Sequence[int],
        window_strides: Any = None,
        padding: Any = "VALID",
        base_dilation: Any = None,
        window_dilation: Any = None,
    ) -> Any:
        n, dtype = operand.ndim, dtype_of(operand)
        init = 0 if reducer == "add" else _extreme(dtype, reducer == "max")
        window, strides = tuple(int(k) for k in window_dimensions), _ones(window_strides, n)
        base, taps = _ones(base_dilation, n), _ones(window_dilation, n)
        pads = conv_padding(padding, operand.shape, window, strides, base, taps)
        return F.reduce_window(
            operand, init, reducer, window, strides=strides, padding=pads, base_dilation=base, window_dilation=taps
        )

    return reduce


for _name, _kind in {"sum": "add", "max": "max", "min": "min"}.items():
    frontend.function(f"jax.lax.reduce_window_{_name}_p")(_reducer(_kind))


class _Taps:
    """The elements that each window sees, one strided slice for each position in the window."""

    def __init__(
        self, shape: Sequence[int], window: Any, strides: Any, padding: Any, base: Any = None, taps: Any = None
    ) -> None:
        n = len(shape)
        self.window, self.strides = tuple(int(k) for k in window), _ones(strides, n)
        self.base, self.taps = _ones(base, n), _ones(taps, n)
        self.pads = conv_padding(padding, shape, self.window, self.strides, self.base, self.taps)
        self.config = [(lo, hi, b - 1) for (lo, hi), b in zip(self.pads, self.base)]
        self.padded = [
            (m - 1) * b + 1 + lo + hi if m else lo + hi for m, b, (lo, hi) in zip(shape, self.base, self.pads)
        ]
        spans = [(k - 1) * t + 1 for k, t in zip(self.window, self.taps)]
        self.out = [max((m - span) // s + 1, 0) for m, span, s in zip(self.padded, spans, self.strides)]
        self.offsets = list(product(*(range(0, k * t, t) for k, t in zip(self.window, self.taps))))

    def cut(self, padded: Any, offset: Sequence[int]) -> Any:
        """The elements at one position of every window."""
        limits = [o + (m - 1) * s + 1 for o, m, s in zip(offset, self.out, self.strides)]
        return lax_slice(padded, offset, limits, self.strides)

    def stack(self, x: Any, value: Any) -> Any:
        """All elements of the windows along a new first axis."""
        padded = pad(x, value, self.config)
        return F.stack([self.cut(padded, o) for o in self.offsets], axis=0)

    def place(self, x: Any, offset: Sequence[int], value: Any) -> Any:
        """Put one value per window back at a position of the window, in the padded operand's shape."""
        config = [
            (o, m - o - ((k - 1) * s + 1), s - 1) for o, m, k, s in zip(offset, self.padded, self.out, self.strides)
        ]
        return pad(x, value, config)


@frontend.function("jax.lax.reduce_window")
def reduce_window(
    operand: Any,
    init_value: Any,
    computation: Callable[..., Any],
    window_dimensions: Sequence[int],
    window_strides: Any = None,
    padding: Any = "VALID",
    base_dilation: Any = None,
    window_dilation: Any = None,
) -> Any:
    """Reduce sliding windows with any associative function of scalars, which is called on whole arrays."""
    single = not isinstance(operand, (tuple, list))
    xs, inits = ((operand,), (init_value,)) if single else (tuple(operand), tuple(init_value))
    t = _Taps(xs[0].shape, window_dimensions, window_strides, padding, base_dilation, window_dilation)

    def combine(a: tuple[Any, ...], b: tuple[Any, ...]) -> tuple[Any, ...]:
        found = computation(a[0], b[0]) if single else computation(a, b)
        return tuple(found) if isinstance(found, (tuple, list)) else (found,)

    stacks = tuple(t.stack(x, i) for x, i in zip(xs, inits))
    starts = tuple(
        F.broadcast_to(i if hasattr(i, "dtype") else F.asarray(i, dtype=dtype_of(x)), tuple(x.shape[1:]))
        for i, x in zip(inits, stacks)
    )
    result = combine(starts, fold(combine, stacks))
    return result[0] if single else result


def _winner(stacked: Any, select: str) -> Any:
    """The first position in the window of the element that `select` (``"ge"`` or ``"le"``) prefers."""
    return (F.argmax if select == "ge" else F.argmin)(stacked, axis=0)


@frontend.function("jax.lax.select_and_gather_add_p")
def select_and_gather_add(
    tangents: Any,
    operand: Any,
    select: str,
    window_dimensions: Sequence[int],
    window_strides: Any,
    padding: Any,
    base_dilation: Any = None,
    window_dilation: Any = None,
) -> Any:
    """Take the tangent at each window's extreme element: the derivative of max-pooling."""
    t = _Taps(operand.shape, window_dimensions, window_strides, padding, base_dilation, window_dilation)
    chosen = _winner(t.stack(operand, _extreme(dtype_of(operand), select == "ge")), select)
    found = t.stack(tangents, 0)
    return F.squeeze(F.take_along_axis(found, F.expand_dims(chosen, axis=0), axis=0), axis=0)


@frontend.function("jax.lax.select_and_scatter_add_p")
def select_and_scatter_add(
    source: Any, operand: Any, select: str, window_dimensions: Sequence[int], window_strides: Any, padding: Any
) -> Any:
    """Add each window's value to the window's extreme element: the derivative of max-pooling, backwards."""
    t = _Taps(operand.shape, window_dimensions, window_strides, padding)
    chosen = _winner(t.stack(operand, _extreme(dtype_of(operand), select == "ge")), select)
    total = None
    for number, offset in enumerate(t.offsets):
        part = t.place(F.where(F.equal(chosen, number), source, 0), offset, 0)
        total = part if total is None else F.add(total, part)
    starts = [lo for lo, _ in t.pads]
    return lax_slice(total, starts, [a + n for a, n in zip(starts, operand.shape)])
