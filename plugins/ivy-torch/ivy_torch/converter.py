"""torch.nn.Module to the hub form and back.

A converted module is an `nn.Module` with the source's tree of submodules. Its parts hold parameters and buffers; the
root runs the generated function of the whole model on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cache
from typing import Any

import torch
from torch import nn

from ivy.dtypes import as_dtype
from ivy.errors import ConversionError
from ivy.graph.aval import Aval, aval_of
from ivy.graph.containers import flatten, unflatten
from ivy.graph.kept import Kept
from ivy.stateful.conversion import Conversion
from ivy.stateful.living import ListedPart, LivingPart, System
from ivy.stateful.native import constructor, key_given, taken_rng
from ivy.stateful.parts import Called
from ivy.stateful.spec import ModuleSpec, ParamSpec, Role, Tree
from ivy.transpiler.given import observed
from ivy.transpiler.held import kept_after
from ivy_torch.layers import build as build_layer
from ivy_torch.layers import recognise

__all__ = ["STORAGE", "Converted", "Part", "build_layer", "class_from_hub", "from_hub", "owns", "to_hub"]

STORAGE = {"conv": "OI*", "conv_transpose": "IO*", "linear": "OI"}


def owns(obj: Any) -> bool:
    """Tell whether an object is a torch module or a class of them."""
    return issubclass(obj, nn.Module) if isinstance(obj, type) else isinstance(obj, nn.Module)


# -- to the hub -------------------------------------------------------------------------------------------------------


def to_hub(module: nn.Module, *, params_v: Any = None) -> ModuleSpec:
    """Describe a torch module.

    Args:
        module: any `nn.Module`.
        params_v: not used: the module has its parameters.

    Returns:
        The hub form.

    Raises:
        ConversionError: if it has parameters without a shape (lazy modules that were not called yet).
    """
    found: dict[int, ParamSpec] = {}
    owners: dict[int, list[Role | None]] = {}
    classes: dict[tuple[str, ...], str] = {}
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    first: dict[int, tuple[str, ...]] = {}
    modules: dict[tuple[str, ...], nn.Module] = {}
    for prefix, part in module.named_modules(remove_duplicate=False):
        path = tuple(prefix.split(".")) if prefix else ()
        classes[path] = type(part).__name__
        modules[path] = part
        if id(part) in first:
            shared[path] = first[id(part)]
        first.setdefault(id(part), path)
        for attribute, tensor, is_buffer in _own_tensors(part):
            if isinstance(tensor, nn.parameter.UninitializedTensorMixin):
                raise ConversionError(
                    f"{'.'.join((*path, attribute))} of {type(module).__name__} has no shape yet",
                    hint="call the lazy module once, then convert it",
                )
            known = found.get(id(tensor))
            owners.setdefault(id(tensor), []).append(_role(part, attribute))
            if known is not None:
                found[id(tensor)] = replace(known, aliases=(*known.aliases, (*path, attribute)))
                continue
            found[id(tensor)] = ParamSpec(
                name=".".join((*path, attribute)),
                path=(*path, attribute),
                shape=tuple(tensor.shape),
                dtype=as_dtype(tensor.dtype),
                trainable=not is_buffer and tensor.requires_grad,
                buffer=is_buffer,
                statistic=is_buffer and isinstance(part, nn.modules.batchnorm._NormBase),
                persistent=not (is_buffer and attribute in part._non_persistent_buffers_set),
            )
    params = tuple(replace(p, role=_agreed(owners[key])) for key, p in found.items())
    if isinstance(module, Part) and module._ivy is not None:
        params = module._ivy.conversion.with_traits(params)
    from ivy_torch.capture import capture

    as_now = _as_now(module)
    return ModuleSpec(
        name=type(module).__name__,
        system="torch",
        framework="torch",
        obj=module,
        params=params,
        arrays=lambda: _tensors(module, params),
        capture=as_now(capture),
        load=lambda values: _load(module, params, values),
        classes=classes,
        shared=shared,
        containers=frozenset(p for p, m in modules.items() if not _calls(m)),
        modes={p: m.training for p, m in modules.items() if m.training is not module.training and _has_modes(m)},
        train=module.training,
        part=as_now(lambda path: to_hub(modules[path]) if _calls(modules[path]) else None),
        locate=lambda x: next((p for p, m in modules.items() if m is x), None),
        layers={p: layer for p, m in modules.items() if p not in shared and (layer := recognise(m)) is not None},
    )


def _calls(part: nn.Module) -> bool:
    return any("forward" in vars(c) for c in type(part).__mro__ if c is not nn.Module)


def _has_modes(part: nn.Module) -> bool:
    """Tell whether the mode may matter to a module itself: it does not to most of torch's own."""
    if not type(part).__module__.startswith("torch.nn.modules."):
        return True
    return (
        isinstance(part, (_BatchNorm, _Dropout, nn.RReLU, nn.MultiheadAttention, nn.RNNBase))
        or "Transformer" in type(part).__name__
    )


_BatchNorm, _Dropout = nn.modules.batchnorm._NormBase, nn.modules.dropout._DropoutNd


def _own_tensors(part: nn.Module) -> Iterator[tuple[str, torch.Tensor, bool]]:
    for attribute, parameter in part._parameters.items():
        if parameter is not None:
            yield attribute, parameter, False
    for attribute, buffer in part._buffers.items():
        if buffer is not None:
            yield attribute, buffer, True


def _role(part: nn.Module, attribute: str) -> Role | None:
    # Where the weight is parametrised it is no parameter of the layer itself, so it does not come by here.
    if attribute != "weight":
        return None
    if isinstance(part, nn.Linear):
        return Role("linear", "OI")
    if isinstance(part, nn.modules.conv._ConvTransposeNd):
        return Role("conv_transpose", "IO*")
    return Role("conv", "OI*") if isinstance(part, nn.modules.conv._ConvNd) else None


def _agreed(roles: list[Role | None]) -> Role | None:
    return roles[0] if len(set(roles)) == 1 else None


def _tensors(module: nn.Module, params: tuple[ParamSpec, ...]) -> dict[str, torch.Tensor]:
    found = {}
    for p in params:
        owner = module.get_submodule(".".join(p.path[:-1]))
        found[p.name] = getattr(owner, p.path[-1]).detach()
    return found


@torch.no_grad()
def _load(module: nn.Module, params: tuple[ParamSpec, ...], values: Mapping[str, torch.Tensor]) -> None:
    mine = _tensors(module, params)
    for name, value in values.items():
        mine[name].copy_(value)


def _as_now(module: nn.Module) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what lets functions run in the state that a module is in at this moment.

    A module may change in use (a buffer that its forward replaces by one of another shape, a hook, a part), and its
    converted form has the parameters, buffers and parts of the moment of its conversion, so a later signature is
    captured, and a part converted, in the state of that moment too.
    """
    from ivy_torch.capture import ModuleState

    every = [*module.modules()]
    then = ModuleState(every)

    def in_that_state(f: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            now = ModuleState(every)
            then.restore()
            try:
                return f(*args, **kwargs)
            finally:
                now.restore()

        return run

    return in_that_state


# -- from the hub -----------------------------------------------------------------------------------------------------


class Part(LivingPart, nn.Module):
    """A converted model or a submodule of one: parameters, buffers and further parts under the source's names.

    It runs the function that is generated for its submodule of the source on the parameters that it holds now. Parts
    that were replaced, have hooks, or are in another mode are called by that function, the others are inlined in it.
    """

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Run the module; arrays may be of torch, NumPy or the source framework.

        Args:
            *args: as for the source's module.
            **kwargs: likewise; ``rng`` is a `torch.Generator` or a seed to draw from instead of the default generator,
                or a random key if the source takes one, unless the source has an argument of that name.
        """
        return self._ivy_run(None, args, kwargs)

    def _ivy_run(self, method: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        conversion: Conversion = self._ivy.conversion
        params, called = self._ivy_gather(conversion)
        kept = self._ivy_kept
        given = taken_rng(conversion.spec, kwargs) if "rng" in kwargs else None
        if given is None and called is None and method is None:  # as nearly always
            out, updates = conversion.run(params, args, kwargs, train=self.training, rng=_draw_key, kept=kept)
        else:
            run = _run_apart if not torch.compiler.is_compiling() else torch.compiler.disable(_run_apart)
            out, updates = run(conversion, given, params, args, kwargs, (self.training, kept, called, method))
        if updates:
            self._ivy_kept = kept_after(kept, updates, where="torch's transformations")
            with torch.no_grad():
                for name, value in updates.items():
                    params[name].copy_(value.detach())
        return out

    @property
    def _ivy_train(self) -> bool:
        return self.training

    def _ivy_gather(self, conversion: Conversion) -> tuple[dict[str, torch.Tensor], Called | None]:
        """Return the tensors by name, and the parts that are to be called."""
        parts, called = SYSTEM.gather(self, conversion, self.training)
        found: dict[str, torch.Tensor] = {}
        for name, place, attribute, is_buffer in conversion.slots.tensors:
            part = parts[place]
            if part is None:
                continue
            x = (part._buffers if is_buffer else part._parameters).get(attribute)
            if x is None and called and not hasattr(part, attribute):
                continue
            found[name] = getattr(part, attribute) if x is None else x  # parametrised or moved since: the part knows
        return found, called

    def _gather(self) -> dict[str, Any]:
        """Return the tensors by name."""
        return self._ivy_gather(self._ivy.conversion)[0]

    def _apply(self, fn: Callable[..., Any], recurse: bool = True) -> Any:
        if self._ivy_kept:  # state goes where the parameters go
            self._ivy_kept = self._ivy_kept.map(fn)
        return super()._apply(fn, recurse)

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            return self._ivy_attribute(name)

    def extra_repr(self) -> str:
        """Return the shapes of the own parameters."""
        return ", ".join(f"{name}={tuple(x.shape)}" for name, x, _ in _own_tensors(self))

    def __reduce__(self) -> Any:
        return _blank, (type(self).__name__, _base(type(self))), self.__dict__


class _Listed(ListedPart, Part):
    """A part whose children are numbered."""

    def _ivy_sequence(self, parts: list[Any]) -> nn.Sequential:
        return nn.Sequential(*parts)


class Converted(Part):
    """A model converted to torch: a native, trainable `nn.Module`.

    Args:
        conversion: the model in the hub form with torch as its target.
        train: whether it starts in training mode; the source's mode by default.
    """

    def __init__(self, conversion: Conversion, *, train: bool | None = None) -> None:
        super().__init__()
        self._ivy = conversion
        arrays = conversion.initial()
        made: dict[str, torch.Tensor] = {}
        for name, p in conversion.params.items():
            x = arrays[name]
            made[name] = x if p.buffer else nn.Parameter(x, requires_grad=p.trainable)
        tree = conversion.tree(_attribute)
        known: dict[int, nn.Module] = {id(tree): self}
        _grow(self, tree, made, conversion, known)
        self.train(conversion.spec.train if train is None else train)
        for node in tree.nodes():
            if train is None and node.path in conversion.spec.modes:
                known[id(node)].training = conversion.spec.modes[node.path]

    def extra_repr(self) -> str:
        """Return what the module was converted from and the shapes of its own parameters."""
        return ", ".join([self._ivy.describe(), *filter(None, [Part.extra_repr(self)])])

    def __reduce__(self) -> Any:
        made = (type(self).__name__, _base(type(self)))
        if type(self) is not _class(*made):  # a class that the user can import
            return super().__reduce_ex__(2)
        return _blank, made, self.__dict__

    def __deepcopy__(self, memo: dict[int, Any]) -> Converted:
        from copy import deepcopy

        new = type(self).__new__(type(self))
        memo[id(self)] = new
        new.__dict__.update({k: deepcopy(v, memo) for k, v in self.__dict__.items()})
        return new


class ConvertedList(Converted, _Listed):
    """A converted model whose parts are numbered."""


def _grow(
    part: nn.Module,
    tree: Tree,
    made: Mapping[str, torch.Tensor],
    conversion: Conversion,
    known: dict[int, nn.Module],
) -> None:
    for attribute, name in tree.leaves.items():
        p = conversion.params[name]
        if tree.native is not None:
            setattr(part, attribute, made[name])  # a recurrent layer notes what is set
        elif p.buffer:
            part.register_buffer(attribute, made[name], persistent=p.persistent)
        else:
            part.register_parameter(attribute, made[name])
    for attribute, child in tree.children.items():
        if id(child) not in known:
            known[id(child)] = _empty(child)
            _grow(known[id(child)], child, made, conversion, known)
        part.add_module(attribute, known[id(child)])


def _empty(tree: Tree) -> nn.Module:
    if tree.native is not None:
        layer: nn.Module = tree.native.make()
        return layer
    if not tree.calls and not tree.leaves:
        return nn.ModuleList() if tree.is_list or not tree.children else nn.ModuleDict()
    made: Part = _blank(tree.class_name, _Listed if tree.is_list else Part)
    made._ivy = tree.handle
    return made


def evaluate(part: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return what a module gives, with `Aval`s in place of tensors; nothing is computed or changed, no hook runs.

    Args:
        part: any module.
        args: positional arguments, with `Aval`s.
        kwargs: keyword arguments, likewise.
    """
    stub = _stub(part)
    if stub is not None:
        return stub.evaluate(args, kwargs)
    if isinstance(part, Part):
        return part._abstract(args, kwargs)
    from torch._subclasses.fake_tensor import FakeTensorMode
    from torch.utils._python_dispatch import _disable_current_modes

    leaves, spec = flatten((args, kwargs))
    with _disable_current_modes(), torch.random.fork_rng(devices=[]), _hooks_aside(part):
        with FakeTensorMode(allow_non_fake_inputs=True) as fake:
            own = [*part.named_parameters(remove_duplicate=False), *part.named_buffers(remove_duplicate=False)]
            state = {f"part.{name}": fake.from_tensor(x, static_shapes=True) for name, x in own}
            made = [torch.empty(x.shape, dtype=getattr(torch, str(x.dtype))) if type(x) is Aval else x for x in leaves]
            given, named = unflatten(spec, made)
            result = torch.func.functional_call(_Around(part), state, given, named)
        leaves, spec = flatten(result)
        return unflatten(spec, [aval_of(x) if isinstance(x, torch.Tensor) else x for x in leaves])


class _Around(nn.Module):
    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.part = part

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return observed(self.part, args, kwargs)


@contextmanager
def _hooks_aside(module: nn.Module) -> Iterator[None]:
    tables = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    before = [(m, name, m.__dict__[name]) for m in module.modules() for name in tables if m.__dict__.get(name)]
    try:
        for m, name, hooks in before:
            m.__dict__[name] = type(hooks)()
        yield
    finally:
        for m, name, hooks in before:
            m.__dict__[name] = hooks


def _stub(part: nn.Module) -> Any:
    """Return what stands for a part while a model that is itself a converted one is captured."""
    return part.__dict__.get("_ivy_stub") or getattr(type(part), "_ivy_stub", None)


def _described(part: nn.Module | None) -> Any:
    """Return what of a module decides on the types of its results, as far as that is seen from outside."""
    if part is None:
        return None
    stub = _stub(part)
    return (
        type(part),
        part.training,
        id(stub),
        tuple([(name, tuple(x.shape), x.dtype) for name, x in part.named_parameters()]),
    )


def _blank(name: str, base: type) -> Any:
    """Make an instance of a subclass by this name, as pickle and the builder need it."""
    cls = _class(name, base)
    new: Any = object.__new__(cls)
    nn.Module.__init__(new)
    return new


@cache
def _class(name: str, base: type) -> type:
    return type(name, (base,), {"__module__": __name__})


def _base(cls: type) -> type:
    return next(c for c in cls.__mro__ if c in (ConvertedList, Converted, _Listed, Part))


_TAKEN = frozenset(dir(nn.Module())) | {"graph", "code", "to_backend", "_ivy", "_ivy_kept", "_ivy_run"}


def _attribute(part: str) -> str:
    """Turn a part of a name into one that a torch module allows."""
    name = part.replace(".", "_") or "_"
    while name in _TAKEN:
        name += "_"
    return name


def _changed(state: dict[str, Any], train: bool) -> bool:
    return bool(
        state["training"] is not train
        or state["_forward_hooks"]
        or state["_forward_pre_hooks"]
        or state["_backward_hooks"]
        or state["_backward_pre_hooks"]
        or "forward" in state
    )


SYSTEM = System(
    attribute=_attribute,
    child=lambda part, name: part._modules.get(name),
    children=lambda part: part._modules,
    containers=(nn.ModuleList, nn.ModuleDict),
    changed=_changed,
    evaluate=evaluate,
    describe=_described,
)
Part._ivy_system = SYSTEM


def _run_apart(
    conversion: Conversion,
    given: Any,
    params: Mapping[str, Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    how: tuple[bool, Kept, Called | None, str | None],
) -> Any:
    """Run a call with something special about it, which torch.compile does not look into."""
    train, kept, called, method = how
    with nullcontext(_draw_key) if given is None else _drawing_from(conversion, given) as draw:
        return conversion.run(params, args, kwargs, train=train, rng=draw, kept=kept, called=called, method=method)


def _draw_key() -> torch.Tensor:
    """Draw a JAX-style random key from torch's default generator."""
    return torch.randint(0, 2**31 - 1, (2,), dtype=torch.int32).to(torch.uint32)  # int32: every target can draw that


@contextmanager
def _drawing_from(conversion: Conversion, given: Any) -> Iterator[Callable[[], Any]]:
    """Let a call draw from a generator, a seed or a key; what draws a key is given."""
    hint = "pass a torch.Generator or an integer seed"
    if isinstance(given, torch.Generator) and conversion.spec.takes_key:
        yield lambda: torch.randint(0, 2**31 - 1, (2,), dtype=torch.int32, generator=given).to(torch.uint32)
    elif conversion.spec.takes_key or not isinstance(given, (int, torch.Generator)):
        yield key_given(conversion, given, _draw_key, hint)
    else:
        with torch.random.fork_rng():
            if isinstance(given, int):
                torch.manual_seed(given)
            else:
                torch.set_rng_state(given.get_state())
            yield _draw_key
            if isinstance(given, torch.Generator):
                given.set_state(torch.get_rng_state())


def from_hub(conversion: Conversion, *, train: bool | None = None) -> Converted:
    """Build a torch module.

    Args:
        conversion: the model in the hub form with torch as its target.
        train: whether it starts in training mode; the source's mode by default.

    Returns:
        A native module.
    """
    listed = conversion.tree(_attribute).is_list
    cls = _class(conversion.spec.name, ConvertedList if listed else Converted)
    made: Converted = cls(conversion, train=train)
    return made


def class_from_hub(source: type, convert: Callable[[Any], Conversion], **options: Any) -> type:
    """Make a class of torch modules out of a class of another system's.

    Args:
        source: the class.
        convert: brings an instance of it into the hub form.
        **options: as in `from_hub`.

    Returns:
        A class with the same constructor.
    """
    init = constructor(Converted, source, convert, options)
    return type(source.__name__, (Converted,), {"__init__": init})
