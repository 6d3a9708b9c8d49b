"""Run by `test_threads.py` in a process of its own: threads that convert for the first time, all at once.

``thread_program.py SOURCE TARGET THREADS CONVERSIONS``; ends with the number of errors as its last line.
"""

from __future__ import annotations

import importlib
import sys
import threading

import numpy as np

import ivy

MODULES = {"torch": "torch", "jax": "jax.numpy", "numpy": "numpy", "tensorflow": "tensorflow", "paddle": "paddle"}
MAKE = {"torch": "from_numpy", "jax": "asarray", "numpy": "asarray", "tensorflow": "constant", "paddle": "to_tensor"}


def function(lib, k):
    total = getattr(lib, "reduce_sum", None) or lib.sum

    def f(x):
        y = lib.sin(x) * k
        return lib.exp(y) + total(y)

    return f


def layer(k):
    import torch

    class Layer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = torch.nn.Linear(3, 3)
            torch.nn.init.constant_(self.linear.weight, k)
            torch.nn.init.constant_(self.linear.bias, 1.0)

        def forward(self, x):
            return self.linear(x)

    return Layer()


def main(source, target, threads, conversions):
    if "paddle" in (source, target):
        importlib.import_module("ivy_paddle.loading")  # in the way that suits TensorFlow
    lib, other = importlib.import_module(MODULES[source]), importlib.import_module(MODULES[target])
    inputs = [getattr(other, MAKE[target])(np.linspace(0, 1, 3 + j).astype("float32")) for j in range(4)]
    barrier = threading.Barrier(threads, timeout=120)
    errors = []

    def work(i):
        barrier.wait()
        for j in range(conversions):
            k = (i * conversions + j + 1) / (threads * conversions)
            x = np.linspace(0, 1, 3 + j % 4).astype("float32")
            y = np.sin(x) * k
            try:
                found = ivy.transpile(function(lib, k), source=source, to=target)(inputs[j % 4])
                np.testing.assert_allclose(np.asarray(found), np.exp(y) + y.sum(), rtol=1e-4)
                if source == "torch" and target in ("jax", "tensorflow") and j % 10 == 0:
                    found = ivy.transpile(layer(k), source=source, to=target)(inputs[0])
                    expected = np.full(3, k * np.linspace(0, 1, 3).sum() + 1)
                    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-4)
            except Exception as error:  # whatever it is: told by the last line
                errors.append(f"{type(error).__name__}: {str(error)[:500]}")

    every = [threading.Thread(target=work, args=(i,), daemon=True) for i in range(threads)]
    for thread in every:
        thread.start()
    for thread in every:
        thread.join(timeout=500)
    hanging = sum(thread.is_alive() for thread in every)
    print(*sorted(set(errors))[:5], sep="\n")
    print(f"{len(errors)} errors, {hanging} hanging", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
