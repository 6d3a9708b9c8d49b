"""How the equations of plain primitives are written as calls of `jax.lax`'s public functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np

from ivy.errors import SourceLocation, UnsupportedCall, UnsupportedOpError
from ivy.graph.aval import Aval
from ivy.graph.node import Node
from ivy_jax.capture import private
from ivy_jax.capture.recorder import Lit, Recorder, Value, out_avals, plain

__all__ = ["emit"]

Written = tuple[str, Sequence[Any], dict[str, Any]]

# Primitive -> public function of jax.lax, where the names differ; all others have the primitive's own name.
_NAMES = {
    "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor", "not": "bitwise_not",
    "add_any": "add", "regularized_incomplete_beta": "betainc", "copy": "copy_p",
    "eq_to": "eq_to_p", "lt_to": "lt_to_p", "le_to": "le_to_p",
    "reduce_window_max": "reduce_window_max_p", "reduce_window_min": "reduce_window_min_p",
    "reduce_window_sum": "reduce_window_sum_p", "select_and_scatter_add": "select_and_scatter_add_p",
    "select_and_gather_add": "select_and_gather_add_p", "scatter-add": "scatter_add", "scatter-sub": "scatter_sub",
    "scatter-mul": "scatter_mul", "scatter-min": "scatter_min", "scatter-max": "scatter_max",
    "scatter_sub": "scatter_sub",
}  # fmt: skip

_LINALG = frozenset(
    {
        "cholesky", "cholesky_update", "eig", "eigh", "geqp3", "geqrf", "hessenberg", "householder_product", "lu",
        "lu_pivots_to_permutation", "ormqr", "qr", "schur", "svd", "symmetric_product", "triangular_solve",
        "tridiagonal", "tridiagonal_solve",
    }
)  # fmt: skip

# Parameters that choose an algorithm, a placement or a cost estimate and change nothing in what is computed.
_DROPPED = frozenset(
    {
        "sharding",
        "out_sharding",
        "weak_type",
        "accuracy",
        "precision",
        "indices_are_sorted",
        "unique_indices",
        "is_stable",
        "update_jaxpr",
        "update_consts",
        "use_magma",
        "implementation",
        "algorithm",
        "input_dtype",
    }
)

# Functions whose public form takes a dtype that the primitive's own parameters name differently.
_SCALARS_KEEP = frozenset({"pow"})  # operands of two dtypes are fine as Python numbers


def emit(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    """Record an equation as a call and return its results."""
    name = eqn.primitive.name
    writer = _WRITERS.get(name)
    path, args, kwargs = (writer or _default)(r, eqn, ins)
    outs = out_avals(eqn)
    node = r.call(path, args, kwargs, tuple(outs) if eqn.primitive.multiple_results else outs[0])
    return list(r.parts(node)) if eqn.primitive.multiple_results else [node]


def handles(name: str) -> bool:
    """Tell whether equations of a primitive are recorded as calls that the frontend serves."""
    from ivy_jax.capture.control import STRUCTURED, UNSUPPORTED
    from ivy_jax.frontend import supports

    if name in UNSUPPORTED:
        return False
    return name in STRUCTURED or name in _SPECIAL or supports(path_of(name))


def path_of(name: str) -> str:
    """Return the public path of the function that makes a primitive's equations."""
    if name in _LINALG:
        # the public cholesky symmetrises and clears the other triangle in equations of its own
        # and the public svd gives its results in another order
        return f"jax.lax.linalg.{name}{'_p' if name in ('cholesky', 'svd') else ''}"
    return f"jax.lax.{_NAMES.get(name, name.replace('-', '_'))}"


def operands(r: Recorder, eqn: Any, ins: Sequence[Value]) -> list[Any]:
    """Return operands for a call; numbers stay numbers where an array beside them decides the dtype."""
    dtypes = {str(v.out.dtype) for v in ins if isinstance(v, Node) and type(v.out) is Aval}
    keep = eqn.primitive.name in _SCALARS_KEEP and bool(dtypes)
    found = []
    for v in ins:
        if isinstance(v, Lit) and v.is_scalar and (keep or str(v.value.dtype) in dtypes):
            found.append(v.item())
        else:
            found.append(r.node(v))
    return found


def params_of(eqn: Any, **renamed: str) -> dict[str, Any]:
    """Return an equation's parameters as keyword arguments, without those that change nothing."""
    return {
        renamed.get(k, k): plain(v)
        for k, v in eqn.params.items()
        if k not in _DROPPED
        and v is not None
        and not hasattr(v, "eqns")
        and (isinstance(v, (np.dtype, type)) or not callable(v))
    }


def _default(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    return path_of(eqn.primitive.name), operands(r, eqn, ins), params_of(eqn)


def _numbers(x: Any) -> dict[str, Any]:
    return {k: tuple(int(i) for i in v) for k, v in x._asdict().items()}


def _mode(mode: Any) -> str | None:
    return {"CLIP": "clip", "FILL_OR_DROP": "fill", "PROMISE_IN_BOUNDS": "promise_in_bounds"}.get(
        getattr(mode, "name", ""), None if mode is None else str(mode)
    )


def _indices(r: Recorder, v: Value) -> Any:
    """Return index vectors: as plain numbers if there is one vector and it is known."""
    if isinstance(v, Lit) and v.value.ndim == 1:
        return tuple(int(i) for i in v.value)
    return r.node(v)


def _physical(eqn: Any, i: int = 0) -> bool:
    """Whether operand `i` holds typed keys, whose raw form has one axis more."""
    return private.is_key_dtype(eqn.invars[i].aval.dtype)


def _gather(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    p = eqn.params
    numbers, sizes = _numbers(p["dimension_numbers"]), tuple(int(s) for s in p["slice_sizes"])
    if _physical(eqn):
        numbers["offset_dims"] = (*numbers["offset_dims"], len(eqn.outvars[0].aval.shape))
        sizes = (*sizes, 2)
    kwargs: dict[str, Any] = {"dimension_numbers": numbers, "slice_sizes": sizes, "mode": _mode(p["mode"])}
    if p.get("fill_value") is not None and not _is_default_fill(p["fill_value"], eqn.invars[0].aval.dtype):
        kwargs["fill_value"] = plain(p["fill_value"])
    return "jax.lax.gather", [r.node(ins[0]), _indices(r, ins[1])], kwargs


def _is_default_fill(value: Any, dtype: Any) -> bool:
    return not private.is_key_dtype(dtype) and np.dtype(dtype).kind in "fcV" and bool(np.isnan(value))


def _scatter(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    p = eqn.params
    if eqn.primitive.name == "scatter" and p.get("update_jaxpr") is not None:
        return "jax.lax.scatter_apply", [r.node(v) for v in ins], {}
    kwargs = {"dimension_numbers": _numbers(p["dimension_numbers"]), "mode": _mode(p["mode"])}
    args = [r.node(ins[0]), _indices(r, ins[1]), r.node(ins[2])]
    return path_of(eqn.primitive.name), args, kwargs


def _dot_general(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    numbers = tuple(tuple(tuple(int(i) for i in axes) for axes in pair) for pair in eqn.params["dimension_numbers"])
    kwargs: dict[str, Any] = {"dimension_numbers": numbers}
    preferred = eqn.params.get("preferred_element_type")
    if preferred is not None and len({str(v.aval.dtype) for v in eqn.invars} | {str(preferred)}) > 1:
        kwargs["preferred_element_type"] = str(np.dtype(preferred))
    return "jax.lax.dot_general", [r.node(v) for v in ins], kwargs


def _conv(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    p = eqn.params
    kwargs = {k: plain(p[k]) for k in ("window_strides", "padding")}
    for k in ("lhs_dilation", "rhs_dilation"):
        if any(d != 1 for d in p[k]):
            kwargs[k] = plain(p[k])
    kwargs["dimension_numbers"] = {k: tuple(int(i) for i in v) for k, v in p["dimension_numbers"]._asdict().items()}
    for k in ("feature_group_count", "batch_group_count"):
        if p[k] != 1:
            kwargs[k] = int(p[k])
    preferred = p.get("preferred_element_type")
    if preferred is not None and str(preferred) != str(eqn.invars[0].aval.dtype):
        kwargs["preferred_element_type"] = str(np.dtype(preferred))
    return "jax.lax.conv_general_dilated", [r.node(v) for v in ins], kwargs


def _broadcast(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    shape = tuple(int(d) for d in eqn.params["shape"])
    dims = tuple(int(d) for d in eqn.params["broadcast_dimensions"])
    x = ins[0]
    if isinstance(x, Lit) and x.is_scalar:
        return "jax.lax.full", [shape, x.item()], {"dtype": str(x.value.dtype)}
    if _physical(eqn):
        shape, dims = (*shape, 2), (*dims, len(shape))
    return "jax.lax.broadcast_in_dim", [r.node(x), shape, dims], {}


def _convert(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    dtype = str(np.dtype(eqn.params["new_dtype"]))
    return "jax.lax.convert_element_type", [r.node(ins[0])], {"new_dtype": dtype}


def _bitcast(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    return "jax.lax.bitcast_convert_type", [r.node(ins[0])], {"new_dtype": str(np.dtype(eqn.params["new_dtype"]))}


def _iota(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    p = eqn.params
    shape, dtype = tuple(int(d) for d in p["shape"]), str(np.dtype(p["dtype"]))
    if len(shape) == 1:
        return "jax.lax.iota", [dtype, shape[0]], {}
    return "jax.lax.broadcasted_iota", [dtype, shape, int(p["dimension"])], {}


def _reshape(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    shape = tuple(int(d) for d in eqn.params["new_sizes"]) + ((2,) if _physical(eqn) else ())
    kwargs = {} if eqn.params.get("dimensions") is None else {"dimensions": plain(eqn.params["dimensions"])}
    return "jax.lax.reshape", [r.node(ins[0]), shape], kwargs


def _transpose(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    axes = tuple(int(a) for a in eqn.params["permutation"])
    return "jax.lax.transpose", [r.node(ins[0]), (*axes, len(axes)) if _physical(eqn) else axes], {}


def _slice(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    p = eqn.params
    starts, limits, strides = (plain(p[k]) for k in ("start_indices", "limit_indices", "strides"))
    if _physical(eqn):
        starts, limits, strides = (*starts, 0), (*limits, 2), None if strides is None else (*strides, 1)
    kwargs = {} if strides is None or all(s == 1 for s in strides) else {"strides": tuple(strides)}
    return "jax.lax.slice", [r.node(ins[0]), tuple(starts), tuple(limits)], kwargs


def _starts(r: Recorder, eqn: Any, values: Sequence[Value], extra: bool) -> tuple[Any, ...]:
    found = tuple(int(v.value) if isinstance(v, Lit) else v for v in values)
    return (*found, 0) if extra else found


def _dynamic_slice(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    keys = _physical(eqn)
    sizes = tuple(int(s) for s in eqn.params["slice_sizes"]) + ((2,) if keys else ())
    return "jax.lax.dynamic_slice", [r.node(ins[0]), _starts(r, eqn, ins[1:], keys), sizes], {}


def _dynamic_update_slice(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    starts = _starts(r, eqn, ins[2:], _physical(eqn))
    return "jax.lax.dynamic_update_slice", [r.node(ins[0]), r.node(ins[1]), starts], {}


def _concatenate(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    return "jax.lax.concatenate", [[r.node(v) for v in ins], int(eqn.params["dimension"])], {}


def _select_n(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    if not _physical(eqn, 1):
        which, *cases = ins
        return "jax.lax.select_n", [r.node(which), *operands(r, eqn, cases)], {}
    which = r.node(ins[0])
    if which.aval.ndim:
        shape = (*which.aval.shape, 1)
        which = r.call("jax.lax.reshape", [which, shape], {}, Aval(shape, which.aval.dtype))
    return "jax.lax.select_n", [which, *(r.node(v) for v in ins[1:])], {}


def _pad(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    value = ins[1].item() if isinstance(ins[1], Lit) else ins[1]
    config = tuple(tuple(int(i) for i in c) for c in eqn.params["padding_config"])
    return "jax.lax.pad", [r.node(ins[0]), value, config], {}


def _sort(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    p = eqn.params
    kwargs = {"dimension": int(p["dimension"])}
    if p["num_keys"] != 1:
        kwargs["num_keys"] = int(p["num_keys"])
    return "jax.lax.sort", [tuple(r.node(v) for v in ins)], kwargs


def _position(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    args = [r.node(ins[0]), int(eqn.params["axes"][0]), str(np.dtype(eqn.params["index_dtype"]))]
    return path_of(eqn.primitive.name), args, {}


def _approx_top_k(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    p = eqn.params
    kwargs = {"reduction_dimension": int(p["reduction_dimension"])}
    name = "approx_max_k" if p["is_max_k"] else "approx_min_k"
    return f"jax.lax.{name}", [r.node(ins[0]), int(p["k"])], kwargs


def _round(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    return "jax.lax.round", [r.node(ins[0]), int(eqn.params["rounding_method"])], {}


def _fft(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    return "jax.lax.fft", [r.node(ins[0]), eqn.params["fft_type"].name, plain(eqn.params["fft_lengths"])], {}


def _squeeze(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    return "jax.lax.squeeze", [r.node(ins[0]), plain(eqn.params["dimensions"])], {}


def _integer_pow(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    return "jax.lax.integer_pow", [r.node(ins[0]), int(eqn.params["y"])], {}


def _reduction(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    return path_of(eqn.primitive.name), [r.node(ins[0]), plain(tuple(eqn.params["axes"]))], {}


def _cumulative(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    kwargs = {"axis": int(eqn.params["axis"])}
    if eqn.params["reverse"]:
        kwargs["reverse"] = True
    return path_of(eqn.primitive.name), [r.node(ins[0])], kwargs


def _windows(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    kwargs = {k: plain(v) for k, v in eqn.params.items() if k not in _DROPPED and "prim" not in k}
    if "select_prim" in eqn.params:
        kwargs["select"] = eqn.params["select_prim"].name
    return path_of(eqn.primitive.name), [r.node(v) for v in ins], kwargs


def _stacked(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    return "jax.lax.stack", [[r.node(v) for v in ins]], {"axis": int(eqn.params["axis"])}


def _ragged_dot(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    p = eqn.params
    numbers = {k: plain(v) for k, v in vars(p["ragged_dot_dimension_numbers"]).items() if not k.startswith("__")}
    kwargs: dict[str, Any] = {"ragged_dot_dimension_numbers": numbers}
    if p.get("preferred_element_type") is not None:
        kwargs["preferred_element_type"] = str(np.dtype(p["preferred_element_type"]))
    if p.get("group_offset") is not None:
        kwargs["group_offset"] = plain(p["group_offset"])
    return "jax.lax.ragged_dot_general", [r.node(v) for v in ins], kwargs


# -- random numbers: always on raw keys -------------------------------------------------------------------------------


def _need_threefry(r: Recorder, impl: Any) -> None:
    name = getattr(impl, "name", str(impl))
    why = None
    if name not in ("threefry2x32", "fry"):
        why = f"keys of the generator {name!r} have no translation; use threefry2x32"
    elif not jax.config.jax_threefry_partitionable:
        why = "only numbers of jax_threefry_partitionable=True, JAX's default, are reproduced"
    if why:
        places = (SourceLocation(r.loc.file, r.loc.line, r.loc.function),) if r.loc else ()
        raise UnsupportedOpError([UnsupportedCall("jax.random.key", locations=places, reason=why)], source="jax")


def _random_seed(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    _need_threefry(r, eqn.params["impl"])
    seed = ins[0]
    return "jax.random.PRNGKey", [seed.item() if isinstance(seed, Lit) and seed.is_scalar else r.node(seed)], {}


def _random_bits(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    _need_threefry(r, eqn.invars[0].aval.dtype._impl)
    width = int(eqn.params["bit_width"])
    return "jax.random.bits", [r.node(ins[0]), plain(eqn.params["shape"])], {"dtype": f"uint{width}"}


def _random_split(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    _need_threefry(r, eqn.invars[0].aval.dtype._impl)
    shape = plain(eqn.params["shape"])
    return "jax.random.split", [r.node(ins[0]), shape[0] if len(shape) == 1 else shape], {}


def _random_fold_in(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    _need_threefry(r, eqn.invars[0].aval.dtype._impl)
    data = ins[1]
    return (
        "jax.random.fold_in",
        [r.node(ins[0]), data.item() if isinstance(data, Lit) and data.is_scalar else r.node(data)],
        {},
    )


def _threefry(r: Recorder, eqn: Any, ins: list[Value]) -> Written:
    return "jax.random.threefry2x32_p", [r.node(v) for v in ins], {}


_WRITERS: dict[str, Callable[[Recorder, Any, list[Value]], Written]] = {
    "gather": _gather,
    "dot_general": _dot_general,
    "ragged_dot_general": _ragged_dot,
    "conv_general_dilated": _conv,
    "broadcast_in_dim": _broadcast,
    "convert_element_type": _convert,
    "bitcast_convert_type": _bitcast,
    "iota": _iota,
    "reshape": _reshape,
    "transpose": _transpose,
    "squeeze": _squeeze,
    "slice": _slice,
    "dynamic_slice": _dynamic_slice,
    "dynamic_update_slice": _dynamic_update_slice,
    "concatenate": _concatenate,
    "stack": _stacked,
    "select_n": _select_n,
    "pad": _pad,
    "sort": _sort,
    "argmax": _position,
    "argmin": _position,
    "approx_top_k": _approx_top_k,
    "round": _round,
    "fft": _fft,
    "integer_pow": _integer_pow,
    "random_seed": _random_seed,
    "random_bits": _random_bits,
    "random_split": _random_split,
    "random_fold_in": _random_fold_in,
    "threefry2x32": _threefry,
    **{f"scatter{kind}": _scatter for kind in ("", "-add", "_sub", "-sub", "-mul", "-min", "-max")},
    **{f"reduce_{kind}": _reduction for kind in ("sum", "prod", "max", "min", "and", "or", "xor")},
    **{f"cum{kind}": _cumulative for kind in ("sum", "prod", "max", "min", "logsumexp")},
    **{f"reduce_window_{kind}": _windows for kind in ("sum", "max", "min")},
    "select_and_scatter_add": _windows,
    "select_and_gather_add": _windows,
}

# Written under another name than the primitive's, so that `path_of` does not tell.
_SPECIAL = frozenset({"approx_top_k", "random_bits", "random_seed", "random_split", "random_fold_in", "threefry2x32"})
