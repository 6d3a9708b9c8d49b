"""Arguments that are no plain arrays of numbers, handed to transpiled functions one after another.

Run as a program, ``python odd_arguments.py FRAMEWORK TARGET``: a case that ends the process is seen by the test that
starts it, which reads a line for each case.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import ivy
from ivy.errors import IvyError


def made(what: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """Make every value that this version of the framework can make."""
    found = {}
    for name, make in what.items():
        try:
            found[name] = make()
        except Exception as error:  # not in this version
            print("without", name, type(error).__name__)
    return found


def of_tensorflow() -> dict[str, Any]:
    import tensorflow as tf

    variable = tf.Variable([1.0, 2.0])
    two = tf.constant([1.0, 2.0])
    found = {
        "string": lambda: tf.constant(["a", "b"]),
        "string of no axis": lambda: tf.constant("a"),
        "resource": lambda: variable.handle,
        "variant": lambda: tf.raw_ops.EmptyTensorList(element_shape=[1], max_num_elements=3, element_dtype=tf.float32),
        "ragged": lambda: tf.ragged.constant([[1.0, 2.0], [3.0]]),
        "sparse": lambda: tf.sparse.from_dense([[1.0, 0.0], [0.0, 2.0]]),
        "slices": lambda: tf.IndexedSlices(tf.ones((1, 2)), tf.constant([0]), tf.constant([2, 2])),
        "quantised": lambda: tf.quantization.quantize([1.0, 2.0], 0.0, 3.0, tf.quint8)[0],
        "variable": lambda: variable,
        "variable of strings": lambda: tf.Variable(["a"]),
        "tensor array": lambda: tf.TensorArray(tf.float32, 2),
        "data set": lambda: tf.data.Dataset.range(3),
    }
    names = ("float8_e5m2", "float8_e4m3fn", "int4", "uint4", "half", "bfloat16", "qint32", "complex64")
    return made(found | {n: lambda n=n: tf.cast(two, getattr(tf, n)) for n in names})


def of_torch() -> dict[str, Any]:
    import torch

    def inference() -> Any:
        with torch.inference_mode():
            return torch.ones(2)

    parts = [torch.ones(2), torch.ones(3)]
    found = {
        "sparse": lambda: torch.eye(2).to_sparse(),
        "sparse rows": lambda: torch.eye(2).to_sparse_csr(),
        "quantised": lambda: torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
        "nested": lambda: torch.nested.nested_tensor(parts),
        "jagged": lambda: torch.nested.nested_tensor(parts, layout=torch.jagged),
        "complex32": lambda: torch.ones(2, dtype=torch.complex32),
        "meta": lambda: torch.ones(2, device="meta"),
        "conjugate": lambda: torch.ones(2, dtype=torch.complex64).conj(),
        "negative": lambda: torch.ones(2, dtype=torch.complex64).conj().imag,
        "mkldnn": lambda: torch.ones(2, 2).to_mkldnn(),
        "inference": inference,
        "parameter": lambda: torch.nn.Parameter(torch.ones(2)),
        "expanded": lambda: torch.ones(1).expand(3),
    }
    names = ("float8_e5m2", "float8_e4m3fn", "uint16", "uint32", "uint64", "bfloat16", "float8_e8m0fnu")
    found |= {n: lambda n=n: torch.ones(2).to(getattr(torch, n)) for n in names}
    return made(found | {n: lambda n=n: torch.empty(2, dtype=getattr(torch, n)) for n in ("bits8", "int4", "uint4")})


def of_jax() -> dict[str, Any]:
    import jax
    import jax.numpy as jnp
    from jax.experimental import sparse

    found = {
        "key": lambda: jax.random.key(0),
        "keys": lambda: jax.random.split(jax.random.key(0), 3),
        "key of another kind": lambda: jax.random.key(0, impl="rbg"),
        "raw key": lambda: jax.random.PRNGKey(0),
        "float0": lambda: np.zeros(2, jax.dtypes.float0),
        "sparse": lambda: sparse.BCOO.fromdense(jnp.eye(2)),
    }
    names = ("float8_e5m2", "float8_e4m3fn", "int4", "uint4", "int2", "float4_e2m1fn", "bfloat16")
    return made(found | {n: lambda n=n: jnp.ones(2).astype(getattr(jnp, n)) for n in names})


def of_numpy() -> dict[str, Any]:
    import ml_dtypes

    class Own(np.ndarray):
        pass

    record = [("a", "i4"), ("b", "f4")]
    return made({
        "object": lambda: np.array([1, "a", None], object),
        "str": lambda: np.array(["a", "bb"]),
        "bytes": lambda: np.array([b"a"]),
        "structured": lambda: np.array([(1, 2.0)], dtype=record),
        "records": lambda: np.rec.array([(1, 2.0)], dtype=record),
        "datetime": lambda: np.array(["2020-01-01"], "datetime64[D]"),
        "timedelta": lambda: np.array([1], "timedelta64[s]"),
        "void": lambda: np.zeros(2, "V4"),
        "long double": lambda: np.ones(2, np.longdouble),
        "long complex": lambda: np.ones(2, np.clongdouble),
        "other bytes first": lambda: np.ones(2, ">f4"),
        "masked": lambda: np.ma.masked_array([1.0, 2.0], [0, 1]),
        "matrix": lambda: np.ones((2, 2)).view(np.matrix),
        "own class": lambda: np.ones(2).view(Own),
        "read-only": lambda: np.broadcast_to(np.ones(1), (3,)),
        "backwards": lambda: np.arange(4.0)[::-1],
        "str of no axis": lambda: np.str_("a"),
        "date of no axis": lambda: np.datetime64("2020-01-01"),
        "variable strings": lambda: np.array(["a"], dtype=np.dtypes.StringDType()),
        "float8": lambda: np.ones(2, ml_dtypes.float8_e5m2),
        "int4": lambda: np.ones(2, ml_dtypes.int4),
        "bfloat16": lambda: np.ones(2, ml_dtypes.bfloat16),
    })  # fmt: skip


def of_paddle() -> dict[str, Any]:
    from ivy_paddle.loading import paddle

    eager = sys.modules["paddle.base.core"].eager
    found = {
        "sparse": lambda: paddle.sparse.sparse_coo_tensor([[0, 1], [0, 1]], [1.0, 2.0], [2, 2]),
        "sparse rows": lambda: paddle.eye(2).to_sparse_csr(),
        "empty": lambda: paddle.zeros([0, 2]),
        "parameter": lambda: paddle.create_parameter([2], "float32"),
        "strings": lambda: eager.StringTensor(np.array(["a", "b"]), "x"),
        "nothing": eager.Tensor,
    }
    names = ("float8_e5m2", "float8_e4m3fn", "bfloat16", "float16", "int8", "uint8", "bool", "complex64")
    return made(found | {n: lambda n=n: paddle.ones([2]).astype(n) for n in names})


VALUES = {"tensorflow": of_tensorflow, "torch": of_torch, "jax": of_jax, "numpy": of_numpy, "paddle": of_paddle}


def unused(x, odd):
    return x * 2


def used(x, odd):
    return x * 2, odd + odd


def returned(x, odd):
    return x * 2, odd


def main(framework: str, target: str) -> None:
    from ivy.backend import get_backend

    warnings.simplefilter("ignore")
    x = get_backend(framework).module.asarray([1.0, 1.0], dtype="float32")
    for name, odd in VALUES[framework]().items():
        for way, f, given in (
            ("unused", unused, odd),
            ("used", used, odd),
            ("returned", returned, odd),
            ("inside", unused, {"key": [odd, 3]}),
        ):
            print(f"begin\t{name}\t{way}", flush=True)
            try:
                ivy.transpile(f, source=framework, to=target)(x, given)
                result = "served"
            except IvyError as error:
                result = f"refused\t{type(error).__name__}\t{error.what}"
            except Exception as error:  # the test says which may be
                result = f"raw\t{type(error).__name__}\t{error}"
            print(f"end\t{name}\t{way}\t{result}".replace("\n", " "), flush=True)
    print("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
