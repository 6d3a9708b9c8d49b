"""Result dtypes of every function of a frontend against the framework itself.

Reflective: every name of the frontend's table that the framework has is called with arrays of every dtype, with every
pair of dtypes, with Python scalars on either side and with 0-d arrays. What the framework accepts, the frontend must
accept, and give the same structure, shapes and dtypes; integers and booleans must be equal, floats close.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ivy import backend as ivy_backend
from ivy.dtypes import dtype_of
from ivy.graph.node import map_nested

SCALARS = (True, 2, 2.5, 1 + 2j)
_VALUES = {
    "first": [3, 1, 2, 5],
    "second": [1, 2, 2, 1],
}
_LOOSE = {"float16": 2e-2, "bfloat16": 1e-1, "float32": 1e-3, "complex64": 1e-3}


@dataclass
class Source:
    """A framework to sweep.

    Args:
        frontend: its frontend.
        dtypes: names of its dtypes.
        make: NumPy array and dtype name -> the framework's array.
        resolve: path -> the framework's function, None if it has none.
        read: the framework's array -> (dtype's name, NumPy array), None for anything else.
        axis: its keyword for a reduction's axis.
        left_out: tells names that are not to be swept (random, in place, ...).
        static: names whose arguments after the first are sizes, axes or dtypes, never arrays.
    """

    frontend: Any
    dtypes: tuple[str, ...]
    make: Callable[[np.ndarray, str], Any]
    resolve: Callable[[str], Callable[..., Any] | None]
    read: Callable[[Any], tuple[str, np.ndarray] | None]
    axis: str = "axis"
    left_out: Callable[[str], bool] = lambda path: False
    static: frozenset[str] = frozenset()


def numpy_dtype(name: str) -> np.dtype:
    """Return the NumPy dtype of a name, bfloat16 included."""
    if name == "bfloat16":
        import ml_dtypes

        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype(name)


@functools.cache
def values(which: str, dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return the operand of a dtype; small whole numbers, so that results are exact in every dtype."""
    flat = np.asarray(_VALUES[which][: int(np.prod(shape))] if shape else _VALUES[which][0])
    if dtype == "bool":
        flat = flat % 2 == 1
    return flat.astype(numpy_dtype(dtype)).reshape(shape)


def paths(source: Source) -> list[str]:
    """Return the paths that are swept: those that both the frontend and the framework have."""
    source.frontend.load()
    return sorted(p for p in source.frontend.entries if not source.left_out(p) and source.resolve(p) is not None)


SHAPES = ((2, 2), (4,))


def calls(source: Source, shape: tuple[int, ...]) -> Iterator[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    """Yield a label, arguments (dtype and values) and keywords for every call that is tried."""
    for d in source.dtypes:
        x, zero = ("first", d, shape), ("first", d, ())
        yield d, (x,), {}
        yield f"{d} {source.axis}=0", (x,), {source.axis: 0}
        yield f"{d}[]", (zero,), {}
        for s in SCALARS:
            yield f"{d} {s}", (x, s), {}
            yield f"{s} {d}", (s, x), {}
            yield f"{d}[] {s}", (zero, s), {}
    for a in source.dtypes:
        for b in source.dtypes:
            x, y = ("first", a, shape), ("second", b, shape)
            yield f"{a} {b}", (x, y), {}
            yield f"{a} {b}[]", (x, ("second", b, ())), {}
            yield f"{a}[] {b}", (("first", a, ()), y), {}


def _is_operand(x: Any) -> bool:
    return isinstance(x, tuple)


def _leaves(x: Any) -> list[Any]:
    found: list[Any] = []
    map_nested(x, found.append)
    return found


def difference(theirs: list[Any], ours: list[Any], source: Source, dtypes: tuple[str, ...] = ()) -> str | None:
    """Return what differs between two flat results, None if nothing does; `dtypes` are those of the operands."""
    if len(theirs) != len(ours):
        return f"{len(ours)} results for {len(theirs)}"
    for a, b in zip(theirs, ours, strict=True):
        read = source.read(a)
        if read is None:
            if isinstance(a, (bool, int, float, complex)) and not isinstance(b, (bool, int, float, complex)):
                return f"{b!r} for {a!r}"
            continue
        dtype, want = read
        if not hasattr(b, "dtype"):
            return f"{type(b).__name__} for {dtype}"
        found = str(dtype_of(b))
        if found != dtype:
            return f"{found} for {dtype}"
        got = np.asarray(b)
        if got.shape != want.shape:
            return f"shape {got.shape} for {want.shape}"
        if dtype.startswith(("int", "uint", "bool")):
            same = bool((got == want).all())
        else:
            wide = "complex128" if "complex" in dtype else "float64"
            near = max(_LOOSE.get(d, 1e-6) for d in (dtype, *dtypes))
            same = np.allclose(got.astype(wide), want.astype(wide), rtol=near, atol=near, equal_nan=True)
        if not same:
            return f"values {got.tolist()} for {want.tolist()}"
    return None


@dataclass
class Outcome:
    """What a sweep of one function gave: how many calls the framework took, and the differences by label."""

    accepted: int = 0
    differences: dict[str, str] = field(default_factory=dict)


def sweep(
    source: Source, path: str, backend: str = "numpy", keep: Callable[[str], bool] = lambda label: True
) -> Outcome:
    """Call one function in every way and compare."""
    theirs = source.resolve(path)
    assert theirs is not None
    outcome = Outcome()
    native = ivy_backend.get_backend(backend)
    static = path.rpartition(".")[2] in source.static
    with warnings.catch_warnings(), np.errstate(all="ignore"), ivy_backend.scope(native):
        warnings.simplefilter("ignore")
        for shape in SHAPES:
            for label, args, kwargs in calls(source, shape):
                if not keep(label) or (static and len(args) > 1 and (_is_operand(args[1]) or type(args[1]) is not int)):
                    continue
                given = [source.make(values(*x), x[1]) if _is_operand(x) else x for x in args]
                try:
                    want = theirs(*given, **kwargs)
                except Exception:  # whatever the framework refuses is not compared
                    continue
                want = _leaves(want)
                if any(w is x for w in want for x in given[1:]):  # an ``out`` by position
                    continue
                if not any(source.read(x) for x in want):
                    continue
                outcome.accepted += 1
                ours = [values(*x).copy() if _is_operand(x) else x for x in args]
                try:
                    got = source.frontend.call(path, tuple(ours), kwargs)
                except Exception as error:
                    outcome.differences[label] = (
                        f"{type(error).__name__}: {str(error).splitlines()[0][:150] if str(error) else ''}"
                    )
                    continue
                dtypes = tuple(x[1] for x in args if _is_operand(x))
                found = difference(want, _leaves(map_nested(got, source.frontend.unwrap)), source, dtypes)
                if found:
                    outcome.differences[label] = found
            if outcome.accepted:
                break
    return outcome
