"""flax linen modules to the hub form and back."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import nullcontext
from functools import cache
from typing import Any

import flax
import jax
from flax import linen as nn

from ivy.dtypes import as_dtype
from ivy.errors import ArgumentError, ConversionError
from ivy.graph.aval import Aval
from ivy.graph.containers import flatten, unflatten
from ivy.graph.content import content
from ivy.graph.kept import EMPTY, Kept, Left, Stored
from ivy.stateful.conversion import Conversion
from ivy.stateful.native import ConvertedModel, mode_of_call, taken_rng, takes_argument
from ivy.stateful.parts import Called, result_of, source_attribute, way_to
from ivy.stateful.spec import KEY, ModuleSpec, ParamSpec, Tree
from ivy.transpiler.held import refuse_kept
from ivy_jax.converters.layouts import initial_arrays, layout, root_of
from ivy_jax.converters.pure import MODES, Mode, abstract_result, capture_pure, guess_role, raw_key, register_kept
from ivy_jax.converters.watchers import linen_unwatched, linen_watched

__all__ = ["STORAGE", "Converted", "Part", "class_from_hub", "from_hub", "owns", "to_hub"]

STORAGE = {"conv": "*IO", "conv_transpose": "*IO", "linear": "IO"}
_STATISTICS = "batch_stats"
_KEPT = "ivy_kept"
register_kept()


def owns(obj: Any) -> bool:
    """Tell whether an object is a linen module or a class of them."""
    return issubclass(obj, nn.Module) if isinstance(obj, type) else isinstance(obj, nn.Module)


# -- to the hub -------------------------------------------------------------------------------------------------------

Place = tuple[str, tuple[str, ...]]  # collection, path in it


def to_hub(module: nn.Module, *, params_v: Any = None) -> ModuleSpec:
    """Describe a linen module.

    Args:
        module: a module, or one bound to its variables.
        params_v: its variables, as ``init`` returned them; the ``params`` collection alone will do.

    Returns:
        The hub form. Parameters are called by their path, such as ``"Dense_0.kernel"``.

    Raises:
        ConversionError: if there are no variables.
    """
    if params_v is None and module.scope is not None:
        module, params_v = module.unbind()
    converted = isinstance(module, Part)
    if params_v is None and converted:
        params_v = module.initial()
    if params_v is None:
        raise ConversionError(
            f"the linen module {type(module).__name__} has its variables outside of it",
            hint="pass what init returned: ivy.transpile(module, ..., params_v=module.init(key, x))",
        )
    variables: Mapping[str, Any] = params_v if "params" in params_v or _STATISTICS in params_v else {"params": params_v}
    places = _places(variables)
    arrays = {name: value for name, _, value in places}
    specs = tuple(_param(name, place, value) for name, place, value in places)
    if converted:
        roles = {p.name: p for p in module.conversion.placed()}
        specs = tuple(q if (q := roles.get(p.name)) and q.shape == p.shape else p for p in specs)
    mode = Mode(type(module).__call__, 1)
    fields = {n: getattr(module, n) for n in MODES if _is_flag(module, n)}
    if mode.name in fields:
        mode.name = None  # the field says so, and the call may not
    initial = mode.initial if mode.name else any(v == MODES[n] for n, v in fields.items())

    seen = _Seen(module, variables)

    def capture(obj: nn.Module, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
        train = initial if options.train is None else options.train
        model = obj.clone(**{n: train == MODES[n] for n in fields}) if fields else obj
        call = getattr(obj, options.method or "__call__")

        def pure(arrays: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
            key = kwargs.pop(KEY, None)
            now: dict[str, Any] = {collection: {} for collection in variables}
            for name, (collection, path), _ in places:
                inner = now[collection]
                for part in path[:-1]:
                    inner = inner.setdefault(part, {})
                inner[path[-1]] = arrays[name]
            (mode if options.method is None else Mode(call)).apply(args, kwargs, train)
            rngs = None if key is None else {"dropout": key, "params": key}
            # statistics change in training only, any other state (a cache) whenever the module says so
            mutable = [c for c in variables if c != "params" and (train or c != _STATISTICS)]
            with nn.intercept_methods(seen.interceptor(options, train)) if seen.looks(options) else nullcontext():
                out, new = model.apply(now, *args, rngs=rngs, mutable=mutable, method=options.method, **kwargs)
            return out, {n: _at(new, c, path) for n, (c, path), _ in places if c in mutable}

        return capture_pure(
            pure,
            arrays,
            args,
            kwargs,
            params=specs,
            options=options,
            name=type(obj).__name__,
            like=call,
        )

    def load(values: Mapping[str, Any]) -> Any:
        new = jax.tree.map(lambda x: x, dict(variables))
        for name, (collection, path), _ in places:
            if name in values:
                inner = new[collection]
                for part in path[:-1]:
                    inner = inner[part]
                inner[path[-1]] = values[name]
        return new

    return ModuleSpec(
        name=type(module).__name__,
        system="linen",
        framework="jax",
        obj=module,
        params=specs,
        arrays=lambda: arrays,
        capture=capture,
        load=load,
        train=initial,
        takes_key=True,
        detail=params_v,
        classes=seen.classes,
        containers=frozenset(seen.containers),
        part=seen.part,
    )


class _Seen:
    """The submodules of a linen module, as far as they are known: linen makes them while the module runs.

    Those that are defined in ``setup`` are known at once. Those of compact methods are noted while the module is
    captured.

    Args:
        module: the module.
        variables: its variables.

    Attributes:
        classes: class names of the submodules by path.
        containers: paths of those that can't be called.
    """

    def __init__(self, module: nn.Module, variables: Mapping[str, Any]) -> None:
        self.module, self.variables = module, variables
        self.found: dict[tuple[str, ...], nn.Module] = {}
        self.classes: dict[tuple[str, ...], str] = {}
        self.containers: set[tuple[str, ...]] = set()
        self._visit(module.bind(variables), ())

    def _visit(self, bound: Any, path: tuple[str, ...]) -> None:
        self.classes[path] = type(bound).__name__
        if not callable(bound) or (isinstance(bound, Part) and not bound._ivy_node.calls):
            self.containers.add(path)
        elif path:
            self.note(bound, path)
        try:
            bound._try_setup()
        except flax.errors.FlaxError:  # it needs what only a call has, such as a random stream
            return
        for name, child in bound._state.children.items():
            if isinstance(child, nn.Module):
                self._visit(child, (*path, name))

    def note(self, bound: Any, path: tuple[str, ...]) -> None:
        """Keep a submodule, without its variables."""
        if path not in self.found:
            self.found[path] = bound.clone(parent=None, _deep_clone=True, _reset_names=True, name=None)

    def looks(self, options: Any) -> bool:
        """Whether a capture has to look at the calls of submodules."""
        return bool(options.parts or options.removed) or not isinstance(self.module, Part)

    def interceptor(self, options: Any, train: bool) -> Callable[..., Any]:
        """Return what sees the calls of submodules in a capture, and records one call of a part for each of its."""
        from ivy_jax.capture.parts import call_stub

        for path in options.removed:
            raise ConversionError(
                f"{path} of {type(self.module).__name__} cannot be removed",
                why="linen modules make their submodules while they run",
                hint="put a module there that returns its argument",
            )

        def intercept(run: Callable[..., Any], args: Any, kwargs: Any, context: Any) -> Any:
            module = context.module
            if context.method_name != "__call__" or not module.path:
                return run(*args, **kwargs)
            self.note(module, module.path)
            stub = options.parts.get(".".join(module.path))
            if stub is None:
                return run(*args, **kwargs)
            result = call_stub(stub, *Mode(type(module).__call__, 1).taken(args, kwargs, train))
            return run(*args, **kwargs) if result is NotImplemented else result

        return intercept

    def part(self, path: tuple[str, ...]) -> ModuleSpec | None:
        """Return the hub form of a submodule, None for what can't be called.

        Raises:
            ConversionError: if it is not known yet.
        """
        module = self.found.get(path)
        if path in self.containers:
            return None
        if module is None:
            raise ConversionError(
                f"{'.'.join(path)} of {type(self.module).__name__} can't be called alone yet",
                why="a submodule of a compact linen method is known once that has run",
                hint="call the whole model once, or pass args= to ivy.transpile",
            )
        own: dict[str, Any] = {"params": {}}
        for collection, tree in self.variables.items():
            inner: Any = tree
            for name in path:
                inner = inner.get(name) if hasattr(inner, "get") else None
            if inner is not None:
                own[collection] = inner
        return to_hub(module, params_v=own)


def _is_flag(module: nn.Module, name: str) -> bool:
    return name in type(module).__dataclass_fields__ and isinstance(getattr(module, name), bool)


def _places(variables: Mapping[str, Any]) -> list[tuple[str, Place, Any]]:
    from flax.traverse_util import flatten_dict

    found, names = [], set()
    for collection, tree in variables.items():
        for path, value in flatten_dict(nn.unbox(tree)).items():
            name = ".".join(path)
            if type(value) is Kept:  # of a converted model: its own
                continue
            name = name if name not in names else f"{name}_{collection}"
            names.add(name)
            found.append((name, (collection, path), value))
    return found


def _param(name: str, place: Place, value: Any) -> ParamSpec:
    collection, path = place
    owner = path[-2] if len(path) > 1 else ""
    return ParamSpec(
        name=name,
        path=tuple(name.split(".")),
        shape=tuple(value.shape),
        dtype=as_dtype(value.dtype),
        trainable=collection == "params",
        buffer=collection != "params",
        statistic=collection != "params",
        role=guess_role(owner, path[-1], value.ndim) if collection == "params" else None,
    )


def _at(tree: Any, collection: str, path: tuple[str, ...]) -> Any:
    inner = tree[collection]
    for part in path:
        inner = inner[part]
    return inner


# -- from the hub -----------------------------------------------------------------------------------------------------


_FLAX_KEYWORDS = frozenset(inspect.signature(nn.Module.apply).parameters) - {"self", "args", "kwargs"}


class Parts:
    """What stands in the places of parts of a converted model: its fields must be hashable, and hide modules from flax.

    Args:
        given: modules by the names of the places, such as ``"encoder.layer.0"``; None removes one.
    """

    def __init__(self, given: Mapping[str, Any] | Parts = ()) -> None:  # type: ignore[assignment]
        self.items: dict[str, Any] = dict(given.items if isinstance(given, Parts) else given)

    def at(self, attribute: str) -> tuple[bool, Any, Parts]:
        """Return whether the part of a name is another one, that one, and what stands in places within it."""
        inner = {k[len(attribute) + 1 :]: x for k, x in self.items.items() if k.startswith(f"{attribute}.")}
        return attribute in self.items, self.items.get(attribute), Parts(inner)

    def __bool__(self) -> bool:
        return bool(self.items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parts) and self.items == other.items

    def __hash__(self) -> int:
        return hash(tuple(self.items.items()))

    def __repr__(self) -> str:
        return repr(self.items)


class Part(ConvertedModel, nn.Module):
    """A converted model or a submodule of one: its variables and further parts have the source's names.

    It runs the function that is generated for its submodule of the source. Parts that were replaced, or that someone
    looks at (`nn.intercept_methods`, ``capture_intermediates=True``, `nn.tabulate`), are called by that function, the
    others are inlined in it.

    Args:
        ivy: what it knows its submodule of the source by.
        train_by_default: whether calls are in training mode unless they say otherwise.
        parts: modules that stand in the places of its parts, by the places' names, such as
            ``{"encoder.layer.0": nn.Dense(3)}``; ``model.clone(parts=...)`` gives a model with others. `init` creates
            their variables.
        keeps_modes: whether parts that the source has in another mode stay in that.
    """

    ivy: Any
    train_by_default: bool = False
    parts: Any = ()
    keeps_modes: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.parts, Parts):
            object.__setattr__(self, "parts", Parts(self.parts))
            for name in self.parts.items:
                self._ivy_check(name)
        object.__setattr__(self, "_ivy", self.ivy)
        super().__post_init__()

    def setup(self) -> None:
        """Make the parts."""
        for attribute, child in self._ivy_node.children.items():
            setattr(self, attribute, self._ivy_made(attribute, child))
        if self.is_initializing():
            self._ivy_initialise()

    def __call__(self, *args: Any, train: bool | None = None, **kwargs: Any) -> Any:
        """Run the module; arrays may be of JAX, NumPy or the source framework.

        Args:
            *args: as for the source's module.
            train: whether this call is in training mode; also the source's own argument of that name.
            **kwargs: as for the source's module; ``rng`` is a random key to draw from instead of the stream
                ``dropout``, unless the source has an argument of that name.
        """
        return self._ivy_run(None, args, kwargs, train)

    @nn.nowrap
    def _ivy_run(
        self, method: str | None, args: tuple[Any, ...], kwargs: dict[str, Any], given_mode: bool | None = None
    ) -> Any:
        conversion = self.conversion
        default = vars(self).get("_ivy_mode", self.train_by_default)
        mode = mode_of_call(conversion.spec, "train", given_mode, default, kwargs)
        given = taken_rng(conversion.spec, kwargs)
        draw = self._ivy_key if given is None else lambda: raw_key(given)
        kept = self._ivy_state()
        called = self._ivy_called(mode) or None
        laid = layout(conversion, _attribute)
        changed = laid.statistics
        if laid.constants:
            graph = conversion.prepare(args, kwargs, mode, kept=kept, called=called, method=method)
            changed = frozenset(conversion.changing(graph))
        params = self._ivy_arrays(changed, called)
        out, updates = conversion.run(
            params, args, kwargs, train=mode, rng=draw, kept=kept, called=called, method=method
        )
        if type(updates) is Left:
            self._ivy_keep(kept.after(updates), updates.stored)
        if not self.is_initializing():
            for name, value in updates.items():
                *above, attribute = laid.places[name]
                _module_at(self, above).scope.put_variable(_STATISTICS, attribute, value)
        return out

    @nn.nowrap
    def _ivy_state(self) -> Kept:
        return self.get_variable(_STATISTICS, _KEPT) if self.has_variable(_STATISTICS, _KEPT) else EMPTY

    @nn.nowrap
    def _ivy_keep(self, new: Kept, stored: Stored) -> None:
        if self.is_initializing():
            return
        if not self.is_mutable_collection(_STATISTICS):
            refuse_kept(stored, f"apply without mutable=[{_STATISTICS!r}]")
            return
        self.put_variable(_STATISTICS, _KEPT, new)

    @nn.nowrap
    def _ivy_key(self) -> Any:
        return raw_key(self.make_rng("dropout"))

    @nn.nowrap
    def _ivy_made(self, attribute: str, child: Tree) -> Any:
        """Return the module for a part."""
        replaced, module, within = self.parts.at(attribute)
        if replaced:
            return None if module is None else module.clone(name=None)
        mode = self._ivy_modes().get(child.path, self.train_by_default)
        return _class(child.class_name, Part)(child.handle, mode, within, self.keeps_modes)

    @nn.nowrap
    def _ivy_initialise(self) -> None:
        """Create the variables of this part."""
        root, _ = root_of(self.ivy)
        for attribute, name in self._ivy_node.leaves.items():
            p = root.params[name]
            if p.statistic or not p.buffer:
                self._ivy_variable(_STATISTICS if p.buffer else "params", attribute, root.kept[name])

    @property
    def _ivy_node(self) -> Tree:
        """This part in the tree of the whole model."""
        root, path = root_of(self.ivy)
        return layout(root, _attribute).nodes[path]

    @nn.nowrap
    def _ivy_modes(self) -> Mapping[tuple[str, ...], bool]:
        """Return the modes of the model's parts that have one of their own."""
        return root_of(self.ivy)[0].spec.modes if self.keeps_modes else {}

    @nn.nowrap
    def _ivy_arrays(self, changed: Container[str], called: Called | None) -> dict[str, Any]:
        """Return the parameters and buffers by name."""
        conversion, scope = self.conversion, self.scope
        assert scope is not None
        laid, initial = layout(conversion, _attribute), initial_arrays(self.ivy, _attribute)
        if self.is_initializing():
            for way in laid.ways.values():
                module = _module_at(self, way)
                if isinstance(module, Part):
                    module._try_setup()
        gone = (
            ()
            if called is None
            else [laid.calls[path] for path, x in called.parts.items() if x is None or not x.pristine]
        )
        found: dict[str, Any] = {}
        for name, (*above, attribute) in laid.places.items():
            p = conversion.params[name]
            if p.buffer and name not in changed:
                found[name] = initial[name]
                continue
            if gone and any(tuple(above[: len(way)]) == way for way in gone):
                continue
            collection = _STATISTICS if p.buffer else "params"
            value: Any = scope._collection(collection)
            for part in (*above, attribute):
                value = value.get(part) if hasattr(value, "get") else None
            value = nn.unbox(value)
            if value is None:
                value = self._ivy_tied(p)
            if value is None or getattr(value, "shape", None) != p.shape:
                value = _module_at(self, above)._ivy_variable(collection, attribute, initial[name])
            found[name] = value if p.trainable or p.buffer else jax.lax.stop_gradient(value)
        return found

    @nn.nowrap
    def _ivy_tied(self, p: ParamSpec) -> Any:
        """Return a parameter that the model has in another place than this part; None if there is none."""
        root, path = root_of(self.ivy)
        scope = self.scope
        assert scope is not None
        laid = layout(root, _attribute)
        own = laid.ways.get(path, ())
        value: Any = scope.root._collection("params")
        for part in (
            *scope.path[: len(scope.path) - len(own)],
            *laid.places.get(laid.names.get((*path, *p.path), ""), ("",)),
        ):
            value = value.get(part) if hasattr(value, "get") else None
        return nn.unbox(value)

    @nn.nowrap
    def _ivy_variable(self, collection: str, attribute: str, initial: Any) -> Any:
        """Return a variable, created where flax allows it, with flax's errors where there is none or a wrong one."""
        scope = self.scope
        assert scope is not None
        if collection == "params":
            return scope.param(attribute, lambda _: initial)
        return scope.variable(collection, attribute, lambda: initial).value

    @nn.nowrap
    def _ivy_called(self, train: bool) -> Called:
        """Return the parts that are to be called."""
        called = Called({}, _Call.evaluate, _Call.describe)
        laid = layout(self.conversion, _attribute)
        watched = linen_watched()
        modes, above = self._ivy_modes(), root_of(self.ivy)[1]
        for path, way in laid.calls.items():
            mode = modes.get((*above, *path), train)
            replaced = bool(self.parts) and any(".".join(way[:cut]) in self.parts.items for cut in range(1, len(way)))
            other = ".".join(way) in self.parts.items
            if replaced or not (other or watched or mode != train):
                continue
            module = _module_at(self, way)
            called.parts[path] = None if module is None else _Call(module, mode, not other, self._ivy_raw(way))
        return called

    @nn.nowrap
    def _ivy_raw(self, way: tuple[str, ...]) -> Any:
        """Return the module that stands in a place as it was given; None for a part of this model."""
        return self.parts.items.get(".".join(way))

    @nn.nowrap
    def _ivy_abstract(self, args: tuple[Any, ...], kwargs: dict[str, Any], train: bool) -> Any:
        """Return what a call gives, with `Aval`s in place of arrays."""
        called = self._ivy_called(train) or None
        return result_of(self.conversion, args, kwargs, train, kept=self._ivy_state(), called=called)

    @nn.nowrap
    def _ivy_check(self, name: str) -> None:
        tree = self._ivy_node
        for attribute in name.split("."):
            if attribute not in tree.children:
                raise ArgumentError(
                    f"{tree.class_name} has no part {name!r}", hint=f"there are: {', '.join(tree.children)}"
                )
            tree = tree.children[attribute]

    @nn.nowrap
    def _ivy_at(self, path: tuple[str, ...]) -> Any:
        return _module_at(self, way_to(layout(self.conversion, _attribute).tree, path))

    @nn.nowrap
    def __getattr__(self, name: str) -> Any:
        state = vars(self)
        if "_state" not in state or name.startswith("__"):
            raise AttributeError(name)
        ivy = state.get("ivy")
        tree = None if name.startswith(("__", "_ivy")) or ivy is None else self._ivy_node
        if self.scope is not None and not self._state.in_setup:
            self._try_setup()
            if name in state:
                return state[name]
            if tree is not None and name in tree.leaves:
                p = root_of(ivy)[0].params[tree.leaves[name]]
                return self.get_variable(_STATISTICS if p.buffer else "params", name, root_of(ivy)[0].kept[p.name])
        elif tree is not None and name in tree.children:
            return self._ivy_made(name, tree.children[name])
        return source_attribute(self, name, ivy, self._ivy_run, self._ivy_at)

    @nn.nowrap
    def __getitem__(self, index: int) -> Any:
        return getattr(self, str(range(len(self._ivy_node.children))[index]))

    @nn.nowrap
    def __len__(self) -> int:
        return len(self._ivy_node.children)

    @nn.nowrap
    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    @property
    def conversion(self) -> Conversion:
        """What the module runs on."""
        made: Conversion = self.ivy.conversion
        return made

    def apply(self, variables: Any, *args: Any, **kwargs: Any) -> Any:
        """Apply the module, as every linen module; ``method`` may name a method of the source.

        Raises:
            ArgumentError: for a keyword that means one thing to flax and another to the source.
        """
        method = kwargs.get("method")
        spec = self.conversion.spec
        for name in _FLAX_KEYWORDS & kwargs.keys():
            if takes_argument(spec, name) and not (name == "method" and method is not None and callable(method)):
                raise ArgumentError(
                    f"{name}= could be flax's or the argument of the source, {spec.name}",
                    hint=f"give the source's by position; for flax's, call flax.linen.apply(fn, module, {name}=...)",
                )
        if isinstance(method, str) and not hasattr(type(self), method):
            kwargs["method"] = _named(method)
        return super().apply(variables, *args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """Return the converted variables by collection, as `init` does without needing an input.

        Those of parts that were replaced are not among them.
        """
        found: dict[str, Any] = {"params": {}}
        laid, arrays = layout(self.conversion, _attribute), self.conversion.kept
        for name, path in laid.places.items():
            p = self.conversion.params[name]
            if p.buffer and not p.statistic:
                continue
            if any(".".join(path[:cut]) in self.parts.items for cut in range(1, len(path))):
                continue
            inner = found.setdefault(_STATISTICS if p.buffer else "params", {})
            for part in path[:-1]:
                inner = inner.setdefault(part, {})
            inner[path[-1]] = arrays[name]
        return found


class Converted(Part):
    """A model converted to linen: `init` gives the converted parameters.

    Statistics are in the collection ``batch_stats``, which must be mutable in training, and wherever a call leaves
    other state: that is an entry in it (``ivy_kept``) from the first such call on. Dropout takes the random stream
    ``dropout``. Parts are there under the source's names where the model is bound
    (``model.bind(variables).encoder.layer[0](x)``), and, without variables, on the model itself.
    """


def _named(method: str) -> Callable[..., Any]:
    def call(module: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(module, method)(*args, **kwargs)

    call.__name__ = method
    return call


class _Call:
    """A part that a model calls in one run.

    Args:
        part: the bound module.
        train: the mode of the call.
        pristine: whether it is what was converted.
        raw: what it was bound from; None for a part of this model.
    """

    def __init__(self, part: Any, train: bool, pristine: bool, raw: Any) -> None:
        self.part, self.train, self.pristine, self.raw = part, train, pristine, raw

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        part = self.part
        if not isinstance(part, Part):
            return part(*args, **_with_mode(part, kwargs, self.train))
        object.__setattr__(part, "_ivy_mode", self.train)
        try:
            result = part(*args, **kwargs)
        finally:
            object.__delattr__(part, "_ivy_mode")
        if linen_watched():  # whoever looks may give another result
            leaves, spec = flatten(result)
            known = [Aval(tuple(x.shape), as_dtype(x.dtype)) if isinstance(x, jax.Array) else x for x in leaves]
            self._results()[self._key(args, kwargs)] = unflatten(spec, known)
        return result

    def _results(self) -> dict[Any, Any]:
        return layout(root_of(self.part.ivy)[0], _attribute).results

    def _key(self, args: Any, kwargs: Any) -> Any:
        leaves, spec = flatten((tuple(args), dict(kwargs)))
        kinds = [(tuple(x.shape), str(x.dtype)) if hasattr(x, "dtype") else content(x) for x in leaves]
        return root_of(self.part.ivy)[1], self.train, spec, tuple(kinds)

    def evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return what a call gives, with `Aval`s in place of arrays."""
        if isinstance(self.part, Part) and linen_watched():
            key = self._key(args, kwargs)
            if key in self._results():
                return self._results()[key]
        with linen_unwatched():
            if isinstance(self.part, Part):
                return self.part._ivy_abstract(args, kwargs, self.train)
            key = jax.random.key(0)
            streams = {"params": key, "dropout": key, **dict.fromkeys(self.part.scope.rngs, key)}
            given = _with_mode(self.raw, kwargs, self.train)
            return abstract_result(
                lambda *a, **k: self.raw.clone(name=None, parent=None).init_with_output(streams, *a, **k)[0],
                args,
                given,
            )

    def describe(self) -> Any:
        """Return what of the part decides on the types of its results."""
        if isinstance(self.part, Part):
            return type(self.part), id(self.part.ivy), self.part.parts, self.train
        try:
            return self.raw, hash(self.raw), self.train
        except TypeError:  # a field that has no hash
            return type(self.raw), repr(self.raw), self.train


def _with_mode(part: Any, kwargs: Mapping[str, Any], train: bool) -> dict[str, Any]:
    """Return the arguments with the mode, for a module that is told by an argument and was not told by a field."""
    given = dict(kwargs)
    mode = Mode(type(part).__call__, 1)
    if mode.name is not None and getattr(part, mode.name, None) is None:
        mode.apply((), given, train)
    return given


def _module_at(module: Any, way: Iterable[str]) -> Any:
    for attribute in way:
        module = getattr(module, attribute)
    return module


@cache
def _class(name: str, base: type) -> type:
    return type(name, (base,), {"__module__": __name__})


_TAKEN = frozenset(dir(Part)) | {"ivy", "train_by_default", "parts", "keeps_modes", "name", "parent", "scope"}


def _attribute(part: str) -> str:
    """Turn a part of a name into one that a linen module allows."""
    name = part or "_"
    while name in _TAKEN:
        name += "_"
    return name


def from_hub(conversion: Conversion, *, train: bool | None = None, name: str | None = None) -> Converted:
    """Build a linen module.

    Args:
        conversion: the model in the hub form with JAX as its target.
        train: whether calls are in training mode by default; the source's mode by default.
        name: the module's name in a bigger one.

    Returns:
        A native module; ``module.initial()`` gives its variables.
    """
    mode = conversion.spec.train if train is None else train
    _ = conversion.kept  # the copy is made now: later changes of the source do not count
    made: Converted = _class(conversion.spec.name, Converted)(conversion, mode, keeps_modes=train is None, name=name)
    return made


def class_from_hub(source: type, convert: Callable[[Any], Conversion], **options: Any) -> Any:
    """Make a constructor of linen modules out of a class of another system's; it takes the source's arguments."""

    def build(*args: Any, **kwargs: Any) -> Converted:
        return from_hub(convert(source(*args, **kwargs)), **options)

    build.__name__ = build.__qualname__ = source.__name__
    return build
