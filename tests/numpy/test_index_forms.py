"""Every form of key of up to four parts, on every backend against NumPy, and in the PyTorch frontend against PyTorch."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import ivy.functional as ops
from ivy import backend as ivy_backend
from ivy.transpiler.api import transpile

TARGETS = ("numpy", "torch", "jax", "tensorflow", "paddle")
ARRAYS = {n: np.arange(np.prod((2, 3, 4)[3 - n :], dtype=int) + 0.0).reshape((2, 3, 4)[3 - n :]) for n in range(4)}
PARTS = {
    "slice": slice(None),
    "reverse": slice(None, None, -1),
    "integer": 1,
    "new": None,
    "ellipsis": Ellipsis,
    "vector": np.array([1, 0, 1]),
    "column": np.array([[1], [0]]),
    "number": np.array(1),
    "true": True,
    "false": np.array(False),
    "empty": np.zeros(0, int),
}
ONCE = ("ellipsis", "new", "true", "false", "column", "reverse")
KEYS = [
    names
    for n in range(5)
    for names in itertools.product(PARTS, repeat=n)
    if all(names.count(name) <= 1 for name in ONCE) and sum(PARTS[n] is not None and n not in ONCE for n in names) <= 3
]


def _key(names):
    return tuple(PARTS[name] for name in names)


def _cases(share):
    """Yield an array, the key, its names and what NumPy gives, for one key in `share`."""
    for k, names in enumerate(KEYS):
        if k % share:
            continue
        for x in ARRAYS.values():
            try:
                yield x, _key(names), names, x[_key(names)]
            except IndexError:
                continue


SHARES = {"numpy": 3, "torch": 5, "jax": 401, "tensorflow": 97, "paddle": 41}


def _native(part, module):
    return module.from_foreign(part, copy=True) if isinstance(part, np.ndarray) else part


@pytest.mark.parametrize("backend", TARGETS)
def test_reading_agrees_with_numpy(backend):
    module = ivy_backend.get_backend(backend).module
    done = 0
    for x, key, names, want in _cases(SHARES[backend]):
        got = np.asarray(ops.get_item(_native(x, module), tuple(_native(k, module) for k in key)))
        assert got.shape == want.shape, names
        assert (got == want).all(), names
        done += 1
    assert done > 20


@pytest.mark.parametrize("backend", TARGETS)
def test_writing_agrees_with_numpy(backend):
    module = ivy_backend.get_backend(backend).module
    for x, key, names, part in _cases(SHARES[backend] * 2):
        value = np.arange(part.size + 0.0).reshape(part.shape)
        flat = np.arange(x.size).reshape(x.shape)[key]
        if np.unique(flat).size < np.size(flat):  # which of several values stays is not defined
            value = np.asarray(7.0)
        want = x.copy()
        want[key] = value
        native = tuple(_native(k, module) for k in key)
        got = np.asarray(ops.set_item(_native(x, module), native, _native(value, module)))
        assert (got == want).all(), names


def test_the_torch_frontend_agrees_with_torch():
    import torch

    from ivy_torch.frontend import frontend

    done = 0
    with ivy_backend.scope(ivy_backend.get_backend("numpy")):
        for names in KEYS[::5]:
            if "reverse" in names:  # torch has no negative steps
                continue
            key = _key(names)
            theirs = tuple(torch.from_numpy(k) if isinstance(k, np.ndarray) else k for k in key)
            for x in ARRAYS.values():
                try:
                    want = torch.from_numpy(np.array(x))[theirs].numpy()
                except IndexError:
                    continue
                got = np.asarray(frontend.unwrap(frontend.call("torch.Tensor.__getitem__", (x, key), {})))
                assert got.shape == want.shape, names
                assert (got == want).all(), names
                done += 1
    assert done > 200


@pytest.mark.parametrize("target", TARGETS)
def test_masks_without_axes(target):
    def read(x):
        return x[x > 0], x[..., x > 0], x[None][np.asarray(True)]

    def write(x):
        y = x.copy()
        y[y > 0] = 5
        np.add.at(y, y > 5, 1)
        return y

    for value in (2.0, -2.0):
        x = np.asarray(value)
        for fn in (read, write):
            want = fn(x)
            got = transpile(fn, source="numpy", to=target)(x)
            pairs = zip(got, want, strict=True) if isinstance(want, tuple) else [(got, want)]
            for a, b in pairs:
                assert tuple(a.shape) == np.shape(b)
                np.testing.assert_array_equal(np.asarray(a), b)
