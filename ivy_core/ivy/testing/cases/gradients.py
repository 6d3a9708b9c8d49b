"""Cases of derivatives: functions whose derivatives are known."""

from __future__ import annotations

from typing import Any

import numpy as np

import ivy.functional as F
from ivy.testing.case import Call, case
from ivy.testing.draw import ANY, Draw

_REAL = ("float32", "float64")


@case("stop_gradient", lambda x: x, gradient=False)
def _(d: Draw) -> Call:
    return Call(d.array(None, ANY, special=True))


@case("straight_through", lambda x, value: value, gradient=False)
def _(d: Draw) -> Call:
    shape, dtype = d.shape(), d.dtype(ANY)
    return Call(*(d.array(shape, dtype, special=True) for _ in range(2)))


class Function:
    """A function of arrays that runs on any backend, and is shown by its name."""

    def __init__(self, name: str, function: Any) -> None:
        self.name, self.function = name, function

    def __call__(self, *args: Any) -> Any:
        """Call it."""
        return self.function(*args)

    def __repr__(self) -> str:
        return self.name


PRODUCT = Function("sum(sin(a) * b)", lambda v: F.sum(F.sin(v[0]) * v[1]))
WITH_AUX = Function("(sum(sin(a) * b), b)", lambda v: (F.sum(F.sin(v[0]) * v[1]), v[1]))
PAIR = Function("a * b, sum(a)", lambda a, b: (a * b, F.sum(a)))
SQUARES = Function("a * a, b", lambda v: v[0] * v[0] * v[1])


def _vectors(d: Draw) -> list[Any]:
    """Two arrays of one shape and dtype."""
    shape, dtype = d.shape(0, 2, least=1), d.dtype(_REAL)
    return [d.array(shape, dtype, low=-2, high=2) for _ in range(2)]


def _value_and_grad(fun: Any, variables: Any, *, has_aux: bool = False, stateful: bool = False) -> Any:
    a, b = variables
    value = np.sum(np.sin(a) * b)
    return (value, b) if has_aux else value, (np.cos(a) * b, np.sin(a))


@case("value_and_grad_at", _value_and_grad, gradient=False, abstract=False, tolerance=4, dtype="first")
def _(d: Draw) -> Call:
    aux = d.flag()
    return Call(WITH_AUX if aux else PRODUCT, tuple(_vectors(d)), **({"has_aux": True} if aux else {}))


def _jacobian(fun: Any, variables: Any) -> Any:
    a, b = variables
    eye = np.eye(a.size).reshape(a.shape * 2)
    return eye * 2 * a * b, eye * a * a


@case("jacobian_at", _jacobian, gradient=False, abstract=False, tolerance=4, dtype="first")
def _(d: Draw) -> Call:
    return Call(SQUARES, tuple(_vectors(d)))


def _jvp(fun: Any, primals: Any, tangents: Any) -> Any:
    (a, b), (da, db) = primals, tangents
    return (a * b, np.sum(a)), (da * b + a * db, np.sum(da))


@case("jvp", _jvp, gradient=False, abstract=False, tolerance=4, dtype="first")
def _(d: Draw) -> Call:
    a, b = _vectors(d)
    tangents = tuple(d.array(a.shape, a.dtype.name) for _ in range(2))
    return Call(PAIR, (a, b), tangents)


@case("vjp", None, check=lambda result, *args: None, gradient=False, abstract=False)
def _(d: Draw) -> Call:
    """That the function it returns gives gradients, all cases' gradients show; here that it runs."""
    return Call(PAIR, *_vectors(d))


WEIGHTED = Function("(a * b,), (a,), sum(a)", lambda v: ((v[0] * v[1],), (v[0],), F.sum(v[0])))


def _vjp_at(fun: Any, primals: Any, *, batched: bool = False) -> Any:
    a, b = primals
    return ((a * b,), (a,), np.sum(a)), (a * b, a * a)


@case("vjp_at", _vjp_at, gradient=False, abstract=False, tolerance=4, dtype="first")
def _(d: Draw) -> Call:
    return Call(WEIGHTED, tuple(_vectors(d)))


@case("checkpoint", lambda fun, a, b: (a * b, np.sum(a)), abstract=False, tolerance=4, dtype="first")
def _(d: Draw) -> Call:
    return Call(PAIR, *_vectors(d))


TRIPLE = Function("custom_vjp's fun", lambda a, b: a * b)
FORWARD = Function("custom_vjp's fwd", lambda a, b: (a * b, (a, b)))
BACKWARD = Function("custom_vjp's bwd", lambda kept, ct: (ct * kept[1], ct * kept[0]))


@case("custom_vjp", lambda fun, fwd, bwd, a, b: a * b, abstract=False, dtype="promote")
def _(d: Draw) -> Call:
    """With the derivative of a product; that it is this one that is used, its own tests show."""
    return Call(TRIPLE, FORWARD, BACKWARD, *_vectors(d))
