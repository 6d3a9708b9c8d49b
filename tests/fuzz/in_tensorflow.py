"""TensorFlow's API as templates."""

from __future__ import annotations

from .dialect import Dialect

UNARY = (
    "abs", "negative", "sign", "sqrt", "exp", "math.log1p", "sin", "tanh", "floor", "math.ceil", "round", "square", "logical_not",
    "math.is_nan", "math.is_finite", "math.reciprocal", "math.conj", "math.angle", "nn.relu", "sigmoid", "math.erf", "math.rsqrt",
    "math.rint", "bitwise.invert", "math.expm1", "nn.gelu", "nn.softplus", "nn.silu", "nn.relu6", "nn.leaky_relu", "nn.elu", "math.real",
)  # fmt: skip
BINARY = (
    "add", "subtract", "multiply", "divide", "math.floordiv", "math.floormod", "truncatemod", "truncatediv", "maximum", "minimum", "atan2",
    "equal", "less", "logical_and", "math.logical_xor", "bitwise.bitwise_and", "math.divide_no_nan", "math.multiply_no_nan", "pow",
    "math.squared_difference", "not_equal", "greater_equal", "math.xlogy", "bitwise.left_shift", "math.nextafter", "math.xdivy",
)  # fmt: skip

TEMPLATES = {
    "elementwise": (
        *(f"tf.{n}({{x}})" for n in UNARY),
        *(f"tf.{n}({{x}}, {{x}})" for n in BINARY),
        *(f"tf.{n}({{x}}, {{y}})" for n in BINARY),
        *(f"tf.{n}({{x}}, {{s}})" for n in ("add", "math.floormod", "math.floordiv", "pow", "maximum", "equal")),
        *(f"{{x}} {o} {{y}}" for o in ("+", "-", "*", "/", "//", "%", "**", "==", "<", ">=", "&", "^")),
        *(f"{{x}} {o} tf.cast({{y}}, {{x}}.dtype)" for o in ("+", "-", "*", "/", "//", "%", "<")),
        *(f"{{x}} {o} {{s}}" for o in ("+", "-", "*", "/", "//", "%", "**", "==", "<", "&")),
        *(f"{{s}} {o} {{x}}" for o in ("+", "-", "*", "/", "//", "%", "**")),
        "tf.math.igamma({f}, {f})", "-{x}", "~{x}", "abs({x})", "tf.clip_by_value({x}, {s}, {s})", "tf.where({o}, {x}, {x})", "tf.where({x} != 0, {y}, {s})", "tf.where({o}, {s}, {s})", "tf.where({o}, {x}, {s})", "tf.complex({f}, {f})", "tf.math.imag({z})", "tf.math.polyval([1.0, 2.0], {f})", "tf.saturate_cast({x}, {d})", "tf.add_n([{x}, {x}])", "tf.math.accumulate_n([{x}, {x}])", "tf.one_hot({i}, 4)", "tf.one_hot({i}, 3, on_value=5, off_value=-1, axis=0)", "tf.clip_by_norm({f}, 1.0)", "tf.math.cumulative_logsumexp({f})", "tf.bitcast({x}, tf.int32)", "tf.raw_ops.AddV2(x={x}, y={x})", "tf.raw_ops.Select(condition={o}, x={x}, y={x})", "tf.math.top_k({r}, 1).values", "tf.dtypes.cast({x}, {d})", "tf.identity({x})", "tf.constant({s}) * {x}", "tf.nn.bias_add({q}, {q}[0])",
    ),
    "reduce": (
        *(f"tf.{n}({{x}})" for n in ("reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod", "reduce_any", "reduce_all", "math.reduce_std", "argmax", "cumsum", "math.reduce_euclidean_norm", "math.reduce_logsumexp")),
        *(f"tf.{n}({{x}}, {{A}}, keepdims={{b}})" for n in ("reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod", "reduce_any", "reduce_all", "math.reduce_variance", "math.reduce_logsumexp", "math.count_nonzero")),
        "tf.argmax({x}, {a})", "tf.argmin({x}, {a}, output_type=tf.int32)", "tf.cumsum({x}, {a}, exclusive={b}, reverse={b})", "tf.math.cumprod({x}, {a}, reverse={b})", "tf.nn.softmax({f}, {a})", "tf.nn.log_softmax({f})", "tf.sort({x}, axis={a})", "tf.sort({x}, direction='DESCENDING')", "tf.argsort({x}, axis={a}, stable=True)", "2=tf.math.top_k({r}, 1)", "2=tf.nn.top_k({r}, 2, sorted=True)", "tf.norm({f}, axis={a}, keepdims={b})", "tf.norm({f}, ord=1)", "2=tf.nn.moments({f}, [0])", "tf.linalg.normalize({f}, axis={a})[0]", "2=tf.unique({x})", "tf.math.bincount({i}, minlength=5)", "tf.searchsorted(tf.sort({f}), {f})", "tf.math.segment_sum({x}, tf.zeros({x}.shape[0], tf.int32))", "tf.math.unsorted_segment_max({x}, tf.zeros({x}.shape[0], tf.int32), 2)", "tf.math.unsorted_segment_mean({x}, tf.zeros({x}.shape[0], tf.int32), 2)", "tf.math.l2_normalize({f}, {a})", "tf.math.zero_fraction({x})", "tf.histogram_fixed_width({f}, [-2.0, 2.0], 4)", "tf.math.in_top_k([0], {q}[:1], 1)", "tf.math.reduce_euclidean_norm({x}, {a})", "tf.nn.l2_loss({f})", "tf.math.approx_max_k({f}, 1)[0]",
    ),
    "shape": (
        "tf.reshape({x}, {shape})", "tf.transpose({x}, {perm})", "tf.transpose({x})", "tf.reverse({x}, [{a}])", "tf.roll({x}, {k}, {a})", "tf.stack(({x}, {y}), {a})", "tf.stack([{x}, {x}], -1)", "tf.concat(({x}, {y}), {a})", "tf.concat([{x}, {x}], axis={a})", "2=tf.split({x}, 2, {a})", "tf.split({x}, [1, -1], {a})[1]", "tf.tile({x}, [2] * {x}.shape.rank)", "tf.repeat({x}, {p}, axis={a})", "tf.repeat({x}, 2)", "tf.linalg.band_part({q}, 0, -1)", "tf.linalg.diag({x})", "tf.linalg.diag({x}, k=1)", "tf.linalg.diag_part({q})", "tf.pad({x}, {pads})", "tf.pad({x}, {pads}, constant_values={k})", "tf.pad({x}, [[1, 1]] * {x}.shape.rank, mode='REFLECT')", "tf.pad({x}, [[1, 0]] * {x}.shape.rank, 'SYMMETRIC')", "tf.meshgrid({x}, {y})[0]", "tf.meshgrid({x}, {y}, indexing='ij')[1]", "tf.zeros_like({x})", "tf.ones_like({x}, dtype={d})", "tf.fill({sizes}, {s})", "tf.range({p})", "tf.range(0.0, {p}, 0.5)", "tf.zeros({sizes}, dtype={d})", "tf.linspace(0.0, 1.0, {p})", "tf.eye({p})", "tf.constant({s})", "tf.constant([{k}, {k}])", "tf.squeeze({x})", "tf.squeeze({x}, {a})", "tf.expand_dims({x}, {a})", "tf.broadcast_to({x}, {grown})", "tf.shape({x})", "tf.size({x})", "tf.rank({x})", "tf.unstack({x}, axis={a})[0]", "tf.linalg.matrix_transpose({q})", "tf.linalg.set_diag({q}, tf.linalg.diag_part({q}) * 2)", "tf.space_to_batch({x}, [1], [[0, 0]])", "tf.sequence_mask({i}, 5)", "tf.reverse_sequence({q}, tf.ones({q}.shape[0], tf.int32), 1)", "tf.constant({s}, dtype={d})", "tf.strided_slice({x}, [0], [2], [1])", "tf.slice({x}, [0] * {x}.shape.rank, [1] * {x}.shape.rank)", "tf.slice({x}, [0] * {x}.shape.rank, [-1] * {x}.shape.rank)", "tf.convert_to_tensor({x})", "tf.parallel_stack([{x}, {x}])", "tf.ensure_shape({x}, {x}.shape)", "tf.reshape({x}, tf.shape({x})[::-1])", "tf.zeros(tf.shape({x}), {x}.dtype)", "tf.tensor_scatter_nd_add({x}, [[0]], {x}[:1])", "tf.linalg.trace({q})",
    ),
    "cast": ("tf.cast({x}, {d})", "tf.cast({x}, {y}.dtype)", "tf.cast({x}, tf.float32)", "tf.cast({x}, tf.int32)", "tf.cast({x}, 'float64')"),
    "product": ("tf.matmul({q}, {q}, transpose_b=True)", "tf.matmul({x}, {y})", "{q} @ tf.linalg.matrix_transpose({q})", "tf.einsum('...i,...i->...', {x}, {x})", "tf.einsum('ij,kj->ik', {q}, {q})", "tf.tensordot({x}, {x}, 1)", "tf.linalg.matvec({q}, {x})", "tf.linalg.det({f})", "tf.linalg.matmul({q}, {q}, transpose_a=True)", "tf.einsum('ij->ji', {q})", "tf.linalg.cross({x}, {x})", "tf.matmul({q}, {q}, adjoint_b=True)", "tf.tensordot({x}, {x}, [[0], [0]])", "tf.linalg.inv({f})", "tf.einsum('ij,j->i', {q}, {x})"),
    "gather": (
        "tf.gather({x}, {ints}, axis={a})", "tf.gather({x}, [[0]], axis={a})", "tf.gather({q}, [[0]] * {q}.shape[0], batch_dims=1)", "tf.gather_nd({x}, [[0]])", "tf.gather_nd({x}, [[0] * {x}.shape.rank])", "tf.boolean_mask({x}, {o})", "tf.boolean_mask({x}, [True] * {x}.shape[0])", "tf.where({x})", "tf.where({o})", "tf.scatter_nd([[0], [2]], {x}[:2], [5, *{x}.shape[1:]])", "tf.scatter_nd([[0], [0]], {x}[:2], [5, *{x}.shape[1:]])", "tf.tensor_scatter_nd_update({x}, [[0]], {x}[-1:])", "tf.tensor_scatter_nd_update({x}, [[0]], tf.zeros((1, *{x}.shape[1:]), {x}.dtype))", "tf.tensor_scatter_nd_add({x}, [[0], [0]], {x}[:2])", "tf.tensor_scatter_nd_max({x}, [[0]], {x}[-1:])", "tf.tensor_scatter_nd_sub({x}, [[-1 + {x}.shape[0]]], {x}[:1])", "tf.gather({x}, tf.argsort({x}))", "tf.math.unsorted_segment_sum({x}, tf.zeros({x}.shape[0], tf.int32), 3)", "tf.dynamic_partition({x}, tf.zeros({x}.shape[0], tf.int32), 2)[0]", "tf.dynamic_stitch([[0], [1]], [{x}[:1], {x}[:1]])", "tf.nn.embedding_lookup({x}, {ints})", "tf.raw_ops.GatherV2(params={x}, indices={ints}, axis=0)", "tf.math.segment_max({x}, tf.zeros({x}.shape[0], tf.int32))", "tf.batch_gather({q}, tf.zeros(({q}.shape[0], 1), tf.int32))", "tf.gather({x}, {j})",
    ),
    "index": ("{x}[{idx}]", "{x}[{idx}]", "{x}[{basic}]", "{x}[{x}.shape[0] // 2:]", "{x}[{o}]", "{x}[tf.constant(0)]", "{x}[tf.constant(0):]", "{x}[..., tf.newaxis]", "{x}[tf.shape({x})[0] - 1]"),
    "write": ("!{x} += {s}", "!{x} *= {s}", "!{x} -= {x}", "!{x} += {y}", "!{x} /= 2", "={x} * {s}"),
    "rebind": ("={x} + {s}", "={x}[{basic}]", "={x} * {y}"),
    "control": (
        "tf.cond(tf.reduce_sum({r}) > 0, lambda: {r} + 1, lambda: {r} - 1)", "tf.while_loop(lambda i, t: i < 3, lambda i, t: (i + 1, t * 2), (0, {n}))[1]", "tf.map_fn(lambda t: t * 2, {n})", "tf.vectorized_map(lambda t: t * 2, {n})", "tf.scan(lambda c, t: c + t, {n})", "tf.foldl(lambda c, t: c + t, {n})", "{x} * len({x})", "tf.switch_case(1, [lambda: {n}, lambda: {n} * 2])", "{n} * 2 if {n}.shape[0] > 2 else {n} + 1", "tf.case([(tf.reduce_all({x} == {x}), lambda: {x})], default=lambda: {x} * 0)", "tf.stop_gradient({x})", "tf.function(lambda t: t + t)({n})", "sum(tf.unstack({n}))", "{n} * 2 if tf.reduce_sum(tf.abs({n})) > 3 else {n} - 1", "tf.map_fn(lambda t: tf.cast(t, tf.float32), {x}, fn_output_signature=tf.float32)", "tf.cond(tf.shape({x})[0] > 2, lambda: {x}, lambda: tf.zeros_like({x}))", "[{n} + i for i in range({p})][-1]", "tf.add({x}, tf.cast(tf.size({x}), {x}.dtype))", "tf.function(lambda t: t[::-1])({x})",
    ),
}  # fmt: skip

DTYPES = {
    n: f"tf.{n}"
    for n in (
        "bool",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
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
    name="tensorflow",
    header="import tensorflow as tf\n\ntf.get_logger().setLevel('ERROR')",
    templates=TEMPLATES,
    weights={
        "elementwise": 5,
        "reduce": 3,
        "shape": 3,
        "cast": 1.5,
        "product": 1,
        "gather": 2,
        "index": 2.5,
        "write": 0.7,
        "rebind": 0.4,
        "control": 1,
    },
    dtypes=DTYPES,
    int_array="tf.constant({}, dtype=tf.int32)",
    bool_array="tf.constant({}, dtype=tf.bool)",
    fresh="tf.reshape(tf.range({}), {})",
    negative_places=False,
    advanced=False,
    mutable=False,
)
