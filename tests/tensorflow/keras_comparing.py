"""Comparing keras models with what Ivy makes of them: outputs, gradients of all parameters and inputs, state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import ivy
from ivy.graph.containers import flatten, unflatten
from ivy_tensorflow.converters.walk import Walk

_PACKAGES = {"flax": "flax.nnx", "paddle": "ivy_paddle.loading", "tf.Module": "tensorflow"}


def needs(system: str) -> None:
    """Skip the test where a system is not installed; paddle is imported the way that its plugin does."""
    pytest.importorskip(_PACKAGES.get(system, system), exc_type=ImportError)


@dataclass
class Result:
    """What one run gave, in NumPy and in the source's layouts.

    Args:
        outputs: every array of the result.
        spec: its structure.
        grads: gradients of the trainable parameters by the source's names.
        input_grads: gradients of the floating inputs.
        state: buffers after the call.
    """

    outputs: list[Any]
    spec: Any
    grads: dict[str, Any]
    input_grads: list[Any]
    state: dict[str, Any]


def weights(shape: tuple[int, ...]) -> Any:
    """Return fixed numbers that tell the elements of an output apart."""
    return np.random.default_rng(7).uniform(0.5, 1.5, size=shape).astype("float32")


def randomise(model: Any, seed: int = 0) -> Any:
    """Draw what keras starts at zero or one: biases, scales, running statistics; weights stay as they were drawn."""
    rng = np.random.default_rng(seed)
    for v in model.weights:
        noise = rng.normal(size=v.shape).astype("float32")
        if v.name in ("gamma", "scale"):
            v.assign(1 + 0.1 * noise)
        elif v.name in ("moving_variance", "variance"):
            v.assign(np.exp(0.2 * noise))
        elif v.name in ("beta", "bias", "moving_mean", "mean", "alpha"):
            v.assign(0.1 * noise)
    return model


def is_float(x: Any) -> bool:
    return np.asarray(x).dtype.kind == "f"


def run_source(model: Any, args: tuple[Any, ...], kwargs: dict[str, Any], *, train: bool, grads: bool) -> Result:
    """Run a keras model; its state is as before afterwards."""
    walk = Walk(model)
    variables, params = walk.variables(), {p.name: p for p in walk.params()}
    before = {name: v.numpy() for name, v in variables.items()}
    leaves, spec = flatten((args, kwargs))
    given = [tf.constant(x) if isinstance(x, np.ndarray) else x for x in leaves]
    floats = [g for g in given if isinstance(g, tf.Tensor) and g.dtype.is_floating]
    trained = {name: v for name, v in variables.items() if params[name].trainable}
    call_args, call_kwargs = unflatten(spec, given)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([*floats, *trained.values()] if grads else [])
        out = model(*call_args, **{**call_kwargs, "training": train})
        outputs, out_spec = flatten(out)
        total = sum(tf.reduce_sum(o * tf.cast(weights(o.shape), o.dtype)) for o in outputs if o.dtype.is_floating)
    found, inputs = {}, []
    if grads:
        made = tape.gradient(total, [*floats, *trained.values()], unconnected_gradients="zero")
        made = [np.asarray(tf.convert_to_tensor(g)) for g in made]
        inputs, found = made[: len(floats)], dict(zip(trained, made[len(floats) :]))
    state = {name: variables[name].numpy() for name, p in params.items() if p.buffer}
    for name, v in variables.items():
        v.assign(before[name])
    return Result([np.asarray(o) for o in outputs], out_spec, found, inputs, state)


# -- targets ----------------------------------------------------------------------------------------------------------


def _names(net: Any) -> dict[str, str]:
    """Return the native names of a converted model's parameters with the source's."""
    placed = zip(net._ivy.placed(), net._ivy.params)
    return {".".join(path): name for p, name in placed for path in (p.path, *p.aliases)}


def _stored(net: Any, arrays: dict[str, Any]) -> dict[str, Any]:
    return {name: np.asarray(net._ivy.source_array(name, x)) for name, x in arrays.items()}


def _in_torch(model: Any, args: Any, kwargs: Any, train: bool, grads: bool) -> Result:
    import torch

    net = ivy.transpile(model, to="torch", train=train)
    leaves, spec = flatten((args, kwargs))
    given = [torch.tensor(x, requires_grad=grads and is_float(x)) if isinstance(x, np.ndarray) else x for x in leaves]
    call_args, call_kwargs = unflatten(spec, given)
    with torch.set_grad_enabled(grads):
        outputs, out_spec = flatten(net(*call_args, **call_kwargs))
        floats = [o for o in outputs if o.dtype.is_floating_point]
        total = sum((o * torch.tensor(weights(tuple(o.shape)))).sum() for o in floats)
    found, inputs = {}, []
    if grads:
        if total.requires_grad:
            total.backward()
        zero = torch.zeros_like
        trained = {n: p for n, p in net._gather().items() if p.requires_grad}
        found = _stored(net, {n: zero(p) if p.grad is None else p.grad for n, p in trained.items()})
        wanted = [g for g in given if isinstance(g, torch.Tensor) and g.requires_grad]
        inputs = [(zero(g) if g.grad is None else g.grad).numpy() for g in wanted]
    state = _stored(net, {n: x.detach() for n, x in net._gather().items() if net._ivy.params[n].buffer})
    return Result([o.detach().numpy() for o in outputs], out_spec, found, inputs, state)


def _in_paddle(model: Any, args: Any, kwargs: Any, train: bool, grads: bool) -> Result:
    from ivy_paddle.loading import paddle

    net = ivy.transpile(model, to="paddle", train=train)
    leaves, spec = flatten((args, kwargs))
    given = [
        paddle.to_tensor(x, stop_gradient=not (grads and is_float(x))) if isinstance(x, np.ndarray) else x
        for x in leaves
    ]
    call_args, call_kwargs = unflatten(spec, given)
    outputs, out_spec = flatten(net(*call_args, **call_kwargs))
    floats = [o for o in outputs if o.dtype == paddle.float32]
    total = sum((o * paddle.to_tensor(weights(tuple(o.shape)))).sum() for o in floats)
    found, inputs = {}, []
    if grads:
        if not total.stop_gradient:
            total.backward()
        zero = paddle.zeros_like
        trained = {n: p for n, p in net._gather().items() if not p.stop_gradient}
        found = _stored(net, {n: zero(p) if p.grad is None else p.grad for n, p in trained.items()})
        wanted = [g for g in given if isinstance(g, paddle.Tensor) and not g.stop_gradient]
        inputs = [(zero(g) if g.grad is None else g.grad).numpy() for g in wanted]
    state = _stored(net, {n: x.detach() for n, x in net._gather().items() if net._ivy.params[n].buffer})
    return Result([o.numpy() for o in outputs], out_spec, found, inputs, state)


def _in_jax(
    forward: Callable[..., tuple[Any, Any]], params: Any, state: Any, args: Any, kwargs: Any, grads: bool
) -> tuple[Any, Any, Any, Any]:
    """Run ``forward(params, state, args, kwargs) -> (output, new state)`` jitted; also the gradients."""
    import jax
    import jax.numpy as jnp

    leaves, spec = flatten((args, kwargs))
    places = [i for i, x in enumerate(leaves) if isinstance(x, np.ndarray)]
    floats = [i for i in places if is_float(leaves[i])]
    given = {i: jnp.asarray(leaves[i]) for i in places}

    def loss(params: Any, arrays: dict[int, Any], others: dict[int, Any], state: Any) -> Any:
        filled = [{**arrays, **others}.get(i, x) for i, x in enumerate(leaves)]
        call_args, call_kwargs = unflatten(spec, filled)
        out, state = forward(params, state, call_args, call_kwargs)
        total = sum((o * weights(o.shape)).sum() for o in flatten(out)[0] if jnp.issubdtype(o.dtype, jnp.floating))
        return jnp.asarray(total, jnp.result_type(float)), (out, state)

    split = {i: given[i] for i in floats}, {i: given[i] for i in places if i not in floats}, state
    if not grads:
        _, (out, state) = jax.jit(loss)(params, *split)
        return out, state, None, []
    (_, (out, state)), (found, inputs) = jax.jit(jax.value_and_grad(loss, argnums=(0, 1), has_aux=True))(params, *split)
    return out, state, found, [np.asarray(inputs[i]) for i in floats]


def _in_flax(model: Any, args: Any, kwargs: Any, train: bool, grads: bool) -> Result:
    from flax import nnx

    net = ivy.transpile(model, to="flax", train=train)
    structure, params, rest = nnx.split(net, nnx.Param, ...)

    def forward(params: Any, rest: Any, call_args: Any, call_kwargs: Any) -> Any:
        merged = nnx.merge(structure, params, rest, copy=True)
        out = merged(*call_args, **call_kwargs)
        return out, nnx.state(merged, nnx.BatchStat)

    out, state, found, inputs = _in_jax(forward, params, rest, args, kwargs, grads)
    outputs, out_spec = flatten(out)
    names = _names(net)

    def named(tree: Any) -> dict[str, Any]:
        flat = {".".join(map(str, path)): v.get_value() for path, v in nnx.to_flat_state(tree)}
        return _stored(net, {names[k]: x for k, x in flat.items()})

    return Result([np.asarray(o) for o in outputs], out_spec, named(found) if grads else {}, inputs, named(state))


def _in_haiku(model: Any, args: Any, kwargs: Any, train: bool, grads: bool) -> Result:
    import haiku as hk
    import jax

    factory = ivy.transpile(model, to="haiku")
    t = hk.transform_with_state(lambda args, kwargs: factory(train=train)(*args, **kwargs))
    key = jax.random.PRNGKey(0)
    params, state = t.init(key, args, kwargs)

    def forward(params: Any, state: Any, call_args: Any, call_kwargs: Any) -> Any:
        return t.apply(params, state, key, call_args, call_kwargs)

    out, _, found, inputs = _in_jax(forward, params, state, args, kwargs, grads)
    outputs, out_spec = flatten(out)
    total = {"sum": sum(float(abs(g).sum()) for g in jax.tree.leaves(found))} if grads else {}
    return Result([np.asarray(o) for o in outputs], out_spec, total, inputs, {})


def _in_numpy(model: Any, args: Any, kwargs: Any, train: bool, grads: bool) -> Result:
    net = ivy.to_ivy_module(model).to_backend("numpy").train(train)
    outputs, out_spec = flatten(net(*args, **kwargs))
    state = {n: x for n, x in net.buffers.items() if net.conversion.params[n].buffer}
    return Result([np.asarray(o) for o in outputs], out_spec, {}, [], state)


RUN = {"torch": _in_torch, "flax": _in_flax, "haiku": _in_haiku, "paddle": _in_paddle, "numpy": _in_numpy}


# -- verdicts ---------------------------------------------------------------------------------------------------------


def worst(found: Any, expected: Any, rtol: float, atol: float, scale: float | None = None) -> tuple[float, float]:
    """Return the largest difference over what is allowed (``atol * scale + rtol * |value|``), and over the scale."""
    assert found.shape == expected.shape, (found.shape, expected.shape)
    assert found.dtype == expected.dtype or {found.dtype.kind, expected.dtype.kind} <= {"i", "u"}
    if expected.size == 0:
        return 0.0, 0.0
    if expected.dtype.kind not in "fc":
        return (0.0 if (found == expected).all() else np.inf), 0.0
    assert np.isfinite(expected).all()
    assert np.isfinite(found).all()
    scale = float(np.abs(expected).max()) if scale is None else scale
    difference = np.abs(found.astype("float64") - expected.astype("float64"))
    allowed = atol * max(scale, 1e-30) + rtol * np.abs(expected)
    return float((difference / allowed).max()), float(difference.max() / max(scale, 1e-30))


@dataclass
class Verdict:
    """Largest relative differences of one comparison."""

    values: float = 0.0
    grads: float = 0.0


def compare(
    model: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any] | None = None,
    *,
    system: str,
    train: bool = False,
    grads: bool = True,
    rtol: float = 1e-4,
    atol: float = 1e-5,
) -> Verdict:
    """Convert a model and compare everything that a call gives.

    Args:
        model: of keras.
        args: positional arguments, in NumPy.
        kwargs: keyword arguments.
        system: where to convert to.
        train: training mode, without random numbers.
        grads: also compare the gradients of parameters and inputs.
        rtol: relative tolerance.
        atol: tolerance relative to the largest value of an array; for gradients, to the largest of the model.
    """
    kwargs = kwargs or {}
    grads = grads and system != "numpy"
    e = run_source(model, args, kwargs, train=train, grads=grads)
    f = RUN[system](model, args, kwargs, train, grads)
    assert str(f.spec) == str(e.spec)
    verdict = Verdict()
    for a, b in zip(f.outputs, e.outputs, strict=True):
        ratio, relative = worst(a, b, rtol, atol)
        assert ratio <= 1, f"output differs by {relative:.1e} of its scale"
        verdict.values = max(verdict.values, relative)
    for name, b in e.state.items() if system != "haiku" else ():
        ratio, relative = worst(f.state[name], b, rtol, atol)
        assert ratio <= 1, f"{name} differs by {relative:.1e} of its scale after the call"
    if not grads:
        return verdict
    pairs = [(f"input {i}", a, b) for i, (a, b) in enumerate(zip(f.input_grads, e.input_grads, strict=True))]
    if system == "haiku":  # it names parameters its own way; the sum of all magnitudes will do
        pairs.append(
            ("parameters", np.float64(f.grads["sum"]), np.float64(sum(abs(g).sum() for g in e.grads.values())))
        )
    else:
        assert f.grads.keys() == e.grads.keys()
        pairs += [(name, f.grads[name], e.grads[name]) for name in e.grads]
    largest = max((float(np.abs(b).max()) for _, _, b in pairs if b.size), default=0.0)
    for name, a, b in pairs:
        ratio, relative = worst(np.asarray(a), np.asarray(b), 10 * rtol, atol, largest)
        assert ratio <= 1, f"gradient of {name} differs by {relative:.1e} of the largest"
        verdict.grads = max(verdict.grads, relative)
    return verdict


def seeded(seed: int = 0) -> None:
    """Make keras' initial weights the same in every run."""
    keras.utils.set_random_seed(seed)
