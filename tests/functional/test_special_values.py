"""Zeros of both signs, infinities, NaN and the ends of the range, through every elementwise op that the standard, or
SciPy, gives a value there, and through softmax and attention with masks.

Kernels treat whole vectors apart from what is left over, so that arrays of several lengths are tried: with the op
itself, with the framework's function that generated code calls in its place, and under the frameworks' compilers.
"""

from __future__ import annotations

import math
import subprocess
import sys
from contextlib import nullcontext

import ml_dtypes
import numpy as np
import pytest
from agreement import to_native, to_numpy
from backends import BACKENDS
from scipy import special as sp

import ivy
import ivy.functional as F
from ivy.backend import get_backend, scope
from ivy.dtypes import as_dtype
from ivy.functional.registry import OPS

inf, nan = math.inf, math.nan
SIZES = (1, 7, 8, 9, 17, 33)
NUMPY = {"float32": np.float32, "float64": np.float64, "float16": np.float16, "bfloat16": ml_dtypes.bfloat16}
TOLERANCE = {"float32": 1e-4, "float64": 1e-9, "float16": 5e-3, "bfloat16": 3e-2}
LAMBDA, ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717


def _finite(fn, at=np.isinf):
    """A function that vanishes at infinity, where SciPy gives NaN."""
    return lambda x: np.where(at(x), 0.0, fn(np.where(at(x), 1.0, x)))


UNARY = {
    "abs": np.abs, "negative": np.negative, "sign": np.sign, "square": np.square, "sqrt": np.sqrt,
    "rsqrt": lambda x: 1 / np.sqrt(x), "reciprocal": lambda x: 1 / x, "cbrt": np.cbrt, "ceil": np.ceil,
    "floor": np.floor, "trunc": np.trunc, "round": np.round, "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1,
    "log": np.log, "log1p": np.log1p, "log2": np.log2, "log10": np.log10, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh,
    "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh, "rad2deg": np.rad2deg, "deg2rad": np.deg2rad,
    "erf": sp.erf, "erfc": sp.erfc, "erfinv": sp.erfinv, "lgamma": lambda x: np.where(np.isinf(x), inf, sp.gammaln(x)),
    "digamma": lambda x: np.where(x == -inf, nan, sp.digamma(x)), "i0e": sp.i0e, "i1e": sp.i1e, "logit": sp.logit,
    "erfcx": sp.erfcx, "ndtr": sp.ndtr, "log_ndtr": sp.log_ndtr, "ndtri": sp.ndtri, "entr": sp.entr,
    "bessel_j0": _finite(sp.j0), "bessel_j1": _finite(sp.j1), "bessel_y0": _finite(sp.y0, np.isposinf),
    "bessel_y1": _finite(sp.y1, np.isposinf), "k0": sp.k0, "k0e": sp.k0e, "k1": sp.k1, "k1e": sp.k1e,
    "sigmoid": sp.expit, "log_sigmoid": lambda x: -np.logaddexp(0, -x),
    "softplus": lambda x: np.where(x > 20, x, np.logaddexp(0, x)), "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6), "leaky_relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)), "celu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "selu": lambda x: LAMBDA * np.where(x > 0, x, ALPHA * np.expm1(x)), "hard_sigmoid": lambda x: np.clip(x + 3, 0, 6) / 6,
    "hard_tanh": lambda x: np.clip(x, -1, 1), "hardshrink": lambda x: np.where(np.abs(x) <= 0.5, 0, x),
    "isnan": np.isnan, "isinf": np.isinf, "isfinite": np.isfinite, "signbit": np.signbit,
}  # fmt: skip
BINARY = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "pow": np.power,
    "maximum": np.maximum, "minimum": np.minimum, "fmax": np.fmax, "fmin": np.fmin, "remainder": np.remainder,
    "fmod": np.fmod, "hypot": np.hypot, "copysign": np.copysign, "atan2": np.arctan2, "logaddexp": np.logaddexp,
    "heaviside": np.heaviside, "xlogy": sp.xlogy, "xlog1py": sp.xlog1py, "rel_entr": sp.rel_entr, "equal": np.equal,
    "less": np.less, "less_equal": np.less_equal, "greater": np.greater, "not_equal": np.not_equal,
}  # fmt: skip

LEFT_OUT = {
    # https://github.com/pytorch/pytorch/blob/main/aten/src/ATen/native/cpu/Activation.cpp: x * (1 + erf(x)) by vectors
    ("torch", "gelu"): (inf,),
    # https://github.com/pytorch/pytorch/blob/main/aten/src/ATen/native/cpu/BinaryOpsKernel.cpp: the quotient overflows
    ("torch", "remainder"): ("max",),
    ("torch", "fmod"): ("max",),
    # https://github.com/openxla/xla/blob/main/xla/hlo/builder/lib/math.cc: Lanczos' series, whose error at its roots is
    # that of its terms
    ("jax", "lgamma"): (1.0, 2.0),
}
"""What a framework's own kernel gives otherwise, for some lengths."""
OSCILLATING = {"sin", "cos", "tan", "bessel_j0", "bessel_j1", "bessel_y0", "bessel_y1"}


def values(op, dtype, backend, few=False):
    """Special values in the dtype, and whatever lies near the ends of exponentials."""
    info = ml_dtypes.finfo(NUMPY[dtype])
    largest, smallest = float(info.max), float(info.tiny)
    rough = [1.0, 0.5, 2.0, 3.0, 20.5, 80.0, 104.0, 745.0, 1000.0, 1e-3, 0.3]
    found = [0.0, -0.0, inf, -inf, nan, *(rough[:4] if few else rough), *(-x for x in (rough[:3] if few else rough))]
    left_out = LEFT_OUT.get((backend, op), ())
    if op not in OSCILLATING and "max" not in left_out:
        found += [largest, -largest]
    if not few:
        found += [2 * smallest, -2 * smallest]
    with np.errstate(all="ignore"):
        return np.asarray([x for x in found if x not in left_out]).astype(NUMPY[dtype])


def disagreements(found, reference, args, dtype):
    """What differs: NaN, infinities and zeros anywhere, numbers beyond a generous tolerance."""
    info = ml_dtypes.finfo(NUMPY[dtype])
    largest, smallest = float(info.max), float(info.tiny)
    with np.errstate(all="ignore"):
        wanted = np.asarray(reference(*(x.astype("float64") for x in args)))
        if found.dtype == bool:
            return [(i, found[i], wanted[i]) for i in np.flatnonzero(found != wanted)]
        wanted, found = wanted.astype(NUMPY[dtype]).astype("float64"), found.astype("float64")
        size = np.abs(wanted)
        close = np.abs(found - wanted) <= TOLERANCE[dtype] * size
        close |= (size < 1e3 * smallest) & (np.abs(found) < 1e3 * smallest) & (wanted != 0)  # flushed to 0, or nearly
        close |= (size > largest / 20) & (np.abs(found) > largest / 20) & (np.sign(found) == np.sign(wanted))
        same = np.where(np.isfinite(wanted), np.where(wanted == 0, found == 0, close), found == wanted)
        same |= np.isnan(wanted) & np.isnan(found)
        same |= np.isinf(wanted) & close  # overflow a little later
    return [(tuple(float(x[i]) for x in args), found[i], wanted[i]) for i in np.flatnonzero(~same)]


def forms(op, backend, dtype):
    """The op, and the framework's function that generated code calls where that is the same."""
    yield "op", OPS[op].public
    native = get_backend(backend).native(OPS[op])
    plain, applies = getattr(native, "same_dtype", None), getattr(native, "applies", None)
    if plain is not None and applies is not None and applies(as_dtype(dtype), ()):
        yield "generated code", plain


def wide(backend):
    return getattr(get_backend(backend).module, "unlimited_dtypes", nullcontext)()


def operands(op, dtype, backend):
    if op in UNARY:
        return [values(op, dtype, backend)]
    pairs = np.meshgrid(*[values(op, dtype, backend, few=True)] * 2)
    return [x.ravel() for x in pairs]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("op", [*UNARY, *BINARY])
def test_special_values(op, backend):
    reference = UNARY.get(op) or BINARY[op]
    for dtype in NUMPY:
        args = operands(op, dtype, backend)
        for name, function in forms(op, backend, dtype):
            for size in (8, 33) if backend == "jax" else SIZES if op in UNARY else (7, 8, 33):
                for start in range(0, len(args[0]), size):
                    piece = [x[np.arange(start, start + size) % len(x)] for x in args]
                    with scope(get_backend(backend)), wide(backend), np.errstate(all="ignore"):
                        found = to_numpy(function(*to_native(piece, backend)), backend)
                    wrong = disagreements(found, reference, piece, dtype)
                    assert not wrong, f"{op} of {dtype} ({name}, {size} elements): {wrong[:5]}"


def compiled(function, backend, arguments):
    if backend == "jax":
        import jax

        return jax.jit(function)
    if backend == "tensorflow":
        import tensorflow as tf

        return tf.function(function, autograph=False)
    import paddle

    inner = paddle.jit.not_to_static(function)

    def of_one(x):
        return inner(x)

    def of_four(a, b, c, d):
        return inner(a, b, c, d)

    return paddle.jit.to_static(of_one if arguments == 1 else of_four, full_graph=True)


OWN_NOISE = pytest.mark.filterwarnings("ignore:Tensor do not have 'place' interface:UserWarning")
"""What Paddle's own functions make it say while a program is built."""


@OWN_NOISE
@pytest.mark.parametrize("backend", [b for b in BACKENDS if b in ("jax", "tensorflow", "paddle")])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [7, 33])
def test_special_values_in_a_compiled_function(size, dtype, backend, request):
    if (backend, dtype) == ("paddle", "float64"):
        reason = (
            "numbers in Paddle's programs are factors in single precision: "
            "https://github.com/PaddlePaddle/Paddle/blob/develop/paddle/phi/ops/yaml/ops.yaml (scale)"
        )
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    ops = [op for op in UNARY if (backend, op) not in LEFT_OUT]
    x = np.resize(values("sin", dtype, backend), size)
    with wide(backend), scope(get_backend(backend)):
        program = compiled(lambda x: tuple(OPS[op].public(x) for op in ops), backend, 1)
        found = [to_numpy(y, backend) for y in program(to_native(x, backend))]
    wrong = {op: disagreements(y, UNARY[op], [x], dtype) for op, y in zip(ops, found, strict=True)}
    wrong = {op: w[:4] for op, w in wrong.items() if w}
    assert not wrong, wrong


# Masks


def rows(size):
    """Rows of which some elements, or all, are far below the others."""
    found = np.random.default_rng(size).normal(size=(6, size)) * 3
    for row, low in ((1, -inf), (2, -1e4), (3, -1e15)):
        found[row, ::2] = low
        found[row, -1] = 1.0
    found[4, 1:] = -inf
    found[5] = -inf  # which leaves nothing
    return found


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def logsumexp(x):
    top = np.maximum(x.max(-1, keepdims=True), -1e300)
    return (np.log(np.exp(x - top).sum(-1, keepdims=True)) + top)[..., 0]


MASKED = {
    "softmax": (lambda x: F.softmax(x), softmax),
    "softmin": (lambda x: F.softmin(-x), softmax),
    "log_softmax": (lambda x: F.log_softmax(x), lambda x: sp.log_softmax(x, axis=-1)),
    "logsumexp": (lambda x: F.logsumexp(x, axis=-1), logsumexp),
    "cumulative_logsumexp": (
        lambda x: F.cumulative_logsumexp(x, axis=-1),
        lambda x: np.logaddexp.accumulate(x, axis=-1),
    ),
    "max": (lambda x: F.max(x, axis=-1), lambda x: x.max(-1)),
    "median": (lambda x: F.median(x, axis=-1), lambda x: np.median(x, axis=-1)),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("size", [1, 7, 8, 16, 33])
@pytest.mark.parametrize("op", MASKED)
def test_rows_with_masks(op, size, backend):
    function, reference = MASKED[op]
    for dtype, limit in (("float32", 1e-5), ("float64", 1e-12), ("float16", 4e-3), ("bfloat16", 3e-2)):
        x = rows(size)
        with np.errstate(all="ignore"):
            x = x.astype(NUMPY[dtype])
            expected = np.asarray(reference(x.astype("float64"))).astype(NUMPY[dtype])
            with scope(get_backend(backend)), wide(backend):
                found = to_numpy(function(to_native(x, backend)), backend)
        a, b = found.astype("float64"), expected.astype("float64")
        np.testing.assert_allclose(a, b, rtol=limit, atol=limit * 2, err_msg=f"{op} of {dtype}")
        if op in ("softmax", "softmin"):
            zero = np.flatnonzero((b == 0) & (x.astype("float64") == -inf))
            assert not a.reshape(-1)[zero].any(), f"{op} of {dtype} gives what is masked a share"


def attention(q, k, v, mask):
    q, k, v = (x.astype("float64") for x in (q, k, v))
    scores = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1])
    scores = np.where(mask, scores, -inf) if mask.dtype == bool else scores + mask
    top = scores.max(-1, keepdims=True)
    e = np.exp(scores - np.where(top == -inf, 0, top))
    return e / np.maximum(e.sum(-1, keepdims=True), 1e-300) @ v


def masks(length, keys):
    mask = np.random.default_rng(length).random((length, keys)) > 0.5
    mask[0], mask[-1] = False, True
    return [mask, np.where(mask, 0.0, -inf).astype("float32")]


@OWN_NOISE
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("length", [2, 7, 8, 9, 17])
def test_attention_to_nothing(length, backend):
    rng = np.random.default_rng(3)
    q, k, v = (rng.normal(size=(2, 1, n, 8)).astype("float32") for n in (length, length + 3, length + 3))
    for mask in masks(length, length + 3):
        call = F.scaled_dot_product_attention
        calls = {"op": call} if backend in ("numpy", "torch") else {"op": call, "compiled": compiled(call, backend, 4)}
        for name, function in calls.items():
            found = to_numpy(function(*to_native([q, k, v, mask], backend)), backend)
            np.testing.assert_allclose(found, attention(q, k, v, mask), rtol=1e-4, atol=1e-5, err_msg=name)
            assert not found[:, :, 0].any(), f"{name}: a row that attends to nothing is not 0"


@pytest.mark.parametrize("to", [b for b in BACKENDS if b != "torch"])
def test_masks_in_a_function_of_torch(to):
    import torch

    def attend(q, k, mask):
        scores = (q @ k.transpose(-1, -2)).masked_fill(~mask, -inf)
        shares = torch.exp(scores - scores.amax(-1, keepdim=True).clamp(min=-1e30))
        fused = torch.nn.functional.scaled_dot_product_attention(q, k, k, attn_mask=mask)
        return shares, torch.softmax(scores, -1), torch.log_softmax(scores, -1), torch.sqrt(torch.exp(scores)), fused

    rng = np.random.default_rng(3)
    q, k = (torch.tensor(rng.normal(size=(1, 2, n, 8)), dtype=torch.float32) for n in (9, 16))
    mask = torch.tensor(masks(9, 16)[0])
    run = ivy.transpile(attend, source="torch", to=to, args=(q, k, mask))
    found = run(*to_native([q.numpy(), k.numpy(), mask.numpy()], to))
    with np.errstate(all="ignore"):
        for y, expected in zip(found, attend(q, k, mask), strict=True):
            np.testing.assert_allclose(to_numpy(y, to), expected.numpy(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("backend", BACKENDS)
def test_small_numbers_become_half_precision(backend):
    x = np.float32(
        [8.27e-25, -8e-25, 1e-10, 2.0**-25, 3.1e-8, -6e-8, 1e-5, 0.0, -0.0, 65519.0, inf, nan, -1e-30, 1e-38]
    )
    found = to_numpy(F.astype(to_native(x, backend), "float16"), backend)
    np.testing.assert_array_equal(found, x.astype("float16"))
    np.testing.assert_array_equal(np.signbit(found[:-3]), np.signbit(x[:-3]))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_uniform_numbers_stay_below_one(backend, dtype):
    with scope(get_backend(backend)):
        F.default_seed(0)
        drawn = to_numpy(F.random_uniform(shape=(60000,), dtype=dtype), backend).astype("float64")
    assert drawn.min() >= 0 and drawn.max() < 1


@pytest.mark.parametrize("dtype", NUMPY)
@pytest.mark.parametrize("backend", BACKENDS)
def test_nan_comes_last_and_infinities_have_a_median(backend, dtype):
    x = np.asarray([3.0, nan, -inf, 1.0, nan, inf, -2.0], NUMPY[dtype])
    with scope(get_backend(backend)), wide(backend):
        native = to_native(x, backend)
        found = to_numpy([F.sort(native), F.argsort(native)], backend)
        middle = to_numpy(F.median(to_native(x[[2, 2, 2, 0, 5]], backend)), backend)
    np.testing.assert_array_equal(found[0].astype("float64"), [-inf, -2, 1, 3, inf, nan, nan])
    np.testing.assert_array_equal(found[1], [2, 6, 3, 0, 5, 1, 4])
    assert float(middle) == -inf


STACKS = """
import numpy as np, tensorflow as tf, ivy.functional as F
rng = np.random.default_rng(0)
pairs = [((n, 1, m, k), (*ones, k, p)) for n in (2, 3, 4) for m, k, p in ((8, 16, 4), (3, 3, 3), (8, 1, 3), (4, 4, 8))
         for ones in ((), (1,), (1, 1), (1, 1, 1))]
pairs += [((2, 3, 4, 5), (3, 5, 2)), ((4, 5), (3, 1, 5, 6)), ((8, 1, 4, 4), (2, 4, 4)), ((0, 1, 2, 3), (3, 2)),
          ((3, 1, 4, 16), (16,)), ((2, 1, 8, 16), (2, 1, 16, 4))]
for a, b in pairs:
    x, y = rng.normal(size=a).astype("float32"), rng.normal(size=b).astype("float32")
    expected = np.matmul(x, y)
    spec = [tf.TensorSpec([None] * v.ndim, tf.float32) for v in (x, y)] if 1 not in b[:-2] else None
    calls = [F.matmul, tf.function(F.matmul, autograph=False), tf.function(F.matmul, spec, autograph=False)]
    if len(b) > 1:
        calls.append(lambda u, v: F.einsum("...ij,...jk->...ik", u, v))
    for call in calls:
        found = call(tf.constant(x), tf.constant(y))
        assert found.shape == expected.shape, (a, b, found.shape, expected.shape)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4, err_msg=f"{a} @ {b}")
print("all agree")
"""


@pytest.mark.skipif("tensorflow" not in BACKENDS, reason="TensorFlow is not under test")
def test_stacks_of_matrices_by_one_matrix():
    """In a process of its own: TensorFlow's own product of these writes beyond its result."""
    done = subprocess.run([sys.executable, "-c", STACKS], capture_output=True, text=True, timeout=300, check=False)
    assert "all agree" in done.stdout, done.stderr[-2000:]
