"""Bodies of the derivatives that follow from `vjp`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import optree

import ivy.functional as F
from ivy.dtypes import dtype_of


def straight_through(x: Any, value: Any, /) -> Any:
    if not dtype_of(x).is_inexact:
        return value
    # zero, and subtracted: exact for every value, negative zeros too
    nothing = F.where(F.isfinite(x), F.subtract(F.stop_gradient(x), x), F.zeros_like(x))
    return F.subtract(F.stop_gradient(value), nothing)


def value_and_grad_at(
    fun: Callable[[tuple[Any, ...]], Any],
    variables: Sequence[Any],
    /,
    *,
    has_aux: bool = False,
    stateful: bool = False,
) -> tuple[Any, tuple[Any, ...]]:
    loss, pull = F.vjp(lambda *values: fun(values)[0] if has_aux else fun(values), *variables)
    gradients = tuple(pull(F.ones_like(loss)))
    # what the function returns besides must not leave the derivative's own run: there it may be traced
    return (loss, fun(tuple(variables))[1]) if has_aux else loss, gradients


def jacobian_at(fun: Callable[[tuple[Any, ...]], Any], variables: Sequence[Any], /) -> Any:
    outputs, pull = F.vjp(lambda *values: fun(values), *variables)
    leaves, treedef = optree.tree_flatten(outputs)
    rows = []
    for i, out in enumerate(leaves):
        size = math.prod(out.shape)
        units = F.reshape(F.eye(size, dtype=dtype_of(out)), (size, *out.shape))
        found = []
        for k in range(size):  # one pull for every element of the output
            cotangents = [F.get_item(units, k) if j == i else F.zeros_like(x) for j, x in enumerate(leaves)]
            found.append(pull(optree.tree_unflatten(treedef, cotangents)))
        rows.append(
            tuple(
                F.reshape(F.stack(parts), (*out.shape, *v.shape))
                if parts
                else F.zeros((*out.shape, *v.shape), dtype=dtype_of(v))
                for v, parts in zip(
                    variables, zip(*found, strict=True) if found else [()] * len(variables), strict=True
                )
            )
        )
    return optree.tree_unflatten(treedef, rows)


def vjp_at(
    fun: Callable[[tuple[Any, ...]], Any], primals: Sequence[Any], /, *, batched: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    found = fun(tuple(primals))
    _, pull = F.vjp(lambda *values: fun(values)[0], *primals)
    if not batched:
        return found, tuple(pull(found[1]))
    rows = [pull(tuple(F.get_item(c, k) for c in found[1])) for k in range(optree.tree_leaves(found[1])[0].shape[0])]
    return found, tuple(F.stack(parts) for parts in zip(*rows, strict=True))


def checkpoint(fun: Callable[..., Any], /, *args: Any) -> Any:
    return fun(*args)


def jvp(fun: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], /) -> tuple[Any, Any]:
    outputs, _ = F.vjp(fun, *primals)

    # the pull is linear in its cotangent: its own transpose pushes tangents forward, wherever it is taken
    def pulled(cotangent: Any) -> Any:
        return tuple(F.vjp(fun, *primals)[1](cotangent))

    _, push = F.vjp(pulled, optree.tree_map(F.zeros_like, outputs))
    (found,) = push(tuple(tangents))
    return outputs, found
