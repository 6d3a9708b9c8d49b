"""Mutable arrays over immutable ones: cells, the sources they read, and views between them.

The arrays of the functional API are never written to. A framework's tensor is, and its views see the write. Here a
tensor is a `Cell`: a handle on a `Source`. A root source holds an array and counts the writes to it; every other source
is cut from its parent by a `View`, which knows how to cut (`get`) and how to put back (`put`). A write goes down the
chain to the root, and every other source over that root derives its value anew when it is next read.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

import ivy

__all__ = ["Cell", "Source", "View", "put_by_positions"]


def put_by_positions(get: Callable[[Any], Any], base: Any, new: Any) -> Any:
    """Put values back through any view that only picks and moves elements.

    The view is replayed on an array of the base's positions, and the new values are scattered to those that it picks:
    this serves diagonal, unfold, as_strided, views of views and whatever comes.

    Args:
        get: the view, base -> view.
        base: array to be updated.
        new: values of the view's shape.

    Returns:
        The updated base.
    """
    shape = tuple(base.shape)
    size = 1
    for d in shape:
        size *= d
    if size == 0:
        return base
    positions = get(ivy.reshape(ivy.arange(size), shape))
    flat = ivy.reshape(base, (-1,))
    if math.prod(new.shape) <= size:
        flat = ivy.set_item(flat, ivy.reshape(positions, (-1,)), ivy.reshape(new, (-1,)))
        return ivy.reshape(flat, shape)
    # an element is seen in several places: where it is as before must not undo what was written to it elsewhere
    positions = ivy.where(ivy.equal(new, get(base)), size, positions)
    flat = ivy.concat([flat, ivy.zeros_like(ivy.get_item(flat, slice(0, 1)))], axis=0)
    flat = ivy.set_item(flat, ivy.reshape(positions, (-1,)), ivy.reshape(new, (-1,)))
    return ivy.reshape(ivy.get_item(flat, slice(0, size)), shape)


class View:
    """How a value is cut from another one and put back.

    Args:
        get: base value -> the view's value.
        put: (base value, new value) -> new base value; None scatters by position, which serves every view that only
            picks and moves elements.
        token: equal for two views that cut the same elements of the same source; None where that is not known.
    """

    __slots__ = ("_put", "get", "token")

    def __init__(
        self, get: Callable[[Any], Any], put: Callable[[Any, Any], Any] | None = None, token: Any = None
    ) -> None:
        self.get = get
        self._put = put
        self.token = token

    @property
    def exact(self) -> bool:
        """Whether the view reads back exactly what is put (an overlapping view may not)."""
        return self._put is not None

    def put(self, base: Any, new: Any) -> Any:
        """Return the base with the view's elements replaced."""
        return put_by_positions(self.get, base, new) if self._put is None else self._put(base, new)


class Source:
    """What a cell reads: a root's array, or a view of another source.

    Args:
        value: the array now.
        parent: the source that this one is a view of.
        view: how.
    """

    __slots__ = ("_seen", "_value", "_version", "parent", "root", "view")

    def __init__(self, value: Any, parent: Source | None = None, view: View | None = None) -> None:
        self._value = value
        self._version = 0
        self.parent = parent
        self.view = view
        self.root: Source = self if parent is None else parent.root
        self._seen = self.root._version

    @property
    def version(self) -> int:
        """How often the root has been written to."""
        return self.root._version

    @property
    def value(self) -> Any:
        """The array, derived anew if the root was written to since."""
        if self._seen != self.root._version:
            assert self.parent is not None
            assert self.view is not None
            self._value = self.view.get(self.parent.value)
            self._seen = self.root._version
        return self._value

    @property
    def exact(self) -> bool:
        """Whether this source reads back exactly what is written to it: no view on the way to the root overlaps."""
        return self.parent is None or (self.view is not None and self.view.exact and self.parent.exact)

    def write(self, new: Any) -> None:
        """Replace every element; `new` has this source's shape and dtype."""
        if self.parent is None or self.view is None:
            self._value = new
            self._version += 1
            self._seen = self._version
            return
        self.parent.write(self.view.put(self.parent.value, new))
        if self.exact:
            self._value = new
            self._seen = self.root._version


class Cell:
    """A framework's mutable array in its frontend: torch's ``Tensor``, NumPy's ``ndarray``, ...

    Args:
        value: an array of the functional API: native, traced, or an `ivy.Array` (unwrapped).
    """

    __slots__ = ("__weakref__", "_source", "_wrapped")
    resized_by_out: ClassVar[bool] = True
    """Whether ``out=`` of another shape than the result's takes the result's; else the result is broadcast to it."""

    def __init__(self, value: Any) -> None:
        value = getattr(value, "data", value) if type(value).__module__ == "ivy.array" else value
        self._source = self._wrapped = Source(value)

    @classmethod
    def over(cls, source: Source) -> Any:
        """Make a cell that reads an existing source."""
        new = cls.__new__(cls)
        new._source = new._wrapped = source
        return new

    @property
    def value(self) -> Any:
        """The array that the cell holds now."""
        return self._source.value

    @property
    def written(self) -> bool:
        """Whether the cell's elements, or its shape, were replaced in place since it was made."""
        return self._source is not self._wrapped or self._source.root._version != 0

    def new_view(self, view: View, value: Any) -> Any:
        """Make a cell that is a view of this one.

        Args:
            view: how.
            value: the view's value now.
        """
        return type(self).over(Source(value, self._source, view))

    def assign(self, new: Any) -> None:
        """Write to every element in place, cast to the cell's dtype and broadcast to its shape.

        Args:
            new: an array or a scalar.
        """
        old = self.value
        if not hasattr(new, "shape"):
            new = ivy.full_like(old, new)
        if str(new.dtype) != str(old.dtype):
            new = ivy.astype(new, _dtype_of(old))
        if tuple(new.shape) != tuple(old.shape):
            new = ivy.broadcast_to(new, tuple(old.shape))
        self._source.write(new)

    def holds(self, other: Cell, token: Any) -> bool:
        """Whether another cell is a view of this one with this token: to write it back would change nothing."""
        source = other._source
        return source.parent is self._source and source.view is not None and source.view.token == token

    def rebind(self, other: Cell) -> None:
        """Read what another cell reads from now on (``x.t_()``, ``x.data = y``)."""
        self._source = other._source


def _dtype_of(x: Any) -> Any:
    from ivy.dtypes import dtype_of

    return dtype_of(x)
