"""What the conversion pipeline asks of torch as a target, besides the functions of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import torch
from torch._functorch.pyfunctorch import temporarily_clear_interpreter_stack
from torch.utils._python_dispatch import _disable_current_modes

from ivy.graph.containers import Rule
from ivy.graph.objects import parts_rule

__all__ = [
    "ABSTRACT_EVAL_STARTS_SLOWLY",
    "COPY",
    "WRITE_BACK",
    "container_rule",
    "is_abstract",
    "memory",
    "outside_compiler",
    "repeated_draws",
    "shape_of",
    "version",
    "write_into",
]

ABSTRACT_EVAL_STARTS_SLOWLY = True
"""Most operators' rules for meta tensors import torch._dynamo, which takes a second and more."""

WRITE_BACK = "{x}.copy_({value})"
"""How generated code writes to an argument that the source writes to in place."""

COPY = "{x}.clone()"
"""How generated code keeps a value from such a write."""


def is_abstract(x: Any) -> bool:
    """Tell whether a tensor has no value: on the meta device, mapped, or while torch.compile traces it."""
    if x.is_meta or torch.compiler.is_compiling():
        return True
    return type(x).__name__ in ("FakeTensor", "FunctionalTensor") or torch._C._functorch.is_batchedtensor(x)


@contextmanager
def repeated_draws() -> Iterator[Callable[[], None]]:
    """Give a function that lets the generators draw the same numbers again as since the block was entered."""
    if torch.compiler.is_compiling():
        yield lambda: None
        return
    state = torch.get_rng_state()
    others = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None

    def again() -> None:
        torch.set_rng_state(state)
        if others is not None:
            torch.cuda.set_rng_state_all(others)

    yield again


def outside_compiler(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Keep whatever traces a call out of a function: capturing happens between graphs, not within one.

    What the function makes is kept, so it must be plain tensors also where the call is made under a mode (export,
    `make_fx`, fake tensors), by `torch.jit.trace`, or as inference.
    """

    def plainly(*args: Any) -> Any:
        with _outside_modes():
            return fn(*args)

    def outside(*args: Any) -> Any:
        # looked up late: importing dynamo costs a second that a small function should not pay
        return torch.compiler.disable(plainly)(*args) if torch.compiler.is_compiling() else plainly(*args)

    return outside


@contextmanager
def _outside_modes() -> Iterator[None]:
    grad = torch.is_grad_enabled()
    transformed = torch._C._functorch.peek_interpreter_stack() is not None
    with (
        _trace_paused(),
        _disable_current_modes(),
        temporarily_clear_interpreter_stack() if transformed else nullcontext(),
        torch.inference_mode(False),
        torch.set_grad_enabled(grad),
    ):
        yield


@contextmanager
def _trace_paused() -> Iterator[None]:
    """Keep `torch.jit.trace` from recording."""
    state = torch._C._get_tracing_state()
    if state is None:
        yield
        return
    torch._C._set_tracing_state(None)
    try:
        yield
    finally:
        torch._C._set_tracing_state(state)


def shape_of(x: torch.Tensor) -> tuple[int, ...]:
    """Return a tensor's shape in plain integers, which tracers replace by objects of theirs."""
    if torch.jit.is_tracing():
        with _trace_paused():
            return tuple(x.shape)
    return tuple(map(int, x.shape))


def memory(x: Any) -> tuple[int, int, tuple[int, ...], tuple[int, ...]] | None:
    """Return where a tensor lies: its address, the size of an element, its shape and strides in bytes."""
    if is_abstract(x) or x.layout is not torch.strided:
        return None
    size = x.element_size()
    return x.data_ptr(), size, tuple(x.shape), tuple(n * size for n in x.stride())


def container_rule(x: Any) -> Rule | None:
    """Return how a module that is an argument is taken apart into its tensors and put together around others."""
    return None if not isinstance(x, torch.nn.Module) or isinstance(x, torch.jit.ScriptModule) else _RULE


def _traits(x: torch.Tensor) -> tuple[bool, bool]:
    return x.requires_grad, isinstance(x, torch.nn.Parameter)


_RULE = parts_rule(torch.Tensor, ("_parameters", "_buffers"), "_modules", _traits)


def version(x: torch.Tensor) -> int | None:
    """Return what is another after a tensor was written to."""
    return None if x.is_inference() else x._version


def write_into(x: Any, value: Any) -> None:
    """Replace every element of a tensor in place."""
    with torch.no_grad():
        x.copy_(value)
