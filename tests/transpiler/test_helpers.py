"""Composites that a target lacks are helpers beside the generated function: one for each body, whatever is called."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import ivy

TARGETS = ["numpy", "jax", "tensorflow", "paddle"]
_X = np.random.default_rng(0).normal(size=(3, 4, 5)).astype("float32")


def _helpers(converted: Any) -> list[str]:
    return re.findall(r"^def (\w+)\(", converted.graph.code, re.MULTILINE)[:-1]


def _convert(f: Any, target: str, *args: Any) -> Any:
    return ivy.transpile(f, source="ivy", to=target, args=args or (_X,))


def _same(converted: Any, f: Any, target: str, *args: Any) -> None:
    module = ivy.backend.get_backend(target).module
    got = converted(*[module.from_foreign(a) for a in args or (_X,)])
    np.testing.assert_allclose(module.to_numpy(got), f(*(args or (_X,))), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("target", TARGETS)
def test_equal_bodies_are_one_function(target: str) -> None:
    def f(x: Any) -> Any:
        y = ivy.instance_norm(x)
        y = ivy.instance_norm(y * 2.0)
        return ivy.instance_norm(ivy.instance_norm(y[:, :3]), eps=1e-2)

    converted = _convert(f, target)
    assert _helpers(converted) == ["instance_norm", "instance_norm_1"]
    assert len(re.findall(r"= instance_norm\(", converted.graph.code)) == 3
    _same(converted, f, target)


def test_short_bodies_are_written_out() -> None:
    converted = _convert(lambda x: ivy.quick_gelu(ivy.softmin(x)), "numpy")
    assert _helpers(converted) == []


@pytest.mark.parametrize("target", TARGETS)
def test_names_of_helpers_hide_nothing(target: str) -> None:
    def instance_norm(x: Any, rms_norm: Any) -> Any:
        rms_norm = ivy.rms_norm(x * rms_norm)
        return ivy.instance_norm(ivy.rms_norm(rms_norm))

    converted = _convert(instance_norm, target, _X, _X)
    _same(converted, instance_norm, target, _X, _X)


@pytest.mark.parametrize("target", TARGETS)
def test_one_array_in_two_places(target: str) -> None:
    def f(x: Any, w: Any) -> Any:
        return ivy.instance_norm(x, w, w) + ivy.cosine_similarity(x, x)[..., None]

    _same(_convert(f, target, _X, _X[0, :, 0]), f, target, _X, _X[0, :, 0])


@pytest.mark.parametrize("target", ["jax", "tensorflow", "paddle"])
def test_bodies_within_bodies_and_loops(target: str) -> None:
    def f(x: Any) -> Any:
        step = lambda c, y: (ivy.instance_norm(c + y), ivy.rms_norm(c))
        last, rows = ivy.scan(step, x, ivy.stack([x, 2.0 * x]))
        return last + rows[1] + ivy.multi_head_attention(x[..., :4], x[..., :4], x[..., :4], heads=2)[0].sum()

    _same(_convert(f, target), f, target)


def test_an_error_in_a_helper_tells_the_users_line() -> None:
    converted = _convert(lambda x: ivy.instance_norm(x), "numpy")
    compiled = converted.graph.compiled
    with pytest.raises(AttributeError) as caught:
        compiled.function("no array")
    place = compiled.place_of(caught.value)
    assert place is not None
    assert place.file == __file__


def test_gradients_go_through_helpers() -> None:
    import jax

    def f(x: Any) -> Any:
        return (ivy.instance_norm(x) ** 3).sum()

    converted = _convert(f, "jax")
    direct = jax.grad(lambda x: f(x))(jax.numpy.asarray(_X))
    np.testing.assert_allclose(jax.jit(jax.grad(converted))(jax.numpy.asarray(_X)), direct, rtol=1e-4, atol=1e-4)


def test_a_helper_is_inlined_where_sizes_are_free() -> None:
    import tensorflow as tf

    converted = ivy.transpile(lambda x: ivy.instance_norm(x), source="ivy", to="tensorflow")
    g = tf.function(converted, input_signature=[tf.TensorSpec((None, 4, 5), tf.float32)])
    for n in (1, 3):
        np.testing.assert_allclose(g(tf.constant(_X[:n])), ivy.instance_norm(_X[:n]), rtol=1e-5, atol=1e-5)
