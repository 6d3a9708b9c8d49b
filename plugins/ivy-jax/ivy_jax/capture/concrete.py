"""Capture with real values: Python that branches on an array's value takes its branch, and a guard remembers it.

`jax.make_jaxpr` has no values to answer ``bool(x)`` with. Here every primitive is run as it is recorded, by a trace of
our own; asking a traced array for its value answers, and records an equation of the primitive `guard_p` at that point.
The equations are real jaxpr equations, so that everything after this is the same as for an abstract capture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import jax
import numpy as np
from jax._src import core, source_info_util  # a trace of one's own has no public interface
from jax.extend import core as jex_core

__all__ = ["guard_p", "trace_concretely"]

guard_p = jex_core.Primitive("ivy_guard")
guard_p.multiple_results = True
closed_call_p = jex_core.primitives.closed_call_p


class GuardTracer(core.Tracer):
    """An array of a concrete capture: it has a value, and giving it away is recorded."""

    __slots__ = ("keeps", "value", "var")

    def __init__(self, trace: GuardTrace, var: Any, value: Any) -> None:
        super().__init__(trace, jax.typeof(value))
        self.keeps: Any = None
        self.var = var
        self.value = value

    def full_lower(self) -> GuardTracer:
        return self

    def to_concrete_value(self) -> Any:
        return self._answer(np.asarray) if self.aval.size == 1 else None

    def _answer(self, cls: Callable[[Any], Any]) -> Any:
        self._trace.guard(self)
        return cls(self.value)

    def __bool__(self) -> bool:
        return bool(self._answer(bool))

    def __int__(self) -> int:
        return int(self._answer(int))

    def __float__(self) -> float:
        return float(self._answer(float))

    def __complex__(self) -> complex:
        return complex(self._answer(complex))

    def __index__(self) -> int:
        return int(self._answer(lambda v: v.__index__()))

    def item(self, *args: Any) -> Any:
        return self._answer(lambda v: np.asarray(v).item(*args))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        if self.aval.size != 1:
            raise jax.errors.TracerArrayConversionError(self)
        return self._answer(lambda v: np.asarray(v, dtype=dtype))


class GuardTrace(core.Trace):
    """Runs primitives and keeps their equations.

    Args:
        parent: the trace that runs them.
    """

    __slots__ = ("constants", "eqns", "parent")

    def __init__(self, parent: Any) -> None:
        super().__init__()
        self.parent = parent
        self.eqns: list[Any] = []
        self.constants: dict[int, GuardTracer] = {}

    def _new(self, value: Any) -> GuardTracer:
        return GuardTracer(self, jex_core.Var(jax.typeof(value)), value)

    def lift(self, x: Any) -> GuardTracer:
        """Return a value as one of this trace: what comes from outside is a constant."""
        if isinstance(x, GuardTracer) and x._trace is self:
            return x
        known = self.constants.get(id(x))
        if known is None:
            value = x if isinstance(x, jax.Array) else jax.numpy.asarray(x)
            known = self.constants[id(x)] = self._new(value)
            known.keeps = x  # alive, because the identities of the dead are used again
        return known

    def stage_value(self, val: Any) -> Any:
        return self.lift(val)

    def guard(self, tracer: GuardTracer) -> None:
        """Record that the graph rests on this value."""
        expected = np.asarray(tracer.value).reshape(()).item()
        self._record(guard_p, [tracer], {"expected": expected}, [])

    def _record(self, primitive: Any, tracers: Sequence[GuardTracer], params: Any, outs: Sequence[GuardTracer]) -> None:
        self.eqns.append(
            jex_core.new_jaxpr_eqn(
                [t.var for t in tracers],
                [t.var for t in outs],
                primitive,
                params,
                jex_core.no_effects,
                source_info_util.current(),
            )
        )

    def process_primitive(self, primitive: Any, args: Any, params: Any, /) -> Any:
        tracers = [self.lift(a) for a in args]
        with core.set_current_trace(self.parent):
            found = primitive.bind(*(t.value for t in tracers), **params)
        outs = [self._new(v) for v in (found if primitive.multiple_results else [found])]
        self._record(primitive, tracers, params, outs)
        return outs if primitive.multiple_results else outs[0]

    def _staged(self, primitive: Any, args: Any, params: dict[str, Any]) -> Any:
        """Record a call of functions as a jaxpr, and run that."""
        tracers = [self.lift(a) for a in args]
        with core.set_current_trace(self.parent):
            closed = jax.make_jaxpr(lambda *xs: primitive.bind(*xs, **params))(*(t.value for t in tracers))
            outs = [self._new(v) for v in jex_core.jaxpr_as_fun(closed)(*(t.value for t in tracers))]
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


def trace_concretely(fn: Callable[..., Sequence[Any]], arrays: Sequence[Any]) -> tuple[Any, list[Any], list[Any]]:
    """Run a function on JAX arrays and return its equations.

    Args:
        fn: takes the arrays, returns a flat sequence of arrays.
        arrays: JAX arrays.

    Returns:
        A jaxpr-like object, the values of its constants, and the abstract values of its inputs.
    """
    with core.take_current_trace() as parent:
        trace = GuardTrace(parent)
        inputs = [trace._new(a) for a in arrays]
        with core.set_current_trace(trace):
            results = fn(*inputs)
            outputs = [trace.lift(r) for r in results]
    constants = list(trace.constants.values())
    jaxpr = SimpleNamespace(
        constvars=[c.var for c in constants],
        invars=[i.var for i in inputs],
        outvars=[o.var for o in outputs],
        eqns=trace.eqns,
    )
    return jaxpr, [c.value for c in constants], [i.aval for i in inputs]
