"""Result dtypes of a framework's public functions through capture, frontend and backend, against the framework itself.

For the frameworks whose capture does not keep the public calls. The calls are those of `dtype_sweep`; many of them are
captured as one function, and apart only when that fails or they are not to be compared.
"""

from __future__ import annotations

import importlib.util
import inspect
import re
import tomllib
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from dtype_sweep import SHAPES, Outcome, _is_operand, _leaves, calls, difference, values

import ivy
from ivy.errors import CaptureError, UnsupportedOpError

Call = tuple[str, tuple[Any, ...], dict[str, Any]]
NOT_ARRAYS = frozenset(
    """
    as_tuple assume_unique axes axis block_size bool_test_mode compute_uv deg descending dim dimension dtype end_dim
    exclusive fft_length frame_length full_matrices full_output increasing index_dtype indices_or_sections is_increasing
    keep_dims keepdim keepdims mode n name nbins num num_bins num_classes num_or_indices num_or_sections offset
    operand_dtype order ord out_dtype out_type output_type p perm pivot shape shape_or_dtype size sorted sparse squared
    start_axis strides tol hermitian unit_diagonal upper weak_type chunks groups new_sizes new_dtype dimensions
    broadcast_dimensions return_index reverse k depth repeats repeat_times num_lower out minlength
    adjoint approximate as_vector block_shape col cu_seqlens_q data_format decimals dim0 dims dtypes enable_flash eps
    exponent_bits initializer inplace kernel_size kernel_sizes ksize ksizes maxlen n_fft norm_type normalized_shape
    num_columns num_groups num_results out_idx out_shape output_idx_type output_size output_sizes padding periodic
    precision rank rounding_method rowvar s seg_num shape_x shifts source trim type window_shape axis1 UPLO
    """.split()
)
"""Names of second parameters that take no array."""
SIZES = frozenset("num_rows shape window_length dims size pred shapes value_type frame_length".split())
"""Names of first parameters that take no array."""
ENOUGH = 12
"""Failures of single calls after which the rest of a function's calls are not tried one by one."""


@dataclass
class CapturedSource:
    """A framework to sweep.

    Args:
        name: the framework.
        modules: path of a public module -> the module.
        dtypes: names of its dtypes.
        make: NumPy array and dtype name -> the framework's array.
        read: the framework's array -> (dtype's name, NumPy array), None for anything else.
        left_out: tells paths that are not to be swept (random, in place, ...).
        static: further paths whose second argument is no array (see `NOT_ARRAYS`).
        axis: its keyword for a reduction's axis.
        accepts: tells whether the framework takes a call; by default, whether it returns.
        run: runs the whole batch in the framework; by default, it is called.
        keep: tells the labels of the calls to try.
        captures: runs the framework's own capture, which may refuse what it takes eagerly.
    """

    name: str
    modules: dict[str, Any]
    dtypes: tuple[str, ...]
    make: Callable[[np.ndarray, str], Any]
    read: Callable[[Any], tuple[str, np.ndarray] | None]
    left_out: Callable[[str], bool]
    static: frozenset[str] = frozenset()
    axis: str = "axis"
    accepts: Callable[[Callable[..., Any], list[Any]], Any] = lambda fn, arrays: fn(*arrays)
    run: Callable[[Callable[..., Any], list[Any]], Any] = lambda fn, arrays: fn(*arrays)
    captures: Callable[[Callable[..., Any], list[Any]], Any] | None = None
    keep: Callable[[str, str], bool] = lambda path, label: True

    def resolve(self, path: str) -> Callable[..., Any]:
        """Return the function of a path."""
        module, _, name = path.rpartition(".")
        return getattr(self.modules[module], name)

    def paths(self) -> list[str]:
        """Return the public functions, each under its first path."""
        found: dict[int, str] = {}
        for module, holder in self.modules.items():
            for name in sorted(dir(holder)):
                fn = getattr(holder, name)
                path = f"{module}.{name}"
                if name.startswith("_") or not callable(fn) or isinstance(fn, type) or self.left_out(path):
                    continue
                found.setdefault(id(fn), path)
        return sorted(found.values())


@dataclass
class Captured(Outcome):
    """What a sweep gave, and how many calls the capture refused."""

    refused: int = 0


class _Batch:
    """Calls of one function as a function of the operands that they need."""

    def __init__(self, source: CapturedSource, fn: Callable[..., Any], batch: list[Call]) -> None:
        self.source, self.fn, self.calls = source, fn, batch
        self.operands = list(dict.fromkeys(x for _, args, _ in batch for x in args if _is_operand(x)))

    def __call__(self, *arrays: Any) -> list[Any]:
        place = dict(zip(self.operands, arrays, strict=True))
        return [self.fn(*(place[x] if _is_operand(x) else x for x in args), **kwargs) for _, args, kwargs in self.calls]

    def given(self) -> list[Any]:
        return [self.source.make(values(*x), x[1]) for x in self.operands]

    def as_function(self) -> Callable[..., Any]:
        return lambda *arrays: self(*arrays)

    def expected(self) -> list[Any]:
        return self.source.run(self.as_function(), self.given())

    def found(self) -> list[Any]:
        converted = ivy.transpile(self.as_function(), source=self.source.name, to="numpy")
        return converted(*[values(*x).copy() for x in self.operands])


def first_two(fn: Callable[..., Any]) -> tuple[str, str]:
    """Return the names of a function's first two parameters by position, empty where there is none to be told."""
    try:
        parameters = list(inspect.signature(fn).parameters.values())
    except (TypeError, ValueError):
        return "", ""
    positional = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    first, second, *_ = [*positional, "", ""]
    return first, second


def _may_be_given(args: tuple[Any, ...], parameter: str, static: bool) -> bool:
    if len(args) < 2:
        return True
    if parameter in ("name", "out", "output"):
        return False
    return not (static or parameter in NOT_ARRAYS) or (not _is_operand(args[1]) and type(args[1]) is int)


def _taken(source: CapturedSource, fn: Callable[..., Any], given: Iterable[Call]) -> list[Call]:
    """Return the calls that the framework takes and that give arrays."""
    taken = []
    for call in given:
        batch = _Batch(source, fn, [call])
        arrays = batch.given()
        try:
            result = source.accepts(batch.as_function(), arrays)
        except Exception:  # whatever the framework refuses is not compared
            continue
        leaves = _leaves(result)
        if any(r is a for r in leaves for a in arrays[1:]):  # an ``out`` by position
            continue
        if leaves and all(hasattr(r, "dtype") and hasattr(r, "shape") for r in leaves):
            taken.append(call)
    return taken


def _refused(error: Exception) -> bool:
    """Tell whether an error says what cannot be captured, rather than that a conversion is missing or at fault."""
    if isinstance(error, UnsupportedOpError):
        return "depends on the value" in str(error) or "(no frontend function)" in str(error)
    return isinstance(error, CaptureError) and "a fault in Ivy" not in str(error)


def _captured(source: CapturedSource, fn: Callable[..., Any], call: Call) -> bool:
    """Tell whether the framework's own capture takes a call."""
    if source.captures is None:
        return True
    batch = _Batch(source, fn, [call])
    try:
        source.captures(batch.as_function(), batch.given())
    except Exception:
        return False
    return True


def _compare(
    source: CapturedSource, fn: Callable[..., Any], batch: list[Call], outcome: Captured, checked: bool = False
) -> None:
    """Note the differences of a batch; one that cannot be converted is halved."""
    whole = _Batch(source, fn, batch)
    try:
        want = whole.expected()
    except Exception:
        if len(batch) > 1:
            return _halves(source, fn, batch, outcome, checked)
        outcome.accepted -= 1  # the framework refuses it when it runs
        return None
    try:
        got = whole.found()
    except Exception as error:
        if not checked:
            kept = [call for call in batch if _captured(source, fn, call)]
            outcome.accepted -= len(batch) - len(kept)
            return _compare(source, fn, kept, outcome, checked=True) if kept else None
        if len(batch) > 1:
            return _halves(source, fn, batch, outcome, checked)
        if _refused(error):
            outcome.refused += 1
            outcome.accepted -= 1
            return None
        outcome.differences[batch[0][0]] = f"{type(error).__name__}: {' '.join(str(error).split())[:400]}"
        return None
    for (label, args, _), theirs, ours in zip(batch, want, got, strict=True):
        dtypes = tuple(x[1] for x in args if _is_operand(x))
        found = difference(_leaves(theirs), _leaves(ours), source, dtypes)
        if found:
            outcome.differences[label] = found
    return None


def _halves(
    source: CapturedSource, fn: Callable[..., Any], batch: list[Call], outcome: Captured, checked: bool
) -> None:
    middle = len(batch) // 2
    for half in (batch[:middle], batch[middle:]):
        if len(outcome.differences) + outcome.refused < ENOUGH:
            _compare(source, fn, half, outcome, checked)


def sweep_captured(source: CapturedSource, path: str, apart: Callable[[str], bool] = lambda label: False) -> Captured:
    """Call one function in every way and compare; of the calls that are kept apart one that differs is enough."""
    fn, outcome = source.resolve(path), Captured()
    first, parameter = first_two(fn)
    if first in SIZES:
        return outcome
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for shape in SHAPES:
            tried = (
                call
                for call in calls(source, shape)
                if source.keep(path, call[0]) and _may_be_given(call[1], parameter, path in source.static)
            )
            taken = _taken(source, fn, tried)
            if not taken:
                continue
            outcome.accepted = len(taken)
            together = [call for call in taken if not apart(call[0])]
            if together:
                _compare(source, fn, together, outcome)
            for call in taken:
                if apart(call[0]):
                    _compare(source, fn, [call], outcome)
                    if call[0] in outcome.differences:
                        break
            break
    return outcome


def declared(source: CapturedSource) -> dict[str, dict[str, Any]]:
    """Return what the plugin's ``support.toml`` declares under ``[dtypes."<path>"]``."""
    spec = importlib.util.find_spec(f"ivy_{source.name}")
    assert spec is not None and spec.origin is not None
    return tomllib.loads(Path(spec.origin).with_name("support.toml").read_text()).get("dtypes", {})


def check(source: CapturedSource, path: str) -> None:
    """Sweep a function; what differs must be declared, and what is declared must differ."""
    known = declared(source).get(path, {"calls": ()})
    excused = lambda label: any(re.fullmatch(p, label) for p in known["calls"])
    differences = sweep_captured(source, path, apart=excused).differences
    others = {k: v for k, v in differences.items() if not excused(k)}
    assert not others, "\n".join(f"{k}: {v}" for k, v in others.items())
    if known["calls"]:
        assert known["reason"]
        assert differences, f"support.toml declares {path} ({known['reason']}), but it agrees"
