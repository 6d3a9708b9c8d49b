"""Patterns of calls in the ivy dialect, matched whatever views stand between them.

Every axis of a value is written as the indices that run along it, as in an einsum: a reshape that splits or merges
axes, a permutation, a broadcast or an axis of size one changes how indices are spread over axes and nothing else. A
pattern is a small graph of `Var`, `Apply`, `Times`, `Mean`, `Contract` and so on; it fits where the calls are those of
the graph and the indices of all uses of a variable agree.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

from ivy.graph.aval import Aval
from ivy.graph.node import Node

__all__ = [
    "Apply", "Contract", "Either", "Fixed", "Frame", "Mean", "Named", "Number", "Pattern", "Reduce", "State", "Times",
    "Var", "match", "number_of", "peeled",
]  # fmt: skip

Frame = tuple[tuple[int, ...], ...]
"""For each axis of a value the indices that run along it, the slowest first; none along an axis of size one."""

_UNIT_VIEWS = frozenset({"ivy.reshape", "ivy.expand_dims", "ivy.squeeze"})
_serial = itertools.count()


class State:
    """What a match has learnt so far: what the variables stand for, which indices are one, which calls it covers.

    Attributes:
        bound: for a variable the values that it stands for with their frames, the outermost first; numbers by name.
        marks: calls of `Named` patterns with their frames.
        inside: the calls that are covered, by `id`.
        reduced: for each reduction's name the indices that it runs over.
        sizes: size of each index.
    """

    __slots__ = ("_parts", "bound", "inside", "marks", "reduced", "sizes")

    def __init__(self) -> None:
        self.bound: dict[str, Any] = {}
        self.marks: dict[str, tuple[Node, Frame]] = {}
        self.inside: dict[int, Node] = {}
        self.reduced: dict[str, Frame] = {}
        self.sizes: dict[int, int] = {}
        self._parts: dict[int, tuple[int, ...]] = {}

    def copy(self) -> State:
        """Return a copy to go on with while this one is left for other attempts."""
        new = State.__new__(State)
        new.bound, new.marks, new.inside = self.bound.copy(), self.marks.copy(), self.inside.copy()
        new.reduced, new.sizes, new._parts = self.reduced.copy(), self.sizes.copy(), self._parts.copy()
        return new

    def covering(self, node: Node) -> State:
        """Return a copy that covers a call."""
        new = self.copy()
        new.inside[id(node)] = node
        return new

    def index(self, size: int) -> tuple[int, ...]:
        """Return a new index of this size along an axis of its own; none for an axis of size one."""
        if size == 1:
            return ()
        i = next(_serial)
        self.sizes[i] = size
        return (i,)

    def flat(self, indices: Sequence[int]) -> tuple[int, ...]:
        """Return indices as far as they are known to be split."""
        out: list[int] = []
        for i in indices:
            parts = self._parts.get(i)
            if parts is None:
                out.append(i)
            else:
                out.extend(self.flat(parts))
        return tuple(out)

    def frame(self, frame: Frame) -> Frame:
        """Return a frame with its indices as far as they are known to be split."""
        return tuple(self.flat(axis) for axis in frame)

    def all(self, frame: Frame) -> tuple[int, ...]:
        """Return all indices of a frame in order."""
        return tuple(i for axis in frame for i in self.flat(axis))

    def size(self, indices: Sequence[int]) -> int:
        """Return how many elements indices run over."""
        return math.prod(self.sizes[i] for i in self.flat(indices))

    def unify(self, a: Sequence[int], b: Sequence[int]) -> bool:
        """Let two rows of indices be the same, splitting indices where it takes that; False if they can't be."""
        left, right = list(self.flat(a)), list(self.flat(b))
        while left and right:
            i, j = left[0], right[0]
            if i == j:
                left.pop(0), right.pop(0)
                continue
            if self.sizes[i] < self.sizes[j]:
                left, right, i, j = right, left, j, i
            ratio, rest = divmod(self.sizes[i], self.sizes[j])
            if rest or j in self.flat((i,)):
                return False
            self._parts[i] = (j, *self.index(ratio))
            left, right = list(self.flat(left)), list(self.flat(right))
        return not left and not right


def _shape(x: Any) -> tuple[int, ...] | None:
    if type(x) is Node and type(x.out) is Aval and all(type(d) is int and d > 0 for d in x.out.shape):
        return x.out.shape
    return None


def number_of(x: Any) -> float | None:
    """Return the number that a literal, or a constant of one element, stands for; None for anything else."""
    if type(x) in (int, float):
        return float(x)
    while type(x) is Node and x.kind == "call" and x.fn in (*_UNIT_VIEWS, "ivy.broadcast_to"):
        x = x.args[0]
    if type(x) is Node and x.kind == "const" and type(x.out) is Aval and x.out.size == 1:
        if x.out.dtype.is_complex or x.out.dtype.kind == "bool":
            return None
        value = _value(x)
        return None if value is None else float(value.reshape(-1)[0])
    return None


def _value(node: Node) -> Any:
    from ivy.backend import get_backend

    try:
        return get_backend("numpy").module.from_foreign(node.value)
    except (TypeError, ValueError, RuntimeError):  # an array that has no values, as of a framework's own trace
        return None


def _is_nothing(x: Any, number: float) -> bool:
    """Whether an operand is a number or a small constant of this number alone."""
    if number_of(x) == number:
        return True
    if type(x) is Node and x.kind == "const" and type(x.out) is Aval and x.out.dtype.is_float and x.out.size <= 4096:
        value = _value(x)
        return value is not None and bool((value == number).all())
    return False


def _operand(x: Any, frame: Frame) -> Frame | None:
    """Return the frame of an operand of an elementwise call by the frame of its result."""
    shape = _shape(x)
    if shape is None or len(shape) > len(frame):
        return None
    axes = frame[len(frame) - len(shape) :]
    return tuple(() if d == 1 else axis for d, axis in zip(shape, axes, strict=True))


def peeled(node: Node, frame: Frame, st: State) -> tuple[Node, Frame, State] | None:
    """Return what a view is taken of, with its frame."""
    if node.kind != "call" or not node.args or _shape(node) is None:
        return None
    x = node.args[0]
    if node.fn in ("ivy.multiply", "ivy.subtract", "ivy.add") and len(node.args) == 2:
        nothing = 1.0 if node.fn == "ivy.multiply" else 0.0
        for keep, other in ((0, 1), (1, 0)) if node.fn != "ivy.subtract" else ((0, 1),):
            x = node.args[keep]
            if type(x) is Node and x.out == node.out and _is_nothing(node.args[other], nothing):
                return x, frame, st
        return None
    shape = _shape(x)
    if shape is None or x.out.dtype != node.out.dtype:
        return None
    if node.fn in _UNIT_VIEWS:
        new = st.copy()
        inner = tuple(new.index(d) for d in shape)
        return (x, inner, new) if new.unify(new.all(inner), new.all(frame)) else None
    if node.fn == "ivy.broadcast_to":
        inner_frame = _operand(x, frame)
        return None if inner_frame is None else (x, inner_frame, st)
    axes: Any = None
    if node.fn == "ivy.permute_dims":
        axes = node.args[1] if len(node.args) > 1 else node.kwargs.get("axes")
    elif node.fn == "ivy.matrix_transpose":
        axes = (*range(len(shape) - 2), len(shape) - 1, len(shape) - 2)
    elif node.fn in ("ivy.astype", "ivy.copy"):
        return x, frame, st
    if axes is None:
        return None
    moved: list[tuple[int, ...]] = [()] * len(shape)
    for i, a in enumerate(axes):
        moved[a % len(shape)] = frame[i]
    return x, tuple(moved), st


def _widened(node: Node, frame: Frame, st: State) -> tuple[Node, Frame, State] | None:
    """Return the half-precision array that a float32 one was made of."""
    x = node.args[0] if node.fn == "ivy.astype" else None
    if type(x) is Node and _shape(x) is not None and x.aval.dtype.is_float and x.aval.dtype.bits == 16:
        return (x, frame, st) if node.aval.dtype.bits == 32 and node.aval.dtype.is_float else None
    return None


class Pattern:
    """What a value may be computed by."""

    def fits(self, node: Node, frame: Frame, st: State) -> Iterator[State]:
        """Yield each way in which exactly this node is the pattern's last call."""
        raise NotImplementedError

    def needs(self) -> frozenset[str]:
        """Return functions that are called wherever the pattern fits."""
        return frozenset()

    def __add__(self, other: Any) -> Pattern:
        return Apply("add", self, other)

    def __sub__(self, other: Any) -> Pattern:
        return Apply("subtract", self, other)

    def __truediv__(self, other: Any) -> Pattern:
        return Apply("divide", self, other)


def match(pattern: Any, x: Any, frame: Frame, st: State) -> Iterator[State]:
    """Yield each way in which a value, or what it is a view of, fits a pattern.

    Args:
        pattern: the pattern.
        x: a node or a number.
        frame: the indices along its axes.
        st: what is known already.
    """
    if isinstance(pattern, (Var, Number, Fixed)):
        yield from pattern.fits(x, frame, st)
        return
    if type(x) is not Node or _shape(x) is None:
        return
    yield from pattern.fits(x, frame, st)
    step = peeled(x, frame, st)
    if step is not None:
        inner, inner_frame, new = step
        yield from match(pattern, inner, inner_frame, new.covering(x))


class Var(Pattern):
    """Any array; every use must be the same one under the same indices.

    Args:
        name: of the variable.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def fits(self, node: Any, frame: Frame, st: State) -> Iterator[State]:
        """See `Pattern.fits`."""
        if type(node) is not Node or _shape(node) is None:
            return
        new = st.copy()
        chain = [(node, frame)]
        while (step := peeled(*chain[-1], new) or _widened(*chain[-1], new)) is not None:
            chain.append(step[:2])
            new = step[2]
        known = new.bound.get(self.name)
        if known is None:
            new.bound[self.name] = chain
            yield new
            return
        places = {id(n): f for n, f in chain}
        common = [(n, f) for n, f in known if id(n) in places]
        if common and new.unify(new.all(common[0][1]), new.all(places[id(common[0][0])])):
            new.bound[self.name] = common
            yield new


class Number(Pattern):
    """Any number; every use must be the same.

    Args:
        name: of the number.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def fits(self, node: Any, frame: Frame, st: State) -> Iterator[State]:
        """See `Pattern.fits`."""
        value = number_of(node)
        if value is not None and st.bound.get(self.name, value) == value:
            new = st.copy()
            new.bound[self.name] = value
            yield new


class Fixed(Pattern):
    """One number, as float32 or finer holds it."""

    def __init__(self, value: float) -> None:
        self.value = value

    def fits(self, node: Any, frame: Frame, st: State) -> Iterator[State]:
        """See `Pattern.fits`."""
        value = number_of(node)
        if value is not None and (value == self.value or math.isclose(value, self.value, rel_tol=1e-6)):
            yield st


class Either(Pattern):
    """One of several patterns."""

    def __init__(self, *patterns: Any) -> None:
        self.patterns = patterns

    def needs(self) -> frozenset[str]:
        """See `Pattern.needs`."""
        return frozenset.intersection(*(p.needs() for p in self.patterns))

    def fits(self, node: Node, frame: Frame, st: State) -> Iterator[State]:
        """See `Pattern.fits`."""
        for p in self.patterns:
            if isinstance(p, (Var, Number, Fixed)):
                yield from match(p, node, frame, st)
            else:
                yield from p.fits(node, frame, st)


class Named(Pattern):
    """A pattern whose call is wanted afterwards."""

    def __init__(self, name: str, pattern: Pattern) -> None:
        self.name, self.pattern = name, pattern

    def needs(self) -> frozenset[str]:
        """See `Pattern.needs`."""
        return self.pattern.needs()

    def fits(self, node: Node, frame: Frame, st: State) -> Iterator[State]:
        """See `Pattern.fits`."""
        for found in self.pattern.fits(node, frame, st):
            found = found.copy()
            found.marks[self.name] = (node, frame)
            yield found


class Apply(Pattern):
    """A call of an elementwise op.

    Args:
        name: the op's.
        *args: patterns or numbers.
    """

    COMMUTES = frozenset({"add", "multiply", "maximum"})

    def __init__(self, name: str, *args: Any) -> None:
        self.fn = f"ivy.{name}"
        self.args = tuple(Fixed(float(a)) if isinstance(a, (int, float)) else a for a in args)
        self.orders = (self.args, self.args[::-1]) if name in self.COMMUTES else (self.args,)

    def needs(self) -> frozenset[str]:
        """See `Pattern.needs`."""
        return frozenset({self.fn}).union(*(a.needs() for a in self.args))

    def fits(self, node: Node, frame: Frame, st: State) -> Iterator[State]:
        """See `Pattern.fits`."""
        if node.kind != "call" or node.fn != self.fn or len(node.args) != len(self.args) or node.kwargs:
            return
        for order in self.orders:
            yield from self._operands(list(zip(order, node.args, strict=True)), frame, st.covering(node))

    def _operands(self, pairs: list[tuple[Any, Any]], frame: Frame, st: State) -> Iterator[State]:
        if not pairs:
            yield st
            return
        (pattern, x), *rest = pairs
        inner = _operand(x, frame) if type(x) is Node else frame
        if inner is None:
            return
        for found in match(pattern, x, inner, st):
            yield from self._operands(rest, frame, found)


class Times(Pattern):
    """A product in any order and grouping.

    Args:
        *factors: patterns or numbers, the first of which must be there.
        optional: a factor that may be missing.
    """

    def __init__(self, *factors: Any, optional: Pattern | None = None) -> None:
        self.factors = tuple(Fixed(float(f)) if isinstance(f, (int, float)) else f for f in factors)
        self.optional = optional

    def needs(self) -> frozenset[str]:
        """See `Pattern.needs`."""
        # a quotient stands for a product with an inverse root
        return frozenset().union(*(f.needs() for f in self.factors)) - {"ivy.rsqrt"}

    def fits(self, node: Node, frame: Frame, st: State) -> Iterator[State]:
        """See `Pattern.fits`."""
        if node.kind != "call" or node.fn not in ("ivy.multiply", "ivy.divide"):
            return
        most = len(self.factors) + (self.optional is not None)
        for cut, cut_st in self._cuts(node, frame, st, most):
            if len(cut) == most and self.optional is not None:
                yield from self._assign((*self.factors, self.optional), cut, cut_st)
            elif len(cut) == len(self.factors):
                yield from self._assign(self.factors, cut, cut_st)

    def _cuts(self, x: Any, frame: Frame, st: State, most: int) -> Iterator[tuple[list[tuple[Any, Frame]], State]]:
        if type(x) is Node and x.kind == "call" and x.fn == "ivy.multiply" and not x.kwargs and most > 1:
            frames = [_operand(a, frame) if type(a) is Node else frame for a in x.args]
            if all(f is not None for f in frames):
                first, second = ((a, f or ()) for a, f in zip(x.args, frames, strict=True))
                for left, left_st in self._cuts(*first, st.covering(x), most - 1):
                    for right, right_st in self._cuts(*second, left_st, most - len(left)):
                        yield left + right, right_st
        elif type(x) is Node and x.kind == "call" and x.fn == "ivy.divide" and most > 1:
            top, bottom = x.args
            root = _quotient(bottom)
            frames = [_operand(a, frame) if type(a) is Node else frame for a in (top, bottom)]
            if root is not None and frames[0] is not None and frames[1] is not None:
                for left, left_st in self._cuts(top, frames[0], st.covering(x), most - 1):
                    yield [*left, (_Inverse(bottom), frames[1])], left_st
        elif type(x) is Node and (step := peeled(x, frame, st)) is not None and most > 1:
            inner = step[0]
            if (inner.kind == "call" and inner.fn in ("ivy.multiply", "ivy.divide")) or _peels(inner):
                for found, found_st in self._cuts(inner, step[1], step[2].covering(x), most):
                    if len(found) > 1:
                        yield found, found_st
        yield [(x, frame)], st

    def _assign(self, patterns: tuple[Any, ...], cut: list[tuple[Any, Frame]], st: State) -> Iterator[State]:
        if not patterns:
            yield st
            return
        first, *rest = patterns
        for k, (x, frame) in enumerate(cut):
            others = cut[:k] + cut[k + 1 :]
            for found in _match_factor(first, x, frame, st):
                yield from self._assign(tuple(rest), others, found)


class _Inverse:
    """A factor that a product is divided by."""

    def __init__(self, node: Any) -> None:
        self.node = node


def _peels(node: Node) -> bool:
    return node.kind == "call" and node.fn in (*_UNIT_VIEWS, "ivy.permute_dims", "ivy.broadcast_to")


def _quotient(x: Any) -> Node | None:
    """Return the square root that a divisor is."""
    while type(x) is Node and x.kind == "call":
        if x.fn == "ivy.sqrt":
            return x
        if not _peels(x):
            return None
        x = x.args[0]
    return None


def _match_factor(pattern: Any, x: Any, frame: Frame, st: State) -> Iterator[State]:
    if not isinstance(x, _Inverse):
        yield from match(pattern, x, frame, st)
    elif isinstance(pattern, Apply) and pattern.fn == "ivy.rsqrt":
        yield from match(Apply("sqrt", *pattern.args), x.node, frame, st)


class Reduce(Pattern):
    """A reduction.

    Args:
        name: the op's.
        arg: what is reduced.
        over: name of the indices that it runs over; all of that name are the same.
    """

    def __init__(self, name: str, arg: Pattern, over: str = "axes") -> None:
        self.fn, self.arg, self.over = f"ivy.{name}", arg, over

    def needs(self) -> frozenset[str]:
        """See `Pattern.needs`."""
        return self.arg.needs() | {self.fn}

    def fits(self, node: Node, frame: Frame, st: State) -> Iterator[State]:
        """See `Pattern.fits`."""
        if node.kind != "call" or node.fn != self.fn or len(node.args) != 1:
            return
        x = node.args[0]
        shape = _shape(x)
        if shape is None or node.kwargs.keys() - {"axis", "keepdims", "dtype", "correction"}:
            return
        if node.kwargs.get("correction", 0) != 0:
            return
        if node.out.dtype != x.out.dtype:
            return
        axis, n = node.kwargs.get("axis"), len(shape)
        axes = range(n) if axis is None else [a % n for a in (axis if isinstance(axis, (tuple, list)) else (axis,))]
        new = st.covering(node)
        kept = iter(frame)
        inner: list[tuple[int, ...]] = []
        reduced: list[tuple[int, ...]] = []
        for a, d in enumerate(shape):
            if a in axes:
                inner.append(new.index(d))
                reduced.append(inner[-1])
                if node.kwargs.get("keepdims"):
                    next(kept)
            else:
                inner.append(next(kept))
        for found in match(self.arg, x, tuple(inner), new):
            known = found.reduced.get(self.over)
            if known is None:
                found = found.copy()
                found.reduced[self.over] = tuple(reduced)
                yield found
            elif set(found.all(known)) == set(found.all(tuple(reduced))):
                yield found


class Mean(Pattern):
    """A mean, as such or as a sum over a number."""

    def __init__(self, arg: Pattern, over: str = "axes") -> None:
        self.whole, self.sum, self.over = Reduce("mean", arg, over), Reduce("sum", arg, over), over

    def needs(self) -> frozenset[str]:
        """See `Pattern.needs`."""
        return self.whole.arg.needs()

    def fits(self, node: Node, frame: Frame, st: State) -> Iterator[State]:
        """See `Pattern.fits`."""
        yield from self.whole.fits(node, frame, st)
        if node.kind != "call" or node.fn not in ("ivy.divide", "ivy.multiply") or len(node.args) != 2:
            return
        divides = node.fn == "ivy.divide"
        for x, y in (node.args, node.args[::-1]) if not divides else (node.args,):
            n = number_of(y)
            inner = _operand(x, frame) if type(x) is Node else None
            if not n or inner is None:
                continue
            for found in match(self.sum, x, inner, st.covering(node)):
                count = found.size([i for axis in found.reduced[self.over] for i in axis])
                if math.isclose(n if divides else 1.0 / n, count, rel_tol=1e-6):
                    yield found


class Contract(Pattern):
    """A product of two arrays that is summed over indices which both have: `matmul`, `linear` or `einsum`.

    Args:
        left: either operand.
        right: the other one.
        over: name of the indices that are summed over.
    """

    def __init__(self, left: Pattern, right: Pattern, over: str) -> None:
        self.left, self.right, self.over = left, right, over

    def needs(self) -> frozenset[str]:
        """See `Pattern.needs`."""
        return self.left.needs() | self.right.needs()

    def fits(self, node: Node, frame: Frame, st: State) -> Iterator[State]:
        """See `Pattern.fits`."""
        new = st.covering(node)
        operands = _contracted(node, frame, new)
        if operands is None:
            return
        (a, fa), (b, fb), summed = operands
        if self.over not in new.reduced:
            new.reduced[self.over] = (summed,)
        elif not new.unify(new.all(new.reduced[self.over]), summed):
            return
        for left, right in ((self.left, self.right), (self.right, self.left)):
            for found in match(left, a, fa, new):
                yield from match(right, b, fb, found)


def _contracted(node: Node, frame: Frame, st: State) -> tuple[Any, Any, tuple[int, ...]] | None:
    """Return both operands of a contraction with their frames, and the indices that are summed over."""
    if node.kind != "call" or node.fn not in ("ivy.matmul", "ivy.linear", "ivy.einsum"):
        return None
    if node.fn == "ivy.einsum":
        return _einsum(node, frame, st)
    a, b = node.args[:2]
    left, right = _shape(a), _shape(b)
    if left is None or right is None or len(left) < 2 or len(right) < 2 or len(node.args) > 2:
        return None
    if node.fn == "ivy.linear":
        k = st.index(left[-1])
        order = (frame[-1], k) if node.kwargs.get("weight_format", "OI") == "OI" else (k, frame[-1])
        return (a, (*frame[:-1], k)), (b, order), k
    if node.kwargs:
        return None
    k = st.index(left[-1])
    batch = frame[:-2]
    rows, columns = (frame[-2] if left[-2] != 1 else ()), (frame[-1] if right[-1] != 1 else ())
    fa = tuple(() if d == 1 else f for d, f in zip(left[:-2], batch[len(batch) - len(left) + 2 :], strict=True))
    fb = tuple(() if d == 1 else f for d, f in zip(right[:-2], batch[len(batch) - len(right) + 2 :], strict=True))
    return (a, (*fa, rows, k)), (b, (*fb, k, columns)), k


def _einsum(node: Node, frame: Frame, st: State) -> tuple[Any, Any, tuple[int, ...]] | None:
    equation = str(node.args[0]).replace(" ", "")
    terms, arrow, result = equation.partition("->")
    parts = terms.split(",")
    if not arrow or len(parts) != 2 or len(node.args) != 3 or not (terms + result).replace(",", "").isalpha():
        return None
    letters = dict(zip(result, frame, strict=True))
    summed: list[int] = []
    frames = []
    for part, x in zip(parts, node.args[1:], strict=True):
        shape = _shape(x)
        if shape is None or len(set(part)) != len(part):
            return None
        for letter, d in zip(part, shape, strict=True):
            if letter not in letters:
                if not all(letter in p for p in parts):
                    return None
                letters[letter] = st.index(d)
                summed += letters[letter]
        frames.append((x, tuple(() if d == 1 else letters[c] for c, d in zip(part, shape, strict=True))))
    return frames[0], frames[1], tuple(summed)
