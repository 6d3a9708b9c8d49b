"""Whether someone looks at the calls of modules: what flax and haiku tell about that is not public."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["haiku_unwatched", "haiku_watched", "linen_unwatched", "linen_watched"]


def linen_watched() -> bool:
    """Whether an interceptor, ``capture_intermediates`` or `nn.tabulate` sees each call of a linen module."""
    from flax.linen import module

    now = module._context
    return bool(module._global_interceptor_stack or any(now.capture_stack) or now.call_info_stack)


def haiku_watched() -> bool:
    """Whether an interceptor sees each call of a haiku module."""
    from haiku._src import module

    return len(module.interceptor_stack) > 0


@contextmanager
def linen_unwatched() -> Iterator[None]:
    """Let no one see the calls of linen modules for a while."""
    from flax.linen import module

    now = module._context
    with _emptied(module._global_interceptor_stack._storage, now.capture_stack, now.call_info_stack):
        yield


@contextmanager
def haiku_unwatched() -> Iterator[None]:
    """Let no one see the calls of haiku modules for a while."""
    from haiku._src import module

    with _emptied(module.interceptor_stack._storage):
        yield


@contextmanager
def _emptied(*stacks: Any) -> Iterator[None]:
    before = [list(stack) for stack in stacks]
    for stack in stacks:
        stack.clear()
    try:
        yield
    finally:
        for stack, old in zip(stacks, before, strict=True):
            stack.clear()
            stack.extend(old)
