"""Calls of PaddlePaddle's public functions, by name: a function and the arrays to call it with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ivy_paddle.loading import paddle

F = paddle.nn.functional
# Cases compared by value only: paddle has no gradient there, or dies computing it, or the target's framework has none.
VALUES_ONLY = {
    "gammaincc", "gammainc", "paddle.floor_divide", "paddle.floor_mod", "paddle.mod", "paddle.remainder",
    "paddle.heaviside", "heaviside", "nextafter", "diag_embed", "qr", "lu", "eig", "lstsq", "cast", "svd", "int_unary", "batch_norm", "batch_norm_train",
}  # fmt: skip
CASES: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {}


def normal(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed + len(shape)).normal(size=shape).astype("float32")


def positive(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).uniform(0.2, 2.0, size=shape).astype("float32")


def unit(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).uniform(-0.9, 0.9, size=shape).astype("float32")


def ints(*shape: int, high: int = 5, low: int = 0, seed: int = 0, dtype: str = "int64") -> Any:
    return np.random.default_rng(seed).integers(low, high, size=shape).astype(dtype)


def bools(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).uniform(size=shape) > 0.5


def distinct(*shape: int) -> Any:
    n = int(np.prod(shape))
    return (np.random.default_rng(3).permutation(n).reshape(shape) / n * 4 - 1.9).astype("float32")


def spd(n: int, *batch: int) -> Any:
    a = normal(*batch, n, n)
    return (a @ a.swapaxes(-1, -2) + n * np.eye(n)).astype("float32")


def case(name: str, fn: Callable[..., Any], *arrays: Any) -> None:
    assert name not in CASES, name
    CASES[name] = (fn, arrays)


def each(names: str, space: Any, *arrays: Any) -> None:
    for name in names.split():
        label = f"{space.__name__.rpartition('.')[2]}.{name}"
        case(label, lambda *xs, name=name: getattr(space, name)(*xs), *arrays)


x23, y23 = normal(2, 3), normal(2, 3, seed=5)
each(
    "abs asinh atan ceil cos cosh erf exp expm1 floor i0 i0e i1 i1e neg round sigmoid sign sin sinh square tan tanh "
    "trunc frac rad2deg deg2rad isfinite isinf isnan stanh sgn signbit sinc",
    paddle,
    x23,
)
CASES["paddle.exp2"] = (lambda x: 2.0**x, (x23,))
each("log log2 log10 log1p sqrt rsqrt reciprocal digamma lgamma gammaln acosh", paddle, positive(2, 3) + 1)
each("acos asin atanh erfinv", paddle, unit(2, 3))
case("logit", lambda x: paddle.logit(x, 1e-6), positive(2, 3) / 3)
case("polygamma", lambda x: paddle.polygamma(x, 2), positive(2, 3))
case("gammaincc", paddle.gammaincc, positive(2, 3), positive(2, 3, seed=1))
case("gammainc", paddle.gammainc, positive(2, 3), positive(2, 3, seed=1))
case("round_decimals", lambda x: paddle.round(x, 2), x23)
case("round_half", paddle.round, np.asarray([0.5, 1.5, 2.5, -0.5, -1.5], "float32"))
case(
    "int_unary", lambda x: [paddle.exp(x), paddle.sin(x), paddle.abs(x), paddle.sqrt(x), -x], ints(2, 3, dtype="int32")
)
each("add subtract multiply divide maximum minimum fmax fmin atan2 hypot copysign logaddexp", paddle, x23, y23)
each("remainder floor_divide mod floor_mod", paddle, x23 * 3, y23)
case(
    "int_binary",
    lambda a, b: [a + b, a * b, a - b, a // b, a % b, a / b, a**2],
    ints(2, 3, low=-5),
    ints(2, 3, low=1, seed=2),
)
case("mixed_binary", lambda a, b: [a * 2.5, a / 2, 2**a, 1 - b, 1 / b], ints(2, 3), positive(2, 3))
case("pow", lambda x, y: [paddle.pow(x, 2), paddle.pow(x, 0.5), paddle.pow(x, y), x**3, 2.0**x], positive(2, 3), y23)
case(
    "scale", lambda x: [paddle.scale(x, 2.0, 1.0), paddle.scale(x, 2.0, 1.0, bias_after_scale=False), x + 1, 3 - x], x23
)
case("scale_int", lambda x: [x * 2, x + 1, paddle.scale(x, 2.0, 1.0)], ints(2, 3, dtype="int32"))
case("lerp", lambda x, y: [paddle.lerp(x, y, 0.3), paddle.lerp(x, y, paddle.full([2, 3], 0.25))], x23, y23)
case("clip", lambda x: [paddle.clip(x, -0.5, 0.5), paddle.clip(x, min=0.0), paddle.clip(x, max=0.1)], x23)
case("heaviside", paddle.heaviside, x23, y23)
case("nextafter", paddle.nextafter, x23, y23)
case("nan_to_num", paddle.nan_to_num, np.asarray([1.0, np.nan, np.inf, -np.inf], "float32"))
each("equal not_equal less_than less_equal greater_than greater_equal", paddle, ints(2, 3), ints(2, 3, seed=1))
each("logical_and logical_or logical_xor", paddle, bools(2, 3), bools(2, 3, seed=1))
case("logical_not", paddle.logical_not, bools(2, 3))
each("bitwise_and bitwise_or bitwise_xor gcd lcm", paddle, ints(2, 3, low=1), ints(2, 3, low=1, seed=1))
case(
    "shifts",
    lambda x, y: [paddle.bitwise_left_shift(x, y), paddle.bitwise_right_shift(x, y), ~x],
    ints(2, 3),
    ints(2, 3, seed=1),
)
case("close", lambda x, y: [paddle.isclose(x, y), paddle.allclose(x, x), paddle.equal_all(x, y)], x23, y23)
case(
    "complex",
    lambda x, y: [
        paddle.real(paddle.complex(x, y)),
        paddle.imag(paddle.conj(paddle.complex(x, y))),
        paddle.abs(paddle.complex(x, y)),
        paddle.angle(paddle.complex(x, y)),
    ],
    x23,
    y23,
)
case("as_complex", lambda x: paddle.as_real(paddle.as_complex(x) * 2), normal(3, 2))
case("cast", lambda x: [x.astype("float64"), x.astype("int32"), x.cast("bool"), x.astype("float16")], x23 * 3)
case("multiplex", lambda a, b: paddle.multiplex([a, b], paddle.to_tensor([[1], [0]], dtype="int32")), x23, y23)
case("ldexp", lambda x: paddle.ldexp(x, paddle.to_tensor([1, 2, 3])), x23)
case("trapezoid", lambda x: [paddle.trapezoid(x), paddle.diff(x), paddle.cumulative_trapezoid(x)], x23)

# reductions
x234 = normal(2, 3, 4)
for _name in [
    "sum",
    "mean",
    "max",
    "min",
    "prod",
    "logsumexp",
    "amax",
    "amin",
    "std",
    "var",
    "median",
    "nansum",
    "nanmean",
]:
    case(
        f"{_name}_axes", lambda x, f=getattr(paddle, _name): [f(x), f(x, 1), f(x, -1, keepdim=True)], distinct(2, 3, 4)
    )
case(
    "sum_two",
    lambda x: [paddle.sum(x, [0, 2]), paddle.mean(x, [1, 2], keepdim=True), x.max([0, 1]), x.prod([0, 1])],
    distinct(2, 3, 4),
)
case(
    "sum_dtypes",
    lambda x, b: [paddle.sum(x), paddle.sum(b), paddle.sum(x, dtype="float64"), paddle.prod(x)],
    ints(2, 3, dtype="int32"),
    bools(2, 3),
)
case("all_any", lambda x: [paddle.all(x), paddle.any(x, 1), x.all(0, keepdim=True)], bools(2, 3))
case(
    "argmax",
    lambda x: [paddle.argmax(x), paddle.argmax(x, 1), paddle.argmin(x, -1, keepdim=True, dtype="int32")],
    distinct(2, 3, 4),
)
case(
    "cumulative",
    lambda x: [paddle.cumsum(x), paddle.cumsum(x, 1), paddle.cumprod(x, 1), paddle.logcumsumexp(x, 1)],
    x234,
)
case("cummax", lambda x: [*paddle.cummax(x, 1), *paddle.cummin(x, -1)], distinct(2, 3, 4))
case("count_nonzero", lambda x: [paddle.count_nonzero(x), paddle.count_nonzero(x, 1)], ints(2, 3, high=2))
case(
    "norms",
    lambda x: [
        paddle.norm(x),
        paddle.norm(x, 1, 1),
        paddle.norm(x, float("inf"), 1),
        paddle.norm(x, 3, 1),
        paddle.linalg.norm(x, "fro", [0, 1]),
        paddle.norm(x, 2, [0, 1]),
    ],
    x23,
)
case("dist", lambda x, y: [paddle.dist(x, y), paddle.dist(x, y, 1), paddle.dist(x, y, float("inf"))], x23, y23)
case("quantile", lambda x: [paddle.quantile(x, 0.3), paddle.quantile(x, [0.25, 0.5], 1)], distinct(2, 3, 4))
case("kthvalue", lambda x: [*paddle.kthvalue(x, 2, 1)], distinct(2, 3, 4))
case("mode", lambda x: paddle.mode(x, -1)[0], ints(2, 5, high=2).astype("float32"))
case("nanmedian", lambda x: paddle.nanmedian(x, 1), distinct(2, 3, 4))
case("histogram", lambda x: paddle.histogram(x, 4, -2, 2), x23)
case("bincount", lambda x: paddle.bincount(x, minlength=6), np.asarray([0, 1, 1, 5], "int64"))

# sorting and searching
case(
    "sort",
    lambda x: [paddle.sort(x), paddle.sort(x, 1, descending=True), paddle.argsort(x), paddle.argsort(x, 0, True)],
    distinct(2, 3, 4),
)
case("topk", lambda x: [*paddle.topk(x, 2), *paddle.topk(x, 2, 1, largest=False)], distinct(2, 3, 4))
case(
    "searchsorted",
    lambda s, v: [
        paddle.searchsorted(s, v),
        paddle.searchsorted(s, v, right=True, out_int32=True),
        paddle.bucketize(v, s),
    ],
    np.arange(5, dtype="float32"),
    positive(4),
)
case("where", lambda c, x, y: [paddle.where(c, x, y), paddle.where(x > 0, x, 0.0)], bools(2, 3), x23, y23)
case("masked_fill", lambda x, c: [paddle.masked_fill(x, c, 1.5), x * c.astype("float32")], x23, bools(2, 3))
case(
    "index_select",
    lambda x: [
        paddle.index_select(x, paddle.to_tensor([1, 0]), 1),
        paddle.gather(x, paddle.to_tensor([1, 0, 1])),
        paddle.gather(x, paddle.to_tensor([1]), axis=1),
    ],
    x234,
)
case("gather_nd", lambda x, i: paddle.gather_nd(x, i), x234, np.asarray([[0, 1], [1, 2]], "int64"))
case("take_along_axis", lambda x, i: paddle.take_along_axis(x, i, 1), x234, ints(2, 2, 4, high=3))
case(
    "put_along_axis",
    lambda x, i: [paddle.put_along_axis(x, i, 2.0, 1), paddle.put_along_axis(x, i, x[:, :2], 1, reduce="add")],
    x234,
    np.argsort(normal(2, 3, 4), 1)[:, :2],
)
case("index_sample", paddle.index_sample, x23, ints(2, 2, high=3))
case("index_add", lambda x, v: paddle.index_add(x, paddle.to_tensor([0, 0]), 0, v), x23, y23)
case(
    "index_put",
    lambda x, v: [
        paddle.index_put(x, (paddle.to_tensor([0, 1]), paddle.to_tensor([2, 0])), v),
        paddle.index_put(x, (paddle.to_tensor([0, 0]), paddle.to_tensor([2, 2])), v, accumulate=True),
    ],
    x23,
    normal(2),
)
case("index_fill", lambda x: paddle.index_fill(x, paddle.to_tensor([1]), 1, 3.0), x23)
case(
    "scatter",
    lambda x, u: [
        paddle.scatter(x, paddle.to_tensor([1, 0]), u),
        paddle.scatter(x, paddle.to_tensor([1, 1]), u, overwrite=False),
    ],
    x23,
    y23,
)
case("scatter_nd", lambda u: paddle.scatter_nd(paddle.to_tensor([[1], [1], [0]]), u, [4, 3]), normal(3, 3))
case("scatter_nd_add", lambda x, u: paddle.scatter_nd_add(x, paddle.to_tensor([[1], [1]]), u), x23, y23)
case("take", lambda x: paddle.take(x, paddle.to_tensor([[0, 4], [5, 1]])), x23)
case(
    "indexing",
    lambda x: [
        x[0],
        x[:, 1],
        x[..., -1],
        x[1:, ::2],
        x[:, None, 1:],
        x[0, 1, 2],
        x[::-1],
        x[[1, 0]],
        x[:, [0, 2], 1:3],
    ],
    x234,
)
case("index_by_tensor", lambda x, i: [x[i], x[:, i], x[i, i]], x234, np.asarray([0, 1, 1], "int64"))
case(
    "diag",
    lambda x, v: [paddle.diag(x), paddle.diag(v), paddle.diag(v, 1), paddle.diagonal(x), paddle.trace(x)],
    x23,
    normal(3),
)
case("diag_embed", lambda x: [paddle.diag_embed(x), paddle.diag_embed(x, 1, 0, 2)], x23)
case("tri", lambda x: [paddle.tril(x), paddle.triu(x, 1), paddle.tril(x, -1)], x234)
case("unbind", lambda x: [*paddle.unbind(x, 1), *paddle.unstack(x, 0)], x234)

# shapes
case(
    "reshape",
    lambda x: [paddle.reshape(x, [3, -1]), paddle.reshape(x, [0, -1]), x.flatten(), x.flatten(1), x.reshape([-1])],
    x234,
)
case(
    "transpose",
    lambda x: [
        paddle.transpose(x, [2, 0, 1]),
        x.T,
        paddle.moveaxis(x, 0, -1),
        paddle.swapaxes(x, 0, 1),
        paddle.t(x[0]),
    ],
    x234,
)
case(
    "squeeze",
    lambda x: [paddle.squeeze(x), paddle.squeeze(x, 0), paddle.unsqueeze(x, [0, 2]), x.unsqueeze(-1)],
    normal(1, 3, 1),
)
case(
    "concat",
    lambda x, y: [
        paddle.concat([x, y]),
        paddle.concat([x, y], 1),
        paddle.stack([x, y], 1),
        paddle.hstack([x, y]),
        paddle.vstack([x, y]),
    ],
    x23,
    y23,
)
case(
    "split",
    lambda x: [
        *paddle.split(x, 2, 2),
        *paddle.split(x, [1, -1], 1),
        *paddle.chunk(x, 3, 1),
        *paddle.tensor_split(x, 2, 1),
    ],
    x234,
)
case(
    "tile",
    lambda x: [
        paddle.tile(x, [2, 1]),
        paddle.expand(x, [4, 2, 3]),
        paddle.broadcast_to(x, [1, 2, 3]),
        paddle.expand(x, [4, -1, -1]),
    ],
    x23,
)
case("expand_as", lambda x, y: [paddle.expand_as(x, y), *paddle.broadcast_tensors([x, y])], normal(1, 3), y23)
case(
    "flip",
    lambda x: [paddle.flip(x, [0, 2]), paddle.roll(x, 1), paddle.roll(x, [1, 2], [0, 1]), paddle.rot90(x, 1, [0, 1])],
    x234,
)
case(
    "repeat_interleave",
    lambda x: [paddle.repeat_interleave(x, 2, 1), paddle.repeat_interleave(x, paddle.to_tensor([1, 2, 0]), 1)],
    x23,
)
case("meshgrid", lambda a, b: paddle.meshgrid(a, b), normal(3), normal(2))
case(
    "pad",
    lambda x: [
        F.pad(x, [1, 2, 0, 1]),
        F.pad(x, [1, 1, 1, 1], mode="reflect"),
        F.pad(x, [1, 1, 1, 1], mode="replicate"),
        F.pad(x, [1, 1, 1, 1], mode="circular"),
        F.pad(x, [0, 0, 1, 1, 2, 0, 0, 1], value=2.0),
    ],
    normal(2, 3, 4, 5),
)
case(
    "pad_rows", lambda x: [F.pad(x, [1, 2, 0, 1], value=1.0), F.pad(x, [1, 1], mode="constant", data_format="NCL")], x23
)
case(
    "slice",
    lambda x: [
        paddle.slice(x, [0, 2], [0, 1], [1, 3]),
        paddle.strided_slice(x, [1], [2], [0], [-1]),
        paddle.crop(x, [1, 2, 2], [0, 1, 1]),
    ],
    x234,
)
case("as_strided", lambda x: x.as_strided([2, 2], [3, 1], 4) * 1, x23)
case("atleast", lambda x: [paddle.atleast_1d(x), paddle.atleast_2d(x), paddle.atleast_3d(x)], normal(3))
case("view", lambda x: [x.view([3, 2]), x.view_as(x)], x23)
case("shard_index", lambda x: paddle.shard_index(x, 20, 2, 0, -1), ints(3, 1, high=20))

# creation
case("creation", lambda x: [paddle.zeros([2, 3]), paddle.ones([2], "int32"), paddle.full([2], 1.5), paddle.zeros_like(x), paddle.full_like(x, 2),
                            paddle.arange(5), paddle.arange(1.0, 2.0, 0.25), paddle.linspace(0, 1, 5), paddle.eye(3, 4), paddle.empty([2]) * 0,
                            paddle.tril_indices(3, 3), paddle.triu_indices(3, 3), paddle.logspace(0, 2, 3), x.numel(), paddle.shape(x)], x23)  # fmt: skip
case("one_hot", lambda x: F.one_hot(x, 5), ints(4))
case("to_tensor", lambda x: x + paddle.to_tensor([[1.0, 2.0, 3.0]]), x23)
case("vander", lambda x: paddle.vander(x, 3), normal(3))

# linear algebra
case(
    "matmul",
    lambda x, y: [
        paddle.matmul(x, y, transpose_y=True),
        x @ y.T,
        paddle.matmul(x, y, transpose_x=True),
        paddle.mm(x, y.T),
    ],
    x23,
    y23,
)
case("bmm", lambda x: [paddle.bmm(x, x.transpose([0, 2, 1])), paddle.matmul(x, x[0], transpose_y=True)], x234)
case(
    "vectors",
    lambda x, v: [
        paddle.mv(x, v),
        paddle.dot(v, v),
        paddle.outer(v, v),
        paddle.inner(x, v),
        x @ v,
        paddle.cross(v, v + 1),
    ],
    x23,
    normal(3),
)
case("addmm", lambda i, x, y: paddle.addmm(i, x, y, 0.5, 2.0), normal(2, 2), x23, normal(3, 2))
case(
    "einsum",
    lambda x, y: [paddle.einsum("ij,kj->ik", x, y), paddle.einsum("ij->ji", x), paddle.einsum("ij,ij->", x, y)],
    x23,
    y23,
)
case("tensordot", lambda x, y: paddle.tensordot(x, y, 1), x23, normal(3, 2))
case("kron", paddle.kron, x23, normal(2, 2))
case("multi_dot", lambda x, y: paddle.linalg.multi_dot([x, y.T, x]), x23, y23)
case(
    "inverse",
    lambda x: [
        paddle.inverse(x),
        paddle.linalg.det(x),
        paddle.linalg.cholesky(x),
        paddle.linalg.matrix_power(x, 2),
        paddle.linalg.pinv(x),
    ],
    spd(3),
)
case("slogdet", lambda x: paddle.linalg.slogdet(x), spd(3, 2))
case(
    "solve",
    lambda a, b: [
        paddle.linalg.solve(a, b),
        paddle.linalg.triangular_solve(paddle.tril(a), b, upper=False),
        paddle.linalg.cholesky_solve(b, paddle.linalg.cholesky(a), False),
    ],
    spd(3),
    normal(3, 2),
)
case(
    "eigh",
    lambda x: [paddle.linalg.eigh(x)[0], paddle.abs(paddle.linalg.eigh(x)[1]), paddle.linalg.eigvalsh(x)],
    spd(3),
)
case(
    "svd",
    lambda x: [paddle.linalg.svd(x)[1], paddle.abs(paddle.linalg.svd(x)[0]), paddle.linalg.svdvals(x)],
    normal(4, 3),
)
case("qr", lambda x: [paddle.abs(paddle.linalg.qr(x)[0]), paddle.abs(paddle.linalg.qr(x)[1])], normal(4, 3))
case("eig", lambda x: paddle.sort(paddle.abs(paddle.linalg.eigvals(x))), spd(3))
case("matrix_rank", lambda x: paddle.linalg.matrix_rank(x), spd(3))
case("lstsq", lambda a, b: paddle.linalg.lstsq(a, b)[0], normal(4, 3), normal(4, 2))
case("lu", lambda x: paddle.linalg.lu(x)[0], spd(3))
case("cov", lambda x: [paddle.linalg.cov(x), paddle.linalg.corrcoef(x)], normal(3, 5))
case("cdist", lambda x, y: paddle.cdist(x, y), x23, normal(4, 3, seed=1))
case("bilinear", lambda x, y, w, b: F.bilinear(x, y, w, b), x23, normal(2, 4), normal(5, 3, 4), normal(1, 5))

# fft
for _name in ["fft", "ifft", "rfft", "fftn", "ifftn", "rfftn", "fft2", "ifft2", "rfft2", "hfft", "ihfft"]:
    if _name.startswith(("fft", "ifft", "rfft", "ihfft")):
        case(f"fft.{_name}", lambda x, f=getattr(paddle.fft, _name): paddle.as_real(f(x)), normal(4, 6))
case(
    "fft.irfft",
    lambda x: [
        paddle.fft.irfft(paddle.fft.rfft(x)),
        paddle.fft.irfftn(paddle.fft.rfftn(x)),
        paddle.fft.hfft(paddle.fft.ihfft(x)),
    ],
    normal(4, 6),
)
case(
    "fft.norms",
    lambda x: [
        paddle.as_real(paddle.fft.fft(x, n=5, axis=0, norm="ortho")),
        paddle.as_real(paddle.fft.fft(x, norm="forward")),
    ],
    normal(4, 6),
)
case("fft.shift", lambda x: [paddle.fft.fftfreq(5), paddle.fft.rfftfreq(5)], normal(4, 6))
case(
    "signal",
    lambda x: [paddle.signal.frame(x, 4, 2), paddle.signal.overlap_add(paddle.signal.frame(x, 4, 2), 2)],
    normal(10),
)
case("stft", lambda x: paddle.as_real(paddle.signal.stft(x, 8, 4)), normal(2, 32))

# activations
for _name in [
    "relu",
    "relu6",
    "elu",
    "selu",
    "celu",
    "gelu",
    "sigmoid",
    "silu",
    "swish",
    "mish",
    "softplus",
    "softsign",
    "tanhshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hardshrink",
    "softshrink",
    "leaky_relu",
    "log_sigmoid",
    "softmax",
    "log_softmax",
    "thresholded_relu",
    "tanh",
]:
    case(f"F.{_name}", lambda x, f=getattr(F, _name): f(x), normal(4, 6) * 3)
case("activations_with_arguments", lambda x: [F.elu(x, 0.5), F.gelu(x, approximate=True), F.leaky_relu(x, 0.3), F.softplus(x, 2.0, 1.0), F.softmax(x, 0),
     F.log_softmax(x, 0), F.hardtanh(x, -0.5, 0.5), F.thresholded_relu(x, 0.5), F.maxout(x.reshape([4, 6, 1, 1]), 2), F.glu(x), F.celu(x, 0.5), F.hardshrink(x, 1.0),
     F.hardsigmoid(x, 0.2, 0.4), F.softmax(x, dtype="float64"), F.swiglu(x), F.rrelu(x, training=False)], normal(4, 6))  # fmt: skip
case("prelu", lambda x, w: [F.prelu(x, w), F.prelu(x, w[:1])], normal(2, 3, 4), positive(3))
case("normalize", lambda x: [F.normalize(x), F.cosine_similarity(x, x + 1)], normal(4, 6))
case("gumbel_shape", lambda x: paddle.zeros_like(F.gumbel_softmax(x)), normal(4, 6))

# layers as functions
img, w3 = normal(2, 4, 8, 8), normal(6, 4, 3, 3) / 6
case("linear", lambda x, w, b: [F.linear(x, w, b), F.linear(x, w)], normal(2, 4), normal(4, 3), normal(3))
case(
    "conv1d",
    lambda x, w, b: [F.conv1d(x, w, b, padding=1), F.conv1d(x, w, stride=2, padding="SAME")],
    normal(2, 4, 8),
    normal(6, 4, 3),
    normal(6),
)
case(
    "conv2d",
    lambda x, w, b: [
        F.conv2d(x, w, b),
        F.conv2d(x, w, stride=2, padding=1, dilation=2),
        F.conv2d(x, w, padding="SAME", stride=2),
        F.conv2d(x, w, padding="VALID"),
        F.conv2d(x, w, padding=[1, 2]),
        F.conv2d(x, w, padding=[1, 0, 2, 1]),
    ],
    img,
    w3,
    normal(6),
)
case(
    "conv2d_groups",
    lambda x, w, d: [F.conv2d(x, w, groups=2), F.conv2d(x, d, groups=4)],
    img,
    normal(6, 2, 3, 3),
    normal(4, 1, 3, 3),
)
case("conv2d_nhwc", lambda x, w: F.conv2d(x, w, data_format="NHWC"), normal(2, 8, 8, 4), w3)
case("conv3d", lambda x, w: F.conv3d(x, w, padding=1), normal(1, 2, 4, 4, 4), normal(3, 2, 3, 3, 3))
case(
    "conv1d_transpose",
    lambda x, w, b: F.conv1d_transpose(x, w, b, stride=2),
    normal(2, 4, 5),
    normal(4, 3, 3),
    normal(3),
)
case(
    "conv2d_transpose",
    lambda x, w, b: [
        F.conv2d_transpose(x, w, b),
        F.conv2d_transpose(x, w, stride=2, padding=1, output_padding=1),
        F.conv2d_transpose(x, w, stride=2, output_size=[18, 18]),
    ],
    img,
    normal(4, 3, 3, 3),
    normal(3),
)
case("conv2d_transpose_groups", lambda x, w: F.conv2d_transpose(x, w, groups=2, stride=2), img, normal(4, 3, 3, 3))
case("conv3d_transpose", lambda x, w: F.conv3d_transpose(x, w, stride=2), normal(1, 2, 3, 3, 3), normal(2, 3, 2, 2, 2))
case(
    "max_pool",
    lambda x: [
        F.max_pool2d(x, 2),
        F.max_pool2d(x, 3, 2, 1),
        F.max_pool2d(x, 3, 2, ceil_mode=True),
        F.max_pool1d(x[:, :, 0], 2),
        *F.max_pool2d(x, 2, return_mask=True),
        F.max_pool2d(x, 2, padding="SAME"),
    ],
    img,
)
case(
    "avg_pool",
    lambda x: [
        F.avg_pool2d(x, 2),
        F.avg_pool2d(x, 3, 2, 1),
        F.avg_pool2d(x, 3, 2, 1, exclusive=False),
        F.avg_pool1d(x[:, :, 0], 2),
        F.avg_pool2d(x, 3, 2, ceil_mode=True),
        F.avg_pool2d(x, 2, divisor_override=3),
    ],
    img,
)
case("pool3d", lambda x: [F.max_pool3d(x, 2), F.avg_pool3d(x, 2), F.adaptive_avg_pool3d(x, 2)], normal(1, 2, 4, 4, 4))
case(
    "adaptive_pool",
    lambda x: [
        F.adaptive_avg_pool2d(x, 1),
        F.adaptive_avg_pool2d(x, (3, 5)),
        F.adaptive_max_pool2d(x, 4),
        F.adaptive_avg_pool1d(x[:, :, 0], 3),
        F.adaptive_avg_pool2d(x, [None, 2]),
    ],
    img,
)
case("lp_pool", lambda x: F.lp_pool2d(x, 2.0, 2), positive(1, 2, 4, 4))
case("unpool", lambda x: F.max_unpool2d(*F.max_pool2d(x, 2, return_mask=True), 2), img)
case(
    "batch_norm",
    lambda x, m, v, w, b: [F.batch_norm(x, m, v, w, b), F.batch_norm(x, m, v)],
    img,
    normal(4),
    positive(4),
    normal(4, seed=1),
    normal(4, seed=2),
)
case(
    "batch_norm_train",
    lambda x, m, v, w, b: [F.batch_norm(x, m, v, w, b, training=True), m * 1, v * 1],
    img,
    normal(4),
    positive(4),
    normal(4, seed=1),
    normal(4, seed=2),
)
case(
    "batch_norm_gradient",
    lambda x, w, b: F.batch_norm(x, paddle.zeros([4]), paddle.ones([4]), w, b, training=True),
    img,
    positive(4, seed=1),
    normal(4, seed=2),
)
case(
    "layer_norm",
    lambda x, w, b: [F.layer_norm(x, 4, w, b), F.layer_norm(x, [3, 4]), F.layer_norm(x, 4)],
    x234,
    normal(4),
    normal(4, seed=1),
)
case(
    "group_norm",
    lambda x, w, b: [F.group_norm(x, 2, 1e-5, w, b), F.group_norm(x, 4, 1e-5, w, b)],
    img,
    normal(4),
    normal(4, seed=1),
)
case(
    "instance_norm",
    lambda x, w, b: [F.instance_norm(x, weight=w, bias=b), F.instance_norm(x)],
    img,
    normal(4),
    normal(4, seed=1),
)
case("local_response_norm", lambda x: F.local_response_norm(x, 3), img)
case("embedding", lambda i, w: [F.embedding(i, w), F.embedding(i, w, padding_idx=0)], ints(2, 3), normal(5, 4))
case(
    "dropout_eval",
    lambda x: [
        F.dropout(x, 0.5, training=False),
        F.dropout(x, 0.5, training=False, mode="downscale_in_infer"),
        F.dropout(x, 0.0),
    ],
    x23,
)
case(
    "attention",
    lambda q, k, v: [F.scaled_dot_product_attention(q, k, v), F.scaled_dot_product_attention(q, k, v, is_causal=True)],
    normal(2, 5, 2, 4),
    normal(2, 5, 2, 4, seed=1),
    normal(2, 5, 2, 4, seed=2),
)
case(
    "attention_mask",
    lambda q, k, v, m: F.scaled_dot_product_attention(q, k, v, m),
    normal(2, 5, 2, 4),
    normal(2, 5, 2, 4, seed=1),
    normal(2, 5, 2, 4, seed=2),
    normal(2, 1, 5, 5),
)
case("unfold", lambda x: F.unfold(x, 3, 2, 1), img)
case("fold", lambda x: F.fold(x, [5, 5], 2), normal(2, 12, 16))
case(
    "interpolate",
    lambda x: [
        F.interpolate(x, scale_factor=2),
        F.interpolate(x, [5, 6], mode="bilinear"),
        F.interpolate(x, [16, 12], mode="bilinear", align_corners=True),
        F.interpolate(x, scale_factor=0.5, mode="bilinear"),
        F.interpolate(x, [3, 3], mode="nearest"),
        F.interpolate(x, [12, 12], mode="bicubic"),
        F.interpolate(x, [3, 4], mode="area"),
        F.upsample(x, scale_factor=[2, 3]),
    ],
    img,
)
case("interpolate_1d", lambda x: F.interpolate(x, [7], mode="linear", data_format="NCW"), normal(2, 3, 4))
case("interpolate_align_mode", lambda x: F.interpolate(x, [5, 6], mode="bilinear", align_mode=1), img)
case(
    "grid_sample",
    lambda x, g: [
        F.grid_sample(x, g),
        F.grid_sample(x, g, mode="nearest", align_corners=False),
        F.grid_sample(x, g, padding_mode="border"),
    ],
    img,
    unit(2, 3, 3, 2),
)
case(
    "affine_grid",
    lambda t: [F.affine_grid(t, [2, 3, 4, 4]), F.affine_grid(t, [2, 3, 4, 4], align_corners=False)],
    normal(2, 2, 3),
)
case("pixel_shuffle", lambda x: [F.pixel_shuffle(x, 2), F.pixel_unshuffle(x, 2), F.channel_shuffle(x, 2)], img)
case("temporal_shift", lambda x: F.temporal_shift(x, 2, 0.25), img)
case("sequence_mask", lambda x: F.sequence_mask(x, 6), ints(3, high=6))
case("label_smooth", lambda x: F.label_smooth(x), positive(2, 3))
case("zeropad", lambda x: F.zeropad2d(x, [1, 0, 2, 1]), img)

# losses
logits, labels = normal(4, 5), ints(4)
case(
    "cross_entropy",
    lambda x, t: [
        F.cross_entropy(x, t),
        F.cross_entropy(x, t, reduction="none"),
        F.cross_entropy(x, t, label_smoothing=0.1),
        F.cross_entropy(x, t, ignore_index=1),
        F.softmax_with_cross_entropy(x, t.unsqueeze(-1)),
    ],
    logits,
    labels,
)
case("cross_entropy_weight", lambda x, t, w: F.cross_entropy(x, t, weight=w), logits, labels, positive(5))
case("cross_entropy_soft", lambda x, t: F.cross_entropy(x, F.softmax(t), soft_label=True), logits, normal(4, 5, seed=1))
case("cross_entropy_image", lambda x, t: F.cross_entropy(x, t, axis=1), normal(2, 5, 3, 3), ints(2, 3, 3))
case(
    "nll_loss",
    lambda x, t: [F.nll_loss(F.log_softmax(x), t), F.nll_loss(F.log_softmax(x), t, reduction="sum")],
    logits,
    labels,
)
case(
    "bce",
    lambda x, t: [
        F.binary_cross_entropy(F.sigmoid(x), t),
        F.binary_cross_entropy_with_logits(x, t),
        F.binary_cross_entropy_with_logits(x, t, reduction="none"),
    ],
    logits,
    positive(4, 5) / 2,
)
case(
    "regression_losses",
    lambda x, y: [
        F.mse_loss(x, y),
        F.l1_loss(x, y),
        F.smooth_l1_loss(x, y),
        F.smooth_l1_loss(x, y, delta=0.5, reduction="sum"),
        F.square_error_cost(x, y),
        F.kl_div(F.log_softmax(x), F.softmax(y)),
        F.huber_loss(x, y) if hasattr(F, "huber_loss") else x,
    ],
    x23,
    y23,
)
case(
    "margin_losses",
    lambda x, y: [
        F.margin_ranking_loss(x, y, paddle.sign(x)),
        F.hinge_embedding_loss(x, paddle.sign(y)),
        F.soft_margin_loss(x, paddle.sign(y)),
        F.triplet_margin_loss(x, y, x + 1),
        F.cosine_embedding_loss(x, y, paddle.sign(x[:, 0])),
        F.log_loss(F.sigmoid(x[:, :1]), F.sigmoid(y[:, :1])),
        F.poisson_nll_loss(x, paddle.abs(y)),
        F.gaussian_nll_loss(x, y, paddle.abs(y) + 1),
    ],
    x23,
    y23,
)
case("focal_loss", lambda x, t: F.sigmoid_focal_loss(x, t), logits, np.eye(5, dtype="float32")[[0, 1, 2, 3]])
case(
    "ctc_loss",
    lambda x, t: F.ctc_loss(x, t, paddle.to_tensor([6, 5]), paddle.to_tensor([3, 2]), blank=0, reduction="none"),
    normal(6, 2, 5),
    ints(2, 3, low=1, dtype="int32"),
)
