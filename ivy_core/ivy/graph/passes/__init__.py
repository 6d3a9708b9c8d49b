"""Passes: functions from a graph to a graph that computes the same."""

from __future__ import annotations

from ivy.graph.passes.cleanup import eliminate_common, eliminate_dead
from ivy.graph.passes.fold import fold_constants

__all__ = ["eliminate_common", "eliminate_dead", "fold_constants", "simplify"]


def simplify(graph, evaluator=None):  # type: ignore[no-untyped-def]
    """Run the passes that never make a graph worse: common subexpressions, small constants, dead code.

    Args:
        graph: a graph in the ivy dialect.
        evaluator: whose backend computes the folded constants; nothing is folded without it.

    Returns:
        The graph, changed in place.
    """
    graph = eliminate_common(graph)
    if evaluator is not None:
        graph = fold_constants(graph)
    return eliminate_dead(graph)
