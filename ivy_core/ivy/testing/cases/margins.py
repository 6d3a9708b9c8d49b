"""Cases of losses of margins."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from ivy.testing.case import Call, case
from ivy.testing.cases.distances import pairwise
from ivy.testing.cases.losses import _options, _reduced
from ivy.testing.draw import FLOAT, Draw, numpy_dtype


def _signs(d: Draw, shape: Any, dtype: str) -> Any:
    """Targets of 1 and -1, and some 0."""
    signs = np.sign(d.array(shape, "float64", layout=False) + 0.5 * d.flag())
    return np.asarray(signs).astype(numpy_dtype(dtype))


def _loss(op: str, terms: Any, scores: int = 1, *, vectors: bool = False, **choices: tuple[Any, ...]) -> None:
    """Register a loss of some arrays of scores, or of vectors, and a target of signs that broadcast."""

    def reference(*args: Any, reduction: str = "mean", **options: Any) -> Any:
        return _reduced(terms(*args, **options), reduction)

    @case(op, reference, dtype="first", tolerance=3, gradient=tuple(range(scores)))
    def _(d: Draw) -> Call:
        shapes, dtype = d.shapes(scores + 1), d.dtype(FLOAT)
        if vectors:
            shapes = [d.shape(0, 2)] * (scores + 1)
        tail = (3,) if vectors else ()
        x = [d.array((*shape, *tail), dtype, low=-2, high=2) for shape in shapes[1:]]
        return Call(*x, _signs(d, shapes[0], dtype), **_options(d, **choices))


def _cosine(a: Any, b: Any, t: Any, margin: float = 0.0) -> Any:
    cos = np.sum(a * b, -1) / np.sqrt((np.sum(a * a, -1) + 1e-12) * (np.sum(b * b, -1) + 1e-12))
    return np.where(t == 1, 1 - cos, np.where(t == -1, np.maximum(cos - margin, 0), 0))


def _embedding(x: Any, t: Any, margin: float = 1.0) -> Any:
    near, far = np.where(t != -1, x, 0), np.where(t != 1, np.maximum(margin - x, 0), 0)
    return near + far


_loss("hinge_loss", lambda x, t, margin=1.0: np.maximum(margin - t * x, 0), margin=(0.47,))
_loss("hinge_embedding_loss", _embedding, margin=(0.47,))
_loss("soft_margin_loss", lambda x, t: np.logaddexp(0, -t * x))
_loss("margin_ranking_loss", lambda a, b, t, margin=0.0: np.maximum(margin - t * (a - b), 0), 2, margin=(0.47,))
_loss("cosine_embedding_loss", _cosine, 2, vectors=True, margin=(0.25,))


def _triplet(
    a: Any, near: Any, far: Any, *, margin: float = 1.0, swap: bool = False, reduction: str = "mean", **options: Any
) -> Any:
    apart = pairwise(a, far, **options)
    apart = np.minimum(apart, pairwise(near, far, **options)) if swap else apart
    return _reduced(np.maximum(pairwise(a, near, **options) - apart + margin, 0), reduction)


@case("triplet_margin_loss", _triplet, tolerance=4)
def _(d: Draw) -> Call:
    shape, dtype = d.shape(1, 3, least=1), d.dtype(FLOAT)
    x = [d.array(shape, dtype, low=-2, high=2) for _ in range(3)]
    return Call(*x, **_options(d, margin=(0.47, 3.0), p=(1.0, 3.0), swap=(True,), eps=(1e-3,)))


def _multi(x: Any, target: Any, weight: Any = None, *, p: int = 1, margin: float = 1.0, reduction: str = "mean") -> Any:
    losses = []
    for row, t in zip(x, target, strict=True):
        terms = [max(0, margin - row[t] + v) ** p for i, v in enumerate(row) if i != t]
        losses.append(sum(terms) / len(row) * (1 if weight is None else weight[t]))
    return _reduced(np.asarray(losses, "float64"), reduction)


@case("multi_margin_loss", _multi, dtype="first", tolerance=4, gradient=(0, 2))
def _(d: Draw) -> Call:
    (batch, classes), dtype = d.shape(2, 2, least=1), d.dtype(FLOAT)
    args = [d.array((batch, classes), dtype), d.indices((batch,), classes, negative=False)]
    if d.flag():
        args.append(d.array((classes,), dtype, low=0.25, high=2))
    return Call(*args, **_options(d, p=(2,), margin=(0.47,)))


def _multilabel(x: Any, target: Any, *, reduction: str = "mean") -> Any:
    found = np.zeros(x.shape[:-1])
    for place in np.ndindex(*found.shape):
        labels = [int(t) for t in target[place]]
        labels = labels[: next((i for i, t in enumerate(labels) if t < 0), len(labels))]
        others = [v for i, v in enumerate(x[place]) if i not in labels]
        found[place] = sum(max(0, 1 - x[place][t] + v) for t in labels for v in others) / x.shape[-1]
    return _reduced(found, reduction)


@case("multilabel_margin_loss", _multilabel, dtype="first", tolerance=4, gradient=(0,))
def _(d: Draw) -> Call:
    shape = d.shape(1, 2, least=1)
    rng, kind = d.random(), d.dtype(("int64", "int32"))
    target = rng.permuted(np.broadcast_to(np.arange(shape[-1]), shape), axis=-1)
    ends = rng.integers(0, shape[-1] + 1, shape[:-1])[..., None]
    target = np.where(np.arange(shape[-1]) == ends, -1, target).astype(kind)
    return Call(d.array(shape, FLOAT), target, **_options(d))


def _multilabel_soft(x: Any, t: Any, weight: Any = None, *, reduction: str = "mean") -> Any:
    terms = -(t * special.log_expit(x) + (1 - t) * special.log_expit(-x))
    return _reduced(np.mean(terms if weight is None else terms * weight, axis=-1), reduction)


@case("multilabel_soft_margin_loss", _multilabel_soft, dtype="first", tolerance=3)
def _(d: Draw) -> Call:
    shape, dtype = d.shape(1, 3, least=1), d.dtype(FLOAT)
    args = [d.array(shape, dtype, low=-9, high=9), d.array(shape, dtype, low=0, high=1)]
    if d.flag():
        args.append(d.array(shape[d.integer(0, len(shape)) :], dtype, low=0.25, high=2))
    return Call(*args, **_options(d))
