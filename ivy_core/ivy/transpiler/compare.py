"""`ivy.compare`: where a conversion's numbers part from its source's."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ivy.dtypes import as_dtype
from ivy.errors import ArgumentError, IvyError, SourceLocation
from ivy.graph.aval import Aval
from ivy.graph.node import Node
from ivy.graph.passes.layout import to_first, to_last
from ivy.stateful.sync import paired
from ivy.tracer.evaluate import Evaluator, evaluator_for
from ivy.transpiler.comparison import DRIFT, FAULTS, Comparison, Measured, Row, Tolerance
from ivy.transpiler.pipeline import arrays_in, is_array_leaf
from ivy.transpiler.sides import (
    Call,
    Source,
    Target,
    conversion_of,
    generated_values,
    source_side,
    target_side,
)
from ivy.transpiler.walk import Runner, Walk, host, read_or_inherited

__all__ = ["Comparison", "Row", "compare"]


def compare(
    a: Any,
    b: Any,
    inputs: Any = (),
    kwargs: Mapping[str, Any] | None = None,
    *,
    train: bool = False,
    gradients: bool = False,
    source: str | None = None,
    target: str | None = None,
    params_v: Any = None,
    target_params_v: Any = None,
    rename: Callable[[str], str] | Mapping[str, str] | None = None,
    rtol: float | None = None,
    atol: float = 0.0,
) -> Comparison:
    """Run a source and its conversion side by side, call by call, and name the first call that diverges.

    Each call of the source's graph is run by the source framework itself and by the target, which gives two errors: of
    the values as they accumulate, and of the call alone, on the source's own values. The second tells where an error
    arises from where it only arrives. At the end the generated function runs as a whole. Parameters are compared as
    they are now, in the source's layout. Neither side is changed.

    A `b` that is no conversion of `a` (a port by hand, another checkpoint) is compared by its own calls if they are the
    same functions, else by the results of the submodules whose paths are the same, and by its outputs.

    Args:
        a: the source: a function or a trainable module of any framework.
        b: what `ivy.transpile` made of it, with whatever parameters it has now; or another function or module.
        inputs: the arguments to run with: a tuple, a dict of keyword arguments, or one array. Arrays may be of any
            framework.
        kwargs: further keyword arguments.
        train: run modules in training mode, and compare what it does to their buffers.
        gradients: also compare the derivatives of a weighted sum of the outputs by all parameters and inputs.
        source: framework of a function `a`, where it can't be told.
        target: framework of a function `b` that is no conversion, likewise.
        params_v: the variables of `a`, if it is functional (haiku, linen).
        target_params_v: the variables of `b`, likewise.
        rename: a parameter of `a` -> the name that a port by hand has for it.
        rtol: allowed error of one call, relative to the largest value of its result; by dtype if None (3e-5 for
            float32). What adds up over the whole may be fifty times that.
        atol: allowed absolute error besides.

    Returns:
        A `Comparison`: true if all agree, a table when printed, and the rows as data.

    Raises:
        ArgumentError: if the two can't be compared on these inputs.
        ConversionError: if one of them is neither a function nor a module.
        IvyError: if the source can't be captured.

    Example:
        >>> import ivy, numpy as np
        >>> double = ivy.transpile(lambda x: x * 2, source="numpy", to="numpy")
        >>> result = ivy.compare(lambda x: x * 3, double.fn, (np.ones(2),), source="numpy", target="numpy")
        >>> result.ok, result.first.name, result.first.max_abs
        (False, 'numpy.multiply', 1.0)
    """
    call = _call(inputs, kwargs)
    tolerance = Tolerance(rtol, atol)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # NumPy's, of infinities, once for each time that a call is run
        converted = _converted(b)
        one = source_side(a, source, call, train, params_v, every_call=not converted)
        other = target_side(b, one, target_params_v) if converted else None
        if other is None:
            two = source_side(b, target, call, train, target_params_v, every_call=True)
            return _Ports(one, two, tolerance, rename).compare(gradients)
        return _Conversions(one, other, tolerance).compare(gradients)


def _call(inputs: Any, kwargs: Mapping[str, Any] | None) -> Call:
    more = dict(kwargs or {})
    if isinstance(inputs, Mapping):
        if more:
            raise ArgumentError(
                "keyword arguments were given twice", hint="pass positional ones as a tuple: inputs=(x,)"
            )
        return (), dict(inputs)
    if is_array_leaf(inputs):
        return (inputs,), more
    if not isinstance(inputs, (tuple, list)):
        raise ArgumentError(
            f"inputs are a {type(inputs).__name__}", hint="pass a tuple of arguments: ivy.compare(a, b, (x,))"
        )
    return tuple(inputs), more


def _converted(b: Any) -> bool:
    from ivy.transpiler.functions import Transpiled

    return isinstance(b, Transpiled) or conversion_of(b) is not None


class _Conversions:
    """A source and its conversion."""

    def __init__(self, source: Source, target: Target, tolerance: Tolerance) -> None:
        self.source, self.target, self.tolerance = source, target, tolerance
        self.evaluator = evaluator_for(target.backend.name)
        self.notes = [*source.notes, *target.notes]

    def compare(self, gradients: bool) -> Comparison:
        source, target = self.source, self.target
        parameters = self._parameters()
        wrong = {r.name for r in parameters if not r.ok}
        random = source.random(self.evaluator)
        walk = self._walk(random, wrong)
        outputs, updates = walk.run(self._inputs(), self._pairs())
        calls = _settled(walk.rows, self.tolerance)
        faulty = any(r.status in FAULTS or r.status == "parameter" for r in calls)
        later = self._results(random, outputs, updates, faulty)
        if any(not r.ok for r in later) and not any(not r.ok for r in (*calls, *parameters)):
            fault = self._located(random)
            calls = [fault if fault is not None and fault.index == r.index else r for r in calls]
        if all(r.ok for r in later):
            calls = [replace(r, status="same") if r.status == "drift" else r for r in calls]
        if walk.source.replaced:
            names = ", ".join(walk.source.replaced)
            self.notes.append(f"calls that the source was run through Ivy for, as they have no public form: {names}")
        found: tuple[Row, ...] = ()
        if gradients and random:
            self.notes.append("gradients were not compared: the code draws random numbers, others on each side")
        elif gradients:
            found = tuple(_gradient_rows(source, _Differentiated.of(target, source), self.tolerance, self.evaluator))
        return Comparison(
            source.name, (source.label, target.label), (*calls, *later), parameters, found, tuple(self.notes)
        )

    def _parameters(self) -> tuple[Row, ...]:
        rows = []
        for name, node in self.source.graph.params.items():
            mine = self.target.params.get(name)
            if mine is None:
                rows.append(Row("parameter", name, "differs", note="the target has none by this name"))
                continue
            a, b = host(node.value, self.source.backend), host(mine, self.target.backend)
            rows.append(_row("parameter", name, self.tolerance.measure(a, b, _canonical(self.evaluator, a))))
        return tuple(rows)

    def _inputs(self) -> list[tuple[Any, Any]]:
        return list(zip(self.source.inputs(self.source.backend), self.source.inputs(self.target.backend), strict=True))

    def _pairs(self) -> dict[str, tuple[Any, Any]]:
        own, theirs = self.source.params(self.source.backend), self.source.params(self.target.backend)
        return {name: (x, self.target.params.get(name, theirs[name])) for name, x in own.items()}

    def _walk(self, random: set[int], wrong: set[str], keep: bool = False) -> Walk:
        return Walk(
            self.source.graph,
            self.source.runner(),
            Runner(self.target.backend, self.source.frontend, None),
            tolerance=self.tolerance,
            evaluator=self.evaluator,
            random=random,
            wrong=wrong,
            keep=keep,
        )

    def _results(
        self, random: set[int], walked: list[tuple[Any, Any]], updates: dict[str, tuple[Any, Any]], faulty: bool
    ) -> list[Row]:
        """Compare what the two give as a whole: outputs, and new values of buffers."""
        rows: list[Row] = []
        own: list[Any] | None = None
        if random:
            self.notes.append("the whole functions were not compared: the code draws random numbers")
        else:
            own = self._own_arrays()
        expected = [a for a, _ in walked]
        if own is not None and len(own) == len(expected):
            for i, (x, y) in enumerate(zip(own, expected, strict=True)):
                found = self.tolerance.measure(x, y)
                if found.status != "same":
                    note = "the captured calls give another result than the source itself"
                    rows.append(replace(_row("output", f"{i} of the capture", found), note=note))
            expected = own
        generated = None if random or self.target.run is None else self._generated(rows)
        found_updates = {name: b for name, (_, b) in updates.items()}
        given = [b for _, b in walked]
        note = ""
        if generated is not None:
            out, new = generated
            given = [host(x, self.target.backend) for x in arrays_in(out)]
            found_updates |= {n: x for n, x in new.items() if n in updates}
            note = "of the generated function"
        if len(given) != len(expected):
            many = f"{len(expected)} arrays became {len(given)}"
            rows.append(Row("output", "structure", "differs", note=many))
        for i, (a, b) in enumerate(zip(expected, given, strict=False)):
            dtype = _canonical(self.evaluator, a)
            rounding = None
            if faulty:
                rounding = 0.0
            elif generated is not None and i < len(walked):
                rounding = self.tolerance.measure(*walked[i], dtype).max_rel
            factor = self._drift(rounding, dtype)
            forms = _turned(b) if generated is not None and self.target.turned else [b]
            measured = min((self.tolerance.measure(a, x, dtype, factor=factor) for x in forms), key=_badness)
            rows.append(replace(_row("output", str(i), measured), note=note))
        for name, (a, _) in updates.items():
            b = found_updates[name]
            measured = self.tolerance.measure(a, b, _canonical(self.evaluator, a), factor=DRIFT, floor=1e-3)
            rows.append(_row("update", name, measured))
        return rows

    def _drift(self, rounding: float | None, dtype: Any) -> float:
        """Return how much more than one call's error a whole may have, given what the calls one by one add up to."""
        once = self.tolerance.limit(str(dtype), 1.0)
        return DRIFT if rounding is None or not once else min(max(10 * rounding / once, 1.0), DRIFT)

    def _own_arrays(self) -> list[Any] | None:
        try:
            own = self.source.own_output()
        except Exception as error:  # the user's code, called in a way of ours
            self.notes.append(f"the source itself was not called ({type(error).__name__}: {error})".splitlines()[0])
            return None
        return None if own is None else [host(x, self.source.backend) for x in arrays_in(own)]

    def _generated(self, rows: list[Row]) -> tuple[Any, dict[str, Any]] | None:
        assert self.target.run is not None
        try:
            return self.target.run()
        except Exception as error:  # whatever stops it is a difference: a guard that fails, or the target's own error
            text = str(getattr(error, "why", None) or error)
            rows.append(Row("output", "generated function", "failed", note=f"{type(error).__name__}: {text}"))
            return None

    def _located(self, random: set[int]) -> Row | None:
        """Find the first call of the generated graph whose result is not the source's."""
        if self.target.graph is None or random:
            return None
        walk = self._walk(random, set(), keep=True)
        walk.run(self._inputs(), self._pairs())
        generated = generated_values(self.source, self.target)
        rounding = {r.index: r.max_rel for r in walk.rows}
        for i, node in enumerate(self.source.graph.nodes):
            expected, calls = walk.values.get(i), generated.get(i, [])
            if not expected or not calls:
                continue
            results = [values[0] for _, values in calls if values]
            found = [m for x in results if (m := self._alike(expected[0], x, rounding.get(i))) is not None]
            if not found or found[-1].status == "same":
                continue
            measured = found[-1]
            names = ", ".join(dict.fromkeys(n.fn for n, _ in calls))
            row = replace(_row("call", node.fn, measured), index=i, module=node.scope, where=_where(node))
            return replace(row, note=f"in the generated function, as {names}; converted anew, the call is right")
        return None

    def _alike(self, a: Any, b: Any, rounding: float | None) -> Measured | None:
        """Measure arrays that may have their channels in another place; None if their shapes have nothing in common."""
        fitting = [x for x in _turned(b) if tuple(x.shape) == tuple(a.shape)]
        dtype = _canonical(self.evaluator, a)
        factor = self._drift(rounding, dtype)
        found = [self.tolerance.measure(a, x, dtype, factor=factor) for x in fitting]
        return min(found, key=_badness, default=None)


def _turned(x: Any) -> list[Any]:
    if len(x.shape) < 3:
        return [x]
    return [x, x.transpose(to_first(len(x.shape))), x.transpose(to_last(len(x.shape)))]


def _badness(m: Measured) -> tuple[bool, bool, float]:
    return m.status == "shape", m.status != "same", m.max_abs or 0.0


def _canonical(evaluator: Evaluator, a: Any) -> Any:
    return evaluator.canonical(Aval(tuple(a.shape), as_dtype(a.dtype))).dtype


def _row(kind: str, name: str, m: Measured) -> Row:
    return Row(kind, name, m.status, shapes=m.shapes, dtypes=m.dtypes, max_abs=m.max_abs, max_rel=m.max_rel)


def _where(node: Node) -> SourceLocation | None:
    return None if node.loc is None else SourceLocation(node.loc.file, node.loc.line, node.loc.function or None)


def _settled(rows: list[Row], tolerance: Tolerance) -> list[Row]:
    """Tell rounding that adds up from what comes of a fault."""
    settled, faulty = [], False
    for row in rows:
        if row.status == "inherited" and not faulty:
            dtype = max(filter(None, row.dtypes), key=lambda d: tolerance.limit(d, 1.0))
            within = (row.max_abs or 0.0) <= tolerance.limit(dtype, _scale(row), DRIFT)
            row = replace(row, status="same" if within else "drift")
        faulty = faulty or row.status in FAULTS or row.status in ("parameter", "drift")
        settled.append(row)
    return settled


def _scale(row: Row) -> float:
    return row.max_abs / row.max_rel if row.max_abs and row.max_rel else 0.0


# -- derivatives ------------------------------------------------------------------------------------------------------


def _is_generated(side: Target) -> bool:
    """Whether a target has a native function of the source's own arguments."""
    return side.graph is not None and side.graph.dialect != "ivy" and not side.turned


class _Differentiated:
    """A side as a function of its parameters and inputs."""

    def __init__(self, backend: Any, run: Callable[[list[Any], dict[str, Any]], Any], side: Target | Source) -> None:
        self.backend, self.run, self.side = backend, run, side

    @classmethod
    def of(cls, side: Target | Source, source: Source) -> _Differentiated:
        """Return the generated function of a conversion, or the captured calls of a source."""
        if isinstance(side, Source):
            runner = side.runner()
            return cls(side.backend, lambda xs, p: runner.run(side.graph, xs, p)[0], side)
        if not _is_generated(side):
            runner = Runner(side.backend, source.frontend, None)
            return cls(side.backend, lambda xs, p: runner.run(source.graph, xs, p)[0], side)
        graph: Any = side.graph

        def run(xs: list[Any], params: dict[str, Any]) -> Any:
            lead: list[Any] = [params] if graph.params else []
            if graph.rng is not None:
                lead.append(side.backend.module.asarray([0, 1], dtype="uint32"))
            out = graph.compiled.function(*lead, *xs)
            return out[0] if graph.updates else out

        return cls(side.backend, run, side)

    def params(self, source: Source) -> dict[str, Any]:
        if isinstance(self.side, Source):
            return self.side.params(self.backend)
        return dict(
            self.side.stored if _is_generated(self.side) else {**source.params(self.backend), **self.side.params}
        )

    def gradients(
        self, source: Source, names: list[str], places: list[int], cotangents: list[Any] | None
    ) -> tuple[list[Any], list[Any]]:
        """Differentiate a weighted sum of the outputs.

        Args:
            source: the source's side, for the inputs.
            names: parameters to differentiate by.
            places: inputs to differentiate by.
            cotangents: weights of the outputs in NumPy form; made if None.

        Returns:
            Gradients in NumPy form, and the weights.
        """
        from ivy.backend import scope
        from ivy.functional.registry import OPS
        from ivy.transpiler.walk import taken

        ops, backend = {n: OPS[n].public for n in ("copy", "sum", "multiply", "cos", "arange", "reshape")}, self.backend
        params, inputs = self.params(source), source.inputs(backend)
        weights = [] if cotangents is None else [taken(c, backend) for c in cotangents]

        def loss(variables: Any) -> Any:
            with scope(backend):
                fresh = [ops["copy"](v) for v in variables]
                given = {**params, **dict(zip(names, fresh, strict=False))}
                xs = list(inputs)
                for place, x in zip(places, fresh[len(names) :], strict=True):
                    xs[place] = x
                out = [x for x in arrays_in(self.run(xs, given)) if as_dtype(x.dtype).kind == "float"]
                total: Any = 0.0
                for x, w in zip(out, weights, strict=True):
                    total = total + ops["sum"](ops["multiply"](x, w))
                return total

        if cotangents is None:
            found = [x for x in arrays_in(self.run(list(inputs), dict(params))) if as_dtype(x.dtype).kind == "float"]
            for x in found:
                size = 1
                for d in x.shape:
                    size *= int(d)
                with scope(backend):
                    w = ops["reshape"](ops["cos"](ops["arange"](size, dtype=as_dtype(x.dtype))), tuple(x.shape))
                weights.append(w)
            params, inputs = self.params(source), source.inputs(backend)  # the call may have written to them
        variables = tuple([params[n] for n in names] + [inputs[i] for i in places])
        _, grads = backend.function(OPS["value_and_grad_at"])(loss, variables)
        return [host(g, backend) for g in grads], [host(w, backend) for w in weights]


def _gradient_rows(
    source: Source,
    other: _Differentiated,
    tolerance: Tolerance,
    evaluator: Evaluator,
    names: dict[str, str] | None = None,
) -> list[Row]:
    def floating(x: Any) -> bool:
        return as_dtype(x.dtype).kind == "float"

    trainable = {p.name for p in source.spec.params if p.trainable} if source.spec else set(source.graph.params)
    theirs = other.params(source)
    places_of = names if names is not None else {n: n for n in source.graph.params}
    mine = [
        n
        for n, node in source.graph.params.items()
        if n in trainable and floating(node.value) and places_of.get(n) in theirs
    ]
    inputs = source.inputs(source.backend)
    places = [i for i, x in enumerate(inputs) if floating(x)]
    if not mine and not places:
        raise ArgumentError(
            f"{source.name} has no floating-point parameters or inputs to differentiate by", hint="leave out gradients="
        )
    try:
        a, weights = _Differentiated.of(source, source).gradients(source, mine, places, None)
    except IvyError:
        raise
    except Exception as error:  # the framework's own: an in-place write to what a derivative needs, for example
        raise ArgumentError(
            f"{source.name} can't be differentiated in {source.label} itself",
            why=f"{type(error).__name__}: {error}".splitlines()[0],
            hint="leave out gradients=True",
        ) from error
    b, _ = other.gradients(source, [places_of[n] for n in mine], places, weights)
    if isinstance(other.side, Target) and _is_generated(other.side):
        axes = other.side.axes
        from ivy.stateful.spec import inverse

        b = [x.transpose(inverse(axes[n])) if n in axes else x for n, x in zip(mine, b, strict=False)] + b[len(mine) :]
    labels = mine + [source.graph.inputs[i].name for i in places]
    scale = max((float(abs(x).max()) for x in a if x.size), default=0.0)
    rows = [
        _row("gradient", n, tolerance.measure(x, y, _canonical(evaluator, x), factor=DRIFT, floor=scale * 1e-2))
        for n, x, y in zip(labels, a, b, strict=True)
    ]
    used = {id(r): i for i, node in enumerate(source.graph.nodes) for r in _reads(node)}
    at = {n: used.get(id(node), -1) for n, node in source.graph.params.items()}
    return sorted(rows, key=lambda r: at.get(r.name, -1))


def _reads(node: Node) -> list[Node]:
    from ivy.graph.node import refs

    return list(refs((node.args, node.kwargs)))


# -- two objects of their own -----------------------------------------------------------------------------------------


class _Ports:
    """Two functions or modules, neither of which was made of the other."""

    def __init__(self, a: Source, b: Source, tolerance: Tolerance, rename: Any) -> None:
        self.a, self.b, self.tolerance, self.rename = a, b, tolerance, rename
        self.evaluator = evaluator_for(b.backend.name)
        self.own = evaluator_for(a.backend.name)
        self.notes: list[str] = []

    def compare(self, gradients: bool) -> Comparison:
        a, b = self.a, self.b
        names, parameters = self._parameters()
        wrong = {r.name for r in parameters if not r.ok}
        one, two = self._recorded(a), self._recorded(b)
        calls = self._calls(one[0], two[0], wrong)
        own = [self._own(s, walked) for s, walked in ((a, one[1]), (b, two[1]))]
        rows = []
        if len(own[0]) != len(own[1]):
            rows.append(Row("output", "structure", "differs", note=f"{len(own[0])} arrays, and {len(own[1])}"))
        for i, (x, y) in enumerate(zip(*own, strict=False)):
            found = self._alike(x, y, DRIFT)
            rows.append(_row("output", str(i), found))
        if all(r.ok for r in rows):
            calls = [replace(r, status="same") if r.status == "drift" else r for r in calls]
        found_gradients: tuple[Row, ...] = ()
        if gradients:
            side = _Differentiated.of(b, b)
            found_gradients = tuple(_gradient_rows(a, side, self.tolerance, self.evaluator, names))
        return Comparison(a.name, (a.label, b.label), (*calls, *rows), parameters, found_gradients, tuple(self.notes))

    def _parameters(self) -> tuple[dict[str, str], tuple[Row, ...]]:
        a, b = self.a, self.b
        if a.spec is None or b.spec is None:
            return {}, ()
        rows, names = [], {}
        arrays, theirs = a.spec.arrays(), b.spec.arrays()
        for p, found, perm in paired(a.spec, b.spec, self.rename):
            if found is None:
                rows.append(Row("parameter", p.name, "unknown", note="the source has none by this name"))
                continue
            names[found.name] = p.name
            x, y = host(arrays[found.name], a.backend), host(theirs[p.name], b.backend)
            x = x.transpose(perm) if perm else x
            rows.append(_row("parameter", found.name, self.tolerance.measure(x, y, self._expected(x, y))))
        missing = [p.name for p in a.spec.params if p.name not in names]
        rows += [Row("parameter", n, "unknown", note="the target has none by this name") for n in missing]
        unknown = sum(r.status == "unknown" for r in rows)
        if unknown:
            self.notes.append(f"{unknown} parameters have no counterpart by name; rename= says what belongs together")
        return names, tuple(rows)

    def _recorded(self, side: Source) -> tuple[list[tuple[Node, list[Any]]], list[Any]]:
        found: list[tuple[Node, list[Any]]] = []
        own = {id(n) for n in side.graph.nodes}

        def after(node: Node, result: Any) -> Any:
            if node.kind == "call" and id(node) in own:
                found.append((node, [host(x, side.backend) for x in arrays_in(result)]))
            return result

        out, _ = side.runner().run(side.graph, side.inputs(side.backend), side.params(side.backend), after)
        return found, [host(x, side.backend) for x in arrays_in(out)]

    def _own(self, side: Source, walked: list[Any]) -> list[Any]:
        try:
            own = side.own_output()
        except Exception as error:  # the user's code, called in a way of ours
            self.notes.append(f"{side.name} itself was not called ({type(error).__name__}: {error})".splitlines()[0])
            return walked
        return walked if own is None else [host(x, side.backend) for x in arrays_in(own)]

    def _calls(
        self, one: list[tuple[Node, list[Any]]], two: list[tuple[Node, list[Any]]], wrong: set[str]
    ) -> list[Row]:
        if self.a.graph.dialect == self.b.graph.dialect and [n.fn for n, _ in one] == [n.fn for n, _ in two]:
            pairs = list(zip(one, two, strict=True))
        else:
            last = {n.scope: (n, values) for n, values in two if n.scope}
            mine = {n.scope: (n, values) for n, values in one if n.scope}
            pairs = [(x, last[scope]) for scope, x in mine.items() if scope in last]
            shared = "the results of the submodules that both have" if pairs else "their outputs alone"
            self.notes.append(f"the two make different calls: they were compared by {shared}")
        rows, faulty = [], False
        index = {id(n): i for i, n in enumerate(self.a.graph.nodes)}
        for (node, x), (_, y) in pairs:
            reads = tuple(dict.fromkeys(r.name for r in _reads(node) if r.kind == "param"))
            facts: dict[str, Any] = {
                "index": index[id(node)], "module": node.scope, "where": _where(node), "parameters": reads,
            }  # fmt: skip
            if not x or not y:
                rows.append(replace(Row("call", node.fn, "unknown"), **facts))
                continue
            row = replace(_row("call", node.fn, self._alike(x[0], y[0], 1.0)), **facts)
            if row.status == "differs":
                within = (row.max_abs or 0.0) <= self.tolerance.limit(row.dtypes[0], _scale(row), DRIFT)
                row = replace(row, status="inherited" if faulty else "same" if within else "differs")
                row = row if row.ok and not wrong.intersection(reads) else read_or_inherited(row, wrong)
            faulty = faulty or not row.ok
            rows.append(row)
        return rows

    def _alike(self, a: Any, b: Any, factor: float) -> Measured:
        expected = self._expected(a, b)
        found = [self.tolerance.measure(a, x, expected, factor=factor) for x in _turned(b)]
        return min(found, key=_badness)

    def _expected(self, a: Any, b: Any) -> Any:
        """Return the dtype that the second side should have: what the first's becomes there, or what becomes it."""
        theirs = as_dtype(b.dtype)
        return theirs if _canonical(self.own, b) == as_dtype(a.dtype) else _canonical(self.evaluator, a)
