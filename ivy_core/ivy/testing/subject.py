"""The backend under test: arrays for it, NumPy from it, and what it declares that it can't do."""

from __future__ import annotations

import importlib.util
import os
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ivy.backend import Backend, body_of, get_backend, scope
from ivy.dtypes import ALL, DType, as_dtype, dtype_of
from ivy.errors import NotImplementedByBackend
from ivy.functional.registry import OPS, Op
from ivy.graph.node import map_nested
from ivy.plugins import get_plugin, plugins
from ivy.testing.draw import numpy_dtype

__all__ = ["Subject", "names_for"]


class Subject:
    """A backend under test.

    Args:
        name: framework name.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.backend: Backend = get_backend(name)
        self.module = self.backend.module
        self.support = _declared(name)

    def __repr__(self) -> str:
        return f"<subject {self.name!r}>"

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Names of the dtypes that the backend has and does not declare as limited."""
        return _dtypes(self)

    @property
    def differentiable(self) -> bool:
        """Whether the backend has derivatives."""
        return _differentiable(self)

    def native(self, x: np.ndarray[Any, Any]) -> Any:
        """Return a NumPy array as the backend's, with the same strides where it has any."""
        if x.flags.c_contiguous or x.ndim == 0:
            return self.module.from_foreign(np.asarray(x, order="C"), copy=True)
        with scope(self.backend):
            if x.T.flags.c_contiguous:
                whole = self.module.from_foreign(np.ascontiguousarray(x.T), copy=True)
                return OPS["permute_dims"].public(whole, tuple(reversed(range(x.ndim))))
            whole = self.module.from_foreign(np.repeat(x, 2, axis=-1), copy=True)
            return OPS["get_item"].public(whole, (..., slice(None, None, 2)))

    def natives(self, x: Any) -> Any:
        """Return a nest with the backend's arrays for NumPy's."""
        return map_nested(x, lambda v: self.native(v) if isinstance(v, np.ndarray) else v)

    def numpy(self, x: Any) -> Any:
        """Return a nest with NumPy's arrays for the backend's and for `ivy.Array`."""

        def leaf(v: Any) -> Any:
            v = v.data if type(v).__module__ == "ivy.array" else v
            return np.asarray(self.module.to_numpy(v)) if isinstance(v, self.backend.types) else v

        return map_nested(x, leaf)

    def canonical(self, dtype: DType) -> DType:
        """Return the dtype that the backend has in the place of `dtype`."""
        convert = getattr(self.module, "canonical_dtype", None)
        return dtype if convert is None else convert(dtype)

    def key(self, seed: int) -> Any:
        """Return a key for random ops."""
        with self.active():
            return OPS["random_key"].public(seed)

    def own(self, op: Op) -> Callable[..., Any] | None:
        """Return the backend's own function for an op."""
        return self.backend.native(op)

    def body(self, op: Op) -> Callable[..., Any]:
        """Return a composite's default body, to be run on this backend."""
        return body_of(op.public, self.name)

    @contextmanager
    def active(self) -> Iterator[None]:
        """Let the backend serve calls without arrays within the block."""
        with scope(self.backend):
            yield

    def gap(self, op: str) -> str | None:
        """Return the declared reason for which the backend lacks an op altogether."""
        entry = self.support.get("backend", {}).get(op)
        return entry["reason"] if entry and not {"dtypes", "cases", "checks", "limits"} & set(entry) else None

    def narrows(self, op: str) -> bool:
        """Tell whether the backend declares that some calls of an op differ."""
        return op in self.support.get("backend", {}) and self.gap(op) is None

    def limited(self, case: str, op: str, check: str, dtypes: set[str]) -> bool:
        """Tell whether the backend declares that a call differs.

        An entry ``[backend."<op>"]`` of support.toml with ``dtypes`` names arrays' dtypes, with ``cases`` the ids of
        cases, with ``checks`` the tests (``"agrees"``, ``"default_body"``, ``"gradient"``, ...); a call is excused
        where all that the entry has apply. ``[[backend."<op>".limits]]`` gives several.
        """
        entry = self.support.get("backend", {}).get(op, {})
        for limit in [entry, *entry.get("limits", ())]:
            named = {"dtypes", "cases", "checks"} & set(limit)
            if not named:
                continue
            here = {"dtypes": dtypes, "cases": {case}, "checks": {check}}
            if all(here[key] & set(limit[key]) for key in named):
                return True
        return False


@cache
def _dtypes(subject: Subject) -> tuple[str, ...]:
    limited = subject.support.get("dtype", {})
    found = []
    for name in ALL:
        try:
            x = subject.module.from_foreign(np.zeros(1, numpy_dtype(name)), copy=True)
        except Exception:  # whatever the framework raises for a dtype that it hasn't
            continue
        if dtype_of(x) == name and name not in limited:
            found.append(str(as_dtype(name)))
    return tuple(found)


@cache
def _differentiable(subject: Subject) -> bool:
    try:
        with subject.active():
            OPS["vjp"].public(lambda x: x, subject.native(np.ones(1, "float32")))
    except NotImplementedByBackend:
        return False
    return True


def _declared(name: str) -> dict[str, Any]:
    package = get_plugin(name).info.parts["backend"].partition(".")[0]
    spec = importlib.util.find_spec(package)
    places = [Path(p) / "support.toml" for p in (spec.submodule_search_locations or ())] if spec else []
    return next((tomllib.loads(file.read_text()) for file in places if file.is_file()), {})


def names_for(test_file: Path) -> tuple[str, ...]:
    """Return the frameworks that a test file is about.

    Those in the environment variable ``IVY_TEST_BACKENDS``, separated by commas; else the plugins that the nearest
    ``pyproject.toml`` above the file declares; else all that are installed.

    Args:
        test_file: the file that imports the suite.
    """
    asked = tuple(name for name in os.environ.get("IVY_TEST_BACKENDS", "").split(",") if name)
    if asked:
        return asked
    for folder in test_file.resolve().parents:
        file = folder / "pyproject.toml"
        if file.is_file():
            project = tomllib.loads(file.read_text()).get("project", {})
            declared = project.get("entry-points", {}).get("ivy.plugins", {})
            if declared:
                return tuple(declared)
            break
    return tuple(p.name for p in plugins() if p.ok and get_plugin(p.name).has("backend"))
