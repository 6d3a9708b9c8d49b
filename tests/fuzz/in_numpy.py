"""NumPy's API as templates."""

from __future__ import annotations

from .dialect import Dialect

UNARY = (
    "abs", "negative", "sign", "sqrt", "exp", "log1p", "sin", "cos", "tanh", "floor", "ceil", "rint", "trunc", "square", "positive",
    "logical_not", "isnan", "isfinite", "reciprocal", "expm1", "arctan", "conj", "invert", "signbit", "angle", "nan_to_num", "deg2rad",
    "arcsinh", "isinf", "isneginf", "cbrt", "exp2", "fabs", "i0", "sinc", "iscomplex", "isreal", "real", "imag", "copy", "fix",
)  # fmt: skip
BINARY = (
    "add", "subtract", "multiply", "divide", "floor_divide", "remainder", "fmod", "maximum", "minimum", "arctan2", "equal", "less",
    "logical_and", "logical_xor", "hypot", "bitwise_and", "bitwise_or", "copysign", "fmax", "fmin", "logaddexp", "heaviside", "gcd",
    "lcm", "isclose", "float_power", "power", "ldexp", "nextafter", "logical_or", "left_shift", "true_divide",
)  # fmt: skip

TEMPLATES = {
    "elementwise": (
        *(f"np.{n}({{x}})" for n in UNARY),
        *(f"np.{n}({{x}}, {{y}})" for n in BINARY),
        *(f"np.{n}({{x}}, {{s}})" for n in ("add", "multiply", "divide", "remainder", "fmod", "floor_divide", "equal", "power", "maximum", "bitwise_and")),
        *(f"{{x}} {o} {{y}}" for o in ("+", "-", "*", "/", "//", "%", "**", "==", "<", ">=", "!=", "&", "|", "^")),
        *(f"{{x}} {o} {{s}}" for o in ("+", "-", "*", "/", "//", "%", "**", "==", "<", ">=", "!=", "&", "|", "^", "<<", ">>")),
        *(f"{{s}} {o} {{x}}" for o in ("+", "-", "*", "/", "//", "%", "**", "<", "&", "|", "^")),
        "-{x}", "~{x}", "abs({x})", "+{x}", "np.clip({x}, {s}, {s})", "{x}.clip({s}, None)", "np.clip({x}, {y}, {y})", "np.where({o}, {y}, {y})", "np.where({x} != 0, {y}, {s})", "np.where({o}, {s}, {s})",
        "np.round({f}, 1)", "{x}.round({k})", "np.add({x}, {y}, dtype={d})", "np.multiply({x}, {y}, where={o}, out=np.zeros_like({x}))", "np.divmod({x}, {y})[1]", "2=np.divmod({x}, {p})", "2=np.modf({f})", "2=np.frexp({f})",
        "np.select([{o}, {o}], [{x}, {y}], {s})", "np.interp({r}, [0, 1, 2], [0.0, 3.0, -1.0])", "np.sqrt({x}, dtype=np.float64)", "{x}.real", "{x}.imag", "{x}.conj()", "np.isin({x}, {y})", "np.heaviside({f}, 0.5)", "np.polyval([1, 2, 3], {x})",
        "np.piecewise({f}, [{f} < 0, {f} >= 0], [-1, 1])", "np.equal({x}, {y}).astype({d})", "np.array_equal({x}, {y}) + {x}", "np.float32({k}) * {x}", "np.int64({k}) + {x}", "np.float64(0.1) * {x}", "np.array({s}) * {x}", "np.uint8(3) - {x}", "np.bool_(True) + {x}", "{x} * np.array([{s}])", "np.maximum({x}, {s})",
        "np.add.outer({x}, {y})", "np.multiply.accumulate({x})", "np.add.reduce({x}, axis={A})", "np.maximum.reduce({x}, axis={a}, keepdims={b})", "np.subtract.outer({x}, {y})", "np.add.reduceat({x}, [0])", "np.logical_and.reduce({x})", "np.negative({x}, out={x}.copy())", "np.cumsum({x}, axis={a}, dtype={d})",
        "np.unwrap({f})", "np.trapezoid({f}, axis={a})", "np.gradient({f}, axis={a})", "np.ediff1d({x})", "np.convolve({x}.ravel(), {y}.ravel())", "np.diff({x}, axis={a})", "np.diff({x}, n=2)", "np.cross({x}, {x})",
    ),
    "reduce": (
        *(f"{{x}}.{n}()" for n in ("sum", "mean", "max", "min", "prod", "any", "all", "argmax", "argmin", "std", "var", "cumsum")),
        *(f"{{x}}.{n}(axis={{a}})" for n in ("sum", "mean", "prod", "any", "all", "argmax", "argmin", "std", "var", "max", "min", "cumsum", "cumprod")),
        *(f"np.{n}({{x}}, axis={{A}}, keepdims={{b}})" for n in ("sum", "mean", "amax", "amin", "std", "var", "any", "all", "prod", "median", "nansum", "nanmean", "nanmax", "count_nonzero", "ptp", "nanstd", "argmax")),
        "{x}.sum(dtype={d})", "{x}.mean({a}, dtype={d})", "np.sum({x}, where={o})", "np.mean({x}, axis={a}, where={o})", "np.sum({x}, initial={s})", "np.max({x}, initial={s}, where={o})", "np.std({f}, ddof=1)", "np.var({x}, {a}, ddof=1)",
        "np.sort({x}, axis={a})", "np.argsort({x}, axis={a}, kind='stable')", "np.percentile({f}, 30, axis={a})", "np.quantile({x}, [0.2, 0.7])", "np.linalg.norm({f})", "np.linalg.norm({x}, axis={a}, keepdims={b})", "np.linalg.norm({f}, ord=1, axis={a})", "np.average({x}, axis={a})", "np.average({x}, weights={y})",
        "np.unique({x})", "2=np.unique({x}, return_counts=True)", "2=np.unique({x}, return_inverse=True)", "np.bincount({i})", "np.bincount({i}.ravel(), minlength=5)", "np.searchsorted(np.sort({x}.ravel()), {y})", "np.digitize({f}, [-1.0, 0.0, 2.0])", "np.histogram({f}, 4, (-2, 2))[0]", "np.cov({f})", "np.corrcoef({f})", "np.nancumsum({x}, axis={a})", "np.cumprod({x}, axis={a})", "np.nanmedian({f})", "np.nanargmax({f})",
        "np.allclose({x}, {y})", "np.count_nonzero({x})", "np.lexsort(({x}, {x}))", "np.linalg.norm({q})", "np.median({x})", "np.cumulative_sum({x}, axis={a}, include_initial={b})",
    ),
    "shape": (
        "{x}.reshape({shape})", "np.transpose({x}, {perm})", "np.flip({x}, {a})", "np.flip({x})", "np.roll({x}, {k}, {a})", "np.roll({x}, {k})", "np.stack(({x}, {y}), {a})", "np.stack([{x}, {x}], -1)", "np.concatenate(({x}, {y}), {a})", "np.concatenate([{x}, {x}], axis={a})", "np.concatenate(({x}, {y}), axis=None)", "2=np.split({x}, 2, {a})", "np.array_split({x}, 3, {a})[{k}]", "np.tile({x}, {reps})", "np.repeat({x}, {p}, axis={a})", "np.repeat({x}, 2)", "np.tril({x})", "np.triu({x}, {k})", "np.diag({x})", "np.diagflat({x})", "np.rot90({x})", "np.atleast_2d({x})", "{x}.flatten()", "{x}.copy()", "np.pad({x}, {pads})", "np.pad({x}, 1, mode='edge')", "np.pad({x}, {pads}, constant_values={s})", "np.pad({x}, 1, mode='wrap')", "np.pad({x}, 1, 'reflect')",
        "np.meshgrid({x}, {y})[0]", "np.meshgrid({x}, {y}, indexing='ij')[1]", "np.zeros_like({x})", "np.ones_like({x}, dtype={d})", "np.full_like({x}, {s})", "np.full({sizes}, {s})", "np.full({sizes}, {s}, dtype={d})", "np.arange({p})", "np.arange(0.0, {p}, 0.5)", "np.zeros({sizes}, dtype={d})", "np.linspace(0, 1, {p})", "np.eye({p})", "np.array({s})", "np.array([{s}, {s}])", "np.kron({x}, {y})", "np.hstack(({x}, {y}))", "np.vstack(({x}, {y}))", "np.column_stack(({x}, {y}))", "np.dstack(({x}, {y}))", "np.append({x}, {y})", "np.append({x}, {y}, axis={a})", "np.insert({x}, 0, {s}, axis={a})", "np.delete({x}, 0, axis={a})", "np.block([[{x}, {y}]])", "np.fliplr({x})", "np.moveaxis({x}, 0, -1)", "np.array([{x}, {y}])", "np.asarray({x}, dtype={d})", "np.ix_([0, 1], [0])[0]", "np.indices((2, 3))[1]", "np.identity({p}, dtype={d})", "np.vander({x})", "np.resize({x}, {sizes})", "np.trim_zeros({x})", "np.array({x}, ndmin=3)", "np.ascontiguousarray({x})", "np.empty_like({x}) * 0 + 1", "np.tri(3, 2)", "np.r_[{x}, {y}]", "np.c_[{x}, {y}]", "np.unstack({x})[0]",
    ),
    "cast": ("{x}.astype({d})", "{x}.astype({y}.dtype)", "{x} * np.array({s})", "np.float32({x})", "{x}.astype(float)", "{x}.astype(int)", "{x}.astype(bool)", "np.asarray({x}, {d})", "{x}.astype('f4')", "np.array({x}, dtype={d})", "{x}.view(np.int32)", "np.result_type({x}, {y}) == {x}.dtype", "{x}.astype({d}, copy=False)", "np.can_cast({x}.dtype, {y}.dtype)", "{x}.astype(complex)"),
    "product": (
        "{q} @ {q}.swapaxes(-1, -2)", "np.matmul({x}, {y})", "{f} @ {g}.reshape(-1)[:{f}.shape[-1]]", "np.einsum('...i,...i->...', {x}, {x})", "np.einsum('ij,kj->ik', {q}, {q})", "np.einsum('ij->ji', {q})", "np.einsum('i...,i...->...', {x}, {y})", "np.tensordot({x}, {x}, axes=1)", "np.outer({x}, {y})", "np.dot({x}, {y})", "{x}.dot({y})", "np.vdot({x}, {x})", "np.inner({x}, {x})", "np.trace({q})", "np.linalg.det({q})", "np.linalg.matrix_power({q}, 2)", "np.einsum('ii->i', {q})", "np.einsum('ij,j->i', {q}, {y})", "np.einsum('a...,b...->ab...', {x}, {x})", "np.linalg.multi_dot([{q}, {q}.T])", "np.vecdot({x}, {y})", "np.linalg.matrix_transpose({x})", "np.einsum('ij', {q})", "np.kron({q}, {x})",
    ),
    "gather": (
        "np.take({x}, {ints}, axis={a})", "np.take({x}, [0, -1])", "np.take_along_axis({x}, np.argsort({x}, {a}, kind='stable'), -1)", "np.choose({i} % 2, [{y}, {y}])", "np.compress([True, False], {x}, axis={a})", "np.extract({o}, {x})", "np.nonzero({x})[0]", "np.argwhere({x})", "np.flatnonzero({x})", "{x}.take([0], mode='wrap')", "np.squeeze({x})", "np.where({x})[0]", "np.diagonal({x})", "np.ravel({x})", "np.lib.stride_tricks.sliding_window_view({x}, 2, {a})", "{x}.item(0) + {y}", "np.take({x}, {j})", "np.take({x}, {j}, mode='clip')", "np.apply_along_axis(np.sum, {a}, {x})", "np.broadcast_to({x}, {grown}) + 1", "np.unravel_index({i}, (9, 9))[0]", "np.ravel_multi_index(([1], [0]), (2, 2)) + {x}",
    ),
    "index": ("{x}[{idx}]", "{x}[{idx}]", "{x}[{idx}]", "{x}[{basic}]", "{x}.flat[0] + {x}", "{x}[np.ix_([0], [0])]", "{x}[{x}.argmax()]", "{x}[{x} == {x}.max()]", "{x}[np.newaxis, ..., 0]"),
    "write": (
        "!{x}[{widx}] = {s}", "!{x}[{widx}] = {y}", "!{x}[{widx}] = {v}", "!{x}[{widx}] = {v}", "!{x}[{widx}] += {s}", "!{x}[{widx}] *= {y}", "!{x}[{widx}] -= {v}", "!{x}[{idx}] += {s}", "!{x}[{idx}] = {v}", "!{x} += {y}", "!{x} *= {s}", "!{x} -= {s}", "!{x} /= {s}", "!{x} //= {p}", "!{x} **= 2", "!{x} &= {y}", "!{x} ^= {y}", "!{x} %= {p}", "!{x} |= {o}", "!{x} <<= 1", "!{x} -= {y}", "!{x} *= {y}", "!{x} @= {x}",
        "!np.add({x}, {y}, out={x})", "!np.multiply({x}, {s}, out={x})", "!np.exp({x}, out={x})", "!np.sum({x}, 0, out={y})", "!np.clip({x}, 0, 1, out={y})", "!np.add({x}, {y}, out={y}, where={o})", "!np.add({x}, 1, {x})", "!np.negative({x}, out={x}[::-1])", "!np.cumsum({x}, axis=0, out={x})", "!np.copyto({x}, {y})", "!np.copyto({x}, {s}, where={o})", "!np.putmask({x}, {o}, {y})", "!np.place({x}, {o}, [1, 2])", "!np.put({x}, [0, -1], {s})", "!np.put_along_axis({x}, np.argsort({x}, {a}, kind='stable'), {s}, {a})", "!np.add.at({x}, {unique}, {s})", "!np.add.at({x}, {ints}, 1)", "!np.subtract.at({x}, {ints}, {s})", "!np.multiply.at({x}, ({ints},), {s})", "!np.maximum.at({x}, {ints}, {s})", "!np.fill_diagonal({x}, {s})", "!{x}.fill({s})", "!{x}.sort()", "!{x}.sort(axis={a})", "!{x}[{o}] = {s}", "!{x}[{o}] = {x}[{o}] * 2", "!{x}[{o}] += 1", "!{x}.flat[0] = {s}", "!{x}.flat = {s}", "!{x}.T[...] = {s}", "!{x}.real = {s}", "!{z}.imag = {s}", "!{z}.imag += 1", "!{x}.put(0, {s})", "!{x}.itemset(0) if False else None", "!np.logical_not({x}, out={x})", "!np.negative.at({x}, [0])", "!{x}[:], {y}[:] = {y}.copy(), {x}.copy()", "!{x}[...] = {y}", "!{x}[()] = {s}", "!{x}.shape = (-1,)", "!np.floor({x}, out={x})", "!np.dot({x}, {x}, out={x})", "!{x}[{x} != {x}] = 0", "!np.nan_to_num({x}, copy=False)", "!np.concatenate(({x}, {x}), out=np.zeros(3))", "!{x}.clip(0, 2, out={x})", "!{x}.round(out={x})", "!np.maximum({x}, 0, out={x})", "!{x}[{widx}] = [{s}, {s}]", "!{x}[{widx}] **= 2", "!{x}[{widx}] /= 2", "!{x}[{widx}] //= 2",
        "np.add({x}, {y}, out={x})", "{x}.sum(axis=0, out={y})",
    ),
    "rebind": ("={x} + {s}", "={x}.copy()", "={x}[{basic}]", "={x} * {y}"),
    "control": ("{x} * 2 if {x}.sum() > 0 else {x} - 1", "{x}[{x}.shape[0] // 2:]", "sum({x})", "sum(list({x}))", "[{x} + i for i in range({p})][-1]", "{x} if bool({x}.any()) else -{x}", "{x} * len({x})", "{x}.sum().item() + {y}", "{x} + {x}.size", "np.array({x}.shape)", "max({x}.tolist()) + {y}", "{x} * {x}.ndim", "np.array({x}.tolist())", "float({x}.sum()) * {y}", "np.vectorize(lambda t: t + 1)({x})", "np.array([t.sum() for t in {x}])", "{x} + int({x}.size > 3)", "np.sum([{x}, {x}], axis=0)"),
}  # fmt: skip

VIEWS = (
    "{x}[{basic}]", "{x}[{basic}]", "{x}[{basic}]", "{x}.reshape({shape})", "{x}.T", "{x}.transpose({perm})", "{x}.swapaxes({a}, {a})", "np.squeeze({x})", "np.expand_dims({x}, {a})", "np.diagonal({x}).copy()", "{x}.ravel()", "np.moveaxis({x}, {a}, {a})", "np.flip({x}, {a})", "{z}.real", "{z}.imag", "{x}.real", "{x}.view()", "{x}.mT", "np.split({x}, 1, {a})[0]", "np.asarray({x})", "np.array_split({x}, 2, {a})[1]", "{x}[None]", "{x}[...]", "np.rollaxis({x}, {a})", "np.atleast_1d({x})", "{x}.squeeze({a})", "np.rot90({x})", "np.reshape({x}, {shape})", "np.ravel({x})", "{x}.view({x}.dtype)", "list({x})[0]", "np.broadcast_to({x}, {grown})", "np.fliplr({x})", "{x}[::-1]", "np.hsplit({x}, 1)[0]", "np.transpose({x})", "{x}.conj()", "{x}.astype({x}.dtype, copy=False)", "np.real({x})", "np.array({x}, copy=False)", "np.ascontiguousarray({x})",
)  # fmt: skip

DTYPES = {
    n: f"np.{n}{'_' if n == 'bool' else ''}"
    for n in (
        "bool",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "int8",
        "int16",
        "int32",
        "int64",
        "float16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    )
}

DIALECT = Dialect(
    name="numpy",
    header="import numpy as np",
    templates=TEMPLATES,
    weights={
        "elementwise": 5,
        "reduce": 3,
        "shape": 3,
        "cast": 1.5,
        "product": 1,
        "gather": 1,
        "index": 2.5,
        "write": 4,
        "rebind": 0.4,
        "control": 0.5,
        "view": 2.5,
    },
    dtypes=DTYPES,
    int_array="np.array({}, dtype=np.int64)",
    bool_array="np.array({}, dtype=bool)",
    fresh="np.arange({}).reshape({})",
    views=VIEWS,
)
