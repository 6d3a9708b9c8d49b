"""Running a graph call by call: the one loop behind every lowering.

What a call does is up to `resolve`: the ivy ops themselves under a trace (lowering to a target), a framework's frontend
(source dialect to ivy), or native functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from ivy.backend import Backend, scope
from ivy.dtypes import DType
from ivy.graph.graph import Graph
from ivy.graph.node import Node, leaves, map_nested
from ivy.graph.parts import PART, part

__all__ = ["interpret", "locate", "native_calls"]

_STATIC = frozenset({type(None), int, float, bool, str, DType})


def locate(path: str) -> Any:
    """Import the longest module prefix of a dotted path and take the rest as attributes.

    Args:
        path: such as ``"ivy.linalg.det"`` or ``"torch.Tensor.add"``.

    Returns:
        The object.

    Raises:
        AttributeError: if there is none.
    """
    parts = path.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            found = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            found = getattr(found, attribute)
        return found
    raise AttributeError(f"nothing is at {path!r}")


def ivy_op(path: str) -> Callable[..., Any]:
    """Return the public function of an op by its path in the ivy dialect (``"ivy.add"``)."""
    from ivy.functional.registry import OPS

    if path == PART:
        return part
    return OPS[path.removeprefix("ivy.")].public


def native_calls(backend: Backend) -> Callable[[str], Callable[..., Any]]:
    """Return what gives the functions of a generated graph by their paths.

    Args:
        backend: the target.
    """

    def plain(x: Any) -> Any:
        return str(x) if type(x) is DType else x

    def resolve(path: str) -> Callable[..., Any]:
        if path == PART:
            return lambda callee, native, *arrays: callee(native, *arrays)
        found = locate(path)
        if not callable(found):
            name = path.rpartition(".")[2]  # an attribute, such as `x.T`
            return lambda x: getattr(x, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            with scope(backend):
                return found(*map_nested(args, plain), **map_nested(kwargs, plain))

        return call

    return resolve


def interpret(
    graph: Graph,
    inputs: Sequence[Any],
    params: Mapping[str, Any] | None = None,
    *,
    resolve: Callable[[str], Callable[..., Any]] = ivy_op,
    const: Callable[[Node], Any] | None = None,
    before: Callable[[Node], Any] | None = None,
    after: Callable[[Node, Any], Any] | None = None,
    guard: Callable[[Node, Any], None] | None = None,
    env: dict[int, Any] | None = None,
) -> Any:
    """Run a graph by calling `resolve(node.fn)` for every call, and return its output.

    Args:
        graph: the graph.
        inputs: one value per input.
        params: parameter values by name.
        resolve: gives the function for a call's path.
        const: gives the value of a const node; its array as it is by default.
        before: called ahead of each node.
        after: may replace a call's result.
        guard: called for each guard node with the guarded value; guards are skipped without it.
        env: values of an enclosing graph's nodes by `id`; filled with this graph's.

    Returns:
        The output with values for nodes.
    """
    env = {} if env is None else env
    for node, value in zip(graph.inputs, inputs, strict=True):
        env[id(node)] = value
    for name, node in graph.params.items():
        if params is not None and name in params:
            env[id(node)] = params[name]

    def read(x: Any) -> Any:
        if type(x) is Node:
            if x.kind == "part":
                return (params or {}).get(x.name, x)
            return env[id(x)]
        if isinstance(x, Graph):
            return closure(x)
        return x

    def closure(sub: Graph) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            flat = [x for x in leaves(args) if type(x) not in _STATIC]
            return interpret(
                sub, flat, resolve=resolve, const=const, before=before, after=after, guard=guard, env=dict(env)
            )

        call.__name__ = sub.name
        return call

    for node in graph.nodes:
        if before is not None:
            before(node)
        if node.kind == "call":
            result = resolve(node.fn)(*map_nested(node.args, read), **map_nested(node.kwargs, read))
        elif node.kind == "item":
            result = env[id(node.args[0])][node.args[1]]
        elif node.kind == "const":
            result = node.value if const is None else const(node)
        else:
            result = None
            if guard is not None:
                guard(node, env[id(node.args[0])])
        if after is not None:
            result = after(node, result)
        env[id(node)] = result
    return map_nested(graph.output, read)
