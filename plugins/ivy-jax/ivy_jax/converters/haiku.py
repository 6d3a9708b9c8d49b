"""Haiku's transformed functions to the hub form, and converted models as haiku modules.

A converted model is a factory: called inside `hk.transform` it gives an `hk.Module` whose parameters start as the
converted ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import haiku as hk
import jax

from ivy.dtypes import as_dtype
from ivy.errors import ConversionError
from ivy.graph.kept import EMPTY, Left
from ivy.stateful.conversion import Conversion
from ivy.stateful.native import mode_of_call, taken_rng, takes_argument
from ivy.stateful.spec import KEY, ModuleSpec, ParamSpec, Tree, class_name
from ivy_jax.converters.pure import Mode, capture_pure, guess_role, raw_key, register_kept

__all__ = ["STORAGE", "Converted", "Factory", "class_from_hub", "from_hub", "owns", "to_hub"]

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
    stateful = isinstance(fn, hk.TransformedWithState)
    if params_v is None:
        raise ConversionError(
            "a haiku function has its parameters outside of it",
            hint="pass what init returned: ivy.transpile(fn, ..., params_v=fn.init(key, x))",
        )
    params, state = params_v if stateful and isinstance(params_v, tuple) else (params_v, {})
    places = _places(params, state)
    specs = tuple(_param(name, *place, params, state, flat) for name, place, flat in places)
    takes_key = _takes_rng(fn)
    lead = 1 + stateful + takes_key
    mode = Mode(fn.apply, lead)
    tops = {module.partition("/")[0] for module in (*params, *state)}

    def capture(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
        def pure(arrays: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
            key = kwargs.pop(KEY, None)
            now: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
            for name, (kind, module, attribute), _ in places:
                now[kind].setdefault(module, {})[attribute] = arrays[name]
            for kind, given in enumerate((params, state)):
                for module in given:  # modules without parameters count too
                    now[kind].setdefault(module, {})
            mode.apply(args, kwargs, options.train)
            lead = (key,) if takes_key else ()
            if not stateful:
                return fn.apply(now[0], *lead, *args, **kwargs), {}
            out, new = fn.apply(now[0], now[1], *lead, *args, **kwargs)
            return out, {name: new[m][a] for name, (kind, m, a), _ in places if kind == 1}

        return capture_pure(
            pure, arrays(), args, kwargs, params=specs, options=options, name=title, like=fn.apply, skip=lead
        )

    def arrays() -> dict[str, Any]:
        return {name: (params, state)[kind][module][attribute] for name, (kind, module, attribute), _ in places}

    def load(values: Mapping[str, Any]) -> Any:
        new: tuple[dict[str, Any], dict[str, Any]] = tuple(
            {m: dict(v) for m, v in given.items()} for given in (params, state)
        )  # type: ignore[assignment]
        for name, (kind, module, attribute), _ in places:
            if name in values:
                new[kind][module][attribute] = values[name]
        return new if stateful else new[0]

    title = class_name(tops.pop()) if len(tops) == 1 else "Model"
    return ModuleSpec(
        name=title,
        system="haiku",
        framework="jax",
        obj=fn,
        params=specs,
        arrays=arrays,
        capture=capture,
        load=load,
        train=mode.initial,
        takes_key=takes_key,
        detail=params_v,
    )


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
    """

    def __init__(self, conversion: Conversion, train: bool) -> None:
        self.conversion = conversion
        self.train = train
        self.arrays = conversion.initial()
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
        from dataclasses import replace

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
        for path, name in _tree(self.conversion).walk():
            p = self.conversion.params[name]
            if not p.buffer or p.statistic:
                found[p.buffer].setdefault(_module_name(root, path[:-1]), {})[path[-1]] = self.arrays[name]
        return found

    def _root(self, params_v: Any) -> str:
        """Find the name that this model has in a bigger one's parameters."""
        paths = {path[:-1] for path, _ in _tree(self.conversion).walk()}
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
        specs = (self.conversion.params[name] for p, name in _tree(self.conversion).walk() if p[:-1] == path)
        return any(not p.buffer or p.statistic for p in specs)

    def __repr__(self) -> str:
        return f"<haiku factory of {self.conversion!r}; call it inside hk.transform>"


class Converted(hk.Module):
    """A model converted to haiku.

    Args:
        factory: what made it.
        train: whether calls are in training mode by default.
        name: the module's name.
    """

    def __init__(self, factory: Factory, train: bool, name: str | None = None) -> None:
        super().__init__(name=name)
        self._factory = factory
        self._train = train
        self._parts: dict[tuple[str, ...], _Part] = {}

    def __call__(self, *args: Any, is_training: bool | None = None, **kwargs: Any) -> Any:
        """Run the model; arrays may be of JAX, NumPy or the source framework.

        Args:
            *args: as for the source model.
            is_training: whether this call is in training mode; also the source's own argument of that name.
            **kwargs: as for the source model; ``rng`` is a random key to draw from instead of haiku's, unless the
                source has an argument of that name.
        """
        conversion = self._factory.conversion
        train = mode_of_call(conversion.spec, "is_training", is_training, self._train, kwargs)
        given = taken_rng(conversion.spec, kwargs)
        kept = self.state_dict().get(f"{self.module_name}/{_KEPT}", EMPTY)
        graph = conversion.prepare(args, kwargs, train, kept=kept)
        changed = conversion.changing(graph)
        params: dict[str, Any] = {}
        owners: dict[str, tuple[_Part | None, str]] = {}
        self._collect(_tree(conversion), (), changed, params, owners)
        out, updates = conversion.run(
            params,
            args,
            kwargs,
            train=train,
            rng=lambda: raw_key(hk.next_rng_key() if given is None else given),
            kept=kept,
        )
        if type(updates) is Left:
            new = kept.after(updates)
            if not hk.running_init():
                hk.set_state(_KEPT, new)
        for name, value in updates.items():
            part, attribute = owners[name]
            (hk.set_state if part is None else part.put)(attribute, value)
        return out

    def _collect(
        self, tree: Tree, path: tuple[str, ...], changed: set[str], params: dict[str, Any], owners: dict[str, Any]
    ) -> None:
        part = None
        if path:
            part = self._parts.get(path)
            if part is None:
                part = self._parts[path] = _class(tree.class_name, _Part)(_module_name(self.module_name, path))
        for attribute, name in tree.leaves.items():
            if name in params:
                continue
            p, initial = self._factory.conversion.params[name], self._factory.arrays[name]
            owners[name] = (part, attribute)
            if p.buffer and name not in changed:
                params[name] = initial
            elif p.buffer:
                params[name] = (_state if part is None else part.state)(attribute, initial)
            else:
                value = (_parameter if part is None else part.parameter)(attribute, initial)
                params[name] = value if p.trainable else jax.lax.stop_gradient(value)
        for attribute, child in tree.children.items():
            self._collect(child, (*path, attribute), changed, params, owners)


_KEPT = "ivy_kept"
"""The entry of a model's haiku state for what calls leave beside parameters and buffers."""
register_kept()


class _Part(hk.Module):
    """A submodule of a converted model: its parameters have its name."""

    def __init__(self, full_name: str) -> None:
        super().__init__(name="part")
        # haiku allows identifiers only, but the source's children may have numbers for names
        self.module_name = full_name
        self.name = full_name.rpartition("/")[2]

    def parameter(self, name: str, initial: Any) -> Any:
        return _parameter(name, initial)

    def state(self, name: str, initial: Any) -> Any:
        return _state(name, initial)

    def put(self, name: str, value: Any) -> None:
        hk.set_state(name, value)


def _parameter(name: str, initial: Any) -> Any:
    return hk.get_parameter(name, initial.shape, initial.dtype, init=lambda *_: initial)


def _state(name: str, initial: Any) -> Any:
    return hk.get_state(name, initial.shape, initial.dtype, init=lambda *_: initial)


def _tree(conversion: Conversion) -> Tree:
    return conversion.tree(share=False)


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
    return Factory(conversion, conversion.spec.train if train is None else train)


def class_from_hub(source: type, convert: Callable[[Any], Conversion], **options: Any) -> type:
    """Make a class of factories out of a class of another system's; its constructor takes the source's arguments."""

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        conversion = convert(source(*args, **kwargs))
        train = options.get("train")
        Factory.__init__(self, conversion, conversion.spec.train if train is None else train)

    return type(source.__name__, (Factory,), {"__init__": init})
