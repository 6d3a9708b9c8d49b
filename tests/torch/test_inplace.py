"""In-place writes and views: what torch does, on every target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import ivy
from ivy_torch.capture import capture
from ivy_torch.capture.replay import replay

CASES: dict[str, Callable[[torch.Tensor, torch.Tensor], Any]] = {}


def case(fn: Callable[[torch.Tensor, torch.Tensor], Any]) -> Callable[[torch.Tensor, torch.Tensor], Any]:
    CASES[fn.__name__] = fn
    return fn


# x is float32 [4, 6], y is float32 [4, 6]; every case returns what it wrote to.


@case
def set_row(x, y):
    x = x.clone()
    x[0] = y[1]
    return x


@case
def set_ellipsis(x, y):
    x = x * 1
    x[..., 0] = y[:, 2]
    x[..., 1:3] = 7
    return x


@case
def set_steps(x, y):
    x = x * 1
    x[::2, 1::2] = y[1::2, ::2]
    return x


@case
def set_negative(x, y):
    x = x * 1
    x[-1, -2:] = y[0, :2]
    return x


@case
def set_integer_value_into_float(x, y):
    x = x * 1
    x[1] = torch.arange(6)
    return x


@case
def set_float_value_into_integer(x, y):
    n = torch.zeros(4, 6, dtype=torch.int64)
    n[1] = y[1] * 10
    return n


@case
def set_with_leading_ones(x, y):
    x = x * 1
    x[1, 1:3] = y[None, None, 0, :2]
    return x


@case
def set_mask_scalar(x, y):
    x = x * 1
    x[x > 0] = -1.0
    return x


@case
def set_mask_tensor(x, y):
    x = x * 1
    x[x > 0] = y[x > 0]
    return x


@case
def set_index_tensor(x, y):
    x = x * 1
    x[torch.tensor([0, 2])] = y[:2]
    return x


@case
def set_int_slice_index(x, y):
    x = x.reshape(2, 2, 6) * 1
    x[0, :, torch.tensor([1, 3, 5])] = y[:2, :3]
    return x, x[1, :, torch.tensor([0, 2])]


@case
def set_list_index(x, y):
    x = x * 1
    x[[0, 3], [1, 5]] = 9.0
    return x


@case
def index_add_assign(x, y):
    x = x * 1
    x[1:3] += y[:2]
    return x


@case
def slice_of_slice(x, y):
    x = x * 1
    v = x[1:]
    w = v[:, 2:4]
    w += y[1:, :2]
    return x, v, w


@case
def view_sees_base(x, y):
    x = x * 1
    v = x[2]
    x.add_(1)
    return v + 1, x


@case
def sibling_views(x, y):
    x = x * 1
    a, b = x[0], x.reshape(-1)
    a.mul_(2)
    b[3] = 5
    return a, b, x


@case
def through_reshape(x, y):
    x = x * 1
    x.view(2, 12)[1] = 3
    return x


@case
def through_transpose(x, y):
    x = x * 1
    x.t()[0] = 4
    x.transpose(0, 1)[2, 1:] = y[1:, 0]
    x.T[5].zero_()
    return x


@case
def through_permute(x, y):
    x = x.reshape(2, 2, 6) * 1
    x.permute(2, 0, 1)[3] += 10
    return x


@case
def through_unsqueeze(x, y):
    x = x * 1
    x.unsqueeze(1)[:, 0, 2] = y[:, 0]
    x[None].squeeze(0)[0] = 1
    return x


@case
def through_split(x, y):
    x = x * 1
    a, b = x.split(2)
    b.fill_(8)
    c, d, e = x.chunk(3, dim=1)
    d.mul_(-1)
    return x, a, b, c, e


@case
def through_unbind(x, y):
    x = x * 1
    rows = x.unbind(0)
    rows[1].copy_(y[0])
    return x


@case
def loop_over_rows(x, y):
    x = x * 1
    for i, row in enumerate(x):
        row += i
    return x


@case
def through_diagonal(x, y):
    x = x * 1
    x.diagonal().fill_(0)
    x.diagonal(1).add_(y[:, 0])
    return x


@case
def through_unfold(x, y):
    x = x * 1
    x.unfold(1, 2, 2)[0, 1] = 6
    return x


@case
def through_as_strided(x, y):
    x = x * 1
    x.as_strided((2, 2), (6, 3), 1).fill_(2)
    return x


@case
def through_narrow_and_select(x, y):
    x = x * 1
    x.narrow(1, 1, 3).select(0, 2).neg_()
    return x


@case
def through_expand(x, y):
    x = x[:1] * 1
    e = x.expand(4, 6)
    x.add_(1)
    return e * 1, x


@case
def view_of_view_of_view(x, y):
    x = x * 1
    v = x.view(2, 2, 6)[1].t()[2:4]
    v.index_put_((torch.tensor([0, 1]), torch.tensor([1, 0])), y[0, :2])
    return x


@case
def view_as_and_flatten(x, y):
    x = x * 1
    x.flatten()[2:5] = 0
    x.view_as(y).sub_(y)
    return x


@case
def contiguous_copies(x, y):
    x = x * 1
    c = x.t().contiguous()
    c.fill_(0)
    return x, c


@case
def contiguous_is_itself(x, y):
    x = x * 1
    c = x.contiguous()
    c.fill_(0)
    return x


@case
def reshape_of_transposed_copies(x, y):
    x = x * 1
    r = x.t().reshape(-1)
    r.fill_(0)
    return x, r


@case
def advanced_index_copies(x, y):
    x = x * 1
    c = x[[0, 1]]
    c.fill_(0)
    return x, c


@case
def chain_of_in_place(x, y):
    return (x * 1).add_(y).mul_(2).clamp_(min=-1, max=1).sub_(0.5, alpha=2)


@case
def in_place_operators(x, y):
    x = x * 1
    x += y
    x -= 1
    x *= y
    x /= 2
    x **= 2
    x //= 0.5
    x %= 3
    return x


@case
def integer_in_place_operators(x, y):
    n = torch.arange(6)
    n <<= 1
    n |= 1
    n &= 7
    n ^= 2
    n >>= 1
    return n


@case
def in_place_casts_to_destination(x, y):
    x = x.to(torch.float64)
    x.add_(y)
    return x


@case
def out_argument(x, y):
    out = torch.empty(4, 6)
    torch.add(x, y, out=out)
    z = torch.zeros(4, 6)
    torch.mul(out, 2, out=z)
    return out, z


@case
def out_into_view(x, y):
    out = torch.zeros(8, 6)
    torch.sub(x, y, out=out[2:6])
    return out


@case
def functional_inplace_flag(x, y):
    x = x * 1
    z = F.relu(x, inplace=True)
    w = F.leaky_relu(y * 1, 0.1, True)
    return x, z, w


@case
def masked_fill_of_view(x, y):
    x = x * 1
    x[1:].masked_fill_(y[1:] > 0, 5.0)
    return x


@case
def masked_scatter(x, y):
    x = x * 1
    x.masked_scatter_(x > 0, y)
    return x


@case
def scatter_of_view(x, y):
    x = x * 1
    x[:, :3].scatter_(1, torch.tensor([[0], [2], [1], [0]]), 9.0)
    return x


@case
def index_functions(x, y):
    x = x * 1
    x.index_add_(0, torch.tensor([0, 0]), y[:2])
    x.index_fill_(1, torch.tensor([1]), 0.0)
    x.index_copy_(0, torch.tensor([3]), y[:1])
    return x


@case
def copy_broadcasts_and_casts(x, y):
    n = torch.zeros(4, 6, dtype=torch.int32)
    n.copy_(y[0] * 10)
    return n


@case
def transposed_in_place(x, y):
    x = x * 1
    v = x[0]
    x.t_()
    x[0] = 1
    x.unsqueeze_(0)
    return x, v


@case
def data_of_tensor(x, y):
    x = x * 1
    x.data[0] = 3
    x.detach()[1] = 4
    return x


@case
def assignment_of_data(x, y):
    x = x * 1
    x.data = y * 2
    return x + 1


@case
def real_and_imaginary(x, y):
    z = torch.complex(x, y)
    z.real.add_(1)
    z.imag[0] = 2
    return z.real * 1, z.imag * 1


@case
def fill_and_zero(x, y):
    x = x * 1
    x[0].zero_()
    x[1].fill_(y[0, 0])
    return x


@case
def triangle_in_place(x, y):
    x = x * 1
    return x.tril_(), x[:, 3:].triu_()


@case
def swap_rows(x, y):
    x = x * 1
    x[0], x[1] = x[1].clone(), x[0].clone()
    return x


@case
def accumulate_in_list(x, y):
    out = torch.zeros(4)
    for i in range(4):
        out[i] = (x[i] * y[i]).sum()
    return out


@case
def new_tensor_written(x, y):
    m = torch.full((4, 4), float("-inf"))
    m.triu_(1)
    m[torch.arange(4), torch.arange(4)] = 0
    return m.masked_fill(m == float("-inf"), -1)


def arrays() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(4, 6, generator=generator), torch.randn(4, 6, generator=generator)


def flat(x: Any) -> list[Any]:
    return [y for v in x for y in flat(v)] if isinstance(x, (tuple, list)) else [x]


def compare(got: Any, want: Any) -> None:
    got, want = flat(got), flat(want)
    assert len(got) == len(want)
    for g, w in zip(got, want):
        g, w = np.asarray(g), np.asarray(w)
        assert g.shape == w.shape
        if not (w.dtype.itemsize == 8 and g.dtype.itemsize == 4):  # JAX without x64
            assert g.dtype == w.dtype
        np.testing.assert_allclose(g, w, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_replay(name: str) -> None:
    x, y = arrays()
    want = CASES[name](*arrays())
    graph = capture(CASES[name], (x, y), {})
    compare(replay(graph, [x, y]), want)


@pytest.mark.parametrize("fake", [False, True], ids=["values", "fake"])
@pytest.mark.parametrize("name", CASES)
def test_capture_leaves_inputs_alone(name: str, fake: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if fake:
        monkeypatch.setattr("ivy_torch.capture.SMALL", 0)
    x, y = arrays()
    versions = x._version, y._version
    graph = capture(CASES[name], (x, y), {})
    assert (x._version, y._version) == versions
    torch.testing.assert_close((x, y), arrays(), rtol=0, atol=0)
    compare(replay(graph, [x, y]), CASES[name](*arrays()))


@pytest.mark.parametrize("target", ["numpy", "jax", "torch"])
@pytest.mark.parametrize("name", CASES)
def test_transpiled(name: str, target: str) -> None:
    if target != "torch":
        pytest.importorskip(target)
    fn = ivy.transpile(CASES[name], source="torch", to=target)
    for seed in range(2):
        x, y = arrays()
        want = CASES[name](*(t.roll(seed) for t in arrays()))
        compare(fn(x.roll(seed).numpy(), y.roll(seed).numpy()), want)


@pytest.mark.parametrize("name", CASES)
def test_by_hand(name: str) -> None:
    """The frontend alone, on NumPy arrays: the case's own code with `Tensor` cells."""
    import types

    import ivy.frontends.torch as frontend

    if name in ("contiguous_copies", "reshape_of_transposed_copies"):
        pytest.skip("whether a result shares memory depends on strides, which only torch knows")
    fn = CASES[name]
    here = {**fn.__globals__, "torch": frontend, "F": frontend.nn.functional}
    by_hand = types.FunctionType(fn.__code__, here, name, fn.__defaults__, fn.__closure__)
    x, y = (frontend.Tensor(t.numpy()) for t in arrays())
    compare([t.value for t in flat(by_hand(x, y))], fn(*arrays()))


def test_inputs_written_to_are_reported() -> None:
    def fn(x, y):
        x[0] = 1
        return y + x

    graph = capture(fn, arrays(), {})
    assert set(graph.mutated) == {0}


def test_gradients_flow_through_writes() -> None:
    jax = pytest.importorskip("jax")

    def fn(x, y):
        z = x * 1
        z[1:, ::2] *= y[1:, ::2]
        z.view(-1)[3:9] += x.reshape(-1)[:6]
        z.diagonal().mul_(3)
        return (z**2).sum()

    x, y = (t.requires_grad_() for t in arrays())
    fn(x, y).backward()
    g = ivy.transpile(fn, source="torch", to="jax")
    dx, dy = jax.grad(lambda a, b: g(a, b), argnums=(0, 1))(*(np.asarray(t.detach()) for t in (x, y)))
    compare([dx, dy], [x.grad, y.grad])


def test_no_gradient_blocks_stop_it() -> None:
    jax = pytest.importorskip("jax")

    def fn(x):
        with torch.no_grad():
            scale = x.abs().max()
        return (x / scale).sum()

    x = arrays()[0].requires_grad_()
    fn(x).backward()
    g = ivy.transpile(fn, source="torch", to="jax")
    compare(jax.grad(lambda a: g(a))(np.asarray(x.detach())), x.grad)
