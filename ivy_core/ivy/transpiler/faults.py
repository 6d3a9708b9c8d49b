"""Whose an exception is: what the user's own code raises comes through as it is, anything else as an error of ours.

A conversion runs the user's code inside of a framework inside of Ivy. An assertion of the user's is theirs to see
unchanged; an exception from the inside of a framework or of Ivy says nothing to them unless it names their line. The
traceback tells the two apart: by the innermost frame that is neither Python's own library nor a helper's.
"""

from __future__ import annotations

import functools
import opcode
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from ivy.errors import CaptureError, IvyError, SourceLocation

__all__ = ["contained", "explain", "first_line", "is_raised_by_users", "is_users", "place_of", "raised_at"]

_HELPERS = frozenset({"gast", "ml_dtypes", "opt_einsum", "optree", "pluggy", "sympy", "wrapt"})
"""Libraries that frameworks and Ivy work with: an exception from inside of one belongs to whoever called it."""

_PASSED = (Warning, MemoryError)
"""What is no fault of the code that it happens in: warnings that were made errors, and the end of the memory."""


@functools.cache
def _whose(root: str) -> str:
    """Return whose code a top-level package is: ``"ivy"``, ``"framework"``, ``"helper"`` or ``"user"``."""
    from ivy.plugins import object_owner_by_name, plugin_packages

    if root == "ivy" or root in plugin_packages():
        return "ivy"
    if root in _HELPERS or (root in sys.stdlib_module_names and root != "__main__"):
        return "helper"
    module = sys.modules.get(root)
    return "framework" if module is not None and object_owner_by_name(module) is not None else "user"


def _steps(error: BaseException, passed: tuple[str, ...] = ()) -> list[tuple[TracebackType, str]]:
    """Return (step, whose) of the traceback, the innermost last, without helpers and what is `passed` over."""
    steps = []
    tb = error.__traceback__
    while tb is not None:
        module = str(tb.tb_frame.f_globals.get("__name__", ""))
        whose = _whose(module.partition(".")[0])
        if whose != "helper" and not module.startswith(passed or "\0"):
            steps.append((tb, whose))
        tb = tb.tb_next
    return steps


def is_users(error: BaseException, passed: tuple[str, ...] = ()) -> bool:
    """Tell whether the user's own code, or a library that it uses, raised an exception.

    Args:
        error: with its traceback from Ivy's frames on.
        passed: modules that only call what the user's code calls, as those that rewrite it for tracing.
    """
    steps = _steps(error, passed)
    return bool(steps) and steps[-1][1] == "user"


def is_raised_by_users(error: BaseException, passed: tuple[str, ...] = ()) -> bool:
    """Tell whether an exception comes from a ``raise`` or ``assert`` of the user's rather than from an operation.

    Args:
        error: as in `is_users`.
        passed: as in `is_users`.
    """
    steps = _steps(error, passed)
    if not steps or steps[-1][1] != "user":
        return False
    tb = steps[-1][0]
    return tb.tb_next is None and tb.tb_frame.f_code.co_code[tb.tb_lasti] == opcode.opmap["RAISE_VARARGS"]


def place_of(error: BaseException) -> SourceLocation | None:
    """Return the innermost line of the user's code in an exception's traceback, None if there is none."""
    found = [tb for tb, whose in _steps(error) if whose == "user"]
    if not found:
        return None
    code = found[-1].tb_frame.f_code
    return SourceLocation(code.co_filename, found[-1].tb_lineno, code.co_name)


def first_line(error: BaseException) -> str:
    """Return an exception's class and the first line of its text."""
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0]}" if text else type(error).__name__


@contextmanager
def contained(
    what: str,
    *,
    kind: type[IvyError] = CaptureError,
    where: Callable[[], SourceLocation | str | None] = lambda: None,
) -> Iterator[None]:
    """Let nothing but errors of `ivy.errors`, and exceptions of the user's own code, leave a block.

    Args:
        what: what fails if the block does.
        kind: the class of error for the faults of frameworks and of Ivy.
        where: gives the place, where the traceback has no line of the user's.
    """
    try:
        yield
    except Exception as error:
        explained = explain(error, what, kind=kind, where=where)
        if explained is error:
            raise
        raise explained from error


def explain(
    error: Exception,
    what: str,
    *,
    kind: type[IvyError] = CaptureError,
    where: Callable[[], SourceLocation | str | None] = lambda: None,
) -> Exception:
    """Return the exception to raise for one that happened in a conversion: itself, or an error of ours.

    Args:
        error: what happened.
        what: as in `contained`.
        kind: as in `contained`.
        where: as in `contained`.
    """
    if isinstance(error, IvyError):
        place = where() if error.where is None else None
        return error if place is None else error.at(place)
    if isinstance(error, _PASSED) or is_users(error):
        return error
    return kind(what, where=place_of(error) or where(), why=first_line(error), hint=hint(error))


def hint(error: BaseException) -> str:
    """Return what to do about an exception that is none of the user's."""
    steps = _steps(error)
    if steps and steps[-1][1] == "framework":
        return "run the code in its own framework on such arguments: it has to work there"
    return "this is a fault in Ivy; please report it with the code that it happened with"


def raised_at(error: Any, place: SourceLocation, passed: tuple[str, ...] = ()) -> Any:
    """Return an exception with a traceback that leads to a line of the user's.

    For exceptions whose own traceback leads to code that a framework generated from the user's.

    Args:
        error: the exception.
        place: the line of the user's code.
        passed: as in `is_users`.
    """
    inner = [tb for tb, _ in _steps(error, passed)]
    deeper: list[TracebackType] = []
    tb = inner[-1].tb_next if inner else None
    while tb is not None:
        if not str(tb.tb_frame.f_globals.get("__name__", "")).startswith(passed or "\0"):
            deeper.append(tb)
        tb = tb.tb_next
    name = place.function or "<module>"
    code = compile("\n" * (place.line - 1) + "raise error", place.file, "exec")
    try:
        exec(code.replace(co_name=name, co_qualname=name), {"error": _Marker(), "__name__": "__main__"})
    except _Marker as marker:
        tb = marker.__traceback__
    assert tb is not None
    assert tb.tb_next is not None
    chain: TracebackType | None = None
    for step in reversed([tb.tb_next, *deeper]):
        chain = TracebackType(chain, step.tb_frame, step.tb_lasti, step.tb_lineno)
    return error.with_traceback(chain)


class _Marker(Exception):
    """Makes a frame at a line."""
