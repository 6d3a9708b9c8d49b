"""`Graph.lint`: each rule, on a graph that breaks it."""

from __future__ import annotations

import pytest

import ivy
from ivy.errors import GraphError
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph
from ivy.graph.node import Loc, Node

F3 = Aval((3,), ivy.float32)


@pytest.fixture
def graph():
    g = Graph("ivy", "f")
    x = Node("input", "x", out=F3)
    g.inputs = [x]
    p = Node("param", "w", out=F3)
    g.params = {"w": p}
    y = Node("call", "y", "ivy.add", (x, p), out=F3, loc=Loc("model.py", 7, "forward"))
    z = Node("call", "z", "ivy.unstack", (y,), out=(Aval((), ivy.float32),) * 3)
    first = Node("item", "first", args=(z, 0), out=Aval((), ivy.float32))
    g.nodes = [y, z, first]
    g.output = (y, first)
    return g


def broken(graph, match):
    with pytest.raises(GraphError, match=match):
        graph.lint()


def test_a_whole_graph_passes(graph):
    graph.lint()


def test_a_use_before_the_definition(graph):
    graph.nodes.reverse()
    broken(graph, "no earlier node gives")


def test_a_node_that_was_dropped(graph):
    del graph.nodes[0]
    broken(graph, "no earlier node gives")


def test_an_output_that_no_node_gives(graph):
    graph.output = Node("call", "t", "ivy.exp", (graph.inputs[0],), out=F3)
    broken(graph, "no node gives it")


def test_a_node_twice(graph):
    graph.nodes.append(graph.nodes[0])
    broken(graph, "there twice")


def test_an_input_twice(graph):
    graph.inputs.append(graph.inputs[0])
    broken(graph, "input is there twice")


def test_a_part_that_is_not_there(graph):
    graph.nodes[2].args = (graph.nodes[1], 3)
    broken(graph, "has no such part")


def test_a_part_of_another_type(graph):
    graph.nodes[2].out = F3
    broken(graph, "is said to be")


def test_an_op_that_does_not_exist(graph):
    graph.nodes[0].fn = "ivy.addd"
    with pytest.raises(GraphError, match="no such op") as caught:
        graph.lint()
    assert str(caught.value.where) == "model.py:7, in forward"


def test_arguments_that_do_not_fit(graph):
    graph.nodes[0].kwargs = {"alpha": 2}
    broken(graph, "alpha")


def test_a_parameter_under_another_name(graph):
    graph.params["v"] = graph.params.pop("w")
    broken(graph, "calls itself 'w'")


def test_a_write_of_another_type(graph):
    graph.mutated = {0: graph.nodes[2]}
    broken(graph, "gets the new value")


def test_a_write_to_an_input_that_is_not_there(graph):
    graph.mutated = {1: graph.nodes[0]}
    broken(graph, "input 1 is written to")


def test_a_write_that_a_stage_loses(graph):
    after = Graph("numpy", "f")
    after.inputs = [Node("input", "x", out=F3)]
    after.output = after.inputs[0]
    graph.mutated = {0: graph.nodes[0]}
    with pytest.raises(GraphError, match="loses writes to x"):
        after.lint(graph)


def test_a_sub_graph_may_use_what_is_around_it_and_nothing_else(graph):
    body = Graph("ivy", "body")
    body.output = Node("call", "t", "ivy.exp", (graph.nodes[0],), out=F3)
    body.nodes = [body.output]
    call = Node("call", "r", "ivy.cond", (graph.inputs[0], body, body, ()), out=F3)
    graph.nodes.append(call)
    graph.lint()
    body.output.args = (Node("input", "elsewhere", out=F3),)
    broken(graph, "no earlier node gives")
