"""What a function reads besides its arguments: its closure, its defaults, and names of its module.

A capture takes the values there for constants, so that they are a part of the signature. To look at them on every call
has to cost next to nothing, so the places are found once; after that each is compared with the object that was there,
and only what can be changed in place is read again.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Hashable
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType
from typing import Any

from ivy.backend import backend_of_type
from ivy.errors import ArgumentError
from ivy.graph.content import Same, content, global_names, is_fixed, is_library, stored_names
from ivy.plugins import array_owner

__all__ = ["Environment"]

_KEPT = 4096
"""States that are remembered."""


class Environment:
    """The surroundings of one function.

    Args:
        fn: any callable.
        is_module: tells whether an object is a trainable module, whose parameters are looked after elsewhere.
    """

    def __init__(self, fn: Callable[..., Any], is_module: Callable[[Any], bool]) -> None:
        self.fn = fn
        self._is_module = is_module
        self._numbers: dict[Hashable, int] = {}
        self._counter = itertools.count()
        self._written: set[Same] = set()  # what the function itself writes to: no part of its state
        self._places = _Places()
        self._number = 0
        self.is_empty = True  # whether there is nothing that can change
        self._read()

    def state(self) -> int:
        """Return a number that is the same for the same content."""
        for cell, value in self._places.cells:
            try:
                if cell.cell_contents is not value:
                    return self._read()
            except ValueError:  # no longer assigned
                return self._read()
        for names, name, value in self._places.names:
            if names.get(name, _MISSING) is not value:
                return self._read()
        for x, known in self._places.changing:
            if _read(x) != known:
                return self._read()
        return self._number

    def settle(self) -> None:
        """Leave out what a capture has written to: the function keeps something there for itself."""
        written = {Same(x) for x, known in self._places.changing if _read(x) != known}
        if written:
            self._written |= written
            number = self._number
            self._places = self._found()
            self._numbers[self._places.key] = self._number = number

    def changed(self) -> list[str]:
        """Return the names of what has had several values."""
        every = [dict(state) for state in self._numbers if isinstance(state, tuple)]
        names = dict.fromkeys(name for state in every for name in state)
        return [str(n) for n in names if len({state.get(n) for state in every}) > 1]

    def _read(self) -> int:
        places = self._found()
        number = self._numbers.get(places.key)
        if number is None:
            if len(self._numbers) >= _KEPT:
                self._numbers.clear()
            number = self._numbers[places.key] = next(self._counter)
        self._places, self._number = places, number
        self.is_empty = not places and len(self._numbers) == 1
        return number

    def _found(self) -> _Places:
        places = _Places()
        stack: list[Any] = [self.fn]
        seen: set[int] = set()
        state: dict[str, Hashable] = {}

        def met(name: str, value: Any) -> bool:
            """Note a value; False where nothing about it counts."""
            if isinstance(value, (ModuleType, type, BuiltinFunctionType)) or is_library(value):
                return False
            label = name if name not in state else f"{name}, {len(state)}"
            if isinstance(value, FunctionType):
                stack.append(value)
                state[label] = value.__code__
            elif is_fixed(value):
                state[label] = _read(value)
            elif self._is_module(value) or Same(value) in self._written:
                state[label] = Same(value)
            else:
                state[label] = known = _read(value)
                if not _is_constant(value):
                    places.changing.append((value, known))
            return True

        while stack:
            fn = stack.pop()
            if id(fn) in seen:
                continue
            seen.add(id(fn))
            wrapped = getattr(fn, "__wrapped__", None)
            if wrapped is not None:
                stack.append(wrapped)
            if isinstance(fn, functools.partial):
                stack.append(fn.func)
                met("the arguments of the partial", (fn.args, fn.keywords))
            elif isinstance(fn, MethodType):
                stack.append(fn.__func__)
                met("self", fn.__self__)
            elif not isinstance(fn, FunctionType):
                if not isinstance(fn, (type, BuiltinFunctionType)) and not self._is_module(fn) and wrapped is None:
                    met(type(fn).__name__, fn)
                    stack += [vars(base)["__call__"] for base in type(fn).__mro__ if "__call__" in vars(base)][:1]
            elif not is_library(fn):
                self._function(fn, places, met)
        places.key = tuple(state.items())
        return places

    def _function(self, fn: FunctionType, places: _Places, met: Callable[[str, Any], bool]) -> None:
        stored = stored_names(fn.__code__)  # what it keeps for itself
        for name, cell in zip(fn.__code__.co_freevars, fn.__closure__ or ()):
            try:
                value = cell.cell_contents
            except ValueError:  # not assigned yet
                continue
            if name not in stored and met(name, value):
                places.cells.append((cell, value))
        for i, value in enumerate(fn.__defaults__ or ()):
            met(f"default {i} of {fn.__name__}", value)
        for name, value in (fn.__kwdefaults__ or {}).items():
            if met(name, value):
                places.names.append((fn.__kwdefaults__, name, value))
        for name in global_names(fn.__code__):
            value = fn.__globals__.get(name, _MISSING)
            if value is not _MISSING and name not in stored and met(name, value):
                places.names.append((fn.__globals__, name, value))


_MISSING: Any = object()


class _Places:
    """Where to look, and what was there."""

    def __init__(self) -> None:
        self.cells: list[tuple[CellType, Any]] = []
        self.names: list[tuple[Any, str, Any]] = []
        self.changing: list[tuple[Any, Hashable]] = []
        self.key: Hashable = ()

    def __bool__(self) -> bool:
        return bool(self.cells or self.names or self.changing)


def _read(x: Any) -> Hashable:
    try:
        return content(x)
    except ArgumentError:  # an iterator, or too much to compare: another object is all that can be told
        return Same(x)


def _is_constant(x: Any) -> bool:
    """Tell whether a value is an array that is never written to in place."""
    if array_owner(type(x)) is None:
        return False
    owner = backend_of_type(type(x))
    return owner is None or not hasattr(owner.module, "version")
