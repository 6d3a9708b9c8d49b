"""Libraries: a lazy copy of a Python package, whose functions and classes convert when they are first used.

``jax_kornia = ivy.transpile(kornia, source="torch", to="jax")`` gives a module object. Its attributes mirror the
original's: submodules become copies, functions transpiled functions, classes of trainable modules classes of the
target, and everything else (constants, enumerations, dtypes, exceptions) stays what it is. Nothing is captured and
nothing is imported ahead of its use; ``sys.modules`` and the original stay as they are.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from ivy.errors import IvyError
from ivy.plugins import get_plugin, object_owner
from ivy.transpiler.functions import Transpiled
from ivy.transpiler.pipeline import arrays_in

__all__ = ["TranspiledFunction", "TranspiledLibrary", "transpile_library"]


def transpile_library(module: ModuleType, source: str, goal: str, debug_mode: bool = False) -> TranspiledLibrary:
    """Return a lazy copy of a package in another framework.

    Args:
        module: the imported package or module.
        source: framework that it is written in.
        goal: framework, or module system, to convert to.
        debug_mode: keep the graphs of every stage.

    Returns:
        A module object.

    Example:
        >>> import colorsys, ivy
        >>> ivy.transpile(colorsys, source="numpy", to="numpy").rgb_to_hsv(1.0, 0.0, 0.0)
        (0.0, 1.0, 1.0)
    """
    return _library(module.__name__, module.__name__, source, goal, debug_mode)._holding(module)


@functools.cache
def _library(name: str, root: str, source: str, goal: str, debug_mode: bool) -> TranspiledLibrary:
    return TranspiledLibrary(name, root, source, goal, debug_mode)


class TranspiledLibrary(ModuleType):
    """A lazy copy of a module; see `transpile_library`.

    Args:
        name: dotted name of the original.
        root: dotted name of the library: what lies outside of it is not converted.
        source: its framework.
        goal: what to convert to.
        debug_mode: keep the graphs of every stage.
    """

    def __init__(self, name: str, root: str, source: str, goal: str, debug_mode: bool = False) -> None:
        super().__init__(name)
        put = self.__dict__
        put["__ivy_how__"] = (name, root, source, goal, debug_mode)
        put["__ivy_original__"] = None
        for lazy in ("__spec__", "__loader__", "__package__"):  # read from the original
            put.pop(lazy, None)

    def _holding(self, module: ModuleType) -> TranspiledLibrary:
        self.__dict__["__ivy_original__"] = module
        self.__dict__["__doc__"] = module.__doc__
        return self

    @property
    def __ivy_module_object__(self) -> ModuleType:
        """The original."""
        found = self.__dict__["__ivy_original__"]
        if found is None:
            found = self.__dict__["__ivy_original__"] = importlib.import_module(self.__dict__["__ivy_how__"][0])
        return found

    def __getattr__(self, name: str) -> Any:
        original = self.__ivy_module_object__
        try:
            value = getattr(original, name)
        except AttributeError:
            if name.startswith("__") or importlib.util.find_spec(f"{original.__name__}.{name}") is None:
                raise AttributeError(f"module {original.__name__!r} has no attribute {name!r}") from None
            value = importlib.import_module(f"{original.__name__}.{name}")
        if name.startswith("__") and name.endswith("__"):
            return value
        converted = self._convert(value)
        self.__dict__[name] = converted
        return converted

    def _convert(self, value: Any) -> Any:
        _, root, source, goal, debug_mode = self.__dict__["__ivy_how__"]
        if isinstance(value, ModuleType):
            if not _within(value.__name__, root):
                return value
            return _library(value.__name__, root, source, goal, debug_mode)._holding(value)
        if isinstance(value, type):
            return _class(value, root, source, goal, debug_mode)
        own = _is_part_of(root, source) and callable(value) and object_owner(value) == source
        if own or isinstance(value, (FunctionType, BuiltinFunctionType, functools.partial)) or _is_wrapped(value):
            inner = inspect.unwrap(value)
            place = getattr(inner, "__module__", None) or getattr(value, "__module__", None) or ""
            if (own or _within(place, root)) and not inspect.isgeneratorfunction(inner):
                return TranspiledFunction(value, source, goal, debug_mode=debug_mode)
            return value
        from ivy.transpiler import modules

        if modules.system_of(value) is not None:
            return modules.transpile_module(value, str(modules.system_of(value)), goal, debug_mode=debug_mode)
        return value

    def __dir__(self) -> list[str]:
        return dir(self.__ivy_module_object__)

    def __repr__(self) -> str:
        name, _, source, goal, _ = self.__dict__["__ivy_how__"]
        return f"<transpiled library {name!r}: {source} -> {goal}>"

    def __reduce__(self) -> Any:
        return _library, self.__dict__["__ivy_how__"]


def _within(name: str, root: str) -> bool:
    return name == root or name.startswith(root + ".")


def _is_part_of(root: str, framework: str) -> bool:
    """Whether a library is the framework itself, whose functions may say that they lie in any of its modules."""
    types = get_plugin(framework.removesuffix("_frontend")).info.array_types if framework != "ivy" else ()
    return any(_within(root, name.partition(".")[0]) for name in types)


def _is_wrapped(value: Any) -> bool:
    """Whether a callable object stands for a function, as ``lru_cache`` and the like make them."""
    return callable(value) and isinstance(getattr(value, "__wrapped__", None), FunctionType)


@functools.cache
def _class(cls: type, root: str, source: str, goal: str, debug_mode: bool) -> Any:
    """Convert a class of trainable modules; any other stays."""
    from ivy.transpiler import modules

    if not _within(cls.__module__, root):
        return cls
    system = modules.system_of(cls)
    if system is None or modules.target_system(goal) is None:
        return cls
    return modules.transpile_module(cls, system, goal, debug_mode=debug_mode)


class TranspiledFunction(Transpiled):
    """A function of a library: transpiled where arrays come in or out, called as it is where there are none."""

    def __init__(self, fn: Any, source: str, goal: str, *, debug_mode: bool = False, **options: Any) -> None:
        from ivy.transpiler import modules

        self.goal = goal
        super().__init__(fn, source, modules.framework_of(goal), debug_mode=debug_mode, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the conversion, or the original where no array is involved."""
        if arrays_in((args, kwargs)):
            return super().__call__(*args, **kwargs)
        return self._without_arrays(args, kwargs)

    def _without_arrays(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Capture a function that makes arrays (kernels, grids); call through one that has nothing to do with any."""
        key: Any = None
        try:
            key, _ = self.specialiser.signatures.of(args, kwargs, None)
            if key in self.specialiser.cache:
                return super().__call__(*args, **kwargs)
        except TypeError:
            pass
        if key in self._plain:
            return self.fn(*args, **kwargs)
        result = self.fn(*args, **kwargs)
        if arrays_in(result):
            return super().__call__(*args, **kwargs)
        if key is not None:
            self._plain.add(key)
        return result

    @functools.cached_property
    def _plain(self) -> set[Any]:
        return set()

    def __reduce__(self) -> Any:
        return _function, (self.fn.__module__, self.fn.__qualname__, self.source, self.goal, self.pipeline.debug_mode)


def _function(module: str, name: str, source: str, goal: str, debug_mode: bool) -> Any:
    found: Any = importlib.import_module(module)
    try:
        for part in name.split("."):
            found = getattr(found, part)
    except AttributeError as error:
        raise IvyError(
            f"{module} has no {name}", hint="only functions at the top of a module can be pickled"
        ) from error
    return TranspiledFunction(found, source, goal, debug_mode=debug_mode)
