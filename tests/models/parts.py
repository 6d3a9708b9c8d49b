"""Calls every part of converted models alone and holds it against the source's part.

``python tests/models/parts.py [--target flax|torch|...] [--each N] [name ...]``
"""

from __future__ import annotations

import argparse
import copy
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

import ivy
from ivy.graph.containers import flatten, unflatten

sys.path.insert(0, str(Path(__file__).parent))
import sweep

NAMES = (
    "resnet18",
    "convnext_atto",
    "vit_tiny_patch16_224",
    "bert",
    "gpt2",
    "llama",
    "whisper",
    "t5",
    "clip",
    "mamba",
    "swin",
    "mixtral",
)


def recorded_calls(model: torch.nn.Module, args: Any, kwargs: Any, each: int) -> dict[str, tuple[Any, Any, Any]]:
    """Run a model and return what its submodules were called with and gave, at most `each` of one class.

    Returns:
        Path -> ``(args, kwargs, result)`` of the first call.
    """
    seen: dict[str, tuple[Any, Any]] = {}
    calls: dict[str, tuple[Any, Any, Any]] = {}
    count: Counter[type] = Counter()
    handles = []

    def watch(path: str, part: torch.nn.Module) -> None:
        def before(_: Any, args: Any, kwargs: Any) -> None:
            if path not in seen and count[type(part)] < each:
                count[type(part)] += 1
                seen[path] = copy.deepcopy(_detached((args, kwargs)))

        def after(_: Any, args: Any, kwargs: Any, out: Any) -> None:
            if path in seen and path not in calls:
                calls[path] = (*seen[path], copy.deepcopy(_detached(out)))

        handles.append(part.register_forward_pre_hook(before, with_kwargs=True))
        handles.append(part.register_forward_hook(after, with_kwargs=True))

    for path, part in model.named_modules():
        if path:
            watch(path, part)
    with torch.no_grad():
        model(*args, **kwargs)
    for handle in handles:
        handle.remove()
    return calls


def _detached(tree: Any) -> Any:
    leaves, spec = flatten(tree)
    return unflatten(spec, [x.detach() if isinstance(x, torch.Tensor) else x for x in leaves])


def taken_by(target: str) -> Callable[[Any], Any]:
    """Return what brings a nest of tensors to a target."""

    def to(tree: Any) -> Any:
        leaves, spec = flatten(tree)
        return unflatten(spec, [one(x) if isinstance(x, torch.Tensor) else x for x in leaves])

    def one(x: torch.Tensor) -> Any:
        if target == "torch":
            return x
        if target == "keras":
            import tensorflow as tf

            return tf.constant(x.numpy())
        if target == "paddle":
            import paddle

            return paddle.to_tensor(x.numpy())
        import jax.numpy as jnp

        return jnp.asarray(x.numpy())

    return to


def part_at(model: Any, path: str) -> Any:
    """Return the part at a path of the source."""
    if hasattr(type(model), "_ivy_at"):  # keras has reserved names
        return model._ivy_at(tuple(path.split(".")))
    for name in path.split("."):
        model = model[int(name)] if name.isdigit() else getattr(model, name)
    return model


def compare(name: str, target: str, each: int = 2) -> Iterator[tuple[str, str, str]]:
    """Yield path, class and outcome for each part that was tried."""
    model, args, kwargs = sweep.load(name)
    model.eval()
    calls = recorded_calls(model, args, kwargs, each)
    converted = ivy.transpile(model, source="torch", to=target)
    to = taken_by(target)
    classes = {path: type(part).__name__ for path, part in model.named_modules()}
    for path, (part_args, part_kwargs, expected) in calls.items():
        try:
            row = sweep.Row(path, target, 2)
            given, named = to((part_args, part_kwargs))
            with torch.no_grad():
                out = part_at(converted, path)(*given, **named)
            for ours, theirs in sweep.pairs(out, expected):
                row.compare(np.asarray(ours), theirs)
            outcome = "" if row.ok or row.arrays == 0 else f"differs: {row.worst:.3g} of what is allowed"
        except Exception as error:
            outcome = f"{type(error).__name__}: {str(error)[:300]}"
            if "-v" in sys.argv:
                traceback.print_exc()
        yield path, classes[path], outcome


def main() -> None:
    """Print the parts that differ, and a line for each model."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--target", default="flax")
    parser.add_argument("--each", type=int, default=2)
    parser.add_argument("-v", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in options.names or NAMES:
        start = time.perf_counter()
        tried = wrong = 0
        for path, cls, outcome in compare(name, options.target, options.each):
            tried += 1
            if outcome:
                wrong += 1
                print(f"    {name}: {path} ({cls}): {outcome}", flush=True)
        print(f"{name}: {tried} parts, {wrong} differ, {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
