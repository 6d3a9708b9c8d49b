"""Activation functions in NumPy; those that are not here are computed by their declarations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.special

from ivy_numpy.backend.support import floating, widened

_expit = floating(scipy.special.expit, through=np.float32)


def sigmoid(x: Any, /) -> Any:
    if np.iscomplexobj(x):  # not in SciPy
        return 1.0 / (1.0 + np.exp(-x))
    return _expit(x)


def relu(x: Any, /) -> Any:
    return np.maximum(x, 0)


def silu(x: Any, /) -> Any:
    if np.iscomplexobj(x):
        return x * sigmoid(x)
    h, back = widened(x)
    y = scipy.special.expit(h)
    y *= h
    return y if back is None else y.astype(back)


def gelu(x: Any, /, *, approximate: Any = False) -> Any:
    h, back = widened(x)
    if approximate:
        y = np.asarray(h * h)
        y *= 0.044715
        y += 1.0
        y *= h
        y *= math.sqrt(2.0 / math.pi)
        np.tanh(y, out=y)
    else:
        y = np.asarray(h * math.sqrt(0.5))
        scipy.special.erf(y, out=y)
    y += 1.0
    y *= h
    y *= 0.5
    return y if back is None else y.astype(back)


def softmax(x: Any, /, *, axis: Any = -1) -> Any:
    h, back = widened(x)
    y = h - h.max(axis=axis, keepdims=True, initial=-np.inf)
    np.exp(y, out=y)
    y /= y.sum(axis=axis, keepdims=True)
    return y if back is None else y.astype(back)


def log_softmax(x: Any, /, *, axis: Any = -1) -> Any:
    h, back = widened(x)
    y = h - h.max(axis=axis, keepdims=True, initial=-np.inf)
    y -= np.log(np.exp(y).sum(axis=axis, keepdims=True))
    return y if back is None else y.astype(back)
