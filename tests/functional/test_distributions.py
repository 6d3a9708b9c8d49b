"""More distributions: the right ones, the same for a key on every backend, and those of JAX where it draws alike."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from backends import BACKENDS, MAKE, canonical, to_np
from scipy import stats

import ivy
import ivy.functional as F
from ivy.errors import ArgumentError

COUNT = 2000

# op -> (parameters, SciPy's distribution, whether numbers for a key are the same everywhere)
CONTINUOUS = {
    "laplace": ((0.5, 2.0), stats.laplace(0.5, 2.0), True),
    "cauchy": ((-1.0, 0.5), stats.cauchy(-1.0, 0.5), True),
    "logistic": ((1.0, 0.7), stats.logistic(1.0, 0.7), True),
    "lognormal": ((0.2, 0.6), stats.lognorm(0.6, scale=np.exp(0.2)), True),
    "weibull": ((1.7, 2.0), stats.weibull_min(1.7, scale=2.0), True),
    "pareto": ((2.5, 1.5), stats.pareto(2.5, scale=1.5), True),
    "rayleigh": ((1.3,), stats.rayleigh(scale=1.3), True),
    "chisquare": ((3.0,), stats.chi2(3.0), False),
    "student_t": ((4.0, 1.0, 2.0), stats.t(4.0, 1.0, 2.0), False),
}
DISCRETE = {
    "geometric": ((0.3,), stats.geom(0.3), True),
    "negative_binomial": ((3.0, 0.4), stats.nbinom(3, 0.4), False),
    "binomial": ((6, 0.35), stats.binom(6, 0.35), True),
    "rademacher": ((), stats.rv_discrete(values=([-1, 1], [0.5, 0.5])), True),
}
OF_JAX = {
    "laplace": lambda k, s: jax.random.laplace(k, s) * 2 + 0.5,
    "cauchy": lambda k, s: jax.random.cauchy(k, s) * 0.5 - 1,
    "lognormal": lambda k, s: jnp.exp(jax.random.normal(k, s) * 0.6 + 0.2),
    "weibull": lambda k, s: jax.random.weibull_min(k, 2.0, 1.7, s),
    "pareto": lambda k, s: jax.random.pareto(k, 2.5, s) * 1.5,
    "rademacher": jax.random.rademacher,
}


@pytest.fixture(params=BACKENDS)
def backend(request):
    with ivy.using_backend(request.param):
        yield request.param


def draw(op, *args, **kwargs):
    return to_np(getattr(F, op)(*args, **kwargs))


@pytest.mark.parametrize("key", [11, None])
@pytest.mark.parametrize("op", CONTINUOUS)
def test_continuous_distributions(backend, op, key):
    parameters, expected, _ = CONTINUOUS[op]
    if key is None:
        F.seed(5)
    drawn = draw(op, *parameters, shape=(COUNT // 4, 4), key=key)
    assert drawn.shape == (COUNT // 4, 4)
    assert drawn.dtype == np.float32
    assert stats.kstest(drawn.ravel().astype("float64"), expected.cdf).pvalue > 1e-3


@pytest.mark.parametrize("key", [12, None])
@pytest.mark.parametrize("op", DISCRETE)
def test_discrete_distributions(backend, op, key):
    parameters, expected, _ = DISCRETE[op]
    if key is None:
        F.seed(6)
    drawn = draw(op, *parameters, shape=(COUNT,), key=key)
    assert drawn.dtype == np.int32
    values, counts = np.unique(drawn, return_counts=True)
    probabilities = expected.pmf(values)
    assert (probabilities > 0).all()
    usual = probabilities * COUNT > 5
    statistic = ((counts - probabilities * COUNT) ** 2 / (probabilities * COUNT))[usual].sum()
    assert stats.chi2.sf(statistic, max(usual.sum() - 1, 1)) > 1e-3


@pytest.mark.parametrize("op", [n for n, case in (CONTINUOUS | DISCRETE).items() if case[2]])
def test_same_numbers_on_every_backend(op):
    parameters = (CONTINUOUS | DISCRETE)[op][0]
    found = {}
    for name in BACKENDS:
        with ivy.using_backend(name):
            found[name] = draw(op, *parameters, shape=(5, 7), key=3)
    for name in BACKENDS[1:]:
        np.testing.assert_allclose(found[name], found[BACKENDS[0]], rtol=1e-4, atol=1e-5, err_msg=name)
    if op in OF_JAX:
        expected = OF_JAX[op](jnp.asarray([0, 3], jnp.uint32), (5, 7))
        np.testing.assert_allclose(found[BACKENDS[0]], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("op", CONTINUOUS | DISCRETE)
def test_shapes_and_dtypes(backend, op):
    parameters = (CONTINUOUS | DISCRETE)[op][0]
    assert draw(op, *parameters, shape=(0, 2), key=1).shape == (0, 2)
    assert draw(op, *parameters, shape=3, key=MAKE[backend](np.asarray([0, 1], "uint32"))).shape == (3,)
    if op == "rademacher":
        return
    arrays = [p if isinstance(p, int) else MAKE[backend](np.full((2, 1), p, "float32")) for p in parameters]
    assert draw(op, *arrays, key=1).shape == (2, 1)
    assert draw(op, *arrays, shape=(4, 2, 3), key=1).shape == (4, 2, 3)
    dtypes = ["float16", "float64", "bfloat16"] if op in CONTINUOUS else ["int64", "float32"]
    for dtype in dtypes:
        drawn = draw(op, *parameters, shape=(20,), dtype=dtype, key=1)
        assert str(drawn.dtype) == canonical(dtype, backend)
        assert np.isfinite(drawn.astype("float64")).all()


def test_certain_success(backend):
    assert (draw("geometric", 1.0, shape=(9,), key=0) == 1).all()
    assert (draw("binomial", 4, 1.0, shape=(9,), key=0) == 4).all()
    assert (draw("negative_binomial", 2.0, 1.0, shape=(9,), key=0) == 0).all()


@pytest.mark.parametrize("concentration", [0.01, 0.5, 3.0])
def test_dirichlet(backend, concentration):
    alpha = np.asarray([concentration, 2 * concentration, concentration], "float32")
    drawn = draw("dirichlet", MAKE[backend](alpha), shape=(COUNT,), key=2)
    assert drawn.shape == (COUNT, 3)
    np.testing.assert_allclose(drawn.sum(-1), 1, atol=1e-5)
    np.testing.assert_allclose(drawn.mean(0), alpha / alpha.sum(), atol=0.03)
    expected = stats.beta(alpha[0], alpha[1:].sum())
    np.testing.assert_allclose(drawn[:, 0].var(), expected.var(), atol=0.02)


def test_multivariate_normal(backend):
    mean, cov = np.asarray([1.0, -2.0], "float32"), np.asarray([[2.0, 0.6], [0.6, 0.5]], "float32")
    drawn = draw("multivariate_normal", MAKE[backend](mean), MAKE[backend](cov), shape=(COUNT,), key=4)
    expected = jax.random.multivariate_normal(jnp.asarray([0, 4], jnp.uint32), mean, cov, (COUNT,))
    np.testing.assert_allclose(drawn, expected, atol=1e-4)
    np.testing.assert_allclose(np.cov(drawn.T), cov, atol=0.15)


@pytest.mark.parametrize("shape", [(3, 3), (5, 2), (2, 5)])
def test_orthogonal(backend, shape):
    q = draw("orthogonal", *shape, shape=(4,), key=5)
    assert q.shape == (4, *shape)
    product = q.swapaxes(-1, -2) @ q if shape[0] >= shape[1] else q @ q.swapaxes(-1, -2)
    np.testing.assert_allclose(product, np.broadcast_to(np.eye(min(shape)), product.shape), atol=1e-5)
    with ivy.using_backend("numpy"):
        np.testing.assert_allclose(q, draw("orthogonal", *shape, shape=(4,), key=5), atol=1e-4)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("replace", [False, True])
def test_choice(backend, replace, weighted):
    p = np.asarray([0.1, 0.0, 0.4, 0.5], "float32") if weighted else None
    options = {"p": MAKE[backend](p)} if weighted else {}
    if replace:
        drawn = draw("choice", 4, shape=(COUNT,), key=6, **options)
        shares = np.bincount(drawn, minlength=4) / COUNT
        np.testing.assert_allclose(shares, p if weighted else np.full(4, 0.25), atol=0.03)
        assert not weighted or shares[1] == 0
    else:
        count = 3 if weighted else 4
        drawn = draw("choice", 4, shape=(count,), replace=False, key=6, **options)
        assert sorted(drawn) == ([0, 2, 3] if weighted else [0, 1, 2, 3])
    assert drawn.dtype == np.int32
    rows = np.arange(8.0, dtype="float32").reshape(2, 4)
    taken = draw("choice", MAKE[backend](rows), shape=(3, 1), axis=-1, key=6, replace=replace, **options)
    indices = draw("choice", 4, shape=(3, 1), key=6, replace=replace, **options)
    np.testing.assert_array_equal(taken, rows[:, indices])
    expected = jax.random.choice(
        jnp.asarray([0, 6], jnp.uint32), 4, (3, 1), replace, None if p is None else jnp.asarray(p)
    )
    if replace or not weighted:
        np.testing.assert_array_equal(indices, expected)


def test_choice_of_too_few(backend):
    with pytest.raises(ArgumentError, match="can't draw"):
        F.choice(3, shape=4, replace=False, key=0)
    with pytest.raises(ArgumentError, match="can't draw"):
        F.choice(0, shape=1, key=0)
    assert draw("choice", 0, shape=(0,), key=0).shape == (0,)
