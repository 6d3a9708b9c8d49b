"""The runtime of a frontend: the table of a framework's functions on `ivy.functional`, and the calls through it.

A frontend function is a plain function on *values* (arrays of the functional API), with the framework's signature.
What the frameworks add to that, mutable tensors, views, in-place forms, ``out=``, methods, operators and reflected
operators, is derived here once, by name, for all functions. So a function is written down exactly once::

    torch = Frontend("torch", package="ivy_torch.frontend")

    @torch.function()                      # in ivy_torch/frontend/nn/functional.py: "torch.nn.functional.relu"
    def relu(input, inplace=False):
        return ops.relu(input)

    @torch.function("torch.add", "torch.foo.plus")   # explicit names
    def add(input, other, *, alpha=1): ...

    @torch.view("torch.t", put=lambda base, new: ops.matrix_transpose(new))
    def t(input): ...

    @torch.function("torch.nn.functional.batch_norm", writes=("running_mean", "running_var"))
    def batch_norm(input, running_mean, running_var, ...):
        return result, new_running_mean, new_running_var      # None: not written

Arguments reach the functions with tensors unwrapped, dtypes as `ivy.dtypes.DType`, devices as strings (to be ignored),
sizes as tuples of ints, memory formats and layouts as strings, generators as None.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ivy
from ivy import backend as _backend
from ivy.dtypes import dtype_of
from ivy.errors import UnsupportedCall, UnsupportedOpError
from ivy.frontends.cells import Cell, View
from ivy.graph.node import leaves, map_nested
from ivy.locks import CONVERSION

__all__ = ["Cell", "Entry", "Frontend", "View"]

Handler = Callable[[tuple[Any, ...], dict[str, Any], "Mapping[str, Any] | None"], Any]

OPERATORS: Mapping[str, str] = {
    "add": "add", "sub": "sub", "mul": "mul", "truediv": "true_divide", "floordiv": "floor_divide", "mod": "remainder",
    "pow": "pow", "matmul": "matmul", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor",
    "lshift": "bitwise_left_shift", "rshift": "bitwise_right_shift", "eq": "eq", "ne": "ne", "lt": "lt", "le": "le",
    "gt": "gt", "ge": "ge", "neg": "neg", "pos": "positive", "abs": "abs", "invert": "bitwise_not",
    "div": "true_divide",
}  # fmt: skip
"""Python's special methods, without underscores, by the array functions that they mean (torch's names)."""

REFLECTED = frozenset(
    ["add", "and", "div", "floordiv", "lshift", "matmul", "mod", "mul", "or", "pow", "rshift", "sub", "truediv", "xor"]
)

_PUTS: Mapping[str, Callable[..., Any]] = {
    "reshape": lambda base, new, *_, **__: ivy.reshape(new, tuple(base.shape)),
    "same": lambda base, new, *_, **__: new,
}


@dataclass(eq=False)
class Entry:
    """One function of a frontend.

    Args:
        path: its first name.
        fn: the function on values (on cells if `kind` is ``"cells"``).
        kind: ``"function"``, ``"view"`` (the result is a view of the first argument), ``"maybe_view"`` (it is when the
            capture saw so; run by hand, `shares` tells, else: when the array is returned as it is, or there is a
            `put`) or ``"cells"``.
        put: for a view: (base, new, *the call's other arguments) -> new base.
        writes: names of parameters that are updated in place.
        shares: for ``"maybe_view"``: the call's arguments -> whether the result shares memory with a contiguous array.
    """

    path: str
    fn: Callable[..., Any]
    kind: str = "function"
    put: Callable[..., Any] | None = None
    writes: tuple[str, ...] = ()
    shares: Callable[..., bool] | None = None
    parameters: tuple[str, ...] = field(init=False)
    variadic: bool = field(init=False)

    def __post_init__(self) -> None:
        code = getattr(inspect.unwrap(self.fn), "__code__", None)
        if code is None:
            signature = inspect.signature(self.fn).parameters.values()
            self.parameters = tuple(p.name for p in signature if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD))
            self.variadic = any(p.kind is p.VAR_KEYWORD for p in signature)
        else:
            self.parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            self.variadic = bool(code.co_flags & 8)

    def argument(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Return what a call gives for a parameter, None if it gives nothing."""
        if name in kwargs:
            return kwargs[name]
        if name in self.parameters:
            i = self.parameters.index(name)
            return args[i] if i < len(args) else None
        return None

    def accepts(self, name: str) -> bool:
        """Whether the function itself has this parameter."""
        return self.variadic or name in self.parameters


class Frontend:
    """The table of a framework's functions and the rules by which further names follow from them.

    Args:
        name: the framework's import name, the root of every path: ``"torch"``.
        package: dotted name of the plugin's frontend package; its modules are imported on first use.
        tensor: path of the array class, whose methods follow from the functions: ``"torch.Tensor"``.
        operators: special method (without underscores) -> function.
        derive: the framework's own further rules: path -> other paths to try.
    """

    def __init__(
        self,
        name: str,
        *,
        package: str,
        tensor: str = "",
        operators: Mapping[str, str] = OPERATORS,
        derive: Callable[[str], Iterable[str]] | None = None,
    ) -> None:
        self.name = name
        self.package = package
        self.tensor = tensor or f"{name}.Tensor"
        self.operators = operators
        self.derive = derive
        self.entries: dict[str, Entry] = {}
        self.constants: dict[str, Any] = {}
        self.cell: type[Cell] = Cell
        self._handlers: dict[str, Handler | None] = {}
        self._namespaces: set[str] | None = None
        self._loaded = self._loading = False

    def __repr__(self) -> str:
        return f"<frontend {self.name!r}: {len(self.entries)} names>"

    # -- registration -------------------------------------------------------------------------------------------------

    def function(self, *names: str, writes: tuple[str, ...] = ()) -> Callable[[Any], Any]:
        """Register a pure function on values; in-place forms, ``out=``, methods and operators follow from it.

        Args:
            *names: dotted paths; none means the one that the place in the package mirrors (see `path_of`).
            writes: parameters that the function updates; it then returns ``(result, *new values)``, None for untouched.

        Returns:
            A decorator that gives the function back as it is, so that frontend functions call each other on values.
        """
        return self._register(names, "function", None, writes)

    def view(
        self, *names: str, put: Callable[..., Any] | str | None = None, maybe: bool | Callable[..., bool] = False
    ) -> Callable[[Any], Any]:
        """Register a function whose result is a view of its first argument (each result, if there are several).

        Args:
            *names: as in `function`.
            put: ``(base, new, *other arguments of the call, **kwargs) -> new base``; ``"reshape"`` reshapes to the
                base's shape, ``"same"`` is for results with the base's shape and elements; None scatters by position,
                which is right for every view that only picks and moves elements.
            maybe: the result shares memory only sometimes (reshape, contiguous, to); the capture's observation decides.
                A function of the call's arguments decides when it is run by hand.

        Returns:
            A decorator that gives the function back as it is.
        """
        rule = _PUTS[put] if isinstance(put, str) else put
        return self._register(names, "maybe_view" if maybe else "view", rule, (), maybe if callable(maybe) else None)

    def cells(self, *names: str) -> Callable[[Any], Any]:
        """Register a function that gets the cells themselves (``__setitem__``, ``copy_``, ``set_``).

        Args:
            *names: as in `function`.

        Returns:
            A decorator that gives the function back as it is.
        """
        return self._register(names, "cells", None, ())

    def _register(
        self,
        names: tuple[str, ...],
        kind: str,
        put: Callable[..., Any] | None,
        writes: tuple[str, ...],
        shares: Callable[..., bool] | None = None,
    ) -> Callable[[Any], Any]:
        def mark(fn: Any) -> Any:
            paths = names or (self.path_of(fn),)
            entry = Entry(paths[0], fn, kind, put, writes, shares)
            for path in paths:
                if path in self.entries:
                    raise ValueError(f"{path} is registered twice: {self.entries[path].fn} and {fn}")
                self.entries[path] = entry
            self._handlers.clear()
            self._namespaces = None
            return fn

        return mark

    def alias(self, path: str, *names: str) -> None:
        """Give a registered function further names.

        Args:
            path: a registered name.
            *names: dotted paths.
        """
        for name in names:
            if name in self.entries:
                raise ValueError(f"{name} is registered twice")
            self.entries[name] = self.entries[path]
        self._handlers.clear()
        self._namespaces = None

    def path_of(self, fn: Any) -> str:
        """Return the path that a function's place mirrors.

        ``linear`` in ``ivy_torch/frontend/nn/functional.py`` is ``"torch.nn.functional.linear"``; a module may say
        ``NAMESPACE = "torch"`` to be a chapter of another namespace.
        """
        space = fn.__globals__.get("NAMESPACE")
        if space is None:
            space = self.name + fn.__module__.removeprefix(self.package)
        return f"{space}.{fn.__name__}"

    def load(self) -> None:
        """Import every module of the package, so that the table is complete."""
        if self._loaded:
            return
        with CONVERSION:
            if self._loaded or self._loading:
                return
            self._loading = True  # for what the modules themselves look up
            try:
                package = importlib.import_module(self.package)
                for module in pkgutil.walk_packages(package.__path__, self.package + "."):
                    importlib.import_module(module.name)
                attach = getattr(self.cell, "__attach__", None)
                if attach is not None:
                    attach()
                self._handlers.clear()
                self._loaded = True
            finally:
                self._loading = False

    # -- look-up ------------------------------------------------------------------------------------------------------

    def supports(self, path: str) -> bool:
        """Tell whether a call of this path can be made.

        Args:
            path: dotted public path in the framework.
        """
        return self._handler(path) is not None

    def namespaces(self) -> set[str]:
        """Return every proper prefix of a registered name (``"torch.nn"``)."""
        self.load()
        if self._namespaces is None:
            found: set[str] = set()
            for path in (*self.entries, *self.constants):
                parts = path.split(".")
                found.update(".".join(parts[:i]) for i in range(1, len(parts)))
            self._namespaces = found
        return self._namespaces

    def entry(self, path: str) -> Entry | None:
        """Return the function that serves a path by name alone (no in-place or reflected form), None if none does."""
        self.load()
        return next((self.entries[p] for p in self._candidates(path) if p in self.entries), None)

    def _candidates(self, path: str) -> Iterable[str]:
        yield path
        if path.startswith(self.tensor + "."):
            name = path[len(self.tensor) + 1 :]
            operator = self.operators.get(name[2:-2]) if name.startswith("__") and name.endswith("__") else None
            if operator is not None:
                name = operator
                yield f"{self.tensor}.{name}"
            yield f"{self.name}.{name}"
        if self.derive is not None:
            yield from self.derive(path)

    def _handler(self, path: str) -> Handler | None:
        try:
            found = self._handlers[path]
        except KeyError:
            found = self._handlers[path] = self._resolve(path)
        user = _user_function(path, self.name)
        return found if user is None else self._calling(Entry(path, user))

    def _resolve(self, path: str) -> Handler | None:
        entry = self.entry(path)
        if entry is not None:
            return self._calling(entry)
        prefix, _, name = path.rpartition(".")
        if name.startswith("__r") and name.endswith("__") and name[3:-2] in REFLECTED:
            forward = self._handler(f"{prefix}.__{name[3:]}")
            return forward and _swapped(forward)
        if name.startswith("__i") and name.endswith("__") and name[3:-2] in self.operators:
            return self._in_place(self.entry(f"{prefix}.__{name[3:]}"))
        return self._in_place(next((e for p in _without_underscore(path) if (e := self.entry(p)) is not None), None))

    # -- calls --------------------------------------------------------------------------------------------------------

    def call(
        self, path: str, args: tuple[Any, ...], kwargs: dict[str, Any], meta: Mapping[str, Any] | None = None
    ) -> Any:
        """Call a function by path.

        Args:
            path: dotted public path in the framework.
            args: positional arguments; cells, arrays, or anything static.
            kwargs: keyword arguments.
            meta: what the capture observed: ``"alias"``, the index (among the call's tensors, in order) of the one
                whose memory the result shares, or a tuple of such indices and None per result. None: run by hand, the
                registration decides.

        Returns:
            Cells in place of arrays; the written cell itself for in-place forms.

        Raises:
            UnsupportedOpError: if nothing serves the path.
        """
        handler = self._handler(path)
        if handler is None:
            raise UnsupportedOpError([UnsupportedCall(path)], source=self.name)
        if _backend._scope.get() is not None:
            return handler(args, kwargs, meta)
        with _backend.scope(_scope_for((args, kwargs))):
            return handler(args, kwargs, meta)

    def public(self, path: str) -> Callable[..., Any]:
        """Return the function at a path as users call it by hand: native arrays in, native arrays out.

        Args:
            path: dotted public path.

        Returns:
            A function; it returns tensors if one is passed, or if no array is passed at all.
        """

        def call(*args: Any, **kwargs: Any) -> Any:
            given = [type(x) for x in leaves((args, kwargs))]
            result = self.call(path, args, kwargs)
            native = any(_is_array_type(t) for t in given) and not any(issubclass(t, Cell) for t in given)
            return map_nested(result, self.unwrap) if native else result

        call.__name__ = path.rpartition(".")[2]
        call.__qualname__ = path
        entry = self.entry(path)
        call.__doc__ = entry.fn.__doc__ if entry else None
        return call

    def wrap(self, array: Any) -> Any:
        """Make a tensor of an array."""
        self.load()
        return self.cell(array)

    def unwrap(self, x: Any) -> Any:
        """Return the array that a tensor holds now; anything else as it is."""
        return x.value if isinstance(x, Cell) else x

    def wrap_result(self, x: Any) -> Any:
        """Wrap the arrays of a nest that are not in cells yet."""
        return map_nested(x, lambda v: self.cell(v) if _is_array_type(type(v)) else v)

    def _calling(self, entry: Entry) -> Handler:
        """Make the handler of a registered function."""
        if entry.kind == "cells":
            return lambda args, kwargs, meta: self.wrap_result(entry.fn(*args, **kwargs))
        in_place = self._in_place(entry) if "inplace" in entry.parameters else None

        def run(args: tuple[Any, ...], kwargs: dict[str, Any], meta: Mapping[str, Any] | None) -> Any:
            if in_place is not None and entry.argument("inplace", args, kwargs):
                return in_place(args, kwargs, meta)
            out = kwargs.get("out")
            if "out" in kwargs and not entry.accepts("out"):
                kwargs = {k: v for k, v in kwargs.items() if k != "out"}
            call = _Call(entry, args, kwargs)
            result = call.run()
            if entry.writes:
                result, *news = result
                for name, new in zip(entry.writes, news, strict=True):
                    target = entry.argument(name, args, kwargs)
                    if new is not None and isinstance(target, Cell):
                        target.assign(new)
            if out is not None:
                return _write_out(out, result)
            return self._wrapped(call, result, meta)

        return run

    def _in_place(self, entry: Entry | None) -> Handler | None:
        """Make the handler of a function's in-place form, which writes to the first argument."""
        if entry is None or entry.kind == "cells":
            return None

        def run(args: tuple[Any, ...], kwargs: dict[str, Any], meta: Mapping[str, Any] | None) -> Any:
            first = entry.parameters[0] if entry.parameters else ""
            target = args[0] if args else kwargs[first]
            if "inplace" in kwargs and not entry.accepts("inplace"):
                kwargs = {k: v for k, v in kwargs.items() if k != "inplace"}
            call = _Call(entry, args, kwargs)
            result = call.run()
            if entry.kind == "view" and isinstance(target, Cell):
                target.rebind(call.view(0, 0, result, self.cell))
            elif isinstance(target, Cell):
                target.assign(result)
            else:  # a native array, run by hand: the new value is all there is
                target = self.wrap_result(result)
            return target

        return run

    def _wrapped(self, call: _Call, result: Any, meta: Mapping[str, Any] | None) -> Any:
        if meta is not None:
            alias = meta.get("alias")
        else:
            alias = 0 if call.shares(result) else None
        if alias is None or not call.cells:
            return self.wrap_result(result)
        position = -1

        def wrap(x: Any) -> Any:
            nonlocal position
            if not _is_array_type(type(x)):
                return x
            position += 1
            which = alias[position] if isinstance(alias, tuple) else alias
            return self.cell(x) if which is None else call.view(which, position, x, self.cell)

        return map_nested(result, wrap)


class _Call:
    """One call of a function on values, which can be replayed with another base."""

    __slots__ = ("args", "cells", "entry", "first", "kwargs", "several", "values")

    def __init__(self, entry: Entry, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.entry = entry
        self.args = args
        self.kwargs = kwargs
        self.cells: list[Cell] = []
        self.values: list[Any] = []
        self.first: Any = None
        self.several = False

    def _take(self, x: Any) -> Any:
        if isinstance(x, Cell):
            self.cells.append(x)
            self.values.append(x.value)
            return self.values[-1]
        return x

    def run(self) -> Any:
        args, kwargs = map_nested(self.args, self._take), map_nested(self.kwargs, self._take)
        self.first = self.values[0] if self.values else None
        result = self.entry.fn(*args, **kwargs)
        self.several = isinstance(result, (tuple, list, dict))
        return result

    def shares(self, result: Any) -> bool:
        """Whether the result is a view of the first tensor, by the registration (nothing was observed)."""
        kind, rule = self.entry.kind, self.entry.shares
        if kind == "view":
            return True
        if kind != "maybe_view":
            return False
        if rule is not None:
            return bool(rule(*self.args, **self.kwargs))
        return result is self.first or self.entry.put is not None

    def given(self, index: int, base: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the call's arguments on values with `base` in place of tensor number `index`."""
        number = -1

        def value(x: Any) -> Any:
            nonlocal number
            if not isinstance(x, Cell):
                return x
            number += 1
            return base if number == index else self.values[number]

        args, kwargs = map_nested(self.args, value), map_nested(self.kwargs, value)
        return args, kwargs

    def view(self, index: int, position: int, value: Any, cls: type[Cell]) -> Any:
        """Make the cell of result number `position` as a view of tensor number `index`."""
        cell = self.cells[index]
        put = self.entry.put
        if value is self.values[index]:
            return type(cell).over(cell._source)

        def get(base: Any) -> Any:
            args, kwargs = self.given(index, base)
            result = self.entry.fn(*args, **kwargs)
            return [x for x in leaves(result) if _is_array_type(type(x))][position] if self.several else result

        def put_back(base: Any, new: Any) -> Any:
            assert put is not None
            args, kwargs = self.given(index, base)
            if not args:
                kwargs.pop(self.entry.parameters[0], None)
            return put(base, new, *args[1:], **kwargs)

        declared = put is not None and not self.several and index == 0
        static = len(self.cells) == 1 and not self.several
        token = (self.entry.path, self.args[1:], self.kwargs) if static else None
        return cell.new_view(View(get, put_back if declared else None, token), value)


def _write_out(out: Any, result: Any) -> Any:
    if isinstance(out, (tuple, list)):
        for target, new in zip(out, result, strict=True):
            _write_out(target, new)
    elif isinstance(out, Cell):
        if out.resized_by_out and tuple(out.value.shape) != tuple(result.shape):
            dtype = dtype_of(out.value)
            out.rebind(type(out)(result if dtype_of(result) == dtype else ivy.astype(result, dtype)))
        else:
            out.assign(result)
    else:
        return result
    return out


def _swapped(forward: Handler) -> Handler:
    return lambda args, kwargs, meta: forward((args[1], args[0], *args[2:]), kwargs, None)


def _without_underscore(path: str) -> Iterable[str]:
    """Yield the path of the function that an in-place one is named after: ``add_``, ``add_.Tensor``."""
    parts = path.split(".")
    for i in (len(parts) - 1, len(parts) - 2):
        if i > 0 and parts[i].endswith("_") and not parts[i].endswith("__"):
            yield ".".join((*parts[:i], parts[i][:-1], *parts[i + 1 :]))


_array_types: dict[type, bool] = {}


def _is_array_type(cls: type) -> bool:
    found = _array_types.get(cls)
    if found is None:
        from ivy.plugins import array_owner

        found = hasattr(cls, "__ivy_function__") or (not issubclass(cls, Cell) and array_owner(cls) is not None)
        _array_types[cls] = found
    return found


def _scope_for(nest: Any) -> Any:
    """Return the scope for a call by hand: the backend of its arrays, else the one that the user set."""
    for x in leaves(nest):
        value = x.value if isinstance(x, Cell) else x
        if type(value).__module__ == "ivy.array":
            value = getattr(value, "data", value)
        if hasattr(type(value), "__ivy_function__"):
            return value.trace
        if _is_array_type(type(value)):
            return _backend.backend_of(value)
    scope = _backend.current_scope()
    return getattr(scope, "backend", scope)


def _user_function(path: str, framework: str) -> Callable[..., Any] | None:
    from ivy.frontends.converters import user_function

    return user_function(path, framework)
