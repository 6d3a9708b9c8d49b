"""What the caller holds after a call that writes to its arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import ivy
from ivy.backend import get_backend
from ivy.errors import ArgumentError, ConversionError

MUTABLE = ("numpy", "torch", "paddle")
TARGETS = (*MUTABLE, "jax", "tensorflow")

TORCH: dict[str, Any] = {}
NUMPY: dict[str, Any] = {}


def case(table):
    def register(fn):
        table[fn.__name__] = fn
        return fn

    return register


@case(TORCH)
def bound_again_by_augmented_assignment(a, b):
    a += 1
    return a.sum()


@case(TORCH)
def bound_again_to_the_result(a, b):
    a = a.mul_(b)
    return a * 2


@case(TORCH)
def bound_again_then_set(a, b):
    a *= 2
    a[0] = 0
    return a


@case(TORCH)
def bound_again_to_another_value(a, b):
    a.add_(1)
    a = b * 3
    b = a + 1
    return a, b


@case(TORCH)
def copied_before_written(a, b):
    b.copy_(a)
    a.add_(1)
    return b


@case(TORCH)
def copied_view_before_written(a, b):
    b.copy_(a.t())
    a.add_(1)
    return b, a.t()


@case(TORCH)
def swapped(a, b):
    t = a.clone()
    a.copy_(b)
    b.copy_(t)


@case(TORCH)
def chained(a, b):
    a.copy_(b)
    b.copy_(a + 1)
    a.copy_(b.t())
    return a[0], b[:, 1]


@case(TORCH)
def untouched_argument_is_returned(a, b):
    a.add_(b)
    return b, b[0], a[0]


@case(TORCH)
def written_through_views(a, b):
    a.t()[0].mul_(2)
    b.reshape(-1)[1:3] = a[0]
    return a.diagonal()


@case(NUMPY)
def numpy_augmented(a, b):
    a += 1
    return a.sum()


@case(NUMPY)
def numpy_copied_before_written(a, b):
    b[...] = a
    a += 1
    return b


@case(NUMPY)
def numpy_swapped(a, b):
    a[:], b[:] = b.copy(), a.copy()
    return a.T


@case(NUMPY)
def numpy_ufunc_out(a, b):
    np.multiply(a, 2, out=b)
    np.add(a, b, out=a)
    return b[0]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", [*TORCH, *NUMPY])
@pytest.mark.parametrize("own", [True, False], ids=["target's arrays", "source's arrays"])
def test_arguments_hold_what_the_source_leaves(name, target, own):
    source = "torch" if name in TORCH else "numpy"
    fn = (TORCH if name in TORCH else NUMPY)[name]
    values = [np.arange(4, dtype="float32").reshape(2, 2) + 10 * i + 1 for i in range(2)]
    reference = [torch.from_numpy(v.copy()) if source == "torch" else v.copy() for v in values]
    backend = get_backend(target if own else source).module
    given = [backend.from_foreign(v, copy=True) for v in values]
    result = ivy.transpile(fn, source=source, to=target)(*given)
    for got, want in zip(_flat(result), _flat(fn(*reference)), strict=True):
        np.testing.assert_array_equal(np.asarray(get_backend(target).module.to_numpy(got)), np.asarray(want))
    if target in MUTABLE:
        for got, want in zip(given, reference, strict=True):
            np.testing.assert_array_equal(np.asarray(backend.to_numpy(got)), np.asarray(want))


def _flat(x):
    return [] if x is None else list(x) if isinstance(x, tuple) else [x]


def _add_and_double(a, b):
    a += 1
    return b * 2


@pytest.mark.parametrize("target", MUTABLE)
@pytest.mark.parametrize("source", ["numpy", "torch"])
def test_one_array_in_two_places_is_one_array(source, target):
    f = ivy.transpile(_add_and_double, source=source, to=target)
    for framework in (source, target):
        backend = get_backend(framework).module
        x = backend.from_foreign(np.ones(3, "float32"), copy=True)
        np.testing.assert_array_equal(np.asarray(get_backend(target).module.to_numpy(f(x, x))), [4, 4, 4])
        np.testing.assert_array_equal(np.asarray(backend.to_numpy(x)), [2, 2, 2])


@pytest.mark.parametrize("target", MUTABLE)
def test_arguments_that_overlap_are_refused(target):
    f = ivy.transpile(_add_and_double, source="numpy", to=target)
    x = np.arange(8, dtype="float32").reshape(4, 2)
    with pytest.raises(ArgumentError, match="'a', which shares memory with 'b'"):
        f(x[1:], x[:3])
    f(x[:, 0], x[:, 1])  # interleaved, no element in common
    np.testing.assert_array_equal(x, [[1, 1], [3, 3], [5, 5], [7, 7]])


@pytest.mark.parametrize("target", MUTABLE)
def test_an_immutable_array_is_not_written_to(target):
    import jax.numpy as jnp

    f = ivy.transpile(_add_and_double, source="torch", to=target)
    x = jnp.ones(3)
    f(x, torch.ones(3))
    np.testing.assert_array_equal(np.asarray(x), [1, 1, 1])


def test_an_array_that_had_to_be_copied_is_written_to():
    f = ivy.transpile(_add_and_double, source="torch", to="numpy")
    x = torch.ones(3, dtype=torch.bfloat16)
    f(x, torch.ones(3))
    assert x.tolist() == [2, 2, 2]


def _writes_to_what_may_be_a_view(x):
    y = x.reshape(-1)
    y += 1
    return y[0]


@pytest.mark.parametrize("source", ["numpy", "torch"])
@pytest.mark.parametrize("target", MUTABLE)
@pytest.mark.parametrize("first", range(3))
def test_a_reshape_views_what_lies_in_order_and_copies_the_rest(source, target, first):
    f = ivy.transpile(_writes_to_what_may_be_a_view, source=source, to=target)
    make = np.zeros if source == "numpy" else torch.zeros
    layouts = [lambda: make((2, 3)), lambda: make((3, 2)).T, lambda: make((2, 6))[:, ::2]]
    for layout in (*layouts[first:], *layouts[:first]):
        given, reference = layout(), layout()
        f(given)
        _writes_to_what_may_be_a_view(reference)
        np.testing.assert_array_equal(np.asarray(given), np.asarray(reference))
    assert len(f.graphs) == 3


CHANGES = {
    "unsqueeze_": lambda x: x.unsqueeze_(0),
    "squeeze_": lambda x: x.squeeze_(),
    "t_": lambda x: x.t_(),
    "transpose_": lambda x: x.transpose_(0, 1),
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", CHANGES)
def test_an_argument_keeps_its_shape(name, target):
    def change(x):
        CHANGES[name](x)
        return x + 1

    x = torch.arange(3.0).reshape(3, 1)
    f = ivy.transpile(change, source="torch", to=target)
    if target in MUTABLE:
        with pytest.raises(ConversionError, match="changes its argument 'x' in place from"):
            f(x.clone())
        return
    expected = change(x.clone())
    found = f(get_backend(target).module.from_foreign(x))
    np.testing.assert_array_equal(np.asarray(found), expected.numpy())
