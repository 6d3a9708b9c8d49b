"""Submodules that are not captured but called: see `ivy.graph.parts`."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from types import MethodType
from typing import Any

import torch

from ivy.errors import ConversionError
from ivy.graph.node import Node
from ivy.graph.parts import PART, Callee, Stub, find_part
from ivy_torch.capture.record import Recorder
from ivy_torch.capture.tensors import aval, tensors_in, versions

__all__ = ["stubbed"]


def changed(options: Any) -> bool:
    """Tell whether the module to be captured is another than the source's."""
    return any(getattr(options, name, None) for name in ("parts", "lengths", "removed"))


@contextmanager
def stubbed(recorder: Recorder, root: torch.nn.Module, options: Any, fake: Any) -> Iterator[None]:
    """Let submodules record one call of a part each time they are called, however the code reaches them.

    Args:
        recorder: the capture under way.
        root: the module that is captured.
        options: `ivy.transpiler.options.CaptureOptions`: what stands for its submodules, which of them are gone.
        fake: the mode that makes tensors without values.
    """
    before: list[tuple[torch.nn.Module, type]] = []
    converted: list[torch.nn.Module] = []
    tables: list[tuple[dict[str, Any], dict[str, Any]]] = []
    try:
        for path, length in options.lengths.items():
            held = root.get_submodule(path)._modules
            tables.append((held, dict(held)))
            _resize(held, length)
        for path in options.removed:
            above, _, name = path.rpartition(".")
            held = root.get_submodule(above)._modules
            tables.append((held, dict(held)))
            held[name] = None
        for path, stub in options.parts.items():
            module = root.get_submodule(path)
            cls = type(module)
            if "_ivy" in module.__dict__:  # of a model that is a converted one itself, and looks at its parts
                forward = _recording(recorder, stub, fake, cls)
                module.__dict__.update(forward=MethodType(forward, module), _ivy_stub=stub)
                converted.append(module)
                continue
            try:
                # another class, not another attribute: the code may look at what the module holds
                module.__class__ = type(cls.__name__, (cls,), {
                    "forward": _recording(recorder, stub, fake, cls), "_ivy_stub": stub, "__module__": cls.__module__,
                    "__qualname__": cls.__qualname__,
                })  # fmt: skip
            except TypeError as error:
                raise ConversionError(
                    f"{path} was changed in the converted model, and a {cls.__name__} can't be replaced in the source",
                    hint="convert the module that holds it without it",
                ) from error
            before.append((module, cls))
        yield
    finally:
        for module, cls in before:
            module.__class__ = cls
        for module in converted:
            del module.__dict__["forward"], module.__dict__["_ivy_stub"]
        for held, was in reversed(tables):
            held.clear()
            held.update(was)


def _resize(held: dict[str, Any], length: int) -> None:
    """Cut a list of modules, or fill it up with copies of its last one, which then stand for others."""
    last = list(held.values())[-1]
    for i in range(length, len(held)):
        del held[str(i)]
    for i in range(len(held), length):
        held[str(i)] = copy.copy(last)


def _recording(recorder: Recorder, stub: Stub, fake: Any, cls: Any) -> Any:
    def forward(self: torch.nn.Module, *args: Any, **kwargs: Any) -> Any:
        def make(callee: Callee, arrays: list[torch.Tensor]) -> list[torch.Tensor]:
            native = find_part(recorder.whole, stub.path)
            loc, name = recorder._loc(None)
            lifted = [recorder.node_of(x) for x in arrays]
            node = Node("call", name or stub.path.rpartition(".")[2], PART, (callee, native, *lifted), {}, callee.out,
                        None, loc, recorder.scope)  # fmt: skip
            recorder.graph.nodes.append(node)
            made = []
            for i, place in enumerate(callee.places):
                of = callee.leaves[place]
                with fake:
                    x = torch.empty(of.shape, dtype=getattr(torch, str(of.dtype)))
                if (x.is_floating_point() or x.is_complex()) and torch.is_grad_enabled():
                    x = x.requires_grad_().clone()  # no leaf: the code may write to it
                item = (
                    node if callee.single else Node("item", "", args=(node, i), out=of, loc=loc, scope=recorder.scope)
                )
                if not callee.single:
                    recorder.graph.nodes.append(item)
                recorder.know(x, item, dynamic=True, trainable=True)
                made.append(x)
            return made

        recorder.busy += 1
        try:
            result = stub.call(args, kwargs, is_array=lambda x: isinstance(x, torch.Tensor), aval=aval, make=make,
                               where=recorder.where())  # fmt: skip
        finally:
            recorder.busy -= 1
        if result is NotImplemented:
            out = _watched(stub, cls, self, args, kwargs, recorder)
            return stub.gave(out, lambda x: isinstance(x, torch.Tensor), aval)
        written = stub.detail
        return result if written is None else tensors_in((args, kwargs))[written].copy_(result)

    return forward


def _watched(stub: Stub, cls: Any, module: torch.nn.Module, args: Any, kwargs: Any, recorder: Recorder) -> Any:
    """Let the source's submodule run, and note if it writes to an argument, as an activation in place does."""
    given = tensors_in((args, kwargs))
    before = versions(given)
    result = cls.forward(module, *args, **kwargs)
    written = [i for i, (x, y) in enumerate(zip(before, versions(given), strict=True)) if x != y]
    if written and not (len(written) == 1 and result is given[written[0]]):
        raise ConversionError(
            f"{stub.path} was changed in the converted model, and writes to an argument in the source",
            where=recorder.where(),
            why="what is written there would be lost",
            hint="let it return the new value",
        )
    stub.detail = written[0] if written else None
    return result
