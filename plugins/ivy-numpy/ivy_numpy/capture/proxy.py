"""The array that records: it looks like `numpy.ndarray`, holds a real one, and is none."""

from __future__ import annotations

import functools
import inspect
import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ivy.errors import CaptureError
from ivy.graph.node import map_nested

if TYPE_CHECKING:
    from ivy_numpy.capture.recorder import Memory, Recorder

__all__ = ["Recorded"]

_BINARY = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.divide, "floordiv": np.floor_divide,
    "mod": np.remainder, "pow": np.power, "matmul": np.matmul, "and": np.bitwise_and, "or": np.bitwise_or,
    "xor": np.bitwise_xor, "lshift": np.left_shift, "rshift": np.right_shift,
}  # fmt: skip
_COMPARISONS = {
    "eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal,
}  # fmt: skip
_UNARY = {"neg": np.negative, "pos": np.positive, "abs": np.absolute, "invert": np.invert}

_METHODS = (
    "all", "any", "argmax", "argmin", "argpartition", "argsort", "astype", "choose", "clip", "compress", "conj",
    "conjugate", "copy", "cumprod", "cumsum", "diagonal", "dot", "flatten", "max", "mean", "min", "nonzero", "prod",
    "ravel", "repeat", "reshape", "round", "searchsorted", "squeeze", "std", "sum", "swapaxes", "take", "trace",
    "transpose", "var", "view",
)  # fmt: skip
_WRITING = ("fill", "partition", "put", "sort")
_FACTS = ("dtype", "flags", "itemsize", "nbytes", "ndim", "shape", "size", "strides")
_VIEWS = ("T", "mT", "real", "imag")
_NOWHERE = (
    "byteswap",
    "ctypes",
    "data",
    "dump",
    "dumps",
    "getfield",
    "resize",
    "setfield",
    "setflags",
    "to_device",
    "tobytes",
    "tofile",
    "__array_interface__",
    "__array_struct__",
    "__dlpack__",
)

# functions whose result tells about the arguments' shapes and dtypes, not their values
_FACT_FUNCTIONS = frozenset(
    [
        np.shape,
        np.ndim,
        np.size,
        np.result_type,
        np.can_cast,
        np.common_type,
        np.iscomplexobj,
        np.isrealobj,
        np.may_share_memory,
        np.shares_memory,
        np.min_scalar_type,
        np.einsum_path,
        np.array_repr,
        np.array_str,
        np.array2string,
    ]
)
_FIRST_WRITTEN = frozenset([np.copyto, np.put, np.place, np.putmask, np.fill_diagonal, np.put_along_axis])


_MOST_SHOWN = 4096


class Recorded:
    """An array of a capture.

    Args:
        recorder: what writes its calls down.
        node: its node.
        value: the real array or NumPy scalar.
        memory: what is known of the memory it shares with others.
    """

    __slots__ = ("__weakref__", "memory", "node", "recorder", "value")
    __array_priority__ = 1e6
    __hash__ = None  # type: ignore[assignment]

    recorder: Any
    node: Any
    value: Any
    memory: Memory

    if TYPE_CHECKING:  # methods and operators are attached below

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, recorder: Recorder, node: Any, value: Any, memory: Memory) -> None:
        put = object.__setattr__
        put(self, "recorder", recorder)
        put(self, "node", node)
        put(self, "value", value)
        put(self, "memory", memory)

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # isinstance(x, np.ndarray) holds, as it would without a capture
        return type(self.value)

    # -- NumPy's protocols --------------------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        recorder = self.recorder
        path = _ufunc_path(ufunc, recorder)
        out = kwargs.pop("out", None)
        written: tuple[Any, ...] = ()
        if out is not None:
            written = tuple(o for o in out if o is not None)
            if written:
                kwargs["out"] = out if ufunc.nout > 1 else out[0]
        if method == "at":
            target, key, *operands = inputs
            key = _plain_key(key, recorder)
            counts = _mask_counts(key, recorder)
            extra = {"sizes": counts} if counts else None
            given = (target, key, *operands)
            return _nothing(recorder.record(f"{path}.at", ufunc.at, given, kwargs, written=(target,), extra=extra))
        if method == "reduceat":  # where the parts begin is a matter of shapes, as in slices
            inputs = (inputs[0], map_nested(inputs[1], _python_number), *inputs[2:])
        if method != "__call__":
            inputs, kwargs = static_arguments(path, inputs, kwargs)
        if method == "__call__":
            return recorder.record(path, ufunc, inputs, kwargs, written=written)
        return recorder.record(f"{path}.{method}", getattr(ufunc, method), inputs, kwargs, written=written)

    def __array_function__(self, func: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        del types
        return dispatch(self.recorder, func, args, kwargs)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise CaptureError(
            "a recorded array was turned into a plain NumPy array, which would freeze its values",
            where=self.recorder.where(),
            why="something that NumPy's protocols do not cover took its memory: a write into a plain array, a plain "
            "array indexed with it, np.asarray in a function that was reached through an object, or another library",
            hint="make arrays inside of the transpiled function or pass them in as arguments; use np.take(table, i) "
            "for table[i], and x.astype(np.float32) for np.float32(x)",
        )

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        del api_version
        return self.recorder.rewriter(np)

    # -- looks at the value -------------------------------------------------------------------------------------------

    def item(self, *args: int) -> Any:
        """Return one element as a Python scalar, guarded."""
        if args:
            return (self[args] if len(args) > 1 else self.reshape(-1)[args[0]]).item()
        return self.recorder.look(self, "item()", _kind(self.value))

    def tolist(self) -> Any:
        """Return nested lists of Python scalars, guarded."""
        return self.recorder.look(self, "tolist()", list if self.value.ndim else _kind(self.value))

    def __bool__(self) -> bool:
        return bool(self.recorder.look(self, "bool()", bool))

    def __int__(self) -> int:
        return int(self.recorder.look(self, "int()", int))

    def __float__(self) -> float:
        return float(self.recorder.look(self, "float()", float))

    def __complex__(self) -> complex:
        return complex(self.recorder.look(self, "complex()", complex))

    def __index__(self) -> int:
        if self.value.ndim or self.value.dtype.kind not in "iu":
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return int(self.recorder.look(self, "an index made", int))

    def __format__(self, spec: str) -> str:
        return repr(self) if self.value.ndim or not spec else format(self.item(), spec)

    def __repr__(self) -> str:
        return f"<recorded array {self.node.out!r}>"

    def __str__(self) -> str:
        known = self.memory.known and self.value.size <= _MOST_SHOWN
        return str(np.asarray(self.tolist(), self.value.dtype)) if known else repr(self)

    def __contains__(self, x: Any) -> bool:
        return bool((self == x).any())

    def __round__(self, ndigits: int | None = None) -> Any:
        return np.round(self, ndigits or 0) if ndigits is not None else int(np.round(self))

    # -- parts --------------------------------------------------------------------------------------------------------

    def __getitem__(self, key: Any) -> Any:
        recorder = self.recorder
        key = _plain_key(key, recorder)
        counts = _mask_counts(key, recorder)
        return recorder.record(
            "numpy.ndarray.__getitem__", lambda x, k: x[k], (self, key), extra={"sizes": counts} if counts else None
        )

    def __setitem__(self, key: Any, value: Any) -> None:
        def write(x: Any, k: Any, v: Any) -> None:
            x[k] = v

        recorder = self.recorder
        if isinstance(value, Recorded) and _is_part(value.value, self.value, key):
            return  # ``x[k] += y`` has written already, and Python puts the same view back
        recorder.record(
            "numpy.ndarray.__setitem__",
            write,
            (self, _plain_key(key, recorder), _listed(value, recorder)),
            written=(self,),
        )

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Any]:
        if not self.value.ndim:
            raise TypeError("iteration over a 0-d array")
        return (self[i] for i in range(len(self.value)))

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "shape":
            raise CaptureError(
                "x.shape = ... cannot be captured", where=self.recorder.where(), hint="use x = x.reshape(shape)"
            )
        if name in ("real", "imag", "flat"):
            part = getattr(self, name)
            part[...] = np.real(value) if np.iscomplexobj(value) and part.dtype.kind != "c" else value
            return
        raise AttributeError(f"attribute {name!r} of a recorded array cannot be set")

    @property
    def flat(self) -> Any:
        """The elements in order: a view of a contiguous array."""
        if not self.value.flags.c_contiguous:
            raise CaptureError(
                "x.flat of an array that is not contiguous", where=self.recorder.where(), hint="use x.ravel()"
            )
        return self.reshape(-1)

    @property
    def base(self) -> None:
        """None: whose memory it is, is not told."""

    @property
    def device(self) -> str:
        """Always the CPU in NumPy."""
        return "cpu"

    def __copy__(self) -> Any:
        return np.copy(self)

    def __deepcopy__(self, memo: Any) -> Any:
        return np.copy(self)


def _is_part(part: Any, whole: Any, key: Any) -> bool:
    """Tell whether an array is the very memory that a basic key picks."""
    keys = key if isinstance(key, tuple) else (key,)
    if type(part) is not np.ndarray or not all(k is None or k is Ellipsis or type(k) in (int, slice) for k in keys):
        return False
    here = whole[key]
    same = ("data", "shape", "strides", "typestr")
    return type(here) is np.ndarray and all(here.__array_interface__[k] == part.__array_interface__[k] for k in same)


def _kind(value: Any) -> type:
    return {"b": bool, "i": int, "u": int, "c": complex}.get(value.dtype.kind, float)


def _nothing(_: Any) -> None:
    return None


def _ufunc_path(ufunc: np.ufunc, recorder: Recorder) -> str:
    name = ufunc.__name__
    if getattr(np, name, None) is ufunc:
        return f"numpy.{name}"
    import sys

    special = sys.modules.get("scipy.special")
    if getattr(special, name, None) is ufunc:
        return f"scipy.special.{name}"
    if ufunc.types and all(set(t) <= set("O->") for t in ufunc.types):
        raise CaptureError(
            f"{name} is a Python function made into a ufunc, which is called element by element",
            where=recorder.where(),
            hint="write it on whole arrays",
        )
    return f"numpy.ufunc.{name}"


def function_path(func: Any) -> str:
    """Return the public path of a function that NumPy dispatches."""
    module = getattr(func, "__module__", "numpy") or "numpy"
    return f"{module}.{func.__name__}"


def dispatch(recorder: Recorder, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Serve a call of one of NumPy's dispatched functions."""
    if func in _FACT_FUNCTIONS:
        return recorder_facts(func, args, kwargs)
    from ivy_numpy.capture import special

    args, kwargs = _out_by_keyword(func, args, kwargs)
    path = function_path(func)
    args, kwargs = static_arguments(path, args, kwargs)
    own = special.FUNCTIONS.get(path)
    if own is not None:
        return own(recorder, *args, **kwargs)
    if not recorder.supports(path):
        implementation = getattr(func, "_implementation", None)
        if getattr(implementation, "__code__", None) is not None:
            try:
                with recorder.attempt():
                    return recorder.rewriter(implementation)(*args, **kwargs)
            except CaptureError:
                pass  # NumPy's own Python does something that cannot be followed: record the call as it is
    written: tuple[Any, ...] = ()
    out = kwargs.get("out")
    if out is not None:
        written = out if isinstance(out, tuple) else (out,)
    elif func in _FIRST_WRITTEN:
        if _is_scalar(args[0]):  # NumPy writes to a copy of it, or refuses
            func(*map_nested(args, _real), **map_nested(kwargs, _real))
            return None
        written = args[:1]
    result = recorder.record(path, func, args, kwargs, written=written)
    return None if func in _FIRST_WRITTEN else result


def _is_scalar(x: Any) -> bool:
    return isinstance(x, Recorded) and not isinstance(x.value, np.ndarray)


def _real(x: Any) -> Any:
    return x.value if isinstance(x, Recorded) else x


@functools.cache
def _positional(func: Any) -> tuple[str, ...]:
    """Return the names of a function's positional parameters, none if they cannot be told."""
    try:
        parameters = inspect.signature(func).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))


def _out_by_keyword(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Bring ``out``, and what follows it, to keyword arguments; leave out one that is None, and what has no value."""
    names = _positional(func)
    at = names.index("out") if "out" in names else len(names)
    if "out" in names and len(args) > at:
        kwargs = {**kwargs, **dict(zip(names[at:], args[at:]))}
        args = args[:at]
    return args, {k: v for k, v in kwargs.items() if v is not np._NoValue and not (k == "out" and v is None)}


_SHAPE_FUNCTIONS = frozenset(
    (
        "array_split", "broadcast_to", "diag", "diagonal", "dsplit", "expand_dims", "hsplit", "matrix_power",
        "moveaxis", "pad", "reshape", "resize", "roll", "rollaxis", "rot90", "sliding_window_view", "split", "squeeze",
        "swapaxes", "tile", "trace", "transpose", "tri", "tril", "triu", "unstack", "vsplit",
    )
)  # fmt: skip
_SHAPE_KEYWORDS = frozenset(
    (
        "N", "M", "n", "k", "s", "axis", "axes", "axis1", "axis2", "ddof", "correction", "keepdims", "num", "shape",
        "size", "decimals", "minlength",
    )
)  # fmt: skip


def static_arguments(
    path: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Make Python numbers of NumPy's where they are shapes, axes and the like, which no graph computes; guarded."""
    name = path.rpartition(".")[2]
    if name in _SHAPE_FUNCTIONS or path.startswith("numpy.fft."):
        args = (*args[:1], *map_nested(args[1:], _python_number))
        kwargs = {k: v if k == "out" else map_nested(v, _python_number) for k, v in kwargs.items()}
    elif not _SHAPE_KEYWORDS.isdisjoint(kwargs):
        kwargs = {k: map_nested(v, _python_number) if k in _SHAPE_KEYWORDS else v for k, v in kwargs.items()}
    return args, kwargs


def _python_number(x: Any) -> Any:
    return x.tolist() if isinstance(x, (np.ndarray, np.generic)) else x


def recorder_facts(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a function that asks for shapes and dtypes only."""
    if func in (np.array_repr, np.array_str, np.array2string):
        return repr(args[0])
    real: Callable[[Any], Any] = lambda x: x.value if type(x) is Recorded else x
    return func(*map_nested(args, real), **map_nested(kwargs, real))


def _listed(value: Any, recorder: Recorder) -> Any:
    """Make one array of a list with recorded arrays in it."""
    if isinstance(value, (list, tuple)):
        return recorder.rewriter(np).asarray(value)
    return value


def _plain_key(key: Any, recorder: Recorder) -> Any:
    if isinstance(key, tuple):
        return tuple(_plain_key(k, recorder) for k in key)
    if isinstance(key, slice):
        return slice(*[None if k is None else operator.index(k) for k in (key.start, key.stop, key.step)])
    if not isinstance(key, _RECORDED) and isinstance(key, np.integer):
        return int(key)
    if isinstance(key, list):
        return recorder.rewriter(np).asarray(key) if key else np.zeros(0, np.intp)
    return key


def _mask_counts(key: Any, recorder: Recorder) -> tuple[int, ...]:
    parts = key if isinstance(key, tuple) else (key,)
    masks = [k for k in parts if isinstance(k, (np.ndarray, np.generic)) and k.dtype.kind == "b"]
    return tuple(recorder.count(m, "the number of elements that a mask picks") for m in masks)


_RECORDED: Any = Recorded  # as seen by a type checker, which takes `__class__` for the truth


# -- methods and operators --------------------------------------------------------------------------------------------


def _method(name: str, *, writes: bool = False) -> Any:
    path = f"numpy.ndarray.{name}"

    def run(x: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(x, name)(*args, **kwargs)

    def method(self: Recorded, *args: Any, **kwargs: Any) -> Any:
        from ivy_numpy.capture import special

        own = special.METHODS.get(name)
        if own is not None:
            return own(self.recorder, self, *args, **kwargs)
        function = getattr(np, name, None)
        if function is not None and len(args) > 1:
            (_, *args), kwargs = _out_by_keyword(function, (self, *args), kwargs)  # type: ignore[assignment]
        kwargs = {k: v for k, v in kwargs.items() if not (k == "out" and v is None)}
        (_, *args), kwargs = static_arguments(path, (self, *args), kwargs)  # type: ignore[assignment]
        out = kwargs.get("out")
        if writes and _is_scalar(self):
            return run(self.value, *map_nested(args, _real), **map_nested(kwargs, _real))
        written = (self,) if writes else () if out is None else (out,)
        result = self.recorder.record(path, run, (self, *args), kwargs, written=written)
        return None if writes else result

    method.__name__ = name
    return method


def _view(name: str) -> Any:
    path = f"numpy.ndarray.{name}"
    return property(lambda self: self.recorder.record(path, lambda x: getattr(x, name), (self,)))


def _operator(name: str, ufunc: np.ufunc) -> None:
    path = f"numpy.ndarray.__i{name}__"

    def forward(self: Recorded, other: Any) -> Any:
        return ufunc(self, other) if _operand(other) else NotImplemented

    def reflected(self: Recorded, other: Any) -> Any:
        return ufunc(other, self) if _operand(other) else NotImplemented

    def in_place(self: Recorded, other: Any) -> Any:
        if not isinstance(self.value, np.ndarray):  # NumPy's scalars do not change
            return ufunc(self, other)
        run = lambda x, y: ufunc(x, y, out=x)
        return self.recorder.record(path, run, (self, _listed(other, self.recorder)), written=(self,))

    setattr(Recorded, f"__{name}__", forward)
    setattr(Recorded, f"__r{name}__", reflected)
    setattr(Recorded, f"__i{name}__", in_place)


def _operand(x: Any) -> bool:
    return not isinstance(x, str) and x is not None


def _comparison(ufunc: np.ufunc) -> Any:
    return lambda self, other: ufunc(self, other) if _operand(other) else NotImplemented


def _unary(ufunc: np.ufunc) -> Any:
    return lambda self: ufunc(self)  # noqa: PLW0108  # a ufunc is no descriptor


def _fact(name: str) -> Any:
    return property(lambda self: getattr(self.value, name))


def _nowhere(name: str) -> Any:
    def fail(self: Recorded) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise CaptureError(
            f"x.{name} of an array that is being captured",
            where=self.recorder.where(),
            hint="do this outside of the function that is transpiled",
        )

    return property(fail)


for _name in _METHODS:
    setattr(Recorded, _name, _method(_name))
for _name in _WRITING:
    setattr(Recorded, _name, _method(_name, writes=True))
for _name in _FACTS:
    setattr(Recorded, _name, _fact(_name))
for _name in _VIEWS:
    setattr(Recorded, _name, _view(_name))
for _name in _NOWHERE:
    setattr(Recorded, _name, _nowhere(_name))
for _name, _ufunc in _BINARY.items():
    _operator(_name, _ufunc)
for _name, _ufunc in _COMPARISONS.items():
    setattr(Recorded, f"__{_name}__", _comparison(_ufunc))
for _name, _ufunc in _UNARY.items():
    setattr(Recorded, f"__{_name}__", _unary(_ufunc))
setattr(Recorded, "__divmod__", lambda self, other: np.divmod(self, other))  # noqa: B010, PLW0108
setattr(Recorded, "__rdivmod__", lambda self, other: np.divmod(other, self))  # noqa: B010
