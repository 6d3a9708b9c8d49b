"""Stretches of a capture that mean more than their calls: functions with their own derivative, checkpoints.

torch tells of neither. A stretch begins with the first recorded call that has ``Function.apply`` or ``checkpoint``
among its callers; where it ends, and what it returns, tells Python's own profiling hook, which is set for as long.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

import torch

from ivy.errors import CaptureError
from ivy.graph.node import Node
from ivy_torch.capture.places import APPLY
from ivy_torch.capture.tensors import aval, tensors_in

__all__ = ["Regions"]

_CHECKPOINT = "torch.utils.checkpoint"


class Context(torch.autograd.function.FunctionCtx):
    """What a custom function's backward gets as ``ctx``, by what its forward has left in the real one."""

    def __init__(self, attributes: dict[str, Any], saved: tuple[Any, ...], needs: tuple[bool, ...]) -> None:
        self.__dict__.update(attributes)
        self.saved_tensors = saved
        self.needs_input_grad = needs


@dataclass
class _Region:
    """A stretch that has begun.

    Args:
        frame: of ``Function.apply`` or ``checkpoint``.
        function: the function's class, None for a checkpoint.
        args: of the call.
        nodes: of the tensors among them when it began.
        begin: the node that notes where a checkpoint begins.
        context: what the forward has left: attributes, saved tensors, those without derivatives, those written to.
    """

    frame: FrameType
    function: Any
    args: tuple[Any, ...]
    nodes: list[Node]
    begin: Node | None = None
    context: tuple[dict[str, Any], tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]] | None = None
    kept: list[Any] = field(default_factory=list)


class Regions:
    """The stretches that the code which runs now is in.

    Args:
        recorder: the `Recorder`.
    """

    def __init__(self, recorder: Any) -> None:
        self.recorder = recorder
        self.open: list[_Region] = []
        self._before: Any = None

    def look(self) -> None:
        """See whether a stretch begins with the call that is about to be recorded."""
        starts = _starts()
        frame: FrameType | None = sys._getframe(2)
        new: list[FrameType] = []
        while frame is not None:
            if frame.f_code in starts:
                new.append(frame)
            frame = frame.f_back
        known = {id(r.frame) for r in self.open}
        for frame in reversed(new):
            if id(frame) not in known:
                self._begin(frame)

    def _begin(self, frame: FrameType) -> None:
        values = frame.f_locals
        recorder = self.recorder
        if frame.f_code is APPLY:
            cls = values["cls"]
            if cls.__module__ == _CHECKPOINT or not recorder.grad:
                return
            args = tuple(values["args"])
            tensors = [t for t in args if isinstance(t, torch.Tensor)]
            self.open.append(_Region(frame, cls, args, [recorder.node_of(t) for t in tensors]))
        else:
            if any(r.frame.f_code is frame.f_code and r.frame is frame for r in self.open):
                return
            begin = recorder._emit(f"{_CHECKPOINT}.begin", (), {}, None, None)
            self.open.append(_Region(frame, None, (), [], begin))
        if len(self.open) == 1:
            self._before = sys.getprofile()
            sys.setprofile(self._profile)

    def _profile(self, frame: FrameType, event: str, arg: Any) -> None:
        if event != "return":
            return
        region = self.open[-1]
        if frame is region.frame:
            sys.setprofile(None)
            self.open.pop()
            try:
                if arg is not None:
                    self._end(region, arg)
            finally:
                sys.setprofile(self._profile if self.open else self._before)
        elif frame.f_back is region.frame and region.function is not None:
            ctx = _context_in(frame)
            if ctx is not None:
                saved = ctx.to_save or ()
                region.context = (dict(vars(ctx)), tuple(saved), ctx.non_differentiable or (), ctx.dirty_tensors or ())

    def close(self) -> None:
        """Take the profiling hook away: the capture ends."""
        if self.open:
            self.open.clear()
            sys.setprofile(self._before)

    def _end(self, region: _Region, result: Any) -> None:
        recorder = self.recorder
        if recorder.busy:
            return
        recorder.busy += 1
        try:
            if region.function is None:
                self._checkpoint(region, tensors_in(result))
            else:
                self._custom(region, list(result) if isinstance(result, (tuple, list)) else [result])
        finally:
            recorder.busy -= 1

    def _checkpoint(self, region: _Region, outputs: list[torch.Tensor]) -> None:
        recorder = self.recorder
        if outputs:
            nodes = [recorder.node_of(t) for t in outputs]
            self._rebind(f"{_CHECKPOINT}.checkpoint", (region.begin, nodes), outputs)

    def _custom(self, region: _Region, results: list[Any]) -> None:
        recorder, cls = self.recorder, region.function
        pairs = list(zip((t for t in region.args if isinstance(t, torch.Tensor)), region.nodes, strict=True))
        chosen = [(t, n) for t, n in pairs if _differentiable(t)]
        attributes, saved, constant, written = region.context or ({}, (), (), ())
        if written:
            raise CaptureError(
                f"{cls.__qualname__} writes to its argument (ctx.mark_dirty)",
                where=recorder.where(),
                why="a function with its own derivative can't write in place in other frameworks",
                hint="return a new tensor",
            )
        outputs = [t for t in results if _differentiable(t) and all(t is not c for c in constant)]
        if not outputs or not chosen:
            return
        wanted = {id(t) for t, _ in chosen}
        needs = tuple(id(a) in wanted for a in region.args)
        ctx = Context(attributes, saved, needs)
        places = [i for i, need in enumerate(needs) if need]

        def pull(*cotangents: torch.Tensor) -> list[Any]:
            given = iter(cotangents)
            row = [next(given) if any(t is y for y in outputs) else _none(t) for t in results]
            found = cls.backward(ctx, *row) if cls.vjp is _PLAIN_VJP else cls.vjp(ctx, *row)
            found = found if isinstance(found, (tuple, list)) else (found,)
            return [_fitted(found[i], region.args[i]) for i in places]

        graph = recorder.subgraph("backward", pull, outputs)
        nodes = [recorder.node_of(t) for t in outputs]
        args = (nodes, [n for _, n in chosen], graph, cls.__name__)
        self._rebind("torch.autograd.Function.apply", args, outputs)

    def _rebind(self, path: str, args: Any, outputs: list[torch.Tensor]) -> None:
        recorder = self.recorder
        out = tuple(aval(t) for t in outputs)
        node = recorder._emit(path, args, {}, out, None)
        for i, t in enumerate(outputs):
            item = Node("item", "", args=(node, i), out=out[i], loc=node.loc, scope=node.scope)
            recorder.graph.nodes.append(item)
            trainable = recorder.grad and any(recorder.is_trainable(t) for t in outputs)
            recorder.know(t, item, dynamic=recorder.is_dynamic([t]), trainable=trainable)


_PLAIN_VJP = torch.autograd.Function.vjp


def _differentiable(x: Any) -> bool:
    return isinstance(x, torch.Tensor) and (x.is_floating_point() or x.is_complex())


def _none(x: Any) -> Any:
    """Return the gradient of a result that has none."""
    return torch.zeros_like(x) if isinstance(x, torch.Tensor) else None


def _fitted(gradient: Any, like: torch.Tensor) -> Any:
    """Bring a gradient to its input's shape and dtype, as autograd does."""
    if gradient is None:
        return None
    if gradient.shape != like.shape:
        gradient = gradient.sum_to_size(like.shape)
    return gradient if gradient.dtype == like.dtype else gradient.to(like.dtype)


def _context_in(frame: FrameType) -> Any:
    for x in frame.f_locals.values():
        for v in x if isinstance(x, tuple) else (x,):
            if isinstance(v, torch.autograd.function.BackwardCFunction):
                return v
    return None


_codes: set[CodeType] = {APPLY}


def _starts() -> set[CodeType]:
    """Return the code whose frames begin a stretch."""
    if len(_codes) == 1 and _CHECKPOINT in sys.modules:
        checkpoint: Callable[..., Any] = inspect.unwrap(sys.modules[_CHECKPOINT].checkpoint)
        _codes.add(checkpoint.__code__)
    return _codes
