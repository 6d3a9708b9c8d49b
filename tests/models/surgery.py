"""Surgery on converted models, held against the same surgery on the source: hooks, LoRA, replaced heads, training.

``python tests/models/surgery.py [--target flax|torch] [name ...]``
"""

from __future__ import annotations

import argparse
import copy
import sys
import time
import traceback
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch
from flax import nnx

import ivy
from ivy.graph.containers import flatten, unflatten

sys.path.insert(0, str(Path(__file__).parent))
import parts as parts_
import sweep


class Lora(torch.nn.Module):
    """A linear layer with a low-rank update."""

    def __init__(self, base: torch.nn.Module, a: np.ndarray, b: np.ndarray) -> None:
        super().__init__()
        self.base = base
        self.a, self.b = (torch.nn.Parameter(torch.from_numpy(x.copy())) for x in (a, b))

    weight = property(lambda self: self.base.weight)  # which some models' code reads
    bias = property(lambda self: self.base.bias)

    def forward(self, x: Any) -> Any:
        """Add the update."""
        return self.base(x) + x @ self.a @ self.b


class NnxLora(nnx.Module):
    """The same for flax."""

    def __init__(self, base: Any, a: np.ndarray, b: np.ndarray) -> None:
        self.base = base
        self.a, self.b = nnx.Param(jnp.asarray(a)), nnx.Param(jnp.asarray(b))

    weight = property(lambda self: self.base.weight)
    bias = property(lambda self: self.base.bias)

    def __call__(self, x: Any) -> Any:
        """Add the update."""
        return self.base(x) + x @ self.a[...] @ self.b[...]


def put(model: Any, path: str, part: Any) -> None:
    """Put a part in a place."""
    above, _, name = path.rpartition(".")
    owner = parts_.part_at(model, above) if above else model
    if name.isdigit():
        owner[int(name)] = part
    else:
        setattr(owner, name, part)


def lora_everywhere(source: torch.nn.Module, model: Any, wrapper: Any) -> int:
    """Wrap every linear layer of both."""
    rng = np.random.default_rng(0)
    found = [(n, m) for n, m in source.named_modules() if type(m) is torch.nn.Linear]
    for path, layer in found:
        a = (rng.normal(size=(layer.in_features, 2)) * 0.1).astype(np.float32)
        b = (rng.normal(size=(2, layer.out_features)) * 0.1).astype(np.float32)
        put(model, path, wrapper(parts_.part_at(model, path), a, b))
        put(source, path, Lora(layer, a, b))
    return len(found)


def worst(ours: Any, theirs: Any) -> float:
    """Return the largest difference in units of what is allowed."""
    row = sweep.Row("", "", 2)
    for a, b in sweep.pairs(ours, theirs):
        row.compare(np.asarray(a.detach() if isinstance(a, torch.Tensor) else a), b)
    return row.worst


def first(out: Any) -> Any:
    """Return the first array of a result."""
    while not hasattr(out, "dtype"):
        out = next(iter(out.values() if hasattr(out, "values") else out))
    return out


def kept(out: Any) -> Any:
    """Return a copy: code may write to what a part gave."""
    leaves, spec = flatten(out)
    return unflatten(spec, [x.detach().clone() if isinstance(x, torch.Tensor) else x for x in leaves])


def note(into: dict[str, Any], path: str, part: Any, args: Any, out: Any) -> None:
    """Take down what a part gave at its first call (a forward hook)."""
    into.setdefault(path, kept(out))


def hooks(name: str) -> tuple[int, list[str], list[str]]:
    """Compare what forward hooks on all parts see, torch to torch.

    Returns:
        How many parts, those whose hook was not called, those that gave something else.
    """
    source, args, kwargs = sweep.load(name)
    source.eval()
    model = ivy.transpile(source, source="torch", to="torch")
    seen: dict[str, Any] = {}
    expected: dict[str, Any] = {}
    for into, m in ((seen, model), (expected, source)):
        for path, part in m.named_modules():
            if path:
                part.register_forward_hook(partial(note, into, path))
        with torch.no_grad():
            m(*copy.deepcopy(args), **copy.deepcopy(kwargs))
    silent = sorted(expected.keys() - seen.keys())
    return len(expected), silent, [p for p, out in expected.items() if p in seen and worst(seen[p], out) > 1]


def lora(name: str, target: str) -> tuple[int, float, float]:
    """Compare LoRA on all linear layers, and five training steps.

    Returns:
        How many layers, the largest difference in units of what is allowed, and that of the losses, relatively.
    """
    source, args, kwargs = sweep.load(name)
    source.eval()
    model = ivy.transpile(source, source="torch", to=target)
    to = parts_.taken_by(target)
    count = lora_everywhere(source, model, Lora if target == "torch" else NnxLora)
    given, named = to((args, kwargs))
    with torch.no_grad():
        difference = worst(model(*given, **named), source(*args, **kwargs))
    theirs = train_torch(source, args, kwargs)
    ours = train_torch(model, given, named) if target == "torch" else train_flax(model, given, named)
    return count, difference, float(np.abs(np.array(ours) / theirs - 1).max())


def train_torch(model: Any, args: Any, kwargs: Any, steps: int = 5) -> np.ndarray:
    """Return the losses of some steps."""
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = (first(model(*copy.deepcopy(args), **copy.deepcopy(kwargs))) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses)


def train_flax(model: Any, args: Any, kwargs: Any, steps: int = 5) -> np.ndarray:
    """Return the losses of some steps."""
    optimizer = nnx.Optimizer(model, optax.sgd(1e-3), wrt=nnx.Param)

    @nnx.jit
    def step(model: Any, optimizer: Any, args: Any, kwargs: Any) -> Any:
        loss, grads = nnx.value_and_grad(lambda m: (first(m(*args, **kwargs)) ** 2).mean())(model)
        optimizer.update(model, grads)
        return loss

    return np.array([float(step(model, optimizer, args, kwargs)) for _ in range(steps)])


def main() -> None:
    """Print a line for each model and kind of surgery."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--target", default="flax")
    parser.add_argument("-v", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in options.names or parts_.NAMES:
        for job in (hooks, partial(lora, target=options.target)):
            start = time.perf_counter()
            try:
                print(f"{name}: {job(name)}, {time.perf_counter() - start:.0f} s", flush=True)
            except Exception as error:
                if options.v:
                    traceback.print_exc()
                print(f"{name}: {type(error).__name__}: {str(error)[:400]}", flush=True)
        jax.clear_caches()


if __name__ == "__main__":
    main()
