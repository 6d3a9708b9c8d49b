"""Every supported raw op against TensorFlow's kernel: values, dtypes, shapes and gradients."""

import pytest
import tensorflow as tf
from raw_op_cases import CASES
from tensorflow_running import run, run_gradients

from ivy_tensorflow.frontend import frontend

# Checked as parts of functions: control flow, lists, variables, and what is random or defined up to a sign.
ELSEWHERE = frozenset(
    """
    If StatelessIf Case StatelessCase While StatelessWhile CustomGradient TensorListReserve EmptyTensorList
    TensorListSetItem TensorListGetItem TensorListStack TensorListFromTensor TensorListPushBack TensorListResize
    TensorListScatterV2 TensorListScatter TensorListScatterIntoExistingList
    RandomUniform RandomStandardNormal TruncatedNormal RandomUniformInt RandomShuffle Multinomial RandomGamma
    RandomPoissonV2 RandomPoisson StatelessRandomGetKeyCounter StatelessRandomGetAlg StatelessRandomGetKeyCounterAlg
    StatelessRandomUniformV2 StatelessRandomUniform StatelessRandomNormalV2 StatelessRandomNormal
    StatelessRandomUniformIntV2 StatelessRandomUniformInt StatelessRandomUniformFullIntV2 StatelessRandomUniformFullInt
    Qr Svd SelfAdjointEigV2 Eig
    """.split()
)

# Ops of which TensorFlow has no kernel for the CPU, or that it places on other devices only.
NO_KERNEL = frozenset(
    """
    SegmentSumV2 SegmentProdV2 SegmentMaxV2 SegmentMinV2 FFTND IFFTND RFFTND IRFFTND Conv2DBackpropInputV2
    Conv3DBackpropInput ParallelConcat ImageProjectiveTransformV2 StridedSliceAssign
    """.split()
)


@pytest.mark.parametrize("name", CASES)
def test_values(name, backend):
    case = CASES[name]
    run(case, *case.arrays, backend=backend, rtol=case.rtol, atol=case.atol)


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.gradient])
def test_gradients(name):
    case = CASES[name]
    if not run_gradients(case, *case.arrays, rtol=max(case.rtol, 1e-4) * 5, atol=max(case.atol, 1e-5) * 5):
        pytest.skip("not differentiable")


def supported():
    frontend.load()
    return {p.removeprefix("tensorflow.raw_ops.") for p in frontend.entries if p.startswith("tensorflow.raw_ops.")}


def test_every_supported_op_is_tested():
    tested = {case.op for case in CASES.values()} | ELSEWHERE | NO_KERNEL
    public = {n for n in supported() if hasattr(tf.raw_ops, n)}
    assert not {n for n in public - tested if not n.startswith("Resource")}  # writes to variables: test_functions
