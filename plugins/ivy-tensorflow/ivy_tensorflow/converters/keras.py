"""Keras models and layers to the hub form and back (`ivy.stateful.spec`)."""

from __future__ import annotations

from typing import Any

from ivy.stateful.spec import ModuleSpec
from ivy_tensorflow.converters import keras_source
from ivy_tensorflow.converters.keras_layers import build as build_layer
from ivy_tensorflow.converters.keras_model import STORAGE, Part, class_from_hub, from_hub
from ivy_tensorflow.converters.keras_source import materialize, owns

__all__ = ["STORAGE", "build_layer", "class_from_hub", "from_hub", "materialize", "owns", "to_hub"]


def to_hub(module: Any, *, params_v: Any = None) -> ModuleSpec:
    """Describe a keras layer or model; see `ivy_tensorflow.converters.keras_source.to_hub`.

    A converted model keeps the roles of its variables, which the classes of its layers do not tell.
    """
    spec = keras_source.to_hub(module, params_v=params_v)
    if isinstance(module, Part):
        spec.params = module.conversion.with_traits(spec.params)
        spec.layers = {**spec.layers, **module.placed_layers()}
        spec.train = module._ivy_default.train if module.training is None else module.training
    return spec
