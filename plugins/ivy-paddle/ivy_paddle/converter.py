"""paddle.nn.Layer to the hub form and back.

A converted model is a `paddle.nn.Layer` with the source's tree of sublayers. Its parts hold parameters and buffers; the
root runs the generated function of the whole model on them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from ivy.dtypes import as_dtype
from ivy.stateful.conversion import Conversion
from ivy.stateful.native import ConvertedModel, Slots, constructor, key_given, part_called, part_replaced, taken_rng
from ivy.stateful.spec import ModuleSpec, ParamSpec, Role, Tree
from ivy.transpiler.held import kept_after
from ivy_paddle.layers import own_tensors, parts
from ivy_paddle.loading import paddle

__all__ = ["STORAGE", "Converted", "Part", "class_from_hub", "from_hub", "owns", "to_hub"]

nn = paddle.nn
Layer: Any = nn.Layer

STORAGE = {"conv": "OI*", "conv_transpose": "IO*", "linear": "IO"}


def owns(obj: Any) -> bool:
    """Tell whether an object is a paddle layer or a class of them."""
    return issubclass(obj, Layer) if isinstance(obj, type) else isinstance(obj, Layer)


# -- to the hub -------------------------------------------------------------------------------------------------------


def to_hub(module: Any, *, params_v: Any = None) -> ModuleSpec:
    """Describe a paddle layer.

    Args:
        module: any `paddle.nn.Layer`.
        params_v: not used: the layer has its parameters.

    Returns:
        The hub form.
    """
    if isinstance(module, Converted):
        return _converted_spec(module)
    found: dict[int, ParamSpec] = {}
    owners: dict[int, list[Role | None]] = {}
    classes: dict[tuple[str, ...], str] = {}
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    first: dict[int, tuple[str, ...]] = {}
    for path, part in parts(module):
        classes[path] = type(part).__name__
        if id(part) in first:
            shared[path] = first[id(part)]
        first.setdefault(id(part), path)
        for attribute, tensor, is_buffer in own_tensors(part):
            known = found.get(id(tensor))
            owners.setdefault(id(tensor), []).append(_role(part, attribute))
            if known is not None:
                found[id(tensor)] = replace(known, aliases=(*known.aliases, (*path, attribute)))
                continue
            # the running statistics are parameters that are not trained
            statistic = isinstance(part, _NORMS) and attribute in ("_mean", "_variance")
            found[id(tensor)] = ParamSpec(
                name=".".join((*path, attribute)),
                path=(*path, attribute),
                shape=tuple(tensor.shape),
                dtype=as_dtype(str(tensor.dtype)),
                trainable=not is_buffer and not statistic and not tensor.stop_gradient,
                buffer=is_buffer or statistic,
                statistic=statistic,
                persistent=not (is_buffer and attribute in part._non_persistable_buffer_names_set),
            )
    params = tuple(replace(p, role=_agreed(owners[key])) for key, p in found.items())
    return _spec(module, params, classes, shared)


_NORMS = (nn.layer.norm._BatchNormBase, nn.BatchNorm)


def _spec(
    module: Any,
    params: tuple[ParamSpec, ...],
    classes: Mapping[tuple[str, ...], str],
    shared: Mapping[tuple[str, ...], tuple[str, ...]],
) -> ModuleSpec:
    from ivy_paddle.capture import capture

    return ModuleSpec(
        name=type(module).__name__,
        system="paddle",
        framework="paddle",
        obj=module,
        params=params,
        arrays=lambda: _tensors(module, params),
        capture=capture,
        load=lambda values: _load(module, params, values),
        classes=classes,
        shared=shared,
        train=module.training,
    )


def _role(part: Any, attribute: str) -> Role | None:
    if attribute != "weight":
        return None
    if isinstance(part, nn.Linear):
        return Role("linear", "IO")
    if isinstance(part, nn.layer.conv._ConvNd):
        return Role("conv_transpose", "IO*") if isinstance(part, _TRANSPOSED) else Role("conv", "OI*")
    return None


_TRANSPOSED = (nn.Conv1DTranspose, nn.Conv2DTranspose, nn.Conv3DTranspose)


def _agreed(roles: list[Role | None]) -> Role | None:
    return roles[0] if len(set(roles)) == 1 else None


def _at(module: Any, path: tuple[str, ...]) -> Any:
    for name in path[:-1]:
        module = module._sub_layers[name]
    return module._parameters[path[-1]] if path[-1] in module._parameters else module._buffers[path[-1]]


def _tensors(module: Any, params: tuple[ParamSpec, ...]) -> dict[str, Any]:
    return {p.name: _at(module, p.path).detach() for p in params}


def _load(module: Any, params: tuple[ParamSpec, ...], values: Mapping[str, Any]) -> None:
    mine = {p.name: _at(module, p.path) for p in params}
    with paddle.no_grad():
        for name, value in values.items():
            mine[name].set_value(value)


# -- from the hub -----------------------------------------------------------------------------------------------------


class _Whole(Layer):
    """What a converted model and its parts share: parameters can be replaced, parts cannot.

    The generated function is that of the whole source model, so another part would silently not be used.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        old = self.__dict__.get("_sub_layers", {}).get(name)
        if old is not None and isinstance(value, Layer) and value is not old:
            raise part_replaced(name)
        super().__setattr__(name, value)


class Part(_Whole):
    """A sublayer of a converted model: holds parameters, buffers and further parts under the source's names."""

    def extra_repr(self) -> str:
        """Return the shapes of the own parameters."""
        return ", ".join(f"{name}={tuple(x.shape)}" for name, x, _ in own_tensors(self))

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: the generated function belongs to the whole model."""
        raise part_called(self)

    def __reduce__(self) -> Any:
        return _blank, (type(self).__name__, _base(type(self))), self.__dict__


class _Listed(Part):
    """A part whose children are numbered."""

    def __len__(self) -> int:
        return len(self._sub_layers)

    def __getitem__(self, index: int) -> Any:
        return list(self._sub_layers.values())[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._sub_layers.values())


class Converted(ConvertedModel, _Whole):
    """A model converted to PaddlePaddle: a native, trainable `paddle.nn.Layer`.

    Args:
        conversion: the model in the hub form with paddle as its target.
        train: whether it starts in training mode; the source's mode by default.
    """

    def __init__(self, conversion: Conversion, *, train: bool | None = None) -> None:
        super().__init__()
        self._ivy = conversion
        arrays = conversion.initial()
        made: dict[str, Any] = {}
        for name, p in conversion.params.items():
            made[name] = arrays[name] if _kept_as_buffer(p) else self._parameter(arrays[name], p.trainable)
        self._ivy_slots = Slots()
        self._grow(self, conversion.tree(_attribute), made, set(), {id(conversion.tree()): (0, self)})
        wanted = conversion.spec.train if train is None else train
        self.train() if wanted else self.eval()

    def _parameter(self, array: Any, trainable: bool) -> Any:
        parameter = self.create_parameter(
            list(array.shape),
            dtype=str(array.dtype).rpartition(".")[2],
            default_initializer=nn.initializer.Constant(0.0),
        )
        parameter.set_value(array)
        parameter.stop_gradient = not trainable
        parameter.trainable = trainable
        return parameter

    def _grow(
        self,
        part: Any,
        tree: Tree,
        made: Mapping[str, Any],
        placed: set[str],
        known: dict[int, tuple[int, Any]],
    ) -> None:
        slots, place = self._ivy_slots, known[id(tree)][0]
        for attribute, name in tree.leaves.items():
            p = self._ivy.params[name]
            as_buffer = _kept_as_buffer(p)
            if as_buffer:
                part.register_buffer(attribute, made[name], persistable=p.persistent)
            else:
                part.add_parameter(attribute, made[name])
            if name not in placed:
                placed.add(name)
                slots.tensors.append((name, place, attribute, as_buffer))
        for attribute, child in tree.children.items():
            if id(child) not in known:
                below = _blank(child.class_name, _Listed if child.is_list else Part)
                known[id(child)] = slots.add_part(place, attribute), below
                self._grow(below, child, made, placed, known)
            part.add_sublayer(attribute, known[id(child)][1])

    def _gather(self) -> dict[str, Any]:
        slots = self._ivy_slots
        parts = slots.walk(self, _children)
        if paddle.in_dynamic_mode():
            return {n: (parts[i]._buffers if b else parts[i]._parameters)[a] for n, i, a, b in slots.tensors}
        # the attribute gives the program's value while paddle.jit.to_static builds one
        return {name: getattr(parts[place], attribute) for name, place, attribute, _ in slots.tensors}

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Run the model; arrays may be of paddle, NumPy or the source framework."""
        params, kept = self._gather(), self._ivy_kept
        draw = key_given(self._ivy, taken_rng(self._ivy.spec, kwargs), _draw_key, "seed it: paddle.seed(0)")
        out, updates = self._ivy.run(params, args, kwargs, train=self.training, rng=draw, kept=kept)
        if updates:
            self._ivy_kept = kept_after(kept, updates, where="paddle.jit.to_static")
            with paddle.no_grad():
                for name, value in updates.items():
                    # in place, also while a program is built
                    paddle.assign(value.detach().reshape(params[name].shape), params[name])
        return out

    def extra_repr(self) -> str:
        """Return what the model was converted from and the shapes of its own parameters."""
        return ", ".join([self._ivy.describe(), *filter(None, [Part.extra_repr(self)])])

    def __reduce__(self) -> Any:
        made = (type(self).__name__, Converted, getattr(type(self), "_ivy_call", None))
        if type(self) is not _class(*made):  # a class that the user can import
            return super().__reduce_ex__(2)
        return _blank, made, self.__dict__

    def __deepcopy__(self, memo: dict[int, Any]) -> Converted:
        from copy import deepcopy

        new: Any = object.__new__(type(self))
        memo[id(self)] = new
        new.__dict__.update({k: deepcopy(v, memo) for k, v in self.__dict__.items()})
        return new


def _kept_as_buffer(p: ParamSpec) -> bool:
    """Whether the layer keeps it as a buffer: paddle's parameters are of floating point."""
    return p.buffer or not p.dtype.is_float


_Call = tuple[tuple[str, int, bool], ...]
"""The arguments of a model: name, kind (`inspect.Parameter.kind`), and whether it has to be given."""


def _children(part: Any) -> Mapping[str, Any]:
    children: Mapping[str, Any] = part._sub_layers
    return children


def _blank(name: str, base: type, call: _Call | None = None) -> Any:
    """Make an instance of a subclass by this name, as pickle and the builder need it."""
    new: Any = object.__new__(_class(name, base, call))
    Layer.__init__(new)
    return new


@cache
def _class(name: str, base: type, call: _Call | None = None) -> type:
    content: dict[str, Any] = {"__module__": __name__}
    if call is not None:
        content |= {"_ivy_call": call, "forward": _forward(call)}
    return type(name, (base,), content)


def _forward(call: _Call) -> Callable[..., Any]:
    """Make the method for a model's own arguments, which `paddle.jit.to_static` and `paddle.Model` read off it."""

    def forward(self: Converted, *args: Any, **kwargs: Any) -> Any:
        given = next((i for i, x in enumerate(args) if x is _LEFT_OUT), len(args))
        named = {name: x for (name, *_), x in zip(call[given:], args[given:]) if x is not _LEFT_OUT}
        kwargs = {name: x for name, x in kwargs.items() if x is not _LEFT_OUT}
        return Converted.forward(self, *args[:given], **named, **kwargs)

    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    for name, kind, needed in call:
        default = inspect.Parameter.empty if needed else _LEFT_OUT
        parameters.append(inspect.Parameter(name, inspect._ParameterKind(kind), default=default))
    made: Any = forward
    made.__signature__ = inspect.Signature(parameters)
    made.__doc__ = Converted.forward.__doc__
    return forward


class _LeftOut:
    """Stands for an argument that is not given, so that the source's own default holds."""

    def __repr__(self) -> str:
        return "<default>"


_LEFT_OUT = _LeftOut()


def _call_of(source: Any) -> _Call | None:
    """Return the arguments of a source model; None where its signature is not that plain."""
    try:
        parameters = inspect.signature(getattr(source, "forward", None) or source).parameters.values()
    except (TypeError, ValueError):
        return None
    if not parameters or any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return None
    return tuple(
        (p.name, p.POSITIONAL_OR_KEYWORD if p.kind is p.POSITIONAL_ONLY else p.kind, p.default is p.empty)
        for p in parameters
        if p.kind is not p.VAR_KEYWORD
    )


def _base(cls: type) -> type:
    return next(c for c in cls.__mro__ if c in (_Listed, Part, Converted))


@cache
def _taken() -> frozenset[str]:
    return frozenset(dir(Layer())) | {"graph", "code", "to_backend", "_ivy", "_ivy_slots", "_ivy_kept"}


def _attribute(part: str) -> str:
    """Turn a part of a name into one that a paddle layer allows."""
    name = part.replace(".", "_") or "_"
    while name in _taken():
        name += "_"
    return name


def _draw_key() -> Any:
    """Draw a JAX-style random key from paddle's default generator."""
    from ivy.backend import get_backend

    backend = get_backend("paddle").module
    return backend.asarray(paddle.randint(0, 2**31 - 1, [2], dtype="int32").tolist(), dtype=as_dtype("uint32"))


def from_hub(conversion: Conversion, *, train: bool | None = None) -> Converted:
    """Build a paddle layer.

    Args:
        conversion: the model in the hub form with paddle as its target.
        train: whether it starts in training mode; the source's mode by default.

    Returns:
        A native layer.
    """
    cls = _class(conversion.spec.name, Converted, _call_of(conversion.spec.obj))
    made: Converted = cls(conversion, train=train)
    return made


def class_from_hub(source: type, convert: Callable[[Any], Conversion], **options: Any) -> type:
    """Make a class of paddle layers out of a class of another system's.

    Args:
        source: the class.
        convert: brings an instance of it into the hub form.
        **options: as in `from_hub`.

    Returns:
        A class with the same constructor.
    """
    init = constructor(Converted, source, convert, options)
    call = _call_of(vars(source).get("forward") or vars(source).get("__call__")) or ()
    content = {"forward": _forward(call[1:])} if len(call) > 1 else {}
    return type(source.__name__, (Converted,), {"__init__": init, **content})


def _converted_spec(module: Converted) -> ModuleSpec:
    """Describe a converted model: a paddle layer under the names and with the roles that it was built with."""
    classes = {path: type(part).__name__ for path, part in parts(module)}
    return _spec(module, module._ivy.placed(), classes, {})
