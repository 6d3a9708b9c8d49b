"""The functions in TensorFlow; channels last."""

from __future__ import annotations

import math

import tensorflow as tf

LAYOUTS = {"image": (0,), "kernel": (1, 0), "depthwise": (0, 1)}
EXACT_RANDOM = {"random_uniform", "random_normal", "random_integers"}  # the stateless ones

# -- elementwise ------------------------------------------------------------------------------------------------------


def arithmetic(x, y):
    return (x + y) * 2 - x / y, -x * y + 0.5, tf.abs(x) @ tf.transpose(y)


def powers(x, y):
    return x**y, tf.sqrt(x), tf.math.rsqrt(x), tf.pow(x, 3.0), tf.square(x), 2.0**x, tf.math.reciprocal(x)


def exponentials_and_logs(x):
    return (
        tf.exp(-x),
        tf.math.log(x),
        tf.math.log1p(x),
        tf.math.expm1(x),
        tf.math.log_sigmoid(x),
        tf.math.xlogy(x, 2 * x),
    )


def trigonometry(x):
    circular = tf.sin(x), tf.cos(3 * x), tf.tan(x), tf.asin(x), tf.math.atan2(x, x + 2)
    return *circular, tf.sinh(x), tf.math.atanh(x), tf.tanh(x)


def rounding(x):
    return tf.floor(x), tf.math.ceil(x), tf.round(x), tf.math.rint(x), tf.sign(x), x - tf.floor(x)


def remainders(x, y):
    return tf.math.floordiv(x, y), x % y, tf.math.floormod(x, y * 0.5)


def clip_and_where(x, y):
    return (
        tf.clip_by_value(x, -1, 1),
        tf.where(x > y, x, y * 2),
        tf.maximum(x, y),
        tf.minimum(x, 0),
        tf.clip_by_norm(x, 2.0),
    )


def comparisons(x, y):
    return (
        x > y,
        tf.equal(x, y),
        (x > 0) & (y < 0),
        tf.math.logical_xor(x > 0, y > 0),
        ~(x >= y),
        tf.math.is_finite(x / 0.5),
    )


def bits(i, j):
    bitwise = tf.bitwise
    shifts = bitwise.left_shift(i, j), bitwise.right_shift(i, j)
    return bitwise.bitwise_and(i, j), bitwise.bitwise_or(i, j), bitwise.bitwise_xor(i, j), *shifts, bitwise.invert(i)


def mixed_dtypes(x, i):
    f = tf.cast(i, x.dtype)
    return x * f, i / 2, f + 1.5, x + tf.range(4, dtype=tf.float32)


def casts(x):
    kept = tf.cast(x > 0, tf.float32) * x
    return tf.cast(x, tf.int32), tf.cast(x, tf.bool), tf.cast(x, tf.bfloat16), tf.cast(x * 2, tf.int8), kept


def special_functions(x):
    exponential = tf.math.special.bessel_i0(x)
    return tf.math.erf(x), tf.math.lgamma(x), tf.math.digamma(x), exponential, tf.sigmoid(x), tf.math.erfc(x)


def complex_numbers(x, y):
    z = tf.complex(x, y)
    w = z * tf.math.conj(z + 1) / (z + 2)
    return tf.abs(w), tf.math.angle(z), tf.math.real(w), tf.math.imag(tf.exp(tf.complex(0.0 * x, x)))


def integer_arithmetic(i, j):
    return i // j, i % j, i * j - 3, i**2, tf.truncatemod(i, j), tf.abs(i), tf.truncatediv(i, j)


# -- activations ------------------------------------------------------------------------------------------------------


def gelu(x):
    return tf.nn.gelu(x), tf.nn.gelu(x, approximate=True)


def swish(x):
    return tf.nn.silu(x), tf.nn.sigmoid(x)


def softplus_and_mish(x):
    return tf.nn.softplus(x), tf.keras.activations.mish(x)


def rectifiers(x):
    return (
        tf.nn.relu(x),
        tf.nn.leaky_relu(x, 0.1),
        tf.nn.elu(x),
        tf.keras.activations.hard_sigmoid(x),
        tf.nn.selu(x),
        tf.nn.relu6(4 * x),
    )


def gated(x):
    a, b = tf.split(x, 2, axis=-1)
    return a * tf.sigmoid(b)


# -- creation ---------------------------------------------------------------------------------------------------------


def sinusoidal_positions(x):
    length, width = x.shape
    position = tf.cast(tf.range(length), tf.float32)[:, tf.newaxis]
    angle = position * tf.exp(tf.range(0, width, 2, dtype=tf.float32) * (-math.log(10000.0) / width))
    return x + tf.reshape(tf.stack([tf.sin(angle), tf.cos(angle)], axis=-1), (length, width))


def one_hot(i, table):
    hot = tf.one_hot(i, 5)
    return hot, hot @ table


def triangles(x):
    lower = tf.linalg.band_part(x, -1, 0)
    return lower, x - lower, x * tf.linalg.band_part(tf.ones((4, 4)), -1, 0), tf.linalg.diag_part(x), x + tf.eye(4)


def grids(x):
    columns, rows = tf.meshgrid(tf.range(4.0), tf.linspace(0.0, 1.0, 3))
    return x * rows + columns, tf.fill(x.shape, 0.5) - x, tf.ones((2, 3)) @ x


# -- reductions -------------------------------------------------------------------------------------------------------


def mean_and_variance(x):
    mean, variance = tf.nn.moments(x, axes=[0, 2])
    return tf.reduce_mean(x), mean, variance, tf.math.reduce_std(x, axis=1), tf.math.reduce_variance(x)


def sums_and_products(x):
    return (
        tf.reduce_sum(x),
        tf.reduce_sum(x, (0, 2), keepdims=True),
        tf.reduce_prod(x, -1),
        tf.reduce_prod(x),
        tf.add_n([x, x]),
    )


def extrema(x):
    return (
        tf.reduce_max(x),
        tf.reduce_min(x, axis=0),
        tf.reduce_max(x, 1, keepdims=True),
        tf.argmax(x, axis=1),
        tf.argmin(x),
    )


def logsumexp(x):
    return tf.reduce_logsumexp(x, axis=1)


def softmax(x):
    return tf.nn.softmax(x), tf.nn.log_softmax(x, axis=-1)


def cumulative(x):
    reverse = tf.cumsum(x, axis=1, reverse=True)
    return tf.cumsum(x, axis=1, exclusive=True), tf.math.cumprod(x, axis=0), reverse, tf.math.cumulative_logsumexp(x, 1)


def norms(x):
    return tf.norm(x), tf.norm(x, axis=1), tf.norm(x, ord=1, axis=-1), tf.math.l2_normalize(x, axis=1)


def counts(x):
    positive = tf.cast(x > 0, tf.int32)
    return (
        tf.reduce_any(x > 2, axis=1),
        tf.reduce_all(x > -2, 0),
        tf.math.count_nonzero(positive),
        tf.reduce_sum(positive, 1),
    )


def median(x):
    ordered = tf.sort(x, axis=1)
    return ordered[:, 2], 0.5 * (ordered[:, 1] + ordered[:, 3])


# -- linear algebra ---------------------------------------------------------------------------------------------------


def matmul(a, b, v):
    return (
        a @ b,
        tf.linalg.matvec(a, v),
        tf.matmul(v[tf.newaxis], b),
        tf.matmul(b, a, transpose_a=True, transpose_b=True),
    )


def einsum(a, b):
    pair = tf.einsum("bij,bkj,bik->b", a, b, tf.matmul(a, b, transpose_b=True))
    return tf.einsum("bij,bkj->bik", a, b), tf.einsum("bij->j", a), pair


def products(u, v, m):
    outer = tf.tensordot(u, v, axes=0)
    return tf.tensordot(u, v, 1), outer, tf.linalg.matvec(m, v), tf.linalg.cross(u[:3], v[:3])


def solve(a, b):
    return tf.linalg.solve(a, b), tf.linalg.solve(a, b, adjoint=True)


def triangular_solve(a, b):
    return tf.linalg.triangular_solve(a, b, lower=True)


def cholesky(a):
    return tf.linalg.cholesky((a + tf.transpose(a)) / 2)


def qr(a):
    return tuple(tf.linalg.qr(a))


def svd(a):
    s, u, v = tf.linalg.svd(a)
    return s, tf.matmul(u[:, :1] * s[:1], v[:, :1], transpose_b=True)


def eigh(a):
    values, vectors = tf.linalg.eigh((a + tf.transpose(a)) / 2)
    last = vectors[:, -1:]
    return values, tf.matmul(vectors * values, vectors, transpose_b=True), tf.matmul(last, last, transpose_b=True)


def determinant_and_inverse(a):
    sign, logarithm = tf.linalg.slogdet(a)
    return tf.linalg.det(a), sign, logarithm, tf.linalg.inv(a)


def least_squares(a, b):
    return tf.linalg.lstsq(a, b), tf.linalg.pinv(a)


def diagonal_and_trace(a):
    return tf.linalg.diag_part(a), tf.linalg.trace(a), a @ a @ a, tf.linalg.diag(tf.reduce_sum(a, 0))


def spectrum(x):
    f = tf.signal.rfft(x)
    decay = tf.cast(tf.exp(-tf.range(5.0)), tf.complex64)
    return tf.abs(f), tf.signal.irfft(f * decay, fft_length=[8]), tf.abs(tf.signal.fft(tf.cast(x, tf.complex64)))


# -- shapes -----------------------------------------------------------------------------------------------------------


def reshape_and_transpose(x):
    back = tf.squeeze(tf.expand_dims(x, 0), 0)
    return tf.reshape(x, (6, -1)), tf.transpose(x, (2, 0, 1)), tf.reshape(x, [-1]), tf.transpose(x), back


def concat_stack_split(x, y):
    a, b, c = tf.split(x, 3, axis=1)
    return tf.concat([x, y], axis=1), tf.stack([x, y], axis=-1), a + b * c, tf.concat([c, a], 1), tuple(tf.unstack(y))


def pad(x):
    return (
        tf.pad(x, [[1, 2], [0, 1]]),
        tf.pad(x, [[0, 0], [2, 1]], "REFLECT"),
        tf.pad(x, [[0, 1], [1, 0]], constant_values=3),
    )


def tile_and_repeat(x):
    return tf.tile(x, [2, 3]), tf.repeat(x, 2, axis=1), tf.repeat(x, [1, 2], axis=0)


def flip_and_roll(x):
    return tf.reverse(x, [0]), x[:, ::-1], tf.roll(x, 1, axis=1), tf.roll(x, (1, -1), axis=(0, 1))


def broadcasting(x, y):
    return x + y, tf.broadcast_to(x, (2, 3, 4)), x[tf.newaxis, ..., tf.newaxis] * y[0]


# -- indexing ---------------------------------------------------------------------------------------------------------


def slices(x):
    return x[1:4, ::2], x[-1], x[..., -2:], x[::-2, tf.newaxis], x[2, 3], tf.slice(x, [1, 2], [2, -1])


def gather(x, i):
    return tf.gather(x, i), tf.gather(x, i[0] % 3, axis=1), tf.nn.embedding_lookup(x, i)


def fancy_index(x, i, j):
    return tf.gather_nd(x, tf.stack([i, j], axis=1)), tf.gather(x, j, axis=1), tf.gather(tf.gather(x, i), 1, axis=2)


def boolean_mask(x):
    return tf.boolean_mask(x, x > 0), tf.where(x < 0), tf.boolean_mask(x, [True, False])


def take_along_axis(x, i):
    return tf.gather(x, i, batch_dims=1), tf.gather(x, tf.argsort(x, axis=1), axis=1, batch_dims=1)


def gather_nd(x, i):
    return tf.gather_nd(x, i), tf.gather_nd(x, i[:, :1])


# -- scatter ----------------------------------------------------------------------------------------------------------


def scatter_add(x, i, y):
    return tf.tensor_scatter_nd_add(x, i[:, tf.newaxis], y)


def scatter_set(x, i, y):
    return tf.tensor_scatter_nd_update(x, i[:, tf.newaxis], y), tf.scatter_nd(i[:, tf.newaxis], y, (5, 3))


def scatter_max(x, i, y):
    return tf.tensor_scatter_nd_max(x, i[:, tf.newaxis], y)


def segment_sum(x, i):
    return tf.math.segment_sum(x, i), tf.math.unsorted_segment_mean(x, i, 4), tf.math.unsorted_segment_max(x, i % 2, 2)


def write_slices(x, v):
    variable = tf.concat([v[:, tf.newaxis], x[:, 1:]], axis=1)
    rows = tf.unstack(variable)
    rows[1] = rows[1] * 2
    return tf.minimum(tf.stack(rows), 1.5)


def bincount(i):
    values = tf.cast(i, tf.float32)
    return tf.math.bincount(i, minlength=6), tf.histogram_fixed_width(values, [0.0, 6.0], nbins=3)


# -- sorting ----------------------------------------------------------------------------------------------------------


def sort(x):
    return tf.sort(x), tf.sort(x, axis=0), tf.sort(tf.reshape(x, [-1]), direction="DESCENDING")


def argsort(x):
    order = tf.argsort(x, axis=1)
    return order, tf.argsort(x, axis=0, direction="DESCENDING"), tf.argsort(order, axis=1)


def top_k(x):
    values, places = tf.math.top_k(x, 3)
    return values, places, tf.math.in_top_k(tf.constant([0, 1, 2]), x, 2)


def searchsorted(x, values):
    edges = tf.sort(values)
    return tf.searchsorted(edges, x), tf.searchsorted(edges, x, side="right")


def unique(i):
    values, places, counts = tf.unique_with_counts(i)
    return values, places, counts


# -- convolution ------------------------------------------------------------------------------------------------------


def conv1d(x, w, b):
    return tf.nn.conv1d(x, w, 1, "SAME") + b


def conv2d_strided(x, w, b):
    return tf.nn.bias_add(tf.nn.conv2d(x, w, 2, "SAME"), b), tf.nn.conv2d(x, w, 2, [[0, 0], [1, 1], [1, 1], [0, 0]])


def conv2d_dilated(x, w):
    return tf.nn.atrous_conv2d(x, w, 2, "VALID")


def conv2d_grouped(x, w):
    return tf.nn.conv2d(x, w, 1, "VALID")


def depthwise_separable(x, depthwise, pointwise):
    apart = tf.nn.depthwise_conv2d(x, depthwise, (1, 1, 1, 1), "SAME")
    return tf.nn.conv2d(apart, pointwise, 1, "SAME"), tf.nn.separable_conv2d(
        x, depthwise, pointwise, (1, 1, 1, 1), "VALID"
    )


def conv_transpose2d(x, w):
    return tf.nn.conv2d_transpose(x, w, (1, 8, 8, 2), 2, "SAME")


def conv3d(x, w):
    return tf.nn.conv3d(x, w, (1, 1, 1, 1, 1), "VALID")


# -- pooling ----------------------------------------------------------------------------------------------------------


def max_pool2d(x):
    return tf.nn.max_pool2d(x, 2, 2, "VALID"), tf.nn.max_pool2d(x, 3, 2, "SAME")


def avg_pool2d(x):
    return tf.nn.avg_pool2d(x, 3, 3, "VALID"), tf.nn.avg_pool2d(x, 3, 2, "SAME")


def max_pool1d_overlapping(x):
    return tf.nn.max_pool1d(x, 3, 2, "VALID")


def global_average_pool(x):
    return tf.reduce_mean(x, axis=(1, 2)), tf.reduce_max(x, axis=(1, 2))


# -- normalisation ----------------------------------------------------------------------------------------------------


def batch_norm(x, scale, offset, mean, variance):
    return tf.nn.batch_normalization(x, mean, variance, offset, scale, 1e-5)


def batch_norm_training(x, scale, offset, mean, variance):
    y, m, v = tf.compat.v1.nn.fused_batch_norm(x, scale, offset, epsilon=1e-3)
    return y, 0.9 * mean + 0.1 * tf.stop_gradient(m), 0.9 * variance + 0.1 * tf.stop_gradient(v)


def layer_norm(x, scale, offset):
    mean, variance = tf.nn.moments(x, axes=-1, keepdims=True)
    return tf.nn.batch_normalization(x, mean, variance, offset, scale, 1e-5)


def group_norm(x, scale, offset):
    n, h, w, c = x.shape
    g = tf.reshape(x, (n, h, w, 2, c // 2))
    mean, variance = tf.nn.moments(g, [1, 2, 4], keepdims=True)
    return tf.reshape((g - mean) * tf.math.rsqrt(variance + 1e-5), x.shape) * scale + offset


def rms_norm(x, scale):
    return x * tf.math.rsqrt(tf.reduce_mean(tf.square(x), -1, keepdims=True) + 1e-6) * scale


def instance_norm(x):
    mean, variance = tf.nn.moments(x, [1, 2], keepdims=True)
    return tf.nn.batch_normalization(x, mean, variance, None, None, 1e-5)


# -- attention --------------------------------------------------------------------------------------------------------


def attention(q, k, v):
    scores = tf.matmul(q, k, transpose_b=True) / math.sqrt(q.shape[-1])
    return tf.nn.softmax(scores) @ v


def causal_attention(q, k, v):
    scores = tf.einsum("bhqd,bhkd->bhqk", q, k) * 0.5
    allowed = tf.linalg.band_part(tf.ones((q.shape[2], k.shape[2])), -1, 0)
    return tf.nn.softmax(scores + (1.0 - allowed) * -1e9) @ v


def multi_head_attention(x, w_in, w_out):
    batch, length, width = x.shape
    q, k, v = tf.split(tf.reshape(x @ w_in, (batch, length, 6, width // 2)), 3, axis=2)
    weights = tf.nn.softmax(tf.einsum("bqhd,bkhd->bhqk", q, k) * 0.5)
    return tf.reshape(tf.einsum("bhqk,bkhd->bqhd", weights, v), (batch, length, width)) @ w_out


def rotary_embedding(x):
    half = x.shape[-1] // 2
    frequency = 10000.0 ** (-tf.range(half, dtype=tf.float32) / half)
    angle = tf.tensordot(tf.range(x.shape[1], dtype=tf.float32), frequency, axes=0)
    a, b = tf.split(x, 2, axis=-1)
    return tf.concat([a * tf.cos(angle) - b * tf.sin(angle), b * tf.cos(angle) + a * tf.sin(angle)], axis=-1)


# -- recurrent --------------------------------------------------------------------------------------------------------


def rnn(x, h, w_x, w_h, b):
    def step(h, row):
        return tf.tanh(tf.matmul(row, w_x, transpose_b=True) + tf.matmul(h, w_h, transpose_b=True) + b)

    outputs = tf.scan(step, x, initializer=h)
    return outputs, outputs[-1]


def lstm(x, h, c, w_x, w_h, b):
    outputs = tf.TensorArray(tf.float32, size=x.shape[0], element_shape=h.shape)
    for t in tf.range(x.shape[0]):
        gates = tf.matmul(x[t], w_x, transpose_b=True) + tf.matmul(h, w_h, transpose_b=True) + b
        i, f, g, o = tf.split(gates, 4, axis=-1)
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
        h = tf.sigmoid(o) * tf.tanh(c)
        outputs = outputs.write(t, h)
    return outputs.stack(), (h, c)


def gru(x, h, w_x, w_h, b):
    outputs = []
    for row in tf.unstack(x):
        r_x, z_x, n_x = tf.split(tf.matmul(row, w_x, transpose_b=True) + b, 3, axis=-1)
        r_h, z_h, n_h = tf.split(tf.matmul(h, w_h, transpose_b=True), 3, axis=-1)
        r, z = tf.sigmoid(r_x + r_h), tf.sigmoid(z_x + z_h)
        h = (1 - z) * tf.tanh(n_x + r * n_h) + z * h
        outputs.append(h)
    return tf.stack(outputs), h


def linear_recurrence(x, decay):
    return tf.scan(lambda state, row: row[1] * state + row[0], (x, decay), initializer=tf.zeros_like(x[0]))


# -- losses -----------------------------------------------------------------------------------------------------------


def cross_entropy(logits, labels):
    smooth = tf.one_hot(labels, 5) * 0.9 + 0.02
    sparse = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    return tf.reduce_mean(sparse), tf.nn.softmax_cross_entropy_with_logits(smooth, logits)


def binary_cross_entropy(logits, targets):
    by_keras = tf.keras.losses.binary_crossentropy(targets, tf.sigmoid(logits))
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(targets, logits)), by_keras


def huber_loss(x, y):
    error = x - y
    return tf.keras.losses.huber(y, x), tf.reduce_mean(tf.math.squared_difference(x, y)), tf.reduce_mean(tf.abs(error))


def kl_divergence(p, q):
    return tf.keras.losses.kld(tf.nn.softmax(p), tf.nn.softmax(q))


# -- embedding and images ---------------------------------------------------------------------------------------------


def embedding(table, i):
    return tf.nn.embedding_lookup(table, i) * 2.0, tf.reduce_mean(tf.gather(table, i), axis=1)


def resize_bilinear(x):
    return tf.image.resize(x, (8, 8))


def resize_nearest(x):
    return tf.image.resize(x, (8, 8), method="nearest")


def pixel_shuffle(x):
    return tf.nn.depth_to_space(x, 2), tf.nn.space_to_depth(tf.nn.depth_to_space(x, 2), 2)


# -- control flow -----------------------------------------------------------------------------------------------------


def branch_on_value(x):
    if tf.reduce_sum(x) > 0:
        y = x * 2
    else:
        y = x - 1
    return y


def while_on_value(x):
    while tf.reduce_sum(x) < 20:
        x = x * 1.5
    return x


def counted_loop(x, a):
    for _ in tf.range(4):
        x = tf.tanh(tf.linalg.matvec(a, x))
    return x


def scan(x):
    total = tf.scan(lambda total, row: total * 0.5 + row, x)
    return total[-1], tf.reduce_sum(total, axis=1), tf.map_fn(tf.reduce_prod, x)


def branch_in_loop(x):
    total = tf.constant(0.0)
    for v in x:
        if v > 0:
            total = total + v**2
        else:
            total = total - v
    return total


def newton_iteration(a):
    x = a / 2
    while tf.reduce_max(tf.abs(x * x - a)) > 1e-3:
        x = 0.5 * (x + a / x)
    return x


def switch(i, x):
    return tf.switch_case(i, [lambda: x + 1, lambda: tf.sin(x), lambda: x**2])


# -- random -----------------------------------------------------------------------------------------------------------


def random_uniform(x):
    return x + tf.random.stateless_uniform(x.shape, seed=(1, 2), minval=-1.0, maxval=3.0)


def random_normal(x):
    return 0.1 * x + tf.random.stateless_normal(x.shape, seed=(3, 4), mean=2.0, stddev=0.5)


def random_integers(i):
    return i * 0 + tf.random.stateless_uniform(i.shape, seed=(5, 6), minval=0, maxval=10, dtype=tf.int32)


def bernoulli(p):
    return tf.random.uniform(p.shape) < p


def dropout(x):
    return tf.nn.dropout(x, 0.3)


def permutation(x):
    return tf.random.shuffle(x)


def categorical(logits):
    return tf.random.categorical(logits[tf.newaxis], 2000)[0]
