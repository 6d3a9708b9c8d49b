"""Bad input is refused with the same class of error on every backend, and never answered with a number."""

import functools

import numpy as np
import pytest
from backends import BACKENDS, MAKE, to_np

import ivy
from ivy.errors import ArgumentError, AxisError, DtypeError, IvyError, ShapeError
from ivy.functional.registry import OPS

X = np.linspace(0.5, 2.0, 16, dtype="float32").reshape(4, 4)
AXES = ("axis", "axes", "axis1", "axis2", "source", "destination")
MEANING_ELSE = {"tensordot", "diag_embed", "one_hot", "vmap_at"}
"""Ops whose parameter of such a name means something else, or counts the axes of the result."""

# What else an op with an axis needs, as NumPy arrays or Python values; every other array is `X`.
NEEDED = {
    "take": {"indices": np.asarray([0, 1])},
    "take_along_axis": {"indices": np.zeros((4, 1), "int64")},
    "put_along_axis": {"indices": np.zeros((4, 1), "int64"), "values": 1.0},
    "split": {"indices_or_sections": 1},
    "roll": {"shift": 1},
    "repeat": {"repeats": 2},
    "unfold_axis": {"size": 2, "step": 1},
    "swapaxes": {"axis1": 0, "axis2": 1},
    "moveaxis": {"source": 0, "destination": 1},
    "squeeze": {"x": X[:1]},
    **{name: {"q": 0.5} for name in ("quantile", "nanquantile")},
    "percentile": {"q": 50.0},
    "kthvalue": {"k": 1},
    "index_add": {"indices": np.asarray([0, 1, 2, 3])},
    "index_fill": {"indices": np.asarray([0, 1]), "value": 1.0},
    "topk": {"k": 1},
    "cross": {"x1": X[:, :3], "x2": X[:, :3]},
    "prelu": {"weight": np.ones(4, "float32")},
    "batch_norm": dict.fromkeys(("mean", "variance", "scale", "offset"), np.ones(4, "float32")),
    "batch_norm_train": dict.fromkeys(("scale", "offset"), np.ones(4, "float32")),
    **{name: {"scale": None, "offset": None} for name in ("layer_norm", "rms_norm")},
    **{name: {"target": np.zeros(4, "int64"), "weight": None} for name in ("nll_loss", "cross_entropy")},
    "frame": {"frame_length": 2, "frame_step": 1},
}


def arguments(name, make, **given):
    """The arguments of a call: by position as long as they must or may be."""
    parameters = OPS[name].signature.parameters
    values = {**NEEDED.get(name, {}), **given}
    args, kwargs = [], {}
    for p in parameters.values():
        if p.name in values:
            value = values[p.name]
        elif p.default is not p.empty:
            if p.kind is not p.POSITIONAL_ONLY or p.name in AXES:
                continue
            value = p.default
        elif "Sequence[Array]" in str(p.annotation):
            value = [X, X]
        elif p.kind is p.VAR_POSITIONAL:
            continue
        else:
            value = X
        value = make(value) if isinstance(value, np.ndarray) else [*map(make, value)] if type(value) is list else value
        if p.kind is p.POSITIONAL_ONLY or (p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty):
            args.append(value)
        else:
            kwargs[p.name] = value
    return args, kwargs


def call(name, backend, **given):
    args, kwargs = arguments(name, MAKE[backend], **given)
    with ivy.using_backend(backend):
        return OPS[name].public(*args, **kwargs)


def raised(fn):
    """The class of what a call raises: Ivy's own, or the framework's."""
    try:
        result = fn()
    except IvyError as error:
        return type(error)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return f"no error, but {result!r}"


WITH_AXIS = [
    (name, p)
    for name, op in OPS.items()
    for p in op.signature.parameters
    if p in AXES and op.arrays and name not in MEANING_ELSE and "int" in str(op.signature.parameters[p].annotation)
]


# an axis that the arguments allow, where that isn't 0
GOOD = {
    **dict.fromkeys(("batch_norm", "batch_norm_train", "nll_loss", "cross_entropy", "prelu", "cross"), 1),
    **dict.fromkeys(("vecdot", "layer_norm", "rms_norm"), -1),
    **dict.fromkeys(("permute_dims", "rot90"), (1, 0)),
}


def several(name, parameter):
    return "Sequence" in str(OPS[name].signature.parameters[parameter].annotation)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("name", "parameter"), WITH_AXIS, ids=[f"{n}-{p}" for n, p in WITH_AXIS])
def test_axis_out_of_range(name, parameter, backend):
    good, bad = GOOD.get(name, 0), 7
    if parameter in ("axis2", "destination"):
        good = 1
    if parameter == "axes":
        good, bad = GOOD.get(name, (0,)), (0, 7)
    call(name, backend, **{parameter: good})  # so that the axis alone is to blame
    for wrong in (bad, -8 if isinstance(bad, int) else (-8, 0)):
        assert raised(functools.partial(call, name, backend, **{parameter: wrong})) is AxisError


REPEATED = [
    (n, p)
    for n, p in WITH_AXIS
    if several(n, p)
    and p in ("axis", "axes")
    and OPS[n].chapter not in ("fft", "signal")
    and n not in ("roll", "expand_dims")
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("name", "parameter"), REPEATED, ids=[n for n, _ in REPEATED])
def test_axis_named_twice(name, parameter, backend):
    assert raised(functools.partial(call, name, backend, **{parameter: (0, 0)})) is AxisError
    assert raised(functools.partial(call, name, backend, **{parameter: (0, -2)})) is AxisError


ELEMENTWISE = [
    name
    for name, op in OPS.items()
    if op.arity == 2 and op.chapter in ("arithmetic", "comparison", "transcendental", "special")
]
OF_INTEGERS = {
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "bitwise_left_shift",
    "bitwise_right_shift",
    "gcd",
    "lcm",
    "ldexp",
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_shapes_that_do_not_broadcast(name, backend):
    dtype = "int32" if name in OF_INTEGERS else "float32"
    x, y = MAKE[backend](np.ones((2, 3), dtype)), MAKE[backend](np.ones((4,), dtype))
    f = OPS[name].public
    f(x, x)
    assert raised(lambda: f(x, y)) is ShapeError
    assert raised(lambda: f(ivy.Array(x), ivy.Array(y))) is ShapeError


MISFITS = {
    "matmul": lambda m: ivy.matmul(m(np.ones((2, 3))), m(np.ones((2, 3)))),
    "matmul, no axes": lambda m: ivy.matmul(m(np.ones(())), m(np.ones((2, 3)))),
    "matmul, batches": lambda m: ivy.matmul(m(np.ones((2, 3, 3))), m(np.ones((4, 3, 3)))),
    "matmul operator": lambda m: ivy.Array(m(np.ones((2, 3)))) @ ivy.Array(m(np.ones((2, 3)))),
    "concat": lambda m: ivy.concat([m(np.ones((2, 3))), m(np.ones((2, 4)))]),
    "concat, axes": lambda m: ivy.concat([m(np.ones((2, 3))), m(np.ones((2,)))]),
    "concat, no axes": lambda m: ivy.concat([m(np.ones(())), m(np.ones(()))]),
    "stack": lambda m: ivy.stack([m(np.ones((2, 3))), m(np.ones((2, 4)))]),
    "where": lambda m: ivy.where(m(np.ones((2, 3), bool)), m(np.ones((4,))), m(np.ones((3,)))),
    "reshape": lambda m: ivy.reshape(m(np.ones((2, 3))), (4,)),
    "reshape, open": lambda m: ivy.reshape(m(np.ones((2, 3))), (4, -1)),
    "reshape, two open": lambda m: ivy.reshape(m(np.ones((2, 3))), (-1, -1)),
    "broadcast_to": lambda m: ivy.broadcast_to(m(np.ones((2, 3))), (4, 3)),
    "broadcast_to, fewer": lambda m: ivy.broadcast_to(m(np.ones((2, 3))), (3,)),
    "broadcast_arrays": lambda m: ivy.broadcast_arrays(m(np.ones((2, 3))), m(np.ones((4,)))),
    "split": lambda m: ivy.split(m(np.ones((5, 2))), 2),
    "squeeze": lambda m: ivy.squeeze(m(np.ones((5, 2))), 0),
    "tril": lambda m: ivy.tril(m(np.ones((5,)))),
    **{
        f"linalg.{name}": lambda m, name=name: getattr(ivy.linalg, name)(m(np.ones((2, 3))))
        for name in ("cholesky", "det", "slogdet", "inv", "eig", "eigvals", "eigh", "eigvalsh")
    },
    "linalg.matrix_power": lambda m: ivy.linalg.matrix_power(m(np.ones((2, 3))), 2),
    "linalg.solve": lambda m: ivy.linalg.solve(m(np.eye(3)), m(np.ones((2, 2)))),
    "linalg.qr": lambda m: ivy.linalg.qr(m(np.ones((3,)))),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("case", MISFITS)
def test_shapes_that_do_not_fit(case, backend):
    def make(x):
        return MAKE[backend](x if x.dtype == bool else x.astype("float32"))

    assert raised(lambda: MISFITS[case](make)) in (ShapeError, AxisError)


KINDS = [
    *((name, "float32") for name in ("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_invert")),
    *((name, "float32") for name in ("bitwise_left_shift", "bitwise_right_shift", "gcd", "lcm")),
    *((name, "complex64") for name in ("bitwise_and", "floor", "ceil", "trunc", "copysign")),
]
ORDER = (
    "less",
    "greater_equal",
    "maximum",
    "floor_divide",
    "atan2",
    "max",
    "argmin",
    "sort",
    "erf",
    "remainder",
    "cbrt",
)
"""Ops of real numbers that some frameworks serve for complex ones too."""


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("name", "dtype"), KINDS)
def test_dtypes_that_an_op_is_not_defined_for(name, dtype, backend):
    op = OPS[name]
    x = MAKE[backend](np.ones(3, dtype))
    assert raised(lambda: op.public(*[x] * len(op.arrays))) is DtypeError


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", ORDER)
def test_complex_numbers_where_real_ones_are_expected(name, backend):
    op = OPS[name]
    x = MAKE[backend](np.ones(3, "complex64"))
    found = raised(lambda: op.public(*[x] * len(op.arrays)))
    assert found is DtypeError or str(found).startswith("no error"), found


@pytest.mark.parametrize("backend", BACKENDS)
def test_indices_that_are_no_integers(backend):
    x, at = MAKE[backend](X), MAKE[backend](np.asarray([0.0, 1.0], "float32"))
    assert raised(lambda: ivy.take(x, at, axis=0)) is DtypeError


OPTIONS = [
    (name, p)
    for name, op in OPS.items()
    for p in op.signature.parameters
    if p in ("reduction", "data_format", "norm", "indexing", "side")
    and name in ("mse_loss", "meshgrid", "fft.fft", "searchsorted", "l1_loss", "kl_div")
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("name", "parameter"), OPTIONS)
def test_unknown_option(name, parameter, backend):
    args = [MAKE[backend](np.ones(3, "float32"))] * max(
        1, sum(p.default is p.empty for p in OPS[name].signature.parameters.values())
    )
    assert raised(lambda: OPS[name].public(*args, **{parameter: "nonsense"})) is ArgumentError


@pytest.mark.parametrize("backend", BACKENDS)
def test_message_names_the_op_and_the_way_out(backend):
    with pytest.raises(AxisError) as caught:
        ivy.sum(MAKE[backend](X), axis=2)
    assert "ivy.sum" in str(caught.value)
    assert "-2 to 1" in str(caught.value)
    assert isinstance(caught.value, (IndexError, ValueError))
    assert caught.value.__cause__ is not None, "the framework's own error is kept"


@pytest.mark.parametrize("backend", BACKENDS)
def test_error_that_arguments_do_not_explain_passes(backend):
    class Odd(Exception):
        pass

    def fail(*_):
        raise Odd

    with pytest.raises(Odd):
        ivy.cond(True, fail, fail, MAKE[backend](X))
    with pytest.raises(TypeError):
        ivy.add(MAKE[backend](X))
    assert to_np(ivy.add(MAKE[backend](X), 1.0)).shape == X.shape
