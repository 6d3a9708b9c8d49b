"""PaddlePaddle's API on `ivy.functional`; never imports paddle.

`call`, `supports`, `wrap` and `unwrap` are what lowering uses. Tensors are mutable and have views, as in paddle's
dynamic mode. The functions are imported on first use.
"""

from __future__ import annotations

from ivy_paddle.frontend.table import frontend
from ivy_paddle.frontend.tensor import Tensor

__all__ = ["Tensor", "call", "frontend", "supports", "unwrap", "wrap"]

supports = frontend.supports
call = frontend.call
wrap = frontend.wrap
unwrap = frontend.unwrap
