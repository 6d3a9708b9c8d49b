"""The values within a converted keras model as symbolic tensors: ``keras.Model(k.inputs, k.layers[3].output)``.

The generated code of a model is no graph of keras layers. What a part gives is therefore an output of a layer of its
own, a `Tap`, which runs the model and notes what the part gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras

from ivy.graph.aval import Aval
from ivy.graph.containers import flatten, unflatten
from ivy.graph.serialise import as_plain
from ivy_tensorflow.converters.living import held_by

__all__ = ["Tapped"]


class Tap(keras.Layer):
    """A layer that gives what a part of a model gives when the model runs.

    Args:
        model: the model.
        part: the part; the model itself gives its own result.
        rebuild: brings the inputs into the form of the model's arguments.
    """

    def __init__(self, model: Any, part: Any, rebuild: Callable[[Any], Any]) -> None:
        super().__init__(name=f"{model.name}_{part.name}" if part is not model else f"{model.name}_output")
        self.model = model
        self.__dict__["_tapped"] = part, rebuild
        self.built = True
        self.autocast = self._convert_input_args = False

    def call(self, *inputs: Any) -> Any:
        """Run the model."""
        part, rebuild = self._tapped
        args, kwargs = rebuild(inputs)
        if part is self.model:
            return part(*args, **kwargs)
        seen: list[Any] = []
        own = part.__dict__.get("call")
        run = part.call

        def noting(*args: Any, **kwargs: Any) -> Any:
            seen.append(run(*args, **kwargs))
            return seen[-1]

        part.__dict__["call"] = noting  # which lets the model call the part
        try:
            self.model(*args, **kwargs)
        finally:
            del part.__dict__["call"]
            if own is not None:
                part.__dict__["call"] = own
        return seen[0]


class Tapped:
    """The symbolic inputs of a model, and the values within it.

    Args:
        model: the model; it has been called.
        example: the arguments of a call, with `Aval`s.
    """

    def __init__(self, model: Any, example: tuple[tuple[Any, ...], Mapping[str, Any]]) -> None:
        self.model = model
        self.leaves, self.spec = flatten((tuple(example[0]), dict(example[1])))
        self.places = [i for i, x in enumerate(self.leaves) if type(x) is Aval]
        self.inputs = [
            keras.Input(batch_shape=(None, *self.leaves[i].shape[1:]), dtype=str(self.leaves[i].dtype))
            for i in self.places
        ]
        self._outputs: dict[int, Any] = {}
        stack = [model]
        known = {id(model)}
        while stack:
            for key, part in held_by(stack.pop()).items():
                if key not in known and isinstance(part, keras.Layer):
                    known.add(key)
                    stack.append(part)
                    if not part._inbound_nodes:
                        part._inbound_nodes.append(_Place(self, part))

    def rebuild(self, inputs: Any) -> Any:
        """Bring the inputs into the form of the model's arguments."""
        leaves = list(self.leaves)
        for i, x in zip(self.places, inputs, strict=True):
            leaves[i] = x
        return unflatten(self.spec, leaves)

    def output_of(self, part: Any) -> Any:
        """Return what a part gives, the first time that the model calls it."""
        if id(part) not in self._outputs:
            self._outputs[id(part)] = Tap(self.model, part, self.rebuild)(*self.inputs)
        return self._outputs[id(part)]


@contextmanager
def with_shapes(results: list[tuple[Any, Any]]) -> Iterator[None]:
    """Let keras' summary know the shapes of what parts give: it asks where they were built or called by itself.

    Args:
        results: parts, and what they give with `Aval`s in place of arrays.
    """
    before: list[tuple[dict[str, Any], dict[str, Any]]] = []
    try:
        for part, result in results:
            own = part.__dict__
            names = ("_build_shapes_dict", "_inbound_nodes", "compute_output_shape")
            before.append((own, {name: own[name] for name in names if name in own}))
            shapes = _shapes(result)
            own.update(_build_shapes_dict={"input_shape": None}, _inbound_nodes=[])
            own["compute_output_shape"] = lambda input_shape, shapes=shapes: shapes
        yield
    finally:
        for own, was in before:
            own.pop("compute_output_shape")
            own.update(was)


def _shapes(result: Any) -> Any:
    """Return shapes for any size of batch, in the structure of the result where that holds arrays alone."""
    leaves, spec = flatten(result)
    shapes = [_Shape((None, *x.shape[1:]) if x.shape else ()) for x in leaves if type(x) is Aval]
    if len(shapes) < len(leaves) or len(shapes) == 1:
        return shapes[0].sizes if len(shapes) == 1 else [x.sizes for x in shapes]
    return _plain(as_plain(unflatten(spec, shapes)))


class _Shape:
    """A shape that is no container."""

    def __init__(self, sizes: tuple[Any, ...]) -> None:
        self.sizes = sizes


def _plain(x: Any) -> Any:
    if type(x) is _Shape:
        return x.sizes
    if isinstance(x, dict):
        return {k: _plain(v) for k, v in x.items()}
    return [_plain(v) for v in x]


class _Place:
    """What keras takes for the node of a part in a functional model.

    Args:
        tapped: the model.
        part: the part.
    """

    def __init__(self, tapped: Tapped, part: Any) -> None:
        self.operation = part
        self._tapped = tapped

    @property
    def output_tensors(self) -> list[Any]:
        """What the part gives."""
        return list(keras.tree.flatten(self._tapped.output_of(self.operation)))
