"""The signature of a converted keras model's call, and what arguments and results are on the way through keras."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import keras

from ivy.graph.containers import flatten, unflatten
from ivy.graph.serialise import as_plain
from ivy.stateful.native import source_parameters
from ivy.stateful.program import Program
from ivy.stateful.spec import ModuleSpec

__all__ = [
    "call_signature",
    "canonical",
    "known_to_keras",
    "named_mode",
    "read_signature",
    "restored",
    "set_aside",
    "signature_data",
    "with_signature",
]

_KINDS = inspect.Parameter


def call_signature(spec: ModuleSpec) -> inspect.Signature:
    """Return the signature of the converted model's call: the source's, and ``training`` where that has none.

    Its default is None, which keras replaces by the mode of what calls the model, and the model by its own.
    """
    given = [] if isinstance(spec.obj, Program) else list(source_parameters(spec.obj).values())
    named = [p.replace(annotation=p.empty) for p in given]
    if spec.takes_key or not any(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in named):
        named = [_KINDS("inputs", _KINDS.VAR_POSITIONAL), _KINDS("kwargs", _KINDS.VAR_KEYWORD)]
    own = next((i for i, p in enumerate(named) if p.name == "training"), None)
    if own is not None:
        return inspect.Signature(_optional_from(named, own))
    training = _KINDS("training", _KINDS.KEYWORD_ONLY, default=None)
    at = next((i for i, p in enumerate(named) if p.kind is p.VAR_KEYWORD), len(named))
    return inspect.Signature([*named[:at], training, *named[at:]])


def _optional_from(named: list[inspect.Parameter], own: int) -> list[inspect.Parameter]:
    """Let the source's own ``training`` default to None; where it has to be given, the source says so."""
    found = [p.replace(default=None) if i == own else p for i, p in enumerate(named)]
    rest = [i for i, p in enumerate(found) if i > own and p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty]
    return [
        p.replace(kind=p.KEYWORD_ONLY) if rest and i >= own and p.kind is p.POSITIONAL_OR_KEYWORD else p
        for i, p in enumerate(found)
    ]


def with_signature(call: Callable[..., Any], signature: inspect.Signature) -> Callable[..., Any]:
    """Return a function that says that it has another signature."""

    def run(*args: Any, **kwargs: Any) -> Any:
        return call(*args, **kwargs)

    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__doc__ = call.__doc__
    return run


def canonical(
    signature: inspect.Signature, args: Any, kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Bring a call to one form: by keyword where that is allowed, without arguments that only repeat their default."""
    bound = signature.bind(*args, **kwargs)
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for name, value in bound.arguments.items():
        p = signature.parameters[name]
        if p.kind is p.VAR_POSITIONAL:
            positional.extend(value)
        elif p.kind is p.VAR_KEYWORD:
            named.update(value)
        elif p.kind is p.POSITIONAL_ONLY:
            positional.append(value)
        elif value is not p.default:
            named[name] = value
    return tuple(positional), named


def signature_data(signature: inspect.Signature) -> list[Any]:
    """Return a signature as what JSON can hold."""
    data = []
    for p in signature.parameters.values():
        plain = p.default is None or type(p.default) in (bool, int, float, str)
        data.append(
            [p.name, p.kind.name, {"default": p.default if plain else None} if p.default is not p.empty else {}]
        )
    return data


def read_signature(data: Any) -> inspect.Signature:
    """Read what `signature_data` gave."""
    return inspect.Signature([_KINDS(name, getattr(_KINDS, kind), **extra) for name, kind, extra in data])


def named_mode(
    signature: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Bring ``training`` and ``mask``, and what follows, by keyword: keras adds them and knows them that way alone."""
    if not args:
        return args, kwargs
    positional = [n for n, p in signature.parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    at = min((positional.index(name) for name in ("training", "mask") if name in positional), default=len(args))
    named = dict(zip(positional[at:], args[at:], strict=False))
    if len(args) <= at or len(named) < len(args) - at or named.keys() & kwargs.keys():
        return args, kwargs  # the call tells what is wrong
    return args[:at], {**kwargs, **named}


def known_to_keras(result: Any) -> bool:
    """Tell whether keras finds the tensors in a result: there are no containers of other classes in it."""
    return all(x is None or _is_tensor(x) or isinstance(x, (int, float, str)) for x in keras.tree.flatten(result))


def set_aside(signature: inspect.Signature, kwargs: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Divide the keyword arguments of a call into those that keras passes on and those that it would refuse.

    Keras takes what goes to ``**kwargs`` for one argument, and none that has both tensors and other things in it.

    Args:
        signature: the call's.
        kwargs: its keyword arguments.
    """
    named = {n for n, p in signature.parameters.items() if p.kind is not p.VAR_KEYWORD}
    rest = {k: v for k, v in kwargs.items() if k not in named}
    other = {k for k, v in rest.items() if not any(map(_is_tensor, flatten(v)[0]))}
    if not other or len(other) == len(rest) or any(isinstance(v, keras.KerasTensor) for v in rest.values()):
        return kwargs, {}
    return {k: v for k, v in kwargs.items() if k not in other}, {k: rest[k] for k in other}


def _is_tensor(x: Any) -> bool:
    return isinstance(x, keras.KerasTensor) or bool(keras.ops.is_tensor(x))


class _Place:
    """Stands for one leaf of a result."""

    def __init__(self, number: int) -> None:
        self.number = number


def restored(plain: Any, leaves: list[Any], spec: Any) -> Any:
    """Bring a result that was made of dicts and sequences for keras back into the source's containers.

    Args:
        plain: the result, as keras gives it back.
        leaves: the leaves of the result before that.
        spec: its structure.
    """
    found = list(leaves)

    def fill(places: Any, values: Any) -> None:
        if type(places) is _Place:
            found[places.number] = values
        elif isinstance(places, Mapping):
            for key, place in places.items():
                fill(place, values[key])
        elif isinstance(places, (list, tuple)):
            for place, value in zip(places, values, strict=True):
                fill(place, value)

    # None is left out of plain dicts
    marks = [None if x is None else _Place(i) for i, x in enumerate(leaves)]
    fill(as_plain(unflatten(spec, marks)), plain)
    return unflatten(spec, found)
