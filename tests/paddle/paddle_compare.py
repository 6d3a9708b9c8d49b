"""Runs a paddle function and its conversions on the same arrays and compares values, dtypes, shapes and gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

import ivy
from ivy.backend import get_backend
from ivy_paddle.loading import paddle

TARGETS = ("numpy", "torch", "jax", "paddle")


def leaves(nest: Any) -> list[Any]:
    if isinstance(nest, dict):
        return [v for key in sorted(nest) for v in leaves(nest[key])]
    if isinstance(nest, (list, tuple)):
        return [v for x in nest for v in leaves(x)]
    return [] if nest is None else [nest]


def to_numpy(x: Any, target: str) -> Any:
    if not hasattr(x, "dtype"):
        return np.asarray(x)
    return np.asarray(get_backend(target).module.to_numpy(x))


def _floats(arrays: Any) -> list[int]:
    return [i for i, a in enumerate(arrays) if np.issubdtype(np.asarray(a).dtype, np.floating)]


def _weight(shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(7).uniform(0.5, 1.5, size=shape).astype("float32")


def _differentiable(x: Any) -> bool:
    return "float" in str(getattr(x, "dtype", ""))


def _loss(outputs: list[Any], lift: Any) -> Any:
    """Weigh the sum of all floating-point results, so that no gradient is zero by symmetry."""
    total = None
    for x in outputs:
        if _differentiable(x):
            part = (x * lift(_weight(tuple(x.shape)), x)).sum()
            total = part if total is None else total + part
    return total


def in_paddle(fn: Any, arrays: Any) -> list[Any]:
    """Return paddle's values."""
    return [to_numpy(x, "paddle") for x in leaves(fn(*[paddle.to_tensor(a) for a in arrays]))]


def paddle_gradients(fn: Any, arrays: Any) -> list[Any]:
    """Return paddle's gradients, None where there is none."""
    inputs = [paddle.to_tensor(a) for a in arrays]
    wanted = [inputs[i] for i in _floats(arrays)]
    for x in wanted:
        x.stop_gradient = False
    # a leaf must not be written to in place
    given = [x * 1 if not x.stop_gradient else x for x in inputs]
    loss = _loss(leaves(fn(*given)), lambda w, x: paddle.to_tensor(w).astype(x.dtype))
    if loss is None or loss.stop_gradient:
        return [None] * len(wanted)
    found = paddle.grad(loss, wanted, allow_unused=True)
    return [None if g is None else g.numpy() for g in found]


def _torch_gradients(fn: Any, arrays: Any) -> list[Any]:
    import torch

    inputs = [torch.tensor(a) for a in arrays]
    wanted = [inputs[i].requires_grad_() for i in _floats(arrays)]
    given = [x * 1 if x.requires_grad else x for x in inputs]
    loss = _loss(leaves(fn(*given)), lambda w, x: torch.tensor(w).to(x.dtype))
    if loss is None or not loss.requires_grad:
        return [None] * len(wanted)
    return [None if g is None else g.numpy() for g in torch.autograd.grad(loss, wanted, allow_unused=True)]


def _jax_gradients(fn: Any, arrays: Any) -> list[Any]:
    import jax
    import jax.numpy as jnp

    places = _floats(arrays)

    def loss(*given: Any) -> Any:
        inputs = [jnp.asarray(a) for a in arrays]
        for i, x in zip(places, given, strict=True):
            inputs[i] = x
        found = _loss(leaves(fn(*inputs)), lambda w, x: jnp.asarray(w).astype(x.dtype))
        return jnp.zeros(()) if found is None else found

    return [np.asarray(g) for g in jax.grad(loss, tuple(range(len(places))))(*[jnp.asarray(arrays[i]) for i in places])]


GRADIENTS = {"torch": _torch_gradients, "jax": _jax_gradients, "paddle": paddle_gradients}


def native(x: Any, target: str) -> Any:
    return get_backend(target).module.from_foreign(np.array(x), copy=True)


def check(
    fn: Any,
    arrays: Any,
    target: str,
    *,
    rtol: float = 2e-4,
    atol: float = 3e-5,
    gradients: bool = True,
    converted: Any = None,
) -> Any:
    """Compare a function with its conversion."""
    wanted = in_paddle(fn, arrays)
    converted = ivy.transpile(fn, source="paddle", to=target) if converted is None else converted
    found = [to_numpy(x, target) for x in leaves(converted(*[native(a, target) for a in arrays]))]
    assert len(found) == len(wanted)
    for i, (a, b) in enumerate(zip(found, wanted, strict=True)):
        assert a.shape == b.shape, f"result {i}: shape {a.shape}, not {b.shape}"
        narrow = str(b.dtype).replace("64", "32").replace("complex32", "complex64").replace("128", "64")
        # JAX without 64-bit types narrows, as everywhere
        assert str(a.dtype) == str(b.dtype) or (target == "jax" and str(a.dtype) == narrow), f"result {i}: {a.dtype}"
        np.testing.assert_allclose(a, b, rtol=rtol, atol=atol, err_msg=f"result {i}")
    if not gradients or target not in GRADIENTS or not _floats(arrays):
        return converted
    pairs = zip(GRADIENTS[target](converted, arrays), paddle_gradients(fn, arrays), strict=True)
    for i, (a, b) in enumerate(pairs):
        a, b = (np.zeros_like(arrays[_floats(arrays)[i]]) if g is None else g for g in (a, b))
        np.testing.assert_allclose(a, b, rtol=10 * rtol, atol=10 * atol, err_msg=f"gradient {i}")
    return converted
