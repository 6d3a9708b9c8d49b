"""The living parts of a converted model.

Every submodule of the source is a native part of the result. A part knows its submodule by a `Handle`; when it is
called alone, the submodule is converted and runs on the part's own parameters. While a model gathers its parameters it
looks at each part: those that are what they were made as are inlined in the model's one generated function, the others
(replaced, wrapped, hooked, in another mode) are `Called`.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ivy.errors import ConversionError
from ivy.graph.aval import Aval
from ivy.graph.node import Node, map_nested
from ivy.graph.parts import PartRef, Stub, part_key

if TYPE_CHECKING:
    from ivy.stateful.conversion import Conversion
    from ivy.stateful.spec import ModuleSpec, Tree

__all__ = [
    "Called",
    "ConvertedMethod",
    "Handle",
    "check_shared",
    "drawing",
    "enclosing_draw",
    "result_of",
    "source_attribute",
    "way_to",
]


class Handle:
    """What a native part knows its source submodule by.

    Args:
        root: the conversion of the whole model.
        path: the submodule's path in the source.
    """

    def __init__(self, root: Conversion, path: tuple[str, ...]) -> None:
        self.root, self.path = root, path
        self._conversion: Conversion | None = None
        self._lock = threading.RLock()

    @property
    def name(self) -> str:
        """The path as one name."""
        return ".".join(self.path)

    @property
    def conversion(self) -> Conversion:
        """The conversion of the submodule alone, made when it is first asked for.

        Raises:
            ConversionError: if the submodule can't be called: a list of modules, or a system without submodules.
        """
        with self._lock:
            if self._conversion is None:
                self._conversion = self._made()
            return self._conversion

    def _made(self) -> Conversion:
        from ivy.stateful.conversion import Conversion

        root = self.root
        spec = None if root.spec.part is None else root.spec.part(self.path)
        if spec is None:
            raise ConversionError(
                f"{self.name} of the converted {root.spec.name} can't be called",
                why=f"in {root.spec.system} it holds other parts and has no call of its own",
                hint="call its parts",
            )
        spec = self._stored_alike(spec)
        return Conversion(
            spec,
            root.target,
            root.storage,
            share_memory=root.share_memory,
            debug_mode=root.pipeline.debug_mode,
            within=self,
        )

    def _stored_alike(self, spec: ModuleSpec) -> ModuleSpec:
        """Give the submodule's parameters the roles that decided in the whole model how they are stored."""
        whole = {path: p for p in self.root.spec.params for path in (p.path, *p.aliases)}
        own = [next((whole[(*self.path, *at)] for at in (p.path, *p.aliases) if (*self.path, *at) in whole), p)
               for p in spec.params]  # fmt: skip
        params = [replace(p, role=q.role, trainable=q.trainable) for p, q in zip(spec.params, own, strict=True)]
        return replace(spec, params=tuple(params))

    def describe(self) -> str:
        """Return what the part is, for its repr."""
        return f"part of a converted {self.root.spec.name}"

    def __deepcopy__(self, memo: Any) -> Handle:
        return self  # shared between copies of a model, like its conversion

    def __reduce__(self) -> Any:
        return _handle, (self.root, self.path)

    def __repr__(self) -> str:
        return f"<{self.name or self.root.spec.name}, {self.describe()}>"


def _handle(root: Conversion, path: tuple[str, ...]) -> Handle:
    return root.handle(path)


@dataclass(slots=True)
class Called:
    """The parts of a model that are called in this run.

    Args:
        parts: native parts by the paths of the source's submodules in whose places they are; None for removed ones.
        evaluate: gives the result of a native part, with `Aval`s in place of arrays:
            ``evaluate(part, args, kwargs)``.
        describe: tells what of a native part decides on the types of its results, in a form that can be compared: a
            part for which it tells another thing makes a new graph.
        lengths: how many parts lists of parts hold, by path, where that is another number than the source's.
        value: gives the array of what a native part has as an attribute.
    """

    parts: dict[tuple[str, ...], Any]
    evaluate: Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]
    describe: Callable[[Any], Any]
    lengths: dict[tuple[str, ...], int] = field(default_factory=dict)
    value: Callable[[Any], Any] = lambda x: x

    def attribute(self, path: tuple[str, ...], shape: tuple[int, ...]) -> Any:
        """Return an array that the source's code reads of a part which was replaced, as the part now has it.

        Args:
            path: the parameter's path in the source.
            shape: its shape, as it is stored.

        Returns:
            The array; None if the part has none of that name and shape.
        """
        for cut in range(len(path) - 1, 0, -1):
            found = self.parts.get(path[:cut])
            for name in path[cut:] if found is not None else ():
                found = getattr(found, name, None)
            found = None if found is None else self.value(found)
            if found is not None and tuple(getattr(found, "shape", ())) == tuple(shape):
                return found
        return None

    def __bool__(self) -> bool:
        return bool(self.parts or self.lengths)

    def named(self) -> dict[str, Any]:
        """Return the parts by their paths, each as one name."""
        return {".".join(path): part for path, part in self.parts.items() if part is not None}

    @property
    def changes(self) -> dict[str, Any]:
        """What a capture is told besides what stands for the parts (`CaptureOptions`)."""
        return {
            "lengths": {".".join(path): n for path, n in self.lengths.items()},
            "removed": frozenset(".".join(path) for path, part in self.parts.items() if part is None),
        }

    @property
    def token(self) -> Any:
        """What a graph is made for."""
        parts = tuple((path, None if part is None else self.describe(part)) for path, part in self.parts.items())
        return (parts, tuple(self.lengths.items()))

    def stubs(self, canonical: Callable[[Aval], Aval], key: Callable[[], Any]) -> dict[str, Stub]:
        """Return what stands for the parts in a capture.

        Args:
            canonical: gives the type of an array of the source as the target holds it.
            key: gives any random key.
        """

        def stub(name: str, part: Any) -> Stub:
            def evaluate(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
                given = _mapped((args, kwargs), canonical)
                with drawing(key):  # nothing is drawn from the model's own generator
                    return self.evaluate(part, *given)

            return Stub(name, evaluate)

        return {name: stub(name, part) for name, part in self.named().items()}

    def arrays(self) -> dict[str, Any]:
        """Return the parts as the parameters' dict has them."""
        return {part_key(name): part for name, part in self.named().items()}


def _mapped(tree: Any, canonical: Callable[[Aval], Aval]) -> Any:
    from ivy.graph.containers import flatten, unflatten

    leaves, spec = flatten(tree)
    return unflatten(spec, [canonical(x) if type(x) is Aval else x for x in leaves])


def result_of(conversion: Conversion, args: Any, kwargs: Any, train: bool, **state: Any) -> Any:
    """Return what a call of a converted module gives, with `Aval`s in place of arrays.

    Args:
        conversion: the module.
        args: positional arguments, with `Aval`s.
        kwargs: keyword arguments, likewise.
        train: training mode.
        **state: as `Conversion.prepare` takes it.
    """
    graph = conversion.prepare(tuple(args), dict(kwargs), train, **state)
    out = map_nested(graph.output, lambda x: x.out if type(x) is Node else x)
    return out if graph.rebuild is None else graph.rebuild(out)


class ConvertedMethod:
    """A method of the source's class on a converted module, converted when it is first called.

    Args:
        call: runs it: ``call(args, kwargs)``.
        place: gives the native part at a path, for results that are parts.
        source: the source's method, for its signature and documentation.
    """

    def __init__(
        self,
        call: Callable[[tuple[Any, ...], dict[str, Any]], Any],
        source: Any,
        place: Callable[[tuple[str, ...]], Any] | None = None,
    ) -> None:
        self._call, self._place = call, place
        function = source.__func__
        self.__name__, self.__doc__ = function.__name__, function.__doc__
        self.__qualname__ = function.__qualname__
        try:
            self.__signature__ = inspect.signature(source)
        except (TypeError, ValueError):
            pass

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the method."""
        result = self._call(args, kwargs)
        place = self._place
        if place is None:
            return result
        return map_nested(result, lambda x: place(x.path) if type(x) is PartRef else x)

    def __repr__(self) -> str:
        return f"<converted method {self.__qualname__}>"


def source_attribute(
    part: Any,
    name: str,
    ivy: Any,
    call: Callable[[str, tuple[Any, ...], dict[str, Any]], Any],
    place: Callable[[tuple[str, ...]], Any] | None = None,
) -> Any:
    """Return what the source's module has under a name that the converted one lacks: a method, or a plain attribute.

    Args:
        part: the converted module.
        name: the attribute. One with a leading underscore is the framework's own affair, and isn't there.
        ivy: its `Handle` or `Conversion`.
        call: runs a method: ``call(name, args, kwargs)``.
        place: gives the native part at a path below `part`, for attributes that are submodules.

    Raises:
        AttributeError: if the source has no such attribute either.
    """
    missing = AttributeError(f"{type(part).__name__!r} object has no attribute {name!r}")
    if name.startswith("_") or ivy is None:
        raise missing
    try:
        conversion = ivy.conversion
    except ConversionError:
        raise missing from None
    if name in ("graph", "code"):  # the property had no graph yet: its error says more
        return conversion.graph if name == "graph" else conversion.graph.code
    spec = conversion.spec
    if name in conversion.own_names or isinstance(spec.obj, tuple):
        raise missing  # what was a part or a parameter, and is no more
    try:
        value = getattr(spec.obj, name)
    except AttributeError:
        raise missing from None
    if callable(value) and hasattr(value, "__func__") and getattr(value, "__self__", None) is spec.obj:
        return ConvertedMethod(lambda args, kwargs: call(name, args, kwargs), value, place)
    if spec.locate is not None and (path := spec.locate(value)) is not None:
        if place is None:
            raise missing
        return place(path)
    return conversion.converted_value(value)


def check_shared(root: Any, conversion: Conversion, called: Called | None, child: Callable[[Any, str], Any]) -> None:
    """Check that a submodule which the source has in several places was replaced in all of them.

    Args:
        root: the native module.
        conversion: its conversion.
        called: the parts that are called, if there are any.
        child: gives a native part's own part under an attribute, None for none.

    Raises:
        ConversionError: naming the places, where it is another part in some of them.
    """
    if not conversion.has_shared_parts:  # as nearly always
        return
    replaced = {} if called is None else called.parts
    found: dict[int, tuple[str, Any]] = {}
    stack: list[tuple[Any, Tree, str]] = [(root, conversion.tree(), "")]
    while stack:
        part, node, prefix = stack.pop()
        for attribute, below in node.children.items():
            here, place = child(part, attribute), f"{prefix}{attribute}"
            if below.shared:
                first, known = found.setdefault(id(below), (place, here))
                if known is not here:
                    raise ConversionError(
                        f"{place} and {first} are one submodule of the source, and different parts now",
                        hint="put the same part in both places",
                    )
            if here is not None and below.path not in replaced:
                stack.append((here, below, f"{place}."))


def way_to(tree: Tree, path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the attributes that lead from a native module to the part for a submodule of the source.

    Args:
        tree: the native module's tree.
        path: the submodule's path in the source.

    Raises:
        KeyError: if there is none.
    """
    stack: list[tuple[Tree, tuple[str, ...]]] = [(tree, ())]
    while stack:
        node, way = stack.pop()
        if node.path == path:
            return way
        stack += [(child, (*way, attribute)) for attribute, child in node.children.items()]
    raise KeyError(".".join(path))


# -- random numbers of parts ------------------------------------------------------------------------------------------

_draws = threading.local()


@contextmanager
def drawing(draw: Callable[[], Any]) -> Iterator[None]:
    """Let parts that have no generator of their own draw their random keys from that of the model that calls them."""
    before, _draws.now = getattr(_draws, "now", None), draw
    try:
        yield
    finally:
        _draws.now = before


def enclosing_draw() -> Callable[[], Any] | None:
    """Return what draws random keys for the model that is running, None if none is."""
    return getattr(_draws, "now", None)
