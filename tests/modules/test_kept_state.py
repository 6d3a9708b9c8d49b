"""What calls store on their model: every system keeps it from call to call as the source does."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest

import ivy
from ivy.errors import CaptureError

torch = pytest.importorskip("torch")
nn = torch.nn
CALLS = 4


class Sum(nn.Module):
    def __init__(self):
        super().__init__()
        self.h = None

    def forward(self, x):
        self.h = x if self.h is None else self.h + x
        return self.h * 2


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.n = 0
        self.started = False

    def forward(self, x):
        self.n += 1
        factor = 10 if not self.started else self.n
        self.started = True
        return x * factor


class Cache(nn.Module):
    """Keys and values that grow, as of a language model's attention."""

    def __init__(self):
        super().__init__()
        self.cache = {}

    def forward(self, x):
        self.cache["k"] = torch.cat([self.cache["k"], x]) if "k" in self.cache else x
        self.cache.setdefault("first", x.clone())
        return self.cache["k"].cumsum(0).sum() + self.cache["first"]


class Containers(nn.Module):
    def __init__(self):
        super().__init__()
        self.recent = deque(maxlen=2)
        self.sums = defaultdict(lambda: 0)
        self.order = OrderedDict()
        self.pair = (None, 1)

    def forward(self, x):
        self.recent.append(x)
        self.sums["x"] = self.sums["x"] + x
        self.order["last"] = x
        before = self.pair[0]
        self.pair = (x * 2, self.pair[1])
        return sum(self.recent) + self.sums["x"] + self.order["last"] + (0 if before is None else before)


@dataclass
class Record:
    total: object = None
    seen: list = field(default_factory=list)


class Objects(nn.Module):
    """State in objects of the user's own classes, made before and in the call."""

    def __init__(self):
        super().__init__()
        self.space = SimpleNamespace(h=None)
        self.record = None

    def forward(self, x):
        self.space.h = x if self.space.h is None else self.space.h * 0.5 + x
        if self.record is None:
            self.record = Record()
        self.record.total = x if self.record.total is None else self.record.total + x
        self.record.seen = [*self.record.seen, x][-2:]
        return self.space.h + self.record.total + sum(self.record.seen)


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Sum()
        self.lin = nn.Linear(3, 3)

    def forward(self, x):
        self.last = getattr(self, "last", x) + self.inner(x)
        return self.lin(x) * self.inner.h + self.last


class Buffers(nn.Module):
    """Buffers that are registered in a call, None at first, of another shape later, or None again."""

    def __init__(self):
        super().__init__()
        self.register_buffer("none", None)
        self.register_buffer("grows", torch.zeros(1))
        self.register_buffer("goes", torch.ones(3))

    def forward(self, x):
        if not hasattr(self, "late"):
            self.register_buffer("late", torch.zeros(3))
        self.late = self.late + x
        self.none = x if self.none is None else self.none + x
        self.grows = torch.cat([self.grows, x])
        out = self.late + self.none + self.grows.sum()
        if self.goes is not None:
            out = out + self.goes
            self.goes = None
        return out


class InPlace(nn.Module):
    """A tensor that is no buffer, written to in place, and two names for it."""

    def __init__(self):
        super().__init__()
        self.t = torch.zeros(3)
        self.also = {"t": self.t}

    def forward(self, x):
        self.t.add_(x)
        return self.also["t"] * 2


class Deletes(nn.Module):
    def __init__(self):
        super().__init__()
        self.flag = True

    def forward(self, x):
        if hasattr(self, "flag"):
            del self.flag
            return x
        return x * 3


class Aliases(nn.Module):
    """One list under two names, made in a call."""

    def forward(self, x):
        if not hasattr(self, "a"):
            self.a = self.b = [x]
        self.a[0] = self.a[0] + 1
        return self.b[0] * 2


KINDS = [Sum, Counter, Cache, Containers, Objects, Inner, Buffers, InPlace, Deletes, Aliases]
SYSTEMS = ["torch", "flax", "keras", "tf.Module", "paddle", "ivy", "haiku", "linen", "equinox"]


def inputs():
    return [(np.arange(3) + i).astype("float32") for i in range(CALLS)]


def stepper(system, model, *, jit=False):
    """Convert, and return a function that makes the next call."""
    if system in ("haiku", "linen", "equinox"):
        jax = pytest.importorskip("jax")
        compiled = jax.jit if jit else lambda f: f
    if system == "ivy":
        converted = ivy.to_ivy_module(model, backend="numpy")
        return converted
    converted = ivy.transpile(model, source="torch", to=system)
    if system == "haiku":
        hk = pytest.importorskip("haiku")
        net = hk.transform_with_state(lambda x: converted(x))
        params, state = net.init(jax.random.key(0), inputs()[0])
        apply, held = compiled(net.apply), {"state": state}

        def step(x):
            out, held["state"] = apply(params, held["state"], None, x)
            return out
    elif system == "linen":
        variables = dict(converted.init(jax.random.key(0), inputs()[0]))
        apply = compiled(lambda v, x: converted.apply(v, x, mutable=["batch_stats"]))

        def step(x):
            out, new = apply(variables, x)
            variables.update(new)
            return out
    elif system == "equinox":
        eqx = pytest.importorskip("equinox")
        apply, held = (eqx.filter_jit if jit else lambda f: f)(lambda m, x: m(x)), {"model": converted}

        def step(x):
            out = apply(held["model"], x)
            if isinstance(out, tuple):  # a call that changes nothing gives the output alone
                out, held["model"] = out
            return out
    elif system == "flax":
        nnx = pytest.importorskip("flax.nnx")
        apply = nnx.jit(lambda m, x: m(x)) if jit else lambda m, x: m(x)

        def step(x):
            return apply(converted, x)
    elif system == "torch":

        def step(x):
            return converted(torch.from_numpy(x))
    else:
        step = converted
    return step


def host(x):
    return np.asarray(x.detach() if isinstance(x, torch.Tensor) else x)


def compare(step, model):
    for x in inputs():
        with torch.no_grad():
            expected = model(torch.from_numpy(x.copy()))
        np.testing.assert_allclose(host(step(x)), expected.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_calls_follow_each_other(system, kind):
    torch.manual_seed(0)
    model = kind()
    attributes = {name: dict(m.__dict__) for name, m in model.named_modules()}
    step = stepper(system, model)
    reference = type(model)()
    reference.load_state_dict(model.state_dict())
    compare(step, reference)
    assert {name: dict(m.__dict__) for name, m in model.named_modules()} == attributes  # the source is as it was


@pytest.mark.parametrize("kind", [Sum, Cache, Inner, Buffers, InPlace])
@pytest.mark.parametrize("system", ["flax", "haiku", "linen", "equinox"])
def test_under_jit(system, kind):
    torch.manual_seed(0)
    model, reference = kind(), kind()
    reference.load_state_dict(model.state_dict())
    compare(stepper(system, model, jit=True), reference)


@pytest.mark.parametrize("kind", KINDS)
def test_with_fake_values(kind, monkeypatch):
    """Models too big for a capture with values."""
    monkeypatch.setattr("ivy_torch.capture.SMALL", 0)
    torch.manual_seed(0)
    model, reference = kind(), kind()
    reference.load_state_dict(model.state_dict())
    compare(stepper("torch", model), reference)


@pytest.mark.parametrize("target", ["jax", "torch", "numpy", "tensorflow", "torch_frontend", "ivy"])
def test_functions_over_state(target):
    """Closures over modules, variables of a closure, globals, objects with tensors."""
    torch.manual_seed(0)

    def make():
        model, count, shadow = Inner(), 0, SimpleNamespace(values={})

        def f(x):
            nonlocal count
            count += 1
            y = model(x)
            for name, p in model.lin.named_parameters():
                old = shadow.values.get(name)
                shadow.values[name] = p.detach().clone() if old is None else old * 0.9 + p.detach() * 0.1 + y.mean()
            return y * count + shadow.values["bias"]

        return f, model

    f, model = make()
    g, other = make()
    other.load_state_dict(model.state_dict())
    converted = ivy.transpile(f, source="torch", to=target)
    for x in inputs():
        with torch.no_grad():
            expected = g(torch.from_numpy(x))
        got = converted(torch.from_numpy(x) if target.startswith(("torch", "ivy")) else x)
        np.testing.assert_allclose(host(getattr(got, "data", got)), expected.numpy(), rtol=1e-5, atol=1e-5)
    assert f.__closure__[f.__code__.co_freevars.index("count")].cell_contents == 0


def test_what_cannot_be_kept_is_refused_by_name():
    jax = pytest.importorskip("jax")
    converted = ivy.transpile(Sum(), source="torch", to="flax")
    with pytest.raises(CaptureError, match=r"stores h\b.*jit(.|\n)*self\.h = x|in forward"):
        jax.jit(lambda x: converted(x))(inputs()[0])
    model = Sum()
    function = ivy.transpile(lambda x: model(x), source="torch", to="jax")
    with pytest.raises(CaptureError, match=r"stores model\.h"):
        jax.jit(function)(inputs()[0])
    linen = ivy.transpile(Sum(), source="torch", to="linen")
    with pytest.raises(CaptureError, match="mutable"):
        linen.apply(linen.initial(), inputs()[0])


class Unread(nn.Module):
    """State that no code reads: there for whoever looks at the model."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(3))
        self.log, self.count, self.table = [], 0, {}

    def forward(self, x):
        self.seen = x * 2
        self.log.append(x)
        self.count += 1
        if "scale" not in self.table:
            self.table["scale"] = self.w * 3
        return x * self.table["scale"]


def test_what_no_later_call_needs_costs_nothing():
    jax = pytest.importorskip("jax")
    converted = ivy.transpile(Unread(), source="torch", to="flax")
    x = inputs()[0]
    np.testing.assert_allclose(jax.jit(lambda x: converted(x))(x), x * 3, rtol=1e-6, atol=1e-6)
    for _ in range(3):
        converted(x)
    assert len(converted._ivy.specialiser.graphs) <= 2  # without and with the table
    report = ivy.check(Unread(), to="jax", args=(x,))
    assert {call.name for call in report.ignored} == {"log", "count"}


def test_very_many_forms_are_warned_of(monkeypatch):
    monkeypatch.setattr("ivy.transpiler.held.Forms.MOST", 3)
    converted = ivy.transpile(Counter(), source="torch", to="numpy")
    for _ in range(4):
        converted(inputs()[0])
    with pytest.warns(UserWarning, match="Counter has been captured for 4 forms of the state"):
        converted(inputs()[0])
    converted(inputs()[0])


def test_new_parameters_are_refused():
    class Lazy(nn.Module):
        def forward(self, x):
            if not hasattr(self, "lin"):
                self.lin = nn.Linear(3, 3)
            return self.lin(x)

    with pytest.raises(CaptureError, match="lin, which has parameters"):
        ivy.transpile(Lazy(), source="torch", to="numpy")(inputs()[0])


# -- the other sources ------------------------------------------------------------------------------------------------


class Holder:
    """A plain object that knows a module's parameter."""

    def __init__(self, parameter):
        self.parameter, self.h = parameter, None


def nnx_source():
    nnx, jnp = pytest.importorskip("flax.nnx"), pytest.importorskip("jax").numpy

    class Source(nnx.Module):
        def __init__(self):
            self.lin = nnx.Linear(3, 3, rngs=nnx.Rngs(0))
            self.n, self.seen = 0, nnx.Variable(jnp.zeros(3))
            self.box = Holder(self.lin.kernel)

        def __call__(self, x):
            self.n += 1
            if not hasattr(self, "late"):
                self.late = nnx.Variable(x)
            self.late[...] = self.late[...] + x
            self.seen[...] = self.seen[...] + 1
            self.box.h = x if self.box.h is None else self.box.h * 0.5 + x
            y = self.lin(x) * self.n + self.late[...] + self.seen[...] + self.box.h
            return y + self.box.parameter[...].sum()

    return Source, jnp.asarray


def tf_module_source():
    tf = pytest.importorskip("tensorflow")

    class Source(tf.Module):
        def __init__(self):
            super().__init__()
            self.w, self.h, self._n, self.cache = tf.Variable([1.0, 2.0, 3.0]), None, 0, {}
            self.listed = [tf.Variable([2.0])]

        def __call__(self, x):
            self._n += 1
            self.h = x if self.h is None else self.h + x
            self.cache["k"] = tf.concat([self.cache["k"], x], 0) if "k" in self.cache else x
            return self.h * self.w * self._n + tf.reduce_sum(self.cache["k"]) * self.listed[0]

    return Source, tf.constant


def keras_source():
    keras, tf = pytest.importorskip("keras"), pytest.importorskip("tensorflow")

    class Source(keras.Layer):
        def __init__(self):
            super().__init__()
            self.w = self.add_weight(shape=(3,), initializer="ones")
            self.h, self._n, self.cache = None, 0, {}
            self.built = True

        def call(self, x):
            self._n += 1
            self.h = x if self.h is None else self.h + x
            self.cache["k"] = tf.concat([self.cache["k"], x], 0) if "k" in self.cache else x
            return self.h * self.w * self._n + tf.reduce_sum(self.cache["k"])

    return Source, tf.constant


def paddle_source():
    paddle = pytest.importorskip("ivy_paddle.loading").paddle  # Ivy brings it in beside the others

    class Source(paddle.nn.Layer):
        def __init__(self):
            super().__init__()
            self.w = self.create_parameter([3], default_initializer=paddle.nn.initializer.Constant(2.0))
            self.n, self.h, self.cache, self.listed = 0, None, {}, [self.w]
            self.register_buffer("b", paddle.zeros([3]))

        def forward(self, x):
            self.n += 1
            self.h = x if self.h is None else self.h * 0.5 + x
            self.cache["k"] = paddle.concat([self.cache["k"], x]) if "k" in self.cache else x
            self.b = self.b + x
            return self.w * x * self.n + self.h + self.cache["k"].sum() + self.listed[0] + self.b

    return Source, paddle.to_tensor


SOURCES = {"flax": nnx_source, "tf.Module": tf_module_source, "keras": keras_source, "paddle": paddle_source}


@pytest.mark.parametrize("target", ["torch", "flax", "tf.Module"])
@pytest.mark.parametrize("name", list(SOURCES))
def test_other_sources(name, target):
    make, native = SOURCES[name]()
    source, reference = make(), make()
    converted = ivy.transpile(source, to=target)
    for x in inputs():
        got = converted(torch.from_numpy(x) if target == "torch" else x)
        expected = reference(native(x))
        expected = expected.detach() if name == "paddle" else expected
        np.testing.assert_allclose(host(got), np.asarray(expected), rtol=1e-5, atol=1e-5)
    assert getattr(source, "n", 0) == 0
    assert getattr(source, "_n", 0) == 0
    assert getattr(source, "h", None) is None


@pytest.mark.parametrize("name", ["torch", "flax", "paddle"])
def test_parameters_are_known_by_identity(name):
    """A parameter that is reached by another way than the module's own attribute is trained all the same."""

    class Torch(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.tensor([1.0, 2.0, 3.0]))
            self.table = {"w": self.w, "row": self.w[1:], "cut": self.w.detach()}
            self.box, self.again = Holder(self.w), lambda: self.w

        def forward(self, x):
            part = self.table["w"] * x + self.box.parameter + self.again() + self.__dict__["_parameters"]["w"]
            return part.sum() + self.table["row"].sum() * 3 + (self.table["cut"] * x).sum()

    if name == "torch":
        source, native = Torch(), torch.from_numpy
    else:
        make, native = SOURCES[name]()
        source = make()
    converted = ivy.transpile(source, to="torch")
    x = inputs()[1]
    converted(torch.from_numpy(x)).sum().backward()
    if name == "torch":
        source(torch.from_numpy(x)).sum().backward()
        np.testing.assert_allclose(converted.w.grad, source.w.grad, rtol=1e-6, atol=1e-6)
    elif name == "flax":
        np.testing.assert_allclose(converted.lin.weight.grad, x[None] + 3 * np.ones((3, 3)), rtol=1e-6, atol=1e-6)
    else:
        np.testing.assert_allclose(converted.w.grad, x + 1, rtol=1e-6, atol=1e-6)
    del native


@pytest.mark.parametrize("source", ["jax", "tensorflow", "ivy"])
def test_functions_of_other_frameworks(source):
    if source == "ivy":
        native, concat, total = np.asarray, ivy.concat, ivy.sum
    elif source == "jax":
        jnp = pytest.importorskip("jax").numpy
        native, concat, total = jnp.asarray, jnp.concatenate, jnp.sum
    else:
        tf = pytest.importorskip("tensorflow")
        native, concat, total = tf.constant, lambda x: tf.concat(x, 0), tf.reduce_sum

    def make():
        n, box, cache = 0, Holder(None), {}

        def f(x):
            nonlocal n
            n += 1
            box.h = x if box.h is None else box.h * 0.5 + x
            cache["k"] = concat([cache["k"], x]) if "k" in cache else x
            return box.h * n + total(cache["k"])

        return f

    reference, converted = make(), ivy.transpile(make(), source=source, to="torch")
    for x in inputs():
        got = converted(torch.from_numpy(x))
        np.testing.assert_allclose(host(got), np.asarray(reference(native(x))), rtol=1e-5, atol=1e-5)


def test_numpy_code_that_stores_arrays_is_refused_by_name():
    box = Holder(None)

    def f(x):
        box.h = np.sin(x)
        return x

    with pytest.raises(CaptureError, match="attribute 'h'"):
        ivy.transpile(f, source="numpy", to="torch")(torch.ones(3))


class Once(nn.Module):
    """Branches on buffers that its calls write."""

    def __init__(self):
        super().__init__()
        self.register_buffer("done", torch.tensor(False))
        self.register_buffer("scale", torch.ones(3))

    def forward(self, x):
        if not self.done:
            self.scale.copy_(x.abs() + 1)
            self.done.fill_(True)
        return x * self.scale


@pytest.mark.parametrize("system", SYSTEMS)
def test_branches_on_buffers_that_calls_write(system):
    compare(stepper(system, Once()), Once())


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "RMSprop"])
@pytest.mark.parametrize("target", ["torch", "jax"])
def test_training_steps(target, optimizer):
    def make():
        torch.manual_seed(0)
        model = nn.Linear(3, 2)
        options = {"momentum": 0.9} if optimizer == "SGD" else {}
        opt = getattr(torch.optim, optimizer)(model.parameters(), lr=0.1, **options)

        def step(x):
            opt.zero_grad()
            loss = model(x).square().mean()
            loss.backward()
            opt.step()
            return loss.detach()

        return step

    reference, converted = make(), ivy.transpile(make(), source="torch", to=target)
    for x in inputs():
        expected = reference(torch.from_numpy(x))
        got = converted(torch.from_numpy(x) if target == "torch" else x)
        np.testing.assert_allclose(host(got), expected, rtol=1e-4, atol=1e-5)


def test_saving_what_keeps_state_is_refused_by_name():
    pytest.importorskip("keras")
    converted = ivy.transpile(Sum(), source="torch", to="keras")
    converted(inputs()[0])
    with pytest.raises(ivy.errors.ConversionError, match="a call stores h"):
        converted.get_config()


def trainer():
    """A training loop's object: a model, an optimizer, a schedule, moving averages."""

    class Trainer:
        def __init__(self):
            torch.manual_seed(0)
            self.model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
            self.opt = torch.optim.SGD(self.model.parameters(), lr=0.1, momentum=0.9)
            self.schedule = torch.optim.lr_scheduler.StepLR(self.opt, 2, 0.5)
            self.shadow = {k: v.clone() for k, v in self.model.state_dict().items() if v.dtype.is_floating_point}
            self.losses = []

        def step(self, x):
            self.opt.zero_grad()
            loss = self.model(x).square().mean()
            loss.backward()
            self.opt.step()
            self.schedule.step()
            with torch.no_grad():
                for k, v in self.shadow.items():
                    v.mul_(0.9).add_(self.model.state_dict()[k] * 0.1)
            self.losses.append(loss.detach())
            return loss.detach(), self.shadow["0.weight"].clone()

    return Trainer().step


def accumulation():
    """Gradients of two calls before a step."""
    torch.manual_seed(0)
    model, calls = nn.Linear(3, 1), 0
    opt = torch.optim.SGD(model.parameters(), lr=0.1)

    def step(x):
        nonlocal calls
        loss = model(x).square().mean()
        loss.backward()
        calls += 1
        if calls % 2 == 0:
            opt.step()
            opt.zero_grad()
            calls = 0
        return loss.detach(), model.weight.detach().clone()

    return step


def scratch():
    """A parameter that belongs to no module."""
    torch.manual_seed(0)
    w = torch.randn(3, 1, requires_grad=True)

    def step(x):
        loss = (x @ w).square().mean()
        loss.backward()
        with torch.no_grad():
            w.sub_(0.1 * w.grad)
        w.grad = None
        return loss.detach(), w.detach().clone()

    return step


@pytest.mark.parametrize("make", [trainer, accumulation, scratch])
@pytest.mark.parametrize("target", ["torch", "jax"])
def test_whole_training_programs(target, make):
    reference, converted = make(), ivy.transpile(make(), source="torch", to=target)
    rng = np.random.default_rng(0)
    for _ in range(5):
        x = rng.normal(size=(4, 3)).astype("float32")
        expected = reference(torch.from_numpy(x))
        got = converted(torch.from_numpy(x) if target == "torch" else x)
        for a, b in zip(got, expected, strict=True):
            np.testing.assert_allclose(host(a), b, rtol=1e-4, atol=1e-5)


def test_state_of_a_module_that_is_an_argument_is_refused_by_name():
    f = ivy.transpile(lambda model, x: model(x) + 1, source="torch", to="numpy")
    with pytest.raises(CaptureError, match=r"stores .*h on a module that it is given"):
        f(Sum(), inputs()[0])
