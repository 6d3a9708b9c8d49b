"""Derivatives with NumPy: there are none; what needs none still runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from ivy.errors import NotImplementedByBackend


def stop_gradient(x: Any, /) -> Any:
    return x


def straight_through(x: Any, value: Any, /) -> Any:
    return value


def custom_vjp(fun: Callable[..., Any], fwd: Callable[..., Any], bwd: Callable[..., Any], /, *args: Any) -> Any:
    return fun(*args)


def _refuse(function: str) -> NoReturn:
    raise NotImplementedByBackend(
        f"the numpy backend has no `ivy.{function}`",
        why="NumPy computes no derivatives",
        hint="call it with arrays of torch or jax, or transpile the function to one of them first",
    )


def value_and_grad_at(
    fun: Callable[..., Any], variables: Sequence[Any], /, *, has_aux: bool = False, stateful: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    _refuse("value_and_grad")


def jacobian_at(fun: Callable[..., Any], variables: Sequence[Any], /) -> Any:
    _refuse("jacobian")


def vjp(fun: Callable[..., Any], /, *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    _refuse("vjp")


def vjp_at(
    fun: Callable[[tuple[Any, ...]], Any], primals: Sequence[Any], /, *, batched: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    _refuse("vjp_at")


def jvp(fun: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], /) -> tuple[Any, Any]:
    _refuse("jvp")
