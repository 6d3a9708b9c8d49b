"""How an op of the functional API is declared and dispatched.

An op is declared once: a typed function with a docstring, marked `@primitive` (no body: each backend writes it) or
`@composite` (a body in terms of other ops: a backend may override it). The parameters annotated with ``Array`` are
those whose types choose the backend. Nothing else is said anywhere: the public function, the reflection tests, the
documentation and the support table are made from the declaration.

Dispatch is a dictionary look-up on the array's exact type that gives the native function, then one call. What is not in
the table (a type seen for the first time, mixed types) takes the slow path once and, where it can, fills the table.
"""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable, Iterable
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, TypeVar

from ivy.backend import backend_of_type, current_scope
from ivy.dtypes import DType
from ivy.errors import BackendError

__all__ = ["OPS", "Op", "composite", "composites", "primitive", "primitives"]

F = TypeVar("F", bound=Callable[..., Any])

PLAIN: frozenset[type] = frozenset({
    int, float, bool, complex, type(None), str, DType, type, slice, type(...), FunctionType, BuiltinFunctionType,
    MethodType, functools.partial,
})  # fmt: skip
"""Types that are no arrays, nor hold any, and come up in calls all the time."""


class Op:
    """One op: its name, its declaration and its dispatch table.

    Args:
        declaration: the declared function.
        is_composite: whether there is a body that computes it.
        namespace: ``""``, ``"linalg"`` or ``"fft"``.
        traits: facts that graph passes and the tracer ask for (see `primitive`).
    """

    __slots__ = (
        "_body",
        "_defaults",
        "_signature",
        "arity",
        "arrays",
        "chapter",
        "declaration",
        "doc",
        "hint",
        "is_composite",
        "name",
        "native_name",
        "public",
        "sequences",
        "table",
        "takes_functions",
        "traits",
    )

    def __init__(
        self,
        declaration: Callable[..., Any],
        is_composite: bool,
        namespace: str,
        traits: dict[str, Any],
        body: str | None = None,
    ) -> None:
        base = declaration.__name__
        self.name = f"{namespace}.{base}" if namespace else base
        self.native_name = f"{namespace}_{base}" if namespace else base
        self.chapter = declaration.__module__.rpartition(".")[2]
        self.declaration = declaration
        self._body: Callable[..., Any] | str | None = body or (declaration if is_composite else None)
        self.is_composite = is_composite
        self.doc = declaration.__doc__ or ""
        self.hint = "write it in the plugin's backend/ folder, or use another backend for this call"
        self.table: dict[type, Callable[..., Any]] = {}
        self.traits = traits
        self._signature: inspect.Signature | None = None
        code, notes = declaration.__code__, declaration.__annotations__
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4)]
        self.arrays = tuple(n for n in names if "Array" in str(notes.get(n, "")))
        self.sequences = tuple(
            n
            for n in self.arrays
            if "Sequence" in str(notes[n]) or "Any" in str(notes[n]) or n == _varargs(declaration)
        )
        self.takes_functions = any("Callable" in str(notes.get(n, "")) for n in names)
        exactly = code.co_posonlyargcount == code.co_argcount and not code.co_kwonlyargcount and not code.co_flags & 12
        plain = exactly and not declaration.__defaults__ and not self.sequences and len(self.arrays) == code.co_argcount
        self.arity = code.co_argcount if plain and code.co_argcount in (1, 2) else None
        self.public = _dispatcher(self)

    def __repr__(self) -> str:
        return f"<op ivy.{self.name}>"

    @property
    def body(self) -> Callable[..., Any] | None:
        """What computes a composite, imported when first asked for; None for a primitive."""
        if isinstance(self._body, str):
            module: Any = importlib.import_module(f"ivy.functional.{self._body}")
            found: Callable[..., Any] = getattr(module, self.native_name)
            self._body = found
            return found
        return self._body

    @property
    def signature(self) -> inspect.Signature:
        """The declared signature."""
        if self._signature is None:
            self._signature = inspect.signature(self.declaration)
        return self._signature

    def bind(self, cls: type) -> Callable[..., Any] | None:
        """Return, and remember, the function that serves arrays of exactly this class; None if it is no array."""
        if cls in PLAIN or cls in (list, tuple, dict):
            return None
        serve = getattr(cls, "__ivy_function__", None)  # ivy.Array and TracedArray bring their own
        if serve is not None:
            found = serve(self)
        else:
            backend = backend_of_type(cls)
            if backend is None:
                return None
            found = backend.function(self)
        self.table[cls] = found
        return found

    def resolve(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Callable[..., Any]:
        """Find the function for a call whose first argument did not decide it.

        Tracing wins over `ivy.Array`, which wins over native arrays; two frameworks' arrays in one call are an error.

        Raises:
            BackendError: if the call mixes arrays of two frameworks.
        """
        best: Callable[..., Any] | None = None
        best_rank, best_type = -1, None
        for x in _candidates(args, kwargs, bool(self.sequences)):
            cls = type(x)
            if cls in PLAIN:
                continue
            found = self.table.get(cls) or self.bind(cls)
            if found is None:
                continue
            rank = getattr(cls, "__ivy_rank__", 0)
            if rank > best_rank:
                best, best_rank, best_type = found, rank, cls
            elif rank == best_rank and found is not best:
                raise BackendError(
                    f"ivy.{self.name} got arrays of two frameworks: {_type_name(best_type)} and {_type_name(cls)}",
                    hint="bring one of them to the other's framework first, with its from_dlpack",
                )
        return best if best is not None else current_scope().function(self)


def _varargs(fn: Callable[..., Any]) -> str | None:
    code = fn.__code__
    return code.co_varnames[code.co_argcount + code.co_kwonlyargcount] if code.co_flags & 4 else None


def _type_name(cls: Any) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def _candidates(args: Iterable[Any], kwargs: dict[str, Any], deep: bool) -> Iterable[Any]:
    for x in (*args, *kwargs.values()):
        if type(x) in (list, tuple):
            yield from _candidates(x, {}, deep)
        elif type(x) is dict:
            yield from _candidates(x.values(), {}, deep)
        else:
            yield x


_UNKNOWN: Any = object()
"""Stands for the function of a call that only `Op.resolve` can decide."""


def _scanner(get: Callable[[type], Any]) -> Callable[..., Any]:
    """Make the look-up over several arguments: the one function that all arrays among them agree on."""

    def scan(items: Iterable[Any], f: Any) -> Any:
        for x in items:
            t = type(x)
            g = get(t)
            if g is None:
                if t in PLAIN:
                    continue
                if t is not list and t is not tuple:
                    return _UNKNOWN
                g = scan(x, f)
                if g is None:
                    continue
            if g is not f:
                if f is not None:
                    return _UNKNOWN
                f = g
        return f

    return scan


def _report(op: Op, args: tuple[Any, ...], kwargs: dict[str, Any], error: Exception) -> None:
    """Raise Ivy's own error for a call that failed, if its arguments explain why; only failures pay for this."""
    from ivy.functional._diagnose import diagnosis

    found = diagnosis(op, args, kwargs, error)
    if found is not None:
        raise found from error


def _dispatcher(op: Op) -> Callable[..., Any]:
    """Make the public function; the shape of the fast path follows from how many arrays lead the signature."""
    get, resolve, bind = op.table.get, op.resolve, op.bind
    leading = 0
    code = op.declaration.__code__
    for n in code.co_varnames[: code.co_argcount]:
        if n not in op.arrays or n in op.sequences:
            break
        leading += 1
    call: Callable[..., Any]
    if op.arity == 2:
        # the commonest form, binary operators, gets the cheapest call: no packing of arguments
        def pair(x1: Any, x2: Any, /) -> Any:
            t = type(x2)
            f = get(type(x1))
            if f is None:
                f = (type(x1) in PLAIN and get(t)) or resolve((x1, x2), {})
            elif t not in PLAIN and get(t) is not f:
                f = resolve((x1, x2), {})
            try:
                return f(x1, x2)
            except Exception as error:
                _report(op, (x1, x2), {}, error)
                raise

        call = pair
    elif op.arity == 1:

        def single(x: Any, /) -> Any:
            f = get(type(x)) or bind(type(x)) or resolve((x,), {})
            try:
                return f(x)
            except Exception as error:
                _report(op, (x,), {}, error)
                raise

        call = single
    elif leading == 0 or op.sequences:
        scan = _scanner(get)
        keyed = not set(op.arrays) <= set(code.co_varnames[: code.co_posonlyargcount]) | {_varargs(op.declaration)}

        def general(*args: Any, **kwargs: Any) -> Any:
            f = scan(args, None)
            if kwargs and (keyed or f is None):
                f = scan(kwargs.values(), f)
            if f is None:
                f = current_scope().function(op)
            elif f is _UNKNOWN:
                f = resolve(args, kwargs)
            try:
                return f(*args, **kwargs)
            except Exception as error:
                _report(op, args, kwargs, error)
                raise

        call = general

    elif len(op.arrays) == 1:

        def unary(*args: Any, **kwargs: Any) -> Any:
            f = get(type(args[0])) if args else None
            if f is None:
                f = (bind(type(args[0])) if args else None) or resolve(args, kwargs)
            try:
                return f(*args, **kwargs)
            except Exception as error:
                _report(op, args, kwargs, error)
                raise

        call = unary

    else:
        count = leading
        named = [n for n in op.arrays if n not in code.co_varnames[: code.co_posonlyargcount]]

        def several(*args: Any, **kwargs: Any) -> Any:
            f = get(type(args[0])) if args else None
            if f is None:
                f = resolve(args, kwargs)
            else:
                for x in args[1:count]:
                    t = type(x)
                    if t not in PLAIN and get(t) is not f:
                        f = resolve(args, kwargs)
                        break
                else:
                    if kwargs:
                        for n in named:
                            t = type(kwargs.get(n))
                            if t not in PLAIN and get(t) is not f:
                                f = resolve(args, kwargs)
                                break
            try:
                return f(*args, **kwargs)
            except Exception as error:
                _report(op, args, kwargs, error)
                raise

        call = several

    functools.update_wrapper(call, op.declaration)
    vars(call)["__ivy_op__"] = op
    return call


OPS: dict[str, Op] = {}
"""Every op by its name under ``ivy.``."""


def _declare(is_composite: bool, fn: Any, namespace: str, traits: dict[str, Any], body: str | None = None) -> Any:
    def mark(declaration: Callable[..., Any]) -> Callable[..., Any]:
        op = Op(declaration, is_composite, namespace, traits, body)
        if op.name in OPS:
            raise ValueError(f"ivy.{op.name} is declared twice")
        OPS[op.name] = op
        return op.public

    return mark if fn is None else mark(fn)


def primitive(fn: F | None = None, /, *, namespace: str = "", **traits: Any) -> Any:
    """Declare an op that every backend writes.

    Args:
        fn: the declaration: signature, annotations and docstring.
        namespace: ``"linalg"`` or ``"fft"`` for the extensions; a backend's function is then called ``linalg_det``.
        **traits: facts about the op. ``random``: draws numbers unless ``key=`` is given (True, or a function from the
            bound arguments to whether it does). ``impure``: does something besides. ``subgraphs``, for ops that take
            callables: a dict from the parameter's name to a function ``(bound, traced) -> list`` that gives the
            positional arguments which the callable (or each of a sequence of them) will get. ``bound`` maps parameters
            to the call's arguments, ``traced`` maps the callables traced so far, in the dict's order, to what they
            returned; the list holds pytrees of arrays, or of `ivy.graph.aval.Aval` where there is no such array yet
            (one step's slice, a counter, a cotangent). ``result``, with ``subgraphs``: a function
            ``(bound, traced) -> pytree`` that describes what the op returns.

    Returns:
        The public, dispatching function.

    Example:
        >>> import ivy
        >>> ivy.add.__ivy_op__.is_composite
        False
    """
    return _declare(False, fn, namespace, traits)


def composite(fn: F | None = None, /, *, namespace: str = "", body: str | None = None, **traits: Any) -> Any:
    """Declare an op by a body in terms of other ops; a backend may override it.

    Args:
        fn: the declaration with its body, or without one if `body` is given.
        namespace: as in `primitive`.
        body: module of `ivy.functional` that holds the body, under the op's native name, with the same signature. For
            bodies that are long, or that need ops of chapters which import this one. It is imported on first use.
        **traits: as in `primitive`. ``eager``: the body reads values, or calls what it was given, so that a trace for a
            backend without the op records a call of the op instead of running the body.

    Returns:
        The public, dispatching function.

    Example:
        >>> import ivy
        >>> ivy.relu.__ivy_op__.is_composite
        True
    """
    return _declare(True, fn, namespace, traits, body)


def primitives() -> tuple[str, ...]:
    """Return the names of the ops that a backend has to write; all others have a body made of these.

    Returns:
        Names under ``ivy.``, in alphabetical order.

    Example:
        >>> import ivy
        >>> "matmul" in ivy.primitives(), "relu" in ivy.primitives()
        (True, False)
    """
    return _names(is_composite=False)


def composites() -> tuple[str, ...]:
    """Return the names of the ops that every backend has through a body made of others, and may override.

    Returns:
        Names under ``ivy.``, in alphabetical order.

    Example:
        >>> import ivy
        >>> "matmul" in ivy.composites(), "relu" in ivy.composites()
        (False, True)
    """
    return _names(is_composite=True)


def _names(is_composite: bool) -> tuple[str, ...]:
    import ivy.functional  # declares the ops

    del ivy
    return tuple(sorted(name for name, op in OPS.items() if op.is_composite == is_composite))


def op_of(fn: Any) -> Op | None:
    """Return the op behind a public function, None if it is none."""
    return getattr(fn, "__ivy_op__", None)
