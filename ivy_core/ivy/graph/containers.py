"""Flattening what users pass and get back: plain containers, dataclasses, mappings and objects with arrays in them.

`optree` does the work in a namespace of ours, so nothing is registered for anybody else. A class that it does not know
(a dataclass, transformers' ``ModelOutput``, a ``UserDict``) is registered there when it is first met.
"""

from __future__ import annotations

import dataclasses
import functools
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import optree

from ivy.graph.aval import Aval
from ivy.graph.content import content

__all__ = ["Auxiliary", "Rule", "custom_classes", "flatten", "is_mutable_object", "is_plain", "orders", "unflatten"]

NAMESPACE = "ivy"
Rule = tuple[Callable[[Any], Any], Callable[[Any, Any], Any]]
"""How an object is taken apart, into ``(children, auxiliary)``, and built, from ``(auxiliary, children)``."""


class Auxiliary:
    """What an object holds besides its children; equal and hashed by content.

    Args:
        value: what builds the object again.
        described: the same in a form that can be compared.
    """

    __slots__ = ("key", "value")

    def __init__(self, value: Any, described: Any) -> None:
        self.value = value
        self.key = content(described)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Auxiliary) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


_no_containers: set[type] = set()
_lock = threading.Lock()
_rules: dict[type, Rule] = {}


def flatten(tree: Any) -> tuple[list[Any], optree.PyTreeSpec]:
    """Flatten a nest of containers; None counts as a leaf.

    Args:
        tree: lists, tuples, named tuples, dicts, dataclasses and mappings in any depth.

    Returns:
        The leaves and the structure.

    Example:
        >>> from ivy.graph.containers import flatten, unflatten
        >>> leaves, spec = flatten({"a": 1, "b": (2, 3)})
        >>> leaves, unflatten(spec, [10, 20, 30])
        ([1, 2, 3], {'a': 10, 'b': (20, 30)})
    """
    leaves, spec = optree.tree_flatten(tree, none_is_leaf=True, namespace=NAMESPACE)
    learned = [type(leaf) not in _no_containers and _learn(leaf) for leaf in leaves]  # all, before starting anew
    if any(learned):
        return flatten(tree)
    return leaves, spec


def unflatten(spec: optree.PyTreeSpec, leaves: Any) -> Any:
    """Rebuild a nest from its leaves."""
    return optree.tree_unflatten(spec, leaves)


def _learn(leaf: Any) -> bool:
    """Register the class of a leaf with our namespace if it is a container; False if it is none."""
    cls = type(leaf)
    if cls in _rules:  # another thread's doing
        return True
    own = _own_rule(leaf)
    if own is not None:
        _register(cls, *own)
        return True
    if dataclasses.is_dataclass(cls) and not issubclass(cls, Mapping) and cls is not Aval:
        fields = [f.name for f in dataclasses.fields(cls)]
        if fields and (not _is_module_like(cls) or (_is_plain_object(cls) and _holds_arrays(leaf, 4))):
            _register(cls, lambda x: ([getattr(x, n) for n in fields], None), _dataclass_builder(cls, fields))
            return True
    elif issubclass(cls, Mapping):
        if not _is_module_like(cls):
            _register(cls, lambda x: (list(x.values()), tuple(x.keys())), _mapping_builder(cls))
            return True
    elif _is_plain_object(cls):  # type: ignore[arg-type]
        # any other object is a container only if an array is found in it (a model's cache); looked at each time
        if _holds_arrays(leaf, 4):
            _register(cls, lambda x: (list(vars(x).values()), tuple(vars(x))), _object_builder(cls))
            return True
        return False
    _no_containers.add(cls)
    return False


_OPAQUE = frozenset(
    ["builtins", "torch", "jax", "jaxlib", "numpy", "tensorflow", "paddle", "flax", "haiku", "keras", "ivy", "types"]
)


@functools.cache
def _is_plain_object(cls: type) -> bool:
    """Whether instances are objects of a user's or a library's own class, with their state in ``__dict__``."""
    from ivy.plugins import array_owner

    return (
        cls.__module__.partition(".")[0] not in _OPAQUE
        and not issubclass(cls, type)
        and not any(base.__module__.partition(".")[0] in _OPAQUE - {"builtins", "types"} for base in cls.__mro__)
        and cls.__flags__ & (1 << 9) != 0  # a heap type: made by a class statement
        and not hasattr(cls, "__ivy_rank__")
        and array_owner(cls) is None
    )


def is_mutable_object(x: Any) -> bool:
    """Tell whether a leaf is an object of a user's or a library's class, whose attributes a call may set."""
    cls: Any = type(x)
    return _is_plain_object(cls) and not callable(x) and bool(getattr(x, "__dict__", None))


def _own_rule(leaf: Any) -> Rule | None:
    """Return how a framework takes an object of a class apart that its registry of containers knows."""
    cls = type(leaf)
    if cls.__module__ == "builtins" or (dataclasses.is_dataclass(cls) and cls is Aval):
        return None
    from ivy.backend import get_backend
    from ivy.plugins import plugins

    for name in [p.name for p in plugins() if p.ok and "backend" in p.provides and p.name in sys.modules]:
        rule = getattr(get_backend(name).module, "container_rule", None)
        found: Any = None if rule is None else rule(leaf)
        if found is not None:
            return found
    return None


def _holds_arrays(x: Any, depth: int) -> bool:
    from ivy.plugins import array_owner

    if array_owner(type(x)) is not None or hasattr(type(x), "__ivy_rank__"):
        return True
    if depth == 0:
        return False
    if isinstance(x, (list, tuple)):
        return any(_holds_arrays(v, depth - 1) for v in x)
    if isinstance(x, dict):
        return any(_holds_arrays(v, depth - 1) for v in x.values())
    if _is_plain_object(type(x)):  # type: ignore[arg-type]
        return any(_holds_arrays(v, depth - 1) for v in getattr(x, "__dict__", {}).values())
    return False


def _object_builder(cls: type) -> Callable[[Any, Any], Any]:
    def build(names: Any, children: Any) -> Any:
        new: Any = object.__new__(cls)
        new.__dict__.update(zip(names, children, strict=True))
        return new

    return build


def _is_module_like(cls: type) -> bool:
    """Whether a class is a model or another callable object rather than a container of arrays."""
    return any("__call__" in vars(base) for base in cls.__mro__)


def _register(cls: type, take: Callable[[Any], Any], build: Callable[[Any, Any], Any]) -> None:
    with _lock:
        if cls not in _rules:
            optree.register_pytree_node(cls, take, build, namespace=NAMESPACE)
            _rules[cls] = (take, build)


def _dataclass_builder(cls: type, fields: list[str]) -> Callable[[Any, Any], Any]:
    def build(_: Any, children: Any) -> Any:
        # __init__ may check or convert; what was a valid instance before is rebuilt field by field
        new: Any = object.__new__(cls)
        for name, value in zip(fields, children, strict=True):
            object.__setattr__(new, name, value)
        return new

    return build


def _mapping_builder(cls: type) -> Callable[[Any, Any], Any]:
    def build(keys: Any, children: Any) -> Any:
        items = dict(zip(keys, children, strict=True))
        if dataclasses.is_dataclass(cls):
            return cls(**items)
        if issubclass(cls, MutableMapping):
            new = cls()
            new.update(items)
            return new
        return cls(items)  # type: ignore[call-arg]

    return build


def orders(x: Any) -> Any:
    """Return the keys of the dicts in a nest in their own order, which its structure leaves out; None without dicts.

    Args:
        x: any nest; its classes are known from a call of `flatten`.

    Example:
        >>> from ivy.graph.containers import orders
        >>> orders([{"b": 1, "a": 2}]), orders([1, 2])
        ((('b', 'a'),), None)
    """
    cls = type(x)
    children: Any = x
    keys: Any = None
    if isinstance(x, dict):
        children, keys = x.values(), tuple(x)
    elif cls in _rules:
        children = _rules[cls][0](x)[0]
    elif not isinstance(x, (list, tuple, deque)):
        return None
    inner = [found for v in children if type(v) not in _ATOMS and (found := orders(v)) is not None]
    return (keys, *inner) if keys is not None and inner else keys if keys is not None else tuple(inner) or None


_ATOMS = frozenset({int, float, bool, str, type(None)})


def custom_classes(tree: Any) -> dict[type, Rule]:
    """Return the classes in a nest that are no plain containers, each with how it is taken apart and built.

    For targets that need to be told of every container class (JAX's transformations).

    Args:
        tree: any nest.

    Returns:
        Class -> (function to ``(children, auxiliary)``, function from ``(auxiliary, children)``).
    """
    found: dict[type, Rule] = {}
    stack = [flatten(tree)[1]]
    while stack:
        spec = stack.pop()
        if spec.type in _rules:
            found[spec.type] = _rules[spec.type]
        stack.extend(spec.children())
    return found


_PLAIN_KINDS = {"LEAF", "NONE", "TUPLE", "LIST", "DICT", "NAMEDTUPLE"}


def is_plain(spec: optree.PyTreeSpec) -> bool:
    """Tell whether a structure has only tuples, lists, dicts and named tuples, which generated code can write out."""
    if spec.kind.name not in _PLAIN_KINDS:
        return False
    return all(is_plain(child) for child in spec.children())
