"""How many graphs one object keeps, and why it makes so many."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from ivy.transpiler.signature import first_leaf

__all__ = ["KEPT", "MANY", "changing", "drop_unused", "warn_of_many"]

KEPT = 256
"""Signatures whose graphs an object keeps; the one that was not used for longest is dropped for another."""
MANY = 64
"""Graphs after which a warning says what keeps changing."""


def drop_unused(cache: dict[Any, list[Any]]) -> list[Any]:
    """Drop what was not used for longest until no more than `KEPT` signatures are left.

    Args:
        cache: graphs by signature, oldest first; each has a flag ``used`` that a call sets.

    Returns:
        The signatures of what was dropped.
    """
    dropped: list[Any] = []
    while len(cache) > KEPT:
        key = next(iter(cache))
        graphs = cache.pop(key)
        if any(s.used for s in graphs):
            for s in graphs:
                s.used = False
            cache[key] = graphs  # once more around
        else:
            dropped.append(key)
    return dropped


def warn_of_many(name: str, keys: list[Any], names: Callable[[], list[str]], read: Callable[[], list[str]]) -> None:
    """Say that an object has made very many graphs, and what was another one each time.

    Args:
        name: the object.
        keys: the signatures.
        names: gives the names of the latest call's leaves.
        read: gives the names of what has changed around the object.
    """
    warnings.warn(
        f"{name} has made {MANY} graphs, one for each signature: {changing(keys, names, read)}. A number that changes "
        "with every call belongs into an array, and arrays of many sizes can be padded to a few.",
        UserWarning,
        stacklevel=2,
    )


def _plain(key: Any) -> Any:
    """Return the signature in a place of the cache, which may name strides or the kind of tracing besides."""
    return key[0] if len(key) == 2 and isinstance(key[0], tuple) else key


def changing(keys: list[Any], names: Callable[[], list[str]], read: Callable[[], list[str]]) -> str:
    """Return what differs among signatures, in words, as far as they are of the latest one's form."""
    keys = [_plain(k) for k in keys]
    latest = keys[-1]
    start = first_leaf(latest)
    alike = [k for k in keys if len(k) == len(latest) and (start == 1 or k[1] == latest[1])]
    counts = {i: len({k[i] for k in alike}) for i in range(start, len(latest))}
    words = []
    named = names()
    for i in sorted(counts, key=counts.__getitem__, reverse=True):
        if counts[i] > max(2, len(alike) // 4):
            static = isinstance(latest[i - (i - start) % 2], type)
            kind = ("types", "values") if static else ("shapes", "dtypes")
            words.append(f"the argument `{named[(i - start) // 2]}` had {counts[i]} different {kind[(i - start) % 2]}")
    if len({k[0] for k in alike}) > max(2, len(alike) // 4):
        words.append(f"what it reads besides its arguments changed ({', '.join(read()) or 'its closure'})")
    if len(alike) <= len(keys) // 2:
        words.append("its arguments were nested in different ways")
    return "; ".join(words[:3]) or "several arguments change"
