"""What keras layers and `tf.Module`s hold: variables and further parts, by path. Either may lie within the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import keras
import tensorflow as tf

from ivy.errors import CaptureError
from ivy.stateful.spec import ModuleSpec, ParamSpec, Role
from ivy_tensorflow.capture.private import dtype_of_tf
from ivy_tensorflow.converters.keras_layers import recognise

__all__ = ["Held", "Walk", "children", "describe", "native"]

_UNNAMED = re.compile(r"variable(_\d+)?")
"""What keras calls a variable that has no name of its own; the number counts those of the whole process."""

_ITS_OWN = frozenset({
    "_layers", "_metrics", "_tracker", "_seed_generators", "_trainable_variables", "_non_trainable_variables",
    "_functional", "_operations", "_operations_by_depth", "_nodes", "_nodes_by_depth", "_inbound_nodes",
    "_outbound_nodes", "_saved_model_inputs_spec", "_saved_model_arg_spec", "optimizer", "_optimizer",
})  # fmt: skip
"""Attributes in which a keras layer keeps its own books."""


def native(variable: Any) -> Any:
    """Return the `tf.Variable` of a keras variable; one of TensorFlow's own is returned as it is."""
    return variable if isinstance(variable, tf.Variable) else variable.value


def _is_variable(x: Any) -> bool:
    return isinstance(x, (keras.Variable, tf.Variable))


def _is_part(x: Any) -> bool:
    return isinstance(x, (keras.Layer, tf.Module)) and not _is_variable(x)


def _nested(x: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the variables and parts in a nest of lists and dicts."""
    if _is_variable(x) or _is_part(x):
        yield path, x
    elif isinstance(x, Mapping):
        for key, value in x.items():
            yield from _nested(value, (*path, str(key)))
    elif isinstance(x, (list, tuple)):
        for i, value in enumerate(x):
            yield from _nested(value, (*path, str(i)))


def _attributes(part: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    ignored = _ITS_OWN if isinstance(part, keras.Layer) else part._TF_MODULE_IGNORED_PROPERTIES
    for name, value in vars(part).items():
        if name not in ignored and not name.startswith("_self_"):
            yield from _nested(value, (name,))


def children(part: Any) -> list[tuple[tuple[str, ...], Any]]:
    """Return the variables and parts that a part holds itself, each with its path there; some at several paths.

    Args:
        part: a keras layer or a `tf.Module`.

    Returns:
        Paths and objects: variables first, in the order of their making.
    """
    if not isinstance(part, keras.Layer):
        found = list(_attributes(part))
        return [f for f in found if _is_variable(f[1])] + [f for f in found if not _is_variable(f[1])]
    variables = (*part._trainable_variables, *part._non_trainable_variables)
    tracked = {id(x) for x in (*variables, *part._layers)}
    natives = {id(native(v)) for v in variables}
    places: dict[int, list[tuple[str, ...]]] = {}
    others: list[
        tuple[tuple[str, ...], Any]
    ] = []  # what keras does not track: its states of recurrent layers, tf's own
    for path, x in _attributes(part):
        if id(x) in tracked:
            places.setdefault(id(x), []).append(path)
        elif not isinstance(x, keras.Layer) and id(x) not in natives:
            others.append((path, x))
    named = _Names()
    for v in variables:
        held = [p for p in places.get(id(v), []) if not p[0].startswith("_")]
        named.add((v.name,) if not held or not _UNNAMED.fullmatch(v.name) else held[0], v)
    listed = isinstance(part, keras.Sequential) or (isinstance(part, keras.Model) and hasattr(part, "operations"))
    for layer in part._layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        public = [] if listed else [p for p in places.get(id(layer), []) if not p[0].startswith("_")]
        for path in public or [(layer.name,)]:
            named.add(path, layer)
    for path, x in others:
        named.add(path, x)
    return named.items


class _Names:
    """Paths within one part, each given once."""

    def __init__(self) -> None:
        self.items: list[tuple[tuple[str, ...], Any]] = []
        self.taken: set[tuple[str, ...]] = set()

    def add(self, path: tuple[str, ...], x: Any) -> None:
        free, n = path, 0
        while free in self.taken:
            n += 1
            free = (*path[:-1], f"{path[-1]}_{n}")
        self.taken.add(free)
        self.items.append((free, x))


class Held:
    """A variable with every path that leads to it.

    Args:
        variable: of keras or of TensorFlow.
        owner: the part that holds it at its first path.
        trainable: whether it and the parts around it are trained.
    """

    def __init__(self, variable: Any, owner: Any, trainable: bool) -> None:
        self.variable, self.owner, self.trainable = variable, owner, trainable
        self.paths: list[tuple[str, ...]] = []
        self.roles: set[Role | None] = set()


class Walk:
    """All that a layer or module holds.

    Args:
        root: where to start.
        role: tells what a variable of a part is for: ``role(part, variable)``.

    Attributes:
        held: variables by identity of the `tf.Variable`, in order.
        parts: the parts by path; () is the root.
        shared: path of a part that is met again -> its first path.
    """

    def __init__(self, root: Any, role: Callable[[Any, Any], Role | None] = lambda part, variable: None) -> None:
        self.held: dict[int, Held] = {}
        self.parts: dict[tuple[str, ...], Any] = {}
        self.shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._first: dict[int, tuple[str, ...]] = {}
        self._role = role
        self._visit(root, (), True, ())

    def _visit(self, part: Any, path: tuple[str, ...], trainable: bool, within: tuple[int, ...]) -> None:
        self.parts[path] = part
        if id(part) in self._first:
            self.shared[path] = self._first[id(part)]
        self._first.setdefault(id(part), path)
        trainable = trainable and bool(getattr(part, "trainable", True))
        for inner, x in children(part):
            if _is_variable(x):
                held = self.held.setdefault(id(native(x)), Held(x, part, trainable and bool(x.trainable)))
                held.paths.append((*path, *inner))
                held.roles.add(self._role(part, x))
            elif id(x) not in (*within, id(part)):  # a part may know what it lies in
                self._visit(x, (*path, *inner), trainable, (*within, id(part)))

    def containers(self) -> frozenset[tuple[str, ...]]:
        """Return the paths of what only holds parts: lists and dicts, modules without a call."""
        inner = {path[:cut] for path in self.parts for cut in range(1, len(path))} - self.parts.keys()
        return frozenset(inner | {path for path, part in self.parts.items() if path and not callable(part)})

    def params(self) -> tuple[ParamSpec, ...]:
        """Describe the variables."""
        return tuple(_param(held) for held in self.held.values() if _has_numbers(held.variable))

    def aliases(self) -> dict[str, tuple[str, ...]]:
        """Return the other names of the variables that have several."""
        return {".".join(h.paths[0]): tuple(map(".".join, h.paths[1:])) for h in self.held.values() if h.paths[1:]}

    def variables(self) -> dict[str, Any]:
        """Return the `tf.Variable`s by name."""
        return {".".join(h.paths[0]): native(h.variable) for h in self.held.values() if _has_numbers(h.variable)}


def _has_numbers(variable: Any) -> bool:
    try:
        dtype_of_tf(native(variable).dtype)
    except CaptureError:
        return False
    return True


def _param(held: Held) -> ParamSpec:
    variable, path = native(held.variable), held.paths[0]
    dtype = dtype_of_tf(variable.dtype)
    state = _is_state(held)
    return ParamSpec(
        name=".".join(path),
        path=path,
        shape=tuple(int(d) for d in variable.shape),
        dtype=dtype,
        trainable=held.trainable and not state and dtype.is_inexact,
        buffer=state,
        # preprocessing layers learn theirs from data, once; any other state may change in a call
        statistic=state and not isinstance(held.owner, keras.layers.Normalization),
        aliases=tuple(held.paths[1:]),
        role=held.roles.copy().pop() if len(held.roles) == 1 else None,
    )


def _is_state(held: Held) -> bool:
    if isinstance(held.owner, keras.Layer):
        for known, answer in ((held.owner._trainable_variables, False), (held.owner._non_trainable_variables, True)):
            if any(held.variable is v for v in known):
                return answer
    return not held.variable.trainable


def describe(
    module: Any,
    *,
    system: str,
    capture: Callable[..., Any],
    role: Callable[[Any, Any], Role | None],
    part_of: Callable[[Any], ModuleSpec | None],
) -> ModuleSpec:
    """Bring a layer or module into the hub form.

    Args:
        module: a keras layer or a `tf.Module`.
        system: its module system.
        capture: as in `ModuleSpec`.
        role: tells what a variable of a part is for.
        part_of: gives the hub form of a part, None if it can't be called.

    Returns:
        The hub form.
    """
    walk = Walk(module, role)
    parts = walk.parts
    params, variables = walk.params(), walk.variables()
    return ModuleSpec(
        name=type(module).__name__,
        system=system,
        framework="tensorflow",
        obj=module,
        params=params,
        arrays=lambda: {name: tf.convert_to_tensor(v) for name, v in variables.items()},
        capture=capture,
        load=lambda values: _load(variables, values),
        classes={path: type(part).__name__ for path, part in parts.items()},
        shared=walk.shared,
        containers=walk.containers(),
        part=lambda path: part_of(parts[path]) if path in parts else None,
        locate=lambda x: next((path for path, part in parts.items() if part is x), None),
        layers={
            path: layer
            for path, part in parts.items()
            if path not in walk.shared and (layer := recognise(part)) is not None
        },
    )


def _load(variables: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        variables[name].assign(value)
