"""Variables: what reads them sees the value that was assigned last; what is assigned is an update of the graph."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.graph.aval import Aval
from ivy_tensorflow.capture import private
from ivy_tensorflow.capture.recorder import Cell, Lit, Recorder, Value

__all__ = ["VARIABLES"]


def _read(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
    cell = ins[0]
    if not isinstance(cell, Cell):
        return None
    if cell.node.aval.dtype.kind in ("int", "uint"):  # it may be what random numbers are drawn from
        r.seeds[id(cell.node)] = {id(cell)}
    return [cell.value]


def _assign(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
    if not isinstance(ins[0], Cell):
        return None
    ins[0].value = ins[1]
    return []


def _assign_by(op_type: str) -> Any:
    def record(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
        cell = ins[0]
        if not isinstance(cell, Cell):
            return None
        by = ins[1].item() if isinstance(ins[1], Lit) and ins[1].value.ndim == 0 else r.node(ins[1])
        cell.value = r.call(op_type, {"x": r.node(cell.value), "y": by}, cell.node.aval)
        return []

    return record


def _gather(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
    """Read some rows of a variable: those of its value."""
    cell = ins[0]
    if not isinstance(cell, Cell):
        return None
    params, indices = r.node(cell.value), r.node(ins[1])
    if op.type == "ResourceGatherNd":
        depth = indices.aval.shape[-1]
        shape = (*indices.aval.shape[:-1], *params.aval.shape[depth:])
        return [r.call("GatherNd", {"params": params, "indices": indices}, Aval(shape, params.aval.dtype))]
    batch = int(op.get_attr("batch_dims"))
    shape = (*indices.aval.shape, *params.aval.shape[1 + batch :])
    kwargs: dict[str, Any] = {"params": params, "indices": indices, "axis": batch}
    if batch:
        kwargs["batch_dims"] = batch
    return [r.call("GatherV2", kwargs, Aval(shape, params.aval.dtype))]


def _scatter(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
    """Write to some rows of a variable: the call gives its new value."""
    cell = ins[0]
    if not isinstance(cell, Cell):
        return None
    kwargs = r.arguments(op, [cell.value, *ins[1:]])
    for unused in ("use_locking", "bad_indices_policy"):
        kwargs.pop(unused, None)
    cell.value = r.call(op.type, kwargs, cell.node.aval)
    return []


def _shape(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
    if not isinstance(ins[0], Cell):
        return None
    return [Lit(np.asarray(ins[0].node.aval.shape, op.outputs[0].dtype.as_numpy_dtype))]


def _initialized(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
    return [Lit(np.asarray(True))]


# -- random numbers whose state is a variable -------------------------------------------------------------------------

# tf.random.Generator keeps its state in a variable; what it draws comes from the target's own generator.
_GENERATOR = {
    "StatefulUniform": "RandomUniform",
    "StatefulStandardNormal": "RandomStandardNormal",
    "StatefulStandardNormalV2": "RandomStandardNormal",
    "StatefulTruncatedNormal": "TruncatedNormal",
    "StatefulUniformInt": "RandomUniformInt",
}

# The same for stateless functions whose seed comes from a variable, as that of keras' SeedGenerator.
_SEEDED = {
    "StatelessRandomUniformV2": "RandomUniform", "StatelessRandomNormalV2": "RandomStandardNormal",
    "StatelessTruncatedNormalV2": "TruncatedNormal", "StatelessRandomUniformIntV2": "RandomUniformInt",
    "StatelessRandomUniform": "RandomUniform", "StatelessRandomNormal": "RandomStandardNormal",
    "StatelessTruncatedNormal": "TruncatedNormal", "StatelessRandomUniformInt": "RandomUniformInt",
    "StatelessRandomGammaV3": "RandomGamma", "StatelessShuffle": "RandomShuffle",
    "StatelessMultinomial": "Multinomial",
}  # fmt: skip
_STATE = frozenset({"resource", "algorithm", "key", "counter", "alg", "seed", "dtype"})


def _from_target(r: Recorder, op: Any, ins: list[Any], op_type: str) -> list[Value]:
    """Record a draw from the target's own generator."""
    kwargs = {k: v for k, v in r.arguments(op, ins).items() if k not in _STATE}
    wanted = {a.name for a in (*private.signature_of(op_type).inputs, *private.signature_of(op_type).attributes)}
    (aval,) = r.avals(op, ins)
    if aval is None:
        r.unknown(op, [aval])
    assert aval is not None
    if "dtype" in wanted:
        kwargs["dtype"] = str(aval.dtype)
    return [r.call(op_type, kwargs, aval, "_")]


def _generator(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
    if isinstance(ins[0], Cell):
        r.root.generators.add(id(ins[0]))
    return _from_target(r, op, [None if isinstance(v, Cell) else v for v in ins], _GENERATOR[op.type])


def _advance(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
    """Read a generator's state and move it on, as the stateless functions under tf.random.Generator need it."""
    if isinstance(ins[0], Cell):
        r.root.generators.add(id(ins[0]))
        state = r.call("RngReadAndSkip", {"state": ins[0].node}, Aval((3,), private.dtype_of_tf(op.outputs[0].dtype)))
        r.seeds[id(state)] = {id(ins[0])}
        return [state]
    return None


def _seeded(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
    cells: set[int] = set()
    for v in ins:
        cells |= r.seeds.get(id(v), set())
    if not cells:
        return None
    # any other variable that a seed comes from is the user's, and its updates are kept
    r.root.generators |= {id(c) for c in r.cells if id(c) in cells and "seed_generator_state" in c.variable.name}
    return _from_target(r, op, ins, _SEEDED[op.type])


VARIABLES: dict[str, Any] = {
    "ReadVariableOp": _read,
    "AssignVariableOp": _assign,
    "AssignAddVariableOp": _assign_by("AddV2"),
    "AssignSubVariableOp": _assign_by("Sub"),
    "ResourceGather": _gather,
    "ResourceGatherNd": _gather,
    "VariableShape": _shape,
    "VarIsInitializedOp": _initialized,
    "DisableCopyOnRead": lambda r, op, ins: [],
    "RngReadAndSkip": _advance,
    "ResourceStridedSliceAssign": _scatter,
    **{f"ResourceScatter{kind}": _scatter for kind in ("Add", "Sub", "Mul", "Div", "Min", "Max", "Update")},
    **{f"ResourceScatterNd{kind}": _scatter for kind in ("Add", "Sub", "Min", "Max", "Update")},
    **dict.fromkeys(_GENERATOR, _generator),
    **dict.fromkeys(_SEEDED, _seeded),
}
