"""What the capture uses of PaddlePaddle that has no public name, in one place."""

from __future__ import annotations

import functools
import inspect
import os
import sys
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from ivy_paddle.loading import paddle, static_mode

__all__ = [
    "Writes", "opaque", "origin", "origin_text", "pir", "stand_ins", "static_program", "to_static_callable",
    "value_key",
]  # fmt: skip

from paddle.base.libpaddle import pir
from paddle.jit.dy2static.convert_call_func import convert_call
from paddle.jit.dy2static.origin_info import (
    Location,
    attach_origin_info,
    create_and_update_origin_info_map,
    global_origin_info_map,
)
from paddle.jit.dy2static.program_translator import convert_to_static
from paddle.jit.dy2static.transformers.transform import DygraphToStaticAst
from paddle.jit.dy2static.utils import ast_to_func, func_to_source_code, gast, graph_tracing_guard
from paddle.nn.layer import rnn

HOME = os.path.dirname(os.path.abspath(paddle.__file__)) + os.sep
# Refuses in-place calls on views, whose meaning the graph keeps: frontend values are cells with views.
_VIEW_CHECK = "stride_in_no_check_dy2st_diff"
# A source that can't be found or parsed (a lambda in the middle of a line, code made by exec) runs as it is.
_NO_SOURCE = (OSError, TypeError, IndexError, SyntaxError, IndentationError)


@contextmanager
def static_program() -> Iterator[tuple[Any, Any]]:
    """Build a new program in static mode, in the way of ``paddle.jit.to_static``; put every global state back.

    Yields:
        The program, and a context that knows its parameters after the block.
    """
    main, startup = paddle.static.Program(), paddle.static.Program()
    before = os.environ.get(_VIEW_CHECK)
    os.environ[_VIEW_CHECK] = "1"
    try:
        with static_mode(main, startup), graph_tracing_guard(main) as context:
            yield main, context
    finally:
        if before is None:
            del os.environ[_VIEW_CHECK]
        else:
            os.environ[_VIEW_CHECK] = before


def _local_batch_norm(layer: Any, x: Any) -> Any:
    layer._check_data_format()
    return paddle.nn.functional.batch_norm(
        x,
        layer._mean,
        layer._variance,
        layer.weight,
        layer.bias,
        layer.training,
        layer._momentum,
        layer._epsilon,
        layer._data_format,
    )


_STAND_INS: tuple[tuple[Any, str, Any], ...] = (
    # In static mode recurrent cells run in a loop over tensor arrays. The number of steps is known here, and a sequence
    # of steps has a derivative on every target.
    (rnn, "_rnn_static_graph", rnn._rnn_dynamic_graph),
    # Its operator is there on a GPU alone; in one process it is a batch norm.
    (paddle.nn.SyncBatchNorm, "forward", _local_batch_norm),
)
"""Where it is, its name, and what stands in for it while a function is captured."""


@contextmanager
def stand_ins() -> Iterator[None]:
    """Replace, during the block, what paddle does in a way that a graph cannot have."""
    before = [vars(owner)[name] for owner, name, _ in _STAND_INS]
    for owner, name, new in _STAND_INS:
        setattr(owner, name, new)
    try:
        yield
    finally:
        for (owner, name, _), old in zip(_STAND_INS, before):
            setattr(owner, name, old)


def to_static_callable(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Return a callable whose Python ``if`` and loops on tensors become operators, where its source can be had."""
    if isinstance(fn, functools.partial):
        return functools.partial(to_static_callable(fn.func), *fn.args, **fn.keywords)
    try:
        if inspect.isfunction(fn):
            return _converted(fn)
        return convert_call(fn)
    except _NO_SOURCE:
        return fn


_done: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()


def _converted(fn: Any) -> Callable[..., Any]:
    """Convert a function whose ``def`` has been run: its decorators, defaults and annotations are not run again.

    Paddle's own way does, in the module's namespace: decorators would be called on the new function, and a default or
    an annotation that names a variable of an enclosing function would not be found.  A decorator that wraps
    (`functools.wraps`) is needed, and stays.
    """
    if hasattr(fn, "__wrapped__"):
        return convert_to_static(fn)
    found = _done.get(fn)
    if found is None:
        root = attach_origin_info(gast.parse(func_to_source_code(fn)), fn)
        definition = root.body[0]
        if not isinstance(definition, gast.FunctionDef):  # a lambda
            return convert_to_static(fn)
        definition.decorator_list, definition.returns = [], None
        args = definition.args
        for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
            if arg is not None:
                arg.annotation = None
        args.defaults = [gast.Constant(None, None) for _ in args.defaults]
        args.kw_defaults = [None if d is None else gast.Constant(None, None) for d in args.kw_defaults]
        root = DygraphToStaticAst().get_static_ast(root)
        found, _ = ast_to_func(root, fn)
        found.__defaults__, found.__kwdefaults__ = fn.__defaults__, fn.__kwdefaults__
        create_and_update_origin_info_map(root, found)
        _done[fn] = found
    return found


def origin(file: str, line: int) -> tuple[str, int] | None:
    """Return the user's place that a line of transformed code came from, None for any other line."""
    found = global_origin_info_map.get(Location(file, line).line_location)
    return None if found is None else (found.location.filepath, found.location.lineno)


def origin_text(file: str, line: int) -> str:
    """Return the user's source line that a line of transformed code came from."""
    found = global_origin_info_map.get(Location(file, line).line_location)
    return "" if found is None else str(found.source_code)


def opaque(shape: tuple[int, ...], dtype: str) -> Any:
    """Return a value that an operator of its own gives, at the end of the block that is built now."""
    global _opaque
    _opaque += 1
    kind = paddle.base.framework.convert_np_dtype_to_dtype_(dtype)
    return paddle._pir_ops.data(f"part__{_opaque}", list(shape), kind, paddle.base.core.Place())


_opaque = 0


def value_key(value: Any) -> int:
    """Return what tells a PIR value from the others of its program."""
    return int(value.id, 16)


class Writes:
    """Notes which in-place methods are called while a program is built.

    In static mode ``x.add_(y)`` computes ``x + y`` and leaves ``x`` alone, with a warning; the warning tells us that it
    happened, and its frame tells on what.
    """

    def __init__(self) -> None:
        self.seen: list[tuple[int, Any, str]] = []  # last operator's id before the call, target, function
        self._show: Any = None
        self._given: dict[FrameType, Any] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Listen during the block; other warnings go where they went."""
        with warnings.catch_warnings():
            warnings.filterwarnings("always", message="In static graph mode, .* is the same as")
            warnings.filterwarnings("ignore", message="Tensor do not have '.*' interface for pir graph mode")
            self._show, warnings.showwarning = warnings.showwarning, self._notice
            profile = sys.getprofile()
            sys.setprofile(self._follow)
            try:
                yield
            finally:
                sys.setprofile(profile)
                warnings.showwarning = self._show

    def _follow(self, frame: FrameType, event: str, result: Any) -> None:
        """Note calls with ``out=`` (a profile function): what they return in a program, they write to that tensor."""
        if event == "call":
            if _is_paddles(frame) and not _is_paddles(frame.f_back):
                given = frame.f_locals
                target = given.get("out", given.get("kwargs", {}).get("out") if "kwargs" in given else None)
                if isinstance(target, pir.Value):
                    self._given[frame] = target
        elif event == "return" and self._given and frame in self._given:
            target = self._given.pop(frame)
            if isinstance(result, pir.Value) and result is not target:
                self.seen.append((last_op(), target, "mark"))
                paddle.assign(result)

    def _notice(self, message: Any, *args: Any, **kwargs: Any) -> None:
        if not str(message).startswith("In static graph mode, "):
            self._show(message, *args, **kwargs)
            return
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and not frame.f_code.co_filename.endswith("inplace_utils.py"):
            frame = frame.f_back
        if frame is None:
            self._show(message, *args, **kwargs)
            return
        name = frame.f_locals["func"].__name__
        given, named = frame.f_locals["args"], frame.f_locals["kwargs"]
        position = 1 if name == "where_" else 0
        target = given[position] if len(given) > position else named.get("x", next(iter(named.values()), None))
        self.seen.append((last_op(), target, name))


def _is_paddles(frame: FrameType | None) -> bool:
    return frame is not None and frame.f_code.co_filename.startswith(HOME)


def last_op() -> int:
    """Return the id of the latest operator of the block that is built now."""
    block = pir.get_current_insertion_point().block()
    return int(block.back().id()) if block.num_ops() else -1
