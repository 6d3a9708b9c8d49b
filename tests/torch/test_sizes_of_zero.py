"""Sizes of zero, results whose size rests on values, and integers at their limits, against PyTorch on every target."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ivy.transpiler.api import transpile

F = torch.nn.functional
TARGETS = ("numpy", "torch", "jax", "tensorflow", "paddle")
INTS = torch.tensor([[3, 1], [3, 1], [0, 2]])
FLOATS = INTS.float()
BYTES = torch.tensor([255, 255, 3], dtype=torch.uint8)
SMALL = torch.tensor([2, 1, -1, 0, 3], dtype=torch.int32)
EXPONENTS = torch.tensor([-2, -2, -1, 1, 2], dtype=torch.int32)

CASES = {
    "unique of nothing": (lambda x: x[:0].unique(), INTS),
    "unique": (lambda x: x.unique(), INTS),
    "unique rows": (lambda x: x.unique(dim=0), INTS),
    "unique columns": (lambda x: x.unique(dim=1), INTS),
    "unique rows with counts": (lambda x: torch.unique(x, dim=0, return_inverse=True, return_counts=True), FLOATS),
    "unique rows of nothing": (lambda x: x[:0].unique(dim=0), INTS),
    "consecutive rows": (lambda x: torch.unique_consecutive(x, dim=0, return_counts=True), FLOATS),
    "consecutive of nothing": (lambda x: torch.unique_consecutive(x[:0], return_inverse=True), FLOATS),
    "a true mask without axes": (lambda x: x[x > 0], torch.tensor(3.0)),
    "a false mask without axes": (lambda x: x[x > 0], torch.tensor(-3.0)),
    "a mask without axes beside a slice": (lambda x: x[:, x.sum() > 0, 1:], FLOATS),
    "joining with nothing": (lambda x: torch.cat([torch.zeros(0), x]), torch.arange(3)),
    "joining nothing alone": (lambda x: torch.cat([torch.zeros(0), x[:0]]), torch.arange(3)),
    "sum": (lambda x: x[:0].sum(), FLOATS),
    "mean": (lambda x: x[:0].mean(), FLOATS),
    "prod": (lambda x: x[:0].prod(0), FLOATS),
    "std": (lambda x: x[:0].std(0), FLOATS),
    "norm": (lambda x: x[:0].norm(), FLOATS),
    "amax": (lambda x: x[:0].amax(1), FLOATS),
    "all": (lambda x: (x[:0] > 1).all(), FLOATS),
    "any": (lambda x: (x[:0] > 1).any(0), FLOATS),
    "nonzero": (lambda x: x[:0].nonzero(), FLOATS),
    "nothing is nonzero": (lambda x: (x > 100).nonzero(), FLOATS),
    "sort": (lambda x: x[:0].sort(0), FLOATS),
    "argsort": (lambda x: x[:0].argsort(0), FLOATS),
    "topk": (lambda x: x[:0].topk(1, 1), FLOATS),
    "cumsum": (lambda x: x[:0].cumsum(0), FLOATS),
    "matmul": (lambda x: x[:0] @ x.T, FLOATS),
    "matmul over nothing": (lambda x: x[:, :0] @ x[:, :0].T, FLOATS),
    "einsum": (lambda x: torch.einsum("ij,kj->ik", x[:0], x), FLOATS),
    "softmax": (lambda x: x[:0].softmax(1), FLOATS),
    "logsumexp": (lambda x: x[:0].logsumexp(1), FLOATS),
    "layer norm": (lambda x: F.layer_norm(x[:0], (2,)), FLOATS),
    "linear": (lambda x: F.linear(x[:0], x), FLOATS),
    "pad": (lambda x: F.pad(x[:0], (1, 1)), FLOATS),
    "stack": (lambda x: torch.stack([x[:0], x[:0]]), FLOATS),
    "split": (lambda x: x[:0].split(1), FLOATS),
    "gather": (lambda x: x.gather(0, torch.zeros((0, 2), dtype=torch.int64)), FLOATS),
    "index_select": (lambda x: x.index_select(0, torch.zeros(0, dtype=torch.int64)), FLOATS),
    "embedding": (lambda x: F.embedding(torch.zeros((0,), dtype=torch.int64), x), FLOATS),
    "repeat": (lambda x: x.repeat(0, 1), FLOATS),
    "masked_select": (lambda x: x.masked_select(x > 100), FLOATS),
    "diff": (lambda x: x[:1].diff(dim=0), FLOATS),
    "negative powers": (lambda x, n: x**n, SMALL, EXPONENTS),
    "negative powers of a number": (lambda n: 2**n, EXPONENTS),
    "negative powers of a 0-d tensor": (lambda n: torch.tensor([3, 2])[0] ** n, EXPONENTS),
    "powers of a float": (lambda x: x**-2.0, SMALL[:3]),
    "below a byte": (lambda x: x < -2, BYTES),
    "a byte and 300": (lambda x: x + 300, BYTES),
    "300 and a byte": (lambda x: 300 - x, BYTES),
    "equal to a wrapped number": (lambda x: x == 259, BYTES),
    "times a negative number": (lambda x: x * -2, BYTES),
    "bits": (lambda x: x & 300, BYTES),
    "the larger of a byte and a 0-d tensor": (lambda x: torch.maximum(x, torch.tensor(300)), BYTES),
}
DTYPES_OF_JAX = {"int64": "int32", "float64": "float32"}


def _flat(result):
    return list(result) if isinstance(result, (tuple, list)) else [result]


@pytest.mark.filterwarnings(
    "ignore:.*(degrees of freedom|empty slice).*", "ignore:Degrees of freedom", "ignore:Mean of empty"
)
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", CASES)
def test_agrees_with_torch(name, target):
    fn, *args = CASES[name]
    wanted = _flat(fn(*(x.clone() for x in args)))
    found = _flat(transpile(fn, source="torch", to=target)(*args))
    assert len(found) == len(wanted)
    for got, want in zip(found, wanted, strict=True):
        got, want = np.asarray(got), want.numpy()
        dtype = want.dtype.name
        assert got.dtype.name == (DTYPES_OF_JAX.get(dtype, dtype) if target == "jax" else dtype)
        assert got.shape == want.shape
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)
