"""The recorder: runs NumPy calls on real values and writes them down."""

from __future__ import annotations

import functools
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

import ivy
from ivy.dtypes import ALL, as_dtype
from ivy.errors import CaptureError, SourceLocation
from ivy.graph.aval import Aval, aval_of
from ivy.graph.containers import flatten, is_plain, unflatten
from ivy.graph.graph import Graph
from ivy.graph.node import Loc, Node, map_nested
from ivy.transpiler.arguments import check_stored
from ivy.transpiler.checks import CHECK_LEFT_OUT, raising_outcome
from ivy.transpiler.names import argument_names, assigned_name, callable_name, user_frame
from ivy.transpiler.options import CaptureOptions
from ivy.transpiler.reads import UNKNOWN, Reads, UnknownValue
from ivy_numpy.backend.support import from_foreign, native_dtype
from ivy_numpy.capture.proxy import Recorded

__all__ = ["Memory", "Recorder", "capture"]

_SKIPPED = tuple(
    os.path.dirname(str(place)) + os.sep
    for place in (np.__file__, ivy.__file__, os.path.dirname(__file__))  # the last: ivy_numpy
)
_COPIES_OR_VIEWS = frozenset({"ascontiguousarray", "ravel", "reshape"})
"""Functions that return a view or a copy, which depends on how their argument lies in memory."""
_PLAIN = (np.ndarray, np.memmap)
_PYTHON_TYPES = {bool: "bool", int: "int64", float: "float64", complex: "complex128"}


@functools.cache
def _is_framework(filename: str) -> bool:
    return filename.startswith(_SKIPPED) or filename.startswith("<__array_function__")


class Memory:
    """What is known of the memory that recorded arrays share.

    Args:
        known: its values are the real ones (not zeros that stand for an abstract input).
        traced: it depends on the inputs, so that a look at a value must be guarded.
        outside: it belongs to an array that lives longer than the call.
    """

    __slots__ = ("known", "outside", "traced")

    def __init__(self, known: bool, traced: bool, outside: bool = False) -> None:
        self.known, self.traced, self.outside = known, traced, outside


class Recorder:
    """Writes NumPy calls into a graph.

    Args:
        name: the captured function's name.
        supports: tells whether the frontend has a function; others are taken apart where NumPy wrote them in Python.
    """

    def __init__(self, name: str, supports: Callable[[str], bool]) -> None:
        self.graph = Graph("numpy", name)
        self.supports = supports
        self.writes = self.copies_or_views = False
        self.rewriter: Any = None
        self.reads = Reads()
        self.traced = False
        self._constants: dict[int, tuple[Any, Any, Node]] = {}

    # -- values -------------------------------------------------------------------------------------------------------

    def input(self, name: str, leaf: Any) -> Recorded:
        """Add an input; the caller's array is copied, so that writes do not reach it."""
        data = leaf.data if type(leaf).__module__ == "ivy.array" else leaf
        known = not _is_abstract(data) and not self.traced
        if known:
            value = _copied(from_foreign(data))
        else:
            aval = data if type(data) is Aval else aval_of(data)
            value = np.zeros(aval.shape, native_dtype(aval.dtype))
        node = Node("input", name, out=_aval(value))
        self.graph.inputs.append(node)
        return Recorded(self, node, value, Memory(known, True))

    def constant(self, value: Any, *, outside: bool = False) -> Recorded:
        """Make a recorded array of a real one that the code brings along."""
        return Recorded(self, self._constant(value), value, Memory(True, False, outside))

    def _constant(self, value: Any) -> Node:
        if value.dtype.name not in ALL:
            raise CaptureError(
                f"an array of dtype {value.dtype} cannot be captured",
                where=self.where(),
                hint="only booleans and numbers can: " + ", ".join(ALL),
            )
        held = self._constants.get(id(value))
        if held is not None and held[1].tobytes() == value.tobytes() and held[1].shape == value.shape:
            return held[2]
        copy = np.array(value)  # as it is now: real arrays may be written to later
        node = Node("const", "const", out=_aval(copy), value=copy, loc=self.loc())
        self.graph.nodes.append(node)
        self._constants[id(value)] = (value, copy, node)
        return node

    def loc(self) -> Loc | None:
        """Return the line of the user's code that runs now."""
        frame = user_frame(_is_framework, 2)
        return None if frame is None else Loc(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)

    def where(self) -> SourceLocation | None:
        """Return that line for an error."""
        loc = self.loc()
        return None if loc is None else SourceLocation(loc.file, loc.line, loc.function or None)

    def check_class(self, x: Any) -> None:
        """Refuse an array of a class that computes in a way of its own.

        Raises:
            CaptureError: if it is one.
        """
        if isinstance(x, np.ndarray) and type(x) not in _PLAIN:
            raise self.refusal(type(x))

    def refusal(self, cls: type) -> CaptureError:
        """Return the error for an array of such a class."""
        return CaptureError(
            f"arrays of the class {cls.__module__}.{cls.__qualname__} are not supported",
            where=self.where(),
            why="it computes in a way of its own (a mask, a product of matrices), which no other framework has",
            hint="use plain arrays: np.where for a mask, np.matmul for products",
        )

    # -- calls --------------------------------------------------------------------------------------------------------

    def record(
        self,
        path: str,
        call: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any] | None = None,
        *,
        written: tuple[Any, ...] = (),
        extra: Mapping[str, Any] | None = None,
        random: bool = False,
    ) -> Any:
        """Run one call and write it down.

        Args:
            path: dotted public path of what is called.
            call: runs it on real arrays.
            args: positional arguments, with recorded arrays.
            kwargs: keyword arguments, likewise.
            written: the arguments that the call writes to.
            extra: keyword arguments of the node only.
            random: whether the result is drawn, so that no value of it can be relied on.

        Returns:
            The result with recorded arrays; the first written argument where NumPy returns None or that argument.
        """
        kwargs = dict(kwargs or {})
        taken: list[Recorded] = []

        def value(x: Any) -> Any:
            if isinstance(x, Recorded):
                taken.append(x)
                return x.value
            return x

        for target in written:
            self._check_written(target, path)
        self.writes |= bool(written)
        self.copies_or_views |= path.rpartition(".")[2] in _COPIES_OR_VIEWS
        reals, real_kwargs = map_nested(args, value), map_nested(kwargs, value)
        known = all(x.memory.known for x in taken)
        traced = any(x.memory.traced for x in taken) or random
        arrays: list[Any] = []
        node = Node("call", fn=path, args=(), kwargs={}, loc=self.loc())

        def reference(x: Any) -> Any:
            if isinstance(x, Recorded):
                arrays.append(x)
                return x.node
            if isinstance(x, (np.ndarray, np.generic)):
                self.check_class(x)
                arrays.append(x)
                return self._constant(np.asarray(x))
            return _literal(x)

        node.args = map_nested(args, reference)
        node.kwargs = {k: _dtype_name(v) if k == "dtype" else v for k, v in map_nested(kwargs, reference).items()}
        node.kwargs.update(extra or {})
        result = self._run(path, call, reals, real_kwargs, known)
        self.graph.nodes.append(node)
        frame = user_frame(_is_framework, 2)
        node.name = (assigned_name(frame) if frame is not None else "") or path.rpartition(".")[2].strip("_")
        for target in written:
            target.memory.known &= known
            target.memory.traced |= traced
        if written:
            node.out = written[0].node.out if len(written) == 1 else [w.node.out for w in written]
            return written[0] if len(written) == 1 else written
        if random and isinstance(result, (bool, int, float)):  # an array of the target's, until it is looked at
            result = np.asarray(result)[()]
        node.out = map_nested(result, lambda x: _aval(x) if _is_number_like(x) else x)
        node.meta["alias"] = _aliases(result, arrays)
        return self._results(node, result, arrays, Memory(known and not random, traced))

    def _run(self, path: str, call: Callable[..., Any], args: Any, kwargs: Any, known: bool) -> Any:
        if known:
            return call(*args, **kwargs)
        if path.startswith("numpy.linalg."):  # zeros in place of unknown matrices are singular
            args, kwargs = map_nested(args, _regular), map_nested(kwargs, _regular)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return call(*args, **kwargs)

    def _check_written(self, target: Any, path: str) -> None:
        name = path.removeprefix("numpy.")
        if isinstance(target, Recorded) and not target.memory.outside:
            return
        raise CaptureError(
            f"{name} writes into an array from outside of the captured function",
            where=self.where(),
            why="a transpiled function cannot change arrays that it was not given",
            hint="make the array inside of the function (np.zeros, x.copy()), or pass it in and return it",
        )

    def _results(self, node: Node, result: Any, arrays: list[Any], memory: Memory) -> Any:
        position = -1

        def wrap(x: Any, at: Node) -> Any:
            nonlocal position
            if isinstance(x, (np.ndarray, np.generic)):
                self.check_class(x)
                position += 1
                alias = node.meta["alias"]
                which = alias[position] if isinstance(alias, tuple) else alias
                base = None if which is None else arrays[which]
                if base is None:
                    return Recorded(self, at, x, Memory(memory.known, memory.traced))
                shared = base.memory if isinstance(base, Recorded) else Memory(True, False, outside=True)
                return Recorded(self, at, x, shared)
            if isinstance(x, (tuple, list)):
                parts = []
                for i, part in enumerate(x):
                    item = Node("item", node.name, args=(at, i), out=_out(part), loc=node.loc)
                    self.graph.nodes.append(item)
                    parts.append(wrap(part, item))
                return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
            if isinstance(x, (bool, int, float, complex)):  # such as np.allclose: a look at values
                return Recorded(self, at, np.asarray(x)[()], memory).item()
            if x is None:
                return None
            raise CaptureError(
                f"{node.fn.removeprefix('numpy.')} returns a {type(x).__name__}, not arrays",
                where=self.where(),
                hint="do this outside of the function that is transpiled",
            )

        return wrap(result, node)

    # -- looks at values ----------------------------------------------------------------------------------------------

    def look(self, x: Recorded, what: str, kind: type) -> Any:
        """Return the value of an array for Python to use, and guard it.

        Args:
            x: the array.
            what: the user's words for it, such as ``"bool()"``.
            kind: what Python sees: a truth value, a number, nested lists.

        Raises:
            UnknownValue: if the value is not known.
        """

        def seen(value: Any) -> Any:
            return value.tolist() if kind is list else kind(value)

        if x.memory.known and not x.memory.traced:
            return seen(x.value)
        raising = raising_outcome(user_frame(_is_framework, 2), called=what != "bool()") if kind is bool else None
        if raising is not None:
            self.graph.note("ignored", "a check of values", CHECK_LEFT_OUT, self.loc())
            if self.traced:
                self.graph.assumes = True
                return not raising
        found = self.reads.take(kind, seen(x.value) if x.memory.known else UNKNOWN)
        if found is UNKNOWN:
            raise UnknownValue(
                f"{what} of an array needs its value, which is not known here",
                where=self.where(),
                why="the inputs are abstract (under jit), or the value is drawn at random at run time",
                hint="use np.where instead of a branch, or call the transpiled function outside of jit",
            ).of(self.graph, x.node, truth=kind is bool)
        self.graph.nodes.append(Node("guard", args=(x.node, found), loc=self.loc()))
        if (
            x.memory.known
            and not x.memory.outside
            and kind is not bool
            and x.value.dtype.kind in "fc"
            and kind is not int
        ):
            now = np.asarray(found, x.value.dtype).reshape(x.value.shape)  # what follows goes on from it
            if isinstance(x.value, np.ndarray) and x.value.flags.writeable:
                np.copyto(x.value, now)
            else:
                object.__setattr__(x, "value", now[()])
        return found

    def count(self, x: Any, what: str, path: str = "numpy.count_nonzero") -> int:
        """Return how many elements of a mask are true (or the like), and guard it: a result's shape rests on it."""
        if not isinstance(x, Recorded):
            return int(np.count_nonzero(x))
        counting: Any = {
            "numpy.count_nonzero": np.count_nonzero,
            "numpy.max": lambda v: np.max(v, initial=-1),
            "numpy._count_distinct": lambda v: np.unique(v).size,
            "numpy._count_unequal": lambda v: np.unique(v, equal_nan=False).size,
        }[path]
        kwargs = {"initial": -1} if path == "numpy.max" else {}
        total = self.record(path, lambda v, **_: np.asarray(counting(v))[()], (x,), kwargs)
        known = x.memory.known
        size = int(self.look(total, what, int))
        if not known or size != int(np.asarray(total.value)):
            object.__setattr__(x, "value", _of_size(x.value, path, size))
            object.__setattr__(x, "memory", Memory(False, x.memory.traced))
        return size

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Take back what was recorded inside if it raises."""
        mark = len(self.graph.nodes)
        try:
            yield
        except BaseException:
            dropped = {id(n) for n in self.graph.nodes[mark:]}
            del self.graph.nodes[mark:]
            self._constants = {k: v for k, v in self._constants.items() if id(v[2]) not in dropped}
            raise


def _copied(x: Any) -> Any:
    """Copy an array with its strides, on which depends what is a view."""
    if x.flags.c_contiguous or x.flags.f_contiguous or not all(x.strides):
        return np.array(x)
    low = sum(min(0, (n - 1) * s) for n, s in zip(x.shape, x.strides, strict=True))
    high = sum(max(0, (n - 1) * s) for n, s in zip(x.shape, x.strides, strict=True))
    memory = np.zeros(high - low + x.itemsize, "uint8")
    copy = np.ndarray(x.shape, x.dtype, memory, -low, x.strides)
    copy[...] = x
    return copy


def _of_size(x: Any, path: str, size: int) -> Any:
    """Return an array like `x` whose result has the size that is wanted: it has that in the target."""
    flat: Any = np.arange(np.size(x))
    if path == "numpy.count_nonzero":
        flat = flat < size
    elif path == "numpy.max":
        flat = np.full(flat.shape, size)
    else:
        flat = np.minimum(flat, size - 1)
    return flat.astype(x.dtype).reshape(np.shape(x))


def _is_number_like(x: Any) -> bool:
    return isinstance(x, (np.ndarray, np.generic, bool, int, float, complex))


def _aval(x: Any) -> Aval:
    x = np.asarray(x)
    return Aval(tuple(int(n) for n in x.shape), as_dtype(x.dtype))


def _out(x: Any) -> Any:
    return map_nested(x, lambda v: _aval(v) if _is_number_like(v) else v)


def _literal(x: Any) -> Any:
    """Turn what only NumPy understands into what every frontend does."""
    if isinstance(x, np.dtype) or (isinstance(x, type) and issubclass(x, np.generic)):
        return as_dtype(np.dtype(x))
    if isinstance(x, type) and x in _PYTHON_TYPES:
        return ALL[_PYTHON_TYPES[x]]
    if isinstance(x, np.ufunc):
        return f"numpy.{x.__name__}"
    return x


def _dtype_name(x: Any) -> Any:
    return as_dtype(np.dtype(x)) if isinstance(x, str) and not hasattr(x, "kind") else x


def _regular(x: Any) -> Any:
    """Return an invertible, positive definite matrix of the shape of `x`, if it is a stack of square matrices."""
    if isinstance(x, np.ndarray) and x.ndim >= 2 and x.shape[-1] == x.shape[-2]:
        return np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), x.shape)
    return x


def _aliases(result: Any, arrays: list[Any]) -> Any:
    """Tell which argument's memory each result shares: None, an index, or a tuple for several results."""
    found: list[int | None] = []
    values = [x.value if isinstance(x, Recorded) else x for x in arrays]

    def look(x: Any) -> None:
        if isinstance(x, (np.ndarray, np.generic)):
            found.append(_alias(x, values))

    map_nested(result, look)
    if isinstance(result, (tuple, list)):
        return tuple(found) if any(i is not None for i in found) else None
    return found[0] if found else None


def _alias(x: Any, values: list[Any]) -> int | None:
    if not isinstance(x, np.ndarray):
        return None
    sharing = [i for i, v in enumerate(values) if isinstance(v, np.ndarray) and np.may_share_memory(x, v)]
    start = x.__array_interface__["data"][0]
    exact = [i for i in sharing if values[i].__array_interface__["data"][0] == start]
    return next(iter(exact or sharing), None)


def _is_abstract(x: Any) -> bool:
    if type(x) is Aval or hasattr(type(x), "__ivy_rank__"):
        return True
    from ivy.backend import backend_of

    check = getattr(backend_of(x).module, "is_abstract", None)
    return bool(check is not None and check(x))


def _drawn() -> tuple[int, bytes]:
    """Return the state of NumPy's global generator."""
    state: Any = np.random.get_state(legacy=False)  # noqa: NPY002
    return state["state"]["pos"], state["state"]["key"].tobytes()


def capture(
    fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: CaptureOptions | None = None
) -> Graph:
    """Record what a function of NumPy code does with arguments like these.

    Args:
        fn: any callable.
        args: positional arguments; array leaves may be of any framework, or abstract.
        kwargs: keyword arguments, likewise.
        options: `ivy.transpiler.options.CaptureOptions`.

    Returns:
        A graph of NumPy calls; its inputs are the array leaves in order.

    Raises:
        DataDependentError: if Python needs the value of an abstract array.
        CaptureError: if values leave NumPy.

    Example:
        >>> import numpy as np
        >>> from ivy_numpy.capture import capture
        >>> [n.fn for n in capture(lambda x: np.sin(x) + 1, (np.zeros(2),), {}).nodes]
        ['numpy.sin', 'numpy.add']
    """
    for _ in range(_ATTEMPTS):
        before = _drawn()
        graph = _captured(fn, args, kwargs, options)
        if _drawn() == before:
            return graph  # else it may have been another thread that drew
    raise CaptureError(
        f"{graph.name} draws from NumPy's global generator in a place that the capture does not reach",
        why="a function that was found in a container or made by C code called np.random, and its numbers would be "
        "frozen",
        hint="call np.random in the function itself, or pass a np.random.Generator to it",
    )


_ATTEMPTS = 3


def _captured(
    fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], options: CaptureOptions | None
) -> Graph:
    from ivy.transpiler.pipeline import is_array_leaf
    from ivy_numpy.capture.namespace import Rewriter
    from ivy_numpy.frontend import supports

    recorder = Recorder(callable_name(fn), supports)
    if options is not None:
        recorder.reads, recorder.traced = Reads(options.answers), options.traced
    rewriter = recorder.rewriter = Rewriter(recorder)
    leaves, spec = flatten((args, dict(kwargs)))
    names = argument_names(fn, args, kwargs)
    given = [
        recorder.input(name, leaf) if is_array_leaf(leaf) else rewriter(leaf)
        for name, leaf in zip(names, leaves, strict=True)
    ]
    call_args, call_kwargs = unflatten(spec, given)
    with np.errstate(all="ignore"):
        result = rewriter(fn)(*call_args, **call_kwargs)
    check_stored(recorder.graph.name, names, given, spec, (call_args, call_kwargs))
    out_leaves, out_spec = flatten(result)
    graph = recorder.graph
    graph.strided = recorder.writes and recorder.copies_or_views

    def final(x: Any) -> Any:
        if isinstance(x, Recorded):
            return x.node
        recorder.check_class(x)
        return recorder._constant(np.asarray(x)) if isinstance(x, (np.ndarray, np.generic)) else x

    out = [final(x) for x in out_leaves]
    if is_plain(out_spec):
        graph.output = unflatten(out_spec, out)
    else:
        graph.output, graph.rebuild = out, lambda flat: unflatten(out_spec, flat)
    return graph
