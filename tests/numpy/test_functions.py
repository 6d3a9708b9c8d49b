"""Every public function of NumPy is supported, and agrees with NumPy on every target, or is listed with a reason."""

from __future__ import annotations

import inspect
import tomllib
from pathlib import Path

import numpy as np
import pytest
from cases import CASES, INPUTS

import ivy_numpy
from ivy.graph.containers import flatten
from ivy.transpiler.api import transpile
from ivy_numpy.frontend import frontend

SUPPORT = tomllib.loads((Path(ivy_numpy.__file__).parent / "support.toml").read_text())["frontend"]
TARGETS = ("numpy", "torch", "jax")


# They tell of shapes and dtypes only, so that nothing is recorded; tested in test_capture.
FACTS = frozenset(
    [
        "array2string",
        "array_repr",
        "array_str",
        "broadcast_shapes",
        "can_cast",
        "common_type",
        "einsum_path",
        "iscomplexobj",
        "isdtype",
        "isfortran",
        "isrealobj",
        "isscalar",
        "issubdtype",
        "iterable",
        "may_share_memory",
        "min_scalar_type",
        "ndim",
        "promote_types",
        "result_type",
        "shape",
        "shares_memory",
        "size",
        "random.default_rng",
    ]
)


def public() -> list[str]:
    """Paths, without ``numpy.``, of the public functions that take arrays or make them."""
    found = []
    for prefix, space in (("", np), ("linalg.", np.linalg), ("fft.", np.fft), ("random.", np.random)):
        for name, value in vars(space).items():
            if name.startswith("_") or isinstance(value, type) or inspect.ismodule(value) or not callable(value):
                continue
            found.append(prefix + name)
    return sorted(found)


@pytest.mark.parametrize("name", public())
def test_every_public_function_is_tested_or_listed(name):
    if name in FACTS:
        assert name not in SUPPORT
    elif name.startswith("random."):
        assert frontend.supports(f"numpy.{name}") != (name in SUPPORT)
    else:
        assert (name in CASES) != (name in SUPPORT), "neither supported nor listed, or both"


def test_what_is_listed_exists_and_says_why():
    for name, entry in SUPPORT.items():
        assert name in public() or name.startswith("ndarray."), name
        assert entry["reason"]


def _arguments(call):
    names = list(inspect.signature(call).parameters)[1:]
    return [INPUTS[n].copy() for n in names]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("path", CASES)
def test_agrees_with_numpy(path, target):
    import torch  # noqa: F401

    for k, call in enumerate(CASES[path]):
        args = _arguments(call)
        with np.errstate(all="ignore"):
            wanted = call(np, *[a.copy() for a in args])
        given = [a.copy() for a in args]
        ivy_call = transpile(lambda *xs, call=call: call(np, *xs), source="numpy", to=target)
        with np.errstate(all="ignore"):
            result = ivy_call(*given)
        for before, after in zip(args, given):
            np.testing.assert_array_equal(before, after)
        leaves, spec = flatten(result)
        expected, expected_spec = flatten(wanted)
        assert spec == expected_spec, (path, k)
        for got, want in zip(leaves, expected):
            want = np.asarray(want)
            got = np.asarray(got.resolve_conj() if hasattr(got, "resolve_conj") else got)
            assert got.shape == want.shape, (path, k)
            assert got.dtype == _canonical(want.dtype, target), (path, k)
            wide = target != "jax" and want.dtype not in ("float32", "complex64", "float16")
            np.testing.assert_allclose(got, want, *((1e-7, 1e-9) if wide else (2e-4, 2e-5)), err_msg=f"{path} {k}")


def _canonical(dtype, target):
    if target != "jax":
        return dtype
    return {"float64": "float32", "int64": "int32", "uint64": "uint32", "complex128": "complex64"}.get(
        str(dtype), dtype
    )
