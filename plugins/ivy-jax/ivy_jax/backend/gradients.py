"""Derivatives with JAX.

JAX's gradient of a real function with respect to a complex array is the conjugate of the direction of steepest ascent,
which the functional API gives; hence the conjugations, which leave real arrays as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

stop_gradient = lax.stop_gradient


@jax.custom_jvp
def _with_derivative_of(x: Any, value: Any) -> Any:
    return value


@_with_derivative_of.defjvp
def _(primals: Any, tangents: Any) -> Any:
    return _with_derivative_of(*primals), tangents[0]


def straight_through(x: Any, value: Any, /) -> Any:
    return _with_derivative_of(x, value) if jnp.issubdtype(x.dtype, jnp.inexact) else value


def _conj(tree: Any) -> Any:
    return jax.tree.map(lambda x: jnp.conj(x) if jnp.iscomplexobj(x) else x, tree)


def value_and_grad_at(
    fun: Callable[..., Any], variables: Sequence[Any], /, *, has_aux: bool = False, stateful: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    value, gradients = jax.value_and_grad(fun, has_aux=has_aux)(tuple(variables))
    return value, _conj(gradients)


def jacobian_at(fun: Callable[..., Any], variables: Sequence[Any], /) -> Any:
    return jax.jacrev(fun)(tuple(variables))


def vjp(fun: Callable[..., Any], /, *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    out, pull = jax.vjp(fun, *primals)
    return out, lambda cotangents: _conj(pull(_conj(cotangents)))


def vjp_at(
    fun: Callable[[tuple[Any, ...]], Any], primals: Sequence[Any], /, *, batched: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    def split(values: tuple[Any, ...]) -> tuple[Any, Any]:
        outputs, cotangents, kept = fun(values)
        return outputs, (outputs, cotangents, kept)

    _, pull, found = jax.vjp(split, tuple(primals), has_aux=True)

    def pulled(cotangents: Any) -> Any:
        return _conj(pull(_conj(tuple(cotangents)))[0])

    return found, (jax.vmap(pulled) if batched else pulled)(found[1])


def checkpoint(fun: Callable[..., Any], /, *args: Any) -> Any:
    return jax.checkpoint(fun)(*args)


def jvp(fun: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], /) -> tuple[Any, Any]:
    return jax.jvp(fun, tuple(primals), tuple(tangents))


def custom_vjp(fun: Callable[..., Any], fwd: Callable[..., Any], bwd: Callable[..., Any], /, *args: Any) -> Any:
    def backward(residuals: Any, cotangents: Any) -> tuple[Any, ...]:
        gradients = bwd(residuals, _conj(cotangents))
        # JAX wants None for integer arguments, where callers may give integer zeros
        return tuple(
            _conj(g) if all(jnp.issubdtype(x.dtype, jnp.inexact) for x in jax.tree.leaves(g)) else None
            for g in gradients
        )

    function = jax.custom_vjp(fun)
    function.defvjp(fwd, backward)
    return function(*args)
