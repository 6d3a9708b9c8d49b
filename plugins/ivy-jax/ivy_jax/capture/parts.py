"""Submodules that are not captured but called: one equation each; see `ivy.graph.parts`."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from jax.extend import core as jex_core
from jax.interpreters import batching

from ivy.graph.aval import aval_of
from ivy.graph.node import Node
from ivy.graph.parts import PART, Callee, Stub, find_part
from ivy_jax.capture.recorder import Recorder, Value

__all__ = ["call_stub", "record_part"]

part_p = jex_core.Primitive("ivy_part")
part_p.multiple_results = True


@part_p.def_abstract_eval
def _abstract(*avals: Any, callee: Callee) -> list[Any]:
    out = [callee.leaves[i] for i in callee.places]
    return [jax.core.ShapedArray(x.shape, np.dtype(str(x.dtype))) for x in out]


def _batched(args: Any, axes: Any, *, callee: Callee) -> Any:
    """Call the part for one example after another: what it would give for a batch is its own affair."""
    mapped = [i for i, axis in enumerate(axes) if axis is not None]
    given = [jax.numpy.moveaxis(args[i], axes[i], 0) for i in mapped]

    def one(here: Any) -> Any:
        all_args = list(args)
        for i, x in zip(mapped, here, strict=True):
            all_args[i] = x
        return part_p.bind(*all_args, callee=callee)

    out = jax.lax.map(one, given)
    return out, [0] * len(out)


batching.primitive_batchers[part_p] = _batched


def call_stub(stub: Stub, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Record the call of a part in the trace that is active.

    Args:
        stub: what stands for the part.
        args: positional arguments.
        kwargs: keyword arguments.

    Returns:
        The result; `NotImplemented` where the source's submodule is to run instead.
    """

    def make(callee: Callee, arrays: list[Any]) -> Any:
        return part_p.bind(*map(jax.numpy.asarray, arrays), callee=callee)

    return stub.call(args, kwargs, is_array=lambda x: isinstance(x, (jax.Array, np.ndarray)), aval=aval_of, make=make)


def record_part(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    """Record an equation of `call_stub`."""
    callee: Callee = eqn.params["callee"]
    native = find_part(r.root.graph, callee.name)
    node = r.call(PART, (callee, native, *map(r.node, ins)), {}, callee.out, callee.name.rpartition(".")[2])
    found: list[Node] = [node] if callee.single else r.parts(node)
    return list(found)
