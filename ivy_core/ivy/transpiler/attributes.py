"""Which attributes code reads: state that no later call reads needs no graph of its own."""

from __future__ import annotations

import dis
import functools
from collections.abc import Iterable
from types import CodeType, FunctionType
from typing import Any

__all__ = ["ADDED", "READ", "function_of", "names_read"]

READ, ADDED = "read", "added to"
"""What code does with an attribute: use its value, or only add to it or put into it."""

_FILLS = frozenset({"append", "appendleft", "extend", "add", "clear", "insert"})
_COPIES = frozenset({"COPY", "DUP_TOP"})
_LOADS = frozenset({"LOAD_ATTR", "LOAD_METHOD"})
_VARIABLES = frozenset({"LOAD_DEREF", "LOAD_GLOBAL", "LOAD_NAME", "LOAD_CLASSDEREF"})
_MOST = 4000


def names_read(
    classes: Iterable[type], functions: Iterable[FunctionType], frameworks: frozenset[str]
) -> dict[str, str]:
    """Return what the methods of classes, and the functions that they name, do with attributes.

    Args:
        classes: the classes of the objects.
        functions: functions that may run.
        frameworks: top-level packages whose code is not looked at.

    Returns:
        Attribute -> `READ` or `ADDED`. Names that stand in the code as strings count as read.
    """
    found: dict[str, str] = {}
    todo: list[Any] = [*functions, *classes]
    seen: set[int] = set()
    while todo and len(seen) < _MOST:
        x = todo.pop()
        if id(x) in seen:
            continue
        seen.add(id(x))
        if isinstance(x, type):
            for base in x.__mro__:
                if base.__module__.partition(".")[0] not in frameworks:
                    todo += filter(None, map(function_of, vars(base).values()))
            continue
        if x.__globals__.get("__name__", "").partition(".")[0] in frameworks:
            continue
        reads, named = code_reads(x.__code__)
        for name, how in reads:
            if found.get(name) != READ:
                found[name] = how
        for name in named:
            value = x.__globals__.get(name)
            if isinstance(value, type) or (fn := function_of(value)) is not None:
                todo.append(value if isinstance(value, type) else fn)
        todo += [f for cell in x.__closure__ or () if (f := _in_cell(cell)) is not None]
    return found


def function_of(member: Any) -> FunctionType | None:
    """Return the function behind a class's member or another callable, None if there is none of Python's."""
    if isinstance(member, (staticmethod, classmethod)):
        member = member.__func__
    if isinstance(member, property):
        member = member.fget
    member = getattr(member, "__func__", member)
    return member if isinstance(member, FunctionType) else None


def _in_cell(cell: Any) -> FunctionType | None:
    try:
        return function_of(cell.cell_contents)
    except ValueError:
        return None


@functools.lru_cache(16384)
def code_reads(code: CodeType) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return the attributes that a code object reads, each with how, and the globals that it names."""
    found: list[tuple[str, str]] = []
    instructions = [i for i in dis.get_instructions(code) if i.opname not in ("CACHE", "EXTENDED_ARG")]
    for k, step in enumerate(instructions):
        if step.opname in _LOADS or step.opname in _VARIABLES:
            found.append((step.argval, ADDED if _only_adds(instructions, k) else READ))
    named = list(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            inner, more = code_reads(constant)
            found += inner
            named += more
        else:
            found += [(text, READ) for text in _texts(constant)]
    return tuple(dict.fromkeys(found)), tuple(dict.fromkeys(named))


def _only_adds(instructions: list[dis.Instruction], k: int) -> bool:
    """Tell whether the value that an instruction loads is only added to: ``x.n += 1``, ``x.seen.append(y)``."""
    before = instructions[k - 1] if k else None
    after = instructions[k + 1 : k + 3]
    if before is not None and before.opname in _COPIES:
        return True  # an augmented assignment: what is loaded is stored again
    if not after:
        return False
    if after[0].opname in _LOADS and after[0].argval in _FILLS:
        return True
    last = instructions[k + 3] if k + 3 < len(instructions) else None
    if last is not None and last.opname.startswith("STORE_") and last.argval == instructions[k].argval:
        operation = instructions[k + 2]  # n += 1, for a variable of a closure or a global one
        return after[0].opname.startswith("LOAD_") and operation.opname.startswith(("BINARY_OP", "INPLACE_"))
    return len(after) == 2 and after[0].opname.startswith("LOAD_") and after[1].opname == "STORE_SUBSCR"


def _texts(x: Any) -> list[str]:
    if isinstance(x, str):
        return [x] if x.isidentifier() else []
    return [text for v in x for text in _texts(v)] if isinstance(x, (tuple, frozenset)) else []
