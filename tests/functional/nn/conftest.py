"""One check for every op of the neural-network chapters: each backend, and the declaration's own body, against torch."""

from __future__ import annotations

import sys
import zlib
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from backends import BACKENDS, outputs_and_gradients, to_np, wide

import ivy.functional  # noqa: F401  (declares the ops)
from ivy.backend import body_of, get_backend
from ivy.dtypes import dtype_of

sys.path.insert(0, str(Path(__file__).parent))  # for the modules of cases, which importlib mode would not find

BODIES = tuple(name for name in ("numpy", "torch") if name in BACKENDS)

TOLERANCE = {
    "float64": (1e-9, 1e-10),
    "float32": (2e-5, 2e-5),
    "float16": (2e-3, 2e-3),
    "bfloat16": (2e-2, 2e-2),
}


class Check:
    """Compare an op with a reference on torch tensors.

    Args:
        rng: source of test data.
    """

    def __init__(self, rng):
        self.rng = rng

    def normal(self, *shape, dtype="float32", scale=1.0, shift=0.0):
        values = self.rng.normal(size=shape) * scale + shift
        return get_backend("numpy").module.asarray(values, dtype)

    def integers(self, low, high, *shape, dtype="int64"):
        return self.rng.integers(low, high, size=shape).astype(dtype)

    def __call__(self, op, args, kwargs, reference, *, grad=True, bodies=True, tolerance=None, skip=(), dtypes=True):
        """Check values, shapes, dtypes and (`grad`) the gradients of all floating-point arguments.

        Args:
            op: public function.
            args: NumPy arrays and other positional arguments.
            kwargs: keyword arguments.
            reference: called with torch tensors, one for each array, and nothing else.
            grad: whether to compare gradients as well, or of how many leading arrays.
            bodies: whether to run a composite's body too, on NumPy and torch.
            tolerance: (rtol, atol); the default follows the dtype.
            skip: names of backends to leave out.
            dtypes: whether to compare dtypes.
        """
        import torch

        floating = next((str(a.dtype) for a in args if is_array(a) and dtype_of(a).is_float), "float32")
        self.rtol, self.atol = tolerance or TOLERANCE[floating]
        leaves = [to_torch(a) for a in args]
        count = len(args) if grad is True else int(grad)
        inputs = differentiable(leaves, count)
        expected = reference(*(a for a in leaves if torch.is_tensor(a)))
        expected = expected if isinstance(expected, tuple) else (expected,)
        cotangents = [torch.from_numpy(self.rng.normal(size=e.shape)).to(e.dtype) for e in expected]
        wanted = gradients_torch(expected, inputs, cotangents) if grad else []

        runs = {name: (name, get_backend(name).function(op.__ivy_op__)) for name in BACKENDS}
        if bodies and op.__ivy_op__.body is not None:
            runs |= {f"body on {name}": (name, body_of(op, name)) for name in BODIES}
        for name, (backend, function) in runs.items():
            if name in skip:
                continue
            with wide(backend) if floating == "float64" else nullcontext():
                got, found = self.run(backend, function, args, kwargs, [to_np(c) for c in cotangents], count)
            got = got if isinstance(got, (tuple, list)) else (got,)
            assert len(got) == len(expected), name
            for g, e in zip(got, expected, strict=True):
                self.compare(g, e, f"{op.__name__} ({name})", dtypes)
            for g, e in zip(found or [], wanted, strict=bool(found)):
                self.compare(g, e, f"gradient of {op.__name__} ({name})", dtypes)

    def run(self, backend, function, args, kwargs, cotangents, count):
        """The results, and the gradients of the floating ones among the first `count` arrays."""
        if backend == "numpy":
            return function(*args, **kwargs), None
        places = [i for i, a in enumerate(args) if is_array(a)]
        chosen = [i for i in places[:count] if dtype_of(args[i]).is_float]
        native = {i: to_native(args[i], backend) for i in places}

        def call(*values):
            full = [native.get(i, a) for i, a in enumerate(args)]
            for i, x in zip(chosen, values, strict=True):
                full[i] = x
            return function(*full, **kwargs)

        if not chosen:
            return call(), None
        return outputs_and_gradients(backend, call, [args[i] for i in chosen], cotangents)

    def compare(self, got, expected, what, dtypes):
        got, expected = to_np(got), to_np(expected)
        assert got.shape == expected.shape, what
        if dtypes and dtype_of(expected).is_float:
            assert got.dtype == expected.dtype, what
        scale = float(np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected))) if expected.size else 0.0
        np.testing.assert_allclose(
            np.asarray(got, "float64"),
            np.asarray(expected, "float64"),
            rtol=self.rtol,
            atol=self.atol * max(scale, 1.0),
            err_msg=what,
        )


def differentiable(leaves, count):
    import torch

    found = [a for a in [a for a in leaves if torch.is_tensor(a)][:count] if a.is_floating_point()]
    for x in found:
        x.requires_grad_()
    return found


def gradients_torch(outputs, inputs, cotangents):
    import torch

    pairs = [(o, c.to(o.dtype)) for o, c in zip(outputs, cotangents, strict=True) if o.requires_grad]
    found = torch.autograd.grad([o for o, _ in pairs], inputs, [c for _, c in pairs], allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for g, x in zip(found, inputs, strict=True)]


def is_array(a):
    return isinstance(a, np.ndarray)


def to_torch(a):
    if not is_array(a):
        return a
    return to_native(a, "torch")


def to_native(a, backend):
    return get_backend(backend).module.from_foreign(a, copy=True)


@pytest.fixture
def check(request):
    """A `Check` whose data depends on nothing but the test's name."""
    return Check(np.random.default_rng(zlib.crc32(request.node.name.encode())))
