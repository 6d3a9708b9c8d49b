"""A sample of ops under each framework's compilers, against the same call without one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from backends import BACKENDS, MAKE, to_np

import ivy
import ivy.functional as F
from ivy.backend import get_backend, scope
from ivy.dtypes import dtype_of


def _tf_function(fn):
    import tensorflow as tf

    return tf.function(fn, autograph=False)


def _tf_xla(fn):
    import tensorflow as tf

    return tf.function(fn, autograph=False, jit_compile=True)


def _jax_jit(fn):
    import jax

    return jax.jit(fn)


COMPILERS = {"tf.function": ("tensorflow", _tf_function), "xla": ("tensorflow", _tf_xla), "jit": ("jax", _jax_jit)}
AVAILABLE = [name for name, (backend, _) in COMPILERS.items() if backend in BACKENDS]
if not AVAILABLE:
    pytest.skip("no backend under test has a compiler here", allow_module_level=True)

rng = np.random.default_rng(0)
X = rng.normal(size=(2, 3, 4)).astype("float32")
Y = rng.normal(size=(2, 3, 4)).astype("float32")
POSITIVE = np.abs(X) + np.float32(0.1)
SQUARE = (rng.normal(size=(2, 4, 4)) + 4 * np.eye(4)).astype("float32")
SYMMETRIC = (SQUARE @ SQUARE.swapaxes(1, 2)).astype("float32")
I = np.array([[2, 0], [-1, 1]], "int64")
N = rng.integers(-9, 9, (3, 4)).astype("int32")
BYTES = rng.integers(0, 200, (3, 4)).astype("uint8")
WORDS = rng.integers(0, 2**32, (3, 4)).astype("uint32")
WITH_NAN = np.array([[1.0, np.nan, -2.0, np.inf], [0.0, -0.0, 3.0, -np.inf]], "float32")
MASK = X[:, :, 0] > 0
IMAGE = rng.normal(size=(2, 4, 9, 8)).astype("float32")
KERNEL = rng.normal(size=(6, 4, 3, 3)).astype("float32")
KEY = np.array([1, 2], "uint32")

UNARY = ["abs", "ceil", "cos", "digamma", "erf", "erfinv", "exp", "floor", "isnan", "lgamma", "log1p", "negative", "rsqrt", "sigmoid", "sign", "signbit", "sinh", "sqrt", "square", "tan", "trunc"]  # fmt: skip
BINARY = ["add", "atan2", "copysign", "divide", "equal", "floor_divide", "fmod", "hypot", "less", "logaddexp", "maximum", "minimum", "multiply", "nextafter", "pow", "remainder", "subtract"]  # fmt: skip
WHOLE = [
    "add",
    "bitwise_and",
    "bitwise_left_shift",
    "bitwise_xor",
    "floor_divide",
    "gcd",
    "maximum",
    "multiply",
    "remainder",
    "subtract",
]

# name -> (function of arrays, arrays)
CASES = {name: (getattr(F, name), [np.clip(POSITIVE, 0.1, 0.9)]) for name in UNARY}
CASES |= {name: (getattr(F, name), [POSITIVE, Y]) for name in BINARY}
CASES |= {
    f"{name}_{a.dtype}": (getattr(F, name), [a, np.maximum(a, np.ones((), a.dtype)) % np.asarray(7, a.dtype)])
    for name in WHOLE
    for a in (N, BYTES, WORDS)
}
CASES |= {
    "scalars": (lambda x: F.add(F.multiply(2, x), F.subtract(1.5, F.divide(x, 3))), [X]),
    "mixed_dtypes": (lambda x, n: F.add(F.astype(n, "float16"), F.multiply(x, n)), [X[0], N]),
    "half": (lambda x: F.softmax(F.astype(x, "bfloat16")), [X]),
    "asarray": (lambda x: F.concat([F.asarray([[1, 2, 3, 4]], dtype="float32"), x[0]]), [X]),
    "full_like": (lambda x: F.full_like(x, 7), [X]),
    "one_hot": (lambda i: F.one_hot(i, 3, axis=1), [I]),
    "linspace": (lambda a: F.linspace(a, F.add(a, 2), 5), [X[0]]),
    "permute_dims": (lambda x: F.permute_dims(x, (2, 0, -2)), [X]),
    "pad": (lambda x: F.pad(x, [(1, 0), (-1, 2), (0, 0)], value=3.0), [X]),
    "pad_reflect": (lambda x: F.pad(x, [(1, 0), (1, 2), (0, 3)], mode="reflect"), [X]),
    "repeat": (lambda x: F.repeat(x, 3, axis=1), [X]),
    "roll": (lambda x: F.roll(x, (1, 2), axis=(0, 2)), [X]),
    "tile": (lambda x: F.tile(x, (2, 1, 1, 2)), [X]),
    "tril": (lambda x: F.tril(x, k=-1), [X]),
    "triu": (lambda x: F.triu(x, k=1), [X]),
    "diagonal": (lambda x: F.diagonal(x, offset=1, axis1=2, axis2=1), [X]),
    "bitcast": (lambda x: F.bitcast(x, "uint8"), [X]),
    "as_strided": (lambda x: F.as_strided(x, (3, 2), (2, 3), 1), [X]),
    "slices": (lambda x: F.get_item(x, (Ellipsis, None, slice(None, None, -2))), [X]),
    "index_array": (lambda x, i: F.get_item(x, (slice(None), i)), [X, I]),
    "index_arrays": (lambda x, i: F.get_item(x, (F.remainder(i, 2), slice(1, None), i)), [X, I]),
    "computed_index": (lambda x, i: F.get_item(x, (0, i)), [X, np.asarray(-1)]),
    "set_slice": (lambda x: F.set_item(x, (slice(None), slice(None, None, -2), 1), 5.0), [X]),
    "set_block": (lambda x, y: F.set_item(x, (slice(None), 1), y), [X, Y[:, 0]]),
    "set_array": (lambda x, i: F.set_item(x, (slice(None), i), 1.0), [X, np.array([2, 0])]),
    "set_masked": (lambda x, m: F.set_item(x, m, 0.0), [X, MASK]),
    "add_at": (lambda x, i: F.add_at(x, (slice(None), i), 1.0), [X, I]),
    "mul_at": (lambda x, i: F.mul_at(x, (slice(None), i), 3.0), [X, I]),
    "max_at": (lambda x, i: F.max_at(x, (slice(None), i), 0.2), [X, I]),
    "take": (lambda x, i: F.take(x, i, axis=-1), [X, I]),
    "take_along_axis": (lambda x, i: F.take_along_axis(x, i, axis=1), [X[:, :, :2], I[None, :, :]]),
    "put_along_axis": (lambda x, i: F.put_along_axis(x, i, 9.0, axis=1, mode="add"), [X[:, :, :2], I[None, :, :]]),
    "dynamic_slice": (lambda x, i: F.dynamic_slice(x, (0, i, i), (2, 2, 3)), [X, np.asarray(2, "int32")]),
    "dynamic_update_slice": (
        lambda x, y, i: F.dynamic_update_slice(x, y, (0, i, 1)), [X, Y[:, :2, :2], np.asarray(-1, "int32")],
    ),
    "where": (lambda m, x: F.where(F.expand_dims(m, axis=-1), x, 0), [MASK, X]),
    "sum": (lambda x: F.sum(x, axis=(0, -1), keepdims=True), [X]),
    "sum_of_integers": (lambda x: F.sum(x, axis=0), [BYTES]),
    "prod": (lambda x: F.prod(x, axis=1), [X]),
    "max_with_nan": (lambda x: F.max(x, axis=1), [WITH_NAN]),
    "any": (lambda x: F.any(x, axis=1), [N]),
    "var": (lambda x: F.var(x, axis=(0, 2), correction=1), [X]),
    "logsumexp": (lambda x: F.logsumexp(x, axis=1), [X]),
    "median": (lambda x: F.median(x, axis=2), [X]),
    "argmax": (lambda x: F.argmax(x, axis=1), [WITH_NAN]),
    "argmin": (lambda x: F.argmin(x, axis=1), [WITH_NAN]),
    "cumulative_sum": (lambda x: F.cumulative_sum(x, axis=1, include_initial=True), [X]),
    "cumulative_max": (lambda x: F.cumulative_max(x, axis=1), [WITH_NAN]),
    "cumulative_logsumexp": (lambda x: F.cumulative_logsumexp(x, axis=1), [X]),
    "sort": (lambda x: F.sort(x, axis=-1), [WITH_NAN]),
    "sort_falling": (lambda x: F.sort(x, axis=0, descending=True), [X]),
    "argsort": (lambda x: F.argsort(x, axis=0), [N // 5]),
    "topk": (lambda x: F.topk(x, 2, axis=1), [X]),
    "topk_smallest": (lambda x: F.topk(x, 2, axis=0, largest=False), [N]),
    "searchsorted": (lambda x, v: F.searchsorted(F.sort(x), v), [X[0, 0], X[1]]),
    "bincount": (lambda i: F.bincount(i, length=3), [np.array([0, 2, 2, 5])]),
    "segment_sum": (lambda x, i: F.segment_sum(x, i, 3), [X[0], np.array([2, 0, 2])]),
    "isin": (lambda a, b: F.isin(a, b), [N, np.array([1, 2, 3], "int32")]),
    "matmul": (lambda x, y: F.matmul(x, F.matrix_transpose(y)), [X, Y[0]]),
    "matmul_of_bytes": (lambda x, y: F.matmul(x, F.matrix_transpose(y)), [BYTES, BYTES]),
    "einsum": (lambda x, y: F.einsum("bij,bkj->ik", x, y), [X, Y]),
    "det": (ivy.linalg.det, [SQUARE]),
    "slogdet": (ivy.linalg.slogdet, [SQUARE]),
    "inv": (ivy.linalg.inv, [SQUARE]),
    "solve": (ivy.linalg.solve, [SQUARE, rng.normal(size=(2, 4, 3)).astype("float32")]),
    "solve_triangular": (
        lambda a, b: ivy.linalg.solve_triangular(a, b, upper=True, transpose=True), [SQUARE, X.swapaxes(1, 2)],
    ),
    "cholesky": (ivy.linalg.cholesky, [SYMMETRIC]),
    "qr": (lambda x: ivy.linalg.qr(x)[1] ** 2, [X]),
    "svdvals": (ivy.linalg.svdvals, [X]),
    "eigvalsh": (ivy.linalg.eigvalsh, [SYMMETRIC]),
    "lu_factor": (ivy.linalg.lu_factor, [SQUARE]),
    "fft": (lambda x: ivy.fft.fft(x, n=5, norm="ortho"), [X]),
    "relu": (F.relu, [X]),
    "gelu": (F.gelu, [X]),
    "conv": (lambda x, w: F.conv(x, w, strides=2, padding=1), [IMAGE, KERNEL]),
    "conv_same": (lambda x, w: F.conv(x, w, strides=(1, 2), padding="same"), [IMAGE, KERNEL]),
    "conv_dilated": (lambda x, w: F.conv(x, w, dilation=2, padding=[(1, 2), (0, 1)]), [IMAGE, KERNEL]),
    "conv_grouped": (lambda x, w: F.conv(x, w, groups=2, strides=2), [IMAGE, KERNEL[:, :2]]),
    "conv_depthwise": (lambda x, w: F.conv(x, w, groups=4, padding=1), [IMAGE, KERNEL[:4, :1]]),
    "conv_depthwise_uneven": (lambda x, w: F.conv(x, w, groups=4, strides=(1, 2)), [IMAGE, KERNEL[:4, :1]]),
    "conv_1d": (lambda x, w: F.conv(x, w, padding=1), [IMAGE[:, :, 0], KERNEL[:, :, 0]]),
    "conv_transpose": (
        lambda x, w: F.conv_transpose(x, w, strides=2, padding=1, output_padding=1), [IMAGE, KERNEL[:4]],
    ),
    "linear": (F.linear, [X, SQUARE[0]]),
    "max_pool": (lambda x: F.max_pool(x, 3, strides=2, padding=1), [IMAGE]),
    "max_pool_ceil": (lambda x: F.max_pool(x, 2, strides=2, ceil_mode=True), [IMAGE]),
    "avg_pool": (lambda x: F.avg_pool(x, 3, strides=2, padding=1, count_include_pad=False), [IMAGE]),
    "adaptive_avg_pool": (lambda x: F.adaptive_avg_pool(x, (2, 3)), [IMAGE]),
    "reduce_window": (
        lambda x: F.reduce_window(x, 0.0, "add", (1, 1, 3, 20), padding=[(0, 0), (0, 0), (1, 1), (10, 12)]), [IMAGE],
    ),
    "layer_norm": (lambda x: F.layer_norm(x, axes=(-1, -2)), [X]),
    "group_norm": (lambda x: F.group_norm(x, groups=2), [IMAGE]),
    "batch_norm_train": (lambda x: F.batch_norm_train(x), [IMAGE]),
    "embedding": (F.embedding, [X[0], I]),
    "attention": (lambda q, k: F.scaled_dot_product_attention(q, k, k, is_causal=True), [X, Y]),
    "interpolate": (lambda x: F.interpolate(x, (5, 11), mode="linear"), [IMAGE]),
    "unfold": (lambda x: F.unfold(x, 3, strides=2), [IMAGE]),
    "cross_entropy": (F.cross_entropy, [X[0], np.array([1, 3, 0])]),
    "random_bits": (lambda k: F.random_bits(k, shape=(3, 4)), [KEY]),
    "random_normal": (lambda k: F.random_normal(shape=(3, 4), key=k), [KEY]),
    "permutation": (lambda k: F.permutation(8, key=k), [KEY]),
    "cond": (lambda x: F.cond(F.sum(x) > 0, lambda a: (a, a * 2), lambda a: (-a, a), x), [X]),
    "switch": (lambda i, x: F.switch(i, [lambda a: a, lambda a: a * 2, lambda a: a * 3], x), [np.asarray(7), X]),
    "while_loop": (lambda x: F.while_loop(lambda a: F.sum(a) < 100, lambda a: a * 2, x), [POSITIVE]),
    "fori_loop": (lambda x: F.fori_loop(0, 3, lambda i, a: F.add(a, i), x), [X]),
    "scan": (lambda x: F.scan(lambda c, r: (c * 0.5 + r, {"sum": F.sum(c)}), x[0] * 0, x, reverse=True), [X]),
    "map": (lambda x: F.map(lambda r: F.sum(r, axis=0), x), [X]),
    "vmap": (lambda x, w: F.vmap(F.matmul, in_axes=(0, None))(x, w), [X, SQUARE[0]]),
    "grad": (lambda x: F.grad(lambda a: F.sum(F.tanh(a) ** 2))(x), [X]),
    "hessian": (lambda x: F.hessian(lambda a: F.sum(a**3))(x), [X[0, 0]]),
    "jvp": (lambda x, t: F.jvp(lambda a: F.sin(a) * a, (x,), (t,)), [X, Y]),
    "vjp": (lambda x, t: F.vjp(lambda a: F.sin(a) * a, x)[1](t), [X, Y]),
    "custom_vjp": (
        lambda x: F.grad(
            lambda a: F.sum(F.custom_vjp(lambda v: v * 2, lambda v: (v * 2, v), lambda r, g: (g * r,), a))
        )(x),
        [X],
    ),
    "grad_of_loops": (
        lambda x: F.grad(
            lambda a: F.sum(F.scan(lambda c, r: (F.tanh(c + r), c), a[0], a)[1])
            + F.sum(F.fori_loop(0, 3, lambda i, c: c * c, a))
        )(x),
        [X],
    ),
    "grad_of_convolutions": (
        lambda x, w: F.grad(
            lambda x, w: F.sum(F.conv(x, w, dilation=2) ** 2) + F.sum(F.conv(x, w[:, :2], groups=2, strides=2) ** 2),
            (0, 1),
        )(x, w),
        [IMAGE, KERNEL],
    ),
    "grad_of_pooling": (lambda x: F.grad(lambda a: F.sum(F.max_pool(a, 3, strides=2, padding=1) ** 2))(x), [IMAGE]),
    "grad_of_indexing": (
        lambda x, i: F.grad(lambda a: F.sum(F.get_item(a, (slice(None), i)) * F.set_item(a, (0, 1), 1.0)[0, 0, 0]))(x),
        [X, I],
    ),
    "lstm": (
        lambda x, h, *w: F.recurrent("lstm", x, h, h, list(w)),
        [X, X[:1, :, :2], X[0, 0][None] * np.ones((8, 1), "float32"), np.ones((8, 2), "float32"), *(np.zeros(8, "float32"),) * 2],
    ),
}  # fmt: skip


def leaves(result):
    if isinstance(result, dict):
        return [x for k in sorted(result) for x in leaves(result[k])]
    if isinstance(result, (tuple, list)):
        return [x for part in result for x in leaves(part)]
    return [] if result is None else [result]


def limits(backend):
    """What a plugin says its compilers can't do, by case."""
    file = Path(get_backend(backend).module.__file__).parents[1] / "support.toml"
    return tomllib.loads(file.read_text()).get("compiled", {})


@pytest.mark.parametrize("compiler", AVAILABLE)
@pytest.mark.parametrize("name", CASES)
def test_compiled_as_eager(name, compiler, request):
    backend, compile_ = COMPILERS[compiler]
    limit = limits(backend).get(name)
    if limit and compiler in limit["compilers"]:
        request.applymarker(pytest.mark.xfail(strict=True, reason=f"{limit['reason']} ({limit['link']})"))
    function, arrays = CASES[name]
    arrays = [MAKE[backend](a) for a in arrays]
    with scope(get_backend(backend)):
        expected = leaves(function(*arrays))
        found = leaves(compile_(lambda *xs: leaves(function(*xs)))(*arrays))
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        assert dtype_of(a) == dtype_of(b)
        assert tuple(a.shape) == tuple(b.shape)
        loose = dtype_of(a) in ("float16", "bfloat16")
        np.testing.assert_allclose(
            to_np(a).astype("complex64" if dtype_of(a).is_complex else "float64"),
            to_np(b).astype("complex64" if dtype_of(a).is_complex else "float64"),
            rtol=2e-2 if loose else 1e-4,
            atol=1e-2 if loose else 2e-5,
        )
