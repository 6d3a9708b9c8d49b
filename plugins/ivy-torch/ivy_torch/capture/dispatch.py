"""The operators below the public API, for what the functions above don't show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch._ops import HigherOrderOperator
from torch.utils._python_dispatch import TorchDispatchMode

from ivy.errors import CaptureError
from ivy_torch.capture import paths
from ivy_torch.capture.tensors import tensors_in

if TYPE_CHECKING:
    from ivy_torch.capture.record import Recorder

__all__ = ["Dispatch"]


def _cond(pred: Any, true_fn: Any, false_fn: Any, operands: Any) -> Any:
    return (true_fn if pred else false_fn)(*operands)


def _while_loop(cond_fn: Any, body_fn: Any, carried: Any, additional: Any = ()) -> Any:
    while cond_fn(*carried, *additional):
        carried = tuple(body_fn(*carried, *additional))
    return carried


def _as_python(operator: Any) -> Any:
    """Return Python's form of torch.cond and while_loop: the way that they go becomes a guard, as with `if`."""
    found = {"cond": _cond, "while_loop": _while_loop}.get(operator.name())
    if found is None:
        raise CaptureError(
            f"torch.ops.higher_order.{operator.name()} can't be captured", hint="write it as Python with `if` and `for`"
        )
    return found


class Dispatch(TorchDispatchMode):
    """Sees the operators below the public API and records those that no recorded call stands for."""

    supports_higher_order_operators = True

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self.recorder = recorder
        self.missing = False
        self._table: Any = None

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Whether torch may wrap this class so that dynamo skips it: that would import dynamo, three seconds."""
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        recorder = self.recorder
        if isinstance(func, HigherOrderOperator):
            return recorder.recorded(_as_python(func), *args)
        if recorder.busy or not _returns_tensor(func):
            return func(*args, **kwargs)
        if torch._C._current_graph_task_id() != -1:
            raise CaptureError(
                "torch.autograd.backward runs unseen",
                where=recorder.where(),
                why="torch reports calls of Tensor.backward and torch.autograd.grad only",
                hint="write loss.backward() instead",
            )
        with torch._C.DisableTorchFunction():  # in TorchScript the other mode is still on, and would see our own calls
            return self._record(func, args, kwargs)

    def _record(self, func: Any, args: Any, kwargs: Any) -> Any:
        recorder, path = self.recorder, paths.path_of(func)
        if path in paths.UNRECORDED or path in paths.READERS or recorder.supports(path):
            return recorder.call(path, func, args, kwargs)
        inputs = tensors_in((args, kwargs))
        for decompose in (self.table.get(func), func.decompose):
            if decompose is not None:
                with self:
                    result = decompose(*args, **kwargs)
                if result is not NotImplemented:
                    return result
        result = recorder._run(path, func, args, kwargs, inputs)
        if tensors_in(result):
            self.missing = True
            if path.startswith(("torch.ops.aten.", "torch.ops.prims.")):
                recorder.graph.nodes[-1].meta["internal"] = True
        return result

    @property
    def table(self) -> Any:
        """The decompositions to core ATen."""
        if self._table is None:
            from torch._decomp import core_aten_decompositions

            self._table = core_aten_decompositions()
        return self._table


def _returns_tensor(func: Any) -> bool:
    return any("Tensor" in str(r.type) for r in func._schema.returns)
