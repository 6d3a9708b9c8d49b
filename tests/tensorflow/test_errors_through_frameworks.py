"""keras and autograph make exceptions anew of their text: what Ivy says arrives, with its place and its hint."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import ivy
from ivy import errors
from ivy.errors import IvyError, UnsupportedOpError

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")
torch = pytest.importorskip("torch")

X = np.ones((4, 4), "float32")
CLASSES = [c for c in vars(errors).values() if inspect.isclass(c) and issubclass(c, IvyError)]


@pytest.fixture(params=[True, False], ids=["filtered", "unfiltered"])
def filtering(request):
    before = keras.config.is_traceback_filtering_enabled()
    (keras.config.enable_traceback_filtering if request.param else keras.config.disable_traceback_filtering)()
    yield request.param
    (keras.config.enable_traceback_filtering if before else keras.config.disable_traceback_filtering)()


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(4, 4)

    def forward(self, x):
        return torch.nn.functional.fractional_max_pool2d(self.linear(x)[None, None], 2, output_size=1)[0, 0]


def function(x):
    return torch.nn.functional.fractional_max_pool2d(x[None], 2, output_size=1)


def calls():
    net = ivy.transpile(Net(), to="keras")
    yield "call", lambda: net(X)
    yield "keyword", lambda: net(x=X)
    yield "sequential", lambda: keras.Sequential([net])(X)
    yield "predict", lambda: net.predict(X, verbose=0)
    net.compile("sgd", "mse")
    yield "fit", lambda: net.fit(X, X, verbose=0)
    f = ivy.transpile(function, source="torch", to="tensorflow")
    x = tf.constant(X)
    yield "function", lambda: tf.function(f)(x)
    yield "within a function", lambda: tf.function(lambda v: f(v) + 1)(x)
    module = ivy.transpile(Net(), to="tf.Module")
    yield "module", lambda: tf.function(lambda v: module(v) + 1)(x)


@pytest.mark.parametrize(
    "way", ["call", "keyword", "sequential", "predict", "fit", "function", "within a function", "module"]
)
def test_unsupported_ops(filtering, way):
    run = dict(calls())[way]
    with pytest.raises(Exception) as caught:
        run()
    text = str(caught.value)
    assert "1 function can't be translated to tensorflow" in text
    assert "- torch.nn.functional.fractional_max_pool2d: 1 call at" in text
    assert f"{__file__}:" in text
    assert '@ivy.converter("torch.nn.functional.fractional_max_pool2d")' in text
    assert text.count("hint:") == 1
    if way in ("call", "keyword", "sequential"):
        assert type(caught.value) is UnsupportedOpError
        assert [call.name for call in caught.value.calls] == ["torch.nn.functional.fractional_max_pool2d"]


def an_error(cls):
    if cls is UnsupportedOpError:
        return cls([errors.UnsupportedCall("torch.a")], why="so")
    return cls("the first line", why="one\ntwo", hint="do this")


class Raising(keras.layers.Layer):
    """A layer of the user's in which a converted function fails."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def call(self, x):
        raise self.error


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("way", ["eager", "graph", "nested"])
def test_every_class_survives_keras_and_autograph(filtering, cls, way):
    error = an_error(cls)
    first, *rest = str(error).splitlines()
    layer = Raising(error)
    inner = keras.Sequential([layer]) if way == "nested" else layer
    run = tf.function(lambda x: inner(x)) if way == "graph" else inner
    with pytest.raises(Exception) as caught:
        run(tf.constant(X))
    text = str(caught.value)
    assert first in text
    for line in rest:
        assert line.strip() in text
    assert text.count("hint:") == str(error).count("hint:")
    if way != "graph":
        assert type(caught.value) is cls
        assert caught.value.hint == error.hint
        assert caught.value.why == error.why
