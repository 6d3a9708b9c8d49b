"""What the capture of torch code records, and what it leaves behind: nothing."""

from __future__ import annotations

import collections
import dataclasses
import functools
import operator
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import ivy
from ivy.errors import CaptureError, DataDependentError
from ivy.graph.aval import Aval
from ivy.transpiler.options import CaptureOptions
from ivy_torch import capture as capture_module
from ivy_torch.capture import capture
from ivy_torch.capture.replay import replay


@pytest.fixture(params=["values", "fake"])
def how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to capture."""
    if request.param == "fake":
        monkeypatch.setattr(capture_module, "SMALL", 0)
    return str(request.param)


def paths(graph: Any) -> list[str]:
    return [n.fn for n in graph.calls()]


def guards(graph: Any) -> list[Any]:
    return [n.args[1] for n in graph.nodes if n.kind == "guard"]


def check(fn: Any, *args: Any, **kwargs: Any) -> Any:
    """Capture, replay with torch and compare; return the graph."""
    graph = capture(fn, args, kwargs)
    given = [x for x in (*args, *kwargs.values()) if isinstance(x, torch.Tensor)]
    torch.testing.assert_close(replay(graph, given), fn(*args, **kwargs))
    return graph


X = torch.arange(12.0).reshape(3, 4) - 5


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
        self.norm = nn.BatchNorm1d(8)
        self.last = nn.Linear(8, 4)
        self.drop = nn.Dropout(0.5)
        self.register_buffer("scale", torch.tensor(2.0))
        self.register_buffer("cache", torch.ones(4), persistent=False)

    def forward(self, x: torch.Tensor, *, bias: torch.Tensor | None = None) -> torch.Tensor:
        hidden = self.norm(self.first(x))
        y = self.drop(self.last(hidden)) * self.scale * self.cache
        return y if bias is None else y + bias

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        return self.first(x)


# -- callables --------------------------------------------------------------------------------------------------------


def test_lambda(how: str) -> None:
    graph = check(lambda x: torch.sin(x) + 1, X)
    assert paths(graph) == ["torch.sin", "torch.Tensor.add"]
    assert [n.name for n in graph.inputs] == ["x"]
    assert graph.inputs[0].out == Aval((3, 4), ivy.float32)


def test_closure_over_a_tensor(how: str) -> None:
    w = torch.randn(4, 2)

    def fn(x):
        return x @ w + w.sum() + (x @ w)

    graph = check(fn, X)
    consts = [n for n in graph.nodes if n.kind == "const"]
    assert len(consts) == 1
    assert consts[0].value.data_ptr() == w.data_ptr()


def test_partial_and_keywords(how: str) -> None:
    def fn(a, b, *, c, d=2):
        return a * b + c * d

    graph = check(functools.partial(fn, X, d=3), X + 1, c=X)
    assert [n.name for n in graph.inputs] == ["b", "c"]


def test_decorated_and_bound(how: str) -> None:
    def twice(f):
        @functools.wraps(f)
        def inner(*args):
            return f(*args) * 2

        return inner

    class Thing:
        w = torch.ones(4)

        @twice
        def method(self, x):
            return x * self.w

    check(Thing().method, X)
    check(torch.no_grad()(lambda x: x + 1), X)


def test_builtin_and_operator(how: str) -> None:
    check(torch.exp, X)
    check(operator.add, X, X)


def test_module_and_its_method(how: str) -> None:
    net = Net().eval()
    graph = check(net, X, bias=torch.ones(4))
    assert set(graph.params) == {*dict(net.named_parameters()), *dict(net.named_buffers())}
    assert graph.params["first.0.weight"].value is net.first[0].weight
    assert graph.params["first.0.weight"].meta["trainable"]
    assert not graph.params["scale"].meta["trainable"]
    assert not graph.params["cache"].meta["persistent"]
    assert [n.scope for n in graph.calls()][:3] == ["first.0", "first.1", "norm"]
    assert paths(check(net.encode, X)) == ["torch.nn.functional.linear", "torch.nn.functional.relu"]


def test_function_that_calls_modules(how: str) -> None:
    net, head = Net().eval(), nn.Linear(4, 2)
    graph = check(lambda x: head(net(x)), X)
    assert {"net.first.0.weight", "head.weight"} <= set(graph.params)
    assert {"net.first.0", "head"} <= {n.scope for n in graph.calls()}


def test_object_that_holds_modules(how: str) -> None:
    class Pipeline:
        def __init__(self) -> None:
            self.encoder = nn.Linear(4, 4)

        def __call__(self, x):
            return self.encoder(x) + 1

    assert set(capture(Pipeline(), (X,), {}).params) == {"encoder.weight", "encoder.bias"}


def test_tied_weights_share_a_node(how: str) -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed = nn.Embedding(10, 4)
            self.head = nn.Linear(4, 10, bias=False)
            self.head.weight = self.embed.weight

        def forward(self, i):
            return self.head(self.embed(i))

    graph = check(Tied(), torch.tensor([1, 2]))
    assert list(graph.params) == ["embed.weight"]
    assert graph.params["embed.weight"].meta["aliases"] == ("head.weight",)


def test_compiled_and_scripted() -> None:
    @torch.jit.script
    def scripted(x):
        return torch.relu(x) * 2

    graph = check(lambda x: scripted(x) + 1, X)
    assert not [n for n in graph.nodes if n.kind == "const"]
    net = Net().eval()
    assert "first.0.weight" in capture(torch.compile(net), (X,), {}).params
    inner = torch.compile(lambda x: x.exp())
    assert paths(check(lambda x: inner(x) + 1, X)) == ["torch.Tensor.exp", "torch.Tensor.add"]


def test_lazy_module_says_what_to_do() -> None:
    with pytest.raises(CaptureError, match="has no shape"):
        capture(nn.LazyLinear(3), (X,), {})


# -- containers -------------------------------------------------------------------------------------------------------


class Pair(NamedTuple):
    a: torch.Tensor
    b: Any


@dataclasses.dataclass
class Result:
    value: torch.Tensor
    name: str
    shape: Any = None


def test_output_containers(how: str) -> None:
    def fn(x):
        return {"p": Pair(x + 1, [x * 2, None]), "n": 3, "s": x.shape, "x": x}

    result = replay(capture(fn, (X,), {}), [X])
    assert type(result["p"]) is Pair
    assert result["n"] == 3
    assert tuple(result["s"]) == (3, 4)
    assert result["x"] is X


def test_custom_output_containers(how: str) -> None:
    result = replay(capture(lambda x: Result(x + 1, "r", x.shape), (X,), {}), [X])
    assert isinstance(result, Result)
    assert result.name == "r"
    torch.testing.assert_close(result.value, X + 1)
    ordered = replay(capture(lambda x: collections.OrderedDict(b=x, a=x + 1), (X,), {}), [X])
    assert list(ordered) == ["b", "a"]


def test_input_containers_and_unused_inputs(how: str) -> None:
    def fn(batch, unused, scale=2):
        return batch["ids"] * scale + batch["mask"][0]

    graph = capture(fn, ({"ids": X, "mask": [X, 5]}, X), {"scale": 3})
    assert [n.name for n in graph.inputs] == ["batch_ids", "batch_mask_0", "unused"]
    torch.testing.assert_close(replay(graph, [X, X, X]), X * 4)


def test_results_with_several_tensors(how: str) -> None:
    def fn(x):
        values, indices = x.max(dim=1)
        a, b = x.split(2, dim=1)
        return values, indices, a + b, x.sort(1).values

    check(fn, X)


# -- arrays of other frameworks ---------------------------------------------------------------------------------------


def test_foreign_and_abstract_inputs(how: str) -> None:
    jax = pytest.importorskip("jax")
    want = ["torch.Tensor.mul"]
    assert paths(capture(lambda x: x * 2, (X.numpy(),), {})) == want
    assert paths(capture(lambda x: x * 2, (jax.numpy.ones((2, 2)),), {})) == want
    graph = capture(lambda x: x * 2, (Aval((2, 3), ivy.float16),), {})
    assert graph.output.out == Aval((2, 3), ivy.float16)
    found = []
    jax.jit(lambda x: found.append(capture(lambda y: y * 2, (x,), {})) or x)(np.ones((3,), np.float32))
    assert found[0].output.out == Aval((3,), ivy.float32)


def test_parameters_without_values() -> None:
    with torch.device("meta"):
        net = nn.Linear(4, 3)
    assert capture(net, (X,), {}).output.out == Aval((3, 3), ivy.float32)


# -- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fn", "expected"),
    [
        (lambda x: x + 1 if x.sum() > 0 else x - 1, [True]),
        (lambda x: x * x.max().item(), [6.0]),
        (lambda x: x * float(x[0, 0]), [-5.0]),
        (lambda x: x[: int(x.max())], [6]),
        (lambda x: x + torch.tensor(x[0].tolist()), [[-5.0, -4.0, -3.0, -2.0]]),
        (lambda x: x + 1 if torch.equal(x, x) else x, [True]),
        (lambda x: x + 1 if 3.0 in x else x, [True]),
        (lambda x: [x.sum() for _ in range(x.argmax())][-1], [11]),
        (lambda x: x.narrow(0, 0, x.argmin() + 1), [1]),
        (lambda x: x[: x.argmin() + 1], [1]),
        (lambda x: x.view(x.argmax() - 8, -1), [3]),
    ],
)
def test_guards(fn: Any, expected: list[Any], how: str) -> None:
    assert guards(check(fn, X)) == expected


def test_constants_need_no_guard(how: str) -> None:
    def fn(x):
        mask = torch.ones(3, 4, dtype=torch.bool).tril()
        steps = torch.arange(4)
        steps[0] = 2
        if mask.any() and not bool(mask.all()):
            x = x * steps.max().item()
        return x[:, mask[1]] + steps.sum().tolist()

    assert guards(check(fn, X)) == []


def test_a_constant_written_to_is_one_no_more(how: str) -> None:
    def fn(x):
        total = torch.zeros(2)
        total[0] = x.sum()
        return x + 1 if total.max() > 0 else x

    assert guards(check(fn, X)) == [True]


def test_values_of_abstract_inputs() -> None:
    def fn(x):
        y = x + 1
        if y.sum() > 0:
            return y
        return x

    with pytest.raises(DataDependentError) as caught:
        capture(fn, (Aval((3,), ivy.float32),), {})
    assert caught.value.where is not None
    assert caught.value.where.file == __file__
    assert caught.value.where.line == fn.__code__.co_firstlineno + 2


def test_leaving_torch_with_many_values() -> None:
    big = torch.randn(100, 100)
    with pytest.raises(CaptureError, match="numpy"):
        capture(lambda x: torch.from_numpy(np.sin((x + 1).numpy())), (big,), {})


N = torch.tensor([3, 1, 1, 0, 2, 3, 3])


@pytest.mark.parametrize(
    "fn",
    [
        lambda x: x.nonzero(),
        lambda x: torch.nonzero(x > 1, as_tuple=True),
        lambda x: torch.argwhere(x),
        lambda x: torch.where(x > 1),
        lambda x: x[x > 1] * 2,
        lambda x: torch.masked_select(x, x > 1),
        lambda x: x.unique(),
        lambda x: torch.unique(x, return_inverse=True, return_counts=True),
        lambda x: torch.unique_consecutive(x, return_inverse=True, return_counts=True),
        lambda x: torch.bincount(x),
        lambda x: torch.bincount(x, minlength=6),
        lambda x: torch.bincount(x, weights=x * 0.5),
        lambda x: F.one_hot(x),
        lambda x: torch.repeat_interleave(x),
        lambda x: torch.repeat_interleave(x, x),
        lambda x: x.repeat_interleave(x, dim=0),
        lambda x: x.repeat_interleave(2),
        lambda x: x.reshape(1, -1)[:, x > 1],
        lambda x: x.clone().index_put_((x > 2,), torch.tensor([7, 8, 9])),
    ],
)
def test_shapes_that_depend_on_values(fn: Any, how: str) -> None:
    graph = check(fn, N)
    unsized = {"nonzero", "masked_select", "unique", "unique_consecutive", "bincount", "argwhere"}
    assert not unsized & {p.rpartition(".")[2] for p in paths(graph)}


# -- gradients and modes ----------------------------------------------------------------------------------------------


def test_no_grad_blocks_are_recorded(how: str) -> None:
    def fn(x, w):
        with torch.no_grad():
            s = w.abs().max()
        return x / s

    assert "torch.Tensor.detach" in paths(check(fn, X, torch.ones(4)))
    with torch.no_grad():  # around the call: the caller's affair
        assert "torch.Tensor.detach" not in paths(capture(lambda x: x.exp(), (X,), {}))


def test_custom_autograd_functions_keep_their_backward(how: str) -> None:
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, g):
            return 3 * ctx.saved_tensors[0] * g

    graph = capture(lambda x: Square.apply(x) + 1, (X.clone().requires_grad_(),), {})
    assert [n.fn for n in graph.nodes if n.fn] == [
        "torch.Tensor.mul",
        "torch.autograd.Function.apply",
        "torch.Tensor.add",
    ]
    (rule,) = (x for n in graph.nodes for x in n.args if type(x) is type(graph))
    assert [n.fn for n in rule.nodes] == ["torch.Tensor.mul", "torch.Tensor.mul"]


def test_autocast_records_its_casts(how: str) -> None:
    def fn(x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return x @ x.T

    graph = check(fn, X)
    assert graph.output.out.dtype == "bfloat16"
    assert any("_to_copy" in p for p in paths(graph))


@pytest.mark.parametrize("reentrant", [False, True])
def test_checkpoint(reentrant: bool, how: str) -> None:
    from torch.utils.checkpoint import checkpoint

    net = nn.Linear(4, 4)

    def fn(x):
        return checkpoint(net, x, use_reentrant=reentrant) + 1

    x = X.clone().requires_grad_()
    graph = capture(fn, (x,), {})
    torch.testing.assert_close(replay(graph, [x]), fn(x))
    assert "torch.Tensor.detach" not in paths(graph)


def test_transforms_are_recorded_as_operators(how: str) -> None:
    check(lambda x: torch.vmap(lambda t: (t * 2).sum() + 1)(x), X)
    check(lambda x: torch.vmap(torch.outer, in_dims=(0, None))(x, x[0]), X)
    check(lambda x: torch.func.grad(lambda t: (t**3).sum())(x), X)


def test_random_calls_are_recorded(how: str) -> None:
    def fn(x):
        noise = torch.rand(4)
        return F.dropout(x, 0.5, training=True) + noise

    assert paths(capture(fn, (X,), {}))[:2] == ["torch.rand", "torch.nn.functional.dropout"]


def test_calls_without_a_frontend_function(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from ivy_torch import frontend

    missing = {"torch.nn.functional.gelu", "torch.Tensor.addmm", "torch.linalg.det"}
    before = frontend.supports
    known = lambda p: p not in missing and ("linalg" not in p and "_linalg" not in p) and before(p)
    monkeypatch.setattr(frontend, "supports", known)

    def fn(x):
        return x.addmm(x, x), torch.linalg.det(x), x[0]

    square = torch.randn(3, 3)
    graph = check(fn, square)
    assert any(p.startswith("torch.ops.aten.") for p in paths(graph))
    assert "torch.linalg.det" in paths(graph)  # its operators are missing as well: the user's own call is named


# -- places and names -------------------------------------------------------------------------------------------------


def test_locations_and_names(how: str) -> None:
    def fn(x):
        hidden = torch.relu(x)
        total = hidden.sum()
        return total * 2

    graph = capture(fn, (X,), {})
    calls = list(graph.calls())
    first = fn.__code__.co_firstlineno
    assert [n.name for n in calls] == ["hidden", "total", ""]
    assert [n.loc.line for n in calls] == [first + 1, first + 2, first + 3]
    assert {n.loc.file for n in calls} == {__file__}
    assert {n.loc.function for n in calls} == {"fn"}


def test_code_without_a_file() -> None:
    namespace: dict[str, Any] = {"torch": torch}
    exec("def fn(x):\n    out = torch.exp(x)\n    return out", namespace)
    graph = check(namespace["fn"], X)
    assert next(graph.calls()).name == "out"


# -- what it leaves behind --------------------------------------------------------------------------------------------


def test_nothing_is_left_behind(how: str) -> None:
    class Careless(Net):
        def forward(self, x):
            self.seen = x * 2
            self.scale = self.scale + 1
            self.extra = nn.Linear(4, 4)
            self.cache.add_(1)
            self.norm.running_mean = self.norm.running_mean * 2
            return super().forward(x)

    net = Careless().train()
    state = {k: v.clone() for k, v in net.state_dict().items()}
    pointers = {k: (v.data_ptr(), v._version) for k, v in net.named_parameters()}
    attributes = set(net.__dict__), set(net._modules), set(net._buffers)
    random = torch.get_rng_state()
    module = nn.modules.module
    hooks = len(module._global_forward_hooks), len(module._global_forward_pre_hooks)
    graph = capture(net, (X,), {}, options=CaptureOptions(train=False))
    assert (set(net.__dict__), set(net._modules), set(net._buffers)) == attributes
    assert all(m.training for m in net.modules())
    torch.testing.assert_close(net.state_dict(), state, rtol=0, atol=0)
    assert {k: (v.data_ptr(), v._version) for k, v in net.named_parameters()} == pointers
    assert torch.equal(torch.get_rng_state(), random)
    assert (len(module._global_forward_hooks), len(module._global_forward_pre_hooks)) == hooks
    assert {"scale", "cache", "norm.running_mean"} <= set(graph.updates)


def test_nothing_is_left_behind_by_a_failure(how: str) -> None:
    net = Net()

    def fail(x):
        net.train(False)
        net(x)
        raise ZeroDivisionError

    module = nn.modules.module
    hooks = len(module._global_forward_hooks), len(module._global_forward_pre_hooks)
    with pytest.raises(ZeroDivisionError):
        capture(fail, (X,), {})
    assert net.training
    assert (len(module._global_forward_hooks), len(module._global_forward_pre_hooks)) == hooks
    assert type(net.first[0].weight) is nn.Parameter
    assert net(X).shape == (3, 4)


def test_batch_norm_statistics_are_updates(how: str) -> None:
    net = nn.Sequential(nn.BatchNorm1d(4))
    graph = capture(net, (X,), {}, options=CaptureOptions(train=True))
    assert set(graph.updates) == {"0.running_mean", "0.running_var", "0.num_batches_tracked"}
    assert not capture(net, (X,), {}, options=CaptureOptions(train=False)).updates


def test_identity_calls_are_left_out(how: str) -> None:
    def fn(x):
        x = F.dropout(x.contiguous().to(torch.float32).float(), 0.5, training=False)
        return x + 1

    assert paths(check(fn, X)) == ["torch.Tensor.add"]


def test_devices_are_left_out(how: str) -> None:
    def fn(x):
        return x + torch.zeros(4, device=x.device, dtype=x.dtype) + torch.arange(4, device="cpu")

    assert all("device" not in n.kwargs for n in check(fn, X).calls())


def test_is_compiling_stays_false(how: str) -> None:
    seen = []
    capture(lambda x: seen.append(torch.compiler.is_compiling()) or x, (X,), {})
    assert seen == [False]


def test_outside_tensors_are_not_written_to(how: str) -> None:
    counter = torch.zeros(2)

    def fn(x):
        counter[0].add_(1)
        return x * counter[0]

    graph = capture(fn, (X,), {})
    assert counter.tolist() == [0, 0]
    assert next(n for n in graph.nodes if n.kind == "const").value.tolist() == [0, 0]
