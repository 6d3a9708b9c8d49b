"""`transpile`, `unify` and `trace_graph`: what users call."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from ivy.errors import ConversionError, SignatureError, UnknownFrameworkError
from ivy.locks import CONVERSION
from ivy.plugins import object_owner
from ivy.transpiler.functions import Transpiled

__all__ = ["compile_graph", "trace_graph", "transpile", "unify"]


def transpile(
    *objs: Any,
    source: str | None = None,
    to: str | None = None,
    target: str | None = None,
    debug_mode: bool = False,
    args: tuple[Any, ...] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    params_v: Any = None,
    share_memory: bool = False,
    layout: str | None = None,
    **options: Any,
) -> Any:
    """Convert functions, trainable modules or libraries of one framework into native ones of another.

    Without `args` and `kwargs` it returns at once and converts when it is called, once for each new signature. With
    them the first conversion happens now. Also a decorator: ``@ivy.transpile(source="torch", to="jax")``.

    Args:
        *objs: callables, modules (instances or classes) or imported libraries.
        source: framework they are written in; told from the objects where possible. Also a staged dialect:
            ``"torch_frontend"``, ``"ivy"``.
        to: framework to convert to, a module system of it (``"flax"``, ``"linen"``, ``"haiku"``, ``"equinox"``), or a
            staged dialect. ``"jax"`` gives flax nnx modules.
        target: the same as `to`.
        debug_mode: keep the intermediate graphs in ``result.graph.stages``.
        args: arguments to convert for now; arrays may be of the source, of the target or NumPy.
        kwargs: keyword arguments to convert for now.
        params_v: parameters of a functional model (a haiku ``Transformed``, a flax linen module), as its own
            ``init`` returned them.
        share_memory: share parameters' memory with the source instead of copying it once.
        layout: ``"channels_last"`` or ``"channels_first"``: where the caller has the channels of images (and volumes,
            and signals), for inputs and outputs alike. None keeps the source's layout.
        **options: options of the target's module converter.

    Returns:
        A `Transpiled` function, a native module or class of the target, or a lazy copy of a library; a tuple of them
        for several objects; a decorator for none.

    Raises:
        UnknownFrameworkError: if source or target has no plugin, or the source cannot be told.
        UnsupportedOpError: listing every call that has no conversion.

    Example:
        >>> import ivy, numpy as np
        >>> f = ivy.transpile(np.tanh, source="numpy", to="numpy", args=(np.zeros(2),))
        >>> f(np.zeros(2))
        array([0., 0.])
    """
    if to is not None and target is not None and to != target:
        raise ConversionError(f"to={to!r} and target={target!r} say different things", hint="give one of them")
    goal = to or target
    if not objs:
        return lambda obj: transpile(
            obj,
            source=source,
            to=goal,
            debug_mode=debug_mode,
            args=args,
            kwargs=kwargs,
            params_v=params_v,
            share_memory=share_memory,
            layout=layout,
            **options,
        )
    if goal is None:
        raise UnknownFrameworkError(None, what="no target is given", hint='say where to: ivy.transpile(f, to="jax")')
    with CONVERSION:
        results = tuple(
            _one(
                obj,
                source,
                goal,
                debug_mode=debug_mode,
                args=args,
                kwargs=kwargs,
                params_v=params_v,
                share_memory=share_memory,
                layout=layout,
                options=options,
            )
            for obj in objs
        )
    return results[0] if len(results) == 1 else results


def _one(
    obj: Any,
    source: str | None,
    goal: str,
    *,
    debug_mode: bool,
    args: tuple[Any, ...] | None,
    kwargs: Mapping[str, Any] | None,
    params_v: Any,
    share_memory: bool,
    layout: str | None,
    options: Mapping[str, Any],
) -> Any:
    if isinstance(obj, Transpiled):  # a later stage of the same conversion starts from where the first one started
        return _one(
            obj.fn,
            obj.source,
            goal,
            debug_mode=debug_mode,
            args=args,
            kwargs=kwargs,
            params_v=params_v,
            share_memory=share_memory,
            layout=layout,
            options=options,
        )
    from ivy.transpiler import modules

    if isinstance(obj, ModuleType):
        from ivy.transpiler.libraries import transpile_library

        return transpile_library(obj, source or source_of(obj), goal, debug_mode=debug_mode)
    system = modules.system_of(obj)
    if system is not None:
        return modules.transpile_module(
            obj,
            system,
            goal,
            debug_mode=debug_mode,
            args=args,
            kwargs=kwargs,
            params_v=params_v,
            share_memory=share_memory,
            layout=layout,
            options=options,
        )
    if options:
        raise SignatureError(
            f"ivy.transpile() got unexpected keyword arguments {', '.join(map(repr, sorted(options)))}",
            hint="arguments of the function go to args= and kwargs=",
        )
    if not callable(obj):
        raise ConversionError(
            f"a {type(obj).__name__} cannot be transpiled", hint="pass a function, a module or an imported library"
        )
    goal = modules.framework_of(goal)
    result = Transpiled(obj, source or source_of(obj), goal, debug_mode=debug_mode, layout=layout)
    if args is not None or kwargs is not None:
        result.trace(*(args or ()), **(kwargs or {}))
    return result


def source_of(obj: Any) -> str:
    """Return the framework that an object is written in.

    Raises:
        UnknownFrameworkError: if it cannot be told.
    """
    found = object_owner(obj)
    if found is None:
        raise UnknownFrameworkError(
            None,
            what=f"nothing tells which framework {getattr(obj, '__name__', type(obj).__name__)} is written in",
            hint='say it: ivy.transpile(f, source="torch", ...)',
        )
    return found


def unify(
    *objs: Any,
    source: str | None = None,
    args: tuple[Any, ...] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    **options: Any,
) -> Any:
    """Convert code of one framework into framework-agnostic `ivy.*` code: `transpile` with ``to="ivy"``.

    Args:
        *objs: as in `transpile`.
        source: as in `transpile`.
        args: as in `transpile`.
        kwargs: as in `transpile`.
        **options: as in `transpile`.

    Returns:
        A function that takes any framework's arrays and computes with that framework.

    Example:
        >>> import ivy, numpy as np
        >>> ivy.unify(np.tanh, source="numpy")(np.zeros(2))
        array([0., 0.])
    """
    return transpile(*objs, source=source, to="ivy", args=args, kwargs=kwargs, **options)


def trace_graph(
    *objs: Any,
    source: str | None = None,
    to: str | None = None,
    args: tuple[Any, ...] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    **options: Any,
) -> Any:
    """Trace functions into graphs of native calls, in their own framework or, for `ivy.*` code, the current backend.

    Args:
        *objs: callables; arguments that follow a callable are its `args`, as in ``ivy.compile_graph(net, x)``.
        source: framework of the callables; ``"ivy"`` if they name none.
        to: framework to run in; the source's own, or the current backend for `ivy.*` code.
        args: arguments to trace with now; without them the first call traces.
        kwargs: keyword arguments, likewise.
        **options: as in `transpile`.

    Returns:
        As `transpile`.

    Example:
        >>> import ivy, numpy as np
        >>> with ivy.using_backend("numpy"):
        ...     norm = ivy.trace_graph(lambda x: ivy.divide(x, ivy.mean(x)))
        ...     y = norm(np.ones(3))
        >>> y
        array([1., 1., 1.])
    """
    if not objs:
        return lambda obj: trace_graph(obj, source=source, to=to, args=args, kwargs=kwargs, **options)
    functions = [o for o in objs if callable(o) or isinstance(o, ModuleType)]
    given = [o for o in objs if not (callable(o) or isinstance(o, ModuleType))]
    if given:
        args = (*given, *(args or ()))
    results = []
    for fn in functions:
        here = source or object_owner(fn) or "ivy"
        goal = to
        if goal is None:
            from ivy.backend import current_backend

            goal = current_backend() if here == "ivy" else here.removesuffix("_frontend")
        results.append(transpile(fn, source=here, to=goal, args=args, kwargs=kwargs, **options))
    return results[0] if len(results) == 1 else tuple(results)


compile_graph = trace_graph
