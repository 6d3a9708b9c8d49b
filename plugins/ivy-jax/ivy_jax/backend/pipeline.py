"""What the conversion pipeline asks of JAX as a target, besides the functions of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.experimental

from ivy.dtypes import DType, as_dtype
from ivy.errors import ArgumentError
from ivy.graph.containers import Auxiliary, custom_classes
from ivy.graph.graph import Graph
from ivy.graph.passes.layout import channels_last
from ivy.tracer.evaluate import Evaluator
from ivy_jax.backend.random import random_default_key
from ivy_jax.backend.support import native_dtype

__all__ = [
    "COMPILES_EAGERLY", "CONJUGATE_GRADIENTS", "EXPLICIT_RNG", "WIDE_TYPES", "as_key", "canonical_dtype", "concrete",
    "container_rule", "default_key", "is_abstract", "prepare", "rebuilding", "scoping", "unlimited_dtypes",
]  # fmt: skip

COMPILES_EAGERLY = True
"""Each op on each new shape is compiled: the conformance suite tries fewer calls."""

CONJUGATE_GRADIENTS = True
"""JAX's own gradient with respect to a complex array is the conjugate of the direction of steepest ascent."""
EXPLICIT_RNG = True
"""Random ops need a key: the lowering threads one through the graph."""


WIDE_TYPES = "JAX has 64-bit types after jax.config.update('jax_enable_x64', True)"
"""How to get the types that `canonical_dtype` narrows, for messages."""


def canonical_dtype(dtype: DType) -> DType:
    """Return the dtype that an array of this one has in JAX: 32 bits for 64 unless x64 is enabled."""
    return as_dtype(native_dtype(dtype))


def unlimited_dtypes() -> Any:
    """Return a context in which JAX has 64-bit types, for shapes and dtypes of another framework that has them."""
    enable: Any = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64  # older releases
    return enable(True)


def is_abstract(x: Any) -> bool:
    """Tell whether an array has no value yet because a transformation traces it."""
    return isinstance(x, jax.core.Tracer)


def concrete(x: Any) -> Any:
    """Return an array's value as far as a transformation leaves it one (grad outside of jit), None if it has none."""
    while isinstance(x, jax.core.Tracer):
        inner = getattr(x, "primal", None)
        if inner is None:
            return None
        x = inner
    return x


def default_key() -> Any:
    """Draw a key from the stateful default generator."""
    return random_default_key()


def as_key(key: Any) -> Any:
    """Return the ``uint32[2]`` form of a random key: of either style, of a seed, or of the streams of an `nnx.Rngs`."""
    if isinstance(key, int):
        return jax.random.PRNGKey(key)
    if any(cls.__name__ == "Rngs" for cls in type(key).__mro__):
        key = key.dropout()
    elif not hasattr(key, "dtype"):
        raise ArgumentError(
            f"rng= takes a random key, not a {type(key).__name__}",
            hint="pass jax.random.key(0), jax.random.PRNGKey(0), an integer seed or nnx.Rngs(0)",
        )
    return jax.random.key_data(key) if jax.dtypes.issubdtype(key.dtype, jax.dtypes.prng_key) else key


def prepare(graph: Graph, evaluator: Evaluator) -> Graph:
    """Run JAX's own passes on an ivy graph: XLA's convolutions are fast with channels last only."""
    return channels_last(graph, evaluator)


def container_rule(x: Any) -> tuple[Callable[[Any], Any], Callable[[Any, Any], Any]] | None:
    """Return how `jax.tree_util` takes an object apart and puts it together, None if it takes it for a leaf."""
    if jax.tree_util.all_leaves([x]):
        return None

    def take(x: Any) -> tuple[list[Any], Auxiliary]:
        children, structure = jax.tree_util.tree_flatten(x, is_leaf=lambda y: y is not x)
        return children, Auxiliary(structure, structure.node_data())

    return take, lambda auxiliary, children: auxiliary.value.unflatten(children)


_registered: set[type] = set()


class _Static:
    """A part of a container that holds no array; belongs to the structure, as JAX sees it."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Static) and (self.value is other.value or bool(self.value == other.value))

    def __hash__(self) -> int:
        return hash(type(self.value))


def _without_statics(
    take: Callable[[Any], Any], build: Callable[[Any, Any], Any]
) -> tuple[Callable[[Any], Any], Callable[[Any, Any], Any]]:
    """Move the children without arrays to the auxiliary data: JAX takes nothing but arrays for leaves."""

    def take_arrays(x: Any) -> tuple[list[Any], Any]:
        children, auxiliary = take(x)
        statics = tuple(
            None if any(isinstance(v, jax.Array) for v in jax.tree_util.tree_leaves(c)) or c is None else _Static(c)
            for c in children
        )
        # None stays a child: JAX counts it as an empty container, which may hold an array in another call
        return [c for c, s in zip(children, statics, strict=True) if s is None], (auxiliary, statics)

    def build_all(auxiliary: Any, children: Any) -> Any:
        original, statics = auxiliary
        rest = iter(children)
        return build(original, [next(rest) if s is None else s.value for s in statics])

    return take_arrays, build_all


def scoping(function: Callable[..., Any], scoped: Callable[[str], Callable[..., Any]]) -> Callable[..., Any]:
    """Let what JAX compiles of a generated function tell the modules of the source: in HLO, in profiles.

    Args:
        function: the function, for eager calls.
        scoped: gives the same with a scope for each module, given what opens one.

    Returns:
        The function that chooses.
    """
    from ivy_jax.capture.private import trace_state_clean  # a third of a microsecond

    def run(*args: Any) -> Any:
        return function(*args) if trace_state_clean() else scoped("jax.named_scope({name!r})")(*args)

    return run


def rebuilding(rebuild: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Tell JAX of the container classes that a function returns, so that it can be jitted.

    Args:
        rebuild: makes the user's containers.

    Returns:
        The same, registering each class with `jax.tree_util` when it is first made.
    """

    told = False

    def rebuilt(parts: Any) -> Any:
        nonlocal told
        result = rebuild(parts)
        if not told:
            told = True
            for cls, (take, build) in custom_classes(result).items():
                if cls not in _registered:
                    _registered.add(cls)
                    try:
                        jax.tree_util.register_pytree_node(cls, *_without_statics(take, build))
                    except ValueError:
                        pass  # its own library has registered it
        return result

    return rebuilt
