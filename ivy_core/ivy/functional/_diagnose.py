"""Why a call failed, as far as its declaration and its arguments tell: one class of error for all backends.

A backend function raises whatever its framework does: `IndexError` here, `RuntimeError` there. The dispatcher asks here
when that has happened, and only then, so that a call which works pays nothing. A rule looks at names, shapes and
dtypes alone; it may say nothing, but must never blame an argument that is right, because a framework fails for reasons
of its own too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from ivy.dtypes import DType, dtype_of
from ivy.errors import ArgumentError, AxisError, DtypeError, IvyError, ShapeError

if TYPE_CHECKING:
    from ivy.functional.registry import Op

__all__ = ["diagnosis"]

Bound: TypeAlias = Mapping[str, Any]
Rule: TypeAlias = "Callable[[Op, Bound], IvyError | None]"
Sizes: TypeAlias = "tuple[int | None, ...]"


def diagnosis(op: Op, args: tuple[Any, ...], kwargs: dict[str, Any], error: Exception) -> IvyError | None:
    """Return Ivy's error for a call that raised `error`; None if the arguments don't explain it.

    An error that is Ivy's already stays, unless it names no op and a rule knows the same more exactly.
    """
    try:
        bound = op.signature.bind(*args, **kwargs)
    except TypeError:  # the call doesn't fit the signature: Python's own error says so
        return None
    bound.apply_defaults()
    for rule in RULES:
        try:
            found = rule(op, bound.arguments)
        except Exception:  # arguments so odd that they can't be looked at: the framework's own words are the best
            continue
        if found is None:
            continue
        more = isinstance(found, type(error)) and not str(error).startswith("ivy.")
        return found if more or not isinstance(error, IvyError) else None
    return None


# --------------------------------------------------------------------------------------------------------------- facts


def _shape(x: Any) -> Sizes | None:
    """The sizes of an array, None for one that isn't known yet; None for what is no array."""
    shape = getattr(x, "shape", None)
    if shape is None:
        return () if type(x) in (bool, int, float, complex) else None
    try:
        return tuple(d if isinstance(d, int) and d >= 0 else None for d in shape)
    except (TypeError, ValueError):  # a tensor whose number of axes is unknown
        return None


def _dtype(x: Any) -> DType | None:
    try:
        return dtype_of(x) if hasattr(x, "dtype") else None
    except Exception:  # a dtype that Ivy doesn't have: random keys, strings
        return None


def _arrays(op: Op, bound: Bound) -> Iterator[tuple[str, Any]]:
    """The arrays among the arguments, those in sequences one by one."""
    for name in op.arrays:
        value: Any = bound.get(name)
        for x in value if type(value) in (list, tuple) else [value]:
            if hasattr(x, "shape"):
                yield name, x


def _together(shapes: Iterable[Sizes]) -> bool:
    """Whether shapes broadcast."""
    length: dict[int, int] = {}
    for shape in shapes:
        for place, size in enumerate(reversed(shape)):
            if size not in (1, None) and length.setdefault(place, size) != size:
                return False
    return True


def _listed(shapes: Iterable[Any]) -> str:
    return " and ".join(str(tuple("?" if d is None else d for d in s)).replace("'", "") for s in shapes)


# ---------------------------------------------------------------------------------------------------------------- axes

_AXES = ("axis", "axes", "axis1", "axis2", "source", "destination")
_NOT_AXES = frozenset({"tensordot", "diag_embed", "one_hot", "vmap_at"})
"""Ops whose parameter of such a name means something else, or counts the axes of the result."""
_OF_RESULT = frozenset({"stack", "expand_dims"})


def _axis(op: Op, bound: Bound) -> IvyError | None:
    names = [n for n in _AXES if n in bound]
    if not names or op.name in _NOT_AXES or not op.arrays:
        return None
    shapes = [s for s in (_shape(x) for _, x in _arrays(op, bound)) if s is not None]
    if not shapes:
        return None
    ndim = len(shapes[0])
    for name in names:
        value = bound[name]
        axes = [value] if isinstance(value, int) else list(value) if type(value) in (list, tuple) else []
        if not all(isinstance(a, int) for a in axes):
            return None
        room = ndim + (len(axes) if op.name in _OF_RESULT else 0)
        for a in axes:
            if not -room <= a < room:
                return AxisError(
                    f"ivy.{op.name}: {name} {a} is out of range for an array with {ndim} axes",
                    hint=f"give {name} from {-room} to {room - 1}" if room else "this array has no axes",
                )
        if len({a % room for a in axes}) < len(axes):
            return AxisError(f"ivy.{op.name}: {name} {value} names an axis twice", hint="name each axis once")
        if op.name == "permute_dims" and len(axes) != ndim:
            return AxisError(
                f"ivy.permute_dims: {len(axes)} axes are given for an array with {ndim}", hint="name every axis once"
            )
        if op.name == "squeeze" and any(shapes[0][a] not in (1, None) for a in axes):
            return ShapeError(f"ivy.squeeze: axes {axes} of shape {_listed(shapes[:1])} don't all have the length 1")
    return None


# -------------------------------------------------------------------------------------------------------------- shapes

_ELEMENTWISE = frozenset({"arithmetic", "comparison", "transcendental", "special"})
_OTHERS_ELEMENTWISE = frozenset(
    {"where", "lerp", "isclose", "broadcast_arrays", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"}
)


def _broadcasting(op: Op, bound: Bound) -> IvyError | None:
    if op.chapter not in _ELEMENTWISE and op.name not in _OTHERS_ELEMENTWISE:
        return None
    shapes = [s for s in (_shape(x) for _, x in _arrays(op, bound)) if s is not None]
    if _together(shapes):
        return None
    return ShapeError(
        f"ivy.{op.name}: shapes {_listed(shapes)} don't broadcast",
        hint="from the last axis on, lengths must be equal, or 1; ivy.expand_dims and ivy.reshape help",
    )


def _matmul(op: Op, bound: Bound) -> str | None:
    a, b = _shape(bound["x1"]), _shape(bound["x2"])
    if a is None or b is None:
        return None
    if not a or not b:
        return "operands need at least one axis each"
    inner = a[-1], b[-2] if len(b) > 1 else b[0]
    if None not in inner and inner[0] != inner[1]:
        return f"shapes {_listed((a, b))} don't fit: the sum runs over {inner[0]} and {inner[1]}"
    return None if _together((a[:-2], b[:-2])) else f"leading axes of {_listed((a, b))} don't broadcast"


def _concat(op: Op, bound: Bound) -> str | None:
    shapes = [_shape(x) for x in bound["arrays"]]
    if not shapes:
        return "there are no arrays to join"
    axis = bound["axis"]
    if axis is None or any(s is None for s in shapes):
        return None
    known = [s for s in shapes if s is not None]
    if len({len(s) for s in known}) > 1:
        return f"shapes {_listed(known)} have different numbers of axes"
    kept = [s[: axis % len(s)] + s[axis % len(s) + 1 :] for s in known if s]
    if not kept:
        return "arrays without axes can't be joined along one (ivy.stack makes one)"
    return None if _equal(kept) else f"shapes {_listed(known)} differ in another axis than {axis}"


def _stack(op: Op, bound: Bound) -> str | None:
    shapes = [s for s in map(_shape, bound["arrays"]) if s is not None]
    if not shapes:
        return "there are no arrays to join"
    return None if _equal(shapes) else f"shapes {_listed(shapes)} differ"


def _equal(shapes: list[Sizes]) -> bool:
    return len({len(s) for s in shapes}) == 1 and all(len({*sizes} - {None}) < 2 for sizes in zip(*shapes, strict=True))


def _reshape(op: Op, bound: Bound) -> str | None:
    old, new = _shape(bound["x"]), bound["shape"]
    new = (new,) if isinstance(new, int) else new
    if old is None or None in old or type(new) not in (list, tuple) or not all(isinstance(d, int) for d in new):
        return None
    size, holes = prod(d for d in old if d is not None), sum(d == -1 for d in new)
    if holes > 1:
        return f"shape {tuple(new)} leaves {holes} lengths open; one can be worked out"
    if any(d < -1 for d in new):
        return f"shape {tuple(new)} has a negative length"
    rest = prod(d for d in new if d != -1)
    fits = (rest and size % rest == 0) if holes else size == rest
    return None if fits else f"{size} elements of shape {old} don't fill shape {tuple(new)}"


def _broadcast_to(op: Op, bound: Bound) -> str | None:
    old, new = _shape(bound["x"]), bound["shape"]
    new = (new,) if isinstance(new, int) else new
    if old is None or type(new) not in (list, tuple) or not all(isinstance(d, int) for d in new):
        return None
    fits = len(old) <= len(new) and all(
        d in (1, None, n) for d, n in zip(reversed(old), reversed(tuple(new)), strict=False)
    )
    return None if fits else f"shape {_listed([old])} can't be stretched to {tuple(new)}"


def _square(op: Op, bound: Bound) -> str | None:
    shape = _shape(next((x for _, x in _arrays(op, bound)), None))
    if shape is None:
        return None
    if len(shape) < 2:
        return f"needs a matrix, not an array with {len(shape)} axes"
    if None not in shape[-2:] and shape[-1] != shape[-2]:
        return f"needs square matrices, not {shape[-2]} by {shape[-1]}"
    return None


def _matrix(op: Op, bound: Bound) -> str | None:
    shape = _shape(next((x for _, x in _arrays(op, bound)), None))
    return None if shape is None or len(shape) > 1 else f"needs a matrix, not an array with {len(shape)} axes"


def _solve(op: Op, bound: Bound) -> str | None:
    found = _square(op, bound)
    (_, a), (_, b) = list(_arrays(op, bound))[:2]
    left, right = _shape(a), _shape(b)
    if found is not None or left is None or not right:
        return found
    rows = right[0] if len(right) == 1 else right[-2]
    return None if rows in (left[-1], None) else f"shapes {_listed((left, right))} don't fit"


def _split(op: Op, bound: Bound) -> str | None:
    shape, parts, axis = _shape(bound["x"]), bound["indices_or_sections"], bound["axis"]
    if not shape or not isinstance(parts, int) or not isinstance(axis, int):
        return None
    length = shape[axis]
    return None if length is None or (parts > 0 and length % parts == 0) else f"{parts} parts of {length} aren't equal"


_SHAPES: dict[str, Callable[[Op, Bound], str | None]] = {
    "matmul": _matmul,
    "concat": _concat,
    "stack": _stack,
    "reshape": _reshape,
    "broadcast_to": _broadcast_to,
    "split": _split,
    "linalg.solve": _solve,
    **dict.fromkeys(
        (f"linalg.{n}" for n in "cholesky det slogdet inv eig eigvals eigh eigvalsh matrix_power expm".split()), _square
    ),
    **dict.fromkeys((f"linalg.{n}" for n in "qr svd svdvals pinv matrix_rank matrix_norm".split()), _matrix),
    **dict.fromkeys(("matrix_transpose", "tril", "triu", "trace", "diagonal"), _matrix),
}
"""Op -> what is wrong with its shapes, if anything."""


def _fitting(op: Op, bound: Bound) -> IvyError | None:
    rule = _SHAPES.get(op.name)
    wrong = None if rule is None else rule(op, bound)
    return None if wrong is None else ShapeError(f"ivy.{op.name}: {wrong}")


# -------------------------------------------------------------------------------------------------------------- dtypes

_WHOLE = frozenset({"int", "uint"})
_LOGIC = _WHOLE | {"bool"}
_REAL = _LOGIC | {"float"}
_KINDS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_invert"), _LOGIC),
    **dict.fromkeys(("bitwise_left_shift", "bitwise_right_shift"), _WHOLE),
    **dict.fromkeys(("gcd", "lcm"), _LOGIC),
    **dict.fromkeys(
        (
            "floor", "ceil", "trunc", "less", "less_equal", "greater", "greater_equal", "maximum", "minimum", "fmax",
            "fmin", "floor_divide", "remainder", "fmod", "trunc_divide", "atan2", "hypot", "copysign", "nextafter",
            "heaviside", "logaddexp", "signbit", "cbrt", "erf", "erfc", "erfinv", "lgamma", "digamma", "max", "min",
            "argmax", "argmin", "sort", "argsort", "median", "quantile", "clip",
        ),
        _REAL,
    ),
}  # fmt: skip
"""Op -> kinds of dtypes that its operands may have, where these are not all."""
_INDICES = frozenset({"indices", "index"})


def _kind(op: Op, bound: Bound) -> IvyError | None:
    allowed = _KINDS.get(op.name)
    for name, x in _arrays(op, bound):
        dtype = _dtype(x)
        if dtype is None:
            continue
        if allowed is not None and dtype.kind not in allowed:
            order = [k for k in ("bool", "int", "uint", "float") if k in allowed]
            return DtypeError(
                f"ivy.{op.name} is not defined for {dtype}",
                hint=f"it takes {', '.join(order)}; cast with ivy.astype" + _REAL_PART * (dtype.kind == "complex"),
            )
        if name in _INDICES and dtype.kind not in _LOGIC:
            return DtypeError(f"ivy.{op.name}: {name} are {dtype}", hint="cast them to int64 with ivy.astype")
    return None


_REAL_PART = ", or take ivy.real"


# ------------------------------------------------------------------------------------------------------------- options

_OPTIONS: dict[str, tuple[str, ...]] = {
    "reduction": ("mean", "sum", "none"),
    "data_format": ("channels_first", "channels_last"),
    "norm": ("backward", "ortho", "forward"),
    "indexing": ("xy", "ij"),
    "side": ("left", "right"),
}
"""What a string of this name may be, in every op that has one."""


def _option(op: Op, bound: Bound) -> IvyError | None:
    for name, parameter in op.signature.parameters.items():
        value = bound.get(name)
        if type(value) is not str:
            continue
        note = str(parameter.annotation)
        choices = tuple(re.findall(r"'([^']+)'", note)) if "Literal" in note else _OPTIONS.get(name, ())
        if choices and value not in choices:
            return ArgumentError(
                f"ivy.{op.name}: {name} can't be {value!r}", hint=f"use {', '.join(map(repr, choices))}"
            )
    return None


RULES: tuple[Rule, ...] = (_option, _axis, _fitting, _broadcasting, _kind)
