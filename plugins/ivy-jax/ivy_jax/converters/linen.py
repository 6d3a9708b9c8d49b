"""flax linen modules to the hub form and back."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import jax
from flax import linen as nn

from ivy.dtypes import as_dtype
from ivy.errors import ArgumentError, ConversionError
from ivy.graph.kept import EMPTY, Kept, Left, Stored
from ivy.stateful.conversion import Conversion
from ivy.stateful.native import mode_of_call, taken_rng, takes_argument
from ivy.stateful.spec import KEY, ModuleSpec, ParamSpec, Tree
from ivy.transpiler.held import refuse_kept
from ivy_jax.converters.pure import Mode, capture_pure, guess_role, raw_key, register_kept

__all__ = ["STORAGE", "Converted", "class_from_hub", "from_hub", "owns", "to_hub"]

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
    converted = isinstance(module, Converted)
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
        specs = tuple(roles.get(p.name, p) for p in specs)
    mode = Mode(type(module).__call__, 1)
    fields = {n: getattr(module, n) for n in ("train", "training", "deterministic") if _is_flag(module, n)}
    initial = mode.initial if mode.name else any(v == (n != "deterministic") for n, v in fields.items())

    def capture(obj: nn.Module, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
        train = initial if options.train is None else options.train
        model = obj.clone(**{n: train == (n != "deterministic") for n in fields}) if fields else obj

        def pure(arrays: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
            key = kwargs.pop(KEY, None)
            now: dict[str, Any] = {collection: {} for collection in variables}
            for name, (collection, path), _ in places:
                inner = now[collection]
                for part in path[:-1]:
                    inner = inner.setdefault(part, {})
                inner[path[-1]] = arrays[name]
            mode.apply(args, kwargs, train)
            rngs = None if key is None else {"dropout": key, "params": key}
            # statistics change in training only, any other state (a cache) whenever the module says so
            mutable = [c for c in variables if c != "params" and (train or c != _STATISTICS)]
            if not mutable:
                return model.apply(now, *args, rngs=rngs, **kwargs), {}
            out, new = model.apply(now, *args, rngs=rngs, mutable=mutable, **kwargs)
            return out, {n: _at(new, c, path) for n, (c, path), _ in places if c in mutable}

        return capture_pure(
            pure,
            arrays,
            args,
            kwargs,
            params=specs,
            options=options,
            name=type(obj).__name__,
            like=type(obj).__call__,
            skip=1,
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
    )


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


class Converted(nn.Module):
    """A model converted to linen: `init` gives the converted parameters.

    Statistics are in the collection ``batch_stats``, which must be mutable in training, and wherever a call leaves
    other state: that is an entry in it (``ivy_kept``) from the first such call on. Dropout takes the random stream
    ``dropout``.

    Args:
        conversion: the model in the hub form with JAX as its target.
        train_by_default: whether calls are in training mode unless they say otherwise.
    """

    conversion: Any
    train_by_default: bool = False

    @nn.compact
    def __call__(self, *args: Any, train: bool | None = None, **kwargs: Any) -> Any:
        """Run the model; arrays may be of JAX, NumPy or the source framework.

        Args:
            *args: as for the source model.
            train: whether this call is in training mode; also the source's own argument of that name.
            **kwargs: as for the source model; ``rng`` is a random key to draw from instead of the stream ``dropout``,
                unless the source has an argument of that name.
        """
        conversion: Conversion = self.conversion
        mode = mode_of_call(conversion.spec, "train", train, self.train_by_default, kwargs)
        given = taken_rng(conversion.spec, kwargs)
        draw = self._key if given is None else lambda: raw_key(given)
        kept = self.get_variable(_STATISTICS, _KEPT) if self.has_variable(_STATISTICS, _KEPT) else EMPTY
        graph = conversion.prepare(args, kwargs, mode, kept=kept)
        arrays = conversion.kept
        found: dict[str, Any] = {}
        _collect(self, conversion.tree(_attribute, share=False), conversion, arrays, conversion.changing(graph), found)
        params = {name: x.value if isinstance(x, nn.Variable) else x for name, x in found.items()}
        out, updates = conversion.run(params, args, kwargs, train=mode, rng=draw, kept=kept)
        if type(updates) is Left:
            self._keep(kept.after(updates), updates.stored)
        if not self.is_initializing():
            for name, value in updates.items():
                found[name].value = value
        return out

    def _keep(self, new: Kept, stored: Stored) -> None:
        if self.is_initializing():
            return
        if not self.is_mutable_collection(_STATISTICS):
            refuse_kept(stored, f"apply without mutable=[{_STATISTICS!r}]")
            return
        self.put_variable(_STATISTICS, _KEPT, new)

    def apply(self, variables: Any, *args: Any, **kwargs: Any) -> Any:
        """Apply the module, as every linen module.

        Raises:
            ArgumentError: for a keyword that means one thing to flax and another to the source.
        """
        for name in _FLAX_KEYWORDS & kwargs.keys():
            if takes_argument(self.conversion.spec, name):
                raise ArgumentError(
                    f"{name}= could be flax's or the argument of the source, {self.conversion.spec.name}",
                    hint=f"give the source's by position; for flax's, call flax.linen.apply(fn, module, {name}=...)",
                )
        return super().apply(variables, *args, **kwargs)

    def _key(self) -> Any:
        return raw_key(self.make_rng("dropout"))

    def initial(self) -> dict[str, Any]:
        """Return the converted variables by collection, as `init` does without needing an input."""
        found: dict[str, Any] = {"params": {}}
        arrays = self.conversion.kept
        for path, name in self.conversion.tree(_attribute, share=False).walk():
            p = self.conversion.params[name]
            if p.buffer and not p.statistic:
                continue
            inner = found.setdefault(_STATISTICS if p.buffer else "params", {})
            for part in path[:-1]:
                inner = inner.setdefault(part, {})
            inner[path[-1]] = arrays[name]
        return found


class _Part(nn.Module):
    """A submodule of a converted model: its variables have its name."""

    @nn.compact
    def __call__(self, *collect: Any) -> None:
        _collect(self, *collect)


def _collect(
    part: nn.Module,
    tree: Tree,
    conversion: Conversion,
    arrays: Mapping[str, Any],
    changed: set[str],
    found: dict[str, Any],
) -> None:
    for attribute, name in tree.leaves.items():
        p, initial = conversion.params[name], arrays[name]
        if name in found:
            continue
        if p.buffer and name not in changed:
            found[name] = initial
        elif p.buffer:
            found[name] = part.variable(_STATISTICS, attribute, lambda x=initial: x)
        else:
            value = part.param(attribute, lambda _, x=initial: x)
            found[name] = value if p.trainable else jax.lax.stop_gradient(value)
    for attribute, child in tree.children.items():
        _class(child.class_name, _Part)(name=attribute)(child, conversion, arrays, changed, found)


@cache
def _class(name: str, base: type) -> type:
    return type(name, (base,), {"__module__": __name__})


_TAKEN = frozenset(dir(nn.Module)) | {"conversion", "initial", "train_by_default", "name", "parent", "scope"}


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
    made: Converted = _class(conversion.spec.name, Converted)(conversion, mode, name=name)
    return made


def class_from_hub(source: type, convert: Callable[[Any], Conversion], **options: Any) -> Any:
    """Make a constructor of linen modules out of a class of another system's; it takes the source's arguments."""

    def build(*args: Any, **kwargs: Any) -> Converted:
        return from_hub(convert(source(*args, **kwargs)), **options)

    build.__name__ = build.__qualname__ = source.__name__
    return build
