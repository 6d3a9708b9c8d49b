"""Complex functions where a part of the argument is infinite or no number, at their poles and on their branch cuts.

There the kernels of most frameworks give NaN in both parts, or the value of the wrong side. The Array API standard, as
C's annex G, has values that follow from real functions of the two parts. A backend takes them from here by `limited`
and computes everything else, gradients too, with its framework's own function.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ivy.functional as F

__all__ = ["limited"]

_Parts = tuple[Any, ...]


def _pick(like: Any, *cases: tuple[Any, Any]) -> Any:
    """Return the value of the last case that holds, NaN where none does."""
    found = F.full_like(like, math.nan)
    for holds, value in cases:
        found = F.where(holds, value, found)
    return found


def _either(*conditions: Any) -> Any:
    first, *others = conditions
    for x in others:
        first = F.logical_or(first, x)
    return first


def _both(x: Any, y: Any) -> Any:
    return F.logical_and(x, y)


def _zero(x: Any) -> Any:
    return F.equal(x, 0)


def _signed(value: float, x: Any) -> Any:
    """Return a number with the sign of each element."""
    return F.copysign(F.full_like(x, value), x)


def _expm1(a: Any, b: Any) -> _Parts:
    re, im = _exp(a, b)
    return F.subtract(re, 1), im


def _exp(a: Any, b: Any) -> _Parts:
    size, turns = F.exp(a), F.isfinite(b)
    no_angle = F.where(F.equal(a, math.inf), math.nan, F.zeros_like(a))  # that of an infinite number can't be told
    re = _pick(a, (F.isinf(a), size), (turns, F.multiply(size, F.cos(b))))
    im = _pick(a, (F.isinf(a), no_angle), (turns, F.multiply(size, F.sin(b))), (_zero(b), b))
    return re, im


def _cosh(a: Any, b: Any) -> _Parts:
    turns = F.isfinite(b)
    re = _pick(a, (F.isinf(a), math.inf), (turns, F.multiply(F.cosh(a), F.cos(b))))
    sign = F.multiply(_signed(1.0, a), _signed(1.0, b))
    im = _pick(
        a, (turns, F.multiply(F.sinh(a), F.sin(b))), (_either(_zero(a), _zero(b)), F.multiply(F.zeros_like(a), sign))
    )
    return re, im


def _sinh(a: Any, b: Any) -> _Parts:
    turns = F.isfinite(b)
    re = _pick(a, (F.isinf(a), a), (turns, F.multiply(F.sinh(a), F.cos(b))), (_zero(a), a))
    im = _pick(a, (turns, F.multiply(F.cosh(a), F.sin(b))), (_zero(b), b))
    return re, im


def _tanh(a: Any, b: Any) -> _Parts:
    far = F.isinf(a)
    re = _pick(a, (_zero(a), a), (far, _signed(1.0, a)))
    # for the standard this zero has the sign of the imaginary part, for C that of the sine of its double
    im = _pick(a, (_zero(b), b), (far, _signed(0.0, F.where(F.isfinite(b), b, 0.0))))
    return re, im


def _log(a: Any, b: Any) -> _Parts:
    pole = _both(_zero(a), _zero(b))
    return _pick(a, (_either(F.isinf(a), F.isinf(b)), math.inf), (pole, -math.inf)), F.atan2(b, a)


def _log1p(a: Any, b: Any) -> _Parts:
    return _log(F.add(a, 1), b)


def _to_base(base: float) -> Callable[[Any, Any], _Parts]:
    def limit(a: Any, b: Any) -> _Parts:
        re, im = _log(a, b)
        return re, F.divide(im, math.log(base))

    return limit


def _sqrt(a: Any, b: Any) -> _Parts:
    none = F.isnan(b)
    re = _pick(a, (F.equal(a, math.inf), math.inf), (_both(F.equal(a, -math.inf), F.logical_not(none)), 0.0))
    im = _pick(
        a,
        (_both(F.equal(a, math.inf), F.logical_not(none)), _signed(0.0, b)),
        (F.equal(a, -math.inf), _signed(math.inf, b)),
    )
    return F.where(F.isinf(b), math.inf, re), F.where(F.isinf(b), b, im)


def _asinh(a: Any, b: Any) -> _Parts:
    re = F.copysign(_pick(a, (_either(F.isinf(a), F.isinf(b)), math.inf)), a)
    return re, F.where(_zero(b), b, F.atan2(b, F.abs(a)))


def _acosh(a: Any, b: Any) -> _Parts:
    re = _pick(a, (_either(F.isinf(a), F.isinf(b)), math.inf))
    return re, F.copysign(F.where(_both(_zero(a), F.isnan(b)), math.pi / 2, F.atan2(F.abs(b), a)), b)


def _acos(a: Any, b: Any) -> _Parts:
    re, im = _acosh(a, b)
    return F.abs(im), F.negative(F.copysign(re, b))


def _atanh(a: Any, b: Any) -> _Parts:
    far = _either(F.isinf(a), F.isinf(b))
    pole = _both(F.equal(F.abs(a), 1), _zero(b))
    re = _pick(a, (_either(far, _zero(a)), _signed(0.0, a)), (pole, _signed(math.inf, a)))
    im = _pick(a, (_both(far, F.logical_not(F.isnan(b))), _signed(math.pi / 2, b)), (pole, b))
    return re, im


def _abs(a: Any, b: Any) -> _Parts:
    return (_pick(a, (_either(F.isinf(a), F.isinf(b)), math.inf)),)


def _sign(a: Any, b: Any) -> _Parts:
    zero = _both(_zero(a), _zero(b))

    def part(x: Any, other: Any) -> Any:
        along = _both(F.isinf(x), F.isfinite(other))
        across = _both(F.isfinite(x), F.isinf(other))
        return _pick(x, (along, _signed(1.0, x)), (_either(across, zero), 0.0))

    return part(a, b), part(b, a)


def _reciprocal(a: Any, b: Any) -> _Parts:
    far = _either(F.isinf(a), F.isinf(b))
    return _pick(a, (far, _signed(0.0, a))), _pick(a, (far, _signed(0.0, F.negative(b))))


def _turned(limit: Callable[[Any, Any], _Parts]) -> Callable[[Any, Any], _Parts]:
    """Make f from the g with ``f(z) = -i g(iz)``."""

    def found(a: Any, b: Any) -> _Parts:
        re, im = limit(F.negative(b), a)
        return im, F.negative(re)

    return found


def _cos(a: Any, b: Any) -> _Parts:
    return _cosh(F.negative(b), a)


_LIMITS: dict[str, Callable[[Any, Any], _Parts]] = {
    "exp": _exp, "expm1": _expm1, "log": _log, "log1p": _log1p, "log2": _to_base(2.0), "log10": _to_base(10.0),
    "sqrt": _sqrt, "sinh": _sinh, "cosh": _cosh, "tanh": _tanh, "asinh": _asinh, "acosh": _acosh, "atanh": _atanh,
    "sin": _turned(_sinh), "cos": _cos, "tan": _turned(_tanh), "asin": _turned(_asinh), "acos": _acos,
    "atan": _turned(_atanh), "abs": _abs, "sign": _sign, "reciprocal": _reciprocal,
}  # fmt: skip
_POLES: dict[str, tuple[complex, ...]] = {
    "log": (0,), "log2": (0,), "log10": (0,), "log1p": (-1,), "atanh": (-1, 1), "atan": (-1j, 1j),
    "sign": (0,),
}  # fmt: skip
"""Where else the limits hold: mostly where a function is infinite."""

_CUT_BELOW = frozenset({"sqrt", "log1p", "asin", "acos", "acosh"})
"""Functions with a cut on the real axis, of which numbers with an imaginary part of -0 are on the lower side."""
_CUT_LEFT = frozenset({"asinh"})
"""Functions with a cut on the imaginary axis, of which numbers with a real part of -0 are on the left side."""


def _mirrored(fn: Callable[[Any], Any], z: Any, part: Any, mirror: Callable[[Any], Any]) -> Any:
    """Call a function that is symmetric under `mirror` on the side of its cut that every framework gets right."""
    other = _both(_zero(part), F.signbit(part))
    found = fn(F.where(other, mirror(z), z))
    return F.where(other, mirror(found), found)


_NEVER_MINUS_ZERO = frozenset({"expm1"})
"""Functions whose real part is 0, not -0, where it vanishes."""


def _plain_zero(z: Any) -> Any:
    re = F.real(z)
    nothing = F.subtract(F.stop_gradient(re), re)  # keeps the gradient
    return F.complex(F.where(_zero(re), F.subtract(F.zeros_like(re), nothing), re), F.imag(z))


def limited(name: str, fn: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Make a framework's complex function have the standard's values where parts are infinite or no numbers.

    Args:
        name: the op's name, such as ``"exp"``.
        fn: the framework's function of a complex array.

    Returns:
        A function of a complex array.

    Example:
        >>> import numpy as np
        >>> from ivy.functional._limits import limited
        >>> limited("exp", np.exp)(np.asarray(complex("-inf+nanj")))
        array(0.+0.j)
    """
    limit, poles = _LIMITS[name], _POLES.get(name, ())

    def computed(z: Any) -> Any:
        a, b = F.real(z), F.imag(z)
        usual = _both(F.isfinite(a), F.isfinite(b))
        for pole in poles:
            usual = _both(usual, F.not_equal(z, pole))
        if name in _CUT_BELOW:
            found = _mirrored(fn, z, b, F.conj)
        elif name in _CUT_LEFT:
            found = _mirrored(fn, z, a, lambda x: F.negative(F.conj(x)))
        else:
            found = fn(z)
        if name in _NEVER_MINUS_ZERO:
            found = _plain_zero(found)
        parts = limit(a, b)
        return F.where(usual, found, F.stop_gradient(F.complex(*parts) if len(parts) == 2 else parts[0]))

    return computed
