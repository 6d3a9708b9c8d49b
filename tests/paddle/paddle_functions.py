"""Functions as users write them: control flow, in-place writes, scatter, sorting, attention, recurrences, containers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ivy_paddle.loading import paddle

F = paddle.nn.functional
FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {}
VALUES_ONLY = {
    "unique_sorted", "argmax_one_hot", "loop_until", "while_counts", "while_state", "for_over_tensor_range",
    "nested_control", "write_through_reshape", "fill_in_place",
}  # fmt: skip
"""Compared by value: integers, loops whose number of steps is known at run time only (JAX has no gradient of those), and
writes through views, whose gradient paddle does not see."""


def normal(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed + len(shape)).normal(size=shape).astype("float32")


def example(*arrays: Any) -> Callable[[Any], Any]:
    def mark(fn: Any) -> Any:
        FUNCTIONS[fn.__name__] = (fn, arrays)
        return fn

    return mark


X, Y, V, M = normal(3, 4), normal(3, 4, seed=9), normal(4), normal(4, 5)
SEQUENCE = normal(2, 6, 8)


# -- arithmetic and reductions


@example(X)
def standardise(x):
    return (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-6)


@example(X, Y)
def polynomial(x, y):
    return 3 * x**2 - 2 * x * y + y / 2 - 1


@example(X)
def stable_softmax(x):
    e = paddle.exp(x - x.max(axis=-1, keepdim=True))
    return e / e.sum(axis=-1, keepdim=True)


@example(X, Y)
def pairwise_distances(x, y):
    return paddle.sqrt(((x.unsqueeze(1) - y.unsqueeze(0)) ** 2).sum(-1) + 1e-6)


@example(X)
def covariance(x):
    centred = x - x.mean(0, keepdim=True)
    return centred.T @ centred / (x.shape[0] - 1)


@example(X)
def clipped_log(x):
    return paddle.log(paddle.clip(paddle.abs(x), 1e-3, 10.0))


@example(X)
def many_reductions(x):
    return x.sum(), x.mean(1), x.max(0), x.min(), paddle.logsumexp(x, 1), x.prod(1), x.var(), paddle.norm(x)


@example(X)
def running_totals(x):
    return paddle.cumsum(x, axis=1), paddle.cumprod(x, dim=0)


@example(X, Y)
def comparisons(x, y):
    return (x > y), paddle.logical_and(x > 0, y > 0), paddle.where(x > y, x, y), (x >= 0).astype("float32") * y


@example(X)
def trigonometry(x):
    return paddle.sin(x) ** 2 + paddle.cos(x) ** 2, paddle.atan2(x, x + 3), paddle.tanh(x)


# -- indexing and shapes


@example(X)
def slices(x):
    return x[1:, :2], x[:, -1], x[..., None], x[::2, 1::2], x[-1, -2]


@example(X, np.asarray([2, 0, 1], "int64"))
def reorder(x, i):
    return x[i], paddle.gather(x, i, axis=0), paddle.index_select(x, i, axis=1)


@example(X, np.asarray([[0], [3], [1]], "int64"))
def pick(x, i):
    return paddle.take_along_axis(x, i, axis=1).squeeze(1)


@example(X)
def reshapes(x):
    return (
        x.reshape([2, 6]),
        x.flatten(),
        x.T,
        x.unsqueeze(0).tile([2, 1, 1]),
        x.reshape([-1, 2, 2]).transpose([2, 0, 1]),
    )


@example(X, Y)
def joins(x, y):
    return paddle.concat([x, y], axis=1), paddle.stack([x, y]), *paddle.split(x, 2, axis=1), *paddle.unbind(y)


@example(X)
def padded(x):
    return F.pad(x, [1, 1, 2, 0], value=0.5), paddle.roll(x, 1, axis=0), paddle.flip(x, axis=[1])


@example(X)
def triangle(x):
    return paddle.tril(x), paddle.triu(x, 1), paddle.diag(x @ x.T)


@example(X)
def use_shape(x):
    n, m = x.shape
    return x.reshape([n * m]) / (n + m), paddle.shape(x)


# -- in place


@example(X)
def write_rows(x):
    y = x * 1.0
    y[0] = 0.0
    y[1:, 2] = y[1:, 1]
    return y


@example(X, V)
def write_row_of_tensor(x, v):
    y = x.clone()
    y[1] = v * 2
    return y + x


@example(X)
def write_through_view(x):
    y = x * 1.0
    row = y[0]
    row.add_(paddle.ones([4]))
    return y, row


@example(X)
def write_through_reshape(x):
    y = x * 1.0
    flat = y.reshape([-1])
    flat[0] = 7.0
    return y


@example(X)
def chain_in_place(x):
    y = x * 1.0
    y.add_(x)
    y.scale_(0.5)
    y.clip_(-0.5, 0.5)
    return y


@example(X)
def fill_in_place(x):
    y = x * 1.0
    y[:, 0].zero_()
    z = paddle.zeros_like(x)
    z.fill_(2.0)
    return y + z


@example(X)
def accumulate_in_loop(x):
    total = paddle.zeros([4])
    for i in range(x.shape[0]):
        total.add_(x[i])
    return total


@example(X)
def set_diagonal(x):
    y = paddle.eye(4)
    for i in range(3):
        y[i, i] = x[i, i]
    return y


# -- scatter and sorting


@example(X, np.asarray([1, 0, 1], "int64"))
def segment_totals(x, i):
    return paddle.scatter_nd_add(paddle.zeros([2, 4]), i.unsqueeze(-1), x)


@example(X, V)
def overwrite_rows(x, v):
    return paddle.scatter(x, paddle.to_tensor([2]), v.unsqueeze(0))


@example(X)
def sorted_rows(x):
    order = paddle.argsort(x, axis=1, descending=True)
    return paddle.take_along_axis(x, order, 1), paddle.sort(x, axis=0)


@example(X)
def top_two(x):
    values, places = paddle.topk(x, 2, axis=1)
    return values.sum(), places


@example(X)
def argmax_one_hot(x):
    return F.one_hot(paddle.argmax(x, axis=1), 4)


@example(X)
def median_and_quantile(x):
    return paddle.median(x, axis=1), paddle.quantile(x, 0.25, axis=1)


@example(X)
def masked_mean(x):
    mask = (x > 0).astype("float32")
    return (x * mask).sum() / (mask.sum() + 1e-6)


# -- control flow


@example(X)
def branch_on_value(x):
    if x.sum() > 0:
        y = x * 2
    else:
        y = x - 1
    return y


@example(X)
def branch_with_early_return(x):
    if x.mean() > 100:
        return x * 0
    return x + 1


@example(X)
def branch_with_two_results(x):
    if x[0, 0] > 0:
        a, b = x, x * 2
    else:
        a, b = -x, x / 2
    return a + b, b


@example(X)
def nested_branches(x):
    if x.sum() > 0:
        if x.max() > 1:
            y = x * 3
        else:
            y = x * 2
    else:
        y = x
    return y


@example(X)
def while_counts(x):
    i = paddle.zeros([], "int32")
    while i < 3:
        x = x * 1.5
        i += 1
    return x, i


@example(X)
def loop_until(x):
    while x.abs().max() > 0.1:
        x = x * 0.5
    return x


@example(X)
def while_state(x):
    i, total = paddle.zeros([], "int64"), paddle.zeros([4])
    while i < 3:
        total = total + x[i] * i.astype("float32")
        i = i + 1
    return total


@example(X)
def for_over_tensor_range(x):
    total = paddle.zeros([4])
    for i in range(paddle.full([], 3, "int64")):
        total = total + x[0] * i
    return total


@example(X)
def nested_control(x):
    i = paddle.zeros([], "int32")
    while i < 4:
        if i % 2 == 0:
            x = x + 1
        else:
            x = x * 0.5
        i += 1
    return x


@example(X)
def python_loop(x):
    out = []
    for row in x:
        out.append(row * len(out))
    return paddle.stack(out)


@example(X)
def python_condition(x):
    return x.sum(0) if x.ndim == 2 else x


# -- linear algebra and transforms


@example(X, M)
def products(x, m):
    return x @ m, paddle.einsum("ij,jk->ki", x, m), paddle.outer(x[0], m[0])


@example(normal(3, 3))
def solve_normal_equations(a):
    gram = a.T @ a + 3 * paddle.eye(3)
    return paddle.linalg.solve(gram, a), paddle.linalg.det(gram), paddle.linalg.inv(gram)


@example(normal(3, 3))
def cholesky_log_det(a):
    gram = a.T @ a + 3 * paddle.eye(3)
    return 2 * paddle.log(paddle.diagonal(paddle.linalg.cholesky(gram))).sum()


@example(X)
def spectrum(x):
    return paddle.abs(paddle.fft.rfft(x)), paddle.fft.irfft(paddle.fft.rfft(x))


# -- neural networks


@example(normal(2, 3, 8, 8), normal(4, 3, 3, 3), normal(4))
def conv_block(x, w, b):
    return F.max_pool2d(F.relu(F.conv2d(x, w, b, padding=1)), 2)


@example(normal(2, 3, 4, 4), normal(3, 4, 2, 2))
def upsampling(x, w):
    return F.conv2d_transpose(x, w, stride=2), F.interpolate(x, scale_factor=2, mode="bilinear")


@example(normal(2, 4, 6, 6), normal(4), normal(4))
def normalisations(x, w, b):
    return F.group_norm(x, 2, weight=w, bias=b), F.instance_norm(x), F.layer_norm(x, [6, 6])


@example(normal(2, 3, 8, 8))
def poolings(x):
    return F.avg_pool2d(x, 2), F.adaptive_avg_pool2d(x, 1).flatten(1), F.adaptive_max_pool2d(x, 2)


@example(SEQUENCE, normal(8, 8), normal(8, 8, seed=4))
def self_attention(x, w_q, w_k):
    q, k = x @ w_q, x @ w_k
    scores = q @ k.transpose([0, 2, 1]) / 8**0.5
    mask = paddle.tril(paddle.ones([6, 6], "bool"))
    scores = paddle.where(mask, scores, paddle.full_like(scores, -1e9))
    return F.softmax(scores, axis=-1) @ x


@example(normal(2, 6, 2, 4), normal(2, 6, 2, 4, seed=1))
def fused_attention(q, k):
    return F.scaled_dot_product_attention(q, k, q + k, is_causal=True)


@example(SEQUENCE, normal(8, 4), normal(4, 4))
def recurrence(x, w, u):
    h = paddle.zeros([2, 4])
    for t in range(6):
        h = paddle.tanh(x[:, t] @ w + h @ u)
    return h


@example(np.asarray([[1, 2], [0, 3]], "int64"), normal(5, 4))
def embed_and_average(i, table):
    return F.embedding(i, table).mean(1)


@example(normal(4, 3), np.asarray([0, 2, 1, 1], "int64"))
def classification_loss(x, t):
    return F.cross_entropy(x, t), (paddle.argmax(x, -1) == t).astype("float32").mean()


@example(X, Y)
def regression_loss(x, y):
    return F.mse_loss(x, y) + 0.1 * F.smooth_l1_loss(x, y) + F.l1_loss(x, y)


@example(X)
def activations(x):
    return F.gelu(x), F.silu(x), F.leaky_relu(x, 0.1), F.softplus(x), F.hardswish(x), F.elu(x)


@example(X)
def gated(x):
    a, b = paddle.chunk(x, 2, axis=1)
    return a * F.sigmoid(b)


# -- gradients are cut


@example(X)
def detached(x):
    return x * x.detach()


@example(X)
def without_gradient(x):
    with paddle.no_grad():
        scale = x.abs().max()
    return x / scale


@example(X)
def stopped(x):
    y = x * 2
    y.stop_gradient = True
    return x * y


# -- containers, constants, arguments


@example(X)
def dictionary(x):
    return {"double": x * 2, "nested": [x + 1, (x.sum(), 3)], "none": None}


TABLE = paddle.to_tensor(normal(4))


@example(X)
def closed_over(x):
    return x * TABLE


@example(X, Y)
def keyword_defaults(x, y, scale=2.0, *, add=True):
    return x * scale + y if add else x


@example(X)
def mixed_dtypes(x):
    return x.astype("float64").sum(), (x > 0).astype("int64").sum(), x.astype("int32")


@example(X)
def integer_arithmetic(x):
    i = x.astype("int64")
    return i // 2, i % 3, -i, i * i, paddle.abs(i)
