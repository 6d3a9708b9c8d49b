"""Cases of control flow. The callables use operators alone, so that a reference can call them on NumPy's arrays.

What depends on a value has no shape without it; the tracer tells the shapes by the ops' ``result`` trait instead.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.testing.case import Call, case
from ivy.testing.draw import Draw

NUMBERS = ("float32", "float64", "int32", "int64")
"""Those whose operators every framework has: the callables use these, and control flow does not care about dtypes."""


def _array(d: Draw, least: int = 0) -> Any:
    return d.array(d.shape(least), NUMBERS)


def _twice(x: Any) -> Any:
    return x + x


def _squared(x: Any) -> Any:
    return x * x


def _mixed(x: Any, y: Any) -> Any:
    return x * 2, y - x


def _swapped(x: Any, y: Any) -> Any:
    return y * x, y


def _cond(pred: Any, true_fn: Any, false_fn: Any, *operands: Any) -> Any:
    return (true_fn if pred else false_fn)(*operands)


@case("cond", _cond, abstract=False, dtype=lambda pred, t, f, x: x.dtype, gradient=(3,))
def _(d: Draw) -> Call:
    pred = d.of(True, False, d.array((), ("bool",)), d.array((), ("int32",), low=0, high=1))
    return Call(pred, _twice, _squared, _array(d))


@case(
    "cond",
    _cond,
    abstract=False,
    dtype=lambda pred, t, f, *xs: tuple(x.dtype for x in xs),
    gradient=(3, 4),
    name="pair",
)
def _(d: Draw) -> Call:
    shape, dtype = d.shape(), d.dtype(NUMBERS)
    return Call(d.array((), ("bool",)), _mixed, _swapped, d.array(shape, dtype), d.array(shape, dtype))


def _switch(index: Any, branches: Any, *operands: Any) -> Any:
    return branches[min(max(int(index), 0), len(branches) - 1)](*operands)


@case("switch", _switch, abstract=False, dtype=lambda i, b, x: x.dtype, gradient=(2,))
def _(d: Draw) -> Call:
    index = d.integer(-1, 4)
    branches = [_twice, _squared, lambda x: x - 3][: d.integer(1, 3)]
    return Call(d.of(index, np.asarray(index, "int32")), d.of(branches, tuple(branches)), _array(d))


def _while_loop(cond_fn: Any, body_fn: Any, state: Any) -> Any:
    while cond_fn(state):
        state = body_fn(state)
    return state


@case("while_loop", _while_loop, abstract=False, dtype=lambda c, b, init: tuple(x.dtype for x in init), gradient=False)
def _(d: Draw) -> Call:
    start = np.asarray(d.integer(0, 5), d.dtype(("int32", "int64")))
    return Call(lambda s: s[0] < 4, lambda s: (s[0] + 1, s[1] * 2 - 1), (start, _array(d)))


@case("while_loop", _while_loop, abstract=False, dtype=lambda c, b, init: init.dtype, gradient=False, name="one")
def _(d: Draw) -> Call:
    return Call(lambda x: x < 20, lambda x: x * 2 + 1, d.array((), NUMBERS, low=0, high=30))


def _fori_loop(lower: Any, upper: Any, body_fn: Any, state: Any) -> Any:
    for i in range(int(lower), int(upper)):
        state = body_fn(i, state)
    return state


@case("fori_loop", _fori_loop, abstract=False, dtype=lambda low, high, f, init: init.dtype, gradient=(3,))
def _(d: Draw) -> Call:
    low, high = d.integer(-2, 2), d.integer(-2, 4)
    bounds = d.of((low, high), (np.asarray(low, "int32"), np.asarray(high, "int32")), (low, np.asarray(high, "int32")))
    if d.smooth:  # derivatives go backwards through loops of known length
        bounds = (0, 3)
    return Call(*bounds, lambda i, x: x * 2 - 1, _array(d))


@case(
    "fori_loop",
    _fori_loop,
    abstract=False,
    dtype=lambda low, high, f, init: tuple(x.dtype for x in init),
    gradient=False,
    name="counter",
)
def _(d: Draw) -> Call:
    state = (np.asarray(0, "int32"), d.array(None, NUMBERS))
    return Call(d.integer(0, 2), d.integer(0, 4), lambda i, s: (s[0] + i, s[1] * 2), state)


def _scan(f: Any, carry: Any, xs: Any, *, length: int | None = None, reverse: bool = False) -> Any:
    rows = xs if isinstance(xs, np.ndarray) else [None] * (length or 0) if xs is None else list(zip(*xs, strict=True))
    ys = []
    for x in reversed(list(rows)) if reverse else rows:
        carry, y = f(carry, x)
        ys.append(y)
    ys = ys[::-1] if reverse else ys
    return carry, np.stack(ys)


@case("scan", _scan, dtype=lambda f, init, xs, **_: (init.dtype, xs.dtype), gradient=(1, 2))
def _(d: Draw) -> Call:
    xs = d.array(d.shape(1, least=1), NUMBERS)
    init = d.array(xs.shape[1:], str(xs.dtype))
    options = d.of({}, {"length": xs.shape[0]})
    return Call(lambda c, x: (c + x, c * x), init, xs, **options, **d.of({}, {"reverse": True}))


@case(
    "scan",
    _scan,
    dtype=lambda f, init, xs, **_: (tuple(x.dtype for x in init), xs[0].dtype),
    gradient=(1, 2),
    name="trees",
)
def _(d: Draw) -> Call:
    x, shape = d.array(d.shape(1, least=1), NUMBERS), d.shape(0, 1)
    y = d.array(x.shape, str(x.dtype))
    init = (d.array(x.shape[1:], str(x.dtype)), d.array(shape, NUMBERS))
    return Call(lambda c, r: ((c[0] * r[1], c[1] + 1), r[0] + c[0]), init, (x, y), **d.of({}, {"reverse": True}))


@case("scan", _scan, dtype=lambda f, init, xs, **_: (init.dtype, init.dtype), gradient=(1,), name="length")
def _(d: Draw) -> Call:
    return Call(lambda c, _: (c * 2, c + 1), _array(d), None, length=d.integer(1, 3))


@case("map", lambda f, xs: np.stack([f(x) for x in xs]), dtype=lambda f, xs: xs.dtype, gradient=(1,))
def _(d: Draw) -> Call:
    return Call(_squared, d.array(d.shape(1, least=1), NUMBERS))


def _vmap_at(fn: Any, in_axes: Any, out_axes: Any, args: Any) -> Any:
    axes = in_axes if isinstance(in_axes, tuple) else (in_axes,) * len(args)
    size = next(x.shape[a] for x, a in zip(args, axes, strict=True) if a is not None)
    rows = [fn(*(x if a is None else np.take(x, i, a) for x, a in zip(args, axes, strict=True))) for i in range(size)]
    return np.stack(rows, out_axes)


@case("vmap_at", _vmap_at, dtype=lambda f, i, o, args: args[0].dtype, gradient=(3,))
def _(d: Draw) -> Call:
    x = d.array(d.shape(1, least=1), NUMBERS)
    axis, out = d.integer(0, x.ndim - 1), d.integer(0, x.ndim - 1)
    return Call(_squared, *d.of((axis, out), ((axis,), out), ((0,), 0)), (x,))


@case("vmap_at", _vmap_at, dtype=lambda f, i, o, args: args[0].dtype, gradient=(3,), name="pair")
def _(d: Draw) -> Call:
    dtype, n = d.dtype(NUMBERS), d.integer(1, 3)
    x, y = d.array((n, 2), dtype), d.array((2, n), dtype)
    axes, y = d.of(((0, 1), y), ((0, None), y[:, 0]))
    return Call(lambda a, b: a * b + a, axes, d.of(0, 1), (x, y))
