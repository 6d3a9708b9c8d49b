"""What a value holds, as a key: static arguments and what a function reads from its surroundings count by content.

Two values with equal keys lead a capture the same way. Equal content made anew has an equal key (a new list, a lambda
of the same line), and a value that was changed in place has another one. The rules, by kind of value:

* numbers, strings and other values that can't change: their class and value, zeros with their sign;
* containers and objects: their class and the content of what they hold, in order;
* functions: their code, and the content of their closure, defaults and of what they read from their module;
* arrays: which one it is, and how often it was written to;
* classes, Python modules and functions of libraries, and what lives outside of Python (locks, files, generators of
  random numbers): which one it is.
"""

from __future__ import annotations

import array
import dataclasses
import dis
import enum
import functools
import sys
import weakref
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Mapping
from types import (
    BuiltinFunctionType,
    CodeType,
    EllipsisType,
    FunctionType,
    MappingProxyType,
    MethodType,
    ModuleType,
    NotImplementedType,
    SimpleNamespace,
)
from typing import Any

from ivy.backend import backend_of_type
from ivy.dtypes import DType
from ivy.errors import ArgumentError
from ivy.plugins import array_owner

__all__ = ["Same", "content", "global_names", "is_fixed", "is_library", "reads_of", "stored_names"]

MOST = 100_000
"""Values that one argument may hold."""

_FIXED = (int, bool, str, bytes, type(None), DType, EllipsisType, NotImplementedType)
_KNOWN_BASES = (
    *(object, list, tuple, dict, set, frozenset, deque, OrderedDict, defaultdict, int, float, complex, str, bytes),
    *(BaseException, Exception, SimpleNamespace),
)
_MADE_IN_PYTHON = 1 << 9
_Reader = Callable[["_Reading", Any], Hashable]


def content(x: Any) -> Hashable:
    """Return the content of a value as a key.

    Args:
        x: any value.

    Returns:
        What is equal for values with equal content, and can be hashed.

    Raises:
        ArgumentError: for a value that can't be looked at without using it up, or holds too much.

    Example:
        >>> from ivy.graph.content import content
        >>> content({"a": [1, 2]}) == content({"a": [1, 2]})
        True
        >>> content([1]) == content([1.0])
        False
    """
    return x if type(x) is str or x is None else _Reading()(x)


def is_fixed(x: Any) -> bool:
    """Tell whether a value can't be changed in place, so that being the same object means having the same content."""
    cls = type(x)
    if cls is tuple or cls is frozenset:
        return all(map(is_fixed, x))
    return cls in _FIXED or cls is float or cls is complex or isinstance(x, (type, ModuleType, enum.Enum))


class Same:
    """Stands for one object in a key: equal only to itself, and to nothing once the object is gone.

    Args:
        x: the object; kept alive where it can't be referred to weakly.
    """

    __slots__ = ("_hash", "_ref")

    def __init__(self, x: Any) -> None:
        self._hash = id(x)
        try:
            self._ref: Callable[[], Any] = weakref.ref(x)
        except TypeError:
            self._ref = lambda: x

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Same):
            return NotImplemented
        mine = self._ref()
        return self is other or (mine is not None and mine is other._ref())

    def __repr__(self) -> str:
        return f"<{type(self._ref()).__name__}>"


class _Reading:
    """Reads one value; knows what it is within, so that cycles end."""

    __slots__ = ("count", "inside")

    def __init__(self) -> None:
        self.inside: dict[int, int] = {}
        self.count = 0

    def __call__(self, x: Any) -> Hashable:
        cls = type(x)
        if cls is str or x is None:
            return x
        if cls is int or cls is bool:
            return (cls, x)
        read = _readers.get(cls)
        if read is None:
            read = _readers[cls] = _reader_of(cls)
        if read is _by_value or read is _number:
            return read(self, x)
        known = self.inside.get(id(x))
        if known is not None:
            return ("within", known)
        self.count += 1
        if self.count > MOST:
            raise ArgumentError(
                f"more than {MOST} values would have to be compared at every call",
                hint="pass what the function needs of it, or let the function read it from its module",
            )
        self.inside[id(x)] = len(self.inside)
        try:
            return read(self, x)
        finally:
            del self.inside[id(x)]


# -- values -----------------------------------------------------------------------------------------------------------


def _by_value(read: _Reading, x: Any) -> Hashable:
    return (type(x), x)


def _by_its_hash(read: _Reading, x: Any) -> Hashable:
    try:
        hash(x)
    except TypeError:  # its class says so when it is asked, or something in it does
        return _object(read, x) if type(x).__flags__ & _MADE_IN_PYTHON else _object_with_more(read, x)
    return (type(x), x)


def _number(read: _Reading, x: Any) -> Hashable:
    return (type(x), x if x == x and x != 0 else repr(x))  # NaN equals nothing, and zero the other zero


def _same(read: _Reading, x: Any) -> Hashable:
    return Same(x)


def _array(read: _Reading, x: Any) -> Hashable:
    owner = backend_of_type(type(x))
    version = None if owner is None else getattr(owner.module, "version", None)
    return (Same(x), None if version is None else version(x))


def _scalar(read: _Reading, x: Any) -> Hashable:
    return (type(x), x.tobytes())


def _refused(read: _Reading, x: Any) -> Hashable:
    if len(read.inside) > 1:  # a part of an object, which may have nothing to do with the call
        return Same(x)
    raise ArgumentError(
        f"what a {type(x).__name__} gives can't be told without using it up",
        hint="pass a list of it",
    )


# -- containers -------------------------------------------------------------------------------------------------------


def _sequence(read: _Reading, x: Any) -> Hashable:
    return (type(x), *[read(v) for v in x])


def _deque(read: _Reading, x: Any) -> Hashable:
    return (deque, x.maxlen, *[read(v) for v in x])


def _mapping(read: _Reading, x: Any) -> Hashable:
    return (type(x), *[(read(k), read(v)) for k, v in x.items()])


def _defaultdict(read: _Reading, x: Any) -> Hashable:
    return (type(x), read(x.default_factory), *[(read(k), read(v)) for k, v in x.items()])


def _bytes(read: _Reading, x: Any) -> Hashable:
    return (type(x), getattr(x, "typecode", getattr(x, "format", None)), bytes(x))


def _range(read: _Reading, x: Any) -> Hashable:
    return (type(x), read(x.start), read(x.stop), read(x.step))


# -- functions and objects --------------------------------------------------------------------------------------------


def _function(read: _Reading, x: FunctionType) -> Hashable:
    if is_library(x):
        return x
    return (FunctionType, x.__code__, *[(name, read(value)) for name, value in reads_of(x)])


def _method(read: _Reading, x: MethodType) -> Hashable:
    return (MethodType, read(x.__func__), read(x.__self__))


def _partial(read: _Reading, x: Any) -> Hashable:
    return (type(x), read(x.func), read(x.args), read(x.keywords))


def _object(read: _Reading, x: Any) -> Hashable:
    cls: Any = type(x)
    held = [(name, read(value)) for name, value in _attributes(x)]
    if isinstance(x, Mapping):
        return (cls, *held, *[(read(k), read(v)) for k, v in x.items()])
    if isinstance(x, (list, tuple, set, frozenset, deque)):
        return (cls, *held, *[read(v) for v in x])
    if isinstance(x, (int, float, complex, str, bytes)):
        return (cls, *held, repr(x))
    return (cls, *held)


def _object_with_more(read: _Reading, x: Any) -> Hashable:
    return (Same(x), _object(read, x))  # a part of its state is C's


def _attributes(x: Any) -> Iterator[tuple[str, Any]]:
    for base in type(x).__mro__:
        slots = vars(base).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__"):
                name = f"_{base.__name__.lstrip('_')}{name}" if name[:2] == "__" != name[-2:] else name
                try:
                    yield name, getattr(x, name)
                except AttributeError:  # not assigned yet
                    continue
    yield from tuple(getattr(x, "__dict__", {}).items())


def reads_of(fn: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield what a function reads from its closure, its defaults and its module, by name.

    What says nothing of a value is left out: Python modules, classes, built-in functions, and functions of libraries.

    Args:
        fn: a function written in Python.
    """
    for name, cell in zip(fn.__code__.co_freevars, fn.__closure__ or ()):
        try:
            value = cell.cell_contents
        except ValueError:  # not assigned yet
            continue
        yield name, value
    for i, value in enumerate(fn.__defaults__ or ()):
        yield f"default {i}", value
    yield from (fn.__kwdefaults__ or {}).items()
    for name in global_names(fn.__code__):
        value = fn.__globals__.get(name, fn)
        if value is not fn and not isinstance(value, (ModuleType, type, BuiltinFunctionType)) and not is_library(value):
            yield name, value


def global_names(code: CodeType) -> tuple[str, ...]:
    """Return the names that a code object and those within it read from the module, in a stable order."""
    return _names(code, ("LOAD_GLOBAL", "LOAD_NAME"))


def stored_names(code: CodeType) -> tuple[str, ...]:
    """Return the names of the module, and of enclosing functions, that a code object and those within it assign to."""
    return _names(code, ("STORE_GLOBAL", "STORE_DEREF"))


@functools.lru_cache(4096)
def _names(code: CodeType, operations: tuple[str, ...]) -> tuple[str, ...]:
    names = {str(i.argval): None for i in dis.get_instructions(code) if i.opname in operations}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names.update(dict.fromkeys(_names(constant, operations)))
    return tuple(names)


def is_library(x: Any) -> bool:
    """Tell whether a value is a function of an installed library: nobody changes these between calls."""
    return isinstance(x, FunctionType) and _is_library_package((x.__module__ or "").partition(".")[0])


@functools.cache
def _is_library_package(root: str) -> bool:
    if root in sys.stdlib_module_names or root == "ivy":
        return True
    file = getattr(sys.modules.get(root), "__file__", None) or ""
    return "site-packages" in file or "dist-packages" in file


_readers: dict[type, _Reader] = {
    **dict.fromkeys(_FIXED, _by_value),
    **dict.fromkeys((float, complex), _number),
    **dict.fromkeys((list, tuple, set, frozenset), _sequence),
    **dict.fromkeys((dict, OrderedDict, MappingProxyType), _mapping),
    **dict.fromkeys((bytearray, array.array, memoryview), _bytes),
    **dict.fromkeys((range, slice), _range),
    deque: _deque,
    defaultdict: _defaultdict,
    FunctionType: _function,
    MethodType: _method,
    BuiltinFunctionType: _by_value,
    ModuleType: _by_value,
    functools.partial: _partial,
}


def _reader_of(cls: type) -> _Reader:
    """Return how the content of the instances of a class is read."""
    if issubclass(cls, (type, ModuleType, enum.Enum)):
        return _by_value
    if array_owner(cls) is not None or hasattr(cls, "__ivy_rank__"):
        return _scalar if hasattr(cls, "tobytes") and cls.__hash__ is not None else _array  # NumPy's scalars
    if issubclass(cls, functools.partial):
        return _partial
    if "__next__" in dir(cls):
        return _refused
    root = cls.__module__.partition(".")[0]
    library = _is_library_package(root)
    own_hash = cls.__hash__ not in (None, object.__hash__)
    if library and own_hash and not dataclasses.is_dataclass(cls):
        return _by_its_hash
    made_in_python = bool(cls.__flags__ & _MADE_IN_PYTHON)
    if own_hash and not made_in_python:
        return _by_its_hash
    if (not made_in_python and not cls.__dictoffset__) or (
        root in sys.stdlib_module_names and cls.__hash__ is object.__hash__
    ):
        return _same  # a lock, a logger, a generator of random numbers
    hidden = [base for base in cls.__mro__ if not base.__flags__ & _MADE_IN_PYTHON and base not in _KNOWN_BASES]
    return _object_with_more if hidden else _object
