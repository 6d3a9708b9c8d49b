"""Fills the gaps of a statement's template: arrays, scalars, axes, shapes, indices.

A gap is ``{kind}`` or ``{kind:name}``; the first array of a template is what axes, shapes and indices refer to.

| gap | is |
|---|---|
| x f i m r n q | an array: any, floating, integer, boolean, real, not boolean, of two axes or more |
| y g j | a further array that likely broadcasts with the first: any, floating, integer |
| o | a mask of the first array's shape |
| s p k | a scalar literal, a small positive integer, a small integer |
| a A | an axis; an axis, axes or None |
| b | True or False |
| d df di | a dtype; floating; integer |
| shape grown perm | a shape to reshape to, to broadcast to; a permutation of the axes |
| idx widx v | an index; one without repeated elements; what may be written there |
| ints | a short list of indices along the last axis that `a` gave |
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .dialect import Dialect

GAP = re.compile(r"\{(\w+)\}")
FLOATS = ("float16", "bfloat16", "float32", "float64")
INTS = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64")
COMPLEX = ("complex64", "complex128")


@dataclass
class Info:
    """What is known of a live array."""

    shape: tuple[int, ...]
    dtype: str


class Unfillable(Exception):
    """No live array suits a gap."""


KINDS: dict[str, Callable[[Info], bool]] = {
    "x": lambda t: True,
    "f": lambda t: t.dtype in FLOATS,
    "i": lambda t: t.dtype in INTS,
    "m": lambda t: t.dtype == "bool",
    "r": lambda t: t.dtype in FLOATS or t.dtype in INTS,
    "n": lambda t: t.dtype != "bool",
    "z": lambda t: t.dtype in COMPLEX,
    "q": lambda t: len(t.shape) >= 2,
    "y": lambda t: True,
    "g": lambda t: t.dtype in FLOATS,
    "j": lambda t: t.dtype in INTS,
}


def broadcasts(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Tell whether two shapes broadcast."""
    return all(m == n or m == 1 or n == 1 for m, n in zip(a[::-1], b[::-1]))


@dataclass
class Filler:
    """Fills templates from live arrays.

    Attributes:
        rng: where choices come from.
        dialect: of the framework.
        live: arrays by name, oldest first.
        selected: gives the shape of an expression, None if it fails.
    """

    rng: random.Random
    dialect: Dialect
    live: dict[str, Info]
    selected: Callable[[str], tuple[int, ...] | None]
    first: Info | None = field(default=None)
    first_name: str = ""
    first_kind: str = ""
    written: str = ""
    axis: int = 0

    def fill(self, template: str) -> str:
        """Return the template with its gaps filled.

        Raises:
            Unfillable: if no live array suits one.
        """
        self.first, self.first_kind, self.written, self.axis = None, "", "", 0
        return GAP.sub(lambda gap: self.gap(gap.group(1)), template)

    def about(self, name: str, template: str) -> str:
        """Return the template with its gaps filled, about one array."""
        kind = GAP.search(template)
        if kind is None or kind.group(1) not in KINDS or not KINDS[kind.group(1)](self.live[name]):
            raise Unfillable(name)
        self.first, self.first_name, self.first_kind = self.live[name], name, kind.group(1)
        self.written, self.axis = "", 0
        return GAP.sub(lambda gap: self.gap(gap.group(1)), template)

    def gap(self, kind: str) -> str:
        """Return the text for one gap."""
        if kind in KINDS:
            return self.first_name if kind == self.first_kind else self.array(kind)
        return getattr(self, "_" + kind)()

    def array(self, kind: str) -> str:
        """Choose a live array; the first of a template sets what the other gaps refer to."""
        fits = [name for name, t in self.live.items() if KINDS[kind](t)]
        if not fits:
            raise Unfillable(kind)
        if self.first is None:
            weights = [1 + 3 * (i + 1) / len(fits) for i in range(len(fits))]
            name = self.rng.choices(fits, weights)[0]
            self.first, self.first_name, self.first_kind = self.live[name], name, kind
            return name
        if kind in "ygj" and self.rng.random() < 0.9:
            near = [n for n in fits if broadcasts(self.live[n].shape, self.first.shape)]
            fits = near or fits
        return self.rng.choice(fits)

    def here(self) -> Info:
        """Return the template's first array."""
        if self.first is None:
            self.array("x")
        assert self.first is not None
        return self.first

    # -- values --------------------------------------------------------------------------------------------------------

    def _s(self) -> str:
        r = self.rng
        kind = r.random()
        if kind < 0.45:
            return str(r.randint(-3, 5))
        if kind < 0.8:
            return r.choice(("0.5", "-1.5", "2.0", "3.0", "0.0", "1e-3", "0.1", "-0.25"))
        if kind < 0.86:
            return r.choice(("True", "False"))
        if kind < 0.97:
            return r.choice(("300", "-200", "70000", "2**31", "2**40", "1e30", "1e5", "-1"))
        return r.choice(("1j", "(2-1j)"))

    def _p(self) -> str:
        return str(self.rng.randint(1, 3))

    def _k(self) -> str:
        return str(self.rng.randint(-3, 3))

    def _b(self) -> str:
        return self.rng.choice(("True", "False"))

    def _dtype(self, names: tuple[str, ...]) -> str:
        known = [n for n in names if n in self.dialect.dtypes]
        return self.dialect.dtypes[self.rng.choice(known)]

    def _d(self) -> str:
        return self._dtype(("bool", *FLOATS, *INTS, "float32", "int32", "int64", "float32", *COMPLEX))

    def _df(self) -> str:
        return self._dtype((*FLOATS, "float32"))

    def _di(self) -> str:
        return self._dtype(("uint8", "int8", "int16", "int32", "int64", "int32", "int64"))

    def _o(self) -> str:
        here = self.here()
        same = [n for n, t in self.live.items() if t.dtype == "bool" and t.shape == here.shape]
        if same and self.rng.random() < 0.5:
            return self.rng.choice(same)
        if here.dtype == "bool":
            return self.first_name
        if here.dtype in COMPLEX:
            return f"({self.first_name} == {self.first_name})"
        return f"({self.first_name} {self.rng.choice(('>', '<', '>=', '!='))} {self.rng.choice((0, 1, 2))})"

    # -- axes and shapes ----------------------------------------------------------------------------------------------

    def _a(self) -> str:
        rank = len(self.here().shape)
        if not rank:
            return self.rng.choice(("0", "-1"))
        axis = self.rng.randrange(rank)
        self.axis = axis
        return str(axis if self.rng.random() < 0.6 else axis - rank)

    def _A(self) -> str:
        rank = len(self.here().shape)
        kind = self.rng.random()
        if kind < 0.25 or not rank:
            return "None" if self.dialect.none_axis else "()"
        if kind < 0.65 or rank < 2:
            return self._a()
        axes = self.rng.sample(range(rank), self.rng.randint(2, rank))
        return "(" + ", ".join(str(x if self.rng.random() < 0.7 else x - rank) for x in axes) + ",)"

    def _perm(self) -> str:
        axes = list(range(len(self.here().shape)))
        self.rng.shuffle(axes)
        return "(" + "".join(f"{a}, " for a in axes).rstrip() + ")"

    def _shape(self) -> str:
        r, shape = self.rng, list(self.here().shape)
        size = int(np.prod(shape))
        kind = r.random()
        if kind < 0.25:
            return "(-1,)" if size or not shape else f"({size},)"
        if kind < 0.5 and shape:
            shape.insert(r.randrange(len(shape) + 1), 1)
        elif kind < 0.75 and len(shape) >= 2:
            at = r.randrange(len(shape) - 1)
            shape[at : at + 2] = [shape[at] * shape[at + 1]]
        elif size:
            n = r.choice([n for n in range(1, size + 1) if size % n == 0])
            shape = [n, size // n]
            if r.random() < 0.4:
                shape[r.randrange(2)] = -1
        return "(" + "".join(f"{n}, " for n in shape).rstrip() + ")"

    def _grown(self) -> str:
        shape = [self.rng.choice((1, 2, 3)) if n == 1 else n for n in self.here().shape]
        if self.rng.random() < 0.5:
            shape.insert(0, self.rng.choice((1, 2, 3)))
        return "(" + "".join(f"{n}, " for n in shape).rstrip() + ")"

    def _sizes(self) -> str:
        shape = [self.rng.choice((0, 1, 2, 3, 5)) for _ in range(self.rng.randint(0, 3))]
        return "(" + "".join(f"{n}, " for n in shape).rstrip() + ")"

    def _pads(self) -> str:
        return "[" + ", ".join(f"({self.rng.randint(0, 2)}, {self.rng.randint(0, 2)})" for _ in self.here().shape) + "]"

    def _reps(self) -> str:
        count = self.rng.randint(max(1, len(self.here().shape)), len(self.here().shape) + 1)
        return "(" + "".join(f"{self.rng.choice((0, 1, 1, 2, 2))}, " for _ in range(count)).rstrip() + ")"

    # -- indices ------------------------------------------------------------------------------------------------------

    def _ints(self) -> str:
        shape = self.here().shape
        size = shape[self.axis] if shape else 1
        if not size:
            return self.dialect.int_array.format("[]")
        return self.dialect.int_array.format([self._place(size) for _ in range(self.rng.randint(1, 4))])

    def _unique(self) -> str:
        shape = self.here().shape
        size = shape[self.axis] if shape else 1
        return self.dialect.int_array.format(self.rng.sample(range(size), self.rng.randint(0, min(size, 3))))

    def _place(self, size: int) -> int:
        place = self.rng.randrange(size)
        return place - size if self.dialect.negative_places and self.rng.random() < 0.3 else place

    def _slice(self, size: int) -> str:
        r = self.rng
        bounds = ["" if r.random() < 0.4 else str(r.randint(-size - 1, size + 1)) for _ in range(2)]
        steps = ("", "", "", ":1", ":2", ":3") + ((":-1", ":-2") if self.dialect.negative_steps else ())
        return f"{bounds[0]}:{bounds[1]}{r.choice(steps)}"

    def index(self, shape: tuple[int, ...], unique: bool) -> str:
        """Return an index for an array of this shape, with what the framework takes as indices."""
        r, d = self.rng, self.dialect
        if not d.advanced or r.random() < 0.5:
            advanced = False
        else:
            advanced = True
        if d.masks and r.random() < 0.12:
            return self._o()
        parts: list[str] = []
        axis, ellipsis, arrays = 0, False, 0
        length = r.choice((1, 1, 2)) if advanced and r.random() < 0.5 else r.randint(1, max(1, len(shape)))
        if not shape:
            return r.choice(("...", "()", "None", "..., None", "None, ..."))
        while axis < len(shape):
            kind = r.random()
            size = shape[axis]
            if kind < 0.08:
                parts.append("None")
                continue
            if kind < 0.2 and not ellipsis:
                parts.append("...")
                ellipsis = True
                axis = r.randint(axis, len(shape))
                continue
            if kind < 0.4 and size:
                parts.append(str(r.randrange(-size, size)))
            elif advanced and kind < 0.75 and arrays < 3:
                parts.append(self._advanced(shape, axis, unique or arrays > 0, arrays))
                arrays += 1
                if parts[-1].startswith("!"):
                    parts[-1] = parts[-1][1:]
                    axis += 1
            else:
                parts.append(self._slice(size))
            axis += 1
            if not ellipsis and axis >= length:
                break
        return ", ".join(parts) or "..."

    def _advanced(self, shape: tuple[int, ...], axis: int, unique: bool, arrays: int) -> str:
        """Return an integer array or mask for an axis; a leading ``!`` marks a mask of two axes."""
        r, d, size = self.rng, self.dialect, shape[axis]
        kind = r.random()
        if kind < 0.2 and d.masks:
            if axis + 1 < len(shape) and r.random() < 0.2:
                rows = [[r.random() < 0.5 for _ in range(shape[axis + 1])] for _ in range(size)]
                return "!" + d.bool_array.format(rows) if size and shape[axis + 1] else ":, :"
            return d.bool_array.format([r.random() < 0.6 for _ in range(size)])
        if not size:
            return d.int_array.format([])
        ints = [n for n, t in self.live.items() if t.dtype in INTS and len(t.shape) <= 2]
        if kind < 0.3 and ints and not unique:
            return r.choice(ints)
        count = min(size, r.choice((1, 2, 2, 3))) if not arrays else min(size, 2)
        places = r.sample(range(size), count) if unique else [self._place(size) for _ in range(count)]
        if unique and d.negative_places:
            places = [p - size if r.random() < 0.3 else p for p in places]
        if kind < 0.5 and d.lists:
            return str(places)
        if kind < 0.6:
            return d.int_array.format([[p] for p in places])
        return d.int_array.format(places)

    def _idx(self) -> str:
        return self.index(self.here().shape, False)

    def _widx(self) -> str:
        text = self.index(self.here().shape, True)
        self.written = text
        return text

    def _v(self) -> str:
        shape = self.selected(f"{self.first_name}[{self.written}]")
        r = self.rng
        if shape is None or r.random() < 0.3:
            return self._s()
        suits = [n for n, t in self.live.items() if broadcasts(t.shape, shape) and len(t.shape) <= len(shape)]
        if suits and r.random() < 0.5:
            return r.choice(suits)
        cut = shape[r.randrange(len(shape) + 1) :]
        size = int(np.prod(cut))
        return self.dialect.fresh.format(size, cut) if size else self._s()

    def _basic(self) -> str:
        """An index of integers and slices alone, which gives a view."""
        shape = self.here().shape
        parts = []
        for size in shape[: self.rng.randint(1, max(1, len(shape)))]:
            parts.append(
                str(self.rng.randrange(-size, size)) if size and self.rng.random() < 0.35 else self._slice(size)
            )
        if self.rng.random() < 0.15:
            parts.insert(self.rng.randrange(len(parts) + 1), self.rng.choice(("None", "...")))
        return ", ".join(parts) or "..."
