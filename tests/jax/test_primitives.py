"""Every primitive of jax.lax against its frontend function, on several parameter sets, dtypes included."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

rng = np.random.default_rng(0)
x = rng.normal(size=(3, 4)).astype("float32")
y = rng.normal(size=(3, 4)).astype("float32")
unit = rng.uniform(-0.9, 0.9, size=(3, 4)).astype("float32")
positive = rng.uniform(0.2, 3.0, size=(3, 4)).astype("float32")
ints = rng.integers(-20, 20, size=(3, 4)).astype("int32")
divisors = np.where(ints == 0, 3, ints)[::-1].astype("int32")
uints = rng.integers(0, 2**32, size=(3, 4), dtype="uint64").astype("uint32")
shifts = rng.integers(0, 40, size=(3, 4)).astype("int32")
bools = rng.integers(0, 2, size=(3, 4)).astype(bool)
cplx = (x + 1j * y).astype("complex64")
special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1.5, -2.5, 0.49999997], dtype="float32")

UNARY = {
    **dict.fromkeys(
        [
            "abs",
            "cbrt",
            "ceil",
            "cos",
            "cosh",
            "erf",
            "erfc",
            "exp",
            "exp2",
            "expm1",
            "floor",
            "is_finite",
            "logistic",
            "neg",
            "sign",
            "sin",
            "sinh",
            "square",
            "tan",
            "tanh",
            "bessel_i0e",
            "bessel_i1e",
        ],
        x,
    ),
    **dict.fromkeys(["asin", "acos", "atanh", "erf_inv"], unit),
    **dict.fromkeys(["asinh", "atan"], x),
    **dict.fromkeys(["digamma", "lgamma", "log", "log1p", "rsqrt", "sqrt"], positive),
    "acosh": positive + 1,
    "reciprocal": positive,
}

CASES = {
    **{name: (getattr(lax, name), a) for name, a in UNARY.items()},
    **{
        f"{name}_special": (getattr(lax, name), special)
        for name in ["abs", "neg", "sign", "floor", "ceil", "exp", "log", "is_finite", "logistic", "tanh", "sqrt"]
    },
    **{f"{name}_ints": (getattr(lax, name), ints) for name in ("abs", "neg", "sign", "square", "population_count", "clz")},
    "clz_uint": (lax.clz, uints),
    "popcount_uint": (lax.population_count, uints),
    "not_bool": (lax.bitwise_not, bools),
    "not_int": (lax.bitwise_not, ints),
    **{f"{n}_complex": (getattr(lax, n), cplx) for n in ("real", "imag", "conj", "abs", "exp", "neg")},
    "complex": (lax.complex, x, y),
    **{
        f"{n}_{kind}": (getattr(lax, n), a, b)
        for n in ("add", "sub", "mul", "max", "min", "eq", "ne", "lt", "le", "gt", "ge")
        for kind, (a, b) in {"float": (x, y), "int": (ints, divisors), "uint": (uints, uints[::-1].copy())}.items()
    },
    "max_nan": (lax.max, special, special[::-1].copy()),
    "add_wraps": (lax.add, np.int32([2**31 - 1]), np.int32([5])),
    "mul_uint_wraps": (lax.mul, uints, uints[::-1].copy()),
    "sub_uint_wraps": (lax.sub, uints, uints[::-1].copy()),
    "add_uint8": (lax.add, np.uint8([250]), np.uint8([10])),
    **{f"bit{n}": (getattr(lax, f"bitwise_{n}"), ints, divisors) for n in ("and", "or", "xor")},
    **{f"bool_{n}": (getattr(lax, f"bitwise_{n}"), bools, bools[::-1].copy()) for n in ("and", "or", "xor")},
    **{f"uint_{n}": (getattr(lax, f"bitwise_{n}"), uints, uints[::-1].copy()) for n in ("and", "or", "xor")},
    "div_float": (lax.div, x, y),
    "div_int_truncates": (lax.div, ints, divisors),
    "div_int_by_zero": (lax.div, ints, np.zeros_like(ints)),
    "div_uint": (lax.div, uints, np.full_like(uints, 7)),
    "rem_float": (lax.rem, x, y),
    "rem_int_sign": (lax.rem, ints, divisors),
    "rem_int_by_zero": (lax.rem, ints, np.zeros_like(ints)),
    "rem_uint": (lax.rem, uints, np.full_like(uints, 7)),
    "pow": (lax.pow, positive, y),
    "pow_int_exponent": (lax.pow, x, np.array(3, "int32")),
    **{f"integer_pow_{p}": (lambda a, p=p: lax.integer_pow(a, p), x) for p in (-2, -1, 0, 1, 2, 3, 5)},
    "atan2": (lax.atan2, x, y),
    "nextafter": (lax.nextafter, x, y),
    "shift_left": (lax.shift_left, ints, shifts),
    "shift_left_uint": (lax.shift_left, uints, shifts.astype("uint32")),
    "shift_right_logical": (lax.shift_right_logical, ints, shifts),
    "shift_right_logical_uint": (lax.shift_right_logical, uints, shifts.astype("uint32")),
    "shift_right_arithmetic": (lax.shift_right_arithmetic, ints, shifts),
    "shift_constant": (lambda a: lax.shift_right_logical(a, np.uint32(9)), uints),
    "igamma": (lax.igamma, positive, positive[::-1].copy()),
    "igammac": (lax.igammac, positive, positive[::-1].copy()),
    "betainc": (lax.betainc, positive, positive[::-1].copy(), np.abs(unit)),
    "zeta": (lax.zeta, positive + 1.5, positive),
    "polygamma": (lambda a: lax.polygamma(np.full((3, 4), 2.0, "float32"), a), positive),
    "mulhi": (lax.mulhi, (ints * 123456789).astype("int32"), (divisors * 987654).astype("int32")),
    "mulhi_uint": (lax.mulhi, uints, uints[::-1].copy()),
    "clamp": (lambda a: lax.clamp(-0.5, a, 0.5), x),
    "clamp_arrays": (lambda a, b: lax.clamp(-jnp.abs(b), a, jnp.abs(b)), x, y),
    "clamp_int": (lambda a: lax.clamp(np.int32(-3), a, np.int32(5)), ints),
    "select_n_bool": (lambda c, a, b: lax.select_n(c, a, b), bools, x, y),
    "select_n_int": (lambda i, a, b: lax.select_n(i % 3, a, b, a + b), np.abs(ints), x, y),
    "select_n_scalar": (lambda a, b: lax.select_n(a[0, 0] > 0, a, b), x, y),
    **{
        f"convert_{d}": (lambda a, d=d: lax.convert_element_type(a, d), x * 5)
        for d in ("int32", "int8", "bool", "float16", "bfloat16", "complex64", "int16")
    },
    "convert_bool_to_float": (lambda a: lax.convert_element_type(a, "float32"), bools),
    "convert_uint_to_float": (lambda a: lax.convert_element_type(a, "float32"), uints),
    "bitcast_to_int": (lambda a: lax.bitcast_convert_type(a, "int32"), x),
    "bitcast_to_uint": (lambda a: lax.bitcast_convert_type(a, "uint32"), x),
    "bitcast_to_float": (lambda a: lax.bitcast_convert_type(a, "float32"), ints),
    "bitcast_smaller": (lambda a: lax.bitcast_convert_type(a, "int16"), ints),
    "reduce_precision_bf16": (lambda a: lax.reduce_precision(a, 8, 7), x),
    **{f"round_{m.name}": (lambda a, m=m: lax.round(a, m), np.array([-2.5, -0.5, 0.5, 1.5, 0.49999997], "float32"))
       for m in lax.RoundingMethod},
    "stop_gradient": (lax.stop_gradient, x),
    "square": (lax.square, x),
    # shapes
    "full": (lambda a: a + lax.full((3, 4), 2.0), x),
    "iota": (lambda a: lax.iota("int32", 4) + a, ints),
    "broadcasted_iota": (lambda a: lax.broadcasted_iota("float32", (3, 4), 1) + a, x),
    "reshape": (lambda a: lax.reshape(a, (4, 3)), x),
    "reshape_dimensions": (lambda a: lax.reshape(a, (12,), (1, 0)), x),
    "transpose": (lambda a: lax.transpose(a, (1, 0)), x),
    "squeeze": (lambda a: lax.squeeze(a[None, :, None], (0, 2)), x),
    "expand_dims": (lambda a: lax.expand_dims(a, (0, 3)), x),
    "broadcast_in_dim": (lambda a: lax.broadcast_in_dim(a, (2, 3, 5, 4), (1, 3)), x),
    "broadcast": (lambda a: lax.broadcast(a, (2,)), x),
    "concatenate": (lambda a, b: lax.concatenate([a, b], 1), x, y),
    "split": (lambda a: lax.split(a, (1, 2, 1), 1), x),
    "stack": (lambda a, b: lax.stack([a, b], 1), x, y),
    "unstack": (lambda a: lax.unstack(a, 1), x),
    "tile": (lambda a: lax.tile(a, (2, 3)), x),
    "rev": (lambda a: lax.rev(a, (0, 1)), x),
    "slice": (lambda a: lax.slice(a, (1, 0), (3, 4), (1, 2)), x),
    "pad": (lambda a: lax.pad(a, 1.5, ((1, 2, 0), (0, 1, 2))), x),
    "pad_negative": (lambda a: lax.pad(a, 0.0, ((-1, 2, 1), (3, -2, 0))), x),
    "pad_int": (lambda a: lax.pad(a, np.int32(7), ((1, 0, 1), (0, 1, 0))), ints),
    "pad_value_array": (lambda a: lax.pad(a, a[0, 0], ((1, 1, 1), (0, 1, 0))), x),
    "pad_bool": (lambda a: lax.pad(a, True, ((1, 1, 1), (0, 1, 0))), bools),
    "dynamic_slice": (lambda a, i: lax.dynamic_slice(a, (i, i + 1), (2, 2)), x, np.int32(5)),
    "dynamic_slice_static": (lambda a: lax.dynamic_slice(a, (2, 1), (2, 2)), x),
    "dynamic_update_slice": (lambda a, b, i: lax.dynamic_update_slice(a, b[:2, :2], (i, i)), x, y, np.int32(9)),
    "dynamic_update_slice_static": (lambda a, b: lax.dynamic_update_slice(a, b[:2, :2], (1, 1)), x, y),
    "optimization_barrier": (lax.optimization_barrier, x),
    # reductions
    **{f"reduce_{n}": (lambda a, f=getattr(lax, f"reduce_{n}"): f(a, (1,)), x) for n in ("sum", "prod", "max", "min")},
    **{f"reduce_{n}_ints": (lambda a, f=getattr(lax, f"reduce_{n}"): f(a, (0, 1)), ints)
       for n in ("sum", "max", "min", "and", "or", "xor")},
    **{f"reduce_{n}_bools": (lambda a, f=getattr(lax, f"reduce_{n}"): f(a, (0,)), bools) for n in ("and", "or", "xor")},
    "reduce_sum_uint": (lambda a: lax.reduce_sum(a, (0,)), uints),
    "reduce_generic": (lambda a: lax.reduce(a, np.float32(1), lambda p, q: p + q + p * q, (0,)), unit),
    "reduce_pair": (
        lambda a, i: lax.reduce(
            (a, i),
            (np.float32(-np.inf), np.int32(-1)),
            lambda p, q: (jnp.maximum(p[0], q[0]), jnp.where(p[0] >= q[0], p[1], q[1])),
            (1,),
        ),
        x,
        ints,
    ),
    "argmax": (lambda a: lax.argmax(a, 1, "int32"), x),
    "argmin": (lambda a: lax.argmin(a, 0, "int32"), ints),
    "argmax_bool": (lambda a: lax.argmax(a, 0, "int32"), bools),
    **{f"{n}": (lambda a, f=getattr(lax, n): f(a, 1), unit) for n in
       ("cumsum", "cumprod", "cummax", "cummin", "cumlogsumexp")},
    **{f"{n}_reverse": (lambda a, f=getattr(lax, n): f(a, 0, reverse=True), unit) for n in
       ("cumsum", "cumprod", "cummax", "cummin", "cumlogsumexp")},
    "cumsum_ints": (lambda a: lax.cumsum(a, 1), ints),
    "cummax_ints": (lambda a: lax.cummax(a, 1), ints),
    # sorting
    "sort": (lambda a: lax.sort(a, dimension=0), x),
    "sort_ints": (lambda a: lax.sort(a), ints),
    "sort_bool": (lambda a: lax.sort(a), bools),
    "sort_nan": (lambda a: lax.sort(a), special),
    "sort_key_val": (lambda a, b: lax.sort_key_val(a, b), ints % 3, x),
    "sort_two_keys": (lambda a, b, c: lax.sort((a, b, c), num_keys=2), ints % 2, divisors % 3, x),
    "top_k": (lambda a: lax.top_k(a, 2), x),
    "top_k_ties": (lambda a: lax.top_k(a, 3), ints % 3),
    "top_k_axis": (lambda a: lax.top_k(a, 2, axis=0), x),
    "approx_max_k": (lambda a: lax.approx_max_k(a, 2), x),
    # products
    "dot": (lambda a, b: lax.dot(a, b.T), x, y),
    "dot_vector": (lambda a, b: lax.dot(a, b[0]), x, y),
    "dot_ints": (lambda a, b: lax.dot(a, b.T), ints, divisors),
    "dot_preferred": (lambda a, b: lax.dot(a.astype("bfloat16"), b.T.astype("bfloat16"),
                                           preferred_element_type="float32"), x, y),
    "dot_int8": (lambda a, b: lax.dot(a.astype("int8"), b.T.astype("int8"), preferred_element_type="int32"), ints, divisors),
    "outer": (lambda a, b: lax.dot_general(a, b, (((), ()), ((), ()))), x, y),
    "batched_vectors": (lambda a, b: lax.dot_general(a, b, (((1,), (1,)), ((0,), (0,)))), x, y),
    "two_contracted": (lambda a, b: lax.dot_general(a, b, (((0, 1), (1, 0)), ((), ()))), x, y.T.copy()),
    "batch_last": (
        lambda a, b: lax.dot_general(a[None] * jnp.ones((2, 1, 1)), b[:, :, None] * jnp.ones((1, 1, 2)),
                                     (((1,), (0,)), ((2, 0), (1, 2)))), x, y,
    ),
    "ragged_dot": (
        lambda a, g: lax.ragged_dot(a, jnp.arange(40.0).reshape(2, 4, 5), g), x, np.int32([1, 2]),
    ),
    # transforms
    **{f"fft_{t}": (lambda a, t=t: lax.fft(a, t, (4,)), cplx) for t in ("fft", "ifft")},
    "rfft": (lambda a: lax.fft(a, "rfft", (4,)), x),
    "irfft": (lambda a: lax.fft(lax.fft(a, "rfft", (4,)), "irfft", (4,)), x),
    "fft2": (lambda a: lax.fft(a, "fft", (3, 4)), cplx),
    "rfft2": (lambda a: lax.fft(a, "rfft", (3, 4)), x),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_primitive(check, name):
    fn, *arrays = CASES[name]
    loose = name in {"zeta", "polygamma", "betainc", "igamma", "igammac", "digamma", "lgamma", "erf_inv", "pow"}
    check(fn, *arrays, rtol=3e-4 if loose else 2e-5, atol=2e-5 if loose else 3e-6)


def _matrix(n, seed=0, batch=()):
    a = np.random.default_rng(seed).normal(size=(*batch, n, n)).astype("float32")
    return a + n * np.eye(n, dtype="float32")


spd = _matrix(4, 1) @ _matrix(4, 1).T


def rebuilt_from_eigh(a):
    vectors, values = lax.linalg.eigh(a)
    return (vectors * values) @ vectors.T


def rebuilt_from_svd(a):
    u, s, vh = lax.linalg.svd(a, full_matrices=False)
    return (u * s) @ vh


LINALG = {
    "cholesky": (lax.linalg.cholesky, spd),
    **{
        f"triangular_{'left' if left else 'right'}_{'lower' if lower else 'upper'}_{'t' if t else 'n'}_{u}": (
            lambda a, b, left=left, lower=lower, t=t, u=u: lax.linalg.triangular_solve(
                a, b if left else b.T, left_side=left, lower=lower, transpose_a=t, unit_diagonal=u
            ),
            _matrix(4, 2),
            np.random.default_rng(3).normal(size=(4, 2)).astype("float32"),
        )
        for left in (True, False)
        for lower in (True, False)
        for t in (True, False)
        for u in (True, False)
    },
    "lu": (lax.linalg.lu, _matrix(4, 4) - 4 * np.eye(4, dtype="float32")),
    "lu_batched": (lax.linalg.lu, _matrix(3, 5, (2,)) - 3 * np.eye(3, dtype="float32")),
    "qr_product": (lambda a: lax.linalg.qr(a, full_matrices=False)[0] @ lax.linalg.qr(a, full_matrices=False)[1],
                   _matrix(4, 6)),
    "eigh_values": (lambda a: lax.linalg.eigh(a)[1], spd),
    "eigh_product": (rebuilt_from_eigh, spd),
    "svd_values": (lambda a: lax.linalg.svd(a, compute_uv=False), _matrix(4, 7)),
    "svd_product": (rebuilt_from_svd, _matrix(4, 7)),
    "eig_values": (lambda a: jnp.sort(lax.linalg.eig(a)[0].real), spd),
    "householder": (lambda a, t: lax.linalg.householder_product(a, t), _matrix(4, 8), np.float32([0.3, 0.7])),
    "tridiagonal_solve": (
        lambda a, b: lax.linalg.tridiagonal_solve(a[0], a[1] + 5, a[2], b),
        _matrix(4, 9), np.ones((4, 2), "float32"),
    ),
    "symmetric_product": (lambda a, c: lax.linalg.symmetric_product(a, c, alpha=2.0, beta=0.5, symmetrize_output=True),
                          _matrix(4, 8), spd),
}  # fmt: skip


@pytest.mark.parametrize("name", LINALG)
def test_linalg(check, name):
    fn, *arrays = LINALG[name]
    check(fn, *arrays, rtol=1e-3, atol=1e-3)


CONV = {
    "nchw": dict(window_strides=(1, 1), padding="SAME"),
    "strided": dict(window_strides=(2, 1), padding="VALID"),
    "explicit": dict(window_strides=(1, 2), padding=((1, 2), (0, 1))),
    "negative_padding": dict(window_strides=(1, 1), padding=((-1, 2), (1, -1))),
    "rhs_dilation": dict(window_strides=(1, 1), padding="SAME", rhs_dilation=(2, 1)),
    "lhs_dilation": dict(window_strides=(1, 1), padding=((2, 2), (1, 2)), lhs_dilation=(2, 3)),
    "lhs_dilation_cropped": dict(window_strides=(1, 1), padding=((-1, 2), (1, 2)), lhs_dilation=(2, 1)),
    "nhwc": dict(window_strides=(1, 1), padding="SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")),
    "nhwc_oihw": dict(window_strides=(2, 2), padding="SAME", dimension_numbers=("NHWC", "OIHW", "NHWC")),
    "mixed": dict(window_strides=(1, 1), padding="VALID", dimension_numbers=("CHWN", "IHWO", "HWNC")),
    "groups": dict(window_strides=(1, 1), padding="SAME", feature_group_count=2),
    "groups_nhwc": dict(
        window_strides=(1, 1), padding="SAME", feature_group_count=2, dimension_numbers=("NHWC", "HWIO", "NHWC")
    ),
    "batch_groups": dict(window_strides=(1, 1), padding="SAME", batch_group_count=2),
}


@pytest.mark.parametrize("name", CONV)
def test_conv(check, name):
    options = CONV[name]
    specs = options.get("dimension_numbers", ("NCHW", "OIHW", "NCHW"))
    r = np.random.default_rng(1)
    sizes = {"N": 2, "C": 4, "H": 6, "W": 7}
    lhs = r.normal(size=[sizes[c] for c in specs[0]]).astype("float32")
    kernel = {"O": 6, "I": 4 // options.get("feature_group_count", 1), "H": 3, "W": 2}
    rhs = r.normal(size=[kernel[c] for c in specs[1]]).astype("float32")
    check(lambda a, b: lax.conv_general_dilated(a, b, **options), lhs, rhs, rtol=1e-4, atol=1e-4)


WINDOWS = [
    ((2, 3), (1, 1), "VALID", None, None),
    ((2, 2), (2, 1), "SAME", None, None),
    ((2, 2), (1, 2), ((1, 1), (0, 1)), None, (2, 1)),
    ((3, 2), (1, 1), ((1, 0), (1, 1)), (2, 1), None),
]


@pytest.mark.parametrize("window", WINDOWS, ids=range(len(WINDOWS)))
@pytest.mark.parametrize("kind", ["add", "max", "min", "mul", "generic"])
def test_reduce_window(check, window, kind):
    init, op = {
        "add": (0.0, lax.add),
        "max": (-np.inf, lax.max),
        "min": (np.inf, lax.min),
        "mul": (1.0, lax.mul),
        "generic": (0.0, lambda a, b: jnp.sqrt(a * a + b * b)),
    }[kind]
    a = np.random.default_rng(2).normal(size=(5, 6)).astype("float32")
    sizes, strides, padding, base, taps = window
    check(
        lambda v: lax.reduce_window(
            v, np.float32(init), op, sizes, strides, padding, base_dilation=base, window_dilation=taps
        ),
        a,
    )


def test_max_pool_gradient_is_captured(check):
    a = np.random.default_rng(3).normal(size=(1, 6, 6, 2)).astype("float32")

    def loss(v):
        pooled = lax.reduce_window(v, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        return (pooled**2).sum()

    check(jax.grad(loss), a)
    check(lambda v, t: jax.jvp(loss, (v,), (t,))[1], a, np.ones_like(a))
