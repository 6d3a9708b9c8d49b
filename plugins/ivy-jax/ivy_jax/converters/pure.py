"""What the converters of functional module systems share: capturing a pure call, and telling its mode."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any

from ivy.dtypes import as_dtype
from ivy.graph.aval import Aval
from ivy.graph.containers import flatten, unflatten
from ivy.graph.graph import Graph
from ivy.graph.kept import Kept
from ivy.stateful.spec import ParamSpec, Role
from ivy.transpiler.given import observed

__all__ = ["MODES", "Mode", "abstract_result", "capture_pure", "guess_role", "raw_key", "register_kept"]


@cache
def register_kept() -> None:
    """Let JAX know the state of a model as a node of a tree: its structure is static."""
    import jax

    def flatten(kept: Kept) -> tuple[Any, Any]:
        return tuple(kept.arrays.values()), (kept.structure, tuple(kept.arrays), kept.needed)

    def keyed(kept: Kept) -> tuple[Any, Any]:
        children = tuple((jax.tree_util.DictKey(name), x) for name, x in kept.arrays.items())
        return children, (kept.structure, tuple(kept.arrays), kept.needed)

    def build(aux: Any, children: Any) -> Kept:
        return Kept(aux[0], dict(zip(aux[1], children, strict=True)), aux[2])

    jax.tree_util.register_pytree_with_keys(Kept, keyed, build, flatten)


def capture_pure(
    fn: Callable[..., Any],
    arrays: Mapping[str, Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    *,
    params: Iterable[ParamSpec],
    options: Any,
    name: str,
    like: Callable[..., Any] | None = None,
    skip: int = 0,
    kept: Mapping[str, Any] | None = None,
) -> Graph:
    """Capture ``fn(arrays, *args, **kwargs) -> (output, new values)``.

    Args:
        fn: the pure function; takes all parameters and buffers by name.
        arrays: their values.
        args: positional arguments, as `ivy_jax.capture.capture` takes them.
        kwargs: keyword arguments, likewise.
        params: what the arrays are.
        options: choices for the capture.
        name: what to call the graph.
        like: callable whose signature names the inputs.
        skip: how many of its leading parameters are not the user's.
        kept: arrays of the state that earlier calls have left; the function takes them among the others, and returns
            those of the state after it.

    Returns:
        The graph. An update is recorded for every value that the call changes.
    """
    from ivy_jax.capture import capture_with_params

    specs = {p.name: p for p in params}
    fixed = {k: x for k, x in arrays.items() if k not in specs or not specs[k].buffer}
    earlier = dict(kept or {})
    state = {k: x for k, x in arrays.items() if k not in fixed} | earlier

    def call(fixed: Mapping[str, Any], state: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
        out, new = fn({**fixed, **state}, *args, **kwargs)
        return out, {k: v for k, v in new.items() if k not in arrays or (k in state and v is not state[k])}

    call.__name__ = name
    _sign(call, like, skip)
    graph = capture_with_params(call, fixed, args, dict(kwargs), state=state, options=options)
    graph.name = name
    for key, node in graph.params.items():
        node.meta["trainable"] = key in specs and specs[key].trainable
        if key in earlier:
            node.meta |= {"buffer": True, "persistent": False, "kept": True}
    return graph


def _sign(call: Any, like: Callable[..., Any] | None, skip: int) -> None:
    """Give a function of ``(params, state, ...)`` the names of the user's arguments after these two."""
    try:
        own = list(inspect.signature(like).parameters.values())[skip:]  # type: ignore[arg-type]
        lead = [inspect.Parameter(n, inspect.Parameter.POSITIONAL_ONLY) for n in ("params", "state")]
        call.__signature__ = inspect.Signature(lead + own)
    except (TypeError, ValueError):
        return  # the capture finds names of its own


MODES = {
    "train": True,
    "training": True,
    "is_training": True,
    "deterministic": False,
    "use_running_average": False,
    "inference": False,
}
"""Names of what tells modules their mode -> its value in training."""


class Mode:
    """How a function is told to train: by an argument such as ``is_training`` or ``deterministic``.

    Args:
        fn: the function.
        skip: how many of its leading parameters are not the user's.
    """

    def __init__(self, fn: Callable[..., Any], skip: int = 0) -> None:
        self.name: str | None = None
        self.position = 0
        self.initial = False
        try:
            parameters = list(inspect.signature(fn).parameters.values())[skip:]
        except (TypeError, ValueError):
            return
        for i, p in enumerate(parameters):
            if p.name in MODES:
                self.name, self.position = p.name, i
                if isinstance(p.default, bool):
                    self.initial = p.default == MODES[p.name]
                return

    def apply(self, args: tuple[Any, ...], kwargs: dict[str, Any], train: bool | None) -> None:
        """Add the mode to the keyword arguments, unless the caller gave it."""
        if self.name is None or train is None or self.name in kwargs or len(args) > self.position:
            return
        kwargs[self.name] = train == MODES[self.name]

    def taken(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], train: bool) -> tuple[Any, dict[str, Any]]:
        """Return the arguments of a call without the mode, where they say the mode that it is in anyway."""
        given = dict(kwargs)
        if self.name is None:
            return args, given
        wanted = train == MODES[self.name]
        if given.get(self.name) is wanted:
            del given[self.name]
        elif len(args) == self.position + 1 and args[self.position] is wanted:
            args = args[: self.position]
        return args, given


def abstract_result(
    call: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    eval_shape: Callable[..., Any] | None = None,
    state: Any = None,
) -> Any:
    """Return what a function of arrays gives, with `Aval`s in place of arrays; nothing is computed.

    Args:
        call: the function, whose side effects are undone or none.
        args: positional arguments, with `Aval`s.
        kwargs: keyword arguments, likewise.
        eval_shape: the module system's own form of `jax.eval_shape`.
        state: a nest of arrays that the function takes first, abstract too.
    """
    import jax

    leaves, spec = flatten((tuple(args), dict(kwargs)))
    places = [i for i, x in enumerate(leaves) if type(x) is Aval]
    static: list[Any] = []

    def run(arrays: list[Any], *state: Any) -> Any:
        given = list(leaves)
        for i, x in zip(places, arrays, strict=True):
            given[i] = x
        a, k = unflatten(spec, given)
        out, out_spec = flatten(observed(partial(call, *state), a, k))
        arrays_at = [i for i, x in enumerate(out) if isinstance(x, jax.Array)]
        static[:] = [out, out_spec, arrays_at]
        return [out[i] for i in arrays_at]

    lead = () if state is None else (jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype), state),)
    given = [jax.ShapeDtypeStruct(leaves[i].shape, str(leaves[i].dtype)) for i in places]
    made = (eval_shape or jax.eval_shape)(run, given, *lead)
    out, out_spec, arrays_at = static
    for i, x in zip(arrays_at, made, strict=True):
        out[i] = Aval(tuple(x.shape), as_dtype(x.dtype))
    return unflatten(out_spec, out)


_LINEAR = frozenset({"w", "kernel"})


def guess_role(owner: str, attribute: str, ndim: int) -> Role | None:
    """Tell what a weight is for by its name: all that functional systems leave of a layer.

    A wrong guess costs nothing but an unusual layout of what is stored.
    """
    if attribute not in _LINEAR:
        return None
    conv = re.search(r"conv", owner, re.IGNORECASE) is not None
    if ndim == 2 and not conv:
        return Role("linear", "IO")
    if conv and 3 <= ndim <= 5:
        transposed = re.search(r"transpose", owner, re.IGNORECASE) is not None
        return None if transposed else Role("conv", "*IO")
    return None


def raw_key(key: Any) -> Any:
    """Return the ``uint32[2]`` form of a random key, which may also be a seed or the streams of an `nnx.Rngs`."""
    from ivy_jax.backend import as_key

    return as_key(key)
