"""JAX's API as templates."""

from __future__ import annotations

from .dialect import Dialect

UNARY = (
    "abs", "negative", "sign", "sqrt", "exp", "log1p", "sin", "tanh", "floor", "ceil", "rint", "square", "logical_not", "isnan",
    "isfinite", "reciprocal", "conj", "invert", "signbit", "angle", "nan_to_num", "cbrt", "real", "imag", "trunc",
)  # fmt: skip
BINARY = (
    "add", "subtract", "multiply", "divide", "floor_divide", "remainder", "fmod", "maximum", "minimum", "arctan2", "equal", "less",
    "logical_and", "logical_xor", "bitwise_and", "copysign", "fmax", "logaddexp", "heaviside", "power", "isclose", "float_power",
)  # fmt: skip

TEMPLATES = {
    "elementwise": (
        *(f"jnp.{n}({{x}})" for n in UNARY),
        *(f"jnp.{n}({{x}}, {{y}})" for n in BINARY),
        *(f"jnp.{n}({{x}}, {{s}})" for n in ("add", "remainder", "floor_divide", "power", "maximum", "bitwise_and")),
        *(f"{{x}} {o} {{y}}" for o in ("+", "-", "*", "/", "//", "%", "**", "==", "<", ">=", "&", "^")),
        *(f"{{x}} {o} {{s}}" for o in ("+", "-", "*", "/", "//", "%", "**", "==", "<", "&", "<<", ">>")),
        *(f"{{s}} {o} {{x}}" for o in ("+", "-", "*", "/", "//", "%", "**", "|")),
        "-{x}", "~{x}", "abs({x})", "jnp.clip({x}, {s}, {s})", "jnp.clip({x}, min={y})", "jnp.where({o}, {y}, {y})", "jnp.where({x} != 0, {y}, {s})", "jnp.where({o}, {s}, {s})", "jnp.round({f}, 1)", "lax.add({x}, {x})", "lax.max({x}, {x})", "lax.select({o}, {x}, {x})", "lax.clamp(jnp.zeros({x}.shape, {x}.dtype), {x}, jnp.ones({x}.shape, {x}.dtype))", "lax.rem({x}, {x})", "lax.div({x}, {x})", "lax.rsqrt({f})", "lax.sign({x})", "lax.integer_pow({x}, 3)", "jax.nn.relu({x})", "jax.nn.gelu({f})", "jax.nn.silu({f})", "jax.nn.softplus({f})", "jax.nn.elu({f})", "jax.nn.one_hot({i}, 4)", "lax.shift_left({i}, jnp.ones({i}.shape, {i}.dtype))", "lax.population_count({i})", "lax.nextafter({f}, {f})", "jnp.isin({x}, {y})", "jnp.select([{o}, {o}], [{x}, {y}], {s})", "jnp.float32({k}) * {x}", "np.float32(2) * {x}", "np.int8(3) + {x}", "np.float64(0.1) * {x}", "jnp.array({s}) * {x}", "lax.reduce_precision({f}, 5, 3)", "2=jnp.divmod({x}, {p})", "2=jnp.modf({f})", "jnp.add.outer({x}, {y})", "lax.complex({f}, {f})", "jnp.polyval(jnp.array([1.0, 2.0]), {x})", "jnp.interp({f}, jnp.array([0.0, 1.0]), jnp.array([2.0, 3.0]))", "lax.bitcast_convert_type({f}, jnp.int32)",
    ),
    "reduce": (
        *(f"{{x}}.{n}()" for n in ("sum", "mean", "max", "min", "prod", "any", "all", "argmax", "std", "var", "cumsum")),
        *(f"{{x}}.{n}(axis={{a}})" for n in ("sum", "mean", "prod", "any", "argmax", "argmin", "std", "max", "min", "cumsum", "cumprod")),
        *(f"jnp.{n}({{x}}, axis={{A}}, keepdims={{b}})" for n in ("sum", "mean", "max", "min", "var", "all", "prod", "median", "nansum", "nanmean", "count_nonzero", "ptp")),
        "{x}.sum(dtype={d})", "jnp.sum({x}, where={o})", "jnp.max({x}, initial={s})", "jnp.std({f}, ddof=1)", "jnp.sort({x}, axis={a})", "jnp.argsort({x}, axis={a})", "jnp.argsort({x}, descending=True)", "jnp.percentile({f}, 30, axis={a})", "jnp.linalg.norm({f})", "jnp.linalg.norm({f}, axis={a}, keepdims={b})", "jnp.average({x}, axis={a})", "jax.nn.softmax({f}, axis={a})", "jax.nn.log_softmax({f})", "jax.scipy.special.logsumexp({f}, axis={a})", "jnp.searchsorted(jnp.sort({x}.ravel()), {y})", "jnp.digitize({f}, jnp.array([-1.0, 0.5]))", "2=lax.top_k({r}, 1)", "lax.cumsum({n}, axis=0)", "lax.cummax({n}, axis=0, reverse=True)", "lax.reduce({x}, jnp.zeros((), {x}.dtype), lax.add, (0,))", "lax.argmax({r}, 0, jnp.int32)", "2=lax.sort(({x}, {x}), num_keys=1)", "jnp.bincount({i}.ravel(), length=5)", "jnp.unique({x}, size=3)", "jnp.diff({x}, axis={a})", "jnp.cov({f})", "lax.reduce_window({f}, -jnp.inf, lax.max, (2,) * {f}.ndim, (1,) * {f}.ndim, 'VALID')", "jnp.trapezoid({f}, axis={a})", "jnp.allclose({x}, {y})", "lax.reduce_sum({n}, (0,))", "jax.nn.standardize({f})", "lax.associative_scan(jnp.add, {n})", "lax.cumlogsumexp({f}, 0)",
    ),
    "shape": (
        "{x}.reshape({shape})", "jnp.transpose({x}, {perm})", "jnp.flip({x}, {a})", "jnp.roll({x}, {k}, {a})", "jnp.roll({x}, {k})", "jnp.stack(({x}, {y}), {a})", "jnp.concatenate(({x}, {y}), {a})", "jnp.concatenate([{x}, {x}], axis={a})", "2=jnp.split({x}, 2, {a})", "jnp.array_split({x}, 3, {a})[{k}]", "jnp.tile({x}, {reps})", "jnp.repeat({x}, {p}, axis={a})", "jnp.tril({x})", "jnp.triu({x}, {k})", "jnp.diag({x})", "jnp.rot90({x})", "jnp.atleast_2d({x})", "jnp.pad({x}, {pads})", "jnp.pad({x}, 1, mode='edge')", "jnp.pad({x}, 1, mode='reflect')", "jnp.pad({x}, {pads}, constant_values={k})", "lax.pad({x}, jnp.zeros((), {x}.dtype), [(1, -1, 1)] * {x}.ndim)", "jnp.meshgrid({x}, {y})[0]", "jnp.zeros_like({x})", "jnp.ones_like({x}, dtype={d})", "jnp.full_like({x}, {k})", "jnp.full({sizes}, {s})", "jnp.arange({p})", "jnp.arange(0.0, {p}, 0.5)", "jnp.zeros({sizes}, dtype={d})", "jnp.linspace(0, 1, {p})", "jnp.eye({p})", "jnp.array({s})", "jnp.array([{s}, {s}])", "jnp.kron({x}, {y})", "jnp.hstack(({x}, {y}))", "jnp.vstack(({x}, {y}))", "jnp.append({x}, {y})", "jnp.moveaxis({x}, 0, -1)", "jnp.squeeze({x})", "jnp.expand_dims({x}, {a})", "jnp.broadcast_to({x}, {grown})", "lax.broadcast({x}, (2,))", "lax.broadcast_in_dim({x}, (2, *{x}.shape), tuple(range(1, {x}.ndim + 1)))", "lax.rev({x}, (0,))", "lax.iota(jnp.int32, {p})", "jnp.swapaxes({x}, 0, {a})", "{x}.T", "{x}.mT", "jnp.ravel({x})", "lax.collapse({x}, 0)", "jnp.diagonal({x})", "jnp.insert({x}, 0, {k}, axis={a})", "jnp.delete({x}, 0, axis={a})", "jnp.array([{x}, {y}])", "lax.expand_dims({x}, (0,))", "jnp.block([[{x}, {y}]])", "lax.concatenate([{x}, {x}], 0)",
    ),
    "cast": ("{x}.astype({d})", "{x}.astype({y}.dtype)", "lax.convert_element_type({x}, {d})", "jnp.asarray({x}, dtype={d})", "jnp.float32({x})", "{x}.astype(float)", "{x}.astype(int)", "{x}.astype(bool)", "{x}.view(jnp.int32)", "{x} + jnp.zeros((), {d})"),
    "product": ("{q} @ {q}.mT", "jnp.matmul({x}, {y})", "jnp.einsum('...i,...i->...', {x}, {x})", "jnp.einsum('ij,kj->ik', {q}, {q})", "jnp.einsum('i...,i...->...', {x}, {y})", "jnp.tensordot({x}, {x}, axes=1)", "jnp.outer({x}, {y})", "jnp.dot({x}, {y})", "jnp.vdot({x}, {x})", "jnp.inner({x}, {x})", "jnp.trace({q})", "jnp.linalg.det({f})", "lax.dot({x}, {x})", "lax.dot_general({x}, {x}, (((0,), (0,)), ((), ())))", "jnp.einsum('ii->i', {q})", "lax.batch_matmul({x}, {x}.mT)", "jnp.vecdot({x}, {y})", "jnp.matmul({x}, {x}.mT, preferred_element_type=jnp.float32)"),
    "gather": (
        "jnp.take({x}, {ints}, axis={a})", "jnp.take({x}, jnp.array([0, -1]))", "jnp.take({x}, jnp.array([0, 20]), mode='clip')", "jnp.take({x}, jnp.array([0, 20]), mode='fill', fill_value=7)", "jnp.take_along_axis({x}, jnp.argsort({x}, {a}), -1)", "lax.dynamic_slice_in_dim({x}, 1, 1, {a})", "lax.dynamic_slice({x}, (9,) * {x}.ndim, (1,) * {x}.ndim)", "lax.dynamic_index_in_dim({x}, 20, {a})", "lax.dynamic_update_slice({x}, {x}[:1], (3,) * {x}.ndim)", "lax.dynamic_update_index_in_dim({x}, jnp.ones((), {x}.dtype), 0, 0)", "lax.slice_in_dim({x}, 0, 1, axis={a})", "lax.slice({x}, (0,) * {x}.ndim, {x}.shape)", "jnp.choose({i} % 2, [{y}, {y}], mode='wrap')", "{x}[jnp.array([0, 30])]", "lax.index_in_dim({x}, -1, {a})", "{x}.at[{ints}].get(mode='fill', fill_value=0)", "{x}.at[jnp.array([50])].get(mode='fill', fill_value=3)", "jax.ops.segment_sum({x}, jnp.zeros({x}.shape[0], int), 2)", "jnp.nonzero({x}, size=2)[0]", "jnp.compress(jnp.array([True, False]), {x}, axis={a}, size=1)", "jax.ops.segment_max({f}, jnp.zeros({f}.shape[0], int), 2)",
    ),
    "index": ("{x}[{idx}]", "{x}[{idx}]", "{x}[{idx}]", "{x}[{basic}]", "{x}[{x}.argmax()]", "{x}[{x}.shape[0] // 2:]"),
    "write": (
        "{x}.at[{widx}].set({s})", "{x}.at[{widx}].set({v})", "{x}.at[{widx}].set({y})", "{x}.at[{widx}].add({v})", "{x}.at[{idx}].add({s})", "{x}.at[{widx}].multiply({s})", "{x}.at[{idx}].max({s})", "{x}.at[{idx}].min({y})", "{x}.at[{widx}].apply(jnp.negative)", "{x}.at[{widx}].divide(2)", "{x}.at[{widx}].power(2)", "{x}.at[jnp.array([0, 40])].set(1, mode='drop')", "{x}.at[jnp.array([0, 40])].add(1, mode='clip')", "{x}.at[{widx}].subtract({v})", "={x}.at[{widx}].set({s})", "!{x} += {s}", "!{x} *= {y}", "!{x} -= {y}", "!{x} //= {p}", "jnp.put_along_axis({x}, jnp.argsort({x}, 0), {k}, 0, inplace=False)", "jnp.fill_diagonal({x}, {k}, inplace=False)", "jnp.place({x}, {o}, jnp.array([1, 2]), inplace=False)",
    ),
    "rebind": ("={x} + {s}", "={x}[{basic}]", "={x} * {y}"),
    "control": (
        "lax.cond({x}.sum() > 0, lambda t: t + 1, lambda t: t - 1, {x})", "lax.scan(lambda c, t: (c + t, c * t), {x}[0], {x})[1]", "lax.scan(lambda c, t: (c + t, c), jnp.zeros({x}.shape[1:], {x}.dtype), {x}, reverse=True)[0]", "lax.fori_loop(0, {p}, lambda i, t: t * 2 + i.astype(t.dtype), {x})", "lax.while_loop(lambda t: t.sum() < 20, lambda t: t * 2 + jnp.ones((), t.dtype), jnp.abs({x}) + jnp.ones((), {x}.dtype))", "jax.vmap(lambda t: t * 2 + t.sum())({x})", "jax.vmap(lambda t, u: t + u, in_axes=(0, None))({x}, {y})", "jax.vmap(jnp.sort)({x})", "jax.vmap(lambda t: t[0])({x})", "lax.map(lambda t: t.sum(), {x})", "lax.switch({p}, [lambda t: t, lambda t: -t, lambda t: t * 2], {x})", "jax.jit(lambda t: jnp.where(t > 0, t, 0))({x})", "jax.grad(lambda t: jnp.sum(jnp.tanh(t) ** 2))({f})", "jax.checkpoint(jnp.tanh)({f})", "jax.vmap(lambda t: t.at[0].set(1))({x})", "jax.tree.map(lambda t: t + 1, [{x}])[0]", "lax.fori_loop(0, 3, lambda i, t: t.at[i].add(1), {x})", "lax.scan(lambda c, t: (c, t[::-1]), 0, {q})[1]", "jax.vmap(jnp.dot)({q}, {q})", "sum({x}[i] for i in range({x}.shape[0]))", "jax.vmap(lambda t, i: t[i], in_axes=(0, None))({q}, 1)", "lax.cond({x}.sum() > 0, lambda: {x}, lambda: {x} * 0)", "jax.jvp(jnp.sin, ({f},), ({f},))[1]", "lax.stop_gradient({x})", "jnp.vectorize(lambda t: t + 1)({x})", "jax.vmap(jnp.cumsum, in_axes=-1, out_axes=0)({x})",
    ),
}  # fmt: skip

DTYPES = {
    n: f"jnp.{n}{'_' if n == 'bool' else ''}"
    for n in (
        "bool",
        "uint8",
        "uint16",
        "uint32",
        "int8",
        "int16",
        "int32",
        "float16",
        "bfloat16",
        "float32",
        "complex64",
    )
}

DIALECT = Dialect(
    name="jax",
    header="import jax\nimport jax.numpy as jnp\nimport numpy as np\nfrom jax import lax",
    templates=TEMPLATES,
    weights={
        "elementwise": 5,
        "reduce": 3,
        "shape": 3,
        "cast": 1.5,
        "product": 1,
        "gather": 1.5,
        "index": 2.5,
        "write": 2.5,
        "rebind": 0.4,
        "control": 1.5,
    },
    dtypes=DTYPES,
    int_array="jnp.array({}, dtype=jnp.int32)",
    bool_array="jnp.array({}, dtype=bool)",
    fresh="jnp.arange({}).reshape({})",
    lists=False,
    mutable=False,
    inputs=("int64", "float64"),
)
