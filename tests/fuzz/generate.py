"""Draws programs that run in their own framework."""

from __future__ import annotations

import importlib
import random
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ivy.backend import get_backend

from .arrays import LIMIT, draw_inputs, native, seeded, to_numpy
from .dialect import Dialect
from .fill import Filler, Info, Unfillable
from .program import Program

NAME = re.compile(r"\b[a-c]\b|\bv\d+\b")


def dialect(source: str) -> Dialect:
    """Return the templates of a framework."""
    return importlib.import_module(f"{__package__}.in_{source}").DIALECT


@contextmanager
def quiet() -> Iterator[None]:
    """Run without warnings: overflow and division by zero are what programs are made of."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", message="An output with one or more elements was resized")
        yield


class Draft:
    """A program in the making, which runs as it grows."""

    def __init__(self, rng: random.Random, api: Dialect, special: bool, settled: bool = False) -> None:
        self.rng, self.api = rng, api
        self.avoided = OPEN.get(api.name) if settled else None
        self.inputs = dict(zip("abc", draw_inputs(rng, {*api.dtypes, *api.inputs}, special)))
        self.scope: dict[str, Any] = {}
        exec(api.header, self.scope)
        self.types = get_backend(api.name).types
        self.live: dict[str, Info] = {}
        for name, x in self.inputs.items():
            self.scope[name] = native(x, api.name)
        self.statements: list[str] = []
        self.count = 0
        for name in self.inputs:
            self.look(name)
        self.filler = Filler(rng, api, self.live, self.selected)
        self.groups = [g for g in api.weights if g in api.templates or (g == "view" and api.views)]

    def selected(self, text: str) -> tuple[int, ...] | None:
        """Return the shape that an expression has now."""
        try:
            with quiet():
                return tuple(int(n) for n in eval(text, self.scope).shape)
        except Exception:
            return None

    def look(self, name: str) -> bool:
        """Note the shape and dtype that a variable has; False if it is no array of reasonable size."""
        x = self.scope.get(name)
        numpy_scalar = self.api.name == "numpy" and isinstance(x, np.generic)
        if not (isinstance(x, self.types) or numpy_scalar) or len(x.shape) > 5:
            return False
        if int(np.prod([int(n) for n in x.shape])) > LIMIT:
            return False
        dtype = dtype_name(x)
        self.live[name] = Info(tuple(int(n) for n in x.shape), dtype)
        return dtype in self.api.dtypes or dtype in self.api.inputs

    def step(self) -> bool:
        """Try to add one statement."""
        group = self.rng.choices(self.groups, [self.api.weights[g] for g in self.groups])[0]
        templates = self.api.views if group == "view" else self.api.templates[group]
        try:
            text = self.filler.fill(self.rng.choice(templates))
        except Unfillable:
            return False
        added = self.add(text)
        if added and group == "view" and self.api.mutable and self.rng.random() < 0.6:
            name = next(reversed(self.live))
            template = self.rng.choice(self.api.templates["write"])
            try:
                text = Filler(self.rng, self.api, self.live, self.selected).about(name, template)
            except Unfillable:
                return added
            self.add(text)
        return added

    def add(self, text: str) -> bool:
        """Run one statement and keep it if it works."""
        targets: list[str] = []
        if text.startswith("!"):
            line = text[1:]
        elif text.startswith("="):
            targets = [self.rng.choice(list(self.live))]
            line = f"{targets[0]} {text}".replace(" =", " = ")
        else:
            many = re.match(r"(\d)=", text)
            count = int(many.group(1)) if many else 1
            targets = [f"v{self.count + i}" for i in range(count)]
            line = f"{', '.join(targets)} = {text[2:] if many else text}"
        if self.avoided and self.avoided.search(line):
            return False
        before = {name: self.scope[name] for name in self.live}
        try:
            with quiet():
                if self.undefined(line, targets):
                    return False
                exec(line, self.scope)
                if self.overflows(line, targets, before):
                    raise OverflowError
        except Exception:
            for name in targets:
                self.scope.pop(name, None)
            self.scope.update(before)
            return False
        suitable = [self.look(name) for name in targets]
        if not all(suitable):
            for name in targets:
                self.scope.pop(name, None)
                self.live.pop(name, None)
            self.scope.update(before)
            return False
        for name in list(self.live):  # writes may change shapes (``t_``) and dtypes (``x += y`` on immutable arrays)
            if not self.look(name):
                self.live.pop(name)
        self.count += sum(name not in before for name in targets)
        self.statements.append(line)
        return True

    def undefined(self, line: str, targets: list[str]) -> bool:
        """Tell whether a statement converts floats to integers that can't hold them, or shifts out of range."""
        names = set(NAME.findall(line))
        if not names & set(self.live):
            return False
        if self.api.name == "torch" and WRITES.search(line) and self.entangled(names):
            return True
        values = {n: to_numpy(self.scope[n], self.api.name) for n in names if n in self.live}
        if "<<" in line or ">>" in line or "shift" in line:
            if any(x.dtype.kind in "iu" and x.size and (x.min() < 0 or x.max() > 7) for x in values.values()):
                return True
            return bool(re.search(r"(<<|>>)\s*\S*(-|\d\d)", line))
        if DIVISIONS.search(line) and (
            BY_ZERO.search(line) or any(x.dtype.kind in "iub" and x.size and not x.all() for x in values.values())
        ):
            return True  # of integers: NumPy gives 0, JAX -1, PyTorch an error, PaddlePaddle ends the process
        if POWERS.search(line) and any(x.dtype.kind == "c" and not x.all() for x in values.values()):
            return True  # of complex zeros: PyTorch's depends on the size of the array
        if not re.search(INTEGERS, line) and not any(x.dtype.kind in "iub" for x in values.values()):
            return False
        for x in values.values():
            if x.size and (x.dtype.kind in "fc" or x.dtype.name == "bfloat16"):
                wide = np.stack([x.real, x.imag]) if x.dtype.kind == "c" else x.astype("float64")
                if not (np.isfinite(wide).all() and wide.max() < 120 and wide.min() > self.floor(line, values)):
                    return True
        return False

    def entangled(self, names: set[str]) -> bool:
        """Tell whether tensors share some memory in different ways: what a write reads then depends on its order."""
        seen: dict[int, tuple[Any, ...]] = {}
        for name in names & set(self.live):
            x = self.scope[name]
            place = (x.storage_offset(), tuple(x.shape), x.stride())
            if seen.setdefault(x.untyped_storage().data_ptr(), place) != place and x.numel():
                return True
        return False

    def overflows(self, line: str, targets: list[str], before: dict[str, Any]) -> bool:
        """Tell whether a float literal that no integer holds may have become one."""
        if not LARGE.search(line):
            return False
        made = [self.scope[name] for name in targets] or [x for n, x in before.items() if n in NAME.findall(line)]
        return any(re.search("int|bool", dtype_name(x)) for x in made if hasattr(x, "dtype"))

    def floor(self, line: str, values: dict[str, np.ndarray]) -> float:
        """Return what floats must be above of to become integers in this line."""
        unsigned = "uint" in line or "byte" in line or any(x.dtype.kind == "u" for x in values.values())
        return -1.0 if unsigned else -120.0

    def program(self, seed: str) -> Program:
        """Return what was drawn; it returns its latest values, and arguments that it bound anew."""
        names = list(self.live)
        kept = names if len(names) <= 5 else sorted({*names[-3:], *self.rng.sample(names, 2)}, key=names.index)
        form = self.rng.random()
        result = f"({', '.join(kept)},)"
        if form < 0.08:
            result = f"[{', '.join(kept)}]"
        elif form < 0.16:
            result = "{" + ", ".join(f"{n!r}: {n}" for n in kept) + "}"
        elif form < 0.22:
            result = f"{kept[-1]}"
        return Program(self.api.name, self.api.header, self.inputs, tuple(self.statements), result, seed)


OPEN = {
    "numpy": re.compile(r"return_inverse"),
    "torch": re.compile(r"signbit|copysign|remainder|%|norm\(|detach|\.data\b|gelu|mode\("),
    "tensorflow": re.compile(r"map_fn"),
    "jax": re.compile(r"pad\("),
}
"""What programs of the tests' default run leave out: the open kinds of docs/fuzzing.md, and what rounds by the machine."""
WRITES = re.compile(r"[a-z]_\(|out=|inplace=|^\w+(\.\w+)* \S+= |^\w+\[.*\] \S*= ")
LARGE = re.compile(r"\b1e\d+|inf")
DIVISIONS = re.compile(r"//|%|/|rem\(|mod|div|reciprocal|remainder|fmod|average|pow|\*\*")
POWERS = re.compile(r"pow|\*\*")
BY_ZERO = re.compile(r"(//|%|/|, )\s*(0|False|0\.0)\b")
INTEGERS = r"int|long|short|char|byte|bool|searchsorted|bucketize|bincount|unique|round|floor|sign"


def dtype_name(x: Any) -> str:
    """Return the name of an array's dtype in any framework."""
    return str(getattr(x.dtype, "name", x.dtype)).rpartition(".")[2].lower()


def generate(source: str, seed: str, special: bool | None = None, settled: bool = False) -> Program:
    """Draw one program of 3 to 10 statements.

    Args:
        source: framework whose API it uses.
        seed: the same seed gives the same program.
        special: whether inputs may hold infinities, NaN and the extremes of dtypes; None: one in two programs.
        settled: leave out the statements of `OPEN`.

    Returns:
        A program that runs in its framework.
    """
    rng = seeded(source, seed)
    api = dialect(source)
    while True:
        draft = Draft(rng, api, rng.random() < 0.5 if special is None else special, settled)
        wanted = rng.randint(3, 10)
        for _ in range(8 * wanted):
            draft.step()
            if len(draft.statements) >= wanted:
                break
        if len(draft.statements) >= 2:
            program = draft.program(seed)
            if source != "tensorflow" or _runs_as_a_graph(program):
                return program


def _runs_as_a_graph(program: Program) -> bool:
    """Tell whether TensorFlow itself makes a graph of a program; what it can't trace is no fault of a conversion."""
    import tensorflow as tf

    try:
        with quiet():
            tf.function(program.function())(*[native(x, "tensorflow") for x in program.inputs.values()])
    except Exception:
        return False
    return True
