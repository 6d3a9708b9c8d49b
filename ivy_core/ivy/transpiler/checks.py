"""Which truth values are checks: one of the two ways that the user's code takes from there ends in an exception.

Under jit, where nobody can look at the value, such a check is left out. What the code does next is read off its
bytecode, so that no second capture is needed; `ivy.transpiler.forks` finds the checks that can't be seen there.
"""

from __future__ import annotations

import bisect
import dis
import functools
from types import CodeType, FrameType

__all__ = ["CHECK_LEFT_OUT", "raising_outcome"]

CHECK_LEFT_OUT = "under jit the check is left out: values are not looked at there"
_STEPS = 200
_PASSED = frozenset({"CACHE", "EXTENDED_ARG", "NOP", "NOT_TAKEN", "PRECALL", "TO_BOOL"})
_RETURNS = ("RETURN", "YIELD", "SEND")


def raising_outcome(frame: FrameType | None, *, called: bool = False) -> bool | None:
    """Tell which truth of the value that a frame asks for now leads to an exception for sure.

    Args:
        frame: the user's frame.
        called: whether the value is what the running call returns (``x.item()``), rather than tested as it is.

    Returns:
        The truth value; None if neither does, both do, or the code does something else with it.

    Example:
        >>> import sys
        >>> class Asked:
        ...     def __bool__(self):
        ...         self.outcome = raising_outcome(sys._getframe(1))
        ...         return True
        >>> asked = Asked()
        >>> assert asked
        >>> asked.outcome
        False
    """
    if frame is None:
        return None
    code = _Code.of(frame.f_code)
    i = bisect.bisect_right(code.offsets, frame.f_lasti) - 1  # it may be within the caches after a call
    inverted = False
    if called:
        if not code.steps[i].opname.startswith(("CALL", "PRECALL")):
            return None
        i += 1
    while i < len(code.steps):
        step = code.steps[i]
        if step.opname == "UNARY_NOT":
            inverted = not inverted
        elif step.opname.startswith("POP_JUMP") and step.opname.endswith(("IF_TRUE", "IF_FALSE")):
            jumps = step.opname.endswith("IF_TRUE") != inverted
            ways = {jumps: code.raises(code.target(step)), not jumps: code.raises(i + 1)}
            return None if ways[True] == ways[False] else ways[True]
        elif step.opname not in _PASSED:
            return None
        i += 1
    return None


class _Code:
    """The steps of a function, for following where they lead."""

    def __init__(self, code: CodeType) -> None:
        self.steps = list(dis.get_instructions(code))
        self.offsets = [step.offset for step in self.steps]
        self.at = {step.offset: i for i, step in enumerate(self.steps)}
        self.handled = [(e.start, e.end) for e in getattr(dis.Bytecode(code), "exception_entries", ())]

    @staticmethod
    @functools.lru_cache(maxsize=256)
    def of(code: CodeType) -> _Code:
        return _Code(code)

    def target(self, step: dis.Instruction) -> int | None:
        """Return the number of the step that a jump leads to."""
        return self.at.get(step.argval) if isinstance(step.argval, int) else None

    def raises(self, start: int | None) -> bool:
        """Tell whether every way from a step on ends in a ``raise``."""
        todo: list[int | None] = [start]
        seen: set[int] = set()
        while todo:
            i = todo.pop()
            if i is None or i >= len(self.steps) or i in seen or len(seen) > _STEPS:
                return False
            seen.add(i)
            step = self.steps[i]
            if step.opname in ("RAISE_VARARGS", "RERAISE"):
                if any(start <= step.offset < end for start, end in self.handled):
                    return False
                continue
            if step.opname.startswith(_RETURNS) or "BACKWARD" in step.opname:
                return False
            if "JUMP" in step.opname or step.opname in ("FOR_ITER", "SETUP_FINALLY"):
                todo.append(self.target(step))
                if step.opname in ("JUMP_FORWARD", "JUMP_ABSOLUTE", "JUMP"):
                    continue
            todo.append(i + 1)
        return True
