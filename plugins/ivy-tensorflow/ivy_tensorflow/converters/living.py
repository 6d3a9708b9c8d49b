"""What converted keras models and `tf.Module`s share: gathering what parts hold, and evaluating them abstractly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import keras
import tensorflow as tf

from ivy.errors import ConversionError
from ivy.graph.aval import Aval, aval_of
from ivy.graph.containers import flatten, unflatten
from ivy.stateful.conversion import Conversion
from ivy.stateful.layers import Native
from ivy.stateful.native import Slots
from ivy.stateful.parts import Called, check_shared, enclosing_draw
from ivy.stateful.spec import Tree

__all__ = ["NOW", "child_of", "draw_key", "evaluate", "gather", "held_by"]

_NOTHING: dict[str, Any] = {}


class _Now(threading.local):
    """What a call that is under way has for the parts that it calls."""

    rng: Any = None  # given for `rng=`, beside the arguments that keras passes on
    train: bool | None = None  # the mode of the model that calls
    plain: Any = None  # the structure of a result that was made plain
    aside: Any = None  # keyword arguments that keras would not pass on


NOW = _Now()


def child_of(part: Any, attribute: str) -> Any:
    """Return what a part, a list or a dict of parts holds under a name, None if there is nothing."""
    if isinstance(part, list):
        at = int(attribute)
        return part[at] if at < len(part) else None
    if isinstance(part, dict):
        return part.get(attribute)
    return part.__dict__.get(attribute)


def slots_of(conversion: Conversion, attribute: Callable[[str], str]) -> Slots:
    """Return where a model has the variables of a conversion, worked out once."""
    if conversion.slots is None:
        slots = Slots()
        slots.add(conversion.tree(attribute), {name: p.buffer for name, p in conversion.params.items()})
        trees = [None, *(tree for _, _, tree in slots.parts)]
        known: dict[int, dict[str, str]] = {}
        for i, (name, place, own, is_buffer) in enumerate(slots.tensors):
            tree = trees[place]
            if tree is not None and tree.native is not None:
                if id(tree.native) not in known:
                    known[id(tree.native)] = _keys(tree.native)
                slots.tensors[i] = (name, place, known[id(tree.native)][own], is_buffer)
        conversion.slots = slots
    found: Slots = conversion.slots
    return found


def _keys(native: Native) -> dict[str, str]:
    """Return where in a layer's ``__dict__`` the variables are that it has as properties."""
    fresh: Any = native.make()
    held = {id(x): key for key, x in vars(fresh).items()}
    return {name: held[id(getattr(fresh, name))] for name, _ in native.weights.values()}


def gather(
    root: Any,
    conversion: Conversion,
    attribute_of: Callable[[str], str],
    train: bool,
    changed: Callable[[dict[str, Any], Tree, bool], bool],
) -> tuple[dict[str, Any], Called | None]:
    """Return the variables of a model by name, and the parts that are to be called.

    Args:
        root: the model or the part.
        conversion: what it runs.
        attribute_of: turns a part of a name into an attribute.
        train: the mode of the call.
        changed: tells whether a part has to be called, of its ``__dict__``, its place in the tree and the mode.
    """
    slots = slots_of(conversion, attribute_of)
    parts: list[Any] = [root]
    called: dict[tuple[str, ...], Any] = {}
    for above, attribute, tree in slots.parts:
        part = parts[above]
        if part is not None:
            part = child_of(part, attribute)
            if tree.native is not None:
                if not tree.native.same(part, train) or (train and _is_frozen_norm(part)):
                    called[tree.path] = part
                    part = part if isinstance(part, tree.native.cls) else None
            elif tree.calls or not isinstance(part, (list, dict)):
                state = getattr(part, "__dict__", _NOTHING)
                if state.get("_ivy") is not tree.handle:
                    called[tree.path] = part
                    part = None
                elif changed(state, tree, train):
                    called[tree.path] = part
        parts.append(part)
    found, params = {}, conversion.params
    for name, place, attribute, _ in slots.tensors:
        part = parts[place]
        held = None if part is None else child_of(part, attribute)
        if held is not None and (not called or tuple(held.shape) == params[name].shape):
            found[name] = held
    lengths = slots.changed_lists(parts, called, _children)
    made = Called(called, evaluate, _described, lengths) if called or lengths else None
    check_shared(root, conversion, made, child_of)
    return found, made


def _is_frozen_norm(part: Any) -> bool:
    """Tell whether keras' own batch norm infers in training: where it is not trained."""
    return isinstance(part, keras.layers.BatchNormalization) and not part.trainable


def _children(part: Any) -> Mapping[str, Any]:
    if isinstance(part, list):
        return {str(i): x for i, x in enumerate(part)}
    return part if isinstance(part, dict) else {k: x for k, x in vars(part).items() if k.isdigit()}


def evaluate(part: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return what a layer, a module or a function gives, with `Aval`s in place of tensors.

    Nothing is computed, and no weight changes; a layer without variables makes them.

    Args:
        part: any of these.
        args: positional arguments, with `Aval`s.
        kwargs: keyword arguments, likewise.
    """
    own = getattr(type(part), "_abstract", None)
    if own is not None:
        return own(part, args, kwargs)
    leaves, spec = flatten((args, kwargs))
    places = [i for i, x in enumerate(leaves) if type(x) is Aval]
    with tf.init_scope():
        if isinstance(part, keras.Layer):
            for i in places:
                leaves[i] = keras.KerasTensor(leaves[i].shape, str(leaves[i].dtype))
            given, named = unflatten(spec, leaves)
            before = len(part._inbound_nodes)
            try:
                result = part(*given, **named)
            finally:
                del part._inbound_nodes[before:]  # keras takes a symbolic call for a place in a functional model
            out, out_spec = flatten(result)
        else:
            kept: list[Any] = []

            def call(*arrays: Any) -> list[Any]:
                for i, x in zip(places, arrays, strict=True):
                    leaves[i] = x
                given, named = unflatten(spec, leaves)
                kept[:] = flatten(part(*given, **named))
                return [x for x in kept[0] if tf.is_tensor(x)]

            specs = [tf.TensorSpec(leaves[i].shape, str(leaves[i].dtype)) for i in places]
            tf.function(call, autograph=False).get_concrete_function(*specs)
            out, out_spec = kept
    return unflatten(out_spec, [_aval(x, part) for x in out])


def _aval(x: Any, part: Any) -> Any:
    if not (isinstance(x, keras.KerasTensor) or tf.is_tensor(x)):
        return x
    shape = tuple(x.shape)
    if None in shape:
        raise ConversionError(
            f"{type(part).__name__} does not tell the shape of its result",
            hint="give it a compute_output_shape that does",
        )
    if isinstance(x, keras.KerasTensor):
        from ivy.dtypes import as_dtype

        return Aval(tuple(int(n) for n in shape), as_dtype(str(x.dtype)))
    return aval_of(x)


def _described(part: Any) -> Any:
    """Return what of a part decides on the types of its results, as far as that is seen from outside."""
    variables = getattr(part, "variables", ()) if isinstance(part, (keras.Layer, tf.Module)) else part
    if variables is part:
        return part
    kinds = [(tuple(v.shape), str(getattr(v, "dtype", ""))) for v in variables]
    return type(part), getattr(part, "_ivy_mode", None), tuple(kinds)


def held_by(part: Any) -> dict[int, Any]:
    """Return the layers and modules that a part holds itself, also in lists and dicts, by identity."""
    found: dict[int, Any] = {}

    def visit(x: Any) -> None:
        if isinstance(x, (keras.Layer, tf.Module)):
            found[id(x)] = x
        elif isinstance(x, (list, tuple)):
            for y in x:
                visit(y)
        elif isinstance(x, dict):
            for y in x.values():
                visit(y)

    for name, x in vars(part).items():
        if not name.startswith("_"):
            visit(x)
    return found


def draw_key() -> Any:
    """Draw a JAX-style random key from TensorFlow's default generator, or as the model does that calls a part."""
    draw = enclosing_draw()
    if draw is not None and draw is not draw_key:
        return draw()
    return tf.cast(tf.random.uniform([2], maxval=2**31 - 1, dtype=tf.int32), tf.uint32)
