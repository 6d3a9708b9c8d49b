"""What `ivy.compare` gives back: rows of measured differences, and the table that they print as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivy.errors import SourceLocation

__all__ = ["TOLERANCE", "Comparison", "Row", "Tolerance"]

TOLERANCE: Mapping[str, float] = {
    "float16": 5e-3,
    "bfloat16": 3e-2,
    "float32": 3e-5,
    "complex64": 3e-5,
    "float64": 1e-10,
    "complex128": 1e-10,
}
"""Relative error that one call may have, by dtype; integers and booleans have to be equal."""

DRIFT = 50.0
"""How much more than one call's error may add up over a whole model."""

FAULTS = frozenset({"differs", "dtype", "shape", "failed"})
"""Status of the rows where something goes wrong, rather than where it arrives."""


@dataclass(frozen=True)
class Row:
    """One thing that was compared.

    Args:
        kind: ``"parameter"``, ``"call"``, ``"output"``, ``"update"`` (a buffer's new value) or ``"gradient"``.
        name: the function that is called, or the name of the parameter, output, buffer or gradient.
        status: ``"same"``; ``"differs"`` (this call, given the source's own values, gives another result);
            ``"parameter"`` (the call reads a parameter that differs); ``"inherited"`` (the call is right, and what
            it was given differs); ``"dtype"`` or ``"shape"``; ``"failed"`` (it can't be run); ``"random"`` (it draws
            numbers: the source's went into both); ``"unknown"`` (there is nothing to compare with).
        index: the call's number in the source's graph.
        module: path of the submodule that makes the call.
        where: the user's line.
        shapes: on both sides.
        dtypes: on both sides.
        max_abs: largest absolute difference.
        max_rel: the same relative to the largest absolute value of the source.
        isolated: ``(max_abs, max_rel)`` of the target's call on the source's own values; None where it was not needed.
        parameters: names of the parameters that the call reads.
        note: what else there is to say.
    """

    kind: str
    name: str
    status: str = "same"
    index: int | None = None
    module: str = ""
    where: SourceLocation | None = None
    shapes: tuple[Any, Any] = (None, None)
    dtypes: tuple[Any, Any] = (None, None)
    max_abs: float | None = None
    max_rel: float | None = None
    isolated: tuple[float, float] | None = None
    parameters: tuple[str, ...] = ()
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong here."""
        return self.status in ("same", "random", "unknown")

    @property
    def error(self) -> str:
        """The differences as text."""
        if self.max_abs is None:
            return ""
        return f"max abs {self.max_abs:.2g}, rel {self.max_rel:.2g}"

    def __str__(self) -> str:
        place = f" in {self.module}" if self.module else ""
        line = f" at {self.where}" if self.where else ""
        meaning = _MEANING.get(self.status, self.status)
        if self.status == "parameter":
            meaning = f"reads {self.note.removeprefix('of ')}, which differ" + ("" if "," in self.note else "s")
        head = f"{self.kind} {self.name}{place}{line}: {meaning}"
        detail = _detail(self)
        return f"{head} ({detail})" if detail else head


_MEANING = {
    "inherited": "is given other values",
    "dtype": "gives another dtype",
    "shape": "gives another shape",
    "drift": "is over the tolerance by rounding that adds up",
    "random": "draws random numbers; the source's were used on both sides",
    "unknown": "could not be compared",
}


def _detail(row: Row) -> str:
    parts = []
    if row.shapes[0] != row.shapes[1]:
        parts.append(f"shape {_shape(row.shapes[0])} became {_shape(row.shapes[1])}")
    if row.status == "dtype":
        parts.append(f"dtype {row.dtypes[0]} became {row.dtypes[1]}")
    if row.isolated is not None and row.status == "differs" and row.kind == "call":
        parts.append(f"max abs {row.isolated[0]:.2g}, rel {row.isolated[1]:.2g} on the source's own values")
    elif row.error:
        parts.append(row.error)
    if row.note and row.status != "parameter":
        parts.append(row.note)
    return "; ".join(parts)


def _shape(shape: Any) -> str:
    return "?" if shape is None else f"[{', '.join(map(str, shape))}]"


@dataclass(frozen=True)
class Comparison:
    """What `ivy.compare` found; true if the two sides agree, and a table when printed.

    Args:
        name: the compared object's name.
        sides: what was compared, in words: source and target.
        rows: every call, in order, then updates of buffers and outputs.
        parameters: every parameter and buffer.
        gradients: gradients of parameters and inputs, if they were asked for.
        notes: what could not be compared, and why.

    Example:
        >>> import ivy, numpy as np
        >>> f = ivy.transpile(np.tanh, source="numpy", to="numpy")
        >>> result = ivy.compare(np.tanh, f, (np.ones(2),), source="numpy")
        >>> result.ok, len(result.rows)
        (True, 2)
    """

    name: str
    sides: tuple[str, str]
    rows: tuple[Row, ...] = ()
    parameters: tuple[Row, ...] = ()
    gradients: tuple[Row, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def first(self) -> Row | None:
        """The first divergence: a call, an output, a parameter that no call shows, or a gradient; or None.

        Where a parameter differs, the row is that of the first call that reads it, and `Row.parameters` names it.
        """
        calls = [r for r in self.rows if r.kind == "call"]
        for status in (FAULTS | {"parameter"}, {"inherited", "drift"}):
            for row in calls:
                if row.status in status:
                    return row
        rest = (*(r for r in self.rows if r.kind != "call"), *self.parameters)
        found = next((r for r in rest if not r.ok), None)
        # an error of a derivative goes from the output to the input: the last use is where it starts
        return found or next((r for r in reversed(self.gradients) if not r.ok), None)

    @property
    def ok(self) -> bool:
        """Whether outputs, calls, parameters and gradients agree."""
        return all(r.ok for r in (*self.rows, *self.parameters, *self.gradients))

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        calls = [r for r in self.rows if r.kind == "call"]
        lines = [f"{self.name}: {self.sides[0]} and {self.sides[1]}, {len(calls)} calls: {self._verdict()}"]
        wrong = [r for r in self.parameters if not r.ok]
        for row in wrong[:_SHOWN]:
            lines.append(f"  {row}")
        if len(wrong) > _SHOWN:
            lines.append(f"  ... and {len(wrong) - _SHOWN} more parameters")
        first = self.first
        if first is not None:
            lines.append(f"  first divergence: {first}")
            if first.where is not None and (code := first.where.source_line()):
                lines.append(f"    {code}")
        lines += _table(self._shown(), first)
        random = sum(r.status == "random" for r in self.rows)
        if random:
            many = "1 call draws" if random == 1 else f"{random} calls draw"
            lines.append(f"  {many} random numbers: the source's were used on both sides")
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)

    def _verdict(self) -> str:
        if self.ok:
            worst = max((r.max_rel for r in self.rows if r.max_rel is not None and r.kind == "output"), default=None)
            return "they agree" + ("" if worst is None else f" (outputs to {worst:.2g})")
        faults = sum(r.status in FAULTS for r in self.rows if r.kind == "call")
        wrong = [
            (sum(not r.ok for r in self.parameters), "parameter"),
            (faults, "call"),
            (sum(not r.ok for r in self.rows if r.kind == "output"), "output"),
            (sum(not r.ok for r in self.rows if r.kind == "update"), "updated buffer"),
            (sum(not r.ok for r in self.gradients), "gradient"),
        ]
        said = [f"{n} {what}{'' if n == 1 else 's'}" for n, what in wrong if n]
        total = sum(n for n, _ in wrong)
        return f"{', '.join(said)} differ{'s' if total == 1 else ''}" if said else "they drift apart by rounding"

    def _shown(self) -> list[Row]:
        """Choose the rows of interest: around the first divergence, the faults, and the worst of each kind."""
        calls = [r for r in self.rows if r.kind == "call"]
        chosen: set[int] = set()
        at = next((i for i, r in enumerate(calls) if r is self.first), None)
        if at is not None:
            chosen.update(range(max(at - 2, 0), min(at + 3, len(calls))))
        faults = [i for i, r in enumerate(calls) if r.status in FAULTS or r.status == "parameter"]
        chosen.update(faults[:_SHOWN])
        measured = [i for i, r in enumerate(calls) if r.max_rel and r.status != "random"]
        chosen.update(sorted(measured, key=lambda i: -(calls[i].max_rel or 0.0))[:3])
        rows = [calls[i] for i in sorted(chosen)]
        for kind in ("output", "update", "gradient"):
            found = [r for r in (*self.rows, *self.gradients) if r.kind == kind]
            wrong = [r for r in found if not r.ok]
            worst = sorted(found, key=lambda r: -(r.max_rel or 0.0))[:3]
            rows += wrong[:_SHOWN] or [r for r in found if r in worst]
        return rows


_SHOWN = 8
_HEAD = ("", "#", "module", "call", "where", "dtype", "shape", "max abs", "max rel", "alone", "status")


def _table(rows: list[Row], first: Row | None) -> list[str]:
    if not rows:
        return []
    cells = [_HEAD, *(_cells(row, row is first) for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(_HEAD))]
    return [("  " + "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True))).rstrip() for line in cells]


def _cells(row: Row, is_first: bool) -> tuple[str, ...]:
    def pair(x: tuple[Any, Any], show: Callable[[Any], str] = str) -> str:
        if x[0] is None and x[1] is None:
            return ""
        return show(x[0]) if x[0] == x[1] or x[1] is None else f"{show(x[0])}|{show(x[1])}"

    def number(x: float | None) -> str:
        return "" if x is None else f"{x:.1e}"

    where = "" if row.where is None else f"{row.where.file.replace(chr(92), '/').rpartition('/')[2]}:{row.where.line}"
    name = row.name.removeprefix("torch.nn.functional.") if row.kind == "call" else f"{row.kind} {row.name}"
    return (
        ">" if is_first else "",
        "" if row.index is None else str(row.index),
        row.module,
        name,
        where,
        pair(row.dtypes),
        pair(row.shapes, _shape),
        number(row.max_abs),
        number(row.max_rel),
        "" if row.isolated is None else number(row.isolated[1]),
        row.status,
    )


@dataclass(frozen=True)
class Measured:
    """The difference of two arrays."""

    shapes: tuple[Any, Any]
    dtypes: tuple[Any, Any]
    max_abs: float | None
    max_rel: float | None
    status: str


@dataclass(frozen=True)
class Tolerance:
    """What counts as a difference.

    Args:
        rtol: relative to the largest absolute value of the source's array; `TOLERANCE` by dtype if None.
        atol: added to it.
    """

    rtol: float | None = None
    atol: float = 0.0

    def limit(self, dtype: str, scale: float, factor: float = 1.0) -> float:
        """Return the largest allowed absolute difference."""
        rtol = TOLERANCE.get(dtype, 0.0) if self.rtol is None else self.rtol
        return self.atol + rtol * factor * scale

    def measure(self, a: Any, b: Any, expected: Any = None, *, factor: float = 1.0, floor: float = 0.0) -> Measured:
        """Compare two arrays in their NumPy form.

        Args:
            a: the source's.
            b: the target's.
            expected: the dtype that the target should give; the source's by default.
            factor: on the tolerance.
            floor: smallest scale that errors are measured against.
        """
        from ivy.dtypes import as_dtype

        kinds = (as_dtype(a.dtype), as_dtype(b.dtype))
        shapes, dtypes = (tuple(a.shape), tuple(b.shape)), (str(kinds[0]), str(kinds[1]))
        if shapes[0] != shapes[1]:
            return Measured(shapes, dtypes, None, None, "shape")
        wide = "complex128" if "complex" in (kinds[0].kind, kinds[1].kind) else "float64"
        x, y = a.astype(wide).reshape(-1), b.astype(wide).reshape(-1)
        same = (x == y) | ((x != x) & (y != y))
        apart = abs(x[~same] - y[~same])
        finite = abs(x[(abs(x) < float("inf"))])
        scale = max(float(finite.max()) if finite.size else 0.0, floor)
        worst = 0.0
        if apart.size:
            worst = float(apart.max())
            worst = float("inf") if worst != worst else worst  # a NaN on one side only
        relative = worst / scale if scale else (0.0 if worst == 0.0 else float("inf"))
        if dtypes[1] != str(kinds[0] if expected is None else expected):
            return Measured(shapes, dtypes, worst, relative, "dtype")
        loose = min(dtypes, key=lambda d: -TOLERANCE.get(d, 0.0))
        exact = kinds[0].kind in ("bool", "int", "uint")
        over = worst > (self.atol if exact else self.limit(loose, scale, factor))
        return Measured(shapes, dtypes, worst, relative, "differs" if over else "same")
