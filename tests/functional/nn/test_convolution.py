"""Linear maps and convolutions against torch."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from backends import BACKENDS, to_np

import ivy.functional as F
from ivy.backend import get_backend
from ivy.errors import ArgumentError, ShapeError

FORMATS = list(itertools.product(["channels_first", "channels_last"], [True, False]))


def conv_case(
    check, n, *, groups=1, inner=4, outer=6, kernel=3, size=9, dtype="float32", first, torch_weight, bias=True, **kw
):
    import torch.nn.functional as T

    kernel = (kernel,) * n if isinstance(kernel, int) else kernel
    x = check.normal(2, inner, *[size + i for i in range(n)], dtype=dtype)
    w = check.normal(outer, inner // groups, *kernel, dtype=dtype, scale=0.3)
    args = [x if first else np.moveaxis(x, 1, -1).copy()]
    args.append(w if torch_weight else np.moveaxis(w, (1, 0), (-2, -1)).copy())
    if bias:
        args.append(check.normal(outer, dtype=dtype))
    kwargs = {
        "groups": groups,
        "data_format": "channels_first" if first else "channels_last",
        "weight_format": "OI*" if torch_weight else "*IO",
        **kw,
    }
    f = [T.conv1d, T.conv2d, T.conv3d][n - 1]

    def reference(x, w, b=None):
        x = x if first else x.movedim(-1, 1)
        w = w if torch_weight else w.permute(n + 1, n, *range(n))
        base = kw.get("input_dilation", 1)
        if base != 1:
            wide = x.new_zeros((*x.shape[:2], *((k - 1) * base + 1 for k in x.shape[2:])))
            wide[(slice(None), slice(None), *[slice(None, None, base)] * n)] = x
            x = wide
        padding = kw.get("padding", 0)
        if isinstance(padding, (list, tuple)):
            x = T.pad(x, [p for pair in reversed(padding) for p in pair])
            padding = 0
        y = f(x, w, b, kw.get("strides", 1), padding, kw.get("dilation", 1), groups)
        return y if first else y.movedim(1, -1)

    check(F.conv, args, kwargs, reference)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("torch_weight", [True, False])
@pytest.mark.parametrize(
    "kw",
    [
        {},
        {"strides": 2, "padding": 1},
        {"strides": (2, 3), "padding": [(1, 2), (0, 3)], "dilation": (1, 2)},
        {"padding": "same", "dilation": 2},
        {"padding": [(-1, 2), (-2, -1)]},
        {"input_dilation": 2, "padding": [(2, 2), (1, 0)]},
        {"input_dilation": 3, "padding": [(-1, 2), (0, -2)]},
        {"groups": 2, "padding": 1},
        {"groups": 4, "inner": 8, "outer": 8, "strides": 2, "padding": 1},
        {"groups": 4, "outer": 4, "padding": 1},
        {"groups": 4, "outer": 8, "padding": 1, "strides": 2, "dilation": 2},
        {"kernel": 1},
        {"kernel": 1, "strides": 2},
        {"kernel": 1, "padding": 1},
        {"kernel": 1, "groups": 2},
        {"kernel": 4, "strides": 4, "size": 12},
        {"kernel": 4, "strides": 4, "size": 13},
        {"kernel": (5, 1), "padding": [(2, 2), (0, 0)], "bias": False},
        {"kernel": 7, "groups": 4, "outer": 4, "padding": 3, "size": 12},
    ],
)
def test_conv2d(check, first, torch_weight, kw):
    conv_case(check, 2, first=first, torch_weight=torch_weight, **kw)


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    "kw", [{"padding": 1, "strides": 2}, {"groups": 2, "padding": "same"}, {"groups": 4, "outer": 8, "padding": 1}]
)
def test_conv_other_ranks(check, n, first, kw):
    conv_case(check, n, first=first, torch_weight=first, size=6, **kw)


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
@pytest.mark.parametrize("kw", [{"padding": 1}, {"groups": 4, "outer": 4, "padding": 1}, {"groups": 2}, {"kernel": 1}])
def test_conv_dtypes(check, dtype, kw):
    conv_case(check, 2, first=False, torch_weight=False, dtype=dtype, **kw)
    conv_case(check, 2, first=True, torch_weight=True, dtype=dtype, **kw)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("torch_weight", [True, False])
@pytest.mark.parametrize(
    ("n", "kw"),
    [
        (1, {}),
        (2, {"strides": 2}),
        (2, {"strides": 2, "padding": 1, "output_padding": 1}),
        (2, {"strides": (3, 2), "padding": (1, 0), "dilation": (1, 2)}),
        (2, {"padding": 3}),
        (2, {"groups": 2, "strides": 2, "padding": 1}),
        (2, {"groups": 4, "outer": 4, "strides": 2, "padding": 1}),
        (2, {"kernel": 2, "strides": 2}),
        (2, {"kernel": 2, "strides": 3}),
        (2, {"kernel": 4, "strides": 2, "padding": 1}),
        (3, {"strides": 2, "padding": 1}),
    ],
)
def test_conv_transpose(check, n, first, torch_weight, kw):
    import torch.nn.functional as T

    kw = dict(kw)
    groups, kernel, outer = kw.pop("groups", 1), kw.pop("kernel", 3), kw.pop("outer", 6)
    x = check.normal(2, 4, *[5 + i for i in range(n)])
    w = check.normal(4, outer // groups, *[kernel] * n, scale=0.3)
    args = [
        x if first else np.moveaxis(x, 1, -1).copy(),
        w if torch_weight else np.moveaxis(w, (0, 1), (-2, -1)).copy(),
        check.normal(outer),
    ]
    kwargs = {
        "groups": groups,
        "data_format": "channels_first" if first else "channels_last",
        "weight_format": "IO*" if torch_weight else "*IO",
        **kw,
    }
    f = [T.conv_transpose1d, T.conv_transpose2d, T.conv_transpose3d][n - 1]

    def reference(x, w, b):
        x = x if first else x.movedim(-1, 1)
        w = w if torch_weight else w.permute(n, n + 1, *range(n))
        y = f(
            x,
            w,
            b,
            kw.get("strides", 1),
            kw.get("padding", 0),
            kw.get("output_padding", 0),
            groups,
            kw.get("dilation", 1),
        )
        return y if first else y.movedim(1, -1)

    check(F.conv_transpose, args, kwargs, reference)


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize(("kernel", "stride", "dilation"), [(3, 2, 1), (2, 3, 1), (4, 2, 1), (3, 1, 2), (5, 3, 1)])
def test_conv_transpose_named_padding_is_that_of_jax(check, padding, kernel, stride, dilation):
    import jax.numpy as jnp
    from jax import lax

    x, w = check.normal(1, 5, 3), check.normal(kernel, 3, 2)
    expected = lax.conv_transpose(
        jnp.asarray(x),
        jnp.asarray(w)[::-1],
        (stride,),
        padding,
        rhs_dilation=(dilation,),
        dimension_numbers=("NHC", "HIO", "NHC"),
    )
    kwargs = {
        "strides": stride,
        "padding": padding.lower(),
        "dilation": dilation,
        "data_format": "channels_last",
        "weight_format": "*IO",
    }
    for name in BACKENDS:
        backend = get_backend(name)
        got = backend.function(F.conv_transpose.__ivy_op__)(
            backend.module.asarray(x), backend.module.asarray(w), **kwargs
        )
        np.testing.assert_allclose(to_np(got), np.asarray(expected), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("shape", [(5,), (2, 5), (2, 3, 4, 5)])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
def test_linear(check, shape, bias, dtype):
    import torch.nn.functional as T

    x, w = check.normal(*shape, dtype=dtype), check.normal(6, 5, dtype=dtype)
    b = [check.normal(6, dtype=dtype)] if bias else []
    check(F.linear, [x, w, *b], {}, T.linear)
    check(F.linear, [x, w.T.copy(), *b], {"weight_format": "IO"}, lambda x, w, b=None: T.linear(x, w.T, b))


@pytest.mark.parametrize("name", BACKENDS)
def test_errors(name):
    backend = get_backend(name)
    x, w = (backend.module.asarray(np.ones(s, "float32")) for s in ((1, 4, 5, 5), (4, 4, 3, 3)))
    conv = backend.function(F.conv.__ivy_op__)
    with pytest.raises(ArgumentError, match="weight_format"):
        conv(x, w, weight_format="HWIO")
    with pytest.raises(ArgumentError, match="data_format"):
        conv(x, w, data_format="NHWC")
    with pytest.raises((ShapeError, RuntimeError), match="groups"):
        conv(x, w, groups=2)
    with pytest.raises(ShapeError, match="strides"):
        conv(x, w, strides=(1, 2, 3))
