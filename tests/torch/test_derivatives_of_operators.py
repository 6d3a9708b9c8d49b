"""Gradients of torch's operators, taken in the source by `torch.func.grad`, against the converted function."""

from __future__ import annotations

import numpy as np
import pytest

import ivy

torch = pytest.importorskip("torch")
from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:::torch", "ignore::UserWarning")  # deprecated operators say so
TARGETS = ("jax",)
RANDOM = {
    "bernoulli", "cauchy", "exponential", "geometric", "log_normal", "multinomial", "normal", "rand_like", "randint_like",
    "randn_like", "uniform", "nn.functional.dropout", "nn.functional.dropout2d", "nn.functional.dropout3d",
    "nn.functional.alpha_dropout", "nn.functional.feature_alpha_dropout", "nn.functional.rrelu", "svd_lowrank",
    "pca_lowrank", "nn.functional.fractional_max_pool2d", "nn.functional.fractional_max_pool3d", "empty_like",
    "new_empty", "empty_permuted", "new_empty_strided", "empty", "empty_strided",
}  # fmt: skip


_STATISTICS = "the sum counts its saved statistics, which torch takes for constants"
_TRIANGLE = "torch's gradient is of one triangle's entries in its own gauge"
_TRIGAMMA = "JAX's derivative of digamma is of positive arguments only: https://docs.jax.dev/en/latest/_autosummary/jax.scipy.special.polygamma.html"
OTHER = {
    "as_strided_scatter": "elements that are overwritten have a gradient of one in torch",
    "native_layer_norm": _STATISTICS,
    "native_batch_norm": _STATISTICS,
    "_native_batch_norm_legit": _STATISTICS,
    "_batch_norm_with_update": _STATISTICS,
    "nn.functional.max_unpool2d": "of several elements for one place, torch gives all the place's gradient",
    "nn.functional.max_unpool3d": "of several elements for one place, torch gives all the place's gradient",
    "torch.ops.aten._safe_softmax.default": "rows that are masked out whole have gradients of zero in torch",
    "nextafter": "JAX has no derivative of it",
    "nn.functional.ctc_loss": "torch's gradient takes the log-probabilities for a log_softmax",
    "linalg.eigh": _TRIANGLE,
    "linalg.eigvalsh": _TRIANGLE,
    "linalg.pinv.hermitian": _TRIANGLE,
    "linalg.norm.subgradients_at_zero": "which subgradient is taken at zero differs",
    "digamma": _TRIGAMMA,
    **{f"polygamma.polygamma_n_{n}": _TRIGAMMA for n in range(5)},
    "special.polygamma.special_polygamma_n_0": _TRIGAMMA,
}
"""Operators whose gradients differ from torch's where they are tried, and why."""


def cases():
    """Each differentiable operator with its first sample that has a gradient."""
    found = {}
    for op in op_db:
        name = f"{op.name}.{op.variant_test_name}".rstrip(".")
        if op.supports_autograd and torch.float32 in op.dtypes and op.name not in RANDOM:
            found[name] = op
    return found


CASES = cases()


def loss_of(op, sample):
    def loss(x):
        out = op(x, *sample.args, **sample.kwargs)
        outs = [
            y for y in torch.utils._pytree.tree_leaves(out) if isinstance(y, torch.Tensor) and y.is_floating_point()
        ]
        return sum((y * (1 + torch.arange(y.numel(), dtype=y.dtype).reshape(y.shape) / 7)).sum() for y in outs)

    return loss


def sample_of(op):
    """Return the first sample whose gradient torch.func gives and is finite, and that gradient."""
    generator = torch.random.get_rng_state()
    try:
        torch.manual_seed(0)
        for sample, _ in zip(op.sample_inputs("cpu", torch.float32), range(6)):
            if not isinstance(sample.input, torch.Tensor) or not sample.input.is_floating_point():
                continue
            try:
                want = torch.func.grad(loss_of(op, sample))(sample.input)
            except RuntimeError:
                continue
            if sample.input.numel() and bool(torch.isfinite(want).all()):
                return sample, want
    finally:
        torch.random.set_rng_state(generator)
    return None


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", CASES)
def test_gradients(name, target):
    if name in OTHER:
        pytest.skip(OTHER[name])
    found = sample_of(CASES[name])
    if found is None:
        pytest.skip("torch.func gives no finite gradient for it")
    sample, want = found
    slope = torch.func.grad(loss_of(CASES[name], sample))
    try:
        got = ivy.transpile(slope, source="torch", to=target)(sample.input)
    except (ivy.errors.UnsupportedOpError, ivy.errors.NotImplementedByBackend, ivy.errors.BackendError) as error:
        pytest.skip(f"refused by name: {str(error).splitlines()[0]}")
    np.testing.assert_allclose(np.asarray(got), want.detach().numpy(force=True), rtol=2e-3, atol=2e-4)
