"""TensorFlow's API on `ivy.functional`; nothing here imports TensorFlow.

What a captured graph calls is `tf.raw_ops`: functions with keyword arguments whose operands agree in dtype. The public
names (`tf.nn.relu`, `tf.reduce_sum`, methods and operators of `tf.Tensor`) are for code written on the frontend by
hand; they are thin forms of the same functions. TensorFlow's tensors are immutable, so values are plain arrays.
"""

from __future__ import annotations

from typing import Any

from ivy_tensorflow.frontend.table import frontend

__all__ = ["call", "frontend", "supports", "unwrap", "user_functions", "wrap"]

user_functions: dict[str, Any] = {}
"""Kept for symmetry; what users add with `@ivy.converter` is found by the table itself."""

supports = frontend.supports
call = frontend.call


def wrap(array: Any) -> Any:
    """Return the array itself: TensorFlow's tensors need no cell."""
    return array


def unwrap(value: Any) -> Any:
    """Return the value itself."""
    return value
