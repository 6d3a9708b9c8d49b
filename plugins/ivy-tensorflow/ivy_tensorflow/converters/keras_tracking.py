"""Keeping keras' books of the layers that a part holds, where they are replaced: keras itself only adds to them."""

from __future__ import annotations

from typing import Any

import keras

from ivy_tensorflow.converters.living import held_by

__all__ = ["HOLDING", "holds_parts", "replaced", "tracked"]

HOLDING = (keras.Layer, list, dict)
"""What a part may hold layers as."""


def holds_parts(x: Any) -> bool:
    """Tell whether a value is a layer, or a list or dict of some."""
    if isinstance(x, (list, tuple)):
        return any(map(holds_parts, x))
    return any(map(holds_parts, x.values())) if isinstance(x, dict) else isinstance(x, keras.Layer)


def replaced(owner: Any, before: dict[int, Any]) -> None:
    """Forget the layers that a part does not hold any more; new ones take their places.

    Args:
        owner: the part.
        before: what it held before, by identity (`held_by`).
    """
    now, layers = held_by(owner), owner._layers
    gone = [x for key, x in before.items() if key not in now]
    if not gone:
        return
    order = [id(x) for x in layers]
    at = min((order.index(id(x)) for x in gone if id(x) in order), default=len(order))
    new = [x for x in layers[at:] if id(x) not in before]
    for x in new:
        del layers[next(i for i, y in enumerate(layers) if y is x)]
    layers[at:at] = new
    for x in gone:
        owner._tracker.untrack(x)


class _Probe(keras.Layer):
    def __init__(self) -> None:
        super().__init__()
        self.list: Any = []
        self.dict: Any = {}


_probe = _Probe()
_TrackedList: Any = type(_probe.list)
_TrackedDict: Any = type(_probe.dict)


class _List(_TrackedList):
    """A list of layers of which items may be replaced."""

    owner: Any = None

    def __setitem__(self, index: Any, value: Any) -> None:
        _set(self, index, value)


class _Dict(_TrackedDict):
    """A dict of layers of which items may be replaced."""

    owner: Any = None

    def __setitem__(self, key: Any, value: Any) -> None:
        _set(self, key, value)


def _set(held: Any, key: Any, value: Any) -> None:
    if held.owner is None:
        super(type(held), held).__setitem__(key, value)
        return
    before = held_by(held.owner)
    held.tracker.unlock()
    if isinstance(key, slice):
        value = [held.tracker.track(x) for x in value]
    else:
        held.tracker.track(value)
    super(type(held), held).__setitem__(key, value)
    replaced(held.owner, before)


def tracked(value: Any, owner: Any) -> Any:
    """Return a list or dict in the form in which its items may be replaced; anything else as it is.

    Args:
        value: what a part has for an attribute.
        owner: the part.
    """
    made: Any
    if isinstance(value, list) and holds_parts(value):
        made = _List([tracked(x, owner) for x in value])
    elif isinstance(value, dict) and holds_parts(value):
        made = _Dict({k: tracked(x, owner) for k, x in value.items()})
    else:
        return value
    made.tracker, made.owner = owner._tracker, owner
    return made
