"""Arguments for every supported raw op: a table that the tests run through."""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from tensorflow_running import Case

rng = np.random.default_rng(0)


def normal(*shape):
    return rng.normal(size=shape).astype("float32")


def uniform(*shape, low=0.2, high=3.0):
    return rng.uniform(low, high, size=shape).astype("float32")


def integers(*shape, low=-20, high=20, dtype="int32"):
    return rng.integers(low, high, size=shape).astype(dtype)


x, y = normal(3, 4), normal(3, 4)
unit, positive, other = uniform(3, 4, low=-0.9, high=0.9), uniform(3, 4), uniform(3, 4)
ints = integers(3, 4)
divisors = np.where(ints == 0, 3, ints)[::-1].astype("int32").copy()
bools = rng.integers(0, 2, size=(3, 4)).astype(bool)
complexes = (x + 1j * y).astype("complex64")
image = normal(2, 7, 6, 3)
first = np.ascontiguousarray(image.transpose(0, 3, 1, 2))
volume = normal(2, 5, 4, 6, 2)
square = normal(2, 3, 3)
symmetric = square @ square.transpose(0, 2, 1) + 2 * np.eye(3, dtype="float32")
halves = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.3, -0.7], "float32")
special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1.5, -2.5], "float32")

CASES: dict[str, Case] = {}


def case(op, label="", *, rtol=2e-5, atol=2e-6, gradient=True, only=None, **arguments):
    name = f"{op}_{label}" if label else op
    assert name not in CASES, name
    CASES[name] = Case(op, arguments, rtol, atol, True, gradient, only)


# -- elementwise ------------------------------------------------------------------------------------------------------

for op in (
    "Abs Atan Asinh Ceil Cos Cosh Erf Erfc Exp Expm1 Floor Neg Rint Round Sigmoid Sign Sin Sinh Square Tan Tanh".split()
):
    case(op, x=x)
for op in "IsFinite IsInf IsNan ZerosLike OnesLike BesselI0 BesselI0e BesselI1 BesselI1e DeepCopy".split():
    case(op, x=x, rtol=1e-4)
for op in "Asin Acos Atanh Erfinv".split():
    case(op, x=unit, rtol=1e-4)
for op in "Digamma Lgamma Log Log1p Reciprocal Inv Rsqrt Sqrt".split():
    case(op, x=positive, rtol=1e-4)
case("Acosh", x=positive + 1)
case("Ndtri", x=uniform(3, 4, low=0.05, high=0.95), rtol=1e-4)
for op in "Relu Relu6 Elu Selu Softplus Softsign LeakyRelu".split():
    case(op, features=x * 4)
case("LeakyRelu", "alpha", features=x, alpha=0.4)
for op in "Relu Abs Sign Floor Ceil IsFinite IsNan IsInf Sigmoid Tanh Exp Sqrt".split():
    case(op, "special", gradient=False, **{"features" if op == "Relu" else "x": special})
for op in "Round Rint".split():
    case(op, "halves", x=halves)
for op in "Abs Neg Sign Square ZerosLike".split():
    case(op, "int", x=ints)
for op in "Neg Square Exp Conj Sign Reciprocal".split():
    case(op, "complex", **{"input" if op == "Conj" else "x": complexes})
case("ComplexAbs", x=complexes)
case("Real", input=complexes)
case("Imag", input=complexes)
case("Angle", input=complexes)
case("Complex", real=x, imag=y)
case("LogicalNot", x=bools)
case("Invert", x=ints)
case("PopulationCount", x=ints)
case("L2Loss", t=x)
case("StopGradient", input=x)
case("Identity", input=x)
case("IdentityN", input=[x, ints])
case("EnsureShape", input=x, shape=[3, None])
case("CheckNumerics", tensor=x, message="m")
case("Softmax", logits=x)
case("LogSoftmax", logits=x)
for dtype in "float64 float16 bfloat16 int32 int8 bool complex64".split():
    case("Cast", dtype, x=x * 3, DstT=dtype, gradient=dtype == "float64")
case("Cast", "int_to_float", x=ints, DstT="float32")
case("Cast", "bool_to_int", x=bools, DstT="int64")
case("Bitcast", input=x, type="int32")
case("Bitcast", "smaller", input=ints, type="int16")
case("Bitcast", "larger", input=integers(3, 2, dtype="int16"), type="int32")

for op in "AddV2 Add Sub Mul Maximum Minimum SquaredDifference".split():
    case(op, x=x, y=y)
    case(op, "int", x=ints, y=divisors)
    case(op, "broadcast", x=x, y=normal(4))
for op in "Less LessEqual Greater GreaterEqual Equal NotEqual".split():
    case(op, x=ints, y=divisors)
    case(op, "float", x=x, y=y)
case("RealDiv", x=x, y=positive)
case("Div", x=x, y=positive)
case("Div", "int", x=ints, y=divisors)
for op in "FloorDiv FloorMod TruncateDiv TruncateMod Mod".split():
    case(op, "int", x=ints, y=divisors)
for op in "FloorDiv FloorMod Mod TruncateMod".split():
    case(op, x=x * 5, y=positive, rtol=1e-4, atol=1e-5, gradient=op == "FloorMod")
case("Pow", x=positive, y=y)
case("Pow", "int", x=ints, y=np.abs(divisors) % 4)
case("Pow", "square", x=x, y=2.0)
case("Atan2", y=x, x=y)
case("Igamma", a=positive, x=other, gradient=False, rtol=1e-4)
case("Igammac", a=positive, x=other, gradient=False, rtol=1e-4, atol=1e-5)
case("Zeta", x=positive + 1.5, q=other, gradient=False, rtol=1e-4)
case("Polygamma", a=np.full((3, 4), 2.0, "float32"), x=positive, gradient=False, rtol=1e-3)
case("Betainc", a=positive, b=other, x=np.abs(unit), gradient=False, rtol=1e-4, atol=1e-5)
case("NextAfter", x1=x, x2=y, gradient=False)
zeros_in = x * (ints > 0)
case("DivNoNan", x=x, y=zeros_in)
case("MulNoNan", x=x, y=zeros_in)
case("Xlogy", x=zeros_in, y=positive)
case("Xlog1py", x=zeros_in, y=positive)
case("Xdivy", x=zeros_in, y=positive)
for op in "LogicalAnd LogicalOr".split():
    case(op, x=bools, y=bools[::-1].copy())
for op in "BitwiseAnd BitwiseOr BitwiseXor".split():
    case(op, x=ints, y=divisors)
for op in "LeftShift RightShift".split():
    case(op, x=ints, y=np.abs(divisors) % 8)
case("ApproximateEqual", x=x, y=x + 5e-6)
case("ClipByValue", t=x, clip_value_min=-0.5, clip_value_max=0.5)
case("AddN", inputs=[x, y, x])
case("SelectV2", condition=bools, t=x, e=y)
case("SelectV2", "broadcast", condition=bools, t=x, e=1.0)
case("Select", condition=np.array([True, False, True]), x=x, y=y)
for op in "SigmoidGrad TanhGrad SqrtGrad RsqrtGrad ReciprocalGrad InvGrad".split():
    case(op, y=positive, dy=x)
for op in "ReluGrad Relu6Grad LeakyReluGrad SoftplusGrad SoftsignGrad".split():
    case(op, gradients=x, features=y * 4)
for op in "EluGrad SeluGrad".split():
    case(op, gradients=x, outputs=unit)

# -- shapes -----------------------------------------------------------------------------------------------------------

case("Reshape", tensor=x, shape=[2, -1])
case("Transpose", x=image, perm=[0, 3, 1, 2])
case("ConjugateTranspose", x=complexes, perm=[1, 0])
case("ExpandDims", input=x, axis=1)
case("ExpandDims", "last", input=x, axis=-1)
case("Squeeze", input=x[:, None, :, None])
case("Squeeze", "axis", input=x[:, None, :, None], axis=[1])
case("Pack", values=[x, y], axis=1)
case("Unpack", value=x, num=4, axis=1)
case("ConcatV2", values=[x, y], axis=-1)
case("Concat", concat_dim=1, values=[x, y])
case("Split", axis=1, value=x, num_split=2)
case("SplitV", value=x, size_splits=[1, -1], axis=1, num_split=2)
case("Tile", input=x, multiples=[2, 3])
case("Pad", input=x, paddings=[[1, 0], [2, 1]])
case("PadV2", input=x, paddings=[[1, 0], [2, 1]], constant_values=1.5)
case("MirrorPad", "reflect", input=x, paddings=[[1, 2], [2, 1]], mode="REFLECT")
case("MirrorPad", "symmetric", input=x, paddings=[[1, 2], [2, 1]], mode="SYMMETRIC")
case("BroadcastTo", input=x, shape=[2, 3, 4])
case("Fill", dims=[2, 3], value=np.float32(2.5) * np.ones((), "float32"))
case("ReverseV2", tensor=x, axis=[1])
case("Reverse", tensor=x, dims=[True, False])
case("ReverseSequence", input=x, seq_lengths=[1, 3, 4], seq_dim=1, batch_dim=0)
case("Roll", input=x, shift=[1, -2], axis=[0, 1])
case("InvertPermutation", x=np.array([2, 0, 1, 3], "int32"))
case("LinSpace", start=np.float32(1) * np.ones((), "float32"), stop=5.0, num=4)
case("SpaceToDepth", input=normal(2, 4, 6, 3), block_size=2)
case("DepthToSpace", input=normal(2, 2, 3, 8), block_size=2)
case("SpaceToBatchND", input=normal(2, 4, 5, 3), block_shape=[2, 3], paddings=[[0, 2], [1, 0]])
case("BatchToSpaceND", input=normal(12, 3, 2, 3), block_shape=[2, 3], crops=[[0, 2], [1, 0]])
case("SpaceToBatch", input=normal(2, 4, 6, 3), paddings=[[0, 0], [0, 0]], block_size=2)
case("BatchToSpace", input=normal(8, 2, 3, 3), crops=[[0, 1], [0, 0]], block_size=2)
case("Shape", input=x)
case("ShapeN", input=[x, image])
case("Size", input=x)
case("Rank", input=x)
case("Snapshot", input=x)
case("PreventGradient", input=x, gradient=False)
case("Range", start=0, limit=10, delta=3)
case("Empty", shape=[2, 3], dtype="float32", init=True)
case("BroadcastArgs", s0=[3, 1], s1=[4])
case("MirrorPadGrad", "reflect", input=normal(6, 7), paddings=[[1, 2], [2, 1]], mode="REFLECT")
case("MirrorPadGrad", "symmetric", input=normal(6, 7), paddings=[[1, 2], [2, 1]], mode="SYMMETRIC")

# -- indexing ---------------------------------------------------------------------------------------------------------

case("StridedSlice", input=image, begin=[0, 1], end=[2, 6], strides=[1, 2])
case("StridedSlice", "negative", input=x, begin=[2, -1], end=[0, 0], strides=[-1, -2])
case(
    "StridedSlice",
    "masks",
    input=image,
    begin=[0, 0, 1],
    end=[0, 0, 5],
    strides=[1, 1, 2],
    ellipsis_mask=1,
    new_axis_mask=2,
)
case("StridedSlice", "shrink", input=image, begin=[1, 2], end=[2, 3], strides=[1, 1], shrink_axis_mask=3)
case("StridedSlice", "open", input=x, begin=[1, 1], end=[9, 9], strides=[1, 1], begin_mask=2, end_mask=1)
case("StridedSlice", "beyond", input=x, begin=[-9, 1], end=[9, 99], strides=[1, 1])
case("StridedSliceGrad", shape=[3, 4], begin=[0, 1], end=[3, 3], strides=[1, 1], dy=normal(3, 2))
case("TensorStridedSliceUpdate", input=x, begin=[0, 1], end=[3, 3], strides=[1, 1], value=normal(3, 2))
case("Slice", input=image, begin=[0, 1, 2, 0], size=[-1, 3, 2, -1])
indices = np.array([[2, 0], [1, 1]], "int32")
case("GatherV2", params=x, indices=indices, axis=0)
case("GatherV2", "axis", params=image, indices=indices, axis=2)
case("GatherV2", "batch", params=normal(2, 5, 3), indices=np.array([[1, 4, 0], [2, 2, 3]]), axis=1, batch_dims=1)
case("GatherV2", "batch_axis", params=normal(2, 3, 5, 2), indices=np.array([[1, 4], [2, 0]]), axis=2, batch_dims=1)
case("Gather", params=x, indices=indices)
case("GatherNd", params=image, indices=np.array([[[0, 1], [1, 2]]], "int32"))
at = np.array([[0], [2], [0]], "int32")
case("ScatterNd", indices=at, updates=x, shape=[5, 4])
case("ScatterNd", "deep", indices=np.array([[0, 1], [2, 3], [0, 1]]), updates=normal(3), shape=[3, 4])
case("TensorScatterUpdate", tensor=x, indices=np.array([[0], [2]]), updates=normal(2, 4))
for kind in ("Add", "Sub", "Min", "Max"):
    case(f"TensorScatter{kind}", tensor=x, indices=at, updates=y, gradient=kind in ("Add", "Sub"))
case("ScatterNdNonAliasingAdd", input=x, indices=at, updates=y)
case("DynamicStitch", indices=[[0, 2], [1, 3]], data=[normal(2, 3), normal(2, 3)])
case("ParallelDynamicStitch", indices=[[0, 2], [1, 3]], data=[normal(2, 3), normal(2, 3)], gradient=False)
case("OneHot", indices=np.array([0, 2, -1, 5]), depth=4, on_value=1.0, off_value=0.0)
case("OneHot", "axis", indices=np.array([[0, 2], [1, 3]]), depth=4, on_value=2.0, off_value=-1.0, axis=0)
case("ArgMax", input=x, dimension=1)
case("ArgMin", input=x, dimension=0, output_type="int32")
case("TopKV2", input=x, k=2)
case("TopKV2", "ties", input=np.array([[1, 3, 3, 2, 3]], "int32"), k=4)
case("NthElement", input=x, n=1)
case("NthElement", "reverse", input=x, n=1, reverse=True)
case("InTopKV2", predictions=x, targets=np.array([1, 0, 3], "int32"), k=2)
case("LowerBound", sorted_inputs=np.sort(x), values=y)
case("UpperBound", sorted_inputs=np.sort(ints), values=divisors, out_type="int64")
case("Bucketize", input=x, boundaries=[-1.0, 0.0, 0.5])
case("Where", condition=bools)
case("Where", "float", condition=(x * bools))
case("Unique", x=np.array([3, 1, 3, 2, 1, 1], "int32"))
case("UniqueV2", x=np.array([3.0, 1, 3, 2, 1, 1], "float32"), axis=[0], gradient=False)
case("UniqueWithCounts", x=np.array([3, 1, 3, 2, 1, 1], "int64"))

# -- reductions -------------------------------------------------------------------------------------------------------

for op in "Sum Prod Mean Max Min EuclideanNorm".split():
    case(op, input=image, axis=[1, 2], keep_dims=True, rtol=1e-4, atol=1e-5)
    case(op, "all", input=x, axis=[0, 1])
    case(op, "none", input=x, axis=[])
    if op != "EuclideanNorm":
        case(op, "int", input=ints, axis=[-1])
for op in ("All", "Any"):
    case(op, input=bools, axis=[1])
for op in ("Cumsum", "Cumprod", "CumulativeLogsumexp"):
    for exclusive in (False, True):
        for reverse in (False, True):
            case(
                op,
                f"{exclusive}_{reverse}",
                x=x,
                axis=1,
                exclusive=exclusive,
                reverse=reverse,
                rtol=1e-4,
                gradient=not (op == "CumulativeLogsumexp" and exclusive),
            )
ids = np.array([0, 0, 2], "int32")
for op in "Sum Prod Max Min".split():
    case(f"UnsortedSegment{op}", data=x, segment_ids=np.array([2, 0, 2], "int32"), num_segments=4)
    case(f"UnsortedSegment{op}", "negative", data=x, segment_ids=np.array([2, -1, 0], "int32"), num_segments=3)
    case(f"Segment{op}", data=x, segment_ids=[0, 0, 2])
case("SegmentMean", data=x, segment_ids=[0, 0, 2])
case("DenseBincount", input=np.array([1, 1, 3], "int32"), size=5, weights=np.zeros((0,), "int32"))
case("DenseBincount", "weights", input=np.array([1, 1, 3], "int32"), size=5, weights=normal(3))
case(
    "DenseBincount", "rows", input=np.array([[1, 1, 3], [0, 2, 2]], "int32"), size=4, weights=np.zeros((0,), "float32")
)
case(
    "DenseBincount",
    "binary",
    input=np.array([1, 1, 3], "int32"),
    size=5,
    weights=np.zeros((0,), "float32"),
    binary_output=True,
)
case("Bincount", arr=np.array([1, 1, 3], "int32"), size=5, weights=normal(3))
case("HistogramFixedWidth", values=x, value_range=[-1.0, 1.0], nbins=5)

# -- linear algebra ---------------------------------------------------------------------------------------------------

case("MatMul", a=x, b=y, transpose_a=True)
case("MatMul", "right", a=x, b=y, transpose_b=True)
case("BatchMatMulV2", x=square, y=square, adj_y=True)
case("BatchMatMul", x=square, y=square, adj_x=True)
case("BatchMatMulV3", x=square, y=square, Tout="float32")
case("BatchMatMulV2", "broadcast", x=normal(4, 1, 2, 3), y=normal(5, 3, 2))
case("Einsum", inputs=[normal(2, 3, 4), normal(2, 4, 5)], equation="bij,bjk->bik")
case("Einsum", "ellipsis", inputs=[normal(2, 6, 3, 4), normal(4, 5)], equation="...j,jk->...k")
case("Cross", a=normal(4, 3), b=normal(4, 3))
case("MatrixInverse", input=symmetric, rtol=1e-3, atol=1e-4)
case("MatrixInverse", "adjoint", input=symmetric + square, adjoint=True, rtol=1e-3, atol=1e-4, gradient=False)
case("MatrixDeterminant", input=symmetric, rtol=1e-3)
case("LogMatrixDeterminant", input=symmetric, rtol=1e-3)
case("Cholesky", input=symmetric, rtol=1e-3, atol=1e-4, gradient=False)
case("MatrixSolve", matrix=symmetric, rhs=square, rtol=1e-3, atol=1e-4)
case(
    "MatrixSolve", "adjoint", matrix=symmetric + square, rhs=square, adjoint=True, rtol=1e-3, atol=1e-3, gradient=False
)
triangle = np.tril(symmetric)
case("MatrixTriangularSolve", matrix=triangle, rhs=square, rtol=1e-3, atol=1e-4)
case("MatrixTriangularSolve", "adjoint", matrix=triangle, rhs=square, adjoint=True, rtol=1e-3, atol=1e-4)
case("MatrixTriangularSolve", "upper", matrix=np.triu(symmetric), rhs=square, lower=False, rtol=1e-3, atol=1e-4)
case("Svd", "values", input=square, compute_uv=False, only=(0,), rtol=1e-3, atol=1e-4)
case("SelfAdjointEigV2", "values", input=symmetric, compute_v=False, only=(0,), rtol=1e-3, gradient=False)
case("Lu", input=square + 3 * np.eye(3, dtype="float32"), rtol=1e-4, gradient=False)
case("MatrixSolveLs", matrix=normal(5, 3), rhs=normal(5, 2), l2_regularizer=0.1, rtol=1e-3, atol=1e-4, gradient=False)
case(
    "MatrixSolveLs",
    "wide",
    matrix=normal(3, 5),
    rhs=normal(3, 2),
    l2_regularizer=0.1,
    rtol=1e-3,
    atol=1e-4,
    gradient=False,
)
case("TridiagonalMatMul", superdiag=normal(1, 4), maindiag=normal(1, 4), subdiag=normal(1, 4), rhs=normal(4, 2))
case(
    "TridiagonalSolve",
    diagonals=normal(3, 4) + np.array([[0], [5], [0]], "float32"),
    rhs=normal(4, 2),
    rtol=1e-3,
    atol=1e-4,
    gradient=False,
)
case("MatrixBandPart", input=normal(4, 5), num_lower=1, num_upper=0)
case("MatrixBandPart", "upper", input=normal(4, 5), num_lower=-1, num_upper=2)
case("Diag", diagonal=normal(2, 3))
case("DiagPart", input=normal(2, 3, 2, 3))
case("MatrixDiag", diagonal=normal(2, 3))
case("MatrixDiagPart", input=normal(2, 3, 4))
for version, extra in (("V2", {}), ("V3", {"align": "RIGHT_LEFT"})):
    case(f"MatrixDiag{version}", diagonal=normal(2, 3), k=0, num_rows=-1, num_cols=-1, padding_value=0.0, **extra)
    case(
        f"MatrixDiag{version}", "off", diagonal=normal(2, 3), k=1, num_rows=-1, num_cols=-1, padding_value=9.0, **extra
    )
    # the derivative that TensorFlow has for V2 takes the band to be aligned as in V3
    case(
        f"MatrixDiag{version}",
        "band",
        diagonal=normal(2, 3, 4),
        k=[-1, 1],
        num_rows=4,
        num_cols=4,
        padding_value=0.0,
        gradient=version == "V3",
        **extra,
    )
    case(f"MatrixDiagPart{version}", input=normal(2, 4, 5), k=[-2, 1], padding_value=7.0, **extra)
    case(f"MatrixDiagPart{version}", "one", input=normal(2, 4, 5), k=1, padding_value=0.0, **extra)
    case(f"MatrixSetDiag{version}", input=normal(2, 4, 5), diagonal=normal(2, 4), k=0, **extra)
    case(
        f"MatrixSetDiag{version}",
        "band",
        input=normal(2, 4, 4),
        diagonal=normal(2, 3, 4),
        k=[-1, 1],
        gradient=version == "V3",
        **extra,
    )
case("MatrixSetDiag", input=normal(2, 4, 5), diagonal=normal(2, 4))

# -- convolution and pooling ------------------------------------------------------------------------------------------

kernel = normal(3, 2, 3, 4)
case("Conv2D", input=image, filter=kernel, strides=[1, 1, 1, 1], padding="VALID", rtol=1e-4, atol=1e-5)
case("Conv2D", "same", input=image, filter=kernel, strides=[1, 2, 3, 1], padding="SAME", rtol=1e-4, atol=1e-5)
case(
    "Conv2D",
    "dilated",
    input=image,
    filter=kernel,
    strides=[1, 1, 1, 1],
    padding="SAME",
    dilations=[1, 2, 2, 1],
    rtol=1e-4,
    atol=1e-5,
)
case(
    "Conv2D",
    "explicit",
    input=image,
    filter=kernel,
    strides=[1, 2, 1, 1],
    padding="EXPLICIT",
    explicit_paddings=[0, 0, 1, 2, 0, 1, 0, 0],
    rtol=1e-4,
    atol=1e-5,
)
case(
    "Conv2D",
    "groups",
    input=normal(2, 7, 6, 6),
    filter=normal(3, 3, 2, 9),
    strides=[1, 1, 1, 1],
    padding="SAME",
    rtol=1e-4,
    atol=1e-5,
)
case(
    "Conv3D", input=volume, filter=normal(2, 3, 2, 2, 4), strides=[1, 1, 2, 1, 1], padding="SAME", rtol=1e-4, atol=1e-5
)
case("Conv", input=image, filter=kernel, strides=[1, 2, 2, 1], padding="SAME", rtol=1e-4, atol=1e-5, gradient=False)
case(
    "DepthwiseConv2dNative",
    input=image,
    filter=normal(3, 3, 3, 2),
    strides=[1, 2, 2, 1],
    padding="SAME",
    rtol=1e-4,
    atol=1e-5,
)
for padding, size in (("SAME", (7, 6)), ("VALID", (7, 6))):
    h, w = (4, 3) if padding == "SAME" else (3, 3)
    case(
        "Conv2DBackpropInput",
        padding,
        input_sizes=[2, *size, 3],
        filter=kernel,
        out_backprop=normal(2, h, w, 4),
        strides=[1, 2, 2, 1],
        padding=padding,
        rtol=1e-4,
        atol=1e-5,
    )
    case(
        "Conv2DBackpropFilter",
        padding,
        input=image,
        filter_sizes=[3, 2, 3, 4],
        out_backprop=normal(2, h, w, 4),
        strides=[1, 2, 2, 1],
        padding=padding,
        rtol=1e-4,
        atol=1e-5,
    )
    case(
        "DepthwiseConv2dNativeBackpropInput",
        padding,
        input_sizes=[2, *size, 3],
        filter=normal(3, 2, 3, 2),
        out_backprop=normal(2, h, w, 6),
        strides=[1, 2, 2, 1],
        padding=padding,
        rtol=1e-4,
        atol=1e-5,
    )
    case(
        "DepthwiseConv2dNativeBackpropFilter",
        padding,
        input=image,
        filter_sizes=[3, 2, 3, 2],
        out_backprop=normal(2, h, w, 6),
        strides=[1, 2, 2, 1],
        padding=padding,
        rtol=1e-4,
        atol=1e-5,
    )
case(
    "Conv3DBackpropInputV2",
    input_sizes=[2, 5, 4, 6, 2],
    filter=normal(2, 3, 2, 2, 4),
    out_backprop=normal(2, 5, 2, 6, 4),
    strides=[1, 1, 2, 1, 1],
    padding="SAME",
    rtol=1e-4,
    atol=1e-5,
)
case(
    "Conv3DBackpropFilterV2",
    input=volume,
    filter_sizes=[2, 3, 2, 2, 4],
    out_backprop=normal(2, 5, 2, 6, 4),
    strides=[1, 1, 2, 1, 1],
    padding="SAME",
    rtol=1e-4,
    atol=1e-5,
)
for padding in ("SAME", "VALID"):
    window = {"ksize": [1, 3, 2, 1], "strides": [1, 2, 2, 1], "padding": padding}
    case("MaxPool", padding, input=image, **window)
    case("MaxPoolV2", padding, input=image, **window)
    case("AvgPool", padding, value=image, **window)
    out = (4, 3) if padding == "SAME" else (3, 3)
    case("AvgPoolGrad", padding, orig_input_shape=[2, 7, 6, 3], grad=normal(2, *out, 3), **window)
case("MaxPool3D", input=volume, ksize=[1, 2, 2, 2, 1], strides=[1, 2, 2, 2, 1], padding="SAME")
case("AvgPool3D", input=volume, ksize=[1, 2, 2, 2, 1], strides=[1, 2, 2, 2, 1], padding="SAME")
case(
    "AvgPool3DGrad",
    orig_input_shape=[2, 5, 4, 6, 2],
    grad=normal(2, 3, 2, 3, 2),
    ksize=[1, 2, 2, 2, 1],
    strides=[1, 2, 2, 2, 1],
    padding="SAME",
)
case(
    "MaxPoolWithArgmax",
    input=image,
    ksize=[1, 2, 2, 1],
    strides=[1, 2, 2, 1],
    padding="SAME",
    include_batch_in_index=True,
)
case("ExtractImagePatches", images=image, ksizes=[1, 3, 2, 1], strides=[1, 2, 2, 1], rates=[1, 1, 2, 1], padding="SAME")
case(
    "ExtractVolumePatches",
    input=volume,
    ksizes=[1, 2, 2, 2, 1],
    strides=[1, 1, 2, 2, 1],
    padding="VALID",
    gradient=False,
)
case("Dilation2D", input=image, filter=normal(2, 3, 3), strides=[1, 1, 2, 1], rates=[1, 1, 1, 1], padding="SAME")

# -- neural networks --------------------------------------------------------------------------------------------------

case("BiasAdd", value=image, bias=normal(3))
case("BiasAdd", "first", value=first, bias=normal(3), data_format="NCHW")
case("BiasAddV1", value=image, bias=normal(3))
case("BiasAddGrad", out_backprop=image)
for version in ("", "V2", "V3"):
    case(
        f"FusedBatchNorm{version}",
        "train",
        x=image,
        scale=uniform(3),
        offset=normal(3),
        mean=np.zeros((0,), "float32"),
        variance=np.zeros((0,), "float32"),
        epsilon=1e-3,
        is_training=True,
        only=(0, 1, 2),
        rtol=1e-4,
        atol=1e-5,
        gradient=False,
    )
case(
    "FusedBatchNormV3",
    "eval",
    x=image,
    scale=uniform(3),
    offset=normal(3),
    mean=normal(3),
    variance=uniform(3),
    epsilon=1e-3,
    is_training=False,
    only=(0, 1, 2),
    rtol=1e-4,
    atol=1e-5,
    gradient=False,
)
case(
    "FusedBatchNormV3",
    "average",
    x=image,
    scale=uniform(3),
    offset=normal(3),
    mean=normal(3),
    variance=uniform(3),
    is_training=True,
    exponential_avg_factor=0.1,
    only=(0, 1, 2),
    rtol=1e-4,
    atol=1e-5,
    gradient=False,
)
labels = np.abs(y) / np.abs(y).sum(1, keepdims=True)
case("SoftmaxCrossEntropyWithLogits", features=x, labels=labels, gradient=False)
case("SoftmaxCrossEntropyWithLogits", "loss", features=x, labels=labels, only=(0,))
case("SparseSoftmaxCrossEntropyWithLogits", features=x, labels=np.array([1, 0, 3], "int32"))
case("LRN", input=image, depth_radius=1, alpha=0.5, beta=0.75)

# -- images -----------------------------------------------------------------------------------------------------------

for op in "ResizeBilinear ResizeNearestNeighbor ResizeBicubic".split():
    for label, corners, half in (("legacy", False, False), ("corners", True, False), ("half", False, True)):
        for size in ([4, 9], [14, 3]):
            case(
                op,
                f"{label}_{size[0]}",
                images=image,
                size=size,
                align_corners=corners,
                half_pixel_centers=half,
                rtol=1e-3,
                atol=1e-4,
            )
case("ResizeArea", images=image, size=[4, 9], rtol=1e-4, atol=1e-5)
case(
    "ScaleAndTranslate",
    images=image,
    size=[4, 3],
    scale=[4 / 7, 0.5],
    translation=[0.0, 0.0],
    kernel_type="triangle",
    rtol=1e-4,
    atol=1e-5,
)
case(
    "ScaleAndTranslate",
    "lanczos",
    images=image,
    size=[14, 9],
    scale=[2.0, 1.5],
    translation=[0.3, -0.2],
    kernel_type="lanczos3",
    rtol=1e-3,
    atol=1e-4,
)
colours = uniform(2, 4, 5, 3, low=0.0, high=1.0)
case("RGBToHSV", images=colours, rtol=1e-4, gradient=False)
case("HSVToRGB", images=colours, rtol=1e-4)
case("AdjustContrastv2", images=colours, contrast_factor=0.7, rtol=1e-4, atol=1e-5)
case("AdjustHue", images=colours, delta=0.2, rtol=1e-4, atol=1e-5)
case("AdjustSaturation", images=colours, scale=1.4, rtol=1e-4, atol=1e-5)
boxes = np.array([[0.1, 0.2, 0.8, 0.9], [-0.2, 0.0, 0.5, 1.3], [0.9, 0.1, 0.2, 0.8]], "float32")
for method in ("bilinear", "nearest"):
    case(
        "CropAndResize",
        method,
        image=image,
        boxes=boxes,
        box_ind=np.array([0, 1, 1], "int32"),
        crop_size=[4, 5],
        method=method,
        extrapolation_value=0.5,
        rtol=1e-4,
        atol=1e-5,
        gradient=False,
    )
transform = np.array([[1.1, 0.2, -0.5, -0.1, 0.9, 0.7, 0.01, 0.0]], "float32")
for mode in ("CONSTANT", "REFLECT", "WRAP", "NEAREST"):
    case(
        "ImageProjectiveTransformV3",
        mode,
        images=image,
        transforms=transform,
        output_shape=[6, 8],
        interpolation="BILINEAR",
        fill_mode=mode,
        fill_value=0.0,
        rtol=1e-3,
        atol=1e-4,
        gradient=False,
    )

# -- Fourier transforms -----------------------------------------------------------------------------------------------

signal, spectrum = normal(2, 4, 6, 8), (normal(2, 4, 6, 5) + 1j * normal(2, 4, 6, 5)).astype("complex64")
for suffix, sizes in (("", [8]), ("2D", [6, 8]), ("3D", [4, 6, 8])):
    case(f"FFT{suffix}", input=spectrum, rtol=1e-3, atol=1e-4)
    case(f"IFFT{suffix}", input=spectrum, rtol=1e-3, atol=1e-4)
    case(f"RFFT{suffix}", input=signal, fft_length=sizes, rtol=1e-3, atol=1e-4)
    case(f"IRFFT{suffix}", input=spectrum, fft_length=sizes, rtol=1e-3, atol=1e-4)
case("IRFFT", "shorter", input=spectrum, fft_length=[6], rtol=1e-3, atol=1e-4)

# -- derivatives of windows -------------------------------------------------------------------------------------------

case(
    "ResizeBilinearGrad", grads=normal(2, 9, 4, 3), original_image=image, half_pixel_centers=True, rtol=1e-4, atol=1e-5
)
case("ResizeNearestNeighborGrad", grads=normal(2, 9, 4, 3), size=[7, 6], half_pixel_centers=True)
case("ResizeBicubicGrad", grads=normal(2, 9, 4, 3), original_image=image, half_pixel_centers=True, rtol=1e-3, atol=1e-4)
pool = {"ksize": [1, 3, 2, 1], "strides": [1, 2, 2, 1], "padding": "SAME"}
pooled = tf.raw_ops.MaxPool(input=image, **pool).numpy()
for version in ("", "V2"):
    case(
        f"MaxPoolGrad{version}",
        orig_input=image,
        orig_output=pooled,
        grad=normal(*pooled.shape),
        gradient=False,
        **pool,
    )
window = {"ksize": [1, 2, 2, 2, 1], "strides": [1, 2, 2, 2, 1], "padding": "SAME"}
pooled = tf.raw_ops.MaxPool3D(input=volume, **window).numpy()
case("MaxPool3DGrad", orig_input=volume, orig_output=pooled, grad=normal(*pooled.shape), gradient=False, **window)
for version, extra in (("", {}), ("V2", {}), ("V3", {"reserve_space_3": np.zeros((0,), "float32")})):
    for training in (True, False):
        mean, variance = image.mean((0, 1, 2)), image.var((0, 1, 2))
        # what the training kernel keeps for its derivative
        kept = variance if training else uniform(3)
        case(
            f"FusedBatchNormGrad{version}",
            f"training_{training}",
            y_backprop=normal(*image.shape),
            x=image,
            scale=uniform(3),
            reserve_space_1=mean,
            reserve_space_2=kept,
            epsilon=1e-3,
            is_training=training,
            only=(0, 1, 2),
            rtol=1e-3,
            atol=1e-4,
            gradient=False,
            **extra,
        )
case("InTopK", predictions=x, targets=np.array([1, 0, 3], "int32"), k=2)
case("CheckNumericsV2", tensor=x, message="m")
case("UniqueWithCountsV2", x=np.array([3, 1, 3, 2, 1, 1], "int64"), axis=[0])
for kind in ("Update", "Add", "Sub"):
    case(f"Inplace{kind}", x=x.copy(), i=np.array([0, 2], "int32"), v=normal(2, 4), gradient=False)
