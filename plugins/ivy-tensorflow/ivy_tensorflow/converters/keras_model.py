"""The hub form to keras: a converted model is a real `keras.Model`, its parts are real layers.

They hold the variables in the source's tree; each runs the generated function of its submodule of the source. What is
saved with a model are graphs in the ivy dialect, so a loaded model needs neither the source nor its framework.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ivy.backend import backend_of_type
from ivy.dtypes import DType
from ivy.errors import ConversionError, IvyError
from ivy.graph.containers import flatten
from ivy.graph.kept import EMPTY, Left
from ivy.graph.serialise import as_plain
from ivy.stateful.conversion import Conversion
from ivy.stateful.layers import Layer
from ivy.stateful.living import ListedPart
from ivy.stateful.native import ConvertedModel, constructor, key_given, mode_of_call, taken_rng
from ivy.stateful.parts import enclosing_draw, result_of, source_attribute, way_to
from ivy.stateful.program import Program
from ivy.stateful.spec import ParamSpec, Tree
from ivy_tensorflow.backend.support import native_dtype
from ivy_tensorflow.converters.kept import KeptVariables
from ivy_tensorflow.converters.keras_calls import (
    call_signature,
    canonical,
    known_to_keras,
    named_mode,
    read_signature,
    restored,
    set_aside,
    signature_data,
    with_signature,
)
from ivy_tensorflow.converters.keras_taps import Tapped, with_shapes
from ivy_tensorflow.converters.keras_tracking import HOLDING, holds_parts, replaced, tracked
from ivy_tensorflow.converters.living import NOW, child_of, draw_key, gather, held_by

__all__ = ["STORAGE", "Converted", "Part", "class_from_hub", "from_hub"]

STORAGE = {"conv": "*IO", "conv_transpose": "*OI", "linear": "IO"}


class _Default:
    """What a model and its parts share: the mode of calls that do not say.

    Args:
        train: the mode.
    """

    def __init__(self, train: bool) -> None:
        self.train = train


class Part(ConvertedModel, keras.Layer):
    """A converted model or a layer of one: variables and further parts under the source's names.

    It runs the function that is generated for its submodule of the source on the variables that it holds now. Parts
    that were replaced, or are in another mode, are called by that function, the others are inlined in it.
    """

    _ivy_call: Any = None  # the signature of the call, once it is known
    _ivy_mode: bool | None = None  # the mode of all calls, None where they say it
    _ivy_default: Any = None
    _ivy_state: KeptVariables | None = None

    def __init__(self, *, name: str, default: _Default) -> None:
        keras.Layer.__init__(self, name=name, autocast=False)
        self._ivy_begin(default)

    def _ivy_begin(self, default: _Default) -> None:
        # keras would cast what it takes for inputs to one dtype; the generated function takes the arrays as they are
        self._convert_input_args = False
        self._allow_non_tensor_positional_args = True
        self.__dict__["_ivy_default"] = default
        self.built = True

    # -- calls --------------------------------------------------------------------------------------------------------

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the module on positional or keyword inputs; arrays may be of TensorFlow, NumPy or the source framework.

        Args:
            *args: as for the source's module.
            **kwargs: likewise; ``training`` is the mode of the call, ``rng`` a random key or a seed to draw from.
        """
        if len(args) == 1 and args[0] is None and kwargs:
            args = ()  # what models of keras 2 needed to be called with keywords alone
        conversion: Conversion = self._ivy.conversion
        if self._ivy_call is None:
            self._ivy_settle(call_signature(conversion.spec))
        args, kwargs = named_mode(self._ivy_call, args, kwargs)
        before, NOW.rng, NOW.plain = (NOW.rng, NOW.aside), taken_rng(conversion.spec, kwargs), None
        native = self._native
        kwargs, NOW.aside = set_aside(self._ivy_call, {k: native(v) for k, v in kwargs.items()})
        try:
            out = super().__call__(*map(native, args), **kwargs)
            plain = NOW.plain
            if plain is not None and (enclosing_draw() is not None or _symbolic(out)):
                made = restored(out, *plain)
                # other layers take the containers that keras knows, not a class of the source's
                return made if enclosing_draw() is not None or known_to_keras(made) else out
            return out
        finally:
            (NOW.rng, NOW.aside), NOW.plain = before, None

    def _ivy_settle(self, signature: inspect.Signature) -> None:
        """Set the signature of the call; of a part's, keras has only seen one that takes anything."""
        self.__dict__.update(_ivy_call=signature, _call_signature=signature)
        self.__dict__["call_signature_parameters"] = [*signature.parameters]
        self._call_has_mask_arg = "mask" in signature.parameters
        self.supports_masking = self._call_has_mask_arg  # keras fills that with the mask of a layer before it

    def _native(self, x: Any) -> Any:
        """Bring an array of another framework to TensorFlow; keras takes no others for tensors."""
        owner = backend_of_type(type(x))
        if owner is None or owner.name == "tensorflow":
            return x
        return self._ivy.conversion.specialiser.signatures.convert(x)

    def call(self, *inputs: Any, training: Any = None, **kwargs: Any) -> Any:
        """Run the generated function; see `__call__`."""
        conversion: Conversion = self._ivy.conversion
        if NOW.aside:
            kwargs, NOW.aside = {**kwargs, **NOW.aside}, None
        args, kwargs = canonical(self._ivy_call, inputs, kwargs)
        mode = self._ivy_call.parameters["training"]
        if training is not None and mode.kind is mode.POSITIONAL_OR_KEYWORD:  # the source's own argument too
            kwargs["training"] = training
        try:
            train = self._ivy_train(conversion, training, kwargs)
            out = self._ivy_run_in(train, None, args, kwargs, NOW.rng)
        except IvyError as error:
            # keras makes a new exception of the text of those without this mark; ours keeps its parts and its cause
            error._keras_call_info_injected = True  # type: ignore[attr-defined]
            raise
        if tf.executing_eagerly():
            return out
        # a function's graph and keras' own walks know dicts and sequences only
        NOW.plain = flatten(out)
        return as_plain(out)

    def _ivy_run(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run another method of the source."""
        conversion: Conversion = self._ivy.conversion
        given = taken_rng(conversion.spec, kwargs)
        own = inspect.signature(getattr(conversion.spec.obj, method)).parameters
        training = None if "training" in own else kwargs.pop("training", None)
        return self._ivy_run_in(self._ivy_train(conversion, training, {}), method, args, kwargs, given)

    def _ivy_run_in(
        self, train: bool, method: str | None, args: tuple[Any, ...], kwargs: dict[str, Any], given: Any
    ) -> Any:
        conversion: Conversion = self._ivy.conversion
        variables, called = gather(self, conversion, _attribute, train, _changed)
        state = self._ivy_state
        kept = EMPTY if state is None else state.now()
        draw = key_given(conversion, given, draw_key, "seed it: keras.utils.set_random_seed(0)")
        params = {name: v.value for name, v in variables.items()}
        if called is None:
            out, updates = conversion.run(params, args, kwargs, train=train, rng=draw, kept=kept, method=method)
        else:
            with self._ivy_calling(train):
                out, updates = conversion.run(
                    params, args, kwargs, train=train, rng=draw, kept=kept, called=called, method=method
                )
        if type(updates) is Left:
            if state is None:
                state = self.__dict__["_ivy_state"] = KeptVariables()
            state.keep(kept, updates)
        for name, value in updates.items():
            variables[name].assign(value)
        return out

    def _ivy_train(self, conversion: Conversion, training: Any, kwargs: dict[str, Any]) -> bool:
        """Return the mode of a call."""
        default = self._ivy_default.train if NOW.train is None else NOW.train
        train = mode_of_call(conversion.spec, "training", training, default, kwargs)
        if self._ivy_mode is not None:
            train = self._ivy_mode
        if train and not self.trainable and any(p.statistic and len(p.path) == 1 for p in conversion.params.values()):
            return False  # what `trainable = False` means for keras' own batch norm
        return train

    @contextmanager
    def _ivy_calling(self, train: bool) -> Iterator[None]:
        """Tell the layers that are called the mode."""
        context: Any = self._get_call_context()
        before, NOW.train = (NOW.train, context.get_value("training")), train
        context.set_value("training", train)
        try:
            yield
        finally:
            NOW.train = before[0]
            context.set_value("training", before[1])
            if before[0] is None:
                self._maybe_reset_call_context()

    def _abstract(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return what a call gives, with `Aval`s in place of arrays."""
        conversion: Conversion = self._ivy.conversion
        train = self._ivy_train(conversion, kwargs.get("training"), {})
        called = gather(self, conversion, _attribute, train, _changed)[1]
        kept = EMPTY if self._ivy_state is None else self._ivy_state.now()
        return result_of(conversion, args, kwargs, train, kept=kept, called=called)

    def compute_mask(self, inputs: Any, previous_mask: Any) -> None:
        """Say that the outputs have no mask: what the source does with one is its own."""

    @property
    def training(self) -> bool | None:
        """The mode of all calls of a part; None, as it is for most, where a call has that of its model.

        A whole model has the mode of calls that do not say it.
        """
        return self._ivy_mode

    @training.setter
    def training(self, value: bool | None) -> None:
        self.__dict__["_ivy_mode"] = value

    # -- what it holds ------------------------------------------------------------------------------------------------

    @property
    def conversion(self) -> Conversion:
        """The module in the hub form, and its graphs."""
        made: Conversion = self._ivy.conversion
        return made

    def named_variables(self) -> dict[str, Any]:
        """Return the variables by the source's names."""
        return gather(self, self.conversion, _attribute, False, _changed)[0]

    def placed(self) -> tuple[ParamSpec, ...]:
        """Describe the variables by their place in the module."""
        return self.conversion.placed()

    def placed_layers(self) -> dict[tuple[str, ...], Layer]:
        """Return what the layers of keras' own among the parts mean, by their place in the module."""
        conversion, found = self.conversion, {}
        stack: list[tuple[tuple[str, ...], Any, Tree]] = [((), self, conversion.tree(_attribute))]
        while stack:
            path, part, tree = stack.pop()
            for attribute, child in tree.children.items():
                held, place = child_of(part, attribute), (*path, attribute)
                if child.native is None:
                    stack += [(place, held, child)] if isinstance(held, (Part, list, dict)) else []
                elif child.native.same(held, False):
                    layer = conversion.plan.layers[child.path]
                    found[place] = Layer(layer.kind, layer.config, child.native.weights, layer.train)
        return found

    @property
    def layers(self) -> list[keras.Layer]:
        """The layers that it holds itself."""
        return list(self._flatten_layers(include_self=False, recursive=False))

    def __getattr__(self, name: str) -> Any:
        return source_attribute(self, name, self.__dict__.get("_ivy"), self._ivy_run, self._ivy_at)

    def _ivy_at(self, path: tuple[str, ...]) -> Any:
        part: Any = self
        for attribute in way_to(self.conversion.tree(_attribute), path):
            part = child_of(part, attribute)
        return part

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if name not in _NOT_SAVED]

    def __setattr__(self, name: str, value: Any) -> None:
        old = self.__dict__.get(name)
        if name.startswith("_") or not (isinstance(old, HOLDING) or holds_parts(value)):
            super().__setattr__(name, value)
            return
        before = held_by(self) if isinstance(old, HOLDING) else {}
        self._tracker.unlock()  # quantising locks it
        super().__setattr__(name, value)
        self.__dict__[name] = tracked(self.__dict__[name], self)
        replaced(self, before)

    def __delattr__(self, name: str) -> None:
        before = held_by(self)
        super().__delattr__(name)
        replaced(self, before)

    def _grow(self, tree: Tree, conversion: Conversion, arrays: Mapping[str, Any], made: _Made) -> None:
        for attribute, name in tree.leaves.items():
            p = conversion.params[name]
            if name not in made.variables:
                made.variables[name] = self.add_weight(
                    shape=p.shape,
                    dtype=str(p.dtype),
                    initializer=_value_of(arrays, name, p.dtype),
                    trainable=p.trainable and not p.buffer and p.dtype.is_inexact,
                    name=attribute,
                    autocast=False,
                )
            setattr(self, attribute, made.variables[name])
        with nullcontext() if isinstance(self, Converted) else keras.name_scope(self.name):
            for attribute, child in tree.children.items():
                setattr(self, attribute, made.part(attribute, child, conversion, arrays))

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        conversion: Conversion = self._ivy.conversion
        default = memo.setdefault(id(self._ivy_default), copy.copy(self._ivy_default))
        variables = self.named_variables()
        made = _Made(default)
        new = self._ivy_blank(default)
        new._grow(conversion.tree(_attribute), conversion, {n: v.value for n, v in variables.items()}, made)
        memo.update((id(v), made.variables[name]) for name, v in variables.items())
        _copy(new, self, conversion.tree(_attribute), memo)
        return new

    def _ivy_blank(self, default: _Default) -> Any:
        return _class(type(self).__name__, _base(type(self)))(name=self.name, default=default)

    # -- saving -------------------------------------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """Return what `from_config` makes the model of: its graphs and the description of its variables."""
        self._ivy_refuse_changed()
        return {
            "name": self.name,
            "trainable": self.trainable,
            "program": Program.of(self._ivy.conversion).to_data(),
            "call": signature_data(call_signature(self.conversion.spec) if self._ivy_call is None else self._ivy_call),
        }

    def _ivy_refuse_changed(self) -> None:
        conversion = self.conversion
        called = gather(self, conversion, _attribute, False, _changed)[1]
        changed = () if called is None else (*called.parts, *called.lengths)
        names = [".".join(path) for path in changed if getattr(self._ivy_at_or_none(path), "_ivy_mode", None) is None]
        if names:
            raise ConversionError(
                f"{conversion.spec.name} can't be saved as a model: {', '.join(names[:5])} was changed",
                why="what is saved is the generated code of the whole model, and that calls the part as it is now",
                hint="save its weights (model.save_weights), which can be loaded after the same changes",
            )

    def _ivy_at_or_none(self, path: tuple[str, ...]) -> Any:
        try:
            return self._ivy_at(path)
        except KeyError:
            return None

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Converted:
        """Make a model of its configuration; its variables are zero until weights are loaded."""
        del custom_objects
        program = Program.from_data(config["program"], _array)
        conversion = Conversion(program.spec("keras", dict), "tensorflow", system="keras")
        base = _ListedModel if conversion.tree(_attribute).is_list else Converted
        made: Converted = _class(program.name, base)(
            conversion, name=config["name"], arrays={}, call=read_signature(config["call"])
        )
        if not config["trainable"]:
            made.trainable = False
        return made


_NOT_SAVED = frozenset({"conversion", "graph", "code", "layers", "inputs", "output", "outputs"})
"""Properties that keras would ask every part for when it saves a model, all in vain."""


def _symbolic(out: Any) -> bool:
    return any(isinstance(x, keras.KerasTensor) for x in keras.tree.flatten(out))


def _changed(state: dict[str, Any], tree: Tree, train: bool) -> bool:
    """Tell whether a part is to be called."""
    mode = state.get("_ivy_mode")
    if (mode is not None and mode is not train) or "call" in state or "_ivy_state" in state:
        return True
    return train and not state["_trainable"] and _holds_statistics(tree)


def _holds_statistics(tree: Tree) -> bool:
    return any(p.statistic and p.path[:-1] == tree.handle.path for p in tree.handle.root.params.values())


class _Made:
    """The variables and parts of a model that is being built, so that shared ones are made once."""

    def __init__(self, default: _Default) -> None:
        self.default = default
        self.variables: dict[str, Any] = {}
        self.parts: dict[int, Any] = {}

    def part(self, name: str, tree: Tree, conversion: Conversion, arrays: Mapping[str, Any]) -> Any:
        """Return the part for a tree, a list or dict of parts where it only holds others."""
        if not tree.calls and not tree.leaves:
            items = {a: self.part(f"{name}_{a}", child, conversion, arrays) for a, child in tree.children.items()}
            return [*items.values()] if tree.is_list or not items else items
        if id(tree) not in self.parts and tree.native is not None:
            self.parts[id(tree)] = self._native(name, tree, conversion, arrays)
        if id(tree) not in self.parts:
            base = _Listed if tree.is_list else Part
            made = self.parts[id(tree)] = _class(tree.class_name, base)(name=name, default=self.default)
            made._grow(tree, conversion, arrays, self)
            made.__dict__["_ivy"] = tree.handle  # last: until now it has no attributes of the source's
        return self.parts[id(tree)]

    def _native(self, name: str, tree: Tree, conversion: Conversion, arrays: Mapping[str, Any]) -> Any:
        """Return keras' own layer of what a part means."""
        native: Any = tree.native
        layer = native.make(name=name)
        for attribute, own in tree.leaves.items():
            p, variable = conversion.params[own], getattr(layer, attribute)
            if own in self.variables:  # tied: one variable in two layers
                key = next(k for k, x in vars(layer).items() if x is variable)
                layer._tracker.unlock()
                layer._untrack_variable(variable)
                setattr(layer, key, self.variables[own])
                continue
            if own in arrays:
                variable.assign(arrays[own])
            if not p.buffer and not p.trainable:
                variable.trainable = False
            self.variables[own] = variable
        return layer


def _value_of(arrays: Mapping[str, Any], name: str, dtype: DType) -> Any:
    """Return an initializer that gives the array; zeros where a loader will fill it in."""
    if name not in arrays:
        return "zeros" if dtype.is_inexact or dtype.is_integer else lambda shape, dtype=None: tf.zeros(shape, dtype)
    return lambda shape, dtype=None: tf.identity(arrays[name])


class _Listed(ListedPart, Part):
    """A part whose children are numbered, and that can be called."""

    def _ivy_sequence(self, parts: list[Any]) -> keras.Sequential:
        return keras.Sequential(parts)

    def _ivy_numbered(self) -> dict[str, Any]:
        return {name: x for name, x in vars(self).items() if name.isdigit()}


class Converted(Part, keras.Model):
    """A model converted to Keras: a native `keras.Model`.

    `fit`, `predict`, `summary`, `save` and `keras.saving.load_model` work, and it is a layer within other models. It
    infers unless called with ``training=True``; a source in training mode makes that the default.

    Args:
        conversion: the model in the hub form with TensorFlow as its target.
        train: the mode of calls that do not say; the source's by default.
        name: the model's name.
        arrays: initial values; those of the source by default.
        call: signature of the call; the source's by default.
    """

    def __init__(
        self,
        conversion: Conversion,
        *,
        train: bool | None = None,
        name: str | None = None,
        arrays: Mapping[str, Any] | None = None,
        call: inspect.Signature | None = None,
    ) -> None:
        default = _Default(conversion.spec.train if train is None else train)
        self._ivy_open(default, call_signature(conversion.spec) if call is None else call, name)
        made = _Made(default)
        tree = conversion.tree(_attribute)
        self._grow(tree, conversion, conversion.initial() if arrays is None else arrays, made)
        self.__dict__["_ivy"] = conversion
        if train is None:
            for node in tree.nodes():
                if node.path in conversion.spec.modes and id(node) in made.parts:
                    _fix_mode(made.parts[id(node)], conversion.spec.modes[node.path])

    def _ivy_open(self, default: _Default, signature: inspect.Signature, name: str | None) -> None:
        self.__dict__["call"] = with_signature(self.call, signature)  # keras reads it
        keras.Model.__init__(self, name=name, autocast=False)
        self._ivy_begin(default)
        self._ivy_settle(signature)

    def _ivy_blank(self, default: _Default) -> Any:
        cls = type(self)
        new = cls.__new__(cls)
        new._ivy_open(default, self._ivy_call, self.name)
        return new

    @property
    def training(self) -> bool:
        """The mode of calls that do not say it."""
        return bool(self._ivy_default.train)

    @training.setter
    def training(self, value: bool) -> None:
        self._ivy_default.train = bool(value)

    @property
    def infers_unless_told(self) -> bool:
        """Whether a call without ``training=`` infers."""
        return not self._ivy_default.train

    @property
    def inputs(self) -> list[Any]:
        """Symbolic inputs, of the form of the first call; ``keras.Model(k.inputs, k.layers[3].output)`` starts there.

        Raises:
            AttributeError: if the model has not been called yet.
        """
        return self._ivy_tapped().inputs

    @property
    def output(self) -> Any:
        """What the model gives for `inputs`, in the structure of its results."""
        tapped = self._ivy_tapped()
        return tapped.output_of(self)

    @property
    def outputs(self) -> list[Any]:
        """The arrays of `output`."""
        return list(keras.tree.flatten(self.output))

    def _ivy_tapped(self) -> Tapped:
        made = self.__dict__.get("_ivy_taps")
        if made is None:
            example = next(iter(self.conversion.specialiser.examples.values()), None)
            if example is None:
                raise AttributeError(f"{self.name} has not been called yet, and has no defined inputs")
            made = self.__dict__["_ivy_taps"] = Tapped(self, example)
        found: Tapped = made
        return found

    def summary(self, *args: Any, **kwargs: Any) -> Any:
        """Show the layers, with the shapes that they gave in the first call; see `keras.Model.summary`."""
        with with_shapes(self._ivy_shapes()):
            return super().summary(*args, **kwargs)

    def _ivy_shapes(self) -> list[tuple[Any, Any]]:
        """Return the parts that were called with the shapes of their results."""
        conversion = self.conversion
        example = next(iter(conversion.specialiser.examples.values()), None)
        if example is None or isinstance(conversion.spec.obj, Program):
            return []
        results = conversion.results(*example, self._ivy_default.train)
        found = []
        for node in conversion.tree(_attribute).nodes():
            if node.path in results:
                part = self._ivy_at(node.path)
                if isinstance(part, keras.Layer) and part is not self:
                    found.append((part, results[node.path]))
        return found

    # What keras has compiled is of the parts that the model had then.

    def make_train_function(self, force: bool = False) -> Any:
        """Return the function of one step of `fit`, made anew if parts were replaced."""
        return super().make_train_function(force or self._ivy_other())

    def make_test_function(self, force: bool = False) -> Any:
        """Return the function of one step of `evaluate`, made anew if parts were replaced."""
        return super().make_test_function(force or self._ivy_other())

    def make_predict_function(self, force: bool = False) -> Any:
        """Return the function of one step of `predict`, made anew if parts were replaced."""
        return super().make_predict_function(force or self._ivy_other())

    def _ivy_other(self) -> bool:
        called = gather(self, self.conversion, _attribute, True, _changed)[1]
        now = () if called is None else tuple((path, id(part)) for path, part in called.parts.items())
        before = self.__dict__.get("_ivy_compiled", now)
        self.__dict__["_ivy_compiled"] = now
        if now == before:
            return False
        self.train_function = self.test_function = self.predict_function = None
        return True


def _fix_mode(layer: Any, train: bool) -> None:
    """Let a part or a layer of keras' own have one mode in all calls."""
    if isinstance(layer, Part):
        layer.training = train
        return
    if "training" not in inspect.signature(layer.call).parameters:
        return  # the mode does not matter

    def call(*args: Any, training: Any = None, **kwargs: Any) -> Any:
        return type(layer).call(layer, *args, training=train, **kwargs)

    layer.call = call


class _ListedModel(_Listed, Converted):
    """A converted model whose children are numbered."""


def _copy(new: Any, old: Any, tree: Tree, memo: dict[int, Any]) -> None:
    """Give a copy of a model what was changed in the old one."""
    memo[id(old)] = new
    if isinstance(old, Part):
        new.__dict__.update(_ivy=old._ivy, _ivy_mode=old._ivy_mode, _ivy_call=old._ivy_call)
        new.__dict__["_ivy_state"] = copy.deepcopy(old._ivy_state, memo)
        new.__dict__["_trainable"] = old.__dict__["_trainable"]
        if old._ivy_call is not None:
            new._ivy_settle(old._ivy_call)
        for name, x in vars(old).items():
            if name not in new.__dict__ and not name.startswith("_") and name != "optimizer":
                setattr(new, name, copy.deepcopy(x, memo))
    for attribute, child in tree.children.items():
        was = child_of(old, attribute)
        if was is None and isinstance(old, (list, dict)):
            continue
        if id(was) in memo:
            made = memo[id(was)]
        elif child.native is not None and child.native.same(was, False):
            child_of(new, attribute).trainable = was.trainable
            continue
        elif child.native is None and getattr(was, "_ivy", None) is child.handle:
            made = child_of(new, attribute)
            _copy(made, was, child, memo)
            continue
        elif not child.calls and isinstance(was, (list, dict)):
            made = child_of(new, attribute)
            _copy(made, was, child, memo)
            if isinstance(was, list) and len(was) != len(child.children):
                made = [*made[: len(was)], *(copy.deepcopy(x, memo) for x in was[len(made) :])]
            else:
                continue
        else:
            made = copy.deepcopy(was, memo)
        if isinstance(new, list):
            new[int(attribute)] = made
        elif isinstance(new, dict):
            new[attribute] = made
        else:
            setattr(new, attribute, made)


# -- classes ----------------------------------------------------------------------------------------------------------


def _array(raw: bytes, dtype: DType, shape: tuple[int, ...]) -> Any:
    with tf.init_scope():
        return tf.constant(np.frombuffer(raw, native_dtype(dtype).as_numpy_dtype).reshape(shape))


@cache
def _class(name: str, base: type) -> type:
    """Make a subclass by this name; keras finds a converted model's class by the name that all of them share."""
    return _registered(type(name, (base,), {"__module__": __name__}))


def _base(cls: type) -> type:
    return next(c for c in cls.__mro__ if c in (_ListedModel, _Listed, Converted, Part))


def _registered(cls: type) -> type:
    keras.saving.register_keras_serializable(package="ivy", name="Converted")(cls)
    return cls


@cache
def _taken() -> frozenset[str]:
    return frozenset(dir(keras.Model())) | {*dir(Converted), *_NOT_SAVED, "_ivy", "_ivy_call"}


def _attribute(part: str) -> str:
    """Turn a part of a name into an attribute that a keras layer allows."""
    name = part.replace("/", "_") or "_"
    while name in _taken():
        name += "_"
    return name


def from_hub(conversion: Conversion, *, train: bool | None = None, name: str | None = None) -> Converted:
    """Build a keras model.

    Args:
        conversion: the model in the hub form with TensorFlow as its target.
        train: the mode of calls that do not say; the source's by default.
        name: the model's name.

    Returns:
        A native model.
    """
    base = _ListedModel if conversion.tree(_attribute).is_list else Converted
    made: Converted = _class(conversion.spec.name, base)(conversion, train=train, name=name)
    return made


def class_from_hub(source: type, convert: Callable[[Any], Conversion], **options: Any) -> type:
    """Make a class of keras models out of a class of another system's.

    Args:
        source: the class.
        convert: brings an instance of it into the hub form.
        **options: as in `from_hub`.

    Returns:
        A class with the same constructor.
    """
    init = constructor(Converted, source, convert, options)
    return _registered(type(source.__name__, (Converted,), {"__init__": init}))


_registered(Converted)
