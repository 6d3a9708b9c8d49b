"""Losses of margins in torch: its own where all arrays are of one shape and precision, else the declarations'."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F

from ivy.backend import body_of
from ivy.functional import margins as core
from ivy_torch.backend.support import alike

_hinge_embedding_loss_body = body_of(core.hinge_embedding_loss, "torch")
_margin_ranking_loss_body = body_of(core.margin_ranking_loss, "torch")
_triplet_margin_loss_body = body_of(core.triplet_margin_loss, "torch")


def hinge_embedding_loss(x: Any, target: Any, /, *, margin: Any = 1.0, reduction: Any = "mean") -> Any:
    f = F.hinge_embedding_loss if alike(x, target) else _hinge_embedding_loss_body
    return f(x, target, margin=margin, reduction=reduction)


def margin_ranking_loss(x1: Any, x2: Any, target: Any, /, *, margin: Any = 0.0, reduction: Any = "mean") -> Any:
    f = F.margin_ranking_loss if alike(x1, x2, target) else _margin_ranking_loss_body
    return f(x1, x2, target, margin=margin, reduction=reduction)


def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    /,
    *,
    margin: Any = 1.0,
    p: Any = 2.0,
    eps: Any = 1e-6,
    swap: Any = False,
    reduction: Any = "mean",
) -> Any:
    f = F.triplet_margin_loss if alike(anchor, positive, negative) else _triplet_margin_loss_body
    return f(anchor, positive, negative, margin=margin, p=p, eps=eps, swap=swap, reduction=reduction)
