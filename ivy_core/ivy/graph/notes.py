"""What a capture leaves out, or changes the meaning of, and where the user's code has it; for `ivy.check` to report.

Captures add notes to `Graph.notes` while they record. A call that can't be converted is no note: it stays in the graph,
and lowering lists it.
"""

from __future__ import annotations

import dis
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from ivy.graph.node import Loc

__all__ = ["Note", "place_of_function", "place_of_store"]


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a conversion ignores or changes.

    Args:
        kind: ``"ignored"``: the converted code doesn't do it; ``"changed"``: it does something else.
        name: what it is: a function's dotted path, an attribute with the path of its module.
        why: what becomes of it.
        loc: where the user's code has it.
    """

    kind: str
    name: str
    why: str
    loc: Loc | None = None


def place_of_function(f: Any) -> Loc | None:
    """Return where a function is defined, None for what is no function of Python's."""
    f = getattr(f, "__func__", f)
    code = getattr(f, "__code__", None)
    return None if code is None else Loc(code.co_filename, code.co_firstlineno, code.co_name)


def place_of_store(cls: type, name: str, ways: tuple[str, ...] = ("STORE_ATTR",)) -> Loc | None:
    """Return the first line of a class's methods, `__init__` aside, that assigns to an attribute; None if none does.

    Args:
        cls: the class.
        name: the attribute.
        ways: instructions that count, the best first.
    """
    return next((place for way in ways if (place := _place_of(cls, name, way)) is not None), None)


def _place_of(cls: type, name: str, way: str) -> Loc | None:
    for base in cls.__mro__:
        for method in vars(base).values():
            if not isinstance(method, FunctionType) or method.__name__ == "__init__":
                continue
            code = method.__code__
            if name not in code.co_names:
                continue
            for instruction in dis.get_instructions(code):
                if instruction.opname == way and instruction.argval == name:
                    line = instruction.positions.lineno if instruction.positions else None
                    return Loc(code.co_filename, line or code.co_firstlineno, code.co_name)
    return None
