"""Functions that users and third-party plugins add for operators which no frontend has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

__all__ = ["converter", "user_function", "using_converters"]

F = TypeVar("F", bound=Callable[..., Any])

_registered: dict[str, Callable[..., Any]] = {}
_contextual: ContextVar[Mapping[str, Callable[..., Any]]] = ContextVar("ivy_converters", default={})  # noqa: B039


def converter(*paths: str) -> Callable[[F], F]:
    """Say how a function of a framework, or of a library on top of one, is computed with `ivy.functional`.

    It is looked up before the frontend's own functions, so it can also replace one. Nothing is changed in the framework
    or the library.

    Args:
        *paths: dotted names of the function, such as ``"torchvision.ops.nms"``.

    Returns:
        A decorator that gives the function back as it is.

    Example:
        >>> import ivy
        >>> @ivy.converter("mylib.double")
        ... def double(x):
        ...     return ivy.multiply(x, 2)
    """

    def mark(fn: F) -> F:
        for path in paths:
            _registered[path] = fn
        return fn

    return mark


@contextmanager
def using_converters(functions: Mapping[str, Callable[..., Any]]) -> Iterator[None]:
    """Add converters within a block.

    Args:
        functions: dotted name of the function -> function on ivy arrays.

    Example:
        >>> import ivy
        >>> from ivy.frontends import using_converters
        >>> with using_converters({"mylib.double": lambda x: ivy.multiply(x, 2)}):
        ...     pass
    """
    token = _contextual.set({**_contextual.get(), **functions})
    try:
        yield
    finally:
        _contextual.reset(token)


def user_function(path: str, framework: str) -> Callable[..., Any] | None:
    """Return what a user or a plugin gave for a path, None if nothing.

    Args:
        path: dotted name as the capture recorded it. A custom operator is found by its library's public name too:
            ``torch.ops.torchvision.nms.default`` by ``torchvision.ops.nms``.
        framework: the source framework.
    """
    tables = (_contextual.get(), _registered, _plugins_functions(framework))
    if not any(tables):
        return None
    for name in _names(path, framework):
        for table in tables:
            if name in table:
                return table[name]
    return None


def _names(path: str, framework: str) -> Iterator[str]:
    yield path
    ops = f"{framework}.ops."
    if path.startswith(ops):
        library, _, rest = path[len(ops) :].partition(".")
        name = rest.partition(".")[0]
        yield from (f"{ops}{library}.{name}", f"{library}.ops.{name}", f"{library}.{name}")


def _plugins_functions(framework: str) -> Mapping[str, Callable[..., Any]]:
    from ivy.plugins import third_party_converters

    return third_party_converters(framework)
