"""Derivatives: the frameworks agree, also for complex numbers and custom rules; NumPy refuses."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from backends import DIFFERENTIABLE, MAKE, to_np

import ivy
import ivy.functional as F
from ivy.errors import NotImplementedByBackend


@pytest.fixture(params=DIFFERENTIABLE)
def make(request):
    return lambda x, dtype="float32": MAKE[request.param](np.asarray(x, dtype))


def same(found, expected, **tolerance):
    assert to_np(found).shape == np.shape(expected)
    np.testing.assert_allclose(to_np(found), expected, **{"rtol": 1e-5, "atol": 1e-6, **tolerance})


def test_stop_gradient(make):
    same(F.grad(lambda x: F.sum(F.stop_gradient(x) * x))(make([1.0, 2.0])), [1, 2])
    x = np.ones(2)
    assert F.stop_gradient(x) is x


def test_grad_of_trees(make):
    tree = {"a": make([1.0, 2.0]), "b": [make(3.0), (make([4.0]),)], "n": make([1, 2], "int32")}

    def loss(t):
        return F.sum(t["a"] ** 2) + F.multiply(t["b"][0] * F.sum(t["b"][1][0]), F.sum(t["n"]))

    for value, found in (F.value_and_grad(loss)(tree), F.execute_with_gradients(loss, tree)):
        same(value, 5 + 36)
        same(found["a"], [2, 4])
        same(found["b"][0], 12)
        same(found["b"][1][0], [9])
        same(found["n"], [0, 0])
        assert to_np(found["n"]).dtype == np.int32


def test_arguments(make):
    f = lambda x, y, *, k: F.sum(x * y * k)
    x, y = make([1.0, 2.0]), make([3.0, 4.0])
    same(F.grad(f)(x, y, k=2.0), [6, 8])
    same(F.grad(f, 1)(x, y, k=2.0), [2, 4])
    gx, gy = F.grad(f, (0, 1))(x, y, k=2.0)
    same(gx, [6, 8])
    same(gy, [2, 4])
    g, aux = F.grad(lambda x: (F.sum(x), {"twice": x * 2}), has_aux=True)(x)
    same(g, [1, 1])
    same(aux["twice"], [2, 4])
    (value, aux), g = F.execute_with_gradients(lambda x: (F.sum(x), x * 2), x, has_aux=True)
    same(value, 3)
    same(aux, [2, 4])


def test_unused_variables_have_zero_gradients(make):
    x, y = make([1.0]), make([2.0, 3.0])
    for found in (F.grad(lambda t: F.sum(t[0]))((x, y)), F.execute_with_gradients(lambda t: F.sum(t[0]), (x, y))[1]):
        same(found[0], [1])
        same(found[1], [0, 0])


def test_higher_orders(make):
    f = lambda x: F.sum(x**4)
    x = make([1.0, 2.0])
    same(F.grad(lambda x: F.sum(F.grad(f)(x)))(x), [12, 48])
    same(F.hessian(f)(x), [[12, 0], [0, 48]])
    nested = lambda x: F.sum(F.execute_with_gradients(f, x)[1])
    same(F.execute_with_gradients(nested, x)[1], [12, 48])
    # the inner derivative is of one variable, the outer one of another
    mixed = lambda y: F.sum(F.execute_with_gradients(lambda x: F.sum(x**2 * y), x)[1])
    same(F.execute_with_gradients(mixed, make([1.0, 1.0]))[1], [2, 4])


# op -> where it is smooth; further operands are constants
TWICE = {
    **dict.fromkeys(("exp", "expm1", "sin", "cos", "tanh", "sinh", "cosh", "asinh", "atan", "tan", "erf", "erfc"), ([-0.7, 0.3, 1.1],)),
    **dict.fromkeys(("log", "log1p", "log2", "log10", "sqrt", "rsqrt", "reciprocal", "cbrt", "lgamma", "digamma"), ([0.4, 1.3, 2.2],)),
    **dict.fromkeys(("asin", "acos", "atanh", "erfinv"), ([-0.6, 0.2, 0.7],)),
    **dict.fromkeys(("relu", "relu6", "gelu", "silu", "mish", "elu", "selu", "softplus", "softsign", "log_sigmoid"), ([-0.7, 0.3, 1.1],)),
    **dict.fromkeys(("softmax", "log_softmax", "logsumexp", "max", "min", "prod", "i0", "i1", "i0e", "i1e"), ([0.7, -0.3, 1.1],)),
    **dict.fromkeys(("floor", "round", "sign"), ([-0.7, 0.3, 1.1],)),
    "acosh": ([1.2, 2.0, 3.1],),
    "pow": ([0.4, 1.3, 2.2], [2.5, -1.0, 3.0]),
    "atan2": ([0.4, -1.3, 2.2], [2.5, -1.0, 3.0]),
    "fmax": ([0.4, 1.3, 2.2], [0.5, -1.0, 3.0]),
    "remainder": ([0.4, -1.3, 5.2], [0.5, -1.0, 3.0]),
    "copysign": ([0.4, -1.3, 5.2], [-0.5, -1.0, 3.0]),
    "logaddexp": ([0.4, -1.3, 5.2], [-0.5, -1.0, 3.0]),
    "igamma": ([0.4, 1.3, 2.2], [0.5, 1.0, 3.0]),
}  # fmt: skip


@pytest.mark.parametrize("op", TWICE)
def test_derivatives_of_derivatives(make, op):
    """The second derivative is the slope of the first, and so is the derivative of the first along a direction."""
    point, *others = (np.asarray(v, "float32") for v in TWICE[op])
    constants = [make(v) for v in others]
    weights = np.asarray([0.3, -1.2, 0.7], "float32")
    place = 1 if op == "igamma" else 0  # by x, in igamma(a, x)

    def f(x):
        operands = [*constants[:place], x, *constants[place:]]
        y = getattr(F, op)(*operands)
        return F.sum(F.multiply(y, make(weights) if tuple(y.shape) else 0.7))

    first = F.grad(f)
    direction = np.asarray([0.5, 1.0, -0.25], "float32")
    step = 1e-2
    expected = (to_np(first(make(point + step * direction))) - to_np(first(make(point - step * direction)))) / (
        2 * step
    )
    found = to_np(F.grad(lambda x: F.sum(F.multiply(first(x), make(direction))))(make(point)))
    assert found.dtype == "float32"
    np.testing.assert_allclose(found, expected, rtol=1e-2, atol=3e-3)
    if op == "igamma":
        return  # torch has no derivative of it along a direction
    slope = to_np(F.jvp(f, (make(point),), (make(direction),))[1])
    np.testing.assert_allclose(slope, np.sum(to_np(first(make(point))) * direction), rtol=1e-4, atol=1e-5)


def test_execute_with_gradients_keeps_plain_arrays():
    """What the loss keeps must be usable afterwards, and nothing keeps the graph alive."""
    kept = []

    def loss(x):
        kept.append(F.stop_gradient(x * 2))
        return F.sum(x**2)

    value, g = F.execute_with_gradients(loss, torch.ones(2))
    assert not value.requires_grad
    assert not g.requires_grad
    assert kept[0].numpy().tolist() == [2, 2]
    with torch.no_grad():
        same(F.execute_with_gradients(loss, torch.ones(2))[1], [2, 2])


def test_vjp_and_jvp(make):
    f = lambda x, y: (x * y, F.sum(x))
    x, y = make([1.0, 2.0]), make([3.0, 4.0])
    (a, b), pull = F.vjp(f, x, y)
    same(a, [3, 8])
    same(b, 3)
    gx, gy = pull((make([1.0, 10.0]), make(100.0)))
    same(gx, [103, 140])
    same(gy, [1, 20])
    (a, b), (da, db) = F.jvp(f, (x, y), (make([1.0, 0.0]), make([0.0, 1.0])))
    same(a, [3, 8])
    same(da, [3, 2])
    same(db, 1)


def test_jacobian(make):
    x = make([1.0, 2.0, 3.0])
    same(F.jacobian(lambda x: x[:2] ** 2)(x), [[2, 0, 0], [0, 4, 0]])
    found = F.jacobian(lambda t: {"o": t["a"] * F.sum(t["b"])})({"a": x, "b": make([1.0, 1.0])})
    same(found["o"]["a"], 2 * np.eye(3))
    same(found["o"]["b"], np.asarray([[1, 1], [2, 2], [3, 3]]))
    gx, gy = F.jacobian(lambda x, y: x * y, (0, 1))(x, make([4.0, 5.0, 6.0]))
    same(gx, np.diag([4, 5, 6]))
    same(gy, np.diag([1, 2, 3]))


def test_complex_gradients_follow_one_convention(make):
    z = make([1 + 2j, -3j], "complex64")
    f = lambda z: F.sum(F.real(z) ** 2 + 3 * F.imag(z))
    same(F.grad(f)(z), [2 + 3j, 3j])
    same(F.execute_with_gradients(f, z)[1], [2 + 3j, 3j])
    _, pull = F.vjp(lambda z: z * (2 + 1j), z)
    same(pull(make([1, 1j], "complex64"))[0], np.asarray([1, 1j]) * (2 - 1j))


def custom(x, y):
    """x * sin(y), with a gradient three times too large so that it is seen to be used."""

    def fwd(x, y):
        return (x * F.sin(y), x), (x, F.sin(y), F.cos(y))

    def bwd(residuals, cotangents):
        x, s, c = residuals
        g, h = cotangents
        return 3 * g * s + h, 3 * g * x * c

    return F.custom_vjp(lambda x, y: (x * F.sin(y), x), fwd, bwd, x, y)


def test_custom_vjp(make):
    x, y = make([1.0, 2.0]), make([0.5, 0.25])
    a, b = custom(x, y)
    same(a, to_np(x) * np.sin(to_np(y)))
    same(b, to_np(x))
    loss = lambda x, y: F.sum(custom(x, y)[0] + custom(x, y)[1])
    for gx, gy in (F.grad(loss, (0, 1))(x, y), F.execute_with_gradients(lambda t: loss(*t), (x, y))[1]):
        same(gx, 3 * np.sin(to_np(y)) + 1)
        same(gy, 3 * to_np(x) * np.cos(to_np(y)))
    # the second derivative goes through the residuals
    second = F.grad(lambda y: F.sum(F.grad(lambda y: F.sum(custom(x, y)[0]))(y)))(y)
    same(second, 3 * to_np(x) * -np.sin(to_np(y)))
    nested = lambda y: F.sum(F.execute_with_gradients(lambda y: F.sum(custom(x, y)[0]), y)[1])
    same(F.execute_with_gradients(nested, y)[1], 3 * to_np(x) * -np.sin(to_np(y)))


def test_custom_vjp_with_other_arguments(make):
    x, n = make([1.0, 2.0]), make([3, 4], "int32")

    def f(x, n, zeros):
        return F.custom_vjp(
            lambda x, n: F.multiply(x, n),
            lambda x, n: (F.multiply(x, n), (n,)),
            lambda r, g: (F.multiply(2 * g, r[0]), r[0] * 0 if zeros else None),
            x,
            n,
        )

    for zeros in (True, False):
        same(F.grad(lambda x: F.sum(f(x, n, zeros)))(x), [6, 8])
    tree = F.custom_vjp(
        lambda d: d["a"] * 2, lambda d: (d["a"] * 2, ()), lambda r, g: ({"a": 5 * g, "b": 0 * g},), {"a": x, "b": x}
    )
    same(tree, [2, 4])
    g = F.grad(
        lambda x: F.sum(
            F.custom_vjp(
                lambda d: d["a"] * 2,
                lambda d: (d["a"] * 2, ()),
                lambda r, g: ({"a": 5 * g, "b": 0 * g},),
                {"a": x, "b": x},
            )
        )
    )(x)
    same(g, [5, 5])


def test_custom_vjp_under_vmap(make):
    x, y = make([[1.0, 2.0], [3.0, 4.0]]), make([[0.5, 0.25], [0.1, 0.2]])
    found = F.vmap(F.grad(lambda x, y: F.sum(custom(x, y)[0])))(x, y)
    same(found, 3 * np.sin(to_np(y)))


def test_custom_vjp_in_torch_autograd():
    x, y = torch.ones(2, requires_grad=True), torch.ones(2)
    F.sum(custom(x, y)[0]).backward()
    same(x.grad, 3 * np.sin(np.ones(2)))


@pytest.mark.parametrize(
    "call",
    [
        lambda x: F.grad(lambda v: F.sum(v))(x),
        lambda x: F.execute_with_gradients(lambda v: F.sum(v), x),
        lambda x: F.jacobian(lambda v: v)(x),
        lambda x: F.vjp(lambda v: v, x),
        lambda x: F.jvp(lambda v: v, (x,), (x,)),
    ],
)
def test_numpy_says_that_it_has_none(call):
    with pytest.raises(NotImplementedByBackend, match="numpy"):
        call(np.ones(2, "float32"))


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_wrapped_arrays_stay_wrapped(name):
    """Callables of an op see `ivy.Array` where their caller gave it, and may close over others."""
    a, w = (ivy.Array(MAKE[name](np.asarray(x, "float32"))) for x in ([1.0, 2.0], 3.0))
    seen = []

    def scaled(x):
        seen.append(type(x))
        return x * w

    results = [
        (F.grad(lambda x: F.sum(scaled(x)))(a), [3, 3]),
        (F.execute_with_gradients(lambda d: F.sum(scaled(d["a"])), {"a": a})[1]["a"], [3, 3]),
        (F.vjp(scaled, a)[1](a)[0], [3, 6]),
        (F.scan(lambda c, x: (c + scaled(x), c), w, a)[0], 12),
        (F.cond(True, scaled, lambda x: x, a), [3, 6]),
        (F.vmap(scaled)(a), [3, 6]),
    ]
    for found, expected in results:
        assert type(found) is ivy.Array
        same(found.data, expected)
    assert set(seen) == {ivy.Array}


def test_custom_gradient_in_the_form_of_tensorflow(make):
    @F.custom_gradient
    def clipped(x):
        return F.exp(x), lambda upstream: F.clip(upstream * F.exp(x), -2.0, 2.0)

    same(clipped(make([0.0, 3.0])), np.exp([0.0, 3.0]))
    same(F.grad(lambda x: F.sum(clipped(x)))(make([0.0, 3.0])), [1, 2])

    @F.custom_gradient
    def both(x, y):
        return (x * y, x + y), lambda a, b: (a * 10 + b, b * x)

    gradients = F.grad(lambda x, y: F.sum(both(x, y)[0]) + 2 * F.sum(both(x, y)[1]), (0, 1))
    for found, expected in zip(gradients(make([1.0, 2.0]), make([3.0, 4.0])), ([12, 12], [2, 4]), strict=True):
        same(found, expected)
