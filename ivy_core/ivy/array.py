"""`ivy.Array`: a thin wrapper over a native array that makes the functional API its operators and methods.

All of them come from one table, operator or method name -> op name, and look the op up when first called, so that
importing this module costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from ivy.dtypes import DType
from ivy.errors import ArgumentError

if TYPE_CHECKING:
    from ivy.functional.registry import Op

__all__ = ["Array", "wrapping"]


@cache
def _op(name: str) -> Callable[..., Any]:
    import ivy.functional

    if name in vars(ivy.functional):
        return vars(ivy.functional)[name]
    from ivy.functional.registry import OPS

    return OPS[name].public


class Array:
    """An array of whichever framework, with the Array API's operators, methods and attributes.

    Args:
        data: a native array.

    Example:
        >>> import ivy
        >>> x = ivy.Array(ivy.asarray([1.0, 2.0]).data)
        >>> (x * 2 + 1).sum().item()
        8.0
    """

    __slots__ = ("__weakref__", "data")
    __ivy_rank__ = 1
    __array_priority__ = 1000.0  # NumPy arrays and scalars leave mixed operators to this class

    def __init__(self, data: Any) -> None:
        self.data: Any = data.data if isinstance(data, Array) else data

    @classmethod
    def __ivy_function__(cls, op: Op) -> Callable[..., Any]:
        """Return the function that serves `op` on wrapped arrays."""
        serve = _wrapping(op.public, op.name, op.arity)
        return _keeping(serve) if op.name == "asarray" else serve

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        return tuple(self.data.shape)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.data.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        size = 1
        for length in self.data.shape:
            size *= length
        return size

    @property
    def dtype(self) -> DType:
        """Data type of the elements."""
        from ivy.dtypes import dtype_of

        return dtype_of(self.data)

    @property
    def device(self) -> str:
        """Where the array lies: ``"cpu"``, ``"gpu:0"``, ..."""
        device = str(getattr(self.data, "device", "cpu")).lower().replace("cuda", "gpu")
        return "cpu" if "cpu" in device else device

    @property
    def T(self) -> Array:
        """The transposed matrix; all axes reversed where there are not two."""
        return _op("permute_dims")(self, tuple(reversed(range(self.ndim))))

    @property
    def mT(self) -> Array:
        """The array with its last two axes swapped."""
        return _op("matrix_transpose")(self)

    @property
    def backend(self) -> str:
        """Name of the framework that owns the data."""
        from ivy.backend import backend_of

        return backend_of(self.data).name

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """Return the module of the Array API's functions."""
        import ivy

        return ivy

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[Any, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """Export the data (Array API).

        Args:
            stream: of the consumer, on devices that have streams.
            max_version: the newest version of the protocol that the consumer understands.
            dl_device: where the consumer wants the data, as `__dlpack_device__` says it.
            copy: True always copies, False never does, None copies where it must.

        Returns:
            A capsule.

        Raises:
            BufferError: if the framework can't export the data so.
        """
        data = _op("copy")(self)._exportable() if copy else self._exportable()
        given = {"stream": stream, "max_version": max_version}
        if dl_device is not None and (int(dl_device[0]), dl_device[1]) != tuple(map(int, self.__dlpack_device__())):
            given["dl_device"] = dl_device
        try:
            return data.__dlpack__(**{k: v for k, v in given.items() if v is not None})
        except (NotImplementedError, RuntimeError, TypeError, ValueError) as error:
            raise BufferError(f"the {self.backend} backend can't export the array so: {error}") from error

    def _exportable(self) -> Any:
        """The native array as other frameworks can take it over: one that a gradient is asked of is not."""
        from ivy.backend import backend_of

        prepare = getattr(backend_of(self.data).module, "exportable", None)
        return self.data if prepare is None else prepare(self.data)

    def __dlpack_device__(self) -> Any:
        """Say where the data lie, in DLPack's terms (Array API)."""
        kind, number = self._exportable().__dlpack_device__()
        return kind, number or 0  # PaddlePaddle says None for its only CPU

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """Return the NumPy form."""
        x = self.to_numpy()[...]  # a NumPy scalar becomes an array
        return x.__array__(copy=copy) if dtype is None else x.__array__(dtype, copy=copy)

    def to_numpy(self) -> Any:
        """Return the NumPy form, which shares memory where it can."""
        from ivy.backend import backend_of

        return backend_of(self.data).module.to_numpy(self.data)

    def to_device(self, device: str, /, *, stream: Any = None) -> Array:
        """Return the array on another device (Array API)."""
        return _op("asarray")(self, device=device)

    def item(self) -> Any:
        """Return the only element as a Python number."""
        # not every framework's arrays have the method, and where bfloat16 is kept as uint16 it takes one for the other
        item = None if self.dtype.kind == "uint" else getattr(self.data, "item", None)
        return self.to_numpy().item() if item is None else item()

    def tolist(self) -> Any:
        """Return the elements as nested lists of Python numbers."""
        tolist = getattr(self.data, "tolist", None)
        return self.to_numpy().tolist() if tolist is None else tolist()

    def numpy(self) -> Any:
        """Return the NumPy form; the same as `to_numpy`."""
        return self.to_numpy()

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ArgumentError(
                f"an array of {self.size} elements is neither true nor false", hint="ask ivy.any or ivy.all of it"
            )
        return bool(self.data)

    def __int__(self) -> int:
        return int(self._only("an integer", "bool", "int", "uint", "float"))

    def __float__(self) -> float:
        return float(self._only("a float", "bool", "int", "uint", "float"))

    def __complex__(self) -> complex:
        return complex(self._only("a complex number", "bool", "int", "uint", "float", "complex"))

    def __index__(self) -> int:
        if self.ndim:
            raise TypeError(f"an array with {self.ndim} axes is no index")
        return int(self._only("an index", "int", "uint"))

    def _only(self, what: str, *kinds: str) -> Any:
        """Return the only element, if its dtype is of one of these kinds."""
        if self.size != 1:
            raise TypeError(f"an array of {self.size} elements can't become {what}")
        if self.dtype.kind not in kinds:
            raise TypeError(f"an array of dtype {self.dtype} can't become {what}")
        return self.item()

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("an array without axes has no length")
        return self.data.shape[0]

    def __iter__(self) -> Iterator[Array]:
        if not self.ndim:
            raise TypeError("an array without axes can't be iterated over")
        return iter([_op("get_item")(self, i) for i in range(self.data.shape[0])])

    def __contains__(self, value: Any) -> bool:
        return bool(_op("any")(self == value))

    def __setitem__(self, key: Any, value: Any) -> None:
        self.data = _unwrap(_op("set_item")(self, key, value))

    def __repr__(self) -> str:
        return f"ivy.Array({self.data!r})"

    def __hash__(self) -> int:
        raise TypeError("ivy.Array can't be hashed, because == compares its elements")


_FUNCTIONS = frozenset({FunctionType, MethodType, partial})
_LEAVES = frozenset({int, float, bool, complex, type(None), str, DType})
"""Types of arguments that hold no arrays, known at a glance."""
_NATIVE: set[type] = set()
"""Classes of native arrays that have been wrapped so far."""
_new = Array.__new__


def _wrap(x: Any) -> Any:
    """Wrap the native arrays within a result."""
    cls = type(x)
    if cls in _NATIVE:
        made = _new(Array)
        made.data = x
        return made
    if cls is tuple or cls is list:
        return cls(_wrap(part) for part in x)
    if cls is dict:
        return {k: _wrap(v) for k, v in x.items()}
    if isinstance(x, tuple):  # with named fields: Python's own kind, or that of frameworks written in C
        parts = [_wrap(part) for part in x]
        return cls(*parts) if hasattr(x, "_fields") else cls(parts) if hasattr(x, "n_fields") else tuple(parts)
    if cls in _FUNCTIONS:  # such as what `vjp` gives
        return lambda *args: _wrap(x(*(_unwrap(a) for a in args)))
    from ivy.backend import is_native_array

    if cls is Array or not is_native_array(x):
        return x
    _NATIVE.add(cls)
    return Array(x)


def _unwrap(x: Any) -> Any:
    """Replace every `Array` within an argument by its data."""
    cls = type(x)
    if cls is Array:
        return x.data
    if cls is tuple or cls is list:
        for part in x:
            if type(part) not in _LEAVES:
                return cls(_unwrap(p) for p in x)
        return x
    if cls is dict:
        return {k: _unwrap(v) for k, v in x.items()}
    if isinstance(x, tuple) and hasattr(x, "_fields"):
        return cls(*(_unwrap(part) for part in x))
    if cls in _FUNCTIONS:  # a loop's body, a loss: it works on wrapped arrays as its caller does
        return lambda *args: _unwrap(x(*(_wrap(a) for a in args)))
    return x


def wrapping(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function on native arrays into one whose results are wrapped.

    Args:
        fn: a function on native arrays.

    Returns:
        The function that takes native or wrapped arrays and wraps what it gives, within containers too.

    Example:
        >>> import numpy as np
        >>> from ivy.array import wrapping
        >>> wrapping(np.ones)(2).shape
        (2,)
    """
    wrapped = _wrapping(fn, getattr(fn, "__name__", "wrapped"), None)
    wrapped.__doc__ = fn.__doc__
    return wrapped


def _wrapping(fn: Callable[..., Any], name: str, arity: int | None) -> Callable[..., Any]:
    """Make the function; with one or two operands it need not pack them."""
    made: Callable[..., Any]
    if arity == 1:

        def unary(x: Any, /) -> Any:
            return _wrap(fn(x.data if type(x) is Array else _unwrap(x)))

        made = unary
    elif arity == 2:

        def binary(x1: Any, x2: Any, /) -> Any:
            if type(x1) is Array:
                x1 = x1.data
            elif type(x1) not in _LEAVES:
                x1 = _unwrap(x1)
            if type(x2) is Array:
                x2 = x2.data
            elif type(x2) not in _LEAVES:
                x2 = _unwrap(x2)
            return _wrap(fn(x1, x2))

        made = binary
    else:

        def several(*args: Any, **kwargs: Any) -> Any:
            given = [a.data if type(a) is Array else a if type(a) in _LEAVES else _unwrap(a) for a in args]
            if not kwargs:
                return _wrap(fn(*given))
            return _wrap(fn(*given, **{k: v if type(v) in _LEAVES else _unwrap(v) for k, v in kwargs.items()}))

        made = several
    made.__name__ = made.__qualname__ = name
    return made


def _keeping(serve: Callable[..., Any]) -> Callable[..., Any]:
    """Make `asarray` give back the array itself where nothing is copied: it changes in place as its data can't."""

    def asarray(obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        found = serve(obj, *args, **kwargs)
        return obj if type(obj) is Array and found.data is obj.data else found

    return asarray


BINARY = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "floordiv": "floor_divide",
    "mod": "remainder", "pow": "pow", "matmul": "matmul", "and": "bitwise_and", "or": "bitwise_or",
    "xor": "bitwise_xor", "lshift": "bitwise_left_shift", "rshift": "bitwise_right_shift",
}  # fmt: skip
"""Operators that have a reflected and an in-place form."""

OTHERS = {
    "__eq__": "equal", "__ne__": "not_equal", "__lt__": "less", "__le__": "less_equal", "__gt__": "greater",
    "__ge__": "greater_equal", "__neg__": "negative", "__pos__": "positive", "__abs__": "abs",
    "__invert__": "bitwise_invert", "__getitem__": "get_item",
}  # fmt: skip
"""Operators that have neither."""

METHODS = (
    "all", "any", "argmax", "argmin", "astype", "clip", "conj", "copy", "cumulative_prod", "cumulative_sum", "flatten",
    "max", "mean", "min", "prod", "repeat", "reshape", "round", "squeeze", "std", "sum", "take", "var",
)  # fmt: skip
"""Functions that are methods too, as in NumPy."""


def _method(name: str, op: str, *, reflected: bool = False) -> Callable[..., Any]:
    function: Callable[..., Any] | None = None

    def find() -> Callable[..., Any]:
        nonlocal function
        function = _op(op)
        return function

    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        return (function or find())(self, *args, **kwargs)

    def backward(self: Any, other: Any) -> Any:
        return (function or find())(other, self)

    method = backward if reflected else forward
    method.__name__, method.__qualname__ = name, f"Array.{name}"
    method.__doc__ = f"See `ivy.{op}`."
    return method


def _in_place(name: str, op: str) -> Callable[..., Any]:
    def method(self: Any, other: Any) -> Any:
        self.data = _unwrap(_op(op)(self, other))
        return self

    method.__name__, method.__qualname__ = name, f"Array.{name}"
    method.__doc__ = f"See `ivy.{op}`."
    return method


def attach_operators(cls: type) -> None:
    """Give a class the operators and methods of the table; in-place operators only where `Array` has its data."""
    for name, target in BINARY.items():
        setattr(cls, f"__{name}__", _method(f"__{name}__", target))
        setattr(cls, f"__r{name}__", _method(f"__r{name}__", target, reflected=True))
        if cls is Array:
            setattr(cls, f"__i{name}__", _in_place(f"__i{name}__", target))
    for name, target in OTHERS.items():
        setattr(cls, name, _method(name, target))
    for name in METHODS:
        setattr(cls, name, _method(name, name))


attach_operators(Array)
