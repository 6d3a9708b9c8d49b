"""Getting public functions back from what they are traced to, so that a target can use its own fused ones.

`jax.nn.silu` is a `jit` equation named silu, `jax.nn.softmax` eight plain equations. Either way the candidate is traced
again, with the same abstract operands, and taken only if its equations are the very same: a user's function of the same
name never is. Equality covers primitives, parameters, literals, the flow of values and, for functions with custom
derivatives, where their rules are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from ivy.graph.interpret import locate
from ivy.graph.node import map_nested
from ivy_jax.capture import private
from ivy_jax.capture.recorder import Recorder, Value, out_avals

__all__ = ["Match", "match_sequence"]


@dataclass(frozen=True)
class _Op:
    """The i-th operand in a candidate's arguments."""

    i: int


Candidate = tuple[str, tuple[Any, ...], dict[str, Any]]


# -- fingerprints -----------------------------------------------------------------------------------------------------


def _freeze(x: Any) -> Any:
    """Return a hashable stand-in for a parameter that is equal for equal ones."""
    if hasattr(x, "eqns") or hasattr(x, "jaxpr"):
        jaxpr, consts = private.open_jaxpr(x)
        frozen_consts = tuple(np.asarray(c).tobytes() if np.size(c) < 64 else id(c) for c in consts)
        return ("jaxpr", _fingerprint(jaxpr.eqns, [*jaxpr.constvars, *jaxpr.invars], jaxpr.outvars)[0], frozen_consts)
    if isinstance(x, (tuple, list)):
        return tuple(_freeze(v) for v in x)
    if isinstance(x, dict):
        return tuple((k, _freeze(v)) for k, v in x.items())
    if isinstance(x, np.generic):
        return x.item()
    info = getattr(x, "debug_info", None)
    if info is not None:
        return ("rule", info.func_src_info)
    if callable(x) and not isinstance(x, type):
        return "callable"
    try:
        hash(x)
    except TypeError:
        return repr(x)
    return x


_IGNORED_PARAMS = frozenset(
    {
        "ctx_mesh",
        "donated_invars",
        "in_layouts",
        "out_layouts",
        "in_shardings",
        "out_shardings",
        "keep_unused",
        "compiler_options_kvs",
        "inline",
    }
)


def _fingerprint(eqns: Any, inputs: Any, outputs: Any) -> tuple[Any, list[Any]]:
    """Return a key that is equal for equal computations, and the free variables in the order of their first use."""
    number: dict[Any, int] = {}
    free: list[Any] = []
    declared = None if inputs is None else {v: i for i, v in enumerate(inputs)}

    def read(v: Any) -> Any:
        if isinstance(v, private.Literal):
            value = np.asarray(v.val, dtype=v.aval.dtype)
            return ("literal", str(v.aval.dtype), value.tobytes(), bool(v.aval.weak_type))
        if v not in number:
            if declared is not None:
                number[v] = -1 - declared[v]
            else:
                number[v] = len(number)
                free.append(v)
        return number[v]

    rows = []
    for eqn in eqns:
        ins = tuple(read(v) for v in eqn.invars)
        params = tuple((k, _freeze(v)) for k, v in sorted(eqn.params.items()) if k not in _IGNORED_PARAMS)
        outs = []
        for v in eqn.outvars:
            number[v] = len(number)
            outs.append((number[v], tuple(v.aval.shape), str(v.aval.dtype)))
        rows.append((eqn.primitive.name, ins, params, tuple(outs)))
    return (tuple(rows), tuple(read(v) for v in outputs)), free


@dataclass
class _Template:
    """What a public function is traced to on given abstract operands."""

    names: tuple[str, ...]
    key: Any
    order: tuple[int, ...]


_FLOAT_DEFAULTS = frozenset({"jax.numpy.clip"})


def _template(candidate: Candidate, avals: list[Any]) -> _Template | None:
    """Trace a candidate; None if it does not take such operands or gives constants of its own."""
    path, args, kwargs = candidate
    if path in _FLOAT_DEFAULTS or (path.startswith("jax.nn.") and path != "jax.nn.one_hot"):
        if not all(jax.numpy.issubdtype(a.dtype, jax.numpy.inexact) for a in avals[:1]):
            return None  # JAX's own defaults for integers and booleans are in the equations alone
    fn = locate(path)

    def traced(*xs: Any) -> Any:
        def put(v: Any) -> Any:
            return xs[v.i] if isinstance(v, _Op) else v

        return fn(*map_nested(args, put), **map_nested(kwargs, put))

    try:
        closed = jax.make_jaxpr(traced)(*avals)
    except Exception:  # whatever it says: this is not the call that we look for
        return None
    jaxpr = closed.jaxpr
    if closed.consts or len(jaxpr.outvars) != 1:
        return None
    key, free = _fingerprint(jaxpr.eqns, None, jaxpr.outvars)
    place = {v: i for i, v in enumerate(jaxpr.invars)}
    if len(free) != len(jaxpr.invars):
        return None
    return _Template(tuple(e.primitive.name for e in jaxpr.eqns), key, tuple(place[v] for v in free))


_templates: dict[Any, _Template | None] = {}


def _template_for(candidate: Candidate, variables: list[Any]) -> _Template | None:
    avals = [jax.ShapeDtypeStruct(v.aval.shape, v.aval.dtype, weak_type=bool(v.aval.weak_type)) for v in variables]
    key = (
        candidate[0],
        _freeze(candidate[1]),
        _freeze(candidate[2]),
        bool(jax.config.jax_enable_x64),
        tuple((a.shape, str(a.dtype), a.weak_type) for a in avals),
    )
    if key not in _templates:
        _templates[key] = _template(candidate, avals)
    return _templates[key]


# -- matching ---------------------------------------------------------------------------------------------------------


@dataclass
class Match:
    """A stretch of equations that is one public call."""

    path: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    count: int
    operands: list[Any]
    outvar: Any
    last: Any

    def emit(self, r: Recorder, values: list[Value]) -> Value:
        """Record the call."""
        from ivy_jax.capture.recorder import Lit

        dtypes = {str(v.out.dtype) for v in values if not isinstance(v, Lit)}

        def put(v: Any) -> Any:
            if isinstance(v, np.generic):
                return v.item() if str(v.dtype) in dtypes else r.const(np.asarray(v), "value")
            if not isinstance(v, _Op):
                return v
            value = values[v.i]
            if isinstance(value, Lit) and value.is_scalar and (value.weak or str(value.value.dtype) in dtypes):
                return value.item()
            return r.node(value)

        args = map_nested(self.args, put)
        kwargs = map_nested(self.kwargs, put)
        return r.call(self.path, args, kwargs, out_avals(self.last)[0])


def match_sequence(jaxpr: Any, start: int) -> Match | None:
    """Find the public call that the equations from `start` on are, if it is one that a target may fuse.

    Args:
        jaxpr: the jaxpr being recorded.
        start: index of an equation.
    """
    eqn = jaxpr.eqns[start]
    makers = _by_name(eqn)
    if not makers:
        return None
    for maker in makers:
        for candidate, variables in maker(eqn):
            template = _template_for(candidate, variables)
            found = template and _compare(jaxpr, start, template, candidate, variables)
            if found:
                return found
    return None


def _compare(jaxpr: Any, start: int, template: _Template, candidate: Candidate, variables: list[Any]) -> Match | None:
    count = len(template.names)
    eqns = jaxpr.eqns[start : start + count]
    if tuple(e.primitive.name for e in eqns) != template.names:
        return None
    last = eqns[-1]
    if len(last.outvars) != 1:
        return None
    key, free = _fingerprint(eqns, None, last.outvars)
    if key != template.key or [variables[i] for i in template.order] != free:
        return None
    if count > 1 and not _private_results(jaxpr, start, count):
        return None
    from ivy_jax.frontend import supports

    path, args, kwargs = candidate
    if not supports(path):
        return None
    return Match(path, args, kwargs, count, list(variables), last.outvars[0], last)


def _private_results(jaxpr: Any, start: int, count: int) -> bool:
    """Whether the results of all equations but the last are used in the stretch alone."""
    inside = {v for e in jaxpr.eqns[start : start + count - 1] for v in e.outvars}
    rest = [v for e in jaxpr.eqns[start + count :] for v in e.invars] + list(jaxpr.outvars)
    return not any(v in inside for v in rest if not isinstance(v, private.Literal))


# -- candidates -------------------------------------------------------------------------------------------------------

Maker = Callable[[Any], Iterator[tuple[Candidate, list[Any]]]]


def _variables(eqn: Any) -> list[Any]:
    found = []
    for v in eqn.invars:
        if not isinstance(v, private.Literal) and v not in found:
            found.append(v)
    return found


def _argument(eqn: Any, i: int, variables: list[Any]) -> Any:
    """Return the i-th operand as a candidate's argument: a placeholder, or the number that it is."""
    v = eqn.invars[i]
    if isinstance(v, private.Literal):
        value = np.asarray(v.val, dtype=v.aval.dtype)
        return value.item() if v.aval.weak_type else value[()]
    return _Op(variables.index(v))


def _plain(path: str) -> Maker:
    """The function with the equation's operands and nothing else."""

    def make(eqn: Any) -> Iterator[tuple[Candidate, list[Any]]]:
        variables = _variables(eqn)
        yield (path, tuple(_argument(eqn, i, variables) for i in range(len(eqn.invars))), {}), variables

    return make


def _inner(eqn: Any) -> Iterator[Any]:
    jaxpr, _ = private.open_jaxpr(eqn.params["jaxpr"])
    yield from jaxpr.eqns


def _axes_of(eqn: Any) -> list[int] | None:
    for inner in _inner(eqn):
        if inner.primitive.name.startswith("reduce_") and "axes" in inner.params:
            return [int(a) for a in inner.params["axes"]]
    return None


def _along(path: str, *options: dict[str, Any]) -> Maker:
    """A function of an array and an axis, which is that of the first reduction inside."""

    def make(eqn: Any) -> Iterator[tuple[Candidate, list[Any]]]:
        axes = _axes_of(eqn)
        if axes is None:
            return
        variables = _variables(eqn)
        args = tuple(_argument(eqn, i, variables) for i in range(len(eqn.invars)))
        for option in options or ({},):
            yield (path, args, {"axis": axes[0] if len(axes) == 1 else tuple(axes), **option}), variables

    return make


def _one_hot(eqn: Any) -> Iterator[tuple[Candidate, list[Any]]]:
    variables = _variables(eqn)
    out = eqn.outvars[0].aval
    rank = len(eqn.invars[0].aval.shape)
    if len(out.shape) != rank + 1:
        return
    for axis in dict.fromkeys([-1, *range(rank)]):
        kwargs = {"dtype": str(out.dtype)} | ({} if axis == -1 else {"axis": axis})
        yield ("jax.nn.one_hot", (_argument(eqn, 0, variables), int(out.shape[axis])), kwargs), variables


def _variance(path: str) -> Maker:
    def make(eqn: Any) -> Iterator[tuple[Candidate, list[Any]]]:
        axes = _axes_of(eqn)
        if axes is None or len(eqn.invars) != 2 or not isinstance(eqn.invars[1], private.Literal):
            return
        variables = _variables(eqn)
        ddof = np.asarray(eqn.invars[1].val).item()
        axis: Any = axes[0] if len(axes) == 1 else tuple(axes)
        for keepdims in (False, True):
            kwargs = {"axis": axis, "keepdims": keepdims} | ({"correction": ddof} if ddof else {})
            yield (path, (_Op(0),), {k: v for k, v in kwargs.items() if v is not False}), variables

    return make


def _clip(eqn: Any) -> Iterator[tuple[Candidate, list[Any]]]:
    variables = _variables(eqn)
    args = tuple(_argument(eqn, i, variables) for i in range(len(eqn.invars)))
    yield ("jax.numpy.clip", args, {}), variables


def _softmax_like(eqn: Any) -> Iterator[tuple[Candidate, list[Any]]]:
    """What begins with a maximum: softmax, logsumexp."""
    axes = [int(a) for a in eqn.params["axes"]]
    axis: Any = axes[0] if len(axes) == 1 else tuple(axes)
    rank = len(eqn.invars[0].aval.shape)
    variables = _variables(eqn)
    if len(variables) != 1:
        return
    yield ("jax.nn.softmax", (_Op(0),), {"axis": axis}), variables
    for kwargs in ({"axis": axis}, {"axis": axis, "keepdims": True}):
        yield ("jax.nn.logsumexp", (_Op(0),), kwargs), variables
    if len(axes) == rank:
        yield ("jax.nn.logsumexp", (_Op(0),), {}), variables


def _sequence(path: str, *options: dict[str, Any]) -> Maker:
    def make(eqn: Any) -> Iterator[tuple[Candidate, list[Any]]]:
        variables = _variables(eqn)
        if len(variables) == 1:
            for option in options or ({},):
                yield (path, (_Op(0),), option), variables

    return make


_JITTED: dict[str, list[Maker]] = {
    **{
        name: [_plain(f"jax.nn.{name}")]
        for name in (
            "relu6", "silu", "mish", "log_sigmoid", "softplus", "hard_tanh", "elu", "selu", "celu", "leaky_relu",
            "hard_sigmoid", "hard_silu", "soft_sign", "squareplus", "sparse_plus", "relu", "identity", "hard_swish",
        )
    },
    "swish": [_plain("jax.nn.silu")],
    "log_softmax": [_along("jax.nn.log_softmax")],
    "glu": [_plain("jax.nn.glu")],
    "_one_hot": [_one_hot],
    "_where": [_plain("jax.numpy.where")],
    "clip": [_clip],
    "_var": [_variance("jax.numpy.var")],
    "_std": [_variance("jax.numpy.std")],
    **{
        name: [_plain(f"jax.numpy.{name}")]
        for name in ("remainder", "floor_divide", "nan_to_num", "sinc", "isinf", "isposinf", "isneginf", "hypot",
                     "fmod", "deg2rad", "rad2deg", "heaviside", "float_power", "true_divide", "log2", "log10",
                     "trunc", "sign", "isclose", "square", "cbrt", "copysign", "logaddexp", "tril", "triu")
    },
    **{
        name: [_plain(f"jax.numpy.linalg.{name}")] for name in ("solve", "inv", "det", "pinv")
    },
    "take_along_axis": [],
}  # fmt: skip

_CUSTOM: dict[str, list[Maker]] = {
    "relu": [_plain("jax.nn.relu")],
    "relu6": [_plain("jax.nn.relu6")],
    "silu": [_plain("jax.nn.silu")],
    "logaddexp": [_plain("jax.numpy.logaddexp")],
}

_ANCHORS: dict[str, list[Maker]] = {
    "reduce_max": [_softmax_like],
    "integer_pow": [_sequence("jax.nn.gelu", {})],
    "neg": [_sequence("jax.nn.gelu", {"approximate": False})],
    "div": [_sequence("jax.nn.gelu", {"approximate": False})],
    "mul": [_sequence("jax.nn.gelu", {"approximate": False})],
}


def _by_name(eqn: Any) -> list[Maker]:
    name = eqn.primitive.name
    if name in ("jit", "pjit"):
        return _JITTED.get(eqn.params["name"], [])
    if name == "custom_jvp_call":
        inner = eqn.params["call_jaxpr"]
        return _CUSTOM.get(str(getattr(inner.jaxpr.debug_info, "func_name", "")), [])
    return _ANCHORS.get(name, [])
