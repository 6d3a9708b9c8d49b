"""Cases of losses that are likelihoods, or overlaps of probabilities."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from ivy.testing.case import Call, case
from ivy.testing.cases.losses import _options, _reduced
from ivy.testing.draw import FLOAT, Draw


def _loss(op: str, terms: Callable[..., Any], *ranges: Any, **choices: tuple[Any, ...]) -> None:
    """Register a loss of arrays that broadcast, within a range each."""

    def reference(*args: Any, reduction: str = "mean", **options: Any) -> Any:
        return _reduced(terms(*args, **options), reduction)

    @case(op, reference, tolerance=4)
    def _(d: Draw) -> Call:
        dtype = d.dtype(FLOAT)
        shapes = d.shapes(len(ranges))
        args = [d.array(shape, dtype, low=low, high=high) for shape, (low, high) in zip(shapes, ranges, strict=True)]
        return Call(*args, **_options(d, **choices))


def _poisson(x: Any, t: Any, *, log_input: bool = True, full: bool = False, eps: float = 1e-8) -> Any:
    loss = np.exp(x) - t * x if log_input else x - t * np.log(x + eps)
    safe = np.maximum(t, 1)
    return loss + np.where(t > 1, safe * np.log(safe) - safe + np.log(2 * np.pi * safe) / 2, 0) if full else loss


def _gaussian(x: Any, t: Any, var: Any, *, full: bool = False, eps: float = 1e-6) -> Any:
    var = np.maximum(var, eps)
    return (np.log(var) + (x - t) ** 2 / var + (np.log(2 * np.pi) if full else 0)) / 2


def _focal(x: Any, t: Any, *, alpha: float = 0.25, gamma: float = 2.0) -> Any:
    p = special.expit(x)
    loss = -t * (1 - p) ** gamma * special.log_expit(x) - (1 - t) * p**gamma * special.log_expit(-x)
    return loss if alpha < 0 else loss * (alpha * t + (1 - alpha) * (1 - t))


_loss("log_cosh_loss", lambda x, t: np.log(np.cosh(x - t)), (-9, 9), (-9, 9))
_loss("poisson_nll_loss", _poisson, (0.1, 3), (0, 5), log_input=(False,), full=(True,), eps=(0.01,))
_loss("gaussian_nll_loss", _gaussian, (-3, 3), (-3, 3), (0.25, 3), full=(True,), eps=(0.1,))
_loss("sigmoid_focal_loss", _focal, (-6, 6), (0, 1), alpha=(-1.0, 0.75), gamma=(1.0, 0.0, 3.0))


@case(
    "gaussian_nll_loss",
    lambda *args, **k: _reduced(_gaussian(*args, eps=k.pop("eps")), k.get("reduction", "mean")),
    tolerance=4,
    gradient=(0, 1),
    name="least_variance",
)
def _(d: Draw) -> Call:
    """Limiting the variance takes no part in its gradient."""
    shape, dtype = d.shape(1, 2), d.dtype(FLOAT)
    var = d.array(shape, dtype, low=0, high=1)
    return Call(*(d.array(shape, dtype) for _ in range(2)), var, eps=0.5, **_options(d))


def _dice(p: Any, t: Any, *, axis: Any = None, eps: float = 1e-7, reduction: str = "mean") -> Any:
    overlap, sums = (np.sum(v, axis=axis) for v in (p * t, p + t))
    return _reduced(np.asarray(1 - (2 * overlap + eps) / (sums + eps)), reduction)


@case("dice_loss", _dice, tolerance=4)
def _(d: Draw) -> Call:
    shape, dtype = d.shape(1, 3, least=1), d.dtype(FLOAT)
    axis = d.of(None, d.axis(len(shape)), d.axes(len(shape), least=1))
    found = ({} if axis is None else {"axis": axis}) | _options(d, eps=(1.0, 0.25))
    return Call(d.array(shape, dtype, low=0.1, high=1), d.array(shape, dtype, low=0, high=1), **found)


# --- connectionist temporal classification


def _collapsed(path: tuple[int, ...], blank: int) -> tuple[int, ...]:
    """What a path of classes spells: repetitions count once, blanks not at all."""
    return tuple(label for label, _ in itertools.groupby(path) if label != blank)


def _ctc(
    log_probs: Any,
    targets: Any,
    lengths: Any,
    counts: Any,
    *,
    blank: int = 0,
    zero_infinity: bool = False,
    reduction: str = "mean",
) -> Any:
    """By the sum of the probabilities of all paths that spell the target."""
    losses = []
    for b, (length, count) in enumerate(zip(lengths.tolist(), counts.tolist(), strict=True)):
        wanted = tuple(targets[b, :count].tolist())
        paths = itertools.product(range(log_probs.shape[2]), repeat=length)
        odds = [sum(log_probs[t, b, c] for t, c in enumerate(p)) for p in paths if _collapsed(p, blank) == wanted]
        loss = -special.logsumexp(odds) if odds else np.inf
        losses.append(0.0 if zero_infinity and loss == np.inf else loss)
    found = np.asarray(losses)
    return _reduced(found / np.maximum(counts, 1) if reduction == "mean" else found, reduction)


@case("ctc_loss", _ctc, dtype="first", tolerance=4, gradient=(0,))
def _(d: Draw) -> Call:
    time, batch, classes, labels = d.integer(1, 4), d.integer(1, 2), d.integer(2, 3), d.integer(1, 3)
    blank, kind, rng = d.of(0, classes - 1), d.dtype(("int64", "int32")), d.random()
    log_probs = np.asarray(special.log_softmax(rng.uniform(-2, 2, (time, batch, classes)), -1))
    log_probs = log_probs.astype(d.array((), FLOAT).dtype)
    targets = rng.choice([c for c in range(classes) if c != blank], (batch, labels)).astype(kind)
    lengths, counts = rng.integers(1, time + 1, batch), rng.integers(0, labels + 1, batch)
    found: dict[str, Any] = ({"blank": blank} if blank else {}) | _options(d)
    if d.smooth or d.flag():
        found["zero_infinity"] = True
    return Call(log_probs, targets, lengths.astype(kind), counts.astype(kind), **found)
