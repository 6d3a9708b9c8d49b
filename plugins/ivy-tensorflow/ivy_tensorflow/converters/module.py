"""`tf.Module` to the hub form and back.

A converted model is a `tf.Module` with the source's tree of submodules. Each runs the function that is generated for
its own submodule on the variables that it holds.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import tensorflow as tf

from ivy.errors import ConversionError
from ivy.graph.kept import EMPTY, Left
from ivy.stateful.conversion import Conversion
from ivy.stateful.living import ListedPart
from ivy.stateful.native import ConvertedModel, constructor, key_given, taken_rng
from ivy.stateful.parts import Called, result_of, source_attribute, way_to
from ivy.stateful.spec import ModuleSpec, Tree
from ivy_tensorflow.capture import capture_with_variables
from ivy_tensorflow.capture.parts import stubbed
from ivy_tensorflow.converters import walk
from ivy_tensorflow.converters.kept import KeptVariables
from ivy_tensorflow.converters.keras_source import part_of, role
from ivy_tensorflow.converters.living import child_of, draw_key, gather

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
    spec = walk.describe(module, system="tf.Module", capture=_capture, role=role, part_of=part_of)
    if isinstance(module, Part):
        spec.params = module._ivy.conversion.with_traits(spec.params)
        spec.train = bool(module.training)
    return spec


_MODES = ("training", "is_training")


def _capture(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
    """Record a call; a mode is passed on where the module's own signature has an argument for it."""
    given = dict(kwargs)
    fn = obj if options.method is None else getattr(obj, options.method)
    try:
        signature = inspect.signature(obj.__call__ if options.method is None else fn)
        bound = signature.bind_partial(*args, **kwargs).arguments
    except (TypeError, ValueError):
        signature, bound = inspect.Signature(), {}
    for name in _MODES:
        if name in signature.parameters and name not in bound and options.train is not None:
            given[name] = options.train
    if isinstance(obj, Part):
        fn = obj._in_mode(options.train, options.method)
    elif options.method is None and isinstance(obj.__call__, tf.types.experimental.PolymorphicFunction):
        fn = obj.__call__  # its own choice about autograph stays
    held = walk.Walk(obj)
    with stubbed(held.parts, options):
        return capture_with_variables(
            fn, held.variables(), args, given, aliases=held.aliases(), options=options, owner=obj
        )


# -- from the hub -----------------------------------------------------------------------------------------------------


class Part(ConvertedModel, Base):
    """A converted model or a submodule of one: variables and further parts under the source's names.

    It runs the function that is generated for its submodule of the source on the variables that it holds now. Parts
    that were replaced, or are in another mode, are called by that function, the others are inlined in it.
    """

    _ivy_train: bool = False
    _ivy_state: KeptVariables | None = None

    @tf.autograph.experimental.do_not_convert
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the module; arrays may be of TensorFlow, NumPy or the source framework."""
        return self._ivy_run(None, args, kwargs)

    def _ivy_run(
        self, method: str | None, args: tuple[Any, ...], kwargs: dict[str, Any], train: bool | None = None
    ) -> Any:
        conversion: Conversion = self._ivy.conversion
        train = self._ivy_train if train is None else train
        variables, called = self._ivy_gather(conversion, train)
        values = {name: tf.convert_to_tensor(v) for name, v in variables.items()}
        state = self._ivy_state
        kept = EMPTY if state is None else state.now()
        draw = key_given(conversion, taken_rng(conversion.spec, kwargs), draw_key, "seed it: tf.random.set_seed(0)")
        out, updates = conversion.run(
            values, args, kwargs, train=train, rng=draw, kept=kept, called=called, method=method
        )
        if type(updates) is Left:
            if state is None:
                state = self._ivy_state = KeptVariables()
            state.keep(kept, updates)
        for name, value in updates.items():
            variables[name].assign(value)
        return out

    def _ivy_gather(self, conversion: Conversion, train: bool) -> tuple[dict[str, Any], Called | None]:
        return gather(self, conversion, _attribute, train, _changed)

    def _gather(self) -> dict[str, Any]:
        """Return the variables by name."""
        return self._ivy_gather(self._ivy.conversion, self._ivy_train)[0]

    def _abstract(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return what a call gives, with `Aval`s in place of arrays."""
        conversion: Conversion = self._ivy.conversion
        train = self._ivy_train
        called = self._ivy_gather(conversion, train)[1]
        kept = EMPTY if self._ivy_state is None else self._ivy_state.now()
        return result_of(conversion, args, kwargs, train, kept=kept, called=called)

    def _in_mode(self, train: bool | None, method: str | None = None) -> Callable[..., Any]:
        """Return the call in a mode, for whoever captures it."""

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._ivy_run(method, args, kwargs, train)

        call.__name__ = method or type(self).__name__
        return call

    @property
    def training(self) -> bool:
        """Whether calls are in training mode; assign to it to switch, with all parts."""
        return self._ivy_train

    @training.setter
    def training(self, mode: bool) -> None:
        for part in (self, *self.submodules):
            if isinstance(part, Part):
                part.__dict__["_ivy_train"] = bool(mode)

    def train(self, mode: bool = True) -> Any:
        """Switch to training mode, or out of it, with all parts, and return the module."""
        self.training = mode
        return self

    def eval(self) -> Any:
        """Switch to evaluation mode, with all parts, and return the module."""
        return self.train(False)

    def __getattr__(self, name: str) -> Any:
        return source_attribute(self, name, self.__dict__.get("_ivy"), self._ivy_run, self._ivy_at)

    def _ivy_at(self, path: tuple[str, ...]) -> Any:
        part: Any = self
        for attribute in way_to(self._ivy.conversion.tree(_attribute), path):
            part = child_of(part, attribute)
        return part

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, {self._ivy.describe()}>"

    def __reduce__(self) -> Any:
        return _blank, (type(self).__name__, _base(type(self))), self.__dict__


class Sequence(Base):
    """Modules that are called one after the other.

    Args:
        parts: the modules.
    """

    def __init__(self, parts: list[Any]) -> None:
        super().__init__()
        self.parts = parts

    def __call__(self, x: Any) -> Any:
        """Run the modules."""
        for part in self.parts:
            x = part(x)
        return x


class _Listed(ListedPart, Part):
    """A part whose children are numbered, and that can be called."""

    def _ivy_sequence(self, parts: list[Any]) -> Sequence:
        return Sequence(parts)

    def _ivy_numbered(self) -> dict[str, Any]:
        return {name: x for name, x in vars(self).items() if name.isdigit()}


class Converted(Part):
    """A model converted to TensorFlow: a `tf.Module` with native variables.

    It works eagerly and within `tf.function`; `tf.train.Checkpoint` and `tf.saved_model.save` know its variables.

    Args:
        conversion: the model in the hub form with TensorFlow as its target.
        train: whether it starts in training mode; the source's mode by default.
    """

    def __init__(self, conversion: Conversion, *, train: bool | None = None) -> None:
        super().__init__()
        arrays = conversion.initial()
        made = {
            name: tf.Variable(arrays[name], trainable=p.trainable, name=_variable_name(name))
            for name, p in conversion.params.items()
        }
        tree = conversion.tree(_attribute)
        known: dict[int, Any] = {id(tree): self}
        _grow(self, tree, made, known)
        self.__dict__["_ivy"] = conversion
        self.train(conversion.spec.train if train is None else train)
        for node in tree.nodes():
            if train is None and node.path in conversion.spec.modes and id(node) in known:
                known[id(node)].__dict__["_ivy_train"] = conversion.spec.modes[node.path]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, {self._ivy.describe()}, {len(self._ivy.params)} parameters and buffers>"

    def __reduce__(self) -> Any:
        if type(self) is not _class(type(self).__name__, _base(type(self))):  # a class that the user can import
            return super(Part, self).__reduce_ex__(2)
        return super().__reduce__()


class _ListedModel(_Listed, Converted):
    """A converted model whose children are numbered."""


def _changed(state: dict[str, Any], tree: Tree, train: bool) -> bool:
    """Tell whether a part is to be called."""
    return state["_ivy_train"] is not train or "_ivy_state" in state


def _grow(part: Any, tree: Tree, made: Mapping[str, Any], known: dict[int, Any]) -> None:
    for attribute, name in tree.leaves.items():
        setattr(part, attribute, made[name])
    for attribute, child in tree.children.items():
        setattr(part, attribute, _part(child, made, known))


def _part(tree: Tree, made: Mapping[str, Any], known: dict[int, Any]) -> Any:
    if not tree.calls and not tree.leaves:
        items = {a: _part(child, made, known) for a, child in tree.children.items()}
        return [*items.values()] if tree.is_list or not items else items
    if id(tree) not in known:
        part = known[id(tree)] = _blank(tree.class_name, _Listed if tree.is_list else Part)
        _grow(part, tree, made, known)
        part.__dict__["_ivy"] = tree.handle  # last: until now it has no attributes of the source's
    return known[id(tree)]


def _blank(name: str, base: type) -> Any:
    """Make an instance of a subclass by this name, as pickle and the builder need it."""
    new: Any = object.__new__(_class(name, base))
    Base.__init__(new)
    new.__dict__["_ivy_train"] = False
    return new


@cache
def _class(name: str, base: type) -> type:
    made: type = _Meta(name, (base,), {"__module__": __name__})
    return made


def _base(cls: type) -> type:
    return next(c for c in cls.__mro__ if c in (_ListedModel, _Listed, Converted, Part))


_TAKEN = frozenset(dir(Base())) | frozenset(dir(Part)) | {"_ivy"}


def _attribute(part: str) -> str:
    """Turn a part of a name into an attribute that a `tf.Module` allows."""
    name = part.replace(".", "_") or "_"
    while name in _TAKEN:
        name += "_"
    return name


def _variable_name(name: str) -> str:
    plain = re.sub(r"[^\w./-]", "_", name)
    return plain if plain[:1].isalnum() else f"x{plain}"


def from_hub(conversion: Conversion, *, train: bool | None = None) -> Converted:
    """Build a `tf.Module`.

    Args:
        conversion: the model in the hub form with TensorFlow as its target.
        train: whether it starts in training mode; the source's mode by default.

    Returns:
        A native module.
    """
    base = _ListedModel if conversion.tree(_attribute).is_list else Converted
    made: Converted = _class(conversion.spec.name, base)(conversion, train=train)
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
