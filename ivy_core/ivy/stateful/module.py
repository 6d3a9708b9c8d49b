"""`ivy.Module`: a trainable module of any framework, in the middle of its way to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ivy.backend import backend_of_type, get_backend, scope
from ivy.errors import ConversionError
from ivy.functional.random import random_default_key
from ivy.graph.containers import flatten
from ivy.graph.graph import Graph
from ivy.graph.kept import EMPTY, Kept
from ivy.stateful.conversion import Conversion, transfer
from ivy.stateful.native import takes_argument
from ivy.stateful.parts import source_attribute
from ivy.stateful.spec import ModuleSpec
from ivy.transpiler.held import kept_after

__all__ = ["Module", "to_ivy_module"]


class Module:
    """A trainable module of any framework as a graph with named parameters.

    Made by `to_ivy_module`. It computes with one backend (`backend`), or with the one of its input's arrays when that
    is ``"ivy"``. Parameters are plain arrays in `v`, in the source's layout and under the source's names. Its parts are
    there as attributes, ``net.encoder.layer[0]``, or by their paths (`part`); the source's other methods and attributes
    likewise.

    Args:
        conversion: the module on its way to a backend.
        within: the module that it is a part of, whose arrays it uses, and its path there.

    Attributes:
        v: trainable parameters by name, arrays of the backend; assign to it to change them.
        buffers: the other arrays (frozen parameters, statistics), likewise.
        training: whether calls are in training mode.

    Example:
        >>> import ivy
        >>> ivy.to_ivy_module  # doctest: +ELLIPSIS
        <function to_ivy_module at ...>
    """

    __ivy_module__ = True

    def __init__(self, conversion: Conversion, *, within: tuple[Module, tuple[str, ...]] | None = None) -> None:
        self.conversion = conversion
        self.training = conversion.spec.train
        self._whole: Module | None = None
        self._names: dict[str, str] = {}
        self._parts: dict[tuple[str, ...], Module] = {}
        if within is not None:
            self._whole, path = within
            params = self._whole.conversion.spec.params
            named = {at: p.name for p in params for at in (p.path, *p.aliases)}
            for p in conversion.spec.params:
                self._names[p.name] = next(named[(*path, *at)] for at in (p.path, *p.aliases) if (*path, *at) in named)
        self._arrays: dict[str, Any] | None = None
        self._by_backend: dict[str, dict[str, Any]] = {}
        self._kept: Kept = EMPTY

    # -- facts --------------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The source's class name."""
        return self.conversion.spec.name

    @property
    def backend(self) -> str:
        """The backend that it computes with, ``"ivy"`` for that of its inputs."""
        return self.conversion.target

    @property
    def _native(self) -> bool:
        return self.conversion.pipeline.target_stage == "native"

    @property
    def spec(self) -> ModuleSpec:
        """The hub form, with the parameters as they are now."""
        spec = self.conversion.spec
        if self._arrays is None and self._whole is None:
            return replace(spec, train=self.training)
        return replace(spec, train=self.training, arrays=lambda: self.state, load=self._replace)

    @property
    def state(self) -> dict[str, Any]:
        """Parameters and buffers by name, in the source's order."""
        if self._whole is not None:
            held = self._whole.state
            return {own: held[name] for own, name in self._names.items()}
        if self._arrays is None:
            spec = self.conversion.spec
            own = get_backend(spec.framework)
            self._arrays = (
                self.conversion.initial()
                if self._native
                else {name: transfer(x, own) for name, x in spec.arrays().items()}
            )
        return self._arrays

    def _replace(self, values: Mapping[str, Any]) -> None:
        if self._whole is not None:
            self._whole._replace({self._names[own]: x for own, x in values.items()})
            return
        self._arrays = {**self.state, **values}
        self._by_backend.clear()

    def _of_kind(self, trainable: bool) -> dict[str, Any]:
        params = self.conversion.spec.params
        return {p.name: self.state[p.name] for p in params if p.trainable == trainable}

    def _assign(self, values: Mapping[str, Any], trainable: bool) -> None:
        unknown = sorted(values.keys() ^ self._of_kind(trainable).keys())
        if unknown:
            raise ConversionError(f"the parameters of {self.name} differ in {', '.join(unknown)}")
        self._replace(values)

    @property
    def v(self) -> dict[str, Any]:
        """Trainable parameters by name."""
        return self._of_kind(True)

    @v.setter
    def v(self, values: Mapping[str, Any]) -> None:
        self._assign(values, True)

    @property
    def buffers(self) -> dict[str, Any]:
        """What training does not change: buffers and frozen parameters, by name."""
        return self._of_kind(False)

    @buffers.setter
    def buffers(self, values: Mapping[str, Any]) -> None:
        self._assign(values, False)

    # -- use ----------------------------------------------------------------------------------------------------------

    def __call__(self, *args: Any, v: Mapping[str, Any] | None = None, rng: Any = None, **kwargs: Any) -> Any:
        """Run the module.

        Args:
            *args: as for the source module; arrays of the backend, of NumPy or of the source.
            v: parameters to use instead of its own; those left out are its own. Where the source has an argument ``v``
                it is that one; assign to `v` to change the parameters.
            rng: random key (``uint32[2]``), where the backend needs one; the source's own argument, likewise.
            **kwargs: as for the source module.

        Returns:
            The output; buffers that the call updates, and other state that it leaves, are kept unless `v` is given.
        """
        if v is not None and takes_argument(self.conversion.spec, "v"):
            kwargs, v = {**kwargs, "v": v}, None
        if rng is not None and takes_argument(self.conversion.spec, "rng"):
            kwargs, rng = {**kwargs, "rng": rng}, None
        return self._run(None, args, kwargs, v, rng)

    def _run(
        self,
        method: str | None,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        v: Mapping[str, Any] | None = None,
        rng: Any = None,
    ) -> Any:
        params = self._params_for(args, kwargs)
        if v is not None:
            params = {**params, **v}
        draw = (lambda: rng) if rng is not None else self._key_for(args, kwargs)
        kept = self._kept
        if kept.arrays and not self._native:
            kept = kept.map(get_backend(self._input_backend(args, kwargs)).module.from_foreign)
        out, updates = self.conversion.run(
            params, args, kwargs, train=self.training, rng=draw, kept=kept, method=method
        )
        if updates and v is None:
            self._kept = kept_after(kept, updates)
            if len(updates):
                self._replace(updates)
        return out

    def _params_for(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Mapping[str, Any]:
        if self._native:
            return self.state
        return self._params_in(self._input_backend(args, kwargs))

    def _params_in(self, name: str) -> Mapping[str, Any]:
        if self._whole is not None:
            held = self._whole._params_in(name)
            return {own: held[there] for own, there in self._names.items()}
        if name not in self._by_backend:
            take = get_backend(name).module.from_foreign
            self._by_backend[name] = {k: take(x) for k, x in self.state.items()}
        return self._by_backend[name]

    def _input_backend(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
        if self._native:
            return self.backend
        for x in flatten((args, dict(kwargs)))[0]:
            found = backend_of_type(type(getattr(x, "data", x) if type(x).__module__ == "ivy.array" else x))
            if found is not None:
                return found.name
        return self.conversion.spec.framework

    def _key_for(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        backend = get_backend(self._input_backend(args, kwargs))
        draw = getattr(backend.module, "default_key", None)
        if draw is not None or not self.conversion.spec.takes_key:
            return draw

        def default_key() -> Any:
            with scope(backend):
                return random_default_key()

        return default_key

    def train(self, mode: bool = True) -> Module:
        """Switch to training mode, or out of it, with all parts, and return the module."""
        self.training = mode
        for part in self._parts.values():
            part.train(mode)
        return self

    def eval(self) -> Module:
        """Switch to evaluation mode and return the module."""
        return self.train(False)

    # -- parts --------------------------------------------------------------------------------------------------------

    def part(self, path: str) -> Module:
        """Return a submodule of the source as a module: it can be called, and brought to any system, alone.

        Args:
            path: where the source has it, ``"encoder.layer.0"``.

        Returns:
            The part. It has no arrays of its own: `v`, `buffers` and what its calls update are those of this module.
            Its mode is its own; calls of the whole module keep to the module's.

        Raises:
            ConversionError: if there is no such submodule, or it can't be called.

        Example:
            >>> import ivy, torch
            >>> net = ivy.to_ivy_module(torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU()))
            >>> net.part("0")(torch.ones(2, 4)).shape
            torch.Size([2, 8])
        """
        at = tuple(path.split("."))
        if at not in self.conversion.spec.classes:
            raise ConversionError(
                f"{self.name} has no submodule {path}", hint=f"its submodules: {', '.join(self._children(()))}"
            )
        handle = self.conversion.handle(at)
        known = self._parts.get(handle.path)
        if known is None:
            within = (self, at) if self._whole is None else self._whole._within(self, at)
            known = self._parts[handle.path] = Module(handle.conversion, within=within)
            known.training = self.conversion.spec.modes.get(at, self.training)
        return known

    def _within(self, part: Module, path: tuple[str, ...]) -> tuple[Module, tuple[str, ...]]:
        own = part.conversion.within
        assert own is not None
        return self, (*own.path, *path)

    def _children(self, path: tuple[str, ...]) -> list[str]:
        return [at[-1] for at in self.conversion.spec.classes if at and at[:-1] == path]

    def _at(self, path: tuple[str, ...]) -> Any:
        """Return a part, what only holds parts, or an array; `NotImplemented` for what isn't there."""
        spec = self.conversion.spec
        if path in spec.classes:
            callable_ = spec.part is not None and path not in spec.containers
            return self.part(".".join(path)) if callable_ else _Holder(self, path)
        for p in spec.params:
            if path in (p.path, *p.aliases):
                return self.state[p.name]
        return NotImplemented

    def __getattr__(self, name: str) -> Any:
        conversion = self.__dict__.get("conversion")
        if conversion is None or name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        found = self._at((name,))
        return source_attribute(self, name, conversion, self._run, self._at) if found is NotImplemented else found

    def __getitem__(self, index: int) -> Any:
        """Return a numbered part."""
        return _numbered(self, (), index)

    # -- graphs -------------------------------------------------------------------------------------------------------

    def trace_graph(self, *args: Any, **kwargs: Any) -> Module:
        """Capture for these arguments ahead of the first call, and return the module.

        Args:
            *args: as for a call; arrays of any framework. Without arguments the first call captures.
            **kwargs: likewise.
        """
        if args or kwargs:
            self.conversion.prepare(args, kwargs, self.training)
        return self

    compile_graph = trace_graph

    @property
    def graph(self) -> Graph:
        """The graph of the latest signature."""
        return self.conversion.graph

    @property
    def code(self) -> str:
        """The generated source of the latest signature."""
        return self.graph.code

    # -- onwards ------------------------------------------------------------------------------------------------------

    def to_backend(self, backend: str) -> Module:
        """Return the same module, with its own copy of the parameters, computing with another backend.

        Args:
            backend: framework, or ``"ivy"`` for whichever the inputs are of.
        """
        return Module(Conversion(self.spec, backend, debug_mode=self.conversion.pipeline.debug_mode))

    def to(self, system: str, **options: Any) -> Any:
        """Return a native module.

        Args:
            system: module system or framework: ``"torch"``, ``"flax"``, ``"linen"``, ``"haiku"``, ``"equinox"``.
            **options: options of `ivy.transpile`.
        """
        from ivy.transpiler.modules import transpile_module

        return transpile_module(self, "ivy", system, **options)

    def to_torch_module(self, **options: Any) -> Any:
        """Return a torch.nn.Module."""
        return self.to("torch", **options)

    def to_flax_module(self, **options: Any) -> Any:
        """Return a flax nnx module."""
        return self.to("flax", **options)

    def to_linen_module(self, **options: Any) -> Any:
        """Return a flax linen module."""
        return self.to("linen", **options)

    def to_haiku_module(self, **options: Any) -> Any:
        """Return a factory of haiku modules."""
        return self.to("haiku", **options)

    def to_equinox_module(self, **options: Any) -> Any:
        """Return an equinox module."""
        return self.to("equinox", **options)

    def __repr__(self) -> str:
        count = len(self.conversion.spec.params)
        return (
            f"<ivy.Module {self.name}, from {self.conversion.spec.system}, computes with {self.backend}, "
            f"{count} parameters and buffers>"
        )


class _Holder:
    """What only holds parts in the source, a list or dict of modules."""

    def __init__(self, module: Module, path: tuple[str, ...]) -> None:
        self._module, self._path = module, path

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or (found := self._module._at((*self._path, name))) is NotImplemented:
            raise AttributeError(f"{'.'.join(self._path)} of {self._module.name} has no {name!r}")
        return found

    def __getitem__(self, key: int | str) -> Any:
        return _numbered(self._module, self._path, key) if isinstance(key, int) else getattr(self, key)

    def __len__(self) -> int:
        return len(self._module._children(self._path))

    def __iter__(self) -> Iterator[Any]:
        return (getattr(self, name) for name in self._module._children(self._path))

    def __repr__(self) -> str:
        return f"<{'.'.join(self._path)} of {self._module.name}, {len(self)} parts>"


def _numbered(module: Module, path: tuple[str, ...], index: int) -> Any:
    return module._at((*path, module._children(path)[index]))


def to_ivy_module(module: Any, *, backend: str | None = None, params_v: Any = None) -> Module:
    """Bring a trainable module of any framework into Ivy's own form.

    Args:
        module: a torch.nn.Module, a flax, haiku or equinox module, or an `ivy.Module`.
        backend: framework to compute with; the module's own by default.
        params_v: the variables of a functional module (haiku, linen), as its ``init`` returned them.

    Returns:
        An `ivy.Module` with a copy of the parameters.

    Raises:
        ConversionError: if the object is no module.

    Example:
        >>> import ivy
        >>> ivy.to_ivy_module(len)
        Traceback (most recent call last):
        ...
        ivy.errors.ConversionError: a builtin_function_or_method is no trainable module of an installed framework
          hint:   pass a torch.nn.Module, a flax, haiku or equinox module; ivy.transpile takes functions
    """
    from ivy.transpiler.modules import to_spec

    spec = to_spec(module, params_v=params_v)
    return Module(Conversion(spec, backend or spec.framework))
