"""The hub form of a trainable module: named parameters, a tree of submodules, and a way to capture a call.

Every module system has one converter with two directions: a native module to a `ModuleSpec`, and a `ModuleSpec` to a
native module. The names are the source's; a `Role` says what an array is for, so that each system can store it in the
order of axes that its users expect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivy.dtypes import DType
from ivy.errors import ConversionError
from ivy.graph.graph import Graph

__all__ = ["KEY", "ModuleSpec", "ParamSpec", "Role", "Tree", "grow", "permutation"]

KEY = "ivy_rng"
"""Keyword by which a module gets its random key when the source's own convention is to pass one."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a parameter is for, where that decides how systems store it.

    Args:
        kind: ``"conv"``, ``"conv_transpose"`` or ``"linear"``.
        layout: order of its axes: ``"OI*"`` (out, in, spatial), ``"*IO"``, ``"IO*"``, ``"OI"`` or ``"IO"``.
    """

    kind: str
    layout: str


def permutation(layout: str, wanted: str, ndim: int) -> tuple[int, ...] | None:
    """Return the axes that bring an array from one layout to another, None if they are equal.

    Args:
        layout: the array's layout.
        wanted: the layout to bring it to.
        ndim: its number of axes.

    Returns:
        Axes for `permute_dims`.

    Example:
        >>> from ivy.stateful.spec import permutation
        >>> permutation("OI*", "*IO", 4)
        (2, 3, 1, 0)
    """

    def axes(text: str) -> list[str]:
        spatial = [f"*{i}" for i in range(ndim - 2)]
        return [axis for letter in text for axis in (spatial if letter == "*" else [letter])]

    have = axes(layout)
    found = tuple(have.index(axis) for axis in axes(wanted))
    return None if found == tuple(range(ndim)) else found


def inverse(perm: tuple[int, ...]) -> tuple[int, ...]:
    """Return the axes that undo a permutation."""
    return tuple(sorted(range(len(perm)), key=perm.__getitem__))


@dataclass(frozen=True, slots=True)
class ParamSpec:
    """A parameter or buffer.

    Args:
        name: as the source framework calls it.
        path: the name in parts: submodules, then the attribute.
        shape: as the source stores it.
        dtype: as the source stores it.
        trainable: whether training changes it.
        buffer: whether it is state rather than a parameter.
        statistic: whether calls in training mode give it new values (the running mean of a batch norm).
        persistent: whether it belongs to the checkpoint.
        aliases: other paths that lead to the same array (tied weights).
        role: what it is for, None if that does not matter or is not known.
    """

    name: str
    path: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: DType
    trainable: bool = True
    buffer: bool = False
    statistic: bool = False
    persistent: bool = True
    aliases: tuple[tuple[str, ...], ...] = ()
    role: Role | None = None


@dataclass(slots=True)
class ModuleSpec:
    """A module of any system, as the converters see it.

    Args:
        name: class name.
        system: its module system: ``"torch"``, ``"flax"``, ``"haiku"``, ...
        framework: the framework whose dialect `capture` gives.
        obj: the native module.
        params: parameters and buffers, in the source's order.
        arrays: gives the current arrays by parameter name.
        capture: ``capture(obj, args, kwargs, *, options) -> Graph`` with every parameter by name; where `takes_key` is
            set, the keyword `KEY` brings a ``uint32[2]`` random key. ``options.parts`` are submodules to call, not to
            capture, and ``options.method`` is a method to capture instead of the call.
        load: writes new arrays (of the source framework, by name) into the native module; None if it is immutable.
        classes: class names of the submodules by path; () is the module itself.
        shared: path of a submodule that is met a second time -> its first path.
        containers: paths of the submodules that can't be called: they only hold others.
        modes: whether a submodule is in training mode, by path, where that differs from the module itself.
        train: whether the source is in training mode.
        takes_key: whether calls draw random numbers from an explicit key.
        detail: the variables of a functional module, as given in ``params_v``.
        part: gives the hub form of the submodule at a path, None for what can't be called (a list of modules); None
            where the system has no submodules of their own.
        locate: gives the path of a submodule, None for anything else; None likewise.
        layers: the standard layers among the submodules by path, () for the module itself; a shared one at its first
            path (`ivy.stateful.layers.Layer`).
    """

    name: str
    system: str
    framework: str
    obj: Any
    params: tuple[ParamSpec, ...]
    arrays: Callable[[], Mapping[str, Any]]
    capture: Callable[..., Graph]
    load: Callable[[Mapping[str, Any]], Any] | None = None
    classes: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    shared: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    containers: frozenset[tuple[str, ...]] = frozenset()
    modes: Mapping[tuple[str, ...], bool] = field(default_factory=dict)
    train: bool = False
    takes_key: bool = False
    detail: Any = None
    part: Callable[[tuple[str, ...]], ModuleSpec | None] | None = None
    locate: Callable[[Any], tuple[str, ...] | None] | None = None
    layers: Mapping[tuple[str, ...], Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Tree:
    """The tree of a native module to be built.

    Args:
        class_name: name of the class.
        path: the submodule's path in the source, the first one of a shared submodule.
        leaves: attribute -> parameter name.
        children: attribute -> subtree; a shared submodule is the same object in two places.
        handle: what the native part knows its submodule by (`ivy.stateful.parts.Handle`).
        shared: whether it is in several places.
        calls: whether it can be called.
        native: the target's own layer that the part is (`ivy.stateful.layers.Native`), None for a class with a
            generated function. The leaves are then called as that layer calls them.
    """

    class_name: str
    path: tuple[str, ...] = ()
    leaves: dict[str, str] = field(default_factory=dict)
    children: dict[str, Tree] = field(default_factory=dict)
    handle: Any = None
    shared: bool = False
    calls: bool = True
    native: Any = None

    @property
    def is_list(self) -> bool:
        """Whether it only numbers its children."""
        return bool(self.children) and not self.leaves and [*self.children] == [*map(str, range(len(self.children)))]

    def nodes(self) -> Iterator[Tree]:
        """Yield this tree and those below it, each once."""
        stack, known = [self], set()
        while stack:
            tree = stack.pop()
            if id(tree) not in known:
                known.add(id(tree))
                yield tree
                stack += tree.children.values()

    def walk(self, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield the place of every leaf and the parameter that it holds, aliases too."""
        for attribute, name in self.leaves.items():
            yield (*path, attribute), name
        for attribute, child in self.children.items():
            yield from child.walk((*path, attribute))


def grow(spec: ModuleSpec, rename: Callable[[str], str] = str, *, share: bool = True) -> Tree:
    """Lay out the tree of a native module after the source's names.

    Args:
        spec: the module.
        rename: turns a part of a path into an attribute that the target allows.
        share: whether a shared submodule becomes one object; otherwise only its first place is kept.

    Returns:
        The root.
    """
    root = Tree(spec.classes.get((), spec.name))
    nodes: dict[tuple[str, ...], Tree] = {(): root}

    def node(path: tuple[str, ...]) -> Tree:
        if path in nodes:
            return nodes[path]
        first = spec.shared.get(path)
        made = node(first) if first is not None else Tree(spec.classes.get(path) or class_name(path[-1]), path)
        made.shared |= first is not None and share
        made.calls = path not in spec.containers
        nodes[path] = made
        parent = node(path[:-1])
        if first is None or share:
            parent.children[_free(rename(path[-1]), parent)] = made
        return made

    for path in spec.classes:  # submodules without parameters, and the order of all
        node(path)
    for p in spec.params:
        for path in (p.path, *p.aliases):
            if not path:
                raise ConversionError(f"{spec.name} has a parameter without a name")
            if any(path[:cut] in spec.shared for cut in range(1, len(path))) or (path != p.path and not share):
                continue
            owner = node(path[:-1])
            owner.leaves[_free(rename(path[-1]), owner)] = p.name
    return root


def _free(name: str, tree: Tree) -> str:
    """Return the name, made unlike the attributes that the tree has."""
    while name in tree.leaves or name in tree.children:
        name += "_"
    return name


def class_name(part: str) -> str:
    """Guess the class of a submodule that is known by its name only.

    Example:
        >>> from ivy.stateful.spec import class_name
        >>> class_name("conv2_d_transpose_1"), class_name("Dense_0")
        ('Conv2DTranspose', 'Dense')
    """
    words = [w for w in re.split(r"\W+|_", re.sub(r"_?\d+$", "", part)) if w]
    return "".join(w[0].upper() + w[1:] for w in words) or "Module"


def plain_name(path: tuple[str, ...]) -> str:
    """Return a path as one name that is the same in every system (``"encoder.0.weight"``)."""
    return ".".join(path)
