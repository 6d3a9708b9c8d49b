"""What a call leaves in the objects and containers that it is given: a cache that it fills, a list that it appends to.

The capture runs on copies of them. Where those differ afterwards, the graph gives their contents beside the result, and
each call of the converted function puts them into the caller's own objects.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, NamedTuple

from ivy.graph.containers import flatten, is_mutable_object, unflatten

__all__ = ["WithArguments", "arguments_after", "copied", "observed", "settled"]


class WithArguments(NamedTuple):
    """The result of a call that changed what it was given.

    Args:
        result: the call's own.
        arguments: ``(args, kwargs)`` as the call left them.
    """

    result: Any
    arguments: Any


def copied(tree: Any) -> Any:
    """Return a nest with containers and objects of its own; arrays and other leaves are the same."""
    leaves, spec = flatten(tree)
    return unflatten(spec, [copy.deepcopy(x) if is_mutable_object(x) else x for x in leaves])


def arguments_after(leaves: Sequence[Any], spec: Any, call: Any) -> bool:
    """Tell whether code has put something new into the containers and objects that it was called with.

    Args:
        leaves: the leaves that it was called with.
        spec: their structure.
        call: its arguments as they are after the call.
    """
    from ivy.transpiler.pipeline import is_array_leaf

    after, now = flatten(call)
    if len(after) != len(leaves):
        return True
    if now == spec:
        return any(x is not y for x, y in zip(leaves, after, strict=True))
    known = {id(x) for x in leaves}
    return any(is_array_leaf(x) and id(x) not in known for x in after)


def observed(fn: Any, args: Any, kwargs: Any) -> Any:
    """Call a function; return its result, `WithArguments` if it changed what it was given."""
    leaves, spec = flatten((args, kwargs))
    result = fn(*args, **kwargs)
    return WithArguments(result, (args, kwargs)) if arguments_after(leaves, spec, (args, kwargs)) else result


def settled(result: Any, given: Any) -> Any:
    """Put what a call left in its arguments into the caller's own objects; return the call's own result.

    Args:
        result: what a generated function gave.
        given: ``(args, kwargs)`` as the caller gave them.
    """
    if type(result) is not WithArguments:
        return result
    _put(given, result.arguments)
    return result.result


def _put(old: Any, new: Any) -> Any:
    """Make the containers of `old` hold what those of `new` do, as far as they match; return what stands for `new`."""
    if old is new or type(old) is not type(new):
        return new
    if isinstance(old, (list, deque)):
        items = [_put(x, y) for x, y in zip(old, new)] + list(new)[len(old) :]
        old.clear()
        old.extend(items)
        return old
    if isinstance(old, tuple):
        parts = [_put(x, y) for x, y in zip(old, new)] + list(new)[len(old) :]
        same = len(parts) == len(old) and all(x is y for x, y in zip(old, parts))
        return old if same else type(old)(*parts) if hasattr(old, "_fields") else type(old)(parts)
    if isinstance(old, MutableMapping):
        entries = {k: _put(old[k], v) if k in old else v for k, v in new.items()}
        for k in [k for k in old if k not in entries]:
            del old[k]
        for k, v in entries.items():
            if k not in old or old[k] is not v:
                old[k] = v
        return old
    if isinstance(old, Mapping) or not hasattr(old, "__dict__") or not _has_state(old, new):
        return new
    mine, theirs = vars(old), vars(new)
    for name in [n for n in mine if n not in theirs]:
        delattr(old, name)
    for name, v in theirs.items():
        value = _put(mine[name], v) if name in mine else v
        if name not in mine or mine[name] is not value:
            object.__setattr__(old, name, value)
    return old


def _has_state(*objects: Any) -> bool:
    """Tell whether one of these is an object that is taken apart, or may come to be."""
    return any(is_mutable_object(x) or flatten(x)[1].num_nodes > 1 for x in objects)
