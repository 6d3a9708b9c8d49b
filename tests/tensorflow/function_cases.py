"""Functions as users write them in TensorFlow: name -> (function, arguments)."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

rng = np.random.default_rng(1)


def normal(*shape):
    return rng.normal(size=shape).astype("float32")


x, y = normal(3, 4), normal(3, 4)
positive = np.abs(x) + 0.5
square = normal(2, 3, 3)
definite = square @ square.transpose(0, 2, 1) + 2 * np.eye(3, dtype="float32")
image = normal(2, 8, 7, 3)
sequence = normal(2, 5, 3)
FUNCTIONS: dict[str, tuple] = {}
RANDOM_SIGNS = {"eigh", "svd", "qr"}


def function(*arrays, name=None):
    def mark(fn):
        FUNCTIONS[name or fn.__name__.rstrip("_")] = (fn, arrays)
        return fn

    return mark


for _name, _fn, _args in [
    ("softplus", lambda a: tf.math.softplus(a * 20), (x,)),
    ("gelu", tf.nn.gelu, (x,)),
    ("gelu_tanh", lambda a: tf.nn.gelu(a, approximate=True), (x,)),
    ("silu", tf.nn.silu, (x,)),
    ("crelu", tf.nn.crelu, (x,)),
    ("leaky_relu", lambda a: tf.nn.leaky_relu(a, 0.3), (x,)),
    ("selu", tf.nn.selu, (x,)),
    ("swish_beta", lambda a: tf.nn.swish(a, beta=1.5), (x,)),
    ("log_sigmoid", tf.math.log_sigmoid, (x,)),
    ("operators", lambda a, b: -((a + b) * (a - b) / (b * b + 1.0)) ** 2 % 3.0 // 0.5, (x, y)),
    ("reflected", lambda a: 1.0 - a + 2.0 / (a * a + 1.0) - 2.0**a, (x,)),
    ("comparison", lambda a, b: tf.where((a > b) & ~(a < 0.0) | (b >= 1.0), a, b), (x, y)),
    ("clip", lambda a: tf.clip_by_value(a, -0.5, 0.5), (x,)),
    ("clip_by_norm", lambda a: tf.clip_by_norm(a, 1.0), (x,)),
    ("global_norm", lambda a, b: tf.clip_by_global_norm([a, b], 1.0)[0], (x, y)),
    ("reduce_logsumexp", lambda a: tf.reduce_logsumexp(a, axis=1), (x,)),
    ("reduce_std", lambda a: tf.math.reduce_std(a, axis=0), (x,)),
    ("reduce_variance", lambda a: tf.math.reduce_variance(a, axis=[0, 1], keepdims=True), (x,)),
    ("moments", lambda a: tf.nn.moments(a, axes=[0, 1, 2]), (image,)),
    ("norm", lambda a: tf.norm(a, axis=1), (x,)),
    ("norm_1", lambda a: tf.norm(a, ord=1, axis=1), (x,)),
    ("l2_normalize", lambda a: tf.math.l2_normalize(a, axis=1), (x,)),
    ("cumsum", lambda a: tf.cumsum(a, axis=1, exclusive=True, reverse=True), (x,)),
    ("count_nonzero", lambda a: tf.math.count_nonzero(a > 0, axis=1), (x,)),
    ("argmax", lambda a: (tf.argmax(a, axis=1), tf.argmin(a, axis=0, output_type=tf.int32)), (x,)),
    ("top_k", lambda a: tf.math.top_k(a, k=2), (x,)),
    ("sort", lambda a: (tf.sort(a, axis=0), tf.sort(a, direction="DESCENDING"), tf.argsort(a, axis=1)), (x,)),
    ("searchsorted", lambda a, b: tf.searchsorted(tf.sort(a), b, side="right"), (x, y)),
    ("one_hot", lambda a: tf.one_hot(tf.cast(a * 2, tf.int32), 3, on_value=2.0), (x,)),
    ("gather", lambda a: tf.gather(a, [2, 0, 1, 0]), (x,)),
    ("gather_axis", lambda a: tf.gather(a, tf.constant([[0, 2], [1, 1]]), axis=1), (x,)),
    ("gather_batch", lambda a: tf.gather(a, tf.argsort(a), batch_dims=1), (x,)),
    ("gather_nd", lambda a: tf.gather_nd(a, [[0, 1], [2, 3]]), (x,)),
    ("scatter_nd", lambda a: tf.scatter_nd([[3], [1], [3]], a, [5, 4]), (x,)),
    ("scatter_update", lambda a, b: tf.tensor_scatter_nd_update(a, [[0], [2]], b[:2]), (x, y)),
    ("scatter_add", lambda a, b: tf.tensor_scatter_nd_add(a, [[0, 1], [2, 3], [0, 1]], b[:, 0]), (x, y)),
    ("segment_sum", lambda a: tf.math.segment_sum(a, [0, 0, 1]), (x,)),
    ("unsorted_segment_mean", lambda a: tf.math.unsorted_segment_mean(a, [1, 0, 1], 3), (x,)),
    ("bincount", lambda a: tf.math.bincount(tf.cast(tf.abs(a) * 2, tf.int32), minlength=9, maxlength=9), (x,)),
    ("slicing", lambda a: (a[1:, ::2], a[..., -1], a[None, 0, ::-1], a[:, tf.newaxis, 1:3]), (x,)),
    ("dynamic_index", lambda a, i: a[i] + a[:, i][:, None][:1, 0], (normal(4, 4), np.int32(2))),
    ("dynamic_slice", lambda a, i: tf.slice(a, [i, 0], [2, 3]), (x, np.int32(1))),
    ("stack", lambda a, b: tf.unstack(tf.stack([a, b], axis=1), axis=1), (x, y)),
    ("concat_split", lambda a, b: tf.split(tf.concat([a, b], 1), [3, 5], axis=1), (x, y)),
    ("tile_repeat", lambda a: (tf.tile(a, [2, 1]), tf.repeat(a, 2, axis=0), tf.repeat(a, [1, 0, 2], axis=0)), (x,)),
    ("pad", lambda a: (tf.pad(a, [[1, 0], [0, 2]], constant_values=3.0), tf.pad(a, [[1, 1], [1, 1]], "REFLECT")), (x,)),
    ("reverse_roll", lambda a: tf.roll(tf.reverse(a, [1]), [1, -1], [0, 1]), (x,)),
    ("reverse_sequence", lambda a: tf.reverse_sequence(a, [2, 4], seq_axis=1, batch_axis=0), (sequence,)),
    ("transpose", lambda a: tf.transpose(a, [2, 0, 1, 3]), (image,)),
    ("reshape", lambda a: tf.reshape(a, [tf.shape(a)[1], -1]), (x,)),
    ("meshgrid", lambda a, b: tf.meshgrid(a[0], b[:, 0], indexing="ij"), (x, y)),
    ("broadcast", lambda a: tf.broadcast_to(a[:, None], [3, 2, 4]) + tf.range(4, dtype=tf.float32), (x,)),
    ("linspace", lambda a: tf.linspace(a[0], a[1], 5), (x,)),
    ("range_eye", lambda a: a + tf.eye(3, 4) + tf.cast(tf.range(0, 8, 2), tf.float32), (x,)),
    ("space_to_depth", lambda a: tf.nn.depth_to_space(tf.nn.space_to_depth(a[:, :, :6], 2), 2), (image,)),
    ("space_to_batch", lambda a: tf.space_to_batch(a[:, :, :6], [2, 3], [[0, 0], [0, 0]]), (image,)),
    ("boolean_arithmetic", lambda a, b: tf.math.logical_xor(a > 0, b > 0), (x, y)),
    ("integers", lambda a, b: (a // b, a % b, tf.bitwise.bitwise_xor(a, b), tf.math.pow(a, 2)),
     (np.array([7, -7, 5], "int32"), np.array([2, 2, -3], "int32"))),
    ("cast", lambda a: (tf.cast(a, tf.int32), tf.saturate_cast(a * 200, tf.uint8), tf.cast(a, tf.bool)), (x,)),
    ("complex", lambda a, b: tf.abs(tf.exp(tf.complex(a, b))) + tf.math.angle(tf.complex(a, b)), (x, y)),
    ("matmul", lambda a, b: tf.matmul(a, b, transpose_b=True), (x, y)),
    ("einsum", lambda a, b: tf.einsum("bij,bkj->bik", a, b), (square, square)),
    ("tensordot", lambda a, b: tf.tensordot(a, b, axes=[[2], [1]]), (sequence, x[:, :3])),
    ("matvec", lambda a, b: tf.linalg.matvec(a, b), (square, square[:, 0])),
    ("inv_det", lambda a: (tf.linalg.inv(a), tf.linalg.det(a), tf.linalg.logdet(a)), (definite,)),
    ("solve", lambda a, b: (tf.linalg.solve(a, b), tf.linalg.cholesky_solve(tf.linalg.cholesky(a), b)), (definite, square)),
    ("lstsq", lambda a, b: tf.linalg.lstsq(a, b, l2_regularizer=0.1), (normal(5, 3), normal(5, 2))),
    ("eigvalsh", lambda a: tf.linalg.eigvalsh(a), (definite,)),
    ("eigh", lambda a: tf.abs(tf.linalg.eigh(a)[1]), (definite,)),
    ("svd", lambda a: tf.matmul(tf.linalg.svd(a)[1] * tf.linalg.svd(a)[0][:, None], tf.linalg.svd(a)[2], adjoint_b=True), (square,)),
    ("qr", lambda a: tf.matmul(*tf.linalg.qr(a)), (square,)),
    ("band_part", lambda a: tf.linalg.band_part(a, 1, 0), (square,)),
    ("diag", lambda a: (tf.linalg.diag(a), tf.linalg.diag_part(a), tf.linalg.trace(a[:, :3])), (x,)),
    ("set_diag", lambda a: tf.linalg.set_diag(a, a[..., 0]), (square,)),
    ("expm", tf.linalg.expm, (square * 0.3,)),
    ("fft", lambda a: tf.abs(tf.signal.fft(tf.cast(a, tf.complex64))), (x,)),
    ("rfft", lambda a: tf.signal.irfft(tf.signal.rfft(a) * 2.0), (x,)),
    ("fft2d", lambda a: tf.math.real(tf.signal.ifft2d(tf.signal.fft2d(tf.cast(a, tf.complex64)))), (x,)),
    ("stft", lambda a: tf.abs(tf.signal.stft(a, 4, 2)), (normal(2, 12),)),
    ("conv1d", lambda a, w: tf.nn.conv1d(a, w, 2, "SAME"), (sequence, normal(3, 3, 4))),
    ("conv2d", lambda a, w: tf.nn.conv2d(a, w, [2, 1], "SAME"), (image, normal(3, 3, 3, 4))),
    ("conv2d_dilated", lambda a, w: tf.nn.conv2d(a, w, 1, "VALID", dilations=2), (image, normal(3, 3, 3, 4))),
    ("conv3d", lambda a, w: tf.nn.conv3d(a, w, [1, 1, 1, 1, 1], "SAME"), (normal(1, 4, 5, 4, 2), normal(3, 2, 3, 2, 3))),
    ("conv2d_transpose", lambda a, w: tf.nn.conv2d_transpose(a, w, [2, 16, 14, 4], 2, "SAME"), (image, normal(3, 3, 4, 3))),
    ("depthwise", lambda a, w: tf.nn.depthwise_conv2d(a, w, [1, 2, 2, 1], "SAME"), (image, normal(3, 3, 3, 2))),
    ("separable", lambda a, d, p: tf.nn.separable_conv2d(a, d, p, [1, 1, 1, 1], "VALID"),
     (image, normal(3, 3, 3, 2), normal(1, 1, 6, 4))),
    ("max_pool", lambda a: tf.nn.max_pool2d(a, 3, 2, "SAME"), (image,)),
    ("avg_pool", lambda a: tf.nn.avg_pool2d(a, 3, 2, "SAME"), (image,)),
    ("max_pool1d", lambda a: tf.nn.max_pool1d(a, 2, 2, "VALID"), (sequence,)),
    ("patches", lambda a: tf.image.extract_patches(a, [1, 2, 2, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID"), (image,)),
    ("resize_bilinear", lambda a: tf.image.resize(a, [5, 10]), (image,)),
    ("resize_nearest", lambda a: tf.image.resize(a, [16, 14], "nearest"), (image,)),
    ("resize_bicubic", lambda a: tf.image.resize(a, [5, 10], "bicubic"), (image,)),
    ("resize_antialias", lambda a: tf.image.resize(a, [4, 5], antialias=True), (image,)),
    ("image_flips", lambda a: tf.image.flip_left_right(tf.image.flip_up_down(a)), (image,)),
    ("grayscale", lambda a: tf.image.rgb_to_grayscale(tf.sigmoid(a)), (image,)),
    ("standardize", lambda a: tf.image.per_image_standardization(a), (image,)),
    ("crop", lambda a: tf.image.central_crop(a, 0.5), (image,)),
    ("batch_normalization", lambda a, m, v: tf.nn.batch_normalization(a, m, v, m, v, 1e-3), (image, normal(3), np.abs(normal(3)) + 1)),
    ("fused_batch_norm", lambda a, s, o: tf.compat.v1.nn.fused_batch_norm(a, s, o, is_training=True)[0],
     (image, np.abs(normal(3)), normal(3))),
    ("lrn", lambda a: tf.nn.local_response_normalization(a, 2), (image,)),
    ("bias_add", lambda a, b: tf.nn.bias_add(a, b), (image, normal(3))),
    ("softmax", lambda a: (tf.nn.softmax(a, axis=0), tf.nn.log_softmax(a)), (x,)),
    ("softmax_cross_entropy", lambda a, b: tf.nn.softmax_cross_entropy_with_logits(tf.nn.softmax(b), a), (x, y)),
    ("sparse_cross_entropy", lambda a: tf.nn.sparse_softmax_cross_entropy_with_logits([1, 0, 3], a), (x,)),
    ("sigmoid_cross_entropy", lambda a, b: tf.nn.sigmoid_cross_entropy_with_logits(tf.sigmoid(b), a), (x, y)),
    ("weighted_cross_entropy", lambda a, b: tf.nn.weighted_cross_entropy_with_logits(tf.sigmoid(b), a, 2.0), (x, y)),
    ("embedding", lambda t: tf.nn.embedding_lookup(t, [[0, 2], [1, 1]]), (x,)),
    ("stop_gradient", lambda a: a * tf.stop_gradient(a), (x,)),
    ("unique", lambda a: tf.unique(tf.cast(tf.reshape(a, [-1]), tf.int32)), (x,)),
    ("boolean_mask", lambda a: tf.reduce_sum(tf.boolean_mask(a, a[:, 0] > 0), 0), (x,)),
    ("where_indices", lambda a: tf.where(a > 0.0), (x,)),
]:  # fmt: skip
    FUNCTIONS[_name] = (_fn, _args)


# -- attention and recurrence -----------------------------------------------------------------------------------------


@function(sequence, normal(3, 12), normal(4, 3))
def attention(a, qkv, out):
    q, k, v = tf.split(tf.matmul(a, qkv), 3, axis=-1)
    q, k, v = (tf.transpose(tf.reshape(t, [2, 5, 2, 2]), [0, 2, 1, 3]) for t in (q, k, v))
    scores = tf.matmul(q, k, transpose_b=True) / tf.sqrt(2.0)
    mask = tf.linalg.band_part(tf.ones([5, 5]), -1, 0)
    scores += (1.0 - mask) * -1e9
    mixed = tf.matmul(tf.nn.softmax(scores, axis=-1), v)
    return tf.matmul(tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [2, 5, 4]), out)


@function(sequence, normal(3, 16) * 0.5, normal(4, 16) * 0.5)
def lstm_loop(a, w, u):
    h, c = tf.zeros([2, 4]), tf.zeros([2, 4])
    outputs = tf.TensorArray(tf.float32, size=5)
    for t in tf.range(5):
        z = tf.matmul(a[:, t], w) + tf.matmul(h, u)
        i, f, g, o = tf.split(z, 4, axis=1)
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
        h = tf.sigmoid(o) * tf.tanh(c)
        outputs = outputs.write(t, h)
    return tf.transpose(outputs.stack(), [1, 0, 2]), h


# -- control flow -----------------------------------------------------------------------------------------------------


@function(x)
def if_else(a):
    if tf.reduce_sum(a) > 0:
        b = a * 2.0
    else:
        b = a - 1.0
    return b


@function(x)
def if_early_return(a):
    if tf.reduce_max(a) > 100.0:
        return tf.zeros_like(a)
    return tf.exp(a)


@function(x)
def nested_if(a):
    total = tf.reduce_sum(a)
    if total > 0:
        if total > 1e6:
            a = a * 0.0
        else:
            a = a * 3.0
    elif total < -1e6:
        a = a + 1.0
    else:
        a = -a
    return a


@function(positive)
def while_values(a):
    while tf.reduce_sum(a) < 1000.0:
        a = a * 2.0
    return a


@function(x)
def while_counted(a):
    i = 0
    while i < 4:
        a = tf.sin(a) + tf.cast(i, tf.float32)
        i += 1
    return a


@function(x)
def while_break(a):
    for i in tf.range(10):
        if tf.reduce_sum(tf.abs(a)) > 20.0:
            break
        a = a * 1.5
    return a


@function(x)
def for_rows(a):
    total = tf.zeros([4])
    for row in a:
        total = total * 0.5 + row
    return total


@function(x)
def for_python(a):
    for k in range(3):
        a = a + tf.sin(a) * k
    return a


@function(x)
def nested_loops(a):
    total = tf.constant(0.0)
    for i in tf.range(3):
        for j in tf.range(i + 1):
            total += a[i, j]
    return total


@function(x)
def cond_api(a):
    return tf.cond(tf.reduce_mean(a) > 0, lambda: a + 1.0, lambda: (a - 1.0) * 2.0)


@function(x)
def case_api(a):
    return tf.switch_case(tf.constant(1) + tf.cast(a[0, 0] > 50, tf.int32), [lambda: a, lambda: a * 2, lambda: -a])


@function(x)
def while_api(a):
    return tf.while_loop(lambda i, b: i < 5, lambda i, b: (i + 1, tf.tanh(b) + 0.1), [tf.constant(0), a])[1]


@function(sequence)
def scan(a):
    return tf.scan(lambda carry, row: carry * 0.5 + row, tf.transpose(a, [1, 0, 2]), initializer=tf.zeros([2, 3]))


@function(x)
def map_fn(a):
    return tf.map_fn(lambda row: tf.reduce_sum(row) * row, a)


@function(x)
def map_fn_dtype(a):
    return tf.map_fn(lambda row: (tf.argmax(row), row[0]), a, fn_output_signature=(tf.int64, tf.float32))


@function(x)
def foldl(a):
    return tf.foldl(lambda carry, row: carry * row + 1.0, a)


@function(x)
def vectorized_map(a):
    return tf.vectorized_map(lambda row: tf.matmul(row[:, None], row[None]), a)


@function(x)
def tensor_array_list(a):
    pieces = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
    for i in tf.range(3):
        pieces = pieces.write(i, a[i] * 2.0)
    return pieces.stack(), pieces.gather([2, 0])


@function(x)
def tensor_array_unstack(a):
    rows = tf.TensorArray(tf.float32, size=3, clear_after_read=False).unstack(a)
    return rows.read(1) + rows.read(2), rows.stack()


@function(x)
def tf_function_inside(a):
    @tf.function
    def inner(b):
        return tf.nn.relu(b) + 1.0

    return inner(a) * inner(-a)


@function(x)
def custom_gradient(a):
    @tf.custom_gradient
    def scaled(b):
        return b * 2.0, lambda dy: dy * 10.0 * b

    return scaled(tf.sin(a))


@function(x)
def gradient_inside(a):
    with tf.GradientTape() as tape:
        tape.watch(a)
        loss = tf.reduce_sum(tf.tanh(a) ** 2 + tf.nn.relu(a) * tf.sigmoid(a))
    return tape.gradient(loss, a)


@function(image, normal(3, 3, 3, 4))
def gradient_of_conv(a, w):
    with tf.GradientTape() as tape:
        tape.watch([a, w])
        z = tf.nn.max_pool2d(tf.nn.relu(tf.nn.conv2d(a, w, 2, "SAME")), 2, 2, "SAME")
        loss = tf.reduce_sum(z * z)
    return tape.gradient(loss, [a, w])


@function(x, y)
def containers(a, b):
    return {"sum": a + b, "pair": (a, [b * 2.0]), "none": None, "number": 3}


@function(image)
def shapes(a):
    n, h = tf.shape(a)[0], tf.shape(a)[1]
    return tf.reshape(a, tf.stack([n, h, -1])), tf.cast(tf.size(a), tf.float32) + tf.cast(tf.rank(a), tf.float32)


@function(x)
def assertion(a):
    tf.debugging.assert_rank(a, 2)
    tf.debugging.assert_less(a, 1e9)
    return a + 1.0
