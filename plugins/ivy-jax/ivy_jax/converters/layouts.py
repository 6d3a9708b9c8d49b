"""How converted models of functional systems are laid out: where parts and variables are, in the whole and in parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivy.stateful.conversion import Conversion
from ivy.stateful.parts import Handle
from ivy.stateful.spec import Tree

__all__ = ["Layout", "initial_arrays", "layout", "root_of"]


@dataclass(frozen=True)
class Layout:
    """How a model, or a part of one, is laid out.

    Args:
        tree: its tree.
        places: where each parameter and buffer is, by name.
        calls: the way to each part that can be called, by its path in the source's module.
        ways: the ways to all parts and to itself, likewise.
        nodes: their trees, likewise.
        names: names of parameters and buffers by all of their paths in the source.
        statistics: names of the buffers that calls change.
        constants: whether there are other buffers.
        results: what calls of its parts gave while someone looked at them, and may have changed it.
    """

    tree: Tree
    places: Mapping[str, tuple[str, ...]]
    calls: Mapping[tuple[str, ...], tuple[str, ...]]
    ways: Mapping[tuple[str, ...], tuple[str, ...]]
    nodes: Mapping[tuple[str, ...], Tree]
    names: Mapping[tuple[str, ...], str]
    statistics: frozenset[str]
    constants: bool
    results: dict[Any, Any] = field(default_factory=dict)


def layout(conversion: Conversion, rename: Callable[[str], str] = str) -> Layout:
    """Return how a model is laid out where each array has one place; worked out once.

    Args:
        conversion: the model, or a part of it.
        rename: turns a part of a name into one that the system allows.
    """
    if conversion.slots is None:
        tree = conversion.tree(rename, share=False)
        calls: dict[tuple[str, ...], tuple[str, ...]] = {}
        ways: dict[tuple[str, ...], tuple[str, ...]] = {(): ()}
        nodes: dict[tuple[str, ...], Tree] = {(): tree}

        def visit(node: Tree, way: tuple[str, ...]) -> None:
            for attribute, child in node.children.items():
                nodes[child.path], ways[child.path] = child, (*way, attribute)
                if child.calls:
                    calls[child.path] = (*way, attribute)
                visit(child, (*way, attribute))

        visit(tree, ())
        places = {name: path for path, name in reversed(list(tree.walk()))}
        buffers = [p for p in conversion.params.values() if p.buffer]
        conversion.slots = Layout(
            tree,
            {name: places[name] for name in conversion.params if name in places},
            calls,
            ways,
            nodes,
            {path: p.name for p in conversion.spec.params for path in (p.path, *p.aliases)},
            frozenset(p.name for p in buffers if p.statistic),
            any(not p.statistic for p in buffers),
        )
    made: Layout = conversion.slots
    return made


def root_of(ivy: Any) -> tuple[Conversion, tuple[str, ...]]:
    """Return the conversion of the whole model that a part belongs to, and the part's path in it."""
    return (ivy.root, ivy.path) if isinstance(ivy, Handle) else (ivy, ())


def initial_arrays(ivy: Any, rename: Callable[[str], str] = str) -> Mapping[str, Any]:
    """Return the converted arrays of a part by its own names: those of the whole model, which are made once.

    Args:
        ivy: the part's handle, or the conversion of the whole model.
        rename: as for `layout`.
    """
    root, path = root_of(ivy)
    if not path:
        return root.kept
    names = layout(root, rename).names
    return {p.name: root.kept[names[(*path, *p.path)]] for p in ivy.conversion.params.values()}
