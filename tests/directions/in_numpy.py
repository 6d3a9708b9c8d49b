"""The functions in NumPy, with scipy.special where NumPy has no such function; layers are written by hand."""

# ruff: noqa: NPY002 - the global generator is what much code draws from

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import special

LAYOUTS: dict[str, tuple[int, ...]] = {}
EXACT_RANDOM: set[str] = set()

# -- elementwise ------------------------------------------------------------------------------------------------------


def arithmetic(x, y):
    return (x + y) * 2 - x / y, -x * y + 0.5, abs(x) @ y.T


def powers(x, y):
    return x**y, np.sqrt(x), np.cbrt(x), x**3, 1 / np.sqrt(x), np.square(x), 2.0**x


def exponentials_and_logs(x):
    return np.exp(-x), np.log(x), np.log1p(x), np.expm1(x), np.log2(x), np.log10(x), np.logaddexp(x, 2 * x)


def trigonometry(x):
    return (
        np.sin(x),
        np.cos(3 * x),
        np.tan(x),
        np.arcsin(x),
        np.arctan2(x, x + 2),
        np.sinh(x),
        np.arctanh(x),
        np.tanh(x),
    )


def rounding(x):
    return np.floor(x), np.ceil(x), np.round(x), np.trunc(x), np.sign(x), x - np.floor(x)


def remainders(x, y):
    return x // y, x % y, np.fmod(x, y)


def clip_and_where(x, y):
    chosen = np.where(x > y, x, y * 2), np.where(x > 0, x, 1.5), np.select([x > 1, x < -1], [x, y], 0.5)
    return np.clip(x, -1, 1), *chosen, np.maximum(x, y), np.minimum(x, 0), np.hypot(x, y)


def comparisons(x, y):
    near = np.isclose(x, y, atol=0.5)
    return x > y, x == y, (x > 0) & (y < 0), (x > 0) ^ (y > 0), ~(x >= y), near, np.isfinite(x / 0.5)


def bits(i, j):
    return i & j, i | j, i ^ j, i << j, i >> j, ~i


def mixed_dtypes(x, i):
    return x * i, i / 2, i + 1.5, i * np.float32(0.5), x + np.arange(4)


def casts(x):
    return (
        x.astype(np.int32),
        x.astype(bool),
        x.astype(np.float16),
        (x * 2).astype(np.int8),
        (x > 0).astype(np.float32) * x,
    )


def special_functions(x):
    return special.erf(x), special.gammaln(x), special.digamma(x), special.i0(x), special.expit(x), special.erfc(x)


def complex_numbers(x, y):
    z = x + 1j * y
    w = z * np.conj(z + 1) / (z + 2)
    return np.abs(w), np.angle(z), w.real, np.exp(1j * x).imag


def integer_arithmetic(i, j):
    return i // j, i % j, i * j - 3, i**2, np.gcd(i, j), abs(i)


# -- activations ------------------------------------------------------------------------------------------------------


def gelu(x):
    exact = 0.5 * x * (1 + special.erf(x / np.sqrt(2.0)))
    return exact, 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def swish(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, s


def softplus_and_mish(x):
    soft = np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)
    return soft, x * np.tanh(soft)


def rectifiers(x):
    return np.maximum(x, 0), np.where(x > 0, x, 0.1 * x), np.where(x > 0, x, np.expm1(x)), np.clip(x / 6 + 0.5, 0, 1)


def gated(x):
    a, b = np.split(x, 2, axis=-1)
    return a * (1 / (1 + np.exp(-b)))


# -- creation ---------------------------------------------------------------------------------------------------------


def sinusoidal_positions(x):
    length, width = x.shape
    angle = np.arange(length)[:, None] / 10000.0 ** (np.arange(0, width, 2) / width)
    table = np.zeros((length, width), x.dtype)
    table[:, 0::2] = np.sin(angle)
    table[:, 1::2] = np.cos(angle)
    return x + table


def one_hot(i, table):
    hot = np.eye(5, dtype=table.dtype)[i]
    return hot, hot @ table


def triangles(x):
    return np.tril(x), np.triu(x, 1), x * np.tri(4, dtype=x.dtype), np.diag(x), x + np.eye(4, dtype=x.dtype)


def grids(x):
    rows, columns = np.meshgrid(np.linspace(0, 1, 3, dtype="float32"), np.arange(4, dtype="float32"), indexing="ij")
    return x * rows + columns, np.full_like(x, 0.5) - x, np.ones((2, 3), x.dtype) @ x


# -- reductions -------------------------------------------------------------------------------------------------------


def mean_and_variance(x):
    return (
        x.mean(),
        x.mean(axis=(0, 2)),
        x.var(axis=-1),
        np.std(x, axis=1, ddof=1),
        (x - x.mean(-1, keepdims=True)) / x.std(),
    )


def sums_and_products(x):
    return x.sum(), x.sum(axis=(0, 2), keepdims=True), x.prod(axis=-1), np.prod(x), np.sum(x * x, axis=0)


def extrema(x):
    return x.max(), x.min(axis=0), np.max(x, axis=1, keepdims=True), x.argmax(axis=1), x.argmin(), np.ptp(x, axis=1)


def logsumexp(x):
    top = x.max(axis=1, keepdims=True)
    return np.log(np.exp(x - top).sum(axis=1)) + top[:, 0]


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return p, np.log(p)


def cumulative(x):
    return np.cumsum(x, axis=1), np.cumprod(x, axis=0), np.cumsum(x), np.maximum.accumulate(x, axis=1)


def norms(x):
    return np.linalg.norm(x), np.linalg.norm(x, axis=1), np.abs(x).sum(-1), np.linalg.norm(x, ord=np.inf, axis=0)


def counts(x):
    return np.any(x > 2, axis=1), np.all(x > -2, axis=0), np.count_nonzero(x > 0), (x > 0).sum(axis=1)


def median(x):
    return np.median(x, axis=1), np.quantile(x, 0.25, axis=1)


# -- linear algebra ---------------------------------------------------------------------------------------------------


def matmul(a, b, v):
    return a @ b, a @ v, np.matmul(v, b), np.matmul(a[0], b[1])


def einsum(a, b):
    return (
        np.einsum("bij,bkj->bik", a, b),
        np.einsum("bij->j", a),
        np.einsum("bij,bkj,bik->b", a, b, a @ b.transpose(0, 2, 1)),
    )


def products(u, v, m):
    return (
        np.dot(u, v),
        np.outer(u, v),
        np.tensordot(m, v, axes=1),
        np.kron(u, v),
        np.inner(m, v),
        np.cross(u[:3], v[:3]),
    )


def solve(a, b):
    return np.linalg.solve(a, b), np.linalg.solve(a, b[:, 0])


def triangular_solve(a, b):
    x = np.zeros_like(b)
    for i in range(a.shape[0]):
        x[i] = (b[i] - a[i, :i] @ x[:i]) / a[i, i]
    return x


def cholesky(a):
    return np.linalg.cholesky((a + a.T) / 2)


def qr(a):
    q, r = np.linalg.qr(a)
    return q, r


def svd(a):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return s, (u[:, :1] * s[:1]) @ vt[:1]


def eigh(a):
    values, vectors = np.linalg.eigh((a + a.T) / 2)
    return values, vectors * values @ vectors.T, vectors[:, -1:] @ vectors[:, -1:].T


def determinant_and_inverse(a):
    sign, logarithm = np.linalg.slogdet(a)
    return np.linalg.det(a), sign, logarithm, np.linalg.inv(a)


def least_squares(a, b):
    return np.linalg.lstsq(a, b)[0], np.linalg.pinv(a)


def diagonal_and_trace(a):
    return np.diagonal(a), np.trace(a), np.linalg.matrix_power(a, 3), np.diag(a.sum(0))


def spectrum(x):
    f = np.fft.rfft(x)
    return np.abs(f), np.fft.irfft(f * np.exp(-np.arange(5)), n=8), np.abs(np.fft.fft(x, axis=0))


# -- shapes -----------------------------------------------------------------------------------------------------------


def reshape_and_transpose(x):
    return (
        x.reshape(6, -1),
        x.transpose(2, 0, 1),
        x.ravel(),
        np.swapaxes(x, 0, 1),
        x[None].squeeze(0),
        np.moveaxis(x, 0, -1),
    )


def concat_stack_split(x, y):
    a, b, c = np.split(x, 3, axis=1)
    return (
        np.concatenate([x, y], axis=1),
        np.stack([x, y], axis=-1),
        a + b * c,
        np.hstack([c, a]),
        np.vstack([x[0], y[1]]),
    )


def pad(x):
    return (
        np.pad(x, ((1, 2), (0, 1))),
        np.pad(x, ((0, 0), (2, 1)), mode="reflect"),
        np.pad(x, ((0, 1), (1, 0)), constant_values=3),
    )


def tile_and_repeat(x):
    return np.tile(x, (2, 3)), np.repeat(x, 2, axis=1), np.repeat(x, [1, 2], axis=0)


def flip_and_roll(x):
    return np.flip(x, axis=0), x[:, ::-1], np.roll(x, 1, axis=1), np.roll(x, (1, -1), axis=(0, 1)), np.rot90(x)


def broadcasting(x, y):
    return x + y, np.broadcast_to(x, (2, 3, 4)), np.expand_dims(x, (0, -1)) * y[0]


# -- indexing ---------------------------------------------------------------------------------------------------------


def slices(x):
    return x[1:4, ::2], x[-1], x[..., -2:], x[::-2, None], x[2, 3], x[4:1:-1, 1]


def gather(x, i):
    return x[i], np.take(x, i[0], axis=0), np.take(x, i[0] % 3, axis=1)


def fancy_index(x, i, j):
    return x[i, j], x[:, j], x[i, :, 1], x[i[:, None], j], x[np.arange(3), -1]


def boolean_mask(x):
    return x[x > 0], x[np.array([True, False])], np.argwhere(x < 0)


def take_along_axis(x, i):
    return np.take_along_axis(x, i, axis=1), np.take_along_axis(x, np.argsort(x, axis=1), axis=1)


def gather_nd(x, i):
    return x[tuple(i.T)], x[i[:, 0], i[:, 1], 1]


# -- scatter ----------------------------------------------------------------------------------------------------------


def scatter_add(x, i, y):
    out = x.copy()
    np.add.at(out, i, y)
    return out


def scatter_set(x, i, y):
    out = x.copy()
    out[i] = y
    out[i, 1] = 0.0
    return out


def scatter_max(x, i, y):
    out = x.copy()
    np.maximum.at(out, i, y)
    return out


def segment_sum(x, i):
    out = np.zeros((4, x.shape[1]), x.dtype)
    np.add.at(out, i, x)
    return out


def write_slices(x, v):
    out = np.copy(x)
    out[:, 0] = v
    out[1] *= 2
    out[2, 1:3] += out[3, 1:3]
    out[out > 1.5] = 1.5
    return out


def bincount(i):
    return np.bincount(i, minlength=6), np.histogram(i, bins=3, range=(0, 6))[0]


# -- sorting ----------------------------------------------------------------------------------------------------------


def sort(x):
    return np.sort(x), np.sort(x, axis=0), np.sort(x, axis=None)[::-1]


def argsort(x):
    order = np.argsort(x, axis=1)
    return order, np.argsort(-x, axis=0), np.argsort(order, axis=1)


def top_k(x):
    places = np.argsort(-x, axis=1)[:, :3]
    return np.take_along_axis(x, places, axis=1), places


def searchsorted(x, values):
    edges = np.sort(values)
    return (
        np.searchsorted(edges, x),
        np.searchsorted(edges, x, side="right"),
        np.digitize(x, edges),
        edges.searchsorted(0.3),
    )


def unique(i):
    values, counts = np.unique(i, return_counts=True)
    return values, counts, np.unique(i, return_inverse=True)[1]


# -- convolution ------------------------------------------------------------------------------------------------------


def conv1d(x, w, b):
    windows = sliding_window_view(np.pad(x, ((0, 0), (0, 0), (1, 1))), 3, axis=2)
    return np.einsum("bclk,ock->bol", windows, w) + b[:, None]


def conv2d_strided(x, w, b):
    windows = sliding_window_view(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))), (3, 3), axis=(2, 3))[:, :, ::2, ::2]
    return np.einsum("bchwij,ocij->bohw", windows, w) + b[:, None, None]


def conv2d_dilated(x, w):
    windows = sliding_window_view(x, (5, 5), axis=(2, 3))[..., ::2, ::2]
    return np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)


def conv2d_grouped(x, w):
    out = []
    for part, kernel in zip(np.split(x, 2, axis=1), np.split(w, 2)):
        windows = sliding_window_view(part, (3, 3), axis=(2, 3))
        out.append(np.einsum("bchwij,ocij->bohw", windows, kernel))
    return np.concatenate(out, axis=1)


def depthwise_separable(x, depthwise, pointwise):
    windows = sliding_window_view(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))), (3, 3), axis=(2, 3))
    y = np.einsum("bchwij,cij->bchw", windows, depthwise[:, 0])
    return np.einsum("bchw,oc->bohw", y, pointwise[:, :, 0, 0])


def conv_transpose2d(x, w):
    n, _, height, width = x.shape
    out = np.zeros((n, w.shape[1], 2 * height + 1, 2 * width + 1), x.dtype)
    for i in range(3):
        for j in range(3):
            out[:, :, i : i + 2 * height : 2, j : j + 2 * width : 2] += np.einsum("bchw,co->bohw", x, w[:, :, i, j])
    return out


def conv3d(x, w):
    windows = sliding_window_view(x, (2, 2, 2), axis=(2, 3, 4))
    return np.einsum("bcdhwijk,ocijk->bodhw", windows, w)


# -- pooling ----------------------------------------------------------------------------------------------------------


def max_pool2d(x):
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w // 2, 2).max(axis=(3, 5))


def avg_pool2d(x):
    return sliding_window_view(x, (3, 3), axis=(2, 3))[:, :, ::3, ::3].mean(axis=(-1, -2))


def max_pool1d_overlapping(x):
    return sliding_window_view(x, 3, axis=2)[:, :, ::2].max(axis=-1)


def global_average_pool(x):
    return x.mean(axis=(2, 3)), x.max(axis=(2, 3))


# -- normalisation ----------------------------------------------------------------------------------------------------


def batch_norm(x, scale, offset, mean, variance):
    shape = (1, -1, 1, 1)
    y = (x - mean.reshape(shape)) / np.sqrt(variance.reshape(shape) + 1e-5)
    return y * scale.reshape(shape) + offset.reshape(shape)


def batch_norm_training(x, scale, offset, mean, variance):
    m, v = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
    return batch_norm(x, scale, offset, m, v), 0.9 * mean + 0.1 * m, 0.9 * variance + 0.1 * v


def layer_norm(x, scale, offset):
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5) * scale + offset


def group_norm(x, scale, offset):
    n, c, h, w = x.shape
    g = x.reshape(n, 2, c // 2, h, w)
    g = (g - g.mean(axis=(2, 3, 4), keepdims=True)) / np.sqrt(g.var(axis=(2, 3, 4), keepdims=True) + 1e-5)
    return g.reshape(x.shape) * scale[:, None, None] + offset[:, None, None]


def rms_norm(x, scale):
    return x / np.sqrt(np.mean(np.square(x), axis=-1, keepdims=True) + 1e-6) * scale


def instance_norm(x):
    return (x - x.mean(axis=(2, 3), keepdims=True)) / np.sqrt(x.var(axis=(2, 3), keepdims=True) + 1e-5)


# -- attention --------------------------------------------------------------------------------------------------------


def attention(q, k, v):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    return softmax(scores.astype(q.dtype))[0] @ v


def causal_attention(q, k, v):
    scores = np.einsum("bhqd,bhkd->bhqk", q, k) * 0.5
    allowed = np.tril(np.ones((q.shape[2], k.shape[2]), dtype=bool))
    return softmax(np.where(allowed, scores, -np.inf))[0] @ v


def multi_head_attention(x, w_in, w_out):
    batch, length, width = x.shape
    q, k, v = np.split((x @ w_in).reshape(batch, length, 6, width // 2), 3, axis=2)
    weights = softmax(np.einsum("bqhd,bkhd->bhqk", q, k) * 0.5)[0]
    return np.einsum("bhqk,bkhd->bqhd", weights, v).reshape(batch, length, width) @ w_out


def rotary_embedding(x):
    half = x.shape[-1] // 2
    angle = np.outer(np.arange(x.shape[1], dtype="float32"), 10000.0 ** (-np.arange(half, dtype="float32") / half))
    cos, sin = np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)
    a, b = x[..., :half], x[..., half:]
    return np.concatenate([a * cos - b * sin, b * cos + a * sin], axis=-1)


# -- recurrent --------------------------------------------------------------------------------------------------------


def rnn(x, h, w_x, w_h, b):
    outputs = []
    for step in x:
        h = np.tanh(step @ w_x.T + h @ w_h.T + b)
        outputs.append(h)
    return np.stack(outputs), h


def lstm(x, h, c, w_x, w_h, b):
    outputs = np.empty((x.shape[0], *h.shape), x.dtype)
    for t in range(x.shape[0]):
        i, f, g, o = np.split(x[t] @ w_x.T + h @ w_h.T + b, 4, axis=-1)
        c = special.expit(f) * c + special.expit(i) * np.tanh(g)
        h = special.expit(o) * np.tanh(c)
        outputs[t] = h
    return outputs, (h, c)


def gru(x, h, w_x, w_h, b):
    outputs = []
    for step in x:
        r_x, z_x, n_x = np.split(step @ w_x.T + b, 3, axis=-1)
        r_h, z_h, n_h = np.split(h @ w_h.T, 3, axis=-1)
        r, z = special.expit(r_x + r_h), special.expit(z_x + z_h)
        h = (1 - z) * np.tanh(n_x + r * n_h) + z * h
        outputs.append(h)
    return np.stack(outputs), h


def linear_recurrence(x, decay):
    state = np.zeros_like(x[0])
    states = []
    for t in range(len(x)):
        state = decay[t] * state + x[t]
        states.append(state)
    return np.array(states)


# -- losses -----------------------------------------------------------------------------------------------------------


def cross_entropy(logits, labels):
    log_p = logits - logits.max(axis=1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()


def binary_cross_entropy(logits, targets):
    return np.mean(np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits))))


def huber_loss(x, y):
    error = np.abs(x - y)
    return np.where(error <= 1.0, 0.5 * error**2, error - 0.5).mean(), np.mean((x - y) ** 2), np.mean(error)


def kl_divergence(p, q):
    p, q = softmax(p), softmax(q)
    return np.sum(p[0] * (p[1] - q[1]), axis=1)


# -- embedding and images ---------------------------------------------------------------------------------------------


def embedding(table, i):
    return table[i] * 2.0, table[i].mean(axis=1)


def resize_bilinear(x):
    def interpolate(x, axis):
        n = x.shape[axis]
        at = np.clip((np.arange(2 * n) + 0.5) / 2 - 0.5, 0, n - 1)
        low = np.floor(at).astype(int)
        share = (at - low).astype("float32")
        share = share[:, None] if axis == 2 else share
        high = np.minimum(low + 1, n - 1)
        return np.take(x, low, axis=axis) * (1 - share) + np.take(x, high, axis=axis) * share

    return interpolate(interpolate(x, 2), 3)


def resize_nearest(x):
    return x.repeat(2, axis=2).repeat(2, axis=3)


def pixel_shuffle(x):
    n, c, h, w = x.shape
    return x.reshape(n, c // 4, 2, 2, h, w).transpose(0, 1, 4, 2, 5, 3).reshape(n, c // 4, h * 2, w * 2)


# -- control flow -----------------------------------------------------------------------------------------------------


def branch_on_value(x):
    if x.sum() > 0:
        return x * 2
    return x - 1


def while_on_value(x):
    while np.sum(x) < 20:
        x = x * 1.5
    return x


def counted_loop(x, a):
    for _ in range(4):
        x = np.tanh(a @ x)
    return x


def scan(x):
    total, steps = np.zeros_like(x[0]), []
    for row in x:
        total = total * 0.5 + row
        steps.append(total.sum())
    return total, np.stack(steps)


def branch_in_loop(x):
    total = np.zeros((), x.dtype)
    for v in x:
        if v > 0:
            total = total + v**2
        else:
            total = total - v
    return total


def newton_iteration(a):
    x = a / 2
    while np.max(np.abs(x * x - a)) > 1e-3:
        x = 0.5 * (x + a / x)
    return x


def switch(i, x):
    return (lambda v: v + 1, np.sin, lambda v: v**2)[int(i)](x)


# -- random -----------------------------------------------------------------------------------------------------------


def random_uniform(x):
    rng = np.random.default_rng(0)
    return x + rng.uniform(-1.0, 3.0, size=x.shape).astype(x.dtype)


def random_normal(x):
    return 0.1 * x + np.random.normal(2.0, 0.5, size=x.shape).astype(x.dtype)


def random_integers(i):
    return i * 0 + np.random.randint(0, 10, size=i.shape, dtype="int32")


def bernoulli(p):
    return np.random.default_rng().random(p.shape) < p


def dropout(x):
    return np.where(np.random.random(x.shape) < 0.7, x / 0.7, 0.0).astype(x.dtype)


def permutation(x):
    return np.random.permutation(x)


def categorical(logits):
    p = np.exp(logits.astype("float64"))
    return np.random.choice(4, size=2000, p=p / p.sum())
