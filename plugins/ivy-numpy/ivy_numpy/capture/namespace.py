"""Captured code's view of the world: copies of its functions whose NumPy records, too.

NumPy dispatches on its arguments, so `np.zeros`, `np.asarray`, `np.array([x, y])` and `np.random.rand` never reach a
recording array. The captured function is therefore run as a copy with the same code and other globals: there, NumPy's
modules are `Namespace` objects, its undispatched functions are the recording ones below, the functions that the code
calls are copies of the same kind, and constant arrays are recorded arrays. Nothing of the user's or NumPy's is changed.
"""

from __future__ import annotations

import builtins
import dis
import enum
import functools
import sys
from collections.abc import Callable
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from ivy.errors import CaptureError
from ivy.graph.node import map_nested
from ivy_numpy.capture.proxy import Recorded, dispatch

__all__ = ["Namespace", "Rewriter"]

_OURS = frozenset({"ivy", "ivy_numpy"})


class Namespace(ModuleType):
    """A module whose NumPy records.

    Args:
        module: the real module.
        rewriter: turns its attributes.
    """

    def __init__(self, module: ModuleType, rewriter: Rewriter) -> None:
        super().__init__(module.__name__, module.__doc__)
        self.__dict__["_module"] = module
        self.__dict__["_rewriter"] = rewriter

    def __getattr__(self, name: str) -> Any:
        return self.__dict__["_rewriter"](getattr(self.__dict__["_module"], name))

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("__"):
            super().__setattr__(name, value)
        else:
            setattr(self.__dict__["_module"], name, value)

    def __dir__(self) -> list[str]:
        return dir(self.__dict__["_module"])


class _Globals(dict):
    """A function's globals as the rewriter shows them.

    Reads go to the original (through `__getitem__`, which the interpreter calls for subclasses of dict); the items held
    here are only for C code that reads ``__name__`` and ``__builtins__`` directly.
    """

    def __init__(self, original: dict[str, Any], rewriter: Rewriter) -> None:
        super().__init__(original)
        self.original = original
        self.rewriter = rewriter
        super().__setitem__("__builtins__", rewriter.builtins)

    def __getitem__(self, name: str) -> Any:
        return self.rewriter(self.original[name])


class _Generator:
    """A `numpy.random.Generator` or `RandomState` whose draws are recorded."""

    def __init__(self, recorder: Any, generator: Any, *, seeded: bool = False) -> None:
        self._recorder = recorder
        self._generator = generator
        self._seeded = seeded  # within the captured code: each call of it gives the very same numbers

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._generator, name)
        if not callable(found) or name.startswith("_"):
            return found
        if self._seeded:
            return functools.partial(_run(found), self._recorder)
        return drawing(self._recorder, found, f"numpy.random.{name}")


_Dispatcher = type(np.sum)


class _Function:
    """A function that NumPy dispatches; here also on recorded arrays in lists, which NumPy does not look into."""

    def __init__(self, function: Any, recorder: Any) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self._recorder = recorder

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if _holds_recorded((args, kwargs)):
            return dispatch(self._recorder, self._function, args, kwargs)
        return _run(self._function)(self._recorder, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._function, name)


class _Ufunc:
    """A ufunc, here also on recorded arrays in lists."""

    def __init__(self, ufunc: np.ufunc, recorder: Any) -> None:
        self._ufunc = ufunc
        self._recorder = recorder

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return np.ufunc

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ufunc(*[self._listed(x) for x in args], **kwargs)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._ufunc, name)
        if not callable(found):
            return found
        if name == "at":  # a tuple of index arrays is one for each axis
            return lambda a, indices, *b: found(a, self._index(indices), *map(self._listed, b))
        return lambda *args, **kwargs: found(*[self._listed(x) for x in args], **kwargs)

    def _index(self, key: Any) -> Any:
        return tuple(map(self._listed, key)) if isinstance(key, tuple) else self._listed(key)

    def _listed(self, x: Any) -> Any:
        return _asarray(self._recorder, x) if isinstance(x, (list, tuple)) and _holds_recorded(x) else x


_HEAP = 1 << 9  # Py_TPFLAGS_HEAPTYPE: a class made by Python code
_NO_OBJECTS = (BaseException, enum.Enum, np.ndarray, np.generic, dict, list, tuple, set, str, int, float)
_OWN = frozenset(
    {
        "__class__",
        "__delattr__",
        "__dir__",
        "__getattr__",
        "__getattribute__",
        "__init__",
        "__init_subclass__",
        "__new__",
        "__reduce__",
        "__reduce_ex__",
        "__setattr__",
        "__slots__",
        "__subclasshook__",
    }
)


class _Object:
    """An object of the user's whose methods run as rewritten; all else goes to the object itself."""

    def __init__(self, original: Any, rewriter: Rewriter) -> None:
        object.__setattr__(self, "_ivy_of", (original, rewriter))

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return type(self._ivy_of[0])

    def __getattr__(self, name: str) -> Any:
        original, rewriter = object.__getattribute__(self, "_ivy_of")
        value = getattr(original, name)
        if type(value) is MethodType and value.__self__ is original:
            return (
                MethodType(rewriter._function(value.__func__), self) if type(value.__func__) is FunctionType else value
            )
        return rewriter(value)

    def __setattr__(self, name: str, value: Any) -> None:
        original, rewriter = self._ivy_of
        if _holds_recorded(value):
            raise CaptureError(
                f"an array is stored in the attribute {name!r} of an object",
                where=rewriter.recorder.where(),
                why="it would outlive the call",
                hint="return it instead",
            )
        setattr(original, name, value)

    def __reduce__(self) -> Any:
        return self._ivy_of[0].__reduce__()


class Rewriter:
    """Turns functions, modules and constants into what captured code is to see; everything else stays as it is."""

    def __init__(self, recorder: Any) -> None:
        self.recorder = recorder
        self._functions: dict[int, tuple[Any, Any]] = {}
        self._globals: dict[int, _Globals] = {}
        self._modules: dict[str, Namespace | None] = {}
        self._objects: dict[int, tuple[Any, Any]] = {}
        self._classes: dict[type, type] = {}
        self._made = {id(fn): (fn, functools.partial(make, recorder)) for fn, make in _UNDISPATCHED.items()}
        self.builtins = {**vars(builtins), "__import__": self._import}

    def _import(self, *args: Any, **kwargs: Any) -> Any:
        return self(builtins.__import__(*args, **kwargs))

    def __call__(self, x: Any) -> Any:
        """Return what captured code sees in place of `x`."""
        cls = type(x)
        if cls is Recorded:
            return x
        if cls is FunctionType:
            return self._function(x)
        if cls is ModuleType or cls is Namespace:
            return self._module(x) if cls is ModuleType else x
        owner = getattr(x, "__self__", None)
        if isinstance(owner, np.random.RandomState):  # np.random.rand and its like are methods of a hidden one
            return drawing(self.recorder, x, f"numpy.random.{x.__name__}")
        if cls is MethodType:
            if type(x.__func__) is not FunctionType or not self._followed(x.__func__):
                return x
            return MethodType(self._function(x.__func__), self(owner))
        if cls is functools.partial:
            return functools.partial(
                self(x.func), *map_nested(x.args, self._argument), **map_nested(x.keywords, self._argument)
            )
        made = self._made.get(id(x))
        if made is not None:
            return made[1]
        if cls is np.ndarray or isinstance(x, np.generic):
            return self._constant(x)
        if cls is type and issubclass(x, np.ndarray) and x not in (np.ndarray, np.memmap):
            return self._refused(x)
        self.recorder.check_class(x)
        if isinstance(x, (np.random.Generator, np.random.RandomState)):
            return _Generator(self.recorder, x)
        if cls is _Dispatcher:
            return _Function(x, self.recorder)
        if cls is np.ufunc:
            return _Ufunc(x, self.recorder)
        return self._instance(x)

    def _refused(self, cls: type) -> type:
        """Return what stands for a class of arrays that can't be captured: only questions about it are answered."""
        known = self._classes.get(cls)
        if known is None:
            recorder = self.recorder

            def refuse(*args: Any, **kwargs: Any) -> Any:
                raise recorder.refusal(cls)

            answers = {
                "__instancecheck__": lambda _, x: isinstance(x, cls),
                "__subclasscheck__": lambda _, other: issubclass(other, cls),
                "__getattr__": lambda _, name: getattr(cls, name),
                "__call__": refuse,
            }
            names = {"__module__": cls.__module__, "__qualname__": cls.__qualname__}
            known = self._classes[cls] = type("Refused", (type,), answers)(cls.__name__, (), names)
        return known

    def _argument(self, x: Any) -> Any:
        return x if isinstance(x, Recorded) else self(x)

    def _instance(self, x: Any) -> Any:
        """Return an object of the user's with its methods rewritten, if its class is of code that uses NumPy."""
        cls = type(x)
        known = self._objects.get(id(x))
        if known is not None:
            return known[1]
        if not (isinstance(cls, type) and cls.__flags__ & _HEAP) or isinstance(x, (type, *_NO_OBJECTS)):
            return x
        home = sys.modules.get(cls.__module__)
        if cls.__module__.partition(".")[0] == "numpy" or home is None or not _uses_numpy(home):
            return x
        view = self._view_class(cls)(x, self)
        self._objects[id(x)] = (x, view)
        return view

    def _view_class(self, cls: type) -> type:
        made = self._classes.get(cls)
        if made is None:
            special = {
                name: self._function(fn)
                for base in reversed(cls.__mro__)
                for name, fn in vars(base).items()
                if type(fn) is FunctionType and name.startswith("__") and name not in _OWN and self._followed(fn)
            }
            made = self._classes[cls] = type(cls.__name__, (_Object,), special)
        return made

    def _constant(self, x: Any) -> Any:
        try:
            return self.recorder.constant(x, outside=True)
        except CaptureError:  # an array of strings or objects: its own operations are none of ours
            return x

    # -- functions ----------------------------------------------------------------------------------------------------

    def _followed(self, fn: FunctionType) -> bool:
        root = (getattr(fn, "__module__", None) or "").partition(".")[0]
        if root in _OURS or (root in sys.stdlib_module_names and root != "__main__"):
            return False
        return not _writes_globals(fn.__code__)

    def _function(self, fn: FunctionType) -> Any:
        made = self._made.get(id(fn))
        if made is not None:
            return made[1]
        known = self._functions.get(id(fn))
        if known is not None:
            return known[1]
        if isinstance(fn.__globals__, _Globals) or not self._followed(fn):
            return fn
        space = self._globals.get(id(fn.__globals__))
        if space is None:
            space = self._globals[id(fn.__globals__)] = _Globals(fn.__globals__, self)
        cells = tuple(CellType() for _ in fn.__closure__ or ())
        new = FunctionType(fn.__code__, space, fn.__name__, None, cells)
        self._functions[id(fn)] = (fn, new)  # ahead of its closure, which may hold the function itself
        new = self._functions[id(fn)][1]
        replaced = []
        for cell, own in zip(fn.__closure__ or (), cells):
            try:
                value = cell.cell_contents
            except ValueError:  # not assigned yet
                replaced.append(cell)
                continue
            seen = self(value)
            own.cell_contents = seen
            replaced.append(cell if seen is value else own)
        if any(a is b for a, b in zip(replaced, fn.__closure__ or ())):
            # cells that hold nothing of ours stay shared, so that ``nonlocal`` keeps its meaning
            new = FunctionType(fn.__code__, space, fn.__name__, None, tuple(replaced))
            self._functions[id(fn)] = (fn, new)
        new.__defaults__ = None if fn.__defaults__ is None else tuple(self(x) for x in fn.__defaults__)
        new.__kwdefaults__ = None if fn.__kwdefaults__ is None else {k: self(v) for k, v in fn.__kwdefaults__.items()}
        new.__qualname__, new.__module__, new.__doc__ = fn.__qualname__, fn.__module__, fn.__doc__
        new.__dict__.update(fn.__dict__)
        return new

    # -- modules ------------------------------------------------------------------------------------------------------

    def _module(self, module: ModuleType) -> Any:
        name = module.__name__
        if name not in self._modules:
            self._modules[name] = Namespace(module, self) if _uses_numpy(module) else None
        return self._modules[name] or module


@functools.cache
def _writes_globals(code: CodeType) -> bool:
    return any(i.opname in ("STORE_GLOBAL", "DELETE_GLOBAL") for i in dis.get_instructions(code))


def _uses_numpy(module: ModuleType) -> bool:
    root = module.__name__.partition(".")[0]
    if root == "numpy":
        return True
    if root in _OURS or root in sys.stdlib_module_names:
        return False
    return any(
        getattr(v, "__name__", "").partition(".")[0] == "numpy"
        if type(v) is ModuleType
        else (getattr(v, "__module__", None) or "").partition(".")[0] == "numpy"
        for v in list(vars(module).values())
        if callable(v) or type(v) is ModuleType
    )


# -- functions that NumPy does not dispatch ---------------------------------------------------------------------------


def _holds_recorded(x: Any) -> bool:
    found: list[bool] = []
    map_nested(x, lambda v: found.append(True) if type(v) is Recorded else None)
    return bool(found)


def _asarray(
    recorder: Any, a: Any = (), dtype: Any = None, order: str | None = None, *, copy: bool | None = None, **kwargs: Any
) -> Any:
    """`np.asarray`, `np.asanyarray`, ... of anything; recorded arrays pass, but for those in another order."""
    if isinstance(a, Recorded):
        same = dtype is None or np.dtype(dtype) == a.dtype
        if same and isinstance(a.value, np.ndarray):
            flags = a.value.flags
            copy = copy or (order == "C" and not flags.c_contiguous) or (order == "F" and not flags.f_contiguous)
            return a.copy(order or "K") if copy else a
        return (
            a.astype(a.dtype if dtype is None else dtype)
            if isinstance(a.value, np.ndarray)
            else _stack(recorder, a, dtype)
        )
    if not _holds_recorded(a):
        real = np.asarray(a, dtype)
        outside = isinstance(a, np.ndarray) and not copy and np.may_share_memory(real, a)
        if real.dtype.kind not in "biufc":
            return real
        return recorder.constant(np.array(real) if copy else real, outside=outside)
    return _stack(recorder, a, dtype)


def _require(recorder: Any, a: Any, dtype: Any = None, requirements: Any = None, **kwargs: Any) -> Any:
    """`np.require`: a copy where the array's memory doesn't meet what is asked of it."""
    asked = {str(name)[0].upper() for name in requirements or ()}  # "C_CONTIGUOUS", "OWNDATA", ... or their letters
    x = _asarray(recorder, a, dtype, next((o for o in ("C", "F") if o in asked), None))
    return x.copy() if "O" in asked and isinstance(x, Recorded) and not x.value.flags.owndata else x


def _stack(recorder: Any, a: Any, dtype: Any) -> Any:
    return recorder.record("numpy.array", np.array, (a,), {"dtype": _of(recorder, a, dtype)})


def _of(recorder: Any, a: Any, dtype: Any) -> Any:
    real = map_nested(a, lambda v: v.value if type(v) is Recorded else v)
    return np.dtype(dtype) if dtype is not None else np.asarray(real).dtype


def _array(recorder: Any, object: Any, dtype: Any = None, *, copy: bool | None = True, **kwargs: Any) -> Any:
    ndmin = kwargs.get("ndmin", 0)
    found = _asarray(recorder, object, dtype, copy=copy)
    return found if found.ndim >= ndmin else found.reshape((1,) * (ndmin - found.ndim) + found.shape)


def _recorded(path: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Record a function that makes an array of static arguments."""

    def make(recorder: Any, *args: Any, **kwargs: Any) -> Any:
        for name in ("like", "order", "device"):
            kwargs.pop(name, None)
        args, kwargs = map_nested(args, _static), {k: map_nested(v, _static) for k, v in kwargs.items()}
        made = function(*args, **kwargs)
        return recorder.record(path, lambda *_, **__: made, args, kwargs) if made.dtype.kind in "biufc" else made

    return make


def _static(x: Any) -> Any:
    return x.item() if type(x) is Recorded else x


def _full(recorder: Any, shape: Any, fill_value: Any, dtype: Any = None, **_: Any) -> Any:
    shape = map_nested(shape, _static)
    if not _holds_recorded(fill_value):
        return recorder.record("numpy.full", np.full, (shape, fill_value), {} if dtype is None else {"dtype": dtype})
    value = _asarray(recorder, fill_value, dtype)
    return np.copy(np.broadcast_to(value, shape))


def _run(function: Callable[..., Any]) -> Callable[..., Any]:
    """Run a function of static arguments and record its arrays as constants."""

    def call(recorder: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs.pop("like", None)
        args, kwargs = map_nested(args, _look), {k: map_nested(v, _look) for k, v in kwargs.items()}
        return map_nested(function(*args, **kwargs), lambda v: recorder.constant(v) if _is_array(v) else v)

    return call


def _look(x: Any) -> Any:
    return np.asarray(x.tolist(), x.value.dtype).reshape(x.value.shape)[()] if type(x) is Recorded else x


def _is_array(x: Any) -> bool:
    return type(x) is np.ndarray and x.dtype.kind in "biufc"


def _fromfunction(recorder: Any, function: Any, shape: Any, *, dtype: Any = float, like: Any = None, **kw: Any) -> Any:
    del like
    grid = np.indices(shape, dtype=dtype)
    return recorder.rewriter(function)(*[recorder.constant(g) for g in grid], **kw)


def _vectorize(recorder: Any, *args: Any, **kwargs: Any) -> Any:
    raise CaptureError(
        "np.vectorize and np.frompyfunc call a Python function element by element",
        where=recorder.where(),
        hint="write the function on whole arrays (np.where for its branches)",
    )


def drawing(recorder: Any, method: Callable[..., Any], path: str) -> Callable[..., Any]:
    """Make a random function record its draw instead of freezing one.

    Seeding is recorded as well, so that it is reported: the numbers are the target's.

    Args:
        recorder: the capture's.
        method: the bound method of a generator.
        path: what to record it as; `numpy.random.Generator` and the legacy functions share their names.
    """
    owner = getattr(method, "__self__", None)

    def call(*args: Any, **kwargs: Any) -> Any:
        if path.endswith(".shuffle"):
            recorder.record(path, lambda x, *a, **k: None, args, kwargs, written=args[:1], random=True)
            args[0].memory.known = False
            return None
        if path.rpartition(".")[2] in ("seed", "get_state", "set_state", "bytes"):
            _seeding(recorder)
        copy = _copy_of(owner)
        run = getattr(copy, method.__name__) if copy is not None else method
        kind = {"extra": {"generator": True}} if isinstance(owner, np.random.Generator) else {}
        return recorder.record(path, run, args, kwargs, random=True, **kind)

    call.__name__ = path.rpartition(".")[2]
    return call


def _seeding(recorder: Any, *args: Any, **kwargs: Any) -> Any:
    raise CaptureError(
        "the state of NumPy's generator is set or read, which cannot be captured",
        where=recorder.where(),
        why="a transpiled function draws with the target's generator",
        hint="seed outside of the function, or draw from np.random.default_rng(seed) inside of it",
    )


def _copy_of(generator: Any) -> Any:
    """Return a generator of the same kind, so that a capture uses up none of the user's numbers."""
    if isinstance(generator, np.random.Generator):
        return np.random.default_rng(0)
    return np.random.RandomState(0) if isinstance(generator, np.random.RandomState) else None


def _default_rng(recorder: Any, seed: Any = None) -> Any:
    if isinstance(seed, _Generator):
        return seed
    seed = map_nested(seed, _look)
    return _Generator(recorder, np.random.default_rng(seed), seeded=seed is not None)


def _random_state(recorder: Any, seed: Any = None) -> Any:
    return _Generator(recorder, np.random.RandomState(map_nested(seed, _look)), seeded=seed is not None)


_UNDISPATCHED: dict[Any, Callable[..., Any]] = {
    np.array: _array,
    np.asarray: _asarray,
    np.asanyarray: _asarray,
    np.ascontiguousarray: lambda r, a, dtype=None, **_: np.atleast_1d(_asarray(r, a, dtype, "C")),
    np.asfortranarray: lambda r, a, dtype=None, **_: np.atleast_1d(_asarray(r, a, dtype, "F")),
    np.asarray_chkfinite: lambda r, a, dtype=None, order=None: _asarray(r, a, dtype, order),
    np.require: _require,
    np.full: _full,
    np.fromfunction: _fromfunction,
    np.vectorize: _vectorize,
    np.frompyfunc: _vectorize,
    np.random.default_rng: _default_rng,
    np.random.RandomState: _random_state,
    np.random.seed: _seeding,
    **{
        getattr(np, name): _recorded(f"numpy.{name}", getattr(np, name))
        for name in ("zeros", "ones", "empty", "eye", "identity", "arange", "tri")
    },
    **{
        getattr(np, name): _run(getattr(np, name))
        for name in (
            "bartlett", "blackman", "hamming", "hanning", "kaiser", "diag_indices", "tril_indices", "triu_indices",
            "indices", "mask_indices", "frombuffer", "fromiter", "fromstring", "load", "loadtxt", "genfromtxt",
        )
    },
    np.fft.fftfreq: _run(np.fft.fftfreq),
    np.fft.rfftfreq: _run(np.fft.rfftfreq),
}  # fmt: skip
