"""``torch._foreach_*``: one call for a list of tensors, recorded as a call for each of them."""

from __future__ import annotations

from typing import Any

import torch

__all__ = ["PREFIX", "one_by_one"]

PREFIX = "torch._foreach_"
_OTHER = {"norm": torch.linalg.vector_norm}
_VALUED = ("addcmul", "addcdiv")


def one_by_one(recorder: Any, path: str, args: Any, kwargs: Any) -> Any:
    """Run and record the calls that a call on lists stands for.

    Args:
        recorder: the `Recorder`, recording.
        path: such as ``"torch._foreach_add_"``.
        args: positional arguments: a list is taken element by element, anything else is the same for all.
        kwargs: keyword arguments, likewise.
    """
    name = path.removeprefix(PREFIX)
    fn = _OTHER.get(name) or getattr(torch, name, None) or getattr(torch.Tensor, name)
    count = next(len(x) for x in (*args, *kwargs.values()) if isinstance(x, (list, tuple)))
    if name.rstrip("_") in _VALUED and len(args) > 3:
        args, kwargs = args[:3], {**kwargs, "value": args[3]}
    if name.endswith("_") and not isinstance(args[0], torch.Tensor):
        fn = getattr(torch.Tensor, name)

    def pick(x: Any, i: int) -> Any:
        return x[i] if isinstance(x, (list, tuple)) else x

    def run() -> list[Any]:
        return [fn(*(pick(x, i) for x in args), **{k: pick(x, i) for k, x in kwargs.items()}) for i in range(count)]

    found = recorder.recorded(run)
    return None if name.endswith("_") else found
