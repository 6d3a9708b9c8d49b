"""What torch does with Python scalars and with operands of several dtypes, swept over functions and dtypes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import ivy
from ivy.backend import get_backend, scope
from ivy_torch.frontend.indexing import get_item, set_item

INTEGERS = [torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64]
FLOATS = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
SCALARS = [-1, -200, 300, 70000, 2**31, 2**40]
TARGETS = ["torch", "numpy"]


def check(fn: Callable[..., Any], *given: torch.Tensor, target: str) -> None:
    """Compare values and dtypes, where torch itself takes the arguments."""
    try:
        expected = fn(*[x.clone() for x in given])
    except (RuntimeError, TypeError):
        return
    found = ivy.transpile(fn, source="torch", to=target)(*[x.clone() for x in given])
    assert str(found.dtype).removeprefix("torch.") == str(expected.dtype).removeprefix("torch.")
    wide = torch.float64 if expected.is_floating_point() else expected.dtype
    found = torch.as_tensor(
        found
        if target == "torch"
        else np.asarray(found).astype("float64" if expected.is_floating_point() else found.dtype)
    )
    tolerance = 1e-2 if expected.dtype in (torch.float16, torch.bfloat16) else 1e-6
    torch.testing.assert_close(found.to(wide), expected.to(wide), rtol=tolerance, atol=tolerance, equal_nan=True)


def numbers(dtype: torch.dtype) -> torch.Tensor:
    return torch.tensor([0, 1, 2, 3, 1, 5]).to(dtype)


WITH_SCALAR: dict[str, Callable[..., Any]] = {
    "mul": lambda x, s: x * s,
    "add": lambda x, s: x + s,
    "rsub": lambda x, s: s - x,
    "or": lambda x, s: x | s,
    "remainder": lambda x, s: s % x.clamp(min=1),
    "maximum of scalar": lambda x, s: torch.clamp(x, min=s),
    "less": lambda x, s: x < s,
    "equal": lambda x, s: x == s,
    "masked_fill": lambda x, s: x.masked_fill(x > 1, s),
    "fill": lambda x, s: x.clone().fill_(s),
    "full_like": lambda x, s: torch.full_like(x, s),
    "setitem": lambda x, s: x.clone().index_put_((torch.tensor([1]),), torch.tensor(s).to(x.dtype)),
    "set slice": lambda x, s: _set(x.clone(), slice(1, 3), s),
    "set mask": lambda x, s: _set(x.clone(), x > 1, s),
    "where": lambda x, s: torch.where(x > 1, x, s),
    "index_fill": lambda x, s: x.index_fill(0, torch.tensor([0, 2]), s),
    "scatter": lambda x, s: x.scatter(0, torch.tensor([0, 2]), s),
    "alpha": lambda x, s: torch.add(x, x, alpha=s),
    "alpha of a narrower": lambda x, s: torch.sub(x.float(), x, alpha=s),
    "addcmul": lambda x, s: torch.addcmul(x, x, x, value=s),
}


def _set(x: torch.Tensor, key: Any, value: Any) -> torch.Tensor:
    x[key] = value
    return x


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", WITH_SCALAR)
def test_scalars_wrap_around(name: str, target: str) -> None:
    for dtype, scalar in itertools.product(INTEGERS, SCALARS):
        check(lambda x: WITH_SCALAR[name](x, scalar), numbers(dtype), target=target)


ON_FLOATS = ["hypot", "atan2", "copysign", "logaddexp", "logaddexp2", "xlogy", "ldexp", "true_divide", "nextafter"]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ON_FLOATS)
def test_functions_on_floats_promote_integers_to_the_float(name: str, target: str) -> None:
    for one, other in itertools.product(INTEGERS + FLOATS, repeat=2):
        check(getattr(torch, name), numbers(one), numbers(other).flip(0), target=target)


@pytest.mark.parametrize("target", TARGETS)
def test_products_are_added_in_the_common_dtype(target: str) -> None:
    for one, other in itertools.product(INTEGERS + FLOATS, repeat=2):
        a, b = numbers(one), numbers(other).flip(0)
        check(lambda a, b: torch.add(a, b, alpha=-2), a, b, target=target)
        check(lambda a, b: torch.addcmul(a, b, b, value=-2), a, b, target=target)
        check(lambda a, b: torch.addcdiv(a, b, a + 1, value=-2), a, b, target=target)


@pytest.mark.parametrize("target", TARGETS)
def test_scans_keep_the_dtype_that_they_are_given(target: str) -> None:
    for dtype, wanted in itertools.product(INTEGERS + FLOATS, INTEGERS[1:] + FLOATS):
        check(lambda x: x.cumsum(0, dtype=wanted), numbers(dtype), target=target)
        check(lambda x: x.cumprod(0, dtype=wanted), numbers(dtype), target=target)


@pytest.mark.parametrize("target", TARGETS)
def test_out_keeps_its_dtype(target: str) -> None:
    for dtype, wanted in itertools.product(INTEGERS + FLOATS, repeat=2):
        check(lambda x: torch.sum(x, 0, out=torch.empty((), dtype=wanted)), numbers(dtype), target=target)
        check(lambda x: torch.add(x, x, out=torch.empty(0, dtype=wanted)), numbers(dtype), target=target)


@pytest.mark.parametrize("target", TARGETS)
def test_empty_tensors_count_for_the_dtype_of_cat(target: str) -> None:
    for one, other in itertools.product(INTEGERS + FLOATS, repeat=2):
        check(lambda a, b: torch.cat((a[:0], b)), numbers(one), numbers(other), target=target)


@pytest.mark.parametrize("target", TARGETS)
def test_medians_of_nothing(target: str) -> None:
    check(lambda x: x[:0].median(), numbers(torch.float32), target=target)
    check(lambda x: x[:0].nanmedian(), numbers(torch.float64), target=target)


@pytest.mark.parametrize("target", TARGETS)
def test_contraction_over_axes_of_one(target: str) -> None:
    check(lambda x: torch.tensordot(x.reshape(1, 6), x.reshape(1, 6), dims=1), numbers(torch.int64), target=target)
    check(lambda x: torch.tensordot(x.reshape(6, 1), x.reshape(3, 2), dims=1), numbers(torch.float32), target=target)


PARTS = [..., None, -1, slice(None), slice(1, None), torch.tensor([0, 1]), torch.tensor([[0], [1]]), torch.tensor(0)]


def test_every_order_of_the_parts_of_an_index() -> None:
    x = torch.arange(2 * 3 * 4 * 3).reshape(2, 3, 4, 3)
    orders = [order for n in (1, 2, 3, 4) for order in itertools.product(range(len(PARTS)), repeat=n)]
    with scope(get_backend("torch")):
        for order in orders:
            key = tuple(PARTS[i] for i in order)
            try:
                expected = x[key]
            except (IndexError, RuntimeError):
                continue
            if order.count(0) > 1:  # several Ellipses are one to torch and an error to others
                continue
            assert torch.equal(get_item(x, key), expected), key
            values = torch.arange(expected.numel()).reshape(expected.shape)
            assert torch.equal(set_item(x, key, values), _set(x.clone(), key, values)), key
            assert torch.equal(set_item(x, key, -7), _set(x.clone(), key, -7)), key


@pytest.mark.parametrize("write", ["scatter", "index_fill", "setitem"])
def test_written_floats_are_exact(write: str) -> None:
    forms = {
        "scatter": lambda x: x.scatter(0, torch.tensor([0]), 1e30),
        "index_fill": lambda x: x.index_fill(0, torch.tensor([0]), 0.1),
        "setitem": lambda x: _set(x.clone(), torch.tensor([0]), 1e-30),
    }
    x = torch.ones(2, dtype=torch.float64)
    assert torch.equal(ivy.transpile(forms[write], source="torch", to="torch")(x), forms[write](x))


@pytest.mark.parametrize("target", ["numpy", "torch", "jax", "tensorflow", "paddle"])
def test_truth_values_beside_numbers(target: str) -> None:
    for dtype in [torch.int32, torch.float32, torch.complex64]:
        for fn in (lambda x: x + True, lambda x: x * False, lambda x: x == True, lambda x: True + x):  # noqa: E712
            x = numbers(dtype)
            found = ivy.transpile(fn, source="torch", to=target)(x)
            expected = fn(x)
            np.testing.assert_array_equal(get_backend(target).module.to_numpy(found), expected.numpy())
