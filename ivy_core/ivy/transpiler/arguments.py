"""Arrays that can't be the input of a graph: strings, handles, sparse and quantised ones, dtypes of one framework only.

They are told before anything is done with them: handing one to another framework may end the process.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ivy.backend import backend_of_type
from ivy.dtypes import as_dtype
from ivy.errors import CaptureError, DtypeError
from ivy.graph.aval import Aval
from ivy.graph.containers import flatten
from ivy.transpiler.names import argument_names

__all__ = ["check_arguments", "check_stored", "misfit", "peculiarity", "refusal"]


def peculiarity(x: Any) -> str | None:
    """Return what keeps an array from being an input, in words such as ``"dtype string"``; None if nothing does.

    "" stands for an array that can be one as what its backend's ``exportable`` makes of it: a random key.

    A backend's own ``peculiarity(x)`` tells what the dtype doesn't: another layout in memory, a mask.

    Args:
        x: a native array of any framework, an `ivy.Array` or an `Aval`.
    """
    data = x.data if type(x).__module__ == "ivy.array" else x
    if type(data) is Aval or hasattr(type(data), "__ivy_rank__"):
        return None
    backend = backend_of_type(type(data))
    own = getattr(backend.module, "peculiarity", None) if backend is not None else None
    words: str | None = None if own is None else own(data)
    if words is not None:
        return words
    try:
        as_dtype(data.dtype)
    except DtypeError:
        return f"dtype {getattr(data.dtype, 'name', None) or data.dtype}"
    return None


def refusal(words: str, name: str, x: Any) -> DtypeError:
    """Return the error for an argument that can't be an input.

    Args:
        words: from `peculiarity`.
        name: the argument.
        x: its value.
    """
    return DtypeError(
        f"the argument {name!r} can't be converted: it is a {type(x).__module__}.{type(x).__qualname__} of {words}",
        why="the inputs of a converted function are dense arrays of numbers or truth values",
        hint="convert it before the call, or leave it out of the converted function",
    )


def check_arguments(obj: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """Raise an error that names the first argument which can't be an input.

    Args:
        obj: what the arguments are for.
        args: positional arguments.
        kwargs: keyword arguments.

    Raises:
        DtypeError: naming the argument and its dtype.
    """
    from ivy.transpiler.pipeline import is_array_leaf

    leaves, _ = flatten((tuple(args), dict(kwargs)))
    for i, x in enumerate(leaves):
        words = peculiarity(x) if is_array_leaf(x) else None
        if words:
            raise refusal(words, argument_names(called(obj), tuple(args), kwargs)[i], x)


def check_stored(name: str, names: Sequence[str], leaves: Sequence[Any], spec: Any, call: Any) -> None:
    """Raise an error if code has put something new into the containers and objects that it was called with.

    It was called with copies, so that what it stored there would be lost.

    Args:
        name: what was called.
        names: the arguments' leaves by name.
        leaves: the leaves that it was called with.
        spec: their structure.
        call: its arguments as they are after the call.

    Raises:
        CaptureError: naming the first one.
    """
    from ivy.transpiler.pipeline import is_array_leaf

    after, now = flatten(call)
    if len(after) == len(leaves) and now == spec:
        new = next((i for i, (x, y) in enumerate(zip(leaves, after)) if x is not y), None)
        place = None if new is None else f"its argument `{names[new]}`"
    else:
        known = {id(x) for x in leaves}
        place = "its arguments" if any(is_array_leaf(x) and id(x) not in known for x in after) else None
    if place is not None:
        raise CaptureError(
            f"{name} stores a new value in {place}",
            why="a converted function computes results; it does not change the objects that it is given",
            hint="return the new value, and store it where the function is called",
        )


def misfit(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the arguments of a call by the signature of what it runs; None if nothing is.

    Args:
        obj: what is called.
        args: positional arguments.
        kwargs: keyword arguments.
    """
    from ivy.stateful.spec import KEY

    try:
        signature = inspect.signature(called(obj))
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*args, **{k: x for k, x in kwargs.items() if k != KEY})
    except TypeError as error:
        return str(error)
    return None


def called(obj: Any) -> Any:
    """Return what a call of an object runs, for its signature: a module's own method."""
    if isinstance(obj, type) or hasattr(obj, "__code__"):
        return obj
    return next((m for n in ("forward", "call") if callable(m := getattr(obj, n, None))), obj)
