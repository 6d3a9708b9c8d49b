"""Shorthands for entries of the table: torch's namespaces, its NumPy-style argument names, families of functions.

Names without a prefix are ``torch.<name>``; the tensor's method of that name, in-place forms, ``out=``, operators and
``torch.ops.aten.<name>`` follow from it in the table.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import ivy.functional
from ivy_torch.frontend.table import torch

__all__ = ["api", "op", "path", "table", "view"]

_PREFIXES = {
    "Tensor.": "torch.Tensor.",
    "F.": "torch.nn.functional.",
    "_nn.": "torch._C._nn.",
    "_VF.": "torch._VF.",
    "aten.": "torch.ops.aten.",
}

# torch's argument parser takes NumPy's names too
_RENAMES = {"axis": "dim", "keepdims": "keepdim", "x": "input", "a": "input", "x1": "input", "x2": "other"}


def path(name: str) -> str:
    """Return the full path of a short name: ``sum``, ``Tensor.sum``, ``F.relu``, ``linalg.det``, ``aten.addmm``."""
    for short, full in _PREFIXES.items():
        if name.startswith(short):
            return full + name[len(short) :]
    return f"torch.{name}"


class _Renaming:
    """A function that takes its arguments by NumPy's names as well."""

    def __init__(self, fn: Callable[..., Any], renames: dict[str, str]) -> None:
        functools.update_wrapper(self, fn)
        self.fn = fn
        self.renames = renames

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.fn(*args, **{self.renames.get(k, k): v for k, v in kwargs.items()})


def _renaming(fn: Any) -> Any:
    code = getattr(inspect.unwrap(fn), "__code__", None)  # a signature object costs 0.1 ms, and there are hundreds
    names = (
        set(inspect.signature(fn).parameters)
        if code is None
        else set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    )
    renames = {k: v for k, v in _RENAMES.items() if k not in names and v in names}
    return _Renaming(fn, renames) if renames else fn


def _marking(register: Callable[..., Any], names: tuple[str, ...], **rules: Any) -> Callable[[Any], Any]:
    def mark(fn: Any) -> Any:
        register(*map(path, names or (fn.__name__.rstrip("_"),)), **rules)(_renaming(fn))
        return fn

    return mark


def api(*names: str, writes: tuple[str, ...] = ()) -> Callable[[Any], Any]:
    """Register a pure function; by default as ``torch.<its name>``.

    Args:
        *names: short names (see `path`).
        writes: parameters that it updates (see `Frontend.function`).
    """
    return _marking(torch.function, names, writes=writes)


def view(*names: str, put: Any = None, maybe: Any = False) -> Callable[[Any], Any]:
    """Register a function whose result is a view of its first argument.

    Args:
        *names: short names (see `path`).
        put: as in `Frontend.view`.
        maybe: as in `Frontend.view`.
    """
    return _marking(torch.view, names, put=put, maybe=maybe)


def table(lines: str, make: Callable[[str], Callable[..., Any]], *prefixes: str) -> dict[str, Callable[..., Any]]:
    """Register a family of functions, each by one line ``torch names: ivy op``, the op's name where it is the same.

    Args:
        lines: one function a line: its names in torch, then, after a colon, the ivy op if it has another name.
        make: gives the function for an ivy op's name.
        *prefixes: prefixes of each name, ``""`` if none are given.

    Returns:
        The functions by first name.
    """
    made = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        names, _, name = line.partition(":")
        first = names.split()[0]
        fn = make(name.strip() or first)
        fn.__name__ = fn.__qualname__ = first
        _register_all(fn, [p + n for n in names.split() for p in prefixes or ("",)])
        made[first] = fn
    return made


def _register_all(fn: Callable[..., Any], names: Iterable[str]) -> None:
    torch.function(*map(path, names))(_renaming(fn))


def op(name: str) -> Callable[..., Any]:
    """Return the ivy op of that name, namespaces included."""
    return functools.reduce(getattr, name.split("."), ivy.functional)  # type: ignore[return-value]
