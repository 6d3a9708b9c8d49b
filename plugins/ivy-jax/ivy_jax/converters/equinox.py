"""equinox modules to the hub form and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import equinox as eqx
import jax

from ivy.dtypes import as_dtype
from ivy.errors import ConversionError
from ivy.graph.kept import EMPTY, Left
from ivy.stateful.conversion import Conversion
from ivy.stateful.native import taken_rng, takes_argument
from ivy.stateful.spec import KEY, ModuleSpec, ParamSpec, Role, Tree
from ivy_jax.converters.pure import capture_pure, raw_key, register_kept

register_kept()

__all__ = ["STORAGE", "Converted", "class_from_hub", "from_hub", "owns", "to_hub"]

STORAGE = {"conv": "OI*", "linear": "OI"}


def owns(obj: Any) -> bool:
    """Tell whether an object is an equinox module or a class of them."""
    return issubclass(obj, eqx.Module) if isinstance(obj, type) else isinstance(obj, eqx.Module)


# -- to the hub -------------------------------------------------------------------------------------------------------


def to_hub(module: Any, *, params_v: Any = None) -> ModuleSpec:
    """Describe an equinox module.

    Args:
        module: any `eqx.Module` that can be called.
        params_v: not used: the module has its parameters.

    Returns:
        The hub form. Parameters are called by their path, such as ``"layers.0.weight"``.

    Raises:
        ConversionError: if it keeps state beside itself (`eqx.nn.State`).
    """
    leaves, treedef = jax.tree_util.tree_flatten_with_path(module)
    arrays: dict[str, Any] = {}
    specs: list[ParamSpec] = []
    for path, leaf in leaves:
        if not eqx.is_array(leaf):
            continue
        parts = tuple(str(getattr(k, "name", getattr(k, "key", getattr(k, "idx", None)))) for k in path)
        name = ".".join(parts)
        arrays[name] = leaf
        specs.append(_param(name, parts, leaf, _owner(module, path[:-1])))
    if isinstance(module, Converted):
        stored = {p.name: p for p in module.conversion.placed()}
        specs = [dataclasses.replace(stored.get(p.name, p), name=p.name, path=p.path) for p in specs]
    stateful = [m for m in jax.tree.leaves(module, is_leaf=_is_stateful) if _is_stateful(m)]
    if stateful:
        raise ConversionError(
            f"{type(module).__name__} has {type(stateful[0]).__name__}, whose state is passed beside the module",
            hint="wrap module and state in a function of arrays and transpile that",
        )
    flags = [m.inference for m in _modules(module) if isinstance(getattr(m, "inference", None), bool)]
    parameters = _parameters(module)

    def capture(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
        names = iter(arrays)
        template = [(next(names) if eqx.is_array(leaf) else None, leaf) for _, leaf in leaves]

        def pure(given: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
            key = kwargs.pop(KEY, None)
            model = jax.tree_util.tree_unflatten(treedef, [leaf if n is None else given[n] for n, leaf in template])
            if options.train is not None and flags:
                model = eqx.nn.inference_mode(model, value=not options.train)
            if key is not None and "key" in parameters and "key" not in kwargs:
                kwargs["key"] = jax.random.wrap_key_data(key)
            return model(*args, **kwargs), {}

        return capture_pure(
            pure, arrays, args, kwargs, params=specs, options=options, name=type(obj).__name__, like=obj.__call__
        )

    def load(values: Mapping[str, Any]) -> Any:
        names = iter(arrays)
        new = [values.get(name := next(names), arrays[name]) if eqx.is_array(leaf) else leaf for _, leaf in leaves]
        return jax.tree_util.tree_unflatten(treedef, new)

    classes = {tuple(spec.path[:cut]): "" for spec in specs for cut in range(len(spec.path))}
    return ModuleSpec(
        name=type(module).__name__,
        system="equinox",
        framework="jax",
        obj=module,
        params=tuple(specs),
        arrays=lambda: arrays,
        capture=capture,
        load=load,
        classes={path: type(_walk(module, path)).__name__ for path in classes},
        train=not all(flags),
        takes_key="key" in parameters,
    )


def _param(name: str, path: tuple[str, ...], value: Any, owner: Any) -> ParamSpec:
    return ParamSpec(
        name=name,
        path=path,
        shape=tuple(value.shape),
        dtype=as_dtype(value.dtype),
        trainable=eqx.is_inexact_array(value),
        buffer=not eqx.is_inexact_array(value),
        role=_role(owner, path[-1], value.ndim),
    )


def _role(owner: Any, attribute: str, ndim: int) -> Role | None:
    if attribute != "weight":
        return None
    if isinstance(owner, eqx.nn.Linear) and ndim == 2:
        return Role("linear", "OI")
    return Role("conv", "OI*") if isinstance(owner, eqx.nn.Conv) and ndim > 2 else None


def _owner(module: Any, path: tuple[Any, ...]) -> Any:
    for k in path:
        name = getattr(k, "name", None)
        module = getattr(module, name) if name is not None else module[getattr(k, "key", getattr(k, "idx", None))]
    return module


def _walk(module: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        if isinstance(module, (list, tuple)):
            module = module[int(part)]
        else:
            module = module[part] if isinstance(module, dict) else getattr(module, part)
    return module


def _is_stateful(x: Any) -> bool:
    return (isinstance(x, eqx.nn.StatefulLayer) and x.is_stateful()) or isinstance(x, eqx.nn.StateIndex)


def _modules(module: Any) -> list[Any]:
    found: list[Any] = []

    def visit(x: Any) -> None:
        if isinstance(x, eqx.Module):
            found.append(x)
            for f in dataclasses.fields(x):
                visit(getattr(x, f.name, None))
        elif isinstance(x, (list, tuple)):
            for v in x:
                visit(v)
        elif isinstance(x, dict):
            for v in x.values():
                visit(v)

    visit(module)
    return found


def _parameters(module: Any) -> list[str]:
    import inspect

    try:
        return list(inspect.signature(type(module).__call__).parameters)
    except (AttributeError, TypeError, ValueError):
        return []


# -- from the hub -----------------------------------------------------------------------------------------------------


class _Part(eqx.Module):
    """A submodule of a converted model: holds arrays and further parts under the source's names."""


class Converted(eqx.Module):
    """A model converted to equinox: a PyTree whose leaves are the parameters and buffers.

    `eqx.nn.inference_mode` switches its mode. Where a call changes buffers, or leaves other state, it returns
    ``(output, model with the new state)``. Dropout takes its key by ``key=``. Buffers and frozen parameters get zero
    gradients.
    """

    conversion: Any = eqx.field(static=True)
    inference: bool
    kept: Any

    def __call__(self, *args: Any, key: Any = None, **kwargs: Any) -> Any:
        """Run the model; arrays may be of JAX, NumPy or the source framework.

        Args:
            *args: as for the source model.
            key: random key, needed if the model draws numbers; ``rng`` is another name for it. Where the source has an
                argument ``key``, as attention has, it is that one, and the random key is ``rng``.
            **kwargs: as for the source model.
        """
        conversion: Conversion = self.conversion
        if not conversion.spec.takes_key and takes_argument(conversion.spec, "key"):
            kwargs, key = _with_own_key(conversion.spec, kwargs, key)
        given = taken_rng(conversion.spec, kwargs)
        key = given if key is None else key
        params: dict[str, Any] = {}
        _gather(self, _tree(conversion), params)
        for name, p in conversion.params.items():
            if not p.trainable:
                params[name] = jax.lax.stop_gradient(params[name])

        def draw() -> Any:
            if key is None:
                name = "rng" if takes_argument(conversion.spec, "key") and not conversion.spec.takes_key else "key"
                raise ConversionError(f"{conversion.spec.name} draws random numbers", hint=f"pass {name}=")
            return raw_key(key)

        kept = self.kept
        out, updates = conversion.run(params, args, kwargs, train=not self.inference, rng=draw, kept=kept)
        return (out, self._updated(updates)) if updates else out

    def _updated(self, updates: dict[str, Any]) -> Any:
        new = _with_field(self, "kept", self.kept.after(updates)) if type(updates) is Left else self
        if not len(updates):
            return new
        places = {name: path for path, name in reversed(list(_tree(self.conversion).walk()))}
        return eqx.tree_at(lambda m: [_walk(m, places[n]) for n in updates], new, list(updates.values()))


def _with_field(model: Any, name: str, value: Any) -> Any:
    """Return a copy of a model with another value of a field."""
    made: Any = object.__new__(type(model))
    for k in type(model).__dataclass_fields__:
        object.__setattr__(made, k, value if k == name else getattr(model, k))
    return made


def _with_own_key(spec: ModuleSpec, kwargs: Mapping[str, Any], key: Any) -> tuple[dict[str, Any], Any]:
    """Return the keyword arguments of a source that has a ``key``, and the random key, which comes by ``rng`` then."""
    given = {**kwargs} if key is None else {**kwargs, "key": key}
    return given, None if takes_argument(spec, "rng") else given.pop("rng", None)


def _tree(conversion: Conversion) -> Tree:
    """Return the tree; children that are numbered are a list, or get names that a field may have."""
    tree = conversion.tree(_attribute, share=False)

    def name(node: Tree) -> None:
        if node is tree or not node.is_list:
            node.children = {f"_{k}" if k.isdigit() else k: v for k, v in node.children.items()}
            node.leaves = {f"_{k}" if k.isdigit() else k: v for k, v in node.leaves.items()}
        for child in node.children.values():
            name(child)

    name(tree)
    return tree


def _gather(part: Any, tree: Tree, found: dict[str, Any]) -> None:
    for attribute, name in tree.leaves.items():
        found.setdefault(name, getattr(part, attribute))
    for attribute, child in tree.children.items():
        _gather(part[int(attribute)] if isinstance(part, list) else getattr(part, attribute), child, found)


def _grow(tree: Tree, arrays: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a part."""
    fields: dict[str, Any] = {attribute: arrays[name] for attribute, name in tree.leaves.items()}
    for attribute, child in tree.children.items():
        inner = _grow(child, arrays)
        fields[attribute] = [*inner.values()] if child.is_list else _make(child.class_name, _Part, inner)
    return fields


def _make(name: str, base: type, fields: Mapping[str, Any]) -> Any:
    made: Any = object.__new__(_class(name, base, tuple(k for k in fields if k not in base.__dataclass_fields__)))  # type: ignore[attr-defined]
    for k, v in fields.items():
        object.__setattr__(made, k, v)
    return made


@cache
def _class(name: str, base: type, fields: tuple[str, ...]) -> type:
    return type(name, (base,), {"__module__": __name__, "__annotations__": dict.fromkeys(fields, Any)})


_TAKEN = frozenset(dir(eqx.Module)) | {"conversion", "inference", "kept"}


def _attribute(part: str) -> str:
    """Turn a part of a name into a field's name; children that are numbered become a list anyway."""
    name = part if part.isidentifier() or part.isdigit() else "".join(c if c.isalnum() else "_" for c in part) or "_"
    while name in _TAKEN:
        name += "_"
    return name


def from_hub(conversion: Conversion, *, train: bool | None = None) -> Any:
    """Build an equinox module.

    Args:
        conversion: the model in the hub form with JAX as its target.
        train: whether it starts in training mode; the source's mode by default.

    Returns:
        A native module.
    """
    train = conversion.spec.train if train is None else train
    fields = {"conversion": conversion, "inference": not train, "kept": EMPTY}
    fields |= _grow(_tree(conversion), conversion.initial())
    return _make(conversion.spec.name, Converted, fields)


def class_from_hub(source: type, convert: Callable[[Any], Conversion], **options: Any) -> Any:
    """Make a constructor of equinox modules out of a class of another system's; it takes the source's arguments."""

    def build(*args: Any, **kwargs: Any) -> Any:
        return from_hub(convert(source(*args, **kwargs)), **options)

    build.__name__ = build.__qualname__ = source.__name__
    return build
