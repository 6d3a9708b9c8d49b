"""What goes into a capture: the arrays among the arguments, and the modules that the callable refers to."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FunctionType, MethodType
from typing import Any

import torch

from ivy.backend import is_native_array
from ivy.dtypes import as_dtype
from ivy.graph.aval import Aval, aval_of

__all__ = ["Parameter", "is_array", "make_input", "make_parameter", "parameters_of", "roots_of", "unwrap_callable"]


def unwrap_callable(fn: Any) -> Any:
    """Return what ``torch.compile`` wrapped; anything else as it is."""
    inner = getattr(fn, "_torchdynamo_orig_callable", None)
    if inner is not None:
        return inner
    if type(fn).__name__ == "OptimizedModule" and isinstance(getattr(fn, "_orig_mod", None), torch.nn.Module):
        return fn._orig_mod
    return fn


def is_array(x: Any) -> bool:
    """Tell whether a leaf of the arguments is an input: an array of any framework or an abstract one."""
    return type(x) is Aval or type(x).__module__ == "ivy.array" or is_native_array(x)


def roots_of(fn: Any, arguments: Any = ()) -> dict[str, torch.nn.Module]:
    """Find the modules that a callable runs, with the prefix of their parameters' names.

    Args:
        fn: a module, a bound method, a partial, a function with modules in its closure or among the globals it names,
            or an object that holds modules.
        arguments: leaves of the call's arguments.

    Returns:
        Prefix -> module; ``""`` if `fn` is a module or its method.
    """
    found: dict[str, torch.nn.Module] = {}
    for name, module in _modules(fn, set()):
        if not any(module is known for known in found.values()):
            found[_free(name, found)] = module
    for x in arguments:
        if isinstance(x, torch.nn.Module) and not any(x is known for known in found.values()):
            found[_free("module", found)] = x
    return found


def _free(name: str, taken: dict[str, Any]) -> str:
    if name not in taken:
        return name
    return next(f"{name}_{i}" for i in range(1, len(taken) + 2) if f"{name}_{i}" not in taken)


def _modules(fn: Any, seen: set[int]) -> Iterator[tuple[str, torch.nn.Module]]:
    if id(fn) in seen:
        return
    seen.add(id(fn))
    fn = unwrap_callable(fn)
    if isinstance(fn, torch.nn.Module):
        yield "", fn
    elif isinstance(fn, functools.partial):
        yield from _modules(fn.func, seen)
        for i, x in enumerate(fn.args):
            if isinstance(x, torch.nn.Module):
                yield f"arg{i}", x
        for name, x in fn.keywords.items():
            if isinstance(x, torch.nn.Module):
                yield name, x
    elif isinstance(fn, MethodType):
        yield from _modules(fn.__self__, seen)
        yield from _modules(fn.__func__, seen)
    elif isinstance(fn, FunctionType):
        for name, x in _references(fn):
            if isinstance(x, torch.nn.Module):
                yield name, x
            elif isinstance(x, (FunctionType, MethodType, functools.partial)):
                inner = getattr(x, "__func__", x)
                if not (getattr(inner, "__module__", None) or "").startswith("torch"):
                    yield from _modules(x, seen)
    else:
        for name, x in list(getattr(fn, "__dict__", {}).items()):
            if isinstance(x, torch.nn.Module):
                yield name, x
        call = vars(type(fn)).get("__call__")
        if isinstance(call, FunctionType):
            yield from _modules(call, seen)


def _references(fn: FunctionType) -> Iterator[tuple[str, Any]]:
    for name, cell in zip(fn.__code__.co_freevars, fn.__closure__ or ()):
        try:
            yield name, cell.cell_contents
        except ValueError:  # not assigned yet
            continue
    wrapped = getattr(fn, "__wrapped__", None)
    if wrapped is not None:
        yield "wrapped", wrapped
    for name in fn.__code__.co_names:
        if name in fn.__globals__:
            yield name, fn.__globals__[name]


@dataclass
class Parameter:
    """A parameter or buffer with all its names.

    Args:
        tensor: the user's own.
        names: the first is the main one; tied weights have several.
        trainable: whether it is a parameter that wants gradients.
        buffer: whether it is a buffer.
        persistent: whether it belongs to the state dict.
    """

    tensor: torch.Tensor
    names: list[str]
    trainable: bool
    buffer: bool
    persistent: bool = True
    fresh: Any = field(default=None, repr=False)


def parameters_of(roots: dict[str, torch.nn.Module]) -> list[Parameter]:
    """Return every parameter and buffer of some modules, tied ones once.

    Args:
        roots: prefix -> module.
    """
    found: dict[int, Parameter] = {}
    for prefix, root in roots.items():
        for path, module in root.named_modules(prefix=prefix, remove_duplicate=False):
            dot = f"{path}." if path else ""
            temporary = module._non_persistent_buffers_set
            for table, buffer in ((module._parameters, False), (module._buffers, True)):
                for name, tensor in table.items():
                    if tensor is None:
                        continue
                    known = found.get(id(tensor))
                    if known is None:
                        found[id(tensor)] = Parameter(
                            tensor, [dot + name], tensor.requires_grad and not buffer, buffer, name not in temporary
                        )
                    else:
                        known.names.append(dot + name)
    return list(found.values())


def make_parameter(p: Parameter, fake: Any, copy: bool) -> torch.Tensor:
    """Return the tensor that stands for a parameter during a capture.

    Args:
        p: the parameter.
        fake: a `FakeTensorMode`, or None for real values.
        copy: copy real values, so that in-place updates stay in the capture.
    """
    if fake is not None:
        if not p.tensor.is_meta:
            return fake.from_tensor(p.tensor, static_shapes=True)
        with fake:
            new = torch.empty_like(p.tensor, device="cpu", requires_grad=False)
            return new if p.buffer else torch.nn.Parameter(new, requires_grad=p.tensor.requires_grad)
    new = p.tensor.detach()
    if copy or p.buffer:
        new = new.clone()
    return new if p.buffer else torch.nn.Parameter(new, requires_grad=p.tensor.requires_grad)


def _copied(x: torch.Tensor) -> torch.Tensor:
    """Copy a tensor with its strides, on which depends what is a view."""
    if x.layout is not torch.strided or 0 in x.stride() or x.is_contiguous():
        return x.clone()
    return torch.empty_strided(x.shape, x.stride(), dtype=x.dtype, device=x.device).copy_(x)


def make_input(x: Any, fake: Any, grad: bool) -> torch.Tensor | None:
    """Return the tensor that stands for an input array, None if it has no values and some are needed.

    Args:
        x: array of any framework, or an `Aval`.
        fake: a `FakeTensorMode`, or None for real values.
        grad: keep a torch tensor's ``requires_grad``.
    """
    data = getattr(x, "data", x) if type(x).__module__ == "ivy.array" else x
    if isinstance(data, torch.Tensor):
        if fake is not None:
            new = fake.from_tensor(data.detach(), static_shapes=True)
            return new.requires_grad_(grad and data.requires_grad) if data.is_floating_point() else new
        if data.is_meta or type(data).__name__ == "FakeTensor":
            return None
        return _copied(data.detach()).requires_grad_(grad and data.requires_grad)
    if fake is not None:
        aval = data if type(data) is Aval else aval_of(data)
        with fake:
            return torch.empty(aval.shape, dtype=getattr(torch, str(as_dtype(aval.dtype))))
    if type(data) is Aval:
        return None
    from ivy_torch.backend import from_foreign

    try:
        return from_foreign(data, copy=True)
    except Exception:
        return None  # an abstract array of another framework: a tracer
