"""Whether someone looks at the calls of modules: what flax and haiku tell about that is not public."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["haiku_watched", "linen_unwatched", "linen_watched"]


def linen_watched() -> bool:
    """Whether an interceptor, ``capture_intermediates`` or `nn.tabulate` sees each call of a linen module."""
    from flax.linen import module

    now = module._context
    return bool(module._global_interceptor_stack or any(now.capture_stack) or now.call_info_stack)


@contextmanager
def linen_unwatched() -> Iterator[None]:
    """Let no one see the calls of linen modules for a while."""
    from flax.linen import module

    stacks: list[Any] = [
        module._global_interceptor_stack._storage,
        module._context.capture_stack,
        module._context.call_info_stack,
    ]
    before = [list(stack) for stack in stacks]
    for stack in stacks:
        stack.clear()
    try:
        yield
    finally:
        for stack, old in zip(stacks, before, strict=True):
            stack[:] = old


def haiku_watched() -> bool:
    """Whether an interceptor sees each call of a haiku module."""
    from haiku._src import module

    return len(module.interceptor_stack) > 0
