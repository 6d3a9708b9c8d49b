"""The objects that a callable can change besides its arguments, and what a call changes on them.

Reached are: attributes of ``self`` and of objects in them, lists, dicts and sets, closures, and the globals that the
user's functions name. A call's effect on them is the difference of two moments, encoded as a `Structure` that names its
arrays; it can be put back onto the objects before the next capture.
"""

from __future__ import annotations

import functools
import sys
import types
from collections import deque
from collections.abc import Callable, Container, Iterator, Mapping
from types import CellType, FunctionType, MethodType
from typing import Any

from ivy.backend import is_native_array
from ivy.graph.graph import Graph
from ivy.graph.kept import Stored, Structure, arrays_of
from ivy.graph.node import Loc, Node, refs
from ivy.transpiler.attributes import ADDED, READ, function_of, names_read
from ivy.transpiler.contents import (
    ATOMS,
    GONE,
    TABLES,
    GlobalVariable,
    Place,
    cell_filled,
    code_names,
    contents,
    frameworks,
    is_object,
    is_users,
    put_item,
    remove_item,
    replace_contents,
    root_of,
    same_value,
    swapped,
)
from ivy.transpiler.encoding import Reader, Writer

__all__ = ["Changes", "Heap", "Rules"]

_MOST = 200_000
"""Objects that are looked at; a callable that refers to more refers to something else than its state."""


class Rules:
    """What a framework's capture tells of its objects. The defaults know none."""

    taken: Container[str] = ()
    """Names that arrays of the state can't have."""

    def is_array(self, x: Any) -> bool:
        """Tell whether an object is an array."""
        return hasattr(type(x), "__ivy_rank__") or is_native_array(x)

    def hidden(self, owner: Any) -> frozenset[str]:
        """Return the attributes of an object that are the framework's own books."""
        return frozenset()

    def unnamed(self, key: Any) -> bool:
        """Tell whether a table's attribute is left out of names, as ``_buffers`` of a module is."""
        return False

    def enters(self, x: Any) -> bool:
        """Tell whether an instance of a framework's own class is state of the user's."""
        return False

    def reference(self, array: Any) -> str | None:
        """Return the name of the parameter that an array is, None if it is none."""
        return None

    def parameter(self, name: str) -> Any:
        """Return the array that stands for a parameter."""
        raise KeyError(name)

    def carried(self, owner: Any, key: Any, old: Any, new: Any) -> bool:
        """Tell whether the framework's capture sees to a changed entry itself, as to a buffer that is replaced."""
        return False

    def parts(self, x: Any) -> tuple[Any, Any] | None:
        """Return how to make a framework's new object, and its value; None for anything else."""
        return None

    def make(self, how: Any, value: Any) -> Any:
        """Make the object that `parts` took apart."""
        raise NotImplementedError

    def refuses(self, value: Any) -> bool:
        """Tell whether a new object has parameters of its own, which can't be state."""
        return False


class Heap:
    """All that a callable can change.

    Args:
        roots: what it starts from, by name; the name ``""`` is left out of paths.
        rules: what the framework tells of its objects.

    Attributes:
        at: the objects by path.
        arrays: the arrays in them: `id` -> (path, array).
        valued: those of the arrays that calls write to in place, by path: their values are state.
    """

    def __init__(self, roots: Mapping[str, Any], rules: Rules | None = None) -> None:
        self.rules = rules or Rules()
        self.at: dict[tuple[Any, ...], Any] = {}
        self.paths: dict[int, tuple[Any, ...]] = {}
        self.arrays: dict[int, tuple[tuple[Any, ...], Any]] = {}
        self.valued: dict[tuple[Any, ...], Any] = {}
        self._classes: set[type] = set()
        self._functions: set[int] = set()
        self._users: list[FunctionType] = []
        self._reads: dict[str, str] | None = None
        self._left: set[tuple[Any, ...]] = set()  # the user's own lists of what their function has met
        self._globals: list[tuple[str, dict[str, Any], str]] = []
        self._alive: list[Any] = []
        self.before: dict[tuple[Any, ...], dict[Any, Any]] = {}
        self._first: dict[tuple[Any, ...], dict[Any, Any]] = {}
        todo: deque[tuple[tuple[Any, ...], Any]] = deque(((name,) if name else (), x) for name, x in roots.items())
        while todo and len(self.paths) < _MOST:
            todo.extend(self._visit(*todo.popleft()))
        self.mark()
        self._first = dict(self.before)

    # -- finding ------------------------------------------------------------------------------------------------------

    def _visit(self, path: tuple[Any, ...], x: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
        cls = type(x)
        if cls in ATOMS or id(x) in self.paths or id(x) in self.arrays or isinstance(x, (type, types.ModuleType)):
            return
        if self.rules.is_array(x):
            self.arrays[id(x)] = (path, x)
            return
        if isinstance(x, (tuple, frozenset)):
            for i, v in enumerate(x):
                yield (*path, i), v
            return
        if isinstance(x, (FunctionType, MethodType, functools.partial)):
            yield from self._callable(path, x)
            return
        if not self._is_place(x):
            return
        self.paths[id(x)] = path
        self.at[path] = x
        self._alive.append(x)
        hidden = self.rules.hidden(x)
        for key, v in contents(x).items():
            if key not in hidden:
                yield (*path, key), v
                if isinstance(x, dict) and self.rules.is_array(key):
                    self.arrays.setdefault(id(key), ((*path, "key"), key))
        if cls not in self._classes and not isinstance(x, (*TABLES, CellType)):
            self._classes.add(cls)
            for base in cls.__mro__:
                if is_users(vars(sys.modules.get(base.__module__, types))):
                    for member in vars(base).values():
                        yield from self._named(function_of(member))

    def _is_place(self, x: Any) -> bool:
        if isinstance(x, (*TABLES, CellType)):
            return True
        return is_object(type(x)) or self.rules.enters(x)

    def _callable(self, path: tuple[Any, ...], x: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
        if isinstance(x, functools.partial):
            yield path, x.func
            for i, v in enumerate(x.args):
                yield (*path, f"arg{i}"), v
            for name, v in x.keywords.items():
                yield (*path, name), v
        elif isinstance(x, MethodType):
            yield path, x.__self__
            yield path, x.__func__
        else:
            wrapped = getattr(x, "__wrapped__", None)
            if wrapped is not None:
                yield path, wrapped
            yield from self._named(x, path)

    def _named(self, fn: FunctionType | None, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """Yield what a function's closure holds, and the globals that it names if it is the user's."""
        if fn is None or id(fn) in self._functions or root_of(fn.__module__) in frameworks():
            return
        self._functions.add(id(fn))
        self._users.append(fn)
        self._alive.append(fn)
        for name, cell in zip(fn.__code__.co_freevars, fn.__closure__ or ()):
            if cell_filled(cell):
                if id(cell) not in self.paths:
                    place = self._free((*path, f"{name}'"))
                    self.paths[id(cell)] = place
                    self.at[place] = cell
                yield (*path, name), cell.cell_contents
        for default in (*(fn.__defaults__ or ()), *(fn.__kwdefaults__ or {}).values()):
            yield (*path, "default"), default
        if fn.__dict__:
            yield (*path, fn.__name__), fn.__dict__
        if not is_users(fn.__globals__):
            return
        names, stored = code_names(fn.__code__)
        for name in names:
            if name in fn.__globals__:
                yield (name,), fn.__globals__[name]
        for name in stored:
            self.add((f"{name}'",), GlobalVariable(fn.__globals__, name))

    def add(self, path: tuple[Any, ...], place: Place) -> None:
        """Let something belong to the heap that is no object of Python's."""
        if path not in self.at:
            self.at[path] = place
            self.before[path] = contents(place)
            self._first[path] = self.before[path]

    def _free(self, path: tuple[Any, ...]) -> tuple[Any, ...]:
        while path in self.at:
            path = (*path[:-1], f"{path[-1]}'")
        return path

    # -- moments ------------------------------------------------------------------------------------------------------

    def mark(self) -> None:
        """Compare with this moment from now on."""
        self.before = {path: contents(x) for path, x in self.at.items()}

    def restore(self) -> None:
        """Put everything back to what it was when the heap was made."""
        for path, content in self._first.items():
            if path not in self._left:
                replace_contents(self.at[path], content)

    def substitute(self, stand_ins: Mapping[int, Any]) -> None:
        """Put other arrays into the place of some, wherever the objects hold them.

        Args:
            stand_ins: `id` of an array -> what takes its place.
        """
        if not any(i in stand_ins for i in self.arrays):
            return
        for x in self.at.values():
            hidden = self.rules.hidden(x)
            for key, value in contents(x).items():
                if key in hidden:
                    continue
                new = swapped(value, stand_ins)
                if new is not value:
                    put_item(x, key, new)
                if isinstance(x, dict) and id(key) in stand_ins:
                    items = [(stand_ins.get(id(k), k), v) for k, v in x.items()]
                    x.clear()
                    x.update(items)

    # -- differences --------------------------------------------------------------------------------------------------

    def changes(self) -> Changes:
        """Return what differs from the moment of `mark`."""
        found = Changes(Writer(self))
        for path, x in self.at.items():
            before, now = self.before[path], contents(x)
            if len(before) == len(now) and all(before.get(k, GONE) is v for k, v in now.items()):
                continue
            hidden = self.rules.hidden(x)
            keys = [k for k in now if k not in hidden and not same_value(before.get(k, GONE), now[k])]
            keys = [k for k in keys if not self.rules.carried(x, k, before.get(k), now[k])]
            gone = [k for k in before if k not in now and k not in hidden]
            if keys or gone:
                self._compare(found, path, x, now, keys, gone)
        for path, x in self.valued.items():
            lead = self._lead(path)
            found.add(path, "value", found.writer.named(x, lead), lead, self._place_of(path))
        return found

    def _compare(
        self, found: Changes, path: tuple[Any, ...], x: Any, now: dict[Any, Any], keys: list[Any], gone: list[Any]
    ) -> None:
        writer, lead = found.writer, self._lead(path)
        if isinstance(x, (list, set, deque)):
            how = self._use(path)
            if how == READ:
                code = tuple(writer.encode(v, (*lead, k)) for k, v in now.items())
                found.add(path, "all", code, lead, self._place_of(path))
            else:
                found.drop(lead, self._place_of(path))
                if self._is_users(path) and not any(map(self.rules.is_array, now.values())):
                    self._left.add(path)
            return
        for key in keys:
            name = lead if isinstance(x, (CellType, Place)) else (*lead, writer.label(key))
            place = self._place_of((*path, key))
            how = (
                self._use((*path, key)) if not isinstance(x, dict) or self.rules.unnamed(path[-1]) else self._use(path)
            )
            static = not self.rules.is_array(now[key])
            if how != READ and ((how and (static or isinstance(x, dict))) or self.rules.refuses(now[key])):
                found.drop(name, place)
                if isinstance(x, (CellType, Place)):
                    self._left.add(path)
                continue
            found.add(path, writer.encode(key, name), writer.encode(now[key], name), name, place, spare=how is None)
        for key in gone:
            found.add(path, writer.encode(key, lead), GONE, lead, None)

    def _is_users(self, path: tuple[Any, ...]) -> bool:
        """Tell whether a path is that of a variable of the user's functions, not of something in an object."""
        above = (self.at.get(path[:n]) for n in range(len(path)))
        return len(path) > 0 and isinstance(path[-1], str) and all(x is None for x in above)

    def _use(self, path: tuple[Any, ...]) -> str | None:
        """Return what code does with the attribute that a path ends with or goes through last; None for nothing."""
        if self._reads is None:
            self._reads = names_read(self._classes, self._users, frameworks())
        if self._is_users(path):
            return self._reads.get(path[-1].rstrip("'"), READ)
        for cut in range(len(path) - 1, -1, -1):
            owner = self.at.get(path[:cut])
            if owner is not None and not isinstance(owner, TABLES):
                at = cut + 1 if self.rules.unnamed(path[cut]) and cut + 1 < len(path) else cut
                if not is_object(type(owner)) or not isinstance(path[at], str):
                    return READ
                return self._reads.get(path[at]) if at == len(path) - 1 else self._reads.get(path[at]) or ADDED
        return READ

    def _place_of(self, path: tuple[Any, ...]) -> Loc | None:
        """Return the first line, outside of `__init__`, of a class's methods that names the attribute on a path."""
        from ivy.graph.notes import place_of_store

        for cut in range(len(path) - 1, -1, -1):
            owner = self.at.get(path[:cut])
            if owner is not None and is_object(type(owner)) and not self.rules.unnamed(path[cut]):
                return place_of_store(type(owner), str(path[cut]), ("STORE_ATTR", "LOAD_ATTR"))
        return None

    def _lead(self, path: tuple[Any, ...]) -> tuple[str, ...]:
        return tuple(str(p).rstrip("'") for p in path if not self.rules.unnamed(p))

    def put(self, structure: Structure, arrays: Mapping[str, Any]) -> None:
        """Bring the objects into a state.

        Args:
            structure: as `changes` gave it.
            arrays: what stands for its arrays.
        """
        stand_ins = {}
        held = {path: key for key, (path, _) in self.arrays.items()}
        for path, changed in structure:
            if changed[0][0] == "value" and path in held:
                new = self.valued[path] = arrays[changed[0][1][1]]
                stand_ins[held[path]] = new
        self.substitute(stand_ins)
        for path, new in self.valued.items():
            self.arrays[id(new)] = (path, new)
        reader = Reader(self, arrays)
        for path, changed in structure:
            x = self.at.get(path)
            if x is None:
                continue
            for key, value in changed:
                if key == "all":
                    items = [reader.decode(v) for v in value]
                    replace_contents(x, dict(enumerate(items)))
                elif value == GONE:
                    remove_item(x, reader.decode(key))
                else:
                    put_item(x, reader.decode(key), reader.decode(value))


class Changes:
    """What a call has changed.

    Args:
        writer: encodes the values.

    Attributes:
        places: where the user's code stores each thing, by its name.
        names: the arrays in each thing, by its name.
        spare: names of what no code reads.
        dropped: names of what no code reads, and what is not kept, with their places.
    """

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.places: dict[str, Loc | None] = {}
        self.names: dict[str, list[str]] = {}
        self.spare: set[str] = set()
        self.dropped: dict[str, Loc | None] = {}
        self._found: dict[tuple[Any, ...], list[tuple[Any, Any, bool]]] = {}

    @property
    def arrays(self) -> dict[str, Any]:
        """The arrays of the new state."""
        return self.writer.arrays

    def add(
        self,
        path: tuple[Any, ...],
        key: Any,
        value: Any,
        name: tuple[Any, ...],
        place: Loc | None,
        *,
        spare: bool = False,
    ) -> None:
        """Add an entry."""
        text = ".".join(map(str, name))
        self._found.setdefault(path, []).append((key, value, spare))
        self.places[text] = place
        self.names[text] = arrays_of(value)
        if spare:
            self.spare.add(text)

    def drop(self, name: tuple[Any, ...], place: Loc | None) -> None:
        """Leave out an entry that no code reads."""
        self.dropped[".".join(map(str, name))] = place

    def structure(self, *, needed: bool = False) -> Structure:
        """Return the state; without what no code reads if `needed`."""
        found = ((p, tuple((k, v) for k, v, spare in c if not (needed and spare))) for p, c in self._found.items())
        return tuple((p, c) for p, c in found if c)

    def stored(self, graph: Graph, *, had: bool, draws: Callable[[Node], bool] = lambda node: False) -> Stored | None:
        """Return what the graph of the call tells of the state.

        Args:
            graph: the graph, whose updates have the arrays.
            draws: whether a call draws random numbers.
            had: whether there was state before, which is gone if there is none now.
        """
        structure = self.structure()
        if not structure and not had:
            return None
        constant = _constant(graph, draws)
        memos = {
            name
            for name, arrays in self.names.items()
            if arrays and all(id(graph.updates[a]) in constant for a in arrays)
        }
        return Stored(structure, self.structure(needed=True), self.places, frozenset(self.spare | memos))


def _constant(graph: Graph, draws: Callable[[Node], bool]) -> set[int]:
    """Return the `id`s of the nodes that depend on parameters and constants alone."""
    found = {id(n) for n in graph.params.values() if not n.meta.get("kept")}
    for node in graph.nodes:
        if node.kind == "guard" or (node.kind == "call" and draws(node)):
            continue
        if all(id(r) in found for r in refs((node.args, node.kwargs))):
            found.add(id(node))
    return found
