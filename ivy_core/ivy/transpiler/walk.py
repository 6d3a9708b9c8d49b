"""Running a captured graph on two sides at once, call by call.

One side is the source framework itself. The other is the source's frontend on the target's backend: what the target's
graph was made of, one source call at a time, so that every value has its counterpart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from ivy.backend import Backend, is_native_array, scope
from ivy.errors import SourceLocation
from ivy.graph.containers import flatten
from ivy.graph.graph import Graph
from ivy.graph.interpret import interpret, ivy_op
from ivy.graph.node import Node, leaves, map_nested, refs
from ivy.tracer.evaluate import Evaluator
from ivy.transpiler.comparison import Measured, Row, Tolerance

__all__ = ["Runner", "Walk", "host", "read_or_inherited", "taken"]


def host(x: Any, backend: Backend) -> Any:
    """Return a copy of an array in its NumPy form."""
    exportable = getattr(backend.module, "exportable", None)
    return backend.module.to_numpy(x if exportable is None else exportable(x)).copy()


def taken(x: Any, backend: Backend) -> Any:
    """Return a copy of any framework's array as one of `backend`."""
    from ivy.backend import backend_of

    data = x.data if type(x).__module__ == "ivy.array" else x
    exportable = getattr(backend_of(data).module, "exportable", None)
    return backend.module.from_foreign(data if exportable is None else exportable(data), copy=True)


class Runner:
    """Runs the calls of a graph on one backend's arrays.

    Args:
        backend: whose arrays.
        frontend: the source plugin's frontend part, None for a graph in the ivy dialect.
        native: gives the source framework's own function for a path; None to run all calls through the frontend.
    """

    def __init__(self, backend: Backend, frontend: Any, native: Callable[[str], Callable[..., Any]] | None) -> None:
        self.backend = backend
        self.frontend = frontend
        self.native = native
        self.replaced: dict[str, str] = {}  # functions that the source's own framework could not run by themselves

    def wrap(self, x: Any) -> Any:
        """Make an array what the calls work on."""
        return x if self.native is not None or self.frontend is None else self.frontend.wrap(x)

    def unwrap(self, x: Any) -> Any:
        """Return the array of a value."""
        return x if self.native is not None or self.frontend is None else self.frontend.unwrap(x)

    def call(self, node_fn: str, args: tuple[Any, ...], kwargs: dict[str, Any], meta: Mapping[str, Any]) -> Any:
        """Run one call."""
        if self.native is None:
            return self._through(node_fn, args, kwargs, meta)
        if node_fn not in self.replaced:
            try:
                return self.native(node_fn)(*args, **kwargs)
            except Exception as error:  # no public function, or one of other arguments: the frontend knows the call
                if self.frontend is None:
                    raise
                self.replaced[node_fn] = f"{type(error).__name__}: {error}".splitlines()[0]
        wrap, unwrap = self.frontend.wrap, self.frontend.unwrap

        def cell(x: Any) -> Any:
            if callable(x) and not is_native_array(x):
                return lambda *xs: map_nested(x(*map_nested(xs, unwrap)), cell)
            return wrap(x) if is_native_array(x) else x

        result = self._through(node_fn, map_nested(args, cell), map_nested(kwargs, cell), meta)
        return map_nested(result, unwrap)

    def _through(self, node_fn: str, args: tuple[Any, ...], kwargs: dict[str, Any], meta: Mapping[str, Any]) -> Any:
        with scope(self.backend):
            if self.frontend is None:
                return ivy_op(node_fn)(*args, **kwargs)
            return self.frontend.call(node_fn, args, kwargs, meta)

    def run(
        self,
        graph: Graph,
        inputs: list[Any],
        params: Mapping[str, Any],
        after: Callable[[Node, Any], Any] | None = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Run a whole graph.

        Args:
            graph: in the source's dialect.
            inputs: native arrays.
            params: likewise, by name.
            after: may replace a call's result.

        Returns:
            The output in plain containers, and the new values of buffers.
        """
        env: dict[int, Any] = {}
        current: list[Node] = []
        cells = {name: self.wrap(x) for name, x in params.items()}
        with nullcontext() if self.native is not None else scope(self.backend):
            output = interpret(
                graph,
                [self.wrap(x) for x in inputs],
                cells,
                resolve=lambda fn: lambda *args, **kwargs: self.call(fn, args, kwargs, current[-1].meta),
                const=lambda n: self.wrap(taken(n.value, self.backend)),
                before=current.append,
                after=after,
                env=env,
            )
            updates = {name: self.unwrap(env[id(n)]) for name, n in graph.updates.items()}
            return map_nested(output, self.unwrap), updates


class _Pair:
    """A value on both sides."""

    __slots__ = ("a", "b", "fault")

    def __init__(self, a: Any, b: Any, fault: bool = False) -> None:
        self.a, self.b = a, b
        self.fault = fault  # whether the two sides are known to differ

    def __getitem__(self, key: Any) -> _Pair:
        return _Pair(self.a[key], self.b[key], self.fault)


class Walk:
    """Both sides of a graph.

    Args:
        graph: the source's, as captured.
        source: runs the source side.
        target: runs the target side.
        tolerance: what counts as a difference.
        evaluator: by whose rules the target's dtypes are.
        random: indices of the nodes that draw random numbers.
        wrong: names of the parameters that differ.

    Attributes:
        rows: a row for each call.
        values: the source's results in NumPy form by index of the node; filled if `keep` is set.
    """

    def __init__(
        self,
        graph: Graph,
        source: Runner,
        target: Runner,
        *,
        tolerance: Tolerance,
        evaluator: Evaluator,
        random: set[int],
        wrong: set[str],
        keep: bool = False,
    ) -> None:
        self.graph, self.source, self.target = graph, source, target
        self.tolerance, self.evaluator = tolerance, evaluator
        self.random, self.wrong = random, wrong
        self.keep = keep
        self.rows: list[Row] = []
        self.values: dict[int, list[Any]] = {}
        self._index = {id(n): i for i, n in enumerate(graph.nodes)}
        self._side = ""
        self._current: Node | None = None

    # -- running ------------------------------------------------------------------------------------------------------

    def run(
        self, inputs: list[tuple[Any, Any]], params: Mapping[str, tuple[Any, Any]]
    ) -> tuple[list[tuple[Any, Any]], dict[str, tuple[Any, Any]]]:
        """Walk along the graph.

        Args:
            inputs: native arrays of both sides.
            params: likewise by name.

        Returns:
            The outputs' arrays of both sides in NumPy form, and the updated buffers' likewise.
        """
        env: dict[int, Any] = {}

        def pair(a: Any, b: Any) -> _Pair:
            return _Pair(self.source.wrap(a), self.target.wrap(b))

        output = interpret(
            self.graph,
            [pair(*x) for x in inputs],
            {name: pair(*x) for name, x in params.items()},
            resolve=self._resolve,
            const=lambda n: pair(taken(n.value, self.source.backend), taken(n.value, self.target.backend)),
            before=self._before,
            env=env,
        )
        # in the order of what users get, whose dicts are flattened by key
        outputs = [pair for x in flatten(output)[0] if isinstance(x, _Pair) for pair in self._arrays_of(x)]
        updates = {}
        for name, node in self.graph.updates.items():
            found = self._arrays_of(env[id(node)])
            if found:
                updates[name] = found[0]
        return outputs, updates

    def _arrays_of(self, x: _Pair) -> list[tuple[Any, Any]]:
        return [
            (self._host(a, self.source), self._host(b, self.target))
            for a, b in _zipped(x.a, x.b)
            if self._is_array(a, self.source) and self._is_array(b, self.target)
        ]

    def _before(self, node: Node) -> None:
        if id(node) in self._index:
            self._current = node

    def _resolve(self, fn: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if self._side:  # inside of a function that a call of one side was given
                runner = self.source if self._side == "a" else self.target
                given = self._picked((args, kwargs), self._side)
                return runner.call(fn, given[0], given[1], {})
            node = self._current
            assert node is not None
            return self._both(node, fn, args, kwargs)

        return call

    def _picked(self, tree: Any, side: str) -> Any:
        def pick(x: Any) -> Any:
            if isinstance(x, _Pair):
                return getattr(x, side)
            if callable(x) and not is_native_array(x) and type(x).__name__ == "function":
                return lambda *xs: self._inside(x, xs, side)
            return x

        return map_nested(tree, pick)

    def _inside(self, fn: Callable[..., Any], xs: tuple[Any, ...], side: str) -> Any:
        before, self._side = self._side, side
        try:
            return self._picked(fn(*xs), side)
        finally:
            self._side = before

    def _both(self, node: Node, fn: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Pair:
        index = self._index[id(node)]
        given = map_nested((args, kwargs), self._frozen)  # in-place calls change what they are given
        fault: str | None = None
        try:
            b_args, b_kwargs = self._picked((args, kwargs), "b")
            b = self.target.call(fn, b_args, b_kwargs, node.meta)
        except Exception as error:  # any failure of the target is what is looked for
            b, fault = None, _short(error)
        a_args, a_kwargs = self._picked((args, kwargs), "a")
        a = self.source.call(fn, a_args, a_kwargs, node.meta)
        seen_a, seen_b = a, b
        if a is None and fault is None:  # a call for its effect: what it wrote to
            seen_a, seen_b = self._first(a_args, a_kwargs), self._first(b_args, b_kwargs)
        found = list(_zipped(seen_a, seen_b)) if fault is None else []
        hosts = [self._host(x, self.source) for x, _ in found if self._is_array(x, self.source)]
        if self.keep:
            self.values[index] = [x for x in hosts if x is not None]
        random = index in self.random
        row = self._row(node, index, found, fault, random, lambda: self._alone(node, fn, given), hosts)
        self.rows.append(row)
        if random or fault is not None:
            b = map_nested(a, self._to_target)
        return _Pair(a, b)

    def _first(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return next(iter(leaves((args, kwargs))), None)

    def _frozen(self, x: Any) -> Any:
        """Keep a source value as it is before a call."""
        if isinstance(x, _Pair):
            return _Kept(map_nested(x.a, lambda v: _Array(self._host(v, self.source)) if is_native_array(v) else v))
        return x

    def _alone(self, node: Node, fn: str, given: Any) -> list[Any]:
        """Run the target's call on the source's own values."""

        def thaw(x: Any) -> Any:
            if isinstance(x, _Kept):
                return map_nested(
                    x.value,
                    lambda v: self.target.wrap(taken(v.value, self.target.backend)) if isinstance(v, _Array) else v,
                )
            return x

        args, kwargs = self._picked(map_nested(given, thaw), "b")
        result = self.target.call(fn, args, kwargs, node.meta)
        if result is None:
            result = self._first(args, kwargs)
        return [self._host(x, self.target) for x in leaves(result) if self._is_array(x, self.target)]

    # -- measuring ----------------------------------------------------------------------------------------------------

    def _row(
        self,
        node: Node,
        index: int,
        found: list[tuple[Any, Any]],
        fault: str | None,
        random: bool,
        alone: Callable[[], list[Any]],
        hosts: list[Any],
    ) -> Row:
        reads = tuple(dict.fromkeys(r.name for r in refs((node.args, node.kwargs)) if r.kind == "param"))
        where = None if node.loc is None else SourceLocation(node.loc.file, node.loc.line, node.loc.function or None)
        facts: dict[str, Any] = {
            "kind": "call",
            "name": node.fn,
            "index": index,
            "module": node.scope,
            "where": where,
            "parameters": reads,
        }
        if fault is not None:
            shape = tuple(hosts[0].shape) if hosts else None
            return Row(**facts, status="failed", note=fault, shapes=(shape, None))
        measured = self._measured(found)
        if not measured:
            return Row(**facts, status="unknown")
        worst = _worst(measured)
        facts |= {"shapes": worst.shapes, "dtypes": worst.dtypes, "max_abs": worst.max_abs, "max_rel": worst.max_rel}
        if random:
            same_form = worst.status in ("same", "differs")
            return Row(**facts, status="random" if same_form else worst.status)
        if worst.status == "same":
            return Row(**facts)
        try:
            results = alone()
        except Exception as error:  # as above
            return Row(**facts, status="failed", note=_short(error))
        mine = [self._against(a, b) for a, b in zip(hosts, results, strict=False)]
        if not mine:
            return Row(**facts, status=worst.status)
        own = _worst(mine)
        if own.max_abs is not None and own.max_rel is not None:
            facts["isolated"] = (own.max_abs, own.max_rel)
        if own.status != "same":
            return Row(**facts, status=own.status)
        return read_or_inherited(Row(**facts, status="inherited"), self.wrong)

    def _measured(self, found: list[tuple[Any, Any]]) -> list[Measured]:
        return [
            self._against(self._host(a, self.source), self._host(b, self.target))
            for a, b in found
            if self._is_array(a, self.source) and self._is_array(b, self.target)
        ]

    def _against(self, a: Any, b: Any) -> Measured:
        from ivy.dtypes import as_dtype
        from ivy.graph.aval import Aval

        expected = self.evaluator.canonical(Aval(tuple(a.shape), as_dtype(a.dtype))).dtype
        return self.tolerance.measure(a, b, expected)

    def _is_array(self, x: Any, runner: Runner) -> bool:
        return is_native_array(runner.unwrap(x)) if x is not None else False

    def _host(self, x: Any, runner: Runner) -> Any:
        return host(runner.unwrap(x), runner.backend)

    def _to_target(self, x: Any) -> Any:
        if not self._is_array(x, self.source):
            return x
        return self.target.wrap(taken(self._host(x, self.source), self.target.backend))


def read_or_inherited(row: Row, wrong: set[str]) -> Row:
    """Say of a call that is given other values than the source's whether it reads a parameter that differs."""
    found = [n for n in row.parameters if n in wrong]
    if not found:
        return row
    return replace(row, status="parameter", note=f"of {', '.join(found)}")


class _Array:
    """The NumPy form of an array, kept from what looks for arrays in containers."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class _Kept(_Array):
    """A nest of them."""

    __slots__ = ()


def _zipped(a: Any, b: Any) -> Iterator[tuple[Any, Any]]:
    """Pair the leaves of two nests of the same form."""
    left, right = leaves(a), leaves(b)
    if len(left) == len(right):
        yield from zip(left, right, strict=True)


_ORDER = ("same", "differs", "dtype", "shape")


def _worst(found: list[Measured]) -> Measured:
    return max(found, key=lambda m: (_ORDER.index(m.status), m.max_rel or 0.0))


def _short(error: Exception) -> str:
    text = str(getattr(error, "what", error))
    return f"{type(error).__name__}: {text.splitlines()[0] if text else ''}"
