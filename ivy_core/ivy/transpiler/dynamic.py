"""Arguments with axes whose size is not known when a graph is made: a Keras input's batch, a symbolic dimension."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ivy.errors import DataDependentError, IvyError
from ivy.graph.aval import Aval
from ivy.graph.containers import flatten, unflatten
from ivy.graph.graph import Graph
from ivy.graph.helpers import inlined
from ivy.graph.sizes import Axis, SizeDependenceError, generalise, samples
from ivy.transpiler.pipeline import is_array_leaf

__all__ = ["make_for_any_size", "unknown_axes"]

_BATCH = ((3, 5, 11, 13), (17, 19, 23, 29), (8, 16, 24, 40))
_PLANE = ((64, 96, 160, 224), (32, 128, 192, 320), (256, 288, 352, 384))
_LINE = ((6, 10, 22, 26), (14, 34, 38, 46), (8, 16, 24, 32))
"""Sizes to try: apart from each other and from what models have inside, so that two sizes are not taken for one."""


def unknown_axes(shapes: Sequence[Sequence[Any]], is_unknown: Callable[[Any], bool]) -> list[tuple[int, int]]:
    """Return (index of an array, axis) for every size that is not known."""
    return [(i, axis) for i, shape in enumerate(shapes) for axis, d in enumerate(shape) if is_unknown(d)]


def make_for_any_size(
    make: Callable[..., Graph],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    is_unknown: Callable[[Any], bool],
    size: str,
) -> Graph:
    """Make a graph that serves every size of the axes that are not known.

    Args:
        make: captures and lowers: ``make(args, kwargs)``.
        args: positional arguments; arrays may have sizes that are not known.
        kwargs: keyword arguments, likewise.
        is_unknown: tells whether an entry of a shape is not known.
        size: path of the target's function that gives the size of an axis.

    Returns:
        The graph.

    Raises:
        SizeDependenceError: if the graphs for several sizes differ in more than numbers.
    """
    leaves, spec = flatten((args, dict(kwargs)))
    places = [i for i, x in enumerate(leaves) if is_array_leaf(x)]
    shapes = [tuple(leaves[i].shape) for i in places]
    errors: list[Exception] = []
    for axes in _choices(shapes, unknown_axes(shapes, is_unknown)):
        chosen = samples(axes)
        try:
            with _quiet():
                graphs = [inlined(make(*_with_sizes(leaves, spec, places, axes, sizes))) for sizes in chosen]
            return generalise(graphs, chosen, axes, size)
        except DataDependentError:
            raise
        except Exception as error:  # these sizes do not suit the model: the framework's own error, or not comparable
            errors.append(error)
    for kind in (SizeDependenceError, IvyError, Exception):  # the most telling one
        for found in errors:
            if isinstance(found, kind):
                raise found
    raise AssertionError("no sizes were tried")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep frameworks from logging the errors of sizes that do not suit."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _choices(shapes: Sequence[Sequence[Any]], unknown: Sequence[tuple[int, int]]) -> Iterator[list[Axis]]:
    """Yield ways to name and try the sizes: those of the first axes are one batch, others differ or are alike."""
    groups: dict[Any, list[tuple[int, int]]] = {}
    alike: dict[Any, list[tuple[int, int]]] = {}
    for i, axis in unknown:
        groups.setdefault((0, 0) if axis == 0 else (i, axis), []).append((i, axis))
        alike.setdefault(axis, []).append((i, axis))
    ways = [groups] if len(groups) == len(alike) else [groups, alike] if len(groups) <= 3 else [alike]
    for attempt in range(3):
        for way in ways:
            yield [
                Axis(_name(found[0][1], k), tuple(found), _tried(shapes[found[0][0]], found[0][1], attempt, k))
                for k, found in enumerate(way.values())
            ]


def _name(axis: int, k: int) -> str:
    return "batch" if axis == 0 else f"size_{k}"


def _tried(shape: Sequence[Any], axis: int, attempt: int, k: int) -> tuple[int, ...]:
    sets = _BATCH if axis == 0 else _PLANE if len(shape) > 3 else _LINE
    return sets[(attempt + max(k - 1, 0)) % len(sets)]  # no two axes have a size in common


def _with_sizes(
    leaves: Sequence[Any], spec: Any, places: Sequence[int], axes: Sequence[Axis], sizes: Mapping[str, int]
) -> tuple[Any, Any]:
    from ivy.dtypes import as_dtype

    filled = {place: sizes[a.name] for a in axes for place in a.places}
    new = list(leaves)
    for n, i in enumerate(places):
        shape = tuple(filled.get((n, axis), d) for axis, d in enumerate(leaves[i].shape))
        new[i] = Aval(tuple(int(d) for d in shape), as_dtype(leaves[i].dtype))
    args, kwargs = unflatten(spec, new)
    return args, kwargs
