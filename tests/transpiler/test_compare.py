"""`ivy.compare`: the first call, parameter, buffer or derivative in which two sides differ."""

from __future__ import annotations

import copy

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx
from torch import nn

import ivy
from ivy.errors import ArgumentError, ConversionError, UnsupportedOpError
from ivy.frontends import using_converters


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(x + y)


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, stride=2, padding=1)
        self.layer1 = nn.Sequential(Block(4), Block(4))
        self.fc = nn.Linear(4, 5)

    def forward(self, x):
        x = self.layer1(nn.functional.max_pool2d(self.stem(x), 2))
        return self.fc(x.mean((2, 3)))


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(20, 6)
        self.lstm = nn.LSTM(6, 5, bidirectional=True, batch_first=True)
        self.tags = nn.Linear(10, 4)

    def forward(self, ids):
        states, _ = self.lstm(self.words(ids))
        return torch.log_softmax(self.tags(torch.tanh(states)), -1)


def resnet():
    torch.manual_seed(0)
    return ResNet().eval(), (torch.randn(2, 3, 16, 16),)


def bert():
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24,
        max_position_embeddings=12, attn_implementation="eager",
    )  # fmt: skip
    return BertModel(config).eval(), (torch.randint(0, 30, (2, 7)),)


def tagger():
    torch.manual_seed(0)
    return Tagger().eval(), (torch.randint(0, 20, (2, 6)),)


# a model, a target, a parameter, the module that reads it, a function to replace, where it is called first
MODELS = {
    "resnet": (resnet, "flax", "layer1.1.conv1.weight", "layer1.1.conv1", "torch.relu", "layer1.0"),
    "bert": (
        bert, "torch", "encoder.layer.1.intermediate.dense.bias", "encoder.layer.1.intermediate.dense",
        "torch.nn.functional.gelu", "encoder.layer.0.intermediate.intermediate_act_fn",
    ),
    "tagger": (tagger, "numpy", "tags.bias", "tags", "torch.tanh", ""),
}  # fmt: skip


@pytest.fixture(params=MODELS)
def model(request):
    make, *rest = MODELS[request.param]
    return (*make(), *rest)


def line_of(function, text):
    """Return the number of the line of a function that has this text."""
    import inspect

    lines, start = inspect.getsourcelines(function)
    return start + next(i for i, line in enumerate(lines) if text in line)


def test_a_conversion_agrees(model):
    net, inputs, target, *_ = model
    before = {k: v.clone() for k, v in net.state_dict().items()}
    found = ivy.compare(net, ivy.transpile(net, to=target, args=inputs), inputs)
    assert found
    assert found.first is None
    assert all(r.status == "same" for r in found.rows)
    assert {r.kind for r in found.rows} == {"call", "output"}
    assert {r.name for r in found.parameters} <= {n for n, _ in (*net.named_parameters(), *net.named_buffers())}
    assert "they agree" in str(found)
    assert all(torch.equal(v, before[k]) for k, v in net.state_dict().items())


def test_names_a_wrong_weight(model):
    net, inputs, target, name, module, _, _ = model
    converted = ivy.transpile(net, to=target, args=inputs)
    converted(*inputs)  # an ivy.Module copies its parameters at the first call
    with torch.no_grad():  # the conversion keeps the weights that it was made with
        net.get_parameter(name).view(-1)[1] += 0.5
    found = ivy.compare(net, converted, inputs)
    assert not found.ok
    assert [r.name for r in found.parameters if not r.ok] == [name]
    wrong = next(r for r in found.parameters if not r.ok)
    np.testing.assert_allclose(wrong.max_abs, 0.5, rtol=1e-4)
    first = found.first
    assert (first.status, first.module) == ("parameter", module)
    assert name in first.parameters
    assert first.isolated[1] < 1e-5
    # what comes after it is right in itself
    assert {r.status for r in found.rows if r.kind == "call"} <= {"same", "parameter", "inherited"}
    assert f"parameter {name}: differs" in str(found)
    assert f"reads {name}, which differs" in str(found)


def test_names_a_wrong_call(model):
    net, inputs, target, _, _, function, module = model
    with using_converters({function: lambda x, **kwargs: ivy.multiply(x, 0.5)}):
        converted = ivy.transpile(net, to=target, args=inputs)
        found = ivy.compare(net, converted, inputs)
        assert not found.ok
        first = found.first
        assert (first.name, first.status) == (function, "differs")
        assert first.module == module
        assert first.isolated[1] > 1e-3
        assert all(r.ok for r in found.parameters)
        assert {r.name for r in found.rows if r.status == "differs" and r.kind == "call"} == {function}
        if function == "torch.tanh":
            assert first.where.line == line_of(Tagger.forward, "torch.tanh")
            assert first.where.file == __file__
    # the fault stays in the generated function, and is found there
    found = ivy.compare(net, converted, inputs)
    assert not found.ok
    assert (found.first.name, found.first.module, found.first.index) == (function, module, first.index)
    assert "in the generated function" in found.first.note


def test_table():
    net, inputs = tagger()
    converted = ivy.transpile(net, to="torch", args=inputs)
    with torch.no_grad():
        net.tags.weight[0, 0] += 1
    text = str(ivy.compare(net, converted, inputs))
    head, *lines = text.splitlines()
    assert head.startswith("Tagger: torch and torch, ")
    assert "1 parameter, 1 output differ" in head
    line = line_of(Tagger.forward, "self.tags")
    for part in (
        "parameter tags.weight: differs (max abs 1, rel ",
        f"first divergence: call torch.nn.functional.linear in tags at {__file__}:{line}",
        "return torch.log_softmax(self.tags(torch.tanh(states)), -1)",
    ):
        assert part in text
    marked = [x.split() for x in lines if x.startswith("  >")]
    assert len(marked) == 1
    assert marked[0][2:5] == ["tags", "linear", f"test_compare.py:{line}"]
    assert marked[0][-1] == "parameter"
    titles = next(x for x in lines if "max abs" in x and "status" in x)
    assert titles.split() == "# module call where dtype shape max abs max rel alone status".split()


def test_dtypes_and_shapes():
    def f(x):
        y = torch.exp(x)
        return torch.flatten(y) + 1

    x = torch.randn(2, 3)
    for wrong, match in (
        ({"torch.exp": lambda x: ivy.astype(ivy.exp(x), ivy.float64)}, r"float64\[2, 3\] instead of float32\[2, 3\]"),
        ({"torch.flatten": lambda x: ivy.reshape(x, (3, 2))}, r"float32\[3, 2\] instead of float32\[6\]"),
    ):  # the conversion itself refuses these
        with using_converters(wrong), pytest.raises(UnsupportedOpError, match=match):
            ivy.compare(f, ivy.transpile(f, source="torch", to="numpy"), (x,))


def test_branches_that_part():
    def f(x):
        y = torch.sin(x)
        if y.sum() > 0:
            return y * 2
        return y - 1

    x = torch.ones(3)
    assert ivy.compare(f, ivy.transpile(f, source="torch", to="numpy"), (x,)).ok
    with using_converters({"torch.sin": lambda x: ivy.negative(ivy.sin(x))}):
        converted = ivy.transpile(f, source="torch", to="numpy")
        found = ivy.compare(f, converted, (x,))
    assert (found.first.name, found.first.status) == ("torch.sin", "differs")
    assert [r.status for r in found.rows if r.kind == "output"] == ["differs"]  # the target went its own way


def test_gradients():
    net, inputs = resnet()
    converted = ivy.transpile(net, to="torch", args=inputs)
    found = ivy.compare(net, converted, inputs, gradients=True)
    assert found.ok
    assert {r.name for r in found.gradients} == {n for n, _ in net.named_parameters()} | {"x"}
    with using_converters({"torch.relu": lambda x: ivy.stop_gradient(ivy.relu(x))}):
        converted = ivy.transpile(net, to="torch", args=inputs)
        found = ivy.compare(net, converted, inputs, gradients=True)
    assert all(r.ok for r in found.rows)
    assert {r.name for r in found.gradients if r.ok} == {"fc.weight", "fc.bias"}
    # the error comes from what is behind the last parameter with a wrong derivative
    assert found.first.kind == "gradient"
    assert found.first.name.startswith("layer1.1.bn2.")


def test_training_compares_statistics():
    net, inputs = resnet()
    before = copy.deepcopy(net.state_dict())
    converted = ivy.transpile(net, to="torch", args=inputs)
    found = ivy.compare(net, converted, inputs, train=True, gradients=True)
    assert found.ok
    updated = {r.name for r in found.rows if r.kind == "update"}
    assert "layer1.0.bn1.running_var" in updated
    assert all(torch.equal(x, before[k]) for k, x in net.state_dict().items())
    assert not net.training

    converted.get_buffer("layer1.0.bn1.running_var").add_(1)
    found = ivy.compare(net, converted, inputs, train=True)
    assert {r.name for r in found.rows if r.kind == "update" and not r.ok} == {"layer1.0.bn1.running_var"}
    assert [r.name for r in found.parameters if not r.ok] == ["layer1.0.bn1.running_var"]


def test_random_numbers_of_the_source_go_into_both():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 3)

        def forward(self, x):
            return self.linear(nn.functional.dropout(x, 0.5, self.training)) + torch.rand(3)

    x = torch.randn(5, 4)
    net = Net()
    found = ivy.compare(net, ivy.transpile(net, to="jax", args=(x,)), (x,), train=True, gradients=True)
    assert found.ok
    assert [r.name for r in found.rows if r.status == "random"] == ["torch.nn.functional.dropout", "torch.rand"]
    assert found.gradients == ()
    assert "draw random numbers" in str(found)


def by_numpy(x):
    y = np.sum(x, axis=1)
    y[0] = 3.0
    return np.linalg.norm(y) * x.T, {"sum": np.einsum("i,i", y, y)}


@pytest.mark.parametrize("target", ["numpy", "torch", "jax", "ivy"])
def test_functions_of_numpy(target):
    x = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    converted = ivy.transpile(by_numpy, source="numpy", to=target)
    before = x.copy()
    found = ivy.compare(by_numpy, converted, (x,))
    assert found.ok
    assert sum(r.kind == "output" for r in found.rows) == 2
    np.testing.assert_array_equal(x, before)
    with using_converters({"numpy.einsum": lambda subscripts, x, y: ivy.sum(ivy.add(x, y))}):
        found = ivy.compare(by_numpy, ivy.transpile(by_numpy, source="numpy", to=target), {"x": x})
    assert found.first.name == "numpy.einsum"
    assert found.first.where.line == line_of(by_numpy, "einsum")


def by_jax(x, key):
    first = jax.lax.cond(x.sum() > 0, lambda v: v * 2, lambda v: v - 1, x)
    last, steps = jax.lax.scan(lambda c, v: (jnp.tanh(c + v), c * 2), jnp.zeros(3), first)
    return {"steps": steps, "last": last + jax.random.normal(key, (3,)), "best": jnp.argmax(x, axis=1)}


def test_functions_of_jax():
    x = jnp.asarray(np.random.default_rng(0).normal(size=(4, 3)).astype("float32"))
    inputs = (x, jax.random.PRNGKey(1))
    found = ivy.compare(by_jax, ivy.transpile(by_jax, to="numpy"), inputs)
    assert found.ok, str(found)
    assert [r.shapes[0] for r in found.rows if r.kind == "output"] == [(4,), (3,), (4, 3)]

    def worst(operand, axis, index_dtype):
        return ivy.astype(ivy.argmin(operand, axis=axis), index_dtype)

    with using_converters({"jax.lax.argmax": worst}):
        found = ivy.compare(by_jax, ivy.transpile(by_jax, to="numpy"), inputs)
    assert found.first.name == "jax.lax.argmax"


def in_place(x):
    tail = x[1:]
    tail.mul_(2)
    x[0].copy_(x[2])
    if x.sum() > 0:
        x = x * 3
    return torch.sort(x, 0), x.topk(2)[1]


def test_writes_in_place_and_branches():
    x = torch.tensor(np.random.default_rng(0).normal(size=(4, 3)).astype("float32"))
    before = x.clone()
    found = ivy.compare(in_place, ivy.transpile(in_place, to="numpy"), (x,))
    assert found.ok, str(found)
    assert torch.equal(x, before)
    with using_converters({"torch.Tensor.mul_": lambda x, other: ivy.multiply(x, 3)}):
        found = ivy.compare(in_place, ivy.transpile(in_place, to="numpy"), (x,))
    assert (found.first.name, found.first.status) == ("torch.Tensor.mul_", "differs")
    assert found.first.where.line == line_of(in_place, "mul_")


def test_functions_that_hold_modules():
    net, inputs = tagger()

    def loss(ids):
        return net(ids).sum()

    converted = ivy.transpile(loss, source="torch", to="numpy", args=inputs)
    assert ivy.compare(loss, converted, inputs).ok
    with torch.no_grad():
        net.words.weight += 1
    found = ivy.compare(loss, converted, inputs)
    assert [r.name for r in found.parameters if not r.ok] == [found.first.parameters[0]]
    assert found.first.name == "torch.nn.functional.embedding"


def test_code_on_ivy():
    def f(x, n):
        return ivy.sum(ivy.tanh(x) * n, axis=-1)

    x = np.linspace(-1, 1, 6, dtype="float32").reshape(2, 3)
    found = ivy.compare(f, ivy.transpile(f, source="ivy", to="jax"), (x, 2), source="ivy")
    assert found.ok
    assert found.rows[0].name == "ivy.tanh"


class Flax(nnx.Module):
    def __init__(self, rngs):
        self.inner = nnx.Linear(3, 4, rngs=rngs)
        self.norm = nnx.BatchNorm(4, rngs=rngs)
        self.out = nnx.Linear(4, 3, rngs=rngs)

    def __call__(self, x):
        return self.out(nnx.relu(self.norm(self.inner(x))))


@pytest.mark.parametrize("target", ["torch", pytest.param("flax", marks=pytest.mark.slow)])
def test_from_flax(target):
    net = Flax(nnx.Rngs(0))
    x = jnp.asarray(np.random.default_rng(0).normal(size=(6, 3)).astype("float32"))
    converted = ivy.transpile(net, to=target, args=(x,))
    assert ivy.compare(net, converted, (x,), train=True, gradients=target == "flax").ok
    net.out.bias.set_value(net.out.bias.get_value() + 1)
    found = ivy.compare(net, converted, (x,))
    assert [r.name for r in found.parameters if not r.ok] == ["out.bias"]
    assert found.first.parameters == ("out.bias",)


def test_ports_by_hand():
    net, inputs = resnet()
    other = copy.deepcopy(net)
    assert ivy.compare(net, other, inputs).ok
    with torch.no_grad():
        other.layer1[1].bn2.bias += 1
    found = ivy.compare(net, other, inputs, gradients=True)
    assert (found.first.module, found.first.status) == ("layer1.1.bn2", "parameter")
    assert any(not r.ok for r in found.gradients)

    class Port(ResNet):  # the same submodules, called in another way
        def forward(self, x):
            x = self.layer1(nn.functional.avg_pool2d(self.stem(x).contiguous(), 2))
            return self.fc(x.mean((2, 3)))

    port = Port().eval()
    port.load_state_dict(net.state_dict())
    found = ivy.compare(net, port, inputs)
    assert not found.ok
    assert found.first.module == "layer1.0.conv1"
    assert "compared by the results of the submodules" in str(found)


def test_ports_to_another_framework():
    class Port(nnx.Module):
        def __init__(self):
            self.linear = nnx.Linear(4, 3, rngs=nnx.Rngs(0))

        def __call__(self, x):
            return nnx.relu(self.linear(x))

    net = nn.Sequential()
    net.linear = nn.Linear(4, 3)
    net.relu = nn.ReLU()
    port = Port()
    names = {"linear.weight": "linear.kernel"}
    x = torch.randn(2, 4)
    found = ivy.compare(net, port, (x,), rename=names)
    assert {r.name for r in found.parameters if not r.ok} == {"linear.weight", "linear.bias"}
    assert not found.ok
    port.linear.kernel.set_value(jnp.asarray(net.linear.weight.detach().numpy().T))
    port.linear.bias.set_value(jnp.asarray(net.linear.bias.detach().numpy()))
    assert ivy.compare(net, port, (x,), rename=names).ok


def test_tolerances():
    def f(x):
        return torch.exp(x)

    x = torch.ones(3)
    with using_converters({"torch.exp": lambda x: ivy.multiply(ivy.exp(x), 1.001)}):
        converted = ivy.transpile(f, source="torch", to="numpy")
        assert not ivy.compare(f, converted, (x,)).ok
        assert ivy.compare(f, converted, (x,), rtol=2e-3).ok
        assert ivy.compare(f, converted, (x,), atol=1e-2).ok


def test_errors():
    net, inputs = tagger()
    converted = ivy.transpile(net, to="numpy")
    with pytest.raises(ArgumentError, match="inputs are a str"):
        ivy.compare(net, converted, "ids")
    with pytest.raises(ConversionError, match="cannot be compared"):
        ivy.compare(3, converted, inputs)
    with pytest.raises(ConversionError, match="cannot be compared"):
        ivy.compare(net, Tagger, inputs)
    with pytest.raises(NotImplementedError, match="numpy"):
        ivy.compare(net, converted, inputs, gradients=True)


@pytest.mark.parametrize("target", ["ivy", "torch_frontend"])
def test_stages_make_arrays_of_their_inputs_framework(target):
    net, inputs = tagger()  # its LSTM starts from zeros, which no array goes into

    def f(ids):
        return net(ids) * torch.ones(4)

    want = net(*inputs).detach()
    for converted in (ivy.transpile(net, to=target), ivy.transpile(f, source="torch", to=target)):
        found = converted(*inputs)
        assert isinstance(found, torch.Tensor)
        torch.testing.assert_close(found.detach(), want, rtol=1e-5, atol=1e-6)
    assert ivy.compare(net, ivy.transpile(net, to=target), inputs).ok
    assert ivy.compare(f, ivy.transpile(f, source="torch", to=target), inputs).ok


@pytest.mark.parametrize("target", ["torch", pytest.param("tensorflow", marks=pytest.mark.slow)])
def test_channel_layouts(target):
    net, inputs = resnet()

    def f(x):
        return net.layer1(net.stem(x))

    converted = ivy.transpile(net, to=target, layout="channels_last")
    assert ivy.compare(net, converted, inputs).ok
    converted = ivy.transpile(f, source="torch", to=target, layout="channels_last")
    assert ivy.compare(f, converted, inputs).ok
    with torch.no_grad():
        net.stem.bias += 1
    found = ivy.compare(f, converted, inputs)
    assert (found.first.module, found.first.status) == ("net.stem", "parameter")
