"""Graphs that serve any size of some axes: what a graph makes of a size is learnt from graphs for several sizes.

A capture sees one shape. Captured again with other sizes of an axis, the same code gives the same calls with other
numbers in them, and those numbers are polynomials of the sizes (a reshape's ``batch * 49``) or, where a mean or a
variance is corrected, fractions ``(a * n + b) / (c * n + d)``. `generalise` finds them, exactly, and puts calls that
compute them in their place; `instantiate` goes the other way.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ivy.errors import CaptureError
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph
from ivy.graph.node import Node, map_nested
from ivy.graph.parts import Callee

__all__ = ["Axis", "SizeDependenceError", "generalise", "instantiate", "samples"]

_LITERALS = (int, float)
ARITHMETIC = frozenset({
    "add", "subtract", "sub", "multiply", "mul", "divide", "true_divide", "truediv", "div", "floor_divide", "floordiv",
    "power", "pow", "remainder", "mod", "maximum", "minimum", "less", "less_equal", "greater", "greater_equal", "equal",
    "not_equal", "where",
})  # fmt: skip
"""Functions that take numbers beside arrays."""


class SizeDependenceError(CaptureError):
    """A graph depends on a size in a way that has no formula: the calls themselves differ from size to size."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of any size.

    Args:
        name: of the size.
        places: (index of a graph's input, its axis): all these have the same size.
        tried: sizes to capture with.
    """

    name: str
    places: tuple[tuple[int, int], ...]
    tried: tuple[int, ...] = (3, 5, 11, 13)


def samples(axes: Sequence[Axis]) -> list[dict[str, int]]:
    """Return the sizes to capture with, so that every formula is determined and checked once more.

    Args:
        axes: the axes of any size.

    Returns:
        For each capture, the size of each axis.
    """
    names = [a.name for a in axes]
    if len(axes) == 1:
        return [{names[0]: n} for n in axes[0].tried]
    count = len(_monomials(names)) + 1
    grid = itertools.product(*(a.tried for a in axes))
    spread = sorted(grid, key=lambda sizes: (sum(a.tried.index(n) for a, n in zip(axes, sizes, strict=True)), sizes))
    return [dict(zip(names, sizes, strict=True)) for sizes in spread[:count]]


def generalise(graphs: Sequence[Graph], sizes: Sequence[Mapping[str, int]], axes: Sequence[Axis], size: str) -> Graph:
    """Merge graphs of the same code for several sizes into one for all sizes.

    Args:
        graphs: one per entry of `sizes`, in any dialect.
        sizes: the sizes that they were made for.
        axes: where the sizes are found.
        size: path of the function that gives the size of an axis, ``size(x, axis, (y, axis_of_y), ...)``; the other
            arrays have the same size there.

    Returns:
        A graph whose first calls read and compute sizes.

    Raises:
        SizeDependenceError: if the graphs differ in more than numbers.
    """
    return _Merge(graphs, sizes, axes, size).graph()


class _Merge:
    def __init__(
        self, graphs: Sequence[Graph], sizes: Sequence[Mapping[str, int]], axes: Sequence[Axis], size: str
    ) -> None:
        self.graphs, self.sizes, self.axes = graphs, sizes, axes
        self.monomials = _monomials([a.name for a in axes])
        self.size = size
        self.map: dict[int, Node] = {}
        self.head: list[Node] = []
        self.known: dict[Any, Node] = {}
        self.at: Node | None = None

    def fail(self, why: str) -> SizeDependenceError:
        from ivy.errors import SourceLocation

        loc = None if self.at is None else self.at.loc
        names = ", ".join(a.name for a in self.axes)
        return SizeDependenceError(
            f"{self.graphs[0].name} cannot be made for every size of {names}: {why}",
            where=SourceLocation(loc.file, loc.line, loc.function) if loc is not None else None,
            hint="give the size (keras.Input(..., batch_size=8)), or call with arrays of known shapes",
        )

    def graph(self) -> Graph:
        base = self.graphs[0]
        new = base.like()
        new.sized = False
        new.decorator = base.decorator
        new.inputs = [self.leaf_node(nodes) for nodes in self.together([g.inputs for g in self.graphs], "inputs")]
        if base.rng is not None:
            new.rng = self.leaf_node([g.rng for g in self.graphs])
        if any(g.params.keys() != base.params.keys() for g in self.graphs):
            raise self.fail("its parameters differ")
        for name in base.params:
            new.params[name] = self.leaf_node([g.params[name] for g in self.graphs])
        for name in base.parts:
            new.parts[name] = self.leaf_node([g.parts[name] for g in self.graphs])
        self.inputs = new.inputs
        body = [self.node(nodes) for nodes in self.together([g.nodes for g in self.graphs], "calls")]
        new.output = self.merge([g.output for g in self.graphs])
        new.updates = self.merge([g.updates for g in self.graphs])
        new.mutated = self.merge([g.mutated for g in self.graphs])
        new.nodes = [*self.head, *body]
        return new

    def together(self, lists: Sequence[Sequence[Any]], what: str) -> Any:
        if len({len(x) for x in lists}) > 1:
            raise self.fail(f"it makes {' or '.join(sorted({str(len(x)) for x in lists}, key=int))} {what}")
        return zip(*lists, strict=True)

    def leaf_node(self, nodes: Sequence[Any]) -> Node:
        base = nodes[0]
        copy = Node(base.kind, base.name, out=base.out, value=base.value, loc=base.loc, meta=dict(base.meta))
        for n in nodes:
            self.map[id(n)] = copy
        return copy

    def node(self, nodes: Sequence[Node]) -> Node:
        base = self.at = nodes[0]
        if any(n.kind != base.kind or n.fn != base.fn for n in nodes):
            raise self.fail(f"it calls {' or '.join(sorted({n.fn or n.kind for n in nodes}))}")
        if base.kind == "const" and any(not _same_array(base.value, n.value) for n in nodes):
            raise self.fail(f"the constant {base.name} depends on it")
        new = Node(
            base.kind,
            base.name,
            fn=base.fn,
            out=base.out,
            value=base.value,
            loc=base.loc,
            scope=base.scope,
            meta=dict(base.meta),
        )
        new.args = tuple(self.merge([n.args for n in nodes]))
        if base.fn.rpartition(".")[2] in ARITHMETIC:
            new.args = tuple(self.scalar(a, new.args) for a in new.args)
        new.kwargs = self.merge([n.kwargs for n in nodes])
        for n in nodes:
            self.map[id(n)] = new
        return new

    def merge(self, values: Sequence[Any]) -> Any:
        base = values[0]
        cls = type(base)
        if any(type(v) is not cls for v in values):
            raise self.fail("an argument's type depends on it")
        if cls is Node:
            found = {id(self.map.get(id(v), v)) for v in values}
            if len(found) > 1:
                raise self.fail("calls take different operands")
            return self.map.get(id(base), base)
        if isinstance(base, Graph):
            return self.subgraph(values)
        if isinstance(base, (tuple, list)):
            parts = [self.merge(p) for p in self.together(values, "items")]
            return cls(*parts) if hasattr(base, "_fields") else cls(parts)
        if cls is dict:
            if any(list(v) != list(base) for v in values):
                raise self.fail("an argument's keys depend on it")
            return {k: self.merge([v[k] for v in values]) for k in base}
        if cls is slice:
            return slice(*(self.merge([getattr(v, k) for v in values]) for k in ("start", "stop", "step")))
        if cls in _LITERALS:
            return base if all(_equal(v, base) for v in values) else self.formula(values)
        if cls is Callee:
            callee = base.for_any_size(values)
            if callee is None:
                raise self.fail(f"{base.name} is called with other numbers, or gives another structure")
            return callee
        if any(v is not base and v != base for v in values):
            raise self.fail(f"an argument is {base!r} or {next(v for v in values if v != base)!r}")
        return base

    def scalar(self, x: Any, operands: tuple[Any, ...]) -> Any:
        """Return a size as an operand of arithmetic: a number without a dtype of its own, as in the source."""
        if type(x) is not Node or not x.meta.get("size"):
            return x
        dtypes = [a.out.dtype for a in operands if type(a) is Node and type(a.out) is Aval]
        return self.compute(self.helper("size_scalar"), (x,), {"dtype": str(dtypes[0])}) if dtypes else x

    def subgraph(self, graphs: Sequence[Graph]) -> Graph:
        base = graphs[0]
        new = base.like()
        new.inputs = [self.leaf_node(nodes) for nodes in self.together([g.inputs for g in graphs], "inputs")]
        new.nodes = [self.node(nodes) for nodes in self.together([g.nodes for g in graphs], "calls")]
        new.output = self.merge([g.output for g in graphs])
        new.updates = self.merge([g.updates for g in graphs])
        if base.arguments is not None:
            new.arguments = tuple(self.merge([g.arguments for g in graphs]))
        return new

    # -- formulas -----------------------------------------------------------------------------------------------------

    def formula(self, values: Sequence[Any]) -> Node:
        if type(values[0]) is int:
            found = self.polynomial(values)
            if found is not None:
                return found
        found = self.fraction([float(v) for v in values]) if type(values[0]) is float else None
        if found is None:
            raise self.fail(f"no formula gives {', '.join(map(str, values))}")
        return found

    def polynomial(self, values: Sequence[int]) -> Node | None:
        rows = [[_value(m, s) for m in self.monomials] for s in self.sizes]
        terms = _solve(rows, values)
        if terms is None:
            return None
        whole = math.lcm(*(t.denominator for t in terms))
        total: Any = 0
        for m, t in zip(self.monomials, terms, strict=True):
            factor = int(t * whole)
            if factor:
                total = self.sum(total, self.product(m, factor))
        return self.exact(total, whole) if whole > 1 else total

    def product(self, monomial: tuple[str, ...], factor: int) -> Any:
        if not monomial:
            return factor
        found: Any = self.variable(monomial[0])
        for name in monomial[1:]:
            found = self.compute("operator.mul", (found, self.variable(name)))
        return found if factor == 1 else self.compute("operator.mul", (found, factor))

    def sum(self, a: Any, b: Any) -> Any:
        if type(a) is int and type(b) is int:
            return a + b
        if type(a) is int:
            a, b = b, a
        if type(b) is int and b == 0:
            return a
        if type(b) is int and b < 0:
            return self.compute("operator.sub", (a, -b))
        return self.compute("operator.add", (a, b))

    def exact(self, total: Any, whole: int) -> Any:
        return self.compute(self.helper("exact_quotient"), (total, whole))

    def helper(self, name: str) -> str:
        return f"{self.size.rpartition('.')[0]}.{name}"

    def fraction(self, values: Sequence[float]) -> Node | None:
        """Find small integers with ``v = (a * n + b) / (c * n + d)`` for a size, or a product of sizes, n."""
        for m in self.monomials[1:]:
            ns = [_value(m, s) for s in self.sizes]
            found = _moebius(ns, values)
            if found is not None:
                return self.compute(self.helper("size_ratio"), (self.product(m, 1), *found), self._dtype())
        return None

    def _dtype(self) -> dict[str, Any]:
        out = None if self.at is None else self.at.out
        return {"dtype": str(out.dtype) if type(out) is Aval and out.dtype.is_float else "float32"}

    def variable(self, name: str) -> Node:
        axis = next(a for a in self.axes if a.name == name)
        (place, at), *others = axis.places
        same = tuple((self.inputs[i], a) for i, a in others)
        return self.compute(self.size, (self.inputs[place], at, *same), name=name)

    def compute(self, fn: str, args: tuple[Any, ...], kwargs: dict[str, Any] | None = None, name: str = "size") -> Node:
        key = (fn, *map(str, map_nested(args, lambda a: id(a) if type(a) is Node else a)), *(kwargs or {}).values())
        if key not in self.known:
            node = Node("call", name, fn=fn, args=args, kwargs=dict(kwargs or {}), meta={"size": True})
            self.known[key] = node
            self.head.append(node)
        return self.known[key]


def _monomials(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the products of sizes that numbers are made of; () is one."""
    found: list[tuple[str, ...]] = [(), *((n,) for n in names)]
    return found if len(names) == 1 else [*found, *itertools.combinations_with_replacement(names, 2)]


def _value(monomial: tuple[str, ...], sizes: Mapping[str, int]) -> int:
    return math.prod(sizes[n] for n in monomial)


def _equal(a: Any, b: Any) -> bool:
    return bool(a == b or (a != a and b != b))


def _same_array(a: Any, b: Any) -> bool:
    if a is b:
        return True
    from ivy.backend import backend_of

    x, y = (backend_of(v).module.to_numpy(v) for v in (a, b))
    return x.dtype == y.dtype and x.shape == y.shape and x.tobytes() == y.tobytes()


def _solve(rows: Sequence[Sequence[Any]], values: Sequence[Any]) -> list[Fraction] | None:
    """Solve an overdetermined system of equations exactly, None if it has no solution."""
    table = [[*map(Fraction, row), Fraction(v)] for row, v in zip(rows, values, strict=True)]
    width, done = len(rows[0]), 0
    for column in range(width):
        pivot = next((i for i in range(done, len(table)) if table[i][column]), None)
        if pivot is None:
            return None
        table[done], table[pivot] = table[pivot], table[done]
        table[done] = [x / table[done][column] for x in table[done]]
        for i, row in enumerate(table):
            if i != done and row[column]:
                table[i] = [x - row[column] * y for x, y in zip(row, table[done], strict=True)]
        done += 1
    return None if any(row[-1] for row in table[done:]) else [row[-1] for row in table[:width]]


def _moebius(ns: Sequence[int], values: Sequence[float]) -> tuple[int, int, int, int] | None:
    exact = [Fraction(v).limit_denominator(10**7) for v in values]
    if any(float(e) != v for e, v in zip(exact, values, strict=True)):
        return None
    pairs = list(zip(ns, exact, strict=True))
    found = _solve([[n, 1, -e * n] for n, e in pairs], [e for _, e in pairs])  # d is one
    if found is None:
        found = _solve([[n, 1] for n, _ in pairs], [e * n for n, e in pairs])  # c is one, d zero
        if found is None:
            return None
        terms = [*found, Fraction(1), Fraction(0)]
    else:
        terms = [*found, Fraction(1)]
    whole = math.lcm(*(t.denominator for t in terms))
    a, b, c, d = (int(t * whole) for t in terms)
    return (a, b, c, d) if max(map(abs, (a, b, c, d))) < 10**9 else None


# -- the other way ----------------------------------------------------------------------------------------------------


def instantiate(graph: Graph, shapes: Sequence[tuple[int, ...]]) -> Graph:
    """Return the graph for given shapes, with numbers where sizes were computed.

    Args:
        graph: made by `generalise`.
        shapes: of its inputs.

    Returns:
        A graph of the same dialect without calls that read sizes.
    """
    numbers: dict[int, Any] = {}
    places = {id(n): shape for n, shape in zip(graph.inputs, shapes, strict=True)}
    nodes: dict[int, Node] = {}

    def read(x: Any) -> Any:
        if type(x) is Node:
            return numbers[id(x)] if id(x) in numbers else nodes.get(id(x), x)
        return copied(x, x.like()) if isinstance(x, Graph) else x

    def copied(old: Graph, new: Graph) -> Graph:
        for node in (*old.inputs, *old.params.values(), *([old.rng] if old.rng else [])):
            out = Aval(places[id(node)], node.aval.dtype) if id(node) in places else node.out
            nodes[id(node)] = Node(node.kind, node.name, out=out, value=node.value, loc=node.loc, meta=dict(node.meta))
        new.inputs = [nodes[id(n)] for n in old.inputs]
        new.params = {k: nodes[id(n)] for k, n in old.params.items()}
        new.rng = nodes[id(old.rng)] if old.rng is not None else None
        for node in old.nodes:
            if node.meta.get("size"):
                args = map_nested(node.args, lambda a: places[id(a)] if id(a) in places else read(a))
                numbers[id(node)] = _NUMBERS[node.fn.rpartition(".")[2]](*args)
                continue
            made = Node(
                node.kind,
                node.name,
                fn=node.fn,
                args=map_nested(node.args, read),
                kwargs=map_nested(node.kwargs, read),
                out=node.out,
                value=node.value,
                loc=node.loc,
                scope=node.scope,
                meta=dict(node.meta),
            )
            nodes[id(node)] = made
            new.nodes.append(made)
        new.output = map_nested(old.output, read)
        new.updates = map_nested(old.updates, read)
        new.mutated = map_nested(old.mutated, read)
        if old.arguments is not None:
            new.arguments = tuple(map_nested(old.arguments, read))
        return new

    new = graph.like()
    new.decorator = graph.decorator
    return copied(graph, new)


def _size_of(shape: Sequence[int], axis: int, *others: tuple[Sequence[int], int]) -> int:
    for other, at in others:
        if other[at] != shape[axis]:
            raise SizeDependenceError(
                f"the graph is for arrays whose sizes agree, not {shape[axis]} and {other[at]}",
                why=f"axis {axis} of shape {tuple(shape)} and axis {at} of shape {tuple(other)}",
            )
    return shape[axis]


def _exact_quotient(n: int, by: int) -> int:
    if n % by:
        raise SizeDependenceError(f"a size of {n} is no multiple of {by}, which the graph needs")
    return n // by


_NUMBERS: dict[str, Callable[..., Any]] = {
    "size_of": _size_of,
    "exact_quotient": _exact_quotient,
    "size_scalar": lambda n: n,
    "size_ratio": lambda n, a, b, c, d: (a * n + b) / (c * n + d),
    "mul": lambda a, b: a * b,
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
}


SIZE_CALLS = frozenset((f"operator.{n}" if n in ("mul", "add", "sub") else f"ivy.{n}") for n in _NUMBERS)
"""Paths of the calls that read and compute sizes, in the ivy dialect."""
