"""Runs a program as written and as converted, and compares."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import ivy
from ivy.backend import get_backend
from ivy.errors import IvyError

from .arrays import canonical, jittered, native, to_numpy
from .generate import quiet
from .program import Program

TOLERANCE = {
    "float16": 2e-2, "bfloat16": 1e-1, "float32": 2e-4, "float64": 1e-9, "complex64": 2e-4, "complex128": 1e-9,
}  # fmt: skip
WRITABLE = ("numpy", "torch", "paddle")


LACKS = re.compile(
    r"not (implemented|supported) for|does not support (complex|.* dtypes?)|not supported for the input types"
    r"|Could not find device for node|is not registered|No .* kernel|kernel .* not registered|must be one of the following types"
    r"|Value for attr '.*' of .* is not in the list|incompatible with .* expected .* type|dtype .* is not supported"
)
"""What a framework says when it has a function for other dtypes only."""


@dataclass(frozen=True)
class Outcome:
    """How a program fared.

    Attributes:
        kind: ``same``, ``refused`` (an error of `ivy.errors`), ``limit`` (the target's own error, which says that it has
            no such function of the dtype), ``raised`` (any other error), ``different``, ``ill`` (different,
            and so is the source's own result after rounding its intermediate results differently), ``declared``
            (different where the target has no 64-bit types), ``unstable`` (the source itself fails when run again).
        note: what differs, or the error's first lines.
    """

    kind: str
    note: str = ""

    @property
    def fault(self) -> bool:
        """Whether it must not be."""
        return self.kind in ("raised", "different")

    @property
    def of_arguments(self) -> bool:
        """Whether the result is right and what the caller's arguments hold is not."""
        return self.note.startswith("arguments") or "does not support item assignment" in self.note

    @property
    def sort(self) -> str:
        """The note without what varies between programs, for counting."""
        text = re.sub(r"0x[0-9a-f]+|<program \d+>:\d+", "", self.note.splitlines()[0] if self.note else "")
        return re.sub(r"\d+", "#", text)[:160]


def plain(x: Any, framework: str) -> Any:
    """Return a nest with NumPy arrays in place of arrays."""
    if isinstance(x, dict):
        return {k: plain(v, framework) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return (
            type(x)(plain(v, framework) for v in x)
            if type(x) in (list, tuple)
            else tuple(plain(v, framework) for v in x)
        )
    if isinstance(x, get_backend(framework).types):
        return to_numpy(x, framework)
    return np.array(x) if isinstance(x, np.generic) else x


@dataclass
class Run:
    """What a program gave: its result, and its arguments after the call."""

    result: Any
    arguments: list[np.ndarray]


def run(function: Any, program: Program, framework: str) -> Run:
    """Call a function on fresh inputs."""
    given = [native(x, framework) for x in program.inputs.values()]
    with quiet():
        result = function(*given)
        if framework not in WRITABLE:
            return Run(plain(result, framework), [np.asarray(x) for x in program.inputs.values()])
        return Run(plain(result, framework), [to_numpy(x, framework) for x in given])


def step_by_step(program: Program, draws: np.random.Generator | None) -> tuple[Run, bool]:
    """Run the source statement by statement, moving every new inexact result by a few units in the last place.

    Returns:
        The run, and whether any value needs more than 32 bits.
    """
    api = program.source
    scope: dict[str, Any] = {}
    exec(program.header, scope)
    backend = get_backend(api)
    for name, x in program.inputs.items():
        scope[name] = native(x if draws is None else jittered(x, draws), api)
    given = [scope[name] for name in program.inputs]
    wide = any(_is_wide(x) for x in program.inputs.values())
    with quiet():
        for line in program.statements:
            before = {k: id(v) for k, v in scope.items()}
            exec(line, scope)
            for name, x in list(scope.items()):
                if name.startswith("__") or before.get(name) == id(x) or not isinstance(x, backend.types):
                    continue
                values = to_numpy(x, api)
                wide = wide or _is_wide(values)
                if draws is not None and values.dtype.kind in "fcV" and _fresh(line):
                    scope[name] = native(jittered(values, draws), api)
        result = eval(program.result, scope)
        return Run(plain(result, api), [to_numpy(x, api) for x in given]), wide


def _fresh(line: str) -> bool:
    """Tell whether a line computes: what may be a view is left alone, so that writes still reach it."""
    return (
        bool(re.search(r" [-+*/%@] |\*\*|//|\w\(.*[,)]", line))
        and not re.match(r"v\d+ = \w+(\[.*\]|\.\w+)$", line)
        and not VIEWS.search(line)
    )


VIEWS = re.compile(
    r"\.(view|t|transpose|permute|reshape|diagonal|select|narrow|squeeze|unsqueeze|expand|flatten|detach|unbind|chunk|split|view_as|unfold|ravel|movedim|unflatten|swapaxes|swapaxes|broadcast_to|to|astype|contiguous|adjoint|conj|\w+_)\(|view_as_real|out=|\bview\("
)


def _is_wide(x: np.ndarray) -> bool:
    if x.dtype.name in ("int64", "uint64"):
        return bool(x.size) and (int(x.max()) > 2**31 - 1 or int(x.min()) < -(2**31))
    return x.dtype.name in ("float64", "complex128") and bool(x.size) and bool(np.nanmax(np.abs(x)) > 1e38)


def narrow_types(program: Program) -> bool:
    """Tell whether a program meets 64-bit or unsigned 32-bit types."""
    return (
        any(x.dtype.itemsize >= 8 and x.dtype.name != "complex64" for x in program.inputs.values())
        or "64" in program.text
    )


def difference(found: Any, wanted: Any, target: str, where: str = "result", loose: bool = False) -> str | None:
    """Say how two nests differ, None if they don't."""
    if isinstance(wanted, (list, tuple)):
        if type(found) is not type(wanted) or len(found) != len(wanted):
            return f"{where}: structure {type(found).__name__}, not {type(wanted).__name__}"
        pairs = ((f"{where}[{i}]", a, b) for i, (a, b) in enumerate(zip(found, wanted)))
    elif isinstance(wanted, dict):
        if not isinstance(found, dict) or list(found) != list(wanted):
            return f"{where}: structure"
        pairs = ((f"{where}[{k!r}]", found[k], wanted[k]) for k in wanted)
    elif isinstance(wanted, np.ndarray):
        return different_arrays(found, wanted, target, where, loose)
    else:
        return None if type(found) is type(wanted) and found == wanted else f"{where}: value {found!r}, not {wanted!r}"
    return next((text for w, a, b in pairs if (text := difference(a, b, target, w, loose))), None)


def different_arrays(found: Any, wanted: np.ndarray, target: str, where: str, loose: bool) -> str | None:
    """Say how two arrays differ."""
    if not isinstance(found, np.ndarray):
        return f"{where}: a {type(found).__name__}, not an array"
    if found.shape != wanted.shape:
        return f"{where}: shape {found.shape}, not {wanted.shape}"
    dtype = canonical(wanted.dtype, target)
    if str(found.dtype) != dtype:
        return f"{where}: dtype {found.dtype}, not {dtype}"
    if dtype not in TOLERANCE:
        with np.errstate(all="ignore"):
            here = wanted.astype(found.dtype)
        return None if np.array_equal(found, here) else f"{where}: value ({dtype}) {_few(found)}, not {_few(wanted)}"
    limit = TOLERANCE[dtype] if not loose else max(TOLERANCE[dtype], 1e-3)
    wide = "complex128" if wanted.dtype.kind == "c" else "float64"
    with np.errstate(all="ignore"):
        a, b = found.astype(wide), wanted.astype(found.dtype).astype(wide)
        finite = np.isfinite(b)
        scale = max(1e-2, float(np.max(np.abs(b), initial=0.0, where=finite)))
        if scale > 1e30:
            scale = float(np.median(np.abs(b[finite])))
        close = np.isclose(a, b, rtol=limit, atol=limit * min(scale, 1e30), equal_nan=True)
        if wide == "complex128":  # the sign and kind of complex infinities and NaN are not held
            close |= ~np.isfinite(a) & ~np.isfinite(b)
    return None if close.all() else f"{where}: value ({dtype}) {_few(found)}, not {_few(wanted)}"


def _few(x: np.ndarray) -> str:
    return np.array2string(x.astype("float64") if x.dtype.name == "bfloat16" else x, threshold=6, precision=6).replace(
        "\n", ""
    )


def apart(found: Run, wanted: Run, target: str, loose: bool = False) -> str | None:
    """Say how two runs differ: results, and arguments where both sides' arrays can be written to."""
    text = difference(found.result, wanted.result, target, loose=loose)
    if text is None and target in WRITABLE:
        text = difference(found.arguments, wanted.arguments, target, "arguments", loose)
    return text


def outcome(program: Program, target: str, wanted: Run | None = None) -> Outcome:
    """Convert a program and compare it with the original.

    Args:
        program: what to convert.
        target: framework to convert it to.
        wanted: what it gives where it is written, if that is known.

    Returns:
        How it fared.
    """
    source = program.source
    function = program.function()
    if wanted is None:
        try:
            wanted = run(function, program, source)
        except Exception as error:
            return Outcome("unstable", str(error))
    try:
        found = run(ivy.transpile(function, source=source, to=target), program, target)
    except IvyError as error:
        return Outcome("refused", refusal(error))
    except Exception as error:
        if LACKS.search(str(error)):
            return Outcome("limit", f"{type(error).__name__}: {str(error)[:300]}")
        tail = traceback.extract_tb(error.__traceback__)[-1]
        return Outcome(
            "raised", f"{type(error).__name__}: {str(error)[:300]} ({tail.filename.rpartition('/')[2]}:{tail.name})"
        )
    text = apart(found, wanted, target)
    if text is None:
        return Outcome("same")
    return judged(program, target, found, wanted, text)


def judged(program: Program, target: str, found: Run, wanted: Run, text: str) -> Outcome:
    """Tell a fault from rounding and from narrow types."""
    narrow = canonical("int64", target) != "int64" and canonical("float64", target) != "float64"
    if narrow and narrow_types(program):  # the source may give the same for the inputs that the target can hold
        smaller = {n: x.astype(canonical(x.dtype, target)) for n, x in program.inputs.items()}
        try:
            again = run(program.function(), replace(program, inputs=smaller, cache={}), program.source)
        except Exception:
            return Outcome("declared", text)
        if apart(found, again, target) is None:
            return Outcome("declared", text)
    if ": value" not in text:
        return Outcome("different", text)
    again, wide = step_by_step(program, None)
    if narrow:
        if wide:
            return Outcome("declared", text)
        if narrow_types(program) and apart(found, wanted, target, loose=True) is None:
            return Outcome("declared", text)
    for seed in range(4):
        try:
            moved, _ = step_by_step(program, np.random.default_rng(seed))
        except Exception:
            return Outcome("ill", text)
        if apart(moved, again, program.source) is not None:
            return Outcome("ill", text)
    return Outcome("different", text)


def refusal(error: IvyError) -> str:
    """Return the kind of a refusal: the class of the error, and the reasons of unsupported calls."""
    calls = getattr(error, "calls", ())
    reasons = "; ".join(f"{c.name}: {c.reason}" for c in calls) or getattr(error, "what", str(error))
    return f"{type(error).__name__}: {reasons}"


def shrink(
    program: Program, target: str, first: Outcome, judge: Callable[..., Outcome | None] | None = None
) -> Program:
    """Leave out statements and results while the outcome, as `judge` finds it, stays of the same kind."""
    judge = judge or outcome

    def still(candidate: Program) -> bool:
        try:
            found = judge(candidate, target)
        except Exception:
            return False
        finally:
            candidate.forget()
        return found is not None and found.kind == first.kind and found.of_arguments == first.of_arguments

    names = re.findall(r"\b(?:[a-c]|v\d+)\b", re.sub(r"'\w+'", "", program.result))
    for name in dict.fromkeys(names):
        candidate = replace(program, result=name, cache={})
        if still(candidate):
            program = candidate
            break
    changed = True
    while changed:
        changed = False
        for place in reversed(range(len(program.statements))):
            candidate = program.without(place)
            if still(candidate):
                program, changed = candidate, True
    return program
