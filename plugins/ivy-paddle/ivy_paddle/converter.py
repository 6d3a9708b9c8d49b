"""paddle.nn.Layer to the hub form and back.

A converted model is a `paddle.nn.Layer` with the source's tree of sublayers. Its parts hold parameters and buffers; the
root runs the generated function of the whole model on them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from ivy.dtypes import as_dtype
from ivy.stateful.conversion import Conversion
from ivy.stateful.living import ListedPart, LivingPart, System
from ivy.stateful.native import constructor, key_given, taken_rng
from ivy.stateful.parts import Called
from ivy.stateful.spec import ModuleSpec, ParamSpec, Role, Tree
from ivy.transpiler.held import kept_after
from ivy_paddle.layers import own_tensors, parts
from ivy_paddle.loading import paddle
from ivy_paddle.native_layers import build as build_layer
from ivy_paddle.native_layers import recognise

__all__ = ["STORAGE", "Converted", "Part", "build_layer", "class_from_hub", "from_hub", "owns", "to_hub"]

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
    found: dict[int, ParamSpec] = {}
    owners: dict[int, list[Role | None]] = {}
    classes: dict[tuple[str, ...], str] = {}
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    first: dict[int, tuple[str, ...]] = {}
    layers: dict[tuple[str, ...], Any] = {}
    for path, part in parts(module):
        classes[path] = type(part).__name__
        layers[path] = part
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
    if isinstance(module, Part) and module._ivy is not None:
        params = module._ivy.conversion.with_traits(params)
    from ivy_paddle.capture import capture

    as_now = _as_now(layers.values())
    return ModuleSpec(
        name=type(module).__name__,
        system="paddle",
        framework="paddle",
        obj=module,
        params=params,
        arrays=lambda: _tensors(module, params),
        capture=as_now(capture),
        load=lambda values: _load(module, params, values),
        classes=classes,
        shared=shared,
        containers=frozenset(p for p, m in layers.items() if not _calls(m)),
        modes={p: m.training for p, m in layers.items() if m.training is not module.training and _has_modes(m)},
        train=module.training,
        part=as_now(lambda path: to_hub(layers[path]) if _calls(layers[path]) else None),
        locate=lambda x: next((p for p, m in layers.items() if m is x), None),
        layers={p: layer for p, m in layers.items() if p not in shared and (layer := recognise(m)) is not None},
    )


def _as_now(layers: Iterable[Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what lets functions run in the state that layers are in at this moment.

    What is converted has the parameters, parts and hooks of the moment of its conversion, whatever the user does to the
    source before the first call.
    """
    from ivy_paddle.capture import LayerState

    every = [*{id(x): x for x in layers}.values()]
    then = LayerState(every)

    def in_that_state(f: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            now = LayerState(every)
            then.restore()
            try:
                return f(*args, **kwargs)
            finally:
                now.restore()

        return run

    return in_that_state


_NORMS = (nn.layer.norm._BatchNormBase, nn.BatchNorm)


def _calls(part: Any) -> bool:
    return "forward" in vars(part) or any("forward" in vars(c) for c in type(part).__mro__ if c is not Layer)


def _has_modes(part: Any) -> bool:
    """Tell whether the mode may matter to a layer itself: it does not to most of paddle's own."""
    if not type(part).__module__.startswith("paddle.nn.layer."):
        return True
    name = type(part).__name__
    return (
        isinstance(part, (*_NORMS, nn.layer.rnn.RNNBase, nn.MultiHeadAttention, nn.RReLU))
        or "Dropout" in name
        or "Transformer" in name
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


class Part(LivingPart, Layer):
    """A converted model or a sublayer of one: parameters, buffers and further parts under the source's names.

    It runs the function that is generated for its submodule of the source on the parameters that it holds now. Parts
    that were replaced, have hooks, or are in another mode are called by that function, the others are inlined in it.
    """

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Run the model; arrays may be of paddle, NumPy or the source framework."""
        return self._ivy_run(None, args, kwargs)

    def _ivy_run(self, method: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        conversion: Conversion = self._ivy.conversion
        params, called = self._ivy_gather(conversion)
        kept = self._ivy_kept
        draw = key_given(conversion, taken_rng(conversion.spec, kwargs), _draw_key, "seed it: paddle.seed(0)")
        out, updates = conversion.run(
            params, args, kwargs, train=self.training, rng=draw, kept=kept, called=called, method=method
        )
        if updates:
            self._ivy_kept = kept_after(kept, updates, where="paddle.jit.to_static")
            with paddle.no_grad():
                for name, value in updates.items():
                    # in place, also while a program is built
                    paddle.assign(value.detach().reshape(params[name].shape), params[name])
        return out

    @property
    def _ivy_train(self) -> bool:
        return bool(self.training)

    def _ivy_gather(self, conversion: Conversion) -> tuple[dict[str, Any], Called | None]:
        """Return the tensors by name, and the parts that are to be called."""
        parts, called = SYSTEM.gather(self, conversion, self.training)
        found: dict[str, Any] = {}
        dynamic = paddle.in_dynamic_mode()
        for name, place, attribute, is_buffer in conversion.slots.tensors:
            part = parts[place]
            if part is None:
                continue
            x = (part._buffers if is_buffer else part._parameters).get(attribute)
            if x is None and called and not hasattr(part, attribute):
                continue
            # the attribute gives the program's value while paddle.jit.to_static builds one
            found[name] = x if dynamic and x is not None else getattr(part, attribute)
        return found, called

    def _gather(self) -> dict[str, Any]:
        """Return the tensors by name."""
        return self._ivy_gather(self._ivy.conversion)[0]

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            return self._ivy_attribute(name)

    def extra_repr(self) -> str:
        """Return the shapes of the own parameters."""
        return ", ".join(f"{name}={tuple(x.shape)}" for name, x, _ in own_tensors(self))

    def __reduce__(self) -> Any:
        return _blank, (type(self).__name__, _base(type(self))), self.__dict__


class _Listed(ListedPart, Part):
    """A part whose children are numbered."""

    def _ivy_sequence(self, parts: list[Any]) -> Any:
        return nn.Sequential(*parts)


class Converted(Part):
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
        for name, is_buffer in _buffers(conversion).items():
            trainable = conversion.params[name].trainable
            made[name] = arrays[name] if is_buffer else self._parameter(arrays[name], trainable)
        tree = conversion.tree(_attribute)
        known: dict[int, Any] = {id(tree): self}
        _grow(self, tree, made, conversion, known)
        wanted = conversion.spec.train if train is None else train
        self.train() if wanted else self.eval()
        for node in tree.nodes():
            if train is None and node.path in conversion.spec.modes:
                known[id(node)].training = conversion.spec.modes[node.path]

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

    def extra_repr(self) -> str:
        """Return what the model was converted from and the shapes of its own parameters."""
        return ", ".join([self._ivy.describe(), *filter(None, [Part.extra_repr(self)])])

    def __reduce__(self) -> Any:
        made = (type(self).__name__, _base(type(self)), getattr(type(self), "_ivy_call", None))
        if type(self) is not _class(*made):  # a class that the user can import
            return super().__reduce_ex__(2)
        return _blank, made, self.__dict__

    def __deepcopy__(self, memo: dict[int, Any]) -> Converted:
        from copy import deepcopy

        new: Any = object.__new__(type(self))
        memo[id(self)] = new
        new.__dict__.update({k: deepcopy(v, memo) for k, v in self.__dict__.items()})
        return new


class ConvertedList(Converted, _Listed):
    """A converted model whose parts are numbered."""


def _grow(part: Any, tree: Tree, made: Mapping[str, Any], conversion: Conversion, known: dict[int, Any]) -> None:
    for attribute, name in tree.leaves.items():
        if not isinstance(made[name], paddle.base.framework.EagerParamBase):
            part.register_buffer(attribute, made[name], persistable=conversion.params[name].persistent)
        else:
            part.add_parameter(attribute, made[name])
    for attribute, child in tree.children.items():
        if id(child) not in known:
            known[id(child)] = _empty(child)
            _grow(known[id(child)], child, made, conversion, known)
        part.add_sublayer(attribute, known[id(child)])


def _empty(tree: Tree) -> Any:
    if tree.native is not None:
        return tree.native.make()
    if not tree.calls and not tree.leaves:
        return nn.LayerList() if tree.is_list or not tree.children else nn.LayerDict()
    made = _blank(tree.class_name, _Listed if tree.is_list else Part)
    made._ivy = tree.handle
    return made


def evaluate(part: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return what a layer gives, with `Aval`s in place of tensors.

    Args:
        part: any layer.
        args: positional arguments, with `Aval`s.
        kwargs: keyword arguments, likewise.
    """
    stub = part.__dict__.get("_ivy_stub")
    if stub is not None:
        return stub.evaluate(args, kwargs)
    if isinstance(part, Part):
        return part._abstract(args, kwargs)
    from ivy_paddle.capture.parts import evaluate

    return evaluate(part, args, kwargs)


def _described(part: Any) -> Any:
    """Return what of a layer decides on the types of its results, as far as that is seen from outside."""
    if part is None:
        return None
    stub = part.__dict__.get("_ivy_stub")
    return (
        type(part),
        part.training,
        id(stub),
        tuple([(n, tuple(x.shape), str(x.dtype)) for n, x in part.named_parameters()]),
    )


def _buffers(conversion: Conversion) -> dict[str, bool]:
    """Return whether a layer keeps each array as a buffer.

    Paddle's parameters are of floating point; its own batch norms keep their statistics as parameters.
    """
    found = {name: p.buffer or not p.dtype.is_float for name, p in conversion.params.items()}
    for node in conversion.tree(_attribute).nodes():
        if node.native is not None:
            found |= {name: not conversion.params[name].dtype.is_float for name in node.leaves.values()}
    return found


_Call = tuple[tuple[str, int, bool], ...]
"""The arguments of a model: name, kind (`inspect.Parameter.kind`), and whether it has to be given."""


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
    return next(c for c in cls.__mro__ if c in (ConvertedList, Converted, _Listed, Part))


@cache
def _taken() -> frozenset[str]:
    return frozenset(dir(Layer())) | {
        "graph",
        "code",
        "to_backend",
        "_ivy",
        "_ivy_kept",
        "_ivy_run",
        "_ivy_at",
    }


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


def _changed(state: dict[str, Any], train: bool) -> bool:
    return bool(
        state["training"] is not train
        or state["_forward_pre_hooks"]
        or state["_forward_post_hooks"]
        or "forward" in state
    )


SYSTEM = System(
    attribute=_attribute,
    child=lambda part, name: part._sub_layers.get(name),
    children=lambda part: part._sub_layers,
    containers=(nn.LayerList, nn.LayerDict),
    changed=_changed,
    evaluate=evaluate,
    describe=_described,
    buffers=_buffers,
)
Part._ivy_system = SYSTEM


def from_hub(conversion: Conversion, *, train: bool | None = None) -> Converted:
    """Build a paddle layer.

    Args:
        conversion: the model in the hub form with paddle as its target.
        train: whether it starts in training mode; the source's mode by default.

    Returns:
        A native layer.
    """
    listed = conversion.tree(_attribute).is_list
    cls = _class(conversion.spec.name, ConvertedList if listed else Converted, _call_of(conversion.spec.obj))
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
