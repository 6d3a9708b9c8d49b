"""A module without its source: graphs in the ivy dialect and descriptions of parameters, to be saved and loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ivy.dtypes import DType, as_dtype
from ivy.errors import ConversionError, IvyError
from ivy.graph.aval import Aval
from ivy.graph.containers import flatten, unflatten
from ivy.graph.graph import Graph
from ivy.graph.kept import shown
from ivy.graph.node import Node, map_nested
from ivy.graph.passes.storage import store_params
from ivy.graph.serialise import Reader, Writer, plain_containers
from ivy.graph.sizes import instantiate
from ivy.stateful.conversion import Conversion
from ivy.stateful.layers import Layer
from ivy.stateful.spec import KEY, ModuleSpec, ParamSpec, Role
from ivy.transpiler.dynamic import make_for_any_size
from ivy.transpiler.options import CaptureOptions
from ivy.transpiler.pipeline import Pipeline, arrays_in, is_array_leaf

__all__ = ["Program", "Template"]

FORMAT = 1
"""Version of the data. Raised when older readers could not read it."""


@dataclass(slots=True)
class Template:
    """One graph of a module, for every call of one form.

    Args:
        train: whether it is that of training mode.
        call: positional and keyword arguments with the graph's input nodes for arrays; a size of None is any.
        graph: in the ivy dialect.
    """

    train: bool
    call: tuple[Any, Any]
    graph: Graph

    def match(self, args: Any, kwargs: Any) -> list[int] | None:
        """Return the place of each input's array among the arguments' leaves, None if this is another form of call."""
        leaves, spec = flatten((args, dict(kwargs)))
        found = dict(_matched(self.call, unflatten(spec, [_Leaf(i, x) for i, x in enumerate(leaves)])))
        return [found[id(n)] for n in self.graph.inputs] if None not in found else None


@dataclass(frozen=True, slots=True)
class _Leaf:
    place: int
    value: Any


def _matched(expected: Any, given: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (id of an input, place of its array); (None, None) if the two differ."""
    if type(expected) is Node:
        x = given.value if type(given) is _Leaf else None
        if x is not None and is_array_leaf(x) and _fits(expected.aval, x):
            yield id(expected), given.place
            return
    elif isinstance(expected, (tuple, list)):
        if isinstance(given, (tuple, list)) and len(given) == len(expected):
            for e, g in zip(expected, given, strict=True):
                yield from _matched(e, g)
            return
    elif isinstance(expected, dict):
        if isinstance(given, dict) and given.keys() == expected.keys():
            for key, e in expected.items():
                yield from _matched(e, given[key])
            return
    elif type(given) is _Leaf and type(given.value) is type(expected) and given.value == expected:
        return
    yield None, None


def _fits(aval: Aval, x: Any) -> bool:
    shape = tuple(x.shape)
    return (
        len(shape) == len(aval.shape)
        and as_dtype(x.dtype) == aval.dtype
        and all(d is None or d == n for d, n in zip(aval.shape, shape, strict=True))
    )


@dataclass
class Program:
    """What runs a module where its source is not.

    Args:
        name: class name.
        params: parameters as they are stored, by the source's names.
        templates: graphs by form of call.
        classes: class names of the submodules by path.
        shared: paths of shared submodules.
        train: default mode.
        takes_key: whether calls draw from an explicit key.
        containers: paths of the submodules that can't be called.
        modes: modes of submodules, by path, where they are not the module's.
        layers: the standard layers among the submodules, by path.
    """

    name: str
    params: tuple[ParamSpec, ...]
    templates: list[Template] = field(default_factory=list)
    classes: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    shared: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    train: bool = False
    takes_key: bool = False
    containers: frozenset[tuple[str, ...]] = frozenset()
    modes: Mapping[tuple[str, ...], bool] = field(default_factory=dict)
    layers: Mapping[tuple[str, ...], Layer] = field(default_factory=dict)

    # -- making -------------------------------------------------------------------------------------------------------

    @classmethod
    def of(cls, conversion: Conversion) -> Program:
        """Make the program of a converted module, for the forms of calls that it has had, in both modes.

        Args:
            conversion: the module.

        Returns:
            The program; its graphs serve any batch size where one can be made that does.

        Raises:
            ConversionError: if it has not been called yet, or no graph of it can be written.
        """
        spec = conversion.spec
        if isinstance(spec.obj, Program):
            return spec.obj
        made = cls(
            spec.name,
            tuple(conversion.params.values()),
            [],
            spec.classes,
            spec.shared,
            spec.train,
            spec.takes_key,
            spec.containers,
            spec.modes,
            conversion.plan.layers,
        )
        forms = list(conversion.specialiser.examples.values())
        if not forms:
            raise ConversionError(
                f"{spec.name} has not been called yet, so there is no graph to save",
                hint="call it once on an example, or pass args= to ivy.transpile",
            )
        problem: Exception | None = None
        for args, kwargs in forms:
            for train in (False, True):
                if any(t.train == train and t.match(args, kwargs) is not None for t in made.templates):
                    continue
                try:
                    made.templates.append(_template(conversion, args, kwargs, train))
                except IvyError as error:  # one mode may be beyond conversion: the other is still of use
                    problem = error
        if not made.templates and problem is not None:
            raise problem
        return made

    # -- data ---------------------------------------------------------------------------------------------------------

    def to_data(self) -> dict[str, Any]:
        """Return the program as what JSON can hold."""
        templates = []
        for t in self.templates:
            writer = Writer()
            graph = writer.graph(plain_containers(t.graph))
            shapes = [list(n.aval.shape) for n in t.graph.inputs]
            templates.append({"train": t.train, "graph": graph, "call": writer.value(t.call), "shapes": shapes})
        return {
            "format": FORMAT,
            "name": self.name,
            "params": [_param_data(p) for p in self.params],
            "templates": templates,
            "classes": [[list(path), name] for path, name in self.classes.items()],
            "shared": [[list(path), list(first)] for path, first in self.shared.items()],
            "train": self.train,
            "takes_key": self.takes_key,
            "containers": sorted(map(list, self.containers)),
            "modes": [[list(path), mode] for path, mode in self.modes.items()],
            "layers": [[list(path), *_layer_data(layer)] for path, layer in self.layers.items()],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any], array: Callable[[bytes, DType, tuple[int, ...]], Any]) -> Program:
        """Read a program.

        Args:
            data: what `to_data` gave.
            array: makes an array of bytes, a dtype and a shape.

        Returns:
            The program.
        """
        if data["format"] > FORMAT:
            raise ConversionError("the model was saved by a later version of Ivy", hint="update ivy-core")
        templates = []
        for t in data["templates"]:
            reader = Reader(array)
            graph = reader.graph(t["graph"])
            for node, shape in zip(graph.inputs, t["shapes"], strict=True):
                node.out = Aval(tuple(shape), node.aval.dtype)
            templates.append(Template(t["train"], tuple(reader.value(t["call"])), graph))
        return cls(
            data["name"],
            tuple(_param(p) for p in data["params"]),
            templates,
            {tuple(path): name for path, name in data["classes"]},
            {tuple(path): tuple(first) for path, first in data["shared"]},
            data["train"],
            data["takes_key"],
            frozenset(tuple(path) for path in data.get("containers", ())),
            {tuple(path): mode for path, mode in data.get("modes", ())},
            {tuple(path): _layer(*layer, array=array) for path, *layer in data.get("layers", ())},
        )

    # -- running ------------------------------------------------------------------------------------------------------

    def spec(self, system: str, arrays: Callable[[], Mapping[str, Any]]) -> ModuleSpec:
        """Return the hub form.

        Args:
            system: the module system that the arrays are of.
            arrays: gives them by name.
        """
        return ModuleSpec(
            name=self.name,
            system=system,
            framework="ivy",
            obj=self,
            params=self.params,
            arrays=arrays,
            capture=_capture,
            classes=self.classes,
            shared=self.shared,
            train=self.train,
            takes_key=self.takes_key,
            containers=self.containers,
            modes=self.modes,
            layers=self.layers,
        )

    def graph(self, args: Any, kwargs: Mapping[str, Any], train: bool) -> Graph:
        """Return the graph for some arguments.

        Args:
            args: positional arguments; arrays may be `Aval`s.
            kwargs: keyword arguments.
            train: the mode.

        Raises:
            ConversionError: if it was not saved for such a call.
        """
        leaves, _ = flatten((tuple(args), dict(kwargs)))
        for t in self.templates:
            places = t.match(tuple(args), dict(kwargs)) if t.train == train else None
            if places is None:
                continue
            graph = instantiate(t.graph, [tuple(leaves[i].shape) for i in places])
            order = sorted(range(len(places)), key=places.__getitem__)
            graph.inputs = [graph.inputs[k] for k in order]
            return graph
        raise ConversionError(
            f"{self.name} was saved without a graph for this call",
            why=f"it has graphs for {'; '.join(map(_shown, self.templates))}",
            hint="convert the source again, call it in this way once, and save it",
        )


def _capture(obj: Program, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: CaptureOptions) -> Graph:
    train = obj.train if options.train is None else options.train
    return obj.graph(args, kwargs, train)


def _shown(t: Template) -> str:
    def show(x: Any) -> str:
        if type(x) is Node:
            return repr(x.aval).replace("None", "any")
        return repr(x)

    args, kwargs = map_nested(t.call, show)
    shown = ", ".join([*map(str, args), *(f"{k}={v}" for k, v in kwargs.items())])
    return f"({shown}){' in training' if t.train else ''}"


def _template(conversion: Conversion, args: Any, kwargs: Mapping[str, Any], train: bool) -> Template:
    """Capture a form of call, for any batch size if its arrays share one, as a graph in the ivy dialect."""
    spec = conversion.spec
    pipeline = Pipeline(spec.framework, "ivy", layout=conversion.pipeline.layout)
    if spec.takes_key:
        kwargs = {**kwargs, KEY: Aval((2,), as_dtype("uint32"))}

    def make(args: Any, kwargs: Any, fold: bool = False) -> Graph:
        graph = pipeline.graph(
            spec.obj,
            args,
            kwargs,
            capture=spec.capture,
            options=CaptureOptions(train=train, fold=fold),
            passes=lambda graph: store_params(conversion.renamed(graph), conversion.stored),
        )
        if graph.kept is not None and graph.kept.needed:
            raise ConversionError(
                f"{spec.name} can't be saved: a call stores {shown(graph.kept.places)} on it",
                why="what is saved has parameters and buffers only",
                hint="keep it in a buffer of a fixed shape that is there from the start",
            )
        graph.kept = None
        graph.updates = {name: node for name, node in graph.updates.items() if name in conversion.params}
        return graph

    wide = _any_batch(args, kwargs)
    if wide is not None:
        try:
            graph = make_for_any_size(make, *wide, lambda d: d is None, "ivy.size_of")
            return _paired(train, *wide, graph)
        except IvyError:
            if any(None in x.shape for x in arrays_in((args, dict(kwargs)))):
                raise
    return _paired(train, args, kwargs, make(args, kwargs, fold=True))


def _any_batch(args: Any, kwargs: Any) -> tuple[Any, Any] | None:
    """Return the arguments with None for the first size of every array, None if that is no batch."""
    arrays = arrays_in((args, {k: v for k, v in kwargs.items() if k != KEY}))
    first = {x.shape[0] for x in arrays if len(x.shape)}
    if len(first) != 1 or not all(len(x.shape) for x in arrays):
        return (args, kwargs) if any(None in x.shape for x in arrays) else None

    def widen(x: Any) -> Any:
        return Aval((None, *x.shape[1:]), x.dtype) if type(x) is Aval else x  # type: ignore[arg-type]

    key = kwargs.get(KEY)
    args, kwargs = map_nested((tuple(args), dict(kwargs)), widen)
    return args, kwargs if key is None else {**kwargs, KEY: key}


def _paired(train: bool, args: Any, kwargs: Any, graph: Graph) -> Template:
    """Put the graph's inputs in the place of the arrays of a call."""
    leaves, tree = flatten((tuple(args), dict(kwargs)))
    inputs = iter(graph.inputs)
    new = []
    for x in leaves:
        if is_array_leaf(x):
            node = next(inputs)
            node.out = Aval(tuple(x.shape), node.aval.dtype)
            new.append(node)
        else:
            new.append(x)
    return Template(train, unflatten(tree, new), graph)


def _layer_data(layer: Layer) -> list[Any]:
    weights = [[role, attribute, layout] for role, (attribute, layout) in layer.weights.items()]
    return [layer.kind, Writer().value(dict(layer.config)), weights, layer.train]


def _layer(kind: str, config: Any, weights: Any, train: bool, *, array: Any) -> Layer:
    held = {role: (attribute, layout) for role, attribute, layout in weights}
    return Layer(kind, Reader(array).value(config), held, train)


def _param_data(p: ParamSpec) -> dict[str, Any]:
    flags = [n for n in ("trainable", "buffer", "statistic", "persistent") if getattr(p, n)]
    data = {"name": p.name, "path": list(p.path), "shape": list(p.shape), "dtype": str(p.dtype), "is": flags}
    if p.aliases:
        data["aliases"] = [list(a) for a in p.aliases]
    if p.role is not None:
        data["role"] = [p.role.kind, p.role.layout]
    return data


def _param(data: Mapping[str, Any]) -> ParamSpec:
    flags = {n: n in data["is"] for n in ("trainable", "buffer", "statistic", "persistent")}
    role: Sequence[str] | None = data.get("role")
    return ParamSpec(
        name=data["name"],
        path=tuple(data["path"]),
        shape=tuple(data["shape"]),
        dtype=as_dtype(data["dtype"]),
        aliases=tuple(tuple(a) for a in data.get("aliases", ())),
        role=Role(*role) if role else None,
        **flags,
    )
