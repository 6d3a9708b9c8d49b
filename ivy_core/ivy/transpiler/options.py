"""Choices that travel through a conversion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ivy.graph.kept import EMPTY, Kept

if TYPE_CHECKING:
    from ivy.graph.graph import Graph
    from ivy.graph.parts import Stub

__all__ = ["CaptureOptions"]


@dataclass(frozen=True)
class CaptureOptions:
    """What a capture is told besides the callable and its arguments.

    Args:
        params: arrays to be named parameters, for sources that keep them outside of the callable.
        state: arrays that a call may give new values, likewise.
        train: capture the module in this mode; None leaves it as it is.
        prefer_concrete: capture with real values from the start, so that value-dependent Python becomes guards.
        fold: compute small constants ahead; not where graphs for several sizes are to be compared.
        mark_unsupported: record calls without a frontend function instead of raising (`ivy.check`).
        answers: the first values that Python reads, as the target computed them (see `ivy.transpiler.reads`).
        compute: runs a graph of the target on the call's arguments and returns its output as Python numbers, for values
            that the capture does not have; None where they can't be had (under jit).
        traced: the result is to run where arrays have no values (under jit).
        kept: the state that earlier calls have left, to capture in.
        parts: what stands for submodules of the module that are not captured but called, by path (`ivy.graph.parts`).
        lengths: how many parts lists of modules hold now, by path, where that has changed: the source's list is cut to
            that, or goes on with what stands for the new parts.
        removed: paths of submodules that are None now.
        method: which method of the module to capture; its usual call by default.
    """

    params: Mapping[str, Any] | None = None
    state: Mapping[str, Any] | None = None
    train: bool | None = None
    prefer_concrete: bool = False
    fold: bool = True
    mark_unsupported: bool = False
    answers: tuple[Any, ...] = ()
    compute: Callable[[Graph], Any] | None = None
    traced: bool = False
    kept: Kept = EMPTY
    parts: Mapping[str, Stub] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    method: str | None = None
