"""Bessel and Airy functions and those of probability, on every backend and by their bodies, against SciPy."""

import warnings
from contextlib import nullcontext

import numpy as np
import pytest
import scipy.special as sp
from agreement import BACKENDS, BF16, call, gradients, numerical, same
from backends import wide

import ivy.functional as F
from ivy.backend import body_of, get_backend
from ivy.errors import DtypeError

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy warns of the NaN and infinities asked for

OSCILLATING = np.array([1e-3, 0.4, 1.0, 2.0, 2.7, 4.9, 5.1, 7.9, 8.0, 8.1, 13.0, 40.0])
BOTH = np.concatenate([-OSCILLATING, [0.0], OSCILLATING])
TAILS = np.array([-30.0, -9.0, -5.2, -1.1, -1.0, -0.4, 0.0, 0.3, 1.0, 2.5, 6.0])

# op -> (reference, points, whether the float32 result is within 1e-5 of its own size, else of 1)
ONE = {
    "bessel_j0": (sp.j0, BOTH, False),
    "bessel_j1": (sp.j1, BOTH, False),
    "bessel_y0": (sp.y0, OSCILLATING, False),
    "bessel_y1": (sp.y1, OSCILLATING, False),
    "k0": (sp.k0, OSCILLATING, True),
    "k1": (sp.k1, OSCILLATING, True),
    "k0e": (sp.k0e, OSCILLATING, True),
    "k1e": (sp.k1e, OSCILLATING, True),
    "airy_ai": (lambda x: sp.airy(x)[0], np.concatenate([-OSCILLATING[:-1], OSCILLATING[:-1] / 2]), False),
    "spherical_bessel_j0": (lambda x: sp.spherical_jn(0, x), OSCILLATING, False),
    "tgamma": (sp.gamma, np.array([-3.6, -2.5, -0.5, 0.1, 0.5, 1.0, 3.2, 6.0]), True),
    "erfcx": (sp.erfcx, np.array([-3.0, -0.7, 0.0, 0.2, 1.0, 4.0, 30.0, 1e6]), True),
    "ndtr": (sp.ndtr, TAILS[1:], False),
    "log_ndtr": (sp.log_ndtr, TAILS, True),
    "ndtri": (sp.ndtri, np.array([1e-30, 1e-9, 0.01, 0.3, 0.5, 0.7, 0.99]), True),
    "log1mexp": (lambda x: np.log(-np.expm1(-x)), np.array([1e-6, 0.1, 0.69, 0.7, 3.0, 20.0]), True),
    "entr": (sp.entr, np.array([0.01, 0.5, 1.5, 8.0]), False),
}
TWO = {
    "betaln": (sp.betaln, np.array([0.2, 1.0, 2.5, 7.0]), np.array([3.0, 0.7, 1.2, 2.0])),
    "rel_entr": (sp.rel_entr, np.array([0.2, 1.0, 2.5, 7.0]), np.array([3.0, 0.7, 1.2, 2.0])),
    "xlog1py": (sp.xlog1py, np.array([0.2, 1.0, 2.5, 7.0]), np.array([3.0, 0.7, -0.2, 2.0])),
}
ENDS = np.array([np.inf, -np.inf, np.nan, 0.0, -0.0, -1.0, -2.0, 1.0])


def compare(found, expected, dtype, relative, where):
    rtol, atol = {"float64": (1e-9, 1e-12), "float32": (2e-5, 2e-5), "float16": (3e-3, 3e-3)}.get(dtype, (2e-2, 2e-2))
    assert str(found.dtype) == dtype, where
    if dtype == "float32" and relative:
        atol = 1e-35
    np.testing.assert_allclose(found.astype("float64"), expected, rtol=rtol, atol=atol, err_msg=where)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16"])
@pytest.mark.parametrize("op", [*ONE, *TWO])
def test_values(op, dtype):
    reference, *points = (ONE | TWO)[op]
    relative = points.pop() if op in ONE else False
    arrays = [p.astype(BF16 if dtype == "bfloat16" else dtype) for p in points]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = reference(*(a.astype("float64") for a in arrays))
        if dtype == "float16":  # what its range can't hold
            expected = expected.astype("float16").astype("float64")
        for backend in BACKENDS:
            with wide(backend) if dtype == "float64" else nullcontext():
                compare(call(op, backend, *arrays), expected, dtype, relative, f"{op} on {backend}")
        if "float16" not in dtype:
            found = body_of(getattr(F, op), "numpy")(*arrays)
            compare(np.asarray(found), expected, dtype, relative, f"body of {op}")


@pytest.mark.parametrize("op", [n for n in ONE if n not in ("spherical_bessel_j0", "log1mexp")])
def test_ends_and_poles(op):
    reference = ONE[op][0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = reference(ENDS)
        if op.startswith(("bessel", "airy")):  # SciPy has no limit there
            expected[:2] = np.where(op.startswith("bessel_y"), [0, np.nan], 0)
    for backend in BACKENDS:
        same(call(op, backend, ENDS), expected, backend, dtype="float64", tolerance=2e-5, where=f"{op} on {backend}")
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(body_of(getattr(F, op), "numpy")(ENDS), expected, rtol=1e-9)


@pytest.mark.parametrize("op", [*ONE, *TWO])
def test_gradients(op):
    points = list((ONE | TWO)[op][1:])
    points = [p.astype("float32") for p in (points[:1] if op in ONE else points)]
    if op == "ndtri":
        points = [points[0][2:]]
    if op == "log1mexp":
        points = [points[0][1:]]
    points = [p[(np.abs(p) > 0.05) & (np.abs(p) < 100)] if op in ONE else p for p in points]
    places = list(range(len(points)))
    expected = numerical(op, points, {}, places)
    for backend, found in gradients(op, points, {}, places).items():
        for f, e in zip(found, expected, strict=True):
            np.testing.assert_allclose(f, e, rtol=2e-3, atol=1e-4, err_msg=backend)


@pytest.mark.parametrize("op", ["bessel_j0", "bessel_j1", "airy_ai", "erfcx", "log_ndtr"])
def test_gradients_at_the_origin(op):
    expected = numerical(op, [np.zeros(2)], {}, [0])[0]
    for backend, (found,) in gradients(op, [np.zeros(2)], {}, [0]).items():
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5, err_msg=backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_zero_logarithms_count_nothing(backend):
    zero = np.array([0.0, 0.0, 1.0, -1.0, np.nan])
    same(call("entr", backend, zero), sp.entr(zero), backend)
    other = np.array([0.0, 2.0, 0.0, 1.0, 1.0])
    same(call("rel_entr", backend, zero, other), sp.rel_entr(zero, other), backend)
    same(call("xlog1py", backend, zero[:2], np.array([-1.0, 3.0])), np.zeros(2), backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_multigammaln(backend):
    x = np.array([2.6, 4.0, 9.0], "float32")
    same(call("multigammaln", backend, x, d=3), sp.multigammaln(x.astype("float64"), 3), backend, dtype="float32")
    assert np.isnan(call("multigammaln", backend, np.array([0.7], "float32"), d=3)).all()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("op", ["bessel_j0", "k1e", "tgamma", "ndtri", "entr"])
def test_integers_shapes_and_complex_numbers(op, backend):
    same(call(op, backend, np.ones((2, 1), "int32")), ONE[op][0](np.ones((2, 1))), backend, dtype="float32")
    assert call(op, backend, np.ones((0, 3), "float32")).shape == (0, 3)
    assert call(op, backend, np.asarray(1.0, "float32")).shape == ()
    if get_backend(backend).native(getattr(F, op).__ivy_op__) is None and op != "entr":
        with pytest.raises(DtypeError):
            call(op, backend, np.ones(2, "complex64"))
