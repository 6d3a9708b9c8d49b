"""Latency of torch models and of what they become in TensorFlow, side by side in one run, with conversion times.

``python benchmarks/latency_tensorflow.py [model ...]`` pins itself to one core, alternates the contenders run by run
and prints medians, the time that each conversion took and the transpositions in each graph: torch eager, Ivy's keras
model under `tf.function` (also compiled by XLA), and nobuco's if it is installed and runs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
import torch
from latency import build, first, measure

import ivy

MODELS = ("resnet18", "vit_tiny_patch16_224", "convnext_atto", "efficientnet_b0")


def transposes(graph: Any) -> int:
    """Count the transpositions in a function's graph, after TensorFlow's own simplification."""
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    frozen = convert_variables_to_constants_v2(graph)
    return sum(op.type == "Transpose" for op in frozen.graph.get_operations())


def convert_ivy(model: torch.nn.Module, inputs: dict[str, torch.Tensor]) -> Any:
    return ivy.transpile(model, source="torch", to="tensorflow", kwargs=inputs)


def convert_nobuco(model: torch.nn.Module, inputs: dict[str, torch.Tensor]) -> Any:
    import nobuco
    from nobuco import ChannelOrder

    order = {"inputs_channel_order": ChannelOrder.PYTORCH, "outputs_channel_order": ChannelOrder.PYTORCH}
    made = nobuco.pytorch_to_keras(model, args=list(inputs.values()), kwargs=None, **order)
    return lambda **arrays: made(list(arrays.values()) if len(arrays) > 1 else next(iter(arrays.values())))


def contenders(model: torch.nn.Module, inputs: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Return a function without arguments for each way to run the model; prints what each conversion took."""
    arrays = {k: tf.constant(v.numpy()) for k, v in inputs.items()}
    run: dict[str, Callable[[], Any]] = {"torch eager": lambda: model(**inputs)}
    for name, convert, jit in (
        ("ivy", convert_ivy, False),
        ("ivy, XLA", convert_ivy, True),
        ("nobuco", convert_nobuco, False),
    ):
        start = time.process_time()
        try:
            converted = convert(model, inputs)
            seconds = time.process_time() - start
            traced = tf.function(lambda converted=converted, **kw: first(converted(**kw)), jit_compile=jit)
            concrete = traced.get_concrete_function(**arrays)
        except Exception as error:
            print(f"  {name} does not run: {type(error).__name__}: {str(error).strip().splitlines()[0][:110]}")
            continue
        if not jit:
            print(f"  {name:12s} converted in {seconds:.1f} s of CPU time; {transposes(concrete)} transpositions")
        run[name] = lambda traced=traced: traced(**arrays).numpy()  # type: ignore[misc]
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--seconds", type=float, default=6.0)
    options = parser.parse_args()
    if len(options.models) > 1:
        for name in options.models:
            subprocess.run([sys.executable, __file__, name, "--seconds", str(options.seconds)], check=True)
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    torch.set_num_threads(1)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    warnings.simplefilter("ignore")
    with torch.no_grad():
        for name in options.models:
            print(name)
            model, inputs = build(name)
            run = contenders(model, inputs)
            expected = np.asarray(first(run["torch eager"]()))
            medians = measure(run, options.seconds)
            for other, value in medians.items():
                close = np.abs(np.asarray(first(run[other]())) - expected).max()
                ratio = value / medians["torch eager"]
                print(f"  {other:14s} {value:8.2f} ms   x{ratio:.2f} of torch eager   max abs diff {close:.1e}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
