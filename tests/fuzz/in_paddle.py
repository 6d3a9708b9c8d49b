"""PaddlePaddle's API as templates."""

from __future__ import annotations

from .dialect import Dialect

UNARY = (
    "abs", "neg", "sign", "sqrt", "exp", "log1p", "sin", "tanh", "floor", "ceil", "round", "square", "logical_not", "isnan",
    "isfinite", "reciprocal", "conj", "bitwise_not", "angle", "nan_to_num", "trunc", "rsqrt", "expm1", "erf", "frac", "signbit",
    "real", "isinf", "sgn", "deg2rad", "atan", "i0", "isneginf",
)  # fmt: skip
BINARY = (
    "add", "subtract", "multiply", "divide", "floor_divide", "remainder", "maximum", "minimum", "atan2", "equal", "less_than",
    "logical_and", "logical_xor", "bitwise_and", "copysign", "fmax", "fmin", "logaddexp", "heaviside", "pow", "isclose", "not_equal",
    "gcd", "hypot", "floor_mod", "mod", "bitwise_left_shift", "ldexp", "nextafter",
)  # fmt: skip
INPLACE = (
    "add_({y})", "subtract_({y})", "multiply_({y})", "scale_({s})", "clip_({s}, {s})", "fill_({s})", "zero_()", "exp_()", "tanh_()",
    "floor_()", "sqrt_()", "reshape_({shape})", "squeeze_()", "unsqueeze_({a})", "flatten_()", "abs_()", "neg_()", "set_value({y})",
    "masked_fill_({o}, {s})", "remainder_({y})", "divide_({y})", "cast_({d})", "transpose_({perm})", "t_()",
    "put_along_axis_(paddle.argsort({x}, 0), {s}, 0)",  "logical_not_()", "equal_({y})", "cumsum_({a})", "where_({y}, {y})",
    "copy_({y}, True)", "index_fill_({unique}, 0, {s})", "relu_()", "lerp_({y}, 0.5)", "round_()", "pow_(2)", "floor_divide_({y})", "masked_scatter_({o}, {y}.clone())",
)  # fmt: skip

TEMPLATES = {
    "elementwise": (
        *(f"paddle.{n}({{x}})" for n in UNARY),
        *(f"paddle.{n}({{x}}, {{y}})" for n in BINARY),
        *(f"{{x}} {o} {{y}}" for o in ("+", "-", "*", "/", "//", "%", "**", "==", "<", ">=", "!=", "&", "|", "^")),
        *(f"{{x}} {o} {{x}}.astype({{y}}.dtype)" for o in ("+", "*", "/", "<")),
        *(f"{{x}} {o} {{s}}" for o in ("+", "-", "*", "/", "//", "%", "**", "==", "<", ">=", "!=", "&")),
        *(f"{{s}} {o} {{x}}" for o in ("+", "-", "*", "/", "//", "%", "**")),
        "-{x}", "~{x}", "abs({x})", "paddle.clip({x}, {s}, {s})", "{x}.clip(min={s})", "paddle.where({o}, {x}, {x})", "paddle.where({x} != 0, {y}, {s})", "paddle.where({o}, {s}, {s})", "paddle.where({o}, {y}, {y})", "paddle.lerp({f}, {g}, 0.3)", "paddle.scale({x}, {s}, {s})", "paddle.scale({x}, 2.0, 1.0, bias_after_scale=False)", "paddle.complex({f}, {f})", "paddle.imag({z})", "paddle.as_real({z})", "F.relu({x})", "F.gelu({f})", "F.softplus({f})", "F.elu({f})", "F.leaky_relu({f})", "F.silu({f})", "F.hardswish({f})", "F.sigmoid({f})", "F.log_sigmoid({f})", "paddle.isin({x}, {y})", "paddle.add_n([{x}, {x}])", "paddle.stanh({f})", "paddle.pow({x}, {s})", "paddle.multiplex([{q}, {q}], paddle.zeros(({q}.shape[0], 1), 'int32'))", "paddle.increment({x}.clone())", "paddle.bitwise_invert({x})", "{x}.add({y})", "{x}.multiply({y})", "paddle.outer({x}, {y})", "paddle.masked_fill({x}, {o}, {s})", "paddle.to_tensor({s}) * {x}", "{x}.maximum({y})", "paddle.polar({f}, {f})", "paddle.round({f}, 1)",
    ),
    "reduce": (
        *(f"{{x}}.{n}()" for n in ("sum", "mean", "max", "min", "prod", "any", "all", "argmax", "std", "var", "cumsum", "norm", "median", "nansum", "logsumexp", "numel", "amax")),
        *(f"{{x}}.{n}({{a}}, keepdim={{b}})" for n in ("sum", "mean", "prod", "any", "all", "argmax", "argmin", "max", "min", "amax", "logsumexp", "median", "nanmean")),
        *(f"paddle.{n}({{x}}, axis={{A}}, keepdim={{b}})" for n in ("sum", "mean", "max", "amin", "std", "var", "any", "logsumexp", "prod", "count_nonzero", "nansum")),
        "{x}.sum(dtype={d})", "paddle.sum({x}, {a}, {d})", "paddle.cumsum({x}, {a})", "paddle.cumsum({x}, {a}, {d})", "paddle.cumprod({x}, {a})", "paddle.logcumsumexp({f}, {a})", "2=paddle.cummax({x}, {a})", "F.softmax({f}, {a})", "F.log_softmax({f})", "paddle.sort({x}, {a}, stable=True)", "paddle.argsort({x}, {a}, stable=True)", "paddle.argsort({x}, descending=True, stable=True)", "paddle.topk({r}, 1, {a})[0]", "paddle.kthvalue({f}, 1, {a})[0]", "2=paddle.mode({x}, {a})", "paddle.linalg.norm({f}, axis={a}, keepdim={b})", "paddle.linalg.norm({f}, p=1, axis={a})", "paddle.unique({x})", "paddle.bincount({i})", "paddle.histogram({f}, 4, -2, 2)", "paddle.searchsorted(paddle.sort({f}.flatten()), {f})", "paddle.bucketize({f}, paddle.to_tensor([-1.0, 0.5]))", "paddle.quantile({f}, 0.3, {a})", "paddle.diff({x}, axis={a})", "paddle.std({f}, {a}, unbiased=False)", "paddle.allclose({f}, {g})", "paddle.equal_all({x}, {y})", "F.normalize({f}, axis={a})", "paddle.trapezoid({f}, axis={a})", "paddle.count_nonzero({x}, {a})", "F.layer_norm({f}, {f}.shape[-1:])", "paddle.nanmedian({f})", "paddle.renorm({f}, 2.0, 0, 1.0)", "paddle.vander({x})",
    ),
    "shape": (
        "paddle.reshape({x}, {shape})", "paddle.transpose({x}, {perm})", "paddle.flip({x}, {a})", "paddle.roll({x}, {k}, {a})", "paddle.roll({x}, {k})", "paddle.stack([{x}, {y}], {a})", "paddle.stack([{x}, {x}], -1)", "paddle.concat([{x}, {y}], {a})", "paddle.concat([{x}, {x}], axis={a})", "2=paddle.chunk({x}, 2, {a})", "paddle.split({x}, [1, -1], {a})[1]", "2=paddle.split({x}, 2, {a})", "paddle.tile({x}, {reps})", "paddle.repeat_interleave({x}, {p}, {a})", "paddle.repeat_interleave({x}, 2)", "paddle.tril({x})", "paddle.triu({x}, {k})", "paddle.diag({x})", "paddle.diagflat({x})", "paddle.diag_embed({x})", "paddle.rot90({x})", "paddle.atleast_2d({x})", "{x}.flatten()", "{x}.clone()", "F.pad({q}, [1, {p}])", "F.pad({q}, [1, 0, 0, 2], value={s})", "paddle.meshgrid({x}, {y})[0]", "paddle.zeros_like({x})", "paddle.ones_like({x}, dtype={d})", "paddle.full_like({x}, {s})", "paddle.full({sizes}, {s})", "paddle.full({sizes}, {s}, dtype={d})", "paddle.arange({p})", "paddle.arange(0.0, {p}, 0.5)", "paddle.zeros({sizes}, dtype={d})", "paddle.linspace(0, 1, {p})", "paddle.eye({p})", "paddle.to_tensor({s})", "paddle.to_tensor([{s}, {s}])", "paddle.kron({x}, {y})", "paddle.hstack([{x}, {y}])", "paddle.vstack([{x}, {y}])", "paddle.moveaxis({x}, 0, -1)", "paddle.squeeze({x})", "paddle.squeeze({x}, {a})", "paddle.unsqueeze({x}, {a})", "paddle.expand({x}, {grown})", "paddle.broadcast_to({x}, {grown})", "paddle.unbind({x}, {a})[0]", "paddle.unstack({x}, {a})[0]", "paddle.t({x})", "paddle.swapaxes({x}, 0, {a})", "paddle.diagonal({x})", "paddle.shape({x})", "paddle.numel({x})", "paddle.rank({x})", "paddle.crop({x}, [1] * {x}.ndim)", "paddle.block_diag([{x}, {y}])", "paddle.unfold({x}, {a}, 2, 1)", "paddle.as_strided({x}, [2, 2], [1, 1])", "paddle.slice({x}, [0], [0], [1])", "paddle.strided_slice({x}, [0], [0], [5], [2])", "F.one_hot({i}.clip(0, 3), 4)", "paddle.tensor_split({x}, 3, {a})[{k}]", "paddle.ravel({x})", "{x}.T", "{x}.mT",
    ),
    "cast": ("{x}.astype({d})", "{x}.cast({d})", "paddle.cast({x}, {d})", "{x}.astype({y}.dtype)", "{x} * paddle.to_tensor({s})", "{x}.astype('float32')", "{x}.astype('int32')", "{x}.astype('bool')", "paddle.to_tensor({x}, dtype={d})", "{x}.view('int32')", "{x}.astype('float64')"),
    "product": ("{q} @ {q}.mT", "paddle.matmul({x}, {y})", "paddle.matmul({q}, {q}, transpose_y=True)", "paddle.einsum('...i,...i->...', {x}, {x})", "paddle.einsum('ij,kj->ik', {q}, {q})", "paddle.tensordot({x}, {x}, 1)", "paddle.outer({x}, {y})", "paddle.dot({x}, {x})", "paddle.inner({x}, {x})", "paddle.mv({q}, {x})", "paddle.trace({q})", "paddle.linalg.det({f})", "paddle.bmm({x}, {x})", "paddle.addmm({x}, {x}, {x})", "paddle.cross({x}, {x})", "F.linear({f}, {g})", "paddle.linalg.matrix_power({q}, 2)", "paddle.cdist({q}, {q})"),
    "gather": (
        "paddle.gather({x}, {ints}, 0)", "paddle.index_select({x}, {ints}, 0)", "paddle.take_along_axis({x}, paddle.argsort({x}, {a}, stable=True), {a})", "paddle.take({x}, paddle.to_tensor([0, -1]))", "paddle.gather_nd({x}, paddle.to_tensor([[0]]))", "paddle.masked_select({x}, {o})", "paddle.nonzero({x})", "paddle.scatter({x}, {unique}, {x}[:2])", "paddle.scatter({x}, paddle.to_tensor([0, 0]), {x}[:2], overwrite=False)", "paddle.scatter_nd_add({x}, paddle.to_tensor([[0], [0]]), {x}[:2])", "paddle.put_along_axis({x}, paddle.argsort({x}, {a}), {s}, {a})", "paddle.put_along_axis({x}, paddle.zeros({x}.shape, 'int64'), {x}, {a}, 'add')", "paddle.index_add({x}, {ints}, 0, {x}.index_select({ints}, 0))", "paddle.index_put({q}, (paddle.to_tensor([0]),), paddle.to_tensor({s}).astype({q}.dtype))", "paddle.index_fill({x}, {unique}, 0, {s})", "paddle.index_sample({q}, paddle.zeros(({q}.shape[0], 2), 'int64'))", "paddle.where({x} > 0)[0]", "paddle.select_scatter({x}, {x}[0], 0, -1)", "paddle.slice_scatter({x}, {x}[:1], [0], [0], [1], [1])", "paddle.diagonal_scatter({q}, paddle.diagonal({q}) * 2)", "F.embedding({i}, {q})", "paddle.masked_scatter({x}, {o}, {y})",
    ),
    "index": ("{x}[{idx}]", "{x}[{idx}]", "{x}[{idx}]", "{x}[{basic}]", "{x}[{o}]"),
    "write": (
        "!{x}[{widx}] = {s}", "!{x}[{widx}] = {y}", "!{x}[{widx}] = {v}", "!{x}[{widx}] = {v}", "!{x}[{widx}] += {s}", "!{x}[{widx}] *= {y}", "!{x}[{widx}] -= {v}", "!{x} += {y}", "!{x} *= {s}", "!{x} -= {s}", "!{x} /= {s}", "!{x} **= 2", "!{x} &= {y}", "!{x} %= {p}", "!{x} -= {y}", "!{x}[{o}] = {s}", "!{x}[{o}] = {x}[{o}] * 2", "!paddle.assign({y}, {x})", "!paddle.increment({x})", "!F.relu_({x})", "!paddle.tanh_({x})", "!paddle.clip_({x}, 0, 1)",
        "!{q}.fill_diagonal_({s})",
        *(f"!{{x}}.{n}" for n in INPLACE),
        *(f"{{x}}.{n}" for n in INPLACE[:16]),
    ),
    "rebind": ("={x} + {s}", "={x}.clone()", "={x}[{basic}]", "={x} * {y}"),
    "control": ("{x} * 2 if {x}.sum() > 0 else {x} - 1", "{x}[{x}.shape[0] // 2:]", "sum(paddle.unbind({x}))", "[{x} + i for i in range({p})][-1]", "{x} if bool({x}.any()) else -{x}", "{x} * len({x})", "{x}.sum().item() + {y}", "{x} + {x}.size", "paddle.static.nn.cond({x}.sum() > 0, lambda: {x} + 1, lambda: {x} - 1)", "{x} * {x}.ndim", "paddle.to_tensor({x}.tolist())", "float({x}.sum()) * {y}", "paddle.static.nn.while_loop(lambda i, t: i < 3, lambda i, t: [i + 1, t * 2], [paddle.zeros([], 'int32'), {x} * 1])[1]", "{x} + {x}.shape[0]"),
}  # fmt: skip

VIEWS = (
    "{x}[{basic}]", "{x}[{basic}]", "{x}.reshape({shape})", "{x}.T", "{x}.transpose({perm})", "{x}.squeeze()", "{x}.unsqueeze({a})", "{x}.flatten()", "{x}.detach()", "{x}.unbind({a})[0]", "{x}.chunk(2, {a})[-1]",  "{z}.real()", "{x}.view({shape})", "paddle.view({x}, {shape})", "{x}.view_as({y})", "{x}.diagonal()", "{x}.expand({grown})", "{x}.astype({x}.dtype)", "{x}[None]", "{x}[...]", "paddle.as_strided({x}, [1], [1])", "{x}.t()", "paddle.slice({x}, [0], [0], [1])", "{x}.unfold({a}, 2, 2)", "{x}.mT",
)  # fmt: skip

DTYPES = {
    n: f"'{n}'"
    for n in (
        "bool",
        "uint8",
        "int8",
        "int16",
        "int32",
        "int64",
        "float16",
        "bfloat16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    )
}

DIALECT = Dialect(
    name="paddle",
    header="import paddle\nimport paddle.nn.functional as F",
    templates=TEMPLATES,
    weights={
        "elementwise": 5,
        "reduce": 3,
        "shape": 3,
        "cast": 1.5,
        "product": 1,
        "gather": 1.5,
        "index": 2.5,
        "write": 4,
        "rebind": 0.4,
        "control": 0.5,
        "view": 2.5,
    },
    dtypes=DTYPES,
    int_array="paddle.to_tensor({}, dtype='int64')",
    bool_array="paddle.to_tensor({}, dtype='bool')",
    fresh="paddle.arange({}).reshape({})",
    negative_steps=False,
    views=VIEWS,
)
