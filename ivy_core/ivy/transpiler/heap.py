"""The objects that a callable can change besides its arguments, and what a call changes on them.

Reached are: attributes of ``self`` and of objects in them, lists, dicts and sets, closures, and the globals that the
user's functions name. A call's effect on them is the difference of two moments, encoded as a `Structure` that names its
arrays; it can be put back onto the objects before the next capture.
"""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
import types
from collections import deque
from collections.abc import Callable, Container, Iterator, Mapping
from types import CellType, CodeType, FunctionType, MethodType
from typing import Any

from ivy.backend import is_native_array
from ivy.errors import CaptureError
from ivy.graph.graph import Graph
from ivy.graph.kept import Stored, Structure, arrays_of
from ivy.graph.node import Loc, Node, refs
from ivy.transpiler.attributes import ADDED, READ, function_of, names_read

__all__ = ["Changes", "Heap", "Place", "Rules", "same_value"]

_MOST = 200_000
"""Objects that are looked at; a callable that refers to more refers to something else than its state."""
_ATOMS = frozenset({int, float, complex, bool, str, bytes, type(None), type(Ellipsis), slice, range, CodeType})
_TABLES = (dict, list, set, deque)
_GONE = ("gone",)


class Rules:
    """What a framework's capture tells of its objects. The defaults know none."""

    taken: Container[str] = ()
    """Names that arrays of the state can't have."""

    def is_array(self, x: Any) -> bool:
        """Tell whether an object is an array."""
        return is_native_array(x)

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
        if cls in _ATOMS or id(x) in self.paths or id(x) in self.arrays or isinstance(x, (type, types.ModuleType)):
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
        if cls not in self._classes and not isinstance(x, (*_TABLES, CellType)):
            self._classes.add(cls)
            for base in cls.__mro__:
                if is_users(vars(sys.modules.get(base.__module__, types))):
                    for member in vars(base).values():
                        yield from self._named(function_of(member))

    def _is_place(self, x: Any) -> bool:
        if isinstance(x, (*_TABLES, CellType)):
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
        if fn is None or id(fn) in self._functions or _root(fn.__module__) in _frameworks():
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
            self.add((f"{name}'",), _Global(fn.__globals__, name))

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
                new = _swapped(value, stand_ins)
                if new is not value:
                    put_item(x, key, new)
                if isinstance(x, dict) and id(key) in stand_ins:
                    items = [(stand_ins.get(id(k), k), v) for k, v in x.items()]
                    x.clear()
                    x.update(items)

    # -- differences --------------------------------------------------------------------------------------------------

    def changes(self) -> Changes:
        """Return what differs from the moment of `mark`."""
        found = Changes(_Writer(self))
        for path, x in self.at.items():
            before, now = self.before[path], contents(x)
            if len(before) == len(now) and all(before.get(k, _GONE) is v for k, v in now.items()):
                continue
            hidden = self.rules.hidden(x)
            keys = [k for k in now if k not in hidden and not same_value(before.get(k, _GONE), now[k])]
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
            found.add(path, writer.encode(key, lead), _GONE, lead, None)

    def _is_users(self, path: tuple[Any, ...]) -> bool:
        """Tell whether a path is that of a variable of the user's functions, not of something in an object."""
        above = (self.at.get(path[:n]) for n in range(len(path)))
        return len(path) > 0 and isinstance(path[-1], str) and all(x is None for x in above)

    def _use(self, path: tuple[Any, ...]) -> str | None:
        """Return what code does with the attribute that a path ends with or goes through last; None for nothing."""
        if self._reads is None:
            self._reads = names_read(self._classes, self._users, _frameworks())
        if self._is_users(path):
            return self._reads.get(path[-1].rstrip("'"), READ)
        for cut in range(len(path) - 1, -1, -1):
            owner = self.at.get(path[:cut])
            if owner is not None and not isinstance(owner, _TABLES):
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
        reader = _Reader(self, arrays)
        for path, changed in structure:
            x = self.at.get(path)
            if x is None:
                continue
            for key, value in changed:
                if key == "all":
                    items = [reader.decode(v) for v in value]
                    replace_contents(x, dict(enumerate(items)))
                elif value == _GONE:
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

    def __init__(self, writer: _Writer) -> None:
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


class _Global(Place):
    """A global variable that a function assigns."""

    def __init__(self, table: dict[str, Any], name: str) -> None:
        self.table, self.name = table, name

    def read(self) -> dict[Any, Any]:
        return {self.name: self.table[self.name]} if self.name in self.table else {}

    def write(self, key: Any, value: Any) -> None:
        self.table[self.name] = value

    def remove(self, key: Any) -> None:
        self.table.pop(self.name, None)


class _Same:
    """Anything that is told by its identity."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return type(other) is _Same and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


class _Held(_Same):
    """A value that is told by something else."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is _Held

    def __hash__(self) -> int:
        return 0


class _Writer:
    """Encodes values; arrays get names."""

    def __init__(self, heap: Heap) -> None:
        self.heap = heap
        self.arrays: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        self._new: dict[int, int] = {}
        self._alive: list[Any] = []

    def label(self, key: Any) -> str:
        if self.heap.rules.is_array(key):
            return self.heap.rules.reference(key) or "key"
        return str(key)

    def encode(self, x: Any, name: tuple[Any, ...]) -> Any:
        cls = type(x)
        heap = self.heap
        if cls in _ATOMS:
            if cls is slice:
                return ("slice", *(self.encode(v, name) for v in (x.start, x.stop, x.step)))
            return ("static", cls, "", x) if cls not in (float, complex) else ("static", cls, repr(x), _Held(x))
        if id(x) in heap.paths:
            return ("object", heap.paths[id(x)])
        if id(x) in self._new:
            return ("new", self._new[id(x)])
        if heap.rules.is_array(x):
            return self._array(x, name)
        self._check(x, name)
        if cls is tuple or (isinstance(x, tuple) and hasattr(cls, "_fields")) or hasattr(cls, "n_sequence_fields"):
            return ("tuple", cls, tuple(self.encode(v, (*name, i)) for i, v in enumerate(x)))
        if isinstance(x, _TABLES) or is_object(cls):
            return self._container(x, name)
        try:
            hash(x)
        except TypeError:
            return ("static", cls, "", _Same(x))
        return ("static", cls, "", x)

    def _check(self, x: Any, name: tuple[Any, ...]) -> None:
        if self.heap.rules.refuses(x):
            raise CaptureError(
                f"a call makes {'.'.join(map(str, name))}, which has parameters of its own",
                why="the converted model has the parameters that the source has when it is converted",
                hint="call the source once, so that it makes them, and convert it then",
            )

    def _container(self, x: Any, name: tuple[Any, ...]) -> Any:
        number = self._new[id(x)] = len(self._new)
        self._alive.append(x)
        attributes = () if type(x) in _TABLES else attributes_of(x)
        fields = tuple((k, self.encode(v, (*name, k))) for k, v in dict(attributes).items())
        if isinstance(x, dict):
            made = getattr(x, "default_factory", None)
            items = tuple((self.encode(k, name), self.encode(v, (*name, self.label(k)))) for k, v in x.items())
            return ("dict", number, type(x), items, fields, ("static", type, "", made))
        if isinstance(x, _TABLES):
            items = tuple(self.encode(v, (*name, i)) for i, v in enumerate(x))
            return ("items", number, type(x), items, fields, getattr(x, "maxlen", None))
        return ("instance", number, type(x), fields)

    def _array(self, x: Any, name: tuple[Any, ...]) -> Any:
        known = self.heap.rules.reference(x)
        if known is not None:
            return ("param", known)
        if id(x) in self.heap.arrays:
            return ("held", self.heap.arrays[id(x)][0])
        if id(x) not in self._names:
            self._check(x, name)
            return self.named(x, name)
        return ("array", self._names[id(x)])

    def named(self, x: Any, name: tuple[Any, ...]) -> Any:
        """Encode an array as one of the state's own."""
        if id(x) not in self._names:
            base = ".".join(map(str, name))
            free, k = base, 0
            while free in self.arrays or free in self.heap.rules.taken:
                k += 1
                free = f"{base}_{k}"
            self._names[id(x)] = free
            self.arrays[free] = x
        return ("array", self._names[id(x)])


class _Reader:
    """Decodes values."""

    def __init__(self, heap: Heap, arrays: Mapping[str, Any]) -> None:
        self.heap, self.arrays = heap, arrays
        self.held: dict[Any, Any] = dict(heap.arrays.values())
        self.new: dict[int, Any] = {}

    def decode(self, code: Any) -> Any:
        kind = code[0]
        if kind == "array":
            return self.arrays[code[1]]
        if kind == "static":
            return code[3].value if isinstance(code[3], _Same) else code[3]
        if kind == "param":
            return self.heap.rules.parameter(code[1])
        if kind == "object":
            return self.heap.at[code[1]]
        if kind == "held":
            return self.held[code[1]]
        if kind == "new":
            return self.new[code[1]]
        if kind == "slice":
            return slice(*map(self.decode, code[1:]))
        if kind == "tuple":
            items = [self.decode(v) for v in code[2]]
            cls = code[1]
            return tuple(items) if cls is tuple else cls._make(items) if hasattr(cls, "_make") else cls(items)
        return self._container(kind, *code[1:])

    def _container(self, kind: str, number: int, cls: Any, content: Any, fields: Any = (), extra: Any = None) -> Any:
        x: Any
        if kind == "instance":
            x, fields = object.__new__(cls), content
        elif kind == "dict":
            x = cls.__new__(cls)
            if extra is not None and extra[3] is not None:
                x.default_factory = extra[3]
        else:
            x = deque(maxlen=extra) if cls is deque else cls.__new__(cls)
        self.new[number] = x
        if kind == "dict":
            store = _dict_store(x)
            for k, v in content:
                store(x, self.decode(k), self.decode(v))
        elif kind == "items":
            replace_contents(x, dict(enumerate(self.decode(v) for v in content)))
        for k, v in fields:
            put_attribute(x, k, self.decode(v))
        return x


# -- any object as a table --------------------------------------------------------------------------------------------


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


@functools.cache
def _slots(cls: type) -> tuple[str, ...]:
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
        _dict_store(x)(x, key, value)
    elif isinstance(x, list):
        list.__setitem__(x, key, value)
    elif isinstance(x, deque):
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
        dict.pop(x, key, None)
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
    if len(now) == len(content) and all(now.get(k, _GONE) is v for k, v in content.items()):
        return
    if isinstance(x, list):
        list.__setitem__(x, slice(None), list(content.values()))
    elif isinstance(x, deque):
        x.clear()
        x.extend(content.values())
    elif isinstance(x, set):
        x.clear()
        x.update(content.values())
    elif isinstance(x, dict):
        dict.clear(x) if not hasattr(x, "move_to_end") else x.clear()
        store = _dict_store(x)
        for k, v in content.items():
            store(x, k, v)
    else:
        for key in now.keys() - content.keys():
            remove_item(x, key)
        for key, value in content.items():
            if now.get(key, _GONE) is not value:
                put_item(x, key, value)


def _dict_store(x: dict[Any, Any]) -> Callable[[Any, Any, Any], None]:
    """Return what stores an item past the ways of a subclass, which may want it as an attribute too."""
    from collections import OrderedDict

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
    return type(a) in _ATOMS and bool(a == b)


def _swapped(x: Any, stand_ins: Mapping[int, Any]) -> Any:
    """Return a value with arrays replaced, in tuples too; the same object where nothing is."""
    if id(x) in stand_ins:
        return stand_ins[id(x)]
    if isinstance(x, tuple) and x:
        new = [_swapped(v, stand_ins) for v in x]
        if any(a is not b for a, b in zip(new, x, strict=True)):
            cls: Any = type(x)
            return tuple(new) if cls is tuple else cls._make(new) if hasattr(cls, "_make") else cls(new)
    return x


# -- whose code -------------------------------------------------------------------------------------------------------


@functools.cache
def is_object(cls: type) -> bool:
    """Tell whether instances are objects of a user's or a library's class, whose attributes can be state."""
    from ivy.plugins import array_owner

    if cls is types.SimpleNamespace:
        return True
    if not cls.__flags__ & (1 << 9) or issubclass(cls, BaseException):  # no class statement made it
        return False
    root = _root(cls.__module__)
    if root != "__main__" and (root in sys.stdlib_module_names or root in _frameworks()):
        return False
    return array_owner(cls) is None and not hasattr(cls, "__ivy_rank__")


@functools.cache
def _frameworks() -> frozenset[str]:
    from ivy.plugins import plugin_packages

    return frozenset({"ivy", "numpy", "torch", "jax", "jaxlib", "tensorflow", "paddle", "flax", "haiku", "equinox",
                      "keras", "optree", "logging", *plugin_packages()})  # fmt: skip


_LIBRARIES = tuple(
    os.path.join(p, "") for p in {*map(sysconfig.get_paths().get, ("purelib", "platlib", "stdlib", "platstdlib"))} if p
)


def is_users(names: Mapping[str, Any]) -> bool:
    """Tell whether a module, given by its names, is the user's own rather than an installed library or Python's."""
    file = names.get("__file__")
    known = _root(names.get("__name__")) in _frameworks()
    return not known and (file is None or not str(file).startswith(_LIBRARIES))


def _root(module: Any) -> str:
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
