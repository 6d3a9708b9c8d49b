"""Derivatives for frontends: what a source program asks for, by what the trace has recorded."""

from __future__ import annotations

from ivy.backend import current_scope
from ivy.tracer.derivatives import checkpointed, marked, pulled_back, pushed_forward, ruled
from ivy.tracer.trace import Trace

__all__ = ["checkpointed", "marked", "nodes_now", "pulled_back", "pushed_forward", "ruled"]


def nodes_now() -> set[int]:
    """Return the `id` of every node that the innermost trace has recorded so far."""
    trace = current_scope()
    return {id(n) for n in trace.graph.nodes} if isinstance(trace, Trace) else set()
