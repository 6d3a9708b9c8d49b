"""Latency of torch models and of what they become in JAX, side by side in one run.

``python benchmarks/latency.py [model ...]`` pins itself to one core, alternates the contenders run by run, and prints
medians and their ratios: torch eager, torch.compile, Ivy's jitted result, and torchax if it is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import numpy as np
import torch

import ivy

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "models"))
import zoo

MODELS = ("resnet18", "efficientnet_b0", "convnext_atto", "mobilenetv2_100", "vit_tiny_patch16_224", "bert", "llama")


def build(name: str) -> tuple[torch.nn.Module, dict[str, Any]]:
    """Return a model and its keyword inputs: images of 224 pixels, sequences of 64 tokens at a width of 128."""
    generator = torch.Generator().manual_seed(1)
    if name in zoo.TIMM:
        return zoo.timm_model(name), {"x": torch.rand(1, 3, 224, 224, generator=generator)}
    import transformers

    cls, config_cls, config, _ = zoo.TRANSFORMERS[name]
    config = {**config, "hidden_size": 128, "num_hidden_layers": 4, "intermediate_size": 512, "vocab_size": 1000}
    if "use_cache" in dir(getattr(transformers, config_cls)()):
        config["use_cache"] = False
    model = zoo.randomise(getattr(transformers, cls)(getattr(transformers, config_cls)(**config)))
    return model, {"input_ids": torch.randint(3, 1000, (1, 64), generator=generator)}


def contenders(model: torch.nn.Module, inputs: dict[str, Any], *, compiled: bool) -> dict[str, Callable[[], Any]]:
    """Return a function without arguments for each way to run the model."""
    arrays = {k: jax.numpy.asarray(v.numpy()) for k, v in inputs.items()}
    run: dict[str, Callable[[], Any]] = {"torch eager": lambda: model(**inputs)}
    if compiled:
        fast = torch.compile(model)
        fast(**inputs)  # compiled here: dynamo fails once torchax has registered its device
        run["torch.compile"] = lambda: fast(**inputs)
    from flax import nnx

    structure, state = nnx.split(ivy.transpile(model, source="torch", to="jax", kwargs=inputs))
    ours = jax.jit(lambda state, arrays: nnx.merge(structure, state)(**arrays))
    run["ivy"] = lambda: jax.block_until_ready(ours(state, arrays))
    try:
        _name_lost_overloads()
        import torchax
        from torchax.interop import jax_view
        from torchax.ops import mappings
    except ImportError:
        return run
    weights = {k: mappings.t2j(v) for k, v in model.state_dict().items()}
    env = torchax.default_env()

    def call(weights: dict[str, Any], arrays: dict[str, Any]) -> Any:
        with env:
            return torch.func.functional_call(model, weights, args=(), kwargs=arrays)

    theirs = jax.jit(jax_view(lambda weights, arrays: first(call(weights, arrays))))
    run["torchax"] = lambda: jax.block_until_ready(theirs(weights, arrays))
    return run


def _name_lost_overloads() -> None:
    """Let torchax import: it names overloads (for named axes) that torch no longer has and no model here uses."""
    spec = importlib.util.find_spec("torchax")
    if spec is None or spec.origin is None:
        return
    for file in Path(spec.origin).parent.rglob("*.py"):
        for op, overload in re.findall(r"torch\.ops\.aten\.(\w+)\.(\w+)", file.read_text()):
            packet = getattr(torch.ops.aten, op, None)
            if packet is not None and not hasattr(packet, overload):
                setattr(packet, overload, getattr(packet, packet.overloads()[0]))


def first(result: Any) -> Any:
    return next(iter(result.values())) if isinstance(result, dict) else result


def measure(run: dict[str, Callable[[], Any]], seconds: float) -> dict[str, float]:
    """Time the contenders in turn, again and again, and return each one's median in milliseconds."""
    for name in list(run):
        try:
            run[name]()
            run[name]()
        except Exception as error:
            print(f"  {name} does not run: {type(error).__name__}: {str(error).splitlines()[0][:100]}")
            del run[name]
    times: dict[str, list[float]] = {name: [] for name in run}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(next(iter(times.values()))) < 7:
        for name, call in run.items():
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    return {name: 1e3 * statistics.median(values) for name, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--no-compile", action="store_true", help="leave torch.compile out")
    options = parser.parse_args()
    if len(options.models) > 1:  # a process each, as torchax changes torch for good
        rest = ["--seconds", str(options.seconds), *(["--no-compile"] if options.no_compile else [])]
        for name in options.models:
            subprocess.run([sys.executable, __file__, name, *rest], check=True)
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    with torch.no_grad():
        for name in options.models:
            model, inputs = build(name)
            run = contenders(model, inputs, compiled=not options.no_compile)
            expected = np.asarray(first(run["torch eager"]()))
            print(name)
            medians = measure(run, options.seconds)
            close = np.abs(np.asarray(first(run["ivy"]())) - expected).max() if "ivy" in run else float("nan")
            for other, value in medians.items():
                print(f"  {other:14s} {value:8.2f} ms   x{value / medians['torch eager']:.2f} of torch eager")
            print(f"  max abs diff of ivy {close:.1e}", flush=True)


if __name__ == "__main__":
    main()
