"""Functions that ops are given may return `ivy.Array`s: what they close over may be some."""

from __future__ import annotations

import numpy as np
import pytest

import ivy


def number(x):
    x = getattr(x, "data", x) if type(x).__module__ == "ivy.array" else x
    return np.asarray(x.detach() if hasattr(x, "detach") else x)


@pytest.mark.parametrize("name", ["torch", "jax", "tensorflow", "paddle"])
def test_closed_over_wrappers(name):
    pytest.importorskip(name)
    module = ivy.backend.get_backend(name).module
    x = module.from_foreign(np.array([1.0, 2.0], "float32"))
    t = ivy.Array(module.from_foreign(np.array([3.0, 5.0], "float32")))
    for given in (x, ivy.Array(x)):
        found = ivy.grad(lambda v: ivy.mean((v - t) ** 2))(given)
        np.testing.assert_allclose(number(found), [-2.0, -3.0])
        found = ivy.jacobian(lambda v: v * t)(given)
        np.testing.assert_allclose(number(found), [[3.0, 0.0], [0.0, 5.0]])
        found = ivy.cond(ivy.sum(given) > 0, lambda v: v * t, lambda v: v, given)
        np.testing.assert_allclose(number(found), [3.0, 10.0])
        found = ivy.map(lambda v: v * t, ivy.stack([given, given]))
        np.testing.assert_allclose(number(found), [[3.0, 10.0]] * 2)
