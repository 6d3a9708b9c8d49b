"""Flattening the containers that users pass and get back: plain ones, dataclasses, and mappings with classes of their own.

`optree` does the work in a namespace of ours, so nothing is registered for anybody else. A class that it does not know
(a dataclass, transformers' ``ModelOutput``, a ``UserDict``) is registered there when it is first met.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import optree

from ivy.graph.aval import Aval

__all__ = ["flatten", "is_plain", "unflatten"]

NAMESPACE = "ivy"
_known: set[type] = set()


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
    if any([type(leaf) not in _known and _learn(type(leaf)) for leaf in leaves]):
        return flatten(tree)
    return leaves, spec


def unflatten(spec: optree.PyTreeSpec, leaves: Any) -> Any:
    """Rebuild a nest from its leaves."""
    return optree.tree_unflatten(spec, leaves)


def _learn(cls: type) -> bool:
    """Register a container class with our namespace; False if it is no container."""
    _known.add(cls)
    if cls in (list, tuple, dict, Aval) or not isinstance(cls, type):
        return False
    if dataclasses.is_dataclass(cls) and not issubclass(cls, Mapping):
        fields = [f.name for f in dataclasses.fields(cls)]
        if not fields or _is_module_like(cls):
            return False
        _register(cls, lambda x: ([getattr(x, n) for n in fields], None), _dataclass_builder(cls, fields))
        return True
    if issubclass(cls, Mapping) and not _is_module_like(cls):
        _register(cls, lambda x: (list(x.values()), tuple(x.keys())), _mapping_builder(cls))
        return True
    return False


def _is_module_like(cls: type) -> bool:
    """Whether a class is a model or another callable object rather than a container of arrays."""
    return any("__call__" in vars(base) for base in cls.__mro__)


def _register(cls: type, take: Callable[[Any], Any], build: Callable[[Any, Any], Any]) -> None:
    optree.register_pytree_node(cls, take, build, namespace=NAMESPACE)


def _dataclass_builder(cls: type, fields: list[str]) -> Callable[[Any, Any], Any]:
    def build(_: Any, children: Any) -> Any:
        # __init__ may check or convert; what was a valid instance before is rebuilt field by field
        new = object.__new__(cls)
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


_PLAIN_KINDS = {"LEAF", "NONE", "TUPLE", "LIST", "DICT", "NAMEDTUPLE"}


def is_plain(spec: optree.PyTreeSpec) -> bool:
    """Tell whether a structure has only tuples, lists, dicts and named tuples, which generated code can write out."""
    if spec.kind.name not in _PLAIN_KINDS:
        return False
    return all(is_plain(child) for child in spec.children())
