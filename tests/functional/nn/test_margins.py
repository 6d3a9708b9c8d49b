"""Distances, losses of margins and distributions, and connectionist temporal classification, against torch."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from agreement import BACKENDS, call, gradients, numerical, same

import ivy.functional as F
from ivy.backend import body_of
from ivy.errors import ArgumentError

REDUCTIONS = ["mean", "sum", "none"]
INF = float("inf")


def T():
    import torch.nn.functional

    return torch.nn.functional


# Distances


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0, 2.0, 3.0, INF])
@pytest.mark.parametrize("shapes", [((4, 3), (5, 3)), ((2, 1, 4, 3), (3, 2, 3))])
def test_cdist(check, p, shapes):
    import torch

    a, b = (check.normal(*s) for s in shapes)
    check(F.cdist, [a, b], {"p": p}, lambda a, b: torch.cdist(a, b, p), grad=p >= 1)
    check(F.pdist, [a.reshape(-1, 3)], {"p": p}, lambda a: T().pdist(a, p), grad=p >= 1)


def test_distances_of_equal_points_have_gradients(check):
    import torch

    x = check.normal(3, 4)
    check(F.cdist, [x, x.copy()], {}, torch.cdist)
    check(F.cosine_similarity, [np.zeros((2, 3), "float32"), check.normal(2, 3)], {}, T().cosine_similarity, grad=0)


@pytest.mark.parametrize("dtype", ["float64", "bfloat16", "float16"])
def test_dtypes_of_distances(check, dtype):
    import torch

    a, b = check.normal(4, 3, dtype=dtype), check.normal(2, 3, dtype=dtype)
    grad = dtype == "float64"

    def reference(a, b):
        return torch.cdist(a if grad else a.float(), b if grad else b.float()).to(a.dtype)

    check(F.cdist, [a, b], {}, reference, grad=grad)
    kw = {"axis": 0}
    check(F.cosine_similarity, [a, a[::-1].copy()], kw, lambda a, b: T().cosine_similarity(a, b, 0), grad=grad)


@pytest.mark.parametrize("p", [1.0, 2.0, INF])
@pytest.mark.parametrize("keepdims", [False, True])
def test_pairwise_distance(check, p, keepdims):
    a, b = check.normal(2, 3, 4), check.normal(3, 4)
    kw = {"p": p, "keepdims": keepdims}
    check(F.pairwise_distance, [a, b], kw, lambda a, b: T().pairwise_distance(a, b, p, keepdim=keepdims))


@pytest.mark.parametrize("backend", BACKENDS)
def test_distances_without_elements(backend):
    assert call("cdist", backend, np.ones((0, 3), "float32"), np.ones((2, 3), "float32")).shape == (0, 2)
    np.testing.assert_array_equal(call("cdist", backend, np.ones((1, 0)), np.ones((2, 0))), np.zeros((1, 2)))
    assert call("pdist", backend, np.ones((1, 3), "float32")).shape == (0,)
    with pytest.raises(ArgumentError):
        call("cdist", backend, np.ones((1, 3)), np.ones((2, 3)), p=-1.0)


# Margins


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_margins_of_scores(check, reduction):
    kw = {"reduction": reduction}
    x, y = check.normal(4, 3), check.normal(4, 3)
    sign = np.where(check.normal(4, 3) > 0, 1.0, -1.0).astype("float32")
    check(F.hinge_embedding_loss, [x, sign], kw, lambda x, t: T().hinge_embedding_loss(x, t, **kw), grad=1)
    kw_margin = {"margin": 0.4, **kw}
    check(
        F.hinge_embedding_loss, [x, sign], kw_margin, lambda x, t: T().hinge_embedding_loss(x, t, **kw_margin), grad=1
    )
    check(F.soft_margin_loss, [x, sign], kw, lambda x, t: T().soft_margin_loss(x, t, **kw), grad=1)
    check(
        F.margin_ranking_loss,
        [x, y, sign],
        kw_margin,
        lambda x, y, t: T().margin_ranking_loss(x, y, t, **kw_margin),
        grad=2,
    )
    check(
        F.cosine_embedding_loss,
        [x, y, sign[:, 0].copy()],
        kw_margin,
        lambda x, y, t: T().cosine_embedding_loss(x, y, t, **kw_margin),
        grad=2,
    )


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_hinge(reduction):
    tf = pytest.importorskip("tensorflow")
    x = np.random.default_rng(0).normal(size=(2, 5)).astype("float32")
    sign = np.where(x[::-1] > 0, 1.0, -1.0).astype("float32")
    terms = np.maximum(1 - x * sign, 0)
    np.testing.assert_allclose(terms.mean(-1), tf.keras.losses.hinge(sign, x), rtol=1e-6)
    expected = {"mean": terms.mean(), "sum": terms.sum(), "none": terms}[reduction]
    for backend in BACKENDS:
        same(call("hinge_loss", backend, x, sign, reduction=reduction), expected, backend)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("p", [1.0, 2.0])
def test_triplet_margin(check, reduction, swap, p):
    kw = {"reduction": reduction, "swap": swap, "p": p, "margin": 0.7}
    args = [check.normal(4, 3) for _ in range(3)]
    check(F.triplet_margin_loss, args, kw, lambda a, b, c: T().triplet_margin_loss(a, b, c, **kw))


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("weighted", [False, True])
def test_multi_margin(check, reduction, p, weighted):
    kw = {"reduction": reduction, "p": p, "margin": 0.8}
    rest = [np.abs(check.normal(5))] if weighted else []
    args = [check.normal(4, 5), check.integers(0, 5, 4), *rest]
    check(F.multi_margin_loss, args, kw, lambda x, t, w=None: T().multi_margin_loss(x, t, weight=w, **kw), grad=1)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_several_labels(check, reduction):
    kw = {"reduction": reduction}
    x = check.normal(4, 5)
    labels = np.array([[1, 3, -1, 2, 0], [0, -1, -1, -1, -1], [-1, 1, 2, 3, 4], [4, 3, 2, 1, 0]])
    check(F.multilabel_margin_loss, [x, labels], kw, lambda x, t: T().multilabel_margin_loss(x, t, **kw), grad=1)
    target = check.integers(0, 2, 4, 5).astype("float32")
    for rest in ([], [np.abs(check.normal(5))]):
        check(
            F.multilabel_soft_margin_loss,
            [x, target, *rest],
            kw,
            lambda x, t, w=None: T().multilabel_soft_margin_loss(x, t, w, **kw),
            grad=1,
        )


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
def test_dtypes_of_losses(check, dtype):
    x, y = check.normal(4, 3, dtype=dtype), check.normal(4, 3, dtype=dtype)
    grad = dtype == "float64"
    check(F.soft_margin_loss, [x, np.sign(y)], {}, T().soft_margin_loss, grad=int(grad))
    check(F.poisson_nll_loss, [x, y], {}, T().poisson_nll_loss, grad=int(grad))


# Distributions


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("full", [False, True])
def test_likelihoods(check, reduction, full):
    x, counts = check.normal(4, 3), np.abs(check.normal(4, 3, scale=3.0))
    for log_input in (True, False):
        kw = {"reduction": reduction, "full": full, "log_input": log_input}
        check(
            F.poisson_nll_loss,
            [x if log_input else np.abs(x), counts],
            kw,
            lambda x, t, kw=kw: T().poisson_nll_loss(x, t, **kw),
            grad=1,
        )
    kw = {"reduction": reduction, "full": full}
    var = np.abs(check.normal(4, 3)) + np.float32(0.1)
    var[0, 0] = 1e-9
    x[0, 0] = counts[0, 0] + 1e-4
    check(F.gaussian_nll_loss, [x, counts, var], kw, lambda x, t, v: T().gaussian_nll_loss(x, t, v, **kw), grad=2)


def test_log_cosh_dice_and_focal():
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(1)
    x, y = (rng.normal(size=(4, 6)).astype("float32") * 3 for _ in range(2))
    p, t = rng.uniform(size=(4, 6)).astype("float32"), (rng.uniform(size=(4, 6)) > 0.5).astype("float32")
    cases = [
        ("log_cosh_loss", (x, y), {"reduction": "none"}, np.log(np.cosh((x - y).astype("float64")))),
        ("dice_loss", (p, t), {}, tf.keras.losses.Dice()(t, p).numpy()),
        (
            "dice_loss",
            (p, t),
            {"axis": -1, "reduction": "none"},
            tf.keras.losses.Dice(axis=-1, reduction=None)(t, p).numpy(),
        ),
    ]
    for alpha, gamma in ((0.25, 2.0), (0.4, 1.5), (-1.0, 0.0)):
        q = 1 / (1 + np.exp(-x.astype("float64")))
        right = np.where(t == 1, q, 1 - q)
        weight = 1.0 if alpha < 0 else np.where(t == 1, alpha, 1 - alpha)
        expected = -weight * (1 - right) ** gamma * np.log(right)
        cases.append(("sigmoid_focal_loss", (x, t), {"alpha": alpha, "gamma": gamma, "reduction": "none"}, expected))
    for op, args, kwargs, expected in cases:
        for backend in BACKENDS:
            same(call(op, backend, *args, **kwargs), expected, backend, dtype="float32", tolerance=2e-5)
        (wanted,) = numerical(op, args, kwargs, [0])
        for backend, (found,) in gradients(op, args, kwargs, [0]).items():
            np.testing.assert_allclose(found, wanted, atol=1e-3, rtol=1e-3, err_msg=f"{op} {backend}")


@pytest.mark.parametrize("op", ["hinge_loss", "log_cosh_loss", "dice_loss", "poisson_nll_loss"])
def test_unknown_reduction(op):
    with pytest.raises(ArgumentError, match="reduction"):
        call(op, "numpy", np.ones(2), np.ones(2), reduction="most")


# Connectionist temporal classification


def brute_force(log_probs, target, blank):
    """Minus the logarithm of the summed probabilities of all alignments."""
    total = 0.0
    for path in itertools.product(range(log_probs.shape[1]), repeat=log_probs.shape[0]):
        merged = [c for c, _ in itertools.groupby(path) if c != blank]
        if merged == list(target):
            total += np.exp(sum(log_probs[t, c] for t, c in enumerate(path)))
    return -np.log(total) if total else np.inf


@pytest.mark.parametrize("blank", [0, 2])
def test_ctc_by_enumeration(blank):
    rng = np.random.default_rng(2)
    x = np.log(rng.dirichlet(np.ones(3), size=(4, 3))).astype("float32")
    labels = [c for c in range(3) if c != blank]
    targets = np.array([[labels[0], labels[1]], [labels[1], labels[1]], [labels[0], labels[0]]])
    inputs, counts = np.array([4, 4, 2]), np.array([2, 2, 1])
    expected = [
        brute_force(x[:n, i], targets[i, :m], blank) for i, (n, m) in enumerate(zip(inputs, counts, strict=True))
    ]
    for backend in BACKENDS:
        found = call("ctc_loss", backend, x, targets, inputs, counts, blank=blank, reduction="none")
        same(found, np.array(expected), backend, dtype="float32")


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_ctc_against_torch(reduction):
    import torch

    rng = np.random.default_rng(3)
    x = np.log(rng.dirichlet(np.ones(6), size=(12, 4))).astype("float32")
    targets = rng.integers(1, 6, size=(4, 5))
    targets[0] = targets[0, 0]
    inputs, counts = np.array([12, 10, 7, 12]), np.array([5, 3, 1, 0])
    args = [x, targets, inputs, counts]
    expected = T().ctc_loss(*map(torch.from_numpy, args), reduction=reduction).numpy()
    for backend in BACKENDS:
        same(call("ctc_loss", backend, *args, reduction=reduction), expected, backend, tolerance=2e-5)
    small = [x[:5, :2, :4].copy(), np.array([[1, 1], [2, 3]]), np.array([5, 4]), np.array([2, 2])]
    (wanted,) = numerical("ctc_loss", small, {"reduction": reduction}, [0])
    for backend, (found,) in gradients("ctc_loss", small, {"reduction": reduction}, [0]).items():
        np.testing.assert_allclose(found, wanted, atol=1e-3, err_msg=backend)


def test_ctc_of_targets_that_do_not_fit():
    x = np.log(np.full((2, 1, 3), 1 / 3, "float32"))
    args = [x, np.array([[1, 1]]), np.array([2]), np.array([2])]
    for backend in BACKENDS:
        assert call("ctc_loss", backend, *args, reduction="sum") == np.inf
        assert call("ctc_loss", backend, *args, reduction="sum", zero_infinity=True) == 0
    for backend, (found,) in gradients("ctc_loss", args, {"zero_infinity": True}, [0]).items():
        np.testing.assert_array_equal(found, np.zeros_like(x), err_msg=backend)
    assert body_of(F.ctc_loss, "numpy")(*args, reduction="none").shape == (1,)
