"""Functions whose order of operations shows: in infinities, in half precision, in what is empty or out of range."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import ivy
from ivy.errors import CaptureError, UnsupportedOpError

INF = float("inf")
HALF = torch.tensor([0.0, 1e-4, 1.0, 300.0, -2.0], dtype=torch.float16)
CASES: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "trapezoid beside an infinity": (torch.trapezoid, (torch.tensor([[INF, 1.0, 2.0], [1.0, INF, 2.0]]),)),
    "trapezoid with steps": (lambda y: torch.trapezoid(y, dx=0.5, dim=0), (torch.arange(6).reshape(3, 2),)),
    "trapezoid with places": (lambda y, x: torch.trapezoid(y, x), (torch.ones(2, 3), torch.tensor([0.0, 1.0, 5.0]))),
    "trapezoid of nothing": (torch.trapezoid, (torch.zeros(2, 0, dtype=torch.uint8),)),
    "running trapezoid": (lambda y: torch.cumulative_trapezoid(y, dx=3), (torch.tensor([1.0, 4.0, INF, 2.0]),)),
    "lerp from an infinity": (lambda a, b: torch.lerp(a, b, 0.5), (torch.tensor([-INF, INF, 1.0]), torch.ones(3))),
    "lerp to an infinity": (lambda a, b: torch.lerp(a, b, 0.25), (torch.ones(2), torch.tensor([-INF, 5.0]))),
    "lerp by a tensor": (torch.lerp, (torch.tensor([-INF, 2.0]), torch.ones(2), torch.tensor([0.75, 0.25]))),
    "norm in half precision": (lambda x: x.norm(dim=-1), (torch.full((2, 4), 300.0, dtype=torch.float16),)),
    "3-norm in half precision": (
        lambda x: torch.linalg.vector_norm(x, 3),
        (torch.full((4,), 90.0, dtype=torch.float16),),
    ),
    "half precision by a large number": (lambda x: x.mul(2**40), (HALF,)),
    "half precision by 1e5": (lambda x: (x / 1e5, x + 1e5, x > 1e5)[0], (HALF,)),
    "half precision by a tensor without axes": (lambda x: x * torch.tensor(70000), (HALF,)),
    "half precision in place": (lambda x: x.clone().mul_(1e5), (HALF,)),
    "sign of NaN": (torch.sgn, (torch.tensor([float("nan"), -2.0, 0.0]),)),
    "a complex number into a mask": (
        lambda x: x.clone().scatter_(0, torch.tensor([0]), 1j),
        (torch.zeros(3, dtype=torch.bool),),
    ),
    "kron of three axes": (torch.kron, (torch.arange(12).reshape(2, 2, 3), torch.arange(6).reshape(1, 3, 2))),
    "mean of an infinity": (lambda x: torch.std_mean(x)[1], (torch.tensor([INF, 1.0, 2.0]),)),
    "picked elements with one element": (lambda x: x[x > 2] + torch.tensor([8]), (torch.arange(8).to(torch.int8),)),
    "median of no short integers": (lambda x: x.median(), (torch.zeros(0, dtype=torch.int16),)),
    "positions without axes": (torch.nonzero, (torch.tensor(1.0),)),
    "no positions without axes": (lambda x: torch.argwhere(x), (torch.tensor(0.0),)),
    "positions in a tuple": (lambda x: torch.where(x)[0], (torch.tensor(2),)),
    "median of no integers": (lambda x: x.median(), (torch.zeros(0, dtype=torch.int32),)),
    "a number out of range": (lambda x: x + torch.tensor(-3, dtype=torch.uint8), (torch.zeros(2, dtype=torch.uint8),)),
    "blocks": (lambda x: torch.block_diag(x, x, x[0]).reciprocal(), (torch.tensor([[-0.0, 1.0]]),)),
}


@pytest.mark.parametrize("target", ["numpy", "torch", "jax", "tensorflow", "paddle"])
@pytest.mark.parametrize("case", CASES)
def test_order_of_operations(case: str, target: str) -> None:
    """Values and dtypes are torch's."""
    f, inputs = CASES[case]
    want = f(*inputs)
    given = inputs if target == "torch" else [ivy.asarray(x) for x in inputs]
    with np.errstate(all="ignore"):
        got = ivy.transpile(f, source="torch", to=target)(*given)
    found = np.asarray(getattr(got, "data", got) if target != "paddle" else got.astype("float64"), dtype="float64")
    assert ivy.dtype_of(got) == str(want.dtype).removeprefix("torch.") or target == "jax"
    np.testing.assert_allclose(found, want.double().numpy(), rtol=1e-2 if "half" in case else 1e-6)


@pytest.mark.parametrize("target", ["numpy", "torch"])
def test_out_that_changes_the_shape_of_a_view(target: str) -> None:
    """Torch writes over what lies behind the view: refused, with the line."""

    def f(a: Any) -> Any:
        view = a[-2:-3, 6:-1]
        torch.sum(view * 1, 0, out=view)
        return a

    with pytest.raises(CaptureError, match="view of another tensor") as caught:
        ivy.transpile(f, source="torch", to=target)(np.ones((2, 8), "float32"))
    assert "torch.sum(view * 1, 0, out=view)" in str(caught.value)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x.long() > 2**40,
        lambda x: x.sum() + 2**40,
        lambda x: x.long().masked_fill(x, torch.iinfo(torch.int64).max),
    ],
    ids=["comparison", "sum", "sentinel"],
)
def test_numbers_of_64_bits(f: Callable[..., Any]) -> None:
    """Where the target has the source's 64-bit integers narrower, such a number would wrap around: refused."""
    x = torch.tensor([True, False])
    np.testing.assert_array_equal(ivy.transpile(f, source="torch", to="numpy")(x), f(x))
    with pytest.raises(UnsupportedOpError, match="jax_enable_x64"):
        ivy.transpile(f, source="torch", to="jax")(x)
    ends = ivy.transpile(lambda x: x.cumsum(0)[: 2**62], source="torch", to="jax")(x)  # a place, beyond the end
    np.testing.assert_array_equal(ends, [1, 1])
