"""The values that Python reads in a capture: those of the source, or, once a guard has failed, those of the target.

Source and target round differently, and draw different random numbers. So what Python goes on with must be the
target's: a capture is given the first values that Python reads, as the target computed them, and its guards hold then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ivy.errors import DataDependentError, SourceLocation
from ivy.graph.graph import Graph
from ivy.graph.node import Loc, Node
from ivy.transpiler.names import user_frame

__all__ = [
    "UNKNOWN", "Asked", "Reader", "Reads", "UnknownValue", "Way", "answering_method", "read_part", "reading_methods",
]  # fmt: skip

UNKNOWN: Any = type("Unknown", (), {"__repr__": lambda self: "UNKNOWN", "__slots__": ()})()
"""Stands for a value that is not known."""


class Reads:
    """Counts the values that Python reads in one capture, and knows the first of them.

    Args:
        answers: the first values, as the target computed them.

    Example:
        >>> reads = Reads((True, 0.5))
        >>> reads.take(bool, False), reads.take(float, 0.25), reads.take(int, 3)
        (True, 0.5, 3)
    """

    def __init__(self, answers: Sequence[Any] = ()) -> None:
        self._answers = tuple(answers)
        self.count = 0

    @property
    def answered(self) -> bool:
        """Whether the next value is known."""
        return self.count < len(self._answers)

    def take(self, kind: type, value: Any = UNKNOWN) -> Any:
        """Return what Python is to see at the next place that reads a value.

        Args:
            kind: what that is: a truth value, a number, nested lists of numbers.
            value: what the source computed; `UNKNOWN` where it has no values.

        Returns:
            The target's value if it is known, else `value`. Where they differ in kind the code has gone another way,
            and what the target computed further on means nothing.
        """
        if self.answered:
            answer = self._answers[self.count]
            if isinstance(answer, Way):
                fits, answer = kind is bool, answer.truth
            else:
                fits = _suits(kind, answer) if value is UNKNOWN else _alike(answer, value)
            if fits:
                value = _of_kind(kind, answer)
            else:
                self._answers = self._answers[: self.count]
        self.count += value is not UNKNOWN
        return value


class Asked(Exception):
    """The value of a symbolic tensor is asked for, and not known."""


class Reader:
    """Answers for the symbolic tensors of one capture: those of frameworks that capture without values.

    Args:
        answers: the first values that are asked for, as the target computed them.
        static: returns a tensor's value as a NumPy array where it is known anyway, else None.
        skip: tells of a file whether it is the framework's or Ivy's.

    Attributes:
        made: the tensors whose value was asked for, with the answers and the places.
        asked: the one whose value is not known, whether only its truth is asked for, and where.
    """

    def __init__(self, answers: Sequence[Any], static: Callable[[Any], Any], skip: Callable[[str], bool]) -> None:
        self.skip = skip
        self.reads = Reads(answers)
        self.static = static
        self.made: list[tuple[Any, Any, Loc | None]] = []
        self.asked: tuple[Any, bool, Loc | None] | None = None

    def read(self, tensor: Any, kind: type) -> Any:
        """Return what Python is to see of a tensor.

        Args:
            tensor: the tensor.
            kind: a truth value, a number, nested lists of numbers.

        Raises:
            Asked: if that is not known.
        """
        known = self.static(tensor)
        if known is not None:
            return _of_kind(kind, known.tolist())
        found = self.reads.take(kind)
        frame = user_frame(self.skip, 2)
        loc = None if frame is None else Loc(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
        if found is UNKNOWN:
            self.asked = (tensor, kind is bool, loc)
            raise Asked
        self.made.append((tensor, found, loc))
        return found

    def record(self, graph: Graph, nodes: Sequence[Node]) -> None:
        """Put guards where the values are computed, in the order in which they were asked for.

        Guards that are there already hold sizes, which are read while the calls are recorded: after all of these.

        Args:
            graph: the graph.
            nodes: the node of each tensor in `made`.
        """
        sizes = [] if self.asked else [n for n in graph.nodes if n.kind == "guard"]
        graph.nodes = [n for n in graph.nodes if n.kind != "guard"]
        reads = [
            Node("guard", args=(node, expected), loc=loc or node.loc, scope=node.scope)
            for node, (_, expected, loc) in zip(nodes, self.made, strict=True)
        ]
        last = -1
        for guard in (*reads, *sizes):
            at = graph.nodes.index(guard.args[0]) if guard.args[0] in graph.nodes else -1
            last = max(last, at) + 1
            graph.nodes.insert(last, guard)

    def unknown(self, graph: Graph, node: Node, hint: str) -> UnknownValue:
        """Return the error for what is asked for and not known.

        Args:
            graph: what was captured so far.
            node: the node of the tensor that was asked for.
            hint: what the user can do.
        """
        assert self.asked is not None
        _, truth, loc = self.asked
        loc = loc or node.loc
        where = None if loc is None else SourceLocation(loc.file, loc.line, loc.function or None)
        what = "the function asks for the value of a tensor while it is captured"
        return UnknownValue(what, where=where, hint=hint).of(graph, node, truth=truth)


@dataclass(frozen=True)
class Way:
    """An answer to a question for the truth of a value, under jit, where both answers are tried."""

    truth: bool


def _of_kind(kind: type, x: Any) -> Any:
    """Return a value that was computed as an array as what Python reads of it."""
    if kind is list:
        return x
    while type(x) is list:  # an array of one element
        (x,) = x
    return kind(x)


def _suits(kind: type, x: Any) -> bool:
    """Tell whether Python can read a value of this kind of an array that was computed."""
    if kind is list:
        return type(x) is list
    while type(x) is list and len(x) == 1:
        (x,) = x
    return type(x) is not list


def _alike(x: Any, y: Any) -> bool:
    if type(x) is list and type(y) is list:
        return len(x) == len(y) and all(map(_alike, x, y))
    return type(x) is type(y)


class UnknownValue(DataDependentError):
    """Python reads a value that the capture does not have.

    Args:
        what: as in every error.
        where: likewise.
        why: likewise.
        hint: likewise.

    Attributes:
        graph: what was captured so far, None where that can't be told.
        node: the node whose value is read.
        truth: whether Python asks only if it is true.
        held: what the module's buffers make of it, if it rests on those alone; `UNKNOWN` else.
    """

    graph: Graph | None = None
    node: Node | None = None
    truth: bool = False
    held: Any = UNKNOWN

    def of(self, graph: Graph, node: Node, *, truth: bool, held: Any = UNKNOWN) -> UnknownValue:
        """Say what is read, for the target to compute; returns the error."""
        self.graph, self.node, self.truth, self.held = graph, node, truth, held
        return self


def read_part(graph: Graph, node: Node | None) -> Graph:
    """Return the graph that computes one value of a capture under way; the capture is not continued."""
    graph.nodes = [n for n in graph.nodes if n.kind != "guard"]
    graph.output, graph.rebuild, graph.updates, graph.mutated = node, None, {}, {}
    return graph


def reading_methods(
    array: Callable[[Reader, Any], Any], index: Callable[[Reader, Any], int]
) -> dict[str, Callable[..., Any]]:
    """Return the special methods by which Python reads an array, each called with a `Reader` and the array.

    Args:
        array: reads an array's values, as an array of NumPy's.
        index: reads an integer without axes, and refuses anything else.
    """
    return {
        "__bool__": lambda reader, x: reader.read(x, bool),
        "__int__": lambda reader, x: reader.read(x, int),
        "__float__": lambda reader, x: reader.read(x, float),
        "__complex__": lambda reader, x: reader.read(x, complex),
        "__index__": index,
        "__array__": lambda reader, x, dtype=None, copy=None: _typed(array(reader, x), dtype),
        "__iter__": lambda reader, x: iter([x[i] for i in range(int(x.shape[0]))]),
        "__len__": lambda reader, x: int(x.shape[0]),
        "__format__": lambda reader, x, spec="": format(array(reader, x)[()], spec),
    }


def _typed(values: Any, dtype: Any) -> Any:
    return values if dtype is None else values.astype(dtype, copy=False)


def answering_method(
    active: ContextVar[Reader | None], name: str, answer: Callable[..., Any], before: Any, framework: str
) -> Callable[..., Any]:
    """Return a method that lets the reader of this context answer, and is as before where there is none.

    Args:
        active: the reader.
        name: the method's.
        answer: called with the reader, the tensor and the arguments.
        before: the method that the class had, None if it had none.
        framework: whose tensors they are, for the error then.
    """

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        reader = active.get()
        if reader is not None:
            return answer(reader, self, *args, **kwargs)
        if before is None:
            raise TypeError(f"a symbolic tensor of {framework} has no {name}")
        return before(self, *args, **kwargs)

    method.__name__ = name
    return method
