"""What a mask picks, as long as nothing depends on how much that is.

``x[mask]`` has a size that only values tell. Until something asks for the size, the elements are kept where they are
in the whole array, and calls that treat each of them alone are recorded on the whole: ``y[mask] = exp(x[mask]) * 2``
becomes a `where`, for any mask and under jit. Elements that are not picked are stood in for by one that is, so that
functions are called only where the source calls them, and gradients stay finite. Whatever else is done with what a
mask picks gathers it, and its size is read then.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch

from ivy.errors import CaptureError
from ivy_torch.capture import paths
from ivy_torch.capture.tensors import nested, storage_of, tensors_in, versions

__all__ = ["Picked", "Positions", "Selection", "call", "freeze", "gather", "pick", "picked_by", "positions", "put"]


@dataclass(eq=False)
class Selection:
    """The places where a mask holds.

    Args:
        mask: a recorded boolean tensor, as it was.
        rows: how many places a stand-in of the result has in the capture.
    """

    mask: torch.Tensor
    rows: int


@dataclass(eq=False)
class Picked:
    """The elements in these places.

    Args:
        selection: the places.
        whole: the array that they are in: the mask's axes, then those of an element.
        raw: that array without stand-ins for the rest, where nothing was computed yet.
        writings: how many writes there were when it was picked.
    """

    selection: Selection
    whole: torch.Tensor
    raw: torch.Tensor | None = None
    writings: int = 0


@dataclass(eq=False)
class Positions:
    """The places as numbers.

    Args:
        selection: the places.
        axis: along which axis of the mask; None for a matrix with a column for each.
    """

    selection: Selection
    axis: int | None


_ALONE = frozenset(
    (
        "abs", "absolute", "acos", "acosh", "add", "alpha_dropout", "and", "asin", "asinh", "atan", "atan2", "atanh",
        "bitwise_and", "bitwise_not", "bitwise_or", "bitwise_xor", "bool", "ceil", "celu", "clamp", "clamp_max",
        "clamp_min", "clip", "clone", "contiguous", "copysign", "cos", "cosh", "deg2rad", "detach", "div", "divide",
        "double", "elu", "eq", "erf", "erfc", "erfinv", "exp", "exp2", "expm1", "float", "float_power", "floor",
        "floor_divide", "floordiv", "fmax", "fmin", "fmod", "frac", "ge", "gelu", "greater", "greater_equal", "gt",
        "half", "bfloat16", "hardshrink", "hardsigmoid", "hardswish", "hardtanh", "hypot", "int", "invert", "isfinite",
        "isinf", "isnan", "le", "leaky_relu", "lerp", "less", "less_equal", "lgamma", "log", "log10", "log1p", "log2",
        "logaddexp", "logical_and", "logical_not", "logical_or", "logical_xor", "logit", "logsigmoid", "long", "lt",
        "maximum", "minimum", "mish", "mod", "mul", "multiply", "nan_to_num", "ne", "neg", "negative", "not_equal",
        "or", "pos", "positive", "pow", "rad2deg", "radd", "rand", "rdiv", "reciprocal", "relu", "relu6", "remainder",
        "rfloordiv", "rmod", "rmul", "ror", "round", "rpow", "rsqrt", "rsub", "rtruediv", "rxor", "selu", "sgn",
        "sigmoid", "sign", "signbit", "silu", "sin", "sinc", "sinh", "softplus", "softshrink", "softsign", "sqrt",
        "square", "sub", "subtract", "tan", "tanh", "tanhshrink", "threshold", "to", "true_divide", "truediv", "trunc",
        "type_as", "xlogy", "xor",
    )
) - {"rand", "alpha_dropout"}  # fmt: skip
"""Functions that treat each element alone, by the last parts of their names without underscores."""
_ROWS = frozenset({"linear"})
"""Functions of the last axis."""
_SIZES = frozenset({"shape", "size", "numel", "nelement", "len", "nbytes", "iter"})
_FORMS = frozenset({
    "dim", "ndim", "ndimension", "dtype", "device", "is_floating_point", "is_complex", "requires_grad", "layout",
    "is_sparse", "is_cuda", "is_quantized", "is_meta", "is_leaf", "grad_fn", "element_size", "is_nested", "is_mkldnn",
})  # fmt: skip


def _plain(path: str) -> tuple[str, bool]:
    """Return a function's name without underscores, and whether it writes to its first argument."""
    name = path.split(".")[3] if path.startswith("torch.ops.") else path.rpartition(".")[2]
    written = paths.is_in_place(path)
    bare = name.strip("_")
    return (bare[1:] if written and name.startswith("__i") else bare), written


def picked_by(recorder: Any, x: Any) -> Picked | Positions | None:
    """Return what is known of a tensor that a mask picked, None for any other."""
    found = recorder.picked.get(id(x)) if isinstance(x, torch.Tensor) else None
    return found[0] if found is not None else None


def _keep(recorder: Any, tensor: torch.Tensor, what: Picked | Positions) -> torch.Tensor:
    recorder.picked[id(tensor)] = (what, tensor)
    source = what.whole if isinstance(what, Picked) else what.selection.mask
    recorder.stands_for(tensor, source)
    return tensor


def _selection(recorder: Any, mask: torch.Tensor) -> Selection:
    """Return the places where a mask holds now: those of an earlier one if it is the same."""
    node, state = recorder.node_of(mask), (recorder.writings, versions([mask]))
    for known, known_node, (writings, version) in recorder.selections:
        if known.mask is mask and version == state[1]:
            return known
        if writings == state[0] and _equal(known_node, node):
            return known
    made = Selection(mask, _busy(recorder, lambda: int(mask.sum())) if recorder.concrete else mask.numel())
    recorder.selections.append((made, node, state))
    return made


def freeze(recorder: Any, targets: list[torch.Tensor]) -> None:
    """Keep the masks of selections from what is about to be written to."""
    for selection, _, _ in recorder.selections:
        if any(storage_of(t) == storage_of(selection.mask) for t in targets):
            mask = selection.mask
            selection.mask = recorder.recorded(lambda mask=mask: mask.clone())


def _equal(a: Any, b: Any) -> bool:
    """Tell whether two nodes compute the same, nothing having been written to in between."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if type(a) in (tuple, list):
        return len(a) == len(b) and all(map(_equal, a, b))
    if type(a) is dict:
        return a.keys() == b.keys() and all(_equal(a[k], b[k]) for k in a)
    if hasattr(a, "kind"):
        if (a.kind, a.fn) != (b.kind, b.fn) or a.kind not in ("call", "item"):
            return False
        if a.kind == "call" and a.fn.rpartition(".")[2] in paths.RANDOM:
            return False
        return _equal(a.args, b.args) and _equal(a.kwargs, b.kwargs)
    return bool(type(a) in (int, float, bool, str, type(None)) and a == b)


def _busy(recorder: Any, run: Any) -> Any:
    recorder.busy += 1
    try:
        return run()
    finally:
        recorder.busy -= 1


def _over(selection: Selection, x: torch.Tensor) -> torch.Tensor:
    """Give a mask the axes of the array that it is laid over."""
    return selection.mask.reshape(tuple(selection.mask.shape) + (1,) * (x.ndim - selection.mask.ndim))


def pick(recorder: Any, x: torch.Tensor, mask: torch.Tensor) -> Any:
    """Record ``x[mask]``, a mask over the first axes of `x`; NotImplemented where it must be gathered at once."""
    if not recorder.lazy or mask.dtype is not torch.bool or not 0 < mask.ndim <= x.ndim or mask.numel() == 0:
        return NotImplemented
    if tuple(x.shape[: mask.ndim]) != tuple(mask.shape) or id(x) in recorder.picked or not recorder.is_dynamic([mask]):
        return NotImplemented
    selection = _selection(recorder, mask)

    def whole() -> torch.Tensor:
        k = mask.ndim
        rest = tuple(x.shape[k:])
        first = torch.argmax(mask.reshape(-1).to(torch.int32))
        some = torch.index_select(x.reshape(mask.numel(), *rest), 0, first.reshape(1))
        return torch.where(_over(selection, x), x, some.reshape((1,) * k + rest))

    made = Picked(selection, recorder.recorded(whole), x, recorder.writings)
    rest = tuple(x.shape[mask.ndim :])
    if recorder.concrete:
        result = _busy(recorder, lambda: x[mask])
    else:
        result = _busy(recorder, lambda: x.new_empty((selection.rows, *rest)))
    return _keep(recorder, result, made)


def positions(recorder: Any, mask: torch.Tensor, as_tuple: bool) -> Any:
    """Record the positions where a mask holds; NotImplemented where they must be known at once."""
    if not recorder.lazy or mask.dtype is not torch.bool or mask.ndim == 0 or mask.numel() == 0:
        return NotImplemented
    if id(mask) in recorder.picked or not recorder.is_dynamic([mask]):
        return NotImplemented
    selection = _selection(recorder, mask)
    shape = (selection.rows, mask.ndim)
    if recorder.concrete:
        at = _busy(recorder, lambda: torch.nonzero(mask))
    else:
        at = _busy(recorder, lambda: torch.zeros(shape, dtype=torch.int64, device=mask.device))
    if not as_tuple:
        return _keep(recorder, at, Positions(selection, None))
    columns = _busy(recorder, lambda: [at[:, i].clone() for i in range(mask.ndim)])
    return tuple(_keep(recorder, c, Positions(selection, i)) for i, c in enumerate(columns))


def selection_of(recorder: Any, key: Any) -> Selection | None:
    """Return the places that an index picks, if it is a mask, or the positions of one along each of its axes."""
    parts = key if isinstance(key, (tuple, list)) else (key,)
    if len(parts) == 1 and isinstance(parts[0], torch.Tensor) and parts[0].dtype is torch.bool and parts[0].ndim:
        return _selection(recorder, parts[0]) if recorder.lazy and recorder.is_dynamic([parts[0]]) else None
    found = [picked_by(recorder, k) for k in parts]
    if not found or not all(isinstance(p, Positions) for p in found):
        return None
    first: Any = found[0]
    same = all(p.selection is first.selection and p.axis == i for i, p in enumerate(found))  # type: ignore[union-attr]
    return first.selection if same and len(found) == first.selection.mask.ndim else None


def put(recorder: Any, x: torch.Tensor, key: Any, value: Any, *, add: bool = False, alpha: Any = 1) -> Any:
    """Record ``x[mask] = value`` for a value that the same mask picked, or that goes to every place alike.

    Args:
        recorder: the `Recorder`.
        x: what is written to.
        key: a mask or its positions.
        value: what is written.
        add: add to what is there.
        alpha: what the value is multiplied by before.
    """
    known = picked_by(recorder, value)
    by_positions = any(isinstance(picked_by(recorder, k), Positions) for k in tensors_in(key))
    if not isinstance(known, Picked) and not by_positions:
        return NotImplemented
    selection = selection_of(recorder, key)
    if selection is None or tuple(x.shape[: selection.mask.ndim]) != tuple(selection.mask.shape):
        return NotImplemented
    rest = x.ndim - selection.mask.ndim
    whole: Any = value
    if isinstance(known, Picked):
        if known.selection is not selection:
            return NotImplemented
        whole = known.whole
    elif isinstance(value, torch.Tensor) and (value.ndim > rest or known is not None):
        return NotImplemented

    def run() -> Any:
        over = _over(selection, x)
        new = whole.to(x.dtype) if isinstance(whole, torch.Tensor) else torch.full((), whole, dtype=x.dtype)
        if not add:
            return x.copy_(torch.where(over, new, x))
        return x.add_(torch.where(over, new * alpha, torch.zeros((), dtype=x.dtype)))

    return recorder.recorded(run)


def gather(recorder: Any, tensor: torch.Tensor) -> Any:
    """Return the node of what a mask picked, with a size that is read now."""
    from ivy_torch.capture.dynamic import fixed_index, fixed_positions

    what, _ = recorder.picked.pop(id(tensor))

    def rows() -> torch.Tensor:
        mask = what.selection.mask
        if isinstance(what, Picked):
            whole = what.whole if what.raw is None or what.writings != recorder.writings else what.raw
            return whole.reshape(mask.numel(), *whole.shape[mask.ndim :])[fixed_index(recorder, mask)]
        at = fixed_positions(recorder, mask)
        return torch.stack(at, dim=1) if what.axis is None else at[what.axis]

    busy, recorder.busy = recorder.busy, 0
    try:
        found = rows() if recorder.finished else recorder.recorded(rows)
        if not recorder.is_known(found):
            raise CaptureError("what a mask picks goes into a function that is recorded below torch's public API")
        return recorder.node_of(found)
    finally:
        recorder.busy = busy


def call(recorder: Any, path: str, func: Any, args: Any, kwargs: Any, inputs: list[torch.Tensor]) -> Any:
    """Record a call on what masks picked; NotImplemented if it has to be gathered first."""
    name, written = _plain(path)
    if name in _FORMS:
        return _busy(recorder, lambda: func(*args, **kwargs))
    known = [picked_by(recorder, t) for t in inputs]
    first = next(p for p in known if p is not None)
    if isinstance(first, Positions):
        return _column(recorder, name, func, args, kwargs, first)
    if (
        name in ("sum", "mean")
        and len(inputs) == 1
        and len(args) == 1
        and not kwargs.get("dim")
        and "out" not in kwargs
    ):
        return recorder.recorded(lambda: _reduced(first, name, func, kwargs))
    if kwargs.get("out") is not None or not all(p is None or _same(p, first) for p in known):
        return NotImplemented
    if name in _ROWS:
        if known[0] is None or any(p is not None for p in known[1:]) or first.whole.ndim == first.selection.mask.ndim:
            return NotImplemented
    elif name not in _ALONE or not all(p is not None or _spreads(t, first) for p, t in zip(known, inputs, strict=True)):
        return NotImplemented
    if written and known[0] is None:
        return NotImplemented

    def one(x: Any) -> Any:
        found = picked_by(recorder, x)
        if isinstance(found, Picked):
            return found.whole
        alike = isinstance(x, torch.Tensor) and x.ndim == _ndim(first) and x.ndim and name not in _ROWS
        # not without axes: such a tensor does not decide the dtype
        return x.reshape((1,) * first.selection.mask.ndim + tuple(x.shape[1:])) if alike else x

    def whole() -> Any:
        given = nested(tuple(args), one)
        if written:
            given = (given[0].clone(), *given[1:])
        return func(*given, **nested(dict(kwargs), one))

    before, writings = versions(inputs), recorder.writings
    new = recorder.recorded(whole)
    recorder.writings = writings  # what was written to is a copy that nobody else has
    result = _busy(recorder, lambda: func(*args, **kwargs))
    if result is args[0] and not written and before == versions(inputs):
        return result
    if not isinstance(new, torch.Tensor) or not isinstance(result, torch.Tensor):
        return NotImplemented
    return _keep(recorder, result, Picked(first.selection, new))


def _same(p: Any, first: Picked) -> bool:
    return isinstance(p, Picked) and p.selection is first.selection


def _ndim(first: Picked) -> int:
    return first.whole.ndim - first.selection.mask.ndim + 1


def _spreads(x: torch.Tensor, first: Picked) -> bool:
    """Tell whether every picked element meets the same of an operand."""
    return x.ndim < _ndim(first) or (x.ndim == _ndim(first) and x.shape[0] == 1)


def _reduced(first: Picked, name: str, func: Any, kwargs: Any) -> torch.Tensor:
    over = _over(first.selection, first.whole)
    total = torch.where(over, first.whole, torch.zeros((), dtype=first.whole.dtype)).sum(**kwargs)
    if name == "sum":
        return total
    rest = math.prod(first.whole.shape[first.selection.mask.ndim :])
    return total / (first.selection.mask.sum() * rest)


def _column(recorder: Any, name: str, func: Any, args: Any, kwargs: Any, first: Positions) -> Any:
    """Take the matrix of a vector's positions for the vector of them."""
    flat = (name == "squeeze" and tuple(args[1:]) in ((), (1,), (-1,))) or name == "flatten"
    flat = flat or (name in ("reshape", "view") and tuple(args[1:]) in ((-1,), ((-1,),)))
    flat = flat or (name == "getitem" and isinstance(args[1], tuple) and args[1] == (slice(None), 0))
    if first.axis is None and first.selection.mask.ndim == 1 and flat and not kwargs:
        made = _busy(recorder, lambda: func(*args))
        return _keep(recorder, made, Positions(first.selection, 0))
    return NotImplemented
