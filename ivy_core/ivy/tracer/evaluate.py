"""Abstract evaluation: shapes and dtypes of a call's result, by a real backend that does no arithmetic.

Answers are remembered by the op and its abstract arguments, because deep models repeat their layers.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from ivy.backend import Backend, get_backend, scope
from ivy.dtypes import DType
from ivy.functional.registry import Op
from ivy.graph.aval import Aval
from ivy.graph.node import map_nested

__all__ = ["Evaluator", "evaluator_for"]

_UNHASHABLE = object()


class Evaluator:
    """Tells what an op would return, with the help of one backend.

    Args:
        backend: whose dtype and shape rules count: the target's where it can, so that what is traced is what will run.
        stands_in: whether it answers for another framework, so that its own limits on dtypes do not count.
    """

    def __init__(self, backend: Backend, *, stands_in: bool = False) -> None:
        self.backend = backend
        unlimited = getattr(backend.module, "unlimited_dtypes", None) if stands_in else None
        self._rules: Callable[[], AbstractContextManager[Any]] = unlimited or nullcontext
        self._memo: dict[Any, Any] = {}

    def __call__(self, op: Op, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return the result's structure with `Aval`s for arrays.

        Args:
            op: the op.
            args: positional arguments with `Aval`s (or native constants) for arrays.
            kwargs: keyword arguments, likewise.
        """
        key = _freeze((op.name, args, tuple(kwargs.items())))
        if key is not None:
            try:
                return self._memo[key]
            except KeyError:
                pass
        fn = self.backend.function(op)
        abstract_eval = self.backend.module.abstract_eval
        with scope(self.backend), self._rules():
            found = abstract_eval(fn, args, kwargs)
        if key is not None:
            self._memo[key] = found
        return found

    def canonical(self, aval: Aval) -> Aval:
        """Return what an array becomes when the backend takes it over: some have no 64-bit types."""
        convert = getattr(self.backend.module, "canonical_dtype", None)
        if convert is None:
            return aval
        with self._rules():
            return Aval(aval.shape, convert(aval.dtype))


def _freeze(x: Any) -> Any:
    """Return a hashable stand-in, None where there is none (callables, native arrays)."""
    cls = type(x)
    if cls in (int, float, bool, str, complex):
        return (cls, x)
    if x is None or cls in (Aval, DType) or x is Ellipsis:
        return (x,)
    if cls is tuple or cls is list:
        parts = []
        for v in x:
            frozen = _freeze(v)
            if frozen is None:
                return None
            parts.append(frozen)
        return (cls, tuple(parts))
    if cls is slice:
        return _freeze(("slice", x.start, x.stop, x.step))
    if cls is dict:
        return _freeze(tuple(x.items()))
    if isinstance(x, str):
        return (str, str(x))
    return None


_evaluators: dict[tuple[str, bool], Evaluator] = {}


def evaluator_for(*names: str | None) -> Evaluator:
    """Return the evaluator of the first of these frameworks that can evaluate abstractly.

    Args:
        *names: frameworks in order of preference; None entries are skipped.

    Returns:
        An evaluator. A framework whose first abstract evaluation is slow (torch imports its compiler for it) comes
        after the others, and one that computes with real zeros (NumPy) last.
    """
    wanted = [get_backend(n) for n in names if n and n != "ivy"] or [get_backend("numpy")]
    best = min(wanted, key=_reluctance)  # the first of equals
    return _evaluator(best, best is not wanted[0])


def _reluctance(backend: Backend) -> int:
    module = backend.module
    if getattr(module, "ABSTRACT_EVAL_COMPUTES", False):
        return 2
    return int(getattr(module, "ABSTRACT_EVAL_STARTS_SLOWLY", False))


def _evaluator(backend: Backend, stands_in: bool) -> Evaluator:
    key = (backend.name, stands_in)
    found = _evaluators.get(key)
    return found or _evaluators.setdefault(key, Evaluator(backend, stands_in=stands_in))


def avals(x: Any) -> Any:
    """Map traced arrays in a nest to their `Aval`s."""
    return map_nested(x, lambda v: getattr(v, "aval", v))
