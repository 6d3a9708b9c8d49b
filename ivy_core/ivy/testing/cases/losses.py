"""Cases of losses."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, Draw

REDUCTIONS = ("mean", "sum", "none")


def _reduced(terms: Any, reduction: str, count: Any = None) -> Any:
    if reduction == "none":
        return terms
    total = np.sum(terms)
    if reduction == "sum":
        return total
    return total / (terms.shape[0] if reduction == "batchmean" else terms.size if count is None else count)


def _options(d: Draw, **choices: tuple[Any, ...]) -> dict[str, Any]:
    """Perhaps other values than the defaults."""
    found = {name: d.of(*values) for name, values in choices.items() if d.flag()}
    return found | ({"reduction": d.of(*REDUCTIONS)} if d.flag() else {})


def _elementwise(op: str, terms: Any, low: float = -3, high: float = 3, **choices: tuple[Any, ...]) -> None:
    """Register a loss of an array and a target that broadcast."""

    def reference(x: Any, target: Any, *, reduction: str = "mean", **options: Any) -> Any:
        return _reduced(terms(x, target, **options), reduction)

    @case(op, reference, tolerance=3)
    def _(d: Draw) -> Call:
        first, second = d.shapes(2)
        dtype = d.dtype(FLOAT)
        other = d.dtype(FLOAT) if d.flag() else dtype
        return Call(
            d.array(first, dtype, low=low, high=high),
            d.array(second, other, low=low, high=high),
            **_options(d, **choices),
        )


def _smooth_l1(x: Any, t: Any, beta: float = 1.0) -> Any:
    e = abs(x - t)
    return e if beta == 0 else np.where(e < beta, 0.5 * e**2 / beta, e - 0.5 * beta)


def _huber(x: Any, t: Any, delta: float = 1.0) -> Any:
    e = abs(x - t)
    return np.where(e <= delta, 0.5 * e**2, delta * (e - 0.5 * delta))


_elementwise("mse_loss", lambda x, t: (x - t) ** 2)
_elementwise("l1_loss", lambda x, t: abs(x - t))
_elementwise("smooth_l1_loss", _smooth_l1, beta=(0.5, 2.0, 0.0))
_elementwise("huber_loss", _huber, delta=(0.5, 2.0))


def _kl_div(x: Any, t: Any, *, reduction: str = "mean", log_target: bool = False) -> Any:
    if log_target:
        return _reduced(np.exp(t) * (t - x), reduction)
    return _reduced(np.where(t > 0, t * np.log(np.where(t > 0, t, 1)), 0) - t * x, reduction)


@case("kl_div", _kl_div, tolerance=3)
def _(d: Draw) -> Call:
    shape = d.shape(1, 3)
    dtype = d.dtype(FLOAT)
    x = d.array(shape, dtype, low=-4, high=0)
    log_target = d.flag()
    # zeros among the probabilities count nothing
    target = d.array(shape, dtype, low=-4 if log_target else 0, high=0 if log_target else 1)
    found: dict[str, Any] = {"reduction": d.of("batchmean", *REDUCTIONS)} if d.flag() else {}
    return Call(x, target, **({"log_target": True} if log_target else {}), **found)


def _bce(p: Any, t: Any, weight: Any = None, *, reduction: str = "mean") -> Any:
    terms = -(t * np.maximum(np.log(p), -100) + (1 - t) * np.maximum(np.log1p(-p), -100))
    return _reduced(terms if weight is None else terms * weight, reduction)


def _bce_logits(x: Any, t: Any, weight: Any = None, pos_weight: Any = None, *, reduction: str = "mean") -> Any:
    positive = t * np.logaddexp(0, -x)
    terms = (positive if pos_weight is None else positive * pos_weight) + (1 - t) * np.logaddexp(0, x)
    return _reduced(terms if weight is None else terms * weight, reduction)


def _binary(op: str, reference: Any, low: float, high: float, factors: int) -> None:
    @case(op, reference, tolerance=3)
    def _(d: Draw) -> Call:
        shape = d.shape(0, 3)
        dtype = d.dtype(FLOAT)
        args: list[Any] = [d.array(shape, dtype, low=low, high=high), d.array(shape, dtype, low=0, high=1)]
        for _ in range(factors):
            part = shape[d.integer(0, len(shape)) :]
            args.append(d.array(part, dtype, low=0.25, high=2) if d.flag() else None)
        while args[-1] is None and d.flag():
            args.pop()
        return Call(*args, **_options(d))


_binary("binary_cross_entropy", _bce, 0, 1, 1)
_binary("binary_cross_entropy_with_logits", _bce_logits, -20, 20, 2)


def _nll(
    log_probs: Any,
    target: Any,
    weight: Any = None,
    *,
    axis: int = 1,
    reduction: str = "mean",
    ignore_index: int = -100,
) -> Any:
    counts = target != ignore_index
    rows = np.where(counts, target, 0)
    factors = (np.ones(log_probs.shape[axis]) if weight is None else weight)[rows] * counts
    picked = np.squeeze(np.take_along_axis(log_probs, np.expand_dims(rows, axis), axis), axis)
    return _reduced(-picked * factors, reduction, np.sum(factors))


def _cross_entropy(
    logits: Any,
    target: Any,
    weight: Any = None,
    *,
    axis: int = 1,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
    ignore_index: int = -100,
) -> Any:
    logits = np.moveaxis(logits, axis, -1)
    classes = logits.shape[-1]
    logits = logits - np.max(logits, axis=-1, keepdims=True)
    log_probs = logits - np.log(np.sum(np.exp(logits), axis=-1, keepdims=True))
    factors = np.ones(classes) if weight is None else weight
    if target.dtype.kind in "iu":
        counts = target != ignore_index
        rows = np.where(counts, target, 0)
        share, divisor = np.eye(classes)[rows] * counts[..., None], np.sum(factors[rows] * counts)
        smooth = counts[..., None] / classes
    else:
        share = np.moveaxis(target, axis, -1)
        divisor, smooth = share.size / classes, 1 / classes
    share = share * (1 - label_smoothing) + label_smoothing * smooth
    return _reduced(-np.sum(log_probs * share * factors, axis=-1), reduction, divisor)


def _classes(d: Draw, op: str) -> tuple[tuple[int, ...], int]:
    """Shape and class axis; at least one target, as a mean of none is NaN anyway."""
    shape = d.shape(2, 4, least=1)
    return shape, d.axis(len(shape)) if d.flag() else 1


def _targets(d: Draw, shape: tuple[int, ...], axis: int) -> tuple[Any, dict[str, Any]]:
    axis %= len(shape)
    target = d.array((*shape[:axis], *shape[axis + 1 :]), ("int64", "int32"), low=0, high=shape[axis] - 1)
    ignore = d.of(None, -100, 0, -1)
    if ignore is not None and target.size > 1:
        target = np.where(d.random().random(target.shape) < 0.3, np.asarray(ignore, target.dtype), target)
        return target, {"ignore_index": ignore} if ignore != -100 else {}
    return target, {}


@case("nll_loss", _nll, tolerance=3, gradient=(0, 2))
def _(d: Draw) -> Call:
    shape, axis = _classes(d, "nll_loss")
    dtype = d.dtype(FLOAT)
    target, more = _targets(d, shape, axis)
    args = [d.array(shape, dtype, low=-5, high=0), target]
    if d.flag():
        args.append(d.array((shape[axis],), dtype, low=0.25, high=2))
    return Call(*args, **({"axis": axis} if axis != 1 else {}), **more, **_options(d))


@case("cross_entropy", _cross_entropy, tolerance=3, gradient=(0, 2))
def _(d: Draw) -> Call:
    shape, axis = _classes(d, "cross_entropy")
    dtype = d.dtype(FLOAT)
    target, more = _targets(d, shape, axis)
    args = [d.array(shape, dtype), target]
    if d.flag():
        args.append(d.array((shape[axis],), dtype, low=0.25, high=2))
    return Call(*args, **({"axis": axis} if axis != 1 else {}), **more, **_options(d, label_smoothing=(0.1, 0.5)))


@case("cross_entropy", _cross_entropy, tolerance=3, name="probabilities")
def _(d: Draw) -> Call:
    shape, axis = _classes(d, "cross_entropy")
    dtype = d.dtype(FLOAT)
    args = [d.array(shape, dtype), d.array(shape, dtype, low=0, high=1)]
    if d.flag():
        args.append(d.array((shape[axis],), dtype, low=0.25, high=2))
    return Call(*args, **({"axis": axis} if axis != 1 else {}), **_options(d, label_smoothing=(0.1, 0.5)))
