"""After a transformation of the target has traced converted code, plain calls give what they gave before.

What a trace leaves behind (fake tensors, tracers, symbolic tensors, values of a program) must be in nothing that is
kept: neither in parameters nor in the constants of generated code, whether the first call was traced or a plain one.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import ivy

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning"),
]

X = np.linspace(-1, 1, 12, dtype="float32").reshape(3, 4)
SHIFT = np.array([0.5, -1.0, 2.0], "float32")


class Net(torch.nn.Module):
    """Parameters, buffers and constants."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.norm, self.two = torch.nn.Linear(4, 5), torch.nn.BatchNorm1d(5), torch.nn.Linear(5, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.two(torch.relu(self.norm(self.one(x))))
        return y * torch.tensor([1.0, 2.0, 3.0]) + torch.from_numpy(SHIFT)


def net() -> Net:
    torch.manual_seed(3)
    module = Net().eval()
    with torch.no_grad():
        module.norm.running_mean.normal_()
    return module


def to_numpy(x: Any) -> Any:
    return x.detach().numpy() if isinstance(x, torch.Tensor) else np.asarray(x)


def from_numpy_function(target: str) -> Callable[..., Any]:
    """A function with constants."""
    table = np.arange(4, dtype="float32")
    return ivy.transpile(lambda x: np.sum(np.tanh(x * table + np.float32(1)), axis=1), source="numpy", to=target)


# -- PyTorch ----------------------------------------------------------------------------------------------------------


def torch_module() -> Any:
    from flax import nnx

    class Source(nnx.Module):
        def __init__(self, rngs: nnx.Rngs) -> None:
            self.one, self.two = nnx.Linear(4, 5, rngs=rngs), nnx.Linear(5, 3, rngs=rngs)
            self.norm = nnx.BatchNorm(5, use_running_average=True, rngs=rngs)

        def __call__(self, x: Any) -> Any:
            import jax.numpy as jnp

            return self.two(nnx.relu(self.norm(self.one(x)))) * jnp.array([1.0, 2.0, 3.0]) + SHIFT

    return ivy.transpile(Source(nnx.Rngs(0)), source="jax", to="torch").eval()


def torch_export(f: Any, x: torch.Tensor) -> Any:
    module = f if isinstance(f, torch.nn.Module) else Wrapped(f)
    return torch.export.export(module, (x,)).module()(x)


class Wrapped(torch.nn.Module):
    """A function as a module."""

    def __init__(self, f: Any) -> None:
        super().__init__()
        self.f = f

    def forward(self, x: torch.Tensor) -> Any:
        return self.f(x)


def torch_make_fx(f: Any, x: torch.Tensor) -> Any:
    from torch.fx.experimental.proxy_tensor import make_fx

    return make_fx(f)(x)(x)


def torch_fake(f: Any, x: torch.Tensor) -> None:
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode(allow_non_fake_inputs=True) as mode:
        assert f(mode.from_tensor(x)).shape[0] == 3


def torch_inference(f: Any, x: torch.Tensor) -> Any:
    with torch.inference_mode():
        return f(x).clone()


def torch_grad(f: Any, x: torch.Tensor) -> None:
    found = torch.func.grad(lambda x: f(x).sum())(x)
    assert torch.isfinite(found).all()


def torch_functional(f: Any, x: torch.Tensor) -> None:
    if isinstance(f, torch.nn.Module):
        zeros = {k: torch.zeros_like(v) for k, v in f.state_dict().items()}
        found = torch.func.functional_call(f, zeros, (x,))
        torch.testing.assert_close(found, torch.from_numpy(SHIFT).expand_as(found))


def torch_replicas(f: Any, x: torch.Tensor) -> None:
    """As `DataParallel` makes them: copies of all parts, whose tensors are attributes."""
    if not isinstance(f, torch.nn.Module):
        return
    parts = list(f.modules())
    places = {part: i for i, part in enumerate(parts)}
    replicas = [part._replicate_for_data_parallel() for part in parts]
    for part, replica in zip(parts, replicas, strict=True):
        for name, child in part._modules.items():
            replica._modules[name] = replicas[places[child]]
        for name, p in part._parameters.items():
            setattr(replica, name, None if p is None else p * 0)
        for name, b in part._buffers.items():
            replica._buffers[name] = None if b is None else b * 0  # torch's own layers have empty places
    found = replicas[0](x)
    torch.testing.assert_close(found, torch.from_numpy(SHIFT).expand_as(found))


def torch_copies(f: Any, x: torch.Tensor) -> None:
    if isinstance(f, torch.nn.Module):
        own, shallow = copy.deepcopy(f), copy.copy(f)
        wanted = f(x).detach()
        with torch.no_grad():
            for p in own.parameters():
                p.zero_()
        torch.testing.assert_close(own(x), torch.from_numpy(SHIFT).expand_as(wanted))
        torch.testing.assert_close(shallow(x), wanted)


TORCH = {
    "export": torch_export,
    "trace": lambda f, x: torch.jit.trace(f, x)(x),
    "make_fx": torch_make_fx,
    "fake": torch_fake,
    "compile": lambda f, x: torch.compile(f, backend="eager")(x),
    "inference": torch_inference,
    "grad": torch_grad,
    "vmap": lambda f, x: torch.vmap(f)(x[None])[0],
    "functional": torch_functional,
    "replicas": torch_replicas,
    "copies": torch_copies,
}


@pytest.mark.parametrize("called", [False, True])
@pytest.mark.parametrize("name", TORCH)
@pytest.mark.parametrize("make", [torch_module, lambda: from_numpy_function("torch")], ids=["module", "function"])
def test_torch(make: Callable[[], Any], name: str, called: bool) -> None:
    x, f = torch.from_numpy(X.copy()), make()
    wanted = make()(x).detach()
    if called:
        f(x)
    found = TORCH[name](f, x)
    if found is not None:
        torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-5)
    x.requires_grad_()
    again = f(x)
    assert type(again) is torch.Tensor
    torch.testing.assert_close(again.detach(), wanted, rtol=1e-4, atol=1e-5)
    again.sum().backward()  # nothing was left by inference
    assert type(x.grad) is torch.Tensor
    if isinstance(f, torch.nn.Module):
        assert {type(p) for p in f.parameters()} == {torch.nn.Parameter}
        assert {type(b) for b in f.buffers()} <= {torch.Tensor}
        with torch.no_grad():
            for p in f.parameters():
                p.zero_()
        torch.testing.assert_close(f(x), torch.from_numpy(SHIFT).expand_as(again), rtol=1e-4, atol=1e-5)


# -- JAX --------------------------------------------------------------------------------------------------------------


def jax_transformations() -> dict[str, Callable[[Any, Any], Any]]:
    import jax

    return {
        "jit": lambda f, x: jax.jit(f)(x),
        "eval_shape": lambda f, x: jax.eval_shape(f, x) and None,
        "make_jaxpr": lambda f, x: jax.make_jaxpr(f)(x) and None,
        "grad": lambda f, x: jax.grad(lambda x: f(x).sum())(x) is None or None,
        "jit_grad": lambda f, x: jax.jit(jax.grad(lambda x: f(x).sum()))(x) is None or None,
        "vmap": lambda f, x: jax.vmap(f)(x[None])[0],
        "checkpoint": lambda f, x: jax.checkpoint(f)(x),
        "linearize": lambda f, x: jax.linearize(f, x)[0],
        "scan": lambda f, x: jax.lax.scan(lambda c, x: (c, f(x)), 0, x[None])[1][0],
        "export": lambda f, x: jax.export.export(jax.jit(f))(x) and None,
    }


@pytest.mark.parametrize("called", [False, True])
@pytest.mark.parametrize("name", jax_transformations())
@pytest.mark.parametrize("system", ["function", "flax", "equinox"])
def test_jax(system: str, name: str, called: bool) -> None:
    import jax
    import jax.numpy as jnp

    x = jnp.asarray(X)
    f = from_numpy_function("jax") if system == "function" else ivy.transpile(net(), source="torch", to=system)
    if called:
        f(x)
    before = jax.tree.map(np.asarray, leaves_of(f))
    found = jax_transformations()[name](lambda x: f(x), x)  # equinox modules can't be hashed
    wanted = from_numpy_function("numpy")(X) if system == "function" else net()(torch.from_numpy(X)).detach().numpy()
    for out in (found, f(x), jax.jit(lambda x: f(x))(x)):
        if out is not None:
            np.testing.assert_allclose(np.asarray(out), wanted, rtol=1e-4, atol=1e-5)
    for a, b in zip(leaves_of(f), before, strict=True):
        np.testing.assert_array_equal(np.asarray(a), b)


def leaves_of(f: Any) -> list[Any]:
    import jax
    from flax import nnx

    tree = nnx.state(f, nnx.Not(nnx.RngState)) if isinstance(f, nnx.Module) else f
    return [x for x in jax.tree.leaves(tree) if hasattr(x, "dtype")]


# -- TensorFlow -------------------------------------------------------------------------------------------------------


def tensorflow_transformations(folder: Path) -> dict[str, Callable[[Any, Any], Any]]:
    import keras
    import tensorflow as tf

    def any_size(f: Any, x: Any) -> Any:
        return tf.function(f, input_signature=[tf.TensorSpec((None, 4), tf.float32)])(x)

    def symbolic(f: Any, x: Any) -> Any:
        given = keras.Input((4,), batch_size=3)
        made = f(given) if isinstance(f, keras.layers.Layer) else keras.layers.Lambda(lambda x: f(x))(given)
        return keras.Model(given, made)(x)

    def tape(f: Any, x: Any) -> None:
        with tf.GradientTape() as t:
            t.watch(x)
            y = f(x)
        assert t.gradient(y, x) is not None

    def saved(f: Any, x: Any) -> Any:
        if not isinstance(f, tf.Module):
            return None
        tf.saved_model.save(f, str(folder / "saved"), signatures=tf.function(f).get_concrete_function(x))
        return None

    return {
        "function": lambda f, x: tf.function(f)(x),
        "any_size": any_size,
        "concrete": lambda f, x: tf.function(f).get_concrete_function(tf.TensorSpec((3, 4), tf.float32)) and None,
        "xla": lambda f, x: tf.function(f, jit_compile=True)(x),
        "symbolic": symbolic,
        "tape": tape,
        "saved": saved,
        "vectorized": lambda f, x: tf.vectorized_map(f, x[None])[0],
    }


@pytest.mark.parametrize("called", [False, True])
@pytest.mark.parametrize("name", ["function", "any_size", "concrete", "xla", "symbolic", "tape", "saved", "vectorized"])
@pytest.mark.parametrize("system", ["function", "tf.Module", "keras"])
def test_tensorflow(system: str, name: str, called: bool, tmp_path: Path) -> None:
    import tensorflow as tf

    x = tf.constant(X)
    f = from_numpy_function("tensorflow") if system == "function" else ivy.transpile(net(), source="torch", to=system)
    if called:
        f(x)
    found = tensorflow_transformations(tmp_path)[name](f, x)
    wanted = from_numpy_function("numpy")(X) if system == "function" else net()(torch.from_numpy(X)).detach().numpy()
    for out in (found, f(x), tf.function(f)(x)):
        if out is not None:
            np.testing.assert_allclose(np.asarray(out), wanted, rtol=1e-4, atol=1e-5)


# -- PaddlePaddle -----------------------------------------------------------------------------------------------------


def paddle_transformations(folder: Path) -> dict[str, Callable[[Any, Any], Any]]:
    from ivy_paddle.loading import paddle

    def saved(f: Any, x: Any) -> Any:
        if not isinstance(f, paddle.nn.Layer):
            return None
        spec = paddle.static.InputSpec([None, 4], "float32")
        paddle.jit.save(f, str(folder / "saved"), input_spec=[spec])
        return paddle.jit.load(str(folder / "saved"))(x)

    def to_static(f: Any, x: Any) -> Any:
        def call(x: Any) -> Any:  # paddle reads its source
            return f(x)

        return paddle.jit.to_static(call, full_graph=True)(x)

    def grad(f: Any, x: Any) -> None:
        x = x.clone()
        x.stop_gradient = False
        assert paddle.grad(f(x).sum(), x)[0] is not None

    return {
        "to_static": to_static,
        "to_static_layer": lambda f, x: (
            paddle.jit.to_static(copy.deepcopy(f), full_graph=True)(x) if isinstance(f, paddle.nn.Layer) else None
        ),
        "saved": saved,
        "grad": grad,
        "no_grad": lambda f, x: paddle.no_grad()(f.__call__)(x),
    }


@pytest.mark.parametrize("called", [False, True])
@pytest.mark.parametrize("name", ["to_static", "to_static_layer", "saved", "grad", "no_grad"])
@pytest.mark.parametrize("system", ["function", "paddle"])
def test_paddle(system: str, name: str, called: bool, tmp_path: Path) -> None:
    from ivy_paddle.loading import paddle

    x = paddle.to_tensor(X)
    module = net().one if name == "saved" else net()  # paddle.jit.save writes no tensor that is not the layer's
    f = from_numpy_function("paddle") if system == "function" else ivy.transpile(module, source="torch", to=system)
    if called:
        f(x)
    found = paddle_transformations(tmp_path)[name](f, x)
    wanted = from_numpy_function("numpy")(X) if system == "function" else module(torch.from_numpy(X)).detach().numpy()
    for out in (found, f(x)):
        if out is not None:
            np.testing.assert_allclose(out.numpy(), wanted, rtol=1e-4, atol=1e-5)
    y = x.clone()
    y.stop_gradient = False
    assert np.isfinite(paddle.grad(f(y).sum(), y)[0].numpy()).all()
