"""Where an object comes from, told by names alone.

Ivy has to know whose code it is given before any framework is imported, so this reads module names, code objects and
dictionaries, and runs nothing of the user's.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

__all__ = ["module_roots", "references"]


def module_roots(obj: object) -> frozenset[str]:
    """Gather the top-level packages that an object and its class come from; for `ivy_object_owner` hooks.

    Reads names only and imports nothing.  Looks through bound methods, ``functools.partial`` and ``__wrapped__``.

    Args:
        obj: A callable, class, instance or Python module.

    Returns:
        Names such as ``"torch"``, those of the standard library left in.

    Example:
        >>> import json
        >>> sorted(module_roots(json.dumps) & {"json"})
        ['json']
    """
    names: set[str] = set()
    for value in _unwrap(obj):
        if isinstance(value, ModuleType):
            names.add(value.__name__)
            continue
        own = getattr(value, "__module__", None)
        if isinstance(own, str):
            names.add(own)
        for base in (value if isinstance(value, type) else type(value)).__mro__:
            if isinstance(base.__module__, str):
                names.add(base.__module__)
    return frozenset(name.partition(".")[0] for name in names)


def _unwrap(obj: object) -> Iterator[object]:
    """The object, then what it wraps, innermost last."""
    seen: set[int] = set()
    stack = [obj]
    while stack:
        value = stack.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        yield value
        if isinstance(value, functools.partial):
            stack.append(value.func)
        elif isinstance(value, MethodType):
            stack += [value.__func__, value.__self__]
        else:
            # Through the instance's own dictionary: getattr could run a module's __getattr__ with side effects.
            wrapped = getattr(value, "__dict__", {}).get("__wrapped__")
            if wrapped is not None:
                stack.append(wrapped)


def references(obj: object) -> Iterator[object]:
    """Yield what an object refers to: a function's globals, closure and defaults; a library's modules and classes.

    Reads code objects and dictionaries only: calls nothing and imports nothing.

    Args:
        obj: A callable, class, instance or Python module.

    Returns:
        The values, some of them more than once.

    Example:
        >>> import math
        >>> math in references(lambda x: math.sin(x))
        True
    """
    for value in _unwrap(obj):
        if isinstance(value, functools.partial):
            yield from value.args
            yield from value.keywords.values()
        elif isinstance(value, FunctionType):
            yield from _function_references(value)
        elif isinstance(value, ModuleType):
            yield from _library_references(value)
        elif isinstance(value, type):
            for member in vars(value).values():
                if isinstance(member, FunctionType):
                    yield from _function_references(member)
        else:
            for base in type(value).__mro__:
                if isinstance(call := vars(base).get("__call__"), FunctionType):
                    yield from _function_references(call)


def _function_references(function: FunctionType) -> Iterator[object]:
    stack: list[FunctionType] = [function]
    seen: set[int] = set()
    while stack:
        current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        values = [current.__globals__[name] for name in _names(current.__code__) if name in current.__globals__]
        values += [cell.cell_contents for cell in current.__closure__ or () if not _is_empty(cell)]
        values += [*(current.__defaults__ or ()), *(current.__kwdefaults__ or {}).values()]
        yield from values
        # The user's own helpers tell as much as the function itself.
        same = (value for value in values if isinstance(value, FunctionType))
        stack += [value for value in same if value.__module__ == function.__module__]


def _names(code: CodeType) -> set[str]:
    """Global names that a code object and those nested in it mention."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _names(constant)
    return names


def _is_empty(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - the access itself raises when the cell is empty
    except ValueError:
        return True
    return False


def _library_references(library: ModuleType) -> Iterator[object]:
    prefix = library.__name__ + "."
    loaded = [module for name, module in list(sys.modules.items()) if name.startswith(prefix)]
    for module in [library, *loaded]:
        for value in list(getattr(module, "__dict__", {}).values()):
            if isinstance(value, ModuleType | type):
                yield value
