"""Reductions, sorting, products, linear algebra and transforms of `jax.numpy`."""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy.functional import fft as T
from ivy.functional import linalg as L
from ivy_jax.frontend.table import elementwise, frontend, index_dtype

NAMESPACE = "jax.numpy"


def _accumulator(x: Any, dtype: Any) -> Any:
    """The dtype that JAX sums in: the array's own, for small integers and booleans 32 bits."""
    if dtype is not None:
        return as_dtype(dtype)
    here = dtype_of(x)
    if here == "bool":
        return as_dtype("int32")
    if here.is_integer and here.bits < 32:
        return as_dtype(f"{here.kind}32")
    return here


def _summing(op: Any) -> Any:
    def reduce(a: Any, axis: Any = None, dtype: Any = None, out: None = None, keepdims: bool = False, **kw: Any) -> Any:
        x = a if kw.get("where") is None else F.where(kw["where"], a, kw.get("initial", 0 if op is F.sum else 1))
        return op(x, axis=axis, dtype=_accumulator(a, dtype), keepdims=keepdims)

    return reduce


for _name, _op in {"sum": F.sum, "prod": F.prod}.items():
    frontend.function(f"jax.numpy.{_name}")(_summing(_op))


def _reducing(op: Any) -> Any:
    def reduce(a: Any, axis: Any = None, out: None = None, keepdims: bool = False) -> Any:
        return op(a, axis=axis, keepdims=keepdims)

    return reduce


for _names, _op in {("max", "amax"): F.max, ("min", "amin"): F.min, ("all",): F.all, ("any",): F.any}.items():
    frontend.function(*(f"jax.numpy.{n}" for n in _names))(_reducing(_op))


@frontend.function()
def mean(a: Any, axis: Any = None, dtype: Any = None, out: None = None, keepdims: bool = False) -> Any:
    x = a if dtype_of(a).is_inexact and dtype is None else F.astype(a, as_dtype(dtype or "float32"))
    return F.mean(x, axis=axis, keepdims=keepdims)


def _spread(op: Any) -> Any:
    def reduce(
        a: Any,
        axis: Any = None,
        dtype: Any = None,
        out: None = None,
        ddof: Any = 0,
        keepdims: bool = False,
        *,
        where: Any = None,
        mean: Any = None,
        correction: Any = None,
    ) -> Any:
        x = a if dtype_of(a).is_inexact and dtype is None else F.astype(a, as_dtype(dtype or "float32"))
        return op(x, axis=axis, correction=ddof if correction is None else correction, keepdims=keepdims)

    return reduce


for _name, _op in {"var": F.var, "std": F.std}.items():
    frontend.function(f"jax.numpy.{_name}")(_spread(_op))


def _positions(op: Any) -> Any:
    def find(a: Any, axis: Any = None, out: None = None, keepdims: Any = False) -> Any:
        return F.astype(op(a, axis=axis, keepdims=bool(keepdims)), index_dtype)

    return find


for _name, _op in {"argmax": F.argmax, "argmin": F.argmin}.items():
    frontend.function(f"jax.numpy.{_name}")(_positions(_op))


def _running(op: Any) -> Any:
    def accumulate(a: Any, axis: Any = None, dtype: Any = None, out: None = None) -> Any:
        if axis is None:
            a, axis = F.reshape(a, (-1,)), 0
        return op(a, axis=axis, dtype=_accumulator(a, dtype))

    return accumulate


for _name, _op in {"cumsum": F.cumulative_sum, "cumprod": F.cumulative_prod}.items():
    frontend.function(f"jax.numpy.{_name}")(_running(_op))


@frontend.function()
def sort(a: Any, axis: Any = -1, *, stable: bool = True, descending: bool = False, **options: Any) -> Any:
    a, axis = (F.reshape(a, (-1,)), 0) if axis is None else (a, axis)
    return F.sort(a, axis=axis, descending=descending)


@frontend.function()
def argsort(a: Any, axis: Any = -1, *, stable: bool = True, descending: bool = False, **options: Any) -> Any:
    a, axis = (F.reshape(a, (-1,)), 0) if axis is None else (a, axis)
    return F.astype(F.argsort(a, axis=axis, descending=descending, stable=True), index_dtype)


elementwise(
    {
        "matmul": F.matmul,
        "dot": F.dot,
        "outer": F.outer,
        "kron": F.kron,
        "cross": F.cross,
        "vecdot": F.vecdot,
        "trace": F.trace,
        "tensordot": lambda a, b, axes=2, **_: F.tensordot(a, b, axes=axes),
        "einsum": lambda equation, *operands, **_: F.einsum(equation, *operands),
        "nansum": F.nansum,
        "nanmean": F.nanmean,
        "median": F.median,
        "diff": lambda a, n=1, axis=-1: F.diff(a, n=n, axis=axis),
        "count_nonzero": lambda a, axis=None, keepdims=False: F.astype(
            F.count_nonzero(a, axis=axis, keepdims=keepdims), index_dtype
        ),
    },
    "jax.numpy",
)


@frontend.function("jax.numpy.linalg.solve")
def solve(a: Any, b: Any) -> Any:
    return L.solve(a, b)


@frontend.function("jax.numpy.linalg.inv")
def inv(a: Any) -> Any:
    return L.inv(a)


@frontend.function("jax.numpy.linalg.det")
def det(a: Any) -> Any:
    return L.det(a)


@frontend.function("jax.numpy.linalg.slogdet")
def slogdet(a: Any, *, method: Any = None) -> Any:
    return L.slogdet(a)


@frontend.function("jax.numpy.linalg.cholesky")
def cholesky(a: Any, *, upper: bool = False, symmetrize_input: bool = True) -> Any:
    from ivy_jax.frontend.lax.linalg import _symmetric

    return L.cholesky(_symmetric(a) if symmetrize_input else a, upper=upper)


@frontend.function("jax.numpy.linalg.norm")
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if axis is None and (ord is None or x.ndim == 1):
        return L.vector_norm(x, axis=None, keepdims=keepdims, ord=2 if ord is None else ord)
    if isinstance(axis, int):
        return L.vector_norm(x, axis=axis, keepdims=keepdims, ord=2 if ord is None else ord)
    return L.matrix_norm(x, keepdims=keepdims, ord="fro" if ord is None else ord)


@frontend.function("jax.numpy.linalg.qr")
def qr(a: Any, mode: str = "reduced") -> Any:
    return L.qr(a, mode=mode)


@frontend.function("jax.numpy.linalg.eigh")
def eigh(a: Any, UPLO: Any = None, symmetrize_input: bool = True) -> Any:
    from ivy_jax.frontend.lax.linalg import eigh as of_lax

    vectors, values = of_lax(a, lower=UPLO in (None, "L"), symmetrize_input=symmetrize_input)
    return values, vectors


@frontend.function("jax.numpy.linalg.svd")
def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, **options: Any) -> Any:
    return L.svd(a, full_matrices=full_matrices) if compute_uv else L.svdvals(a)


def _transform(name: str, *options: str) -> None:
    """Register a transform; its options have NumPy's names on both sides."""
    op = getattr(T, name)

    def transform(a: Any, *args: Any, **kwargs: Any) -> Any:
        given = dict(zip(options, args)) | kwargs
        return op(a, **{k: v for k, v in given.items() if v is not None})

    transform.__name__ = transform.__qualname__ = name
    frontend.function(f"jax.numpy.fft.{name}")(transform)


for _name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
    _transform(_name, "n", "axis", "norm")
for _name in ("fftn", "ifftn", "rfftn", "irfftn"):
    _transform(_name, "s", "axes", "norm")
for _name in ("fftshift", "ifftshift"):
    _transform(_name, "axes")
