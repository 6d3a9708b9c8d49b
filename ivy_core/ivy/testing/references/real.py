"""Real elementwise functions to any number of digits, by mpmath, and in float64 where an argument is no number.

`FUNCTIONS` says of each op what it computes, where, and how its error is counted: ``scripts/accuracy.py`` makes
``docs/accuracy.md`` of it, and the tests hold every backend to that table.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
from mpmath import mp, mpf

__all__ = ["BOUND", "FUNCTIONS", "Function", "errors", "evaluate", "samples"]

BOUND = {"float32": 100, "float64": 10000}
"""The error that functions may have, in units of the last place, where a plugin does not say otherwise."""

DIGITS = 60
_LOGS = {"float32": (1e-37, 1e38), "float64": (1e-300, 1e300)}

Range = tuple[float | None, float | None]


@dataclass(frozen=True)
class Function:
    """What an op of real arguments computes.

    Args:
        exact: the function of mpmath's numbers; raises, or gives no real number, where there is none.
        ranges: for each argument, where its samples lie: pairs of limits. ``None`` is the dtype's: about the smallest
            normal number, or the greatest. A range is spaced by powers where its ends have one sign, else evenly.
        roots: the size that errors are compared with where the function comes near to 0; None: always its own size.
        first: what the op is called with before the arrays.
        options: what the op is called with by name.
    """

    exact: Callable[..., Any]
    ranges: tuple[tuple[Range, ...], ...]
    roots: Callable[..., Any] | None = None
    first: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()


def _elu(alpha: float, factor: float = 1.0) -> Callable[..., Any]:
    return lambda x: factor * (x if x > 0 else alpha * mp.expm1(x))


def _softplus(x: Any) -> Any:
    return mp.log1p(mp.exp(x))


def _tanh_gelu(x: Any) -> Any:
    return x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mpf("0.044715") * x**3)))


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def _lgamma(x: Any) -> Any:
    # loggamma loses nothing where gamma overflows; its real part is what is meant
    return mp.re(mp.loggamma(x))


def _multigammaln(x: Any) -> Any:
    return mp.log(mp.pi) * 1.5 + sum(mp.loggamma(x - mpf(i) / 2) for i in range(3))


def _amplitude(x: Any) -> Any:
    """Return the size of the oscillations of Bessel functions."""
    return mp.sqrt(2 / (mp.pi * abs(x))) if abs(x) > 1 else mpf(0)


def _airy_amplitude(x: Any) -> Any:
    return (-x) ** mpf("-0.25") / mp.sqrt(mp.pi) if x < -1 else mpf(0)


def _log_ndtr(x: Any) -> Any:
    return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)


def _ndtri(p: Any) -> Any:
    return mp.sqrt(2) * _erfinv(2 * p - 1, 2 * p)


def _erfinv(x: Any, rest: Any = None) -> Any:
    """Solve erf(y) = x by Newton's steps on the logarithm of what is left to 1, from SciPy's value."""
    from scipy import special

    if abs(x) < mpf("1e-15"):
        return mp.sqrt(mp.pi) / 2 * (x + mp.pi * x**3 / 12)
    if x > 0:
        return -_erfinv(-x, 2 - rest if rest is not None else None)
    rest = 1 + x if rest is None else rest  # erfc(-y)
    y = mpf(float(special.ndtri(float(rest / 2)))) / mp.sqrt(2)
    for _ in range(4):
        value = mp.erfc(-y)
        y -= value * mp.log(value / rest) / (2 / mp.sqrt(mp.pi) * mp.exp(-y * y))
    return y


def _betainc(a: Any, b: Any, x: Any) -> Any:
    return mp.betainc(a, b, 0, x, regularized=True)


_ANY: tuple[Range, ...] = ((None, -1.0), (-1.0, -1e-3), (1e-3, 1.0), (1.0, None))
_TINY: tuple[Range, ...] = ((None, 1e-3), (-1e-3, None))
_POSITIVE: tuple[Range, ...] = ((None, 1e-3), (1e-3, 1.0), (1.0, None))
_UNIT: tuple[Range, ...] = ((-1.0, 1.0), *_TINY)


def _one(exact: Callable[..., Any], *ranges: Range, **options: Any) -> Function:
    return Function(exact, (ranges,), **options)


def _two(exact: Callable[..., Any], first: Sequence[Range], second: Sequence[Range], **options: Any) -> Function:
    return Function(exact, (tuple(first), tuple(second)), **options)


_SIZES = ((1e-2, 1.0), (1.0, 50.0))

FUNCTIONS: dict[str, Function] = {
    # arithmetic
    "sqrt": _one(mp.sqrt, *_POSITIVE),
    "rsqrt": _one(lambda x: 1 / mp.sqrt(x), *_POSITIVE),
    "cbrt": _one(lambda x: mp.sign(x) * mp.cbrt(abs(x)), *_ANY, *_TINY),
    "reciprocal": _one(lambda x: 1 / x, (1e-30, 1e30), (-1e3, -1e-3)),
    "hypot": _two(mp.hypot, ((1e-15, 1e15), (-2.0, 2.0)), ((1e-15, 1e15), (-2.0, 2.0))),
    "pow": _two(lambda x, y: x**y, ((1e-2, 1.0), (1.0, 100.0)), ((-15.0, 15.0), (1e-3, 1.0))),
    # exponentials and logarithms
    "exp": _one(mp.exp, (-87.0, 88.0), *_TINY),
    "exp2": _one(lambda x: mpf(2) ** x, (-125.0, 127.0), *_TINY),
    "expm1": _one(mp.expm1, (-87.0, 88.0), (-2.0, 2.0), *_TINY),
    "log": _one(mp.log, *_POSITIVE, (0.5, 2.0)),
    "log1p": _one(mp.log1p, (-0.99, 2.0), *_POSITIVE),
    "log2": _one(lambda x: mp.log(x, 2), *_POSITIVE, (0.5, 2.0)),
    "log10": _one(mp.log10, *_POSITIVE, (0.5, 2.0)),
    "logaddexp": _two(
        lambda x, y: mp.log(mp.exp(x) + mp.exp(y)),
        ((-30.0, 30.0), (100.0, 1e4)),
        ((-30.0, 30.0), (100.0, 1e4)),
        roots=lambda x, y: mpf(1),
    ),
    # trigonometry
    "sin": _one(mp.sin, (-10.0, 10.0), (10.0, 1e5), *_TINY),
    "cos": _one(mp.cos, (-10.0, 10.0), (10.0, 1e5), *_TINY),
    "tan": _one(mp.tan, (-10.0, 10.0), (10.0, 1e5), *_TINY),
    "asin": _one(mp.asin, *_UNIT),
    "acos": _one(mp.acos, *_UNIT),
    "atan": _one(mp.atan, *_ANY, *_TINY),
    "atan2": _two(mp.atan2, ((-5.0, 5.0), (1e-10, 1e10)), ((-5.0, 5.0), (1e-10, 1e10))),
    "sinh": _one(mp.sinh, (-87.0, 87.0), (-2.0, 2.0), *_TINY),
    "cosh": _one(mp.cosh, (-87.0, 87.0), (-2.0, 2.0), *_TINY),
    "tanh": _one(mp.tanh, (-20.0, 20.0), (-2.0, 2.0), *_TINY),
    "asinh": _one(mp.asinh, *_ANY, *_TINY),
    "acosh": _one(mp.acosh, (1.0, 2.0), (2.0, None)),
    "atanh": _one(mp.atanh, *_UNIT),
    "sinc": _one(mp.sincpi, (-10.0, 10.0), *_TINY, roots=lambda x: 1 / mp.pi / abs(x) if abs(x) > 0.9 else mpf(0)),
    "rad2deg": _one(mp.degrees, (-1e3, 1e3), *_TINY),
    "deg2rad": _one(mp.radians, (-1e3, 1e3), *_TINY),
    # special functions
    "erf": _one(mp.erf, (-6.0, 6.0), (-1.0, 1.0), *_TINY),
    "erfc": _one(mp.erfc, (-6.0, 9.0), *_TINY),
    "erfinv": _one(_erfinv, *_UNIT, (0.9, 1.0), (-1.0, -0.99)),
    "lgamma": _one(
        _lgamma,
        (0.01, 5.0),
        (5.0, 1e30),
        (None, 1e-2),
        (-9.9, -0.05),
        roots=lambda x: mpf(1) if abs(x) < 12 else mpf(0),
    ),
    "digamma": _one(mp.digamma, (0.01, 5.0), (5.0, 1e30), (1e-20, 1e-2), (-9.9, -0.05), roots=lambda x: mpf(1)),
    "i0": _one(lambda x: mp.besseli(0, x), (-80.0, 80.0), *_TINY),
    "i0e": _one(lambda x: mp.besseli(0, x) * mp.exp(-abs(x)), (-100.0, 100.0), *_TINY),
    "i1": _one(lambda x: mp.besseli(1, x), (-80.0, 80.0), (1e-30, 1e-3)),
    "i1e": _one(lambda x: mp.besseli(1, x) * mp.exp(-abs(x)), (-100.0, 100.0), (1e-30, 1e-3)),
    "igamma": _two(lambda a, x: mp.gammainc(a, 0, x, regularized=True), _SIZES, _SIZES),
    "igammac": _two(lambda a, x: mp.gammainc(a, x, mp.inf, regularized=True), _SIZES, _SIZES),
    "betainc": Function(
        _betainc, (((0.1, 1.0), (1.0, 30.0)), ((0.1, 1.0), (1.0, 30.0)), ((0.01, 0.99), (0.001, 0.01)))
    ),
    "zeta": _two(mp.zeta, ((1.05, 2.0), (2.0, 20.0)), ((0.1, 2.0), (2.0, 50.0))),
    "xlogy": _two(lambda x, y: x * mp.log(y), ((-5.0, 5.0),), _POSITIVE),
    "logit": _one(lambda x: mp.log(x / (1 - x)), (1e-30, 1e-3), (0.001, 0.999), roots=lambda x: mpf(1)),
    # probability
    "tgamma": _one(mp.gamma, (0.01, 30.0), (1e-30, 1e-2), (-9.9, -0.05)),
    "betaln": _two(
        lambda a, b: mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b),
        ((0.01, 5.0), (5.0, 1e4)),
        ((0.01, 5.0), (5.0, 1e4)),
        roots=lambda a, b: mpf(1),
    ),
    "multigammaln": _one(_multigammaln, (1.01, 5.0), (5.0, 1e10), roots=lambda x: mpf(1), options=(("d", 3),)),
    "erfcx": _one(lambda x: mp.exp(x * x) * mp.erfc(x), (-9.0, 9.0), (9.0, 1e18), *_TINY),
    "ndtr": _one(lambda x: mp.erfc(-x / mp.sqrt(2)) / 2, (-12.0, 8.0), *_TINY),
    "log_ndtr": _one(_log_ndtr, (-12.0, 8.0), (-1e5, -12.0), *_TINY),
    "ndtri": _one(_ndtri, (1e-30, 1e-3), (1e-3, 0.999), (0.99, 1.0), roots=lambda x: mpf(1)),
    "log1mexp": _one(lambda x: mp.log(-mp.expm1(-x)), (1e-30, 1e-3), (1e-3, 20.0), (20.0, 80.0)),
    "entr": _one(lambda x: -x * mp.log(x), (1e-30, 1e-3), (1e-3, 5.0), roots=lambda x: x),
    "rel_entr": _two(lambda x, y: x * mp.log(x / y), ((1e-3, 5.0),), ((1e-3, 5.0),), roots=lambda x, y: x),
    "xlog1py": _two(lambda x, y: x * mp.log1p(y), ((-5.0, 5.0),), ((-0.99, 2.0), (1e-10, 1e10))),
    # Bessel and Airy functions
    "bessel_j0": _one(lambda x: mp.besselj(0, x), (-50.0, 50.0), (50.0, 1e4), *_TINY, roots=_amplitude),
    "bessel_j1": _one(lambda x: mp.besselj(1, x), (-50.0, 50.0), (50.0, 1e4), (1e-30, 1e-3), roots=_amplitude),
    "bessel_y0": _one(
        lambda x: mp.bessely(0, x),
        (0.01, 50.0),
        (50.0, 1e4),
        (1e-30, 1e-2),
        roots=lambda x: _amplitude(x) or mpf("0.5"),
    ),
    "bessel_y1": _one(lambda x: mp.bessely(1, x), (0.01, 50.0), (50.0, 1e4), (1e-30, 1e-2), roots=_amplitude),
    "k0": _one(lambda x: mp.besselk(0, x), (0.01, 80.0), (1e-30, 1e-2)),
    "k0e": _one(lambda x: mp.besselk(0, x) * mp.exp(x), (0.01, 100.0), (1e-30, 1e-2)),
    "k1": _one(lambda x: mp.besselk(1, x), (0.01, 80.0), (1e-30, 1e-2)),
    "k1e": _one(lambda x: mp.besselk(1, x) * mp.exp(x), (0.01, 100.0), (1e-30, 1e-2)),
    "spherical_bessel_j0": _one(mp.sinc, (-50.0, 50.0), *_TINY, roots=lambda x: 1 / abs(x) if abs(x) > 1 else mpf(0)),
    "airy_ai": _one(mp.airyai, (-30.0, 10.0), *_TINY, roots=_airy_amplitude),
    # activations
    "sigmoid": _one(_sigmoid, (-80.0, 40.0), *_TINY),
    "log_sigmoid": _one(lambda x: -_softplus(-x), (-80.0, 40.0), *_TINY),
    "softplus": _one(_softplus, (-80.0, 18.0), *_TINY),
    "silu": _one(lambda x: x * _sigmoid(x), (-80.0, 40.0), *_TINY),
    "quick_gelu": _one(lambda x: x * _sigmoid(x * mpf("1.702")), (-40.0, 40.0), *_TINY),
    "mish": _one(lambda x: x * mp.tanh(_softplus(x)), (-80.0, 40.0), *_TINY),
    "gelu": _one(lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2, (-5.0, 9.0), *_TINY, roots=abs),
    "gelu (tanh)": _one(_tanh_gelu, (-5.0, 9.0), *_TINY, roots=abs, options=(("approximate", True),)),
    "tanhshrink": _one(lambda x: x - mp.tanh(x), (-20.0, 20.0), *_TINY, roots=abs),
    "elu": _one(_elu(1.0), (-20.0, 20.0), *_TINY),
    "celu": _one(_elu(1.0), (-20.0, 20.0), *_TINY),
    "selu": _one(_elu(1.6732632423543772, 1.0507009873554805), (-20.0, 20.0), *_TINY),
    "softsign": _one(lambda x: x / (1 + abs(x)), *_ANY, *_TINY),
}
FUNCTIONS |= {
    f"polygamma ({n})": Function(
        functools.partial(mp.polygamma, n),
        (((0.05, 5.0), (5.0, 1e4), (-4.9, -0.1)),),
        roots=None if n % 2 else lambda x: mpf(1),
        first=(n,),
    )
    for n in (0, 1, 2, 3, 4, 8)
}
"""What each op computes, by its name, and the options that tell variants of an op apart in brackets."""


def samples(name: str, dtype: str, count: int, seed: int = 0) -> list[Any]:
    """Return arguments of a function.

    Args:
        name: as in `FUNCTIONS`.
        dtype: ``"float32"`` or ``"float64"``.
        count: how many for each combination of ranges.
        seed: of the generator.

    Returns:
        An array for each argument, of one length.

    Example:
        >>> from ivy.testing.references.real import samples
        >>> [x.dtype.name for x in samples("atan2", "float32", 10)]
        ['float32', 'float32']
    """
    rng = np.random.default_rng(seed)
    columns: list[list[Any]] = [[] for _ in FUNCTIONS[name].ranges]
    for index in np.ndindex(*(len(r) for r in FUNCTIONS[name].ranges)):
        for column, ranges, i in zip(columns, FUNCTIONS[name].ranges, index, strict=True):
            column.append(_drawn(rng, ranges[i], dtype, count))
    return [np.concatenate(column).astype(dtype) for column in columns]


def _drawn(rng: Any, limits: Range, dtype: str, count: int) -> Any:
    low, high = limits
    smallest, greatest = _LOGS[dtype]
    if low is None:  # to the smallest numbers of the other end's sign
        low = -greatest if high is not None and high < 0 else smallest
    if high is None:
        high = -smallest if low < 0 else greatest
    share = np.concatenate([[0.0, 1.0], rng.uniform(size=max(count - 2, 0))])[:count]
    if low * high > 0 and max(low / high, high / low) > 50:
        sign = math.copysign(1.0, low)
        return sign * np.exp(np.log(abs(low)) * (1 - share) + np.log(abs(high)) * share)
    return low * (1 - share) + high * share


def evaluate(backend: str, name: str, arguments: Sequence[Any]) -> Any:
    """Return what a backend's op gives, as NumPy's array, also in float64 where the backend has that on demand.

    Args:
        backend: the framework's name.
        name: as in `FUNCTIONS`.
        arguments: NumPy's arrays.

    Returns:
        The results.

    Example:
        >>> import numpy as np
        >>> from ivy.testing.references.real import evaluate
        >>> evaluate("numpy", "exp", [np.zeros(2, "float32")])
        array([1., 1.], dtype=float32)
    """
    from ivy.backend import get_backend, scope
    from ivy.functional.registry import OPS

    owner, function = get_backend(backend), FUNCTIONS[name]
    with scope(owner), getattr(owner.module, "unlimited_dtypes", nullcontext)(), np.errstate(all="ignore"):
        native = [owner.module.from_foreign(x, copy=True) for x in arguments]
        found = OPS[name.partition(" ")[0]].public(*function.first, *native, **dict(function.options))
        return np.asarray(owner.module.to_numpy(found))


def errors(name: str, arguments: Sequence[Any], found: Any) -> tuple[Any, Any]:
    """Return the errors of results, in units of the last place of the exact result, and the exact results.

    Near a root of the function, the units are those of the size that `Function.roots` gives.

    Args:
        name: as in `FUNCTIONS`.
        arguments: arrays of one shape.
        found: the results, of that shape, in the dtype whose last place counts.

    Returns:
        The errors, inf where a number is missing, and NaN where there is no exact result in the dtype's normal range;
        and the exact results, rounded to float64.
    """
    function = FUNCTIONS[name]
    info = np.finfo(found.dtype)
    missed, exact = np.full(found.shape, np.nan), np.full(found.shape, np.nan)
    with mp.workdps(DIGITS):
        for i, (*point, value) in enumerate(zip(*arguments, found, strict=True)):
            numbers = [mpf(float(v)) for v in point]
            try:
                wanted = function.exact(*numbers)
            except (ValueError, ZeroDivisionError):
                continue
            if not mp.isfinite(wanted) or mp.im(wanted) != 0 or not info.tiny <= abs(wanted) <= info.max:
                continue
            exact[i] = float(wanted)
            size = max(abs(wanted), function.roots(*numbers)) if function.roots else abs(wanted)
            unit = float(np.spacing(found.dtype.type(float(min(size, mpf(float(info.max)))))))
            missed[i] = float(abs(mpf(float(value)) - wanted) / unit) if np.isfinite(value) else math.inf
    return missed, exact
