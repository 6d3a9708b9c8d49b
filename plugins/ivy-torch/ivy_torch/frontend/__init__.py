"""torch's API on `ivy.functional`; never imports torch.

`call`, `supports`, `wrap` and `unwrap` are what lowering uses. The functions lie in modules that mirror torch's
(``nn/functional.py``, ``linalg.py``) and are imported on first use.
"""

from __future__ import annotations

from ivy_torch.frontend.table import torch as frontend
from ivy_torch.frontend.tensor import Tensor

__all__ = ["Tensor", "call", "frontend", "supports", "unwrap", "wrap"]

supports = frontend.supports
call = frontend.call
wrap = frontend.wrap
unwrap = frontend.unwrap
