"""What a place holds as a hashable code with names for arrays, and back."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ivy.errors import CaptureError
from ivy.transpiler.contents import (
    ATOMS,
    TABLES,
    attributes_of,
    dict_store,
    frameworks,
    is_object,
    put_attribute,
    replace_contents,
    root_of,
)

if TYPE_CHECKING:
    from ivy.transpiler.heap import Heap

__all__ = ["Reader", "Writer"]


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


class Writer:
    """Encodes values; arrays get names."""

    def __init__(self, heap: Heap) -> None:
        self.heap = heap
        self.arrays: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        self._new: dict[int, int] = {}
        self._alive: list[Any] = []

    def label(self, key: Any) -> str:
        """Return a key for names."""
        if self.heap.rules.is_array(key):
            return self.heap.rules.reference(key) or "key"
        return str(key)

    def encode(self, x: Any, name: tuple[Any, ...]) -> Any:
        """Encode a value; arrays in it are called after `name`."""
        cls = type(x)
        heap = self.heap
        if cls in ATOMS:
            if cls is slice:
                return ("slice", *(self.encode(v, name) for v in (x.start, x.stop, x.step)))
            return ("static", cls, "", x) if cls not in (float, complex) else ("static", cls, repr(x), _Held(x))
        if id(x) in heap.paths:
            return ("object", heap.paths[id(x)])
        if id(x) in self._new:
            return ("new", self._new[id(x)])
        parts = heap.rules.parts(x)
        if parts is not None:
            return ("made", parts[0], self.encode(parts[1], name))
        if heap.rules.is_array(x):
            return self._array(x, name)
        self._check(x, name)
        if cls is tuple or (isinstance(x, tuple) and hasattr(cls, "_fields")) or hasattr(cls, "n_sequence_fields"):
            return ("tuple", cls, tuple(self.encode(v, (*name, i)) for i, v in enumerate(x)))
        if isinstance(x, TABLES) or is_object(cls):
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
        cls = _plain(type(x), x)
        attributes = () if cls in TABLES else attributes_of(x)
        fields = tuple((k, self.encode(v, (*name, k))) for k, v in dict(attributes).items())
        if isinstance(x, dict):
            made = getattr(x, "default_factory", None)
            items = tuple((self.encode(k, name), self.encode(v, (*name, self.label(k)))) for k, v in x.items())
            return ("dict", number, cls, items, fields, ("static", type, "", made))
        if isinstance(x, TABLES):
            items = tuple(self.encode(v, (*name, i)) for i, v in enumerate(x))
            return ("items", number, cls, items, fields, getattr(x, "maxlen", None))
        return ("instance", number, cls, fields)

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


def _plain(cls: type, x: Any) -> type:
    """Return the class to make a table anew of: the plain one for what a framework puts around the user's own."""
    if not isinstance(x, TABLES) or root_of(cls.__module__) not in frameworks():
        return cls
    return next(t for t in TABLES if isinstance(x, t))


class Reader:
    """Decodes values."""

    def __init__(self, heap: Heap, arrays: Mapping[str, Any]) -> None:
        self.heap, self.arrays = heap, arrays
        self.held: dict[Any, Any] = dict(heap.arrays.values())
        self.new: dict[int, Any] = {}

    def decode(self, code: Any) -> Any:
        """Return the value of a code."""
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
        if kind == "made":
            return self.heap.rules.make(code[1], self.decode(code[2]))
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
            store = dict_store(x)
            for k, v in content:
                store(x, self.decode(k), self.decode(v))
        elif kind == "items":
            replace_contents(x, dict(enumerate(self.decode(v) for v in content)))
        for k, v in fields:
            put_attribute(x, k, self.decode(v))
        return x
