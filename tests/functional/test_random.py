"""Random numbers: JAX's own for a key on every backend, reproducible defaults, sane distributions."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from backends import BACKENDS, MAKE, canonical, to_np

import ivy
import ivy.functional as F
from ivy.errors import BackendError, DtypeError

SEEDS = (0, 1, 123456789, 2**32 - 1)


@pytest.fixture(params=BACKENDS)
def backend(request):
    with ivy.using_backend(request.param):
        yield request.param


def native(x):
    return getattr(x, "data", x) if type(x).__module__ == "ivy.array" else x


def key_of(backend, seed):
    return MAKE[backend](np.asarray([0, seed], "uint32"))


def jax_key(seed):
    return jnp.asarray([0, seed], jnp.uint32)


@pytest.mark.parametrize("seed", SEEDS)
def test_keys(backend, seed):
    key, expected = key_of(backend, seed), jax_key(seed)
    np.testing.assert_array_equal(to_np(F.random_key(seed)), expected)
    for num in (1, 2, 5, (2, 3)):
        found = F.random_split(key, num=num)
        assert to_np(found).dtype == np.uint32
        np.testing.assert_array_equal(to_np(found), jax.random.split(expected, num))
    for data in (0, 7, 2**32 - 1):
        np.testing.assert_array_equal(to_np(F.random_fold_in(key, data)), jax.random.fold_in(expected, data))
    data = MAKE[backend](np.asarray(9))
    np.testing.assert_array_equal(to_np(F.random_fold_in(key, data)), jax.random.fold_in(expected, 9))


def test_an_integer_is_a_key(backend):
    drawn = F.random_uniform(shape=(3,), key=5)
    np.testing.assert_array_equal(to_np(drawn), jax.random.uniform(jax_key(5), (3,)))


@pytest.mark.parametrize("shape", [(), (1,), (7,), (3, 4), (0,), (2, 0), (2, 3, 5)])
@pytest.mark.parametrize("bits", [8, 16, 32])
def test_bits(backend, shape, bits):
    found = F.random_bits(key_of(backend, 3), shape=shape, bit_width=bits)
    expected = np.asarray(jax.random.bits(jax_key(3), shape, f"uint{bits}"))
    assert to_np(found).dtype == expected.dtype
    np.testing.assert_array_equal(to_np(found), expected)


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("ends", [(0.0, 1.0), (-1.0, 1.0), (0.1, 0.7), (-3.0, 5.0), (1e-3, 1e3)])
def test_uniform(backend, dtype, ends):
    found = F.random_uniform(low=ends[0], high=ends[1], shape=(50, 20), dtype=dtype, key=key_of(backend, 11))
    expected = jax.random.uniform(jax_key(11), (50, 20), dtype, *ends)
    assert ivy.dtypes.dtype_of(native(found)) == dtype
    if dtype == "bfloat16":
        found = F.astype(found, "float32")
    exact = ends == (0.0, 1.0) or backend == "jax"
    np.testing.assert_allclose(
        to_np(found).astype("float32"),
        np.asarray(expected, "float32"),
        rtol=0 if exact else 1e-2 if dtype != "float32" else 2e-7,
        atol=0 if exact else 1e-2 if dtype != "float32" else 3e-7,
    )


def test_uniform_between_arrays(backend):
    low, high = np.asarray([0.0, -1.0, 2.0], "float32"), np.asarray([[1.0], [10.0]], "float32")
    make = MAKE[backend]
    found = F.random_uniform(low=make(low), high=make(high + 10), key=key_of(backend, 2))
    expected = jax.random.uniform(jax_key(2), (2, 3), "float32", low, high + 10)
    np.testing.assert_allclose(to_np(found), expected, rtol=2e-7)


@pytest.mark.parametrize("shape", [(), (1000,), (0,), (3, 4)])
def test_normal(backend, shape):
    found = F.random_normal(shape=shape, key=key_of(backend, 4))
    assert to_np(found).dtype == np.float32
    np.testing.assert_allclose(to_np(found), jax.random.normal(jax_key(4), shape), rtol=2e-6, atol=1e-6)
    scaled = F.random_normal(mean=3.0, std=2.0, shape=shape, key=key_of(backend, 4))
    np.testing.assert_allclose(to_np(scaled), 3 + 2 * jax.random.normal(jax_key(4), shape), rtol=2e-6, atol=4e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_normal_in_half_precision(backend, dtype):
    found = F.astype(F.random_normal(shape=(200,), dtype=dtype, key=key_of(backend, 4)), "float32")
    expected = np.asarray(jax.random.normal(jax_key(4), (200,), dtype), "float32")
    np.testing.assert_allclose(to_np(found), expected, rtol=2e-2, atol=1e-2)


def test_truncated_normal(backend):
    found = F.random_truncated_normal(shape=(500,), key=key_of(backend, 4))
    expected = jax.random.truncated_normal(jax_key(4), -2, 2, (500,))
    np.testing.assert_allclose(to_np(found), expected, rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("name", [name for name in BACKENDS if canonical("uint64", name) == "uint64"])
@pytest.mark.parametrize("seed", SEEDS)
def test_double_precision(name, seed):
    with jax.enable_x64(True):
        uniform = np.asarray(jax.random.uniform(jax_key(seed), (40,), "float64"))
        normal = np.asarray(jax.random.normal(jax_key(seed), (40,), "float64"))
        bits = np.asarray(jax.random.bits(jax_key(seed), (40,), "uint64"))
        ints = np.asarray(jax.random.randint(jax_key(seed), (40,), -5, 2**31 - 9, "int64"))
    key = key_of(name, seed)
    np.testing.assert_array_equal(to_np(F.random_uniform(shape=40, dtype="float64", key=key)), uniform)
    np.testing.assert_allclose(
        to_np(F.random_normal(shape=40, dtype="float64", key=key)), normal, rtol=1e-12, atol=1e-13
    )
    np.testing.assert_array_equal(to_np(F.random_bits(key, shape=40, bit_width=64)), bits)
    np.testing.assert_array_equal(to_np(F.random_int(-5, 2**31 - 9, shape=40, dtype="int64", key=key)), ints)
    with pytest.raises(DtypeError, match="2\\*\\*31"):
        F.random_int(0, 2**40, shape=4, dtype="int64", key=key)


@pytest.mark.parametrize(
    ("low", "high", "dtype"),
    [
        (0, 10, "int32"),
        (-7, 3, "int32"),
        (0, 1, "int32"),
        (5, 5, "int32"),
        (-(2**31), 2**31 - 1, "int32"),
        (0, 2**31 - 1, "int32"),
        (0, 100, "int8"),
        (-128, 127, "int8"),
        (0, 256, "uint8"),
        (0, 1000, "int16"),
        (0, 4_000_000_000, "uint32"),
        (3, 70_000, "int32"),
    ],
)
def test_integers(backend, low, high, dtype):
    if backend == "jax" and high > 2**31:
        pytest.skip("jax.random.randint takes the bounds in 32 bits here")
    found = F.random_int(low, high, shape=(60,), dtype=dtype, key=key_of(backend, 8))
    bound = np.asarray(high, "uint32") if high > 2**31 else high
    expected = np.asarray(jax.random.randint(jax_key(8), (60,), low, bound, dtype))
    assert to_np(found).dtype == expected.dtype
    np.testing.assert_array_equal(to_np(found), expected)


def test_bernoulli(backend):
    np.testing.assert_array_equal(
        to_np(F.bernoulli(0.3, shape=(50,), key=key_of(backend, 8))), jax.random.bernoulli(jax_key(8), 0.3, (50,))
    )
    p = np.linspace(0, 1, 30, dtype="float32").reshape(5, 6)
    found = to_np(F.bernoulli(MAKE[backend](p), key=key_of(backend, 8)))
    assert found.dtype == np.bool_
    np.testing.assert_array_equal(found, jax.random.bernoulli(jax_key(8), p))
    assert to_np(F.bernoulli(0.3, shape=(2,), dtype="float32", key=key_of(backend, 8))).dtype == np.float32


@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_categorical(backend, axis):
    logits = np.random.default_rng(0).normal(size=(6, 5, 4)).astype("float32")
    found = F.categorical(MAKE[backend](logits), axis=axis, key=key_of(backend, 8))
    np.testing.assert_array_equal(to_np(found), jax.random.categorical(jax_key(8), logits, axis))
    shape = (3, *np.delete(logits.shape, axis).tolist())
    found = F.categorical(MAKE[backend](logits), axis=axis, shape=shape, key=key_of(backend, 8))
    np.testing.assert_array_equal(to_np(found), jax.random.categorical(jax_key(8), logits, axis, shape))


@pytest.mark.parametrize("n", [0, 1, 2, 10, 5000])
def test_permutation_of_a_range(backend, n):
    np.testing.assert_array_equal(
        to_np(F.permutation(n, key=key_of(backend, 8))), jax.random.permutation(jax_key(8), n)
    )


@pytest.mark.parametrize(("axis", "independent"), [(0, False), (1, False), (-1, True), (0, True)])
def test_permutation_of_an_array(backend, axis, independent):
    x = np.arange(60).reshape(6, 10).astype("float32")
    found = F.permutation(MAKE[backend](x), axis=axis, independent=independent, key=key_of(backend, 8))
    np.testing.assert_array_equal(to_np(found), jax.random.permutation(jax_key(8), x, axis, independent))


def test_gumbel_and_exponential(backend):
    np.testing.assert_allclose(
        to_np(F.random_gumbel(shape=(300,), key=key_of(backend, 1))),
        jax.random.gumbel(jax_key(1), (300,)),
        rtol=2e-6,
        atol=1e-6,
    )
    np.testing.assert_allclose(
        to_np(F.exponential(shape=(300,), key=key_of(backend, 1))),
        jax.random.exponential(jax_key(1), (300,)),
        rtol=2e-6,
        atol=1e-6,
    )


def test_dropout(backend):
    x = MAKE[backend](np.ones((40, 50), "float32"))
    dropped = to_np(F.dropout(x, rate=0.25, key=key_of(backend, 1)))
    kept = np.asarray(jax.random.bernoulli(jax_key(1), 0.75, (40, 50)))
    np.testing.assert_allclose(dropped, np.where(kept, 1 / 0.75, 0), rtol=1e-6)
    for found in (F.dropout(x, rate=0.25), F.dropout(x, rate=0.25, noise_shape=(40, 1))):
        np.testing.assert_allclose(np.unique(to_np(found)), [0, 4 / 3], rtol=1e-6)
    rows = to_np(F.dropout(x, rate=0.5, key=key_of(backend, 1), noise_shape=(40, 1)))
    assert (rows == rows[:, :1]).all()
    np.testing.assert_array_equal(to_np(F.dropout(x, rate=0.0)), 1)
    np.testing.assert_array_equal(to_np(F.dropout(x, rate=1.0)), 0)


def test_seed_makes_the_default_generator_repeat(backend):
    def draw():
        return [
            to_np(x)
            for x in (
                F.random_uniform(shape=(4,)), F.random_normal(shape=4), F.random_int(0, 1000, shape=(5,)),
                F.bernoulli(0.5, shape=(9,)), F.permutation(6), F.gamma(2.0, shape=(3,)), F.poisson(3.0, shape=(3,)),
                F.beta(1.0, 2.0, shape=(3,)), F.random_gumbel(shape=(2,)),
            )
        ]  # fmt: skip

    ivy.seed(3)
    first, second = draw(), draw()
    ivy.seed(3)
    again = draw()
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert any((a != b).any() for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("key", [None, 17])
def test_distributions(backend, key):
    ivy.seed(1)
    n = 4000

    def moments(x):
        x = to_np(x).astype("float64")
        assert x.shape == (n,)
        return x.mean(), x.var()

    for found, mean, variance in [
        (F.random_uniform(low=2.0, high=4.0, shape=n, key=key), 3, 1 / 3),
        (F.random_normal(mean=1.0, std=2.0, shape=n, key=key), 1, 4),
        (F.random_int(0, 11, shape=n, key=key), 5, 10),
        (F.exponential(shape=n, key=key), 1, 1),
        (F.gamma(3.0, shape=n, key=key), 3, 3),
        (F.gamma(0.5, shape=n, key=key), 0.5, 0.5),
        (F.poisson(4.0, shape=n, key=key), 4, 4),
        (F.beta(2.0, 2.0, shape=n, key=key), 0.5, 0.05),
        (F.random_gumbel(shape=n, key=key), 0.5772, np.pi**2 / 6),
    ]:
        m, v = moments(found)
        assert abs(m - mean) < 6 * np.sqrt(variance / n)
        assert abs(v / variance - 1) < 0.25


def test_multinomial(backend):
    p = MAKE[backend](np.asarray([[0.0, 1.0, 3.0, 0.0], [1.0, 0.0, 1.0, 0.0]], "float32"))
    for key in (None, 3):
        without = to_np(F.multinomial(p, num_samples=2, key=key))
        np.testing.assert_array_equal(np.sort(without, axis=-1), [[1, 2], [0, 2]])
        drawn = to_np(F.multinomial(p, num_samples=2000, replacement=True, key=key))
        assert drawn.shape == (2, 2000)
        assert set(np.unique(drawn[0])) == {1, 2}
        assert abs((drawn[0] == 2).mean() - 0.75) < 0.06


def test_bad_dtypes(backend):
    with pytest.raises(DtypeError, match="int32"):
        F.random_uniform(shape=(2,), dtype="int32", key=0)
    with pytest.raises(DtypeError, match="float32"):
        F.random_int(0, 2, shape=(2,), dtype="float32", key=0)


def test_jit_needs_a_key():
    x = jnp.ones(3)
    with pytest.raises(BackendError, match="key"):
        jax.jit(lambda x: F.dropout(x, rate=0.5))(x)
    found = jax.jit(lambda x, key: F.dropout(x, rate=0.5, key=key))(x, jax.random.PRNGKey(0))
    assert set(np.asarray(found).tolist()) <= {0.0, 2.0}
    with pytest.raises(BackendError, match="key"):
        jax.jit(lambda x: F.dropout(x, rate=0.5))(x)


def test_under_torch_compile():
    key = torch.as_tensor(np.asarray([0, 5], "uint32"))
    compiled = torch.compile(lambda k: F.random_uniform(shape=(4,), key=k), backend="eager")
    np.testing.assert_array_equal(compiled(key).numpy(), jax.random.uniform(jax_key(5), (4,)))
