"""What the converted models of all module systems share, whatever their native base class is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ivy.errors import ConversionError
from ivy.stateful.conversion import Conversion

__all__ = ["ConvertedModel", "constructor", "part_called", "part_replaced"]


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
