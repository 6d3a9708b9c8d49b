"""Branches and loops of captured programs; their blocks are functions that read what is around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy.frontends.runtime import Cell
from ivy.graph.node import map_nested
from ivy_paddle.frontend.promotion import like
from ivy_paddle.frontend.table import frontend


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Cell) else x


def _values(nest: Any) -> Any:
    return map_nested(nest, _value)


def _wrapped(nest: Any) -> Any:
    return map_nested(nest, lambda x: frontend.cell(x) if hasattr(x, "shape") else x)


@frontend.cells("paddle._C_ops.if_")
def if_(condition: Any, true: Callable[..., Any], false: Callable[..., Any], captures: Any = ()) -> Any:
    # A view that is derived anew inside of a branch would be known there only.
    _values(captures)
    chosen = ops.reshape(_value(condition), ())
    return _wrapped(ops.cond(chosen, lambda: _values(true()), lambda: _values(false())))


@frontend.cells("paddle._C_ops.while_")
def while_(condition: Any, body: Callable[..., Any], init: Any, captures: Any = ()) -> Any:
    _values(captures)

    def step(state: Any) -> Any:
        found = _values(body(_wrapped(tuple(state[1:]))))
        return (ops.reshape(found[0], ()), *(like(new, old) for new, old in zip(found[1:], state[1:], strict=True)))

    start = (ops.reshape(_value(condition), ()), *_values(tuple(init)))
    return _wrapped(tuple(ops.while_loop(lambda state: state[0], step, start))[1:])


@frontend.cells("paddle._C_ops.assert")
def assert_(condition: Any, data: Any = (), summarize: int = -1, **options: Any) -> None:
    """Check what is known; what depends on a tensor is not checked at run time (see support.toml)."""
    del data, summarize, options
    if isinstance(condition, bool) and not condition:
        raise AssertionError("an assertion of the captured function does not hold")


@frontend.cells("paddle._C_ops.print")
def print_(x: Any, **options: Any) -> Any:
    """Let a tensor pass; what a captured program would print is not printed (see support.toml)."""
    del options
    return x
