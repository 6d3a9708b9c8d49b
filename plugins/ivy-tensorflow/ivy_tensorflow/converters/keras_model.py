"""The hub form to keras: a converted model is a real `keras.Model`.

Its layers hold the variables in the source's tree; the model itself runs the generated function of the whole source.
What is saved with it are graphs in the ivy dialect, so a loaded model needs neither the source nor its framework.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ivy.backend import backend_of_type
from ivy.dtypes import DType
from ivy.errors import IvyError
from ivy.graph.serialise import as_plain
from ivy.stateful.conversion import Conversion
from ivy.stateful.native import (
    ConvertedModel,
    constructor,
    key_given,
    mode_of_call,
    part_called,
    part_replaced,
    source_parameters,
    taken_rng,
    takes_argument,
)
from ivy.stateful.program import Program
from ivy.stateful.spec import ModuleSpec, ParamSpec, Tree
from ivy_tensorflow.backend.support import native_dtype
from ivy_tensorflow.converters.kept import KeptVariables

__all__ = ["STORAGE", "Converted", "Part", "class_from_hub", "from_hub"]

STORAGE = {"conv": "*IO", "conv_transpose": "*OI", "linear": "IO"}
_KINDS = inspect.Parameter


class _Whole:
    """What a converted model and its parts share: variables can be assigned, parts cannot be replaced.

    The generated function is that of the whole source model, so another part would silently not be used.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        old = self.__dict__.get(name)
        if isinstance(old, Part) and isinstance(value, keras.Layer) and value is not old:
            raise part_replaced(name)
        super().__setattr__(name, value)

    def _grow(self, tree: Tree, conversion: Conversion, arrays: Mapping[str, Any], made: _Made) -> None:
        for attribute, name in tree.leaves.items():
            p = conversion.params[name]
            if name not in made.variables:
                made.variables[name] = self.add_weight(  # type: ignore[attr-defined]
                    shape=p.shape,
                    dtype=str(p.dtype),
                    initializer=_value_of(arrays, name, p.dtype),
                    trainable=p.trainable and not p.buffer and p.dtype.is_inexact,
                    name=attribute,
                    autocast=False,
                )
            setattr(self, attribute, made.variables[name])
        for attribute, child in tree.children.items():
            if id(child) not in made.parts:
                made.parts[id(child)] = _class(child.class_name, _Listed if child.is_list else Part)(name=attribute)
                made.parts[id(child)]._grow(child, conversion, arrays, made)
            setattr(self, attribute, made.parts[id(child)])


class _Made:
    """The variables and parts of a model that is being built, so that shared ones are made once."""

    def __init__(self) -> None:
        self.variables: dict[str, Any] = {}
        self.parts: dict[int, Any] = {}


def _value_of(arrays: Mapping[str, Any], name: str, dtype: DType) -> Any:
    """Return an initializer that gives the array; zeros where a loader will fill it in."""
    if name not in arrays:
        return "zeros" if dtype.is_inexact or dtype.is_integer else lambda shape, dtype=None: tf.zeros(shape, dtype)
    return lambda shape, dtype=None: tf.convert_to_tensor(arrays[name])


class Part(_Whole, keras.Layer):
    """A layer of a converted model: holds variables and further parts under the source's names."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.built = True

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: the generated function belongs to the whole model."""
        raise part_called(self)


class _Listed(Part):
    """A part whose children are numbered."""

    def __len__(self) -> int:
        return sum(1 for name in vars(self) if name.isdigit())

    def __getitem__(self, index: int) -> Any:
        return getattr(self, str(range(len(self))[index]))

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))


class Converted(ConvertedModel, _Whole, keras.Model):
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
        default = conversion.spec.train if train is None else train
        signature = _call_signature(conversion.spec) if call is None else call
        object.__setattr__(self, "_ivy_call", signature)
        object.__setattr__(self, "call", _with_signature(self.call, signature))  # keras reads it
        super().__init__(name=name, autocast=False)
        # keras would cast what it takes for inputs to one dtype; the generated function takes the arrays as they are
        self._convert_input_args = False
        self.supports_masking = "mask" in signature.parameters  # keras fills that with the mask of a layer before it
        self._allow_non_tensor_positional_args = True
        self._ivy = _Holder(conversion, default, signature)
        made = _Made()
        self._grow(conversion.tree(_attribute), conversion, conversion.initial() if arrays is None else arrays, made)
        self._ivy.variables = made.variables
        self.built = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the model on positional or keyword inputs; arrays may be of TensorFlow, NumPy or the source framework."""
        if len(args) == 1 and args[0] is None and kwargs:
            args = ()  # what models of keras 2 needed to be called with keywords alone
        native, held = self._native, self._ivy
        args, kwargs = held.named_mode(args, kwargs)
        before, held.given.rng = held.given.rng, taken_rng(held.conversion.spec, kwargs)
        try:
            return super().__call__(*map(native, args), **{k: native(v) for k, v in kwargs.items()})
        finally:
            held.given.rng = before

    def _native(self, x: Any) -> Any:
        """Bring an array of another framework to TensorFlow; keras takes no others for tensors."""
        owner = backend_of_type(type(x))
        if owner is None or owner.name == "tensorflow":
            return x
        return self._ivy.conversion.specialiser.signatures.convert(x)

    def call(self, *args: Any, training: Any = None, **kwargs: Any) -> Any:
        """Run the generated function; see `__call__`."""
        held = self._ivy
        args, kwargs = _canonical(self._ivy_call, args, kwargs)
        train = mode_of_call(held.conversion.spec, "training", training, held.train, kwargs)
        if training is not None and held.own_training:
            kwargs["training"] = training
        variables = held.variables
        params = {name: v.value for name, v in variables.items()}
        try:
            kept = held.kept.now()
            draw = key_given(held.conversion, held.given.rng, _draw_key, "seed it: keras.utils.set_random_seed(0)")
            out, updates = held.conversion.run(params, args, kwargs, train=train, rng=draw, kept=kept)
            held.kept.keep(kept, updates)
        except IvyError as error:
            # keras makes a new exception of the text of those without this mark; ours keeps its parts and its cause
            error._keras_call_info_injected = True  # type: ignore[attr-defined]
            raise
        for name, value in updates.items():
            variables[name].assign(value)
        # a function's graph and keras' own walks know dicts and sequences only
        return out if tf.executing_eagerly() else as_plain(out)

    def compute_mask(self, inputs: Any, previous_mask: Any) -> None:
        """Say that the outputs have no mask: what the source does with one is its own."""

    def named_variables(self) -> dict[str, Any]:
        """Return the variables by the source's names."""
        return dict(self._ivy.variables)

    @property
    def conversion(self) -> Conversion:
        """The model in the hub form, and its graphs."""
        return self._ivy.conversion

    def placed(self) -> tuple[ParamSpec, ...]:
        """Describe the variables by their place in the model."""
        return self._ivy.conversion.placed()

    @property
    def infers_unless_told(self) -> bool:
        """Whether a call without ``training=`` infers."""
        return not self._ivy.train

    # -- saving -------------------------------------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """Return what `from_config` makes the model of: its graphs and the description of its variables."""
        return {
            "name": self.name,
            "trainable": self.trainable,
            "program": Program.of(self._ivy.conversion).to_data(),
            "call": _signature_data(self._ivy_call),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Converted:
        """Make a model of its configuration; its variables are zero until weights are loaded."""
        del custom_objects
        program = Program.from_data(config["program"], _array)
        conversion = Conversion(program.spec("keras", dict), "tensorflow")
        made: Converted = _class(program.name, Converted)(
            conversion, name=config["name"], arrays={}, call=_signature(config["call"])
        )
        if not config["trainable"]:
            made.trainable = False
        return made


class _Given(threading.local):
    """What a call has for ``rng=``, beside the arguments that keras passes on."""

    rng: Any = None


class _Holder:
    """The conversion behind a model, out of the sight of keras' tracking of attributes.

    Args:
        conversion: the model in the hub form.
        train: the mode of calls that do not say.
        call: signature of the call.
    """

    def __init__(self, conversion: Conversion, train: bool, call: inspect.Signature) -> None:
        self.conversion = conversion
        self.train = train
        self.positional = [n for n, p in call.parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
        mode = call.parameters["training"]
        self.own_training = mode.kind is mode.POSITIONAL_OR_KEYWORD or takes_argument(conversion.spec, "training")
        self.variables: dict[str, Any] = {}
        self.kept = KeptVariables()
        self.given = _Given()

    def named_mode(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Bring ``training``, and what follows it, by keyword: keras adds it to calls and knows it that way alone."""
        at = self.positional.index("training") if "training" in self.positional else len(args)
        named = dict(zip(self.positional[at:], args[at:], strict=False))
        if len(args) <= at or len(named) < len(args) - at or named.keys() & kwargs.keys():
            return args, kwargs  # the call tells what is wrong
        return args[:at], {**kwargs, **named}

    @property
    def graph(self) -> Any:
        """The graph of the latest signature."""
        return self.conversion.graph


def _draw_key() -> Any:
    """Draw a JAX-style random key from TensorFlow's default generator."""
    return tf.cast(tf.random.uniform([2], maxval=2**31 - 1, dtype=tf.int32), tf.uint32)


# -- the call's signature ---------------------------------------------------------------------------------------------


def _call_signature(spec: ModuleSpec) -> inspect.Signature:
    """Return the signature of the converted model's call: the source's, and ``training`` where that has none.

    Its default is None, which keras replaces by the mode of what calls the model, and the model by its own.
    """
    given = [] if isinstance(spec.obj, Program) else list(source_parameters(spec.obj).values())
    named = [p.replace(annotation=p.empty) for p in given]
    if spec.takes_key or not any(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in named):
        named = [_KINDS("inputs", _KINDS.VAR_POSITIONAL), _KINDS("kwargs", _KINDS.VAR_KEYWORD)]
    own = next((i for i, p in enumerate(named) if p.name == "training"), None)
    if own is not None:
        return inspect.Signature(_optional_from(named, own))
    training = _KINDS("training", _KINDS.KEYWORD_ONLY, default=None)
    at = next((i for i, p in enumerate(named) if p.kind is p.VAR_KEYWORD), len(named))
    return inspect.Signature([*named[:at], training, *named[at:]])


def _optional_from(named: list[inspect.Parameter], own: int) -> list[inspect.Parameter]:
    """Let the source's own ``training`` default to None; where it has to be given, the source says so."""
    found = [p.replace(default=None) if i == own else p for i, p in enumerate(named)]
    rest = [i for i, p in enumerate(found) if i > own and p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty]
    return [
        p.replace(kind=p.KEYWORD_ONLY) if rest and i >= own and p.kind is p.POSITIONAL_OR_KEYWORD else p
        for i, p in enumerate(found)
    ]


def _with_signature(call: Callable[..., Any], signature: inspect.Signature) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        return call(*args, **kwargs)

    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__doc__ = call.__doc__
    return run


def _canonical(
    signature: inspect.Signature, args: Any, kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Bring a call to one form: by keyword where that is allowed, without arguments that only repeat their default."""
    bound = signature.bind(*args, **kwargs)
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for name, value in bound.arguments.items():
        p = signature.parameters[name]
        if p.kind is p.VAR_POSITIONAL:
            positional.extend(value)
        elif p.kind is p.VAR_KEYWORD:
            named.update(value)
        elif p.kind is p.POSITIONAL_ONLY:
            positional.append(value)
        elif value is not p.default:
            named[name] = value
    return tuple(positional), named


def _signature_data(signature: inspect.Signature) -> list[Any]:
    data = []
    for p in signature.parameters.values():
        plain = p.default is None or type(p.default) in (bool, int, float, str)
        data.append(
            [p.name, p.kind.name, {"default": p.default if plain else None} if p.default is not p.empty else {}]
        )
    return data


def _signature(data: Any) -> inspect.Signature:
    return inspect.Signature([_KINDS(name, getattr(_KINDS, kind), **extra) for name, kind, extra in data])


# -- classes ----------------------------------------------------------------------------------------------------------


def _array(raw: bytes, dtype: DType, shape: tuple[int, ...]) -> Any:
    with tf.init_scope():
        return tf.constant(np.frombuffer(raw, native_dtype(dtype).as_numpy_dtype).reshape(shape))


@cache
def _class(name: str, base: type) -> type:
    """Make a subclass by this name; keras finds a converted model's class by the name that all of them share."""
    made = type(name, (base,), {"__module__": __name__})
    return _registered(made) if issubclass(base, Converted) else made


def _registered(cls: type) -> type:
    if issubclass(cls, Converted):
        keras.saving.register_keras_serializable(package="ivy", name="Converted")(cls)
    return cls


@cache
def _taken() -> frozenset[str]:
    return frozenset(dir(keras.Model())) | {*dir(Converted), "_ivy", "_ivy_call"}


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
    made: Converted = _class(conversion.spec.name, Converted)(conversion, train=train, name=name)
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
