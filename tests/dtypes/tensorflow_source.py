"""TensorFlow for the sweep of dtypes."""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from captured_sweep import CapturedSource

DTYPES = (
    "bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32",
    "float64", "complex64", "complex128",
)  # fmt: skip


def _read(x: Any) -> Any:
    return (x.dtype.name, x.numpy()) if isinstance(x, tf.Tensor) and x.dtype.name in DTYPES else None


RANDOM = (
    "empty random dropout print py_function function custom_gradient grad_pass_through recompute_grad init_scope device "
    "control_dependencies group name_scope save load assert nce_loss sampled candidate sampler is_tensor fractional "
    "variable_creator experimental summary Print ragged.constant no_gradient no_op raw_op type_spec shuffle bitcast "
    "all_candidate timestamp get_static stop_recording import_graph as_string confusion_matrix searchsorted"
).split()


def _left_out(path: str) -> bool:
    return any(r in path for r in RANDOM)


SOURCE = CapturedSource(
    "tensorflow",
    {
        "tensorflow": tf,
        "tensorflow.math": tf.math,
        "tensorflow.nn": tf.nn,
        "tensorflow.linalg": tf.linalg,
        "tensorflow.bitwise": tf.bitwise,
        "tensorflow.signal": tf.signal,
        "tensorflow.math.special": tf.math.special,
    },
    DTYPES,
    lambda x, dtype: tf.constant(x),
    _read,
    _left_out,
    captures=lambda fn, arrays: tf.function(fn, autograph=False).get_concrete_function(
        *(tf.TensorSpec(x.shape, x.dtype) for x in arrays)
    ),
)
