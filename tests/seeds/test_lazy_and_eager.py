"""The examples of the notebook "Lazy vs eager", with torch and JAX where it uses TensorFlow."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
import torch

import ivy


@pytest.fixture
def x() -> Any:
    return np.random.default_rng(0).uniform(size=10)


@pytest.mark.parametrize("backend", ["torch", "jax", "numpy"])
def test_trace(x: Any, backend: str) -> None:
    def normalize(x: Any) -> Any:
        mean = ivy.mean(x)
        std = ivy.std(x)
        return ivy.divide(ivy.subtract(x, mean), std)

    ivy.set_backend(backend)
    given = {"torch": torch.from_numpy, "jax": jax.numpy.asarray, "numpy": np.asarray}[backend](x)

    norm_trace = ivy.trace_graph(normalize)  # lazy, as no args are provided
    assert not norm_trace.graphs
    norm_trace(given)  # traced here
    ret = norm_trace(given)  # fast, traced on previous call
    assert len(norm_trace.graphs) == 1

    norm_tracing = ivy.trace_graph(normalize, args=(given,))  # eager
    assert len(norm_tracing.graphs) == 1
    again = norm_tracing(given)
    assert len(norm_tracing.graphs) == 1

    expected = (x - x.mean()) / x.std()
    for result in (ret, again):
        assert type(result) is type(given)
        assert result.dtype == given.dtype
        np.testing.assert_allclose(np.asarray(result), expected, rtol=1e-5, atol=1e-6)


def test_transpile(x: Any) -> None:
    def normalize(x: Any) -> Any:
        mean = torch.mean(x)
        std = torch.std(x)
        return torch.div(torch.sub(x, mean), std)

    norm_trans = ivy.transpile(normalize, source="torch", target="jax")
    expected = normalize(torch.from_numpy(x)).numpy()
    result = norm_trans(jax.numpy.asarray(x))
    assert isinstance(result, jax.Array)
    np.testing.assert_allclose(np.asarray(result), expected, rtol=1e-5, atol=1e-6)
    in_numpy = ivy.transpile(normalize, source="torch", target="numpy", args=(x,))
    assert in_numpy(x).dtype == np.float64
    np.testing.assert_allclose(in_numpy(x), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.downstream
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_library() -> None:
    kornia = pytest.importorskip("kornia")
    jax_kornia = ivy.transpile(kornia, source="torch", target="jax")

    input = jax.numpy.array(np.random.default_rng(0).random((2, 3, 4, 5), dtype=np.float32))
    gray = jax_kornia.color.bgr_to_grayscale(input)  # 2x1x4x5
    again = jax_kornia.color.bgr_to_grayscale(input)
    assert isinstance(gray, jax.Array)
    assert gray.shape == (2, 1, 4, 5)
    expected = kornia.color.bgr_to_grayscale(torch.from_numpy(np.array(input))).numpy()
    np.testing.assert_allclose(np.asarray(gray), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(np.asarray(gray), np.asarray(again))
    assert len(jax_kornia.color.bgr_to_grayscale.graphs) == 1
