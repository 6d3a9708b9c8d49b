"""Lazy copies of libraries."""

from __future__ import annotations

import importlib
import pickle
import sys
import textwrap

import numpy as np
import pytest
import torch

import ivy

FILES = {
    "__init__.py": '''
        """A small library."""
        from __future__ import annotations
        import enum
        import torch
        from .ops import double, shift
        from . import ops
        VERSION = (1, 2)
        DTYPE = torch.float32
        class Mode(enum.Enum):
            FAST = 1
        class Problem(ValueError):
            pass
        def version():
            return "1.2"
        def describe(x, mode=Mode.FAST):
            return {"shape": tuple(x.shape), "mode": mode, "sum": x.sum()}
    ''',
    "ops.py": '''
        import torch
        from .deep.kernels import kernel
        LOADED = []
        def double(x):
            """Twice `x`."""
            LOADED.append("ran")
            return torch.mul(x, 2)
        def shift(x, by=1):
            return double(x) + by
        def smooth(x):
            return torch.nn.functional.conv1d(x[None, None], kernel(3)[None, None], padding=1)[0, 0]
    ''',
    "deep/__init__.py": "",
    "deep/kernels.py": '''
        import functools
        import torch
        def kernel(n):
            return torch.ones(n) / n
        @functools.lru_cache
        def size(n):
            return n + 1
        class Scale(torch.nn.Module):
            """Scales."""
            def __init__(self, n):
                super().__init__()
                self.weight = torch.nn.Parameter(torch.full((n,), 3.0))
            def forward(self, x):
                return x * self.weight
    ''',
    "later.py": "def late(x):\n    return x + 1\n",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("libraries")
    for name, text in FILES.items():
        file = folder / "smalllib" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))
    sys.path.insert(0, str(folder))
    yield importlib.import_module("smalllib")
    sys.path.remove(str(folder))


X = np.linspace(-1, 1, 6, dtype="float32")


@pytest.mark.parametrize("target", ["jax", "numpy"])
def test_mirrors_the_original(library, target):
    before = dict(vars(library)), set(sys.modules)
    copy = ivy.transpile(library, source="torch", to=target)
    assert repr(copy) == f"<transpiled library 'smalllib': torch -> {target}>"
    assert copy.__doc__ == "A small library."
    assert set(dir(copy)) == set(dir(library))
    assert copy.VERSION is library.VERSION
    assert copy.DTYPE is torch.float32
    assert copy.Mode is library.Mode
    assert copy.Problem is library.Problem
    assert copy.ops is copy.ops
    assert copy.ops.double.__doc__ == "Twice `x`."
    assert copy.ops.torch is torch
    assert library.ops.LOADED == []  # nothing has run
    with pytest.raises(AttributeError, match="nosuch"):
        _ = copy.nosuch
    assert dict(vars(library)) == before[0]
    assert {n for n in set(sys.modules) - before[1] if n.startswith("smalllib")} == set()


@pytest.mark.parametrize("target", ["jax", "numpy"])
def test_functions_convert_on_first_use(library, target):
    copy = ivy.transpile(library, source="torch", to=target)
    x = torch.from_numpy(X)
    for name in ("ops.double", "ops.shift", "ops.smooth"):
        space, _, function = name.partition(".")
        result = getattr(getattr(copy, space), function)(X)
        assert type(result).__module__.partition(".")[0] in ({"numpy"} if target == "numpy" else {"jax", "jaxlib"})
        np.testing.assert_allclose(np.asarray(result), getattr(library.ops, function)(x), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(np.asarray(copy.shift(X, by=3)), library.shift(x, by=3), rtol=1e-6, atol=1e-6)
    made = copy.deep.kernels.kernel(4)
    assert type(made).__module__.partition(".")[0] != "torch"
    np.testing.assert_allclose(np.asarray(made), np.full(4, 0.25), rtol=1e-6)
    np.testing.assert_allclose(np.asarray(copy.later.late(X)), X + 1, rtol=1e-6)  # a submodule nobody has imported


def test_functions_without_arrays_are_called_through(library):
    copy = ivy.transpile(library, source="torch", to="jax")
    assert copy.version() == "1.2"
    assert copy.deep.kernels.size(3) == 4
    described = copy.describe(X)
    assert described["shape"] == (6,)
    assert described["mode"] is library.Mode.FAST
    np.testing.assert_allclose(np.asarray(described["sum"]), X.sum(), atol=1e-6)


def test_classes_of_modules_become_classes_of_the_target(library):
    from flax import nnx

    copy = ivy.transpile(library, source="torch", to="jax")
    cls = copy.deep.kernels.Scale
    assert issubclass(cls, nnx.Module)
    assert cls is copy.deep.kernels.Scale
    np.testing.assert_allclose(np.asarray(cls(6)(X)), X * 3, rtol=1e-6)
    assert issubclass(library.deep.kernels.Scale, torch.nn.Module)


def test_pickles_by_reference(library):
    copy = ivy.transpile(library, source="torch", to="jax")
    again = pickle.loads(pickle.dumps(copy))
    assert again is copy
    function = pickle.loads(pickle.dumps(copy.ops.double))
    np.testing.assert_allclose(np.asarray(function(X)), X * 2, rtol=1e-6)


@pytest.mark.downstream
@pytest.mark.parametrize("target", ["jax", "numpy"])
@pytest.mark.filterwarnings("ignore")
def test_kornia(target):
    kornia = pytest.importorskip("kornia")
    image = torch.rand(2, 3, 16, 20, generator=torch.Generator().manual_seed(0))
    matrix = torch.tensor([[[1.0, 0.1, 2.0], [0.0, 0.9, 1.0]]]).repeat(2, 1, 1)
    calls = {
        "sharpness": lambda k: k.enhance.sharpness(image, 0.7),
        "bgr_to_grayscale": lambda k: k.color.bgr_to_grayscale(image),
        "rgb_to_hsv": lambda k: k.color.rgb_to_hsv(image),
        "gaussian_blur2d": lambda k: k.filters.gaussian_blur2d(image, (3, 3), (1.5, 1.5)),
        "canny": lambda k: k.filters.canny(image),
        "dilation": lambda k: k.morphology.dilation(image, torch.ones(3, 3)),
        "resize": lambda k: k.geometry.transform.resize(image, (8, 10)),
        "warp_affine": lambda k: k.geometry.transform.warp_affine(image, matrix, (16, 20)),
        "rotate": lambda k: k.geometry.transform.rotate(image, torch.tensor([30.0, 45.0])),
    }
    copy = ivy.transpile(kornia, source="torch", to=target)
    for name, call in calls.items():
        wanted, got = call(kornia), call(copy)
        for a, b in zip(got, wanted) if isinstance(wanted, tuple) else [(got, wanted)]:
            assert not isinstance(a, torch.Tensor)
            np.testing.assert_allclose(np.asarray(a), b, rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("target", ["jax", "numpy"])
def test_the_framework_itself(target):
    """Its functions say that they lie in other modules than where they are reached, or in none."""
    import jax.numpy as jnp

    give = jnp.asarray if target == "jax" else np.asarray
    x = np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3)
    functions = ivy.transpile(torch.nn.functional, source="torch", to=target)
    whole = ivy.transpile(torch, source="torch", to=target)
    t = torch.from_numpy(x)
    cases = [
        (functions.gelu(give(x)), torch.nn.functional.gelu(t)),
        (functions.softmax(give(x), dim=-1), torch.nn.functional.softmax(t, dim=-1)),
        (whole.sin(give(x)), t.sin()),
        (whole.nn.functional.silu(give(x)), torch.nn.functional.silu(t)),
        (whole.linalg.vector_norm(give(x)), torch.linalg.vector_norm(t)),
    ]
    for actual, expected in cases:
        assert isinstance(actual, (jnp.ndarray, np.ndarray, np.generic))
        np.testing.assert_allclose(np.asarray(actual), expected.numpy(), rtol=1e-5, atol=1e-6)
    assert whole.float32 is torch.float32
    assert whole.Size is torch.Size


def test_numpy_and_jax_namespaces():
    import jax.numpy as jnp

    x = torch.linspace(-1, 1, 6)
    for namespace in (np, jnp):
        lib = ivy.transpile(namespace, to="torch")
        for actual, expected in ((lib.sin(x), x.sin()), (lib.linalg.norm(x), x.norm()), (lib.sum(x), x.sum())):
            assert isinstance(actual, torch.Tensor)
            torch.testing.assert_close(actual, expected)
        assert lib.pi == np.pi
