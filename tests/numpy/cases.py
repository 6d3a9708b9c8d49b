"""One call, or a few, of every NumPy function that is supported, on small inputs: ``path -> calls``.

A call is a function of the inputs that it names in its parameters: `x` float64 (3, 4), `y` float64 (3, 4) positive,
`v` float32 (4,), `w` float32 (5,), `i` int64 (3, 4), `j` int32 (4,), `b` bool (3, 4), `n` float64 (3, 4) with NaN,
`c` complex128 (3, 4), `m` float64 (3, 3) well-conditioned, `s` float64 (3, 3) symmetric positive definite,
`t` float64 (2, 3, 4), `u` uint8 (4,), `d` int64 (6,) small with repeats.
"""

from __future__ import annotations

import numpy as np

_rng = np.random.default_rng(0)
_m = _rng.normal(size=(3, 3)) + 3 * np.eye(3)
INPUTS = {
    "x": _rng.normal(size=(3, 4)),
    "y": _rng.uniform(0.1, 0.9, size=(3, 4)),
    "v": _rng.normal(size=4).astype("float32"),
    "w": _rng.normal(size=5).astype("float32"),
    "i": _rng.integers(1, 9, size=(3, 4)),
    "j": np.array([3, -1, 2, 7], "int32"),
    "b": _rng.normal(size=(3, 4)) > 0,
    "n": np.where(_rng.normal(size=(3, 4)) > 0.7, np.nan, _rng.normal(size=(3, 4))),
    "c": _rng.normal(size=(3, 4)) + 1j * _rng.normal(size=(3, 4)),
    "m": _m,
    "s": _m @ _m.T,
    "t": _rng.normal(size=(2, 3, 4)),
    "u": np.array([3, 200, 7, 0], "uint8"),
    "d": np.array([3, 1, 3, 0, 2, 1]),
}

_UNARY = {
    "arccos arcsin arctanh cbrt ceil cos cosh deg2rad rad2deg exp exp2 expm1 fabs floor log log10 log1p log2 reciprocal "
    "rint sin sinh sqrt square tan tanh trunc arctan arcsinh absolute negative positive sign signbit spacing_ isfinite "
    "isnan isinf conjugate abs acos asin atan asinh atanh degrees radians conj": "y",
    "arccosh acosh": "1+y",
    "invert bitwise_count bitwise_not bitwise_invert": "i",
    "logical_not": "b",
}
_BINARY = {
    "add subtract multiply divide true_divide floor_divide remainder mod fmod arctan2 atan2 copysign hypot logaddexp "
    "logaddexp2 maximum minimum fmax fmin heaviside equal not_equal less less_equal greater greater_equal float_power "
    "logical_and logical_or logical_xor nextafter": ("x", "y"),
    "power pow": ("y", "x"),
    "bitwise_and bitwise_or bitwise_xor gcd lcm": ("i", "j"),
    "left_shift right_shift bitwise_left_shift bitwise_right_shift": ("i", "2"),
}


def _lambda(names: str, body: str):
    return eval(f"lambda np, {names}: {body}" if names else f"lambda np: {body}")


CASES: dict[str, list] = {}


def case(path: str, *calls) -> None:
    """Add calls for a path; each is a lambda whose parameters, after `np`, name the inputs."""
    CASES.setdefault(path, []).extend(calls)


for _names, _input in _UNARY.items():
    for _name in _names.split():
        if not _name.endswith("_"):
            case(_name, _lambda(_input[-1], f"np.{_name}({_input})"))
for _names, (_a, _b) in _BINARY.items():
    for _name in _names.split():
        _inputs = ", ".join(z for z in (_a, _b) if z.isalpha())
        case(_name, _lambda(_inputs, f"np.{_name}({_a}, {_b})"))

# integers, mixed dtypes and Python scalars
for _name in ("sin", "sqrt", "exp", "floor", "rint", "square", "absolute", "sign", "negative", "reciprocal"):
    case(_name, _lambda("j", f"np.{_name}(j)"), _lambda("i", f"np.{_name}(i)"))
for _name in ("add", "subtract", "multiply", "divide", "floor_divide", "remainder", "maximum", "power", "less"):
    case(
        _name,
        _lambda("i, v", f"np.{_name}(np.abs(v), i)"),
        _lambda("j, v", f"np.{_name}(np.abs(v), np.abs(j))"),
        _lambda("v", f"np.{_name}(np.abs(v), 2)"),
        _lambda("j", f"np.{_name}(j, 2)"),
        _lambda("j", f"np.{_name}(j, 2.5)" if _name != "power" else "np.power(np.abs(j), 2.5)"),
        _lambda("u", f"np.{_name}(u, 3)" if _name != "power" else "np.power(u, 1)"),
        _lambda("u, j", f"np.{_name}(u, np.abs(j))" if _name != "power" else "np.power(u, np.abs(j) // 4)"),
    )
case("add", lambda np, b: np.add(b, b), lambda np, b, x: b + x, lambda np, x: np.add(x, 1, where=x > 0, out=x * 2))
case("multiply", lambda np, b: b * b, lambda np, c, x: c * x, lambda np, x: np.multiply(x, x, dtype="float32"))
case("maximum", lambda np, b, i: np.maximum(b, i > 4))
case("divide", lambda np, i, j: i / j, lambda np, u: u / u[0])

case("divmod", lambda np, x, y: np.divmod(x, y), lambda np, i: divmod(i, 3))
case("modf", lambda np, x: np.modf(x))
case("frexp", lambda np, x: np.frexp(x))
case("ldexp", lambda np, x, j: np.ldexp(x, j))
case("matmul", lambda np, x, m: m @ x, lambda np, t, v: t @ v, lambda np, x: np.matmul(x, x.T), lambda np, v: v @ v)
case("vecdot", lambda np, x, y: np.vecdot(x, y))
case("matvec", lambda np, t, v: np.matvec(t, v))
case("vecmat", lambda np, m, x: np.vecmat(m[0], x))

# -- reductions -------------------------------------------------------------------------------------------------------
for _name in ("sum", "prod", "mean", "std", "var", "max", "min", "amax", "amin", "ptp", "median"):
    case(
        _name,
        _lambda("x", f"np.{_name}(x)"),
        _lambda("x", f"np.{_name}(x, axis=0)"),
        _lambda("t", f"np.{_name}(t, axis=(0, 2), keepdims=True)"),
        _lambda("v", f"np.{_name}(v)"),
        _lambda("j", f"np.{_name}(j)"),
        _lambda("i", f"np.{_name}(i, -1)"),
    )
for _name in ("sum", "prod"):
    case(
        _name,
        _lambda("b", f"np.{_name}(b, axis=1)"),
        _lambda("u", f"np.{_name}(u)"),
        _lambda("x, b", f"np.{_name}(x, where=b, initial=2.0)"),
        _lambda("v", f"np.{_name}(v, dtype='float64')"),
    )
case("mean", lambda np, x, b: np.mean(x, where=b), lambda np, b: b.mean(), lambda np, x: x.mean(0))
case("var", lambda np, x: np.var(x, 1, ddof=1), lambda np, c: np.var(c), lambda np, x: np.var(x, correction=1))
case("std", lambda np, x: x.std(ddof=1), lambda np, x, b: np.std(x, where=b))
case("max", lambda np, x, b: np.max(x, axis=1, initial=0.5, where=b), lambda np, x: np.max(x, initial=9))
for _name in ("all", "any"):
    case(_name, _lambda("b", f"np.{_name}(b, axis=0)"), _lambda("x", f"np.{_name}(x)"), _lambda("b", f"b.{_name}()"))
for _name in ("argmax", "argmin"):
    case(_name, _lambda("x", f"np.{_name}(x)"), _lambda("x", f"np.{_name}(x, axis=1, keepdims=True)"))
for _name in ("cumsum", "cumprod"):
    case(_name, _lambda("x", f"np.{_name}(x)"), _lambda("x", f"x.{_name}(axis=1)"), _lambda("j", f"np.{_name}(j)"))
for _name in ("cumulative_sum", "cumulative_prod"):
    case(_name, _lambda("x", f"np.{_name}(x, axis=0)"), _lambda("j", f"np.{_name}(j, include_initial=True)"))
for _name in ("nansum", "nanprod", "nanmean", "nanvar", "nanstd", "nanmax", "nanmin", "nancumsum", "nancumprod"):
    case(_name, _lambda("n", f"np.{_name}(n)"), _lambda("n", f"np.{_name}(n, axis=0)"))
for _name in ("nanargmax", "nanargmin"):
    case(_name, _lambda("n", f"np.{_name}(n)"))
case("count_nonzero", lambda np, b: np.count_nonzero(b, axis=1), lambda np, i: np.count_nonzero(i > 3))
case("quantile", lambda np, x: np.quantile(x, 0.3), lambda np, x: np.quantile(x, [0.2, 0.7], axis=1))
case("percentile", lambda np, x: np.percentile(x, 30), lambda np, x: np.percentile(x, [20, 70], axis=0, keepdims=True))
case("average", lambda np, x: np.average(x), lambda np, x, v: np.average(x, axis=1, weights=v * v))
case("diff", lambda np, x: np.diff(x), lambda np, x: np.diff(x, n=2, axis=0), lambda np, x: np.diff(x, prepend=0.0))
case("ediff1d", lambda np, x: np.ediff1d(x))
case("trace", lambda np, m: np.trace(m), lambda np, t: t.trace(offset=1, axis1=1, axis2=2))
case("gradient", lambda np, x: np.gradient(x, axis=1), lambda np, v: np.gradient(v, 0.5))
case("trapezoid", lambda np, x: np.trapezoid(x, dx=0.5), lambda np, x, v: np.trapezoid(x, x=np.cumsum(v * v)))
case("cov", lambda np, x: np.cov(x), lambda np, v: np.cov(v, rowvar=True, ddof=0))
case("corrcoef", lambda np, x: np.corrcoef(x))

# -- shapes -----------------------------------------------------------------------------------------------------------
case(
    "reshape",
    lambda np, x: np.reshape(x, (2, 6)),
    lambda np, x: x.reshape(4, -1),
    lambda np, x: x.reshape(-1, order="F"),
)
case("ravel", lambda np, x: x.ravel(), lambda np, x: np.ravel(x, order="F"))
case("transpose", lambda np, t: np.transpose(t, (2, 0, 1)), lambda np, t: t.T, lambda np, t: t.transpose(1, 0, 2))
case("permute_dims", lambda np, t: np.permute_dims(t, (2, 0, 1)))
case("matrix_transpose", lambda np, t: np.matrix_transpose(t), lambda np, t: t.mT)
case("swapaxes", lambda np, t: np.swapaxes(t, 0, -1))
case("moveaxis", lambda np, t: np.moveaxis(t, 0, -1), lambda np, t: np.moveaxis(t, (0, 1), (2, 0)))
case("rollaxis", lambda np, t: np.rollaxis(t, 2), lambda np, t: np.rollaxis(t, 0, 3))
case("expand_dims", lambda np, x: np.expand_dims(x, (0, -1)))
case("squeeze", lambda np, x: np.squeeze(x[:1]), lambda np, x: x[None].squeeze(0))
case("broadcast_to", lambda np, v: np.broadcast_to(v, (3, 4)))
case("broadcast_arrays", lambda np, x, v: np.broadcast_arrays(x, v))
case("atleast_1d", lambda np, x: np.atleast_1d(x[0, 0], x))
case("atleast_2d", lambda np, v: np.atleast_2d(v))
case("atleast_3d", lambda np, x, v: np.atleast_3d(x, v))
case("diagonal", lambda np, m: np.diagonal(m, 1), lambda np, t: t.diagonal(0, 1, 2))
case("diag", lambda np, m: np.diag(m), lambda np, v: np.diag(v, 1))
case("diagflat", lambda np, x: np.diagflat(x))
for _name in ("flip", "fliplr", "flipud", "rot90"):
    case(_name, _lambda("x", f"np.{_name}(x)"))
case("flip", lambda np, t: np.flip(t, (0, 2)))
case("rot90", lambda np, t: np.rot90(t, 3, (1, 2)), lambda np, x: np.rot90(x, 2))
case("roll", lambda np, x: np.roll(x, 2), lambda np, x: np.roll(x, (1, 2), (0, 1)), lambda np, x: np.roll(x, 1, 1))
for _name in ("concatenate", "concat"):
    case(_name, _lambda("x, i", f"np.{_name}([x, i])"), _lambda("x, y", f"np.{_name}((x, y), axis=None)"))
case("stack", lambda np, x, y: np.stack([x, y], axis=1))
case("vstack", lambda np, v, j: np.vstack([v, j]))
case("hstack", lambda np, v, w: np.hstack([v, w]), lambda np, x, y: np.hstack((x, y)))
case("dstack", lambda np, x, y: np.dstack([x, y]))
case("column_stack", lambda np, v, j: np.column_stack([v, j]))
case("append", lambda np, x, v: np.append(x, v), lambda np, x, y: np.append(x, y, axis=0))
case("block", lambda np, m, x: np.block([[m, x], [m * 2, x]]))
case("split", lambda np, x: np.split(x, 2, axis=1), lambda np, x: np.split(x, [1, 3], axis=1))
case("array_split", lambda np, w: np.array_split(w, 3))
case("hsplit", lambda np, x: np.hsplit(x, 2))
case("vsplit", lambda np, x: np.vsplit(x, 3))
case("dsplit", lambda np, t: np.dsplit(t, 2))
case("unstack", lambda np, x: np.unstack(x, axis=1))
case("tile", lambda np, x: np.tile(x, (2, 1)), lambda np, v: np.tile(v, 3))
case(
    "repeat", lambda np, x: np.repeat(x, 2), lambda np, x: x.repeat(2, axis=0), lambda np, x: np.repeat(x, [1, 0, 2], 0)
)
case(
    "pad",
    lambda np, x: np.pad(x, 1),
    lambda np, x: np.pad(x, ((1, 0), (2, 1)), mode="reflect"),
    lambda np, x: np.pad(x, 1, constant_values=((1, 2), (3, 4))),
    lambda np, x: np.pad(x, (0, 2), mode="edge"),
)
case("resize", lambda np, x: np.resize(x, (5, 5)))
case("tril", lambda np, x: np.tril(x, -1))
case("triu", lambda np, x: np.triu(x, 1))
case("meshgrid", lambda np, v, w: np.meshgrid(v, w), lambda np, v, w: np.meshgrid(v, w, indexing="ij", sparse=True))
case("ix_", lambda np, x: x[np.ix_([0, 2], [1, 3])])
case("real", lambda np, c: np.real(c), lambda np, x: x.real)
case("imag", lambda np, c: c.imag, lambda np, x: np.imag(x))
case("angle", lambda np, c: np.angle(c), lambda np, c: np.angle(c, deg=True))
case("copy", lambda np, x: np.copy(x), lambda np, x: x.copy())
case("astype", lambda np, x: np.astype(x, np.float32), lambda np, x: x.astype(int), lambda np, x: x.astype("f4"))
case("delete", lambda np, x: np.delete(x, 1, axis=1), lambda np, v: np.delete(v, [0, 2]))
case("insert", lambda np, v: np.insert(v, 1, 9.0), lambda np, x: np.insert(x, 1, 5.0, axis=1))
case("trim_zeros", lambda np, d: np.trim_zeros(d * (d > 1)))
case("lib.stride_tricks.sliding_window_view", lambda np, w: np.lib.stride_tricks.sliding_window_view(w, 3))

# -- making arrays ----------------------------------------------------------------------------------------------------
for _name in ("zeros_like", "ones_like"):
    case(_name, _lambda("x", f"np.{_name}(x) + x"), _lambda("i", f"np.{_name}(i, dtype='float32')"))
case("empty_like", lambda np, x: np.empty_like(x) * 0)
case(
    "full_like",
    lambda np, x: np.full_like(x, 3),
    lambda np, i: np.full_like(i, 2.7),
    lambda np, x: np.full_like(x, x[0, 0]),
)
for _name in ("zeros", "ones", "empty"):
    case(_name, _lambda("x", f"np.{_name}((3, 4)) * 0 + x"), _lambda("x", f"np.{_name}(4, np.float32) * 0 + x"))
case("full", lambda np, x: np.full((2, 2), 7) + x[0, 0], lambda np, x: np.full((2, 4), x[0]))
case("eye", lambda np, m: np.eye(3) @ m, lambda np, m: np.eye(3, k=1) + m)
case("identity", lambda np, m: np.identity(3) + m)
case("tri", lambda np, m: np.tri(3) * m)
case("arange", lambda np, v: np.arange(4) * v, lambda np, v: np.arange(1.0, 3.0, 0.5) + v)
case("linspace", lambda np, x: np.linspace(x[0, 0], 2, 5), lambda np, x: np.linspace(x[0], x[1], 3, endpoint=False))
case("linspace", lambda np, v: np.linspace(0, 1, 4) + v)
case("logspace", lambda np, v: np.logspace(0, v[0], 4))
case("geomspace", lambda np, y: np.geomspace(1.0, y[0, 0], 4))
case("vander", lambda np, v: np.vander(v), lambda np, v: np.vander(v, 3, increasing=True))
case(
    "array",
    lambda np, v: np.array([v, v * 2]),
    lambda np, v: np.array([[v[0], 1.0], [2, v[1]]]),
    lambda np, v: np.array(v),
)
case(
    "asarray",
    lambda np, v: np.asarray(v),
    lambda np, v: np.asarray([v[0], v[1]]),
    lambda np, v: np.asarray(v, dtype=float),
)
for _name in ("asanyarray", "ascontiguousarray", "asfortranarray", "asarray_chkfinite", "require"):
    case(_name, _lambda("x", f"np.{_name}(x.T) * 2"))
case("fromfunction", lambda np, x: np.fromfunction(lambda i, k: i + k, (3, 4)) + x)
for _name in ("bartlett", "blackman", "hamming", "hanning"):
    case(_name, _lambda("v", f"np.{_name}(4) * v"))
case("kaiser", lambda np, v: np.kaiser(4, 2.0) * v)
case("diag_indices", lambda np, m: m[np.diag_indices(3)])
case("diag_indices_from", lambda np, m: m[np.diag_indices_from(m)])
case("tril_indices", lambda np, m: m[np.tril_indices(3)])
case("triu_indices", lambda np, m: m[np.triu_indices(3, 1)])
case("tril_indices_from", lambda np, m: m[np.tril_indices_from(m)])
case("triu_indices_from", lambda np, m: m[np.triu_indices_from(m, 1)])
case("mask_indices", lambda np, m: m[np.mask_indices(3, np.triu)])
case("indices", lambda np, x: np.indices((3, 4))[0] * x)

# -- picking and putting ----------------------------------------------------------------------------------------------
case(
    "take", lambda np, x: np.take(x, [0, 5]), lambda np, x, d: np.take(x, d, axis=1), lambda np, x: x.take([-1], axis=0)
)
case("take", lambda np, x: np.take(x, [9], axis=0, mode="clip"), lambda np, x: np.take(x, [-7], axis=1, mode="wrap"))
case("take_along_axis", lambda np, x: np.take_along_axis(x, np.argsort(x, 1), 1))
case("nonzero", lambda np, b: np.nonzero(b), lambda np, b: b.nonzero())
case("flatnonzero", lambda np, b: np.flatnonzero(b))
case("argwhere", lambda np, b: np.argwhere(b))
case(
    "compress", lambda np, x: np.compress([True, False, True], x, axis=0), lambda np, x, b: x.compress(b[:, 0], axis=0)
)
case("extract", lambda np, x: np.extract(x > 0, x))
case("where", lambda np, x: np.where(x > 0, x, 0), lambda np, b, i, x: np.where(b, i, x), lambda np, b: np.where(b))
case("select", lambda np, x: np.select([x > 1, x > 0], [x, x * 2], -1.0))
case("choose", lambda np, d: np.choose(d, [d, d * 10, d * 100, d * 1000]))
case("piecewise", lambda np, x: np.piecewise(x, [x < 0, x >= 0], [lambda z: -z, lambda z: z * 2]))
case("unravel_index", lambda np, d: np.unravel_index(d, (2, 3)))
case("ravel_multi_index", lambda np, d: np.ravel_multi_index((d // 2, d % 2), (4, 2)))
case(
    "apply_along_axis",
    lambda np, x: np.apply_along_axis(np.sort, 1, x),
    lambda np, x: np.apply_along_axis(np.sum, 0, x),
)
case("apply_over_axes", lambda np, t: np.apply_over_axes(np.sum, t, [0, 2]))


def _copyto(np, x, y):
    out = np.zeros_like(x)
    np.copyto(out, y, where=x > 0)
    return out


def _put(np, x):
    out = x.copy()
    np.put(out, [0, -1], [7, 8])
    out.put([1], 3)
    return out


def _place(np, x):
    out = x.copy()
    np.place(out, x > 0, [1.0, 2.0, 3.0])
    return out


def _putmask(np, x):
    out = x.copy()
    np.putmask(out, x > 0, x * 10)
    return out


def _fill_diagonal(np, m):
    out = m.copy()
    np.fill_diagonal(out, 5)
    return out


def _put_along_axis(np, x):
    out = x.copy()
    np.put_along_axis(out, np.argmax(x, axis=1, keepdims=True), 99, axis=1)
    return out


case("copyto", _copyto)
case("put", _put)
case("place", _place)
case("putmask", _putmask)
case("fill_diagonal", _fill_diagonal)
case("put_along_axis", _put_along_axis)

# -- sorting, counting, sets ------------------------------------------------------------------------------------------
case(
    "sort",
    lambda np, x: np.sort(x),
    lambda np, x: np.sort(x, axis=None),
    lambda np, i: np.sort(i, 0),
    lambda np, b: np.sort(b),
)
case("argsort", lambda np, x: np.argsort(x), lambda np, d: np.argsort(d, kind="stable"))
case("partition", lambda np, w: np.partition(w, 2)[2])
case("argpartition", lambda np, w: w[np.argpartition(w, 2)][2])
case("lexsort", lambda np, d: np.lexsort((np.arange(6), d)), lambda np, d, i: np.lexsort((i[0], i[1])))
case("sort_complex", lambda np, x: np.sort_complex(x[0]))
case(
    "searchsorted", lambda np, v, x: np.searchsorted(np.sort(v), x), lambda np, v: np.sort(v).searchsorted(0.1, "right")
)
case("digitize", lambda np, x: np.digitize(x, [-1, 0, 1]), lambda np, x: np.digitize(x, [1, 0, -1], right=True))
case("bincount", lambda np, d: np.bincount(d), lambda np, d: np.bincount(d, weights=d * 0.5, minlength=6))
case("histogram", lambda np, x: np.histogram(x, bins=4), lambda np, x: np.histogram(x, [-1, 0, 2], density=True))
case("histogram_bin_edges", lambda np, x: np.histogram_bin_edges(x, 3))
case(
    "unique",
    lambda np, d: np.unique(d),
    lambda np, d: np.unique(d, True, True, True),
    lambda np, i: np.unique(i, return_counts=True),
)
case("unique_values", lambda np, d: np.sort(np.unique_values(d)))
case("unique_counts", lambda np, d: np.unique_counts(d))
case("unique_inverse", lambda np, d: np.unique_inverse(d))
case("unique_all", lambda np, d: np.unique_all(d))
case("isin", lambda np, d: np.isin(d, [1, 2]), lambda np, d: np.isin(d, [1, 2], invert=True))
case("intersect1d", lambda np, d: np.intersect1d(d, np.array([1, 3, 5])))
case("union1d", lambda np, d: np.union1d(d, np.array([1, 9])))
case("setdiff1d", lambda np, d: np.setdiff1d(d, np.array([1, 9])))
case("setxor1d", lambda np, d: np.setxor1d(d, np.array([1, 9])))

# -- rounding, comparing, the rest of mathematics ---------------------------------------------------------------------
case(
    "clip",
    lambda np, x: np.clip(x, -0.5, 0.5),
    lambda np, x: x.clip(0),
    lambda np, j: np.clip(j, None, 2),
    lambda np, x, y: np.clip(x, -y, y),
)
for _name in ("round", "around"):
    case(
        _name,
        _lambda("x", f"np.{_name}(x, 2)"),
        _lambda("i", f"np.{_name}(i)"),
        _lambda("x", f"np.{_name}(x * 30, -1)"),
    )
case("fix", lambda np, x: np.fix(x * 3))
case("nan_to_num", lambda np, n: np.nan_to_num(n, nan=3.0))
case("isclose", lambda np, x: np.isclose(x, x + 1e-9), lambda np, n: np.isclose(n, n, equal_nan=True))
case("allclose", lambda np, x: x * (2 if np.allclose(x, x) else 3))
case("array_equal", lambda np, x, y: x * (2 if np.array_equal(x, y) else 3))
case("array_equiv", lambda np, x, v: x * (2 if np.array_equiv(x, v) else 3))
case("isreal", lambda np, c: np.isreal(c), lambda np, x: np.isreal(x))
case("iscomplex", lambda np, c: np.iscomplex(c))
case("isposinf", lambda np, x: np.isposinf(x))
case("isneginf", lambda np, x: np.isneginf(x))
case("sinc", lambda np, x: np.sinc(x))
case("i0", lambda np, x: np.i0(x))
case(
    "interp",
    lambda np, x, v: np.interp(x, np.array([-1.0, 0.0, 2.0]), np.array([3.0, 1.0, 4.0])),
    lambda np, x: np.interp(x, [-1, 0], [3, 1], left=-5),
)
case("unwrap", lambda np, x: np.unwrap(x * 4))
case("real_if_close", lambda np, c: np.real_if_close(c))
case("polyval", lambda np, v, x: np.polyval(v, x))
case("polyadd", lambda np, v, w: np.polyadd(v, w))
case("polysub", lambda np, v, w: np.polysub(v, w))
case("polymul", lambda np, v, w: np.polymul(v, w))
case("polyder", lambda np, v: np.polyder(v))
case("polyint", lambda np, v: np.polyint(v))
case("polyfit", lambda np, v: np.polyfit(np.arange(4.0), v.astype(float), 2))
case("poly", lambda np, v: np.poly(v))
case(
    "dot",
    lambda np, x, m: np.dot(m, x),
    lambda np, v: np.dot(v, v),
    lambda np, t, x: np.dot(t, x.T),
    lambda np, x: x.dot(2.0),
)
case("inner", lambda np, x, v: np.inner(x, v), lambda np, t, x: np.inner(t, x))
case("outer", lambda np, v, w: np.outer(v, w))
case("vdot", lambda np, c: np.vdot(c, c))
case("tensordot", lambda np, t, x: np.tensordot(t, x, axes=([1, 2], [0, 1])), lambda np, t, x: np.tensordot(t, x.T, 1))
case("kron", lambda np, v, w: np.kron(v, w), lambda np, m, x: np.kron(m, x))
case("cross", lambda np, m: np.cross(m, m[::-1]), lambda np, x: np.cross(x, x * 2 + 1, axis=0))
case(
    "einsum",
    lambda np, x, m: np.einsum("ij,ki->kj", x, m),
    lambda np, x: np.einsum(x, [0, 1], [1, 0]),
    lambda np, m: np.einsum("ii", m),
)
case(
    "convolve",
    lambda np, v, w: np.convolve(v, w),
    lambda np, v, w: np.convolve(w, v, "same"),
    lambda np, v, w: np.convolve(v, w, "valid"),
)
case(
    "correlate",
    lambda np, v, w: np.correlate(w, v),
    lambda np, v, w: np.correlate(v, w, "full"),
    lambda np, v, w: np.correlate(v, w, "same"),
)

# -- methods of ufuncs ------------------------------------------------------------------------------------------------


def _at(np, d, x):
    out = np.zeros(4)
    np.add.at(out, d, 2.0)
    np.maximum.at(out, [0], 5.0)
    return out


case("add.reduce", lambda np, x: np.add.reduce(x), lambda np, x: np.add.reduce(x, axis=None))
case("multiply.reduce", lambda np, x: np.multiply.reduce(x, axis=1))
case("maximum.reduce", lambda np, x: np.maximum.reduce(x), lambda np, x, y: np.maximum.reduce([x, y]))
case("minimum.reduce", lambda np, x: np.minimum.reduce(x, axis=(0, 1)))
case("logical_and.reduce", lambda np, b: np.logical_and.reduce(b))
case("logical_or.reduce", lambda np, b: np.logical_or.reduce(b, axis=1))
case("bitwise_or.reduce", lambda np, i: np.bitwise_or.reduce(i))
case("subtract.outer", lambda np, v, w: np.subtract.outer(v, w))
case("add.accumulate", lambda np, x: np.add.accumulate(x, axis=1))
case("multiply.accumulate", lambda np, x: np.multiply.accumulate(x))
case("maximum.accumulate", lambda np, x: np.maximum.accumulate(x, axis=1))
case("minimum.accumulate", lambda np, x: np.minimum.accumulate(x))
case("add.at", _at)


def _restored(u, s, vh, symmetric=False):
    return (u * s) @ (vh.T if symmetric else vh)


# -- linear algebra ---------------------------------------------------------------------------------------------------
for _name in ("det", "slogdet", "inv", "pinv", "matrix_rank", "cond", "svdvals", "matrix_norm"):
    case(f"linalg.{_name}", _lambda("m", f"np.linalg.{_name}(m)"))
for _name in ("cholesky", "eigvalsh", "eigvals"):
    case(f"linalg.{_name}", _lambda("s", f"np.sort(np.linalg.{_name}(s).real, axis=-1)"))
case("linalg.solve", lambda np, m, x: np.linalg.solve(m, x))
case("linalg.qr", lambda np, x: np.matmul(*np.linalg.qr(x)), lambda np, x: abs(np.linalg.qr(x, "r")))
case(
    "linalg.svd",
    lambda np, x: np.linalg.svd(x, compute_uv=False),
    lambda np, x: _restored(*np.linalg.svd(x, full_matrices=False)),
)
case("linalg.eigh", lambda np, s: _restored(np.linalg.eigh(s).eigenvectors, *np.linalg.eigh(s), True))
case("linalg.eig", lambda np, s: np.sort(np.linalg.eig(s)[0].real))
case("linalg.lstsq", lambda np, x: np.linalg.lstsq(x.T, np.arange(4.0), rcond=None))
case(
    "linalg.norm",
    lambda np, x: np.linalg.norm(x),
    lambda np, x: np.linalg.norm(x, axis=1),
    lambda np, m: np.linalg.norm(m, 2),
    lambda np, v: np.linalg.norm(v, 1),
)
case(
    "linalg.norm",
    lambda np, x: np.linalg.norm(x, np.inf),
    lambda np, t: np.linalg.norm(t, "fro", axis=(1, 2), keepdims=True),
    lambda np, x: np.linalg.norm(x, "nuc"),
)
case(
    "linalg.vector_norm", lambda np, x: np.linalg.vector_norm(x), lambda np, x: np.linalg.vector_norm(x, axis=0, ord=3)
)
case("linalg.matrix_power", lambda np, m: np.linalg.matrix_power(m, 3), lambda np, m: np.linalg.matrix_power(m, -2))
case("linalg.multi_dot", lambda np, m, x: np.linalg.multi_dot([m, x, x.T]))
case("linalg.tensorinv", lambda np, s: np.linalg.tensorinv(s, ind=1))
case("linalg.tensorsolve", lambda np, m: np.linalg.tensorsolve(m, np.arange(3.0)))
case("linalg.diagonal", lambda np, t: np.linalg.diagonal(t))
case("linalg.trace", lambda np, t: np.linalg.trace(t))
case("linalg.matrix_transpose", lambda np, t: np.linalg.matrix_transpose(t))
case("linalg.outer", lambda np, v, w: np.linalg.outer(v, w))
case("linalg.cross", lambda np, m: np.linalg.cross(m, m[::-1]))
case("linalg.tensordot", lambda np, t, x: np.linalg.tensordot(t, x, axes=([1, 2], [0, 1])))
case("linalg.matmul", lambda np, m, x: np.linalg.matmul(m, x))
case("linalg.vecdot", lambda np, x, y: np.linalg.vecdot(x, y))

# -- Fourier transforms -----------------------------------------------------------------------------------------------
for _name in ("fft", "ifft", "fft2", "ifft2", "fftn", "ifftn", "hfft", "irfft", "irfft2", "irfftn"):
    case(f"fft.{_name}", _lambda("c", f"np.fft.{_name}(c)"))
for _name in ("fft", "rfft", "rfft2", "rfftn", "ihfft"):
    case(f"fft.{_name}", _lambda("x", f"np.fft.{_name}(x)"), _lambda("t", f"np.fft.{_name}(t, norm='ortho')"))
case("fft.fft", lambda np, x: np.fft.fft(x, n=6, axis=0))
for _name in ("fftshift", "ifftshift"):
    case(f"fft.{_name}", _lambda("x", f"np.fft.{_name}(x)"), _lambda("x", f"np.fft.{_name}(x, axes=1)"))
case("fft.fftfreq", lambda np, v: np.fft.fftfreq(4) * v)
case("fft.rfftfreq", lambda np, v: np.fft.rfftfreq(6, d=0.5) * v)
