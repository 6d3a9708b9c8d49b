"""Losses against torch."""

from __future__ import annotations

import numpy as np
import pytest

import ivy.functional as F
from ivy.backend import body_of
from ivy.errors import ArgumentError

REDUCTIONS = ["mean", "sum", "none"]


def T():
    import torch.nn.functional

    return torch.nn.functional


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("shape", [(6, 5), (2, 5, 3, 4)])
def test_cross_entropy_of_classes(check, reduction, smoothing, weighted, shape):
    x, t = check.normal(*shape, scale=3.0), check.integers(0, 5, shape[0], *shape[2:])
    t.flat[1] = -100
    rest = [np.abs(check.normal(5))] if weighted else []
    kw = {"reduction": reduction, "label_smoothing": smoothing}
    check(F.cross_entropy, [x, t, *rest], kw, lambda x, t, w=None: T().cross_entropy(x, t, w, **kw), grad=2)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("weighted", [True, False])
def test_cross_entropy_of_probabilities(check, reduction, smoothing, weighted):
    x, t = check.normal(3, 5, 4), np.abs(check.normal(3, 5, 4))
    rest = [np.abs(check.normal(5))] if weighted else []
    kw = {"reduction": reduction, "label_smoothing": smoothing}
    check(F.cross_entropy, [x, t, *rest], kw, lambda x, t, w=None: T().cross_entropy(x, t, w, **kw), grad=2)


def test_cross_entropy_axis_and_ignored_class(check):
    x, t = check.normal(3, 4, 5), check.integers(0, 5, 3, 4, dtype="int32")
    kw = {"axis": -1, "ignore_index": 2}
    check(F.cross_entropy, [x, t], kw, lambda x, t: T().cross_entropy(x.movedim(-1, 1), t.long(), ignore_index=2))
    check(F.cross_entropy, [x[0, 0], np.asarray(t[0, 0])], {"axis": 0}, lambda x, t: T().cross_entropy(x, t.long()))


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
def test_dtypes(check, dtype):
    x, y, t = check.normal(6, 5, dtype=dtype), check.normal(6, 5, dtype=dtype), check.integers(0, 5, 6)
    grad = dtype == "float64"
    check(F.cross_entropy, [x, t], {}, T().cross_entropy, grad=grad)
    check(F.mse_loss, [x, y], {}, T().mse_loss, grad=grad)
    check(F.smooth_l1_loss, [x, y], {}, T().smooth_l1_loss, grad=grad)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("shape", [(6, 5), (2, 5, 3)])
def test_nll_loss(check, reduction, weighted, shape):
    x, t = check.normal(*shape), check.integers(0, 5, shape[0], *shape[2:])
    t.flat[1] = 3
    rest = [np.abs(check.normal(5))] if weighted else []
    kw = {"reduction": reduction, "ignore_index": 3}
    check(F.nll_loss, [x, t, *rest], kw, lambda x, t, w=None: T().nll_loss(x, t, w, **kw), grad=2)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(
    ("name", "kw"),
    [
        ("mse_loss", {}),
        ("l1_loss", {}),
        ("smooth_l1_loss", {}),
        ("smooth_l1_loss", {"beta": 0.3}),
        ("smooth_l1_loss", {"beta": 0.0}),
        ("huber_loss", {}),
        ("huber_loss", {"delta": 0.3}),
    ],
)
def test_differences(check, name, kw, reduction):
    kw = {**kw, "reduction": reduction}
    check(getattr(F, name), [check.normal(4, 5), check.normal(4, 5)], kw, lambda x, y: getattr(T(), name)(x, y, **kw))


def test_broadcasting(check):
    check(F.mse_loss, [check.normal(4, 5), check.normal(5)], {}, lambda x, y: T().mse_loss(x, y.expand(4, 5)))


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", [True, False])
def test_binary_cross_entropy(check, reduction, weighted):
    p, t = (
        check.rng.random((4, 5)).astype("float32") * 0.98 + np.float32(0.01),
        check.rng.random((4, 5)).astype("float32"),
    )
    rest = [np.abs(check.normal(4, 5))] if weighted else []
    kw = {"reduction": reduction}
    check(
        F.binary_cross_entropy, [p, t, *rest], kw, lambda p, t, w=None: T().binary_cross_entropy(p, t, w, **kw), grad=2
    )


def test_binary_cross_entropy_at_the_ends(check):
    p, t = np.asarray([0.0, 1.0, 0.0, 1.0], "float32"), np.asarray([0.0, 1.0, 1.0, 0.0], "float32")
    check(
        F.binary_cross_entropy,
        [p, t],
        {"reduction": "none"},
        lambda p, t: T().binary_cross_entropy(p, t, reduction="none"),
        grad=False,
    )


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("extra", [0, 1, 2])
def test_binary_cross_entropy_with_logits(check, reduction, extra):
    x, t = check.normal(4, 5, scale=20.0), check.rng.random((4, 5)).astype("float32")
    rest = [np.abs(check.normal(4, 5)), np.abs(check.normal(5))][:extra]
    kw = {"reduction": reduction}

    def reference(x, t, w=None, p=None):
        return T().binary_cross_entropy_with_logits(x, t, w, pos_weight=p, **kw)

    check(F.binary_cross_entropy_with_logits, [x, t, *rest], kw, reference, grad=2)


@pytest.mark.parametrize("reduction", [*REDUCTIONS, "batchmean"])
@pytest.mark.parametrize("log_target", [True, False])
@pytest.mark.filterwarnings("ignore:reduction:UserWarning")
def test_kl_div(check, reduction, log_target):
    x, t = check.normal(4, 5), np.abs(check.normal(4, 5))
    t[0, 0] = 0.0 if not log_target else t[0, 0]
    kw = {"reduction": reduction, "log_target": log_target}
    check(F.kl_div, [x, t], kw, lambda x, t: T().kl_div(x, t, **kw), grad=log_target)


@pytest.mark.parametrize("op", [F.mse_loss, F.cross_entropy, F.nll_loss], ids=lambda f: f.__name__)
def test_unknown_reduction(op):
    with pytest.raises(ArgumentError, match="reduction"):
        body_of(op, "numpy")(np.zeros((2, 2)), np.zeros((2, 2)), reduction="avg")
