"""Arrays of other frameworks in memory that TensorFlow's kernels do not take: they abort the process on it."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from ivy.backend import get_backend


@pytest.mark.parametrize("framework", ["torch", "paddle", "jax", "numpy"])
def test_slices_that_begin_anywhere(framework):
    source, target = get_backend(framework).module, get_backend("tensorflow").module
    values = np.arange(64, dtype="float32")
    whole = source.from_foreign(values, copy=True)
    twice = tf.function(lambda x: tf.add(x, x))
    for start in range(20):
        x = target.from_foreign(whole[start : start + 40])
        for result in (tf.add(x, x), twice(x)):
            np.testing.assert_array_equal(result.numpy(), values[start : start + 40] * 2)
