"""Modules as arguments: trees of parts with tables of tensors, taken apart into the tensors and built around others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MethodType
from typing import Any, NamedTuple

from ivy.graph.containers import Auxiliary, Rule

__all__ = ["parts_rule"]


class _Bound(NamedTuple):
    """A method of the part's own that it keeps as an attribute."""

    function: Any


class _Part(NamedTuple):
    """One part without its tensors: their numbers in the tables, and among the attributes."""

    cls: type
    attributes: dict[str, Any]
    held: dict[str, int | None]
    tables: tuple[dict[str, int | None], ...]
    inner: dict[str, int | None]


def parts_rule(array: type, tables: tuple[str, ...], inner: str, traits: Callable[[Any], Any]) -> Rule:
    """Return the rule for module classes that keep their tensors and their parts in dicts of each instance.

    A tensor or a part in several places is one in the copy too. The user's module is not touched.

    Args:
        array: class of the tensors.
        tables: attributes that are dicts of tensors.
        inner: the attribute that is a dict of parts.
        traits: what of a tensor the code may look at besides its shape and dtype.
    """
    special = {*tables, inner}

    def take(module: Any) -> tuple[list[Any], Auxiliary]:
        tensors: dict[int, tuple[int, Any]] = {}
        numbers: dict[int, int] = {}
        parts: list[Any] = []

        def visit(part: Any) -> None:
            if id(part) not in numbers:
                numbers[id(part)] = len(parts)
                parts.append(part)
                for sub in vars(part)[inner].values():
                    if sub is not None:
                        visit(sub)

        def numbered(x: Any) -> int | None:
            return None if x is None else tensors.setdefault(id(x), (len(tensors), x))[0]

        def described(part: Any) -> _Part:
            own = {k: v for k, v in vars(part).items() if k not in special}
            held = {k: numbered(v) for k, v in own.items() if isinstance(v, array)}
            attributes = {
                k: _Bound(v.__func__) if isinstance(v, MethodType) and v.__self__ is part else v
                for k, v in own.items()
                if k not in held
            }
            return _Part(
                type(part),
                attributes,
                held,
                tuple({k: numbered(v) for k, v in vars(part)[table].items()} for table in tables),
                {k: None if v is None else numbers[id(v)] for k, v in vars(part)[inner].items()},
            )

        visit(module)
        plan = [described(part) for part in parts]
        children = [x for _, x in tensors.values()]
        return children, Auxiliary(plan, (plan, [traits(x) for x in children]))

    def build(auxiliary: Auxiliary, children: Any) -> Any:
        given = list(children)
        plan: list[_Part] = auxiliary.value
        made: list[Any] = [object.__new__(part.cls) for part in plan]
        for new, part in zip(made, plan, strict=True):
            for name, value in part.attributes.items():
                vars(new)[name] = MethodType(value.function, new) if type(value) is _Bound else value
            vars(new).update(_filled(part.held, given))
            for table, values in zip(tables, part.tables, strict=True):
                vars(new)[table] = _filled(values, given)
            vars(new)[inner] = _filled(part.inner, made)
        return made[0]

    return take, build


def _filled(numbers: Mapping[str, int | None], among: list[Any]) -> dict[str, Any]:
    return {k: None if n is None else among[n] for k, n in numbers.items()}
