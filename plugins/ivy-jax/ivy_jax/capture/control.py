"""Equations with jaxprs inside: calls that are inlined, loops, branches and functions with their own derivative."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax.extend import core as jex_core

from ivy.errors import CaptureError
from ivy.graph.aval import Aval
from ivy.graph.node import Node
from ivy_jax.capture import private
from ivy_jax.capture.parts import record_part
from ivy_jax.capture.recorder import Lit, Recorder, Value, out_avals

__all__ = ["STRUCTURED", "UNSUPPORTED"]

Structured = Callable[[Recorder, Any, "list[Value]"], "list[Value]"]


def _same(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    """An equation that only steers XLA: its results are its operands."""
    return list(ins)


def _inlined(parameter: str) -> Structured:
    return lambda r, eqn, ins: r.inline(eqn.params[parameter], ins)


def _jit(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    return r.inline(eqn.params["jaxpr"], ins)


def _checkpoint(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    if eqn.params.get("differentiated"):  # within a derivative that JAX has taken: it is the second computation
        return r.inline(eqn.params["jaxpr"], ins)
    region = r.subgraph("region", eqn.params["jaxpr"], (), shape_output=_one_or_tuple)
    node = r.call("jax.checkpoint", (region, *map(r.node, ins)), {}, _one_or_tuple(tuple(out_avals(eqn))))
    return [node] if len(eqn.outvars) == 1 else list(r.parts(node))


def _placed(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    r.root.graph.note("ignored", f"jax.{eqn.primitive.name}", "the target decides where arrays are", r.loc)
    return _same(r, eqn, ins)


def _dropped(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    if eqn.params.get("ordered"):
        return _refused("has ordered side effects")(r, eqn, ins)
    r.warn(f"jax.{eqn.primitive.name} is left out of the captured graph")
    return []


def _refused(reason: str) -> Structured:
    """Record a call that no frontend function serves, so that all of them are reported together."""

    def record(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
        node = r.call(f"jax.{eqn.primitive.name}", [r.node(v) for v in ins], {}, tuple(out_avals(eqn)))
        node.meta["reason"] = reason
        return list(r.parts(node))

    return record


# -- loops and branches -----------------------------------------------------------------------------------------------


def _nest(r: Recorder, node: Node) -> list[Value]:
    """Add item nodes for a result that is a tuple of arrays or of tuples of arrays, in order."""
    found: list[Value] = []
    for i, part in enumerate(node.out):
        piece = r.item(node, i, part)
        found += [piece] if type(part) is Aval else _nest(r, piece)
    return found


def _scan(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    p = eqn.params
    # the parameters of scan in JAX 0.10; num_xs follows from the operands
    consts, carry = int(p["num_consts"]), int(p["num_carry"])
    bound, init, xs = ins[:consts], ins[consts : consts + carry], ins[consts + carry :]
    body = r.subgraph(
        "body",
        p["jaxpr"],
        bound,
        lambda nodes: (tuple(nodes[:carry]), tuple(nodes[carry:])),
        lambda outs: (tuple(outs[:carry]), tuple(outs[carry:])),
    )
    avals = out_avals(eqn)
    kwargs: dict[str, Any] = {}
    if not xs:
        kwargs["length"] = int(p["length"])
    if p["reverse"]:
        kwargs["reverse"] = True
    args = (body, tuple(r.node(v) for v in init), tuple(r.node(v) for v in xs))
    node = r.call("jax.lax.scan", args, kwargs, (tuple(avals[:carry]), tuple(avals[carry:])))
    return _nest(r, node)


def _while(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    p = eqn.params
    n_cond, n_body = int(p["cond_nconsts"]), int(p["body_nconsts"])
    init = ins[n_cond + n_body :]

    def one_argument(nodes: list[Node]) -> Any:
        return (tuple(nodes),)

    test_jaxpr, body_jaxpr = p["cond_jaxpr"], p["body_jaxpr"]
    for_test, for_body = ins[:n_cond], ins[n_cond : n_cond + n_body]
    if test_jaxpr.out_avals[0].shape:
        test_jaxpr, body_jaxpr = _of_batches(test_jaxpr, body_jaxpr, n_cond, n_body)
        for_test = for_body = ins[: n_cond + n_body]
    test = r.subgraph("cond", test_jaxpr, for_test, one_argument)
    body = r.subgraph("body", body_jaxpr, for_body, one_argument, tuple)
    avals = tuple(out_avals(eqn))
    node = r.call("jax.lax.while_loop", (test, body, tuple(r.node(v) for v in init)), {}, avals)
    return _nest(r, node)


def _of_batches(test: Any, body: Any, n_cond: int, n_body: int) -> tuple[Any, Any]:
    """Return the jaxprs of a loop under vmap, which runs while any of its elements does and keeps the others' state."""
    run_test, run_body = jex_core.jaxpr_as_fun(test), jex_core.jaxpr_as_fun(body)
    state = [jax.ShapeDtypeStruct(a.shape, a.dtype) for a in body.in_avals]
    consts = [jax.ShapeDtypeStruct(a.shape, a.dtype) for a in test.in_avals[:n_cond]]

    def new_test(*xs: Any) -> Any:
        found = run_test(*xs[:n_cond], *xs[n_cond + n_body :])[0]
        return jax.lax.reduce_or(found, tuple(range(found.ndim)))

    def new_body(*xs: Any) -> Any:
        before = xs[n_cond + n_body :]
        going = run_test(*xs[:n_cond], *before)[0]
        after = run_body(*xs[n_cond:])
        return [
            jax.lax.select(jax.lax.broadcast_in_dim(going, b.shape, tuple(range(going.ndim))), a, b)
            for a, b in zip(after, before)
        ]

    return jax.make_jaxpr(new_test)(*consts, *state), jax.make_jaxpr(new_body)(*consts, *state)


def _cond(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    index, operands = ins[0], ins[1:]
    branches = eqn.params["branches"]
    if isinstance(index, Lit):
        chosen = min(max(int(index.value), 0), len(branches) - 1)
        return r.inline(branches[chosen], operands)
    avals = tuple(out_avals(eqn))
    nodes = tuple(r.node(v) for v in operands)
    graphs = [r.subgraph(f"branch_{i}", b, (), shape_output=tuple) for i, b in enumerate(branches)]
    pred = _predicate(index)
    if len(branches) == 2 and pred is not None:
        graphs[0].name, graphs[1].name = "if_false", "if_true"
        node = r.call("jax.lax.cond", (pred, graphs[1], graphs[0], *nodes), {}, avals)
    else:
        node = r.call("jax.lax.switch", (index, graphs, *nodes), {}, avals)
    return _nest(r, node)


def _predicate(index: Node) -> Any:
    """Return the boolean that was cast to the index, as lax.cond does."""
    if index.fn == "jax.lax.convert_element_type" and isinstance(index.args[0], Node):
        source = index.args[0]
        if type(source.out) is Aval and source.out.dtype == "bool":
            return source
    return None


def _platform(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    """Choose the code for any platform, else that for the CPU."""
    platforms = list(eqn.params["platforms"])
    for wanted in (lambda p: p is None, lambda p: "cpu" in p):
        for i, p in enumerate(platforms):
            if wanted(p):
                return [Lit(np.int32(i))]
    return [Lit(np.int32(0))]


def _guard(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    """Note a value that Python code has asked for."""
    if ins:
        r.graph.nodes.append(
            Node("guard", args=(r.node(ins[0]), eqn.params["expected"].value), loc=r.loc, scope=r.scope)
        )
    return []


# -- functions with their own derivative ------------------------------------------------------------------------------


def _with_derivative(primal: Callable[[Any, list[Value]], Any]) -> Structured:
    """Record a function together with the derivative that JAX has for it: primal, forward and backward graphs.

    The forward and backward graphs come from `jax.vjp` of the equation itself, so custom_jvp, custom_vjp and linear
    solves are one case. Inside of these graphs the derivative rules are not recorded again: first derivatives are
    JAX's, second ones differentiate the rule as it is written.
    """

    def record(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
        if not r.derivatives or not any(_inexact(v) for v in eqn.invars):
            return r.inline(*primal(eqn, ins))
        found = _custom_vjp(r, eqn, ins)
        return r.inline(*primal(eqn, ins)) if found is None else found

    return record


def _inexact(v: Any) -> bool:
    return not private.is_key_dtype(v.aval.dtype) and jax.dtypes.issubdtype(v.aval.dtype, np.inexact)


def _custom_vjp(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value] | None:
    which = [i for i, v in enumerate(eqn.invars) if _inexact(v)]
    avals = [_struct(v) for v in eqn.invars]
    outs = [_struct(v) for v in eqn.outvars]
    n_out = len(outs)
    store: dict[str, Any] = {}

    def forward(*xs: Any) -> Any:
        def of_inexact(*chosen: Any) -> tuple[Any, ...]:
            full = list(xs)
            for i, x in zip(which, chosen):
                full[i] = x
            return tuple(private.bind(eqn, full))

        results, pull = jax.vjp(of_inexact, *(xs[i] for i in which))
        residuals, store["pull"] = jax.tree.flatten(pull)
        return (*results, *residuals)

    def backward(*given: Any) -> Any:
        residuals, cotangents = given[: len(given) - n_out], given[len(given) - n_out :]
        pull = jax.tree.unflatten(store["pull"], residuals)
        floats = [
            c if jax.dtypes.issubdtype(c.dtype, np.inexact) else np.zeros(c.shape, jax.dtypes.float0)
            for c in cotangents
        ]
        return pull(tuple(floats))

    before, r.derivatives = r.derivatives, False
    if eqn.params.get("symbolic_zeros"):  # it is told by which operands, and may refuse some; once it has, it is broken
        which[:] = _accepted(forward, which, avals)
    try:
        fun = r.trace("primal", lambda *xs: tuple(private.bind(eqn, list(xs))), avals, shape_output=_one_or_tuple)
        try:
            forward_jaxpr = jax.make_jaxpr(forward)(*avals)
        except Exception as error:  # a rule may refuse derivatives with respect to some of its operands
            which[:] = _accepted(forward, which, avals)
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            why = f"JAX refuses its derivative by some operands, which the converted code does not ({reason})"
            r.root.graph.note("changed", _name(eqn) or eqn.primitive.name, why, r.loc)
            if not which:
                return None
            forward_jaxpr = jax.make_jaxpr(forward)(*avals)
        if any(isinstance(c, jax.core.Tracer) for c in forward_jaxpr.consts):
            raise CaptureError(
                f"the derivative rule of {_name(eqn) or 'a function'} uses a traced array from outside of the function",
                where=None if r.loc is None else str(r.loc),
                hint="pass the array to the function as an argument, as jax.grad of a jitted function needs it too",
            )
        residuals = [jax.ShapeDtypeStruct(a.shape, a.dtype) for a in forward_jaxpr.out_avals[n_out:]]
        fwd = r.subgraph("fwd", forward_jaxpr, (), shape_output=lambda o: (_one_or_tuple(o[:n_out]), tuple(o[n_out:])))
        bwd = r.trace(
            "bwd",
            backward,
            [*residuals, *outs],
            shape_inputs=lambda nodes: (tuple(nodes[: len(nodes) - n_out]), _one_or_tuple(nodes[len(nodes) - n_out :])),
            shape_output=lambda found: _spread(found, which, len(ins)),
        )
    finally:
        r.derivatives = before
    out = tuple(out_avals(eqn))
    node = r.call("jax.custom_vjp", (fun, fwd, bwd, *(r.node(v) for v in ins)), {}, _one_or_tuple(out), _name(eqn))
    return [node] if n_out == 1 else list(r.parts(node))


def _accepted(forward: Callable[..., Any], which: list[int], avals: list[Any]) -> list[int]:
    """Return those operands that a function can be differentiated by, one at a time."""
    every, found = list(which), []
    for i in every:
        which[:] = [i]
        try:
            jax.eval_shape(forward, *avals)
        except Exception:
            continue
        found.append(i)
    return found


def _struct(v: Any) -> Any:
    return jax.ShapeDtypeStruct(v.aval.shape, v.aval.dtype)


def _one_or_tuple(xs: Any) -> Any:
    return xs[0] if len(xs) == 1 else tuple(xs)


def _spread(gradients: list[Any], which: list[int], n: int) -> tuple[Any, ...]:
    """Put the gradients in their operands' places, None in the others."""
    found: list[Any] = [None] * n
    for i, g in zip(which, gradients):
        found[i] = g
    return tuple(found)


def _name(eqn: Any) -> str:
    inner = eqn.params.get("call_jaxpr")
    info = getattr(getattr(inner, "jaxpr", inner), "debug_info", None)
    name = str(getattr(info, "func_name", "") or "")
    return name if name.isidentifier() else ""


def _call_jaxpr(eqn: Any, ins: list[Value]) -> Any:
    return eqn.params["call_jaxpr"], ins


def _solve_jaxpr(eqn: Any, ins: list[Value]) -> Any:
    lengths = eqn.params["const_lengths"]
    at = lengths.matvec + lengths.vecmat
    total = sum(lengths)
    return eqn.params["jaxprs"].solve, [*ins[at : at + lengths.solve], *ins[total:]]


def _random_gamma(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    """Record the rejection loop that JAX itself runs for gamma variates."""
    from jax._src.random import core as jax_random  # the primitive's own implementation; there is no public way

    avals = [_struct(v) for v in eqn.invars]
    log_space = bool(eqn.params["log_space"])
    closed = jax.make_jaxpr(lambda k, a: jax_random._gamma_impl(k, a, log_space=log_space))(*avals)
    return r.inline(closed, ins)


def _reduce(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    half = len(ins) // 2
    computation = _on_rows(r.subgraph("computation", eqn.params["jaxpr"], (), _pairs(half), _one_or_tuple))
    axes = tuple(int(d) for d in eqn.params["dimensions"])
    return _monoid(r, eqn, "jax.lax.reduce", ins, computation, (axes,), {})


def _reduce_window(r: Recorder, eqn: Any, ins: list[Value]) -> list[Value]:
    p = eqn.params
    computation = _on_rows(r.subgraph("computation", p["jaxpr"], (), _pairs(len(ins) // 2), _one_or_tuple))
    keys = ("window_strides", "padding", "base_dilation", "window_dilation")
    window = tuple(int(k) for k in p["window_dimensions"])
    return _monoid(r, eqn, "jax.lax.reduce_window", ins, computation, (window,), {k: tuple(p[k]) for k in keys})


def _on_rows(computation: Any) -> Any:
    """Say that a function of scalars is called on whole rows: its calls have other shapes than when traced."""
    for node in computation.nodes:
        node.meta["untyped"] = True
    return computation


def _pairs(n: int) -> Callable[[list[Node]], Any]:
    return lambda nodes: tuple(nodes) if n == 1 else (tuple(nodes[:n]), tuple(nodes[n:]))


def _monoid(r: Recorder, eqn: Any, path: str, ins: list[Value], fn: Any, rest: Any, kwargs: Any) -> list[Value]:
    nodes = [r.node(v) for v in ins]
    half = len(nodes) // 2
    out = tuple(out_avals(eqn))
    operands, inits = _one_or_tuple(nodes[:half]), _one_or_tuple(nodes[half:])
    node = r.call(path, (operands, inits, fn, *rest), kwargs, _one_or_tuple(out))
    return [node] if half == 1 else list(r.parts(node))


_TRANSPARENT = "copy copy_p device_put name pvary optimization_barrier random_wrap random_unwrap random_clone stage"
_AXES = "collective operations over named axes have no translation"
_HOST = "it calls back into Python on the host"

_XLA_BITS = "its numbers are defined by XLA's backend; use jax.random"

UNSUPPORTED: dict[str, Structured] = {
    name: _refused(reason)
    for reason, names in {
        _HOST: "pure_callback io_callback ffi_call custom_partitioning",
        _AXES: "psum pmax pmin all_gather all_to_all ppermute axis_index psum_scatter shard_map psum_invariant psum2 "
        "reduce_scatter ragged_all_to_all",
        "hand-written kernels have no translation": "pallas_call",
        _XLA_BITS: "rng_bit_generator rng_uniform",
    }.items()
    for name in names.split()
}
"""Primitives that no frontend function can serve, and how they are recorded, so that all are reported together."""

STRUCTURED: dict[str, Structured] = {
    "ivy_part": record_part,
    "jit": _jit,
    "pjit": _jit,
    "closed_call": _inlined("call_jaxpr"),
    "core_call": _inlined("call_jaxpr"),
    "remat2": _checkpoint,
    "checkpoint": _checkpoint,
    "custom_vmap_call": _inlined("call"),
    "composite": _inlined("jaxpr"),
    "scan": _scan,
    "while": _while,
    "cond": _cond,
    "platform_index": _platform,
    "ivy_guard": _guard,
    "reduce": _reduce,
    "reduce_window": _reduce_window,
    "custom_jvp_call": _with_derivative(_call_jaxpr),
    "custom_vjp_call": _with_derivative(_call_jaxpr),
    "custom_linear_solve": _with_derivative(_solve_jaxpr),
    "random_gamma": _random_gamma,
    "debug_callback": _dropped,
    "debug_print": _dropped,
    "dce_sink": lambda r, eqn, ins: [],
    **dict.fromkeys(_TRANSPARENT.split(), _same),
    "sharding_constraint": _placed,
    "mesh_cast": _placed,
    **UNSUPPORTED,
}
