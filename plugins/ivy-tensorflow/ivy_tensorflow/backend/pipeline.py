"""What the conversion pipeline asks of TensorFlow as a target, besides the functions of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ivy.graph.graph import Graph
from ivy.graph.passes.layout import channels_last
from ivy.tracer.evaluate import Evaluator
from ivy_tensorflow.backend.support import read

__all__ = ["is_abstract", "outside_compiler", "prepare"]


def is_abstract(x: Any) -> bool:
    """Tell whether a tensor has no value yet because a graph is being made."""
    return tf.is_symbolic_tensor(read(x))


def prepare(graph: Graph, evaluator: Evaluator) -> Graph:
    """Run TensorFlow's own passes on an ivy graph: on CPUs it has convolutions with channels last only."""
    return channels_last(graph, evaluator)


def outside_compiler(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Keep a function out of the graph that tf.function makes: capturing happens between graphs, not within one."""
    return tf.autograph.experimental.do_not_convert(fn)
