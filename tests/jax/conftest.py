"""Running captured JAX functions on NumPy's and torch's own arrays, without any code generation."""

from __future__ import annotations

import pytest

jax = pytest.importorskip("jax")

import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

from ivy.backend import get_backend, scope  # noqa: E402
from ivy.graph.interpret import interpret  # noqa: E402
from ivy_jax.capture import capture  # noqa: E402
from ivy_jax.frontend import call  # noqa: E402


def native(x, backend):
    """Give an array to a backend as it takes over foreign ones."""
    if isinstance(x, jax.Array) and jax.dtypes.issubdtype(x.dtype, jax.dtypes.prng_key):
        x = jax.random.key_data(x)
    return get_backend(backend).module.from_foreign(np.array(x))


def execute(graph, arrays, backend):
    """Interpret a captured graph through the JAX frontend on native arrays; array leaves come back as they are."""
    # NumPy warns about the special values that the tests pass on purpose
    with scope(get_backend(backend)), np.errstate(all="ignore"):
        return interpret(
            graph,
            [native(a, backend) if not hasattr(a, "requires_grad") else a for a in arrays],
            resolve=lambda path: lambda *args, **kwargs: call(path, args, kwargs),
            const=lambda node: native(node.value, backend),
        )


def to_numpy(x, backend):
    return np.asarray(get_backend(backend).module.to_numpy(x)) if hasattr(x, "dtype") else np.asarray(x)


def run(fn, *arrays, backend, rtol=2e-5, atol=2e-6, exact=False, calls=None):
    """Capture a function, execute it on a backend, and compare values, shapes and dtypes with JAX."""
    graph = capture(fn, arrays, {})
    if calls is not None:
        assert [n.fn for n in graph.calls()] == calls
    expected = jax.tree.leaves(fn(*(a if isinstance(a, jax.Array) else jnp.asarray(a) for a in arrays)))
    found = jax.tree.leaves(execute(graph, arrays, backend))
    assert len(expected) == len(found)
    for e, f in zip(expected, found):
        if not hasattr(e, "dtype"):
            assert e == f
            continue
        if jax.dtypes.issubdtype(e.dtype, jax.dtypes.prng_key):
            e = jax.random.key_data(e)
        e, f = np.asarray(e), to_numpy(f, backend)
        assert e.shape == f.shape
        assert e.dtype == f.dtype
        if exact or e.dtype.kind in "iub":
            np.testing.assert_array_equal(f, e)
        elif e.dtype.kind == "V":
            np.testing.assert_allclose(f.astype("float32"), e.astype("float32"), rtol=2e-2, atol=2e-2)
        else:
            np.testing.assert_allclose(f, e, rtol=rtol, atol=atol)
    return graph


@pytest.fixture(params=["numpy", "torch"])
def backend(request):
    pytest.importorskip(request.param)
    return request.param


@pytest.fixture
def check(backend):
    """Compare a function of arrays with its captured form on one backend."""

    def compare(fn, *arrays, **options):
        return run(fn, *arrays, backend=backend, **options)

    return compare


@pytest.fixture
def interpreted():
    """Execute a captured graph on a backend's arrays."""
    return execute


@pytest.fixture(scope="session")
def run_on():
    """Compare a function with its captured form; for hypothesis, whose examples can't share a function's fixtures."""
    return run
