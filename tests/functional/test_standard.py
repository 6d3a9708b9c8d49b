"""What the Array API standard fixes besides the usual values: special values, containers, dtypes, conversions."""

import inspect
import itertools
import math
import operator

import numpy as np
import pytest
from backends import BACKENDS, MAKE, to_np

import ivy
from ivy.dtypes import DType
from ivy.errors import AxisError

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy says what it meets

INF, NAN = math.inf, math.nan
SPECIAL = [NAN, INF, -INF, 0.0, -0.0, 1.0, -1.0, 2.5, -2.5]


@pytest.fixture(params=BACKENDS)
def backend(request):
    with ivy.using_backend(request.param):
        yield request.param


def same(found, expected, name):
    """Compare values and the signs of zeros."""
    np.testing.assert_allclose(found, expected, rtol=2e-6, atol=0, err_msg=name)
    zero = np.asarray(expected) == 0
    np.testing.assert_array_equal(np.signbit(found)[zero], np.signbit(expected)[zero], err_msg=name)


def real(fn):
    """Make a function of Python's a total one: NaN outside of its domain, infinity past the largest number."""

    def total(*x):
        try:
            return fn(*x)
        except ValueError:
            return NAN
        except OverflowError:
            return INF

    return total


def keep(fn):
    """Make rounding to an integer keep what is none: not-a-numbers, infinities and the sign of zero."""
    return lambda x: math.copysign(fn(x), x) if math.isfinite(x) else x


def log_of(fn):
    """Make a logarithm minus infinity at 0."""
    return lambda x: -INF if x == 0 else fn(x)


UNARY = {
    "abs": abs, "acos": math.acos, "acosh": math.acosh, "asin": math.asin, "asinh": math.asinh, "atan": math.atan,
    "atanh": lambda x: math.copysign(INF, x) if abs(x) == 1 else math.atanh(x), "ceil": keep(math.ceil),
    "cos": math.cos, "cosh": math.cosh, "exp": math.exp, "expm1": math.expm1, "floor": keep(math.floor),
    "log": log_of(math.log), "log10": log_of(math.log10), "log2": log_of(math.log2),
    "log1p": lambda x: -INF if x == -1 else math.log1p(x), "negative": operator.neg,
    "reciprocal": lambda x: math.copysign(INF, x) if x == 0 else 1 / x, "round": keep(round),
    "sign": lambda x: NAN if x != x else float((x > 0) - (x < 0)), "sin": math.sin, "sinh": math.sinh,
    "sqrt": math.sqrt, "square": lambda x: x * x, "tan": math.tan, "tanh": math.tanh, "trunc": keep(math.trunc),
}  # fmt: skip
"""Python's functions follow C's annex F, from which the standard's special values come."""


@pytest.mark.parametrize("name", UNARY)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_special_values_of_one_operand(backend, name, dtype):
    total = real(UNARY[name])
    many = SPECIAL * 4  # kernels may take another path for many elements
    expected = np.asarray([total(x) for x in many])
    found = getattr(ivy, name)(MAKE[backend](np.asarray(many, dtype)))
    same(to_np(found), expected.astype(dtype), name)


@pytest.mark.parametrize(("name", "slope"), [("exp", math.exp), ("sqrt", lambda x: 0.5 / math.sqrt(x) if x else INF)])
def test_gradients_at_special_values(backend, name, slope):
    if backend == "numpy":
        pytest.skip("no gradients")
    x = [0.0, 1.0, 4.0, INF] * 4
    found = ivy.grad(lambda a: ivy.sum(getattr(ivy, name)(a)))(MAKE[backend](np.asarray(x, "float32")))
    np.testing.assert_allclose(to_np(found), [slope(a) for a in x], rtol=1e-6)


def divide(a, b):
    with np.errstate(all="ignore"):
        return float(np.float64(a) / np.float64(b))


def floor_divide(a, b):
    """Infinities and zeros divide as they do in `divide`, all else rounds down."""
    if not (math.isfinite(a) and math.isfinite(b) and b):
        return divide(a, b)
    return a // b


def remainder(a, b):
    """A zero has the divisor's sign, an infinite divisor leaves what has its sign; none of an infinity."""
    if a != a or b != b or math.isinf(a) or b == 0:
        return NAN
    if math.isinf(b):
        return math.copysign(0.0, b) if a == 0 else a if (a < 0) == (b < 0) else b
    return a % b


def quotient(a, b):
    """As `floor_divide`, but the quotient that belongs to the remainder."""
    if math.isinf(a) and b != 0:
        return NAN
    if math.isinf(b) and math.isfinite(a) and a and (a < 0) != (b < 0):
        return -1.0
    return floor_divide(a, b)


def power(a, b):
    if a == 0 and b < 0:  # an error in Python
        odd = math.isfinite(b) and b % 2 == 1
        return math.copysign(INF, a) if odd else INF
    return math.pow(a, b)


def greater(a, b):
    return NAN if a != a or b != b else max(a, b)


def smaller(a, b):
    return NAN if a != a or b != b else min(a, b)


BINARY = {
    "add": operator.add, "atan2": math.atan2, "copysign": math.copysign, "divide": divide,
    "floor_divide": floor_divide, "hypot": math.hypot, "multiply": operator.mul, "pow": power, "quotient": quotient,
    "remainder": remainder, "subtract": operator.sub,
}  # fmt: skip
ORDER = {"maximum": greater, "minimum": smaller}


@pytest.mark.parametrize("name", [*BINARY, *ORDER])
def test_special_values_of_two_operands(backend, name):
    pairs = np.asarray(list(itertools.product(SPECIAL, SPECIAL)), "float32")
    total = real({**BINARY, **ORDER}[name])
    expected = np.asarray([total(float(a), float(b)) for a, b in pairs], "float32")
    left, right = (MAKE[backend](np.ascontiguousarray(x)) for x in pairs.T)
    found = to_np(getattr(ivy, name)(left, right))
    if name in ORDER or name == "quotient":  # 0 and -0 in any order; Python's division has each framework's own zeros
        np.testing.assert_array_equal(found, expected)
    else:
        same(found, expected, name)


@pytest.mark.parametrize("divisor", [2.0, -2.0, INF, -INF])
@pytest.mark.parametrize("name", ["floor_divide", "remainder", "quotient"])
def test_special_values_with_scalars(backend, name, divisor):
    x = MAKE[backend](np.asarray(SPECIAL, "float32"))
    expected = np.asarray([BINARY[name](a, divisor) for a in SPECIAL], "float32")
    found = to_np(getattr(ivy, name)(x, divisor))
    if name == "quotient":
        np.testing.assert_array_equal(found, expected)
    else:
        same(found, expected, name)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "uint32"])
def test_integers_divide_as_in_python(backend, dtype):
    a, b = np.asarray([7, 120, 5, 0, 100], dtype), np.asarray([2, 7, 5, 3, 101], dtype)
    if dtype.startswith("int"):
        a, b = np.concatenate([a, -a, a, -a]), np.concatenate([b, b, -b, -b])
    for name, expected in {"floor_divide": a // b, "quotient": a // b, "remainder": a % b}.items():
        found = to_np(getattr(ivy, name)(MAKE[backend](a), MAKE[backend](b)))
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)


def test_large_unsigned_integers_divide(backend):
    if ivy.zeros(1, dtype="uint64").dtype != "uint64":
        pytest.skip("JAX has no uint64 here")
    values = [1, 2, 3, 10, 2**32 + 1, 2**63 - 1, 2**63, 2**63 + 5, 2**64 - 2, 2**64 - 1]
    a, b = (np.asarray(x, "uint64") for x in zip(*itertools.product([0, *values], values), strict=True))
    for name, expected in {"floor_divide": a // b, "quotient": a // b, "remainder": a % b}.items():
        found = to_np(getattr(ivy, name)(MAKE[backend](a), MAKE[backend](b)))
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected, err_msg=name)


def test_containers_of_results(backend):
    x, y = ivy.asarray([1.0, 2.0]), ivy.asarray([[3.0], [4.0]])
    for found in (ivy.broadcast_arrays(x, y), ivy.meshgrid(x, x), ivy.unstack(y), ivy.nonzero(x)):
        assert type(found) is tuple
        assert all(isinstance(part, ivy.Array) for part in found)
    matrix = ivy.asarray([[2.0, 1.0], [1.0, 3.0]])
    fields = {
        "eigh": ("eigenvalues", "eigenvectors"),
        "eig": ("eigenvalues", "eigenvectors"),
        "qr": ("Q", "R"),
        "slogdet": ("sign", "logabsdet"),
        "svd": ("U", "S", "Vh"),
    }
    for name, names in fields.items():
        for given in (matrix, matrix.data):
            found = getattr(ivy.linalg, name)(given)
            assert isinstance(found, tuple)
            for part, field in zip(found, names, strict=True):
                assert getattr(found, field) is part
                assert isinstance(part, ivy.Array) == isinstance(given, ivy.Array)


def test_dtypes_are_no_strings():
    for dtype in DType:
        assert not isinstance(dtype, str)
        assert dtype == str(dtype)
        assert {str(dtype): 1}[dtype] == 1
        assert (dtype == "other") is False
    assert ivy.isdtype(ivy.uint8, (ivy.uint8, "bool"))
    assert not ivy.isdtype(ivy.uint8, ivy.int8)
    assert isinstance(ivy.finfo("complex64").dtype, DType)
    assert isinstance(ivy.iinfo("int8").dtype, DType)
    assert np.dtype(ivy.float32) == np.float32


def test_facts_about_the_backend_in_force(backend):
    info = ivy.__array_namespace_info__()
    assert info.default_device() in info.devices()
    assert ivy.zeros(1).device == info.default_device()
    found = info.dtypes(kind="numeric")
    assert {"float32", "complex64", "int32"} <= set(found)
    assert not {"bool", "bfloat16"} & set(found)
    for name, dtype in found.items():
        assert ivy.zeros(1, dtype=dtype).dtype == name
    for kind, dtype in info.default_dtypes().items():
        if kind != "indexing":
            made = {"real floating": 1.0, "complex floating": 1j, "integral": 1}[kind]
            assert ivy.asarray(made).dtype == dtype


def test_dlpack(backend):
    names = list(inspect.signature(ivy.Array.__dlpack__).parameters)
    assert names == ["self", "stream", "max_version", "dl_device", "copy"]
    x = ivy.asarray([1.0, 2.0, 3.0])
    kind, number = x.__dlpack_device__()
    for options in ({}, {"copy": True}, {"copy": False}, {"max_version": (1, 0)}, {"dl_device": (int(kind), number)}):
        assert x.__dlpack__(**options) is not None
    with pytest.raises(BufferError):
        x.__dlpack__(dl_device=(13, 0))
    taken = ivy.from_dlpack(x, copy=True, device=x.device)
    np.testing.assert_array_equal(np.asarray(taken), [1.0, 2.0, 3.0])


def test_asarray_without_a_copy_is_the_array(backend):
    x = ivy.asarray([1.0, 2.0])
    same_array, other = ivy.asarray(x), ivy.asarray(x, copy=True)
    x[0] = 5.0
    assert float(same_array[0]) == 5.0
    assert float(other[0]) == 1.0


@pytest.mark.parametrize("axes", [(0, 0), (0, -3), (4,), (-4, 0)])
def test_new_axes_are_distinct_and_in_range(backend, axes):
    with pytest.raises(AxisError):
        ivy.expand_dims(ivy.zeros(2), axis=axes)


def test_nonzero_needs_axes(backend):
    with pytest.raises(ValueError, match=r"axes|0d|dimension"):
        ivy.nonzero(ivy.asarray(1.0))


@pytest.mark.parametrize(
    ("convert", "value"),
    [(int, 1j), (float, 1j), (operator.index, 1.5), (operator.index, [1]), (int, [1, 2]), (complex, [1.0, 2.0])],
)
def test_conversions_that_lose_something_are_type_errors(backend, convert, value):
    with pytest.raises(TypeError):
        convert(ivy.asarray(value))


def test_conversions(backend):
    assert int(ivy.asarray(2.7)) == 2
    assert operator.index(ivy.asarray(3)) == 3
    assert complex(ivy.asarray(1.5)) == 1.5
    assert bool(ivy.asarray([1.0]))
    with pytest.raises(ValueError, match="neither"):
        bool(ivy.asarray([1, 2]))


def test_linalg_diagonal_takes_the_last_axes(backend):
    x = np.arange(24.0).reshape(2, 3, 4)
    for offset in (-1, 0, 2):
        found = to_np(ivy.linalg.diagonal(MAKE[backend](x.astype("float32")), offset=offset))
        np.testing.assert_array_equal(found, np.diagonal(x, offset, -2, -1))


def test_spread_over_no_axis(backend):
    x = MAKE[backend](np.asarray([[1.0, -2.0]], "float32"))
    np.testing.assert_array_equal(to_np(ivy.var(x, axis=())), [[0.0, 0.0]])
    np.testing.assert_array_equal(to_np(ivy.linalg.vector_norm(x, axis=())), [[1.0, 2.0]])


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0), (0, 0)])
def test_masks_of_length_0_select_nothing(backend, shape):
    x = np.arange(6.0, dtype="float32").reshape(2, 3)
    mask = np.zeros(shape, bool)
    found = ivy.Array(MAKE[backend](x))[ivy.Array(MAKE[backend](mask))]
    assert found.shape == x[mask].shape


@pytest.mark.parametrize("key", [1, [False, True]])
@pytest.mark.parametrize("value", [1 / 3, 1e300, 2**40])
def test_numbers_are_written_with_all_digits(backend, key, value):
    if backend == "jax" and ivy.zeros(1, dtype="float64").dtype != "float64":
        pytest.skip("JAX has no float64 here")
    x = ivy.zeros(2, dtype="float64")
    x[ivy.asarray(key) if isinstance(key, list) else key] = value
    assert x.tolist() == [0.0, value]


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "int8", "int16", "int64"])
def test_integers_become_those_of_python(backend, dtype):
    x = ivy.asarray(7, dtype=dtype)
    assert (x.item(), int(x), float(x), operator.index(x), bool(x)) == (7, 7, 7.0, 7, True)


def test_complex_numbers_are_repeated(backend):
    x, times = np.asarray([1j, 2.0, 3.0 - 1j], "complex64"), np.asarray([2, 0, 1])
    found = ivy.repeat(MAKE[backend](x), MAKE[backend](times))
    np.testing.assert_array_equal(to_np(found), np.repeat(x, times))


@pytest.mark.parametrize("size", [1e-25, 1e-20, 1.0, 1e20, 1e30])
@pytest.mark.parametrize("dtype", ["float32", "complex64"])
def test_qr_of_large_and_small_numbers(backend, dtype, size):
    x = np.asarray([[1.0, 2.0], [3.0, 4.0], [0.5, -1.0]], dtype) * np.asarray(size, dtype)
    x = x * np.asarray(1 + 1j, dtype) if dtype == "complex64" else x
    q, r = (to_np(part) for part in ivy.linalg.qr(MAKE[backend](x)))
    np.testing.assert_allclose((q @ r) / size, x / size, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(np.conj(q.T) @ q, np.eye(2), atol=1e-5)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "int32", "int64"])
@pytest.mark.parametrize("shapes", [((3,), (3,)), ((2, 3), (3, 2)), ((4, 2, 3), (3, 2))])
def test_products_of_integers_are_exact(backend, dtype, shapes):
    if ivy.zeros(1, dtype=dtype).dtype != dtype:
        pytest.skip("JAX has no 64-bit integers here")
    limits, generator = np.iinfo(dtype), np.random.default_rng(0)
    a, b = (generator.integers(limits.min, limits.max, shape, dtype=dtype) for shape in shapes)
    np.testing.assert_array_equal(to_np(ivy.matmul(MAKE[backend](a), MAKE[backend](b))), a @ b)
