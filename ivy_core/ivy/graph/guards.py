"""What a graph relies on: values that Python read while it was captured, checked whenever it runs.

A guard holds an outcome (a truth value, a number, nested lists of numbers) as the target computes it. The guards of a
graph are numbered in the order in which they are met, which is the order in which the capture read the values.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ivy.graph.graph import Graph

__all__ = ["expected_values", "guard", "near", "observer", "outcome_of", "same"]


def guard(value: Any, expected: Any, where: str, number: int | None = None) -> None:
    """Check at run time what the capture relied on.

    Args:
        value: the target's array now.
        expected: the outcome that the capture went on with.
        where: ``file:line`` of the user's code that looked at the value.
        number: which of the graph's guards this is.

    Raises:
        GuardError: if the outcome differs, so that the caller captures anew.
        DataDependentError: if it cannot be read because an outer transformation traces this call.
    """
    now = _read(value, expected, where)
    if now is not expected and not same(now, expected):
        raise _failed(now, expected, where, number)


def observer(seen: list[Any], count: int) -> Callable[..., None]:
    """Return a stand-in for `guard` that goes on while numbers differ by rounding alone, and never lets the graph end.

    Args:
        seen: filled with the outcomes as they are now.
        count: how many guards the graph has.
    """

    def observe(value: Any, expected: Any, where: str, number: int | None = None) -> None:
        now = _read(value, expected, where)
        seen.append(now)
        if len(seen) == count or not (same(now, expected) or near(now, expected)):
            raise _failed(now, expected, where, number)

    return observe


def expected_values(graph: Graph) -> tuple[Any, ...]:
    """Return what a graph's guards expect, in order."""
    return tuple(n.args[1] for n in graph.nodes if n.kind == "guard")


def outcome_of(value: Any, expected: Any) -> Any:
    """Return a native array as what Python read of it: of the kind of `expected`.

    Args:
        value: the array.
        expected: a truth value, number, nested list, or for a shape a tuple.

    Raises:
        Exception: the framework's own, if its value can't be had.
    """
    kind = type(expected)
    if kind is tuple:
        return tuple(value.shape)
    if kind is not list:
        try:
            return kind(value)
        except Exception:  # each framework has its own for an array of one element with axes
            pass
    from ivy.backend import backend_of

    module = backend_of(value).module
    concrete = getattr(module, "concrete", None)
    host = module.to_numpy(value if concrete is None else concrete(value))
    return host.tolist() if kind is list else kind(host.reshape(()).item())


def same(now: Any, expected: Any) -> bool:
    """Tell whether two outcomes are equal, NaN being equal to itself."""
    if type(expected) is list:
        if type(now) is not list or len(now) != len(expected):
            return False
        return all(same(a, b) for a, b in zip(now, expected, strict=True))
    if now == expected:
        return True
    if type(now) is complex and type(expected) is complex:
        return same(now.real, expected.real) and same(now.imag, expected.imag)
    return isinstance(now, float) and isinstance(expected, float) and math.isnan(now) and math.isnan(expected)


def near(now: Any, expected: Any) -> bool:
    """Tell whether two outcomes are inexact numbers, or lists of them, that differ by rounding at most."""
    if type(expected) is list:
        return type(now) is list and len(now) == len(expected) and all(map(near, now, expected))
    if type(expected) not in (float, complex) or type(now) is not type(expected):
        return False
    return same(now, expected) or abs(now - expected) <= 1e-3 * max(abs(now), abs(expected))


def _read(value: Any, expected: Any, where: str) -> Any:
    try:
        return outcome_of(value, expected)
    except Exception as error:
        from ivy.backend import backend_of
        from ivy.errors import ConversionError, DataDependentError, SourceLocation
        from ivy.transpiler.faults import first_line

        file, _, line = where.rpartition(":")
        place = SourceLocation(file, int(line)) if line.isdigit() else where
        if getattr(backend_of(value).module, "is_abstract", lambda x: False)(value):
            raise DataDependentError(
                f"the code depends on a value (it was {_short(expected)}) that is not known under jit",
                where=place,
                hint="call the transpiled function outside of jit, or write the branch with where/cond in the source",
            ) from error
        raise ConversionError(
            f"the value that the code reads (it was {_short(expected)}) can't be read in the target",
            where=place,
            why=first_line(error),
            hint="this is a fault in Ivy; please report it with the code that it happened with",
        ) from error


def _failed(now: Any, expected: Any, where: str, number: int | None) -> Exception:
    from ivy.errors import GuardError

    error = GuardError(f"{where}: expected {_short(expected)}, got {_short(now)}")
    error.number, error.value = number, now
    return error


def _short(x: Any) -> str:
    text = repr(x)
    return text if len(text) <= 60 else text[:57] + "..."
