"""Gradients at zeros, ties, equal rows and infinities: those of torch, on every target.

The whole sweep is `-m ""`; where torch's gradient is not finite any will do.
"""

from __future__ import annotations

import importlib
import re
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")
sys.path.insert(0, __file__.rpartition("/")[0])

import edges  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")

KNOWN = {
    "": (
        r"kthvalue",  # which of equal elements is taken is open
        r"det-(zeros|ties|equal rows)",  # of singular matrices, where torch gives 0 instead of the cofactors
        r"digamma",  # next to a pole the frameworks round apart
        r"bce-",  # at probabilities of 0 and 1 torch divides by 1e-12, ours limits the logarithm
        r"(cdist inf|pairwise inf)",  # torch's own give each of equal greatest differences the whole derivative
        r"gaussian_nll",  # looks at values to check them, which a differentiated call has not
        r".*-(minus infinity|infinity|infinite|high)",  # values that are infinite: below for JAX alone
    ),
    "tensorflow": (r"acosh", r"special\.i1-"),  # TensorFlow's own kernels
    "paddle": (r"special\.i0e",),  # Paddle's own kernel
}
"""Names of cases whose gradients differ, for every target and for some, with the reason."""
FINITE_ON_JAX = re.compile(
    r"(abs|sqrt of square|relu\d?|hardtanh|clamp|sigmoid|tanh|softmax|log_softmax|logsumexp|amax|amin|max|min|atan2|"
    r"maximum|minimum|fmax|fmin|norm 1|vector_norm 1|softplus|silu|gelu|elu|erf|exp)-(minus infinity|infinity|infinite)"
)
CASES = {name: (fn, inputs) for name, fn, inputs in edges.cases()}


def is_known(name, target):
    if target == "jax" and FINITE_ON_JAX.fullmatch(name):
        return False
    return any(re.match(pattern, name) for pattern in (*KNOWN[""], *KNOWN.get(target, ())))


def library(name):
    module = {"paddle": "ivy_paddle.loading"}.get(name, name)
    if importlib.util.find_spec(module.partition(".")[0]) is None:
        pytest.skip(f"{name} is not installed")
    importlib.import_module(module)


@pytest.mark.parametrize("target", ["jax", "tensorflow", "paddle", "torch"])
@pytest.mark.parametrize("name", CASES)
def test_gradients_are_torchs(name, target):
    if is_known(name, target):
        pytest.skip("differs for a reason that KNOWN gives")
    library(target)
    fn, inputs = CASES[name]
    try:
        expected = edges.theirs(fn, inputs)
    except RuntimeError:
        pytest.skip("torch has no gradient of this")
    found = edges.ours(fn, inputs, target)
    for a, b in zip(expected, found, strict=True):
        where = np.isfinite(a)
        np.testing.assert_allclose(b[where], a[where], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("target", ["jax", "tensorflow", "paddle", "torch"])
@pytest.mark.parametrize(
    "name",
    [
        "abs-zeros", "vector_norm 2-zeros", "norm 3-some zeros", "normalize 2-zeros", "cdist to itself-equal rows",
        "cosine of itself-zeros", "pdist-zeros", "std 0-ties", "prod-zeros", "cumprod-some zeros", "pow 0.0-zeros",
        "pow-zeros", "atan2-zeros", "hypot-equal", "maximum-equal", "fmax-equal", "clamp -1.0 1.0-ones",
        "clamp by tensors-equal", "hardtanh-ones", "leaky_relu-zeros", "hardswish-mixed", "fmod-zeros and more",
        "xlogy-zeros and more", "special.xlog1py-zeros and more", "max_pool2d-ties", "hinge_embedding-some equal",
        "cummax values-ties", "lp_pool1d-some zeros", "logsumexp-ties", "amax-ties",
    ],
)  # fmt: skip
def test_what_was_wrong(name, target):
    test_gradients_are_torchs(name, target)


def test_norms_of_jax_code_keep_their_own_gradient():
    jax = pytest.importorskip("jax")
    import ivy

    def f(x):
        return jax.numpy.linalg.norm(x)

    x = np.zeros(3, "float32")
    assert np.isnan(jax.grad(f)(x)).all()
    assert np.isnan(jax.grad(ivy.transpile(f, source="jax", to="jax"))(x)).all()
