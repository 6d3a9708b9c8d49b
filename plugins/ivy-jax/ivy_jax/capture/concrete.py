"""Capture with real values: Python that branches on an array's value takes its branch, and a guard remembers it.

`jax.make_jaxpr` has no values to answer ``bool(x)`` with. Here every primitive is run as it is recorded, by a trace of
our own; asking a traced array for its value answers, and records an equation of the primitive `guard_p` at that point.
The equations are real jaxpr equations, so that everything after this is the same as for an abstract capture.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import jax
import numpy as np
from jax._src import core, source_info_util  # a trace of one's own has no public interface
from jax.extend import core as jex_core

from ivy.transpiler.reads import UNKNOWN, Reads

__all__ = ["Asked", "guard_p", "trace_concretely"]

guard_p = jex_core.Primitive("ivy_guard")
guard_p.multiple_results = True
closed_call_p = jex_core.primitives.closed_call_p


_MOST = 4096
_CONCRETE_OR_ERROR = core.concrete_or_error.__code__


class Asked(Exception):
    """Python reads a value that is not known.

    Args:
        tracer: the array.
        truth: whether only its truth is asked for.
    """

    def __init__(self, tracer: GuardTracer, truth: bool) -> None:
        super().__init__(f"the value of an array of type {tracer.aval.str_short()} is asked for")
        self.tracer, self.truth = tracer, truth


class GuardTracer(core.Tracer):
    """An array of a concrete capture: it has a value, and giving it away is recorded."""

    __slots__ = ("dynamic", "keeps", "node", "value")

    def __init__(self, trace: GuardTrace, var: Any, value: Any, dynamic: bool) -> None:
        super().__init__(trace, jax.typeof(value))
        self.dynamic = dynamic  # whether it depends on the inputs
        self.keeps: Any = None
        self.node = var
        self.value = value

    def full_lower(self) -> GuardTracer:
        return self

    def to_concrete_value(self) -> Any:
        # masks and sizes that a shape rests on are needed; whether an array is concrete is asked for many others
        asks = sys._getframe(1).f_code is _CONCRETE_OR_ERROR
        if self.aval.size > _MOST or not (asks or self.aval.size == 1 or self._kind is bool):
            return None
        return np.asarray(self.tolist(), self.aval.dtype).reshape(self.aval.shape)

    def _answer(self, kind: type) -> Any:
        return self._trace.guard(self, kind)

    @property
    def _kind(self) -> type:
        """What an element is in Python."""
        dtype = self.aval.dtype
        if jax.numpy.issubdtype(dtype, np.bool_):
            return bool
        if jax.numpy.issubdtype(dtype, np.integer):
            return int
        return complex if jax.numpy.issubdtype(dtype, np.complexfloating) else float

    def __bool__(self) -> bool:
        return bool(self._answer(bool))

    def __int__(self) -> int:
        return int(self._answer(int))

    def __float__(self) -> float:
        return float(self._answer(float))

    def __complex__(self) -> complex:
        return complex(self._answer(complex))

    def __index__(self) -> int:
        if self.aval.shape or self._kind is not int:
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return int(self._answer(int))

    def item(self, *args: Any) -> Any:
        if args:
            return np.asarray(self).item(*args)
        return self._answer(self._kind)

    def tolist(self) -> Any:
        return self._answer(list if self.aval.shape else self._kind)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        if self.aval.size > _MOST:
            raise jax.errors.TracerArrayConversionError(self)
        return np.asarray(np.asarray(self.tolist(), self.aval.dtype).reshape(self.aval.shape), dtype)

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec and not self.aval.shape else str(self)

    def __str__(self) -> str:
        return str(np.asarray(self)) if self.aval.size <= _MOST and self._trace.known(self) else repr(self)


class GuardTrace(core.Trace):
    """Runs primitives and keeps their equations.

    Args:
        parent: the trace that runs them.
        reads: what Python sees of the arrays' values.
    """

    __slots__ = ("constants", "eqns", "parent", "reads")

    def __init__(self, parent: Any, reads: Reads) -> None:
        super().__init__()
        self.parent = parent
        self.reads = reads
        self.eqns: list[Any] = []
        self.constants: dict[int, GuardTracer] = {}

    def _new(self, value: Any, dynamic: bool) -> GuardTracer:
        return GuardTracer(self, jex_core.Var(jax.typeof(value)), value, dynamic)

    def lift(self, x: Any) -> GuardTracer:
        """Return a value as one of this trace: what comes from outside is a constant."""
        if isinstance(x, GuardTracer) and x._trace is self:
            return x
        known = self.constants.get(id(x))
        if known is None:
            value = x if isinstance(x, jax.Array) else jax.numpy.asarray(x)
            known = self.constants[id(x)] = self._new(value, False)
            known.keeps = x  # alive, because the identities of the dead are used again
        return known

    def stage_value(self, val: Any) -> Any:
        return self.lift(val)

    def known(self, tracer: GuardTracer) -> bool:
        """Tell whether an array has a value."""
        return not isinstance(tracer.value, core.Tracer)

    def guard(self, tracer: GuardTracer, kind: type) -> Any:
        """Return what Python sees of an array, and record that the graph rests on it.

        Args:
            tracer: the array.
            kind: a truth value, a number, or nested lists of numbers.

        Raises:
            Asked: if its value is not known.
        """
        seen = UNKNOWN
        if self.known(tracer):
            value = np.asarray(tracer.value)
            seen = value.tolist() if kind is list else kind(value.reshape(()).item())
        if not tracer.dynamic:
            return seen
        found = self.reads.take(kind, seen)
        if found is UNKNOWN:
            raise Asked(tracer, kind is bool)
        self._record(guard_p, [tracer], {"expected": _Held(found)}, [])
        return found

    def _record(self, primitive: Any, tracers: Sequence[GuardTracer], params: Any, outs: Sequence[GuardTracer]) -> None:
        self.eqns.append(
            jex_core.new_jaxpr_eqn(
                [t.node for t in tracers],
                [t.node for t in outs],
                primitive,
                params,
                jex_core.no_effects,
                source_info_util.current(),
            )
        )

    def process_primitive(self, primitive: Any, args: Any, params: Any, /) -> Any:
        tracers = [self.lift(a) for a in args]
        dynamic = any(t.dynamic for t in tracers)
        with core.set_current_trace(self.parent) if dynamic else core.eval_context():
            found = primitive.bind(*(t.value for t in tracers), **params)
        outs = [self._new(v, dynamic) for v in (found if primitive.multiple_results else [found])]
        self._record(primitive, tracers, params, outs)
        return outs if primitive.multiple_results else outs[0]

    def _staged(self, primitive: Any, args: Any, params: dict[str, Any]) -> Any:
        """Record a call of functions as a jaxpr, and run that."""
        tracers = [self.lift(a) for a in args]
        with core.set_current_trace(self.parent):
            closed = jax.make_jaxpr(lambda *xs: primitive.bind(*xs, **params))(*(t.value for t in tracers))
            dynamic = any(t.dynamic for t in tracers)
            outs = [self._new(v, dynamic) for v in jex_core.jaxpr_as_fun(closed)(*(t.value for t in tracers))]
        self._record(closed_call_p, tracers, {"call_jaxpr": closed}, outs)
        return outs

    def process_custom_jvp_call(self, primitive: Any, fun: Any, jvp: Any, tracers: Any, /, **options: Any) -> Any:
        return self._staged(primitive, tracers, {"subfuns": (fun, jvp), **options})

    def process_custom_vjp_call(
        self, primitive: Any, fun: Any, fwd: Any, bwd: Any, tracers: Any, /, **options: Any
    ) -> Any:
        return self._staged(primitive, tracers, {"subfuns": (fun, fwd, bwd), **options})

    def process_call(self, primitive: Any, f: Any, tracers: Any, params: Any, /) -> Any:
        return self._staged(primitive, tracers, {"subfuns": (f,), **params})


class _Held:
    """A value among an equation's parameters, which must be hashable."""

    def __init__(self, value: Any) -> None:
        self.value = value


def trace_concretely(
    fn: Callable[..., Sequence[Any]], arrays: Sequence[Any], reads: Reads
) -> tuple[Any, list[Any], list[Any], Asked | None]:
    """Run a function on JAX arrays and return its equations.

    Args:
        fn: takes the arrays, returns a flat sequence of arrays.
        arrays: JAX arrays; abstract ones have no values to read.
        reads: what Python sees of the arrays' values.

    Returns:
        A jaxpr-like object, the values of its constants, the abstract values of its inputs, and what was asked for that
        is not known: the equations then end there, and what was asked for is the only result.
    """
    asked: Asked | None = None
    with core.take_current_trace() as parent:
        trace = GuardTrace(parent, reads)
        inputs = [trace._new(a, True) for a in arrays]
        with core.set_current_trace(trace):
            try:
                outputs = [trace.lift(r) for r in fn(*inputs)]
            except Asked as error:
                asked, outputs = error, [error.tracer]
    constants = list(trace.constants.values())
    jaxpr = SimpleNamespace(
        constvars=[c.node for c in constants],
        invars=[i.node for i in inputs],
        outvars=[o.node for o in outputs],
        eqns=trace.eqns,
    )
    return jaxpr, [c.value for c in constants], [i.aval for i in inputs], asked
