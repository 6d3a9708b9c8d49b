"""Write ivy_core/ivy/functional/_special_tables.py: Chebyshev coefficients of special functions, by mpmath.

Each table is the expansion of a smooth function of u in [-1, 1]; what it stands for is said beside it here and in the
functions of ``_bessel.py`` that use it. Needs mpmath, which comes with torch.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mpmath import airyai, airybi, besseli, besselj, besselk, bessely, cos, erfc, exp, log, mp, mpf, pi, sin, sqrt

mp.dps = 40
TARGET = Path(__file__).parents[1] / "ivy_core" / "ivy" / "functional" / "_special_tables.py"
NODES = 80
CUT = mpf("3e-18")
TINY = mpf("1e-30")

Function = Callable[[Any], Any]


def coefficients(f: Function) -> list[float]:
    """The Chebyshev coefficients of f on [-1, 1], cut off where they no longer count; the first is halved already."""
    angles = [pi * (k + mpf(1) / 2) / NODES for k in range(NODES)]
    values = [f(cos(a)) for a in angles]
    found = [2 * sum(v * cos(j * a) for v, a in zip(values, angles, strict=True)) / NODES for j in range(NODES)]
    found[0] /= 2
    limit = CUT * max(abs(c) for c in found)
    last = max(j for j, c in enumerate(found) if abs(c) > limit)
    return [float(c) for c in found[: last + 1]]


def of_square(f: Function, end: int) -> Function:
    """f(x) for x in [0, end], as a function of u = 2 (x / end)**2 - 1."""
    return lambda u: f(max(end * sqrt((u + 1) / 2), TINY))


def amplitudes(order: int, start: int) -> tuple[Function, Function]:
    """P and Q x / start of DLMF 10.17.3-4, for x >= start, as functions of u = 2 (start / x)**2 - 1."""

    def parts(u: Any) -> tuple[Any, Any, Any]:
        x = start / sqrt((u + 1) / 2)
        phase = x - (mpf(order) / 2 + mpf(1) / 4) * pi
        j, y, scale = besselj(order, x), bessely(order, x), sqrt(pi * x / 2)
        p = scale * (j * cos(phase) + y * sin(phase))
        q = scale * (y * cos(phase) - j * sin(phase))
        return x, p, q

    return lambda u: parts(u)[1], lambda u: parts(u)[2] * parts(u)[0] / start


def airy_amplitudes(start: int) -> tuple[Function, Function]:
    """The amplitudes of cos and sin in DLMF 9.7.9 for x <= -start, the second times zeta / zeta(start)."""
    first = mpf(2) / 3 * mpf(start) ** mpf("1.5")

    def parts(u: Any) -> tuple[Any, Any, Any]:
        zeta = first / sqrt((u + 1) / 2)
        x = (zeta * mpf(3) / 2) ** (mpf(2) / 3)
        c, s, scale = cos(zeta - pi / 4), sin(zeta - pi / 4), sqrt(pi) * x ** mpf("0.25")
        a, b = airyai(-x), airybi(-x)
        return zeta, scale * (a * c - b * s), scale * (a * s + b * c)

    return lambda u: parts(u)[1], lambda u: parts(u)[2] * parts(u)[0] / first


def airy_right(u: Any) -> Any:
    zeta = mpf(2) / 3 * mpf(2) ** mpf("1.5") / ((u + 1) / 2)
    x = (zeta * mpf(3) / 2) ** (mpf(2) / 3)
    return 2 * sqrt(pi) * x ** mpf("0.25") * exp(zeta) * airyai(x)


def scaled_erfc(u: Any) -> Any:
    x = mpf("3.75") * (1 + u) / (1 - u)
    return (1 + 2 * x) * exp(x * x) * erfc(x)


P0, Q0 = amplitudes(0, 8)
P1, Q1 = amplitudes(1, 8)
AIRY_COS, AIRY_SIN = airy_amplitudes(5)
TABLES: dict[str, Function] = {
    "J0": of_square(lambda x: besselj(0, x), 8),
    "J1": of_square(lambda x: besselj(1, x) / x, 8),
    "Y0": of_square(lambda x: bessely(0, x) - 2 / pi * log(x) * besselj(0, x), 8),
    "Y1": of_square(lambda x: (bessely(1, x) - 2 / pi * (log(x) * besselj(1, x) - 1 / x)) / x, 8),
    "P0": P0,
    "Q0": Q0,
    "P1": P1,
    "Q1": Q1,
    "I0": of_square(lambda x: besseli(0, x), 2),
    "I1": of_square(lambda x: besseli(1, x) / x, 2),
    "K0": of_square(lambda x: besselk(0, x) + log(x / 2) * besseli(0, x), 2),
    "K1": of_square(lambda x: (besselk(1, x) - log(x / 2) * besseli(1, x) - 1 / x) / x, 2),
    "K0_FAR": lambda u: besselk(0, 4 / (u + 1)) * exp(4 / (u + 1)) * sqrt(4 / (u + 1)),
    "K1_FAR": lambda u: besselk(1, 4 / (u + 1)) * exp(4 / (u + 1)) * sqrt(4 / (u + 1)),
    "AIRY": lambda u: airyai((7 * u - 3) / 2),
    "AIRY_RIGHT": airy_right,
    "AIRY_COS": AIRY_COS,
    "AIRY_SIN": AIRY_SIN,
    "ERFCX": scaled_erfc,
}


def main() -> None:
    lines = ['"""Chebyshev coefficients, made by scripts/chebyshev_tables.py; do not edit."""', ""]
    for name, f in TABLES.items():
        row = "    "
        lines.append(f"{name} = (")
        for c in coefficients(f):
            piece = f"{c!r}, "
            if len(row) + len(piece) > 119:
                lines.append(row.rstrip())
                row = "    "
            row += piece
        lines += [row.rstrip(), ")  # fmt: skip"]
    TARGET.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
