"""Converted models beside ports written by hand: ResNet-50 and ViT-S, batch 2, 224 pixels, on one core.

``python benchmarks/ports/bench.py nnx2torch|torch2nnx|torch2keras resnet|vit [seconds]``

The candidates take turns in one process; what is printed is the median, and the median of the ratios to the port.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["OMP_NUM_THREADS"] = os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["KERAS_BACKEND"] = "tensorflow"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import torch

import ivy

torch.set_num_threads(1)
IMAGE = np.random.default_rng(0).normal(size=(2, 3, 224, 224)).astype("float32")
LAST = IMAGE.transpose(0, 2, 3, 1).copy()


def race(title: str, runs: dict[str, Callable[[], Any]], seconds: float) -> None:
    """Let candidates take turns; the first one is what the others are compared with."""
    for run in runs.values():
        run()
        run()
    times: dict[str, list[float]] = {name: [] for name in runs}
    base = next(iter(runs))
    end = time.time() + seconds
    while time.time() < end or len(times[base]) < 5:
        for name, run in runs.items():
            start = time.process_time()
            run()
            times[name].append(time.process_time() - start)
    for name, taken in times.items():
        ratio = statistics.median(x / y for x, y in zip(taken, times[base], strict=True))
        print(
            f"{title:28s} {name:8s} {1e3 * statistics.median(taken):8.2f} ms  x{ratio:.3f}  (n={len(taken)})",
            flush=True,
        )


def nnx2torch(arch: str, seconds: float) -> None:
    """A model written in nnx, converted, beside the same written in torch, both eager."""
    import jax.numpy as jnp
    import nnx_models
    import torch_models
    from flax import nnx

    source = {"resnet": nnx_models.ResNet50, "vit": nnx_models.ViT}[arch](nnx.Rngs(0))
    source.eval()
    ours = ivy.transpile(source, to="torch", args=(jnp.asarray(LAST),))
    port = {"resnet": torch_models.ResNet50, "vit": torch_models.ViT}[arch]()
    first, last = torch.tensor(IMAGE), torch.tensor(LAST)
    ours.eval()
    port.eval()
    with torch.no_grad():
        race(f"nnx->torch {arch} forward", {"port": lambda: port(first), "ivy": lambda: ours(last)}, seconds)
    ours.train()
    port.train()

    def step(model: Any, x: Any) -> None:
        model(x).square().mean().backward()
        for p in model.parameters():
            p.grad = None

    runs = {"port": lambda: step(port, first), "ivy": lambda: step(ours, last)}
    race(f"nnx->torch {arch} training", runs, seconds)


def torch2nnx(arch: str, seconds: float) -> None:
    """A model written in torch, converted, beside the same written in nnx, both jitted."""
    import jax
    import jax.numpy as jnp
    import nnx_models
    import torch_models
    from flax import nnx

    source = {"resnet": torch_models.ResNet50, "vit": torch_models.ViT}[arch]().eval()
    port = {"resnet": nnx_models.ResNet50, "vit": nnx_models.ViT}[arch](nnx.Rngs(0))
    ours = ivy.transpile(source, to="jax", args=(torch.tensor(IMAGE),))
    first, last = jnp.asarray(IMAGE), jnp.asarray(LAST)

    def forward(model: Any, x: Any) -> Callable[[], Any]:
        model.eval()
        graphdef, state = nnx.split(model)
        run = jax.jit(lambda state, x: nnx.merge(graphdef, state)(x))
        return lambda: jax.block_until_ready(run(state, x))

    def training(model: Any, x: Any) -> Callable[[], Any]:
        model.train()
        graphdef, params, rest = nnx.split(model, nnx.Param, ...)

        def loss(params: Any, rest: Any, x: Any) -> Any:
            merged = nnx.merge(graphdef, params, rest, copy=True)
            return (merged(x) ** 2).mean(), nnx.state(merged, nnx.Not(nnx.Param))

        run = jax.jit(jax.value_and_grad(loss, has_aux=True))
        return lambda: jax.block_until_ready(run(params, rest, x))

    race(f"torch->nnx {arch} forward", {"port": forward(port, last), "ivy": forward(ours, first)}, seconds)
    race(f"torch->nnx {arch} training", {"port": training(port, last), "ivy": training(ours, first)}, seconds)


def torch2keras(arch: str, seconds: float) -> None:
    """A model written in torch, converted, beside the same written in keras, both in a `tf.function`."""
    import keras_models
    import tensorflow as tf
    import torch_models

    source = {"resnet": torch_models.ResNet50, "vit": torch_models.ViT}[arch]().eval()
    ours = ivy.transpile(source, to="tensorflow", args=(torch.tensor(IMAGE),))
    port = {"resnet": keras_models.resnet, "vit": keras_models.vit}[arch]()
    first, last = tf.constant(IMAGE), tf.constant(LAST)

    def forward(model: Any, x: Any) -> Callable[[], Any]:
        run = tf.function(lambda x: model(x, training=False))
        return lambda: run(x).numpy()

    def training(model: Any, x: Any) -> Callable[[], Any]:
        @tf.function
        def run(x: Any) -> Any:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(model(x, training=True) ** 2)
            return tape.gradient(loss, model.trainable_variables)

        return lambda: [gradient.numpy() for gradient in run(x)][:1]

    race(f"torch->keras {arch} forward", {"port": forward(port, last), "ivy": forward(ours, first)}, seconds)
    race(f"torch->keras {arch} training", {"port": training(port, last), "ivy": training(ours, first)}, seconds)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    which, arch, *rest = sys.argv[1:]
    {"nnx2torch": nnx2torch, "torch2nnx": torch2nnx, "torch2keras": torch2keras}[which](arch, float(*rest or (20.0,)))
