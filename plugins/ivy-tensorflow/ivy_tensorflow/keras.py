"""Import this to let `keras.saving.load_model` read models that Ivy converted.

Nothing of the framework that a model came from is needed.

Example:
    >>> import keras
    >>> import ivy_tensorflow.keras
    >>> model = keras.saving.load_model("resnet.keras")  # doctest: +SKIP
"""

from __future__ import annotations

from ivy_tensorflow.converters.keras_model import Converted

__all__ = ["Converted"]
