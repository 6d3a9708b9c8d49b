"""The mean of integers is an integer in TensorFlow, of a sum that does not wrap."""

import numpy as np
import pytest
import tensorflow as tf

from ivy.transpiler.api import transpile

VALUES = ([200, 100, 57], [-1, -2, -4], [127, 127, 127, 120], [100] * 300)


@pytest.mark.parametrize("target", ["numpy", "torch", "jax", "tensorflow", "paddle"])
@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "int32", "int64"])
def test_mean_of_integers(dtype, target):
    mean = transpile(lambda x: tf.reduce_mean(x), source="tensorflow", to=target)
    for values in VALUES:
        x = tf.constant(np.array(values).astype(dtype))
        np.testing.assert_array_equal(np.asarray(mean(x)), tf.reduce_mean(x).numpy())
