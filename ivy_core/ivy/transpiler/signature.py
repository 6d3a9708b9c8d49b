"""The signature of a call: what of its arguments a graph is made for, as a key to look the graph up by.

It is the structure of the arguments, the shapes and dtypes of the arrays in them, every other value in them, and for
modules whether they train; what else the object reads counts as well. Reading it brings the arrays to the target at
the same time.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from ivy.backend import Backend, backend_of_type
from ivy.dtypes import DType
from ivy.errors import ArgumentError, ConversionError, IvyError
from ivy.graph.aval import Aval
from ivy.graph.containers import flatten, orders
from ivy.graph.content import content
from ivy.transpiler.arguments import called, peculiarity, refusal
from ivy.transpiler.environment import Environment
from ivy.transpiler.faults import explain, first_line
from ivy.transpiler.names import argument_names

__all__ = ["Signatures", "first_leaf", "shapes_in"]

_NATIVE, _FOREIGN, _STATIC, _CONTAINER = 0, 1, 2, 3
_CONTAINERS = {tuple, list, dict}
_EXACT = {int, bool, str, DType, bytes, type(None)}
_SCALARS = {int, float, bool, complex, str, DType, bytes, type(None)}


class Signatures:
    """Tells the signatures of calls of one object.

    Args:
        backend: the target; None where calls run with whichever framework their arrays are of.
        name: the object's name, for messages.
        obj: the object, whose own signature names arguments in messages.
        environment: what it reads besides its arguments, None for nothing.
    """

    def __init__(
        self, backend: Backend | None, name: str, obj: Any = None, environment: Environment | None = None
    ) -> None:
        self.backend = backend
        self.name = name
        self.obj = obj
        self.environment = environment
        self._kinds: dict[type, int] = {}
        self._takes_any_names = _takes_any_names(obj)
        self._shape: Callable[[Any], tuple[Any, ...]] = getattr(backend and backend.module, "shape_of", None) or _shape

    def of(self, args: tuple[Any, ...], kwargs: dict[str, Any], train: bool | None) -> tuple[Any, list[Any]]:
        """Return the key of a call and its arrays, converted to the target's.

        Args:
            args: positional arguments.
            kwargs: keyword arguments.
            train: training mode, for modules.

        Returns:
            A hashable key and the flat native arrays.
        """
        kinds = self._kinds
        environment = self.environment
        lead = train if environment is None or environment.is_empty else (train, environment.state())
        key: list[Any] = [lead]
        arrays: list[Any] = []
        if not kwargs:
            for x in args:
                if kinds.get(type(x)) != _NATIVE:
                    break
                try:
                    key.append(self._shape(x))
                except Exception:  # the framework's own error for an array without a shape: the general way names it
                    break
                arrays.append(x)
                key.append(x.dtype)
            else:
                return tuple(key), arrays
        try:
            return self._general(args, kwargs, lead)
        except Exception as error:
            explained = explain(error, f"the arguments of {self.name} can't be converted", kind=ConversionError)
            if explained is error:
                raise
            raise explained from error

    def _general(self, args: tuple[Any, ...], kwargs: dict[str, Any], lead: Any) -> tuple[Any, list[Any]]:
        arrays: list[Any] = []
        if not kwargs and all(self._kind(type(x)) in (_NATIVE, _FOREIGN) for x in args):
            leaves = list(args)
            key: list[Any] = [lead]
        else:
            leaves, spec = flatten((args, kwargs))
            order = orders(args)
            if kwargs:
                order = (order, orders([kwargs[k] for k in sorted(kwargs)]), *(kwargs if self._takes_any_names else ()))
            key = [lead, spec, order]
        for i, leaf in enumerate(leaves):
            if type(leaf) is Aval:
                key.append(leaf.shape)
                key.append(leaf.dtype if self.backend is None else self.backend.module.native_dtype(leaf.dtype))
                continue
            kind = self._kind(type(leaf))
            if kind in (_NATIVE, _FOREIGN):
                leaf = self._input(leaf, kind, functools.partial(self._argument, i, args, kwargs))
                arrays.append(leaf)
                key.append(self._shape(leaf))
                key.append(leaf.dtype)
            else:
                cls = type(leaf)
                key.append(cls)
                key.append(leaf if cls in _EXACT else self._static(leaf, i, args, kwargs))
        return tuple(key), arrays

    def _static(self, x: Any, i: int, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        try:
            return content(x)
        except ArgumentError as error:
            raise ArgumentError(
                f"the argument {self._argument(i, args, kwargs)!r} of {self.name} can't be a static argument",
                why=error.what,
                hint=error.hint,
            ) from None

    # -- kinds of leaves ----------------------------------------------------------------------------------------------

    def _kind(self, cls: type) -> int:
        found = self._kinds.get(cls)
        if found is None:
            found = self._kinds[cls] = self._classify(cls)
        return found

    def _classify(self, cls: type) -> int:
        if cls in _CONTAINERS:
            return _CONTAINER
        if cls in _SCALARS:
            return _STATIC
        if cls is Aval:
            return _FOREIGN
        if hasattr(cls, "__ivy_rank__"):
            return _FOREIGN if self.backend is not None else _NATIVE
        from ivy.plugins import array_owner

        owner = array_owner(cls)
        if owner is None:
            return _CONTAINER  # flattening tells whether it holds arrays
        if self.backend is None or owner == self.backend.name:
            return _NATIVE
        return _FOREIGN

    # -- arrays -------------------------------------------------------------------------------------------------------

    def convert(self, x: Any, *, copy: bool = False) -> Any:
        """Bring an array to the target, without a copy where the frameworks allow unless `copy` asks for one.

        Raises:
            DtypeError: for an array that can't be an input.
        """
        return self._input(x, _FOREIGN, lambda: "x", copy)

    def _argument(self, i: int, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
        return argument_names(called(self.obj), args, kwargs)[i]

    def _input(self, x: Any, kind: int, name: Callable[[], str], copy: bool = False) -> Any:
        words = peculiarity(x)
        if words:
            raise refusal(words, name(), x)
        if kind != _FOREIGN:
            return x
        try:
            return self._converted(x, copy=copy)
        except IvyError:
            raise
        except Exception as error:  # the framework's own, for an array whose values it can't give or take
            raise refusal(f"values that can't be taken over ({first_line(error)})", name(), x) from error

    def _converted(self, x: Any, *, copy: bool = False) -> Any:
        data = x.data if type(x).__module__ == "ivy.array" else x
        if self.backend is None or (type(data) in self.backend.types and not copy):
            return data
        owner = backend_of_type(type(data))
        exportable = getattr(owner.module, "exportable", None) if owner is not None else None
        data = data if exportable is None else exportable(data)
        return self.backend.module.from_foreign(data, copy=True) if copy else self.backend.module.from_foreign(data)


def first_leaf(key: tuple[Any, ...]) -> int:
    """Return where a signature's leaves begin, with two entries for each: shape and dtype, or class and content."""
    return 3 if len(key) > 2 and hasattr(key[1], "num_leaves") else 1


def shapes_in(key: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Return the shapes of the arrays of a signature."""
    return [part for part in key[first_leaf(key) :: 2] if isinstance(part, tuple)]


def _takes_any_names(obj: Any) -> bool:
    """Tell whether a call of an object can see the order of its keyword arguments."""
    try:
        parameters = inspect.signature(called(obj)).parameters.values()
    except (TypeError, ValueError):
        return True
    return any(p.kind is p.VAR_KEYWORD for p in parameters)


def _shape(x: Any) -> tuple[Any, ...]:
    return tuple(x.shape)
