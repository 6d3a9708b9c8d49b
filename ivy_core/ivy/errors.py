"""Every error that Ivy raises.

An error says four things: what went wrong, where in the user's source, why, and what to do about it.  Each class here
says when it is raised and shows code that triggers it next to code that doesn't.  Raise the most specific class; add
a class only for a case that a caller would want to catch on its own.  Classes also derive from the built-in exception
that a Python user would expect (`TypeError`, `NotImplementedError`), so that code which knows nothing of Ivy
can catch them.
"""

from __future__ import annotations

import difflib
import linecache
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

__all__ = [
    "ArgumentError",
    "AxisError",
    "BackendError",
    "CaptureError",
    "ConversionError",
    "DataDependentError",
    "DtypeError",
    "GraphError",
    "GuardError",
    "IvyError",
    "NotCapturedError",
    "NotImplementedByBackend",
    "PluginError",
    "PluginVersionError",
    "ShapeError",
    "SignatureError",
    "SourceLocation",
    "UnknownFrameworkError",
    "UnsupportedCall",
    "UnsupportedOpError",
]

_INDENT = "  "
_LOCATIONS_SHOWN = 3
_SECTION = re.compile(r"^  (where|plugin|why|hint): *(.*)$")
_ITEM = f"{_INDENT}- "
_STYLE = re.compile(r"\x1b\[[\d;]*m")
"""What sets a terminal's style, as keras sets the text of an exception in bold."""

OFFICIAL = {
    "jax": ("jax", "flax", "linen", "nnx", "haiku", "equinox"),
    "numpy": ("numpy",),
    "paddle": ("paddle", "paddlepaddle"),
    "tensorflow": ("tensorflow", "keras", "tf.Module", "tf"),
    "torch": ("torch", "pytorch"),
}
"""The frameworks whose plugins this project publishes, as ``ivy-<name>``, and the other names that lead to them.

Nothing else is ever offered for installation: a misspelt name in an install command is an invitation to squatters.
"""


class SourceLocation(NamedTuple):
    """A line of the user's code.

    Example:
        >>> str(SourceLocation("model.py", 12, "forward"))
        'model.py:12, in forward'
    """

    file: str
    line: int
    function: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        return f"{place}, in {self.function}" if self.function else place

    def source_line(self) -> str:
        """The text of the line, or "" where it can't be had (a REPL, a deleted file)."""
        return linecache.getline(self.file, self.line).strip()


def _labelled(label: str, text: str) -> str:
    """``label: text`` with the further lines of `text` indented under its first."""
    first, *rest = text.strip().splitlines() or [""]
    head = f"{_INDENT}{label + ':':<8}{first}"
    return "\n".join([head, *(f"{_INDENT}{'':<8}{line}" for line in rest)])


def _sections(text: str) -> dict[str, str]:
    """Take a rendered error apart: ``what`` and each labelled part, {} if it has none.

    Frameworks that put more context around an error's text (keras) leave the lines of its parts as they are.
    """
    found: dict[str, list[str]] = {}
    what: list[str] = []
    here: list[str] | None = what
    for line in _STYLE.sub("", text).splitlines():
        match = _SECTION.match(line)
        if match is not None and match[1] not in found:
            here = found[match[1]] = [match[2]]
        elif line.startswith(_ITEM):
            found.setdefault("", []).append(line)
            here = None
        elif here is what:
            what.append(line)
        elif here is not None and line.startswith(_INDENT + " " * 8):
            here.append(line[len(_INDENT) + 8 :])
        else:  # context that follows
            here = None
    if not found:
        return {}
    return {"what": "\n".join(what).strip(), **{k: "\n".join(v) for k, v in found.items()}}


class IvyError(Exception):
    """Base class of all of Ivy's errors; catches any of them.

    An error can be made again of its text alone, ``type(error)(str(error))``, as keras and other tools do that add
    context to exceptions: the text stays as it is, and `where`, `why` and `hint` are read off it.

    Args:
        what: One sentence: what could not be done; or the whole text of an error.
        where: The line of the user's source, or other words for the place; None when there is none.
        why: The reason, as far as it is known.
        hint: What the user can do.

    Example:
        >>> print(IvyError("can't do it", where=SourceLocation("f.py", 3), why="it is hard", hint="try `g`"))
        can't do it
          where:  f.py:3
          why:    it is hard
          hint:   try `g`
    """

    _text: str | None = None

    def __init__(
        self,
        what: str,
        *,
        where: SourceLocation | str | None = None,
        why: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.why = why
        self.hint = hint
        if where is None and why is None and hint is None:
            self._read(what)

    def _read(self, text: str) -> None:
        """Take over the whole text of an error, if it is one."""
        parts = _sections(text)
        if parts:
            self._text = text
            self.what = parts["what"]
            self.where, self.why, self.hint = parts.get("where"), parts.get("why"), parts.get("hint")

    def __str__(self) -> str:
        if self._text is not None:
            return self._text
        lines = [self.what]
        if self.where is not None:
            code = self.where.source_line() if isinstance(self.where, SourceLocation) else ""
            lines.append(_labelled("where", f"{self.where}\n  {code}" if code else str(self.where)))
        lines += self._details()
        if self.why:
            lines.append(_labelled("why", self.why))
        if self.hint:
            lines.append(_labelled("hint", self.hint))
        return "\n".join(lines)

    def _details(self) -> list[str]:
        """Lines that a subclass adds between the place and the reason."""
        return []

    @property
    def args(self) -> tuple[Any, ...]:
        """The whole text, as the one argument: what tools that rebuild exceptions take for the message."""
        return (str(self),)

    @args.setter
    def args(self, values: Iterable[Any]) -> None:
        self._text = "\n".join(map(str, values))

    def __reduce__(self) -> tuple[Any, ...]:
        # BaseException's own would call the class with `args` alone and lose the parts;
        # errors cross process boundaries in test runners and data loaders.
        return _rebuild, (type(self), self.what, self.__dict__)

    def at(self, where: SourceLocation | str) -> Self:
        """Fill in the place, if it is not known yet, and return the error itself.

        For code that catches an error from a layer which can't see the user's source.

        Example:
            >>> BackendError("no").at("model.py:3").where
            'model.py:3'
        """
        if self.where is None and self._text is None:
            self.where = where
        return self


def _rebuild(cls: type[IvyError], what: str, state: dict[str, Any]) -> IvyError:
    error = cls.__new__(cls, what)
    error.__dict__.update(state)
    return error


class PluginError(IvyError):
    """A plugin is broken, blocked, ambiguous or does not provide what is asked of it.

    Bad, when ``ivy-torch`` is blocked::

        $ IVY_BLOCK_PLUGINS=torch python -c "import ivy; ivy.set_backend('torch')"

    Good::

        $ python -c "import ivy; ivy.set_backend('torch')"
    """

    def __init__(
        self,
        what: str,
        *,
        plugin: str = "",
        distribution: str | None = None,
        where: SourceLocation | str | None = None,
        why: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.plugin = plugin
        self.distribution = distribution
        super().__init__(what, where=where, why=why, hint=hint)

    def _read(self, text: str) -> None:
        super()._read(text)
        if self._text is not None and not self.plugin:
            name, _, rest = _sections(text).get("plugin", "").partition(" (distribution ")
            self.plugin, self.distribution = name, rest.removesuffix(")") or None

    def _details(self) -> list[str]:
        if not self.plugin:
            return []
        origin = f" (distribution {self.distribution})" if self.distribution else ""
        return [_labelled("plugin", f"{self.plugin}{origin}")]


class PluginVersionError(PluginError):
    """A plugin and Ivy, or a plugin and its framework, are of versions that don't fit.

    Bad: ``pip install ivy-torch "torch<2"``

    Good: ``pip install --upgrade ivy-torch torch``
    """


class UnknownFrameworkError(IvyError, ValueError):
    """No plugin that is installed knows the framework asked for, or none recognises an object.

    Bad::

        ivy.transpile(f, source="torch", to="jaxx")

    Good::

        ivy.transpile(f, source="torch", to="jax")
    """

    def __init__(
        self,
        name: str | None,
        installed: Iterable[str] = (),
        *,
        what: str | None = None,
        where: SourceLocation | str | None = None,
        why: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.name = name
        self.installed = tuple(installed)
        given = (what, where, why, hint) != (None,) * 4 or self.installed
        if not given and name is not None and _sections(name):  # the text of such an error
            super().__init__(name)
            self.name = None
            return
        super().__init__(
            what or f"no plugin for the framework {name!r} is installed",
            where=where,
            why=why or f"installed plugins: {', '.join(self.installed) or 'none'}",
            hint=hint if hint is not None or name is None else installation_hint(name, self.installed),
        )


def installation_hint(name: str, installed: Sequence[str]) -> str:
    """Return what to do about a framework that no plugin here knows: install its plugin, or write its name right.

    Args:
        name: what was asked for.
        installed: names that are known here.

    Returns:
        A hint, which has an install command for an official plugin only.

    Example:
        >>> installation_hint("nunpy", ["numpy"])
        "did you mean 'numpy'?"
    """
    official = {alias: plugin for plugin, aliases in OFFICIAL.items() for alias in aliases}
    stage = name.removesuffix("_frontend")
    for alias in (name, stage):
        plugin = official.get(alias)
        if plugin is not None and plugin not in installed:
            return f"pip install ivy-{plugin}"
        if plugin is not None and plugin != alias:
            return f"the plugin is called {plugin!r}"
    close = difflib.get_close_matches(stage.lower(), sorted({*official, *installed}), n=1)
    if not close:
        own = ", ".join(f"ivy-{plugin}" for plugin in OFFICIAL)
        return f"Ivy's own plugins are {own}; `ivy plugins` lists what is here"
    plugin = official.get(close[0])
    here = plugin is None or plugin in installed
    return f"did you mean {close[0]!r}?" + ("" if here else f" (pip install ivy-{plugin})")


class BackendError(IvyError):
    """No backend, or more than one, could serve a call; or a backend can't do what a call asks for.

    Bad: arrays of two frameworks in one call::

        ivy.add(torch.ones(2), jax.numpy.ones(2))

    Good::

        ivy.add(torch.ones(2), torch.ones(2))
    """


class NotCapturedError(BackendError, AttributeError):
    """A graph was asked for before there is one; also an `AttributeError`, so that `hasattr` says no.

    Bad::

        ivy.transpile(model, to="jax").graph

    Good: after a call, or with ``args=``::

        ivy.transpile(model, to="jax", args=(x,)).graph
    """


class NotImplementedByBackend(BackendError, NotImplementedError):
    """A backend does not have a function of the functional API, and there is no body in terms of others.

    Bad: a function that the plugin's support table marks as missing.

    Good: the same function on another backend, or one that `hint` names.
    """


class DtypeError(IvyError, TypeError):
    """Dtypes don't promote together, or a function is not defined for a dtype.

    Bad::

        ivy.bitwise_and(ivy.asarray([1.5]), ivy.asarray([1]))

    Good::

        ivy.bitwise_and(ivy.asarray([1]), ivy.asarray([1]))
    """


class ArgumentError(IvyError, ValueError):
    """An argument has a value that the function doesn't know.

    Bad::

        ivy.pad(x, [(1, 1)], mode="mirror")

    Good::

        ivy.pad(x, [(1, 1)], mode="reflect")
    """


class SignatureError(ArgumentError, TypeError):
    """A call's arguments don't fit the signature of the code that was converted.

    Bad::

        ivy.transpile(lambda x: x, source="torch", to="jax")(x, scale=2)

    Good::

        ivy.transpile(lambda x, scale: x * scale, source="torch", to="jax")(x, scale=2)
    """


class ShapeError(ArgumentError):
    """The shapes in a call don't fit together.

    Bad::

        ivy.split(ivy.ones((5,)), 2)

    Good::

        ivy.split(ivy.ones((5,)), [2])
    """


class AxisError(ShapeError, IndexError):
    """An axis is out of range for an array, or named twice.

    Bad::

        ivy.sum(ivy.ones((2, 3)), axis=2)

    Good::

        ivy.sum(ivy.ones((2, 3)), axis=1)
    """


class CaptureError(IvyError):
    """The code could not be recorded as a graph.

    Bad: code that leaves the framework in the middle::

        def f(x):
            return torch.from_numpy(scipy.special.gamma(x.numpy()))

    Good::

        def f(x):
            return torch.exp(torch.lgamma(x))
    """


class DataDependentError(CaptureError):
    """The code asks for a tensor's value where there is none: under jit, or while capturing without values.

    Bad::

        def f(x):
            return x if x.sum() > 0 else -x

    Good::

        def f(x):
            return torch.where(x.sum() > 0, x, -x)
    """


class GraphError(IvyError):
    """A graph is not well formed: a fault of Ivy or of a plugin's capture or pass, which should be reported.

    Bad: a pass that drops a node which another one uses::

        graph.nodes.remove(node)

    Good: a pass that leaves that to `ivy.graph.passes.eliminate_dead`.
    """


class GuardError(IvyError):
    """A transpiled function met a signature or a value that its graph was not captured for, and can't capture again.

    Bad: a branch on a value, then a jitted call which takes the other branch::

        g = ivy.transpile(f, to="jax", args=(x,))
        jax.jit(g)(-x)

    Good: outside of jit, where the guard can be checked and the other branch captured::

        g(-x)

    Attributes:
        number: which of its graph's guards failed, None if that isn't known.
        value: what was read.
    """

    number: int | None = None
    value: Any = None


class ConversionError(IvyError):
    """A module, its parameters or its state could not be carried over to the other framework.

    Bad: weights that don't fit::

        ivy.sync_weights(resnet18, jax_resnet50)

    Good::

        ivy.sync_weights(resnet18, jax_resnet18)
    """


@dataclass(frozen=True, slots=True)
class UnsupportedCall:
    """A function that can't be translated, and where the user's code calls it.

    Attributes:
        name: Dotted name of the function in the source framework.
        count: How often it is called.
        locations: Lines of the calls, without repeats; may be fewer than `count`.
        reason: Why, if more is known than that nobody has written it.
        internal: Whether the framework itself makes the call, below what the user's code calls, so that there is no
            function which a user could supply.
        layers: The framework's own layers that the calls are made in, where no line of the user's is nearer.
        unit: What is counted.
    """

    name: str
    count: int = 1
    locations: tuple[SourceLocation, ...] = ()
    reason: str | None = field(default=None)
    internal: bool = False
    layers: tuple[str, ...] = ()
    unit: str = "call"

    def __str__(self) -> str:
        times = f"1 {self.unit}" if self.count == 1 else f"{self.count} {self.unit}s"
        places = [*(f"layer {layer}" for layer in self.layers), *map(str, self.locations)]
        shown = ", ".join(places[:_LOCATIONS_SHOWN])
        more = len(places) - _LOCATIONS_SHOWN
        text = f"{self.name}: {times}"
        if shown:
            text += f" at {shown}" + (f" and {more} more" if more > 0 else "")
        return f"{text} ({self.reason})" if self.reason else text


class UnsupportedOpError(IvyError, NotImplementedError):
    """The code calls functions that have no translation; all of them are listed at once.

    Bad::

        ivy.transpile(lambda x: torch.linalg.ldl_factor(x), source="torch", to="jax", args=(x,))

    Good: supply the function, then transpile::

        @ivy.converter("torch.linalg.ldl_factor")
        def ldl_factor(A, *, hermitian=False): ...
    """

    def __init__(
        self,
        calls: Sequence[UnsupportedCall] | str,
        *,
        source: str | None = None,
        target: str | None = None,
        why: str | None = None,
        hint: str | None = None,
    ) -> None:
        text = calls if isinstance(calls, str) else None
        self.calls = () if isinstance(calls, str) else tuple(calls)
        self.source = source
        self.target = target
        if text is not None:
            super().__init__(text, why=why, hint=hint)
            return
        route = (f" from {source}" if source else "") + (f" to {target}" if target else "")
        number = "1 function" if len(self.calls) == 1 else f"{len(self.calls)} functions"
        if hint is None and self.calls:
            hint = _way_around(self.calls)
        super().__init__(f"{number} can't be translated{route}", why=why, hint=hint)

    def _details(self) -> list[str]:
        return [f"{_ITEM}{call}" for call in self.calls]


def _way_around(calls: Sequence[UnsupportedCall]) -> str:
    """Return what to do about calls that can't be translated."""
    supplied = next((call for call in calls if not call.internal), None)
    if supplied is None:
        return (
            "the framework makes this call itself, for a derivative or a transformation, so there is no function to "
            "supply: take derivatives in the target, after the conversion, or write the lines named above otherwise"
        )
    return f'write the function on ivy.functional and register it with @ivy.converter("{supplied.name}")'
