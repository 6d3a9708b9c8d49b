"""The frameworks' own window functions, called through their frontends on NumPy arrays, against the frameworks."""

from __future__ import annotations

import importlib
import zlib
from functools import reduce

import numpy as np
import pytest
from backends import BACKENDS, MAKE, to_np
from frontend_window_cases import CALLS

import ivy

SHARE = 25
SHARDS = 4


def framework(name):
    return importlib.import_module({"jax": "jax"}.get(name, name))


def reach(root, path):
    return reduce(getattr, path.split("."), root)


def each_array(args, change):
    return [change(a) if isinstance(a, np.ndarray) else a for a in args]


def difference(source, call):
    """What is different, an empty string if nothing is, None if the framework itself refuses the call."""
    path, args, kwargs = call
    own = framework(source)
    what = f"{source}.{path}({[a.shape if isinstance(a, np.ndarray) else a for a in args]}, {kwargs})"

    def found(root):
        return [reach(root, a) if isinstance(a, str) and a.startswith("lax.") else a for a in args]

    try:
        expected = reach(own, path)(*each_array(found(own), MAKE[source]), **kwargs)
    except Exception:
        return None
    front = getattr(ivy.frontends, source)
    try:
        got = reach(front, path)(*found(front), **kwargs)
    except Exception as fault:
        return f"{what}: {type(fault).__name__}: {str(fault)[:200]}"
    if any(np.isnan(to_np(e)).any() for e in (expected if isinstance(expected, (tuple, list)) else [expected])):
        return None  # the average of padding alone is 0 / 0 in paddle, and 0 in ivy
    expected, got = (list(v) if isinstance(v, (tuple, list)) else [v] for v in (expected, got))
    if len(expected) != len(got):
        return f"{what}: {len(got)} results for {len(expected)}"
    for g, e in zip(got, expected, strict=True):
        g, e = np.asarray(getattr(g, "array", g) if not isinstance(g, np.ndarray) else g), to_np(e)
        if g.shape != e.shape or g.dtype != e.dtype:
            return f"{what}: {g.dtype}{list(g.shape)} for {e.dtype}{list(e.shape)}"
        if not np.allclose(
            g, e, rtol=2e-5, atol=2e-5 * max(1.0, np.max(np.abs(e), initial=0, where=np.isfinite(e))), equal_nan=True
        ):
            return f"{what}: off by {np.max(np.abs(g - e)):.3g}"
    return ""


def report(source, calls):
    found = [difference(source, call) for call in calls]
    refused, faults = found.count(None), [f for f in found if f]
    assert not faults, f"{len(faults)} differences\n" + "\n".join(faults[:10])
    assert refused < len(found) / 2, f"{source} refuses {refused} of {len(found)} calls"


SOURCES = [name for name in BACKENDS if name in CALLS]


@pytest.mark.parametrize("source", SOURCES)
def test_sample(source):
    report(source, (c for i, c in enumerate(CALLS[source]()) if zlib.crc32(f"{source} {i}".encode()) % SHARE == 0))


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("source", SOURCES)
def test_whole(source, shard):
    report(source, (c for i, c in enumerate(CALLS[source]()) if i % SHARDS == shard))
