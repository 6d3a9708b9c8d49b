"""Readable names: of callables, of their arguments, and of the place in the user's code that runs now."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from ivy.graph.node import Loc

__all__ = ["argument_names", "assigned_name", "callable_name", "user_frame", "user_location"]


def callable_name(obj: Any) -> str:
    """Return a name for a callable: a function's own, a partial's inner one, an instance's class.

    Args:
        obj: any callable.

    Returns:
        A name, not always a valid identifier (``"<lambda>"`` gives ``"function"``).
    """
    while isinstance(obj, functools.partial):
        obj = obj.func
    name = getattr(obj, "__name__", None) or type(obj).__name__
    return "function" if name == "<lambda>" else str(name)


def argument_names(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> list[str]:
    """Return one name for each leaf of ``(args, kwargs)``, after the parameters of the callable's signature.

    Args:
        obj: the callable.
        args: positional arguments.
        kwargs: keyword arguments.

    Returns:
        Names in the order of `ivy.graph.containers.flatten`; container keys are appended (``"batch_ids"``).
    """
    import optree

    from ivy.graph.containers import NAMESPACE, flatten

    try:
        parameters = list(inspect.signature(obj).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names: list[str] = []
    rest = "x"
    for i in range(len(args)):
        if i < len(parameters) and parameters[i].kind in (0, 1):
            names.append(parameters[i].name)
        else:
            rest = next((p.name for p in parameters if p.kind is inspect.Parameter.VAR_POSITIONAL), rest)
            names.append(f"{rest}{i}" if len(args) > 1 else rest)
    flatten((args, dict(kwargs)))  # registers the container classes that the next line meets
    whole: Any = (args, dict(kwargs))
    paths, _, _ = optree.tree_flatten_with_path(whole, none_is_leaf=True, namespace=NAMESPACE)
    result = []
    for path in paths:
        which, *inner = path
        head = names[inner[0]] if which == 0 else str(inner[0])
        result.append("_".join([head, *map(str, inner[1:])]))
    return result


@functools.cache
def _stores(code: CodeType) -> dict[int, str]:
    """Map the offset of each instruction to the variable that the next one stores to."""
    import dis

    found: dict[int, str] = {}
    previous: int | None = None
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("STORE_FAST", "STORE_NAME", "STORE_DEREF", "STORE_GLOBAL") and previous is not None:
            found[previous] = str(instruction.argval)
        if instruction.opname not in ("CACHE", "EXTENDED_ARG"):
            previous = instruction.offset
    return found


def assigned_name(frame: FrameType) -> str:
    """Return the variable that the statement running in a frame assigns its result to, "" if there is none.

    Args:
        frame: a frame that waits for a call to return. Works without source files, from the bytecode.
    """
    return _stores(frame.f_code).get(frame.f_lasti, "")


def user_frame(skip: Callable[[str], bool], depth: int = 1, stop: str = "") -> FrameType | None:
    """Return the innermost frame whose file `skip` does not reject.

    Args:
        skip: gets a file name, tells whether it belongs to Ivy or the framework.
        depth: how many frames to leave out first.
        stop: file at whose first frame to give up: what is outside of it only asked for the conversion.
    """
    frame: FrameType | None = sys._getframe(depth)
    while frame is not None:
        name = frame.f_code.co_filename
        if name == stop:
            return None
        if not skip(name):
            return frame
        frame = frame.f_back
    return None


_HERE = __file__.rsplit("transpiler", 1)[0]


@functools.cache
def _is_ours(filename: str) -> bool:
    return filename.startswith(_HERE) or "/ivy_" in filename.rpartition("/frontend/")[0]


@contextmanager
def user_location(trace: Any) -> Iterator[None]:
    """Let a trace take each record's place from the Python stack while user code runs."""
    emit = trace._emit

    def located(*args: Any) -> Any:
        frame = user_frame(_is_ours, 2)
        if frame is not None:
            trace.loc = Loc(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
        result = emit(*args)
        name = assigned_name(frame) if frame is not None else ""
        node = getattr(result, "node", None)
        if name and node is not None:
            node.name = name
        return result

    trace._emit = located
    try:
        yield
    finally:
        del trace._emit
