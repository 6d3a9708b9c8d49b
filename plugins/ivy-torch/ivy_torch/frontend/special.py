"""``torch.special`` and the window functions of ``torch.signal``; polynomials by their recurrences."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of, float32
from ivy_torch.frontend.creation import _ignored
from ivy_torch.frontend.declare import api, op, table
from ivy_torch.frontend.promotion import dtype_arg, floating, inexact, is_array
from ivy_torch.frontend.table import torch


def _unary(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any) -> Any:
        return f(floating(input))

    return call


table(
    """
    i0e
    i1
    i1e
    entr
    erfcx
    log_ndtr
    ndtr
    ndtri
    airy_ai
    bessel_j0
    bessel_j1
    bessel_y0
    bessel_y1
    spherical_bessel_j0
    modified_bessel_k0: k0
    modified_bessel_k1: k1
    scaled_modified_bessel_k0: k0e
    scaled_modified_bessel_k1: k1e
    """,
    _unary,
    "special.",
)

for _special, _name in {
    "expit": "sigmoid",
    "psi": "digamma",
    "gammaln": "lgamma",
    "gammainc": "igamma",
    "gammaincc": "igammac",
    "multigammaln": "mvlgamma",
}.items():
    torch.alias(f"torch.{_name}", f"torch.special.{_special}")


def _pair(input: Any, other: Any) -> tuple[Any, Any]:
    a, b = inexact(input, other)
    return a, b


@api("special.zeta")
def zeta(input: Any, other: Any) -> Any:
    return ops.zeta(*_pair(input, other))


@api("special.xlog1py")
def xlog1py(input: Any, other: Any) -> Any:
    return ops.xlog1py(*_pair(input, other))


@api("special.modified_bessel_i0")
def modified_bessel_i0(input: Any) -> Any:
    return ops.i0(floating(input))


@api("special.modified_bessel_i1")
def modified_bessel_i1(input: Any) -> Any:
    return ops.i1(floating(input))


# -- orthogonal polynomials --------------------------------------------------------------------------------------------

# name -> p1(x) as (a, b) for a x + b, and the recurrence p[k+1] = (A(k) x + B(k)) p[k] - C(k) p[k-1]
_RECURRENCES: dict[str, tuple[tuple[float, float], Callable[[int], tuple[float, float, float]]]] = {
    "chebyshev_polynomial_t": ((1.0, 0.0), lambda k: (2.0, 0.0, 1.0)),
    "chebyshev_polynomial_u": ((2.0, 0.0), lambda k: (2.0, 0.0, 1.0)),
    "chebyshev_polynomial_v": ((2.0, -1.0), lambda k: (2.0, 0.0, 1.0)),
    "chebyshev_polynomial_w": ((2.0, 1.0), lambda k: (2.0, 0.0, 1.0)),
    "shifted_chebyshev_polynomial_t": ((2.0, -1.0), lambda k: (4.0, -2.0, 1.0)),
    "shifted_chebyshev_polynomial_u": ((4.0, -2.0), lambda k: (4.0, -2.0, 1.0)),
    "shifted_chebyshev_polynomial_v": ((4.0, -3.0), lambda k: (4.0, -2.0, 1.0)),
    "shifted_chebyshev_polynomial_w": ((4.0, -1.0), lambda k: (4.0, -2.0, 1.0)),
    "hermite_polynomial_h": ((2.0, 0.0), lambda k: (2.0, 0.0, 2.0 * k)),
    "hermite_polynomial_he": ((1.0, 0.0), lambda k: (1.0, 0.0, float(k))),
    "laguerre_polynomial_l": ((-1.0, 1.0), lambda k: (-1.0 / (k + 1), (2.0 * k + 1) / (k + 1), k / (k + 1))),
    "legendre_polynomial_p": ((1.0, 0.0), lambda k: ((2.0 * k + 1) / (k + 1), 0.0, k / (k + 1))),
}


def _orthogonal(name: str) -> Callable[..., Any]:
    (a, b), step = _RECURRENCES[name]

    def call(input: Any, n: Any) -> Any:
        x, degrees = _pair(input, n)
        if not is_array(degrees):
            top: Any = int(degrees)
            degrees = ops.full((), float(degrees), dtype=dtype_of(x))
        else:  # the highest degree is a size: it must be known
            top = int(ops.max(degrees)) if math.prod(degrees.shape) else 0
        x = x if is_array(x) else ops.full((), x, dtype=dtype_of(degrees))
        x, degrees = ops.broadcast_arrays(x, ops.trunc(degrees))
        before, here = ops.ones_like(x), ops.add(ops.multiply(x, a), b)
        found = ops.where(ops.less(degrees, 0.0), ops.zeros_like(x), before)
        for k in range(1, top + 1):
            found = ops.where(ops.greater_equal(degrees, float(k)), here, found)
            p, q, r = step(k)
            before, here = (
                here,
                ops.subtract(ops.multiply(ops.add(ops.multiply(x, p), q), here), ops.multiply(before, r)),
            )
        return found

    return call


table("\n".join(_RECURRENCES), _orthogonal, "special.")


# -- windows -----------------------------------------------------------------------------------------------------------


def _periodic(f: Callable[..., Any]) -> Callable[..., Any]:
    """Make ``torch.<name>_window(n, periodic, ...)`` of a symmetric window."""

    def call(window_length: int, periodic: bool = True, *args: Any, dtype: Any = None, **kwargs: Any) -> Any:
        return f(int(window_length), *args, sym=not periodic, dtype=dtype, **kwargs)

    return call


def _ramp(M: int, sym: bool, dtype: Any, kwargs: dict[str, Any]) -> tuple[Any, float]:
    """Return 0 ... M-1 and the window's length less one."""
    _ignored(kwargs)
    return ops.arange(float(M), dtype=dtype_arg(dtype) or float32), float(max(M - 1 if sym else M, 1))


@api("signal.windows.general_cosine")
def general_cosine(M: int, *, a: Sequence[float], sym: bool = True, dtype: Any = None, **kwargs: Any) -> Any:
    k, n = _ramp(M, sym, dtype, kwargs)
    if M == 1:
        return ops.ones_like(k)
    found: Any = ops.full_like(k, float(a[0]))
    for i, weight in list(enumerate(a))[1:]:
        wave = ops.cos(ops.multiply(k, 2.0 * math.pi * i / n))
        found = ops.add(found, ops.multiply(wave, (-1.0) ** i * float(weight)))
    return found


@api("signal.windows.general_hamming")
def general_hamming(M: int, *, alpha: float = 0.54, sym: bool = True, dtype: Any = None, **kwargs: Any) -> Any:
    return general_cosine(M, a=(alpha, 1.0 - alpha), sym=sym, dtype=dtype, **kwargs)


@api("signal.windows.hamming")
def hamming(M: int, *, sym: bool = True, dtype: Any = None, **kwargs: Any) -> Any:
    return general_hamming(M, sym=sym, dtype=dtype, **kwargs)


@api("signal.windows.hann")
def hann(M: int, *, sym: bool = True, dtype: Any = None, **kwargs: Any) -> Any:
    return general_hamming(M, alpha=0.5, sym=sym, dtype=dtype, **kwargs)


@api("signal.windows.blackman")
def blackman(M: int, *, sym: bool = True, dtype: Any = None, **kwargs: Any) -> Any:
    return general_cosine(M, a=(0.42, 0.5, 0.08), sym=sym, dtype=dtype, **kwargs)


@api("signal.windows.nuttall")
def nuttall(M: int, *, sym: bool = True, dtype: Any = None, **kwargs: Any) -> Any:
    return general_cosine(M, a=(0.3635819, 0.4891775, 0.1365995, 0.0106411), sym=sym, dtype=dtype, **kwargs)


@api("signal.windows.bartlett")
def bartlett(M: int, *, sym: bool = True, dtype: Any = None, **kwargs: Any) -> Any:
    k, n = _ramp(M, sym, dtype, kwargs)
    if M == 1:
        return ops.ones_like(k)
    return ops.subtract(1.0, ops.abs(ops.subtract(ops.multiply(k, 2.0 / n), 1.0)))


@api("signal.windows.cosine")
def cosine(M: int, *, sym: bool = True, dtype: Any = None, **kwargs: Any) -> Any:
    k, n = _ramp(M, sym, dtype, kwargs)
    if M == 1:
        return ops.ones_like(k)
    return ops.sin(ops.multiply(ops.add(k, 0.5), math.pi / (n + 1)))


@api("signal.windows.exponential")
def exponential(
    M: int, *, center: float | None = None, tau: float = 1.0, sym: bool = True, dtype: Any = None, **kwargs: Any
) -> Any:
    k, n = _ramp(M, sym, dtype, kwargs)
    centre = n / 2 if center is None else center
    if M == 1:
        return ops.ones_like(k)
    return ops.exp(ops.divide(ops.abs(ops.subtract(k, centre)), -tau))


@api("signal.windows.gaussian")
def gaussian(M: int, *, std: float = 1.0, sym: bool = True, dtype: Any = None, **kwargs: Any) -> Any:
    k, n = _ramp(M, sym, dtype, kwargs)
    if M == 1:
        return ops.ones_like(k)
    return ops.exp(ops.multiply(ops.square(ops.divide(ops.subtract(k, n / 2), std)), -0.5))


@api("signal.windows.kaiser")
def kaiser(M: int, *, beta: float = 12.0, sym: bool = True, dtype: Any = None, **kwargs: Any) -> Any:
    k, n = _ramp(M, sym, dtype, kwargs)
    if M == 1:
        return ops.ones_like(k)
    side = ops.square(ops.subtract(ops.multiply(k, 2.0 / n), 1.0))
    inside = ops.multiply(ops.sqrt(ops.maximum(ops.subtract(1.0, side), 0.0)), float(beta))
    return ops.divide(ops.i0(inside), ops.i0(ops.full((), float(beta), dtype=dtype_of(k))))


for _name, _fn in {"hann": hann, "blackman": blackman, "bartlett": bartlett}.items():
    api(f"{_name}_window")(_periodic(_fn))


@api("hamming_window")
def hamming_window(
    window_length: int, periodic: bool = True, alpha: float = 0.54, beta: float = 0.46, **kwargs: Any
) -> Any:
    return general_cosine(int(window_length), a=(alpha, beta), sym=not periodic, **kwargs)


@api("kaiser_window")
def kaiser_window(window_length: int, periodic: bool = True, beta: float = 12.0, **kwargs: Any) -> Any:
    return kaiser(int(window_length), beta=beta, sym=not periodic, **kwargs)
