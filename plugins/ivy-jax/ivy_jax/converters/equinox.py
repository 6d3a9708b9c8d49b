"""equinox modules to the hub form and back."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

import equinox as eqx
import jax

from ivy.dtypes import as_dtype
from ivy.errors import ConversionError
from ivy.graph.content import content
from ivy.graph.kept import EMPTY, Left
from ivy.stateful.conversion import Conversion
from ivy.stateful.native import ConvertedModel, taken_rng, takes_argument
from ivy.stateful.parts import Called, enclosing_draw, result_of, source_attribute, way_to
from ivy.stateful.spec import KEY, ModuleSpec, ParamSpec, Role, Tree
from ivy_jax.converters.pure import abstract_result, capture_pure, raw_key, register_kept

register_kept()

__all__ = ["STORAGE", "Converted", "Part", "batched", "class_from_hub", "from_hub", "owns", "to_hub"]

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
    for keys, leaf in leaves:
        if not eqx.is_array(leaf):
            continue
        path, owner = _place(module, keys)
        name = ".".join(path)
        arrays[name] = leaf
        specs.append(_param(name, path, leaf, owner))
    if isinstance(module, Part):
        specs = list(module.conversion.with_traits(tuple(specs)))
    stateful = [m for m in jax.tree.leaves(module, is_leaf=_is_stateful) if _is_stateful(m)]
    if stateful:
        raise ConversionError(
            f"{type(module).__name__} has {type(stateful[0]).__name__}, whose state is passed beside the module",
            hint="wrap module and state in a function of arrays and transpile that",
        )
    found = _Walk(module)
    flags = [m.inference for m in found.modules.values() if isinstance(getattr(m, "inference", None), bool)]
    train = not all(flags)

    def capture(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
        names = iter(arrays)
        template = [(next(names) if eqx.is_array(leaf) else None, leaf) for _, leaf in leaves]
        call = getattr(obj, options.method or "__call__")
        takes_key = "key" in inspect.signature(call).parameters

        def pure(given: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
            key = kwargs.pop(KEY, None)
            model = jax.tree_util.tree_unflatten(treedef, [leaf if n is None else given[n] for n, leaf in template])
            if options.train is not None and options.train != train:
                model = eqx.nn.inference_mode(model, value=not options.train)
            if key is not None and takes_key and "key" not in kwargs:
                kwargs["key"] = jax.random.wrap_key_data(key)
            _stub(model, options)
            return (model if options.method is None else getattr(model, options.method))(*args, **kwargs), {}

        return capture_pure(
            pure, arrays, args, kwargs, params=specs, options=options, name=type(obj).__name__, like=call
        )

    def load(values: Mapping[str, Any]) -> Any:
        names = iter(arrays)
        new = [values.get(name := next(names), arrays[name]) if eqx.is_array(leaf) else leaf for _, leaf in leaves]
        return jax.tree_util.tree_unflatten(treedef, new)

    return ModuleSpec(
        name=type(module).__name__,
        system="equinox",
        framework="jax",
        obj=module,
        params=tuple(specs),
        arrays=lambda: arrays,
        capture=capture,
        load=load,
        classes=found.classes,
        containers=frozenset(found.containers),
        modes={
            path: not m.inference
            for path, m in found.modules.items()
            if path and isinstance(getattr(m, "inference", None), bool) and m.inference is train
        },
        train=train,
        takes_key="key" in _parameters(module),
        part=lambda path: None if path in found.containers else to_hub(_walk(module, path)),
        locate=lambda x: found.first.get(id(x)) if isinstance(x, eqx.Module) else None,
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


def _place(module: Any, keys: tuple[Any, ...]) -> tuple[tuple[str, ...], Any]:
    """Return the path of a leaf in the words of the user, and the module or container that holds it."""
    path, owner = [], module
    for i, k in enumerate(keys):
        part: Any = getattr(k, "name", getattr(k, "key", getattr(k, "idx", None)))
        if not (isinstance(owner, _Listed) and part == "layers"):
            path.append(str(part))
        if i + 1 < len(keys):
            owner = getattr(owner, part) if hasattr(k, "name") else owner[part]
    return tuple(path), owner


def _walk(module: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        if isinstance(module, (list, tuple)) or (isinstance(module, _Listed) and part.isdigit()):
            module = module[int(part)]
        elif isinstance(module, dict):
            module = next(v for k, v in module.items() if str(k) == part)
        else:
            module = getattr(module, part)
    return module


def _is_stateful(x: Any) -> bool:
    return (isinstance(x, eqx.nn.StatefulLayer) and x.is_stateful()) or isinstance(x, eqx.nn.StateIndex)


class _Walk:
    """The parts of a module, in the order of its fields.

    Attributes:
        modules: parts by path.
        classes: their class names, and those of containers that hold parts or arrays.
        containers: paths of what only holds parts.
        first: the first path of each part, by identity.
    """

    def __init__(self, module: Any) -> None:
        self.modules: dict[tuple[str, ...], Any] = {}
        self.classes: dict[tuple[str, ...], str] = {}
        self.containers: set[tuple[str, ...]] = set()
        self.first: dict[int, tuple[str, ...]] = {}
        self._visit(module, ())

    def _visit(self, x: Any, path: tuple[str, ...]) -> bool:
        """Walk on; return whether there is anything in `x`."""
        if isinstance(x, eqx.Module):
            self.modules[path], self.classes[path] = x, type(x).__name__
            self.first.setdefault(id(x), path)
            if not callable(x):
                self.containers.add(path)
            if isinstance(x, _Listed):
                items = {str(i): v for i, v in enumerate(x)}
            else:
                items = {}
            for f in dataclasses.fields(x):
                if f.name not in ("_ivy", "kept", "layers") or not isinstance(x, Part):
                    items[f.name] = getattr(x, f.name, None)
        elif isinstance(x, (list, tuple)):
            items = {str(i): v for i, v in enumerate(x)}
        elif isinstance(x, dict):
            items = {str(k): v for k, v in x.items()}
        else:
            return eqx.is_array(x)
        if not isinstance(x, eqx.Module):
            self.classes[path] = type(x).__name__
            self.containers.add(path)
        full = [self._visit(v, (*path, name)) for name, v in items.items()]
        if not any(full) and not isinstance(x, eqx.Module):
            self.containers.discard(path)
            del self.classes[path]
            return False
        return True


def _parameters(module: Any) -> list[str]:
    try:
        return list(inspect.signature(type(module).__call__).parameters)
    except (AttributeError, TypeError, ValueError):
        return []


# -- calls of parts in a capture --------------------------------------------------------------------------------------


def _stub(model: Any, options: Any) -> None:
    """Let parts of a model that was made for this capture record one call each time they are called."""
    for path, length in options.lengths.items():
        _assign(model, tuple(path.split(".")), partial(_resized, length))
    for path in options.removed:
        _assign(model, tuple(path.split(".")), lambda part: None)
    for path, stub in options.parts.items():
        part = _walk(model, tuple(path.split(".")))
        cls: Any = type(part)
        object.__setattr__(part, "__class__", _stub_class(cls))
        # a new object each time: what jax.jit has traced for another capture is of no use
        object.__setattr__(part, "_ivy_stub", (stub, object()))


def _resized(length: int, parts: Any) -> Any:
    return type(parts)(parts[i] if i < len(parts) else jax.tree.map(lambda x: x, parts[-1]) for i in range(length))


def _assign(owner: Any, path: tuple[str, ...], change: Callable[[Any], Any]) -> Any:
    """Change what is at a path, in place but for tuples; return the owner."""
    if not path:
        return change(owner)
    name = path[0]
    new = _assign(_walk(owner, (name,)), path[1:], change)
    if isinstance(owner, tuple):
        return tuple(new if i == int(name) else x for i, x in enumerate(owner))
    if isinstance(owner, list):
        owner[int(name)] = new
    elif isinstance(owner, dict):
        owner[next(k for k in owner if str(k) == name)] = new
    elif isinstance(owner, _Listed):
        owner.layers[int(name)] = new
    else:
        object.__setattr__(owner, name, new)
    return owner


@cache
def _stub_class(cls: Any) -> type:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        from ivy_jax.capture.parts import call_stub

        given = {k: x for k, x in kwargs.items() if k != "key" or not _is_key(x)}  # parts of the target draw themselves
        result = call_stub(self._ivy_stub[0], args, given)
        return cls.__call__(self, *args, **kwargs) if result is NotImplemented else result

    fields = {"_ivy_stub": eqx.field(static=True, default=None), "__annotations__": {"_ivy_stub": Any}}
    return type(cls.__name__, (cls,), {"__call__": call, "__module__": cls.__module__, **fields})


def _is_key(x: Any) -> bool:
    if x is None:
        return True
    dtype = getattr(x, "dtype", None)
    return dtype is not None and (jax.dtypes.issubdtype(dtype, jax.dtypes.prng_key) or str(dtype) == "uint32")


# -- from the hub -----------------------------------------------------------------------------------------------------


class Part(ConvertedModel, eqx.Module):
    """A converted model or a submodule of one: a PyTree of arrays and further parts under the source's names.

    It runs the function that is generated for its submodule of the source on the arrays that it holds now. Parts that
    were replaced (`eqx.tree_at`) or are in another mode are called by that function, the others are inlined in it.
    """

    _ivy: Any = eqx.field(static=True)
    inference: bool
    kept: Any

    def __call__(self, *args: Any, key: Any = None, **kwargs: Any) -> Any:
        """Run the module; arrays may be of JAX, NumPy or the source framework.

        Args:
            *args: as for the source's module.
            key: random key, needed if the model draws numbers; ``rng`` is another name for it. Where the source has an
                argument ``key``, as attention has, it is that one, and the random key is ``rng``.
            **kwargs: as for the source's module.
        """
        return self._ivy_run(None, args, kwargs if key is None else {**kwargs, "key": key})

    def _ivy_run(self, method: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run a method; return its output, or that and the module with the new state if the call changes any."""
        out, new = self._ivy_step(method, args, kwargs)
        return out if new is self else (out, new)

    def _ivy_step(self, method: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        """Run a method; return its output and the module as it is then."""
        conversion: Conversion = self.conversion
        args, kwargs, key = _taken_key(conversion.spec, args, kwargs)
        keys = enclosing_draw() if key is None else _Keys(key)
        params, called = self._ivy_gather(keys)
        layout = _layout(conversion)
        for name in layout.frozen:
            if name in params:
                params[name] = jax.lax.stop_gradient(params[name])

        def draw() -> Any:
            if keys is None:
                own = takes_argument(conversion.spec, "key") and not conversion.spec.takes_key
                raise ConversionError(
                    f"{conversion.spec.name} draws random numbers", hint=f"pass {'rng' if own else 'key'}="
                )
            return keys()

        kept, train = self.kept, not self.inference
        out, updates = conversion.run(
            params, args, kwargs, train=train, rng=draw, kept=kept, called=called or None, method=method
        )
        new = self._ivy_updated(updates) if updates else self
        changed = {path: x for path, x in called.parts.items() if isinstance(x, _Call) and x.changed}
        if changed:
            places = [way_to(layout.tree, path) for path in changed]
            new = eqx.tree_at(lambda m: [_walk(m, way) for way in places], new, [x.part for x in changed.values()])
        return out, new

    def _ivy_gather(self, keys: Callable[[], Any] | None) -> tuple[dict[str, Any], Called]:
        """Return the arrays by name, and the parts that are to be called."""
        params: dict[str, Any] = {}
        called = Called({}, _Call.evaluate, _Call.describe)
        _gather(self, _layout(self.conversion).tree, self.inference, params, called, keys)
        return params, called

    def _ivy_abstract(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return what a call gives, with `Aval`s in place of arrays."""
        args, kwargs, _ = _taken_key(self.conversion.spec, args, kwargs)
        called = self._ivy_gather(lambda: jax.numpy.zeros(2, "uint32"))[1]
        return result_of(self.conversion, args, kwargs, not self.inference, kept=self.kept, called=called or None)

    def _ivy_updated(self, updates: dict[str, Any]) -> Any:
        new = _with_field(self, "kept", self.kept.after(updates)) if type(updates) is Left else self
        if not len(updates):
            return new
        places = {name: path for path, name in reversed(list(_layout(self.conversion).tree.walk()))}
        return eqx.tree_at(lambda m: [_walk(m, places[n]) for n in updates], new, list(updates.values()))

    @property
    def conversion(self) -> Conversion:
        """What the module runs on."""
        made: Conversion = self._ivy.conversion
        return made

    def __getattr__(self, name: str) -> Any:
        ivy = vars(self).get("_ivy")
        return source_attribute(self, name, ivy, self._ivy_run, self._ivy_at)

    def _ivy_at(self, path: tuple[str, ...]) -> Any:
        return _walk(self, way_to(_layout(self.conversion).tree, path))


class _Listed(Part):
    """A part whose children are numbered, and that can be called."""

    layers: list[Any]

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, index: Any) -> Any:
        return self.layers[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.layers)


class Converted(Part):
    """A model converted to equinox: a PyTree whose leaves are the parameters and buffers.

    `eqx.nn.inference_mode` switches its mode. Where a call changes buffers, or leaves other state, it returns
    ``(output, model with the new state)``. Dropout takes its key by ``key=``. Buffers and frozen parameters get zero
    gradients.
    """


class _ConvertedList(_Listed, Converted):
    """A converted model whose children are numbered."""


class _Keys:
    """Draws of one call: its key is the first, the others are derived from it."""

    def __init__(self, key: Any) -> None:
        self.key, self.count = raw_key(key), 0

    def __call__(self) -> Any:
        self.count += 1
        if self.count == 1:
            return self.key
        return jax.random.key_data(jax.random.fold_in(jax.random.wrap_key_data(self.key), self.count - 1))


class _Call:
    """A part that a model calls in one run.

    Args:
        part: the part; the run's later calls of it see the state that the earlier ones have left.
        keys: draws random keys, None if the run has none.
    """

    def __init__(self, part: Any, keys: Callable[[], Any] | None) -> None:
        self.part, self.keys = part, keys
        self.changed = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        part = self.part
        if isinstance(part, Part) and not hasattr(part, "_ivy_stub"):
            out, new = part._ivy_step(None, args, kwargs)
            self.changed |= new is not part
            self.part = new
            return out
        if self.keys is not None and "key" not in kwargs and "key" in _parameters(part):
            kwargs["key"] = jax.random.wrap_key_data(self.keys())
        return batched(part)(*args, **kwargs)

    def evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return what a call gives, with `Aval`s in place of arrays."""
        if isinstance(self.part, Part) and not hasattr(self.part, "_ivy_stub"):
            return self.part._ivy_abstract(args, kwargs)
        return abstract_result(_Call(self.part, self.keys and (lambda: jax.numpy.zeros(2, "uint32"))), args, kwargs)

    def describe(self) -> Any:
        """Return what of the part decides on the types of its results."""
        stub = getattr(self.part, "_ivy_stub", None)
        if stub is not None:  # another one in each capture
            return stub[1]
        leaves, treedef = jax.tree.flatten(self.part)
        return type(self.part), str(treedef), tuple([
            (x.shape, str(x.dtype)) if hasattr(x, "shape") and hasattr(x, "dtype") else content(x) for x in leaves
        ])  # fmt: skip


_RANKS: dict[type, Callable[[Any], int]] = {
    eqx.nn.Linear: lambda part: 1,
    eqx.nn.MLP: lambda part: 1,
    eqx.nn.Conv: lambda part: part.num_spatial_dims + 1,
    eqx.nn.ConvTranspose: lambda part: part.num_spatial_dims + 1,
    eqx.nn.Pool: lambda part: part.num_spatial_dims + 1,
    eqx.nn.AdaptivePool: lambda part: len(part.target_shape) + 1,
    eqx.nn.Embedding: lambda part: 0,
    eqx.nn.LayerNorm: lambda part: len(part.shape),
    eqx.nn.RMSNorm: lambda part: len(part.shape),
}
"""Equinox's own layers that take single examples: the number of axes of one."""


def batched(part: Any) -> Callable[..., Any]:
    """Return the call of a part for a model whose arrays have the axes of a batch.

    Equinox's own layers take single examples; one that is put into a converted model is mapped over the axes before
    those of an example. Any other module takes what the source's submodule took.

    Args:
        part: any module.
    """
    rank = next((ranks for cls, ranks in _RANKS.items() if isinstance(part, cls)), None)
    if rank is None or getattr(part, "_ivy_stub", None) is not None:
        return part

    def call(x: Any, **kwargs: Any) -> Any:
        x = jax.numpy.asarray(x)
        one = partial(part, **kwargs)
        for _ in range(x.ndim - rank(part)):
            one = jax.vmap(one)
        return one(x)

    return call


def _with_field(model: Any, name: str, value: Any) -> Any:
    """Return a copy of a model with another value of a field."""
    made: Any = object.__new__(type(model))
    for k in type(model).__dataclass_fields__:
        object.__setattr__(made, k, value if k == name else getattr(model, k))
    return made


def _taken_key(spec: ModuleSpec, args: Any, kwargs: Mapping[str, Any]) -> tuple[Any, dict[str, Any], Any]:
    """Return the arguments without the random key, and the key.

    It comes by ``key``, or by ``rng`` where the source has an argument ``key`` that is not a random key.
    """
    kwargs = dict(kwargs)
    given = taken_rng(spec, kwargs)
    if "key" not in kwargs or (not spec.takes_key and takes_argument(spec, "key")):
        return args, kwargs, given
    key = kwargs.pop("key")
    return args, kwargs, given if key is None else key


@dataclasses.dataclass(frozen=True)
class _Layout:
    """How a model is laid out.

    Args:
        tree: its tree; children that are numbered are a list, or have names that a field may have.
        frozen: parameters and buffers that get no gradients.
    """

    tree: Tree
    frozen: tuple[str, ...]


def _layout(conversion: Conversion) -> _Layout:
    if conversion.slots is None:
        tree = conversion.tree(_attribute, share=False)

        def name(node: Tree) -> None:
            if not node.is_list:
                node.children = {f"_{k}" if k.isdigit() else k: v for k, v in node.children.items()}
                node.leaves = {f"_{k}" if k.isdigit() else k: v for k, v in node.leaves.items()}
            for child in node.children.values():
                name(child)

        name(tree)
        conversion.slots = _Layout(tree, tuple(name for name, p in conversion.params.items() if not p.trainable))
    made: _Layout = conversion.slots
    return made


def _gather(
    part: Any, tree: Tree, inference: bool, found: dict[str, Any], called: Called, keys: Callable[[], Any] | None
) -> None:
    for attribute, name in tree.leaves.items():
        found.setdefault(name, getattr(part, attribute))
    listed = part if isinstance(part, (list, tuple)) else part.layers if isinstance(part, _Listed) else None
    if listed is not None and len(listed) != len(tree.children):
        called.lengths[tree.path] = len(listed)
        for i in range(len(tree.children), len(listed)):
            called.parts[(*tree.path, str(i))] = _Call(listed[i], keys)
    for attribute, child in tree.children.items():
        if listed is None:
            inner = getattr(part, attribute)
        elif int(attribute) < len(listed):
            inner = listed[int(attribute)]
        else:
            continue
        if isinstance(inner, (list, tuple)):
            _gather(inner, child, inference, found, called, keys)
        elif getattr(inner, "_ivy", None) is not child.handle:
            called.parts[child.path] = None if inner is None else _Call(inner, keys)
        else:
            if child.calls and (inner.inference is not inference or hasattr(inner, "_ivy_stub")):
                called.parts[child.path] = _Call(inner, keys)
            _gather(inner, child, inference, found, called, keys)


def _grow(tree: Tree, arrays: Mapping[str, Any], mode: Callable[[tuple[str, ...]], bool]) -> dict[str, Any]:
    """Return the fields of a part."""
    fields: dict[str, Any] = {attribute: arrays[name] for attribute, name in tree.leaves.items()}
    for attribute, child in tree.children.items():
        inner = _grow(child, arrays, mode)
        if child.is_list and not child.calls:
            fields[attribute] = [*inner.values()]
        else:
            base = _Listed if child.is_list else Part
            fields[attribute] = _make(child.class_name, base, _own_fields(child.handle, not mode(child.path)) | inner)
    return {"layers": [*fields.values()]} if tree.is_list and tree.calls else fields


def _own_fields(ivy: Any, inference: bool) -> dict[str, Any]:
    return {"_ivy": ivy, "inference": inference, "kept": EMPTY}


def _make(name: str, base: type, fields: Mapping[str, Any]) -> Any:
    made: Any = object.__new__(_class(name, base, tuple(k for k in fields if k not in base.__dataclass_fields__)))  # type: ignore[attr-defined]
    for k, v in fields.items():
        object.__setattr__(made, k, v)
    return made


@cache
def _class(name: str, base: type, fields: tuple[str, ...]) -> type:
    return type(name, (base,), {"__module__": __name__, "__annotations__": dict.fromkeys(fields, Any)})


_TAKEN = frozenset(dir(_Listed)) | {"conversion", "inference", "kept", "layers", "_ivy"}


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
    modes = conversion.spec.modes if train is None else {}
    mode = conversion.spec.train if train is None else train
    tree = _layout(conversion).tree
    fields = _own_fields(conversion, not mode)
    fields |= _grow(tree, conversion.initial(), lambda path: modes.get(path, mode))
    return _make(conversion.spec.name, _ConvertedList if tree.is_list else Converted, fields)


def class_from_hub(source: type, convert: Callable[[Any], Conversion], **options: Any) -> Any:
    """Make a constructor of equinox modules out of a class of another system's; it takes the source's arguments."""

    def build(*args: Any, **kwargs: Any) -> Any:
        return from_hub(convert(source(*args, **kwargs)), **options)

    build.__name__ = build.__qualname__ = source.__name__
    return build
