"""Which public function of torch a call is, and what kind of call that makes it."""

from __future__ import annotations

from typing import Any

import torch

__all__ = [
    "COPIES_OR_VIEWS",
    "NOTED",
    "RANDOM",
    "READERS",
    "SIZED",
    "STATISTICS",
    "UNRECORDED",
    "is_in_place",
    "path_of",
]

READERS = frozenset(
    f"torch.Tensor.{n}"
    for n in (
        "__array__",
        "__bool__",
        "__complex__",
        "__contains__",
        "__dlpack__",
        "__float__",
        "__format__",
        "__index__",
        "__int__",
        "__repr__",
        "allclose",
        "equal",
        "is_nonzero",
        "item",
        "numpy",
        "tolist",
    )
) | {"torch.allclose", "torch.equal", "torch.is_nonzero", "torch.ops.aten._local_scalar_dense.default"}
"""Calls that hand a tensor's value over to Python."""

UNRECORDED = frozenset(
    {
        "torch.ops.aten.lift_fresh.default",
        "torch.ops.aten.lift.default",
        "torch.Tensor.share_memory_",
        "torch.Tensor.__hash__",
        "torch.Tensor.pin_memory",
        "torch.Tensor.is_pinned",
    }
)
"""Calls that mean nothing for values: their result, if it is a tensor, is their first argument again."""

NOTED = {
    "torch.Tensor.share_memory_": "the target decides where arrays are",
    "torch.Tensor.pin_memory": "the target decides where arrays are",
}
"""What becomes of the unrecorded calls that mean something besides values, for `ivy.check`."""

RANDOM = frozenset(
    {
        "rand", "randn", "randint", "randperm", "rand_like", "randn_like", "randint_like", "bernoulli",
        "multinomial", "normal", "poisson", "dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout",
        "feature_alpha_dropout", "feature_dropout", "bernoulli_", "uniform_", "normal_", "exponential_",
        "cauchy_", "log_normal_", "geometric_", "random_", "gumbel_softmax", "rrelu", "kaiming_uniform_",
        "kaiming_normal_", "xavier_uniform_", "xavier_normal_", "trunc_normal_", "orthogonal_", "sparse_",
        "native_dropout", "scaled_dot_product_attention", "multi_head_attention_forward", "lstm", "gru",
        "rnn_tanh", "rnn_relu",
    }
)  # fmt: skip
"""Last parts of the names of functions that (may) draw random numbers."""

SIZED = frozenset(
    {
        "zeros", "ones", "full", "empty", "rand", "randn", "randint", "arange", "linspace", "logspace", "eye",
        "new_zeros", "new_ones", "new_full", "new_empty", "view", "reshape", "expand", "repeat", "tile",
        "narrow", "split", "chunk", "broadcast_to", "unflatten", "select", "pad", "interpolate", "roll",
        "as_strided", "unfold", "topk", "index_select_", "movedim", "flatten", "squeeze", "unsqueeze",
        "transpose", "repeat_interleave", "one_hot", "tril", "triu", "diagonal",
    }
)  # fmt: skip
"""Last parts of the names of functions that read 0-d integer tensors as Python ints."""

_AFFINE = ("input", "weight", "bias", "running_mean", "running_var")
_NORM = ("input", "running_mean", "running_var", "weight", "bias")
STATISTICS = {
    "torch.nn.functional.batch_norm": ((*_NORM, "training"), "training"),
    "torch.nn.functional.instance_norm": ((*_NORM, "use_input_stats"), "use_input_stats"),
    "torch.batch_norm": ((*_AFFINE, "training"), "training"),
    "torch.instance_norm": ((*_AFFINE, "use_input_stats"), "use_input_stats"),
}
"""Functions that update running statistics unseen: their parameters, and the one that says whether they do."""

_NAMESPACES = {
    "torch._C._nn": "torch.nn.functional",
    "torch._C._linalg": "torch.linalg",
    "torch._C._fft": "torch.fft",
    "torch._C._special": "torch.special",
    "torch._VF": "torch",
    "torch.functional": "torch",
    "torch._tensor": "torch",
    "torch._C": "torch._C",
    "torch._C._VariableFunctions": "torch",
}
_STRIP = {"torch.linalg": "linalg_", "torch.fft": "fft_", "torch.special": "special_"}
_paths: dict[Any, str] = {}


def path_of(func: Any) -> str:
    """Return the dotted public path of a function that ``__torch_function__`` was given.

    Args:
        func: function, method, property accessor or operator overload.

    Returns:
        Such as ``"torch.nn.functional.gelu"``, ``"torch.Tensor.T"`` or ``"torch.ops.aten.add.Tensor"``.
    """
    try:
        return _paths[func]
    except KeyError:
        found = _paths[func] = _path_of(func)
        return found


def _path_of(func: Any) -> str:
    if isinstance(func, torch._ops.OpOverload):
        return "torch.ops." + str(func)
    if isinstance(func, torch._ops.OpOverloadPacket):
        return "torch.ops." + func._qualified_op_name.replace("::", ".")
    name = getattr(func, "__name__", None) or type(func).__name__
    if name in ("__get__", "__set__", "__delete__") and hasattr(func, "__self__"):
        attribute = getattr(func.__self__, "__name__", None) or getattr(func.__self__.fget, "__name__", "?")
        return f"torch.Tensor.{attribute}" + ("" if name == "__get__" else f".{name}")
    if getattr(func, "__objclass__", None) is not None:
        return f"torch.Tensor.{name}"
    module = getattr(func, "__module__", None) or "torch"
    if module == "torch._tensor" or getattr(torch.Tensor, name, None) is func:
        return f"torch.Tensor.{name}"
    namespace = _NAMESPACES.get(module, module)
    name = name.removeprefix(_STRIP.get(namespace, "\0"))
    if namespace == "torch.nn.functional" and not hasattr(torch.nn.functional, name):
        return f"torch._C._nn.{name}"
    return f"{namespace}.{name}"


def is_random(path: str) -> bool:
    """Tell whether a path names a call that may draw random numbers."""
    return not RANDOM.isdisjoint(path.split(".")[-2:])


def is_in_place(path: str) -> bool:
    """Tell whether a path names a call that writes to its first argument."""
    parts = path.split(".")
    name = parts[3] if path.startswith("torch.ops.") and len(parts) > 3 else parts[-1]
    if name.startswith("__"):
        return name in ("__setitem__", "__set__") or (name.startswith("__i") and name not in _NOT_IN_PLACE)
    return name.endswith("_")


_NOT_IN_PLACE = ("__index__", "__int__", "__invert__", "__iter__")


COPIES_OR_VIEWS = frozenset({"contiguous", "flatten", "ravel", "reshape", "reshape_as"})
"""Functions that return a view or a copy, which depends on how their argument lies in memory."""
