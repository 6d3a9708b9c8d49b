"""The torch frontend against torch, on the sample inputs of PyTorch's own operator database (``op_db``).

Every operator's samples run through the frontend on NumPy arrays and on torch tensors; values, dtypes, shapes and the
structure of results are compared with torch's. What is not supported stands, with its reason, in the plugin's
``support.toml`` under ``[frontend."<name>"]``; an entry that is no longer needed is an error. ``IVY_OPDB_SAMPLES``
changes how many samples of each operator and dtype are tried (0: all).

Run as a script with names of operators to see all their failures.
"""

from __future__ import annotations

import importlib
import itertools
import math
import os
import sys
import tomllib
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

warnings.filterwarnings("ignore")
common = pytest.importorskip("torch.testing._internal.common_methods_invocations", reason="needs expecttest")

import ivy_torch.frontend as frontend  # noqa: E402
from ivy import backend as ivy_backend  # noqa: E402
from ivy.dtypes import as_dtype  # noqa: E402
from ivy_torch.frontend import Tensor  # noqa: E402

# samples divide by zero, and deprecated functions of torch are called: the results are what counts
pytestmark = pytest.mark.filterwarnings("ignore")

SAMPLES = int(os.environ.get("IVY_OPDB_SAMPLES", "6"))
BACKENDS = ("numpy", "torch")
DTYPES = (torch.float32, torch.float64, torch.int64, torch.bool)
LEFT_OUT = ("sparse.", "_foreach", "masked.", "jiterator", "torch.ops.", "nn.functional.scaled_mm", "torch._scaled")

OPS = {
    o.name + (f"/{o.variant_test_name}" if o.variant_test_name else ""): o
    for o in common.op_db
    if not o.name.startswith(LEFT_OUT)
}
KNOWN = tomllib.loads((Path(importlib.util.find_spec("ivy_torch").origin).with_name("support.toml")).read_text())[
    "frontend"
]

RANDOM = {
    "bernoulli", "cauchy", "exponential", "geometric", "log_normal", "multinomial", "normal", "rand_like", "randint",
    "randint_like", "randn", "randn_like", "uniform", "nn.functional.dropout", "nn.functional.dropout2d",
    "nn.functional.dropout3d", "nn.functional.alpha_dropout", "nn.functional.feature_alpha_dropout",
    "nn.functional.rrelu", "svd_lowrank", "pca_lowrank", "empty", "empty_like", "empty_permuted", "empty_strided", "new_empty", "new_empty_strided",
}  # fmt: skip
"""Only shapes and dtypes are comparable."""

REBUILD = {
    "linalg.svd": lambda u, s, vh: ((u[..., : s.shape[-1]] * s.unsqueeze(-2)) @ vh[..., : s.shape[-1], :], s),
    "svd": lambda u, s, v: ((u[..., : s.shape[-1]] * s.unsqueeze(-2)) @ v[..., : s.shape[-1]].mH, s),
    "svd_lowrank": lambda u, s, v: ((u * s.unsqueeze(-2)) @ v.mH, s),
    "pca_lowrank": lambda u, s, v: ((u * s.unsqueeze(-2)) @ v.mH, s),
    "linalg.eigh": lambda w, v: (w, (v * w.unsqueeze(-2)) @ v.mH),
    "linalg.eig": lambda w, v: (w.abs().sort().values, w.sum(-1), v.abs().sum(-2).sort().values),
    "linalg.eigvals": lambda w: (w.abs().sort().values, w.sum(-1)),
    "linalg.qr": lambda q, r: (q @ r if q.numel() else r.abs(),),
    "qr": lambda q, r: (q @ r,),
    "linalg.cond": lambda c: (c,),
}
"""Factors are unique up to signs and order only: compare what they make."""

PATHS = {"normal/in_place": "torch.Tensor.normal"}

METHODS = {"where", "__getitem__", "uniform", "cauchy", "exponential", "geometric", "log_normal", "put"}

ADAPT = {
    "nn.functional.embedding": lambda weight, idx, *rest: (idx, weight, *rest),
    "nn.functional.embedding_bag": lambda weight, idx, *rest: (idx, weight, *rest),
    "einsum": lambda tensors, equation: (equation, *tensors),
    "svd_lowrank": lambda a, b: (a @ b.mT,),
    "pca_lowrank": lambda a, b: (a @ b.mT,),
    "linalg.pinv/singular": lambda a, b: (a @ b.mT,),
}
"""Operators whose ``op`` takes other arguments than the function."""

TIES = {
    "sort", "argsort", "topk", "kthvalue", "median", "nanmedian", "mode", "max/reduction_with_dim",
    "min/reduction_with_dim",
}  # fmt: skip
"""Where equal elements lie is not defined: indices of integers and booleans are not compared."""

_TOLERANCE = {torch.float32: (2e-4, 2e-5), torch.complex64: (2e-4, 2e-5), torch.float64: (1e-6, 1e-7)}

IMPRECISE = {"special.bessel_j0", "special.bessel_j1", "special.bessel_y0", "special.bessel_y1"}
"""Operators whose results torch itself has in single precision only: above 5 they are off by up to 9e-7 in float64."""


def path_of(name):
    """Return the frontend's path for an operator, None if it has none."""
    if name in PATHS:
        return PATHS[name]
    name = name.partition("/")[0]
    methods_first = name in METHODS or name.startswith("__")
    tried = [f"torch.Tensor.{name}", f"torch.{name}"] if methods_first else [f"torch.{name}", f"torch.Tensor.{name}"]
    return next((p for p in (*tried, f"torch.ops.aten.{name}") if frontend.supports(p)), None)


def _convert(x, backend, cells):
    if isinstance(x, torch.Tensor):
        x = x.detach().resolve_conj().resolve_neg()
        value = x.clone() if backend == "torch" else x.numpy().copy()
        if backend == "jax":
            import jax.numpy

            value = jax.numpy.asarray(value)
        return Tensor(value) if cells else value
    if isinstance(x, torch.dtype):
        return as_dtype(x)
    if isinstance(x, torch.Size):
        return tuple(x)
    if isinstance(x, (torch.device, torch.memory_format, torch.layout)):
        return str(x)
    if isinstance(x, torch.Generator):
        return None
    return x


def arguments(sample, backend, cells=True):
    """Return a sample's arguments for the frontend."""

    def convert(x):
        if isinstance(x, slice):
            return slice(*(convert(v) for v in (x.start, x.stop, x.step)))
        if type(x) in (list, tuple):
            return type(x)(convert(v) for v in x)
        if type(x) is dict:
            return {k: convert(v) for k, v in x.items()}
        return _convert(x, backend, cells)

    return convert((sample.input, *sample.args)), convert(dict(sample.kwargs))


def _to_torch(x):
    x = x.value if isinstance(x, Tensor) else x
    if type(x).__module__.startswith("jax"):
        x = np.asarray(x)
    if isinstance(x, np.ndarray | np.generic):
        x = np.asarray(x)
        if x.dtype.name == "bfloat16":
            return torch.from_numpy(x.astype("float32")).to(torch.bfloat16)
        return torch.from_numpy(np.ascontiguousarray(x).reshape(x.shape).copy())
    return x


def leaves(x):
    """Flatten a result: tensors and scalars."""
    if isinstance(x, (tuple, list)):
        return list(itertools.chain.from_iterable(map(leaves, x)))
    if isinstance(x, dict):
        return leaves(list(x.values()))
    return [x]


def _drops(name, sample):
    """Whether a sample drops elements at random."""
    if name == "nn.functional.multi_head_attention_forward":
        return sample.args[9] > 0 and sample.kwargs.get("training", True)
    return sample.kwargs.get("dropout_p", 0) > 0


def compare(name, ours, theirs, random=False):
    """Raise an AssertionError where a result differs from torch's."""
    ours, theirs = [_to_torch(x) for x in leaves(ours)], leaves(theirs)
    assert len(ours) == len(theirs), f"{len(ours)} results, torch gives {len(theirs)}"
    base = name.partition("/")[0]
    for a, b in zip(ours, theirs, strict=True):
        if isinstance(b, torch.Tensor):
            assert isinstance(a, torch.Tensor), f"{type(a).__name__} in place of a tensor"
            assert str(a.dtype) == str(b.dtype), f"dtype {a.dtype}, torch gives {b.dtype}"
            assert a.shape == b.shape, f"shape {tuple(a.shape)}, torch gives {tuple(b.shape)}"
    if random or base in RANDOM:
        return
    if (name in TIES or base in TIES) and not theirs[0].is_floating_point():
        ours, theirs = (ours[:1], theirs[:1]) if len(theirs) > 1 else ([], [])
    if base in REBUILD:
        ours, theirs = list(REBUILD[base](*ours)), list(REBUILD[base](*theirs))
    for a, b in zip(ours, theirs, strict=True):
        if isinstance(b, torch.Tensor):
            rtol, atol = _TOLERANCE.get(
                torch.float32 if base in IMPRECISE else b.dtype,
                (1e-6, 1e-7) if b.dtype.is_floating_point or b.is_complex() else (0, 0),
            )
            b = b.detach().resolve_conj().resolve_neg()
            scale = b[b.isfinite()].abs().max().item() if b.numel() and rtol and b.isfinite().any() else 1.0
            torch.testing.assert_close(a, b, rtol=rtol, atol=atol * max(1.0, scale), equal_nan=True)
        elif isinstance(b, float):
            assert math.isclose(float(a), b, rel_tol=1e-5, abs_tol=1e-6) or (math.isnan(b) and math.isnan(float(a)))
        elif isinstance(b, torch.dtype):
            assert as_dtype(b) == a
        elif not isinstance(b, (torch.layout, torch.memory_format)):
            assert a == b, f"{a!r}, torch gives {b!r}"


def _same(*args):
    return args


def run(path, sample, backend, adapt=_same):
    """Call the frontend on a sample."""
    args, kwargs = arguments(sample, backend)
    with ivy_backend.scope(ivy_backend.get_backend(backend)):
        return frontend.call(path, adapt(*args), kwargs)


def samples(op, dtype, limit):
    """Return an operator's samples."""
    torch.manual_seed(0)
    return itertools.islice(op.sample_inputs("cpu", dtype, requires_grad=False), limit or None)


def failures(name, backend, limit=SAMPLES, dtypes=DTYPES):
    """Yield what goes wrong with an operator, one line each; stops a dtype at its first failure."""
    op, path = OPS[name], path_of(name)
    if path is None:
        yield None, "there is no such function"
        return
    for dtype in dtypes:
        if dtype not in op.supported_dtypes("cpu"):
            continue
        for i, sample in enumerate(samples(op, dtype, limit)):
            try:
                ours = run(path, sample, backend, ADAPT.get(name, _same))
                theirs = op.op(sample.input, *sample.args, **sample.kwargs)  # second: it may write to the sample
                compare(name, ours, theirs, _drops(name, sample))
            except Exception as error:
                text = str(error).strip().replace("\n", " ")[:300] or repr(error)
                yield dtype, f"{dtype} sample {i}: {type(error).__name__}: {text}"
                break


def _excused(name, backend):
    """Return the entry of ``support.toml`` that excuses an operator on a backend, None if it must work."""
    known = KNOWN.get(name) or KNOWN.get(name.partition("/")[0])
    if known is None or backend not in known.get("backends", BACKENDS):
        return None
    return known


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", OPS)
def test_operator(name, backend):
    known = _excused(name, backend)
    found = list(failures(name, backend))
    if known is None:
        assert not found, "\n".join(text for _, text in found)
        return
    allowed = known.get("dtypes")
    unexpected = [text for dtype, text in found if allowed and str(dtype).removeprefix("torch.") not in allowed]
    assert not unexpected, "\n".join(unexpected)
    assert found, f"support.toml excuses {name} ({known['reason']}), but it works"
    pytest.xfail(known["reason"])


@pytest.mark.slow
@pytest.mark.parametrize("name", OPS)
def test_all_samples(name):
    known = _excused(name, "numpy")
    if known is not None:
        pytest.skip(known["reason"])
    found = list(failures(name, "numpy", limit=0))
    assert not found, "\n".join(text for _, text in found)


@pytest.mark.parametrize("name", [n for n, o in OPS.items() if o.inplace_variant is not None])
def test_in_place(name):
    """The in-place form writes the same values to its first argument."""
    op = OPS[name]
    if _excused(name, "numpy") or _excused(f"{name}_", "numpy") or name.partition("/")[0] in RANDOM:
        pytest.xfail("excused as a whole")
    base = name.partition("/")[0]
    flag = {"inplace": True} if base.startswith("nn.functional.") and not frontend.supports(f"torch.{base}_") else {}
    variant = getattr(op.inplace_variant, "__name__", "<lambda>")
    path = f"torch.Tensor.{variant}" if variant != "<lambda>" and not flag else f"torch.{base}{'' if flag else '_'}"
    assert frontend.supports(path)
    for sample in itertools.islice(op.sample_inputs("cpu", torch.float32), 3):
        if sample.broadcasts_input or not isinstance(sample.input, torch.Tensor):
            continue
        theirs = sample.input.clone()
        try:
            op.inplace_variant(theirs, *sample.args, **sample.kwargs)
        except RuntimeError:  # the result's dtype or shape does not fit into the input
            continue
        args, kwargs = arguments(sample, "numpy")
        with ivy_backend.scope(ivy_backend.get_backend("numpy")):
            result = frontend.call(path, args, {**kwargs, **flag})
        assert result is args[0]
        compare(name, args[0], theirs)


def test_coverage(capsys):
    """At least 85% of the database's names are served."""
    names = {n.partition("/")[0] for n in OPS}
    unsupported = {n for n, entry in KNOWN.items() if "dtypes" not in entry and "backends" not in entry}
    served = {n for n in names if path_of(n) is not None and n not in unsupported}
    with capsys.disabled():
        print(f"\ntorch frontend: {len(served)} of {len(names)} op_db names ({len(served) / len(names):.1%})")
    assert len(served) >= 0.85 * len(names)


if __name__ == "__main__":
    chosen = sys.argv[1:] or list(OPS)
    for each in chosen:
        for which in os.environ.get("IVY_OPDB_BACKENDS", "numpy").split(","):
            if each in OPS:
                for _, line in failures(each, which):
                    print(f"{each} [{which}] {line}", flush=True)
