"""Runs one op on every backend and compares it with a reference: values, dtype, shape, and gradients."""

import ml_dtypes
import numpy as np
from backends import BACKENDS, DIFFERENTIABLE, canonical, outputs_and_gradients

import ivy.functional as F
from ivy.backend import get_backend, scope
from ivy.dtypes import as_dtype
from ivy.functional.registry import OPS

TOLERANCE = {
    "float16": 2e-3,
    "bfloat16": 2e-2,
    "float32": 1e-5,
    "complex64": 1e-5,
    "float64": 1e-10,
    "complex128": 1e-10,
}


def to_native(x, backend):
    """Arrays, within containers too, as the backend's own; NumPy arrays are what tests write."""
    if isinstance(x, (list, tuple)):
        return type(x)(to_native(v, backend) for v in x)
    if isinstance(x, (np.ndarray, np.generic)):
        return get_backend(backend).module.from_foreign(x, copy=True)
    return x


def to_numpy(x, backend):
    if isinstance(x, (list, tuple)):
        return [to_numpy(v, backend) for v in x]
    return np.asarray(get_backend(backend).module.to_numpy(x)) if hasattr(x, "shape") else x


def call(op, backend, *args, **kwargs):
    """The op's result on one backend, as NumPy."""
    with scope(get_backend(backend)):
        function = OPS[op].public if isinstance(op, str) else op
        result = function(*to_native(args, backend), **{k: to_native(v, backend) for k, v in kwargs.items()})
    return to_numpy(result, backend)


def same(found, expected, backend, *, dtype=None, tolerance=None, where=""):
    """Compare with a reference; `dtype` is the expected one, None takes the reference's."""
    if isinstance(expected, (list, tuple)):
        assert len(found) == len(expected), where
        for a, b in zip(found, expected, strict=True):
            same(a, b, backend, dtype=dtype, tolerance=tolerance, where=where)
        return
    expected = np.asarray(expected)
    wanted = canonical(as_dtype(dtype if dtype is not None else expected.dtype), backend)
    assert as_dtype(found.dtype) == wanted, f"{where}: dtype {found.dtype}, not {wanted}"
    assert found.shape == expected.shape, f"{where}: shape {found.shape}, not {expected.shape}"
    limit = tolerance or TOLERANCE.get(wanted, 0)
    if as_dtype(wanted).kind in ("float", "complex"):
        wide = "complex128" if as_dtype(wanted).is_complex else "float64"
        np.testing.assert_allclose(
            found.astype(wide), expected.astype(wide), rtol=limit, atol=limit, err_msg=where, equal_nan=True
        )
    else:
        np.testing.assert_array_equal(found, expected.astype(found.dtype), err_msg=where)


def gradients(op, args, kwargs, which):
    """The gradients of the sum of weighted results with respect to some arguments, by each backend that has them."""
    rng = np.random.default_rng(7)
    factors = []
    for y in _floats(
        call(op, "numpy", *[np.asarray(a, "float32") if i in which else a for i, a in enumerate(args)], **kwargs)
    ):
        factors.append(rng.uniform(0.5, 1.5, y.shape).astype("float32"))
    found = {}
    for name in DIFFERENTIABLE:

        def run(*values, name=name):
            full = to_native(list(args), name)
            for i, x in zip(which, values, strict=True):
                full[i] = x
            with scope(get_backend(name)):
                return _floats(OPS[op].public(*full, **{k: to_native(v, name) for k, v in kwargs.items()}))

        _, grads = outputs_and_gradients(name, run, [np.asarray(args[i], "float32") for i in which], factors)
        found[name] = to_numpy(list(grads), name)
    return found


def _floats(result):
    results = result if isinstance(result, (list, tuple)) else [result]
    return [y for y in results if as_dtype(y.dtype).is_float]


def numerical(op, args, kwargs, which, step=1e-5):
    """The same gradients by central differences on NumPy in float64."""
    rng = np.random.default_rng(7)
    args = [np.asarray(a, "float64") if i in which else a for i, a in enumerate(args)]

    def value(values):
        outputs = call(op, "numpy", *values, **kwargs)
        outputs = [y for y in (outputs if isinstance(outputs, list) else [outputs]) if y.dtype.kind == "f"]
        return sum((y * w).sum() for y, w in zip(outputs, factors, strict=True))

    outputs = call(op, "numpy", *args, **kwargs)
    outputs = [y for y in (outputs if isinstance(outputs, list) else [outputs]) if y.dtype.kind == "f"]
    factors = [rng.uniform(0.5, 1.5, y.shape).astype("float32") for y in outputs]
    result = []
    for i in which:
        slope = np.zeros_like(args[i])
        for place in np.ndindex(slope.shape):
            ends = []
            for sign in (1, -1):
                moved = [a.copy() if j == i else a for j, a in enumerate(args)]
                moved[i][place] += sign * step
                ends.append(value(moved))
            slope[place] = (ends[0] - ends[1]) / (2 * step)
        result.append(slope)
    return result


BF16 = ml_dtypes.bfloat16
__all__ = [
    "BACKENDS",
    "BF16",
    "DIFFERENTIABLE",
    "F",
    "call",
    "canonical",
    "gradients",
    "numerical",
    "same",
    "to_native",
    "to_numpy",
]
