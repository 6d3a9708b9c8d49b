"""The backends under test: arrays for them, NumPy from them, and derivatives by each framework's own means.

`IVY_TEST_BACKENDS` narrows the list: ``IVY_TEST_BACKENDS=tensorflow``, or several with commas. torch and JAX stay
imported in any case, as references.
"""

import importlib.util
import os
from contextlib import nullcontext

import numpy as np

from ivy.backend import get_backend
from ivy.dtypes import as_dtype

# PaddlePaddle comes before TensorFlow: the two can be imported in this order only.
ALL = ("numpy", "torch", "jax", "paddle", "tensorflow")


def _has_ops(name):
    return importlib.util.find_spec(f"ivy_{name}.backend.arithmetic") is not None


def _chosen():
    asked = [name for name in os.environ.get("IVY_TEST_BACKENDS", "").split(",") if name]
    unknown = set(asked) - set(ALL)
    assert not unknown, f"IVY_TEST_BACKENDS names {unknown}; there are {ALL}"
    return tuple(name for name in ALL if (name in asked if asked else _has_ops(name)))


BACKENDS = _chosen()
DIFFERENTIABLE = tuple(name for name in BACKENDS if name != "numpy")
for _name in BACKENDS:
    get_backend(_name)


def maker(name):
    return lambda x: get_backend(name).module.from_foreign(np.asarray(x), copy=True)


MAKE = {name: maker(name) for name in BACKENDS}
"""A function for each backend that makes its array of anything NumPy understands."""


def wide(name):
    """A context in which the backend has 64-bit types."""
    return getattr(get_backend(name).module, "unlimited_dtypes", nullcontext)()


def to_np(x):
    """The NumPy form of any framework's array, or of an `ivy.Array`."""
    from ivy.backend import backend_of_type

    x = x.data if type(x).__module__ == "ivy.array" else x
    owner = backend_of_type(type(x))
    return np.asarray(x) if owner is None else np.asarray(owner.module.to_numpy(x))


def canonical(dtype, backend):
    """The dtype that a backend has for `dtype`: JAX has no 64-bit types unless asked."""
    narrowed = getattr(get_backend(backend).module, "canonical_dtype", None)
    return str(narrowed(as_dtype(dtype)) if narrowed else dtype)


def _torch(function, inputs, cotangents):
    import torch

    inputs = [x.detach().clone().requires_grad_() for x in inputs]
    outputs = function(*inputs)
    pairs = [(y, c.to(y.dtype)) for y, c in zip(outputs, cotangents(outputs), strict=True) if y.requires_grad]
    found = torch.autograd.grad([y for y, _ in pairs], inputs, [c for _, c in pairs], allow_unused=True)
    return outputs, [torch.zeros_like(x) if g is None else g for g, x in zip(found, inputs, strict=True)]


def _jax(function, inputs, cotangents):
    import jax

    def run(*inputs):
        outputs, pull = jax.vjp(lambda *v: tuple(function(*v)), *inputs)
        weights = [
            c.astype(y.dtype) if as_dtype(y.dtype).is_inexact else np.zeros(y.shape, jax.dtypes.float0)
            for c, y in zip(cotangents(outputs), outputs, strict=True)
        ]
        return outputs, pull(tuple(weights))

    return jax.jit(run)(*inputs)


def _tensorflow(function, inputs, cotangents):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        for x in inputs:
            tape.watch(x)
        outputs = tuple(function(*inputs))
    pairs = [
        (y, tf.cast(c, y.dtype))
        for y, c in zip(outputs, cotangents(outputs), strict=True)
        if y.dtype.is_floating or y.dtype.is_complex
    ]
    found = tape.gradient([y for y, _ in pairs], inputs, [c for _, c in pairs])
    return outputs, [
        tf.zeros_like(x) if g is None else tf.convert_to_tensor(g) for g, x in zip(found, inputs, strict=True)
    ]


def _paddle(function, inputs, cotangents):
    import paddle

    inputs = [x.detach().clone() for x in inputs]
    for x in inputs:
        x.stop_gradient = False
    outputs = function(*inputs)
    pairs = [(y, c.astype(y.dtype)) for y, c in zip(outputs, cotangents(outputs), strict=True) if not y.stop_gradient]
    found = paddle.grad([y for y, _ in pairs], inputs, [c for _, c in pairs], allow_unused=True) if pairs else []
    found = found or [None] * len(inputs)
    return outputs, [paddle.zeros_like(x) if g is None else g for g, x in zip(found, inputs, strict=True)]


_PULL = {"torch": _torch, "jax": _jax, "tensorflow": _tensorflow, "paddle": _paddle}


def outputs_and_gradients(name, function, inputs, cotangents=None):
    """Run a function of native arrays and pull cotangents back by the framework's own differentiation.

    Args:
        name: backend.
        function: takes native arrays, returns one or several.
        inputs: NumPy arrays, one for each argument, of floating point.
        cotangents: NumPy arrays, one for each output; ones by default.

    Returns:
        The outputs and the gradients, native.
    """

    def several(*values):
        result = function(*values)
        return tuple(result) if isinstance(result, (tuple, list)) else (result,)

    def weights(outputs):
        given = cotangents or [np.ones(tuple(y.shape), "float32") for y in outputs]
        return [MAKE[name](c) for c in given]

    return _PULL[name](several, [maker(name)(x) for x in inputs], weights)
