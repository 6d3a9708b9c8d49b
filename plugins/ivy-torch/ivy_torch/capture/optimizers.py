"""Steps of ``torch.optim``, which are recorded so that one graph serves all of them.

By default an optimizer reads its counter of steps as a Python number, which would make a graph of its own for every
step. torch has another way, for its own compilers: the counter stays a tensor (``capturable``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

__all__ = ["captured_steps"]

_ONE_BY_ONE = {"capturable": True, "foreach": False, "fused": False}


@contextmanager
def captured_steps() -> Iterator[None]:
    """Let optimizers take steps as for a compiler, one parameter after the other."""
    from torch.optim import optimizer as optim

    before: list[tuple[dict[str, Any], dict[str, Any]]] = []
    flags: list[bool] = []

    def start(optimizer: Any, args: Any, kwargs: Any) -> None:
        flags.append(torch.compiler._is_compiling_flag)
        for group in optimizer.param_groups:
            before.append((group, {k: group[k] for k in _ONE_BY_ONE if k in group}))
            group.update({k: v for k, v in _ONE_BY_ONE.items() if k in group})
        torch.compiler._is_compiling_flag = True

    def finish(optimizer: Any = None, args: Any = None, kwargs: Any = None) -> None:
        if flags:
            torch.compiler._is_compiling_flag = flags[0]
            flags.clear()
        for group, values in before:
            group.update(values)
        before.clear()

    hooks = optim.register_optimizer_step_pre_hook(start), optim.register_optimizer_step_post_hook(finish)
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
        finish()
