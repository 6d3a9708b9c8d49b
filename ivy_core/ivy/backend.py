"""Which backend serves a call.

Three rules, in this order: the type of the arrays in the call; else, for calls without an array (`ivy.zeros`), the
*scope* that is active; else the backend that the user set. Scopes live in a `ContextVar`, so threads, async tasks and
nested calls don't see each other's, and nothing in any module is rewritten.

A scope is anything with a method `function(op)`: a `Backend` (native arrays in and out), an `ArrayScope` over a
backend (`ivy.Array` out) and the tracer (records the call). The same protocol serves dispatch by array type.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from ivy.errors import BackendError, DtypeError, installation_hint

if TYPE_CHECKING:
    from ivy.dtypes import DType
    from ivy.functional.registry import Op

__all__ = ["current_backend", "set_backend", "unset_backend", "using_backend"]


class Scope(Protocol):
    """What can serve an op: gives the plain function to call for it."""

    def function(self, op: Op, /) -> Callable[..., Any]:
        """Return the function that serves `op` here."""
        ...


class Support(Protocol):
    """What a plugin's `backend/support_functions` module-level names provide besides the ops.

    A plugin's backend package holds plain functions named like the ops (`ivy.linalg.det` is `linalg_det` there) and
    these. All of them take and return native arrays.
    """

    NAME: str
    """Framework name, such as ``"torch"``."""
    NAMESPACES: Mapping[str, str]
    """Alias in generated code -> module whose public functions may be called by name: ``{"jnp": "jax.numpy"}``."""

    def native_types(self) -> tuple[type, ...]:
        """Return the array classes; subclasses count too."""
        ...

    def asarray(self, obj: Any, dtype: DType | None = None) -> Any:
        """Make a native array of Python scalars, nested sequences, NumPy arrays or native arrays."""
        ...

    def from_foreign(self, x: Any, *, copy: bool = False) -> Any:
        """Take over another framework's array: DLPack without a copy where it can, else through NumPy."""
        ...

    def to_numpy(self, x: Any) -> Any:
        """Give a NumPy array (bfloat16 through ml_dtypes)."""
        ...

    def native_dtype(self, dtype: Any) -> Any:
        """Return the framework's dtype object; canonicalised where the framework has no such type."""
        ...

    def abstract_eval(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Run `fn` on `Aval`s without arithmetic and return its result with `Aval`s in place of arrays."""
        ...


def _unwrapping(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Let the functions that an op is given return `ivy.Array`s: what they close over may be some."""
    import optree

    from ivy.graph.node import map_nested

    def is_wrapper(x: Any) -> bool:
        return type(x).__module__ == "ivy.array" and hasattr(x, "data")

    def unwrapping(f: Any) -> Any:
        if not isinstance(f, (FunctionType, MethodType, partial)):
            return f

        @wraps(f)
        def call(*args: Any, **kwargs: Any) -> Any:
            found = f(*args, **kwargs)
            if not any(map(is_wrapper, optree.tree_leaves(found))):
                return found
            return optree.tree_map(lambda x: x.data if is_wrapper(x) else x, found)

        return call

    @wraps(fn)
    def run(*args: Any, **kwargs: Any) -> Any:
        return fn(*map_nested(args, unwrapping), **map_nested(kwargs, unwrapping))

    return run


class Backend:
    """A framework as a provider of ops; made once per plugin and kept.

    Args:
        name: framework name.
        module: the plugin's backend package: ops by name plus the `Support` functions.
    """

    def __init__(self, name: str, module: ModuleType) -> None:
        self.name = name
        self.module: Any = module
        self.types: tuple[type, ...] = tuple(module.native_types())
        self.abstract_eval: Callable[..., Any] | None = getattr(module, "abstract_eval", None)
        self._functions: dict[str, Callable[..., Any]] = {}
        self._paths: dict[int, str] | None = None

    def __repr__(self) -> str:
        return f"<ivy backend {self.name!r}>"

    def native(self, op: Op) -> Callable[..., Any] | None:
        """Return the backend's own function for `op`, None where it has none."""
        return getattr(self.module, op.native_name, None)

    def function(self, op: Op, /) -> Callable[..., Any]:
        """Return the function that serves `op` on native arrays: the backend's own, else the composite's body."""
        found = self._functions.get(op.name)
        if found is None:
            native = self.native(op)
            found = native if native is not None else self._composite(op)
            if op.takes_functions:
                found = _unwrapping(found)
            self._functions[op.name] = found
        return found

    def _composite(self, op: Op) -> Callable[..., Any]:
        body = op.body
        if body is None:
            from ivy.errors import NotImplementedByBackend

            raise NotImplementedByBackend(f"the {self.name} backend has no `ivy.{op.name}`", hint=op.hint)

        # what stands for an array without being one (a variable) has its value read first: bodies expect an array
        read = getattr(self.module, "read", None)
        from ivy.graph.node import map_nested

        def composite(*args: Any, **kwargs: Any) -> Any:
            if read is not None:
                args, kwargs = map_nested(args, read), map_nested(kwargs, read)
            token = _scope.set(self)
            try:
                return body(*args, **kwargs)
            finally:
                _scope.reset(token)

        composite.__name__ = composite.__qualname__ = op.name
        return composite

    def path_of(self, fn: Callable[..., Any]) -> str | None:
        """Return the dotted path by which generated code can import `fn`: the framework's own name where it has one."""
        if self._paths is None:
            paths: dict[int, str] = {}
            # a module that has parts under its own name (`tensorflow.nn`) lists these, the most public one last
            public = getattr(self.module, "PUBLIC_MODULES", None) or reversed(list(self.module.NAMESPACES.values()))
            for module_name in public:
                module = sys.modules.get(module_name) or _attribute(module_name)
                for attribute, value in vars(module).items() if module else ():
                    if callable(value) and not attribute.startswith("_"):
                        paths[id(value)] = f"{module_name}.{attribute}"
            self._paths = paths
        native = self._paths.get(id(fn))
        if native is not None:
            return native
        module_name, name = getattr(fn, "__module__", None), getattr(fn, "__qualname__", "<locals>")
        return f"{module_name}.{name}" if module_name and "<" not in name else None


def _attribute(path: str) -> Any:
    """Return what a dotted path names, starting from an imported module; None if that is not imported."""
    top, *names = path.split(".")
    found: Any = sys.modules.get(top)
    for name in names:
        found = getattr(found, name, None)
    return found


class ArrayScope:
    """A backend whose results are wrapped in `ivy.Array`: what the user sees outside of any native call."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._functions: dict[str, Callable[..., Any]] = {}

    def function(self, op: Op, /) -> Callable[..., Any]:
        """Return the function that serves `op` and wraps its result."""
        found = self._functions.get(op.name)
        if found is None:
            from ivy.array import wrapping

            found = self._functions[op.name] = wrapping(self.backend.function(op))
        return found


_scope: ContextVar[Scope | None] = ContextVar("ivy_scope", default=None)
_default: ContextVar[tuple[ArrayScope, ...]] = ContextVar("ivy_default_backend", default=())
_backends: dict[str, Backend] = {}
_array_scopes: dict[str, ArrayScope] = {}


def get_backend(name: str) -> Backend:
    """Load (once) and return the backend of a framework.

    Args:
        name: framework name, such as ``"jax"``.

    Returns:
        Its `Backend`.

    Raises:
        UnknownFrameworkError: if no plugin by that name is installed.
    """
    found = _backends.get(name)
    if found is None:
        from ivy.plugins import get_plugin

        found = _backends.setdefault(name, Backend(name, get_plugin(name).part("backend")))
    return found


def loaded_backends() -> tuple[Backend, ...]:
    """Return the backends that are in use so far."""
    return tuple(_backends.copy().values())


def body_of(public: Callable[..., Any], backend: str) -> Callable[..., Any]:
    """Return a composite's body as a backend runs it: what an override calls for the cases that it doesn't serve.

    Args:
        public: the op, such as `ivy.avg_pool`.
        backend: framework name; its plugin is loaded at the first call.

    Returns:
        A function on native arrays.

    Example:
        >>> import ivy, numpy as np
        >>> from ivy.backend import body_of
        >>> body_of(ivy.relu6, "numpy")(np.asarray([7.0])).tolist()
        [6.0]
    """
    op: Op = public.__ivy_op__  # type: ignore[attr-defined]
    assert op.body is not None, f"{op!r} is a primitive"
    body = op.body

    def run(*args: Any, **kwargs: Any) -> Any:
        with scope(get_backend(backend)):
            return body(*args, **kwargs)

    return run


def numpy_form(x: Any) -> Any:
    """Return an array's NumPy form as its own backend makes it, bfloat16 among it; what is no array as it is."""
    owner = backend_of_type(type(x))
    return x if owner is None else owner.module.to_numpy(x)


def backend_of_type(cls: type) -> Backend | None:
    """Return the backend that owns arrays of this class, None if no plugin claims it."""
    from ivy.plugins import array_owner

    owner = array_owner(cls)
    return None if owner is None else get_backend(owner)


def backend_of(x: Any) -> Backend:
    """Return the backend that owns the array `x`.

    Raises:
        BackendError: if `x` is no array of an installed framework.
    """
    found = backend_of_type(type(x))
    if found is None:
        from ivy.plugins import plugins

        raise BackendError(
            f"no installed framework owns arrays of type {type(x).__module__}.{type(x).__qualname__}",
            hint=installation_hint(type(x).__module__.partition(".")[0], [p.name for p in plugins()]),
        )
    return found


def is_native_array(x: Any) -> bool:
    """Tell whether `x` is an array of an installed framework."""
    from ivy.plugins import array_owner

    return array_owner(type(x)) is not None


def _array_scope(name: str) -> ArrayScope:
    found = _array_scopes.get(name)
    if found is None:
        found = _array_scopes.setdefault(name, ArrayScope(get_backend(name)))
    return found


def current_scope() -> Scope:
    """Return what serves calls that have no array argument.

    Raises:
        BackendError: if no backend is set and none can be chosen for the user.
    """
    scope = _scope.get()
    if scope is not None:
        return scope
    stack = _default.get()
    return stack[-1] if stack else _only_backend()


def _only_backend() -> ArrayScope:
    from ivy.plugins import plugins

    usable = [p.name for p in plugins() if p.error is None and not p.blocked]
    if "numpy" in usable:
        return _array_scope("numpy")
    if len(usable) == 1:
        return _array_scope(usable[0])
    raise BackendError(
        "this call has no array argument and no backend is set",
        hint=f"call ivy.set_backend(name) with one of {usable}" if usable else "pip install ivy-numpy",
    )


@contextmanager
def scope(new: Scope) -> Iterator[None]:
    """Make `new` serve array-less calls within the block."""
    token = _scope.set(new)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def scope_of(arrays: Iterable[Any]) -> Iterator[None]:
    """Let the framework of these arrays serve array-less calls within the block, unless a scope is active already.

    For code that is of no framework: what it makes has to go together with what it was given.

    Args:
        arrays: native arrays or `ivy.Array`s; the first tells.
    """
    owner = None
    if _scope.get() is None:
        types = (type(x.data if type(x).__module__ == "ivy.array" else x) for x in arrays)
        owner = next((found for cls in types if (found := backend_of_type(cls)) is not None), None)
    if owner is None:
        yield
    else:
        with scope(owner):
            yield


def set_backend(name: str) -> None:
    """Choose the backend that serves calls without an array argument, such as `ivy.zeros`.

    Args:
        name: framework name.

    Raises:
        UnknownFrameworkError: if its plugin is not installed.

    Example:
        >>> import ivy
        >>> ivy.set_backend("numpy")
        >>> ivy.zeros((2,)).shape
        (2,)
        >>> ivy.unset_backend()
    """
    _default.set((*_default.get(), _array_scope(name)))


def unset_backend() -> None:
    """Go back to the backend before the last `set_backend`; does nothing if none was set.

    Example:
        >>> import ivy
        >>> ivy.unset_backend()
    """
    _default.set(_default.get()[:-1])


@contextmanager
def using_backend(name: str) -> Iterator[None]:
    """Use a backend within a block.

    Args:
        name: framework name.

    Example:
        >>> import ivy
        >>> with ivy.using_backend("numpy"):
        ...     x = ivy.ones((2, 2))
        >>> ivy.current_backend(x)
        'numpy'
    """
    token = _default.set((*_default.get(), _array_scope(name)))
    try:
        yield
    finally:
        _default.reset(token)


def current_backend(*arrays: Any) -> str:
    """Return the name of the backend that would serve a call.

    Args:
        *arrays: arrays of the call, if any.

    Returns:
        The framework's name; ``"ivy"`` while a trace records.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.current_backend(np.ones(1))
        'numpy'
    """
    for x in arrays:
        data = getattr(x, "data", None) if type(x).__module__ == "ivy.array" else x
        found = backend_of_type(type(data))
        if found is not None:
            return found.name
    here = current_scope()
    if isinstance(here, ArrayScope):
        return here.backend.name
    return getattr(here, "name", "ivy")


def check_dtype_supported(table: Mapping[str, Any], dtype: str, backend: str) -> Any:
    """Look a dtype up in a backend's table, with an error that names both."""
    try:
        return table[dtype]
    except KeyError:
        raise DtypeError(f"the {backend} backend has no dtype {dtype}", hint="cast to " + ", ".join(table)) from None


def collect(package: str) -> dict[str, Any]:
    """Gather a backend package's ops: from each chapter module, the names that the core declares in that chapter.

    A plugin's `backend/__init__.py` calls this once, so that helpers and imports of a chapter never leak into the op
    namespace and a misspelt op is found by the conformance suite. A chapter that the package lacks has no ops.

    Args:
        package: dotted name of the backend package.

    Returns:
        Op functions by native name.
    """
    import importlib
    import importlib.util

    import ivy.functional  # declares the ops
    from ivy.functional.registry import OPS

    del ivy
    names: dict[str, set[str]] = {}
    for op in OPS.values():
        names.setdefault(op.chapter, set()).add(op.native_name)
    found: dict[str, Any] = {}
    for chapter, declared in names.items():
        if importlib.util.find_spec(f"{package}.{chapter}") is None:
            continue
        module = vars(importlib.import_module(f"{package}.{chapter}"))
        for name in declared & module.keys():
            function = found[name] = module[name]
            if "<" in getattr(function, "__qualname__", ""):  # made by a helper such as `promoting`
                function.__name__ = function.__qualname__ = name
                function.__module__ = module["__name__"]
    return found
