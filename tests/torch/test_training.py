"""Whole training steps as functions: the optimizer's step, its schedule and clipping are converted with the model."""

from __future__ import annotations

import numpy as np
import pytest

import ivy

torch = pytest.importorskip("torch")

STEPS = 20
TARGETS = ("jax", "tensorflow", "paddle")


class Transformer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Linear(3, 8)
        self.encoder = torch.nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
        self.head = torch.nn.Linear(8, 3)

    def forward(self, x):
        return self.head(self.encoder(self.embedding(x.view(-1, 2, 3))).mean(1))


class Recurrent(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(3, 5, batch_first=True)
        self.head = torch.nn.Linear(5, 3)

    def forward(self, x):
        return self.head(self.lstm(x.view(-1, 2, 3))[0][:, -1])


def perceptron():
    return torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))


def convolutional():
    return torch.nn.Sequential(
        torch.nn.Unflatten(1, (1, 2, 3)),
        torch.nn.Conv2d(1, 4, 3, padding=1),
        torch.nn.BatchNorm2d(4),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(24, 3),
    )


MODELS = {"perceptron": perceptron, "conv": convolutional, "transformer": Transformer, "lstm": Recurrent}
optim = torch.optim
OPTIMIZERS = {
    "sgd": lambda p: optim.SGD(p, lr=0.1),
    "momentum": lambda p: optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=1e-3),
    "adamw": lambda p: optim.AdamW(p, lr=1e-2),
}
OTHERS = {
    "adam": lambda p: optim.Adam(p, lr=1e-2, amsgrad=True, weight_decay=1e-3),
    "rmsprop": lambda p: optim.RMSprop(p, lr=1e-2, momentum=0.5, centered=True),
    "adagrad": lambda p: optim.Adagrad(p, lr=1e-1),
    "adadelta": lambda p: optim.Adadelta(p),
    "adamax": lambda p: optim.Adamax(p),
    "nadam": lambda p: optim.NAdam(p),
    "radam": lambda p: optim.RAdam(p),
    "rprop": lambda p: optim.Rprop(p),
    "asgd": lambda p: optim.ASGD(p),
    "lists of parameters": lambda p: optim.AdamW(p, lr=1e-2, foreach=True),
}
torch_state = torch.get_rng_state()
torch.manual_seed(1)
X, T = torch.randn(16, 6), torch.randint(0, 3, (16,))
torch.set_rng_state(torch_state)


def training(model, optimizer, clip=None):
    torch.manual_seed(0)
    net = model()
    opt = optimizer(net.parameters())
    schedule = optim.lr_scheduler.StepLR(opt, 8, 0.5)

    def step(x, t):
        opt.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x), t)
        loss.backward()
        if clip == "norm":
            torch.nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        elif clip == "value":
            torch.nn.utils.clip_grad_value_(net.parameters(), 0.1)
        opt.step()
        schedule.step()
        return loss.detach()

    return step


def trains_alike(target, *case, **options):
    source = training(*case, **options)
    want = [float(source(X, T)) for _ in range(STEPS)]
    converted = ivy.transpile(training(*case, **options), source="torch", to=target)
    got = [float(converted(X, T)) for _ in range(STEPS)]
    np.testing.assert_allclose(got, want, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("model", MODELS)
def test_models(model, optimizer, target):
    trains_alike(target, MODELS[model], OPTIMIZERS[optimizer], clip="norm")


@pytest.mark.parametrize("optimizer", OTHERS)
def test_optimizers(optimizer):
    trains_alike("jax", perceptron, OTHERS[optimizer], clip="value")


def test_one_graph_serves_every_step():
    from ivy_torch.capture import _Job

    runs = []
    run = _Job.run

    def counted(self, **kwargs):
        runs.append(1)
        return run(self, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Job, "run", counted)
        torch.manual_seed(0)
        net = perceptron()
        opt = optim.AdamW(net.parameters())

        def step(x, t):
            opt.zero_grad()
            loss = torch.nn.functional.cross_entropy(net(x), t)
            loss.backward()
            opt.step()
            return loss.detach()

        converted = ivy.transpile(step, source="torch", to="jax")
        for _ in range(5):
            converted(X, T)
    assert len(runs) <= 3  # one for the first step, which makes the optimizer's state, and one for those after it
    assert not any(group["capturable"] for group in opt.param_groups)


class Accumulating:
    """Takes a step for every second batch."""

    def __init__(self):
        torch.manual_seed(0)
        self.net = perceptron()
        self.optimizer = optim.SGD(self.net.parameters(), lr=0.2)
        self.count = 0

    def __call__(self, x, t):
        loss = torch.nn.functional.cross_entropy(self.net(x), t) / 2
        loss.backward()
        self.count += 1
        if self.count % 2 == 0:
            self.optimizer.step()
            self.optimizer.zero_grad()
        return loss.detach()


@pytest.mark.parametrize("target", TARGETS)
def test_gradients_add_up_over_calls(target):
    source = Accumulating()
    want = [float(source(X, T)) for _ in range(6)]
    converted = ivy.transpile(Accumulating(), source="torch", to=target)
    got = [float(converted(X, T)) for _ in range(6)]
    np.testing.assert_allclose(got, want, rtol=1e-4)
    assert want[0] != want[2]
