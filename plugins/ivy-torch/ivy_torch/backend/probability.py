"""Special functions of probability in torch."""

from __future__ import annotations

from typing import Any

import torch

from ivy_torch.backend.support import align, floating

# torch.special.ndtr gives 0 far out: the declaration's body computes it
entr = floating(torch.special.entr)


def xlog1py(x1: Any, x2: Any, /) -> Any:
    return torch.special.xlog1py(*align(x1, x2, inexact=True))
