"""Keras models and layers to the hub form and back (`ivy.stateful.spec`)."""

from __future__ import annotations

from ivy_tensorflow.converters.keras_model import STORAGE, class_from_hub, from_hub
from ivy_tensorflow.converters.keras_source import materialize, owns, to_hub

__all__ = ["STORAGE", "class_from_hub", "from_hub", "materialize", "owns", "to_hub"]
