"""`tf.Module` to the hub form and back.

A converted model is a `tf.Module` with the source's tree of submodules. Its parts hold the variables; the root runs the
generated function of the whole model on them.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import tensorflow as tf

from ivy.errors import ConversionError
from ivy.stateful.conversion import Conversion
from ivy.stateful.native import ConvertedModel, constructor, key_given, part_called, part_replaced, taken_rng
from ivy.stateful.spec import ModuleSpec, Tree
from ivy_tensorflow.capture import capture_with_variables
from ivy_tensorflow.converters import walk
from ivy_tensorflow.converters.kept import KeptVariables
from ivy_tensorflow.converters.keras_source import role

__all__ = ["STORAGE", "Converted", "Part", "class_from_hub", "from_hub", "owns", "to_hub"]

STORAGE = {"conv": "*IO", "conv_transpose": "*OI", "linear": "IO"}

Base: Any = tf.Module
_Meta: Any = type(tf.Module)


def owns(obj: Any) -> bool:
    """Tell whether an object is a `tf.Module` or a class of them; variables, which are modules too, are arrays."""
    if isinstance(obj, type):
        return issubclass(obj, Base) and not issubclass(obj, tf.Variable)
    return isinstance(obj, Base) and not isinstance(obj, tf.Variable)


# -- to the hub -------------------------------------------------------------------------------------------------------


def to_hub(module: Any, *, params_v: Any = None) -> ModuleSpec:
    """Describe a `tf.Module`.

    Args:
        module: any `tf.Module`; it may hold keras layers, which have their variables already.
        params_v: not used: the module has its variables.

    Returns:
        The hub form. Variables are called by the attributes that lead to them.
    """
    if not callable(module):
        raise ConversionError(
            f"{type(module).__name__} has no __call__, so there is nothing to convert",
            hint="give it a __call__, or transpile one of its methods: ivy.transpile(module.method, ...)",
        )
    spec = walk.describe(module, system="tf.Module", capture=_capture, role=role)
    if isinstance(module, Converted):
        roles = {p.name: p for p in module._ivy.placed()}
        spec.params = tuple(roles[p.name] for p in spec.params if p.name in roles)
        spec.train = bool(module.training)
    return spec


_MODES = ("training", "is_training")


def _capture(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
    """Record a call; a mode is passed on where the module's own signature has an argument for it."""
    given = dict(kwargs)
    try:
        signature = inspect.signature(obj.__call__)
        bound = signature.bind_partial(*args, **kwargs).arguments
    except (TypeError, ValueError):
        signature, bound = inspect.Signature(), {}
    for name in _MODES:
        if name in signature.parameters and name not in bound and options.train is not None:
            given[name] = options.train
    fn = obj
    if isinstance(obj, Converted):
        fn = obj._in_mode(options.train)
    elif isinstance(obj.__call__, tf.types.experimental.PolymorphicFunction):  # its own choice about autograph stays
        fn = obj.__call__
    held = walk.Walk(obj)
    return capture_with_variables(fn, held.variables(), args, given, aliases=held.aliases(), options=options, owner=obj)


# -- from the hub -----------------------------------------------------------------------------------------------------


class _Whole(Base):
    """What a converted model and its parts share: variables can be assigned to, parts cannot be replaced.

    The generated function is that of the whole source model, so another part would silently not be used.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        old = self.__dict__.get(name)
        if isinstance(old, (Part, tf.Variable)) and value is not old:
            raise part_replaced(name)
        super().__setattr__(name, value)


class Part(_Whole):
    """A submodule of a converted model: holds variables and further parts under the source's names."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: the generated function belongs to the whole model."""
        raise part_called(self)

    def __reduce__(self) -> Any:
        return _blank, (type(self).__name__, _base(type(self))), self.__dict__


class _Listed(Part):
    """A part whose children are numbered."""

    def __len__(self) -> int:
        return sum(isinstance(x, Part) for x in vars(self).values())

    def __getitem__(self, index: int) -> Any:
        return list(self)[index]

    def __iter__(self) -> Iterator[Any]:
        return (x for x in vars(self).values() if isinstance(x, Part))


class Converted(ConvertedModel, _Whole):
    """A model converted to TensorFlow: a `tf.Module` with native variables.

    It works eagerly and within `tf.function`; `tf.train.Checkpoint` and `tf.saved_model.save` know its variables.

    Args:
        conversion: the model in the hub form with TensorFlow as its target.
        train: whether it starts in training mode; the source's mode by default.

    Attributes:
        training: whether calls are in training mode; assign to it to switch.
    """

    def __init__(self, conversion: Conversion, *, train: bool | None = None) -> None:
        super().__init__()
        self._ivy = conversion
        self._ivy_state = KeptVariables()
        self.training = conversion.spec.train if train is None else train
        arrays = conversion.initial()
        made = {
            name: tf.Variable(arrays[name], trainable=p.trainable, name=_variable_name(name))
            for name, p in conversion.params.items()
        }
        _grow(self, conversion.tree(_attribute), made, {})

    def _gather(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        _collect(self, self._ivy.tree(_attribute), found)
        return found

    @tf.autograph.experimental.do_not_convert
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the model; arrays may be of TensorFlow, NumPy or the source framework."""
        return self._run(self.training, args, kwargs)

    def _run(self, train: bool, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        variables = self._gather()
        values = {name: tf.convert_to_tensor(v) for name, v in variables.items()}
        state = self._ivy_state
        kept = state.now()
        draw = key_given(self._ivy, taken_rng(self._ivy.spec, kwargs), _draw_key, "seed it: tf.random.set_seed(0)")
        out, updates = self._ivy.run(values, args, kwargs, train=train, rng=draw, kept=kept)
        state.keep(kept, updates)
        for name, value in updates.items():
            variables[name].assign(value)
        return out

    def _in_mode(self, train: bool | None) -> Callable[..., Any]:
        """Return the call in a mode, for whoever captures it."""

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._run(bool(self.training) if train is None else train, args, kwargs)

        call.__name__ = type(self).__name__
        return call

    def train(self, mode: bool = True) -> Converted:
        """Switch to training mode, or out of it, and return the module."""
        self.training = mode
        return self

    def eval(self) -> Converted:
        """Switch to evaluation mode and return the module."""
        return self.train(False)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, {self._ivy.describe()}, {len(self._ivy.params)} parameters and buffers>"

    def __reduce__(self) -> Any:
        if type(self) is not _class(type(self).__name__, Converted):  # a class that the user can import
            return super().__reduce_ex__(2)
        return _blank, (type(self).__name__, Converted), self.__dict__


def _grow(part: Any, tree: Tree, made: Mapping[str, Any], known: dict[int, Any]) -> None:
    for attribute, name in tree.leaves.items():
        setattr(part, attribute, made[name])
    for attribute, child in tree.children.items():
        if id(child) not in known:
            known[id(child)] = _blank(child.class_name, _Listed if child.is_list else Part)
            _grow(known[id(child)], child, made, known)
        setattr(part, attribute, known[id(child)])


def _collect(part: Any, tree: Tree, found: dict[str, Any]) -> None:
    here = vars(part)
    for attribute, name in tree.leaves.items():
        found[name] = here[attribute]
    for attribute, child in tree.children.items():
        _collect(here[attribute], child, found)


def _blank(name: str, base: type) -> Any:
    """Make an instance of a subclass by this name, as pickle and the builder need it."""
    new: Any = object.__new__(_class(name, base))
    Base.__init__(new)
    return new


@cache
def _class(name: str, base: type) -> type:
    made: type = _Meta(name, (base,), {"__module__": __name__})
    return made


def _base(cls: type) -> type:
    return next(c for c in cls.__mro__ if c in (_Listed, Part, Converted))


_TAKEN = frozenset(dir(Base())) | {"graph", "code", "train", "eval", "training", "to_backend", "_ivy", "_ivy_state"}


def _attribute(part: str) -> str:
    """Turn a part of a name into an attribute that a `tf.Module` allows."""
    name = part.replace(".", "_") or "_"
    while name in _TAKEN:
        name += "_"
    return name


def _variable_name(name: str) -> str:
    plain = re.sub(r"[^\w./-]", "_", name)
    return plain if plain[:1].isalnum() else f"x{plain}"


def _draw_key() -> Any:
    """Draw a JAX-style random key from TensorFlow's default generator."""
    return tf.cast(tf.random.uniform([2], maxval=2**31 - 1, dtype=tf.int32), tf.uint32)


def from_hub(conversion: Conversion, *, train: bool | None = None) -> Converted:
    """Build a `tf.Module`.

    Args:
        conversion: the model in the hub form with TensorFlow as its target.
        train: whether it starts in training mode; the source's mode by default.

    Returns:
        A native module.
    """
    made: Converted = _class(conversion.spec.name, Converted)(conversion, train=train)
    return made


def class_from_hub(source: type, convert: Callable[[Any], Conversion], **options: Any) -> type:
    """Make a class of `tf.Module`s out of a class of another system's.

    Args:
        source: the class.
        convert: brings an instance of it into the hub form.
        **options: as in `from_hub`.

    Returns:
        A class with the same constructor.
    """
    init = constructor(Converted, source, convert, options)
    made: type = _Meta(source.__name__, (Converted,), {"__init__": init})
    return made
