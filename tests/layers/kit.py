"""What the tests of standard layers share: how each module system's layers are filled, called and differentiated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ivy.stateful.layers import Layer, Native
from ivy.stateful.spec import inverse, permutation

STATISTICS = ("mean", "var", "count")


@dataclass(frozen=True)
class Result:
    """What a call of a layer gives: output, gradients by role (``"x"`` for the data's), statistics after it."""

    out: np.ndarray
    grads: dict[str, np.ndarray]
    statistics: dict[str, np.ndarray]


@dataclass(frozen=True)
class System:
    """A module system.

    Args:
        recognise: the plugin's function.
        build: the plugin's function.
        weights: gives a part's weights by role as the part stores them: ``weights(part, {role: attribute})``.
        place: puts weights into what a `Native` makes: ``place(part, {attribute: array})``; gives the part.
        call: ``call(part, x, train, {role: attribute}, cotangent)`` -> `Result`; gradients as the part stores them. The
            cotangent is a function of the output's shape. ``train`` None leaves the mode.
    """

    recognise: Callable[[Any], Layer | None]
    build: Callable[[Layer], Native | str]
    weights: Callable[[Any, Mapping[str, str]], dict[str, np.ndarray]]
    place: Callable[[Any, Mapping[str, np.ndarray]], Any]
    call: Callable[..., Result]


def cotangent(shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(7).standard_normal(shape).astype("float32")


def _drawn(rng: np.random.Generator, role: str, x: np.ndarray) -> np.ndarray:
    if x.dtype.kind != "f":
        return x
    return (abs(x) + rng.random(x.shape) if role == "var" else x + 0.3 * rng.standard_normal(x.shape)).astype(x.dtype)


def convert(source: System, target: System, part: Any) -> tuple[Layer, Native | str, Any]:
    """Return the layer, the target's form of it, and the target's own layer with the part's weights."""
    layer = source.recognise(part)
    assert layer is not None
    native = target.build(layer)
    if isinstance(native, str):
        return layer, native, None
    there = {role: attribute for role, (attribute, _) in layer.weights.items()}
    rng = np.random.default_rng(3)
    drawn = {role: _drawn(rng, role, x) for role, x in source.weights(part, there).items()}
    part = source.place(part, {there[role]: x for role, x in drawn.items()})
    values = {}
    for role, x in drawn.items():
        attribute, wanted = native.weights[role]
        have = layer.weights[role][1]
        perm = permutation(have, wanted, x.ndim) if have and wanted else None
        values[attribute] = x if perm is None else x.transpose(perm).copy()
    return layer, native, target.place(native.make(), values)


def assert_same(
    source: System, target: System, part: Any, x: np.ndarray, *, rtol: float = 2e-4, atol: float = 2e-5
) -> None:
    """Convert a layer alone; compare calls of both in evaluation and in training."""
    layer, native, new = convert(source, target, part)
    assert not isinstance(native, str), native
    assert native.same(new, layer.train)
    assert issubclass(type(new), native.cls)
    random = layer.kind == "dropout"
    for train in (False,) if random else (False, True, False):
        there = {role: attribute for role, (attribute, _) in layer.weights.items()}
        here = {role: attribute for role, (attribute, _) in native.weights.items()}
        expected = source.call(part, x, train, there, cotangent)
        found = target.call(new, x, train, here, cotangent)
        assert found.out.shape == expected.out.shape
        assert found.out.dtype == expected.out.dtype
        np.testing.assert_allclose(found.out, expected.out, rtol, atol)
        assert found.statistics.keys() == expected.statistics.keys()
        for role, value in expected.statistics.items():
            np.testing.assert_allclose(found.statistics[role], value, rtol, atol, err_msg=role)
        assert found.grads.keys() == expected.grads.keys()
        for role, value in expected.grads.items():
            grad = found.grads[role]
            have, wanted = (
                layer.weights[role][1] if role != "x" else None,
                native.weights[role][1] if role != "x" else None,
            )
            perm = permutation(have, wanted, grad.ndim) if have and wanted else None
            grad = grad if perm is None else grad.transpose(inverse(perm))
            np.testing.assert_allclose(
                grad, value, rtol, atol * max(1.0, abs(value).max()), err_msg=f"gradient of {role}"
            )


def check_case(source: System, target: System, case: Any) -> None:
    """Compare one case of a sweep, if the target has its layer; else there must be a reason."""
    from layer_cases import data

    _, make, shape = case
    part = make()
    layer = source.recognise(part)
    made = None if layer is None else target.build(layer)
    if made is None or isinstance(made, str):
        assert made is None or made
        return
    assert_same(source, target, part, data(shape))


# -- systems ----------------------------------------------------------------------------------------------------------


def torch_system() -> System:
    import torch
    from torch import nn

    from ivy_torch.layers import build, recognise

    def weights(part: Any, names: Mapping[str, str]) -> dict[str, np.ndarray]:
        return {role: getattr(part, name).detach().numpy().copy() for role, name in names.items()}

    def place(part: Any, values: Mapping[str, np.ndarray]) -> Any:
        for name, x in values.items():
            tensor = torch.tensor(x)
            setattr(part, name, tensor if name in part._buffers else nn.Parameter(tensor))
        return part

    def call(part: Any, x: np.ndarray, train: Any, names: Mapping[str, str], ct: Any) -> Result:
        if train is not None:
            part.train(train)
        given = torch.tensor(x).requires_grad_(x.dtype.kind == "f")
        y = part(given)
        free = {role: getattr(part, name) for role, name in names.items() if role not in STATISTICS}
        wrt = {**free, **({"x": given} if given.requires_grad else {})}
        grads = torch.autograd.grad(y, [*wrt.values()], torch.tensor(ct(tuple(y.shape))))
        return Result(
            y.detach().numpy(),
            {role: g.numpy() for role, g in zip(wrt, grads)},
            weights(part, {r: n for r, n in names.items() if r in STATISTICS}),
        )

    return System(recognise, build, weights, place, call)


def nnx_system() -> System:
    import jax
    import jax.numpy as jnp
    from flax import nnx

    from ivy_jax.converters.nnx_layers import build, recognise

    def weights(part: Any, names: Mapping[str, str]) -> dict[str, np.ndarray]:
        return {role: np.array(getattr(part, name).get_value()) for role, name in names.items()}

    def place(part: Any, values: Mapping[str, np.ndarray]) -> Any:
        for name, x in values.items():
            variable = getattr(part, name)
            assert variable.get_value().shape == x.shape
            setattr(part, name, type(variable)(jnp.asarray(x)))
        if isinstance(part, nnx.Dropout):
            part.rngs = nnx.Rngs(dropout=0).dropout
        return part

    def call(part: Any, x: np.ndarray, train: Any, names: Mapping[str, str], ct: Any) -> Result:
        if train is not None:
            (part.train if train else part.eval)()
        stats = {r: n for r, n in names.items() if r in STATISTICS}

        def function(given: dict[str, Any]) -> Any:
            new = nnx.clone(part)
            for role in given.keys() - {"x"}:
                getattr(new, names[role]).set_value(given[role])
            return new(given.get("x", x)), {r: getattr(new, n).get_value() for r, n in stats.items()}

        wrt = {r: getattr(part, n).get_value() for r, n in names.items() if r not in stats}
        if x.dtype.kind == "f":
            wrt["x"] = jnp.asarray(x)
        y, pull, after = jax.vjp(function, wrt, has_aux=True)
        (grads,) = pull(jnp.asarray(ct(y.shape)).astype(y.dtype))
        for role, value in after.items():
            getattr(part, names[role]).set_value(value)
        return Result(
            np.asarray(y), {r: np.asarray(g) for r, g in grads.items()}, {r: np.asarray(v) for r, v in after.items()}
        )

    return System(recognise, build, weights, place, call)


def paddle_system() -> System:
    from ivy_paddle.loading import paddle
    from ivy_paddle.native_layers import build, recognise

    def weights(part: Any, names: Mapping[str, str]) -> dict[str, np.ndarray]:
        return {role: getattr(part, name).numpy().copy() for role, name in names.items()}

    def place(part: Any, values: Mapping[str, np.ndarray]) -> Any:
        for name, x in values.items():
            old = getattr(part, name)
            assert list(old.shape) == list(x.shape)
            if name in part._buffers:
                part._buffers[name] = paddle.to_tensor(x)
                continue
            new = paddle.base.framework.EagerParamBase.from_tensor(
                paddle.to_tensor(x), trainable=not old.stop_gradient, name=old.name
            )
            new.stop_gradient = old.stop_gradient
            part._parameters[name] = new
        return part

    def call(part: Any, x: np.ndarray, train: Any, names: Mapping[str, str], ct: Any) -> Result:
        if train is not None:
            (part.train if train else part.eval)()
        given = paddle.to_tensor(x, stop_gradient=x.dtype.kind != "f")
        y = part(given)
        wrt = {role: getattr(part, name) for role, name in names.items() if role not in STATISTICS}
        if x.dtype.kind == "f":
            wrt["x"] = given
        grads = paddle.grad([y], [*wrt.values()], [paddle.to_tensor(ct(tuple(y.shape)))], allow_unused=True)
        return Result(
            y.numpy(),
            {
                role: np.zeros(w.shape, "float32") if g is None else g.numpy()
                for (role, w), g in zip(wrt.items(), grads)
            },
            weights(part, {r: n for r, n in names.items() if r in STATISTICS}),
        )

    return System(recognise, build, weights, place, call)


def keras_system() -> System:
    import tensorflow as tf

    from ivy_tensorflow.converters.keras_layers import build, recognise

    def weights(part: Any, names: Mapping[str, str]) -> dict[str, np.ndarray]:
        return {role: getattr(part, name).numpy() for role, name in names.items()}

    def place(part: Any, values: Mapping[str, np.ndarray]) -> Any:
        for name, x in values.items():
            getattr(part, name).assign(x)
        return part

    def call(part: Any, x: np.ndarray, train: Any, names: Mapping[str, str], ct: Any) -> Result:
        given = tf.convert_to_tensor(x)
        wrt = {role: getattr(part, name).value for role, name in names.items() if role not in STATISTICS}
        if x.dtype.kind == "f":
            wrt["x"] = given
        extra = {} if train is None or not part._call_has_training_arg else {"training": train}
        with tf.GradientTape() as tape:
            tape.watch([*wrt.values()])
            y = part(given, **extra)
        grads = tape.gradient(y, [*wrt.values()], tf.convert_to_tensor(ct(tuple(y.shape))))
        return Result(
            y.numpy(),
            {role: tf.convert_to_tensor(g).numpy() for role, g in zip(wrt, grads)},
            weights(part, {r: n for r, n in names.items() if r in STATISTICS}),
        )

    return System(recognise, build, weights, place, call)


def equinox_system() -> System:
    import equinox as eqx
    import jax
    import jax.numpy as jnp

    from ivy_jax.converters.equinox_layers import build, recognise

    def weights(part: Any, names: Mapping[str, str]) -> dict[str, np.ndarray]:
        return {role: np.array(getattr(part, name)) for role, name in names.items()}

    def place(part: Any, values: Mapping[str, np.ndarray]) -> Any:
        for name, x in values.items():
            object.__setattr__(part, name, jnp.asarray(x))
        return part

    def call(part: Any, x: np.ndarray, train: Any, names: Mapping[str, str], ct: Any) -> Result:
        if train is not None:
            part = eqx.nn.inference_mode(part, value=not train)

        def function(given: dict[str, Any]) -> Any:
            new = part
            for role in given.keys() - {"x"}:
                new = eqx.tree_at(lambda m, role=role: getattr(m, names[role]), new, given[role])
            return new(given.get("x", x))

        wrt = {r: getattr(part, n) for r, n in names.items()}
        if x.dtype.kind == "f":
            wrt["x"] = jnp.asarray(x)
        y, pull = jax.vjp(function, wrt)
        (grads,) = pull(jnp.asarray(ct(y.shape)).astype(y.dtype))
        return Result(np.asarray(y), {r: np.asarray(g) for r, g in grads.items()}, {})

    return System(recognise, build, weights, place, call)
