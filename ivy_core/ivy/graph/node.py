"""Nodes of a graph: what is computed, from what, and where in the user's source it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ivy.graph.aval import Aval

__all__ = ["Loc", "Node", "map_nested", "map_refs", "refs"]


@dataclass(frozen=True, slots=True)
class Loc:
    """A place in the user's source.

    Args:
        file: path of the source file, or ``"<stdin>"`` and the like.
        line: line number, from 1.
        function: name of the enclosing function.
    """

    file: str
    line: int
    function: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def short(self) -> str:
        """The last three parts of the path, enough to find it by eye."""
        return "/".join(self.file.replace("\\", "/").split("/")[-3:]) + f":{self.line}"


@dataclass(eq=False, slots=True, repr=False)
class Node:
    """One value of a graph.

    Args:
        kind: ``"input"``, ``"param"`` (a named parameter or buffer), ``"const"``, ``"call"``, ``"item"`` (one part of a
            call's structured result), ``"guard"`` (a value that the capture relied on) or ``"part"`` (a native part of
            the model that is called; see `ivy.graph.parts`).
        name: parameter name, input name, or a hint for a readable variable name.
        fn: for a call, the dotted path of what is called, in the graph's dialect.
        args: positional arguments: nodes, literals, nested containers and sub-graphs.
        kwargs: keyword arguments, likewise.
        out: `Aval` of the result, in the result's own structure; None when it is not known.
        value: for a param or const, its array in the framework that it came from.
        loc: where the user's code made the call.
        scope: path of the module that made it, such as ``"layer1.0.conv1"``.
        meta: anything else a capture wants to hand to its own frontend (for example which argument the result aliases);
            ``"untyped"`` says that `out` is a guess, to which nothing is held.
    """

    kind: str
    name: str = ""
    fn: str = ""
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    out: Any = None
    value: Any = None
    loc: Loc | None = None
    scope: str = ""
    meta: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        what = self.fn or self.kind
        return f"<{what} {self.name or ''} {self.out!r}>"

    @property
    def aval(self) -> Aval:
        """The abstract result of a node that gives one array."""
        if type(self.out) is not Aval:
            raise TypeError(f"{self!r} does not give a single array")
        return self.out


def map_nested(x: Any, f: Callable[[Any], Any]) -> Any:
    """Rebuild a nest of plain containers and slices with `f` applied to every leaf.

    Args:
        x: tuples (named ones too), lists, dicts and slices in any depth.
        f: called on each leaf.

    Returns:
        The same structure with the results.
    """
    cls = type(x)
    if cls is tuple:
        return tuple([map_nested(v, f) for v in x])
    if cls is list:
        return [map_nested(v, f) for v in x]
    if cls is dict:
        return {k: map_nested(v, f) for k, v in x.items()}
    if cls is slice:
        return slice(map_nested(x.start, f), map_nested(x.stop, f), map_nested(x.step, f))
    if isinstance(x, tuple) and hasattr(x, "_fields"):
        return cls(*[map_nested(v, f) for v in x])
    if hasattr(cls, "n_sequence_fields"):  # a structure of C's, such as torch.return_types
        return cls([map_nested(v, f) for v in x])
    return f(x)


def leaves(x: Any) -> list[Any]:
    """Return the leaves of a nest of plain containers and slices, in order."""
    found: list[Any] = []
    map_nested(x, found.append)
    return found


def map_refs(x: Any, f: Callable[[Node], Any]) -> Any:
    """Rebuild a nest with `f` applied to the nodes in it."""
    return map_nested(x, lambda v: f(v) if type(v) is Node else v)


def refs(x: Any) -> Iterator[Node]:
    """Yield the nodes in a nest, and those of an enclosing graph that a sub-graph in it uses."""
    cls = type(x)
    if cls is Node:
        yield x
    elif cls is tuple or cls is list:
        for v in x:
            yield from refs(v)
    elif cls is dict:
        for v in x.values():
            yield from refs(v)
    elif cls is slice:
        yield from refs((x.start, x.stop, x.step))
    elif isinstance(x, tuple):
        for v in x:
            yield from refs(v)
    elif hasattr(x, "free_nodes"):
        yield from x.free_nodes()
