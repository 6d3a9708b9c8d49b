"""Writes through every kind of view of every kind of base: what torch does, on every target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import ivy
from ivy.backend import get_backend

TARGETS = ("numpy", "torch", "jax", "tensorflow", "paddle")

# name -> from x of [4, 6] (float32 or complex64) to a tensor over all or part of its memory
BASES: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "plain": lambda x: x,
    "transposed": lambda x: x.t(),
    "stepped": lambda x: x[::2, 1:5],
    "offset": lambda x: x[1:, 2:],
    "reshaped": lambda x: x.view(2, 2, 6)[1],
    "copy of transposed": lambda x: x.t().clone(),
}

# name -> a view of any matrix with at least 2 rows and columns
VIEWS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "T": lambda x: x.T,
    "mT": lambda x: x.mT,
    "H": lambda x: x.H,
    "adjoint": torch.adjoint,
    "conj": torch.conj,
    "conj of row": lambda x: x[0].conj(),
    "conj twice": lambda x: x.conj()[1:].conj(),
    "real": lambda x: x.real,
    "imag": lambda x: x.imag if x.is_complex() else x,
    "conj imag": lambda x: x.conj().imag if x.is_complex() else x,
    "view_as_real": lambda x: torch.view_as_real(x) if x.is_complex() else x,
    "diagonal": lambda x: x.diagonal(),
    "diagonal offset": lambda x: torch.diagonal(x, 1, 0, 1),
    "narrow": lambda x: x.narrow(1, 1, 1),
    "select": lambda x: x.select(0, 1),
    "unbind": lambda x: x.unbind(1)[-1],
    "chunk": lambda x: x.chunk(2, 1)[1],
    "split": lambda x: torch.split(x, [1, x.shape[0] - 1])[1],
    "tensor_split": lambda x: x.tensor_split(2)[0],
    "hsplit": lambda x: torch.hsplit(x, [1])[1],
    "unfold": lambda x: x.unfold(1, 2, 2),
    "unsqueeze": lambda x: x.unsqueeze(1),
    "squeeze": lambda x: x[:1].squeeze(0),
    "permute": lambda x: x.permute(1, 0),
    "movedim": lambda x: torch.movedim(x, 0, 1),
    "swapaxes": lambda x: x.swapaxes(0, 1),
    "detach": lambda x: x.detach(),
    "data": lambda x: x.data,
    "expand": lambda x: x[:1].expand(1, x.shape[1]),
    "slice": lambda x: x[1:, ::2],
    "ellipsis": lambda x: x[..., 0],
    "newaxis": lambda x: x[:, None],
    "column of T": lambda x: x.T[0],
    "as_strided": lambda x: torch.as_strided(x, (2, 2), x.stride(), x.storage_offset()),
    "as_strided default offset": lambda x: x.as_strided((2,), (x.stride(1),)),
    "flatten first": lambda x: x[0].flatten(),
    "contiguous": lambda x: x.contiguous(),
    "reshape": lambda x: x.reshape(-1),
    "ravel": torch.ravel,
    "atleast_3d": torch.atleast_3d,
    "broadcast_to": lambda x: torch.broadcast_to(x, x.shape),
    "unflatten": lambda x: x[0].unflatten(0, (1, -1)),
    "view_as": lambda x: x[0].view_as(x[0]),
    "alias": lambda x: x.to(x.dtype),
    "positive": lambda x: +x,
}


def _write(kind: str, v: torch.Tensor) -> None:
    if kind == "multiply":
        v.mul_(3)
    elif kind == "add a tensor":
        v += torch.arange(1, v.numel() + 1, dtype=torch.float32).reshape(v.shape)
    elif kind == "add a complex number" and v.is_complex():
        v.add_(1 + 2j)
    else:
        v[0] = 7


WRITES = ("multiply", "add a tensor", "add a complex number", "set an item")


def _program(base: str, view: str, write: str) -> Callable[[torch.Tensor], Any]:
    def program(x):
        b = BASES[base](x)
        earlier = VIEWS[view](b)
        v = VIEWS[view](b)
        _write(write, v)
        return b * 1, v * 1, earlier * 1

    return program


CASES = [(b, v, w, d) for b in BASES for v in VIEWS for w in WRITES for d in ("float32", "complex64")]


@pytest.mark.parametrize("case", CASES, ids=["-".join(c).replace(" ", "_") for c in CASES])
def test_write_through_view(case, request):
    base, view, write, dtype = case
    program = _program(base, view, write)
    value = torch.arange(24, dtype=torch.float32).reshape(4, 6) + 1
    value = value.to(getattr(torch, dtype)) * (1 + 2j if dtype == "complex64" else 1)
    written = value.clone()
    expected = program(written)
    for target in (*TARGETS[:2], TARGETS[2:][sum(map(ord, "".join(case))) % 3]):
        backend = get_backend(target).module
        given = backend.from_foreign(value.numpy(), copy=True)
        f = ivy.transpile(program, source="torch", to=target)
        for got, want in zip(f(given), expected, strict=True):
            np.testing.assert_allclose(np.asarray(backend.to_numpy(got)), want.resolve_conj().numpy(), rtol=1e-6)
        if target in ("numpy", "torch", "paddle"):
            np.testing.assert_allclose(np.asarray(backend.to_numpy(given)), written.numpy(), rtol=1e-6)


OVERLAPPING = {
    "expand": lambda x: x[None].expand(3, -1),
    "unfold": lambda x: x.unfold(0, 2, 1),
    "as_strided": lambda x: x.as_strided((3, 2), (1, 1)),
    "view of an expansion": lambda x: x[:, None].expand(-1, 3).t()[1:],
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", OVERLAPPING)
@pytest.mark.filterwarnings("ignore:Use of index_put_ on expanded tensors:UserWarning")
def test_write_to_one_place_of_an_overlapping_view(name, target):
    def program(x):
        v = OVERLAPPING[name](x)
        v[0, 1] += 5
        v[torch.tensor([1]), -1] = -3
        return x * 1, v * 1

    value = torch.arange(4.0)
    given = get_backend(target).module.from_foreign(value.numpy(), copy=True)
    for got, want in zip(ivy.transpile(program, source="torch", to=target)(given), program(value), strict=True):
        np.testing.assert_array_equal(np.asarray(get_backend(target).module.to_numpy(got)), want.numpy())


GRIDS = {
    "meshgrid": lambda x, n: torch.meshgrid(x, n, indexing="ij")[0],
    "meshgrid, xy": lambda x, n: torch.meshgrid(n * 1, x, indexing="xy")[1],
    "broadcast_tensors": lambda x, n: torch.broadcast_tensors(n[:, None], x)[1],
    "broadcast_to": lambda x, n: torch.broadcast_to(x, (2, 4)),
}
WRITES = {
    "one place": lambda v: v[0, 1].add_(5),
    "fill": lambda v: v.fill_(3.0),
    "part": lambda v: v[0].mul_(2),
    "mask": lambda v: v.masked_fill_(v > 1, 9.0),
}


def _outcome(program, *arguments):
    try:
        return program(*arguments)
    except RuntimeError:
        return None


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.filterwarnings("ignore:Use of masked_fill_ on expanded tensors:UserWarning")
def test_writes_to_grids(name, write, target):
    """What torch refuses is refused; all else is what torch gives."""

    def program(x, n):
        v = GRIDS[name](x, n)
        WRITES[write](v)
        return x * 1, v * 1

    x, n = torch.arange(4.0), torch.arange(2.0)
    want = _outcome(program, x.clone(), n)
    f = ivy.transpile(program, source="torch", to=target)
    given = [get_backend(target).module.from_foreign(a.numpy(), copy=True) for a in (x, n)]
    if want is None:
        with pytest.raises(ivy.errors.IvyError):
            f(*given)
        return
    for got, expected in zip(f(*given), want, strict=True):
        np.testing.assert_array_equal(np.asarray(get_backend(target).module.to_numpy(got)), expected.numpy())


@pytest.mark.parametrize("name", OVERLAPPING)
@pytest.mark.filterwarnings("ignore:Use of index_put_ on expanded tensors:UserWarning")
def test_several_values_for_one_element_are_refused(name):
    writes = {
        "accumulate": lambda v: v.index_put_((torch.tensor([1, 1, 0]),), torch.tensor(2.0), accumulate=True),
        "values": lambda v: v.index_put_((torch.tensor([1, 0]),), torch.arange(2.0)[:, None] + torch.ones_like(v[:2])),
    }
    if name == "unfold":  # torch itself refuses an expansion
        writes |= {"sub_": lambda v: v.sub_(v, alpha=2), "mul_": lambda v: v.mul_(2.0)}
    for write in writes.values():

        def program(x, write=write):
            return write(OVERLAPPING[name](x)) * 1

        with pytest.raises(ivy.errors.CaptureError, match="share their memory"):
            ivy.transpile(program, source="torch", to="numpy")(torch.arange(4.0))
