"""Calls whose result's shape rests on values, and calls that take Python functions: recorded in their own way.

A result whose shape rests on values (`x[mask]`, `np.nonzero`, `np.unique`) is recorded with the size that it has now,
and that size is guarded. So every target, compiled ones too, sees static shapes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ivy_numpy.capture.proxy import Recorded

__all__ = ["FUNCTIONS", "METHODS"]


def _sized(path: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Make the recording form of a function whose result has as many elements as its first argument's non-zeros."""

    def record(recorder: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
        size = recorder.count(x, f"the size of {path}'s result")
        return recorder.record(path, function, (x, *args), kwargs, extra={"size": size})

    return record


def _nonzero_method(recorder: Any, x: Any) -> Any:
    return FUNCTIONS["numpy.nonzero"](recorder, x)


def _where(recorder: Any, condition: Any, *branches: Any, **kwargs: Any) -> Any:
    if not branches and not kwargs:
        return FUNCTIONS["numpy.nonzero"](recorder, condition)
    return recorder.record("numpy.where", np.where, (condition, *branches), kwargs)


def _compress(recorder: Any, condition: Any, a: Any, axis: int | None = None, out: Any = None) -> Any:
    kept = np.flatnonzero(condition)
    return np.take(a, kept, axis=axis, **({} if out is None else {"out": out}))


def _compress_method(recorder: Any, a: Any, condition: Any, axis: int | None = None, out: Any = None) -> Any:
    return _compress(recorder, recorder.rewriter(np).asarray(condition), a, axis, out)


def _extract(recorder: Any, condition: Any, arr: Any) -> Any:
    return np.take(np.ravel(arr), np.flatnonzero(np.ravel(condition)))


def _unique(
    recorder: Any,
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    *,
    equal_nan: bool = True,
    sorted: bool = True,
) -> Any:
    del sorted  # sorted order is one that unsorted results may have
    wanted = {
        "return_index": return_index,
        "return_inverse": return_inverse,
        "return_counts": return_counts,
        "axis": axis,
    }
    ar = recorder.rewriter(np).asarray(ar)
    if axis is not None:
        return recorder.record("numpy.unique", np.unique, (ar,), {**wanted, "equal_nan": equal_nan})
    path = "numpy._count_distinct" if equal_nan else "numpy._count_unequal"
    size = recorder.count(ar, "the size of numpy.unique's result", path)
    wanted["equal_nan"] = equal_nan
    return recorder.record("numpy.unique", np.unique, (ar,), wanted, extra={"size": size})


def _bincount(recorder: Any, x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    if isinstance(x, Recorded):
        x = x.astype(np.int64)  # small unsigned integers hold no -1, the maximum of nothing
    length = max(recorder.count(x, "the length of numpy.bincount's result", "numpy.max") + 1, int(minlength))
    return recorder.record("numpy.bincount", np.bincount, (x, weights, length))


def _repeat(recorder: Any, a: Any, repeats: Any, axis: int | None = None) -> Any:
    if isinstance(repeats, Recorded):  # as in Python lists, each count is a value that the result's shape rests on
        repeats = repeats.tolist()
    return recorder.record("numpy.repeat", np.repeat, (a, repeats), {"axis": axis})


def _ix(recorder: Any, *args: Any) -> Any:
    asarray = recorder.rewriter(np).asarray
    given = [asarray(x) for x in args]
    return recorder.record("numpy.ix_", np.ix_, tuple(np.flatnonzero(x) if x.dtype == bool else x for x in given))


def _complex(x: Any) -> Any:
    return np.asarray(x, np.result_type(x, np.complex64))


def _eigvals(recorder: Any, a: Any) -> Any:
    found = recorder.record("numpy.linalg.eigvals", lambda x: _complex(np.linalg.eigvals(x)), (a,))
    return found.real if _all_real(found) else found


def _eig(recorder: Any, a: Any) -> Any:
    def run(x: Any) -> Any:
        values, vectors = np.linalg.eig(x)
        return type(np.linalg.eig(np.eye(1)))(_complex(values), _complex(vectors))

    found = recorder.record("numpy.linalg.eig", run, (a,))
    return type(found)(found[0].real, found[1].real) if _all_real(found[0]) else found


def _all_real(values: Any) -> bool:
    """Whether NumPy would give real numbers: that rests on values, which are guarded; complex where none are known."""
    return values.memory.known and not np.any(values.value.imag) and bool(np.all(np.equal(values.imag, 0)))


def _apply_along_axis(recorder: Any, func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    here = recorder.rewriter(np)
    arr = here.asarray(arr)
    moved = np.moveaxis(arr, axis, -1)
    outer = moved.shape[:-1]
    call = recorder.rewriter(func1d)
    rows = [here.asarray(call(moved[i], *args, **kwargs)) for i in np.ndindex(outer)]
    inner = rows[0].shape
    stacked = np.reshape(np.stack(rows), (*outer, *inner))
    axis %= arr.ndim
    return np.moveaxis(
        stacked, tuple(range(len(outer), len(outer) + len(inner))), tuple(range(axis, axis + len(inner)))
    )


def _piecewise(recorder: Any, x: Any, condlist: Any, funclist: Any, *args: Any, **kwargs: Any) -> Any:
    here = recorder.rewriter(np)
    x = here.asarray(x)
    listed = isinstance(condlist, (list, tuple)) and len(condlist) and np.ndim(condlist[0])
    conditions = [here.asarray(c).astype(bool) for c in (condlist if listed or np.ndim(x) == 0 else [condlist])]
    choices = list(funclist)
    if len(choices) == len(conditions) + 1:
        choices, default = choices[:-1], choices[-1]
    else:
        default = 0
    result = np.zeros_like(x)

    def evaluate(choice: Any) -> Any:
        return recorder.rewriter(choice)(x, *args, **kwargs) if callable(choice) else choice

    result = np.where(np.ones_like(x, dtype=bool), here.asarray(evaluate(default)).astype(x.dtype), result)
    for condition, choice in zip(conditions, choices, strict=True):
        result = np.where(condition, here.asarray(evaluate(choice)).astype(x.dtype), result)
    return result


def _nan_to_num(recorder: Any, x: Any, copy: bool = True, **kwargs: Any) -> Any:
    result = recorder.record("numpy.nan_to_num", np.nan_to_num, (x,), kwargs)
    if copy or not isinstance(getattr(x, "value", None), np.ndarray):  # NumPy's scalars do not change
        return result
    np.copyto(x, result)
    return x


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "numpy.nan_to_num": _nan_to_num,
    "numpy.nonzero": _sized("numpy.nonzero", np.nonzero),
    "numpy.flatnonzero": _sized("numpy.flatnonzero", np.flatnonzero),
    "numpy.argwhere": _sized("numpy.argwhere", np.argwhere),
    "numpy.where": _where,
    "numpy.compress": _compress,
    "numpy.extract": _extract,
    "numpy.unique": _unique,
    "numpy.bincount": _bincount,
    "numpy.repeat": _repeat,
    "numpy.ix_": _ix,
    "numpy.linalg.eig": _eig,
    "numpy.linalg.eigvals": _eigvals,
    "numpy.apply_along_axis": _apply_along_axis,
    "numpy.piecewise": _piecewise,
}


def _view(recorder: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
    classes = [v for v in (*args, *kwargs.values()) if isinstance(v, type) and not issubclass(v, np.generic)]
    for cls in classes:
        if cls not in (np.ndarray, bool, int, float, complex):
            raise recorder.refusal(cls)
    args = tuple(v for v in args if v is not np.ndarray)
    kwargs = {k: v for k, v in kwargs.items() if v is not np.ndarray}
    return recorder.record("numpy.ndarray.view", lambda v, *a, **k: v.view(*a, **k), (x, *args), kwargs)


METHODS: dict[str, Callable[..., Any]] = {
    "view": _view,
    "nonzero": _nonzero_method,
    "compress": _compress_method,
    "repeat": lambda recorder, x, repeats, axis=None: _repeat(recorder, x, repeats, axis),
}
