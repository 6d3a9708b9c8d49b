"""Submodules that are not captured but called: one operation each; see `ivy.graph.parts`.

While the source is traced, a stub puts an operation into TensorFlow's graph that stands for the call. The recorder
knows it by its token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf

from ivy.errors import ConversionError
from ivy.graph.aval import Aval
from ivy.graph.node import Node
from ivy.graph.parts import PART, Callee, Stub, find_part
from ivy_tensorflow.capture import private
from ivy_tensorflow.capture.recorder import Recorder, Value

__all__ = ["record_part", "stubbed"]

_callees: dict[bytes, Callee] = {}


@contextmanager
def stubbed(parts: Mapping[tuple[str, ...], Any], options: Any) -> Iterator[None]:
    """Let submodules record one call of a part each time they are called, however the code reaches them.

    Args:
        parts: what is captured, by path; () is the whole.
        options: `ivy.transpiler.options.CaptureOptions`: what stands for its submodules, which of them are gone.
    """
    if not (options.parts or options.lengths or options.removed):
        yield
        return
    undo: list[Callable[[], None]] = []
    tokens: list[bytes] = []
    eager = tf.config.functions_run_eagerly()
    try:
        for name, length in options.lengths.items():
            undo.append(_resized(parts, name, length, options.parts, tokens))
        for name in options.removed:
            undo.append(_assigned(parts, tuple(name.split(".")), None))
        for name, stub in options.parts.items():
            part = parts.get(tuple(name.split(".")))
            if part is not None:  # a part that a list has gained is not the source's
                undo.append(_stand_in(part, stub, options.train, tokens))
        tf.config.run_functions_eagerly(True)  # functions that were traced before know nothing of this
        yield
    finally:
        tf.config.run_functions_eagerly(eager)
        for step in reversed(undo):
            step()
        for token in tokens:
            _callees.pop(token, None)


def _place(parts: Mapping[tuple[str, ...], Any], path: tuple[str, ...]) -> tuple[Any, Any]:
    """Return what holds something, a part's attributes or a list or dict, and the key there."""
    cut = max(n for n in range(len(path)) if path[:n] in parts)
    held: Any = vars(parts[path[:cut]])
    for name in path[cut:-1]:
        held = held[int(name)] if isinstance(held, list) else held[name]
    key = int(path[-1]) if isinstance(held, list) else path[-1]
    if not isinstance(held, list) and key not in held:
        raise ConversionError(
            f"{'.'.join(path)} was changed in the converted model, and the source has it in no attribute",
            hint="put a layer in its place instead: keras.layers.Identity, torch.nn.Identity",
        )
    return held, key


def _assigned(parts: Mapping[tuple[str, ...], Any], path: tuple[str, ...], value: Any) -> Callable[[], None]:
    held, key = _place(parts, path)
    before = held[key]
    write = list.__setitem__ if isinstance(held, list) else dict.__setitem__  # past what keras and TensorFlow track
    write(held, key, value)
    return lambda: write(held, key, before)


def _resized(
    parts: Mapping[tuple[str, ...], Any], name: str, length: int, stubs: Mapping[str, Stub], tokens: list[bytes]
) -> Callable[[], None]:
    held, key = _place(parts, (path := tuple(name.split("."))))
    listed = list(held[key])[:length]
    for i in range(len(listed), length):
        listed.append(_recording(stubs[f"{name}.{i}"], _unknown, None, tokens))
    return _assigned(parts, path, listed)


def _unknown(*args: Any, **kwargs: Any) -> Any:
    """Stand for a part that the source does not have, until it is known what it gives: it changes nothing."""
    return args[0] if args else next(iter(kwargs.values()))


def _stand_in(part: Any, stub: Stub, train: bool | None, tokens: list[bytes]) -> Callable[[], None]:
    if isinstance(part, keras.Layer):
        own = vars(part)
        had = own.get("call")
        own["call"] = _recording(stub, part.call, train, tokens)

        def undo() -> None:
            del own["call"]
            if had is not None:
                own["call"] = had

        return undo
    cls: Any = type(part)
    record = _recording(stub, lambda *args, **kwargs: cls.__call__(part, *args, **kwargs), train, tokens)

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return record(*args, **kwargs)

    call = tf.autograph.experimental.do_not_convert(call)
    made = type(cls)(cls.__name__, (cls,), {"__call__": call, "__module__": cls.__module__})
    object.__setattr__(part, "__class__", made)
    return lambda: object.__setattr__(part, "__class__", cls)


def _is_array(x: Any) -> bool:
    return isinstance(x, (tf.Tensor, tf.Variable, keras.Variable))


def _aval(x: Any) -> Aval:
    return Aval(tuple(int(d) for d in x.shape), private.dtype_of_tf(tf.as_dtype(x.dtype)))


def _recording(stub: Stub, original: Callable[..., Any], train: bool | None, tokens: list[bytes]) -> Callable[..., Any]:
    def make(callee: Callee, arrays: list[Any]) -> list[Any]:
        avals = [callee.leaves[i] for i in callee.places]
        if not avals:
            return []
        given = [tf.convert_to_tensor(x) for x in arrays]
        made = tf.numpy_function(_never, given, [str(a.dtype) for a in avals], stateful=False)
        token = made[0].op.get_attr("token")
        tokens.append(token)
        _callees[token] = callee
        for x, a in zip(made, avals, strict=True):
            x.set_shape(a.shape)
        return list(made)

    def call(*args: Any, **kwargs: Any) -> Any:
        # what keras fills in itself
        own = {k: v for k, v in kwargs.items() if not ((k == "training" and v is train) or (k == "mask" and v is None))}
        result = stub.call(args, own, is_array=_is_array, aval=_aval, make=make)
        return stub.gave(original(*args, **kwargs), _is_array, _aval) if result is NotImplemented else result

    recorded: Callable[..., Any] = tf.autograph.experimental.do_not_convert(call)
    return recorded


def _never(*arrays: Any) -> Any:
    raise AssertionError("what stands for a part is not run")


def record_part(r: Recorder, op: Any, ins: list[Value]) -> list[Value] | None:
    """Record an operation that stands for the call of a part."""
    callee = _callees.get(op.get_attr("token"))
    if callee is None:
        return None
    native = find_part(r.root.graph, callee.name)
    name = callee.name.rpartition(".")[2]
    node = Node(
        "call",
        name,
        fn=PART,
        args=(callee, native, *map(r.node, ins)),
        out=callee.out,
        loc=r.loc,
        scope=r.scope,
    )
    r.graph.nodes.append(node)
    found: list[Node] = [node] if callee.single else r.parts(node)
    return list(found)
