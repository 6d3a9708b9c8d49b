"""Gradients of captured functions under torch's autograd against jax.grad, custom rules above all."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

import ivy
from ivy_jax.capture import capture

torch = pytest.importorskip("torch")

r = np.random.default_rng(0)
v = r.normal(size=6).astype("float32")
m = r.normal(size=(4, 3)).astype("float32")
sq = (r.normal(size=(3, 3)) + 3 * np.eye(3)).astype("float32")
zeros = np.float32([0.0, 0.0, -1.0, 2.0])


@jax.custom_jvp
def clipped_log(x):
    return jnp.log(jnp.maximum(x, 1e-3))


@clipped_log.defjvp
def _(primals, tangents):
    (x,), (t,) = primals, tangents
    return clipped_log(x), t * 7.0 / jnp.maximum(x, 1.0)


@jax.custom_jvp
def relu(x):
    """Not jax.nn.relu, though it has its name and its equations."""
    return jnp.maximum(x, 0)


relu.defjvps(lambda g, ans, x: g * 5.0)


@jax.custom_vjp
def tripled(x, y):
    return x * y


tripled.defvjp(lambda x, y: (x * y, (x, y)), lambda res, g: (3 * g * res[1], -g * res[0]))


@jax.custom_vjp
def with_integers(x, n):
    return x * n, x + n


with_integers.defvjp(lambda x, n: (with_integers(x, n), (x,)), lambda res, g: (g[0] * 10 + g[1] * res[0], None))


@jax.jit
def silu(x):
    """A user's own function of a well-known name."""
    return x * 2.0


def with_closure(x, scale):
    @jax.custom_jvp
    def f(y):
        return jnp.sin(y * scale)

    f.defjvps(lambda g, ans, y: g * scale * 2)
    return f(x)


CASES = {
    "relu_at_zero": (lambda a: jax.nn.relu(a).sum(), zeros),
    "relu6": (lambda a: (jax.nn.relu6(a * 3) ** 2).sum(), v),
    "custom_jvp": (lambda a: clipped_log(a).sum(), v),
    "user_relu": (lambda a: relu(a).sum(), v),
    "custom_jvp_closure": (lambda a: with_closure(a, np.arange(6, dtype="float32")).sum(), v),
    "custom_vjp": (lambda a, b: (tripled(a, b) ** 2).sum(), v, v[::-1].copy()),
    "custom_vjp_integers": (lambda a: sum(o.sum() for o in with_integers(a, 3)), v),
    "custom_vjp_in_scan": (lambda a: lax.scan(lambda c, x: (tripled(c, x), c), 1.0, a)[0], v),
    "custom_jvp_in_cond": (lambda a: lax.cond(a.sum() > 0, lambda b: clipped_log(b), lambda b: b * 2, a).sum(), v),
    "user_silu": (lambda a: silu(a).sum(), v),
    "silu": (lambda a: jax.nn.silu(a).sum(), v),
    "gelu": (lambda a: (jax.nn.gelu(a) + jax.nn.gelu(a, approximate=False)).sum(), v),
    "softmax": (lambda a: (jax.nn.softmax(a) * jnp.arange(3)).sum(), m),
    "softmax_masked": (lambda a: (jax.nn.softmax(jnp.where(a > -1, a, -jnp.inf)) * jnp.arange(6)).sum(), v),
    "logsumexp_with_minus_infinity": (lambda a: jax.nn.logsumexp(jnp.where(a > 0, a, -jnp.inf)), v),
    "log_softmax": (lambda a: jax.nn.log_softmax(a)[:, 0].sum(), m),
    "softplus": (lambda a: jax.nn.softplus(a * 10).sum(), v),
    "logaddexp": (lambda a: jnp.logaddexp(a, a[::-1]).sum(), v),
    "elu": (lambda a: jax.nn.elu(a).sum(), v),
    "sqrt_guard": (lambda a: jnp.where(a > 0, jnp.sqrt(jnp.where(a > 0, a, 1.0)), 0.0).sum(), zeros),
    "abs": (lambda a: jnp.abs(a).sum(), v),
    "max_ties": (lambda a: jnp.maximum(a, 0.0).sum(), zeros),
    "reduce_max_ties": (lambda a: a.max(), np.float32([1.0, 2.0, 2.0])),
    "sort": (lambda a: (jnp.sort(a) * jnp.arange(6)).sum(), v),
    "gather": (lambda a: (a[jnp.array([0, 0, 2])] ** 2).sum(), v),
    "gather_outside": (lambda a: a.at[jnp.array([0, 9])].get(mode="fill", fill_value=0.0).sum(), v),
    "scatter": (lambda a: (jnp.zeros(4).at[jnp.array([0, 1, 1, 3, 9, 2])].add(a) ** 2).sum(), v),
    "scatter_set": (lambda a: (a.at[jnp.array([0, 9])].set(5.0) ** 2).sum(), v),
    "cumulative": (lambda a: (jnp.cumsum(a) * jnp.cumprod(a)).sum(), v),
    "scan": (lambda a: lax.scan(lambda c, x: (jnp.tanh(c + x), c * x), 0.0, a)[1].sum(), v),
    "fori": (lambda a: lax.fori_loop(0, 4, lambda i, s: s * jnp.cos(s), a).sum(), v),
    "switch": (lambda a: lax.switch(jnp.int32(1), [jnp.sin, jnp.cos], a).sum(), v),
    "remat": (lambda a: jax.checkpoint(lambda b: jnp.sin(jnp.sin(b)))(a).sum(), v),
    "stop_gradient": (lambda a: (a * lax.stop_gradient(a)).sum(), v),
    "matmul": (lambda a, b: (a @ b).sum(), m, m.T.copy()),
    "einsum": (lambda a, b: (jnp.einsum("ij,kj->ik", a, b) ** 2).sum(), m, m + 1),
    "conv": (
        lambda a, k: (lax.conv_general_dilated(a, k, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")) ** 2
                      ).sum(),
        r.normal(size=(1, 5, 5, 2)).astype("float32"), r.normal(size=(3, 3, 2, 2)).astype("float32"),
    ),
    "max_pool": (
        lambda a: (lax.reduce_window(a, -jnp.inf, lax.max, (2, 2), (2, 2), "VALID") ** 2).sum(),
        r.normal(size=(4, 4)).astype("float32"),
    ),
    "variance": (lambda a: jnp.var(a, axis=1).sum() + jnp.std(a), m),
    "norm": (lambda a: jnp.linalg.norm(a), v),
    "solve": (lambda a, b: (jnp.linalg.solve(a, b) ** 2).sum(), sq, m[:3]),
    "inv_det": (lambda a: jnp.linalg.inv(a).sum() + jnp.linalg.det(a), sq),
    "linear_solve": (
        lambda a, b: lax.custom_linear_solve(
            lambda x: a @ x, b, lambda _, y: jnp.linalg.inv(a) @ y, lambda _, y: jnp.linalg.inv(a).T @ y
        ).sum(), sq, m[:3, 0],
    ),
    "cholesky": (lambda a: jnp.linalg.cholesky(a @ a.T).sum(), sq),
    "eigvalsh": (lambda a: (jnp.linalg.eigvalsh(a + a.T) * jnp.arange(3)).sum(), sq),
    "fft": (lambda a: (jnp.abs(jnp.fft.rfft(a)) ** 2).sum(), v),
    "integer_pow": (lambda a: (a**3 + a**-2).sum(), np.abs(v) + 0.5),
    "take_along_axis": (lambda a: jnp.take_along_axis(a, jnp.argsort(a, axis=1), axis=1)[:, 0].sum(), m),
    "pad_concatenate": (lambda a: (jnp.pad(jnp.concatenate([a, a * 2]), 1) ** 2).sum(), m),
    "cross_entropy": (
        lambda a: -(jax.nn.log_softmax(a) * jax.nn.one_hot(jnp.array([0, 2, 1, 1]), 3)).sum(-1).mean(), m,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_gradient(interpreted, name):
    fn, *arrays = CASES[name]
    argnums = tuple(range(len(arrays)))
    expected = jax.grad(fn, argnums)(*(jnp.asarray(a) for a in arrays))
    graph = capture(fn, tuple(arrays), {})
    tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
    value = interpreted(graph, tensors, "torch")
    np.testing.assert_allclose(value.detach().numpy(), fn(*map(jnp.asarray, arrays)), rtol=1e-4, atol=1e-5)
    with ivy.using_backend("torch"):  # an interpreted backward rule asks for it; generated code does not
        found = torch.autograd.grad(value, tensors)
    for e, f in zip(expected, found):
        assert f.dtype is torch.float32
        assert tuple(f.shape) == e.shape
        np.testing.assert_allclose(f.numpy(), np.asarray(e), rtol=2e-3, atol=2e-4)


def test_a_users_function_is_not_taken_for_a_public_one():
    assert [n.fn for n in capture(silu, (v,), {}).calls()] == ["jax.lax.mul"]
    assert "jax.nn.relu" not in [n.fn for n in capture(relu, (v,), {}).calls()]
    assert [n.fn for n in capture(jax.nn.relu, (v,), {}).calls()] == ["jax.nn.relu"]
    assert [n.fn for n in capture(jax.nn.silu, (v,), {}).calls()] == ["jax.nn.silu"]


def test_second_derivatives_of_plain_code(interpreted):
    def fn(a):
        return (jnp.sin(a) * a**2).sum()

    x = torch.tensor(v, requires_grad=True)
    (first,) = torch.autograd.grad(interpreted(capture(fn, (v,), {}), [x], "torch"), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    np.testing.assert_allclose(second.numpy(), jax.grad(lambda a: jax.grad(fn)(a).sum())(v), rtol=1e-4, atol=1e-4)
