"""Any object as a table of what it holds: attributes, items, a closure's variable; and whose code a class is."""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
import types
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from types import CellType, CodeType
from typing import Any

__all__ = [
    "ATOMS",
    "GONE",
    "TABLES",
    "GlobalVariable",
    "Place",
    "attributes_of",
    "cell_filled",
    "code_names",
    "contents",
    "dict_store",
    "frameworks",
    "is_object",
    "is_users",
    "put_attribute",
    "put_item",
    "remove_item",
    "replace_contents",
    "root_of",
    "same_value",
    "swapped",
]

ATOMS = frozenset({int, float, complex, bool, str, bytes, type(None), type(Ellipsis), slice, range, CodeType})
"""Classes of what has no parts that could change."""
TABLES = (dict, list, set, deque)
GONE = ("gone",)
"""Stands for what is not there."""


class Place:
    """What is no object of Python's but holds something all the same."""

    def read(self) -> dict[Any, Any]:
        """Return what it holds."""
        raise NotImplementedError

    def write(self, key: Any, value: Any) -> None:
        """Hold something."""
        raise NotImplementedError

    def remove(self, key: Any) -> None:
        """Hold nothing."""
        raise NotImplementedError


class GlobalVariable(Place):
    """A global variable that a function assigns."""

    def __init__(self, table: dict[str, Any], name: str) -> None:
        self.table, self.name = table, name

    def read(self) -> dict[Any, Any]:
        """Return it by its name."""
        return {self.name: self.table[self.name]} if self.name in self.table else {}

    def write(self, key: Any, value: Any) -> None:
        """Assign to it."""
        self.table[self.name] = value

    def remove(self, key: Any) -> None:
        """Delete it."""
        self.table.pop(self.name, None)


def contents(x: Any) -> dict[Any, Any]:
    """Return what an object holds, by attribute, key or position."""
    if isinstance(x, dict):
        return dict(x)
    if isinstance(x, (list, set, deque)):
        return dict(enumerate(x))
    if isinstance(x, CellType):
        return {"value": x.cell_contents} if cell_filled(x) else {}
    if isinstance(x, Place):
        return x.read()
    return attributes_of(x)


def attributes_of(x: Any) -> dict[str, Any]:
    """Return an instance's attributes, those in slots too."""
    found = dict(getattr(x, "__dict__", {}))
    for name in _slots(type(x)):
        try:
            found[name] = object.__getattribute__(x, name)
        except AttributeError:
            continue
    return found


def _slots(cls: Any) -> tuple[str, ...]:
    found: tuple[str, ...] = _all_slots(cls)
    return found


@functools.cache
def _all_slots(cls: Any) -> tuple[str, ...]:
    found: list[str] = []
    for base in cls.__mro__:
        names = base.__dict__.get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            mangled = (
                f"_{base.__name__.lstrip('_')}{name}" if name.startswith("__") and not name.endswith("__") else name
            )
            if mangled not in ("__dict__", "__weakref__"):
                found.append(mangled)
    return tuple(found)


def put_attribute(x: Any, name: str, value: Any) -> None:
    """Set an attribute past the class's own ways of setting one."""
    table = getattr(x, "__dict__", None)
    if table is not None and name not in _slots(type(x)):
        table[name] = value
    else:
        object.__setattr__(x, name, value)


def put_item(x: Any, key: Any, value: Any) -> None:
    """Set one of an object's contents."""
    if isinstance(x, dict):
        dict_store(x)(x, key, value)
    elif isinstance(x, (list, deque)):
        x[key] = value
    elif isinstance(x, set):
        x.add(value)
    elif isinstance(x, CellType):
        x.cell_contents = value
    elif isinstance(x, Place):
        x.write(key, value)
    else:
        put_attribute(x, key, value)


def remove_item(x: Any, key: Any) -> None:
    """Take one of an object's contents away."""
    if isinstance(x, dict):
        if issubclass(type(x), dict):
            dict.pop(x, key, None)
        else:
            x.pop(key, None)
    elif isinstance(x, CellType):
        del x.cell_contents
    elif isinstance(x, Place):
        x.remove(key)
    elif key in getattr(x, "__dict__", ()):
        del x.__dict__[key]
    elif key in _slots(type(x)):
        object.__delattr__(x, key)


def replace_contents(x: Any, content: dict[Any, Any]) -> None:
    """Give an object these contents and no others, as far as they differ."""
    now = contents(x)
    if len(now) == len(content) and all(now.get(k, GONE) is v for k, v in content.items()):
        return
    if isinstance(x, list):
        x[:] = list(content.values())
    elif isinstance(x, deque):
        x.clear()
        x.extend(content.values())
    elif isinstance(x, set):
        x.clear()
        x.update(content.values())
    elif isinstance(x, dict):
        x.clear()
        store = dict_store(x)
        for k, v in content.items():
            store(x, k, v)
    else:
        for key in now.keys() - content.keys():
            remove_item(x, key)
        for key, value in content.items():
            if now.get(key, GONE) is not value:
                put_item(x, key, value)


def dict_store(x: dict[Any, Any]) -> Callable[[Any, Any, Any], None]:
    """Return what stores an item past the ways of a subclass, which may want it as an attribute too."""
    if not issubclass(type(x), dict):  # a framework's proxy of one
        return type(x).__setitem__
    return OrderedDict.__setitem__ if isinstance(x, OrderedDict) else dict.__setitem__


def cell_filled(cell: CellType) -> bool:
    """Tell whether a closure's variable has been assigned."""
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True


def same_value(a: Any, b: Any) -> bool:
    """Tell whether two values are one object or equal numbers, names and tuples of such."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if type(a) is tuple:
        return len(a) == len(b) and all(map(same_value, a, b))
    if type(a) is float:
        return repr(a) == repr(b)
    return type(a) in ATOMS and bool(a == b)


def swapped(x: Any, stand_ins: Mapping[int, Any]) -> Any:
    """Return a value with arrays replaced, in tuples too; the same object where nothing is."""
    if id(x) in stand_ins:
        return stand_ins[id(x)]
    if isinstance(x, tuple) and x:
        new = [swapped(v, stand_ins) for v in x]
        if any(a is not b for a, b in zip(new, x, strict=True)):
            cls: Any = type(x)
            return tuple(new) if cls is tuple else cls._make(new) if hasattr(cls, "_make") else cls(new)
    return x


def is_object(cls: Any) -> bool:
    """Tell whether instances are objects of a user's or a library's class, whose attributes can be state."""
    return bool(_is_object(cls))


@functools.cache
def _is_object(cls: Any) -> bool:
    from ivy.plugins import array_owner

    if cls is types.SimpleNamespace:
        return True
    if not cls.__flags__ & (1 << 9) or issubclass(cls, BaseException):  # no class statement made it
        return False
    root = root_of(cls.__module__)
    if root != "__main__" and (root in sys.stdlib_module_names or root in frameworks()):
        return False
    return array_owner(cls) is None and not hasattr(cls, "__ivy_rank__")


@functools.cache
def frameworks() -> frozenset[str]:
    """Return the top-level packages whose classes are no state and whose code is not looked at."""
    from ivy.plugins import plugin_packages

    return frozenset({"ivy", "numpy", "torch", "jax", "jaxlib", "tensorflow", "paddle", "flax", "haiku", "equinox",
                      "keras", "optree", "logging", *plugin_packages()})  # fmt: skip


_LIBRARIES = tuple(
    os.path.join(p, "") for p in {*map(sysconfig.get_paths().get, ("purelib", "platlib", "stdlib", "platstdlib"))} if p
)


def is_users(names: Mapping[str, Any]) -> bool:
    """Tell whether a module, given by its names, is the user's own rather than an installed library or Python's."""
    file = names.get("__file__")
    known = root_of(names.get("__name__")) in frameworks()
    return not known and (file is None or not str(file).startswith(_LIBRARIES))


def root_of(module: Any) -> str:
    """Return the top-level package of a module's name."""
    return str(module).partition(".")[0]


@functools.lru_cache(4096)
def code_names(code: CodeType) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the globals that a code object may read, and those that it assigns."""
    import dis

    read, stored = dict.fromkeys(code.co_names), []
    if any(op in code.co_code for op in (_STORE_GLOBAL,)):
        stored = [i.argval for i in dis.get_instructions(code) if i.opname == "STORE_GLOBAL"]
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            more, also = code_names(inner)
            read.update(dict.fromkeys(more))
            stored += also
    return tuple(read), tuple(dict.fromkeys(stored))


def _opcode(name: str) -> int:
    import opcode

    return opcode.opmap[name]


_STORE_GLOBAL = _opcode("STORE_GLOBAL")
