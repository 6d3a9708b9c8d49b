"""Results that Paddle's functions write to the tensor given as ``out``; defaults and annotations of what is captured."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import paddle
import pytest

import ivy
from ivy.errors import IvyError

CALLS: dict[str, tuple[Any, ...]] = {
    "clip": (0.1, 0.6),
    "where": (),
    "concat": (),
    "stack": (),
    "sum": (0,),
    "mean": (0,),
    "amax": (0,),
    "amin": (0,),
    "logsumexp": (0,),
    "cumsum": (0,),
    "cumprod": (0,),
    "round": (),
}
TWO = ("add", "subtract", "multiply", "divide", "maximum", "minimum", "pow", "remainder", "matmul")
ONE = ("abs", "acos", "ceil", "cos", "cosh", "exp", "expm1", "floor", "frac", "log", "log10",
       "log1p", "log2", "rsqrt", "sigmoid", "sign", "sin", "sinh", "sqrt", "tanh", "tril", "triu")  # fmt: skip


def call(name: str) -> Callable[..., Any]:
    """Return a function that has a result written to its second argument, and uses that argument."""
    function = getattr(paddle, name)

    def f(x: Any, out: Any) -> Any:
        if name == "where":
            paddle.where(x > 0.4, x, x * 2, out=out)
        elif name in ("concat", "stack"):
            function([x, x], out=out)
        elif name in TWO:
            function(x, x * 0.5, out=out)
        else:
            function(x, *CALLS.get(name, ()), out=out)
        return out + 1

    return f


@pytest.mark.parametrize("name", sorted({*ONE, *TWO, *CALLS}))
def test_out(name: str) -> None:
    """The tensor has the result afterwards, for the caller too; where it changes its form, that is refused."""
    rng = np.random.default_rng(0)
    x, out = rng.uniform(0.2, 0.8, (3, 3)).astype("float32"), np.full((3, 3), 7, "float32")
    theirs, given = paddle.to_tensor(out), np.array(out)
    want = call(name)(paddle.to_tensor(x), theirs).numpy()
    f = ivy.transpile(call(name), source="paddle", to="numpy")
    if want.shape != out.shape:
        with pytest.raises(IvyError, match="changes the dtype or shape"):
            f(x, given)
        return
    np.testing.assert_allclose(f(x, given), want, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(given, theirs.numpy(), rtol=1e-4, atol=1e-5)


def test_defaults_and_annotations_of_enclosing_functions() -> None:
    """A function's ``def`` is not run again for the capture: what it names need not be there any more."""
    scale, Kind = 3.0, float

    def f(x: Kind, by: Kind = scale, *, plus: Kind = scale + 1) -> Kind:
        if x.sum() > 0:
            x = x * by
        return x + plus

    assert "by" in inspect.signature(f).parameters
    converted = ivy.transpile(f, source="paddle", to="numpy")
    x = np.ones(3, "float32")
    np.testing.assert_allclose(converted(x), f(paddle.to_tensor(x)).numpy())
    np.testing.assert_allclose(converted(-x, 2.0, plus=1.0), f(paddle.to_tensor(-x), 2.0, plus=1.0).numpy())
