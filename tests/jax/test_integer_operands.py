"""Functions of `jax.nn` on integers and booleans, for which JAX has defaults of its own."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ivy.transpiler.api import transpile

FUNCTIONS = {
    "relu": jax.nn.relu,
    "relu6": jax.nn.relu6,
    "leaky_relu": lambda x: jax.nn.leaky_relu(x, 2.5),
    "hard_swish": jax.nn.hard_swish,
    "silu": jax.nn.silu,
    "softmax": jax.nn.softmax,
    "log_softmax": jax.nn.log_softmax,
    "one_hot": lambda x: jax.nn.one_hot(x, 4),
    "clip": lambda x: jnp.clip(x, -3),
    "mean": jnp.mean,
}


@pytest.mark.filterwarnings("ignore:invalid value encountered in cast")  # JAX casts its -inf to an integer
@pytest.mark.parametrize("target", ["numpy", "torch"])
@pytest.mark.parametrize("dtype", ["bool", "uint8", "int32"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_dtypes_and_values(name, dtype, target):
    x = jnp.asarray(np.array([[3, 0], [1, 2]]).astype(dtype))
    try:
        want = FUNCTIONS[name](x)
    except (TypeError, OverflowError):  # JAX does not take this dtype
        return
    got = np.asarray(transpile(FUNCTIONS[name], source="jax", to=target)(x))
    assert got.dtype == want.dtype
    np.testing.assert_allclose(got, np.asarray(want), rtol=1e-5, atol=1e-6)
