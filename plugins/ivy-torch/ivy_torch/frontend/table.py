"""The table of torch's functions; every module of this package registers in it.

from ivy_torch.frontend.table import torch

@torch.function()
def relu(input, inplace=False): ...
"""

from __future__ import annotations

from collections.abc import Iterator

from ivy.frontends.runtime import Frontend

__all__ = ["torch"]

_ATEN = "torch.ops.aten."
_PREFIXES = {"linalg_": "torch.linalg.", "fft_": "torch.fft.", "special_": "torch.special."}


def _derive(path: str) -> Iterator[str]:
    """Yield the other names under which torch has the same function."""
    if path.startswith(_ATEN):
        name = path[len(_ATEN) :].partition(".")[0]
        if f"{_ATEN}{name}" != path:
            yield f"{_ATEN}{name}"
        for prefix, namespace in _PREFIXES.items():
            if name.startswith(prefix):
                yield namespace + name[len(prefix) :]
        name = name.lstrip("_")
        yield from (f"torch.{name}", f"torch.Tensor.{name}", f"torch.nn.functional.{name}")
    elif path.startswith("torch.special."):
        yield "torch." + path.rpartition(".")[2]
    elif path.startswith(("torch._C._nn.", "torch._C._linalg.", "torch._C._fft.", "torch._C._special.")):
        name = path.rpartition(".")[2]
        for prefix, namespace in _PREFIXES.items():
            if name.startswith(prefix):
                yield namespace + name[len(prefix) :]
        yield from (f"torch.nn.functional.{name}", f"torch.{name}")
    elif path.startswith(("torch._C._VariableFunctions.", "torch.functional.")):
        yield "torch." + path.rpartition(".")[2]


torch = Frontend("torch", package="ivy_torch.frontend", derive=_derive)
