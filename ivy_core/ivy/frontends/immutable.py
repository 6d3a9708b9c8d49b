"""The runtime of a frontend whose arrays are immutable and without views (JAX, TensorFlow): values are the arrays."""

from __future__ import annotations

from typing import Any

from ivy.frontends.runtime import Entry, Frontend

__all__ = ["ImmutableFrontend"]


class ImmutableFrontend(Frontend):
    """A frontend whose values are the arrays themselves: no cells, no views, no in-place forms."""

    def _calling(self, entry: Entry) -> Any:
        fn = entry.fn
        return lambda args, kwargs, meta: fn(*args, **kwargs)

    def _in_place(self, entry: Entry | None) -> Any:
        del entry
        return None

    def wrap(self, array: Any) -> Any:
        """Return the array itself."""
        return array

    def unwrap(self, x: Any) -> Any:
        """Return the value itself."""
        return x

    def wrap_result(self, x: Any) -> Any:
        """Return the nest itself."""
        return x
