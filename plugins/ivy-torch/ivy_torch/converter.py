"""torch.nn.Module to the hub form and back.

A converted module is an `nn.Module` with the source's tree of submodules. Its parts hold parameters and buffers; the
root runs the generated function of the whole model on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import torch
from torch import nn

from ivy.dtypes import as_dtype
from ivy.errors import ConversionError
from ivy.stateful.conversion import Conversion
from ivy.stateful.native import ConvertedModel, Slots, constructor, key_given, part_called, part_replaced, taken_rng
from ivy.stateful.spec import ModuleSpec, ParamSpec, Role, Tree
from ivy.transpiler.held import kept_after

__all__ = ["STORAGE", "Converted", "Part", "class_from_hub", "from_hub", "owns", "to_hub"]

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
    if isinstance(module, Converted):
        return _converted_spec(module)
    found: dict[int, ParamSpec] = {}
    owners: dict[int, list[Role | None]] = {}
    classes: dict[tuple[str, ...], str] = {}
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    first: dict[int, tuple[str, ...]] = {}
    for prefix, part in module.named_modules(remove_duplicate=False):
        path = tuple(prefix.split(".")) if prefix else ()
        classes[path] = type(part).__name__
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
    return ModuleSpec(
        name=type(module).__name__,
        system="torch",
        framework="torch",
        obj=module,
        params=params,
        arrays=lambda: _tensors(module, params),
        capture=_capturing(module),
        load=lambda values: _load(module, params, values),
        classes=classes,
        shared=shared,
        train=module.training,
    )


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


def _capturing(module: nn.Module) -> Callable[..., Any]:
    """Return the capture of a module as it is now.

    A module may change in use (a buffer that its forward replaces by one of another shape), and its converted form has
    the parameters and buffers of this moment, so a later signature is captured in the state of this moment too.
    """
    from ivy_torch.capture import ModuleState, capture

    then = ModuleState(module.modules())

    def capture_then(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any) -> Any:
        now = ModuleState(module.modules())
        then.restore()
        try:
            return capture(obj, args, dict(kwargs), options=options)
        finally:
            now.restore()

    return capture_then


# -- from the hub -----------------------------------------------------------------------------------------------------


class _Whole(nn.Module):
    """What a converted model and its parts share: parameters can be replaced, parts cannot.

    The generated function is that of the whole source model, so another part would silently not be used.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        old = self.__dict__.get("_modules", {}).get(name)
        if old is not None and isinstance(value, nn.Module) and value is not old:
            raise part_replaced(name)
        super().__setattr__(name, value)


class Part(_Whole):
    """A submodule of a converted model: holds parameters, buffers and further parts under the source's names."""

    def extra_repr(self) -> str:
        """Return the shapes of the own parameters."""
        return ", ".join(f"{name}={tuple(x.shape)}" for name, x, _ in _own_tensors(self))

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: the generated function belongs to the whole model."""
        raise part_called(self)

    def __reduce__(self) -> Any:
        return _blank, (type(self).__name__, _base(type(self))), self.__dict__


class _Listed(Part):
    """A part whose children are numbered."""

    def __len__(self) -> int:
        return len(self._modules)

    def __getitem__(self, index: int) -> Any:
        return list(self._modules.values())[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._modules.values())


class Converted(ConvertedModel, _Whole):
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
        self._ivy_slots = Slots()
        self._grow(self, conversion.tree(_attribute), made, set(), {id(conversion.tree()): (0, self)})
        self.train(conversion.spec.train if train is None else train)

    def _grow(
        self,
        part: nn.Module,
        tree: Tree,
        made: Mapping[str, torch.Tensor],
        placed: set[str],
        known: dict[int, tuple[int, nn.Module]],
    ) -> None:
        slots, place = self._ivy_slots, known[id(tree)][0]
        for attribute, name in tree.leaves.items():
            p = self._ivy.params[name]
            if p.buffer:
                part.register_buffer(attribute, made[name], persistent=p.persistent)
            else:
                part.register_parameter(attribute, made[name])
            if name not in placed:
                placed.add(name)
                slots.tensors.append((name, place, attribute, p.buffer))
        for attribute, child in tree.children.items():
            if id(child) not in known:
                below = _blank(child.class_name, _Listed if child.is_list else Part)
                known[id(child)] = slots.add_part(place, attribute), below
                self._grow(below, child, made, placed, known)
            part.add_module(attribute, known[id(child)][1])

    def _gather(self) -> dict[str, torch.Tensor]:
        slots = self._ivy_slots
        parts = slots.walk(self, _children)
        found = {}
        for name, place, attribute, is_buffer in slots.tensors:
            part = parts[place]
            x = (part._buffers if is_buffer else part._parameters).get(attribute)
            found[name] = getattr(part, attribute) if x is None else x  # parametrised or moved since: the part knows
        return found

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Run the model; arrays may be of torch, NumPy or the source framework.

        Args:
            *args: as for the source model.
            **kwargs: likewise; ``rng`` is a `torch.Generator` or a seed to draw from instead of the default generator,
                or a random key if the source takes one, unless the source has an argument of that name.
        """
        params, kept = self._gather(), self._ivy_kept
        given = taken_rng(self._ivy.spec, kwargs) if "rng" in kwargs else None
        if given is None:
            out, updates = self._ivy.run(params, args, kwargs, train=self.training, rng=_draw_key, kept=kept)
        else:
            with _drawing_from(self._ivy, given) as draw:
                out, updates = self._ivy.run(params, args, kwargs, train=self.training, rng=draw, kept=kept)
        if updates:
            self._ivy_kept = kept_after(kept, updates, where="torch's transformations")
            with torch.no_grad():
                for name, value in updates.items():
                    params[name].copy_(value.detach())
        return out

    def _apply(self, fn: Callable[..., Any], recurse: bool = True) -> Any:
        if self._ivy_kept:  # state goes where the parameters go
            self._ivy_kept = self._ivy_kept.map(fn)
        return super()._apply(fn, recurse)

    def __getattr__(self, name: str) -> Any:
        if name in ("graph", "code"):  # the property had no graph yet: its error says more than torch's
            return getattr(self._ivy.graph, name)
        return super().__getattr__(name)

    def extra_repr(self) -> str:
        """Return what the module was converted from and the shapes of its own parameters."""
        return ", ".join([self._ivy.describe(), *filter(None, [Part.extra_repr(self)])])

    def __reduce__(self) -> Any:
        if type(self) is not _class(type(self).__name__, Converted):  # a class that the user can import
            return super().__reduce_ex__(2)
        return _blank, (type(self).__name__, Converted), self.__dict__

    def __deepcopy__(self, memo: dict[int, Any]) -> Converted:
        from copy import deepcopy

        new = type(self).__new__(type(self))
        memo[id(self)] = new
        new.__dict__.update({k: deepcopy(v, memo) for k, v in self.__dict__.items()})
        return new


def _children(part: nn.Module) -> Mapping[str, Any]:
    return part._modules


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
    return next(c for c in cls.__mro__ if c in (_Listed, Part, Converted))


_TAKEN = frozenset(dir(nn.Module())) | {"graph", "code", "to_backend", "_ivy", "_ivy_slots", "_ivy_kept"}


def _attribute(part: str) -> str:
    """Turn a part of a name into one that a torch module allows."""
    name = part.replace(".", "_") or "_"
    while name in _TAKEN:
        name += "_"
    return name


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
    cls = _class(conversion.spec.name, Converted)
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


def _converted_spec(module: Converted) -> ModuleSpec:
    """Describe a converted module: a torch module under the names and with the roles that it was built with."""
    params = module._ivy.placed()
    classes = {tuple(k.split(".")) if k else (): type(m).__name__ for k, m in module.named_modules()}
    return ModuleSpec(
        name=type(module).__name__,
        system="torch",
        framework="torch",
        obj=module,
        params=params,
        arrays=lambda: _tensors(module, params),
        capture=_capturing(module),
        load=lambda values: _load(module, params, values),
        classes=classes,
        train=module.training,
    )
