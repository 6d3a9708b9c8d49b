"""A converted model is a paddle layer like any other."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn as tnn

import ivy
from ivy_paddle.loading import paddle

torch.set_num_threads(1)


class Net(tnn.Module):
    """A CNN with batch norm, an argument with a default and a keyword."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.bn = tnn.Conv2d(3, 6, 3, padding=1), tnn.BatchNorm2d(6)
        self.head = tnn.Sequential(tnn.Flatten(), tnn.Linear(6 * 16, 5))

    def forward(self, image, scale=1.0, *, shift=None):
        y = self.head(torch.relu(self.bn(self.conv(image)))) * scale
        return y if shift is None else y + shift


X = (np.random.default_rng(0).random((4, 3, 4, 4)) - 0.5).astype("float32")


@pytest.fixture
def module() -> tnn.Module:
    torch.manual_seed(0)
    made = Net()
    made.bn.running_mean.normal_()
    made.bn.running_var.uniform_(0.5, 2.0)
    return made.eval()


@pytest.fixture
def layer(module: tnn.Module) -> Any:
    return ivy.transpile(module, to="paddle")


def close(found: Any, expected: Any) -> None:
    expected = expected.detach().numpy() if isinstance(expected, torch.Tensor) else np.asarray(expected)
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-4, atol=1e-5)


def test_calls(module: tnn.Module, layer: Any) -> None:
    x, t = paddle.to_tensor(X), torch.from_numpy(X)
    close(layer(x), module(t))
    close(layer(image=x), module(t))
    close(layer(x, 2.0), module(t, 2.0))
    close(layer(x, scale=3.0, shift=paddle.ones([5])), module(t, 3.0) + 1)
    close(layer(X), module(t))  # NumPy and the source's arrays too
    close(layer(t), module(t))
    with pytest.raises(TypeError, match="nonsense"):
        layer(x, nonsense=1)


def test_state_dict(module: tnn.Module, layer: Any) -> None:
    theirs = [n.replace("running_mean", "_mean").replace("running_var", "_variance") for n in module.state_dict()]
    assert sorted(layer.state_dict()) == sorted(theirs)  # paddle's own layers have paddle's names
    before = layer(paddle.to_tensor(X)).numpy()
    state = {name: x.clone() for name, x in layer.state_dict().items()}
    for p in layer.parameters():
        p.set_value(p * 0.5)
    layer.bn._mean.set_value(layer.bn._mean + 1)
    assert np.abs(layer(paddle.to_tensor(X)).numpy() - before).max() > 1e-2
    missing, unexpected = layer.set_state_dict(state)
    assert (missing, unexpected) == ([], [])
    np.testing.assert_array_equal(layer(paddle.to_tensor(X)).numpy(), before)


LOAD = """
import sys
import numpy as np
import paddle
x, expected = (np.load(sys.argv[1] + name) for name in ("/x.npy", "/y.npy"))
{how}
np.testing.assert_allclose(net(paddle.to_tensor(x)).numpy(), expected, rtol=1e-5, atol=1e-6)
assert {absent!r} not in sys.modules, "the source framework was imported"
"""


def in_a_new_process(folder: Path, how: str, absent: str = "torch") -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOAD.format(how=how, absent=absent), str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def kept(folder: Path, layer: Any) -> None:
    np.save(folder / "x.npy", X)
    np.save(folder / "y.npy", layer(paddle.to_tensor(X)).numpy())


def test_saved_weights_load_into_a_native_layer(layer: Any, tmp_path: Path) -> None:
    kept(tmp_path, layer)
    paddle.save(layer.state_dict(), str(tmp_path / "weights.pdparams"))
    how = """
class Net(paddle.nn.Layer):
    def __init__(self):
        super().__init__()
        self.conv, self.bn = paddle.nn.Conv2D(3, 6, 3, padding=1), paddle.nn.BatchNorm2D(6)
        self.head = paddle.nn.Sequential(paddle.nn.Flatten(), paddle.nn.Linear(96, 5))

    def forward(self, x):
        return self.head(paddle.nn.functional.relu(self.bn(self.conv(x))))

net = Net()
state = paddle.load(sys.argv[1] + "/weights.pdparams")
missing, _ = net.set_state_dict(state)
assert not missing, missing
net.eval()
"""
    in_a_new_process(tmp_path, how)


@pytest.mark.slow
def test_program_of_paddle_jit_runs_without_the_source(layer: Any, tmp_path: Path) -> None:
    kept(tmp_path, layer)
    spec = [paddle.static.InputSpec([4, 3, 4, 4], "float32")]
    paddle.jit.save(layer, str(tmp_path / "net"), input_spec=spec)
    in_a_new_process(tmp_path, 'net = paddle.jit.load(sys.argv[1] + "/net")', absent="ivy")


def test_static_graphs(module: tnn.Module, layer: Any) -> None:
    static = paddle.jit.to_static(copy.deepcopy(layer), full_graph=True)
    close(static(paddle.to_tensor(X)), module(torch.from_numpy(X)))


def test_static_graphs_in_training_mode(module: tnn.Module) -> None:
    eager = ivy.transpile(module.train(), to="paddle")
    static = paddle.jit.to_static(ivy.transpile(module, to="paddle"), full_graph=True)
    for _ in range(2):
        outs = [net(paddle.to_tensor(X)) for net in (eager, static)]
        for out in outs:
            (out * out).sum().backward()
        close(outs[1], outs[0])
    for (name, p), q in zip(eager.named_parameters(), static.parameters(), strict=True):
        if p.stop_gradient:  # paddle keeps statistics as parameters
            continue
        np.testing.assert_allclose(q.grad.numpy(), p.grad.numpy(), rtol=1e-3, atol=1e-4, err_msg=name)
    close(static.bn._variance, eager.bn._variance)
    assert int(static.bn.num_batches_tracked) == int(eager.bn.num_batches_tracked) == 2


def test_paddle_model_fits(module: tnn.Module, layer: Any) -> None:
    from paddle.io import TensorDataset

    labels = np.arange(4) % 5
    model = paddle.Model(layer, inputs=[paddle.static.InputSpec([None, 3, 4, 4], "float32", "image")])
    model.prepare(
        paddle.optimizer.SGD(0.1, parameters=layer.parameters()),
        paddle.nn.CrossEntropyLoss(),
        paddle.metric.Accuracy(),
    )
    data = TensorDataset([paddle.to_tensor(X), paddle.to_tensor(labels).reshape([-1, 1])])
    model.fit(data, epochs=3, batch_size=4, shuffle=False, verbose=0)
    optimizer = torch.optim.SGD(module.parameters(), 0.1)
    module.train()
    for _ in range(3):
        optimizer.zero_grad()
        tnn.functional.cross_entropy(module(torch.from_numpy(X)), torch.from_numpy(labels)).backward()
        optimizer.step()
    module.eval()
    (found,) = model.predict_batch([paddle.to_tensor(X)])
    np.testing.assert_allclose(found, module(torch.from_numpy(X)).detach().numpy(), rtol=1e-3, atol=1e-4)
    assert model.evaluate(data, batch_size=4, verbose=0)["acc"] >= 0


def test_modes(layer: Any) -> None:
    assert not layer.training
    layer.train()
    assert layer.bn.training
    before = layer.bn._mean.numpy()
    layer(paddle.to_tensor(X))
    assert np.abs(layer.bn._mean.numpy() - before).max() > 1e-3
    layer.eval()
    assert not layer.bn.training
    after = layer.bn._mean.numpy()
    layer(paddle.to_tensor(X))
    np.testing.assert_array_equal(layer.bn._mean.numpy(), after)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))], ids=["deepcopy", "pickle"])
def test_copies_are_independent(layer: Any, copied: Any) -> None:
    x = paddle.to_tensor(X)
    expected = layer(x).numpy()
    twin = copied(layer)
    assert type(twin).__name__ == "Net"
    np.testing.assert_array_equal(twin(x).numpy(), expected)
    for p in layer.parameters():
        p.set_value(p + 1)
    np.testing.assert_array_equal(twin(x).numpy(), expected)
    twin.train()
    twin(x).sum().backward()
    assert all(p.grad is not None for p in twin.parameters() if not p.stop_gradient)
    assert all(p.grad is None for p in layer.parameters())


def test_part_of_another_layer(module: tnn.Module, layer: Any) -> None:
    class Outer(paddle.nn.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.net = layer
            self.last = paddle.nn.Linear(5, 2)

        def forward(self, x: Any) -> Any:
            return self.last(self.net(x, shift=1.0))

    outer = Outer()
    assert "net.head.1.weight" in outer.state_dict()
    outer.train()
    assert layer.training
    out = outer(paddle.to_tensor(X))
    out.sum().backward()
    assert layer.conv.weight.grad is not None
    outer.eval()
    sequential = paddle.nn.Sequential(layer, paddle.nn.ReLU()).eval()
    module.load_state_dict({k: torch.from_numpy(v) for k, v in in_torch(layer).items()})
    close(sequential(paddle.to_tensor(X)), torch.relu(module(torch.from_numpy(X))))


def in_torch(layer: Any) -> dict[str, np.ndarray]:
    names = {"bn._mean": "bn.running_mean", "bn._variance": "bn.running_var"}
    state = {names.get(name, name): np.array(x.numpy()) for name, x in layer.state_dict().items()}
    return {name: x.T.copy() if name == "head.1.weight" else x for name, x in state.items()}


def test_hooks_freezing_and_names(layer: Any) -> None:
    seen = []
    handle = layer.register_forward_post_hook(lambda net, given, out: seen.append(out.shape))
    layer(paddle.to_tensor(X))
    handle.remove()
    layer(paddle.to_tensor(X))
    assert seen == [[4, 5]]
    layer.conv.weight.stop_gradient = True
    layer(paddle.to_tensor(X)).sum().backward()
    assert layer.conv.weight.grad is None
    assert layer.conv.bias.grad is not None
    names = [name for name, _ in layer.named_parameters()]
    trained = ["conv.weight", "conv.bias", "bn.weight", "bn.bias", "head.1.weight", "head.1.bias"]
    assert sorted(names) == sorted([*trained, "bn._mean", "bn._variance"])  # paddle keeps statistics as parameters
    assert [name for name, _ in layer.named_sublayers()] == ["conv", "bn", "head", "head.0", "head.1"]
    assert len({p.name for p in layer.parameters()}) == 8  # what optimizers keep their state by


def test_training_code_sees_what_it_expects(layer: Any) -> None:
    optimizer = paddle.optimizer.AdamW(1e-2, parameters=layer.parameters(), weight_decay=0.1)
    layer.train()
    losses = []
    for _ in range(8):
        loss = (layer(paddle.to_tensor(X)) ** 2).mean()
        loss.backward()
        optimizer.step()
        optimizer.clear_grad()
        losses.append(float(loss))
    assert losses[-1] < 0.7 * losses[0]
    again = paddle.optimizer.AdamW(1e-2, parameters=layer.parameters(), weight_decay=0.1)
    again.set_state_dict(optimizer.state_dict())
