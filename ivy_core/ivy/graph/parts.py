"""Parts of a converted model that are called, not inlined: one opaque call of a graph each.

A part that was replaced, wrapped or hooked, or that runs in another mode than the model, is no longer what the source's
submodule was when the model was converted. The capture then takes the types of its results from the native part itself,
evaluated abstractly, and the generated function calls it. All that stages and passes between need to know is here: the
call's function is `PART`, its arguments are a `Callee`, a node of kind ``"part"`` and the arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ivy.errors import ConversionError, SourceLocation
from ivy.graph.aval import Aval, aval_of
from ivy.graph.containers import flatten, is_mutable_object, unflatten
from ivy.graph.content import content
from ivy.graph.node import Node
from ivy.transpiler.given import WithArguments, copied, settled

__all__ = ["PART", "Callee", "PartChanged", "PartRef", "Stub", "Watch", "find_part", "part_key", "settling"]

PART = "ivy.part"
"""What a call of a part calls, in every dialect."""


@dataclass(frozen=True, slots=True)
class PartRef:
    """Stands in a result for a submodule of the source: the part at a path.

    Args:
        path: the part's path.
    """

    path: tuple[str, ...]


class PartChanged(Exception):
    """A part gives other results than those that the graph was made for: a hook changes them, for example.

    Args:
        what: the difference.
        call: the call.
        result: what the part gave.
    """

    def __init__(self, what: str, call: Callee, result: Any) -> None:
        super().__init__(what)
        leaves, spec = flatten(result)
        self.name, self.key = call.name, call.key
        self.result = unflatten(spec, [aval_of(x) if _is_array(x) else x for x in leaves])


def _is_array(x: Any) -> bool:
    return hasattr(x, "shape") and hasattr(x, "dtype")


def part_key(path: str) -> str:
    """Return the name under which the parameters' dict has a part: none of a parameter's.

    Args:
        path: the part's path in the source.

    Example:
        >>> from ivy.graph.parts import part_key
        >>> part_key("encoder.layer.0")
        'encoder.layer.0()'
    """
    return f"{path}()"


class Callee:
    """How a generated function calls a part and takes its result apart.

    Args:
        name: the part's path in the source.
        spec: the structure of ``(args, kwargs)``.
        statics: their leaves that are no arrays, by position.
        out: the result's leaves: an `Aval` for each array, and what stands in the other places.
        out_spec: the result's structure.
        key: tells its arguments apart from others, in the source's types; None where that is not known.
    """

    def __init__(
        self,
        name: str,
        spec: Any,
        statics: Mapping[int, Any],
        out: Sequence[Any],
        out_spec: Any,
        key: Any = None,
    ) -> None:
        self.name, self.spec, self.statics, self.key = name, spec, dict(statics), key
        self.leaves, self.out_spec = tuple(out), out_spec
        self.places = tuple(i for i, x in enumerate(out) if type(x) is Aval)
        self.single = out_spec.num_nodes == 1 and len(self.places) == 1
        self.n_leaves = spec.num_leaves
        self.gives = out_spec.type is WithArguments
        self.objects = frozenset(i for i, x in self.statics.items() if is_mutable_object(x))
        self.free = tuple(i for i in range(self.n_leaves) if i not in self.statics)

    @property
    def out(self) -> Any:
        """The abstract result of the call's node: one array, or a tuple of them."""
        avals = tuple(self.leaves[i] for i in self.places)
        return avals[0] if self.single else avals

    def canonical(self, f: Callable[[Aval], Aval]) -> Callee:
        """Return the same call with the results' types mapped."""
        leaves = [f(x) if type(x) is Aval else x for x in self.leaves]
        return Callee(self.name, self.spec, self.statics, leaves, self.out_spec, self.key)

    def for_any_size(self, calls: Sequence[Callee]) -> Callee | None:
        """Return the same call for arrays of any size, of calls for several; None if they differ in more than that.

        Args:
            calls: all of them.
        """
        alike = content((self.spec, self.statics, self.out_spec, self.places))
        if any(content((c.spec, c.statics, c.out_spec, c.places)) != alike for c in calls):
            return None
        leaves = list(self.leaves)
        for i in self.places:
            shapes = [c.leaves[i].shape for c in calls]
            if len(set(map(len, shapes))) > 1:
                return None
            known = tuple(n[0] if len(set(n)) == 1 else None for n in zip(*shapes))
            leaves[i] = Aval(known, self.leaves[i].dtype)  # type: ignore[arg-type]
        return Callee(self.name, self.spec, self.statics, leaves, self.out_spec)

    def __call__(self, part: Any, *arrays: Any) -> Any:
        """Call the part.

        Args:
            part: the native part.
            *arrays: the arrays among the arguments.

        Returns:
            The array of the result, or a tuple of the arrays in it.

        Raises:
            PartChanged: if they are not of the types that the graph was made for.
        """
        leaves: list[Any] = [None] * self.n_leaves
        for i, x in self.statics.items():
            leaves[i] = copied(x) if i in self.objects else x
        for i, x in zip(self.free, arrays, strict=True):
            leaves[i] = x
        args, kwargs = unflatten(self.spec, leaves)
        result = part(*args, **kwargs)
        if self.gives:
            result = WithArguments(result, (args, kwargs))
        if self.single:
            self._hold(result, self.leaves[0], result)
            return result
        found, spec = flatten(result)
        if spec != self.out_spec:
            raise PartChanged(f"{self.name} gives {spec}, not {self.out_spec}", self, result)
        taken = tuple(found[i] for i in self.places)
        for x, i in zip(taken, self.places, strict=True):
            self._hold(x, self.leaves[i], result)
        return taken

    def _hold(self, x: Any, expected: Aval, result: Any) -> None:
        shape = getattr(x, "shape", None)
        if shape is None:
            raise PartChanged(f"{self.name} gives a {type(x).__name__}, not {expected}", self, result)
        try:
            sizes = tuple(shape)
        except ValueError:  # TensorFlow's unknown rank
            return
        known = all(
            m == n or not (type(m) is type(n) is int and m >= 0 and n >= 0) for m, n in zip(sizes, expected.shape)
        )
        if len(sizes) != len(expected.shape) or not known:
            raise PartChanged(f"{self.name} gives an array of shape {sizes}, not {expected.shape}", self, result)

    def __repr__(self) -> str:
        return f"<call of {self.name}>"

    def __copy__(self) -> Callee:
        return self

    def __deepcopy__(self, memo: Any) -> Callee:
        return self


class Stub:
    """What stands for a part in the source during a capture.

    What the part gives is worked out between two captures, never within one, as that may be a capture itself: a stub
    that does not know it yet lets the source's submodule run, and asks for another capture.

    Args:
        path: the part's path in the source.
        evaluate: gives the part's result for ``(args, kwargs)`` with `Aval`s in place of arrays, in the same form.

    Attributes:
        asked: the arguments of calls whose result is not known yet.
        detail: what a capture wants to remember of the part from one time to the next.
    """

    def __init__(self, path: str, evaluate: Callable[[tuple[Any, ...], dict[str, Any]], Any]) -> None:
        self.path, self.evaluate = path, evaluate
        self.asked: dict[Any, tuple[Any, Any]] = {}
        self._known: dict[Any, Any] = {}
        self.detail: Any = None

    def gave(self, result: Any, is_array: Callable[[Any], bool], aval: Callable[[Any], Aval]) -> Any:
        """Return what the source's own submodule gave where it had to run; `Watch` takes notice of it.

        Args:
            result: with the source's arrays.
            is_array: tells the source's arrays.
            aval: tells an array's type.
        """
        return result

    def know(self, results: Mapping[Any, Any]) -> None:
        """Take what the part has been seen to give, whatever it gives when it is evaluated.

        Args:
            results: by `Callee.key`.
        """
        self._known.update(results)

    def settle(self) -> None:
        """Work out what was asked for."""
        asked, self.asked = self.asked, {}
        for key, (args, kwargs) in asked.items():
            try:
                self._known[key] = self.evaluate(args, kwargs)
            except ConversionError:
                raise
            except Exception as error:  # whatever the part's own code raises
                given = ", ".join([*map(str, args), *(f"{k}={v}" for k, v in kwargs.items())])
                raise ConversionError(
                    f"{self.path} as it is now can't be called with ({given})",
                    why=f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}",
                    hint="a part takes and gives what the source's submodule does, with the same order of axes",
                ) from error

    def call(
        self,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        *,
        is_array: Callable[[Any], bool],
        aval: Callable[[Any], Aval],
        make: Callable[[Callee, list[Any]], Sequence[Any]],
        where: SourceLocation | None = None,
    ) -> Any:
        """Record one call.

        Args:
            args: positional arguments, with the source's arrays; what the part changes in them is changed.
            kwargs: keyword arguments, likewise.
            is_array: tells the source's arrays.
            aval: tells an array's type.
            make: records the call, ``make(callee, arrays)``, and gives an array of the source for each of the result's.
            where: the user's line.

        Returns:
            The result, with the source's arrays; `NotImplemented` where it is not known yet.

        Raises:
            ConversionError: if an argument is an object that holds arrays and is no container.
        """
        leaves, spec = flatten((tuple(args), dict(kwargs)))
        arrays = {i for i, x in enumerate(leaves) if is_array(x)}
        statics = {i: x for i, x in enumerate(leaves) if i not in arrays}
        for x in statics.values():
            if _holds(x, is_array):
                raise ConversionError(
                    f"{self.path} was changed in the converted model, and cannot be called with a {type(x).__name__}",
                    where=where,
                    why="the part is called as it is now, and such an object is not carried to the target",
                    hint="put the part back, or change the source and convert it again",
                )
        abstract = [aval(x) if i in arrays else x for i, x in enumerate(leaves)]
        key = spec, tuple([x if type(x) is Aval else content(x) for x in abstract])
        if key not in self._known:
            self.asked[key] = copied(unflatten(spec, abstract))  # the source's submodule runs now, and may fill it
            return NotImplemented
        out, out_spec = flatten(self._known[key])
        callee = Callee(self.path, spec, statics, out, out_spec, key)
        new = list(out)
        for i, x in zip(callee.places, make(callee, [leaves[i] for i in sorted(arrays)]), strict=True):
            new[i] = x
        return settled(unflatten(out_spec, new), (args, kwargs))


class Watch(Stub):
    """A stub that lets the source's submodule run, and notes what it gives the first time.

    Args:
        path: the submodule's path in the source.

    Attributes:
        result: with `Aval`s in place of arrays; None until there is one.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path, lambda args, kwargs: None)
        self.result: Any = None

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Let the submodule run."""
        return NotImplemented

    def gave(self, result: Any, is_array: Callable[[Any], bool], aval: Callable[[Any], Aval]) -> Any:
        """Note the result."""
        if self.result is None:
            leaves, spec = flatten(result)
            self.result = unflatten(spec, [aval(x) if is_array(x) else x for x in leaves])
        return result


def settling(capture: Callable[..., Any], stubs: Mapping[str, Stub]) -> Callable[..., Any]:
    """Let a capture be repeated until what the parts give is known.

    Args:
        capture: the capture of a module.
        stubs: what stands for its parts.
    """

    def settled(*args: Any, **kwargs: Any) -> Any:
        while True:
            try:
                graph = capture(*args, **kwargs)
            except Exception:
                if not any(stub.asked for stub in stubs.values()):
                    raise
            else:
                if not any(stub.asked for stub in stubs.values()):
                    return graph
            for stub in stubs.values():
                stub.settle()

    return settled if stubs else capture


def _holds(x: Any, is_array: Callable[[Any], bool]) -> bool:
    return any(map(is_array, getattr(x, "__dict__", {}).values()))


def find_part(graph: Any, path: str) -> Node:
    """Return the node of a graph that stands for a part, made when it is first asked for.

    Args:
        graph: the outermost graph.
        path: the part's path in the source.
    """
    key = part_key(path)
    found = graph.parts.get(key)
    if found is None:
        found = graph.parts[key] = Node("part", key)
    node: Node = found
    return node


def part(callee: Callee, native: Node, *arrays: Any) -> Any:
    """Record a call of a part in the trace that is active."""
    from ivy.backend import current_scope

    trace: Any = current_scope()
    return trace.part(callee, native, arrays)
