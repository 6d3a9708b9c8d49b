"""The functions in JAX; channels last, as flax has them."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import lax
from jax.scipy import special

LAYOUTS = {"image": (0,), "kernel": (1, 0), "depthwise": (1, 0)}
EXACT_RANDOM = {
    "random_uniform", "random_normal", "random_integers", "bernoulli", "dropout", "permutation", "categorical",
}  # fmt: skip

# -- elementwise ------------------------------------------------------------------------------------------------------


def arithmetic(x, y):
    return (x + y) * 2 - x / y, -x * y + 0.5, abs(x) @ y.T


def powers(x, y):
    return x**y, jnp.sqrt(x), jnp.cbrt(x), x**3, lax.rsqrt(x), jnp.square(x), 2.0**x


def exponentials_and_logs(x):
    return jnp.exp(-x), jnp.log(x), jnp.log1p(x), jnp.expm1(x), jnp.log2(x), jnp.log10(x), jnp.logaddexp(x, 2 * x)


def trigonometry(x):
    circular = jnp.sin(x), jnp.cos(3 * x), jnp.tan(x), jnp.arcsin(x), jnp.arctan2(x, x + 2)
    return *circular, jnp.sinh(x), jnp.arctanh(x), jnp.tanh(x)


def rounding(x):
    return jnp.floor(x), jnp.ceil(x), jnp.round(x), jnp.trunc(x), jnp.sign(x), x - jnp.floor(x)


def remainders(x, y):
    return x // y, x % y, jnp.fmod(x, y), lax.rem(x, y + 0 * x)


def clip_and_where(x, y):
    return jnp.clip(x, -1, 1), jnp.where(x > y, x, y * 2), jnp.maximum(x, y), jnp.minimum(x, 0), jnp.hypot(x, y)


def comparisons(x, y):
    return x > y, x == y, (x > 0) & (y < 0), (x > 0) ^ (y > 0), ~(x >= y), jnp.isclose(x, y, atol=0.5)


def bits(i, j):
    return i & j, i | j, i ^ j, i << j, i >> j, ~i, lax.population_count(i)


def mixed_dtypes(x, i):
    return x * i, i / 2, i + 1.5, i * jnp.float32(0.5), x + jnp.arange(4)


def casts(x):
    return x.astype(int), x.astype(bool), x.astype(jnp.bfloat16), (x * 2).astype(jnp.int8), (x > 0).astype(x.dtype) * x


def special_functions(x):
    return special.erf(x), special.gammaln(x), special.digamma(x), special.i0(x), special.expit(x), lax.erfc(x)


def complex_numbers(x, y):
    z = lax.complex(x, y)
    w = z * jnp.conj(z + 1) / (z + 2)
    return jnp.abs(w), jnp.angle(z), w.real, jnp.exp(1j * x).imag


def integer_arithmetic(i, j):
    return i // j, i % j, i * j - 3, i**2, jnp.gcd(i, j), abs(i)


# -- activations ------------------------------------------------------------------------------------------------------


def gelu(x):
    return jax.nn.gelu(x, approximate=False), jax.nn.gelu(x)


def swish(x):
    return jax.nn.swish(x), jax.nn.sigmoid(x)


def softplus_and_mish(x):
    return jax.nn.softplus(x), jax.nn.mish(x)


def rectifiers(x):
    return (
        jax.nn.relu(x),
        jax.nn.leaky_relu(x, 0.1),
        jax.nn.elu(x),
        jax.nn.hard_sigmoid(x),
        jax.nn.selu(x),
        jax.nn.relu6(4 * x),
    )


def gated(x):
    return jax.nn.glu(x)


# -- creation ---------------------------------------------------------------------------------------------------------


def sinusoidal_positions(x):
    length, width = x.shape
    angle = jnp.arange(length)[:, None] / 10000.0 ** (jnp.arange(0, width, 2) / width)
    table = jnp.zeros((length, width)).at[:, 0::2].set(jnp.sin(angle)).at[:, 1::2].set(jnp.cos(angle))
    return x + table


def one_hot(i, table):
    hot = jax.nn.one_hot(i, 5)
    return hot, hot @ table


def triangles(x):
    return jnp.tril(x), jnp.triu(x, 1), x * jnp.tri(4), jnp.diag(x), x + jnp.eye(4)


def grids(x):
    rows, columns = jnp.meshgrid(jnp.linspace(0, 1, 3), jnp.arange(4.0), indexing="ij")
    return x * rows + columns, jnp.full_like(x, 0.5) - x, jnp.ones((2, 3)) @ x, lax.iota(jnp.int32, 4) + x


# -- reductions -------------------------------------------------------------------------------------------------------


def mean_and_variance(x):
    normalised = (x - x.mean(-1, keepdims=True)) / x.std()
    return x.mean(), x.mean(axis=(0, 2)), x.var(axis=-1), jnp.std(x, axis=1, ddof=1), normalised


def sums_and_products(x):
    return x.sum(), x.sum(axis=(0, 2), keepdims=True), x.prod(axis=-1), jnp.prod(x), jnp.sum(x * x, axis=0)


def extrema(x):
    return x.max(), x.min(axis=0), jnp.max(x, axis=1, keepdims=True), x.argmax(axis=1), x.argmin(), jnp.ptp(x, axis=1)


def logsumexp(x):
    return jax.nn.logsumexp(x, axis=1)


def softmax(x):
    return jax.nn.softmax(x, axis=-1), jax.nn.log_softmax(x)


def cumulative(x):
    return jnp.cumsum(x, axis=1), jnp.cumprod(x, axis=0), jnp.cumsum(x), lax.cummax(x, axis=1)


def norms(x):
    row = jnp.linalg.norm(x, axis=1)
    return jnp.linalg.norm(x), row, jnp.abs(x).sum(-1), jnp.linalg.norm(x, ord=jnp.inf, axis=0)


def counts(x):
    return jnp.any(x > 2, axis=1), jnp.all(x > -2, axis=0), jnp.count_nonzero(x > 0), (x > 0).sum(axis=1)


def median(x):
    return jnp.median(x, axis=1), jnp.quantile(x, 0.25, axis=1)


# -- linear algebra ---------------------------------------------------------------------------------------------------


def matmul(a, b, v):
    return a @ b, a @ v, jnp.matmul(v, b), lax.dot(a[0], b[1])


def einsum(a, b):
    pair = jnp.einsum("bij,bkj,bik->b", a, b, a @ b.mT)
    return jnp.einsum("bij,bkj->bik", a, b), jnp.einsum("bij->j", a), pair


def products(u, v, m):
    cross = jnp.cross(u[:3], v[:3])
    return jnp.dot(u, v), jnp.outer(u, v), jnp.tensordot(m, v, axes=1), jnp.kron(u, v), jnp.inner(m, v), cross


def solve(a, b):
    return jnp.linalg.solve(a, b), jnp.linalg.solve(a, b[:, 0])


def triangular_solve(a, b):
    return jax.scipy.linalg.solve_triangular(a, b, lower=True)


def cholesky(a):
    return jnp.linalg.cholesky((a + a.T) / 2)


def qr(a):
    return tuple(jnp.linalg.qr(a))


def svd(a):
    u, s, vt = jnp.linalg.svd(a, full_matrices=False)
    return s, (u[:, :1] * s[:1]) @ vt[:1]


def eigh(a):
    values, vectors = jnp.linalg.eigh((a + a.T) / 2)
    return values, vectors * values @ vectors.T, vectors[:, -1:] @ vectors[:, -1:].T


def determinant_and_inverse(a):
    sign, logarithm = jnp.linalg.slogdet(a)
    return jnp.linalg.det(a), sign, logarithm, jnp.linalg.inv(a)


def least_squares(a, b):
    return jnp.linalg.lstsq(a, b)[0], jnp.linalg.pinv(a)


def diagonal_and_trace(a):
    return jnp.diagonal(a), jnp.trace(a), jnp.linalg.matrix_power(a, 3), jnp.diag(a.sum(0))


def spectrum(x):
    f = jnp.fft.rfft(x)
    return jnp.abs(f), jnp.fft.irfft(f * jnp.exp(-jnp.arange(5.0)), n=8), jnp.abs(jnp.fft.fft(x, axis=0))


# -- shapes -----------------------------------------------------------------------------------------------------------


def reshape_and_transpose(x):
    back = x[None].squeeze(0)
    return x.reshape(6, -1), x.transpose(2, 0, 1), x.ravel(), jnp.swapaxes(x, 0, 1), back, jnp.moveaxis(x, 0, -1)


def concat_stack_split(x, y):
    a, b, c = jnp.split(x, 3, axis=1)
    stacked = jnp.stack([x, y], axis=-1)
    return jnp.concatenate([x, y], axis=1), stacked, a + b * c, jnp.hstack([c, a]), jnp.vstack([x[0], y[1]])


def pad(x):
    reflected = jnp.pad(x, ((0, 0), (2, 1)), mode="reflect")
    return jnp.pad(x, ((1, 2), (0, 1))), reflected, lax.pad(x, 3.0, ((0, 1, 1), (1, 0, 0)))


def tile_and_repeat(x):
    return (
        jnp.tile(x, (2, 3)),
        jnp.repeat(x, 2, axis=1),
        jnp.repeat(x, jnp.array([1, 2]), axis=0, total_repeat_length=3),
    )


def flip_and_roll(x):
    return jnp.flip(x, axis=0), x[:, ::-1], jnp.roll(x, 1, axis=1), jnp.roll(x, (1, -1), axis=(0, 1)), jnp.rot90(x)


def broadcasting(x, y):
    return x + y, jnp.broadcast_to(x, (2, 3, 4)), jnp.expand_dims(x, (0, -1)) * y[0]


# -- indexing ---------------------------------------------------------------------------------------------------------


def slices(x):
    return x[1:4, ::2], x[-1], x[..., -2:], x[::-2, None], x[2, 3], lax.dynamic_slice(x, (1, 2), (2, 3))


def gather(x, i):
    return x[i], jnp.take(x, i[0], axis=0), jnp.take(x, i[0] % 3, axis=1)


def fancy_index(x, i, j):
    return x[i, j], x[:, j], x[i, :, 1], x[i[:, None], j], x[jnp.arange(3), -1]


def boolean_mask(x):
    return x[jnp.nonzero(x > 0, size=4)], jnp.argwhere(x < 0, size=3, fill_value=-1), jnp.where(x > 0, x, 0.0)


def take_along_axis(x, i):
    return jnp.take_along_axis(x, i, axis=1), jnp.take_along_axis(x, jnp.argsort(x, axis=1), axis=1)


def gather_nd(x, i):
    return x[tuple(i.T)], x[i[:, 0], i[:, 1], 1]


# -- scatter ----------------------------------------------------------------------------------------------------------


def scatter_add(x, i, y):
    return x.at[i].add(y)


def scatter_set(x, i, y):
    return x.at[i].set(y).at[i, 1].set(0.0)


def scatter_max(x, i, y):
    return x.at[i].max(y)


def segment_sum(x, i):
    return jax.ops.segment_sum(x, i, num_segments=4)


def write_slices(x, v):
    out = x.at[:, 0].set(v).at[1].multiply(2)
    out = out.at[2, 1:3].add(out[3, 1:3])
    return jnp.where(out > 1.5, 1.5, lax.dynamic_update_slice(out, v[None], (0, 1)))


def bincount(i):
    return jnp.bincount(i, length=6), jnp.histogram(i, bins=3, range=(0, 6))[0]


# -- sorting ----------------------------------------------------------------------------------------------------------


def sort(x):
    return jnp.sort(x), jnp.sort(x, axis=0), jnp.sort(x, axis=None)[::-1]


def argsort(x):
    order = jnp.argsort(x, axis=1)
    return order, jnp.argsort(-x, axis=0), jnp.argsort(order, axis=1)


def top_k(x):
    values, places = lax.top_k(x, 3)
    return values, places


def searchsorted(x, values):
    edges = jnp.sort(values)
    return jnp.searchsorted(edges, x), jnp.searchsorted(edges, x, side="right"), jnp.digitize(x, edges)


def unique(i):
    return jnp.unique(i, size=5, fill_value=-1, return_counts=True)


# -- convolution ------------------------------------------------------------------------------------------------------


def conv1d(x, w, b):
    return lax.conv_general_dilated(x, w, (1,), "SAME", dimension_numbers=("NHC", "HIO", "NHC")) + b


NHWC = ("NHWC", "HWIO", "NHWC")


def conv2d_strided(x, w, b):
    return lax.conv_general_dilated(x, w, (2, 2), ((1, 1), (1, 1)), dimension_numbers=NHWC) + b


def conv2d_dilated(x, w):
    return lax.conv_general_dilated(x, w, (1, 1), "VALID", rhs_dilation=(2, 2), dimension_numbers=NHWC)


def conv2d_grouped(x, w):
    return lax.conv_general_dilated(x, w, (1, 1), "VALID", dimension_numbers=NHWC, feature_group_count=2)


def depthwise_separable(x, depthwise, pointwise):
    y = lax.conv_general_dilated(x, depthwise, (1, 1), "SAME", dimension_numbers=NHWC, feature_group_count=3)
    return lax.conv_general_dilated(y, pointwise, (1, 1), "SAME", dimension_numbers=NHWC)


def conv_transpose2d(x, w):
    return lax.conv_transpose(x, w, (2, 2), "SAME", dimension_numbers=NHWC, transpose_kernel=True)


def conv3d(x, w):
    return lax.conv_general_dilated(x, w, (1, 1, 1), "VALID", dimension_numbers=("NDHWC", "DHWIO", "NDHWC"))


# -- pooling ----------------------------------------------------------------------------------------------------------


def max_pool2d(x):
    pairs = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    return pairs, lax.reduce_window(x, -jnp.inf, lax.max, (1, 3, 3, 1), (1, 2, 2, 1), "SAME")


def avg_pool2d(x):
    def total(v):
        return lax.reduce_window(v, 0.0, lax.add, (1, 3, 3, 1), (1, 2, 2, 1), "SAME")

    return total(x) / total(jnp.ones_like(x)), total(x) / 9


def max_pool1d_overlapping(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 3, 1), (1, 2, 1), "VALID")


def global_average_pool(x):
    return x.mean(axis=(1, 2)), x.max(axis=(1, 2))


# -- normalisation ----------------------------------------------------------------------------------------------------


def batch_norm(x, scale, offset, mean, variance):
    return jax.nn.standardize(x, axis=-1, mean=mean, variance=variance, epsilon=1e-5) * scale + offset


def batch_norm_training(x, scale, offset, mean, variance):
    m, v = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
    y = (x - m) * lax.rsqrt(v + 1e-5) * scale + offset
    return y, 0.9 * mean + 0.1 * lax.stop_gradient(m), 0.9 * variance + 0.1 * lax.stop_gradient(v)


def layer_norm(x, scale, offset):
    return jax.nn.standardize(x, axis=-1, epsilon=1e-5) * scale + offset


def group_norm(x, scale, offset):
    n, h, w, c = x.shape
    g = jax.nn.standardize(x.reshape(n, h, w, 2, c // 2), axis=(1, 2, 4))
    return g.reshape(x.shape) * scale + offset


def rms_norm(x, scale):
    return x * lax.rsqrt(jnp.mean(jnp.square(x), axis=-1, keepdims=True) + 1e-6) * scale


def instance_norm(x):
    return jax.nn.standardize(x, axis=(1, 2))


# -- attention --------------------------------------------------------------------------------------------------------


def attention(q, k, v):
    return jax.nn.dot_product_attention(*(jnp.swapaxes(x, 1, 2) for x in (q, k, v)))


def causal_attention(q, k, v):
    q, k, v = (jnp.swapaxes(x, 1, 2) for x in (q, k, v))
    return jax.nn.dot_product_attention(q, k, v, is_causal=True, scale=0.5)


def multi_head_attention(x, w_in, w_out):
    batch, length, width = x.shape
    q, k, v = jnp.split((x @ w_in).reshape(batch, length, 6, width // 2), 3, axis=2)
    scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) * 0.5
    return jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores), v).reshape(batch, length, width) @ w_out


def rotary_embedding(x):
    half = x.shape[-1] // 2
    angle = jnp.outer(jnp.arange(x.shape[1]), 10000.0 ** (-jnp.arange(half) / half))
    a, b = jnp.split(x, 2, axis=-1)
    return jnp.concatenate([a * jnp.cos(angle) - b * jnp.sin(angle), b * jnp.cos(angle) + a * jnp.sin(angle)], axis=-1)


# -- recurrent --------------------------------------------------------------------------------------------------------


def rnn(x, h, w_x, w_h, b):
    def step(h, row):
        h = jnp.tanh(row @ w_x.T + h @ w_h.T + b)
        return h, h

    last, outputs = lax.scan(step, h, x)
    return outputs, last


def lstm(x, h, c, w_x, w_h, b):
    def step(state, row):
        h, c = state
        i, f, g, o = jnp.split(row @ w_x.T + h @ w_h.T + b, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    last, outputs = lax.scan(step, (h, c), x)
    return outputs, last


def gru(x, h, w_x, w_h, b):
    def step(h, row):
        r_x, z_x, n_x = jnp.split(row @ w_x.T + b, 3, axis=-1)
        r_h, z_h, n_h = jnp.split(h @ w_h.T, 3, axis=-1)
        r, z = jax.nn.sigmoid(r_x + r_h), jax.nn.sigmoid(z_x + z_h)
        h = (1 - z) * jnp.tanh(n_x + r * n_h) + z * h
        return h, h

    last, outputs = lax.scan(step, h, x, reverse=True)
    return outputs, last


def linear_recurrence(x, decay):
    def combine(left, right):
        return left[0] * right[0], left[1] * right[0] + right[1]

    return lax.associative_scan(combine, (decay, x))[1]


# -- losses -----------------------------------------------------------------------------------------------------------


def cross_entropy(logits, labels):
    log_p = jax.nn.log_softmax(logits)
    return -jnp.take_along_axis(log_p, labels[:, None], axis=1).mean(), -jnp.sum(
        jax.nn.one_hot(labels, 5) * log_p, axis=1
    )


def binary_cross_entropy(logits, targets):
    return -jnp.mean(targets * jax.nn.log_sigmoid(logits) + (1 - targets) * jax.nn.log_sigmoid(-logits))


def huber_loss(x, y):
    error = jnp.abs(x - y)
    return jnp.where(error <= 1.0, 0.5 * error**2, error - 0.5).mean(), jnp.mean((x - y) ** 2), jnp.mean(error)


def kl_divergence(p, q):
    log_p, log_q = jax.nn.log_softmax(p), jax.nn.log_softmax(q)
    return jnp.sum(jnp.exp(log_p) * (log_p - log_q), axis=1)


# -- embedding and images ---------------------------------------------------------------------------------------------


def embedding(table, i):
    return jnp.take(table, i, axis=0) * 2.0, table[i].mean(axis=1)


def resize_bilinear(x):
    n, h, w, c = x.shape
    return jax.image.resize(x, (n, 2 * h, 2 * w, c), "bilinear")


def resize_nearest(x):
    n, h, w, c = x.shape
    return jax.image.resize(x, (n, 2 * h, 2 * w, c), "nearest")


def pixel_shuffle(x):
    n, h, w, c = x.shape
    return x.reshape(n, h, w, 2, 2, c // 4).transpose(0, 1, 3, 2, 4, 5).reshape(n, 2 * h, 2 * w, c // 4)


# -- control flow -----------------------------------------------------------------------------------------------------


def branch_on_value(x):
    return lax.cond(x.sum() > 0, lambda v: v * 2, lambda v: v - 1, x)


def while_on_value(x):
    return lax.while_loop(lambda v: v.sum() < 20, lambda v: v * 1.5, x)


def counted_loop(x, a):
    return lax.fori_loop(0, 4, lambda _, v: jnp.tanh(a @ v), x)


def scan(x):
    def step(total, row):
        total = total * 0.5 + row
        return total, total.sum()

    return lax.scan(step, jnp.zeros_like(x[0]), x)


def branch_in_loop(x):
    def step(total, v):
        return lax.cond(v > 0, lambda t: t + v**2, lambda t: t - v, total), None

    return lax.scan(step, jnp.zeros(()), x)[0]


def newton_iteration(a):
    return lax.while_loop(lambda x: jnp.max(jnp.abs(x * x - a)) > 1e-3, lambda x: 0.5 * (x + a / x), a / 2)


def switch(i, x):
    return lax.switch(i, [lambda v: v + 1, jnp.sin, lambda v: v**2], x)


# -- random -----------------------------------------------------------------------------------------------------------


def random_uniform(x):
    return x + jax.random.uniform(jax.random.PRNGKey(1), x.shape, minval=-1.0, maxval=3.0)


def random_normal(x):
    return 0.1 * x + 2.0 + 0.5 * jax.random.normal(jax.random.key(2), x.shape)


def random_integers(i):
    first, _ = jax.random.split(jax.random.key(3))
    return i * 0 + jax.random.randint(first, i.shape, 0, 10)


def bernoulli(p):
    return jax.random.bernoulli(jax.random.fold_in(jax.random.key(4), 7), p)


def dropout(x):
    return jnp.where(jax.random.bernoulli(jax.random.key(5), 0.7, x.shape), x / 0.7, 0.0)


def permutation(x):
    return jax.random.permutation(jax.random.key(6), x)


def categorical(logits):
    return jax.random.categorical(jax.random.key(7), logits, shape=(2000,))
