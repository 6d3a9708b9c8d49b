"""What the converted models of all module systems share, whatever their native base class is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivy.errors import ConversionError
from ivy.stateful.conversion import Conversion

__all__ = ["ConvertedModel", "Slots", "constructor", "part_called", "part_replaced"]


class ConvertedModel:
    """A mixin of converted models, which hold their `Conversion` (or what has its graph) as ``_ivy``."""

    _ivy: Any

    def to_backend(self, target: str) -> Any:
        """Return the model, as it is now, in another framework or module system."""
        from ivy.transpiler.api import transpile

        return transpile(self, to=target)

    @property
    def graph(self) -> Any:
        """The graph of the latest signature."""
        return self._ivy.graph

    @property
    def code(self) -> str:
        """The generated source of the latest signature."""
        return str(self._ivy.graph.code)


@dataclass(slots=True)
class Slots:
    """Where the tensors of a converted model are, by the way from the model to them.

    The tensors themselves, and the parts and dicts that hold them, must not be kept: functional calls, exporters and
    replicas put others into their place, for a while or in a copy.

    Args:
        parts: for each part but the root, the number of the part above it and its attribute there; the root is 0.
        tensors: name, number of the part, attribute, and whether the part holds it as a buffer.
    """

    parts: list[tuple[int, str]] = field(default_factory=list)
    tensors: list[tuple[str, int, str, bool]] = field(default_factory=list)

    def add_part(self, above: int, attribute: str) -> int:
        """Note a part and return its number."""
        self.parts.append((above, attribute))
        return len(self.parts)

    def walk(self, root: Any, children: Callable[[Any], Mapping[str, Any]]) -> list[Any]:
        """Return the parts of a model by their numbers.

        Args:
            root: the model, or what has been put into its place.
            children: gives the parts that a part holds.
        """
        found = [root]
        for above, attribute in self.parts:
            found.append(children(found[above])[attribute])
        return found


def part_called(part: Any) -> ConversionError:
    """Return the error of calling a part: the generated function belongs to the whole model."""
    return ConversionError(
        f"{type(part).__name__} is a part of a converted model and cannot be called alone",
        hint="convert the source's submodule: ivy.transpile(model.part, ...)",
    )


def part_replaced(name: str) -> ConversionError:
    """Return the error of putting another part in the place of one, which would silently not be used."""
    return ConversionError(
        f"{name} is a part of a converted model and cannot be replaced",
        why="the model runs a function generated from the whole source model",
        hint="change the source model and convert it again",
    )


def constructor(
    base: type, source: type, convert: Callable[[Any], Conversion], options: Mapping[str, Any]
) -> Callable[..., None]:
    """Return the ``__init__`` of a class of converted models, which takes the source class's arguments.

    Args:
        base: the class of converted models.
        source: the source class.
        convert: brings an instance of it into the hub form.
        options: keyword arguments for the constructor of `base`.
    """
    initialise: Any = base.__init__  # type: ignore[misc]

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        initialise(self, convert(source(*args, **kwargs)), **options)

    return init
