"""Elementwise ops on every backend against NumPy and SciPy."""

import math
import warnings

import numpy as np
import pytest
import scipy.special as sp
from agreement import BACKENDS, BF16, call, canonical, gradients, numerical, same
from backends import DIFFERENTIABLE, MAKE, outputs_and_gradients, to_np
from scipy import stats

import ivy.functional as F
from ivy.backend import body_of
from ivy.dtypes import as_dtype, promote_types, result_type

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy warns of the NaN and infinities asked for


def quiet(fn):
    def run(*args):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return fn(*args)

    return run


REAL = np.array([-2.5, -1.0, -0.3, 0.0, 0.4, 1.0, 2.2])
UNIT = np.array([-0.9, -0.5, 0.0, 0.3, 0.8])
POSITIVE = np.array([0.2, 0.7, 1.0, 2.5, 6.0])
ABOVE_ONE = np.array([1.1, 1.5, 2.0, 7.0])

# op -> (reference, where it is smooth and defined)
FLOATING = {
    "sqrt": (np.sqrt, POSITIVE),
    "rsqrt": (lambda x: 1 / np.sqrt(x), POSITIVE),
    "reciprocal": (lambda x: 1 / x, POSITIVE),
    "cbrt": (np.cbrt, POSITIVE),
    "exp": (np.exp, REAL),
    "exp2": (np.exp2, REAL),
    "expm1": (np.expm1, REAL),
    "log": (np.log, POSITIVE),
    "log1p": (np.log1p, POSITIVE),
    "log2": (np.log2, POSITIVE),
    "log10": (np.log10, POSITIVE),
    "sin": (np.sin, REAL),
    "cos": (np.cos, REAL),
    "tan": (np.tan, UNIT),
    "asin": (np.arcsin, UNIT),
    "acos": (np.arccos, UNIT),
    "atan": (np.arctan, REAL),
    "sinh": (np.sinh, REAL),
    "cosh": (np.cosh, REAL),
    "tanh": (np.tanh, REAL),
    "asinh": (np.arcsinh, REAL),
    "acosh": (np.arccosh, ABOVE_ONE),
    "atanh": (np.arctanh, UNIT),
    "sinc": (np.sinc, REAL),
    "rad2deg": (np.rad2deg, REAL),
    "deg2rad": (np.deg2rad, REAL),
    "erf": (sp.erf, REAL),
    "erfc": (sp.erfc, REAL),
    "erfinv": (sp.erfinv, UNIT),
    "lgamma": (sp.gammaln, POSITIVE),
    "digamma": (sp.digamma, POSITIVE),
    "i0": (sp.i0, REAL),
    "i0e": (sp.i0e, REAL),
    "i1": (sp.i1, REAL),
    "i1e": (sp.i1e, REAL),
    "logit": (sp.logit, np.array([0.1, 0.5, 0.93])),
}
COMPLEX = [
    "sqrt",
    "exp",
    "expm1",
    "log",
    "log1p",
    "log2",
    "log10",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
]
# on one backend the kernel itself is less precise than the others'
LOOSE = {"digamma": 2e-5, "lgamma": 2e-5, "erfinv": 3e-5, "rad2deg": 1e-4, "acosh": 3e-5, "exp2": 2e-5, "i0": 2e-5}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "float16", "bfloat16"])
@pytest.mark.parametrize("op", FLOATING)
def test_floating_point_functions(op, backend, dtype):
    reference, points = FLOATING[op]
    native = BF16 if dtype == "bfloat16" else dtype
    x = np.array([1, 1, 1]) if dtype in ("int32", "bool") and op == "acosh" else points
    x = (np.zeros(3) if op in ("asin", "acos", "atanh", "erfinv") and dtype in ("int32", "bool") else x).astype(native)
    if dtype in ("int32", "bool") and op in (
        "logit",
        "erfinv",
        "lgamma",
        "digamma",
        "reciprocal",
        "rsqrt",
        "log",
        "log2",
        "log10",
    ):
        x = np.ones(3, dtype)
    expected = quiet(reference)(x.astype("float64"))
    result = "float32" if dtype in ("int32", "bool") else dtype
    limit = {"float32": LOOSE.get(op), "float64": 3e-5 if backend == "jax" else None, "float16": 4e-3, "bfloat16": 4e-2}
    same(call(op, backend, x), expected, backend, dtype=result, tolerance=limit.get(result))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("op", COMPLEX)
def test_complex_input(op, backend):
    reference = FLOATING[op][0]
    x = np.array([0.3 + 0.4j, -0.6 - 0.2j, 0.5j], "complex64")
    same(call(op, backend, x), reference(x.astype("complex128")), backend, dtype="complex64", tolerance=1e-4)


@pytest.mark.parametrize("op", FLOATING)
def test_gradients_of_floating_point_functions(op):
    x = FLOATING[op][1]
    x = x[np.abs(x) > 1e-3]  # sinc's slope at 0 is tested below
    (expected,) = numerical(op, [x.astype("float32")], {}, [0])
    for backend, (found,) in gradients(op, [x.astype("float32")], {}, [0]).items():
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4, err_msg=backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (1, 2)])
@pytest.mark.parametrize("op", ["exp", "erf", "abs", "floor", "isnan", "sign", "logical_not"])
def test_shapes_without_axes_and_without_elements(op, backend, shape):
    x = np.ones(shape, "float32")
    assert call(op, backend, x).shape == shape


ANY_KIND = {
    "abs": np.abs,
    "negative": np.negative,
    "positive": np.positive,
    "square": np.square,
    "sign": np.sign,
}
NUMBERS = {
    "int8": np.array([-7, 0, 3], "int8"),
    "int32": np.array([-7, 0, 3], "int32"),
    "int64": np.array([-(2**31) + 1, 0, 3], "int64"),
    "uint8": np.array([0, 3, 250], "uint8"),
    "uint16": np.array([0, 3, 65530], "uint16"),
    "uint32": np.array([0, 3, 2**32 - 5], "uint32"),
    "float32": np.array([-1.5, 0.0, 2.5], "float32"),
    "bfloat16": np.array([-1.5, 0.0, 2.5], BF16),
    "complex64": np.array([-1.5 + 1j, 0, 2.5j], "complex64"),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", NUMBERS)
@pytest.mark.parametrize("op", ANY_KIND)
def test_functions_of_any_number(op, backend, dtype):
    x = NUMBERS[dtype]
    if backend == "jax" and op == "square" and dtype == "int64":
        x = x[1:]
    same(call(op, backend, x), ANY_KIND[op](x), backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["int8", "int32", "uint8", "uint32", "float32", "float64", "bfloat16"])
@pytest.mark.parametrize("op", ["ceil", "floor", "trunc", "round"])
def test_rounding(op, backend, dtype):
    x = NUMBERS.get(dtype, np.array([-1.5, -0.2, 0.5, 1.5, 2.7]))
    x = x.astype(BF16 if dtype == "bfloat16" else dtype)
    same(call(op, backend, x), getattr(np, op)(x.astype("float64")), backend, dtype=dtype)


@pytest.mark.parametrize("backend", BACKENDS)
def test_round_to_decimals(backend):
    x = np.array([1.256, -3.14159, 2.5], "float32")
    same(call("round", backend, x, decimals=2), np.round(x, 2), backend)
    z = np.array([1.5 + 2.5j], "complex64")
    same(call("round", backend, z), np.round(z), backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["float32", "int32", "bool", "float16", "bfloat16", "complex64"])
@pytest.mark.parametrize("op", ["isfinite", "isinf", "isnan"])
def test_predicates(op, backend, dtype):
    native = BF16 if dtype == "bfloat16" else dtype
    points = [0, 1] if dtype in ("int32", "bool") else [0.0, np.nan, np.inf, -np.inf, 1.0]
    x = np.array(points).astype(native)
    same(call(op, backend, x), getattr(np, op)(x), backend)


# Two operands

MIX = ["bool", "int8", "int32", "int64", "uint8", "uint16", "float16", "bfloat16", "float32", "float64", "complex64"]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("left", "right"), [(a, b) for i, a in enumerate(MIX) for b in MIX[i:]])
@pytest.mark.parametrize("rank", [0, 1])
def test_promotion_of_two_arrays(backend, left, right, rank):
    """The declared rule holds for every pair, and an array without axes is not weak."""
    a = np.ones(3, BF16 if left == "bfloat16" else left)
    b = np.ones((2,) * rank and (3,), BF16 if right == "bfloat16" else right)
    wanted = promote_types(left, right)
    same(call("multiply", backend, a, b), np.ones(3), backend, dtype=wanted)
    same(call("equal", backend, a, b), np.ones(3, "bool"), backend)
    if rank == 0 and not wanted.is_complex:
        same(call("maximum", backend, a, b), np.ones(3), backend, dtype=wanted)
        same(call("where", backend, np.array([True, False, True]), a, b), np.ones(3), backend, dtype=wanted)
        same(call("concat", backend, [a, np.atleast_1d(b)]), np.ones(3 + b.size), backend, dtype=wanted)
    division = wanted if wanted.is_inexact else "float32"
    same(call("divide", backend, a, b), np.ones(3), backend, dtype=division)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("scalar", [True, 2, 0.5, 1j])
@pytest.mark.parametrize("dtype", ["bool", "int32", "uint8", "bfloat16", "float32", "complex64"])
@pytest.mark.parametrize("op", ["add", "maximum", "where", "equal", "divide"])
def test_python_scalars_are_weak(op, backend, dtype, scalar):
    x = np.ones(2, BF16 if dtype == "bfloat16" else dtype)
    wanted = result_type(as_dtype(dtype), scalar)
    if op in ("maximum", "atan2") and (wanted.is_complex or (dtype == "bool" and op == "maximum" and scalar is True)):
        pytest.skip("no order among complex numbers")
    extra = [np.array([True, False])] if op == "where" else []
    reference = {
        "add": np.add,
        "multiply": np.multiply,
        "maximum": np.maximum,
        "equal": np.equal,
        "divide": np.divide,
        "atan2": np.arctan2,
        "where": np.where,
    }[op]
    wide = "complex128" if wanted.is_complex else "float64"
    if op == "equal":
        wanted = "bool"
    elif op in ("divide", "atan2") and not wanted.is_inexact:
        wanted = "float32"
    for first in (True, False):
        operands = [x, scalar] if first else [scalar, x]
        expected = reference(*extra, *(np.asarray(v).astype(wide) for v in operands))
        limit = 1e-2 if "16" in str(wanted) else 1e-5
        if op in ("add", "multiply") and dtype == "bool" and scalar is True:
            expected = expected.astype("bool")
        same(call(op, backend, *extra, *operands), expected, backend, dtype=wanted, tolerance=limit)


BINARY = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "floor_divide": np.floor_divide,
    "remainder": np.remainder,
    "fmod": np.fmod,
    "trunc_divide": lambda a, b: np.trunc(a.astype("float64") / b).astype(a.dtype),
    "maximum": np.maximum,
    "minimum": np.minimum,
    "fmax": np.fmax,
    "fmin": np.fmin,
    "equal": np.equal,
    "not_equal": np.not_equal,
    "less": np.less,
    "less_equal": np.less_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
    "logical_xor": np.logical_xor,
}
OPERANDS = {
    "int8": ([-7, 7, -7, 7, 6, 0], [2, 2, -2, -2, 3, 5]),
    "int32": ([-7, 7, -7, 7, 6, 0], [2, 2, -2, -2, 3, 5]),
    "int64": ([-7, 7, -7, 7, 6, 0], [2, 2, -2, -2, 3, 5]),
    "uint8": ([7, 250, 6, 0], [2, 10, 3, 5]),
    "uint16": ([7, 65530, 6, 0], [2, 10, 3, 5]),
    "uint32": ([7, 2**32 - 6, 6, 0], [2, 10, 3, 5]),
    "float32": ([-7.5, 7.5, -7.0, 7.0, 6.0, 0.0], [2.0, 2.0, -2.0, -2.5, 3.0, 5.0]),
    "float64": ([-7.5, 7.5, -7.0, 7.0, 6.0, 0.0], [2.0, 2.0, -2.0, -2.5, 3.0, 5.0]),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", OPERANDS)
@pytest.mark.parametrize("op", BINARY)
def test_arithmetic_and_comparisons(op, backend, dtype):
    a, b = (np.array(v).astype(dtype) for v in OPERANDS[dtype])
    same(call(op, backend, a, b), BINARY[op](a, b), backend)
    column = b[:, None]
    same(call(op, backend, a, column), BINARY[op](a, column), backend)


@pytest.mark.parametrize("backend", [name for name in BACKENDS if canonical("uint64", name) == "uint64"])
def test_the_upper_half_of_uint64(backend):
    a = np.array([2**63 + 5, 3, 2**64 - 1], "uint64")
    b = np.array([7, 2**63, 2**64 - 2], "uint64")
    for op in ("add", "subtract", "multiply", "maximum", "minimum", "less", "greater_equal", "equal"):
        same(call(op, backend, a, b), getattr(np, op)(a, b), backend)
    shift = np.array([0, 1, 63], "uint64")
    same(call("bitwise_right_shift", backend, a, shift), a >> shift, backend)
    for op in ("max", "argmax", "min", "argmin"):
        same(call(op, backend, a), getattr(np, op)(a), backend)


BITS = {
    "bitwise_and": np.bitwise_and,
    "bitwise_or": np.bitwise_or,
    "bitwise_xor": np.bitwise_xor,
    "bitwise_left_shift": np.left_shift,
    "bitwise_right_shift": np.right_shift,
    "gcd": np.gcd,
    "lcm": np.lcm,
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["int8", "int32", "int64", "uint8", "uint16", "uint32"])
@pytest.mark.parametrize("op", BITS)
def test_integer_functions(op, backend, dtype):
    a, b = np.array([6, 5, 0, 100]).astype(dtype), np.array([3, 1, 2, 4]).astype(dtype)
    same(call(op, backend, a, b), BITS[op](a, b), backend)
    same(call(op, backend, a, 2), BITS[op](a, np.array(2, dtype)), backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["int8", "int32", "int64", "uint8", "uint16", "uint32", "bool"])
def test_invert(backend, dtype):
    x = np.array([0, 1]).astype(dtype)
    same(call("bitwise_invert", backend, x), ~x, backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"])
def test_bit_counts(backend, dtype):
    width = min(np.iinfo(dtype).bits, 32 if backend == "jax" else 64)
    top = np.iinfo(dtype).max if width == np.iinfo(dtype).bits else 2**31 - 1
    low = -1 if dtype.startswith("i") else 0
    x = np.array([0, 1, 6, top, low], dtype)
    bits = [f"{int(v) & (2**width - 1):0{width}b}" for v in x]
    same(call("popcount", backend, x), np.array([b.count("1") for b in bits], dtype), backend)
    same(call("clz", backend, x), np.array([len(b) - len(b.lstrip("0")) for b in bits], dtype), backend)


FLOAT_PAIRS = {
    "divide": (np.divide, POSITIVE, POSITIVE[::-1]),
    "pow": (np.power, POSITIVE, np.array([2.0, -1.0, 3.0, 0.5, 1.0])),
    "hypot": (np.hypot, REAL + 0.05, REAL[::-1]),
    "copysign": (np.copysign, REAL + 0.05, REAL[::-1] + 0.01),
    "atan2": (np.arctan2, REAL + 0.05, REAL[::-1] + 0.01),
    "logaddexp": (np.logaddexp, REAL, REAL[::-1]),
    "heaviside": (np.heaviside, REAL, REAL[::-1]),
    "xlogy": (sp.xlogy, np.array([0.5, 2.0, 1.0]), np.array([1.0, 2.0, 0.3])),
    "igamma": (sp.gammainc, POSITIVE, POSITIVE[::-1]),
    "igammac": (sp.gammaincc, POSITIVE, POSITIVE[::-1]),
    "zeta": (sp.zeta, np.array([1.5, 2.0, 5.0]), np.array([1.0, 2.5, 0.3])),
    "nextafter": (np.nextafter, REAL, REAL[::-1]),
}
WITHOUT_GRADIENT = {"heaviside", "igamma", "igammac", "zeta", "nextafter"}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
@pytest.mark.parametrize("op", FLOAT_PAIRS)
def test_floating_point_functions_of_two(op, backend, dtype):
    reference, a, b = FLOAT_PAIRS[op]
    if dtype == "int32":
        if op in ("pow", "nextafter"):
            pytest.skip("integers stay integers, or have no neighbours")
        a, b = np.array([1, 2, 3], dtype), np.array([2, 1, 4], dtype)
    a, b = a.astype(dtype), b.astype(dtype)
    result = "float32" if dtype == "int32" else dtype
    expected = reference(a.astype(result), b.astype(result))
    same(call(op, backend, a, b), expected, backend, dtype=result, tolerance=2e-5 if backend == "jax" else None)


@pytest.mark.parametrize("op", [op for op in FLOAT_PAIRS if op not in WITHOUT_GRADIENT])
def test_gradients_of_two_operands(op):
    _, a, b = FLOAT_PAIRS[op]
    which = [0] if op == "copysign" else [0, 1]
    args = [a.astype("float32"), b.astype("float32")]
    expected = numerical(op, args, {}, which)
    for backend, found in gradients(op, args, {}, which).items():
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4, err_msg=backend)


def test_series_of_the_core():
    """What backends without a function of their own run, against SciPy over the range of the arguments."""
    rng = np.random.default_rng(0)
    near = np.array([0.001, 0.5, 1.0, 3.0, 40.0, 900.0])
    a, b, x = (v.ravel() for v in np.meshgrid(near, near, np.array([0.0, 1e-6, 0.3, 0.5, 0.97, 1.0])))
    s = np.concatenate([rng.uniform(1.01, 40, 50), [1.0, 0.5, np.inf, 2.0, 3.0, 2.0, 2.0, np.nan]])
    q = np.concatenate([10 ** rng.uniform(-2, 6, 50), [2.0, 2.0, 1.0, 0.0, -1.5, -3.0, np.inf, 1.0]])
    for backend in BACKENDS:
        if canonical("float64", backend) != "float64":
            continue
        for dtype, limit in (("float32", 1e-6), ("float64", 1e-11)):
            for op, operands, reference in (("betainc", (a, b, x), sp.betainc), ("zeta", (s, q), sp.zeta)):
                operands = [v.astype(dtype) for v in operands]
                expected = reference(*(v.astype("float64") for v in operands))
                found = call(body_of(getattr(F, op), backend), backend, *operands)
                assert found.dtype == dtype
                limits, size = np.finfo(dtype), np.abs(expected)
                normal = ~(size < limits.tiny) & ~((size > limits.max) & np.isfinite(size))
                where = f"{op} on {backend}"
                np.testing.assert_allclose(found[normal], expected[normal], rtol=limit, atol=0, err_msg=where)


@pytest.mark.parametrize("backend", DIFFERENTIABLE)
def test_derivative_of_betainc(backend):
    a, b, x = np.array([0.5, 2.0, 30.0]), np.array([0.5, 3.0, 20.0]), np.array([0.1, 0.5, 0.7])
    fixed = MAKE[backend](a.astype("float32")), MAKE[backend](b.astype("float32"))
    run = lambda v: body_of(F.betainc, backend)(*fixed, v)
    _, (found,) = outputs_and_gradients(backend, run, [x.astype("float32")])
    np.testing.assert_allclose(to_np(found), stats.beta.pdf(x, a, b), rtol=1e-4, atol=0)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64", "complex64"])
def test_numbers_that_differ_by_little_differ(backend, dtype):
    native = BF16 if dtype == "bfloat16" else dtype
    a = np.array([1e-9, 0.0, -2e-7, 1.0, np.nan, np.inf]).astype(native)
    b = np.array([0.0, -0.0, -1e-7, 1.0, np.nan, np.inf]).astype(native)
    for op in ("equal", "not_equal"):
        same(call(op, backend, a, b), getattr(np, op)(a, b), backend)
        same(call(op, backend, a, 0.0), getattr(np, op)(a, native(0) if dtype == "bfloat16" else 0), backend)
    same(call("logical_not", backend, a), np.logical_not(a), backend)
    if not dtype.startswith("complex"):
        small = np.array([3e-7, 1e-7, 3e-7, 0.0]).astype(native)
        same(call("unique_values", backend, small), np.unique(small), backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_betainc_and_polygamma(backend, dtype):
    a, b, x = (np.array(v).astype(dtype) for v in ([0.5, 2.0, 30.0, 5.0], [0.5, 3.0, 20.0, 1.0], [0.1, 0.5, 0.7, 0.99]))
    limit = 1e-8 if dtype == "float64" and backend != "jax" else 2e-4
    same(call("betainc", backend, a, b, x), sp.betainc(a, b, x), backend, dtype=dtype, tolerance=limit)
    for n in (0, 1, 2):
        expected = sp.polygamma(n, POSITIVE.astype(dtype))
        same(call("polygamma", backend, n, POSITIVE.astype(dtype)), expected, backend, dtype=dtype, tolerance=1e-4)


@pytest.mark.parametrize("backend", BACKENDS)
def test_edges(backend):
    """Signed zeros, infinities and NaN come out as in NumPy."""
    nan, inf = math.nan, math.inf
    x = np.array([nan, inf, -inf, 0.0, -0.0, 1.0], "float32")
    same(call("sign", backend, x), np.sign(x), backend)
    same(call("signbit", backend, x[1:]), np.signbit(x[1:]), backend)
    same(call("nan_to_num", backend, x), np.nan_to_num(x), backend)
    same(call("nan_to_num", backend, x, nan=5.0, posinf=6.0, neginf=7.0), np.nan_to_num(x, True, 5, 6, 7), backend)
    same(call("hypot", backend, x, np.flip(x).copy()), np.hypot(x, x[::-1]), backend)
    infinite = np.array([inf, -inf, 0.0], "float32")
    same(call("logaddexp", backend, infinite, infinite), np.logaddexp(infinite, infinite), backend)
    same(call("fmax", backend, x, np.ones(6, "float32")), np.fmax(x, 1), backend)
    same(call("maximum", backend, x, 1.0), np.maximum(x, np.float32(1)), backend)
    same(call("minimum", backend, 1.0, x), np.minimum(np.float32(1), x), backend)
    same(
        call("xlogy", backend, np.zeros(3, "float32"), np.array([0.0, inf, nan], "float32")),
        sp.xlogy(np.zeros(3, "float32"), np.array([0.0, inf, nan], "float32")),
        backend,
        dtype="float32",
    )


@pytest.mark.parametrize("backend", BACKENDS)
def test_isclose(backend):
    a = np.array([1.0, np.nan, np.inf, np.inf, 5.0, 1e-9], "float32")
    b = np.array([1.0 + 1e-6, np.nan, np.inf, -np.inf, np.inf, 0.0], "float32")
    for nan in (True, False):
        same(call("isclose", backend, a, b, equal_nan=nan), np.isclose(a, b, equal_nan=nan), backend)
    same(call("isclose", backend, np.array([3], "uint8"), np.array([4], "uint8")), np.array([False]), backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["float32", "int32", "uint8", "uint32", "bfloat16"])
def test_clip(backend, dtype):
    x = np.array([0, 3, 9]).astype(BF16 if dtype == "bfloat16" else dtype)
    same(call("clip", backend, x, 2, 5), np.clip(x.astype("float64"), 2, 5), backend, dtype=dtype)
    same(call("clip", backend, x, min=2), np.array([2, 3, 9]), backend, dtype=dtype)
    same(call("clip", backend, x, max=x[1]), np.array([0, 3, 3]), backend, dtype=dtype)
    same(call("clip", backend, x), x, backend)
    mixed = call("clip", backend, x, np.array([0.5, 0.5, 0.5], "float32"), 5)
    same(mixed, np.array([0.5, 3, 5]), backend, dtype=promote_types(dtype, "float32"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_lerp_frexp_ldexp(backend):
    a, b = np.array([1.0, 2.0], "float32"), np.array([3.0, -2.0], "float32")
    same(call("lerp", backend, a, b, 0.25), a + 0.25 * (b - a), backend)
    same(call("lerp", backend, a, 4.0, b), a + b * (4 - a), backend)
    x = np.array([8.0, -0.75, 0.0, 1e-30], "float32")
    same(call("frexp", backend, x)[0], np.frexp(x)[0], backend)
    same(call("frexp", backend, x)[1], np.frexp(x)[1], backend)
    same(call("ldexp", backend, a, np.array([3, -2])), np.ldexp(a, [3, -2]), backend)
    extreme = np.array([2.0**-100], "float32")
    same(call("ldexp", backend, extreme, np.array([200])), np.ldexp(extreme, 200), backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_parts_of_complex_numbers(backend):
    z = np.array([1 + 2j, -1 - 0.5j], "complex64")
    for op, reference in {"real": np.real, "imag": np.imag, "conj": np.conj, "angle": np.angle}.items():
        same(call(op, backend, z), reference(z), backend)
        same(call(op, backend, z.real), reference(z.real), backend, dtype="float32")
    same(call("complex", backend, z.real, z.imag), z, backend)
    same(call("complex", backend, z.real, 0.0), z.real.astype("complex64"), backend)
