"""Python that reads values: the graph holds for the values that it was captured with, and another one for others.

Programs are written by a seed (`guard_programs`), and run eagerly on every target against the source itself; under jit
they run or say which of their lines needs a value.
"""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from transpiler.guard_programs import SOURCES, write

import ivy
from ivy.backend import backend_of
from ivy.errors import DataDependentError
from ivy.transpiler import specialise

pytest.importorskip("ivy_paddle.loading")  # ahead of TensorFlow
torch = pytest.importorskip("torch")
jax = pytest.importorskip("jax")

PROGRAMS = {"torch": 200, "numpy": 100, "jax": 100, "tensorflow": 60, "paddle": 60}
INPUTS = 20
TARGETS = ("numpy", "torch", "jax", "tensorflow", "paddle")


def program(source, seed, folder):
    path = write(source, seed, folder)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.f


def inputs(seed, count=INPUTS):
    draw = np.random.default_rng(seed)
    return [draw.standard_normal(4).astype("float32") * np.float32(draw.choice([0.5, 1, 3])) for _ in range(count)]


def expected(source, f, x):
    if source == "torch":
        return f(torch.tensor(x)).numpy()
    if source == "tensorflow":
        import tensorflow as tf

        return f(tf.constant(x)).numpy()
    if source == "paddle":
        import paddle

        return f(paddle.to_tensor(x)).numpy()
    return np.asarray(f(jax.numpy.asarray(x) if source == "jax" else x.copy()))


def host(x):
    return backend_of(x).module.to_numpy(x)


def agrees(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=2e-4, atol=1e-5)


CASES = [(s, k) for s in SOURCES for k in range(PROGRAMS[s])]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("source", "seed"), CASES)
def test_programs(source, seed, target, tmp_path):
    f = program(source, seed, tmp_path)
    g = ivy.transpile(f, source=source, to=target)
    for x in inputs(seed):
        agrees(host(g(x)), expected(source, f, x))
    assert len(g.graphs) <= specialise.MOST_GUARDED


@pytest.mark.parametrize(("source", "seed"), CASES)
def test_programs_under_jit(source, seed, tmp_path):
    f = program(source, seed, tmp_path)
    g = ivy.transpile(f, source=source, to="jax")
    run = jax.jit(g)
    path = tmp_path / f"{f.__module__}.py"
    random = any(word in path.read_text() for word in ("rand", "shuffle"))
    for k, x in enumerate(inputs(seed, 3)):
        refused = None
        try:
            found = run(x, **({"rng": jax.random.PRNGKey(k)} if random else {}))
        except DataDependentError as error:
            refused = error
        if refused is None:
            agrees(host(found), expected(source, f, x))
        else:
            assert str(refused.where.file) == str(path), refused
            assert refused.hint


def test_a_call_draws_once():
    """However many graphs are tried, the generator goes on by one draw."""

    def drawn(x):
        return x * torch.rand(()).item(), torch.rand(3)

    g = ivy.transpile(drawn, source="torch", to="torch")
    x = torch.arange(4.0)
    for seed in range(3):
        torch.manual_seed(seed)
        scaled, rest = g(x)
        torch.manual_seed(seed)
        wanted, wanted_rest = drawn(x)
        assert torch.equal(scaled, wanted)
        assert torch.equal(rest, wanted_rest)


def test_the_graphs_of_a_signature_are_bounded(monkeypatch):
    monkeypatch.setattr(specialise, "MOST_GUARDED", 3)

    def scaled(x):
        return x * float(x.sum())

    g = ivy.transpile(scaled, source="torch", to="numpy")

    def call(k):
        agrees(g(np.float32([k, 1])), np.float32([k, 1]) * (k + 1))

    for k in range(3):
        call(k)
    with pytest.warns(UserWarning, match=r"scaled has been captured for 4 different values.*test_guards\.py"):
        call(3)
    for k in (4, 5, 0):
        call(k)
    assert len(g.graphs) == 3


class Checked(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(3, 3)
        self.register_buffer("steps", torch.tensor(2))
        self.register_buffer("doubles", torch.tensor(True))

    def forward(self, x):
        assert (x.abs() < 100).all(), "too large"
        if torch.isnan(x).any():
            raise ValueError("NaN")
        for _ in range(int(self.steps)):
            x = self.linear(x)
        if self.doubles:
            x = x * 2
        if (x > 0).any():
            x = x + 1
        y = x.clone()
        y[x > 0.5] = torch.exp(-x[x > 0.5])
        return y


def test_modules_under_jit():
    nnx = pytest.importorskip("flax.nnx")
    net = Checked().eval()
    converted = ivy.transpile(net, to="jax")
    run = nnx.jit(lambda m, x: m(x))
    for x in np.random.default_rng(0).standard_normal((4, 2, 3)).astype("float32"):
        agrees(np.asarray(run(converted, x)), net(torch.tensor(x)).detach().numpy())
        agrees(np.asarray(converted(x)), net(torch.tensor(x)).detach().numpy())
    with pytest.raises(AssertionError, match="too large"):
        converted(np.full((2, 3), 1000, "float32"))
    assert "a check of values" in {c.name for c in ivy.check(net, to="jax", args=(torch.ones(2, 3),)).ignored}


def test_code_under_jit_sees_that_it_is_compiled():
    def f(x):
        traced = torch.compiler.is_compiling()
        traced |= False
        if traced:
            return torch.where(x.sum() > 0, x, -x)
        return x if x.sum() > 0 else -x

    seen = []

    def g(x):
        seen.append(bool(torch.compiler.is_compiling()))
        return f(x)

    converted = ivy.transpile(g, source="torch", to="jax")
    x = np.float32([1, 2])
    agrees(np.asarray(converted(x)), x)
    agrees(np.asarray(jax.jit(converted)(-x)), x)
    agrees(np.asarray(converted(-x)), x)
    assert seen == [False, True, False]
    assert torch.compiler.is_compiling() is False


MASKED = {
    "in place": lambda x: _written(x, x > 0, lambda v: v * 2),
    "other array": lambda x: _written(x * 2, x > 0, lambda v: torch.log1p(v) + 1),
    "equal masks": lambda x: _put(x.clone(), x > 0, -x[x > 0]),
    "positions": lambda x: _put(x.clone(), torch.where(x > 0), torch.exp(x[torch.where(x > 0)])),
    "masked_select": lambda x: (torch.masked_select(x, x.abs() > 0.5) ** 2).mean(),
    "rows": lambda x: _written(x, x.sum(1) > 0, lambda v: torch.nn.functional.linear(v, torch.ones(4, 4))),
}


def _written(x, mask, f):
    y = x.clone()
    y[mask] = f(x[mask])
    return y


def _put(y, key, value):
    y[key] = value
    return y


@pytest.mark.parametrize("name", MASKED)
def test_masks_need_no_sizes(name):
    f = MASKED[name]
    g = ivy.transpile(f, source="torch", to="jax")
    for x in np.random.default_rng(1).standard_normal((4, 3, 4)).astype("float32"):
        t = torch.tensor(x, requires_grad=True)
        wanted = f(t)
        agrees(np.asarray(g(x)), wanted.detach().numpy())
        agrees(np.asarray(jax.jit(g)(x)), wanted.detach().numpy())
        wanted.sum().backward()
        agrees(np.asarray(jax.grad(lambda x: g(x).sum())(x)), t.grad.numpy())
    assert len(g.graphs) == 1


@pytest.mark.parametrize("source", ["torch", "numpy", "jax"])
def test_gradients_of_both_branches(source):
    def f(x):
        return x * x if x.sum() > 0 else x * 3

    g = ivy.transpile(f, source=source, to="jax")
    for x in (np.float32([1, 2]), np.float32([-1, -2]), np.float32([3, -1])):
        wanted = 2 * x if x.sum() > 0 else np.full(2, 3.0)
        agrees(np.asarray(jax.grad(lambda x: g(x).sum())(x)), wanted)
        agrees(np.asarray(jax.jit(jax.grad(lambda x: g(x).sum()))(x)), wanted)
        agrees(np.asarray(jax.vmap(g)(np.stack([x, -x]))), np.stack([f(x), f(-x)]))


def test_other_threads_see_no_compilation():
    import threading

    inside, outside = [], []
    ready, go = threading.Event(), threading.Event()

    def f(x):
        ready.set()
        go.wait(30)
        inside.append(bool(torch.compiler.is_compiling()))
        return x + 1

    def other():
        ready.wait(30)
        outside.append(bool(torch.compiler.is_compiling()))
        go.set()

    thread = threading.Thread(target=other)
    thread.start()
    jax.jit(ivy.transpile(f, source="torch", to="jax"))(np.float32([1]))
    thread.join()
    assert (inside, outside) == ([True], [False])
