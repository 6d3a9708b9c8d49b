"""NumPy code to a graph of NumPy calls, by NumPy's own dispatch protocols (NEP 13 and NEP 18).

The function runs once on recording arrays (`proxy.Recorded`), which carry real values and put every call that NumPy
dispatches to them into the graph. Functions that NumPy does not dispatch (`np.zeros`, `np.asarray`, `np.random.rand`)
are reached by giving the function copies of its globals in which NumPy's modules record too (`namespace`): NumPy itself
is not touched.
"""

from __future__ import annotations

from ivy_numpy.capture.recorder import capture
from ivy_numpy.capture.replay import native_function

__all__ = ["capture", "native_function"]
