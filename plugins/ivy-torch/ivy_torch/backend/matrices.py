"""More of linear algebra in torch."""

from __future__ import annotations

from typing import Any

import torch


def linalg_lu_solve(lu: Any, pivots: Any, b: Any, /) -> Any:
    return torch.linalg.lu_solve(lu, pivots.to(torch.int32) + 1, b)


def linalg_tensorinv(x: Any, /, *, ind: Any = 2) -> Any:
    return torch.linalg.tensorinv(x, ind)
