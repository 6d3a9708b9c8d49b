"""Connectionist temporal classification (Graves et al. 2006): the forward recursion in log space, over a scan."""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of

__all__ = ["path_losses"]

_NEVER = float("-inf")


def _shifted(a: Any, by: int) -> Any:
    return F.get_item(F.pad(a, [(0, 0), (by, 0)], value=_NEVER), (slice(None), slice(0, a.shape[1])))


def _plus(*terms: Any) -> Any:
    """Add probabilities given as logarithms; the gradient where all are 0 is 0 and not NaN."""
    top = terms[0]
    for x in terms[1:]:
        top = F.maximum(top, x)
    none = top == _NEVER
    top = F.stop_gradient(F.where(none, 0.0, top))
    total = sum(F.exp(F.where(x == _NEVER, _NEVER, x - top)) for x in terms)
    return F.where(none, _NEVER, F.log(F.where(none, 1.0, total)) + top)


def path_losses(log_probs: Any, targets: Any, input_lengths: Any, target_lengths: Any, blank: int) -> Any:
    """Return minus the logarithm of each target's probability, summed over its alignments.

    Args:
        log_probs: (T, N, C).
        targets: (N, S), int64.
        input_lengths: (N,), int64.
        target_lengths: (N,), int64.
        blank: the class between labels.

    Returns:
        Shape (N,); infinite for a target that does not fit its input.
    """
    batch, labels = targets.shape
    width = 2 * labels + 1
    blanks = F.full((batch, labels), blank, dtype="int64")
    pairs = F.reshape(F.stack([blanks, targets], axis=-1), (batch, 2 * labels))
    path = F.concat([pairs, F.full((batch, 1), blank, dtype="int64")], axis=1)  # blank, l1, blank, ..., blank
    before = F.get_item(F.pad(path, [(0, 0), (2, 0)], value=-1), (slice(None), slice(0, width)))
    may_skip = F.logical_and(path != blank, path != before)
    # the scan carries the logarithms of the probabilities of each prefix of the path
    chosen = F.take_along_axis(log_probs, F.broadcast_to(path, (log_probs.shape[0], batch, width)), axis=2)
    start = F.reshape(F.arange(width, dtype="int64") < 2, (1, width))
    alpha = F.where(start, F.get_item(chosen, 0), F.full((batch, width), _NEVER, dtype=dtype_of(log_probs)))

    def step(alpha: Any, row: Any) -> Any:
        here, t = row
        reach = _plus(alpha, _shifted(alpha, 1), F.where(may_skip, _shifted(alpha, 2), _NEVER))
        return F.where(F.reshape(t < input_lengths, (batch, 1)), reach + here, alpha), None

    times = F.arange(1, log_probs.shape[0], dtype="int64")
    alpha, _ = F.scan(step, alpha, (F.get_item(chosen, slice(1, None)), times))
    last = F.reshape(target_lengths * 2, (batch, 1))
    end = F.take_along_axis(alpha, last, axis=1)
    other = F.take_along_axis(alpha, F.maximum(last - 1, 0), axis=1)
    return -F.reshape(_plus(end, F.where(last > 0, other, _NEVER)), (batch,))
