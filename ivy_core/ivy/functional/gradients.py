"""Derivatives.

The ops differentiate a function of a flat tuple of arrays; the functions that users call (`grad`, `value_and_grad`,
`jacobian`, `hessian`, `execute_with_gradients`) take pytrees of any depth and any argument positions, and are written
once on these. Integer and boolean leaves have zero gradients.

The gradient of a real function with respect to a complex array is the direction of steepest ascent, dL/dRe + i dL/dIm,
and cotangents follow the same convention (PyTorch's and TensorFlow's; JAX's own gradient is its conjugate).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import optree

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.functional.registry import composite, primitive
from ivy.functional.typing import Array

__all__ = [
    "checkpoint",
    "custom_gradient",
    "custom_vjp",
    "execute_with_gradients",
    "grad",
    "hessian",
    "jacobian",
    "jacobian_at",
    "jvp",
    "stop_gradient",
    "straight_through",
    "value_and_grad",
    "value_and_grad_at",
    "vjp",
    "vjp_at",
]


@primitive
def stop_gradient(x: Array, /) -> Array:
    """Return the same values, cut off from differentiation (jax.lax.stop_gradient, torch.Tensor.detach).

    Args:
        x: array of any shape and dtype.

    Returns:
        The same values; derivatives do not flow through.

    Definition: jax.lax.stop_gradient, https://docs.jax.dev/en/latest/_autosummary/jax.lax.stop_gradient.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.stop_gradient(np.asarray([1.0, 2.0]))
        array([1., 2.])
    """


@composite(body="_derivatives")
def straight_through(x: Array, value: Array, /) -> Array:
    """Return one array's values with another's derivative: what a write outside of differentiation leaves.

    Args:
        x: array whose derivative the result has.
        value: the values, an array of the same shape and dtype.

    Returns:
        The values; derivatives flow to `x` as if they were its own, and not to `value`.

    Definition: the straight-through estimator of Bengio et al. 2013, https://arxiv.org/abs/1308.3432

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.straight_through(np.asarray([1.2, 2.7]), np.asarray([1.0, 3.0]))
        array([1., 3.])
    """


@composite(
    body="_derivatives",
    eager=True,
    subgraphs={"fun": lambda bound, traced: [bound["variables"]]},
    result=lambda bound, traced: (traced["fun"], tuple(bound["variables"])),
)
def value_and_grad_at(  # type: ignore[empty-body]
    fun: Callable[[tuple[Any, ...]], Any],
    variables: Sequence[Array],
    /,
    *,
    has_aux: bool = False,
    stateful: bool = False,
) -> tuple[Any, tuple[Any, ...]]:
    """Evaluate a scalar function and its gradients; what `grad` and its relatives call.

    Args:
        fun: called with the tuple of variables; returns a scalar, or ``(scalar, aux)`` with `has_aux`.
        variables: floating-point or complex arrays.
        has_aux: whether `fun` returns something besides, that is not differentiated.
        stateful: whether `fun` may keep arrays that it computes (running statistics of a module); such a function is
            differentiated once, not nested in another derivative.

    Returns:
        What `fun` returned, and a tuple of gradients shaped like the variables.

    Raises:
        NotImplementedByBackend: on a backend without derivatives (numpy).

    Definition: jax.value_and_grad, https://docs.jax.dev/en/latest/_autosummary/jax.value_and_grad.html

    Example:
        >>> import ivy
        >>> import torch
        >>> value, (gradient,) = ivy.value_and_grad_at(lambda v: (v[0] ** 2).sum(), (torch.ones(2),))
        >>> gradient.tolist()
        [2.0, 2.0]
    """


def _rows(bound: Mapping[str, Any], traced: Mapping[str, Any]) -> Any:
    """Describe a Jacobian: for every output, one array per variable."""
    from ivy.graph.aval import Aval

    def row(out: Any) -> tuple[Any, ...]:
        return tuple(Aval((*out.shape, *v.shape), dtype_of(v)) for v in bound["variables"])

    return optree.tree_map(row, traced["fun"])


@composite(body="_derivatives", eager=True, subgraphs={"fun": lambda bound, traced: [bound["variables"]]}, result=_rows)
def jacobian_at(fun: Callable[[tuple[Any, ...]], Any], variables: Sequence[Array], /) -> Any:
    """Evaluate the Jacobian of a function of several arrays; what `jacobian` calls.

    Args:
        fun: called with the tuple of variables; returns an array or a pytree of arrays.
        variables: floating-point arrays.

    Returns:
        For every output of `fun`, a tuple with one array of shape ``out.shape + variable.shape`` per variable.

    Raises:
        NotImplementedByBackend: on a backend without derivatives (numpy).

    Definition: jax.jacrev, https://docs.jax.dev/en/latest/_autosummary/jax.jacrev.html

    Example:
        >>> import ivy
        >>> import torch
        >>> (row,) = ivy.jacobian_at(lambda v: v[0] ** 2, (torch.ones(2),))
        >>> row.tolist()
        [[2.0, 0.0], [0.0, 2.0]]
    """


@primitive
def vjp(  # type: ignore[empty-body]
    fun: Callable[..., Any], /, *primals: Array
) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """Evaluate a function and give the one that pulls cotangents back through it (jax.vjp, torch.func.vjp).

    Args:
        fun: function of arrays.
        *primals: floating-point arrays, or pytrees of them.

    Returns:
        What `fun` returns, and a function from a cotangent of the same structure to a tuple with one gradient per
        primal.

    Raises:
        NotImplementedByBackend: on a backend without derivatives (numpy).

    Definition: jax.vjp, https://docs.jax.dev/en/latest/_autosummary/jax.vjp.html

    Example:
        >>> import ivy
        >>> import torch
        >>> out, pull = ivy.vjp(lambda x: x**2, torch.ones(2))
        >>> pull(torch.ones(2))[0].tolist()
        [2.0, 2.0]
    """


def _pulled(bound: Mapping[str, Any], traced: Mapping[str, Any]) -> Any:
    from ivy.graph.aval import Aval

    gradients = tuple(bound["primals"])
    if bound["batched"]:
        size = optree.tree_leaves(traced["fun"][1])[0].shape[0]
        gradients = tuple(Aval((size, *v.shape), dtype_of(v)) for v in gradients)
    return traced["fun"], gradients


@composite(body="_derivatives", eager=True, subgraphs={"fun": lambda bound, traced: [bound["primals"]]}, result=_pulled)
def vjp_at(  # type: ignore[empty-body]
    fun: Callable[[tuple[Any, ...]], Any], primals: Sequence[Array], /, *, batched: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    """Evaluate a function that says itself which cotangents are pulled back through it; what captured programs call.

    Args:
        fun: called with the tuple of primals; returns ``(outputs, cotangents, kept)``: two tuples of arrays of the same
            shapes and dtypes, and anything that it has computed besides. The cotangents count as constants.
        primals: floating-point or complex arrays.
        batched: whether each cotangent has a leading axis of independent ones.

    Returns:
        What `fun` returned, and a tuple of gradients shaped like the primals (with the leading axis, if `batched`).

    Raises:
        NotImplementedByBackend: on a backend without derivatives (numpy).

    Definition: jax.vjp, https://docs.jax.dev/en/latest/_autosummary/jax.vjp.html

    Example:
        >>> import ivy
        >>> import torch
        >>> x = torch.tensor([1.0, 2.0])
        >>> ivy.vjp_at(lambda v: ((v[0] ** 2,), (torch.ones(2),), ()), (x,))[1][0].tolist()
        [2.0, 4.0]
    """


@composite(
    body="_derivatives",
    subgraphs={"fun": lambda bound, traced: list(bound["args"])},
    result=lambda bound, traced: traced["fun"],
)
def checkpoint(fun: Callable[..., Any], /, *args: Array) -> Any:
    """Call a function whose intermediate results are not kept for derivatives but computed again (jax.checkpoint).

    Args:
        fun: function of arrays; what it draws at random is the same both times.
        *args: arrays to call it with.

    Returns:
        What `fun` returns.

    Definition: jax.checkpoint, https://docs.jax.dev/en/latest/_autosummary/jax.checkpoint.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.checkpoint(lambda x: x * 2, np.ones(2))
        array([2., 2.])
    """


@composite(
    body="_derivatives",
    eager=True,
    subgraphs={"fun": lambda bound, traced: list(bound["primals"])},
    result=lambda bound, traced: (traced["fun"], traced["fun"]),
)
def jvp(  # type: ignore[empty-body]
    fun: Callable[..., Any], primals: Sequence[Array], tangents: Sequence[Array], /
) -> tuple[Any, Any]:
    """Evaluate a function and its derivative along a direction (jax.jvp, torch.func.jvp).

    Args:
        fun: function of arrays.
        primals: tuple of floating-point arrays to call it with.
        tangents: tuple of the same structure: the direction.

    Returns:
        What `fun` returns and its derivative along the direction.

    Raises:
        NotImplementedByBackend: on a backend without derivatives (numpy).

    Definition: jax.jvp, https://docs.jax.dev/en/latest/_autosummary/jax.jvp.html

    Example:
        >>> import ivy
        >>> import torch
        >>> ivy.jvp(lambda x: x**2, (torch.ones(2),), (torch.ones(2),))[1].tolist()
        [2.0, 2.0]
    """


def _arguments(bound: Mapping[str, Any], traced: Mapping[str, Any]) -> list[Any]:
    return list(bound["args"])


def _backward(bound: Mapping[str, Any], traced: Mapping[str, Any]) -> list[Any]:
    outputs, residuals = traced["fwd"]
    return [residuals, outputs]


@primitive(
    subgraphs={"fun": _arguments, "fwd": _arguments, "bwd": _backward}, result=lambda bound, traced: traced["fun"]
)
def custom_vjp(fun: Callable[..., Any], fwd: Callable[..., Any], bwd: Callable[..., Any], /, *args: Array) -> Any:
    """Call a function that brings its own derivative (jax.custom_vjp, torch.autograd.Function).

    Args:
        fun: called as ``fun(*args)`` where nothing is differentiated.
        fwd: called as ``fwd(*args)`` where something is; returns ``(outputs, residuals)``, the outputs of `fun` and
            what `bwd` needs.
        bwd: called as ``bwd(residuals, cotangents)``, the cotangents structured like the outputs; returns a tuple with
            one gradient per argument, None where there is none.
        *args: arrays, or pytrees of arrays.

    Returns:
        The outputs.

    Definition: jax.custom_vjp, https://docs.jax.dev/en/latest/_autosummary/jax.custom_vjp.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.custom_vjp(np.sin, lambda x: (np.sin(x), (x,)), lambda r, g: (g * np.cos(r[0]),), np.zeros(2))
        array([0., 0.])
    """


def custom_gradient(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that brings its own derivative, in TensorFlow's form; a decorator (tf.custom_gradient).

    Args:
        fn: called with arrays; returns ``(y, grad_fn)``: an array or a tuple of them, and the function that is called
            with one cotangent per output and returns the gradient of the argument, or a tuple of one per argument.

    Returns:
        A function of the same arguments that returns ``y``.

    Example:
        >>> import ivy
        >>> import torch
        >>> @ivy.custom_gradient
        ... def double(x):
        ...     return x * 2, lambda upstream: upstream * 10
        >>> ivy.grad(lambda x: double(x).sum())(torch.ones(2)).tolist()
        [10.0, 10.0]
    """

    def call(*args: Any) -> Any:
        def bwd(residuals: tuple[Any, ...], cotangents: Any) -> tuple[Any, ...]:
            # the function is called again: what it closes over need then not pass through the framework's rule
            found = fn(*residuals)[1](*(cotangents if isinstance(cotangents, (tuple, list)) else (cotangents,)))
            return tuple(found) if isinstance(found, (tuple, list)) else (found,)

        return custom_vjp(lambda *xs: fn(*xs)[0], lambda *xs: (fn(*xs)[0], xs), bwd, *args)

    return call


def _differentiable(x: Any) -> bool:
    return hasattr(x, "dtype") and dtype_of(x).is_inexact


class _Leaves:
    """The leaves of a pytree that can be differentiated, and how to put new ones in their place."""

    def __init__(self, tree: Any) -> None:
        self.all, self.treedef = optree.tree_flatten(tree)
        self.places = [i for i, x in enumerate(self.all) if _differentiable(x)]
        self.variables = tuple(self.all[i] for i in self.places)

    def tree(self, variables: Sequence[Any]) -> Any:
        """The pytree with `variables` for the leaves that can be differentiated."""
        return self._replaced(list(self.all), variables)

    def gradients(self, found: Sequence[Any]) -> Any:
        """The pytree with `found` for these leaves and zeros for the others."""
        zeros = list(self.all)
        for i in set(range(len(zeros))).difference(self.places):
            zeros[i] = F.zeros_like(zeros[i]) if hasattr(zeros[i], "dtype") else None
        return self._replaced(zeros, found)

    def _replaced(self, leaves: list[Any], new: Sequence[Any]) -> Any:
        for i, x in zip(self.places, new, strict=True):
            leaves[i] = x
        return optree.tree_unflatten(self.treedef, leaves)


def execute_with_gradients(
    loss_fn: Callable[[Any], Any], variables: Any, /, *, has_aux: bool = False
) -> tuple[Any, Any]:
    """Evaluate a loss and its gradients with respect to a pytree of variables: one training step's derivatives.

    Unlike `value_and_grad`, the loss may keep arrays that it computes (batch norm's running statistics).

    Args:
        loss_fn: called with the variables; returns a scalar, or ``(scalar, aux)`` with `has_aux`.
        variables: an array or any pytree (dicts, lists, tuples) of arrays.
        has_aux: whether `loss_fn` returns something besides the loss.

    Returns:
        What `loss_fn` returned, and the gradients, structured like `variables`.

    Raises:
        NotImplementedByBackend: on a backend without derivatives (numpy).

    Example:
        >>> import ivy
        >>> import torch
        >>> loss, gradients = ivy.execute_with_gradients(lambda v: (v["w"] ** 2).sum(), {"w": torch.ones(2)})
        >>> gradients["w"].tolist()
        [2.0, 2.0]
    """
    leaves = _Leaves(variables)
    value, found = value_and_grad_at(
        lambda new: loss_fn(leaves.tree(new)), leaves.variables, has_aux=has_aux, stateful=True
    )
    return value, leaves.gradients(found)


def _at_argnums(fun: Callable[..., Any], argnums: int | Sequence[int], args: Sequence[Any], kwargs: Any) -> Any:
    """Return `fun` as a function of the chosen arguments alone, and these."""
    single = isinstance(argnums, int)
    numbers = [argnums] if isinstance(argnums, int) else list(argnums)
    chosen = tuple(args[n] for n in numbers)

    def of_chosen(new: Any) -> Any:
        full = list(args)
        for n, value in zip(numbers, (new,) if single else new, strict=True):
            full[n] = value
        return fun(*full, **kwargs)

    return of_chosen, chosen[0] if single else chosen


def value_and_grad(
    fun: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """Make the function that evaluates a scalar function and its gradients (jax.value_and_grad).

    Args:
        fun: returns a scalar, or ``(scalar, aux)`` with `has_aux`.
        argnums: position, or positions, of the arguments to differentiate: arrays or pytrees of arrays.
        has_aux: whether `fun` returns something besides, that is not differentiated.

    Returns:
        A function of the same arguments that returns what `fun` returns, and the gradients (a tuple for several
        `argnums`).

    Example:
        >>> import ivy
        >>> import torch
        >>> value, gradient = ivy.value_and_grad(lambda x: (x**2).sum())(torch.ones(2))
        >>> value.item(), gradient.tolist()
        (2.0, [2.0, 2.0])
    """

    def evaluate(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        of_chosen, chosen = _at_argnums(fun, argnums, args, kwargs)
        leaves = _Leaves(chosen)
        value, found = value_and_grad_at(lambda new: of_chosen(leaves.tree(new)), leaves.variables, has_aux=has_aux)
        return value, leaves.gradients(found)

    return evaluate


def grad(fun: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False) -> Callable[..., Any]:
    """Make the function that evaluates the gradients of a scalar function (jax.grad, torch.func.grad).

    Args:
        fun: returns a scalar, or ``(scalar, aux)`` with `has_aux`.
        argnums: position, or positions, of the arguments to differentiate: arrays or pytrees of arrays.
        has_aux: whether `fun` returns something besides; then the result is ``(gradients, aux)``.

    Returns:
        A function of the same arguments that returns the gradients (a tuple for several `argnums`).

    Example:
        >>> import ivy
        >>> import torch
        >>> ivy.grad(ivy.grad(lambda x: x**3))(torch.tensor(2.0)).item()
        12.0
    """
    both = value_and_grad(fun, argnums, has_aux=has_aux)

    def evaluate(*args: Any, **kwargs: Any) -> Any:
        value, gradients = both(*args, **kwargs)
        return (gradients, value[1]) if has_aux else gradients

    return evaluate


def jacobian(fun: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Make the function that evaluates the Jacobian (jax.jacrev, torch.func.jacrev).

    Args:
        fun: function of arrays that returns an array, or a pytree of arrays.
        argnums: position, or positions, of the arguments to differentiate: arrays or pytrees of floating-point arrays.

    Returns:
        A function of the same arguments that returns, for every output, an array of shape ``out.shape + in.shape``
        for every input, structured like the inputs.

    Example:
        >>> import ivy
        >>> import torch
        >>> ivy.jacobian(lambda x: x**2)(torch.tensor([1.0, 2.0])).tolist()
        [[2.0, 0.0], [0.0, 4.0]]
    """

    def evaluate(*args: Any, **kwargs: Any) -> Any:
        of_chosen, chosen = _at_argnums(fun, argnums, args, kwargs)
        leaves = _Leaves(chosen)
        outputs: list[Any] = []

        def of_leaves(new: Any) -> list[Any]:
            flat, treedef = optree.tree_flatten(of_chosen(leaves.tree(new)))
            outputs[:] = [treedef]
            return flat

        rows = jacobian_at(of_leaves, leaves.variables)
        return optree.tree_unflatten(outputs[0], [leaves.gradients(row) for row in rows])

    return evaluate


def hessian(fun: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Make the function that evaluates the matrix of second derivatives of a scalar function (jax.hessian).

    Args:
        fun: returns a scalar.
        argnums: position, or positions, of the arguments to differentiate.

    Returns:
        A function of the same arguments that returns the Jacobian of the gradients.

    Example:
        >>> import ivy
        >>> import torch
        >>> ivy.hessian(lambda x: (x**3).sum())(torch.tensor([1.0, 2.0])).tolist()
        [[6.0, 0.0], [0.0, 12.0]]
    """
    return jacobian(grad(fun, argnums), argnums)
