"""Control flow over callables: branches, loops and maps that can be recorded, jitted and differentiated.

The calling forms are those of `jax.lax`, so that there they are the framework's own functions. Callables get and return
arrays or pytrees of arrays (a tuple in, a tuple out); what they return keeps its structure. Every op tells, by its
``subgraphs`` trait, what its callables are called with, so that the tracer can record them as graphs of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import optree

from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = ["associative_scan", "cond", "fori_loop", "map", "scan", "switch", "vmap", "vmap_at", "while_loop"]

Bound = Mapping[str, Any]


def _aval(shape: tuple[int, ...], dtype: Any) -> Any:
    from ivy.dtypes import as_dtype
    from ivy.graph.aval import Aval

    return Aval(shape, as_dtype(dtype))


def _row(xs: Any) -> Any:
    """Describe one step's slice of `xs`: every array without its first axis."""
    from ivy.dtypes import dtype_of

    return optree.tree_map(lambda x: _aval(tuple(x.shape[1:]), dtype_of(x)), xs)


def _steps(bound: Bound) -> int:
    """Return how many steps a scan or map takes."""
    rows = optree.tree_leaves(bound["xs"])
    return int(rows[0].shape[0]) if rows else int(bound["length"])


def _stacked(result: Any, steps: int) -> Any:
    """Describe the results of all steps, stacked."""
    return optree.tree_map(lambda x: _aval((steps, *x.shape), x.dtype), result)


def _scanned(bound: Bound, traced: Mapping[str, Any]) -> Any:
    carry, y = traced["f"]
    return (carry, _stacked(y, _steps(bound)))


def _index(bound: Bound) -> Any:
    """Describe a loop counter: of the bounds' dtype where one is an array, else int32."""
    from ivy.dtypes import dtype_of

    for x in (bound["lower"], bound["upper"]):
        if hasattr(x, "dtype"):
            return _aval((), dtype_of(x))
    return _aval((), "int32")


def _operands(bound: Bound, traced: Mapping[str, Any]) -> list[Any]:
    return list(bound["operands"])


def _init(bound: Bound, traced: Mapping[str, Any]) -> list[Any]:
    return [bound["init"]]


@composite(
    body="_eager",
    eager=True,
    subgraphs={"true_fn": _operands, "false_fn": _operands},
    result=lambda bound, traced: traced["true_fn"],
)
def cond(pred: Array | bool, true_fn: Callable[..., Any], false_fn: Callable[..., Any], /, *operands: Array) -> Any:
    """Call one of two functions, chosen by a scalar (jax.lax.cond).

    Args:
        pred: scalar; true where it is not zero.
        true_fn: called as ``true_fn(*operands)`` if `pred` is true.
        false_fn: called as ``false_fn(*operands)`` otherwise; returns the same structure, shapes and dtypes.
        *operands: arrays, or pytrees of arrays, to call it with.

    Returns:
        What the chosen function returns.

    Definition: jax.lax.cond, https://docs.jax.dev/en/latest/_autosummary/jax.lax.cond.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> x = np.asarray([1.0, 2.0])
        >>> ivy.cond(x.sum() > 0, lambda a: a + 1, lambda a: a - 1, x)
        array([2., 3.])
    """


@composite(
    body="_eager", eager=True, subgraphs={"branches": _operands}, result=lambda bound, traced: traced["branches"]
)
def switch(index: Array | int, branches: Sequence[Callable[..., Any]], /, *operands: Array) -> Any:
    """Call one of several functions, chosen by an integer (jax.lax.switch).

    Args:
        index: scalar integer; clamped into the range of `branches`.
        branches: functions that return the same structure, shapes and dtypes.
        *operands: arrays, or pytrees of arrays, to call it with.

    Returns:
        What ``branches[index](*operands)`` returns.

    Definition: jax.lax.switch, https://docs.jax.dev/en/latest/_autosummary/jax.lax.switch.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.switch(7, [lambda a: a, lambda a: -a], np.asarray([1.0, 2.0]))
        array([-1., -2.])
    """


@composite(
    body="_eager",
    eager=True,
    subgraphs={"cond_fn": _init, "body_fn": _init},
    result=lambda bound, traced: traced["body_fn"],
)
def while_loop(cond_fn: Callable[[Any], Any], body_fn: Callable[[Any], Any], init: Array, /) -> Any:
    """Repeat `body_fn` while `cond_fn` holds (jax.lax.while_loop).

    Args:
        cond_fn: called with the state; returns a scalar boolean.
        body_fn: called with the state; returns the next one, of the same structure, shapes and dtypes.
        init: the first state: a tuple of arrays (or one array, or any pytree of arrays).

    Returns:
        The last state.

    Definition: jax.lax.while_loop, https://docs.jax.dev/en/latest/_autosummary/jax.lax.while_loop.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> i, x = ivy.while_loop(lambda s: s[0] < 3, lambda s: (s[0] + 1, s[1] * 2), (np.asarray(0), np.ones(2)))
        >>> x
        array([8., 8.])
    """


@composite(
    subgraphs={"body_fn": lambda bound, traced: [_index(bound), bound["init"]]},
    result=lambda bound, traced: traced["body_fn"],
)
def fori_loop(lower: Array | int, upper: Array | int, body_fn: Callable[[Any, Any], Any], init: Array, /) -> Any:
    """Repeat `body_fn` for every integer of a range (jax.lax.fori_loop).

    Args:
        lower: first index, a scalar.
        upper: index to stop before, a scalar.
        body_fn: called as ``body_fn(i, state)``; returns the next state, of the same structure, shapes and dtypes.
        init: the first state: an array, a tuple of arrays or any pytree of arrays.

    Returns:
        The last state.

    Definition: jax.lax.fori_loop, https://docs.jax.dev/en/latest/_autosummary/jax.lax.fori_loop.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fori_loop(0, 4, lambda i, x: x + i, np.zeros(2))
        array([6., 6.])
    """
    from ivy.functional import asarray

    start = lower if hasattr(lower, "dtype") else asarray(lower, dtype="int32")

    def step(state: tuple[Any, Any]) -> tuple[Any, Any]:
        i, carry = state
        return i + 1, body_fn(i, carry)

    return while_loop(lambda state: state[0] < upper, step, (start, init))[1]


@composite(
    body="_eager",
    eager=True,
    subgraphs={"f": lambda bound, traced: [bound["init"], _row(bound["xs"])]},
    result=_scanned,
)
def scan(  # type: ignore[empty-body]
    f: Callable[[Any, Any], tuple[Any, Any]],
    init: Array,
    xs: Array | None,
    /,
    *,
    length: int | None = None,
    reverse: bool = False,
) -> tuple[Any, Any]:
    """Carry a state along the first axis of `xs` and collect a result of every step (jax.lax.scan).

    Args:
        f: called as ``f(carry, x)``, x being one slice of `xs`; returns ``(carry, y)``, the carry of the same
            structure, shapes and dtypes as before.
        init: the first carry: a tuple of arrays (or one array, or any pytree of arrays).
        xs: a tuple of arrays (or one array, or any pytree of arrays) with the same first dimension; None or ``()`` if
            `length` says how many steps to take.
        length: number of steps; needed only without `xs`.
        reverse: whether to go from the last slice to the first; results keep their slice's place.

    Returns:
        The last carry, and the y's stacked along a new first axis.

    Raises:
        ValueError: if the first dimensions differ, from each other or from `length`.

    Definition: jax.lax.scan, https://docs.jax.dev/en/latest/_autosummary/jax.lax.scan.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.scan(lambda c, x: (c + x, c), np.asarray(0.0), np.asarray([1.0, 2.0, 3.0]))[1]
        array([0., 1., 3.])
    """


@composite(
    subgraphs={"f": lambda bound, traced: [_row(bound["xs"])]},
    result=lambda bound, traced: _stacked(traced["f"], _steps(bound)),
)
def map(f: Callable[[Any], Any], xs: Array, /) -> Any:
    """Call a function on every slice along the first axis and stack the results (jax.lax.map).

    Args:
        f: called with one slice.
        xs: an array, a tuple of arrays or any pytree of arrays with the same first dimension.

    Returns:
        The results, stacked along a new first axis.

    Definition: jax.lax.map, https://docs.jax.dev/en/latest/_autosummary/jax.lax.map.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.map(lambda row: row.sum(), np.ones((3, 2)))
        array([2., 2., 2.])
    """
    return scan(lambda carry, x: (carry, f(x)), (), xs)[1]


def _example(bound: Bound, traced: Mapping[str, Any]) -> list[Any]:
    """Describe one example of a batch's arguments."""
    from ivy.dtypes import dtype_of

    def without(x: Any, axis: int | None) -> Any:
        if axis is None or not hasattr(x, "shape"):
            return x
        at = axis % len(x.shape)
        return _aval((*x.shape[:at], *x.shape[at + 1 :]), dtype_of(x))

    args: Any = list(bound["args"])
    axes = _axes(bound["in_axes"], args)
    leaves, treedef = optree.tree_flatten(args, none_is_leaf=True)
    return list(optree.tree_unflatten(treedef, [without(x, a) for x, a in zip(leaves, axes, strict=True)]))


def _axes(axes: Any, tree: Any) -> list[Any]:
    """Give every leaf of a tree its axis: one that is given for a part of it holds for all leaves there."""
    if axes is None or isinstance(axes, int):
        return [axes] * len(optree.tree_leaves(tree, none_is_leaf=True))
    if isinstance(axes, dict):
        return [a for k in sorted(axes) for a in _axes(axes[k], tree[k])]
    return [a for part, x in zip(axes, tree, strict=True) for a in _axes(part, x)]


def _batched(bound: Bound, traced: Mapping[str, Any]) -> Any:
    args: Any = list(bound["args"])
    leaves = optree.tree_leaves(args, none_is_leaf=True)
    size = next(x.shape[a] for x, a in zip(leaves, _axes(bound["in_axes"], args), strict=True) if a is not None)

    def with_axis(x: Any, axis: int | None) -> Any:
        if axis is None:
            return x
        at = axis % (len(x.shape) + 1)
        return _aval((*x.shape[:at], size, *x.shape[at:]), x.dtype)

    outs, treedef = optree.tree_flatten(traced["fn"])
    axes = _axes(bound["out_axes"], traced["fn"])
    return optree.tree_unflatten(treedef, [with_axis(x, a) for x, a in zip(outs, axes, strict=True)])


@composite(body="_eager", eager=True, subgraphs={"fn": _example}, result=_batched)
def vmap_at(fn: Callable[..., Any], in_axes: Any, out_axes: Any, args: Sequence[Array], /) -> Any:
    """Call a function on batches of its arguments; what `vmap` calls.

    Args:
        fn: function of arrays.
        in_axes: the axis of every argument that is mapped, None for those that are not; an int for all.
        out_axes: where the mapped axis goes in the results.
        args: the arguments.

    Returns:
        The results with the mapped axis.

    Definition: jax.vmap, https://docs.jax.dev/en/latest/_autosummary/jax.vmap.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.vmap_at(lambda a: a.sum(), 0, 0, (np.ones((3, 2)),))
        array([2., 2., 2.])
    """


def vmap(fn: Callable[..., Any], in_axes: Any = 0, out_axes: Any = 0) -> Callable[..., Any]:
    """Make a function of batches from a function of single examples (jax.vmap, torch.func.vmap).

    Args:
        fn: function of arrays.
        in_axes: the axis of every positional argument that is mapped (None: not mapped); an int for all.
        out_axes: where the mapped axis goes in the results.

    Returns:
        The batched function.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.vmap(lambda a, b: a @ b, in_axes=(0, None))(np.ones((3, 2)), np.ones(2))
        array([2., 2., 2.])
    """

    def batched(*args: Any) -> Any:
        return vmap_at(fn, in_axes, out_axes, args)

    return batched


def associative_scan(fn: Callable[[Any, Any], Any], elems: Any, /, *, reverse: bool = False, axis: int = 0) -> Any:
    """Combine the elements up to each one by an associative function, in logarithmic depth (jax.lax.associative_scan).

    A trace does not record it as a node: it records the calls of `fn`.

    Args:
        fn: called as ``fn(a, b)`` with two pytrees like `elems`, of equal and varying length along `axis`, `a` before
            `b` (after it with `reverse`); returns their elementwise combination, of the same structure.
        elems: an array, or any pytree of arrays, with the same length along `axis`.
        reverse: whether to combine from the last element to the first.
        axis: along which to combine.

    Returns:
        The combinations, structured and shaped like `elems`.

    Raises:
        ShapeError: if the lengths along `axis` differ.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.associative_scan(lambda a, b: a * b, np.asarray([1, 2, 3, 4]))
        array([ 1,  2,  6, 24])
    """
    import ivy.functional as F
    from ivy.errors import ShapeError

    leaves, treedef = optree.tree_flatten(elems)
    sizes = {int(x.shape[axis]) for x in leaves}
    if len(sizes) > 1:
        raise ShapeError(f"the arrays of an associative scan have the lengths {sorted(sizes)} along axis {axis}")

    def part(xs: list[Any], *bounds: int | None) -> list[Any]:
        keys = [(slice(None),) * (axis % x.ndim) + (slice(*bounds),) for x in xs]
        return [F.get_item(x, key) for x, key in zip(xs, keys, strict=True)]

    def combined(a: list[Any], b: list[Any]) -> list[Any]:
        found = fn(optree.tree_unflatten(treedef, a), optree.tree_unflatten(treedef, b))
        return list(optree.tree_leaves(found))

    def woven(even: list[Any], odd: list[Any], size: int) -> list[Any]:
        """Put the elements of both in turn."""
        found = []
        for a, b in zip(even, odd, strict=True):
            at = axis % a.ndim
            last = (slice(None),) * at + (slice(size // 2, None),)
            pairs = F.stack([F.get_item(a, (slice(None),) * at + (slice(0, size // 2),)), b], axis=at + 1)
            pairs = F.reshape(pairs, (*a.shape[:at], size // 2 * 2, *a.shape[at + 1 :]))
            found.append(F.concat([pairs, F.get_item(a, last)], axis=at) if size % 2 else pairs)
        return found

    def scanned(xs: list[Any], size: int) -> list[Any]:
        if size < 2:
            return xs
        odd = scanned(combined(part(xs, 0, size - 1, 2), part(xs, 1, None, 2)), size // 2)
        if size == 2:
            return woven(part(xs, 0, 1), odd, size)
        before = part(odd, 0, (size - 1) // 2)
        rest = combined(before, part(xs, 2, None, 2))
        even = [F.concat([a, b], axis=axis) for a, b in zip(part(xs, 0, 1), rest, strict=True)]
        return woven(even, odd, size)

    if not leaves:
        return elems
    if reverse:
        leaves = [F.flip(x, axis=axis) for x in leaves]
    found = scanned(leaves, sizes.pop())
    return optree.tree_unflatten(treedef, [F.flip(x, axis=axis) for x in found] if reverse else found)
