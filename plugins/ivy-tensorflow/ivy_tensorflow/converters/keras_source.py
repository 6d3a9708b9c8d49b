"""keras models and layers to the hub form: functional, sequential and subclassed ones."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf

from ivy.errors import ConversionError, DataDependentError
from ivy.graph.aval import Aval
from ivy.graph.containers import flatten, unflatten
from ivy.stateful.spec import ModuleSpec, Role
from ivy.transpiler.pipeline import is_array_leaf
from ivy_tensorflow.capture import capture_with_variables, private
from ivy_tensorflow.capture.parts import stubbed
from ivy_tensorflow.converters.walk import Walk, describe

__all__ = ["capture", "materialize", "owns", "part_of", "role", "to_hub"]


def owns(obj: Any) -> bool:
    """Tell whether an object is a keras layer (models are layers) or a class of them."""
    return issubclass(obj, keras.Layer) if isinstance(obj, type) else isinstance(obj, keras.Layer)


def to_hub(module: Any, *, params_v: Any = None) -> ModuleSpec:
    """Describe a keras layer or model.

    Args:
        module: any `keras.Layer` that has its variables.
        params_v: not used: the layer has its variables.

    Returns:
        The hub form. Layers of functional and sequential models are called by their names, other layers by the
        attribute that holds them, variables by their names: ``"conv1.kernel"``, ``"blocks.0.bias"``.

    Raises:
        ConversionError: if the layer has no variables yet, or keras does not run on TensorFlow.
    """
    if keras.backend.backend() != "tensorflow":
        raise ConversionError(
            f"keras runs on {keras.backend.backend()}, and Ivy converts keras models that run on TensorFlow",
            hint="set KERAS_BACKEND=tensorflow before keras is imported; model.save and keras.models.load_model bring "
            "a model over",
        )
    unbuilt = _unbuilt(module)
    if unbuilt:
        raise ConversionError(
            f"{type(module).__name__} has no variables yet: {', '.join(unbuilt[:5])} not built",
            why="a keras layer makes its variables when it first meets an input's shape",
            hint="call the model once, call model.build(input_shape), or pass args= to ivy.transpile",
        )
    return describe(module, system="keras", capture=capture, role=role, part_of=part_of)


def part_of(part: Any) -> ModuleSpec | None:
    """Return the hub form of a part of a model, None if it can't be called."""
    from ivy_tensorflow.converters import keras as layers
    from ivy_tensorflow.converters import module as modules

    if isinstance(part, keras.Layer):
        return layers.to_hub(part)
    return modules.to_hub(part) if callable(part) else None


def _unbuilt(module: Any) -> list[str]:
    """Return the names of layers without variables, of a model that has not been called yet."""
    if getattr(module, "_called", True) and module.built:  # a layer that the call left out stays without
        return []
    parts = Walk(module).parts.values()
    return [part.name for part in parts if isinstance(part, keras.Layer) and not part.built]


def materialize(module: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """Let a layer make its variables, by calling it once.

    Args:
        module: a keras layer; one that has its variables is left alone.
        args: positional arguments; arrays of any framework or `Aval`s.
        kwargs: keyword arguments, likewise.
    """
    if keras.backend.backend() != "tensorflow" or not _unbuilt(module):
        return
    leaves, spec = flatten((tuple(args), dict(kwargs)))
    given_args, given_kwargs = unflatten(spec, [_tensor(x) if is_array_leaf(x) else x for x in leaves])
    module(*given_args, **given_kwargs)


def _tensor(x: Any) -> Any:
    if isinstance(x, (tf.Tensor, tf.Variable)):
        return x
    from ivy.backend import get_backend

    backend = get_backend("tensorflow").module
    if isinstance(x, Aval):
        return tf.zeros(x.shape, backend.native_dtype(x.dtype))
    return backend.from_foreign(x.data if type(x).__module__ == "ivy.array" else x)


# -- roles ------------------------------------------------------------------------------------------------------------

_CONV = (keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.Conv3D)
_TRANSPOSED = (keras.layers.Conv1DTranspose, keras.layers.Conv2DTranspose, keras.layers.Conv3DTranspose)


def role(part: Any, variable: Any) -> Role | None:
    """Return what a variable of a layer is for, where systems store that differently."""
    ndim = len(variable.shape)
    if variable.name != "kernel":
        return None
    if isinstance(part, keras.layers.Dense) and ndim == 2:
        return Role("linear", "IO")
    if isinstance(part, _TRANSPOSED) and ndim > 2:
        return Role("conv_transpose", "*OI")
    return Role("conv", "*IO") if isinstance(part, _CONV) and ndim > 2 else None


# -- calls ------------------------------------------------------------------------------------------------------------


def capture(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
    """Record a call of a layer, in the mode that the options say unless the caller says ``training=``."""
    walk = Walk(obj)
    given = dict(kwargs)
    takes_mode = options.method is None or "training" in inspect.signature(getattr(obj, options.method)).parameters
    if options.train is not None and takes_mode and given.get("training") is None:
        given["training"] = options.train
    fn = _callable(obj) if options.method is None else _method(obj, options.method, options.train)

    def take() -> Any:
        with stubbed(walk.parts, options):
            return capture_with_variables(
                fn, walk.variables(), args, given, aliases=walk.aliases(), options=options, owner=obj
            )

    try:
        return take()
    except DataDependentError:
        with _autographed(walk) as changed:
            if not changed:
                raise
            return take()


def _callable(obj: Any) -> Callable[..., Any]:
    """Return a function that calls a layer, with the layer's own name and names of arguments."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return obj(*args, **kwargs)

    call.__name__ = type(obj).__name__
    call.__signature__ = inspect.signature(obj.call)  # type: ignore[attr-defined]
    return call


def _method(obj: Any, name: str, train: bool | None) -> Callable[..., Any]:
    """Return a method of a layer, in a mode for the layers that it calls."""
    method = getattr(obj, name)

    @functools.wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        context = obj._get_call_context()
        before = context.get_value("training")
        context.set_value("training", train)
        try:
            return method(*args, **kwargs)
        finally:
            context.set_value("training", before)
            obj._maybe_reset_call_context()

    return call


@contextmanager
def _autographed(walk: Walk) -> Iterator[bool]:
    """Let the user's own layers have Python's control flow on tensors, which keras leaves to eager execution.

    Yields:
        Whether there are any.
    """
    found = {id(part): part for part in walk.parts.values() if isinstance(part, keras.Layer) and _is_users(part)}
    try:
        for part in found.values():
            vars(part)["call"] = private.autographed(part.call)
        yield bool(found)
    finally:
        for part in found.values():
            vars(part).pop("call", None)


def _is_users(part: Any) -> bool:
    code = getattr(type(part).call, "__code__", None)
    return code is not None and "call" not in vars(part) and not private.is_library(code.co_filename)
