"""Haiku's transformed functions to the hub form, and converted models as haiku modules.

A converted model is a factory: called inside `hk.transform` it gives an `hk.Module` whose parameters start as the
converted ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cache
from typing import Any

import haiku as hk
import jax

from ivy.dtypes import as_dtype
from ivy.errors import ConversionError
from ivy.graph.kept import EMPTY, Kept, Left
from ivy.stateful.conversion import Conversion
from ivy.stateful.native import mode_of_call, taken_rng, takes_argument
from ivy.stateful.parts import Called, result_of, source_attribute, way_to
from ivy.stateful.spec import KEY, ModuleSpec, ParamSpec, Tree, class_name
from ivy_jax.converters.layouts import initial_arrays, layout, root_of
from ivy_jax.converters.pure import Mode, abstract_result, capture_pure, guess_role, raw_key, register_kept
from ivy_jax.converters.watchers import haiku_unwatched, haiku_watched

__all__ = ["STORAGE", "Converted", "Factory", "Part", "class_from_hub", "from_hub", "owns", "to_hub"]

STORAGE = {"conv": "*IO", "conv_transpose": "*IO", "linear": "IO"}


def owns(obj: Any) -> bool:
    """Tell whether an object is a transformed haiku function or a converted model."""
    return isinstance(obj, (hk.Transformed, hk.TransformedWithState, Factory))


# -- to the hub -------------------------------------------------------------------------------------------------------


def to_hub(fn: Any, *, params_v: Any = None) -> ModuleSpec:
    """Describe a transformed haiku function.

    Args:
        fn: `hk.Transformed` or `hk.TransformedWithState`.
        params_v: what its ``init`` returned: the parameters, or ``(parameters, state)``.

    Returns:
        The hub form. Parameters are called ``"module/name"``.

    Raises:
        ConversionError: if `params_v` is missing.
    """
    if isinstance(fn, Factory):
        return fn.spec(params_v)
    if params_v is None:
        raise ConversionError(
            "a haiku function has its parameters outside of it",
            hint="pass what init returned: ivy.transpile(fn, ..., params_v=fn.init(key, x))",
        )
    return _Source(fn, params_v).spec()


class _Source:
    """A transformed function with its variables.

    Args:
        fn: `hk.Transformed` or `hk.TransformedWithState`.
        params_v: its variables.
    """

    def __init__(self, fn: Any, params_v: Any) -> None:
        self.fn, self.detail = fn, params_v
        self.stateful = isinstance(fn, hk.TransformedWithState)
        self.params, self.state = params_v if self.stateful and isinstance(params_v, tuple) else (params_v, {})
        self.places = _places(self.params, self.state)
        self.takes_key = _takes_rng(fn)
        self.lead = 1 + self.stateful + self.takes_key
        self.mode = Mode(fn.apply, self.lead)
        self.paths = {module: path[:-1] for _, (_, module, _), path in self.places}
        self.example: tuple[Any, Any] | None = None

    def spec(self) -> ModuleSpec:
        """Return the hub form."""
        tops = {module.partition("/")[0] for module in (*self.params, *self.state)}
        title = class_name(tops.pop()) if len(tops) == 1 else "Model"
        return ModuleSpec(
            name=title,
            system="haiku",
            framework="jax",
            obj=self.fn,
            params=tuple(_param(name, *place, self.params, self.state, flat) for name, place, flat in self.places),
            arrays=self.arrays,
            capture=self._capture,
            load=self._load,
            train=self.mode.initial,
            takes_key=self.takes_key,
            detail=self.detail,
            part=self._part,
        )

    def arrays(self) -> dict[str, Any]:
        """Return the arrays by name."""
        given = (self.params, self.state)
        return {name: given[kind][module][attribute] for name, (kind, module, attribute), _ in self.places}

    def _load(self, values: Mapping[str, Any]) -> Any:
        new: tuple[dict[str, Any], dict[str, Any]] = tuple(
            {m: dict(v) for m, v in given.items()} for given in (self.params, self.state)
        )  # type: ignore[assignment]
        for name, (kind, module, attribute), _ in self.places:
            if name in values:
                new[kind][module][attribute] = values[name]
        return new if self.stateful else new[0]

    def _run(self, arrays: Mapping[str, Any], key: Any, args: Any, kwargs: Any) -> tuple[Any, dict[str, Any]]:
        """Run the function; return its output and the new state."""
        now: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
        for name, (kind, module, attribute), _ in self.places:
            now[kind].setdefault(module, {})[attribute] = arrays[name]
        for kind, given in enumerate((self.params, self.state)):
            for module in given:  # modules without parameters count too
                now[kind].setdefault(module, {})
        lead = (key,) if self.takes_key else ()
        if not self.stateful:
            return self.fn.apply(now[0], *lead, *args, **kwargs), {}
        out, new = self.fn.apply(now[0], now[1], *lead, *args, **kwargs)
        return out, {name: new[m][a] for name, (kind, m, a), _ in self.places if kind == 1}

    def _capture(self, obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
        train = self.mode.initial if options.train is None else options.train

        def pure(arrays: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
            key = kwargs.pop(KEY, None)
            self.mode.apply(args, kwargs, options.train)
            self.example = jax.tree.map(_abstract, (args, kwargs))
            with self._stubbed(options, (), train):
                return self._run(arrays, key, args, kwargs)

        spec = self.spec()
        return capture_pure(
            pure,
            self.arrays(),
            args,
            kwargs,
            params=spec.params,
            options=options,
            name=spec.name,
            like=self.fn.apply,
            skip=self.lead,
        )

    @contextmanager
    def _stubbed(self, options: Any, above: tuple[str, ...], train: bool) -> Iterator[None]:
        """Let parts record one call each time they are called."""
        from ivy_jax.capture.parts import call_stub

        for path in options.removed:
            raise ConversionError(
                f"{path} of a haiku function cannot be removed",
                why="haiku modules exist only while their function runs",
                hint="put a module there that returns its argument",
            )

        def intercept(run: Callable[..., Any], args: Any, kwargs: Any, context: Any) -> Any:
            module = context.module
            path = self._path(module) if context.method_name == "__call__" else ()
            stub = options.parts.get(".".join(path[len(above) :])) if path[: len(above)] == above else None
            if stub is None or path == above:
                return run(*args, **kwargs)
            result = call_stub(stub, *Mode(type(module).__call__, 1).taken(args, kwargs, train))
            return run(*args, **kwargs) if result is NotImplemented else result

        with hk.intercept_methods(intercept) if options.parts else nullcontext():
            yield

    def _path(self, module: hk.Module) -> tuple[str, ...]:
        name = module.module_name
        return self.paths.get(name) or tuple(_parts(name))

    # A haiku module exists only while its function runs. So a part that is called alone is run in the function: on
    # arguments like those of the last call, up to the place where the part is called, which gets the given arguments.

    def _part(self, path: tuple[str, ...]) -> ModuleSpec:
        whole = self.spec()
        own = [p for p in whole.params if p.path[: len(path)] == path]
        names = {p.name: ".".join(p.path[len(path) :]) for p in own}
        params = tuple(replace(p, name=names[p.name], path=p.path[len(path) :]) for p in own)

        def capture(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
            def pure(arrays: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
                key = kwargs.pop(KEY, None)
                return self._run_part(path, {n: arrays[x] for n, x in names.items()}, key, args, kwargs, options)

            found = capture_pure(pure, arrays(), args, kwargs, params=params, options=options, name=path[-1])
            return found

        def arrays() -> dict[str, Any]:
            every = self.arrays()
            return {own: every[name] for name, own in names.items()}

        return replace(
            whole, name=class_name(path[-1]), obj=object(), params=params, arrays=arrays, capture=capture, load=None,
            detail=None, part=lambda inner: self._part((*path, *inner)),
        )  # fmt: skip

    def _run_part(
        self, path: tuple[str, ...], arrays: Mapping[str, Any], key: Any, args: Any, kwargs: Any, options: Any
    ) -> tuple[Any, dict[str, Any]]:
        name = ".".join(path)
        if self.example is None:
            raise ConversionError(
                f"{name} of a haiku function can't be called alone yet",
                why="a haiku module exists only while its function runs, and nothing is known of its arguments",
                hint="call the whole model once, or pass args= to ivy.transpile",
            )
        train = self.mode.initial if options.train is None else options.train

        def intercept(run: Callable[..., Any], _: Any, __: Any, context: Any) -> Any:
            module = context.module
            if context.method_name != "__call__" or self._path(module) != path:
                return run(*_, **__)
            given = dict(kwargs)
            Mode(type(module).__call__, 1).apply(args, given, train)
            out = run(*args, **given)
            raise _Found(out, module.state_dict())

        everything = {n: jax.numpy.zeros(x.shape, x.dtype) for n, x in self.arrays().items() if n not in arrays}
        whole_args, whole_kwargs = jax.tree.map(_filled, self.example)
        try:
            with self._stubbed(options, path, train), hk.intercept_methods(intercept):
                self._run({**everything, **arrays}, key, whole_args, whole_kwargs)
        except _Found as found:
            new = {n: found.state.get(f"{m}/{a}") for n, (kind, m, a), _ in self.places if kind == 1}
            own = {p.name: p.path[len(path) :] for p in self.spec().params if p.path[: len(path)] == path}
            return found.out, {".".join(own[n]): x for n, x in new.items() if x is not None and n in own}
        raise ConversionError(f"{name} was not called by the haiku function", hint="call the whole model instead")


class _Found(Exception):
    """A part's result, on the way out of the function that it was run in."""

    def __init__(self, out: Any, state: Mapping[str, Any]) -> None:
        self.out, self.state = out, state


def _abstract(x: Any) -> Any:
    return jax.ShapeDtypeStruct(x.shape, x.dtype) if isinstance(x, jax.Array) else x


def _filled(x: Any) -> Any:
    if not isinstance(x, jax.ShapeDtypeStruct):
        return x
    if jax.dtypes.issubdtype(x.dtype, jax.dtypes.prng_key):
        return jax.random.key(0)
    return jax.numpy.zeros(x.shape, x.dtype)


def _takes_rng(fn: Any) -> bool:
    """Whether `apply` takes a key, or `hk.without_apply_rng` took that away."""
    import inspect

    parameters = list(inspect.signature(fn.apply).parameters)
    lead = 1 + isinstance(fn, hk.TransformedWithState)
    return parameters[lead : lead + 1] == ["rng"]


Place = tuple[int, str, str]  # 0 for parameters and 1 for state, module, name


def _places(params: Any, state: Any) -> list[tuple[str, Place, tuple[str, ...]]]:
    """Return (name, place, path in the tree) of every array."""
    raw = [(kind, m, a) for kind, given in enumerate((params, state)) for m, arrays in given.items() for a in arrays]
    short = [(*_parts(m), a) for _, m, a in raw]
    twice = {path for path in short if short.count(path) > 1} if len(set(short)) < len(short) else set()
    found, names = [], set()
    for (kind, module, attribute), path in zip(raw, short, strict=True):
        name = f"{module}/{attribute}"
        name = name if name not in names else f"{name}@state"
        names.add(name)
        full = (*module.split("/"), attribute if not name.endswith("@state") else f"{attribute}_state")
        found.append((name, (kind, module, attribute), full if path in twice else path))
    return found


def _parts(module: str) -> list[str]:
    """Split a module's name, without the marks for the method that made it (``~``)."""
    return [part for part in module.split("/") if not part.startswith("~")]


def _param(
    name: str, kind: int, module: str, attribute: str, params: Any, state: Any, path: tuple[str, ...]
) -> ParamSpec:
    value = (params, state)[kind][module][attribute]
    return ParamSpec(
        name=name,
        path=path,
        shape=tuple(value.shape),
        dtype=as_dtype(value.dtype),
        trainable=kind == 0,
        buffer=kind == 1,
        statistic=kind == 1,
        role=guess_role(module.rpartition("/")[2], attribute, value.ndim) if kind == 0 else None,
    )


# -- from the hub -----------------------------------------------------------------------------------------------------


class Factory:
    """A converted model that makes haiku modules; call it inside `hk.transform`.

    ``factory()`` gives a module, ``factory(x)`` makes one and calls it. Parameters start as the converted ones. What
    calls in training mode update is haiku state; frozen parameters do not get gradients.

    Args:
        conversion: the model in the hub form with JAX as its target.
        train: whether modules are in training mode unless a call says otherwise (``is_training=``).
        keeps_modes: whether parts that the source has in another mode stay in that.
    """

    def __init__(self, conversion: Conversion, train: bool, keeps_modes: bool = True) -> None:
        self.conversion = conversion
        self.train = train
        self.keeps_modes = keeps_modes
        self.arrays = conversion.kept
        self.__name__ = conversion.spec.name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Make a module, and call it if there are arguments for it.

        Args:
            *args: the call's arguments, as for the source model.
            **kwargs: likewise; ``name`` and ``train`` are those of the module, unless there are arguments for the call
                and the source has one of that name.
        """
        rest = kwargs.keys() - {"name", "train"}
        own = {n for n in ("name", "train") if (args or rest) and takes_argument(self.conversion.spec, n)}
        name = None if "name" in own else kwargs.pop("name", None)
        train = self.train if "train" in own else kwargs.pop("train", self.train)
        module = _class(self.conversion.spec.name, Converted)(self, train, name=name)
        return module(*args, **kwargs) if args or kwargs else module

    @property
    def graph(self) -> Any:
        """The graph of the latest signature."""
        return self.conversion.graph

    @property
    def code(self) -> str:
        """The generated source of the latest signature."""
        return self.conversion.graph.code

    def spec(self, params_v: Any) -> ModuleSpec:
        """Describe the model, with its own arrays or those that a training has made of them."""
        params = self.conversion.placed()
        names = {p.name: old for p, old in zip(params, self.conversion.params, strict=True)}
        params_v = self._initial() if params_v is None else params_v
        root = self._root(params_v)

        def capture(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
            def pure(arrays: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
                key = kwargs.pop(KEY, None)
                own = {names[k]: x for k, x in arrays.items()}
                train = self.train if options.train is None else options.train
                return self.conversion.run(own, args, kwargs, train=train, rng=lambda: key)

            found = capture_pure(pure, arrays(), args, kwargs, params=params, options=options, name=self.__name__)
            found.updates = {k: n for k, n in found.updates.items() if k in names}
            return found

        def arrays() -> dict[str, Any]:
            own = {p.name: self.arrays[names[p.name]] for p in params}
            for p in params:
                for given in params_v if isinstance(params_v, tuple) else (params_v,):
                    module = given.get(_module_name(root, p.path[:-1]), {})
                    if p.path[-1] in module:
                        own[p.name] = module[p.path[-1]]
            return own

        def load(values: Mapping[str, Any]) -> Any:
            self.arrays.update({names[k]: x for k, x in values.items()})
            return self._initial()

        new = replace(self.conversion.spec)
        new.system, new.framework, new.obj, new.params = "haiku", "jax", self, params
        new.arrays, new.capture, new.load, new.train = arrays, capture, load, self.train
        new.takes_key, new.detail = True, params_v
        return new

    def _initial(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the arrays as ``(parameters, state)`` of a transformed function that is this model alone."""
        found: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
        root = _snake(self.conversion.spec.name)
        for path, name in layout(self.conversion).tree.walk():
            p = self.conversion.params[name]
            if not p.buffer or p.statistic:
                found[p.buffer].setdefault(_module_name(root, path[:-1]), {})[path[-1]] = self.arrays[name]
        return found

    def _root(self, params_v: Any) -> str:
        """Find the name that this model has in a bigger one's parameters."""
        paths = {path[:-1] for path, _ in layout(self.conversion).tree.walk()}
        modules = {m for given in (params_v if isinstance(params_v, tuple) else (params_v,)) for m in given}
        inner = max(paths, key=len, default=())
        end = "/" + "/".join(inner)
        for module in modules:
            root = module.removesuffix(end) if inner else module
            if (not inner or module.endswith(end)) and paths <= {
                p for p in paths if _module_name(root, p) in modules or not self._kept(p)
            }:
                return root
        raise ConversionError(
            f"params_v has no parameters of {self.__name__}", hint=f"there are: {', '.join(sorted(modules)[:8])}"
        )

    def _kept(self, path: tuple[str, ...]) -> bool:
        specs = (self.conversion.params[name] for p, name in layout(self.conversion).tree.walk() if p[:-1] == path)
        return any(not p.buffer or p.statistic for p in specs)

    def __repr__(self) -> str:
        return f"<haiku factory of {self.conversion!r}; call it inside hk.transform>"


class Part(hk.Module):
    """A converted model or a submodule of one: its parameters and further parts have the source's names.

    It runs the function that is generated for its submodule of the source. Parts that were replaced
    (``model.fc = hk.Linear(3)``), and all parts while someone looks (`hk.intercept_methods`), are called by that
    function, the others are inlined in it.
    """

    def __init__(self, ivy: Any, factory: Factory, train: bool, full_name: str | None = None, name: str = "") -> None:
        super().__init__(name="part" if full_name else name or None)
        if full_name:
            # haiku allows identifiers only, but the source's children may have numbers for names
            self.module_name = full_name
            self.name = full_name.rpartition("/")[2]
        self._ivy = ivy
        self._factory = factory
        self._train = train

    def __call__(self, *args: Any, is_training: bool | None = None, **kwargs: Any) -> Any:
        """Run the module; arrays may be of JAX, NumPy or the source framework.

        Args:
            *args: as for the source's module.
            is_training: whether this call is in training mode; also the source's own argument of that name.
            **kwargs: as for the source's module; ``rng`` is a random key to draw from instead of haiku's, unless the
                source has an argument of that name.
        """
        return self._ivy_run(None, args, kwargs, is_training)

    @hk.transparent
    def _ivy_run(
        self, method: str | None, args: tuple[Any, ...], kwargs: dict[str, Any], is_training: bool | None = None
    ) -> Any:
        conversion: Conversion = self._ivy.conversion
        default = vars(self).get("_ivy_mode", self._train)
        train = mode_of_call(conversion.spec, "is_training", is_training, default, kwargs)
        given = taken_rng(conversion.spec, kwargs)
        kept = self._ivy_state()
        called = self._ivy_called(train) or None
        laid = layout(conversion)
        changed: Container[str] = laid.statistics
        if laid.constants:
            graph = conversion.prepare(args, kwargs, train, kept=kept, called=called, method=method)
            changed = conversion.changing(graph)
        params: dict[str, Any] = {}
        owners: dict[str, tuple[Part, str]] = {}
        self._ivy_collect(laid.tree, initial_arrays(self._ivy), changed, params, owners)
        out, updates = conversion.run(
            params,
            args,
            kwargs,
            train=train,
            rng=lambda: raw_key(hk.next_rng_key() if given is None else given),
            kept=kept,
            called=called,
            method=method,
        )
        if type(updates) is Left:
            new = kept.after(updates)
            if not hk.running_init():
                self._ivy_put(_KEPT, new)
        for name, value in updates.items():
            part, attribute = owners[name]
            part._ivy_put(attribute, value)
        return out

    @hk.transparent
    def _ivy_state(self) -> Kept:
        kept: Any = self.state_dict().get(f"{self.module_name}/{_KEPT}", EMPTY)
        return kept

    @hk.transparent
    def _ivy_called(self, train: bool) -> Called:
        """Return the parts that are to be called."""
        called = Called({}, _Call.evaluate, _Call.describe)
        modes = root_of(self._ivy)[0].spec.modes if self._factory.keeps_modes else {}
        above = root_of(self._ivy)[1]
        watched = haiku_watched()
        if watched or modes or any(part._ivy_changed for part in self._ivy_parts()):
            self._ivy_look(layout(self._ivy.conversion).tree, train, watched, modes, above, called)
        return called

    @hk.transparent
    def _ivy_look(self, tree: Tree, train: bool, watched: bool, modes: Any, above: Any, called: Called) -> None:
        for attribute, child in tree.children.items():
            mode = modes.get((*above, *child.path), train)
            made = vars(self).get(attribute, _ABSENT)
            if made is _ABSENT:
                made = getattr(self, attribute)
            if isinstance(made, (list, tuple)) and not child.calls:
                if len(made) != len(child.children):
                    called.lengths[child.path] = len(made)
                for i, x in enumerate(made):
                    called.parts[(*child.path, str(i))] = _Call(x, mode)
            elif getattr(made, "_ivy", None) is not child.handle:
                called.parts[child.path] = None if made is None else _Call(made, mode)
            else:
                if child.calls and (watched or mode != train):
                    called.parts[child.path] = _Call(made, mode)
                made._ivy_look(child, train, watched, modes, above, called)

    @hk.transparent
    def _ivy_parts(self) -> Iterator[Part]:
        """Yield this part, and those below it that were made."""
        yield self
        for attribute in self._ivy_node.children:
            made = vars(self).get(attribute)
            if isinstance(made, Part):
                yield from made._ivy_parts()

    @property
    def _ivy_node(self) -> Tree:
        """This part in the tree of the whole model."""
        root, path = root_of(self._ivy)
        return layout(root).nodes[path]

    @property
    def _ivy_changed(self) -> bool:
        """Whether another module stands in the place of a part of this one."""
        own = self._ivy_node.children
        return any(getattr(x, "_ivy", None) is not own[k].handle for k, x in vars(self).items() if k in own)

    @hk.transparent
    def _ivy_collect(
        self,
        tree: Tree,
        initial: Mapping[str, Any],
        changed: Container[str],
        params: dict[str, Any],
        owners: dict[str, tuple[Part, str]],
        conversion: Conversion | None = None,
    ) -> None:
        conversion = conversion or self._ivy.conversion
        for attribute, name in tree.leaves.items():
            if name in params:
                continue
            p = conversion.params[name]
            owners[name] = self._ivy_home(p, attribute)
            part, own = owners[name]
            if p.buffer:
                params[name] = part._ivy_variable(own, initial[name]) if name in changed else initial[name]
            else:
                value = part._ivy_parameter(own, initial[name])
                params[name] = value if p.trainable else jax.lax.stop_gradient(value)
        for attribute, child in tree.children.items():
            part = getattr(self, attribute)
            if getattr(part, "_ivy", None) is child.handle:
                part._ivy_collect(child, initial, changed, params, owners, conversion)

    @hk.transparent
    def _ivy_home(self, p: ParamSpec, attribute: str) -> tuple[Part, str]:
        """Return the part that has an array, and its name there: another place of the model where it is shared."""
        if attribute in self._ivy_node.leaves:
            return self, attribute
        root, path = root_of(self._ivy)
        laid = layout(root)
        *above, name = laid.places[laid.names[(*path, *p.path)]]
        own = laid.ways[path]
        whole = self.module_name.split("/")[: -len(own) or None]
        return Part(root, self._factory, self._train, "/".join((*whole, *above))), name

    def _ivy_parameter(self, name: str, initial: Any) -> Any:
        return hk.get_parameter(name, initial.shape, initial.dtype, init=lambda *_: initial)

    def _ivy_variable(self, name: str, initial: Any) -> Any:
        return hk.get_state(name, initial.shape, initial.dtype, init=lambda *_: initial)

    def _ivy_put(self, name: str, value: Any) -> None:
        hk.set_state(name, value)

    @hk.transparent
    def _ivy_abstract(self, args: tuple[Any, ...], kwargs: dict[str, Any], train: bool) -> Any:
        """Return what a call gives, with `Aval`s in place of arrays."""
        called = self._ivy_called(train) or None
        return result_of(self._ivy.conversion, args, kwargs, train, kept=self._ivy_state(), called=called)

    @hk.transparent
    def _ivy_at(self, path: tuple[str, ...]) -> Any:
        part: Any = self
        for attribute in way_to(layout(self._ivy.conversion).tree, path):
            part = getattr(part, attribute)
        return part

    def __getattr__(self, name: str) -> Any:
        ivy = vars(self).get("_ivy")
        if ivy is not None and not name.startswith(("__", "_ivy")):
            root, path = root_of(ivy)
            child = layout(root).nodes[path].children.get(name)
            if child is not None:
                modes = root.spec.modes if self._factory.keeps_modes else {}
                full = _module_name(self.module_name, (name,))
                mode = modes.get(child.path, self._train)
                made = _class(child.class_name, Part)(child.handle, self._factory, mode, full)
                setattr(self, name, made)
                return made
        return source_attribute(self, name, ivy, self._ivy_run, self._ivy_at)

    def __len__(self) -> int:
        return len(self._ivy_node.children)

    def __getitem__(self, index: int) -> Any:
        return getattr(self, str(range(len(self))[index]))

    def __setitem__(self, index: int, part: Any) -> None:
        setattr(self, str(range(len(self))[index]), part)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))


class Converted(Part):
    """A model converted to haiku.

    Args:
        factory: what made it.
        train: whether calls are in training mode by default.
        name: the module's name.
    """

    def __init__(self, factory: Factory, train: bool, name: str | None = None) -> None:
        super().__init__(factory.conversion, factory, train, name=name or "")


_ABSENT = object()
_KEPT = "ivy_kept"
"""The entry of a model's haiku state for what calls leave beside parameters and buffers."""
register_kept()


class _Call:
    """A part that a model calls in one run.

    Args:
        part: the module.
        train: the mode of the call.
    """

    def __init__(self, part: Any, train: bool) -> None:
        self.part, self.train = part, train

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        part = self.part
        if not isinstance(part, Part):
            given = dict(kwargs)
            Mode(type(part).__call__, 1).apply(args, given, self.train)
            return part(*args, **given)
        part._ivy_mode = self.train
        try:
            return part(*args, **kwargs)
        finally:
            del part._ivy_mode

    def evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return what a call gives, with `Aval`s in place of arrays."""
        with haiku_unwatched():
            if isinstance(self.part, Part):
                return self.part._ivy_abstract(args, kwargs, self.train)
            return abstract_result(self, args, kwargs, hk.eval_shape)

    def describe(self) -> Any:
        """Return what of the part decides on the types of its results."""
        if isinstance(self.part, Part):
            return type(self.part), id(self.part._ivy), self.train, self.part._ivy_called(self.train).token
        return type(self.part), repr(self.part), self.train


def _module_name(root: str, path: tuple[str, ...]) -> str:
    return "/".join((root, *path))


def _snake(name: str) -> str:
    return re.sub(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))", r"_\1", name).lower()


@cache
def _class(name: str, base: type) -> type:
    return type(name, (base,), {"__module__": __name__})


def from_hub(conversion: Conversion, *, train: bool | None = None) -> Factory:
    """Make a factory of haiku modules.

    Args:
        conversion: the model in the hub form with JAX as its target.
        train: whether modules are in training mode; the source's mode by default.

    Returns:
        The factory, to be called inside `hk.transform`.
    """
    return Factory(conversion, conversion.spec.train if train is None else train, train is None)


def class_from_hub(source: type, convert: Callable[[Any], Conversion], **options: Any) -> type:
    """Make a class of factories out of a class of another system's; its constructor takes the source's arguments."""

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        conversion = convert(source(*args, **kwargs))
        train = options.get("train")
        Factory.__init__(self, conversion, conversion.spec.train if train is None else train, train is None)

    return type(source.__name__, (Factory,), {"__init__": init})
