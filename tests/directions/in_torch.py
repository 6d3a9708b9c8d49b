"""The functions in PyTorch."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

LAYOUTS: dict[str, tuple[int, ...]] = {}
EXACT_RANDOM: set[str] = set()

# -- elementwise ------------------------------------------------------------------------------------------------------


def arithmetic(x, y):
    return (x + y) * 2 - x / y, torch.addcmul(-x, x, y, value=0.5), x.abs() @ y.T


def powers(x, y):
    return x**y, x.sqrt(), x.rsqrt(), torch.pow(x, 3), x.square(), 2**x, x.reciprocal()


def exponentials_and_logs(x):
    return torch.exp(-x), x.log(), x.log1p(), torch.expm1(x), torch.log2(x), x.log10(), torch.logaddexp(x, 2 * x)


def trigonometry(x):
    return x.sin(), torch.cos(3 * x), x.tan(), x.asin(), torch.atan2(x, x + 2), torch.sinh(x), x.atanh(), x.tanh()


def rounding(x):
    return x.floor(), x.ceil(), torch.round(x), x.trunc(), x.sign(), x.frac()


def remainders(x, y):
    return torch.div(x, y, rounding_mode="floor"), x % y, torch.fmod(x, y), torch.div(x, y, rounding_mode="trunc")


def clip_and_where(x, y):
    return x.clamp(-1, 1), torch.where(x > y, x, y * 2), torch.maximum(x, y), x.clamp(max=0), torch.hypot(x, y)


def comparisons(x, y):
    return x > y, x == y, (x > 0) & (y < 0), torch.logical_xor(x > 0, y > 0), ~(x >= y), torch.isclose(x, y, atol=0.5)


def bits(i, j):
    return i & j, i | j, i ^ j, i << j, i >> j, torch.bitwise_not(i)


def mixed_dtypes(x, i):
    return x * i, i / 2, i + 1.5, i * torch.tensor(0.5), x + torch.arange(4)


def casts(x):
    return x.int(), x.bool(), x.half(), (x * 2).to(torch.int8), (x > 0).float() * x


def special_functions(x):
    return torch.erf(x), torch.lgamma(x), x.digamma(), torch.i0(x), torch.special.expit(x), x.erfc()


def complex_numbers(x, y):
    z = torch.complex(x, y)
    w = z * torch.conj(z + 1) / (z + 2)
    return w.abs(), z.angle(), w.real, torch.exp(1j * x).imag


def integer_arithmetic(i, j):
    return i // j, i % j, i * j - 3, i**2, torch.gcd(i, j), i.abs()


# -- activations ------------------------------------------------------------------------------------------------------


def gelu(x):
    return F.gelu(x), F.gelu(x, approximate="tanh")


def swish(x):
    return F.silu(x), torch.sigmoid(x)


def softplus_and_mish(x):
    return F.softplus(x), F.mish(x)


def rectifiers(x):
    return F.relu(x), F.leaky_relu(x, 0.1), F.elu(x), F.hardsigmoid(x), F.selu(x), F.relu6(4 * x)


def gated(x):
    return F.glu(x, dim=-1)


# -- creation ---------------------------------------------------------------------------------------------------------


def sinusoidal_positions(x):
    length, width = x.shape
    position = torch.arange(length).unsqueeze(1)
    frequency = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    table = torch.zeros(length, width)
    table[:, 0::2] = torch.sin(position * frequency)
    table[:, 1::2] = torch.cos(position * frequency)
    return x + table


def one_hot(i, table):
    hot = F.one_hot(i.long(), 5).to(table.dtype)
    return hot, hot @ table


def triangles(x):
    return x.tril(), x.triu(1), x * torch.ones(4, 4).tril(), x.diagonal(), x + torch.eye(4)


def grids(x):
    rows, columns = torch.meshgrid(torch.linspace(0, 1, 3), torch.arange(4.0), indexing="ij")
    return x * rows + columns, torch.full_like(x, 0.5) - x, x.new_ones(2, 3) @ x


# -- reductions -------------------------------------------------------------------------------------------------------


def mean_and_variance(x):
    normalised = (x - x.mean(-1, keepdim=True)) / x.std(unbiased=False)
    return x.mean(), x.mean(dim=(0, 2)), x.var(-1, correction=0), x.std(dim=1), normalised


def sums_and_products(x):
    return x.sum(), x.sum(dim=(0, 2), keepdim=True), x.prod(-1), x.prod(), (x * x).sum(0)


def extrema(x):
    values, places = x.max(dim=1)
    return x.max(), x.amin(0), values, places, x.argmin(), x.amax(1) - x.amin(1)


def logsumexp(x):
    return torch.logsumexp(x, dim=1)


def softmax(x):
    return F.softmax(x, dim=-1), x.log_softmax(-1)


def cumulative(x):
    return x.cumsum(1), x.cumprod(0), torch.cumsum(x.flatten(), 0), torch.cummax(x, 1).values


def norms(x):
    return x.norm(), torch.linalg.vector_norm(x, dim=1), x.norm(p=1, dim=-1), x.norm(p=float("inf"), dim=0)


def counts(x):
    return (x > 2).any(1), (x > -2).all(0), torch.count_nonzero(x > 0), (x > 0).sum(1)


def median(x):
    return x.median(1).values, torch.quantile(x, 0.25, dim=1)


# -- linear algebra ---------------------------------------------------------------------------------------------------


def matmul(a, b, v):
    return torch.bmm(a, b), a @ v, torch.matmul(v, b), torch.mm(a[0], b[1])


def einsum(a, b):
    return torch.einsum("bij,bkj->bik", a, b), torch.einsum("bij->j", a), torch.einsum("bij,bkj,bik->b", a, b, a @ b.mT)


def products(u, v, m):
    cross = torch.linalg.cross(u[:3], v[:3])
    return torch.dot(u, v), torch.outer(u, v), torch.tensordot(m, v, dims=1), torch.kron(u, v), torch.mv(m, v), cross


def solve(a, b):
    return torch.linalg.solve(a, b), torch.linalg.solve(a, b[:, 0])


def triangular_solve(a, b):
    return torch.linalg.solve_triangular(a.tril(), b, upper=False)


def cholesky(a):
    return torch.linalg.cholesky((a + a.T) / 2)


def qr(a):
    return tuple(torch.linalg.qr(a))


def svd(a):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    return s, (u[:, :1] * s[:1]) @ vh[:1]


def eigh(a):
    values, vectors = torch.linalg.eigh((a + a.T) / 2)
    return values, vectors * values @ vectors.T, vectors[:, -1:] @ vectors[:, -1:].T


def determinant_and_inverse(a):
    sign, logarithm = torch.linalg.slogdet(a)
    return torch.det(a), sign, logarithm, torch.linalg.inv(a)


def least_squares(a, b):
    return torch.linalg.lstsq(a, b).solution, torch.linalg.pinv(a)


def diagonal_and_trace(a):
    return a.diagonal(), torch.trace(a), torch.linalg.matrix_power(a, 3), torch.diag_embed(a.sum(0))


def spectrum(x):
    f = torch.fft.rfft(x)
    return f.abs(), torch.fft.irfft(f * torch.exp(-torch.arange(5.0)), n=8), torch.fft.fft(x, dim=0).abs()


# -- shapes -----------------------------------------------------------------------------------------------------------


def reshape_and_transpose(x):
    back = x.unsqueeze(0).squeeze(0)
    return x.view(6, -1), x.permute(2, 0, 1), x.flatten(), x.transpose(0, 1), back, torch.movedim(x, 0, -1)


def concat_stack_split(x, y):
    a, b, c = x.chunk(3, dim=1)
    return (
        torch.cat([x, y], dim=1),
        torch.stack([x, y], -1),
        a + b * c,
        torch.hstack([c, a]),
        torch.vstack([x[0], y[1]]),
    )


def pad(x):
    reflected = F.pad(x[None], (2, 1), mode="reflect")[0]
    return F.pad(x, (0, 1, 1, 2)), reflected, F.pad(x, (1, 0, 0, 1), value=3.0)


def tile_and_repeat(x):
    by_value = torch.repeat_interleave(x, (x[:, 0] > 0).long() + 1, dim=0)
    return (
        x.repeat(2, 3),
        x.repeat_interleave(2, dim=1),
        torch.repeat_interleave(x, torch.tensor([1, 2]), dim=0),
        by_value,
    )


def flip_and_roll(x):
    return x.flip(0), torch.fliplr(x), x.roll(1, 1), torch.roll(x, (1, -1), (0, 1)), torch.rot90(x)


def broadcasting(x, y):
    return x + y, x.expand(2, 3, 4), x[None, ..., None] * y[0]


# -- indexing ---------------------------------------------------------------------------------------------------------


def slices(x):
    return x[1:4, ::2], x[-1], x[..., -2:], x[:, None, 2], x[2, 3], x.narrow(1, 2, 3), x.select(0, 1)


def gather(x, i):
    return x[i], torch.index_select(x, 0, i[0]), x.index_select(1, i[0] % 3)


def fancy_index(x, i, j):
    return x[i, j], x[:, j], x[i, :, 1], x[i[:, None], j], x[torch.arange(3), -1]


def boolean_mask(x):
    return x[x > 0], x[torch.tensor([True, False])], torch.nonzero(x < 0), torch.masked_select(x, x > 2)


def take_along_axis(x, i):
    return torch.gather(x, 1, i.long()), torch.take_along_dim(x, x.argsort(1), dim=1)


def gather_nd(x, i):
    return x[i[:, 0], i[:, 1]], x[i[:, 0], i[:, 1], 1]


# -- scatter ----------------------------------------------------------------------------------------------------------


def scatter_add(x, i, y):
    return x.index_add(0, i, y), x.scatter_add(0, i.long()[:, None].expand(4, 3), y)


def scatter_set(x, i, y):
    out = x.clone()
    out[i] = y
    out[i, 1] = 0.0
    return out, x.index_copy(0, i.long(), y), x.scatter(0, i.long()[:, None], 1.0)


def scatter_max(x, i, y):
    return x.scatter_reduce(0, i.long(), y, reduce="amax")


def segment_sum(x, i):
    return torch.zeros(4, x.shape[1]).index_add_(0, i, x)


def write_slices(x, v):
    out = x.clone()
    out[:, 0] = v
    out[1].mul_(2)
    out[2, 1:3] += out[3, 1:3]
    out[out > 1.5] = 1.5
    return out


def bincount(i):
    return torch.bincount(i, minlength=6), torch.histc(i.float(), bins=3, min=0, max=6)


# -- sorting ----------------------------------------------------------------------------------------------------------


def sort(x):
    values, places = torch.sort(x)
    return values, places, x.sort(0).values, x.flatten().sort(descending=True).values


def argsort(x):
    order = x.argsort(1)
    return order, torch.argsort(x, dim=0, descending=True), order.argsort(1)


def top_k(x):
    values, places = torch.topk(x, 3, dim=1)
    return values, places, x.kthvalue(2, dim=1).values


def searchsorted(x, values):
    edges = values.sort().values
    return torch.searchsorted(edges, x), torch.searchsorted(edges, x, right=True), torch.bucketize(x, edges)


def unique(i):
    values, inverse, counts = torch.unique(i, return_inverse=True, return_counts=True)
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
    return F.conv2d(F.conv2d(x, depthwise, padding="same", groups=3), pointwise)


def conv_transpose2d(x, w):
    return F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1)


def conv3d(x, w):
    return F.conv3d(x, w)


# -- pooling ----------------------------------------------------------------------------------------------------------


def max_pool2d(x):
    return F.max_pool2d(x, 2), F.max_pool2d(x, 3, stride=2, padding=1)


def avg_pool2d(x):
    return F.avg_pool2d(x, 3), F.avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=False)


def max_pool1d_overlapping(x):
    return F.max_pool1d(x, 3, stride=2)


def global_average_pool(x):
    return F.adaptive_avg_pool2d(x, 1).flatten(1), F.adaptive_max_pool2d(x, 1).flatten(1)


# -- normalisation ----------------------------------------------------------------------------------------------------


def batch_norm(x, scale, offset, mean, variance):
    return F.batch_norm(x, mean, variance, scale, offset)


def batch_norm_training(x, scale, offset, mean, variance):
    mean, variance = mean.clone(), variance.clone()
    return F.batch_norm(x, mean, variance, scale, offset, training=True, momentum=0.1), mean, variance


def layer_norm(x, scale, offset):
    return F.layer_norm(x, (6,), scale, offset)


def group_norm(x, scale, offset):
    return F.group_norm(x, 2, scale, offset)


def rms_norm(x, scale):
    return F.rms_norm(x, (6,), scale, eps=1e-6)


def instance_norm(x):
    return F.instance_norm(x)


# -- attention --------------------------------------------------------------------------------------------------------


def attention(q, k, v):
    return F.scaled_dot_product_attention(q, k, v)


def causal_attention(q, k, v):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.5)


def multi_head_attention(x, w_in, w_out):
    batch, length, width = x.shape
    q, k, v = ((x @ w_in).view(batch, length, 3, 2, width // 2)).permute(2, 0, 3, 1, 4)
    out = F.scaled_dot_product_attention(q, k, v)
    return F.linear(out.transpose(1, 2).reshape(batch, length, width), w_out.T)


def rotary_embedding(x):
    half = x.shape[-1] // 2
    angle = torch.outer(torch.arange(x.shape[1]).float(), 10000.0 ** (-torch.arange(half) / half))
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], dim=-1)


# -- recurrent --------------------------------------------------------------------------------------------------------


def rnn(x, h, w_x, w_h, b):
    out, last = torch.rnn_tanh(x, h[None], [w_x, w_h, b, torch.zeros_like(b)], True, 1, 0.0, False, False, False)
    return out, last[0]


def lstm(x, h, c, w_x, w_h, b):
    weights = [w_x, w_h, b, torch.zeros_like(b)]
    out, h, c = torch.lstm(x, (h[None], c[None]), weights, True, 1, 0.0, False, False, False)
    return out, (h[0], c[0])


def gru(x, h, w_x, w_h, b):
    outputs = []
    for step in x.unbind(0):
        h = torch.gru_cell(step, h, w_x, w_h, b, torch.zeros_like(b))
        outputs.append(h)
    return torch.stack(outputs), h


def linear_recurrence(x, decay):
    state, states = torch.zeros_like(x[0]), []
    for row, d in zip(x, decay):
        state = d * state + row
        states.append(state)
    return torch.stack(states)


# -- losses -----------------------------------------------------------------------------------------------------------


def cross_entropy(logits, labels):
    smooth = F.cross_entropy(logits, labels, label_smoothing=0.1, reduction="none")
    return F.cross_entropy(logits, labels), smooth, logits.gather(1, labels[:, None])


def binary_cross_entropy(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets), F.binary_cross_entropy(logits.sigmoid(), targets)


def huber_loss(x, y):
    return F.huber_loss(x, y), F.mse_loss(x, y), F.l1_loss(x, y), F.smooth_l1_loss(x, y, beta=0.5)


def kl_divergence(p, q):
    return F.kl_div(F.log_softmax(q, 1), F.softmax(p, 1), reduction="none").sum(1)


# -- embedding and images ---------------------------------------------------------------------------------------------


def embedding(table, i):
    return F.embedding(i, table) * 2.0, F.embedding_bag(i, table)


def resize_bilinear(x):
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


def resize_nearest(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


def pixel_shuffle(x):
    return F.pixel_shuffle(x, 2)


# -- control flow -----------------------------------------------------------------------------------------------------


def branch_on_value(x):
    y = x - 1
    if x.sum() > 0:
        y = x * 2
    return y, torch.cond(x.sum() > 1, lambda v: v * 3, lambda v: v.sin(), (x,))


def while_on_value(x):
    while x.sum() < 20:
        x = x * 1.5
    return x


def counted_loop(x, a):
    for _ in range(4):
        x = torch.tanh(a @ x)
    return x


def scan(x):
    total, steps = torch.zeros_like(x[0]), []
    for row in x:
        total = total * 0.5 + row
        steps.append(total.sum())
    return total, torch.stack(steps)


def branch_in_loop(x):
    total = torch.zeros(())
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
    return (lambda v: v + 1, torch.sin, lambda v: v**2)[i.item()](x)


# -- random -----------------------------------------------------------------------------------------------------------


def random_uniform(x):
    return x + torch.empty_like(x).uniform_(-1.0, 3.0)


def random_normal(x):
    return 0.1 * x + torch.normal(2.0, 0.5, size=x.shape)


def random_integers(i):
    return i * 0 + torch.randint(0, 10, i.shape, dtype=torch.int32)


def bernoulli(p):
    return torch.bernoulli(p)


def dropout(x):
    return F.dropout(x, 0.3)


def permutation(x):
    return x[torch.randperm(x.shape[0])]


def categorical(logits):
    return torch.multinomial(logits.exp(), 2000, replacement=True)
