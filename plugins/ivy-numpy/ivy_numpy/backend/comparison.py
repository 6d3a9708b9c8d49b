"""Comparisons, predicates, logic and bits in NumPy."""

from __future__ import annotations

import numpy as np

from ivy_numpy.backend.support import promoting

equal = promoting(np.equal)
not_equal = promoting(np.not_equal)
less = promoting(np.less)
less_equal = promoting(np.less_equal)
greater = promoting(np.greater)
greater_equal = promoting(np.greater_equal)

isfinite = np.isfinite
isinf = np.isinf
isnan = np.isnan

logical_and = np.logical_and
logical_or = np.logical_or
logical_xor = np.logical_xor
logical_not = np.logical_not

bitwise_and = promoting(np.bitwise_and)
bitwise_or = promoting(np.bitwise_or)
bitwise_xor = promoting(np.bitwise_xor)
bitwise_invert = np.bitwise_invert
bitwise_left_shift = promoting(np.bitwise_left_shift)
bitwise_right_shift = promoting(np.bitwise_right_shift)
