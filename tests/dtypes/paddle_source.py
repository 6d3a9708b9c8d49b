"""PaddlePaddle for the sweep of dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np
import paddle
from captured_sweep import CapturedSource
from dtype_sweep import numpy_dtype

DTYPES = (
    "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64",
    "complex128",
)  # fmt: skip


def _make(x: np.ndarray, dtype: str) -> Any:
    wide = x.astype("float32") if dtype in ("bfloat16", "float16") else x
    return paddle.to_tensor(wide).astype(dtype)


def _read(x: Any) -> Any:
    if not isinstance(x, paddle.Tensor):
        return None
    dtype = str(x.dtype).removeprefix("paddle.")
    if dtype not in DTYPES:
        return None
    return dtype, (x.astype("float32").numpy().astype(numpy_dtype(dtype)) if dtype == "bfloat16" else x.numpy())


def _captures(fn: Any, arrays: list[Any]) -> None:
    paddle.enable_static()
    try:
        with paddle.static.program_guard(paddle.static.Program()):
            fn(*(paddle.static.data(f"x{i}", x.shape, x.dtype) for i, x in enumerate(arrays)))
    finally:
        paddle.disable_static()


def _keep(path: str, label: str) -> bool:
    """Leave out remainders of division by False, which end the process."""
    return path.rpartition(".")[2] not in ("floor_mod", "mod", "remainder") or not label.endswith(" bool")


RANDOM = (
    "rand empty dropout multinomial bernoulli normal poisson gumbel rrelu uniform cauchy exponential_ geometric seed "
    "binomial gaussian fractional save load summary flops set_ enable_ disable_ device batch static grad guard "
    "in_dynamic compile create_parameter get_ LazyGuard DataParallel printoptions no_grad shuffle from_dlpack to_dlpack "
    "arange is_ check_shape sampl log_gamma seed iinfo finfo check_ monkey lowrank standard_gamma searchsorted gammainc"
).split()


def _left_out(path: str) -> bool:
    return (
        path.startswith(
            ("paddle.fft.fft_", "paddle.fft.fftn", "paddle.fft.fft2", "paddle.fft.r", "paddle.fft.i", "paddle.fft.h")
        )
        or path.endswith("_")
        or any(r in path for r in RANDOM)
    )


SOURCE = CapturedSource(
    "paddle",
    {
        "paddle": paddle,
        "paddle.nn.functional": paddle.nn.functional,
        "paddle.linalg": paddle.linalg,
        "paddle.fft": paddle.fft,
    },
    DTYPES,
    _make,
    _read,
    _left_out,
    captures=_captures,
    keep=_keep,
)
