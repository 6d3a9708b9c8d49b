"""Runs one function in one direction and compares it with the framework that it is written in.

`cell` is what the tests and `scripts/directions.py` share: values, structure, shapes, dtypes and array types, then the
gradients of a weighted sum of all floating-point results by the source's own differentiation and by the target's.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from direction_cases import CASES, Case
from limits import limit

import ivy
from ivy.backend import get_backend
from ivy.dtypes import as_dtype
from ivy.errors import IvyError

FRAMEWORKS = ("numpy", "torch", "jax", "tensorflow", "paddle")
DIRECTIONS = [(s, t) for s in FRAMEWORKS for t in FRAMEWORKS if s != t]
STEP = 1e-5  # of the central differences, in float64
PROBES = 24  # elements of each input that are moved for them


def installed(framework: str) -> bool:
    """Whether a framework and its plugin are here."""
    names = ("ivy_" + framework, framework)
    return all(importlib.util.find_spec(name) is not None for name in names)


@dataclass(frozen=True)
class Cell:
    """What a comparison found: the largest relative errors.

    `values` is None where random results are compared by distribution, `gradients` where there are none to compare.
    """

    values: float | None
    gradients: float | None = None
    note: str = ""
    link: str = ""
    compared: bool = True


# -- arrays and derivatives of each framework -------------------------------------------------------------------------


def make(x: Any, framework: str) -> Any:
    return get_backend(framework).module.from_foreign(np.array(x), copy=True)


def to_numpy(x: Any, framework: str) -> Any:
    return np.asarray(get_backend(framework).module.to_numpy(x))


def canonical(dtype: Any, framework: str) -> str:
    """Return the dtype that a framework has for `dtype`: JAX has no 64-bit types unless asked."""
    narrowed = getattr(get_backend(framework).module, "canonical_dtype", None)
    return str(narrowed(as_dtype(dtype)) if narrowed else dtype)


def leaves(nest: Any) -> list[Any]:
    if isinstance(nest, dict):
        return [v for key in sorted(nest) for v in leaves(nest[key])]
    return [v for x in nest for v in leaves(x)] if isinstance(nest, (list, tuple)) else [nest]


def structure(nest: Any) -> Any:
    if isinstance(nest, dict):
        return {key: structure(nest[key]) for key in nest}
    return tuple(structure(x) for x in nest) if isinstance(nest, (list, tuple)) else None


def is_float(x: Any) -> bool:
    return as_dtype(x.dtype).is_float


def weights(outputs: list[Any]) -> list[Any]:
    """Fixed factors, one array for each floating-point result, so that no gradient is zero by symmetry."""
    rng = np.random.default_rng(7)
    return [rng.uniform(0.5, 1.5, size=tuple(y.shape)).astype("float32") for y in outputs if is_float(y)]


Run = tuple[list[Any], list[Any]]


def _torch(fn: Callable[..., Any], arrays: list[Any], places: list[int]) -> Run:
    import torch

    given = [make(a, "torch") for a in arrays]
    wanted = [given[i].requires_grad_() for i in places]
    outputs = leaves(fn(*given))
    pairs = [(y, make(w, "torch").to(y.dtype)) for y, w in zip(filter(is_float, outputs), weights(outputs))]
    pairs = [(y, w) for y, w in pairs if y.requires_grad]
    found = [None] * len(wanted)
    if pairs:
        found = torch.autograd.grad([y for y, _ in pairs], wanted, [w for _, w in pairs], allow_unused=True)
    return [y.detach() for y in outputs], [torch.zeros_like(x) if g is None else g for g, x in zip(found, wanted)]


def _jax(fn: Callable[..., Any], arrays: list[Any], places: list[int]) -> Run:
    import jax

    given = [make(a, "jax") for a in arrays]

    def run(*given_now: Any) -> Any:
        full = list(given)
        for i, x in zip(places, given_now, strict=True):
            full[i] = x
        outputs = leaves(fn(*full))
        return [y for y in outputs if is_float(y)], outputs

    def pulled(*given_now: Any) -> Any:
        floats, pull, outputs = jax.vjp(run, *given_now, has_aux=True)
        return outputs, list(pull([make(w, "jax").astype(y.dtype) for y, w in zip(floats, weights(floats))]))

    wanted = [given[i] for i in places]
    try:
        return jax.jit(pulled)(*wanted)  # as JAX's users do, and faster than compiling every operation
    except IvyError:  # guards look at values, and random numbers need a key
        return pulled(*wanted)


def _tensorflow(fn: Callable[..., Any], arrays: list[Any], places: list[int]) -> Run:
    import tensorflow as tf

    given = [make(a, "tensorflow") for a in arrays]
    wanted = [given[i] for i in places]
    with tf.GradientTape() as tape:
        for x in wanted:
            tape.watch(x)
        outputs = leaves(fn(*given))
    floats = [y for y in outputs if is_float(y)]
    factors = [tf.cast(make(w, "tensorflow"), y.dtype) for y, w in zip(floats, weights(outputs))]
    found = tape.gradient(floats, wanted, factors) if floats else [None] * len(wanted)
    return outputs, [tf.zeros_like(x) if g is None else tf.convert_to_tensor(g) for g, x in zip(found, wanted)]


def _paddle(fn: Callable[..., Any], arrays: list[Any], places: list[int]) -> Run:
    import paddle

    given = [make(a, "paddle") for a in arrays]
    wanted = [given[i] for i in places]
    for x in wanted:
        x.stop_gradient = False
    outputs = leaves(fn(*given))
    pairs = zip(filter(is_float, outputs), weights(outputs))
    parts = [(y.astype("float64") * make(w, "paddle").astype("float64")).sum() for y, w in pairs if not y.stop_gradient]
    found = [None] * len(wanted)
    if parts:  # one sum: paddle.grad refuses a tensor that a function returns twice
        found = paddle.grad(paddle.add_n(parts), wanted, allow_unused=True)
    return [y.detach() for y in outputs], [paddle.zeros_like(x) if g is None else g for g, x in zip(found, wanted)]


def _numpy(fn: Callable[..., Any], arrays: list[Any], places: list[int]) -> Run:
    """Give central differences in float64 at some elements, NaN at the others."""
    outputs = [np.asarray(y) for y in leaves(fn(*[np.array(a) for a in arrays]))]
    factors = weights(outputs)
    wide = [np.asarray(a, "float64") if i in places else a for i, a in enumerate(arrays)]

    def total(i: int, place: int, step: float) -> float:
        moved = [a.copy() for a in wide]
        moved[i].flat[place] += step
        np.random.seed(0)  # noqa: NPY002
        floats = [np.asarray(y) for y in leaves(fn(*moved)) if np.asarray(y).dtype.kind == "f"]
        return float(sum((y.astype("float64") * w).sum() for y, w in zip(floats, factors, strict=True)))

    found = []
    for i in places:
        slope = np.full(wide[i].shape, np.nan)
        chosen = np.random.default_rng(3).permutation(slope.size)[:PROBES]
        for place in chosen:
            slope.flat[place] = (total(i, place, STEP) - total(i, place, -STEP)) / (2 * STEP)
        found.append(slope)
    return outputs, found


RUN = {"torch": _torch, "jax": _jax, "tensorflow": _tensorflow, "paddle": _paddle, "numpy": _numpy}


def seed(framework: str, value: int) -> None:
    """Seed the generator that a framework's own users seed."""
    if framework == "numpy":
        np.random.seed(value)  # noqa: NPY002
    elif framework == "torch":
        importlib.import_module("torch").manual_seed(value)
    elif framework == "tensorflow":
        importlib.import_module("tensorflow").random.set_seed(value)
    elif framework == "paddle":
        importlib.import_module("paddle").seed(value)


# -- comparisons ------------------------------------------------------------------------------------------------------


def moving(case: Case, arrays: list[Any]) -> list[int]:
    """Return the places of the inputs that gradients are taken by."""
    return [i for i, a in enumerate(arrays) if a.dtype.kind == "f" and i not in case.fixed]


def source_file(source: str) -> Any:
    return importlib.import_module(f"in_{source}")


@functools.cache
@np.errstate(all="ignore")  # such as the logarithm of a masked place's chance, 0
def expected(source: str, name: str, with_gradient: bool) -> tuple[Any, list[Any], list[Any]]:
    """Return structure, results and gradients of the source function, as NumPy arrays."""
    case, module = CASES[name], source_file(source)
    arrays = case.arrays(module.LAYOUTS)
    function = getattr(module, name)
    get_backend(source)
    seed(source, 0)
    result = function(*[make(a, source) for a in arrays])
    values = [to_numpy(y, source) for y in leaves(result)]
    if not with_gradient:
        return structure(result), values, []
    seed(source, 0)
    _, found = RUN[source](function, arrays, moving(case, arrays))
    return structure(result), values, [to_numpy(g, source) for g in found]


def apart(found: Any, wanted: Any, rtol: float, atol: float, what: str) -> float:
    """Compare two arrays and return the largest error relative to the largest value."""
    if wanted.dtype.kind not in "fc" and wanted.dtype.name != "bfloat16":
        np.testing.assert_array_equal(found, wanted, err_msg=what)
        return 0.0
    known = ~np.isnan(wanted.astype("float64"))
    wide = [np.where(known, a.astype("float64"), 0) for a in (found, wanted)]
    if wanted.dtype.name in ("float16", "bfloat16"):
        rtol = atol = 1e-2
    np.testing.assert_allclose(*wide, rtol=rtol, atol=atol, err_msg=what)
    finite = np.isfinite(wide[1])
    scale = np.max(np.abs(wide[1]), where=finite, initial=0)
    with np.errstate(invalid="ignore"):
        error = np.max(np.abs(wide[0] - wide[1]), where=finite, initial=0)
    return float(error / max(scale, atol))


def distribution(found: Any, wanted: Any, what: str) -> None:
    """Compare two samples: range, mean, spread and quantiles within what their size allows."""
    assert found.shape == wanted.shape, what
    a, b = found.astype("float64").ravel(), wanted.astype("float64").ravel()
    if np.unique(b).size < 100:
        assert set(np.unique(found)) == set(np.unique(wanted)), what
    error = 6 * max(b.std(), 1e-3) / np.sqrt(b.size)
    assert abs(a.mean() - b.mean()) < 1.5 * error, f"{what}: mean {a.mean()}, not {b.mean()}"
    assert abs(a.std() - b.std()) < 1.5 * error, f"{what}: spread {a.std()}, not {b.std()}"
    if np.unique(b).size >= 100:
        quantiles = np.linspace(0.1, 0.9, 9)
        np.testing.assert_allclose(np.quantile(a, quantiles), np.quantile(b, quantiles), atol=2.5 * error, err_msg=what)


def randomly(case: Case, found: Any, wanted: Any, x: Any, what: str) -> None:
    """Compare results of random functions that need not have the same bits."""
    assert found.shape == wanted.shape, what
    if case.random == "distribution":
        distribution(found, wanted, what)
    elif case.random == "order":
        np.testing.assert_array_equal(np.sort(found, axis=None), np.sort(wanted, axis=None), err_msg=what)
        assert not np.array_equal(found, x), f"{what}: in the order of the input"
    else:
        kept = found != 0
        assert abs(kept.mean() - (wanted != 0).mean()) < 9 / np.sqrt(kept.size), f"{what}: {kept.mean()} kept"
        factor = np.median(wanted[wanted != 0] / x[wanted != 0])
        np.testing.assert_allclose(found[kept], (x * factor)[kept], rtol=1e-5, err_msg=what)


def cell(source: str, target: str, name: str) -> Cell:
    """Compare one function in one direction.

    Raises:
        AssertionError: if anything differs.
    """
    case, module = CASES[name], source_file(source)
    known = limit(source, target, name)
    if known is not None and known.what == "all":
        return Cell(0, None, known.reason, known.link, compared=False)
    differentiate = case.gradient and target != "numpy" and known is None
    form, values, slopes = expected(source, name, differentiate)
    arrays = case.arrays(module.LAYOUTS)
    converted = ivy.transpile(getattr(module, name), source=source, to=target)
    exact = not case.random or name in module.EXACT_RANDOM

    def run() -> list[Any]:
        ivy.seed(0)
        result = converted(*[make(a, target) for a in arrays])
        assert structure(result) == form, f"structure {structure(result)}, not {form}"
        for y in leaves(result):
            native = isinstance(y, get_backend(target).types) or (target == "numpy" and isinstance(y, np.generic))
            assert native, f"{type(y)} is no array of {target}"
            assert not getattr(y, "_committed", False), "the result is committed to a device of JAX's"
        return [to_numpy(y, target) for y in leaves(result)]

    found = run()
    error = 0.0 if exact else None
    for i, (a, b) in enumerate(zip(found, values, strict=True)):
        what = f"result {i}"
        assert a.shape == b.shape, f"{what}: shape {a.shape}, not {b.shape}"
        dtype = canonical(b.dtype, target)
        assert str(a.dtype) == dtype, f"{what}: dtype {a.dtype}, not {dtype}"
        if exact:
            error = max(error or 0.0, apart(a, b, case.rtol, case.atol, what))
        else:
            randomly(case, a, b, arrays[0], what)
    if case.random:
        again = run()
        assert all(np.array_equal(a, b) for a, b in zip(found, again)), "the same seed gave other numbers"
    note = (known.reason, known.link) if known else ("", "")
    if not differentiate:
        return Cell(error, None, *note)
    ivy.seed(0)
    outputs, slopes_found = RUN[target](converted, arrays, moving(case, arrays))
    worst = 0.0
    for i, (a, b) in enumerate(zip(slopes_found, slopes, strict=True)):
        a = to_numpy(a, target)
        if case.random == "mask" and not exact:  # linear in the input: the gradient follows from the result
            b = weights(outputs)[0] * to_numpy(outputs[0], target) / arrays[0]
        assert str(a.dtype) == str(arrays[moving(case, arrays)[i]].dtype), f"gradient {i}: dtype {a.dtype}"
        worst = max(worst, apart(a, b, 10 * case.rtol, 10 * case.atol, f"gradient {i}"))
    return Cell(error, worst, *note)
