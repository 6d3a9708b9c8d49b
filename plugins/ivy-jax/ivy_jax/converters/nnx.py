"""flax nnx modules to the hub form and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import jax
from flax import nnx

from ivy.dtypes import as_dtype
from ivy.stateful.conversion import Conversion
from ivy.stateful.spec import KEY, ModuleSpec, ParamSpec, Role, Tree
from ivy_jax.converters.pure import capture_pure, raw_key

__all__ = ["STORAGE", "Converted", "Frozen", "Part", "class_from_hub", "from_hub", "owns", "to_hub"]

STORAGE = {"conv": "*IO", "conv_transpose": "*IO", "linear": "IO"}


class Frozen(nnx.Variable):
    """A parameter that its source does not train (``requires_grad=False``)."""


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
    variables = _variables(module)
    classes, owners = _walk(module)
    if isinstance(module, Converted):
        params = module._ivy.placed()
    else:
        params = tuple(_param(path, v, owners.get(path[:-1])) for path, v in variables.items())
    places = {p.name: p.path for p in params}
    return ModuleSpec(
        name=type(module).__name__,
        system="flax",
        framework="jax",
        obj=module,
        params=params,
        arrays=lambda: {name: _at(module, path).get_value() for name, path in places.items()},
        capture=_capture,
        load=lambda values: _load(module, places, values),
        classes=classes,
        train=_trains(module),
        takes_key=bool(jax.tree.leaves(nnx.state(module, nnx.RngState))),
    )


def _variables(module: nnx.Module) -> dict[tuple[str, ...], nnx.Variable]:
    """Return the module's variables but its random streams, by path, each array once."""
    found = {}
    for path, v in nnx.iter_graph(module):
        if isinstance(v, nnx.Variable) and not isinstance(v, nnx.RngState) and hasattr(v.get_value(), "dtype"):
            found[tuple(map(str, path))] = v
    return found


def _walk(module: nnx.Module) -> tuple[dict[tuple[str, ...], str], dict[tuple[str, ...], Any]]:
    classes, owners = {}, {}
    for path, part in sorted(
        ((tuple(map(str, p)), m) for p, m in nnx.iter_modules(module)), key=lambda item: len(item[0])
    ):
        if not isinstance(part, (nnx.Rngs, nnx.RngStream)):
            classes[path], owners[path] = type(part).__name__, part
    return classes, owners


def _param(path: tuple[str, ...], v: nnx.Variable, owner: Any) -> ParamSpec:
    value = v.get_value()
    trainable = isinstance(v, nnx.Param)
    return ParamSpec(
        name=".".join(path),
        path=path,
        shape=tuple(value.shape),
        dtype=as_dtype(value.dtype),
        trainable=trainable,
        buffer=not isinstance(v, (nnx.Param, Frozen)),
        statistic=not isinstance(v, (nnx.Param, Frozen)),
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
        _at(module, places[name]).set_value(value)


def _at(part: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if name in getattr(part, "__dict__", ()):
            part = vars(part)[name]
        else:
            part = part[int(name) if isinstance(part, (list, tuple)) else name]
    return part


def _capture(obj: nnx.Module, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
    graphdef, rngs, rest = nnx.split(obj, nnx.RngState, ...)
    streams = nnx.to_flat_state(rngs)
    others = nnx.to_flat_state(rest)
    names = {path: ".".join(map(str, path)) for path, _ in others}
    arrays = {names[path]: v.get_value() for path, v in others if hasattr(v.get_value(), "dtype")}
    state = {names[path] for path, v in others if not isinstance(v, (nnx.Param, Frozen))}
    switch = options.train is not None and options.train != _trains(obj)

    def pure(params: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
        key = kwargs.pop(KEY, None)
        flat = {path: v.replace(params[names[path]]) if names[path] in params else v for path, v in others}
        for i, (path, v) in enumerate(streams):
            flat[path] = v if key is None else v.replace(_stream(v, key, i))
        model = nnx.merge(graphdef, nnx.from_flat_state(list(flat.items())))
        if switch:
            (model.train if options.train else model.eval)()
        out = model(*args, **kwargs)
        after = {names[path]: v.get_value() for path, v in nnx.to_flat_state(nnx.state(model)) if path in names}
        return out, {name: after[name] for name in state if name in params}

    specs = [_param(tuple(map(str, path)), v, None) for path, v in others if names[path] in arrays]
    return capture_pure(
        pure, arrays, args, kwargs, params=specs, options=options, name=type(obj).__name__, like=obj.__call__
    )


def _stream(v: nnx.Variable, key: Any, i: int) -> Any:
    old = v.get_value()
    if isinstance(v, nnx.RngCount):
        return jax.numpy.zeros_like(old)
    new = jax.random.fold_in(jax.random.wrap_key_data(key), i)
    return new if old.shape == () else jax.random.split(new, old.shape)


# -- from the hub -----------------------------------------------------------------------------------------------------


class Part(nnx.Module):
    """A submodule of a converted model: holds variables and further parts under the source's names."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: the generated function belongs to the whole model."""
        from ivy.errors import ConversionError

        raise ConversionError(
            f"{type(self).__name__} is a part of a converted model and cannot be called alone",
            hint="convert the source's submodule: ivy.transpile(model.part, ...)",
        )


class _Listed(Part, nnx.List):
    """A part whose children are numbered."""


class Converted(nnx.Module):
    """A model converted to flax: a native `nnx.Module`.

    `train()` and `eval()` switch its mode. Training draws keys for dropout from the stream ``dropout`` of `rngs`, which
    is part of the state and can be replaced.

    Args:
        conversion: the model in the hub form with JAX as its target.
        train: whether it starts in training mode; the source's mode by default.
        rngs: the random streams.
    """

    def __init__(self, conversion: Conversion, *, train: bool | None = None, rngs: nnx.Rngs | None = None) -> None:
        self._ivy = conversion
        self.deterministic = not (conversion.spec.train if train is None else train)
        self.rngs = nnx.Rngs(dropout=0) if rngs is None else rngs
        arrays = conversion.initial()
        made = {name: _kind(p)(arrays[name]) for name, p in conversion.params.items()}
        _grow(self, conversion.tree(_attribute), made, {})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the model; arrays may be of JAX, NumPy or the source framework."""
        variables: dict[str, nnx.Variable] = {}
        _gather(self, self._ivy.tree(_attribute), variables)
        params = {name: v.get_value() for name, v in variables.items()}
        out, updates = self._ivy.run(params, args, kwargs, train=not self.deterministic, rng=self._draw_key)
        for name, value in updates.items():
            variables[name].set_value(value)
        return out

    def _draw_key(self) -> Any:
        return raw_key(self.rngs.dropout())

    def to_backend(self, target: str) -> Any:
        """Return the model, as it is now, in another framework or module system."""
        from ivy.transpiler.api import transpile

        return transpile(self, to=target)

    @property
    def graph(self) -> Any:
        """The graph of the latest signature."""
        return self._ivy.graph

    @property
    def code(self) -> str:
        """The generated source of the latest signature."""
        return self._ivy.graph.code


def _kind(p: ParamSpec) -> type[nnx.Variable]:
    if p.buffer:
        return nnx.BatchStat
    return nnx.Param if p.trainable else Frozen


def _grow(part: nnx.Module, tree: Tree, made: Mapping[str, nnx.Variable], known: dict[int, nnx.Module]) -> None:
    for attribute, name in tree.leaves.items():
        setattr(part, attribute, made[name])
    for attribute, child in tree.children.items():
        if id(child) not in known:
            known[id(child)] = _class(child.class_name, _Listed if child.is_list else Part)()
            _grow(known[id(child)], child, made, known)
        if isinstance(part, nnx.List):
            part.append(known[id(child)])
        else:
            setattr(part, attribute, known[id(child)])


def _gather(part: Any, tree: Tree, found: dict[str, Any]) -> None:
    here = vars(part)
    for attribute, name in tree.leaves.items():
        found[name] = here[attribute]
    for attribute, child in tree.children.items():
        _gather(here[attribute], child, found)


@cache
def _class(name: str, base: type) -> type:
    return type(name, (base,), {"__module__": __name__})


_TAKEN = frozenset(dir(nnx.Module)) | {"graph", "code", "rngs", "deterministic", "to_backend", "_ivy"}


def _attribute(part: str) -> str:
    """Turn a part of a name into an attribute that an nnx module allows."""
    name = part or "_"
    while name in _TAKEN:
        name += "_"
    return name


def from_hub(conversion: Conversion, *, train: bool | None = None, rngs: nnx.Rngs | None = None) -> Converted:
    """Build an nnx module.

    Args:
        conversion: the model in the hub form with JAX as its target.
        train: whether it starts in training mode; the source's mode by default.
        rngs: random streams for dropout.

    Returns:
        A native module.
    """
    made: Converted = _class(conversion.spec.name, Converted)(conversion, train=train, rngs=rngs)
    return made


def class_from_hub(source: type, convert: Callable[[Any], Conversion], **options: Any) -> type:
    """Make a class of nnx modules out of a class of another system's; its constructor takes the source's arguments."""

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        Converted.__init__(self, convert(source(*args, **kwargs)), **options)

    return type(source.__name__, (Converted,), {"__init__": init})
