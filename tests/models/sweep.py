"""Compares real torch models with their conversions; prints the table of docs/models.md.

``python tests/models/sweep.py [--target jax|numpy|paddle] [--gradients] [name ...]``
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

import ivy

sys.path.insert(0, str(Path(__file__).parent))
import zoo

RTOL, ATOL = 1e-4, 1e-5

GRADIENTS = (
    "resnet18",
    "convnext_atto",
    "vit_tiny_patch16_224",
    "swin_tiny_patch4_window7_224",
    "mixer_s32_224",
    "mobilenetv2_100",
    "bert",
    "gpt2",
    "llama",
    "t5",
    "wav2vec2",
    "mamba",
)

# In single precision rounding puts a few of the values before a rectifier on its other side.
IN_DOUBLE = ("vgg11_bn",)


@dataclass
class Row:
    """What one comparison gave."""

    name: str
    target: str
    batch: int
    arrays: int = 0
    absolute: float = 0.0
    relative: float = 0.0
    worst: float = 0.0
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether every array is within ``ATOL * scale + RTOL * |value|``, scale being its largest value."""
        return self.arrays > 0 and self.worst <= 1.0

    def compare(self, ours: Any, theirs: torch.Tensor) -> None:
        """Take one pair of arrays into account."""
        a, b = np.asarray(ours), theirs.detach().numpy()
        assert a.shape == b.shape, f"{self.name}: shape {a.shape} for {b.shape}"
        if b.size == 0:
            return
        if not np.issubdtype(b.dtype, np.inexact):
            self.arrays += 1
            self.worst = max(self.worst, 0.0 if (a == b).all() else np.inf)
            return
        assert a.dtype == b.dtype, f"{self.name}: dtype {a.dtype} for {b.dtype}"
        scale = max(float(np.abs(b[np.isfinite(b)]).max(initial=0.0)), 1e-30)
        finite = np.isfinite(b)
        assert (np.isfinite(a) == finite).all()
        difference = np.abs(a - b, where=finite, out=np.zeros_like(b))
        self.arrays += 1
        self.absolute = max(self.absolute, float(difference.max()))
        self.relative = max(self.relative, float(difference.max()) / scale)
        allowed = ATOL * scale + RTOL * np.abs(np.where(finite, b, 0))
        self.worst = max(self.worst, float((difference / allowed).max()))


def load(name: str, batch: int = 2) -> tuple[torch.nn.Module, tuple[Any, ...], dict[str, Any]]:
    """Return a model with its positional and keyword inputs."""
    if name in zoo.TIMM:
        return zoo.timm_model(name), *inputs(name, batch)
    return zoo.transformers_model(name), *inputs(name, batch)


def inputs(name: str, batch: int) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the inputs of a model."""
    if name in zoo.TIMM:
        return (zoo.timm_inputs(name, batch),), {}
    return (), zoo.transformers_inputs(name, batch)


def pairs(ours: Any, theirs: Any) -> Iterator[tuple[Any, torch.Tensor]]:
    """Walk two results in step and yield their arrays."""
    if isinstance(theirs, torch.Tensor):
        yield ours, theirs
    elif isinstance(theirs, dict):
        assert list(ours) == list(theirs)
        assert type(ours) is type(theirs)
        for k in theirs:
            yield from pairs(ours[k], theirs[k])
    elif isinstance(theirs, (tuple, list)):
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs, strict=True):
            yield from pairs(a, b)
    elif type(theirs).__name__ == "EncoderDecoderCache":
        for part in ("self_attention_cache", "cross_attention_cache"):
            yield from pairs(getattr(ours, part), getattr(theirs, part))
    elif type(theirs).__name__.endswith("Cache"):
        for a, b in zip(ours.layers, theirs.layers, strict=True):
            for part in ("keys", "values"):
                if isinstance(getattr(b, part, None), torch.Tensor):
                    yield getattr(a, part), getattr(b, part)


def runner(converted: Any, target: str) -> Any:
    """Return the function that runs a converted model: jitted in JAX, eager elsewhere."""
    if target != "jax":
        return converted
    import jax
    from flax import nnx

    structure, state = nnx.split(converted)
    run = jax.jit(lambda state, args, kwargs: nnx.merge(structure, state)(*args, **kwargs))
    return lambda *args, **kwargs: run(state, args, kwargs)


def outputs(name: str, target: str, batches: tuple[int, ...] = (2, 3)) -> Iterator[Row]:
    """Convert a model, run it at several batch sizes and compare every array of its output."""
    model, args, kwargs = load(name)
    start = time.perf_counter()
    if target == "numpy":
        converted = ivy.to_ivy_module(model).to_backend("numpy")
    else:
        converted = ivy.transpile(model, source="torch", to=target, args=args, kwargs=kwargs)
    seconds = time.perf_counter() - start
    run = runner(converted, target)
    for batch in batches:
        args, kwargs = inputs(name, batch)
        with torch.no_grad():
            expected = model(*args, **kwargs)
        found = run(*[x.numpy() for x in args], **{k: v.numpy() for k, v in kwargs.items()})
        row = Row(name, target, batch, seconds=seconds)
        for a, b in pairs(found, expected):
            row.compare(a, b)
        yield row


def any_batch(name: str, batches: tuple[int, ...] = (1, 2, 3)) -> Iterator[Row]:
    """Trace a keras model once for inputs of any batch size, and compare what it gives for several."""
    import tensorflow as tf

    from ivy.graph.serialise import as_plain

    model, args, kwargs = load(name)
    converted = ivy.transpile(model, source="torch", to="tensorflow")

    def spec(x: torch.Tensor) -> Any:
        return tf.TensorSpec((None, *x.shape[1:]), str(x.dtype).removeprefix("torch."))

    start = time.perf_counter()
    traced = tf.function(converted).get_concrete_function(*map(spec, args), **{k: spec(v) for k, v in kwargs.items()})
    seconds = time.perf_counter() - start
    for batch in batches:
        args, kwargs = inputs(name, batch)
        with torch.no_grad():
            expected = as_plain(model(*args, **kwargs))
        found = traced(
            *[tf.constant(x.numpy()) for x in args], **{k: tf.constant(v.numpy()) for k, v in kwargs.items()}
        )
        row = Row(name, "tensorflow, any batch", batch, seconds=seconds)
        for a, b in pairs(found, expected):
            row.compare(a, b)
        yield row


def jax_gradients(model: torch.nn.Module, args: Any, kwargs: Any, weights: Any) -> dict[str, Any]:
    """Return the gradients of all parameters by the source's names, in its layout; in JAX through `ivy.Module`."""
    import jax

    net = ivy.to_ivy_module(model).to_backend("jax")

    @jax.jit
    def grad(v: Any) -> Any:
        return jax.grad(lambda v: (first(net(*args, v=v, **kwargs)) * weights).sum())(v)

    return {name: net.conversion.source_array(name, value) for name, value in grad(net.v).items()}


def paddle_gradients(model: torch.nn.Module, args: Any, kwargs: Any, weights: Any) -> dict[str, Any]:
    """Do the same in PaddlePaddle, through the layer and its tape."""
    import paddle

    net = ivy.transpile(model, source="torch", to="paddle")
    (first(net(*args, **kwargs)) * paddle.to_tensor(weights)).sum().backward()
    trained = {name: x for name, x in net._gather().items() if not x.stop_gradient}
    return {
        name: net._ivy.source_array(name, paddle.zeros_like(x) if x.grad is None else x.grad)
        for name, x in trained.items()
    }


def tensorflow_gradients(model: torch.nn.Module, args: Any, kwargs: Any, weights: Any) -> dict[str, Any]:
    """Do the same in TensorFlow, through the keras model and its tape."""
    import tensorflow as tf

    net = ivy.transpile(model, source="torch", to="tensorflow")
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(first(net(*args, **kwargs)) * weights)
    trained = {name: v for name, v in net.named_variables().items() if v.trainable}
    grads = tape.gradient(total, [v.value for v in trained.values()], unconnected_gradients="zero")
    return {
        name: net.conversion.source_array(name, tf.convert_to_tensor(g)) for name, g in zip(trained, grads, strict=True)
    }


GRADIENTS_IN = {"jax": jax_gradients, "paddle": paddle_gradients, "tensorflow": tensorflow_gradients}


def gradients(name: str, target: str = "jax") -> Row:
    """Compare the gradients of all parameters for one weighted sum of the first output."""
    model, args, kwargs = load(name)
    if name in IN_DOUBLE and target != "jax":  # which has no double precision unless asked for
        model, args = model.double(), tuple(x.double() for x in args)
    result = next(b for _, b in pairs_of(model(*args, **kwargs)))
    weights = torch.rand(result.shape, generator=torch.Generator().manual_seed(2)).to(result.dtype) - 0.5
    (result * weights).sum().backward()
    arrays = [x.numpy() for x in args], {k: v.numpy() for k, v in kwargs.items()}
    found = GRADIENTS_IN[target](model, *arrays, weights.numpy())
    row = Row(name, f"{target} gradients", 2)
    named = {k: p for k, p in model.named_parameters() if p.requires_grad}
    assert found.keys() >= named.keys()
    largest = max(float(p.grad.abs().max()) for p in named.values() if p.grad is not None)
    for key, parameter in named.items():
        expected, ours = parameter.grad, found[key]
        if expected is None:
            assert float(ours.abs().max()) == 0
            continue
        # gradients are judged against the largest of the model: many are sums that cancel
        row.arrays += 1
        difference = float((ours - expected).abs().max())
        row.absolute = max(row.absolute, difference)
        row.relative = max(row.relative, difference / largest)
        own = float(expected.abs().max())
        row.worst = max(row.worst, difference / (1e-3 * own + 1e-5 * largest))
    return row


def first(out: Any) -> Any:
    """Return the first array of a result in a framework's own containers."""
    while isinstance(out, (dict, tuple, list)):
        out = next(iter(out.values())) if isinstance(out, dict) else out[0]
    return out


def pairs_of(x: Any) -> Iterator[tuple[Any, torch.Tensor]]:
    """Yield the tensors of one result, each twice."""
    yield from pairs(x, x)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--target", default="jax")
    parser.add_argument("--gradients", action="store_true")
    parser.add_argument("--any-batch", action="store_true", help="keras models, traced once for all batch sizes")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    if options.gradients:
        names = options.names or GRADIENTS
    else:
        names = options.names or [*zoo.TIMM, *zoo.TRANSFORMERS]
    print("| model | target | batch | arrays | max abs diff | max rel diff | capture + lower (s) | |")
    print("|---|---|---|---|---|---|---|---|")
    for name in names:
        try:
            if options.any_batch:
                rows: Any = any_batch(name)
            else:
                rows = [gradients(name, options.target)] if options.gradients else outputs(name, options.target)
            for row in rows:
                verdict = "ok" if row.ok else "differs"
                print(
                    f"| {name} | {row.target} | {row.batch} | {row.arrays} | {row.absolute:.1e} | {row.relative:.1e} "
                    f"| {row.seconds:.2f} | {verdict} |",
                    flush=True,
                )
        except Exception as error:
            print(
                f"| {name} | {options.target} | | | | | | {type(error).__name__}: {str(error)[:200]} |".replace(
                    "\n", " "
                )
            )


if __name__ == "__main__":
    main()
