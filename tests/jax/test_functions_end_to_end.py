"""`ivy.transpile` of pure JAX functions to torch and NumPy: values, dtypes, containers, gradients, torch.compile."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

import ivy

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

r = np.random.default_rng(0)
V = r.normal(size=8).astype("float32")
POSITIVE = np.abs(V) + 0.3
M = r.normal(size=(6, 4)).astype("float32")
N = r.normal(size=(4, 5)).astype("float32")
BATCH = r.normal(size=(3, 4, 4)).astype("float32")
SQUARE = BATCH[0] + 4 * np.eye(4, dtype="float32")
IMAGES = r.normal(size=(2, 8, 8, 3)).astype("float32")
KERNEL = r.normal(size=(3, 3, 3, 5)).astype("float32")
SEQUENCE = r.normal(size=(5, 2, 3)).astype("float32")
INTS = r.integers(0, 10, size=12).astype("int32")
UINTS = r.integers(0, 2**32, size=7, dtype="uint32")
COMPLEX = (r.normal(size=(3, 4)) + 1j * r.normal(size=(3, 4))).astype("complex64")
KEY = np.asarray(jax.random.PRNGKey(42))
CLOSED_OVER = jnp.asarray(r.normal(size=(4, 4)).astype("float32"))


@dataclass(frozen=True)
class Case:
    """A function and what to call it with.

    Args:
        fn: on JAX arrays.
        args: NumPy arrays and static values.
        grad: whether its gradient is compared too, with respect to every float argument.
        kwargs: keyword arguments.
        rtol: of values and gradients, relative to the scale of the array.
        exact: whether every bit has to be JAX's.
    """

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    grad: bool = False
    kwargs: dict[str, Any] = field(default_factory=dict)
    rtol: float = 2e-5
    exact: bool = False


CASES: dict[str, Case] = {}


def case(*args: Any, name: str | None = None, **options: Any) -> Callable[[Any], Any]:
    """Add a function to the cases."""

    def add(fn: Any) -> Any:
        CASES[name or fn.__name__] = Case(fn, args, **options)
        return fn

    return add


# -- control flow ------------------------------------------------------------------------------------------------------


@case(V)
def fori_bubble_sort(a):
    def swap(i, b):
        lo, hi = jnp.minimum(b[i], b[i + 1]), jnp.maximum(b[i], b[i + 1])
        return b.at[i].set(lo).at[i + 1].set(hi)

    return lax.fori_loop(0, a.shape[0], lambda _, b: lax.fori_loop(0, b.shape[0] - 1, swap, b), a)


@case(POSITIVE, grad=True)
def fori_static_power(x):
    return lax.fori_loop(0, 5, lambda i, s: s * jnp.cos(x) + i, x)


@case(np.float32(7.0))
def while_newton(a):
    return lax.while_loop(lambda s: jnp.abs(s * s - a) > 1e-4, lambda s: 0.5 * (s + a / s), a)


@case(INTS)
def while_collatz_vmapped(n):
    def body(state):
        k, steps = state
        return jnp.where(k % 2 == 0, k // 2, 3 * k + 1), steps + 1

    return jax.vmap(lambda k: lax.while_loop(lambda s: s[0] > 1, body, (k, 0))[1])(n)


@case(SEQUENCE, N[:3, :3], grad=True)
def scan_rnn(xs, w):
    def cell(h, x):
        h = jnp.tanh(x + h @ w)
        return h, {"sum": h.sum(-1), "first": h[:, 0]}

    return lax.scan(cell, jnp.zeros((2, 3)), xs)


@case(SEQUENCE, grad=True)
def scan_reversed_unrolled(xs):
    return lax.scan(lambda c, x: (c * 0.5 + x, jnp.sin(c)), xs[0], xs, reverse=True, unroll=2)


@case(V, grad=True)
def cond_on_value(x):
    return lax.cond(x.sum() > 0, lambda y: jnp.sin(y), lambda y: y**2, x)


@case(V, np.int32(2), grad=True)
def switch_on_value(x, i):
    return lax.switch(i, [jnp.sin, lambda y: y * 2, lambda y: jnp.exp(-y)], x)


@case(M, grad=True)
def associative_scan(x):
    return lax.associative_scan(lambda a, b: a * 0.9 + b, x), lax.associative_scan(jnp.maximum, x, reverse=True, axis=1)


@case(V, np.float32(0.5), grad=True)
def map_and_python_loop(x, s):
    for i in range(3):
        x = x * s + i
    return lax.map(lambda y: jnp.sqrt(jnp.abs(y) + 1.0), x)


# -- sorting and searching ---------------------------------------------------------------------------------------------


@case(M, grad=True)
def sorting(x):
    return jnp.sort(x, axis=0), jnp.sort(x, descending=True), lax.top_k(x, 3)[0], jnp.median(x, axis=1)


@case(M, INTS)
def index_sorting(x, k):
    values, where = lax.top_k(x, 2)
    return (
        jnp.argsort(x, axis=1),
        jnp.argsort(k, stable=True),
        jnp.lexsort((k, -k % 3)),
        values,
        where,
        jnp.argmax(x, 0),
    )


@case(INTS)
def unique_with_size(k):
    values, inverse, counts = jnp.unique(k, size=8, fill_value=-1, return_inverse=True, return_counts=True)
    return values, inverse.reshape(-1), counts, jnp.nonzero(k > 4, size=5, fill_value=99), jnp.bincount(k, length=10)


@case(V, M)
def searching(x, q):
    edges = jnp.sort(x)
    return (
        jnp.searchsorted(edges, q),
        jnp.searchsorted(edges, q, side="right"),
        jnp.digitize(q, edges),
        jnp.argmin(q, 1),
    )


@case(V, np.linspace(-2, 2, 8, dtype="float32"), grad=True)
def interpolation(x, grid):
    return jnp.interp(x, grid, jnp.cos(grid)), jnp.quantile(x, 0.3), jnp.percentile(x, jnp.array([10.0, 90.0]))


# -- indexing ----------------------------------------------------------------------------------------------------------


@case(M, np.array([4, 0, 4], "int32"), N[:3, :4], grad=True)
def scatter_updates(x, i, u):
    return x.at[i[:2]].set(u[:2]), x.at[i].add(u), x.at[i].max(u), x.at[i].min(u), x.at[1:3, ::2].set(0.0)


@case(M, np.array([4, -1, 9, -9], "int32"))
def gather_out_of_bounds(x, i):
    return (
        x[i],
        x[i[2], 1],
        x[i, :2],
        jnp.take(x, i, axis=0),
        x.at[i].set(1.0),
        x.at[i].mul(2.0),
        x.at[i].add(1.0, mode="clip"),
    )


@case(M, np.array([4, -1, 3], "int32"), grad=True)
def gather_modes(x, i):
    return (
        x[i],
        jnp.take(x, i, axis=0, mode="clip"),
        x.at[i].get(mode="fill", fill_value=7.0),
        x[:, None, ::-1],
        x[1:-1],
    )


@case(M, np.argsort(M, 1).astype("int32"), grad=True)
def take_along_axis_and_where(x, i):
    y = jnp.take_along_axis(x, i, axis=1)
    return y, jnp.where(y > 0, y, 0.1 * y), jnp.select([x < -0.5, x > 0.5], [x**2, -x], 0.0), jnp.clip(x, -1, 1)


@case(V, np.int32(3), np.int32(-2), grad=True)
def dynamic_slices(x, i, j):
    y = lax.dynamic_update_slice(x, x[:2] * 3, (i,))
    return lax.dynamic_slice(x, (j,), (4,)), y, lax.dynamic_index_in_dim(x, i, keepdims=False), jnp.roll(x, i)


@case(M, np.array([0, 2, 0, 1, 5, 2], "int32"), grad=True)
def segments(x, ids):
    return (
        jax.ops.segment_sum(x, ids, num_segments=4),
        jax.ops.segment_max(x, ids, num_segments=6),
        jax.ops.segment_min(x, ids, num_segments=6),
    )


@case(M, np.array([0, 2, 0, 1, 5, 2], "int32"))
def products_by_index(x, ids):  # JAX has no gradient of these
    return (
        jax.ops.segment_prod(x, ids, num_segments=6),
        x.at[ids].mul(x),
        x.at[ids, 1].divide(2.0),
        x.at[ids].power(2.0),
    )


@case(V, np.array([3, 1, 4], "int32"))
def mutate_like_numpy(x, i):
    mask = jnp.zeros(8, bool).at[i].set(True)
    return (
        jnp.put_along_axis(x, jnp.array([2]), 9.0, 0, inplace=False),
        mask,
        jnp.flatnonzero(mask, size=3),
        x[mask.argmax()],
    )


# -- Fourier transforms, linear algebra, products ----------------------------------------------------------------------


@case(M, COMPLEX)
def fourier(x, z):
    return (
        jnp.fft.rfft(x, axis=0),
        jnp.fft.irfft(z),
        jnp.fft.fft2(x),
        jnp.fft.ifft(z, norm="ortho"),
        jnp.fft.fftshift(x),
        jnp.fft.fftfreq(5),
    )


@case(M, grad=True)
def spectral_power(x):
    return jnp.abs(jnp.fft.rfft(x)) ** 2, jnp.fft.irfft(jnp.fft.rfft(x) * 2.0, n=4)


@case(SQUARE, V[:4], grad=True, rtol=2e-4)
def linear_systems(a, b):
    spd = a @ a.T + jnp.eye(4)
    factor = jax.scipy.linalg.cho_factor(spd)
    return (
        jnp.linalg.solve(a, b),
        jnp.linalg.cholesky(spd),
        jnp.linalg.inv(a),
        jnp.linalg.det(a),
        jnp.linalg.slogdet(a),
        jax.scipy.linalg.cho_solve(factor, b),
        jax.scipy.linalg.solve_triangular(spd, b, lower=True),
        jnp.linalg.norm(a, axis=0),
        jnp.linalg.matrix_power(a, 3),
    )


@case(SQUARE, M, grad=True, rtol=2e-4)
def decompositions(a, x):
    q, upper = jnp.linalg.qr(x)
    u, s, vt = jnp.linalg.svd(x, full_matrices=False)
    w, basis = jnp.linalg.eigh(a + a.T)
    # signs of the factors are the library's choice; what they multiply to isn't
    return q @ upper, jnp.abs(upper), s, u @ jnp.diag(s) @ vt, w, (basis * w) @ basis.T, jnp.linalg.pinv(x)


@case(SQUARE / 4, grad=True, rtol=2e-4)
def matrix_exponential(a):
    return jax.scipy.linalg.expm(a), jnp.trace(a), jnp.linalg.matrix_rank(a)


@case(BATCH, M, N, grad=True)
def products(b, x, y):
    return (
        jnp.einsum("bij,kj,bli->bkl", b, x, b),
        jnp.tensordot(b, y, 1),
        x @ y,
        jnp.vdot(x, x),
        jnp.outer(x[0], y[0]),
        jnp.kron(x[:2, :2], y[:2, :2]),
        jnp.inner(x, y.T),
        jnp.cross(x[:, :3], x[:, 1:]),
    )


# -- random numbers ----------------------------------------------------------------------------------------------------


@case(KEY, exact=True)
def random_bits(key):
    a, b, c, d = jax.random.split(key, 4)
    return (
        jax.random.bits(a, (5,)),
        jax.random.randint(b, (7,), 0, 100),
        jax.random.permutation(c, 10),
        jax.random.bernoulli(d, 0.3, (9,)),
        jax.random.choice(a, 20, (4,), replace=False),
        jax.random.fold_in(b, 3),
        jax.random.uniform(c, (6,)),
        jax.random.bits(d, (3,), "uint8"),
    )


@case(KEY, V)
def random_draws(key, x):
    a, b, c = jax.random.split(key, 3)
    return (
        jax.random.normal(a, (3, 4)),
        jax.random.categorical(b, x, shape=(5,)),
        jax.random.gumbel(c, (4,)),
        jax.random.exponential(a, (4,)),
        jax.random.truncated_normal(b, -1.0, 1.0, (5,)),
        jax.random.permutation(c, x),
        jax.random.choice(a, x, (3,), p=jax.nn.softmax(x)),
        jax.random.laplace(b, (3,)),
        jax.random.rademacher(c, (6,)),
        jax.random.uniform(c, (6,), minval=-2.0, maxval=3.0),  # XLA contracts its product and sum to one rounding
    )


@case(np.int32(7))
def typed_keys_made_inside(seed):
    key = jax.random.key(seed)
    return jax.vmap(lambda k: jax.random.normal(k, (2,)))(jax.random.split(key, 3)), jax.random.key_data(key)


@case(KEY, V, grad=True)
def reparametrised_sample(key, x):
    return x + jnp.exp(x) * jax.random.normal(key, x.shape)


# -- transformations inside the function -------------------------------------------------------------------------------


def energy(x):
    return jnp.sum(jnp.sin(x) * x**2)


@case(V, grad=True)
def derivatives_inside(x):
    value, slope = jax.value_and_grad(energy)(x)
    out, tangent = jax.jvp(jnp.tanh, (x,), (slope,))
    return value, slope, out, tangent, jax.hessian(energy)(x[:3]), jax.jacfwd(jnp.cumsum)(x), jax.jacrev(jnp.sort)(x)


@case(M, N, grad=True)
def vmapped(x, y):
    return jax.vmap(jax.vmap(jnp.dot, (None, 1)), (0, None))(x, y), jax.vmap(jax.grad(energy))(x)


@jax.custom_vjp
def clipped_gradient(x):
    return jnp.square(x)


clipped_gradient.defvjp(lambda x: (jnp.square(x), x), lambda x, g: (jnp.clip(2 * x * g, -0.5, 0.5),))


@jax.custom_jvp
def doubled_tangent(x):
    return jnp.sin(x)


doubled_tangent.defjvp(lambda primals, tangents: (jnp.sin(primals[0]), 2 * jnp.cos(primals[0]) * tangents[0]))


@case(V, grad=True)
def custom_rules(x):
    return clipped_gradient(x), doubled_tangent(x), lax.stop_gradient(x) * x


@case(M, N, grad=True)
def rematerialised(x, y):
    layer = jax.checkpoint(lambda a: jax.nn.gelu(jnp.sin(a @ y)))
    return layer(x), jax.jit(lambda a: a.mean())(x)


# -- neural networks ---------------------------------------------------------------------------------------------------


@case(IMAGES, KERNEL, grad=True, rtol=1e-4)
def convolutions(x, k):
    dims = ("NHWC", "HWIO", "NHWC")
    conv = functools.partial(lax.conv_general_dilated, dimension_numbers=dims)
    return (
        conv(x, k, (2, 2), "SAME"),
        conv(x, k, (1, 1), [(1, 0), (2, 1)], rhs_dilation=(2, 1)),
        conv(x, k[:, :, :1, :3], (1, 1), "VALID", feature_group_count=3),
        lax.conv_transpose(x, k, (2, 2), "SAME", dimension_numbers=dims),
        jnp.convolve(x[0, 0, :, 0], k[:, 0, 0, 0]),
    )


@case(IMAGES, grad=True)
def pooling(x):
    from flax import linen

    return (
        linen.avg_pool(x, (2, 2), (2, 2)),
        linen.max_pool(x, (3, 3), (2, 2), "SAME"),
        linen.avg_pool(x, (3, 3), (1, 1), "SAME", count_include_pad=False),
        lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 1, 1, 1), "VALID"),
    )


@case(IMAGES, grad=True, rtol=1e-4)
def resizing(x):
    return jax.image.resize(x, (2, 5, 16, 3), "bilinear"), jax.image.resize(x, (2, 16, 16, 3), "nearest")


@case(M, grad=True)
def activations(x):
    return (
        jax.nn.relu(x),
        jax.nn.gelu(x),
        jax.nn.gelu(x, approximate=False),
        jax.nn.silu(x),
        jax.nn.softplus(x),
        jax.nn.elu(x),
        jax.nn.log_softmax(x),
        jax.nn.sigmoid(x),
        jax.nn.hard_tanh(x),
        jax.nn.glu(x),
        jax.nn.selu(x),
        jax.nn.leaky_relu(x),
        jax.nn.softmax(x, where=x > -0.7, axis=0),
        jax.nn.logsumexp(x, axis=1),
        jax.nn.standardize(x),
    )


@case(INTS)
def one_hot(k):
    return jax.nn.one_hot(k, 10), jax.nn.one_hot(k, 5, dtype=jnp.int32), jnp.eye(10)[k]


@case(SEQUENCE, grad=True)
def attention(x):
    q = x.reshape(1, 5, 2, 3)
    mask = jnp.tril(jnp.ones((5, 5), bool))
    scores = jnp.einsum("bqhd,bkhd->bhqk", q, q) / jnp.sqrt(3.0)
    by_hand = jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(jnp.where(mask, scores, -jnp.inf)), q)
    return by_hand, jax.nn.dot_product_attention(q, q, q, is_causal=True)


# -- elementwise -------------------------------------------------------------------------------------------------------


@case(M, grad=True)
def cumulative(x):
    return jnp.cumsum(x, 0), jnp.cumprod(x, 1), lax.cummax(x), lax.cummin(x, axis=1), lax.cumlogsumexp(x), jnp.diff(x)


@case(POSITIVE, grad=True, rtol=1e-4)
def special_functions(x):
    s = jax.scipy.special
    return (
        s.erf(x),
        s.erfc(x),
        s.erfinv(x / 4),
        s.gammaln(x),
        s.digamma(x),
        s.logit(x / 4),
        s.xlogy(x, x),
        s.betaln(x, 2.0),
        s.i0e(x),
        s.i1(x),
        s.entr(x),
        s.ndtr(x),
        s.log_ndtr(x),
    )


@case(POSITIVE, rtol=1e-4)
def special_values(x):
    s = jax.scipy.special
    return s.gammainc(x, 1.5), s.gammaincc(x, 1.5), s.betainc(x, 2.0, 0.3), s.zeta(x + 1.5, 2.0), s.polygamma(1, x)


@case(COMPLEX)
def complex_arithmetic(z):
    return (
        z * z.conj(),
        jnp.exp(z),
        jnp.angle(z),
        z.real + z.imag,
        jnp.sqrt(z),
        jnp.abs(z),
        z @ z.T,
        lax.complex(z.real, z.imag),
    )


@case(UINTS, INTS)
def bit_operations(u, k):
    return (
        u ^ (u >> 3),
        u << 5,
        ~u,
        u & jnp.uint32(255),
        lax.population_count(u),
        lax.clz(u),
        k | 5,
        k // 3,
        k % 4,
        -k // 3,
        u * jnp.uint32(2654435761),
        lax.shift_right_arithmetic(k - 6, 1),
        lax.bitcast_convert_type(u, jnp.float32) != 0,
        u.astype(jnp.int32),
        k.astype(jnp.uint8) * jnp.uint8(77),
        jnp.packbits(k > 4),
    )


@case(M, V)
def dtypes_and_scalars(x, v):
    half = x.astype(jnp.float16) + 1
    brain = (x.astype(jnp.bfloat16) * 2).astype(jnp.float32)
    return half, brain, x > 0, x.sum(dtype=jnp.float32), v.astype(jnp.int32) + 1.5, jnp.arange(3) / 2, x.shape[0]


# -- containers, static arguments, closures ----------------------------------------------------------------------------


class State(NamedTuple):
    position: Any
    velocity: Any


@case(State(V, V[::-1].copy()), {"dt": np.float32(0.1), "mass": [POSITIVE]}, grad=True)
def pytrees(state, how):
    velocity = state.velocity - how["dt"] * state.position / how["mass"][0]
    return State(state.position + how["dt"] * velocity, velocity), {"energy": (velocity**2).sum(), "all": [how["dt"]]}


@case(M, 2, grad=True, kwargs={"axis": 1, "mode": "mean"})
def static_arguments(x, power, *, axis, mode):
    y = x**power
    return y.mean(axis) if mode == "mean" else y.sum(axis)


@case(M, grad=True)
def closure_over_arrays(x):
    table = np.arange(4, dtype="float32")
    return x @ CLOSED_OVER + table


# -- comparing ---------------------------------------------------------------------------------------------------------


def to_jax(tree: Any) -> Any:
    return jax.tree.map(lambda x: jnp.asarray(x) if isinstance(x, np.ndarray | np.generic) else x, tree)


def to_target(tree: Any, target: str, grad: bool = False) -> Any:
    def convert(x: Any) -> Any:
        if not isinstance(x, np.ndarray | np.generic):
            return x
        if target == "numpy":
            return np.array(x)
        t = torch.from_numpy(np.array(x))
        return t.requires_grad_() if grad and t.is_floating_point() else t

    return jax.tree.map(convert, tree)


def to_numpy(x: Any) -> np.ndarray:
    if isinstance(x, torch.Tensor):
        x = x.detach().resolve_conj()
        return x.float().numpy() if x.dtype is torch.bfloat16 else x.numpy()
    return np.asarray(x)


def assert_close(found: Any, expected: Any, rtol: float, exact: bool = False) -> None:
    """Compare one array with JAX's: shape, dtype, values relative to the array's scale."""
    if not isinstance(expected, jax.Array):
        assert found == expected
        return
    found, expected = to_numpy(found), np.asarray(expected)
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype
    if exact or expected.dtype.kind in "iub":
        np.testing.assert_array_equal(found, expected)
        return
    if expected.dtype == "float16":
        rtol = 2e-3
    finite = np.abs(expected[np.isfinite(expected)])
    scale = finite.max() if finite.size else 1.0
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol * scale)


def compare(found: Any, expected: Any, rtol: float, exact: bool = False) -> None:
    assert jax.tree.structure(found) == jax.tree.structure(expected)
    for f, e in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        assert_close(f, e, rtol, exact)


@functools.cache
def expected_of(name: str) -> Any:
    c = CASES[name]
    return c.fn(*to_jax(c.args), **c.kwargs)


@functools.cache
def transpiled(name: str, target: str) -> Any:
    return ivy.transpile(CASES[name].fn, source="jax", to=target)


def weighted(leaves: list[Any], sines: Callable[[int, tuple[int, ...]], Any]) -> Any:
    """Return a sum of float results with unequal weights, so that no gradient cancels or is constant."""
    return sum((x * sines(i, tuple(x.shape))).sum() for i, x in enumerate(leaves))


def sines(i: int, shape: tuple[int, ...]) -> np.ndarray:
    return np.sin(i + 1 + np.arange(np.prod(shape), dtype="float32")).reshape(shape)


def is_float(x: Any) -> bool:
    if isinstance(x, torch.Tensor):
        return x.is_floating_point()
    return hasattr(x, "dtype") and bool(jnp.issubdtype(x.dtype, jnp.floating))


def expected_gradients(c: Case) -> list[Any]:
    leaves, spec = jax.tree.flatten(to_jax(c.args))
    floats = [i for i, x in enumerate(leaves) if is_float(x)]

    def loss(values: list[Any]) -> Any:
        now = list(leaves)
        for i, x in zip(floats, values, strict=True):
            now[i] = x
        out = jax.tree.leaves(c.fn(*jax.tree.unflatten(spec, now), **c.kwargs))
        return weighted([x for x in out if is_float(x)], sines)

    return jax.grad(loss)([leaves[i] for i in floats])


def found_gradients(fn: Any, c: Case) -> list[Any]:
    args = to_target(c.args, "torch", grad=True)
    out = jax.tree.leaves(fn(*args, **c.kwargs))
    weighted([x for x in out if is_float(x)], lambda i, s: torch.from_numpy(sines(i, s))).backward()
    floats = [x for x in jax.tree.leaves(args) if is_float(x)]
    return [torch.zeros_like(x) if x.grad is None else x.grad for x in floats]


@pytest.mark.parametrize("target", ["torch", "numpy"])
@pytest.mark.parametrize("name", CASES)
def test_values(name: str, target: str) -> None:
    c = CASES[name]
    f = transpiled(name, target)
    found = f(*to_target(c.args, target), **c.kwargs)
    kinds = {"torch": torch.Tensor, "numpy": np.ndarray | np.generic}
    for f_leaf, e_leaf in zip(jax.tree.leaves(found), jax.tree.leaves(expected_of(name)), strict=True):
        assert isinstance(f_leaf, kinds[target]) or not isinstance(e_leaf, jax.Array)
    compare(found, expected_of(name), c.rtol, c.exact)
    again = f(*to_target(c.args, target), **c.kwargs)  # the second call runs the graph alone
    compare(again, expected_of(name), c.rtol, c.exact)
    assert len(f.graphs) == 1


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.grad])
def test_gradients(name: str) -> None:
    c = CASES[name]
    for found, expected in zip(found_gradients(transpiled(name, "torch"), c), expected_gradients(c), strict=True):
        assert_close(found, expected, 5 * c.rtol)


_INDUCTOR = [pytest.param(n, "inductor", marks=pytest.mark.slow) for n in ("custom_rules", "scan_rnn", "products")]


@pytest.mark.parametrize(("name", "backend"), [("products", "aot_eager"), *_INDUCTOR])
def test_compiled_by_torch(name: str, backend: str) -> None:
    """torch.compile takes the whole function as one graph, and its gradients."""
    c = CASES[name]
    f = transpiled(name, "torch")
    f(*to_target(c.args, "torch"), **c.kwargs)
    torch._dynamo.reset()
    compiled = torch.compile(f, fullgraph=True, backend=backend)
    compare(compiled(*to_target(c.args, "torch"), **c.kwargs), expected_of(name), c.rtol)
    for found, expected in zip(found_gradients(compiled, c), expected_gradients(c), strict=True):
        assert_close(found, expected, 5 * c.rtol)


def test_dtypes_without_64_bits() -> None:
    """A NumPy or torch array of 64 bits is what JAX would take it for: 32 bits."""
    f = ivy.transpile(lambda x: (x * 2, x.sum(), jnp.arange(3)), source="jax", to="numpy")
    assert [str(x.dtype) for x in f(V.astype("float64"))] == ["float32", "float32", "int32"]
