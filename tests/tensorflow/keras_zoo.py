"""Models of keras.applications, one of each family, small and with random weights and running statistics."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras_comparing import randomise, seeded

_SMALL = {"classes": 10, "classifier_activation": None}

# name -> (input size, options)
APPLICATIONS: dict[str, tuple[int, dict[str, Any]]] = {
    "MobileNet": (32, _SMALL),
    "MobileNetV2": (32, _SMALL),
    "MobileNetV3Small": (32, {"classes": 10}),
    "EfficientNetB0": (32, {"classes": 10}),
    "EfficientNetV2B0": (32, {"classes": 10}),
    "DenseNet121": (32, {"classes": 10}),
    "ResNet50": (32, {"classes": 10}),
    "ResNet50V2": (32, {"classes": 10}),
    "VGG16": (32, {"include_top": False}),
    "Xception": (71, {"classes": 10}),
    "InceptionV3": (75, {"classes": 10}),
    "InceptionResNetV2": (75, {"classes": 10}),
    "NASNetMobile": (32, {"classes": 10}),
    "ConvNeXtTiny": (32, {"classes": 10}),
}

GRADIENTS = ("MobileNetV2", "DenseNet121", "ResNet50V2", "ConvNeXtTiny")
TRAINING = {"MobileNet": {"dropout": 0.0}, "ResNet50V2": {}}


def application(name: str, **options: Any) -> Any:
    """Return a model of keras.applications; options change those of the table."""
    size, usual = APPLICATIONS[name]
    size = options.pop("size", size)
    seeded()
    model = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), **{**usual, **options})
    return randomise(model)


def images(name: str, batch: int, size: int | None = None) -> Any:
    """Return its input: pixels from 0 to 255 where it rescales them itself, else numbers around zero."""
    size = size or APPLICATIONS[name][0]
    x = np.random.default_rng(1).uniform(-1, 1, size=(batch, size, size, 3)).astype("float32")
    own = ("MobileNetV3", "EfficientNet", "ConvNeXt")
    return (x + 1) * 127.5 if name.startswith(own) else x
