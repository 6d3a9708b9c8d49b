"""Programs whose Python reads values: written by a seed, in each framework that they can be written in.

A program is a function of one vector that does a few of the things below in a row; each keeps the vector's shape. What
is drawn at random never decides the result, only the way to it.
"""

from __future__ import annotations

import random
from pathlib import Path

__all__ = ["SOURCES", "write"]

_ANY = (
    "x = x * math.sqrt(abs({float_}))",
    "x = x + {float_}",
    "x = x * int({abs_sum})",
    "if x.mean() > 0.1:\n    x = x * 2\nelse:\n    x = x - 1",
    "if {float_} > 0.2 and x[0] < 1:\n    x = -x",
    "n = 0\nwhile {abs_max} > 1.5 and n < 9:\n    x, n = x / 2, n + 1\nx = x + n",
    "assert {all_finite}, 'not finite'",
    "if {abs_max} > 1e6:\n    raise ValueError('too large')",
    "if {any_large}:\n    x = x / 3",
    "for v in x[:2].tolist():\n    x = x * math.tanh(v) + v",
    "x = x * len([v for v in x.tolist() if v > 0])",
    "x = x + {list_sum}",
    "x = x * float(f'{{float({abs_sum}):.2f}}')",
    "x = {{'up': x + 1, 'down': x - 1}}['up' if x[1] > x[2] else 'down']",
    "if not x[0] > x[1]:\n    x = x + x[3]",
    "x = x - max(x.tolist())",
    "x = x * (2 if {close} else 3)",
    "x = x + (1 if {equal} else 2)",
)
_OWN = {
    "torch": (
        "m = x > 0\ny = x.clone()\ny[m] = torch.exp(-x[m]) * 2\nx = y",
        "y = x.clone()\ny[x > 0] += 1.5\nx = y",
        "x = x + x[x > 0].sum()",
        "x = x * x[x > 0].numel()",
        "x = x + torch.masked_select(x, x < 0.5).mean().nan_to_num()",
        "i = torch.nonzero(x > 0).squeeze(1)\ny = x.clone()\ny[i] = x[i] * x[i]\nx = y",
        "x = x + torch.cat([x[x > 0], -x[x > 0]]).abs().sum()",
        "x = x + x[torch.randperm(4).tolist()].sum()",
        "if torch.rand(()) < 0.5:\n    x = x + 0\nelse:\n    x = (x * 2) / 2",
        "x = x + torch.bincount(torch.randint(0, 4, (5,))).sum()",
        "if torch.is_nonzero(x.sum() > 0):\n    x = x.sin()",
        "x = x * (2 if 3.0 in x.round() else 1)",
        "x = x + torch.unique(x.round()).sum()",
        "x = x + int(x.sum(0, keepdim=True))",
        "x = x * float(np.tanh(x.detach().numpy()).sum())",
    ),
    "numpy": (
        "m = x > 0\ny = x.copy()\ny[m] = np.exp(-x[m]) * 2\nx = y",
        "x = x + x[x > 0].sum()",
        "x = x * x[x > 0].size",
        "x = x + x[np.random.permutation(4).tolist()].sum()",
        "if np.random.rand() < 0.5:\n    x = x + 0\nelse:\n    x = (x * 2) / 2",
        "x = x * (2 if 3.0 in x.round() else 1)",
        "x = x + np.unique(x.round()).sum()",
    ),
    "jax": (
        "x = x + x[x > 0].sum()",
        "x = x * x[x > 0].size",
        "s = jnp.sign(x.sum())\nif s == 0:\n    x = x + 1\nelif s > 0:\n    x = x * 2",
        "x = x + jnp.unique(x.round()).sum()",
        "x = x + jnp.nonzero(x > 0)[0].sum()",
        "x = x * float(np.tanh(np.asarray(x)).sum())",
    ),
    "tensorflow": (
        "x = x + tf.reduce_sum(x[x > 0])",
        "m = [v for v in x.numpy() if v > 0]\nx = x * len(m)",
        "p = tf.random.shuffle(tf.range(4)).numpy()\nx = x + tf.reduce_sum(tf.gather(x, p))",
        "x = x * float(np.tanh(x.numpy()).sum())",
        "if tf.random.uniform(()) < 0.5:\n    x = x + 0\nelse:\n    x = (x * 2) / 2",
    ),
    "paddle": (
        "x = x + x[x > 0].sum()",
        "m = [v for v in x.tolist() if v > 0]\nx = x * len(m)",
        "x = x + x[paddle.randperm(4).tolist()].sum()",
        "x = x * float(np.tanh(x.numpy()).sum())",
    ),
}
_WORDS = {
    "torch": {
        "float_": "x.var().item()", "abs_sum": "x.abs().sum()", "abs_max": "x.abs().max()",
        "all_finite": "torch.isfinite(x).all()", "any_large": "(x > 1).any()", "list_sum": "sum(x.tolist())",
        "close": "torch.allclose(x, x.abs())", "equal": "torch.equal(x, x.relu())",
    },
    "numpy": {
        "float_": "x.var().item()", "abs_sum": "np.abs(x).sum()", "abs_max": "np.abs(x).max()",
        "all_finite": "np.isfinite(x).all()", "any_large": "np.any(x > 1)", "list_sum": "sum(x.tolist())",
        "close": "np.allclose(x, np.abs(x))", "equal": "np.array_equal(x, np.maximum(x, 0))",
    },
    "jax": {
        "float_": "x.var().item()", "abs_sum": "jnp.abs(x).sum()", "abs_max": "jnp.abs(x).max()",
        "all_finite": "jnp.isfinite(x).all()", "any_large": "jnp.any(x > 1)", "list_sum": "sum(x.tolist())",
        "close": "jnp.allclose(x, jnp.abs(x))", "equal": "jnp.array_equal(x, jnp.maximum(x, 0))",
    },
    "tensorflow": {
        "float_": "float(tf.math.reduce_variance(x).numpy())", "abs_sum": "tf.reduce_sum(tf.abs(x)).numpy()",
        "abs_max": "tf.reduce_max(tf.abs(x)).numpy()", "all_finite": "np.isfinite(x.numpy()).all()",
        "any_large": "tf.reduce_any(x > 1)", "list_sum": "float(sum(x.numpy().tolist()))",
        "close": "np.allclose(x.numpy(), abs(x.numpy()))", "equal": "tf.reduce_all(x == tf.nn.relu(x)).numpy()",
    },
    "paddle": {
        "float_": "x.var().item()", "abs_sum": "float(x.abs().sum().numpy())", "abs_max": "x.abs().max().item()",
        "all_finite": "paddle.isfinite(x).all().item()", "any_large": "(x > 1).any()", "list_sum": "sum(x.tolist())",
        "close": "paddle.allclose(x, x.abs()).item()", "equal": "paddle.equal_all(x, x.abs()).item()",
    },
}  # fmt: skip
_IMPORTS = {
    "torch": "import torch", "numpy": "", "jax": "import jax.numpy as jnp",
    "tensorflow": "import tensorflow as tf", "paddle": "import paddle",
}  # fmt: skip
SOURCES = tuple(_OWN)


def write(source: str, seed: int, folder: Path) -> Path:
    """Write a program as a module with a function ``f`` and return its path.

    Args:
        source: its framework.
        seed: which program.
        folder: where to.
    """
    draw = random.Random(f"{source} {seed}")
    own = list(_OWN[source])
    pool = [step.format(**_WORDS[source]) for step in _ANY] + own
    if source == "tensorflow":
        pool = [step.replace("x.tolist()", "x.numpy().tolist()").replace("x[:2].tolist()", "x.numpy()[:2].tolist()")
                .replace("x.mean()", "tf.reduce_mean(x)") for step in pool]  # fmt: skip
    steps = draw.sample(pool, draw.randint(1, 3))
    body = "\n".join(steps).replace("\n", "\n    ")
    path = folder / f"program_{source}_{seed}.py"
    path.write_text(f"import math\nimport numpy as np\n{_IMPORTS[source]}\n\ndef f(x):\n    {body}\n    return x\n")
    return path
