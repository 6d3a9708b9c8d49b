"""The bodies of composites that every backend overrides: they serve a backend which does not.

Each body is run on each backend beside the backend's own function: values, dtypes, shapes, gradients, and under jax.jit
(for the first call of every op; ``-m ""`` takes all of them). Then NumPy is left with its primitives alone, and has to
compute the same.
"""

import inspect
import math
from contextlib import contextmanager

import numpy as np
import optree
import pytest
from agreement import BF16, call, same, to_native, to_numpy
from backends import BACKENDS, outputs_and_gradients

from ivy.backend import body_of, get_backend, scope
from ivy.dtypes import as_dtype
from ivy.functional.registry import OPS

nan, inf = math.nan, math.inf
RNG = np.random.default_rng(5)


def f32(*values):
    return np.asarray(values, "float32")


def drawn(*shape, dtype="float32", low=-2.0, high=2.0):
    return RNG.uniform(low, high, shape).astype(dtype)


def ints(*shape, dtype="int32", low=-5, high=6):
    return RNG.integers(low, high, shape).astype(dtype)


def complexes(*shape, dtype="complex64"):
    return (RNG.uniform(-2, 2, shape) + 1j * RNG.uniform(-2, 2, shape)).astype(dtype)


SPECIAL = f32(nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e-30, 3e38)
HALVES = f32(0.5, 1.5, 2.5, -0.5, -1.5, 0.49999997, -0.2, 8388609.0, 1e20, nan, inf, -inf, -0.0)
EMPTY = np.zeros((0, 3), "float32")
POINT = np.asarray(0.75, "float32")


class Case:
    """One call: the op, its arguments, those to differentiate by, and backends whose own function differs from NumPy's."""

    def __init__(self, op, *args, by=(), compiled=True, tolerance=None, but=(), **kwargs):
        self.op, self.args, self.kwargs = op, args, kwargs
        self.by, self.compiled, self.tolerance, self.but = by, compiled, tolerance, but

    def __repr__(self):
        parts = [f"{a.dtype}{list(a.shape)}" if hasattr(a, "dtype") else str(a) for a in self.args]
        parts += [f"{k}={getattr(v, 'shape', v)}" for k, v in self.kwargs.items()]
        return f"{self.op}({', '.join(parts)})"


def each(ops, *arguments, **options):
    """The same arguments for several ops of one argument."""
    return [Case(op, x, **options) for op in ops.split() for x in arguments]


NUMBERS = [ints(2, 3), ints(4, dtype="int8"), np.asarray([0, 3, 200], "uint8"), ints(3, dtype="int64")]
HALF = [drawn(4, dtype="float16"), drawn(4).astype(BF16)]

CASES = [
    # comparison
    *(
        Case(op, *pair)
        for op in "not_equal less_equal greater greater_equal logical_and logical_or logical_xor".split()
        for pair in (
            (SPECIAL, SPECIAL[::-1].copy()),
            (ints(2, 3), ints(3)),
            (drawn(4), 0.5),
            (POINT, POINT),
            (EMPTY, 1.0),
        )
    ),
    *each("isnan isinf isfinite logical_not", SPECIAL, POINT, EMPTY, complexes(3), *NUMBERS, *HALF),
    *each("isnan isinf isfinite", np.asarray([complex(nan, 1), complex(1, inf), 1j], "complex64")),
    Case("bitwise_xor", ints(3, 4), ints(4)),
    Case("bitwise_xor", ints(4, dtype="uint8", low=0, high=250), 37),
    Case("bitwise_xor", np.asarray([True, False, True]), np.asarray([True, True, False])),
    # arithmetic
    *each("sign trunc ceil round", SPECIAL, HALVES, POINT, EMPTY, HALVES.astype("float64"), *NUMBERS, *HALF),
    *each("sign trunc ceil round", drawn(3, 4), by=(0,)),
    *each("sign round", np.append(complexes(5), 0)),
    Case("round", drawn(3, 4, dtype="float64"), decimals=2),
    Case("round", drawn(3, 4, dtype="float64", high=1000.0), decimals=-2),
    *each("signbit", SPECIAL, SPECIAL.astype("float64"), POINT, *NUMBERS, *HALF),
    Case("minimum", SPECIAL, SPECIAL[::-1].copy()),
    Case("minimum", drawn(3, 4), drawn(4), by=(0, 1)),
    Case("minimum", np.asarray([-128, 127, 5], "int8"), np.asarray([3], "int8")),
    Case("minimum", np.asarray([0, 255], "uint8"), 7),
    Case("minimum", drawn(3), ints(3)),
    Case("nextafter", SPECIAL, np.broadcast_to(f32(0.0), SPECIAL.shape).copy()),
    Case("nextafter", SPECIAL, np.broadcast_to(f32(inf), SPECIAL.shape).copy()),
    Case("nextafter", drawn(4, dtype="float64"), drawn(3, 1, dtype="float64")),
    # transcendental
    *each("expm1 log1p sinh cosh tanh tan asin acos atan asinh acosh atanh", SPECIAL, POINT, EMPTY, ints(5), *HALF),
    *each(
        "expm1 log1p sinh cosh tanh tan asin acos atan asinh acosh atanh",
        drawn(40, dtype="float64", low=-0.99, high=0.99),
    ),
    *each("expm1 sinh cosh tanh asinh atan", drawn(40, dtype="float64", low=-20, high=20)),
    *each("log1p acosh asinh", np.logspace(0, 30, 30)),
    *each("expm1 log1p sinh tanh tan asin atan asinh atanh", np.logspace(-30, -1, 30), by=(0,)),
    *each("expm1 log1p sinh cosh tanh tan asin acos atan asinh atanh", f32(0.0, 1e-7, -1e-7, 0.3, -0.7), by=(0,)),
    *each("expm1 log1p sinh cosh tanh tan asin acos atan asinh acosh atanh", complexes(40, dtype="complex128")),
    Case("acosh", f32(1.5, 3.0, 1e10), by=(0,)),
    # special
    *each("erf erfc lgamma i0e i1e", POINT, EMPTY, f32(nan, inf, 0.0, 1.0, -1.0), ints(3), *HALF),
    *each("digamma", POINT, EMPTY, f32(nan, inf, 1.0, -1.0), *HALF),
    Case("digamma", f32(0.0), but=("jax", "tensorflow")),
    *each("erf erfc i0e i1e", drawn(60, dtype="float64", low=-9, high=9), np.logspace(-20, 2, 40)),
    *each("erf erfc i0e i1e", f32(0.3, -0.4, 1.7, -2.5, 4.0), by=(0,)),
    Case("erfinv", np.linspace(-1, 1, 41)),
    Case("erfinv", f32(nan, 1.5, 1.0, -1.0, 0.0, 1e-20, 0.9999999), but=("paddle",)),
    Case("erfinv", f32(0.0, 0.3, -0.4, 0.9, 0.999), by=(0,), tolerance=2e-5),
    *each("lgamma digamma", drawn(60, dtype="float64", low=0.01, high=30), np.logspace(1, 20, 20)),
    *each("lgamma digamma", f32(0.3, 1.4, 2.0, 11.0), by=(0,), tolerance=2e-5),
    Case("polygamma", 0, drawn(5, dtype="float64", low=0.1, high=9)),
    Case("polygamma", 1, drawn(5, low=0.1, high=9), by=(1,), tolerance=1e-4),
    Case("polygamma", 3, drawn(5, dtype="float64", low=0.1, high=9)),
    *(
        Case(op, a, x, tolerance=2e-5 if a.dtype == "float32" else None)
        for op in ("igamma", "igammac")
        for a, x in (
            (np.logspace(-1, 2, 9)[:, None], np.logspace(-2, 2.2, 11)),
            (f32(1.0, inf, 2.0, -1.0, 2.0), f32(0.0, 2.0, inf, 1.0, nan)),
            (drawn(6, low=0.2, high=5), drawn(6, low=0.2, high=5)),
        )
    ),
    Case("gcd", ints(4, 5, low=-30, high=30), ints(5, low=-30, high=30)),
    Case("gcd", np.asarray([0, 0, 12, 2**40], "int64"), np.asarray([0, 5, 0, 2**36 * 3], "int64")),
    *each(
        "popcount clz",
        *(ints(6, dtype=d, low=0, high=100) for d in ("int8", "int16", "int32", "int64", "uint8", "uint16")),
    ),
    *each(
        "popcount clz",
        np.asarray([-1, 0, 1, -(2**31), 2**31 - 1], "int32"),
        np.asarray([0, 2**32 - 1, 2**31], "uint32"),
    ),
    *each("frexp", SPECIAL, drawn(5, dtype="float64"), *HALF, compiled=False),
    Case("frexp", f32(1e-45, 1.1e-38, -3e-39), but=("jax",)),  # XLA flushes what is not normal to 0
    *each("frexp", drawn(5, low=0.1), by=(0,)),
    # creation and manipulation
    Case("full", (2, 3), 1.5),
    Case("full", 3, 7, dtype="int16"),
    Case("full", (), True),
    *(Case("linspace", 0.0, 1.0, n, endpoint=e) for n in (0, 1, 5) for e in (True, False)),
    Case("linspace", 1, 7, 4, dtype="float64"),
    Case("linspace", 1j, 2.0, 4),
    *each("copy flip squeeze", drawn(2, 3), POINT, EMPTY, drawn(1, 3, 1), ints(2), complexes(2)),
    *(Case("expand_dims", drawn(2, 3), axis=a) for a in (0, 1, 2, -1, -3, (0, 2), (0, -1))),
    Case("squeeze", drawn(1, 3, 1), axis=-1),
    Case("squeeze", drawn(1, 3, 1), axis=(0, 2)),
    *(Case("flip", drawn(2, 3), axis=a, by=(0,)) for a in (0, -1, (0, 1))),
    *(
        Case("roll", drawn(3, 4), s, axis=a, by=(0,))
        for s, a in ((1, None), (-2, 1), (7, -1), ((1, 2), (0, 1)), (0, 0))
    ),
    Case("roll", EMPTY, 2, axis=0),
    *(Case("repeat", drawn(2, 3), n, axis=a, by=(0,)) for n in (0, 1, 2) for a in (None, 0, -1)),
    Case("repeat", drawn(2, 3), np.asarray([1, 0, 3]), axis=1, compiled=False),
    Case("repeat", drawn(3), np.asarray([2]), axis=0, compiled=False),
    *(Case("tile", drawn(2, 3), n, by=(0,)) for n in ((2,), (2, 1), (2, 1, 3), (0, 2))),
    *(
        Case(op, x, k=k)
        for op in ("tril", "triu")
        for x in (drawn(3, 4), ints(2, 3, 2), ints(2, 2) > 0)
        for k in (0, 1, -2)
    ),
    *(Case("diagonal", drawn(3, 4), offset=o, by=(0,)) for o in (0, 2, -1)),
    Case("diagonal", drawn(2, 3, 4), axis1=-1, axis2=0, offset=1),
    Case("diagonal", drawn(2, 3, 4), offset=5),
    # indexing
    *(
        Case("take", drawn(3, 4), i, axis=a, by=(0,))
        for i in (np.asarray([2, 0, -1]), np.asarray([[0, 1]]), np.asarray(1))
        for a in (0, -1)
    ),
    Case("take", drawn(3, 4), np.asarray([5, 11])),
    Case("take_along_axis", drawn(3, 4), ints(3, 2, low=0, high=4), axis=-1, by=(0,)),
    Case("take_along_axis", drawn(3, 4), ints(1, 4, low=0, high=3), axis=0),
    Case("take_along_axis", drawn(3, 1), ints(3, 5, low=0, high=1), axis=1),
    *(
        Case("put_along_axis", drawn(3, 4), np.asarray([[1], [0], [2]]), drawn(3, 1), axis=1, mode=m, by=(0, 2))
        for m in ("set", "add")
    ),
    *(
        Case("put_along_axis", drawn(3, 4), ints(3, 2, low=0, high=4), drawn(3, 2), axis=1, mode=m)
        for m in ("add", "mul", "min", "max")
    ),
    *(Case("dynamic_slice", drawn(4, 5), s, (2, 3), by=(0,)) for s in ((1, 1), (-1, 0), (9, -2))),
    Case("dynamic_slice", drawn(4), (np.asarray(3),), (2,), by=(0,)),
    *(Case("dynamic_update_slice", drawn(4, 5), drawn(2, 3), s, by=(0, 1)) for s in ((1, 1), (-1, 9))),
    Case("dynamic_update_slice", drawn(4), drawn(2), (np.asarray(-3),), by=(0, 1)),
    *(
        Case(op, x, key, value, by=by if op != "mul_at" else ())
        for op in ("mul_at", "min_at", "max_at")
        for x, key, value, by in (
            (drawn(5), np.asarray([1, 3, 1, 1, -1]), drawn(5), (0, 2)),
            (drawn(3, 4), np.asarray([2, 2, 0]), drawn(3, 4), (0, 2)),
            (drawn(3, 4), (slice(None), np.asarray([0, 0, 3])), 0.5, (0,)),
            (ints(6), np.asarray([0, 0, 5]), np.asarray([3, -2, 4], "int32"), ()),
            (drawn(3), np.asarray([], "int64"), np.zeros(0, "float32"), ()),
        )
    ),
    Case("max_at", drawn(4), np.asarray([True, False, True, False]), drawn(2), compiled=False),
    # reductions
    *(
        Case(op, x, axis=a, keepdims=k)
        for op in ("min", "all", "any", "prod")
        for x in (drawn(2, 3, 4), ints(2, 3, 4))
        for a, k in ((None, False), (1, True), ((0, -1), False))
    ),
    *(
        Case(op, x, axis=a, keepdims=k)
        for op in ("argmax", "argmin")
        for x in (drawn(2, 3), ints(2, 3))
        for a, k in ((None, False), (None, True), (1, True), (-2, False))
    ),
    *each(
        "min all any prod argmax argmin",
        f32(1.0, nan, 3.0, nan),
        POINT,
        np.asarray([3, 200, 7], "uint8"),
        f32(2.0, 2.0, -inf),
    ),
    *each("min prod", drawn(3, dtype="float16"), drawn(3).astype(BF16)),
    *each("all any prod", EMPTY),
    *(
        Case("prod", x, axis=a, by=(0,))
        for x in (drawn(3, 5), f32(2.0, 0.0, 3.0), f32(0.0, 0.0, 3.0))
        for a in (-1, None)
    ),
    Case("prod", complexes(5)),
    Case("min", drawn(3, 5), axis=-1, by=(0,)),
    *(
        Case(op, drawn(2, 7), axis=a, by=(0,))
        for op in ("cumulative_sum", "cumulative_prod", "cumulative_max", "cumulative_min", "cumulative_logsumexp")
        for a in (0, -1)
    ),
    *(
        Case(op, x, axis=0)
        for op in ("cumulative_sum", "cumulative_prod", "cumulative_max", "cumulative_min")
        for x in (ints(5), ints(3, dtype="int8"), EMPTY, f32(1.0, nan, 2.0))
    ),
    *(
        Case(op, x, include_initial=True)
        for op in ("cumulative_sum", "cumulative_prod")
        for x in (ints(5), drawn(4), *HALF)
    ),
    Case("cumulative_sum", ints(5), dtype="float64"),
    # sorting, searching, sets
    *(Case("sort", x, axis=a, descending=d) for x in (drawn(3, 5), ints(3, 5)) for a in (0, -1) for d in (True, False)),
    Case("sort", f32(3.0, nan, -inf, 1.0, nan, inf)),
    Case("sort", drawn(3, 5), by=(0,)),
    *(Case("topk", drawn(3, 5), 2, axis=a, largest=m) for a in (0, -1) for m in (True, False)),
    *(
        Case("searchsorted", f32(-1.0, 0.0, 0.0, 0.0, 2.5, 7.0, 7.0), f32(-2.0, 0.0, 7.0, 8.0, 2.4, -1.0, inf), side=s)
        for s in ("left", "right")
    ),
    Case("searchsorted", np.asarray([3, 1, 2]), ints(2, 2), sorter=np.asarray([1, 2, 0])),
    Case("searchsorted", f32(), f32(1.0)),
    Case("bincount", np.asarray([0, 3, 3, 9, 1]), length=5),
    Case("bincount", np.asarray([0, 3, 3, 9, 1]), weights=drawn(5), length=5),
    *(
        Case("unique_all", x, compiled=False)
        for x in (ints(3, 4), f32(2.0, nan, 1.0, nan, 2.0), np.zeros(0, "int32"), f32(-0.0, 0.0))
    ),
    # linear algebra
    *each(
        "linalg.det linalg.inv",
        drawn(4, 4),
        drawn(2, 3, 3, dtype="float64"),
        drawn(1, 1),
        drawn(3, 3),
        by=(0,),
        tolerance=1e-4,
    ),
    *each("linalg.det linalg.inv", complexes(3, 3), tolerance=1e-4),
    Case("linalg.slogdet", complexes(3, 3), tolerance=1e-4, but=("paddle",)),
    *each("linalg.slogdet linalg.lu linalg.lu_factor", drawn(4, 4, dtype="float64"), drawn(2, 3, 3, dtype="float64")),
    *each("linalg.det", np.ones((3, 3), "float64"), np.zeros((2, 2), "float64"), np.zeros((0, 0), "float32")),
    *each("linalg.lu linalg.lu_factor", drawn(5, 3, dtype="float64"), drawn(3, 5, dtype="float64")),
    Case("linalg.solve", drawn(3, 3), drawn(3), by=(0, 1), tolerance=1e-3),
    Case("linalg.solve", drawn(2, 3, 3, dtype="float64"), drawn(3, 2, dtype="float64")),
    Case("linalg.solve", complexes(3, 3, dtype="complex128"), complexes(3, 2, dtype="complex128")),
    *(
        Case(
            "linalg.solve_triangular",
            drawn(2, 3, 3, low=1.0),
            drawn(2, 3, 2),
            upper=u,
            transpose=t,
            unit_diagonal=d,
            by=(0, 1),
            tolerance=1e-3,
        )
        for u in (True, False)
        for t in (True, False)
        for d in (True, False)
    ),
    *each("linalg.expm", drawn(3, 3), drawn(2, 2, 2), by=(0,), tolerance=2e-4),
    Case("linalg.expm", drawn(4, 4, dtype="float64", low=-9, high=9), tolerance=1e-8),
    *(
        Case("einsum", equation, *(drawn(*shape) for shape in shapes), by=tuple(range(1, len(shapes) + 1)))
        for equation, *shapes in (
            ("ij,jk->ik", (2, 3), (3, 4)),
            ("...ij,...jk", (5, 2, 3), (3, 4)),
            ("ii", (3, 3)),
            ("i,j,ij->", (2,), (3,), (2, 3)),
            ("bhqd,bhkd->bhqk", (2, 3, 4, 5), (2, 3, 6, 5)),
            ("ij->ji", (2, 3)),
            ("a...b,b->...a", (2, 3, 4), (4,)),
            ("ij,ij->ij", (2, 3), (2, 3)),
            ("i,j", (2,), (3,)),
            ("ij->", (2, 3)),
            ("ab, bc, cd -> ad", (2, 3), (3, 4), (4, 5)),
            ("...i,...i->...", (2, 1, 3), (4, 3)),
        )
    ),
    Case("einsum", "ij,jk->ik", ints(2, 3), ints(3, 4)),
    Case("einsum", "ij->i", ints(2, 3)),
    Case("einsum", "iij->j", drawn(3, 3, 2), by=(1,), but=("paddle",)),
    # fft
    *(
        Case(op, x, n=n, axis=a, norm=norm, tolerance=1e-5)
        for op, x in (
            ("fft.ifft", complexes(4, 5)),
            ("fft.rfft", drawn(4, 5)),
            ("fft.irfft", complexes(4, 5)),
            ("fft.hfft", complexes(4, 5)),
            ("fft.ihfft", drawn(4, 5)),
        )
        for n, a, norm in ((None, -1, "backward"), (4, 0, "ortho"), (3, -1, "forward"), (7, 1, "backward"))
    ),
    *(
        Case(op, x, tolerance=1e-5, **options)
        for op, x in (
            ("fft.fftn", complexes(3, 4, 5)),
            ("fft.ifftn", complexes(3, 4, 5)),
            ("fft.rfftn", drawn(3, 4, 5)),
            ("fft.irfftn", complexes(3, 4, 5)),
        )
        for options in (
            {},
            {"axes": (0, 2), "norm": "ortho"},
            {"s": (3, 6), "axes": (-1, 0), "norm": "forward"},
            {"axes": (1,)},
        )
    ),
    Case("fft.rfft", drawn(6), by=(0,)),
    # windows
    *(
        Case(
            "conv",
            drawn(2, 4, 7, 6),
            drawn(6, 4 // groups, 3, 2),
            drawn(6),
            groups=groups,
            by=(0, 1, 2),
            tolerance=1e-4,
            **options,
        )
        for groups in (1, 2)
        for options in (
            {},
            {"strides": 2, "padding": 1},
            {"dilation": (2, 1), "padding": "same"},
            {"padding": ((1, 0), (2, 1)), "input_dilation": 2},
        )
    ),
    Case("conv", drawn(2, 7, 3), drawn(3, 3, 4), data_format="channels_last", weight_format="*IO", tolerance=1e-4),
    *(
        Case("reduce_window", drawn(4, 6), init, reducer, (2, 3), **options)
        for init, reducer in ((0.0, "add"), (1.0, "mul"), (-inf, "max"), (inf, "min"), (2.0, "add"))
        for options in (
            {},
            {"strides": (1, 2), "padding": ((1, 0), (0, 2))},
            {"window_dilation": 2, "base_dilation": (1, 2)},
        )
    ),
]


def run(function, case, backend, compiled):
    """The function's result as NumPy; under jax.jit, with the arrays for its arguments, where that is asked."""
    if not compiled:
        return call(function, backend, *case.args, **case.kwargs)
    import jax

    places = [i for i, a in enumerate(case.args) if isinstance(a, np.ndarray)]

    def of_arrays(*arrays):
        args = to_native(list(case.args), backend)
        for i, a in zip(places, arrays, strict=True):
            args[i] = a
        return function(*args, **{k: to_native(v, backend) for k, v in case.kwargs.items()})

    return to_numpy(jax.jit(of_arrays)(*(to_native(case.args[i], backend) for i in places)), backend)


def on(backends, cases):
    """All pairs; those in which JAX compiles more than one call of an op are slow."""
    seen, found = set(), []
    for case in cases:
        for backend in backends:
            if backend in case.but:
                continue
            again = backend == "jax" and case.op in seen
            marks = [pytest.mark.slow] if again else []
            found.append(pytest.param(case, backend, id=f"{case}-{backend}", marks=marks))
        seen.add(case.op)
    return found


@pytest.mark.parametrize(("case", "backend"), on(BACKENDS, CASES))
def test_body_agrees_with_the_backends_own_function(case, backend):
    op = OPS[case.op]
    native = get_backend(backend).native(op)
    if native is None:
        pytest.skip("the body is what serves this backend")
    with np.errstate(all="ignore"):
        expected = run(native, case, backend, False)
        found = run(body_of(op.public, backend), case, backend, backend == "jax" and case.compiled)
    same(found, expected, backend, tolerance=case.tolerance, where=repr(case))


def differentiated(function, case, backend):
    def of_floats(*values):
        args = to_native(list(case.args), backend)
        for i, x in zip(case.by, values, strict=True):
            args[i] = x
        results = function(*args, **{k: to_native(v, backend) for k, v in case.kwargs.items()})
        results = results if isinstance(results, (list, tuple)) else [results]
        return [y for y in results if as_dtype(str(y.dtype).rpartition(".")[2]).is_inexact]

    _, found = outputs_and_gradients(backend, of_floats, [case.args[i] for i in case.by])
    return to_numpy(list(found), backend)


@pytest.mark.parametrize(
    ("case", "backend"), on([b for b in ("torch", "jax") if b in BACKENDS], [c for c in CASES if c.by])
)
def test_body_has_the_derivatives_of_the_backends_own_function(case, backend):
    op = OPS[case.op]
    native = get_backend(backend).native(op)
    if native is None:
        pytest.skip("the body is what serves this backend")
    expected = differentiated(native, case, backend)
    found = differentiated(body_of(op.public, backend), case, backend)
    same(found, expected, backend, tolerance=case.tolerance, where=f"derivatives of {case!r}")


@pytest.mark.parametrize("name", [name for name, op in OPS.items() if op.is_composite])
def test_body_has_the_declared_signature(name):
    op = OPS[name]
    assert [(p.name, p.kind, p.default) for p in inspect.signature(op.body).parameters.values()] == [
        (p.name, p.kind, p.default) for p in op.signature.parameters.values()
    ]


@contextmanager
def primitives_alone(name):
    """Take a backend's own composites from it, so that everything rests on its primitives."""
    backend = get_backend(name)
    native, functions, tables = backend.native, backend._functions, {n: dict(op.table) for n, op in OPS.items()}
    for op in OPS.values():
        op.table.clear()
    backend._functions = {}
    backend.native = lambda op: None if op.is_composite else native(op)
    try:
        yield
    finally:
        del backend.native
        backend._functions = functions
        for n, op in OPS.items():
            op.table.clear()
            op.table.update(tables[n])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's scalars warn where its arrays wrap
@pytest.mark.parametrize("case", CASES, ids=repr)
def test_primitives_suffice(case):
    with np.errstate(all="ignore"):
        expected = call(case.op, "numpy", *case.args, **case.kwargs)
        with primitives_alone("numpy"):
            found = call(case.op, "numpy", *case.args, **case.kwargs)
    same(found, expected, "numpy", tolerance=case.tolerance, where=repr(case))


def test_the_list_of_primitives():
    """A backend has to write these; think twice before it grows."""
    import ivy

    assert len(ivy.primitives()) <= 55
    assert {*ivy.primitives(), *ivy.composites()} == set(OPS)
    assert all(OPS[name].body is None for name in ivy.primitives())


# Random numbers: the default generator of the core, and the samplers


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_default_generator_repeats_and_moves_on():
    from ivy.functional import random

    with primitives_alone("numpy"), scope(get_backend("numpy")):
        random.seed(3)
        first = [random.random_uniform(shape=(4,)), random.random_normal(shape=(4,)), random.random_default_key()]
        assert not np.array_equal(random.random_uniform(shape=(4,)), first[0])
        random.seed(3)
        again = [random.random_uniform(shape=(4,)), random.random_normal(shape=(4,)), random.random_default_key()]
        drawn = random.random_int(-3, 9, shape=(2000,))
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert {drawn.min(), drawn.max()} == {-3, 8}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("backend", [b for b in BACKENDS if b != "jax"])
@pytest.mark.parametrize(
    ("op", "parameter", "variance"),
    [("gamma", 0.3, 0.3), ("gamma", 4.0, 4.0), ("poisson", 0.5, 0.5), ("poisson", 9.0, 9.0), ("poisson", 60.0, 60.0)],
)
def test_samplers_have_the_right_moments(op, parameter, variance, backend):
    drawn = call(body_of(OPS[op].public, backend), backend, f32(parameter), shape=(20000,), key=5)
    assert str(drawn.dtype) == ("float32" if op == "gamma" else "int32")
    assert abs(drawn.mean() - parameter) < 5 * math.sqrt(variance / 20000)
    assert abs(drawn.var() / variance - 1) < 0.1
    again = call(body_of(OPS[op].public, backend), backend, f32(parameter), shape=(20000,), key=5)
    np.testing.assert_array_equal(drawn, again)


# Callables


def test_control_flow_in_python():
    import ivy

    x = drawn(4, 3)
    calls = {
        "cond": lambda f: f(np.asarray(0.0), lambda a: a, lambda a: a * 2, x),
        "switch": lambda f: f(np.asarray(7), [lambda a: a, lambda a: a * 3], x),
        "while_loop": lambda f: f(lambda s: s[0] < 5, lambda s: (s[0] + 1, s[1] * 2), (np.asarray(1), x))[1],
        "scan": lambda f: f(lambda c, v: (c + v["a"], (c, v["a"] * 2)), x[0], {"a": x}, reverse=True)[1][0],
        "vmap_at": lambda f: f(lambda a, b, c: a * b + c, (0, 1, None), 1, (x, x.T.copy(), 2.0)),
    }
    with scope(get_backend("numpy")):
        for name, run_with in calls.items():
            expected = run_with(getattr(get_backend("numpy").module, name))
            np.testing.assert_allclose(run_with(body_of(OPS[name].public, "numpy")), expected, err_msg=name)
        body = body_of(ivy.scan, "numpy")
        assert body(lambda c, v: (c, v), x[0], x[:0])[1].shape == (0, 3)
        with pytest.raises(ValueError, match="one length"):
            body(lambda c, v: (c, v), x[0], x, length=2)


@pytest.mark.parametrize("backend", [b for b in ("torch", "jax", "tensorflow", "paddle") if b in BACKENDS])
def test_derivatives_from_vjp(backend):
    import ivy

    x, y = drawn(3), drawn(2, 3)
    native = to_native([x, y], backend)

    def loss(v):
        return ivy.sum(ivy.sin(v[0]) * v[1])

    def of(op, *args, **kwargs):
        own, body = getattr(get_backend(backend).module, op), body_of(OPS[op].public, backend)
        for found, expected in zip(*(optree.tree_leaves(f(*args, **kwargs)) for f in (body, own)), strict=True):
            same(to_numpy(found, backend), to_numpy(expected, backend), backend, where=op)

    of("value_and_grad_at", loss, native)
    of("value_and_grad_at", lambda v: (loss(v), v[0] * 2), native, has_aux=True)
    of("jacobian_at", lambda v: [ivy.sin(v[0]) * v[1], ivy.sum(v[0])], native)
    of("jvp", lambda a, b: (ivy.sin(a) * b, a * a), native, to_native([y[0], y * 3], backend))
