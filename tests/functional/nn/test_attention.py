"""Attention against torch."""

from __future__ import annotations

import numpy as np
import pytest
from backends import BACKENDS, to_np

import ivy.functional as F
from ivy.backend import body_of, get_backend
from ivy.errors import ShapeError

DTYPES = ["float32", "float64", "bfloat16"]


def sdpa(*args, **kwargs):
    import torch.nn.functional as T

    return T.scaled_dot_product_attention(*args, **kwargs)


def qkv(check, dtype="float32", heads=4, kv_heads=4, length=5, keys=7, width=8, value_width=6):
    return [
        check.normal(2, heads, length, width, dtype=dtype),
        check.normal(2, kv_heads, keys, width, dtype=dtype),
        check.normal(2, kv_heads, keys, value_width, dtype=dtype),
    ]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("scale", [None, 0.7])
def test_plain(check, dtype, causal, scale):
    args, kw = qkv(check, dtype), {"is_causal": causal, "scale": scale}
    check(F.scaled_dot_product_attention, args, kw, lambda *a: sdpa(*a, **kw), grad=dtype != "bfloat16")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(5, 7), (2, 1, 5, 7), (1, 4, 5, 7), (2, 4, 5, 7), (2, 1, 1, 7)])
def test_masks(check, dtype, shape):
    args = qkv(check, dtype)
    boolean = check.rng.random(shape) > 0.4
    boolean[..., 0] = True
    added = check.normal(*shape, dtype=dtype)
    grad = dtype != "bfloat16"
    check(F.scaled_dot_product_attention, [*args, boolean], {}, sdpa, grad=grad)
    check(F.scaled_dot_product_attention, [*args, added], {}, sdpa, grad=grad)


@pytest.mark.parametrize("kind", ["boolean", "added"])
def test_positions_that_attend_to_nothing(check, kind):
    import torch

    args = qkv(check)
    mask = np.ones((5, 7), bool)
    mask[2] = False
    mask[3, 1:] = False
    if kind == "added":
        mask = np.where(mask, np.float32(0), np.float32(-np.inf))
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        check(F.scaled_dot_product_attention, [*args, mask], {}, sdpa, grad=False)
    # and finite gradients
    for name in ("torch", "body"):
        function = get_backend("torch").function(F.scaled_dot_product_attention.__ivy_op__)
        if name == "body":
            function = body_of(F.scaled_dot_product_attention, "torch")
        leaves = [torch.from_numpy(a.copy()).requires_grad_() for a in args]
        function(*leaves, torch.from_numpy(mask)).sum().backward()
        assert all(torch.isfinite(x.grad).all() for x in leaves), name


@pytest.mark.parametrize("kind", ["boolean", "added"])
def test_mask_and_causal_together(check, kind):
    import torch

    mask = check.rng.random((5, 7)) > 0.4
    mask[:, 0] = True
    args = qkv(check)
    given = mask if kind == "boolean" else check.normal(5, 7)

    def reference(q, k, v, m):
        causal = torch.ones(5, 7, dtype=torch.bool).tril()
        return sdpa(q, k, v, m & causal if kind == "boolean" else m.masked_fill(~causal, float("-inf")))

    check(F.scaled_dot_product_attention, [*args, given], {"is_causal": True}, reference)


@pytest.mark.parametrize("kv_heads", [1, 2, 4])
@pytest.mark.parametrize("causal", [True, False])
def test_grouped_heads(check, kv_heads, causal):
    kw = {"enable_gqa": True, "is_causal": causal}
    check(F.scaled_dot_product_attention, qkv(check, kv_heads=kv_heads), kw, lambda *a: sdpa(*a, **kw))


def test_three_axes(check):
    args = [check.normal(3, 5, 8), check.normal(3, 7, 8), check.normal(3, 7, 8)]
    check(F.scaled_dot_product_attention, args, {}, sdpa)


@pytest.mark.parametrize("name", BACKENDS)
def test_dropout_keeps_the_mean(check, name):
    backend = get_backend(name)
    function = backend.function(F.scaled_dot_product_attention.__ivy_op__)
    args = [backend.module.asarray(a) for a in qkv(check, length=64, keys=64)]
    args[2] = backend.module.asarray(np.ones((2, 4, 64, 6), "float32"))
    dropped = to_np(function(*args, dropout=0.5))
    assert np.std(dropped) > 0.01
    np.testing.assert_allclose(dropped.mean(), 1.0, atol=0.1)


@pytest.mark.parametrize("name", ["numpy", "jax"])
def test_heads_that_do_not_fit(check, name):
    backend = get_backend(name)
    function = backend.function(F.scaled_dot_product_attention.__ivy_op__)
    with pytest.raises(ShapeError, match="3 heads"):
        function(*(backend.module.asarray(a) for a in qkv(check, kv_heads=3)), enable_gqa=True)
