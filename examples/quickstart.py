"""Turn a timm vision model and a transformers text model from PyTorch into JAX, and compare the two.

Weights are random: nothing is downloaded. Run it with ``./setup.sh demo``.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
import torch
from flax import nnx
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.syntax import Syntax
from rich.table import Table

import ivy

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "models"))
import zoo

warnings.filterwarnings("ignore", module="timm|transformers")

RUNS = 15


def bert_base() -> torch.nn.Module:
    """Build BERT-base: 12 layers, 110 million parameters."""
    import transformers

    torch.manual_seed(0)
    return zoo.randomise(transformers.BertModel(transformers.BertConfig()))


def tokens() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    mask = torch.ones(2, 64, dtype=torch.int64)
    mask[1, 40:] = 0
    return {"input_ids": torch.randint(0, 30000, (2, 64), generator=generator), "attention_mask": mask}


MODELS: dict[str, tuple[Callable[[], torch.nn.Module], Callable[[], dict[str, Any]]]] = {
    "timm resnet50": (
        lambda: zoo.timm_model("resnet50"),
        lambda: {"x": torch.rand(2, 3, 224, 224, generator=torch.Generator().manual_seed(1))},
    ),
    "transformers BERT-base": (bert_base, tokens),
}


def milliseconds(run: Callable[[], Any]) -> float:
    run()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def differences(ours: Any, theirs: Any) -> tuple[float, float]:
    """Return the largest absolute difference, and that relative to the largest value."""
    if not torch.is_tensor(theirs):
        theirs, ours = next(iter(theirs.values())), next(iter(ours.values()))
    a, b = np.asarray(ours), theirs.numpy()
    largest = float(np.abs(a - b).max())
    return largest, largest / float(np.abs(b).max())


def main() -> None:
    console = Console(width=110)
    table = Table(title="PyTorch -> JAX (flax nnx), float32, CPU")
    for column in ("model", "max abs diff", "max rel diff", "capture + lower", "torch eager", "JAX jitted"):
        table.add_column(column, justify="left" if column == "model" else "right")
    codes = {}
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress, torch.no_grad():
        for name, (build, inputs) in MODELS.items():
            step = progress.add_task(f"{name}: building with random weights", total=None)
            model, given = build(), inputs()

            progress.update(step, description=f"{name}: transpiling")
            start = time.perf_counter()
            converted = ivy.transpile(model, source="torch", to="jax", kwargs=given)
            seconds = time.perf_counter() - start

            progress.update(step, description=f"{name}: compiling and comparing")
            arrays = {k: jax.numpy.asarray(v.numpy()) for k, v in given.items()}
            # an nnx model is split into its structure and its arrays, as in any jitted serving loop
            structure, state = nnx.split(converted)
            run = jax.jit(lambda state, arrays, structure=structure: nnx.merge(structure, state)(**arrays))
            absolute, relative = differences(run(state, arrays), model(**given))

            progress.update(step, description=f"{name}: timing")
            eager = milliseconds(lambda model=model, given=given: model(**given))
            jitted = milliseconds(lambda run=run, state=state, arrays=arrays: jax.block_until_ready(run(state, arrays)))
            table.add_row(
                name, f"{absolute:.1e}", f"{relative:.1e}", f"{seconds:.2f} s", f"{eager:.1f} ms", f"{jitted:.1f} ms"
            )
            codes[name] = converted.graph.code
            progress.update(step, description=f"{name}: done", total=1, completed=1)
    console.print(table)
    for name, code in codes.items():
        console.print(f"\n[bold]{name}[/bold], the first lines of the generated code:")
        console.print(Syntax("\n".join(code.splitlines()[:24]), "python", word_wrap=True))


if __name__ == "__main__":
    main()
