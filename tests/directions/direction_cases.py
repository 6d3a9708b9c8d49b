"""The functions that are compared in all 20 directions: name -> chapter, inputs, tolerances, what has a gradient.

Each of `in_numpy`, `in_torch`, `in_jax`, `in_tensorflow` and `in_paddle` writes all of them, as a user of that framework
would. The inputs are shared; those of images and kernels are given channels first, and a framework whose users put
channels last lays them out anew (`LAYOUTS` of its file).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Laid:
    """An array whose order of axes is a matter of convention."""

    array: Any
    kind: str  # "image", "kernel", "depthwise"


@dataclass(frozen=True)
class Case:
    """What a function is called with and how its results are compared."""

    name: str
    chapter: str
    inputs: tuple[Any, ...]
    rtol: float = 2e-5
    atol: float = 2e-6
    gradient: bool = True
    fixed: tuple[int, ...] = ()  # floating-point inputs that frameworks don't differentiate by: running statistics
    random: str = ""  # "" or how results are compared: "distribution", "mask" (a share of the input survives), "order"

    def arrays(self, layouts: dict[str, tuple[int, ...]]) -> list[Any]:
        """Return the inputs in a framework's own layout."""
        return [
            np.ascontiguousarray(x.array.transpose(_order(layouts[x.kind], x.array.ndim)))
            if isinstance(x, Laid) and x.kind in layouts
            else (x.array if isinstance(x, Laid) else x)
            for x in self.inputs
        ]


def _order(first_last: tuple[int, ...], ndim: int) -> tuple[int, ...]:
    """Return a permutation: `first_last` holds the places of the two channel axes, -1 stands for "after space"."""
    space = tuple(range(2, ndim))
    return (0, *space, 1) if first_last == (0,) else (*space, *first_last)


CASES: dict[str, Case] = {}
Make = Callable[[np.random.Generator], Any]


def case(name: str, chapter: str, *inputs: Make, **options: Any) -> None:
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    CASES[name] = Case(name, chapter, tuple(make(rng) for make in inputs), **options)


def normal(*shape: int) -> Make:
    return lambda rng: rng.normal(size=shape).astype("float32")


def uniform(low: float, high: float, *shape: int) -> Make:
    return lambda rng: rng.uniform(low, high, size=shape).astype("float32")


def spread(*shape: int) -> Make:
    """Distinct values well apart, in random order: nothing that sorts or compares them hangs on rounding."""

    def make(rng: Any) -> Any:
        n = int(np.prod(shape))
        return (rng.permutation(n) * 0.25 - n / 8 + 0.1).astype("float32").reshape(shape)

    return make


def integers(low: int, high: int, *shape: int, dtype: str = "int32") -> Make:
    return lambda rng: rng.integers(low, high, size=shape).astype(dtype)


def matrix(n: int) -> Make:
    """A well-conditioned matrix."""
    return lambda rng: (rng.normal(size=(n, n)) + 3 * np.eye(n)).astype("float32")


def definite(n: int) -> Make:
    """A symmetric positive definite matrix with eigenvalues well apart."""

    def make(rng: Any) -> Any:
        q = np.linalg.qr(rng.normal(size=(n, n)))[0]
        return ((q * np.arange(1, n + 1)) @ q.T).astype("float32")

    return make


def constant(x: Any, dtype: str) -> Make:
    return lambda rng: np.asarray(x, dtype)


def laid(kind: str, make: Make) -> Make:
    return lambda rng: Laid(make(rng), kind)


def image(*shape: int) -> Make:
    return laid("image", normal(*shape))


def kernel(*shape: int) -> Make:
    return laid("kernel", normal(*shape))


case("arithmetic", "elementwise", normal(3, 4), uniform(0.5, 2, 3, 4))
case("powers", "elementwise", uniform(0.2, 2, 3, 4), uniform(-2, 2, 4))
case("exponentials_and_logs", "elementwise", uniform(0.1, 2, 3, 4))
case("trigonometry", "elementwise", uniform(-0.9, 0.9, 3, 4))
case("rounding", "elementwise", constant([[-2.5, -1.7, -0.5, 0.0], [0.4, 0.5, 1.5, 2.6]], "float32"), gradient=False)
case("remainders", "elementwise", spread(3, 4), uniform(1.1, 1.9, 4))
case("clip_and_where", "elementwise", spread(3, 4), normal(3, 4))
case("comparisons", "elementwise", spread(3, 4), spread(3, 4), gradient=False)
case("bits", "elementwise", integers(0, 1000, 6), integers(0, 5, 6), gradient=False)
case("mixed_dtypes", "elementwise", normal(3, 4), integers(1, 9, 4))
case("casts", "elementwise", spread(3, 4))
case("special_functions", "elementwise", uniform(0.3, 2, 3, 4))
case("complex_numbers", "elementwise", normal(3, 4), normal(3, 4))
case("integer_arithmetic", "elementwise", integers(-20, 20, 8), integers(1, 6, 8), gradient=False)

case("gelu", "activations", normal(3, 5))
case("swish", "activations", normal(3, 5))
case("softplus_and_mish", "activations", normal(3, 5))
case("rectifiers", "activations", normal(3, 5))
case("gated", "activations", normal(3, 6))

case("sinusoidal_positions", "creation", normal(6, 8))
case("one_hot", "creation", integers(0, 5, 4), normal(5, 3))
case("triangles", "creation", normal(4, 4))
case("grids", "creation", normal(3, 4))

case("mean_and_variance", "reductions", normal(2, 3, 4))
case("sums_and_products", "reductions", uniform(0.5, 1.5, 2, 3, 4))
case("extrema", "reductions", spread(3, 5))
case("logsumexp", "reductions", normal(3, 5))
case("softmax", "reductions", normal(3, 5))
case("cumulative", "reductions", uniform(0.5, 1.5, 3, 5))
case("norms", "reductions", normal(3, 4))
case("counts", "reductions", spread(3, 4), gradient=False)
case("median", "reductions", spread(3, 5))

case("matmul", "linear algebra", normal(2, 3, 4), normal(2, 4, 5), normal(4))
case("einsum", "linear algebra", normal(2, 3, 4), normal(2, 5, 4))
case("products", "linear algebra", normal(4), normal(4), normal(3, 4))
case("solve", "linear algebra", matrix(4), normal(4, 2), rtol=1e-4, atol=1e-5)
case("triangular_solve", "linear algebra", matrix(4), normal(4, 2), rtol=1e-4, atol=1e-5)
case("cholesky", "linear algebra", definite(4), rtol=1e-4, atol=1e-5)
case("qr", "linear algebra", normal(5, 3), rtol=1e-4, atol=1e-5)
case("svd", "linear algebra", normal(4, 3), rtol=1e-4, atol=2e-5)
case("eigh", "linear algebra", definite(4), rtol=1e-4, atol=2e-5)
case("determinant_and_inverse", "linear algebra", matrix(4), rtol=1e-4, atol=1e-5)
case("least_squares", "linear algebra", normal(6, 3), normal(6, 2), rtol=2e-4, atol=2e-5)
case("diagonal_and_trace", "linear algebra", matrix(4))
case("spectrum", "linear algebra", normal(2, 8), rtol=1e-4, atol=1e-5)

case("reshape_and_transpose", "shapes", normal(2, 3, 4))
case("concat_stack_split", "shapes", normal(2, 6), normal(2, 6))
case("pad", "shapes", normal(3, 4))
case("tile_and_repeat", "shapes", normal(2, 3))
case("flip_and_roll", "shapes", normal(3, 4))
case("broadcasting", "shapes", normal(3, 1), normal(1, 4))

case("slices", "indexing", normal(5, 6))
case("gather", "indexing", normal(5, 3), integers(0, 5, 2, 4))
case("fancy_index", "indexing", normal(4, 5, 3), integers(0, 4, 3), integers(0, 5, 3))
case("boolean_mask", "indexing", constant([[-1.0, 2.0, 3.0], [4.0, -5.0, 6.0]], "float32"), gradient=True)
case("take_along_axis", "indexing", spread(3, 5), integers(0, 5, 3, 2))
case("gather_nd", "indexing", normal(3, 4, 2), integers(0, 3, 5, 2))

case("scatter_add", "scatter", normal(5, 3), integers(0, 5, 4), normal(4, 3))
case("scatter_set", "scatter", normal(5, 3), constant([3, 0, 4], "int32"), normal(3, 3))
case("scatter_max", "scatter", spread(5), integers(0, 5, 4), spread(4))
case("segment_sum", "scatter", normal(6, 2), constant([0, 0, 1, 3, 3, 3], "int32"))
case("write_slices", "scatter", normal(4, 5), normal(4))
case("bincount", "scatter", integers(0, 6, 12), gradient=False)

case("sort", "sorting", spread(3, 5))
case("argsort", "sorting", spread(3, 5), gradient=False)
case("top_k", "sorting", spread(3, 6))
case("searchsorted", "sorting", constant([-1.0, 0.0, 0.5, 2.0], "float32"), spread(7), gradient=False)
case("unique", "sorting", constant([3, 1, 3, 7, 1, 0], "int32"), gradient=False)

CONV = {"rtol": 1e-4, "atol": 1e-5}
case("conv1d", "convolution", image(2, 3, 9), kernel(4, 3, 3), normal(4), **CONV)
case("conv2d_strided", "convolution", image(2, 3, 8, 8), kernel(4, 3, 3, 3), normal(4), **CONV)
case("conv2d_dilated", "convolution", image(1, 2, 9, 9), kernel(3, 2, 3, 3), **CONV)
case("conv2d_grouped", "convolution", image(1, 4, 6, 6), kernel(6, 2, 3, 3), **CONV)
case(
    "depthwise_separable",
    "convolution",
    image(1, 3, 6, 6),
    laid("depthwise", normal(3, 1, 3, 3)),
    kernel(4, 3, 1, 1),
    **CONV,
)
case("conv_transpose2d", "convolution", image(1, 3, 4, 4), kernel(3, 2, 3, 3), **CONV)
case("conv3d", "convolution", image(1, 2, 4, 4, 4), kernel(2, 2, 2, 2, 2), **CONV)

case("max_pool2d", "pooling", laid("image", spread(1, 2, 6, 6)))
case("avg_pool2d", "pooling", image(1, 2, 6, 6))
case("max_pool1d_overlapping", "pooling", laid("image", spread(2, 2, 9)))
case("global_average_pool", "pooling", image(2, 3, 4, 4))

NORM = {"rtol": 1e-4, "atol": 2e-5}
STATISTICS = (uniform(0.5, 2, 3), normal(3), normal(3), uniform(0.5, 2, 3))
case("batch_norm", "normalisation", image(4, 3, 4, 4), *STATISTICS, fixed=(3, 4), **NORM)
case("batch_norm_training", "normalisation", image(4, 3, 4, 4), *STATISTICS, fixed=(3, 4), **NORM)
case("layer_norm", "normalisation", normal(2, 4, 6), normal(6), normal(6), **NORM)
case("group_norm", "normalisation", image(2, 4, 3, 3), normal(4), normal(4), **NORM)
case("rms_norm", "normalisation", normal(2, 4, 6), normal(6), **NORM)
case("instance_norm", "normalisation", image(2, 3, 4, 4), **NORM)

HEADS = (normal(2, 2, 5, 4), normal(2, 2, 5, 4), normal(2, 2, 5, 4))
case("attention", "attention", *HEADS, **NORM)
case("causal_attention", "attention", *HEADS, **NORM)
case("multi_head_attention", "attention", normal(2, 5, 8), normal(8, 24), normal(8, 8), **NORM)
case("rotary_embedding", "attention", normal(2, 5, 8))

case("rnn", "recurrent", normal(4, 2, 3), normal(2, 5), normal(5, 3), normal(5, 5), normal(5), **NORM)
case("lstm", "recurrent", normal(4, 2, 3), normal(2, 4), normal(2, 4), normal(16, 3), normal(16, 4), normal(16), **NORM)
case("gru", "recurrent", normal(4, 2, 3), normal(2, 4), normal(12, 3), normal(12, 4), normal(12), **NORM)
case("linear_recurrence", "recurrent", normal(6, 3), uniform(0.3, 0.9, 6, 3), **NORM)

case("cross_entropy", "losses", normal(4, 5), integers(0, 5, 4, dtype="int64"))
case("binary_cross_entropy", "losses", normal(4, 3), uniform(0, 1, 4, 3))
case("huber_loss", "losses", spread(4, 3), normal(4, 3))
case("kl_divergence", "losses", normal(4, 5), normal(4, 5))

case("embedding", "embedding and images", normal(7, 4), integers(0, 7, 2, 3))
case("resize_bilinear", "embedding and images", image(1, 2, 4, 4), **CONV)
case("resize_nearest", "embedding and images", image(1, 2, 4, 4))
case("pixel_shuffle", "embedding and images", image(1, 8, 3, 3))

case("branch_on_value", "control flow", normal(4))
case("while_on_value", "control flow", uniform(0.5, 1, 4))
case("counted_loop", "control flow", normal(4), matrix(4), **NORM)
case("scan", "control flow", uniform(0.5, 1, 6, 3))
case("branch_in_loop", "control flow", constant([0.5, -1.0, 2.0], "float32"))
case("newton_iteration", "control flow", constant([2.0, 9.0, 5.0], "float32"), rtol=1e-4)
case("switch", "control flow", constant(2, "int32"), normal(4))

case("random_uniform", "random", normal(2000), random="distribution")
case("random_normal", "random", normal(2000), atol=2e-5, random="distribution")
case("random_integers", "random", integers(0, 3, 2000), gradient=False, random="distribution")
case("bernoulli", "random", uniform(0.2, 0.8, 2000), gradient=False, random="distribution")
case("dropout", "random", uniform(0.5, 1.5, 40, 50), random="mask")
case("permutation", "random", spread(200), gradient=False, random="order")
case("categorical", "random", constant([0.1, 1.0, -0.5, 2.0], "float32"), gradient=False, random="distribution")
