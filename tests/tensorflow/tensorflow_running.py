"""Running captured TensorFlow functions on NumPy's, torch's and JAX's own arrays, without any code generation."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
tf = pytest.importorskip("tensorflow")

import numpy as np  # noqa: E402

from ivy.backend import get_backend, scope  # noqa: E402
from ivy.graph.interpret import interpret  # noqa: E402
from ivy_tensorflow.capture import capture  # noqa: E402
from ivy_tensorflow.frontend import call  # noqa: E402

BACKENDS = os.environ.get("IVY_TF_BACKENDS", "numpy,torch").split(",")
TARGETS = os.environ.get("IVY_TF_TARGETS", "numpy,torch,jax,tensorflow").split(",")


def native(x, backend):
    """Give an array to a backend as it takes over foreign ones."""
    x = x.numpy() if isinstance(x, (tf.Tensor, tf.Variable)) else x
    return get_backend(backend).module.from_foreign(np.array(x))


def execute(graph, arrays, backend):
    """Interpret a captured graph through the TensorFlow frontend on native arrays."""
    # NumPy warns about the special values that the tests pass on purpose
    with scope(get_backend(backend)), np.errstate(all="ignore"):
        params = {name: native(node.value, backend) for name, node in graph.params.items()}
        return interpret(
            graph,
            [native(a, backend) if not hasattr(a, "requires_grad") else a for a in arrays],
            params,
            resolve=lambda path: lambda *args, **kwargs: call(path, args, kwargs),
            const=lambda node: native(node.value, backend),
        )


def to_numpy(x, backend):
    if hasattr(x, "detach"):
        x = x.detach()
    return np.asarray(get_backend(backend).module.to_numpy(x)) if hasattr(x, "dtype") else np.asarray(x)


def flat(x):
    return [v for v in tf.nest.flatten(x, expand_composites=True) if v is not None]


@dataclass
class Case:
    """A call of a raw op: NumPy arrays are the function's inputs, everything else is static."""

    op: str
    arguments: dict[str, Any]
    rtol: float = 2e-5
    atol: float = 2e-6
    exact: bool = True
    gradient: bool = True
    only: tuple[int, ...] | None = None  # the outputs that are compared
    arrays: list[Any] = field(init=False)

    def __post_init__(self):
        self.arrays = [v for value in self.arguments.values() for v in (value if isinstance(value, list) else [value])]
        self.arrays = [v for v in self.arrays if isinstance(v, np.ndarray)]

    def __call__(self, *arrays):
        rest = iter(arrays)

        def fill(v):
            if isinstance(v, list):
                return [fill(x) for x in v]
            return next(rest) if isinstance(v, np.ndarray) else v

        found = getattr(tf.raw_ops, self.op)(**{k: fill(v) for k, v in self.arguments.items()})
        if self.only is None:
            return found
        return [found[i] for i in self.only]


def compare(expected, found, backend, rtol=2e-5, atol=2e-6):
    """Compare nests of arrays: values, shapes and dtypes."""
    expected, found = flat(expected), flat(found)
    assert len(expected) == len(found)
    for e, f in zip(expected, found):
        if not hasattr(e, "dtype"):
            assert e == f
            continue
        e, f = np.asarray(e), to_numpy(f, backend)
        assert f.shape == e.shape
        assert backend == "jax" or f.dtype == e.dtype
        if e.dtype.kind in "iub":
            np.testing.assert_array_equal(f, e)
        elif e.dtype.name == "bfloat16":
            np.testing.assert_allclose(f.astype("float32"), e.astype("float32"), rtol=2e-2, atol=2e-2)
        else:
            np.testing.assert_allclose(f, e, rtol=rtol, atol=atol)


def run(fn, *arrays, backend, rtol=2e-5, atol=2e-6):
    """Capture a function, execute it on a backend, and compare with TensorFlow."""
    graph = capture(fn, arrays, {})
    expected = fn(*(a if isinstance(a, (tf.Tensor, tf.Variable)) else tf.constant(a) for a in arrays))
    compare(expected, execute(graph, arrays, backend), backend, rtol, atol)
    return graph


def weights(xs):
    """Return fixed numbers to weigh outputs with, so that gradients tell their elements apart."""
    rng = np.random.default_rng(7)
    return [rng.uniform(0.5, 1.5, size=tuple(x.shape)).astype("float32") for x in xs]


def run_gradients(fn, *arrays, rtol=1e-4, atol=1e-5):
    """Compare gradients through torch's autograd of the executed graph with those of `tf.GradientTape`."""
    torch = pytest.importorskip("torch")
    places = [i for i, a in enumerate(arrays) if a.dtype == np.float32]
    given = [tf.constant(a) for a in arrays]
    with tf.GradientTape() as tape:
        tape.watch([given[i] for i in places])
        outs = [o for o in flat(fn(*given)) if hasattr(o, "dtype") and o.dtype == tf.float32]
        total = tf.add_n([tf.reduce_sum(o * w) for o, w in zip(outs, weights(outs))]) if outs else None
    if total is None:
        return False
    try:
        expected = tape.gradient(total, [given[i] for i in places])
    except (LookupError, tf.errors.InvalidArgumentError, tf.errors.UnimplementedError):
        return False  # TensorFlow has no gradient for it
    if not any(e is not None for e in expected):
        return False
    graph = capture(fn, arrays, {})
    leaves = [torch.tensor(a, requires_grad=i in places) for i, a in enumerate(arrays)]
    found = [o for o in flat(execute(graph, leaves, "torch")) if hasattr(o, "dtype") and o.dtype == torch.float32]
    sum((o * torch.tensor(w)).sum() for o, w in zip(found, weights(found))).backward()
    for i, e in zip(places, expected):
        got = leaves[i].grad
        got = np.zeros_like(arrays[i]) if got is None else got.numpy()
        e = np.zeros_like(arrays[i]) if e is None else np.asarray(tf.convert_to_tensor(e))
        np.testing.assert_allclose(got, e, rtol=rtol, atol=atol)
    return True
