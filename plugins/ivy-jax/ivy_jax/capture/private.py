"""Everything that capture needs from JAX, in one place, the private parts above all.

Public since long: `jax.make_jaxpr`, the attributes of jaxprs and equations. Not public: the traceback of an equation's
``source_info`` and binding an equation's primitive again.
"""

from __future__ import annotations

import dis
import os
import sysconfig
from functools import cache
from itertools import islice
from types import CodeType
from typing import Any

import jax
import numpy as np
from jax.extend import core as jex_core

from ivy.graph.aval import Aval
from ivy.graph.node import Loc

__all__ = [
    "Literal",
    "Site",
    "aval_of_var",
    "bind",
    "is_key_dtype",
    "open_jaxpr",
    "scope_of",
    "site_of",
    "trace_state_clean",
]

Literal = jex_core.Literal
DropVar = jex_core.DropVar if hasattr(jex_core, "DropVar") else jax.core.DropVar


def trace_state_clean() -> bool:
    """Whether no transformation traces what runs now."""
    return bool(_clean())


try:
    from jax._src.core import trace_state_clean as _clean
except ImportError:  # moved: names of modules are left out of compiled code then

    def _clean() -> bool:
        return True


def open_jaxpr(jaxpr: Any) -> tuple[Any, list[Any]]:
    """Return a jaxpr and its constants, whether it came closed or open."""
    return (jaxpr.jaxpr, list(jaxpr.consts)) if hasattr(jaxpr, "consts") else (jaxpr, [])


def bind(eqn: Any, args: Any) -> list[Any]:
    """Run (or trace) one equation on values, and return all its results."""
    out = eqn.primitive.bind(*args, **eqn.primitive.get_bind_params(eqn.params))
    return list(out) if eqn.primitive.multiple_results else [out]


def is_key_dtype(dtype: Any) -> bool:
    """Whether a dtype is that of typed random keys."""
    return bool(jax.dtypes.issubdtype(dtype, jax.dtypes.prng_key))


def aval_of_var(aval: Any) -> Aval:
    """Return the shape and dtype of a JAX abstract value; keys are two uint32 words each."""
    from ivy.dtypes import as_dtype

    if is_key_dtype(aval.dtype):
        return Aval((*aval.shape, 2), as_dtype("uint32"))
    return Aval(tuple(int(d) for d in aval.shape), as_dtype(str(aval.dtype)))


def key_impl(dtype: Any) -> str:
    """Return the name of a typed key's generator, ``"threefry2x32"`` by default."""
    return str(getattr(dtype, "_impl", dtype).name) if hasattr(dtype, "_impl") else str(dtype)


# -- where an equation comes from -------------------------------------------------------------------------------------


class Site:
    """A place in the user's source, and the variable that its value is assigned to there."""

    __slots__ = ("key", "loc", "name")

    def __init__(self, key: tuple[int, int], loc: Loc, name: str) -> None:
        self.key = key
        self.loc = loc
        self.name = name


_LIBRARIES = ("jax", "jaxlib", "flax", "haiku", "equinox", "optax", "chex", "ivy", "ivy_jax", "numpy", "einops")
_STDLIB = os.path.dirname(os.__file__) + os.sep
_SITE = tuple(p + os.sep for p in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
_CAPTURE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_HERE = os.path.dirname(_CAPTURE.rstrip(os.sep)) + os.sep  # the whole plugin
_ENTRY = _CAPTURE + "__init__.py"  # its frames are between the user's function and whoever asked for the capture
_IVY = os.sep + os.path.join("ivy_core", "ivy") + os.sep


@cache
def is_library(filename: str) -> bool:
    """Whether a file belongs to JAX, to a library on top of it, to Python or to Ivy, rather than to the user."""
    for root in _SITE:
        if filename.startswith(root):
            top = filename[len(root) :].split(os.sep, 1)[0].removesuffix(".py")
            return top in _LIBRARIES or top == "_distutils_hack"
    return filename.startswith((_STDLIB, _HERE, "<frozen")) or _IVY in filename


@cache
def _site(code: CodeType, lasti: int) -> Site:
    line = next(islice(code.co_positions(), lasti // 2, None))[0] or code.co_firstlineno
    loc = Loc(code.co_filename, line, code.co_qualname)
    return Site((id(code), lasti), loc, _assigned(code, lasti))


@cache
def _assigned(code: CodeType, lasti: int) -> str:
    """Return the variable that the instruction after `lasti` stores to, "" if it does something else."""
    following = (i for i in dis.get_instructions(code) if i.offset > lasti)
    first = next(following, None)
    stores = ("STORE_FAST", "STORE_NAME", "STORE_DEREF", "STORE_GLOBAL", "STORE_ATTR")
    return str(first.argval) if first is not None and first.opname in stores else ""


def site_of(eqn: Any) -> Site | None:
    """Return the innermost place outside of libraries that led to an equation, up to where the capture began."""
    traceback = eqn.source_info.traceback
    if traceback is None:
        return None
    codes, lastis = traceback.raw_frames()
    for code, lasti in zip(codes, lastis):
        name = code.co_filename
        if name == _ENTRY:
            return None
        if not is_library(name):
            return _site(code, lasti)
    return None


def scope_of(eqn: Any) -> str:
    """Return the path of the module that an equation was made in (haiku's and flax's name scopes)."""
    return str(eqn.source_info.name_stack)


def is_library_function(jaxpr: Any) -> bool:
    """Whether the function that a jaxpr was traced from belongs to a library."""
    info = getattr(jaxpr, "debug_info", None)
    filename = getattr(info, "func_filename", None)
    return bool(filename) and is_library(str(filename))


def evaluate(eqn: Any, values: list[Any]) -> list[np.ndarray]:
    """Run one equation on small concrete values, at once even while JAX traces something else."""
    with jax.ensure_compile_time_eval():
        return [np.asarray(v) for v in bind(eqn, values)]
