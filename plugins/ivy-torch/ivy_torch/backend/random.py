"""Random numbers with torch: its default generators, Threefry in masked int64 arithmetic for keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from ivy.functional.random import initial_seed
from ivy_torch.backend.support import native_device, native_dtype

if (_seed := initial_seed()) is not None:
    torch.manual_seed(_seed)


def default_seed(value: int, /) -> None:
    torch.manual_seed(value)


def random_default_key() -> Any:
    return torch.randint(0, 2**32, (2,)).to(torch.uint32)


def threefry_2x32(k1: Any, k2: Any, x1: Any, x2: Any, /) -> tuple[Any, Any]:
    # torch has no arithmetic on uint32
    mask = 0xFFFFFFFF
    k1, k2, y1, y2 = (torch.as_tensor(v).to(torch.int64) for v in (k1, k2, x1, x2))
    keys = (k1, k2, k1 ^ k2 ^ 0x1BD11BDA)
    y1, y2 = (y1 + k1) & mask, (y2 + k2) & mask
    for group in range(5):
        for r in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
            y1 = (y1 + y2) & mask
            y2 = ((y2 << r) & mask | y2 >> (32 - r)) ^ y1
        y1 = (y1 + keys[(group + 1) % 3]) & mask
        y2 = (y2 + keys[(group + 2) % 3] + (group + 1)) & mask
    return y1.to(torch.uint32), y2.to(torch.uint32)


def _size(shape: Any) -> tuple[int, ...]:
    return (shape,) if isinstance(shape, int) else tuple(shape)


def default_uniform(shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    return torch.rand(_size(shape), dtype=native_dtype(dtype or "float32"), device=native_device(device))


def default_normal(shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    return torch.randn(_size(shape), dtype=native_dtype(dtype or "float32"), device=native_device(device))


def default_int(low: int, high: int, shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    return torch.randint(low, high, _size(shape), device=native_device(device)).to(native_dtype(dtype or "int32"))


def default_dropout(x: Any, /, *, rate: float) -> Any:
    return torch.nn.functional.dropout(x, rate)


def _generator(key: Any, device: Any) -> Any:
    if key is None or "meta" in (device.type, getattr(key, "device", device).type):  # no numbers, only shapes
        return None
    words = [0, key] if isinstance(key, int) else key.tolist()
    return torch.Generator(device).manual_seed((words[0] << 32 | words[1]) % 2**63)


def gamma(alpha: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    x = torch.as_tensor(alpha, dtype=None if dtype is None else native_dtype(dtype))
    x = x if x.is_floating_point() else x.to(torch.float32)
    wide = x.to(torch.float32) if x.dtype in (torch.float16, torch.bfloat16) else x
    wide = wide if shape is None else wide.expand(_size(shape))
    return torch._standard_gamma(wide, generator=_generator(key, x.device)).to(x.dtype)


def poisson(rate: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    x = torch.as_tensor(rate)
    x = x if x.dtype in (torch.float32, torch.float64) else x.to(torch.float32)
    x = x if shape is None else x.expand(_size(shape))
    return torch.poisson(x, generator=_generator(key, x.device)).to(native_dtype(dtype or "int32"))
