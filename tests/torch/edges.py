"""Functions of torch with inputs at which derivatives are delicate, and the gradients of what they become."""

from __future__ import annotations

import math
import sys

import numpy as np
import torch
import torch.nn.functional as F

import ivy

INF = float("inf")
ZEROS = [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
SOME_ZEROS = [[0.0, 2.0, -1.0], [3.0, 0.0, 0.0]]
TIES = [[1.0, 1.0, 0.0], [2.0, 2.0, 2.0]]
ONES = [[1.0, -1.0, 1.0], [0.0, 1.0, -1.0]]
MIXED = [[6.0, -3.0, 3.0], [0.5, -0.5, 1.0]]
INFINITE = [[-INF, 0.0, 1.0], [-INF, -INF, -INF]]
HIGH = [[INF, 0.0, 1.0], [2.0, INF, -1.0]]
EQUAL_ROWS = [[1.0, 2.0], [1.0, 2.0], [3.0, 1.0]]
PLANE = [[[[1.0, 1.0, 0.0, 2.0], [1.0, 1.0, 2.0, 2.0], [0.0, 0.0, 3.0, 3.0], [0.0, 0.0, 3.0, 3.0]]]]
REAL = {"zeros": ZEROS, "some zeros": SOME_ZEROS, "ties": TIES, "ones": ONES, "mixed": MIXED}
LIMITS = {"minus infinity": INFINITE, "infinity": HIGH}


def _unary():
    names = (
        "abs acos acosh asin asinh atan atanh cos cosh digamma erf erfc erfinv exp exp2 expm1 floor frac lgamma log log10 "
        "log1p log2 neg reciprocal round rsqrt sgn sigmoid sign sin sinc sinh sqrt square tan tanh trunc "
        "special.entr special.i0 special.i0e special.i1 special.i1e special.log_ndtr special.ndtr special.ndtri "
        "special.erfcx logit nan_to_num deg2rad"
    )
    for name in names.split():
        fn = torch
        for part in name.split("."):
            fn = getattr(fn, part)
        yield name, fn
    activations = (
        "relu relu6 elu selu celu gelu silu mish softplus softsign hardtanh hardsigmoid hardswish hardshrink softshrink "
        "tanhshrink leaky_relu logsigmoid normalize"
    )
    for name in activations.split():
        yield name, getattr(F, name)
    yield "gelu tanh", lambda x: F.gelu(x, approximate="tanh")
    yield "threshold", lambda x: F.threshold(x, 1.0, 0.5)
    yield "rrelu", lambda x: F.rrelu(x, training=False)
    yield "glu", lambda x: F.glu(torch.cat([x, x], -1))
    for name in ("softmax", "log_softmax", "softmin"):
        yield name, lambda x, f=getattr(F, name): f(x, dim=-1)
    for e in (0, 0.5, 1, 1.5, 2, 3, -1, -0.5, 0.0, 2.0):
        yield f"pow {e}", lambda x, e=e: torch.pow(x, e)
    for low, high in ((0.0, 1.0), (-1.0, 1.0), (None, 2.0), (1.0, None), (2.0, 2.0)):
        yield f"clamp {low} {high}", lambda x, low=low, high=high: torch.clamp(x, low, high)
    for p in (0, 0.5, 1, 2, 3, INF, -INF):
        yield f"vector_norm {p}", lambda x, p=p: torch.linalg.vector_norm(x, p, dim=-1)
        yield f"norm {p}", lambda x, p=p: torch.norm(x, p, dim=-1)
        yield f"norm {p} of all", lambda x, p=p: torch.norm(x, p)
        if p not in (0, -INF):
            yield f"normalize {p}", lambda x, p=p: F.normalize(x, p=p, dim=-1)
            yield f"renorm {p}", lambda x, p=p: torch.renorm(x, p, 0, 1.0) if p != INF else x * 1
    yield "norm fro", lambda x: torch.linalg.norm(x)
    yield "matrix_norm", lambda x: torch.linalg.matrix_norm(x)
    for o in (1, -1, INF, -INF):
        yield f"matrix_norm {o}", lambda x, o=o: torch.linalg.matrix_norm(x, ord=o)
    for correction in (0, 1):
        yield f"std {correction}", lambda x, c=correction: torch.std(x, dim=-1, correction=c)
        yield f"var {correction}", lambda x, c=correction: torch.var(x, dim=-1, correction=c)
        yield f"std {correction} of all", lambda x, c=correction: torch.std(x, correction=c)
        yield f"std_mean {correction}", lambda x, c=correction: torch.std_mean(x, dim=-1, correction=c)
    yield "std of one", lambda x: torch.std(x[:, :1], dim=-1, correction=0)
    for name in (
        "sum",
        "mean",
        "prod",
        "logsumexp",
        "amax",
        "amin",
        "nansum",
        "nanmean",
        "logcumsumexp",
        "cumsum",
        "cumprod",
    ):
        yield name, lambda x, f=getattr(torch, name): f(x, dim=-1)
    for name in ("prod", "max", "min", "amax", "amin", "median", "nanmedian"):
        yield f"{name} of all", lambda x, f=getattr(torch, name): f(x)
    for name in ("max", "min", "median", "nanmedian", "cummax", "cummin", "sort", "aminmax", "mode"):
        yield f"{name} values", lambda x, f=getattr(torch, name): f(x, dim=-1)[0]
    yield "topk", lambda x: torch.topk(x, 2, dim=-1)[0]
    yield "kthvalue", lambda x: torch.kthvalue(x, 2, dim=-1)[0]
    yield "quantile", lambda x: torch.quantile(x, 0.5, dim=-1)
    yield "msort", torch.msort
    yield "diff of norms", lambda x: torch.diff(torch.linalg.vector_norm(x, dim=0))
    yield "layer_norm", lambda x: F.layer_norm(x, (3,))
    yield "rms_norm", lambda x: F.rms_norm(x, (3,))
    yield "batch_norm", lambda x: F.batch_norm(x, None, None, training=True)
    yield "instance_norm", lambda x: F.instance_norm(x[None])
    yield "group_norm", lambda x: F.group_norm(x.reshape(1, 2, 3), 2)
    yield "local_response_norm", lambda x: F.local_response_norm(x[None], 2)
    yield "max_pool1d", lambda x: F.max_pool1d(x[None], 2, 1)
    yield "lp_pool1d", lambda x: F.lp_pool1d(x[None], 2, 2, 1)
    yield "det", lambda x: torch.linalg.det(x[:, :2] * 1)
    yield "pdist", lambda x: torch.pdist(x)
    yield "dist", lambda x: torch.dist(x, x.detach() * 1)
    yield "cosine of itself", lambda x: F.cosine_similarity(x, x.flip(-1), dim=-1)
    yield "cdist to itself", lambda x: torch.cdist(x, x)
    yield "complex abs", lambda x: torch.abs(torch.complex(x, x * 0))
    yield "polar angle", lambda x: torch.atan2(x, x)
    yield "sqrt of square", lambda x: torch.sqrt(x * x)
    yield "where", lambda x: torch.where(x > 0, torch.log(x), x)


def _binary():
    for name in "atan2 hypot maximum minimum fmax fmin remainder fmod div mul pow xlogy logaddexp logaddexp2 copysign dist".split():
        yield name, getattr(torch, name)
    yield "special.xlog1py", torch.special.xlog1py
    yield "floor div", lambda x, y: torch.div(x, y, rounding_mode="floor") + x
    yield "clamp by tensors", lambda x, y: torch.clamp(x, min=y)
    yield "lerp", lambda x, y: torch.lerp(x, y, 0.0)
    for p in (0.5, 1, 2, 3, INF):
        yield f"cdist {p}", lambda x, y, p=p: torch.cdist(x, y, p=p)
        yield f"pairwise {p}", lambda x, y, p=p: F.pairwise_distance(x, y, p=p, eps=0.0)
        yield f"dist {p}", lambda x, y, p=p: torch.dist(x, y, p)
    yield "cosine", lambda x, y: F.cosine_similarity(x, y, dim=-1)
    for name in "l1_loss smooth_l1_loss huber_loss mse_loss soft_margin_loss".split():
        yield name, lambda x, y, f=getattr(F, name): f(x, y, reduction="none")
    yield "kl_div", lambda x, y: F.kl_div(x, torch.abs(y), reduction="none")
    yield "bce_with_logits", lambda x, y: F.binary_cross_entropy_with_logits(x, torch.sigmoid(y), reduction="none")
    yield "bce", lambda x, y: F.binary_cross_entropy(torch.clamp(x, 0, 1), torch.clamp(y, 0, 1), reduction="none")
    yield "hinge_embedding", lambda x, y: F.hinge_embedding_loss(x, torch.sign(y), reduction="none")
    yield "margin_ranking", lambda x, y: F.margin_ranking_loss(x, y, torch.ones(2, 3), reduction="none")
    yield "cosine_embedding", lambda x, y: F.cosine_embedding_loss(x, y, torch.tensor([1.0, -1.0]), reduction="none")
    yield "triplet_margin", lambda x, y: F.triplet_margin_loss(x, y, y * 2, reduction="none", eps=0.0)
    yield "poisson_nll", lambda x, y: F.poisson_nll_loss(x, torch.abs(y), reduction="none", full=True)
    yield "gaussian_nll", lambda x, y: F.gaussian_nll_loss(x, y.detach(), torch.abs(y), reduction="none")
    yield "cross_entropy", lambda x, y: F.cross_entropy(x, torch.softmax(y, -1), reduction="none")


def cases():
    """Yield (name, function, inputs)."""
    for name, fn in _unary():
        for kind, x in {**REAL, **LIMITS}.items():
            yield f"{name}-{kind}", fn, (x,)
        yield f"{name}-equal rows", fn, ([[1.0, 2.0, 1.0], [1.0, 2.0, 1.0]],)
    pairs = {
        "zeros": (ZEROS, ZEROS),
        "equal": (TIES, TIES),
        "some equal": (TIES, [[1.0, 0.0, 0.0], [2.0, 1.0, 3.0]]),
        "zeros and more": (SOME_ZEROS, MIXED),
        "more and zeros": (MIXED, SOME_ZEROS),
        "infinite": (INFINITE, INFINITE),
        "high": (HIGH, TIES),
    }
    for name, fn in _binary():
        for kind, given in pairs.items():
            yield f"{name}-{kind}", fn, given
    for name, fn in {
        "max_pool2d": lambda x: F.max_pool2d(x, 2, 1),
        "max_pool2d padded": lambda x: F.max_pool2d(x, 3, 2, 1),
        "adaptive_max_pool2d": lambda x: F.adaptive_max_pool2d(x, 2),
        "lp_pool2d": lambda x: F.lp_pool2d(x, 2.0, 2),
        "avg_pool2d": lambda x: F.avg_pool2d(x, 2),
    }.items():
        yield f"{name}-ties", fn, (PLANE,)
        yield f"{name}-zeros", fn, ((np.asarray(PLANE) * 0).tolist(),)


def weights(shape):
    """Return different weights for the elements of a result."""
    return np.asarray((np.arange(math.prod(shape), dtype="float32").reshape(shape) % 7 + 1) / 4)


def flat(result):
    return [result] if not isinstance(result, (tuple, list)) else list(result)


def theirs(fn, inputs):
    """Return torch's own gradients."""
    xs = [torch.tensor(x, requires_grad=True) for x in inputs]
    out = [y for y in flat(fn(*xs)) if y.requires_grad]
    total = sum((y * torch.from_numpy(weights(y.shape))).sum() for y in out)
    grads = torch.autograd.grad(total, xs, allow_unused=True) if out else [None] * len(xs)
    return [np.zeros(np.shape(x), "float32") if g is None else g.numpy() for x, g in zip(inputs, grads, strict=True)]


def ours(fn, inputs, target):
    """Return the gradients of what a function becomes in a target."""
    f = ivy.transpile(fn, source="torch", to=target)
    return _GRADIENTS[target](f, [np.asarray(x, "float32") for x in inputs])


def _jax(f, xs):
    import jax
    import jax.numpy as jnp

    def total(*xs):
        out = [y for y in flat(f(*xs)) if jnp.issubdtype(y.dtype, jnp.floating)]
        return sum(jnp.sum(y * weights(y.shape)) for y in out)

    return [np.asarray(g) for g in jax.grad(total, tuple(range(len(xs))))(*map(jnp.asarray, xs))]


def _tensorflow(f, xs):
    import tensorflow as tf

    given = [tf.constant(x) for x in xs]
    with tf.GradientTape() as tape:
        tape.watch(given)
        out = [y for y in flat(f(*given)) if y.dtype.is_floating]
        total = sum(tf.reduce_sum(y * weights(tuple(y.shape))) for y in out)
    grads = tape.gradient(total, given, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return [np.asarray(tf.convert_to_tensor(g)) for g in grads]


def _paddle(f, xs):
    paddle = sys.modules["paddle"]
    given = [paddle.to_tensor(x, stop_gradient=False) for x in xs]
    out = [y for y in flat(f(*given)) if not y.stop_gradient]
    if not out:
        return [np.zeros_like(x) for x in xs]
    total = sum((y * paddle.to_tensor(weights(tuple(y.shape)))).sum() for y in out)
    grads = paddle.grad(total, given, allow_unused=True)
    return [np.zeros_like(x) if g is None else g.numpy() for x, g in zip(xs, grads, strict=True)]


def _torch(f, xs):
    return theirs(f, [x.tolist() for x in xs])


_GRADIENTS = {"jax": _jax, "tensorflow": _tensorflow, "paddle": _paddle, "torch": _torch}
