"""Whole JAX functions: control flow, sorting, scatter, FFT, linear algebra, random numbers; containers and closures."""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

r = np.random.default_rng(0)
v = r.normal(size=8).astype("float32")
m = r.normal(size=(6, 4)).astype("float32")
sq = (r.normal(size=(4, 4)) + 4 * np.eye(4)).astype("float32")
img = r.normal(size=(2, 8, 8, 3)).astype("float32")
ker = r.normal(size=(3, 3, 3, 5)).astype("float32")
seq = r.normal(size=(5, 2, 3)).astype("float32")
ints = r.integers(0, 10, size=12).astype("int32")


def newton(a):
    return lax.while_loop(lambda s: jnp.abs(s * s - a) > 1e-4, lambda s: 0.5 * (s + a / s), a)


def rnn(xs):
    w = jnp.linspace(-1, 1, 9).reshape(3, 3)

    def cell(h, x):
        h = jnp.tanh(x + h @ w)
        return h, h.sum(-1)

    return lax.scan(cell, jnp.zeros((2, 3)), xs)


def collatz(n):
    def body(state):
        k, steps = state
        return jnp.where(k % 2 == 0, k // 2, 3 * k + 1), steps + 1

    return lax.while_loop(lambda s: s[0] != 1, body, (n, 0))[1]


def bubble(a):
    def swap(i, b):
        lo, hi = jnp.minimum(b[i], b[i + 1]), jnp.maximum(b[i], b[i + 1])
        return b.at[i].set(lo).at[i + 1].set(hi)

    def sweep(_, b):
        return lax.fori_loop(0, b.shape[0] - 1, swap, b)

    return lax.fori_loop(0, a.shape[0], sweep, a)


def attention(q, k, val):
    scores = jnp.einsum("qd,kd->qk", q, k) / jnp.sqrt(q.shape[-1])
    mask = jnp.tril(jnp.ones_like(scores, dtype=bool))
    return jax.nn.softmax(jnp.where(mask, scores, -jnp.inf)) @ val


def layer_norm(a):
    mean = a.mean(-1, keepdims=True)
    return (a - mean) * lax.rsqrt(a.var(-1, keepdims=True) + 1e-6)


def matching(a):
    order = jnp.argsort(a[:, 0])
    ranks = jnp.zeros(a.shape[0], int).at[order].set(jnp.arange(a.shape[0]))
    return order, ranks, a[order]


def gram_schmidt(a):
    def body(i, q):
        u = q[:, i] - q @ (jnp.where(jnp.arange(q.shape[1]) < i, 1.0, 0.0) * (q.T @ q[:, i]))
        return q.at[:, i].set(u / jnp.linalg.norm(u))

    return lax.fori_loop(0, a.shape[1], body, a)


def histogram(a):
    return jnp.zeros(10, int).at[a].add(1), jnp.bincount(a, length=10), jnp.cumsum(a)


def power_iteration(a):
    def body(u, _):
        u = a @ u
        return u / jnp.linalg.norm(u), None

    u, _ = lax.scan(body, jnp.ones(a.shape[0]), None, length=30)
    return u @ a @ u


class Pair(NamedTuple):
    first: jax.Array
    second: jax.Array


FUNCTIONS = {
    "newton": (jax.vmap(newton), np.abs(v) + 0.5),
    "newton_scalar": (newton, np.float32(2.0)),
    "rnn": (rnn, seq),
    "rnn_reverse": (lambda xs: lax.scan(lambda c, x: (c + x, c * x), xs[0], xs, reverse=True), seq),
    "collatz": (collatz, np.int32(27)),
    "bubble": (bubble, v),
    "fori_static": (lambda a: lax.fori_loop(0, 5, lambda i, s: s * 1.1 + i, a), m),
    "cond": (lambda a: lax.cond(a.sum() > 0, jnp.sin, lambda b: b * 2, a), v),
    "cond_false": (lambda a: lax.cond(a.sum() > 1e9, lambda b: (b, 0), lambda b: (b * 2, 1), a), v),
    "cond_closure": (lambda a, b: lax.cond(a[0] > b[0, 0], lambda: a.sum(), lambda: b.sum()), v, m),
    "switch": (lambda a: lax.switch(jnp.argmax(a) % 3, [jnp.sin, jnp.cos, jnp.tan], a), v),
    "switch_clamped": (lambda a: lax.switch(jnp.int32(9), [jnp.sin, jnp.cos], a), v),
    "nested_scan": (
        lambda xs: lax.scan(lambda c, x: lax.scan(lambda d, y: (d * y, d), c, x), jnp.ones(3), xs), seq
    ),
    "scan_of_cond": (lambda xs: lax.scan(lambda c, x: (lax.cond(x > 0, lambda: c + x, lambda: c - x), c), 0.0, xs), v),
    "map": (lambda a: lax.map(lambda row: jnp.sort(row) * row.sum(), a), m),
    "associative_scan": (lambda a: lax.associative_scan(jnp.multiply, a), v),
    "attention": (attention, m, m + 1, m * 2),
    "layer_norm": (layer_norm, m),
    "conv_net": (
        lambda a, k: jax.nn.relu(
            lax.conv_general_dilated(a, k, (2, 2), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        ).mean((1, 2)), img, ker,
    ),
    "pools": (
        lambda a: (lax.reduce_window(a, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "SAME"),
                   lax.reduce_window(a, 0.0, lax.add, (1, 3, 3, 1), (1, 1, 1, 1), "SAME") / 9), img,
    ),
    "matching": (matching, m),
    "sorting": (lambda a: (jnp.sort(a, axis=0), jnp.argsort(-a, axis=1), jnp.median(a), jnp.percentile(a, 30.0)), m),
    "lexsort": (lambda a: jnp.lexsort((a // 3, a % 3)), ints),
    "searchsorted": (lambda a: jnp.searchsorted(jnp.sort(a), jnp.array([-1.0, 0.0, 0.5])), v),
    "top_k": (lambda a: lax.top_k(a, 3), v),
    "unique_sized": (lambda a: jnp.unique(a, size=12, fill_value=-1), ints),
    "histogram": (histogram, ints),
    "scatter_rows": (lambda a: a.at[jnp.array([0, 2])].multiply(3.0).at[:, 1].add(a[:, 0]), m),
    "segments": (lambda a, i: jax.ops.segment_sum(a, i % 4, num_segments=4), v, ints[:8]),
    "one_hot": (lambda i: jax.nn.one_hot(i, 5), ints),
    "fft": (lambda a: (jnp.fft.rfft(a), jnp.fft.ifft(jnp.fft.fft(a)).real, jnp.fft.fftshift(a)), v),
    "fft2": (lambda a: jnp.abs(jnp.fft.fft2(a)), m),
    "spectral_filter": (lambda a: jnp.fft.irfft(jnp.fft.rfft(a) * jnp.array([1, 1, 0, 0, 0])), v),
    "convolve": (lambda a: jnp.convolve(a, jnp.array([1.0, 2.0, -1.0]), mode="same"), v),
    "solve": (lambda a, b: (jnp.linalg.solve(a, b), jnp.linalg.inv(a), jnp.linalg.det(a)), sq, m[:4]),
    "cholesky": (lambda a: jnp.linalg.cholesky(a @ a.T + jnp.eye(4)), sq),
    "cho_solve": (
        lambda a, b: jax.scipy.linalg.cho_solve(jax.scipy.linalg.cho_factor(a @ a.T + jnp.eye(4)), b), sq, m[:4],
    ),
    "slogdet": (jnp.linalg.slogdet, sq),
    "lstsq": (lambda a, b: jnp.linalg.lstsq(a, b)[0], m, m[:, 0]),
    "expm": (lambda a: jax.scipy.linalg.expm(a / 10), sq),
    "pinv": (jnp.linalg.pinv, m),
    "svd": (lambda a: jnp.linalg.svd(a, compute_uv=False), m),
    "eigvalsh": (lambda a: jnp.linalg.eigvalsh(a + a.T), sq),
    "norms": (lambda a: (jnp.linalg.norm(a), jnp.linalg.norm(a, axis=1), jnp.linalg.norm(a, ord=1)), sq),
    "gram_schmidt": (gram_schmidt, sq),
    "power_iteration": (power_iteration, sq),
    "interp": (lambda a: jnp.interp(a, jnp.array([-1.0, 0.0, 2.0]), jnp.array([3.0, 1.0, 2.0])), v),
    "einsum": (lambda a, b: jnp.einsum("bij,bkj->bik", a, b), seq, seq + 1),
    "vmap": (lambda a: jax.vmap(lambda row: jnp.outer(row, row).trace())(a), m),
    "gradient_inside": (lambda a: jax.grad(lambda b: (jnp.sin(b) ** 2).sum())(a), v),
    "hessian_inside": (lambda a: jax.hessian(lambda b: (b**3).sum())(a), v),
    "checkpoint": (jax.checkpoint(lambda a: jnp.sin(jnp.cos(a))), v),
    "jitted": (jax.jit(lambda a, b=2: a * b), v),
    "dict": (lambda a: {"x": a, "y": [a + 1, (a * 2, None)], "z": 3}, v),
    "namedtuple": (lambda a: Pair(a, a.sum()), v),
    "integers": (lambda a: (a // 3, a % 3, a << 2, a >> 1, a & 3, ~a, a.astype("uint8"), -a), ints),
    "statistics": (lambda a: (a.mean(), a.std(0), a.var(), jnp.nanmean(a), a.argmax(1), jnp.cov(a)), m),
    "special": (lambda a: (jax.scipy.special.logsumexp(a), jax.scipy.stats.norm.logpdf(a), jax.nn.gelu(a)), v),
    "activations": (
        lambda a: [f(a) for f in (jax.nn.relu, jax.nn.silu, jax.nn.gelu, jax.nn.elu, jax.nn.softplus, jax.nn.selu,
                                  jax.nn.leaky_relu, jax.nn.log_softmax, jax.nn.softmax, jax.nn.relu6, jax.nn.mish,
                                  jax.nn.hard_swish, jax.nn.log_sigmoid, jax.nn.celu, jax.nn.glu)], v,
    ),
    "where_nan": (lambda a: jnp.nan_to_num(jnp.where(a > 0, jnp.log(a), jnp.nan)), v),
    "meshgrid": (lambda a: jnp.stack(jnp.meshgrid(a, a[:3], indexing="ij")), v),
    "roll_pad": (lambda a: (jnp.roll(a, 2, 0), jnp.pad(a, ((1, 1), (0, 2)), mode="edge"), jnp.flip(a, 1)), m),
    "repeat_tile": (lambda a: (jnp.repeat(a, 2, axis=1), jnp.tile(a, (2, 1)), jnp.split(a, 2)), m),
    "polynomial": (lambda a: jnp.polyval(jnp.array([1.0, -2.0, 3.0]), a), v),
    "cumulative": (lambda a: (jnp.cumsum(a, 1), jnp.cumprod(a), lax.cummax(a), jnp.diff(a)), m),
    "partial": (partial(lambda s, a: a * s, 3.0), v),
}  # fmt: skip

LOOSE = {"expm", "lstsq", "pinv", "power_iteration", "gram_schmidt", "solve", "cho_solve", "svd", "slogdet", "fft2"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function(check, name):
    fn, *arrays = FUNCTIONS[name]
    loose = name in LOOSE
    check(fn, *arrays, rtol=1e-3 if loose else 5e-5, atol=2e-4 if loose else 1e-5)


KEYS = {"raw": jax.random.PRNGKey(3), "typed": jax.random.key(3)}
RANDOM = {
    "uniform": lambda k: jax.random.uniform(k, (7,)),
    "uniform_range": lambda k: jax.random.uniform(k, (2, 3), minval=-2.0, maxval=5.0),
    "bits": lambda k: jax.random.bits(k, (5,)),
    "bits8": lambda k: jax.random.bits(k, (5,), "uint8"),
    "bits16": lambda k: jax.random.bits(k, (5,), "uint16"),
    "randint": lambda k: jax.random.randint(k, (9,), -5, 17),
    "bernoulli": lambda k: jax.random.bernoulli(k, 0.3, (20,)),
    "split": lambda k: jax.random.bits(jax.random.split(k, 3)[1], (2,)),
    "split_shape": lambda k: jax.random.bits(jax.random.split(k, (2, 2))[1, 0], (2,)),
    "fold_in": lambda k: jax.random.bits(jax.random.fold_in(k, 12345), (2,)),
    "permutation": lambda k: jax.random.permutation(k, 10),
    "shuffle_rows": lambda k: jax.random.permutation(k, jnp.arange(12.0).reshape(4, 3)),
    "choice": lambda k: jax.random.choice(k, 10, (4,), replace=False),
    "vmapped": lambda k: jax.vmap(lambda q: jax.random.uniform(q, (2,)))(jax.random.split(k, 3)),
    "vmapped_split": lambda k: jax.vmap(lambda q: jax.random.bits(jax.random.split(q)[0]))(jax.random.split(k, 3)),
    "vmapped_fold_in": lambda k: jax.vmap(lambda i: jax.random.bits(jax.random.fold_in(k, i)))(jnp.arange(4)),
    "scanned": lambda k: lax.scan(lambda c, _: (jax.random.split(c)[0], jax.random.bits(c)), k, None, length=3)[1],
    "scanned_keys": lambda k: lax.scan(lambda c, q: (c, jax.random.bits(q)), 0, jax.random.split(k, 3))[1],
    "chosen": lambda k: jax.random.bits(jax.random.split(k, 4)[jax.random.randint(k, (), 0, 4)]),
    "stacked": lambda k: jax.random.bits(jnp.stack(list(jax.random.split(k)))[1]),
    "seeded": lambda k: jax.random.bits(jax.random.key(jax.random.randint(k, (), 0, 1000)), (2,)),
    "new_key": lambda k: jax.random.split(k)[0],
    "categorical_exact": lambda k: jax.random.categorical(k, jnp.log(jnp.array([0.1, 0.6, 0.3])), shape=(8,)),
}


@pytest.mark.parametrize("name", RANDOM)
@pytest.mark.parametrize("kind", KEYS)
def test_random_numbers_are_exact(check, name, kind):
    check(RANDOM[name], KEYS[kind], exact=name != "uniform_range", rtol=1e-6)


DISTRIBUTIONS = {
    "normal": lambda k: jax.random.normal(k, (6,)),
    "truncated_normal": lambda k: jax.random.truncated_normal(k, -1.0, 2.0, (6,)),
    "exponential": lambda k: jax.random.exponential(k, (6,)),
    "gumbel": lambda k: jax.random.gumbel(k, (6,)),
    "laplace": lambda k: jax.random.laplace(k, (6,)),
    "gamma": lambda k: jax.random.gamma(k, 2.5, (3,)),
    "beta": lambda k: jax.random.beta(k, 2.0, 3.0, (3,)),
    "dirichlet": lambda k: jax.random.dirichlet(k, jnp.ones(3)),
    "multivariate_normal": lambda k: jax.random.multivariate_normal(k, jnp.zeros(2), jnp.eye(2) * 2.0),
    "dropout": lambda k: jnp.where(jax.random.bernoulli(k, 0.8, (6,)), jnp.arange(6.0) / 0.8, 0.0),
}


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_distributions(check, name):
    check(DISTRIBUTIONS[name], KEYS["typed"], rtol=1e-4, atol=1e-5)


def test_seed_inside(check):
    check(lambda a: a + jax.random.uniform(jax.random.key(7), a.shape), v)


def test_negative_seed(check):
    check(lambda a: jax.random.bits(jax.random.PRNGKey(a), (2,)), np.int32(-5))
