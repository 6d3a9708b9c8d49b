"""What a converted model is made of: which of its parts are the target's own layers, and why others are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ivy.errors import ConversionError

__all__ = ["Part", "Parts", "parts"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a converted model.

    Args:
        path: its path in the source, ``"encoder.layer.0"``.
        source: the class of the source's submodule.
        layer: the standard layer that it is (``"linear"``, ``"conv"``), None if it is none.
        native: the class of the target's own layer, None where the part is a class of its own with generated code.
        reason: why a standard layer is not the target's own, None if it is, or is no standard layer.
        part: the part itself, whatever the target had to call its attributes; None where it is no object of its own, or
            was taken away.
    """

    path: str
    source: str
    layer: str | None
    native: str | None
    reason: str | None
    part: Any = None


class Parts:
    """The parts of a converted model, in the source's order; iterate over them, or print the table.

    Args:
        name: the model's class.
        rows: the parts.
    """

    def __init__(self, name: str, rows: list[Part]) -> None:
        self.name, self.rows = name, rows

    def __iter__(self) -> Iterator[Part]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, path: str) -> Part:
        """Return the part at a path of the source."""
        for row in self.rows:
            if row.path == path:
                return row
        raise KeyError(path)

    @property
    def native(self) -> list[Part]:
        """The parts that are the target's own layers."""
        return [row for row in self.rows if row.native is not None]

    @property
    def other(self) -> list[Part]:
        """The standard layers that are not, each with its reason."""
        return [row for row in self.rows if row.layer is not None and row.native is None]

    def __str__(self) -> str:
        counts = Counter(row.native for row in self.native)
        lines = [f"{self.name}: {len(self.rows)} parts, {len(self.native)} of them the target's own layers"]
        lines += [f"  {n:4d} x {cls}" for cls, n in counts.most_common()]
        why: dict[tuple[str, str], list[str]] = {}
        for row in self.other:
            why.setdefault((row.source, str(row.reason)), []).append(row.path)
        lines += [
            f"  not {source}: {reason} ({paths[0]}{f' and {len(paths) - 1} more' if len(paths) > 1 else ''})"
            for (source, reason), paths in why.items()
        ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Parts of {self.name}: {len(self.rows)}, {len(self.native)} native>"


def parts(model: Any) -> Parts:
    """Return what a converted model is made of.

    Args:
        model: a converted model, or a part of one, of any module system that has parts as objects.

    Returns:
        A row for each submodule of the source: its class, and the target's own layer that it became; where a standard
        layer did not become one, the reason.

    Raises:
        ConversionError: if it is no converted model.

    Example:
        >>> import ivy, torch
        >>> net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU())
        >>> found = ivy.parts(ivy.transpile(net, to="flax"))
        >>> found["0"].native
        'flax.nnx.Linear'
    """
    held = getattr(model, "_ivy", None)
    if held is None or not hasattr(held, "conversion"):
        raise ConversionError(
            f"a {type(model).__name__} is no converted model", hint="pass what ivy.transpile gave for a module"
        )
    conversion = held.conversion
    spec, plan = conversion.spec, conversion.plan
    rows = []
    for path, source in spec.classes.items():
        if not path or path in spec.shared:
            continue
        native, layer = plan.natives.get(path), spec.layers.get(path)
        kind, reason = plan.reasons.get(path, (None, None))
        rows.append(
            Part(
                ".".join(path),
                source,
                layer.kind if layer is not None else kind,
                None if native is None else _public(native.cls),
                reason,
                _at(model, path),
            )
        )
    return Parts(spec.name, rows)


def _at(model: Any, path: tuple[str, ...]) -> Any:
    try:
        return model._ivy_at(path)
    except (AttributeError, KeyError, IndexError, TypeError):
        return None


def _public(cls: type) -> str:
    """Return the name that users know a class by: that of the framework's own class, for a subclass of ours."""
    own = next((c for c in cls.__mro__ if not c.__module__.startswith("ivy")), cls)
    package = own.__module__.split(".")
    short = {"flax": "flax.nnx" if "nnx" in package else "flax.linen", "torch": "torch.nn", "paddle": "paddle.nn"}
    short |= {"keras": "keras.layers", "equinox": "equinox.nn", "haiku": "haiku"}
    return f"{short.get(package[0], own.__module__)}.{own.__name__}"
