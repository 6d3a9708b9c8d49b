"""A program: inputs, statements in a framework's own API, and what it returns."""

from __future__ import annotations

import itertools
import linecache
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

_count = itertools.count()


@dataclass(frozen=True)
class Program:
    """Statements over named inputs.

    Attributes:
        source: framework whose API the statements use.
        header: lines that import what they use.
        inputs: by argument name.
        statements: lines of Python, in order.
        result: the expression that is returned.
        seed: what it was drawn with.
    """

    source: str
    header: str
    inputs: dict[str, np.ndarray]
    statements: tuple[str, ...]
    result: str
    seed: str = ""
    cache: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The function's source."""
        body = [*self.statements, f"return {self.result}"]
        return f"def program({', '.join(self.inputs)}):\n" + "".join(f"    {line}\n" for line in body)

    def function(self) -> Callable[..., Any]:
        """Return the program as a function whose lines can be looked up."""
        if "function" not in self.cache:
            name = f"<program {next(_count)}>"
            text = f"{self.header}\n\n\n{self.text}"
            linecache.cache[name] = (len(text), None, text.splitlines(True), name)
            scope: dict[str, Any] = {"__name__": "program"}
            exec(compile(text, name, "exec"), scope)
            self.cache["function"] = scope["program"]
            self.cache["file"] = name
        return self.cache["function"]

    def forget(self) -> None:
        """Drop the text that `function` registered."""
        linecache.cache.pop(self.cache.get("file", ""), None)

    def without(self, place: int) -> Program:
        """Return the program without one statement."""
        left = (*self.statements[:place], *self.statements[place + 1 :])
        return replace(self, statements=left, cache={})

    def script(self, target: str) -> str:
        """Return a script that shows the program's results in its framework and as converted."""
        lines = [self.header, "import numpy as np, ml_dtypes", "import ivy", "from ivy.backend import get_backend", ""]
        lines += ["", self.text, ""]
        for name, x in self.inputs.items():
            lines.append(f"{name} = {array_text(x)}")
        names = ", ".join(self.inputs)
        for framework, call in ((self.source, "program"), (target, "converted")):
            if call == "converted":
                lines.append(f"converted = ivy.transpile(program, source={self.source!r}, to={target!r})")
            lines.append(
                f"print({call}(*[get_backend({framework!r}).module.from_foreign(np.array(x), copy=True)"
                f" for x in ({names},)]))"
            )
        return "\n".join(lines)


def array_text(x: np.ndarray) -> str:
    """Return an expression for an array."""
    dtype = "ml_dtypes.bfloat16" if x.dtype.name == "bfloat16" else repr(x.dtype.name)
    wide = x.astype("float64") if x.dtype.name == "bfloat16" else x
    values = repr(wide.ravel().tolist()).replace("nan", "np.nan").replace("inf", "np.inf")
    return f"np.array({values}, {dtype}).reshape({x.shape})"
