"""flax nnx modules to the hub form and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from functools import cache, partial
from typing import Any

import flax
import jax
from flax import nnx

from ivy.dtypes import as_dtype
from ivy.errors import ArgumentError
from ivy.graph.aval import aval_of
from ivy.graph.kept import EMPTY, Kept, Left, arrays_of
from ivy.graph.parts import Stub
from ivy.stateful.conversion import Conversion
from ivy.stateful.layers import Layer
from ivy.stateful.living import ListedPart, LivingPart, System
from ivy.stateful.native import constructor, taken_rng
from ivy.stateful.parts import Called, enclosing_draw
from ivy.stateful.spec import KEY, ModuleSpec, ParamSpec, Role, Tree
from ivy.transpiler.heap import Changes, Heap, Rules
from ivy.transpiler.held import refuse_kept
from ivy.transpiler.keeping import noted
from ivy_jax.converters.nnx_layers import build as build_layer
from ivy_jax.converters.nnx_layers import recognise
from ivy_jax.converters.pure import abstract_result, capture_pure, raw_key

__all__ = ["STORAGE", "Converted", "Frozen", "Part", "build_layer", "class_from_hub", "from_hub", "owns", "to_hub"]

STORAGE = {"conv": "*IO", "conv_transpose": "*IO", "linear": "IO"}


class Frozen(nnx.Variable):
    """A parameter that its source does not train (``requires_grad=False``)."""


class Stored(nnx.Variable):
    """An array that a call has stored on the model, for later calls."""


class KeptState(nnx.Module):
    """What calls have left on a model beside parameters and buffers."""

    def __init__(self, kept: Kept) -> None:
        self.structure, self.needed = kept.structure, kept.needed
        for name, x in kept.arrays.items():
            setattr(self, name, Stored(x))

    def now(self) -> Kept:
        """Return the state."""
        arrays = {name: _value(getattr(self, name)) for name in arrays_of(self.structure)}
        return Kept(self.structure, arrays, self.needed)

    def replace(self, kept: Kept) -> None:
        """Give the arrays new values."""
        for name, x in kept.arrays.items():
            getattr(self, name).set_value(x)


def owns(obj: Any) -> bool:
    """Tell whether an object is an nnx module or a class of them."""
    return issubclass(obj, nnx.Module) if isinstance(obj, type) else isinstance(obj, nnx.Module)


# -- to the hub -------------------------------------------------------------------------------------------------------


def to_hub(module: nnx.Module, *, params_v: Any = None) -> ModuleSpec:
    """Describe an nnx module.

    Args:
        module: any `nnx.Module`.
        params_v: not used: the module has its parameters.

    Returns:
        The hub form. Parameters are called by their place in the module's state, such as ``"layers.0.kernel"``.
    """
    found = _Walk(module)
    params = _params(module, found)
    places = {p.name: p.path for p in params}
    return ModuleSpec(
        name=type(module).__name__,
        system="flax",
        framework="jax",
        obj=module,
        params=params,
        arrays=lambda: {name: _array(_at(module, path)) for name, path in places.items()},
        capture=_capture,
        load=lambda values: _load(module, places, values),
        classes=found.classes,
        shared=found.shared,
        containers=frozenset(found.containers),
        modes=_modes(module, found),
        train=_trains(module),
        takes_key=bool(jax.tree.leaves(nnx.state(module, nnx.RngState))),
        part=lambda path: None if path in found.containers else to_hub(_at(module, path)),
        locate=lambda x: found.first.get(id(x)) if isinstance(x, nnx.Module) else None,
        layers=found.layers,
    )


def _params(module: nnx.Module, found: _Walk) -> tuple[ParamSpec, ...]:
    params = found.params()
    return module._ivy.conversion.with_traits(params) if isinstance(module, Part) else params


def _modes(module: nnx.Module, found: _Walk) -> dict[tuple[str, ...], bool]:
    """Return the modes of the parts that have one of their own, where it is not that of the whole module."""
    whole, modes = _trains(module), {}
    for path in found.classes:
        part = vars(_at(module, path))
        for name in ("deterministic", "use_running_average"):
            if path and isinstance(part.get(name), bool) and part[name] is whole:
                modes[path] = not part[name]
    return modes


class _Walk:
    """What a module holds, in the order of its attributes (flax's own state is sorted by name).

    Attributes:
        leaves: variables and bare arrays with every path that leads to them, by identity.
        owners: the part that holds the leaf at its first path.
        classes: class names of the parts by path.
        shared: path of a part that is met again -> its first path.
        containers: paths of what only holds parts.
        first: the first path of each part, by identity.
        layers: the standard layers by their first paths.
    """

    def __init__(self, module: nnx.Module) -> None:
        self.leaves: dict[int, tuple[Any, list[tuple[str, ...]]]] = {}
        self.owners: dict[int, Any] = {}
        self.classes: dict[tuple[str, ...], str] = {}
        self.shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.containers: set[tuple[str, ...]] = set()
        self.first: dict[int, tuple[str, ...]] = {}
        self.layers: dict[tuple[str, ...], Layer] = {}
        self._visit(module, ())

    def _visit(self, part: Any, path: tuple[str, ...]) -> None:
        if isinstance(part, nnx.Module):
            self.classes[path] = type(part).__name__
            if id(part) in self.first:
                self.shared[path] = self.first[id(part)]
            if id(part) not in self.first and (layer := recognise(part)) is not None:
                self.layers[path] = layer
            self.first.setdefault(id(part), path)
            if not callable(part):
                self.containers.add(path)
            items = [(k, v) for k, v in vars(part).items() if not k.startswith(("_pytree__", "_ivy"))]
        elif isinstance(part, dict):
            self.containers.add(path)
            items = [(str(k), v) for k, v in part.items()]
        elif isinstance(part, (list, tuple)):
            self.containers.add(path)
            items = [(str(k), v) for k, v in enumerate(part)]
        else:
            items = []
        for name, value in items:
            if isinstance(value, (nnx.Rngs, nnx.RngStream, nnx.RngState)):
                continue
            if isinstance(value, (nnx.Variable, jax.Array)):
                if hasattr(_array(value), "dtype"):
                    self.owners.setdefault(id(value), part)
                    self.leaves.setdefault(id(value), (value, []))[1].append((*path, name))
            else:
                self._visit(value, (*path, name))

    def params(self) -> tuple[ParamSpec, ...]:
        """Describe the leaves."""
        return tuple(_param(leaf, paths, self.owners[key]) for key, (leaf, paths) in self.leaves.items())


def _array(leaf: Any) -> Any:
    return leaf.get_value() if isinstance(leaf, nnx.Variable) else leaf


def _param(leaf: Any, paths: list[tuple[str, ...]], owner: Any) -> ParamSpec:
    value, path = _array(leaf), paths[0]
    parameter = isinstance(leaf, (nnx.Param, Frozen))
    return ParamSpec(
        name=".".join(path),
        path=path,
        shape=tuple(value.shape),
        dtype=as_dtype(value.dtype),
        trainable=isinstance(leaf, nnx.Param) and jax.numpy.issubdtype(value.dtype, jax.numpy.inexact),
        buffer=not parameter,
        statistic=isinstance(leaf, nnx.Variable) and not parameter,
        aliases=tuple(paths[1:]),
        role=_role(owner, path[-1], value.ndim),
    )


def _role(owner: Any, attribute: str, ndim: int) -> Role | None:
    if attribute != "kernel":
        return None
    if isinstance(owner, nnx.Linear) and ndim == 2:
        return Role("linear", "IO")
    if isinstance(owner, nnx.ConvTranspose) and ndim > 2:
        return None if owner.transpose_kernel else Role("conv_transpose", "*IO")
    return Role("conv", "*IO") if isinstance(owner, nnx.Conv) and ndim > 2 else None


def _trains(module: nnx.Module) -> bool:
    modes = [
        getattr(part, name)
        for _, part in nnx.iter_modules(module)
        for name in ("deterministic", "use_running_average")
        if isinstance(getattr(part, name, None), bool)
    ]
    return not all(modes)


def _load(module: nnx.Module, places: Mapping[str, tuple[str, ...]], values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        leaf = _at(module, places[name])
        if isinstance(leaf, nnx.Variable):
            leaf.set_value(value)
        else:
            owner, last = _at(module, places[name][:-1]), places[name][-1]
            if isinstance(owner, list):
                owner[int(last)] = value
            elif isinstance(owner, dict):
                owner[next(k for k in owner if str(k) == last)] = value
            else:
                setattr(owner, last, value)


def _at(part: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if name in getattr(part, "__dict__", ()):
            part = vars(part)[name]
        elif isinstance(part, dict):
            part = next(v for k, v in part.items() if str(k) == name)
        else:
            part = part[int(name)]
    return part


def _capture(obj: nnx.Module, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
    with _stubbed(obj, options):
        return _captured(obj, args, kwargs, options)


@contextmanager
def _stubbed(module: nnx.Module, options: Any) -> Iterator[None]:
    """Let submodules record one call of a part each time they are called, however the code reaches them."""
    undo: list[Callable[[], None]] = []

    def assign(path: str, value: Callable[[Any], Any]) -> None:
        *above, name = path.split(".")
        owner = _at(module, tuple(above))
        before = vars(owner)[name]
        setattr(owner, name, value(before))
        undo.append(lambda: setattr(owner, name, before))

    try:
        for path, length in options.lengths.items():
            assign(path, partial(_resized, length))
        for path in options.removed:
            assign(path, lambda part: None)
        for path, stub in options.parts.items():
            undo.append(_stand_in(_at(module, tuple(path.split("."))), stub))
        yield
    finally:
        for step in reversed(undo):
            step()


def _resized(length: int, parts: Any) -> nnx.List:
    return nnx.List([parts[i] if i < len(parts) else copy(parts[-1]) for i in range(length)])


def _stand_in(part: Any, stub: Stub) -> Callable[[], None]:
    """Let a module record its calls; return what undoes that."""
    cls: Any = type(part)
    part._ivy_stub = stub
    object.__setattr__(part, "__class__", _stub_class(cls))

    def undo() -> None:
        object.__setattr__(part, "__class__", cls)
        del part._ivy_stub

    return undo


@cache
def _stub_class(cls: Any) -> type:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        from ivy_jax.capture.parts import call_stub

        result = call_stub(self._ivy_stub, args, kwargs)
        if result is not NotImplemented:
            return result
        return self._ivy_stub.gave(cls.__call__(self, *args, **kwargs), lambda x: isinstance(x, jax.Array), aval_of)

    return type(cls.__name__, (cls,), {"__call__": call, "__module__": cls.__module__})


def _captured(obj: nnx.Module, args: tuple[Any, ...], kwargs: Mapping[str, Any], options: Any) -> Any:
    found = _Walk(obj)
    specs = {p.name: p for p in _params(obj, found)}
    named = {key: ".".join(paths[0]) for key, (_, paths) in found.leaves.items()}
    graphdef, rngs, rest = nnx.split(obj, nnx.RngState, ...)
    streams, others = nnx.to_flat_state(rngs), nnx.to_flat_state(rest)
    # flax calls a leaf by one of its paths, not always by the first
    names = {path: named[id(_at(obj, tuple(map(str, path))))] for path, v in others if hasattr(_array(v), "dtype")}
    arrays = {name: _array(v) for (path, v) in others if (name := names.get(path))}
    switch = options.train is not None and options.train != _trains(obj)

    kept: Kept = options.kept
    latest: list[Changes] = []
    originals = {names[path]: _at(obj, tuple(map(str, path))) for path in names}

    def pure(params: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
        key = kwargs.pop(KEY, None)
        flat = {}
        for path, v in others:
            new = params[names[path]] if path in names else None
            flat[path] = v if new is None else v.replace(new) if isinstance(v, nnx.Variable) else new
        for i, (path, v) in enumerate(streams):
            flat[path] = v if key is None else v.replace(_stream(v, key, i))
        model = nnx.merge(graphdef, nnx.from_flat_state(list(flat.items())))
        if switch:
            (model.train if options.train else model.eval)()
        leaves = {name: _at(model, tuple(map(str, path))) for path, name in names.items()}
        heap = Heap({"": model}, _NnxRules(leaves))
        try:
            heap.substitute({id(x): leaves[name] for name, x in originals.items()})  # those held elsewhere
            heap.mark()
            heap.put(kept.structure, params)
            out = (model if options.method is None else getattr(model, options.method))(*args, **kwargs)
            latest[:] = [heap.changes()]
            new = {}
            for path, name in names.items():
                value = _array(_now(model, path, leaves[name]))
                if getattr(value, "shape", None) == params[name].shape and value.dtype == params[name].dtype:
                    new[name] = value  # any other is state of its own
        finally:
            heap.restore()
        return out, {**new, **{name: _array(x) for name, x in latest[0].arrays.items()}}

    graph = capture_pure(
        pure,
        arrays,
        args,
        kwargs,
        params=specs.values(),
        options=options,
        name=type(obj).__name__,
        like=getattr(obj, options.method or "__call__"),
        kept=kept.arrays,
    )
    graph.kept = latest[0].stored(graph, had=bool(kept))
    return noted(graph, latest[0])


def _now(model: nnx.Module, path: Any, before: Any) -> Any:
    """Return what is at a path after a call, where the module may have dropped it."""
    try:
        return _at(model, tuple(map(str, path)))
    except (KeyError, IndexError, ValueError, StopIteration):
        return before


class _NnxRules(Rules):
    """What is what among flax's objects.

    Args:
        leaves: the variables and bare arrays that are parameters and buffers, by name.
    """

    def __init__(self, leaves: Mapping[str, Any]) -> None:
        self.leaves = leaves
        self.taken = leaves
        self._names = {id(x): name for name, x in leaves.items()}

    def is_array(self, x: Any) -> bool:
        return isinstance(x, (nnx.Variable, jax.Array))

    def hidden(self, owner: Any) -> frozenset[str]:
        return (
            frozenset(n for n in vars(owner) if n.startswith("_pytree__")) if isinstance(owner, nnx.Pytree) else _NONE
        )

    def enters(self, x: Any) -> bool:
        return isinstance(x, nnx.Pytree) and not isinstance(x, (nnx.Variable, nnx.Rngs, nnx.RngStream))

    def reference(self, array: Any) -> str | None:
        return self._names.get(id(array))

    def parameter(self, name: str) -> Any:
        return self.leaves[name]

    def carried(self, owner: Any, key: Any, old: Any, new: Any) -> bool:
        if self.reference(old) is None or isinstance(old, nnx.Variable) or not isinstance(new, jax.Array):
            return False
        return bool(old.shape == new.shape and old.dtype == new.dtype)

    def parts(self, x: Any) -> tuple[Any, Any] | None:
        if not isinstance(x, nnx.Variable) or self.reference(x) is not None:
            return None
        return (type(x), tuple(sorted(x.get_metadata().items(), key=str))), x.get_value()

    def make(self, how: Any, value: Any) -> Any:
        cls, metadata = how
        return cls(value, **dict(metadata))


_NONE: frozenset[str] = frozenset()


def _stream(v: nnx.Variable, key: Any, i: int) -> Any:
    old = v.get_value()
    if isinstance(v, nnx.RngCount):
        return jax.numpy.zeros_like(old)
    new = jax.random.fold_in(jax.random.wrap_key_data(key), i)
    return new if old.shape == () else jax.random.split(new, old.shape)


# -- from the hub -----------------------------------------------------------------------------------------------------


class Part(LivingPart, nnx.Module):
    """A converted model or a submodule of one: variables and further parts under the source's names.

    It runs the function that is generated for its submodule of the source on the variables that it holds now. Parts
    that were replaced, capture intermediates, or are in another mode are called by that function, the others are
    inlined in it.
    """

    def __init__(self, ivy: Any, train: bool) -> None:
        self._ivy = ivy
        self.deterministic = not train

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the module; arrays may be of JAX, NumPy or the source framework.

        Args:
            *args: as for the source's module.
            **kwargs: likewise; ``rng`` is a random key (of either style, a seed, or `nnx.Rngs`) to draw from instead of
                the model's own streams, unless the source has an argument of that name.
        """
        return self._ivy_run(None, args, kwargs)

    def _ivy_run(self, method: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        conversion: Conversion = self._ivy.conversion
        variables, called = self._gather(conversion)
        params = {name: _value(v) for name, v in variables.items()}
        kept = self._ivy_state
        given = taken_rng(conversion.spec, kwargs)
        draw = self._draw_key if given is None else lambda: raw_key(given)
        train = not self.deterministic
        out, updates = conversion.run(
            params, args, kwargs, train=train, rng=draw, kept=kept, called=called, method=method
        )
        if type(updates) is Left:
            self._keep(kept, updates)
        for name, value in updates.items():
            variables[name].set_value(value)
        return out

    @property
    def _ivy_train(self) -> bool:
        return not self.deterministic

    @property
    def _ivy_state(self) -> Kept:
        held: Any = self._ivy_kept
        return held.now() if held else EMPTY

    def _gather(self, conversion: Conversion) -> tuple[dict[str, nnx.Variable], Called | None]:
        """Return the variables by name, and the parts that are to be called."""
        parts, called = SYSTEM.gather(self, conversion, not self.deterministic)
        variables = {}
        for name, place, attribute, _ in conversion.slots.tensors:
            part = parts[place]
            if part is not None:
                v = vars(part).get(attribute)
                if isinstance(v, nnx.Variable):
                    variables[name] = v
        return variables, called

    def _keep(self, kept: Kept, updates: Left) -> None:
        new = kept.after(updates)
        try:
            held: Any = self._ivy_kept
            if held and new.structure == kept.structure:
                held.replace(new)
            else:
                self._ivy_kept = KeptState(new)
        except flax.errors.TraceContextError as error:
            refuse_kept(updates.stored, "jax.jit", error)

    def _draw_key(self) -> Any:
        rngs = vars(self).get("rngs")
        if rngs is not None:
            return raw_key(rngs.dropout())
        draw = enclosing_draw()
        if draw is None:
            raise ArgumentError(
                f"{type(self).__name__} draws random numbers, and is called without the model that it is a part of",
                hint="pass rng=jax.random.key(0), or give it streams: part.rngs = nnx.Rngs(0)",
            )
        return draw()

    def __getattr__(self, name: str) -> Any:
        return self._ivy_attribute(name)


class _Listed(ListedPart, Part):
    """A part whose children are numbered, and that can be called."""

    def _ivy_sequence(self, parts: list[Any]) -> nnx.Sequential:
        return nnx.Sequential(*parts)


class Converted(Part):
    """A model converted to flax: a native `nnx.Module`.

    `train()` and `eval()` switch its mode. Training draws keys for dropout from the stream ``dropout`` of `rngs`, which
    is part of the state and can be replaced.

    Args:
        conversion: the model in the hub form with JAX as its target.
        train: whether it starts in training mode; the source's mode by default.
        rngs: the random streams.
    """

    def __init__(self, conversion: Conversion, *, train: bool | None = None, rngs: nnx.Rngs | None = None) -> None:
        mode = conversion.spec.train if train is None else train
        super().__init__(conversion, mode)
        self.rngs = nnx.Rngs(dropout=0) if rngs is None else rngs
        arrays = conversion.initial()
        made = {name: _kind(p)(arrays[name]) for name, p in conversion.params.items()}
        modes = conversion.spec.modes if train is None else {}

        def blank(tree: Tree) -> nnx.Module:
            return _blank(tree, modes.get(tree.path, mode), self.rngs)

        _grow(self, conversion.tree(_attribute), made, {}, blank)


class ConvertedList(Converted, _Listed):
    """A converted model whose parts are numbered."""


def _kind(p: ParamSpec) -> type[nnx.Variable]:
    if p.buffer:
        return nnx.BatchStat
    return nnx.Param if p.trainable else Frozen


def _grow(
    part: nnx.Module,
    tree: Tree,
    made: Mapping[str, nnx.Variable],
    known: dict[int, nnx.Module],
    blank: Callable[[Tree], nnx.Module],
) -> None:
    for attribute, name in tree.leaves.items():
        setattr(part, attribute, made[name])
    for attribute, child in tree.children.items():
        if id(child) not in known:
            known[id(child)] = blank(child)
            _grow(known[id(child)], child, made, known, blank)
        if isinstance(part, nnx.List):
            part.append(known[id(child)])
        else:
            setattr(part, attribute, known[id(child)])


def _blank(tree: Tree, train: bool, rngs: nnx.Rngs) -> nnx.Module:
    if tree.native is not None:
        layer: nnx.Module = tree.native.make()
        if isinstance(layer, nnx.Dropout):  # alone it draws from the model's stream
            layer.rngs = rngs.dropout
        layer.set_attributes(deterministic=not train, use_running_average=not train, raise_if_not_found=False)
        return layer
    if not tree.calls and not tree.leaves:
        if tree.is_list or not tree.children:
            return nnx.List()
        if all(map(str.isidentifier, tree.children)):
            return nnx.Dict()
    cls: Any = _class(tree.class_name, _Listed if tree.is_list else Part)
    made: nnx.Module = cls(tree.handle, train)
    return made


def _value(v: nnx.Variable) -> Any:
    """Return a variable's array: `get_value` at a tenth of its cost where nothing special is about it."""
    raw = v.get_raw_value()
    if isinstance(raw, jax.Array) and not isinstance(raw, jax.core.Tracer) and not v.has_metadata("on_get_value"):
        return raw
    return v.get_value()


def evaluate(part: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return what a module gives, with `Aval`s in place of arrays; nothing is computed or changed.

    Args:
        part: any module, or a function.
        args: positional arguments, with `Aval`s.
        kwargs: keyword arguments, likewise.
    """
    if isinstance(part, Part) and "_ivy_stub" not in vars(part):
        return part._abstract(args, kwargs)
    graphdef, state = nnx.split(part)

    def call(state: Any, *a: Any, **k: Any) -> Any:  # on variables of this trace
        return nnx.merge(graphdef, state)(*a, **k)

    return abstract_result(call, args, kwargs, state=state)


def _described(part: Any) -> Any:
    """Return what of a module decides on the types of its results, as far as that is seen from outside."""
    if not isinstance(part, nnx.Module):
        return part
    leaves = [(path, _array(v)) for path, v in nnx.iter_graph(part) if isinstance(v, nnx.Variable)]
    kinds = [(path, x.shape, str(x.dtype)) for path, x in leaves if hasattr(x, "dtype")]
    return type(part), vars(part).get("deterministic"), tuple(kinds)


@cache
def _class(name: str, base: type) -> type:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return base.__call__(self, *args, **kwargs)

    call.__doc__, call.__name__ = base.__call__.__doc__, "__call__"
    # a call of its own: nnx.capture takes down what the methods of a module's own class give
    return type(name, (base,), {"__module__": __name__, "__call__": call})


_TAKEN = frozenset(dir(nnx.Module)) | {
    "graph", "code", "rngs", "deterministic", "to_backend",
    "_ivy", "_ivy_kept", "_ivy_run", "_ivy_at", "_ivy_stub",
}  # fmt: skip


def _attribute(part: str) -> str:
    """Turn a part of a name into an attribute that an nnx module allows."""
    name = part or "_"
    while name in _TAKEN:
        name += "_"
    return name


def _changed(state: dict[str, Any], train: bool) -> bool:
    return state["deterministic"] is train or "__captures__" in state or "_ivy_stub" in state


SYSTEM = System(
    attribute=_attribute,
    child=lambda part, name: vars(part).get(name),
    children=lambda part: {str(i): x for i, x in enumerate(part)} if type(part) is nnx.List else vars(part),
    containers=(nnx.List, nnx.Dict),
    changed=_changed,
    evaluate=evaluate,
    describe=_described,
    value=lambda x: _value(x) if isinstance(x, nnx.Variable) else x,
)
Part._ivy_system = SYSTEM


def from_hub(conversion: Conversion, *, train: bool | None = None, rngs: nnx.Rngs | None = None) -> Converted:
    """Build an nnx module.

    Args:
        conversion: the model in the hub form with JAX as its target.
        train: whether it starts in training mode; the source's mode by default.
        rngs: random streams for dropout.

    Returns:
        A native module.
    """
    base = ConvertedList if conversion.tree(_attribute).is_list else Converted
    made: Converted = _class(conversion.spec.name, base)(conversion, train=train, rngs=rngs)
    return made


def class_from_hub(source: type, convert: Callable[[Any], Conversion], **options: Any) -> type:
    """Make a class of nnx modules out of a class of another system's; its constructor takes the source's arguments."""
    init = constructor(Converted, source, convert, options)
    return type(source.__name__, (Converted,), {"__init__": init})
