"""The table of PaddlePaddle's functions, and the short ways in which they are registered.

A captured program calls operators, ``paddle._C_ops.<name>``, whose arguments are named as in PIR. The public functions
share their bodies: `op` registers an operator and, where the public function has the same arguments in the same order,
that too.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import ivy.functional
from ivy.frontends.runtime import Frontend

__all__ = ["api", "frontend", "ivy_op", "op", "path", "table", "view"]

_SPACES = {"F.": "paddle.nn.functional.", "Tensor.": "paddle.Tensor.", "C.": "paddle._C_ops."}
# names that paddle takes as well (its compatibility with torch's)
_RENAMES = {"input": "x", "other": "y", "dim": "axis", "keepdims": "keepdim"}


def _derive(name: str) -> Iterator[str]:
    """Yield the other names under which paddle has the same function."""
    if name.startswith("paddle.Tensor."):
        last = name.rpartition(".")[2]
        yield from (f"paddle.linalg.{last}", f"paddle.nn.functional.{last}")
    elif name.startswith("paddle.tensor."):
        yield "paddle." + name.rpartition(".")[2]


OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "floordiv": "floor_divide",
    "mod": "remainder", "pow": "pow", "matmul": "matmul", "and": "bitwise_and", "or": "bitwise_or",
    "xor": "bitwise_xor", "lshift": "bitwise_left_shift", "rshift": "bitwise_right_shift", "eq": "equal",
    "ne": "not_equal", "lt": "less_than", "le": "less_equal", "gt": "greater_than", "ge": "greater_equal",
    "neg": "neg", "pos": "positive", "abs": "abs", "invert": "bitwise_not", "div": "divide",
}  # fmt: skip

frontend = Frontend("paddle", package="ivy_paddle.frontend", derive=_derive, operators=OPERATORS)
"""Every function of the PaddlePaddle frontend by its path."""


def path(name: str) -> str:
    """Return the full path of a short name: ``abs``, ``F.relu``, ``Tensor.item``, ``linalg.det``, ``C.full``."""
    for short, full in _SPACES.items():
        if name.startswith(short):
            return full + name[len(short) :]
    return f"paddle.{name}"


class _Public:
    """A function with what every public function takes besides: ``name=``, and other names of its arguments."""

    def __init__(self, fn: Callable[..., Any], renames: dict[str, str], takes_name: bool) -> None:
        functools.update_wrapper(self, fn)
        self.fn = fn
        self.renames = renames
        self.takes_name = takes_name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if "name" in kwargs and not self.takes_name:
            del kwargs["name"]
        return self.fn(*args, **{self.renames.get(k, k): v for k, v in kwargs.items()})


def _public(fn: Any) -> Any:
    code = getattr(inspect.unwrap(fn), "__code__", None)
    names = (
        set(inspect.signature(fn).parameters)
        if code is None
        else set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    )
    return _Public(fn, {k: v for k, v in _RENAMES.items() if k not in names and v in names}, "name" in names)


def _mark(register: Callable[..., Any], names: Iterable[str], **rules: Any) -> Callable[[Any], Any]:
    names = tuple(names)

    def mark(fn: Any) -> Any:
        chosen = names or (fn.__name__.rstrip("_"),)
        register(*map(path, chosen), **rules)(_public(fn))
        return fn

    return mark


def api(*names: str, writes: tuple[str, ...] = ()) -> Callable[[Any], Any]:
    """Register a public function; by default as ``paddle.<its name>``."""
    return _mark(frontend.function, names, writes=writes)


def op(*names: str, also: str = "", writes: tuple[str, ...] = ()) -> Callable[[Any], Any]:
    """Register an operator, by default by the function's name.

    Args:
        *names: operators.
        also: short names of public functions with these arguments; ``"="`` is ``paddle.<operator>``.
        writes: parameters that it writes in place (see `Frontend.function`).
    """

    def mark(fn: Any) -> Any:
        operators = names or (fn.__name__.rstrip("_"),)
        public = [n for short in also.split() for n in (operators if short == "=" else (short,))]
        return _mark(frontend.function, [*(f"C.{n}" for n in operators), *public], writes=writes)(fn)

    return mark


def view(*names: str, also: str = "", put: Any = None) -> Callable[[Any], Any]:
    """Register an operator whose result is a view of its first argument.

    Args:
        *names: operators; by default the function's name.
        also: as in `op`.
        put: as in `Frontend.view`.
    """

    def mark(fn: Any) -> Any:
        operators = names or (fn.__name__.rstrip("_"),)
        public = [n for short in also.split() for n in (operators if short == "=" else (short,))]
        return _mark(frontend.view, [*(f"C.{n}" for n in operators), *public], put=put)(fn)

    return mark


def table(lines: str, make: Callable[[str], Callable[..., Any]], *spaces: str) -> None:
    """Register a family of functions, each by one line ``names: ivy op`` (the op's name where it is the same).

    Args:
        lines: one function a line.
        make: gives the function for an ivy op's name.
        *spaces: prefixes of every name besides ``C.``: ``""`` for ``paddle``, ``"F."``.
    """
    for line in filter(None, map(str.strip, lines.splitlines())):
        names, _, target = line.partition(":")
        first = names.split()[0]
        fn = make(target.strip() or first)
        fn.__name__ = fn.__qualname__ = first
        _mark(frontend.function, [space + n for n in names.split() for space in ("C.", *spaces)])(fn)


def ivy_op(name: str) -> Callable[..., Any]:
    """Return the ivy op of that name, namespaces included."""
    return functools.reduce(getattr, name.split("."), ivy.functional)  # type: ignore[return-value]
