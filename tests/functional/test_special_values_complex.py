"""Complex functions at infinities, not-a-numbers, poles and branch cuts, against NumPy; signs of zeros; their gradients.

Where NumPy takes C's word and the standard has another, the signs of zeros, only their magnitudes are compared.
"""

import numpy as np
import pytest
from agreement import BACKENDS, DIFFERENTIABLE, F, call, same, to_native, to_numpy
from backends import outputs_and_gradients

from ivy.backend import get_backend, scope

NUMPY_NAMES = {
    "acos": np.arccos,
    "asin": np.arcsin,
    "atan": np.arctan,
    "acosh": np.arccosh,
    "asinh": np.arcsinh,
    "atanh": np.arctanh,
}
FUNCTIONS = (
    "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh",
    *NUMPY_NAMES, "abs", "negative", "conj",
)  # fmt: skip
PARTS = [-np.inf, -2.0, -1.0, -0.75, -0.0, 0.0, 0.5, 1.0, 3.0, np.inf, np.nan]


def grid(dtype):
    z = np.empty(len(PARTS) ** 2, dtype)
    z.real, z.imag = np.repeat(PARTS, len(PARTS)), np.tile(PARTS, len(PARTS))
    return z


def reference(op, z):
    z = z.astype("complex128")
    with np.errstate(all="ignore"):
        if op in ("expm1", "log1p"):  # NumPy's own differ from its exp and log
            inner = z.copy()
            inner.real += op == "log1p"
            outer = np.log(inner) if op == "log1p" else np.exp(inner)
            outer.real -= op == "expm1"
            return outer
        return NUMPY_NAMES.get(op, getattr(np, op, None))(z)


@pytest.mark.parametrize("op", FUNCTIONS)
@pytest.mark.parametrize("backend", BACKENDS)
def test_complex_grid(backend, op):
    z = grid("complex64")
    with np.errstate(all="ignore"):
        found, expected = call(op, backend, z), reference(op, z)
    assert found.dtype == ("float32" if op == "abs" else "complex64")
    for part, other in (("real", "imag"), ("imag", "real")):
        a, b = getattr(found, part), getattr(expected, part)
        loose = np.isinf(b) & np.isnan(getattr(expected, other))  # either sign will do
        a, b = np.where(loose, abs(a), a), np.where(loose, abs(b), b)
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6, err_msg=f"{op} {part}")


@pytest.mark.parametrize("backend", BACKENDS)
def test_sign_of_complex_numbers(backend):
    inf, nan = np.inf, np.nan
    z = np.asarray([0, complex(-0.0, -0.0), 3 - 4j, complex(inf, 1), complex(2, -inf), complex(nan, 1)], "complex64")
    expected = np.asarray([0, 0, 0.6 - 0.8j, 1, -1j, complex(nan, nan)], "complex64")
    same(call("sign", backend, z), expected, backend)
    if backend != "torch":  # where zeros keep their sign
        assert not np.signbit(call("sign", backend, np.asarray([-0.0, 0.0], "float32"))).any()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_remainders_of_nothing(backend, dtype):
    a = np.asarray([0.0, -0.0, 4.0, -4.0, 0.0, -0.0, 5.0], dtype)
    b = np.asarray([2.0, 2.0, 2.0, 2.0, -2.0, -2.0, -2.0], dtype)
    found = call("remainder", backend, a, b)
    same(found, np.remainder(a, b), backend)
    np.testing.assert_array_equal(np.signbit(found), np.signbit(b), err_msg=str(found))


@pytest.mark.parametrize("backend", DIFFERENTIABLE)
def test_remainders_of_nothing_have_gradients(backend):
    a, b = np.asarray([0.0, -0.0, 4.0, -0.0, 5.0], "float32"), np.asarray([2.0, 2.0, -2.0, -2.0, 3.0], "float32")

    def run(*values):
        with scope(get_backend(backend)):
            return [F.remainder(*values)]

    _, grads = outputs_and_gradients(backend, run, [a, b], [np.ones(5, "float32")])
    by_a, by_b = to_numpy(list(grads), backend)
    np.testing.assert_array_equal(by_a, 1)
    np.testing.assert_array_equal(by_b, -np.floor(a / b))


@pytest.mark.parametrize("backend", DIFFERENTIABLE)
@pytest.mark.parametrize("op", ["exp", "expm1", "log1p", "sqrt", "tanh", "asinh"])
def test_gradients_survive_the_limits(backend, op):
    """That of the real part by the real part, the derivative's real part, where the limits don't apply."""
    slope = {
        "exp": np.exp,
        "expm1": np.exp,
        "log1p": lambda z: 1 / (1 + z),
        "sqrt": lambda z: 0.5 / np.sqrt(z),
        "tanh": lambda z: 1 - np.tanh(z) ** 2,
        "asinh": lambda z: 1 / np.sqrt(1 + z * z),
    }[op]
    re, im = np.asarray([0.5, -0.25, 2.0, 0.1], "float32"), np.asarray([0.3, 0.5, 0.0, -2.0], "float32")

    def run(x):
        with scope(get_backend(backend)):
            return [F.real(getattr(F, op)(F.complex(x, to_native(im, backend))))]

    _, grads = outputs_and_gradients(backend, run, [re], [np.ones(4, "float32")])
    np.testing.assert_allclose(to_numpy(list(grads), backend)[0], slope(re + 1j * im).real, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("first", [0.0, -0.0])
def test_zeros_of_python_keep_their_sign(backend, first):
    """Whichever was made first: TensorFlow keeps its constants by their value."""
    with scope(get_backend(backend)):
        made = [F.asarray(first), F.asarray(-first), F.full((2,), first), F.full((2,), -first)]
        ones = F.ones((2,))
        made += [F.asarray(complex(1, first)), F.asarray(complex(1, -first)), F.copysign(ones, -first)]
        if backend != "paddle":  # adds 0 to products with numbers
            made += [F.multiply(ones, -first), F.multiply(ones, first)]
    found = [to_numpy(x, backend) for x in made]
    signs = [bool(np.signbit(x.imag if np.iscomplexobj(x) else x).all()) for x in found]
    minus = bool(np.signbit(first))
    assert signs == [minus, not minus, minus, not minus, minus, not minus, not minus, not minus, minus][: len(found)]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("eigh", ("eigenvalues", "eigenvectors")),
        ("eig", ("eigenvalues", "eigenvectors")),
        ("qr", ("Q", "R")),
        ("slogdet", ("sign", "logabsdet")),
        ("svd", ("U", "S", "Vh")),
    ],
)
def test_decompositions_have_named_parts(backend, op, fields):
    from ivy.functional import namespace

    with scope(get_backend(backend)):
        found = namespace("linalg")[op](to_native(np.asarray([[2.0, 1.0], [1.0, 3.0]], "float32"), backend))
    for place, field in enumerate(fields):
        np.testing.assert_array_equal(to_numpy(found[place], backend), to_numpy(getattr(found, field), backend))
