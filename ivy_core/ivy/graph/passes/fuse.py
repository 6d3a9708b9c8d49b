"""Fusion: composites that a source writes out as single calls become the one call that they are.

JAX's layers are jaxprs, Keras' are TensorFlow's raw operators: a layer norm arrives as ten calls, a linear layer as
two, attention as twenty. Each rule here is a pattern of calls (`ivy.graph.passes.match`) and what it is made of; it
applies where axes, numbers and dtypes agree and nothing else uses a value in between, so that the result is the same
within rounding. Targets then call their own fused function.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from ivy.graph.aval import Aval
from ivy.graph.graph import Graph, subgraphs
from ivy.graph.node import Node, refs
from ivy.graph.passes.cleanup import eliminate_dead
from ivy.graph.passes.match import (
    Apply,
    Contract,
    Either,
    Frame,
    Mean,
    Named,
    Number,
    Pattern,
    Reduce,
    State,
    Times,
    Var,
    match,
    number_of,
)  # fmt: skip

__all__ = ["Replacement", "fuse"]

Built = tuple[Node, Frame]


class Replacement:
    """Calls that are made in place of what a pattern covers.

    Args:
        top: the last call that is covered.
        frame: its indices.
        st: the match.
    """

    def __init__(self, top: Node, frame: Frame, st: State) -> None:
        self.top, self.frame, self.st = top, frame, st
        self.nodes: list[Node] = []
        self.also: list[tuple[Node, Node]] = []
        """Covered calls that others may use, and what stands for them."""

    def call(self, fn: str, args: tuple[Any, ...], kwargs: dict[str, Any], shape: Sequence[int], dtype: Any) -> Node:
        """Make a call that gives one array."""
        return self.add(
            Node("call", fn.rpartition(".")[2], fn=fn, args=args, kwargs=kwargs, out=Aval(tuple(shape), dtype))
        )

    def add(self, node: Node) -> Node:
        """Put a node among the new ones, at the place in the source of what it stands for."""
        node.loc, node.scope = self.top.loc, self.top.scope
        if "origin" in self.top.meta:
            node.meta["origin"] = self.top.meta["origin"]
        self.nodes.append(node)
        return node

    def settled(self) -> bool:
        """Keep what the variables stand for in the result's dtype; False if they have another, or axes that repeat."""
        dtype = self.top.aval.dtype
        for name, chain in self.st.bound.items():
            if not isinstance(chain, list) or (name == "mask" and "low" in self.st.bound):
                continue
            fitting = [(n, f) for n, f in chain if n.aval.dtype == dtype]
            if not fitting and dtype.bits == 32:  # seen through different casts of one array of half precision
                x, frame = next(((n, f) for n, f in chain if n.aval.dtype.bits == 16), chain[0])
                if x.aval.dtype.bits != 16 or not x.aval.dtype.is_float:
                    return False
                fitting = [(self.call("ivy.astype", (x, dtype), {}, x.aval.shape, dtype), frame)]
            indices = self.st.all(chain[0][1])
            if not fitting or len(set(indices)) != len(indices):
                return False
            self.st.bound[name] = fitting
        return True

    def inner(self, name: str) -> Built | None:
        """Return what a variable stands for, without any views that the pattern saw through."""
        chain = self.st.bound.get(name)
        return None if chain is None else chain[-1]

    def whole(self, name: str, indices: set[int]) -> Built | None:
        """Return the outermost array that a variable stands for whose axes lie in or out of a set of indices."""
        for node, frame in self.st.bound[name]:
            axes = [set(self.st.flat(a)) for a in frame]
            if all(a <= indices or not a & indices for a in axes):
                return node, frame
        return None

    def arranged(self, given: Built, wanted: Frame) -> Node | None:
        """Make a view of an array with these indices along its axes; None if it has others."""
        x, have = given[0], self.st.frame(given[1])
        wanted = self.st.frame(wanted)
        shape = tuple(self.st.size(a) for a in wanted)
        flat, order = [i for a in have for i in a], [i for a in wanted for i in a]
        if sorted(flat) != sorted(order):
            return None
        if flat == order:
            return x if shape == x.aval.shape else self._view("ivy.reshape", x, shape, shape)
        if len(shape) == len(have):
            axes = _permutation(have, wanted)
            if axes is not None:
                return self._view("ivy.permute_dims", x, axes, shape)
        runs: list[list[int]] = []
        for i in flat:  # indices that stay side by side move as one
            if runs and order.index(i) == order.index(runs[-1][-1]) + 1:
                runs[-1].append(i)
            else:
                runs.append([i])
        sizes = tuple(self.st.size(r) for r in runs)
        if sizes != x.aval.shape:
            x = self._view("ivy.reshape", x, sizes, sizes)
        axes = tuple(sorted(range(len(runs)), key=lambda k: order.index(runs[k][0])))
        x = self._view("ivy.permute_dims", x, axes, tuple(sizes[a] for a in axes))
        return x if shape == x.aval.shape else self._view("ivy.reshape", x, shape, shape)

    def _view(self, fn: str, x: Node, how: tuple[int, ...], shape: tuple[int, ...]) -> Node:
        return self.call(fn, (x, how), {}, shape, x.aval.dtype)


_GENERIC = frozenset({"add", "mul", "sub", "div", "matmul", "dot_general", "multiply", "divide", "subtract", "einsum"})
"""Names of values that tell only which call made them."""


def _permutation(have: Frame, wanted: Frame) -> tuple[int, ...] | None:
    left = list(range(len(have)))
    axes = []
    for axis in wanted:
        k = next((k for k in left if have[k] == axis), None)
        if k is None:
            return None
        left.remove(k)
        axes.append(k)
    return tuple(axes)


# -- patterns ---------------------------------------------------------------------------------------------------------

_x, _scale, _offset = Var("x"), Var("scale"), Var("offset")
_eps = Number("eps")


def _square(p: Pattern) -> Pattern:
    return Either(Apply("square", p), Apply("multiply", p, p), Apply("pow", p, 2))


def _constant(p: Pattern) -> Pattern:
    """What has a derivative of zero anyway, or may have one all the same."""
    return Either(p, Apply("stop_gradient", p))


def _inverse_root(p: Pattern) -> Pattern:
    return Apply("rsqrt", p + _eps)


_mean = Named("mean", Mean(_x))
_mean_square = Mean(_square(_x))
_variance = Named(
    "variance",
    Either(
        Reduce("var", _x),
        Mean(_square(_x - _constant(_mean))),
        Apply("maximum", 0.0, _mean_square - _square(_mean)),
        _mean_square - _square(_mean),
    ),
)


def _affine(mean: Pattern, root: Pattern) -> list[Pattern]:
    """Return the ways in which ``(x - mean) * root * scale + offset`` is written."""
    found: list[Pattern] = []
    for scale in ((_scale,), ()):
        first = Times(_x - mean, root, *scale)
        rest = Times(mean, root, *scale)
        folded = Either(_offset - rest, Apply("add", _offset, Times(Apply("negative", mean), root, *scale)))
        found += [first + _offset, Times(_x, root, *scale) + folded, first]
    return found


_ROOT_2 = math.sqrt(0.5)
_root_2 = Either(Apply("multiply", _x, _ROOT_2), Apply("divide", _x, 1 / _ROOT_2))
_minus_root_2 = Either(
    Apply("multiply", _x, -_ROOT_2), Apply("multiply", Apply("negative", _x), _ROOT_2), Apply("negative", _root_2)
)
_cube = Either(Apply("pow", _x, 3), Times(_x, _x, _x), Times(_square(_x), _x))
_cubic = Times(math.sqrt(2 / math.pi), Apply("add", _x, Times(0.044715, _cube)))
_top = Reduce("max", _x)
_raised = Apply("exp", _x - _constant(Either(_top, Apply("maximum", -math.inf, _top))))


class _Softmax(Pattern):
    """A softmax over the indices that a product is summed over."""

    def __init__(self, arg: Pattern, over: str) -> None:
        self.arg, self.over = arg, over

    def needs(self) -> frozenset[str]:
        return frozenset({"ivy.softmax"})

    def fits(self, node: Node, frame: Frame, st: State) -> Any:
        if node.kind == "call" and node.fn == "ivy.softmax" and len(node.args) == 1:
            new = st.covering(node)
            if new.unify(new.all(new.reduced[self.over]), frame[node.kwargs.get("axis", -1)]):
                yield from match(self.arg, node.args[0], frame, new)


class _Where(Pattern):
    """A choice between the logits and one very negative number."""

    def __init__(self, arg: Pattern) -> None:
        self.arg = arg

    def fits(self, node: Node, frame: Frame, st: State) -> Any:
        if node.kind != "call" or node.fn != "ivy.where" or node.args[1] is node.args[2]:
            return
        low = number_of(node.args[2])
        if low is None or not -math.inf < low <= -1e4 or node.args[1].out != node.out:
            return
        new = st.covering(node)
        new.bound["low"] = low
        shape = node.args[0].out.shape
        frame_of_mask = tuple(() if d == 1 else a for d, a in zip(shape, frame[len(frame) - len(shape) :], strict=True))
        for found in match(Var("mask"), node.args[0], frame_of_mask, new):
            yield from match(self.arg, node.args[1], frame, found)


class _Product(Pattern):
    """A product without a bias."""

    def fits(self, node: Node, frame: Frame, st: State) -> Any:
        if node.kind != "call" or node.fn not in _CHANNEL or "bias" in node.kwargs:
            return
        if len(node.args) == 2 or (len(node.args) == 3 and node.args[2] is None):
            new = st.covering(node)
            new.marks["product"] = (node, frame)
            yield new


_CHANNEL: dict[str, Callable[[Node], int]] = {
    "ivy.linear": lambda node: -1,
    "ivy.matmul": lambda node: -1,
    "ivy.conv": lambda node: -1 if node.kwargs.get("data_format") == "channels_last" else 1,
    "ivy.conv_transpose": lambda node: -1 if node.kwargs.get("data_format") == "channels_last" else 1,
}
"""Where a product has the axis that a bias belongs to."""

_q, _k, _v = Var("q"), Var("k"), Var("v")
_factor = Number("factor")
_plain = Contract(_q, _k, "width")
_scaled = Either(
    Apply("multiply", _plain, _factor),
    Apply("divide", _plain, Number("divisor")),
    Contract(Apply("multiply", _q, _factor), _k, "width"),
    Contract(Apply("divide", _q, Number("divisor")), _k, "width"),
    _plain,
)
_logits = Either(_Where(_scaled), Apply("add", _scaled, Var("mask")), _scaled)


# -- what they become -------------------------------------------------------------------------------------------------


def _normalised(fused: Replacement) -> Built | None:
    """A norm over the indices of a mean: of layers, of groups of channels, of batches."""
    st = fused.st
    x = st.bound["x"][0]
    reduced = set(st.all(st.reduced["axes"]))
    order = [i for i in st.all(x[1]) if i in reduced]
    scale, offset = fused.inner("scale"), fused.inner("offset")
    given = [p for p in (scale, offset) if p is not None]
    if not reduced or len(order) != len(reduced):
        return None
    if all(list(st.all(p[1])) == order for p in given):
        return _layer_norm(fused, reduced, scale, offset)
    rows = [st.all(p[1]) for p in given]
    if any(row != rows[0] for row in rows):
        return None
    if not set(rows[0]) & reduced:
        return _batch_norm_train(fused, reduced, rows[0], scale, offset)
    return _group_norm(fused, reduced, rows[0], scale, offset)


def _layer_norm(fused: Replacement, reduced: set[int], scale: Built | None, offset: Built | None) -> Built | None:
    st = fused.st
    x = fused.whole("x", reduced)
    if x is None:
        return None
    axes = tuple(k for k, a in enumerate(x[1]) if set(st.flat(a)) & reduced)
    over = tuple(x[1][k] for k in axes)
    parts = [None if p is None else fused.arranged(p, over) for p in (scale, offset)]
    while parts and parts[-1] is None:
        parts.pop()
    kwargs = {"axes": axes if len(axes) > 1 else axes[0], "eps": st.bound["eps"]}
    return fused.call("ivy.layer_norm", (x[0], *parts), kwargs, x[0].aval.shape, x[0].aval.dtype), x[1]


def _rms_norm(fused: Replacement) -> Built | None:
    st = fused.st
    reduced = set(st.all(st.reduced["axes"]))
    x, scale = fused.whole("x", reduced), fused.inner("scale")
    if x is None or not reduced:
        return None
    axes = tuple(k for k, a in enumerate(x[1]) if set(st.flat(a)) & reduced)
    part = None if scale is None else fused.arranged(scale, tuple(x[1][k] for k in axes))
    if scale is not None and part is None:
        return None
    kwargs = {"axes": axes if len(axes) > 1 else axes[0], "eps": st.bound["eps"]}
    args = (x[0],) if part is None else (x[0], part)
    return fused.call("ivy.rms_norm", args, kwargs, x[0].aval.shape, x[0].aval.dtype), x[1]


def _group_norm(
    fused: Replacement, reduced: set[int], channels: tuple[int, ...], scale: Built | None, offset: Built | None
) -> Built | None:
    st = fused.st
    groups = [i for i in channels if i not in reduced]
    if len(channels) != 2 or channels[0] != groups[0]:
        return None
    for x, frame in st.bound["x"]:
        axes = st.frame(frame)
        if len(axes) < 3 or channels not in axes or any(i in reduced for i in axes[0]):
            continue
        place = axes.index(channels)
        others = {i for k, a in enumerate(axes) if k not in (0, place) for i in a}
        if place not in (1, len(axes) - 1) or others != reduced - set(channels):
            continue
        parts = [None if p is None else fused.arranged(p, (channels,)) for p in (scale, offset)]
        kwargs = {"groups": st.size(groups), "eps": st.bound["eps"]}
        if place != 1:
            kwargs["data_format"] = "channels_last"
        return fused.call("ivy.group_norm", (x, *parts), kwargs, x.aval.shape, x.aval.dtype), frame
    return None


def _channel(fused: Replacement, channels: tuple[int, ...]) -> tuple[Node, Frame, int] | None:
    """Return x with the axis of its channels."""
    for x, frame in fused.st.bound["x"]:
        axes = fused.st.frame(frame)
        if channels in axes:
            return x, frame, axes.index(channels)
    return None


def _batch_norm_train(
    fused: Replacement, reduced: set[int], channels: tuple[int, ...], scale: Built | None, offset: Built | None
) -> Built | None:
    st = fused.st
    x = _channel(fused, channels)
    if x is None or reduced | set(channels) != set(st.all(x[1])):
        return None
    parts = [None if p is None else fused.arranged(p, (channels,)) for p in (scale, offset)]
    aval, kwargs = x[0].aval, {"eps": st.bound["eps"], "axis": x[2]}
    row = Aval((st.size(channels),), st.marks["mean"][0].aval.dtype)
    call = fused.add(
        Node("call", "batch_norm", fn="ivy.batch_norm_train", args=(x[0], *parts), kwargs=kwargs, out=(aval, row, row))
    )
    y, mean, variance = (
        fused.add(Node("item", n, args=(call, k), out=call.out[k])) for k, n in enumerate(("y", "mean", "variance"))
    )
    for name, item in (("mean", mean), ("variance", variance)):
        old, frame = st.marks[name]
        stand_in = fused.arranged((item, (channels,)), frame)
        if stand_in is not None:
            fused.also.append((old, stand_in))
    return y, x[1]


def _batch_norm(fused: Replacement) -> Built | None:
    st = fused.st
    given = {n: fused.inner(n) for n in ("mean", "variance", "scale", "offset")}
    rows = {st.all(p[1]) for p in given.values() if p is not None}
    channels = rows.pop()
    x = _channel(fused, channels)
    if rows or not channels or x is None:
        return None
    parts = [None if p is None else fused.arranged(p, (channels,)) for p in given.values()]
    while parts and parts[-1] is None:
        parts.pop()
    kwargs = {"eps": st.bound["eps"], "axis": x[2]}
    return fused.call("ivy.batch_norm", (x[0], *parts), kwargs, x[0].aval.shape, x[0].aval.dtype), x[1]


def _of_x(name: str, **kwargs: Any) -> Callable[[Replacement], Built]:
    def build(fused: Replacement) -> Built:
        x, frame = fused.st.bound["x"][0]
        return fused.call(f"ivy.{name}", (x,), dict(kwargs), x.aval.shape, x.aval.dtype), frame

    return build


def _softmax(fused: Replacement) -> Built | None:
    reduced = set(fused.st.all(fused.st.reduced["axes"]))
    for x, frame in fused.st.bound["x"]:
        axes = [k for k, a in enumerate(frame) if set(fused.st.flat(a)) == reduced]
        if axes and reduced:
            return fused.call("ivy.softmax", (x,), {"axis": axes[0]}, x.aval.shape, x.aval.dtype), frame
    return None


def _biased(fused: Replacement) -> Built | None:
    st = fused.st
    product, frame = st.marks["product"]
    bias = fused.inner("bias")
    assert bias is not None
    place = _CHANNEL[product.fn](product)
    row = st.flat(frame[place]) if len(frame) > 1 else ()
    kwargs = dict(product.kwargs)
    x, weight = product.args[:2]
    if product.fn == "ivy.matmul":
        if weight.aval.ndim != 2 or x.aval.ndim < 2 or kwargs:
            return None
        kwargs["weight_format"] = "IO"
    if not row or st.all(bias[1]) != row or {a.aval.dtype for a in (x, weight, product)} != {fused.top.aval.dtype}:
        return None
    part = fused.arranged(bias, (row,))
    fn = "ivy.linear" if product.fn == "ivy.matmul" else product.fn
    return fused.call(fn, (x, weight, part), kwargs, product.aval.shape, product.aval.dtype), frame


def _attention(fused: Replacement) -> Built | None:
    st = fused.st
    q, k, v = (fused.inner(n) for n in "qkv")
    if q is None or k is None or v is None:
        return None
    keys, width = st.all(st.reduced["keys"]), st.all(st.reduced["width"])
    result = st.all(fused.frame)
    rows = [i for i in result if i in st.all(q[1])]
    batch = [i for i in rows if i in st.all(k[1]) and i in st.all(v[1])]
    length = tuple(i for i in rows if i not in batch)
    values = tuple(i for i in result if i not in rows)
    lead: Frame = tuple((i,) for i in batch)
    lead = ((),) * (2 - len(lead)) + lead
    parts = [
        fused.arranged(q, (*lead, length, width)),
        fused.arranged(k, (*lead, keys, width)),
        fused.arranged(v, (*lead, keys, values)),
    ]
    if any(p is None for p in parts) or not (keys and width and length):
        return None
    frame = (*lead, length, values)
    if "mask" in st.bound:
        mask = fused.inner("mask")
        assert mask is not None
        own = set(st.all(mask[1]))
        wanted = tuple(a if set(a) <= own else () for a in (*lead, length, keys))
        part = fused.arranged(mask, wanted)
        if part is None:
            return None
        dtype = fused.top.aval.dtype
        if "low" in st.bound:  # a number that is added swallows the logits: the same where nothing is left to attend to
            none, low = (fused.call("ivy.full", ((), n), {"dtype": dtype}, (), dtype) for n in (0.0, st.bound["low"]))
            part = fused.call("ivy.where", (part, none, low), {}, part.aval.shape, dtype)
        parts.append(part)
    factor = st.bound.get("factor", 1.0 / st.bound["divisor"] if "divisor" in st.bound else 1.0)
    shape = tuple(st.size(a) for a in frame)
    name = "ivy.scaled_dot_product_attention"
    return fused.call(name, tuple(parts), {"scale": factor}, shape, fused.top.aval.dtype), frame


Rule = tuple[tuple[Pattern, ...], Callable[[Replacement], Built | None]]
_gelu = (
    Times(0.5, _x, Apply("add", 1.0, Apply("erf", _root_2))),
    Times(0.5, _x, Apply("erfc", _minus_root_2)),
)
_STAGES: tuple[tuple[Rule, ...], ...] = (
    (
        ((Apply("divide", _raised, Reduce("sum", _raised)),), _softmax),
        (_gelu, _of_x("gelu", approximate=False)),
        ((Times(0.5, _x, Apply("add", 1.0, Apply("tanh", _cubic))),), _of_x("gelu", approximate=True)),
        ((Times(Apply("sigmoid", _x), _x),), _of_x("silu")),
        (tuple(_affine(_mean, _inverse_root(_variance))), _normalised),
        (tuple(_affine(Var("mean"), _inverse_root(Var("variance")))), _batch_norm),
        ((Times(_inverse_root(_mean_square), _x, optional=_scale),), _rms_norm),
        ((_Product() + Var("bias"),), _biased),
    ),
    (((Contract(_Softmax(_logits, "keys"), _v, "keys"),), _attention),),
)
"""What is recognised, in the order in which it is looked for; what is made of others' results comes later."""


def _roots(pattern: Pattern) -> frozenset[str]:
    if isinstance(pattern, Times):
        return frozenset({"ivy.multiply", "ivy.divide"})
    if isinstance(pattern, Contract):
        return frozenset({"ivy.matmul", "ivy.einsum", "ivy.linear"})
    assert isinstance(pattern, Apply)
    return frozenset({pattern.fn})


def _by_root(stage: tuple[Rule, ...]) -> dict[str, list[tuple[Pattern, Callable[[Replacement], Built | None]]]]:
    found: dict[str, list[tuple[Pattern, Callable[[Replacement], Built | None]]]] = {}
    for patterns, build in stage:
        for pattern in patterns:
            for fn in _roots(pattern):
                found.setdefault(fn, []).append((pattern, build))
    return found


_INDEX = tuple(map(_by_root, _STAGES))


# -- the pass ---------------------------------------------------------------------------------------------------------


def fuse(graph: Graph) -> Graph:
    """Replace composites that are written out by calls of the composite.

    Args:
        graph: a graph in the ivy dialect; changed in place.

    Returns:
        The same graph.

    Example:
        >>> import ivy, numpy as np
        >>> f = lambda x: x * ivy.sigmoid(x)
        >>> "silu" in ivy.transpile(f, source="ivy", to="torch", args=(np.ones(3, "float32"),)).graph.code
        True
    """
    changed = False
    for rules in _INDEX:
        there = {n.fn for n in graph.calls()}
        usable = {fn: [r for r in found if r[0].needs() <= there] for fn, found in rules.items()}
        usable = {fn: found for fn, found in usable.items() if found}
        changed |= bool(usable) and _Pass(graph, usable).run()
    return eliminate_dead(graph) if changed else graph


class _Pass:
    """One stage over one graph and the graphs inside it."""

    def __init__(self, graph: Graph, rules: dict[str, list[Any]]) -> None:
        self.graph, self.rules = graph, rules
        self.users: dict[int, set[int]] = {}
        self.place = {id(n): k for k, n in enumerate(graph.nodes)}
        self.ahead: dict[int, list[Node]] = {}
        self.gone: set[int] = set()
        for node in graph.nodes:
            self._uses(node)
        for r in refs(graph.results):
            self.users.setdefault(id(r), set()).add(0)

    def _uses(self, node: Node) -> None:
        for r in refs((node.args, node.kwargs)):
            self.users.setdefault(id(r), set()).add(id(node))

    def run(self) -> bool:
        changed = False
        for node in reversed(self.graph.nodes):
            for sub in subgraphs(node):
                changed |= _Pass(sub, self.rules).run()
            if id(node) in self.gone or node.kind != "call" or type(node.out) is not Aval:
                continue
            if not node.out.dtype.is_float or not node.out.size:
                continue
            if node.fn in self.rules:
                changed |= any(self._tried(node, node, *rule) for rule in self.rules[node.fn])
            elif node.fn == "ivy.astype" and node.out.dtype.bits == 16:  # computed in float32, given in half precision
                x = node.args[0]
                if type(x) is Node and x.fn in self.rules and x.out.dtype.is_float and x.out.dtype.bits == 32:
                    changed |= any(self._tried(node, x, *rule) for rule in self.rules[x.fn])
        if self.ahead:
            old = self.graph.nodes
            self.graph.nodes = [m for n in old for m in (*self.ahead.get(id(n), ()), n) if id(m) not in self.gone]
            self.graph._compiled = None
        return changed

    def _tried(self, node: Node, last: Node, pattern: Pattern, build: Callable[[Replacement], Built | None]) -> bool:
        first = State().covering(node)
        frame = tuple(first.index(d) for d in node.aval.shape)
        for st in pattern.fits(last, frame, first):
            fused = Replacement(node, frame, st)
            made = build(fused) if fused.settled() else None
            if made is None:
                continue
            final = fused.arranged(made, frame)
            if final is not None and final.aval.shape == node.aval.shape and self._replaced(fused, final):
                return True
        return False

    def _replaced(self, fused: Replacement, final: Node) -> bool:
        """Put the new calls in place of the old, unless something else needs a value in between."""
        top, inside = fused.top, fused.st.inside
        also = {id(old): new for old, new in fused.also}
        for key in inside:
            if key != id(top) and key not in also and not self.users.get(key, set()) <= inside.keys():
                return False
        before = top
        outside = {key for key in also if not self.users.get(key, set()) <= inside.keys()}
        if outside:  # at the place of the first call, for which everything that it needs must be there
            before = min(inside.values(), key=lambda n: self.place.get(id(n), -1))
            at = self.place.get(id(before), -1)
            own = {id(n) for n in fused.nodes}
            if any(id(r) not in own and self.place.get(id(r), -1) >= at for n in fused.nodes for r in refs(n.args)):
                return False
        extra = self.ahead.setdefault(id(before), [])
        for n in fused.nodes:
            if n is not final:
                extra.append(n)
                self.place[id(n)] = self.place.get(id(before), 0)
                self._uses(n)
        for old, new in fused.also:
            if id(old) in outside:
                same = new.out == old.out
                _become(old, new if same else Node("call", fn="ivy.reshape", args=(new, old.aval.shape), out=old.out))
                self._uses(old)
        self.gone.update(key for key in inside if key != id(top) and key not in outside)
        before_args = (top.args, top.kwargs)
        for r in refs((final.args, final.kwargs)):  # first, so that nothing that is still used is dropped
            self.users.setdefault(id(r), set()).update((id(top), _STAYS))
        _become(top, final)
        self._unused(id(top), before_args)
        for r in refs((top.args, top.kwargs)):
            self.users[id(r)] = self.users[id(r)] - {_STAYS} | {id(top)}
        for key, n in inside.items():
            if key in self.gone:
                self._unused(key, (n.args, n.kwargs))
        return True

    def _unused(self, user: int, args: Any) -> None:
        """Note that a call no longer uses these, and drop the views that nothing uses any more."""
        for r in refs(args):
            users = self.users.get(id(r), set())
            users.discard(user)
            if not users and r.kind == "call" and id(r) in self.place and id(r) not in self.gone:
                self.gone.add(id(r))
                self._unused(id(r), (r.args, r.kwargs))


_STAYS = 1
"""A user that keeps a value from being dropped, among the `id`s of users."""


def _become(node: Node, new: Node) -> None:
    """Let a call be another one with the same result."""
    if node.name in _GENERIC:
        node.name = new.name
    node.kind, node.fn, node.args, node.kwargs = new.kind, new.fn, new.args, new.kwargs
