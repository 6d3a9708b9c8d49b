"""The functions in PaddlePaddle."""

from __future__ import annotations

import math

from ivy_paddle.loading import paddle

F = paddle.nn.functional
LAYOUTS: dict[str, tuple[int, ...]] = {}
EXACT_RANDOM: set[str] = set()

# -- elementwise ------------------------------------------------------------------------------------------------------


def arithmetic(x, y):
    return (x + y) * 2 - x / y, paddle.scale(-x * y, bias=0.5), x.abs() @ y.T


def powers(x, y):
    return x**y, x.sqrt(), x.rsqrt(), paddle.pow(x, 3), x.square(), 2.0**x, x.reciprocal()


def exponentials_and_logs(x):
    return paddle.exp(-x), x.log(), x.log1p(), paddle.expm1(x), paddle.log2(x), x.log10(), paddle.logaddexp(x, 2 * x)


def trigonometry(x):
    return x.sin(), paddle.cos(3 * x), x.tan(), x.asin(), paddle.atan2(x, x + 2), paddle.sinh(x), x.atanh(), x.tanh()


def rounding(x):
    return x.floor(), x.ceil(), paddle.round(x), x.trunc(), x.sign(), x.frac()


def remainders(x, y):
    return paddle.floor(x / y), x % y, paddle.mod(x, y)


def clip_and_where(x, y):
    return x.clip(-1, 1), paddle.where(x > y, x, y * 2), paddle.maximum(x, y), x.clip(max=0), paddle.hypot(x, y)


def comparisons(x, y):
    both = paddle.logical_and(x > 0, y < 0)
    return x > y, x == y, both, paddle.logical_xor(x > 0, y > 0), ~(x >= y), paddle.isclose(x, y, atol=0.5)


def bits(i, j):
    shifts = paddle.bitwise_left_shift(i, j), paddle.bitwise_right_shift(i, j)
    return i & j, i | j, i ^ j, *shifts, paddle.bitwise_not(i)


def mixed_dtypes(x, i):
    return x * i.astype(x.dtype), i / 2, i + 1.5, x + paddle.arange(4).astype("float32")


def casts(x):
    return x.astype("int32"), x.astype("bool"), x.astype("float16"), (x * 2).cast("int8"), (x > 0).astype("float32") * x


def special_functions(x):
    return paddle.erf(x), paddle.lgamma(x), x.digamma(), paddle.i0(x), F.sigmoid(x), 1 - paddle.erf(x)


def complex_numbers(x, y):
    z = paddle.complex(x, y)
    w = z * paddle.conj(z + 1) / (z + 2)
    return w.abs(), z.angle(), w.real(), paddle.exp(paddle.complex(0.0 * x, x)).imag()


def integer_arithmetic(i, j):
    return i // j, i % j, i * j - 3, i**2, paddle.gcd(i, j), i.abs()


# -- activations ------------------------------------------------------------------------------------------------------


def gelu(x):
    return F.gelu(x), F.gelu(x, approximate=True)


def swish(x):
    return F.silu(x), F.swish(x), F.sigmoid(x)


def softplus_and_mish(x):
    return F.softplus(x), F.mish(x)


def rectifiers(x):
    return F.relu(x), F.leaky_relu(x, 0.1), F.elu(x), F.hardsigmoid(x), F.selu(x), F.relu6(4 * x)


def gated(x):
    return F.glu(x, axis=-1)


# -- creation ---------------------------------------------------------------------------------------------------------


def sinusoidal_positions(x):
    length, width = x.shape
    position = paddle.arange(length, dtype="float32").unsqueeze(1)
    frequency = paddle.exp(paddle.arange(0, width, 2, dtype="float32") * (-math.log(10000.0) / width))
    table = paddle.zeros([length, width])
    table[:, 0::2] = paddle.sin(position * frequency)
    table[:, 1::2] = paddle.cos(position * frequency)
    return x + table


def one_hot(i, table):
    hot = F.one_hot(i, 5)
    return hot, hot @ table


def triangles(x):
    return x.tril(), x.triu(1), x * paddle.ones([4, 4]).tril(), x.diagonal(), x + paddle.eye(4)


def grids(x):
    rows, columns = paddle.meshgrid(paddle.linspace(0, 1, 3), paddle.arange(4.0))
    return x * rows + columns, paddle.full_like(x, 0.5) - x, paddle.ones([2, 3]) @ x


# -- reductions -------------------------------------------------------------------------------------------------------


def mean_and_variance(x):
    normalised = (x - x.mean(-1, keepdim=True)) / x.std(unbiased=False)
    return x.mean(), x.mean(axis=[0, 2]), x.var(-1, unbiased=False), x.std(axis=1), normalised


def sums_and_products(x):
    return x.sum(), x.sum(axis=[0, 2], keepdim=True), x.prod(-1), x.prod(), (x * x).sum(0)


def extrema(x):
    return x.max(), x.min(0), paddle.max(x, axis=1, keepdim=True), x.argmax(axis=1), x.argmin(), x.amax(1) - x.amin(1)


def logsumexp(x):
    return paddle.logsumexp(x, axis=1)


def softmax(x):
    return F.softmax(x, axis=-1), F.log_softmax(x)


def cumulative(x):
    return x.cumsum(1), x.cumprod(0), paddle.cumsum(x), paddle.cummax(x, axis=1)[0]


def norms(x):
    return paddle.linalg.norm(x), x.norm(axis=1), paddle.norm(x, p=1, axis=-1), paddle.norm(x, p=float("inf"), axis=0)


def counts(x):
    positive = (x > 0).astype("int64")
    return (x > 2).any(1), (x > -2).all(0), paddle.count_nonzero(positive), positive.sum(1)


def median(x):
    return paddle.median(x, axis=1), paddle.quantile(x, 0.25, axis=1)


# -- linear algebra ---------------------------------------------------------------------------------------------------


def matmul(a, b, v):
    return paddle.bmm(a, b), a @ v, paddle.matmul(v, b), paddle.mm(a[0], b[1])


def einsum(a, b):
    pair = paddle.einsum("bik,bik->b", paddle.einsum("bij,bkj->bik", a, b), a @ b.transpose([0, 2, 1]))
    return paddle.einsum("bij,bkj->bik", a, b), paddle.einsum("bij->j", a), pair


def products(u, v, m):
    cross = paddle.cross(u[:3], v[:3])
    return paddle.dot(u, v), paddle.outer(u, v), paddle.tensordot(m, v, 1), paddle.kron(u, v), paddle.mv(m, v), cross


def solve(a, b):
    return paddle.linalg.solve(a, b), paddle.linalg.solve(a, b[:, 0])


def triangular_solve(a, b):
    return paddle.linalg.triangular_solve(a, b, upper=False)


def cholesky(a):
    return paddle.linalg.cholesky((a + a.T) / 2)


def qr(a):
    return tuple(paddle.linalg.qr(a))


def svd(a):
    u, s, vh = paddle.linalg.svd(a)
    return s, (u[:, :1] * s[:1]) @ vh[:1]


def eigh(a):
    values, vectors = paddle.linalg.eigh((a + a.T) / 2)
    return values, vectors * values @ vectors.T, vectors[:, -1:] @ vectors[:, -1:].T


def determinant_and_inverse(a):
    return paddle.linalg.det(a), paddle.linalg.slogdet(a), paddle.linalg.inv(a)


def least_squares(a, b):
    return paddle.linalg.solve(a.T @ a, a.T @ b), paddle.linalg.pinv(a)


def diagonal_and_trace(a):
    return a.diagonal(), paddle.trace(a), paddle.linalg.matrix_power(a, 3), paddle.diag(a.sum(0))


def spectrum(x):
    f = paddle.fft.rfft(x)
    return f.abs(), paddle.fft.irfft(f * paddle.exp(-paddle.arange(5.0)), n=8), paddle.fft.fft(x, axis=0).abs()


# -- shapes -----------------------------------------------------------------------------------------------------------


def reshape_and_transpose(x):
    back = x.unsqueeze(0).squeeze(0)
    return (
        x.reshape([6, -1]),
        x.transpose([2, 0, 1]),
        x.flatten(),
        paddle.swapaxes(x, 0, 1),
        back,
        paddle.moveaxis(x, 0, -1),
    )


def concat_stack_split(x, y):
    a, b, c = paddle.chunk(x, 3, axis=1)
    parts = paddle.split(y, [2, -1], axis=1)
    return paddle.concat([x, y], axis=1), paddle.stack([x, y], -1), a + b * c, paddle.hstack([c, a]), tuple(parts)


def pad(x):
    reflected = F.pad(x[None], [2, 1], mode="reflect", data_format="NCL")[0]
    return F.pad(x, [1, 2, 0, 1]), reflected, F.pad(x, [0, 1, 1, 0], value=3.0)


def tile_and_repeat(x):
    return x.tile([2, 3]), x.repeat_interleave(2, axis=1), paddle.expand(x[:, None], [2, 4, 3])


def flip_and_roll(x):
    return x.flip(0), paddle.flip(x, [1]), x.roll(1, 1), paddle.roll(x, [1, -1], [0, 1]), paddle.rot90(x)


def broadcasting(x, y):
    return x + y, paddle.broadcast_to(x, [2, 3, 4]), x[None, ..., None] * y[0]


# -- indexing ---------------------------------------------------------------------------------------------------------


def slices(x):
    return x[1:4, ::2], x[-1], x[..., -2:], x[::-2, None], x[2, 3], paddle.slice(x, [0, 1], [1, 2], [3, 5])


def gather(x, i):
    return x[i], paddle.gather(x, i[0]), paddle.index_select(x, i[1] % 3, axis=1)


def fancy_index(x, i, j):
    return x[i, j], x[:, j], x[i, :, 1], x[i.unsqueeze(1), j], x[paddle.arange(3), -1]


def boolean_mask(x):
    return x[x > 0], paddle.masked_select(x, x > 2), paddle.nonzero(x < 0)


def take_along_axis(x, i):
    return paddle.take_along_axis(x, i, 1), paddle.take_along_axis(x, x.argsort(1), axis=1), paddle.index_sample(x, i)


def gather_nd(x, i):
    return paddle.gather_nd(x, i), paddle.gather_nd(x, i[:, :1])


# -- scatter ----------------------------------------------------------------------------------------------------------


def scatter_add(x, i, y):
    return paddle.index_add(x, i, 0, y), paddle.scatter_nd_add(x, i.unsqueeze(1), y)


def scatter_set(x, i, y):
    out = x.clone()
    out[i] = y
    return out, paddle.scatter(x, i, y), paddle.put_along_axis(x, i.unsqueeze(1).astype("int64"), 1.0, 0)


def scatter_max(x, i, y):
    return paddle.put_along_axis(x, i.astype("int64"), y, 0, reduce="amax")


def segment_sum(x, i):
    return paddle.geometric.segment_sum(x, i), paddle.geometric.segment_mean(x, i)


def write_slices(x, v):
    out = x.clone()
    out[:, 0] = v
    out[1] = out[1] * 2
    out[2, 1:3] += out[3, 1:3]
    return paddle.where(out > 1.5, paddle.full_like(out, 1.5), out)


def bincount(i):
    return paddle.bincount(i, minlength=6), paddle.histogram(i.astype("float32"), bins=3, min=0, max=6)


# -- sorting ----------------------------------------------------------------------------------------------------------


def sort(x):
    return paddle.sort(x), x.sort(0), paddle.sort(x.flatten(), descending=True)


def argsort(x):
    order = x.argsort(1)
    return order, paddle.argsort(x, axis=0, descending=True), order.argsort(1)


def top_k(x):
    values, places = paddle.topk(x, 3, axis=1)
    return values, places, paddle.kthvalue(x, 2, axis=1)[0]


def searchsorted(x, values):
    edges = values.sort()
    return paddle.searchsorted(edges, x), paddle.searchsorted(edges, x, right=True), paddle.bucketize(x, edges)


def unique(i):
    values, inverse, counts = paddle.unique(i, return_inverse=True, return_counts=True)
    return values, inverse, counts


# -- convolution ------------------------------------------------------------------------------------------------------


def conv1d(x, w, b):
    return F.conv1d(x, w, b, padding=1)


def conv2d_strided(x, w, b):
    return F.conv2d(x, w, b, stride=2, padding=1)


def conv2d_dilated(x, w):
    return F.conv2d(x, w, dilation=2)


def conv2d_grouped(x, w):
    return F.conv2d(x, w, groups=2)


def depthwise_separable(x, depthwise, pointwise):
    return F.conv2d(F.conv2d(x, depthwise, padding="SAME", groups=3), pointwise)


def conv_transpose2d(x, w):
    return F.conv2d_transpose(x, w, stride=2, padding=1, output_padding=1)


def conv3d(x, w):
    return F.conv3d(x, w)


# -- pooling ----------------------------------------------------------------------------------------------------------


def max_pool2d(x):
    return F.max_pool2d(x, 2), F.max_pool2d(x, 3, stride=2, padding=1)


def avg_pool2d(x):
    return F.avg_pool2d(x, 3), F.avg_pool2d(x, 3, stride=2, padding=1)


def max_pool1d_overlapping(x):
    return F.max_pool1d(x, 3, stride=2)


def global_average_pool(x):
    return F.adaptive_avg_pool2d(x, 1).flatten(1), F.adaptive_max_pool2d(x, 1).flatten(1)


# -- normalisation ----------------------------------------------------------------------------------------------------


def batch_norm(x, scale, offset, mean, variance):
    return F.batch_norm(x, mean, variance, scale, offset)


def batch_norm_training(x, scale, offset, mean, variance):
    mean, variance = mean.clone(), variance.clone()
    return F.batch_norm(x, mean, variance, scale, offset, training=True, momentum=0.9), mean, variance


def layer_norm(x, scale, offset):
    return F.layer_norm(x, 6, scale, offset)


def group_norm(x, scale, offset):
    return F.group_norm(x, 2, 1e-5, scale, offset)


def rms_norm(x, scale):
    return x * paddle.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6) * scale


def instance_norm(x):
    return F.instance_norm(x)


# -- attention --------------------------------------------------------------------------------------------------------


def attention(q, k, v):
    return F.scaled_dot_product_attention(*(x.transpose([0, 2, 1, 3]) for x in (q, k, v)))


def causal_attention(q, k, v):
    q, k, v = (x.transpose([0, 2, 1, 3]) for x in (q, k, v))
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


def multi_head_attention(x, w_in, w_out):
    batch, length, width = x.shape
    q, k, v = F.linear(x, w_in).reshape([batch, length, 3, 2, width // 2]).transpose([2, 0, 3, 1, 4]).unbind(0)
    weights = F.softmax(paddle.matmul(q, k, transpose_y=True) * 0.5)
    return (weights @ v).transpose([0, 2, 1, 3]).reshape([batch, length, width]) @ w_out


def rotary_embedding(x):
    half = x.shape[-1] // 2
    frequency = 10000.0 ** (-paddle.arange(half, dtype="float32") / half)
    angle = paddle.outer(paddle.arange(x.shape[1], dtype="float32"), frequency)
    a, b = x[..., :half], x[..., half:]
    return paddle.concat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], axis=-1)


# -- recurrent --------------------------------------------------------------------------------------------------------


def rnn(x, h, w_x, w_h, b):
    outputs = []
    for step in x:
        h = paddle.tanh(paddle.matmul(step, w_x, transpose_y=True) + paddle.matmul(h, w_h, transpose_y=True) + b)
        outputs.append(h)
    return paddle.stack(outputs), h


def lstm(x, h, c, w_x, w_h, b):
    outputs = []
    for t in range(x.shape[0]):
        gates = F.linear(x[t], w_x.T, b) + h @ w_h.T
        i, f, g, o = gates.chunk(4, axis=-1)
        c = F.sigmoid(f) * c + F.sigmoid(i) * paddle.tanh(g)
        h = F.sigmoid(o) * paddle.tanh(c)
        outputs.append(h)
    return paddle.stack(outputs), (h, c)


def gru(x, h, w_x, w_h, b):
    outputs = []
    for step in x.unbind(0):
        r_x, z_x, n_x = F.linear(step, w_x.T, b).split(3, axis=-1)
        r_h, z_h, n_h = (h @ w_h.T).split(3, axis=-1)
        r, z = F.sigmoid(r_x + r_h), F.sigmoid(z_x + z_h)
        h = (1 - z) * paddle.tanh(n_x + r * n_h) + z * h
        outputs.append(h)
    return paddle.stack(outputs), h


def linear_recurrence(x, decay):
    state, states = paddle.zeros_like(x[0]), []
    for row, d in zip(x, decay):
        state = d * state + row
        states.append(state)
    return paddle.stack(states)


# -- losses -----------------------------------------------------------------------------------------------------------


def cross_entropy(logits, labels):
    smooth = F.label_smooth(F.one_hot(labels, 5), epsilon=0.1)
    return F.cross_entropy(logits, labels), F.cross_entropy(logits, smooth, soft_label=True, reduction="none")


def binary_cross_entropy(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets), F.binary_cross_entropy(F.sigmoid(logits), targets)


def huber_loss(x, y):
    return F.smooth_l1_loss(x, y), F.mse_loss(x, y), F.l1_loss(x, y)


def kl_divergence(p, q):
    return F.kl_div(F.log_softmax(q, 1), F.softmax(p, 1), reduction="none").sum(1)


# -- embedding and images ---------------------------------------------------------------------------------------------


def embedding(table, i):
    return F.embedding(i, table) * 2.0, table[i].mean(axis=1)


def resize_bilinear(x):
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


def resize_nearest(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


def pixel_shuffle(x):
    return F.pixel_shuffle(x, 2), F.pixel_unshuffle(F.pixel_shuffle(x, 2), 2)


# -- control flow -----------------------------------------------------------------------------------------------------


def branch_on_value(x):
    return paddle.static.nn.cond(x.sum() > 0, lambda: x * 2, lambda: x - 1)


def while_on_value(x):
    return paddle.static.nn.while_loop(lambda v: v.sum() < 20, lambda v: [v * 1.5], [x])[0]


def counted_loop(x, a):
    for _ in range(4):
        x = paddle.tanh(a @ x)
    return x


def scan(x):
    total, steps = paddle.zeros_like(x[0]), []
    for row in x:
        total = total * 0.5 + row
        steps.append(total.sum())
    return total, paddle.stack(steps)


def branch_in_loop(x):
    total = paddle.zeros([])
    for v in x:
        if v > 0:
            total = total + v**2
        else:
            total = total - v
    return total


def newton_iteration(a):
    x = a / 2
    while (x * x - a).abs().max() > 1e-3:
        x = 0.5 * (x + a / x)
    return x


def switch(i, x):
    return paddle.static.nn.switch_case(i, {0: lambda: x + 1, 1: lambda: paddle.sin(x), 2: lambda: x**2})


# -- random -----------------------------------------------------------------------------------------------------------


def random_uniform(x):
    return x + paddle.uniform(x.shape, min=-1.0, max=3.0)


def random_normal(x):
    return 0.1 * x + paddle.normal(2.0, 0.5, shape=x.shape)


def random_integers(i):
    return i * 0 + paddle.randint(0, 10, i.shape, dtype="int32")


def bernoulli(p):
    return paddle.bernoulli(p)


def dropout(x):
    return F.dropout(x, 0.3)


def permutation(x):
    return x[paddle.randperm(x.shape[0])]


def categorical(logits):
    return paddle.multinomial(logits.exp(), 2000, replacement=True)
