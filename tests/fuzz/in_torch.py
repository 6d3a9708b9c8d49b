"""PyTorch's API as templates."""

from __future__ import annotations

from .dialect import Dialect

UNARY = (
    "abs", "neg", "sign", "sqrt", "exp", "log1p", "sin", "cos", "tanh", "sigmoid", "floor", "ceil", "round", "trunc", "square",
    "relu", "logical_not", "isnan", "isfinite", "erf", "rsqrt", "reciprocal", "expm1", "atan", "frac", "positive", "conj",
    "bitwise_not", "signbit", "sgn", "angle", "nan_to_num", "deg2rad", "asinh", "isinf", "isneginf",
)  # fmt: skip
BINARY = (
    "add", "sub", "mul", "div", "true_divide", "floor_divide", "remainder", "fmod", "maximum", "minimum", "atan2", "eq", "ne", "lt",
    "logical_and", "logical_xor", "hypot", "bitwise_and", "bitwise_or", "copysign", "fmax", "fmin", "logaddexp", "xlogy",
    "heaviside", "gcd", "dist", "ldexp", "nextafter", "isclose", "logical_or", "bitwise_left_shift",
)  # fmt: skip
INPLACE = (
    "add_({y})", "sub_({s})", "mul_({y})", "mul_({s})", "div_({y})", "copy_({y})", "fill_({s})", "zero_()", "abs_()", "neg_()",
    "clamp_(min={s})", "clamp_({s}, {s})", "masked_fill_({o}, {s})", "relu_()", "tanh_()", "exp_()", "floor_()", "round_()",
    "add_({y}, alpha={k})", "sub_({y}, alpha=2)", "floor_divide_({s})", "remainder_({p})", "pow_(2)", "t_()", "transpose_({a}, {a})",
    "squeeze_()", "unsqueeze_({a})", "index_fill_({a}, {unique}, {s})", "logical_not_()", "eq_({y})", "gt_({s})", "lerp_({y}, 0.5)",
    "addcmul_({y}, {y})", "masked_scatter_({o}, {y}.clone())", "cumsum_({a})", "sigmoid_()", "clamp_min_({s})",
    "index_add_({a}, {ints}, {y})", "index_copy_({a}, {unique}, {y})", "fill_diagonal_({s})", "set_({y})", "resize_as_({y})",
    "ne_({y})", "bitwise_and_({y})", "sqrt_()", "square_()", "reciprocal_()", "triu_()", "tril_({k})", "xlogy_({y})",
    "put_(torch.tensor([0]), {y}.reshape(-1)[:1])", "swapaxes_({a}, {a})", "nan_to_num_()", "copysign_({s})", "fmod_({s})",
)  # fmt: skip

TEMPLATES = {
    "elementwise": (
        *(f"torch.{n}({{x}})" for n in UNARY),
        *(f"torch.{n}({{x}}, {{y}})" for n in BINARY),
        *(f"torch.{n}({{x}}, {{s}})" for n in ("add", "mul", "div", "remainder", "fmod", "floor_divide", "eq", "bitwise_and", "sub", "pow", "true_divide")),
        *(f"{{x}} {o} {{y}}" for o in ("+", "-", "*", "/", "//", "%", "**", "==", "<", ">=", "!=", "&", "|", "^")),
        *(f"{{x}} {o} {{s}}" for o in ("+", "-", "*", "/", "//", "%", "**", "==", "<", ">=", "!=", "&", "|", "^", "<<", ">>")),
        *(f"{{s}} {o} {{x}}" for o in ("+", "-", "*", "/", "//", "%", "**", "<", "&", "|", "^")),
        "-{x}", "~{x}", "abs({x})", "torch.clamp({x}, {s}, {s})", "{x}.clamp(min={y})", "torch.clamp({x}, max={s})",
        "torch.where({o}, {y}, {y})", "torch.where({x} != 0, {y}, {s})", "torch.where({o}, {s}, {y})", "torch.where({o}, {s}, {s})",
        "torch.lerp({f}, {g}, 0.3)", "torch.addcmul({x}, {y}, {y}, value={s})", "torch.addcdiv({f}, {g}, {g})",
        "{x}.add({y}, alpha={s})", "torch.div({x}, {y}, rounding_mode='floor')", "torch.div({x}, {y}, rounding_mode='trunc')",
        "torch.div({x}, {s}, rounding_mode='floor')", "torch.pow({s}, {x})", "torch.pow({x}, {y})", "torch.round({f}, decimals=1)", "{x}.float() * {y}",
        "F.relu({x})", "F.gelu({f}.double())", "F.softplus({f})", "F.elu({f})", "F.leaky_relu({f}, 0.1)", "F.hardtanh({f})", "F.silu({f})",
        "F.logsigmoid({f})", "F.threshold({x}, 0.1, 2)", "torch.real({x})", "torch.imag({z})", "torch.complex({f}, {g})", "torch.view_as_real({z})",
        "torch.polar({f}, {g})", "{x}.masked_fill({o}, {s})", "torch.isin({x}, {y})", "torch.special.entr({f})", "torch.rsub({x}, {s})",
    ),
    "reduce": (
        *(f"{{x}}.{n}()" for n in ("sum", "mean", "max", "min", "prod", "any", "all", "argmax", "argmin", "std", "var", "norm", "median", "nansum", "amax", "logsumexp(0)", "count_nonzero")),
        *(f"{{x}}.{n}({{a}}, keepdim={{b}})" for n in ("sum", "mean", "prod", "any", "all", "argmax", "argmin", "std", "var", "amax", "amin", "logsumexp", "nanmean", "nansum")),
        *(f"torch.{n}({{x}}, dim={{A}}, keepdim={{b}})" for n in ("sum", "mean", "amax", "amin", "std", "var", "logsumexp", "any", "all")),
        "2={x}.max({a})", "2={x}.min({a}, keepdim={b})", "2=torch.median({r}, {a})", "2=torch.sort({x}, dim={a}, stable=True)", "torch.topk({f}, 1, dim={a})[0]",
        "torch.topk({f}, 2, dim={a}, largest={b}).values", "2=torch.cummax({x}, {a})", "2=torch.var_mean({f}, {a})", "2=torch.aminmax({r}, dim={a}) if {b} else torch.aminmax({r})",
        "{x}.sum(dtype={d})", "{x}.sum({a}, dtype={d})", "{x}.cumsum({a})", "{x}.cumsum({a}, dtype={d})", "{x}.cumprod({a})", "{x}.logcumsumexp({a})", "torch.std({f}, {a}, correction=0)",
        "torch.var({f}, unbiased=False)", "torch.softmax({f}, {a})", "F.log_softmax({f}, {a})", "F.softmax({x}, {a}, dtype=torch.float64)", "torch.linalg.norm({f})",
        "torch.linalg.vector_norm({f}, {p}, {a})", "{f}.norm(dim={a}, keepdim={b})", "{f}.norm(p=1, dim={a})", "torch.argsort({x}, dim={a}, stable=True)", "torch.count_nonzero({x}, {a})", "torch.diff({x}, dim={a})",
        "2=torch.mode({i}, {a})", "torch.quantile({f}, 0.3, dim={a})", "torch.max({x}, {y})", "torch.unique({x})", "torch.bincount({i})", "torch.trapezoid({f}, dim={a})", "torch.kthvalue({f}, 1, {a})[0]",
        "torch.searchsorted({x}.reshape(-1).sort()[0], {y})", "torch.bucketize({x}, torch.tensor([-1.0, 0.5, 2.0]))", "torch.histc({f}, 4, -2, 2)", "torch.equal({x}, {y})", "torch.allclose({f}, {g})", "2=torch.std_mean({f})",
        "torch.cov({f})", "torch.nanmedian({f})", "F.normalize({f}, dim={a})", "torch.renorm({f}, 2, {a}, 1.0)", "F.layer_norm({f}, {f}.shape[-1:])", "{x}.argmax(dim={a})", "torch.corrcoef({f})",
    ),
    "shape": (
        "{x}.reshape({shape})", "{x}.permute({perm})", "torch.flip({x}, ({a},))", "torch.roll({x}, {k}, {a})", "torch.roll({x}, {k})", "torch.stack(({x}, {y}), {a})", "torch.stack([{x}, {x}], -1)",
        "torch.cat(({x}, {y}), {a})", "torch.cat([{x}, {x}], dim={a})", "torch.cat(({x}, {y}.to({x}.dtype)))", "2={x}.chunk(2, {a})", "{x}.split({p}, {a})[0]", "{x}.split({p}, {a})[-1]", "torch.tensor_split({x}, 3, {a})[{k}]",
        "{x}.repeat({reps})", "torch.tile({x}, {reps})", "{x}.repeat_interleave({p}, {a})", "{x}.repeat_interleave(2)", "torch.tril({x})", "torch.triu({x}, {k})", "torch.diag({x})", "torch.diagflat({x})", "torch.diag_embed({x})",
        "torch.rot90({x})", "torch.atleast_2d({x})", "{x}.flatten()", "{x}.flatten({a}, -1)", "{x}.contiguous()", "{x}.clone()", "F.pad({x}, (1, {p}))", "F.pad({x}, (1, -1), value={s})", "F.pad({x}, (0, 1, {p}, 0))",
        "torch.meshgrid({x}.reshape(-1), {y}.reshape(-1), indexing='ij')[0].clone()", "torch.zeros_like({x})", "torch.ones_like({x}, dtype={d})", "torch.full_like({x}, {s})", "torch.full({sizes}, {s})", "torch.full({sizes}, {s}, dtype={d})", "torch.arange({p})", "torch.arange(0.0, {p}, 0.5)",
        "torch.zeros({sizes}, dtype={d})", "torch.linspace(0, 1, {p})", "torch.eye({p})", "{x}.new_full({sizes}, {s})", "{x}.new_zeros({sizes})", "torch.tensor({s})", "torch.tensor([{s}, {s}])", "{x}.tile({p})", "torch.kron({x}, {y})", "torch.hstack(({x}, {y}))", "torch.vstack(({x}, {y}))",
        "torch.block_diag({x}, {y})", "torch.broadcast_tensors({x}, {y})[1]", "torch.cartesian_prod({x}.reshape(-1), {y}.reshape(-1))", "torch.tril_indices(3, 3)", "torch.column_stack(({x}, {y}))", "torch.dstack(({x}, {y}))",
        "{f}.reshape(-1)[:3].outer({g}.reshape(-1)[:2])", "torch.empty_like({x}).fill_({s})", "F.one_hot({i}.clamp(0, 4).long(), 5)", "torch.fliplr({x})", "torch.tensor({s}, dtype={d})", "torch.zeros({sizes}).add_({y})",
    ),
    "cast": (
        "{x}.to({d})", "{x}.type_as({y})", "{x}.to({y})", "{x}.type({d})", "{x} * torch.tensor({s})", "{x}.float()", "{x}.double()", "{x}.int()", "{x}.long()", "{x}.bool()", "{x}.half()", "{x}.bfloat16()", "{x}.char()", "{x}.byte()", "{x}.short()", "{x}.cfloat()", "torch.as_tensor({x}, dtype={d})", "{x}.view(torch.int32)", "torch.promote_types({x}.dtype, {y}.dtype) == {x}.dtype",
    ),
    "product": (
        "{q} @ {q}.mT", "torch.matmul({x}, {y})", "{f} @ {g}.reshape(-1)[:{f}.shape[-1]]", "torch.einsum('...i,...i->...', {x}, {x})", "torch.einsum('ij,kj->ik', {q}, {q})", "torch.einsum('ij->ji', {q})", "torch.einsum('i...,i...->...', {x}, {y})", "torch.tensordot({x}, {x}, dims=1)", "torch.outer({x}.reshape(-1), {y}.reshape(-1)[:3])", "torch.dot({x}.reshape(-1), {x}.reshape(-1))", "torch.inner({x}, {x})", "torch.mv({q}, {x})", "torch.trace({q})", "torch.cross({x}, {x}, dim={a})", "F.linear({f}, {g})", "torch.bmm({x}, {x}.mT)", "torch.baddbmm({x}, {x}, {x})", "torch.addmm({x}, {x}, {x})", "torch.linalg.det({f})", "torch.matrix_power({q}, 2)", "torch.cdist({q}, {q})", "torch.einsum('ii->i', {q})", "torch.einsum('ij,j->i', {q}, {y})", "torch.einsum('a...,b...->ab...', {x}, {x})", "torch.chain_matmul({q}, {q}.mT)", "torch.vander({x})",
    ),
    "gather": (
        "torch.gather({x}, {a}, torch.zeros_like({x}, dtype=torch.int64))", "torch.gather({x}, {a}, {x}.argsort({a}, stable=True))", "torch.index_select({x}, {a}, {ints})", "torch.take({x}, torch.tensor([0, -1]))", "torch.take_along_dim({x}, {x}.argsort({a}, stable=True), {a})", "{x}.scatter({a}, torch.zeros({x}.shape, dtype=torch.int64)[:1], {s})", "{x}.scatter_add({a}, torch.zeros({x}.shape, dtype=torch.int64), {x})", "{x}.scatter_reduce({a}, torch.zeros({x}.shape, dtype=torch.int64), {x}, 'amax', include_self={b})",
        "{x}.index_add({a}, {ints}, {x}.index_select({a}, {ints}))", "{x}.index_copy({a}, {unique}, {y})", "{x}.index_fill({a}, {unique}, {s})", "torch.masked_select({x}, {o})", "torch.nonzero({x})", "{x}.select({a}, 0)", "{x}.narrow({a}, 0, 1)", "{x}.unfold({a}, 2, 1)", "{x}.unbind({a})[-1]", "torch.select_scatter({x}, {x}.select({a}, 0), {a}, -1)", "torch.slice_scatter({x}, {y}, {a})", "torch.diagonal_scatter({q}, {q}.diagonal() * 2)", "torch.index_put({x}, ({unique},), torch.tensor({s}).to({x}.dtype))", "torch.masked_scatter({x}, {o}, {y})", "{x}.index_put(({ints},), torch.tensor({s}).to({x}.dtype), accumulate=True)", "{x}.as_strided((2, 2), (1, 1))",
        "torch.nonzero({x}, as_tuple=True)[0]", "torch.argwhere({x})", "{x}.movedim(0, -1)", "torch.where({x})[0]", "{x}.diagonal(0, 0, -1)", "torch.ravel({x})", "torch.index_reduce({f}, {a}, {ints}, {f}.index_select({a}, {ints}), 'prod')",
    ),
    "index": ("{x}[{idx}]", "{x}[{idx}]", "{x}[{idx}]", "{x}[{basic}]"),
    "write": (
        "!{x}[{widx}] = {s}", "!{x}[{widx}] = {y}", "!{x}[{widx}] = {v}", "!{x}[{widx}] = {v}", "!{x}[{widx}] += {s}", "!{x}[{widx}] *= {y}", "!{x}[{widx}] -= {v}", "!{x} += {y}", "!{x} *= {s}", "!{x} -= {s}", "!{x} /= {s}", "!{x} //= {p}", "!{x} **= 2", "!{x} &= {y}", "!{x} ^= {y}", "!{x} %= {p}", "!{x} |= {o}", "!{x} <<= 1", "!torch.add({x}, {y}, out={x})", "!torch.mul({x}, {s}, out={x})", "!torch.exp({x}, out={x})", "!torch.sum({x} * 1, 0, out={y})", "!torch.clamp({x}, 0, 1, out={y})", "!{x}.data.add_({s})", "!{x}[{o}] = {s}", "!{x}[{o}] = {x}[{o}] * 2", "!{x}[{o}] += {y}", "!torch.relu_({x})", "!F.relu({x}, inplace=True)", "!{x}.index_put_(({unique},), torch.tensor({s}).to({x}.dtype))", "!{x}.scatter_({a}, torch.zeros({x}.shape, dtype=torch.int64)[:1], {s})", "!{x}.scatter_add_({a}, torch.zeros({x}.shape, dtype=torch.int64), {x}.clone())", "!{x}.index_put_(({ints},), torch.tensor({s}).to({x}.dtype), accumulate=True)",
        *(f"!{{x}}.{n}" for n in INPLACE),
        *(f"{{x}}.{n}" for n in INPLACE[:20]),
    ),
    "rebind": ("={x} + {s}", "={x}.clone()", "={x}[{basic}]", "={x} * {y}"),
    "control": ("{x} * 2 if {x}.sum() > 0 else {x} - 1", "{x}[{x}.shape[0] // 2:]", "sum({x}.unbind(0))", "[{x} + i for i in range({p})][-1]", "{x} if bool({x}.any()) else -{x}.float()", "{x} * len({x})", "{x}.sum().item() + {y}", "{x} + {x}.numel()", "torch.tensor({x}.shape)", "max({x}.tolist()) + {y}", "{x} * {x}.dim()", "torch.tensor({x}.tolist())", "torch.cond({x}.sum() > 0, lambda t: t + 1, lambda t: t - 1, ({x},))", "torch.vmap(lambda t: t * 2 + t.sum())({x})"),
}  # fmt: skip

VIEWS = (
    "{x}[{basic}]", "{x}[{basic}]", "{x}.view({shape})", "{x}.t()", "{x}.mT", "{x}.T", "{x}.transpose({a}, {a})", "{x}.permute({perm})", "{x}.reshape({shape})", "{x}.diagonal()", "{x}.select({a}, -1)", "{x}.narrow({a}, 0, 1)", "{x}.squeeze()", "{x}.squeeze({a})", "{x}.unsqueeze({a})", "{x}.expand({grown})", "{x}.flatten()", "{x}.detach()", "{x}.unbind({a})[0]", "{x}.chunk(2, {a})[-1]", "{x}.split(1, {a})[0]", "{z}.real", "{z}.imag", "{x}.view_as({y})", "{x}.unfold({a}, 2, 2)", "torch.view_as_real({z})", "{x}.ravel()", "{x}.view({x}.dtype)", "{x}.movedim({a}, {a})", "{x}.unflatten({a}, (-1, 1))", "{x}.data", "{x}.conj()", "{x}.real", "{x}.to({x}.dtype)", "{x}.contiguous()", "{x}.swapaxes({a}, {a})", "{x}[None]", "{x}[...]", "{x}.adjoint()", "{x}.mH",
)  # fmt: skip

DTYPES = {
    n: f"torch.{n}"
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
    name="torch",
    header="import torch\nimport torch.nn.functional as F",
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
    int_array="torch.tensor({}, dtype=torch.int64)",
    bool_array="torch.tensor({}, dtype=torch.bool)",
    fresh="torch.arange({}).reshape({})",
    negative_steps=False,
    views=VIEWS,
)
