"""The graph: one intermediate representation for every stage, told apart by its dialect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ivy.graph.aval import Aval
from ivy.graph.kept import Stored
from ivy.graph.node import Loc, Node, map_nested, refs
from ivy.graph.notes import Note

__all__ = ["Graph"]


class Graph:
    """Straight-line calls of one dialect's functions, from inputs and named parameters to an output.

    A sub-graph (the body of a loop, a branch) is a `Graph` among a call's arguments. It is lexically scoped: it may use
    nodes of the graph around it, just as a nested function uses its enclosing function's variables.

    Args:
        dialect: whose functions the nodes call: ``"torch"``, ``"jax"``, ``"numpy"``, ``"ivy"``, ``"torch_frontend"``
        name: the traced function's or module's name.

    Attributes:
        nodes: every node but inputs and parameters, in order of execution.
        inputs: input nodes in call order.
        params: parameter and buffer nodes by name.
        parts: nodes of the parts of the model that are called, by the name that the parameters' dict has them under.
        output: nest of plain containers with nodes and literals.
        updates: new values of parameters or buffers after the call, by name.
        rng: the input node that brings the random key, None if the graph draws no numbers from one.
        rebuild: turns the plain output into the user's own containers (dataclass, ModelOutput); None if it is plain.
        arguments: for a sub-graph, the nests of inputs that it is called with.
        stages: the graphs of earlier stages, by dialect (``debug_mode``).
        mutated: inputs that the source writes to in place: index of the input -> node of its new value.
        strided: whether what it means depends on how the arguments lie in memory: it writes, and it calls functions
            that copy some arrays and view others.
        assumes: whether it is for where values can't be looked at: checks were left out, branches became conditions.
        draws: for a target's graph, whether it draws random numbers.
        sized: whether the sizes that its nodes tell are those of every run; not where it serves several.
        decorator: what the generated function is wrapped in: a path and keyword arguments to call it with.
        notes: what the capture left out or changed the meaning of.
        layers: class of each module that has a path, for messages: what `Node.scope` names.
        kept: what the call leaves on the objects that it belongs to, beside parameters and buffers; None for nothing.
    """

    def __init__(self, dialect: str, name: str = "graph") -> None:
        self.dialect = dialect
        self.name = name
        self.nodes: list[Node] = []
        self.inputs: list[Node] = []
        self.params: dict[str, Node] = {}
        self.parts: dict[str, Node] = {}
        self.output: Any = None
        self.updates: dict[str, Node] = {}
        self.mutated: dict[int, Node] = {}
        self.rng: Node | None = None
        self.strided = False
        self.sized = True
        self.assumes = self.draws = False
        self.rebuild: Callable[[Any], Any] | None = None
        self.stages: dict[str, Graph] = {}
        self.arguments: tuple[Any, ...] | None = None
        self.decorator: tuple[str, dict[str, Any]] | None = None
        self.notes: list[Note] = []
        self.layers: dict[str, str] = {}
        self.kept: Stored | None = None
        self._compiled: Any = None

    def note(self, kind: str, name: str, why: str, loc: Loc | None = None) -> None:
        """Note what the graph leaves out or changes, once for each place; see `Note`."""
        found = Note(kind, name, why, loc)
        if found not in self.notes:
            self.notes.append(found)

    # -- structure ----------------------------------------------------------------------------------------------------

    @property
    def results(self) -> tuple[Any, ...]:
        """Everything that must be computed: the output, the updates and the written inputs."""
        return (self.output, self.updates, self.mutated)

    def calls(self) -> Iterator[Node]:
        """Yield the call nodes, those of sub-graphs too."""
        for node in self.nodes:
            if node.kind == "call":
                yield node
                for sub in subgraphs(node):
                    yield from sub.calls()

    def free_nodes(self) -> Iterator[Node]:
        """Yield the nodes of enclosing graphs that this graph uses."""
        own = {id(n) for n in (*self.inputs, *self.nodes)}
        for node in self.nodes:
            for r in refs((node.args, node.kwargs)):
                if id(r) not in own and r.kind != "part":
                    yield r
        for r in refs(self.results):
            if id(r) not in own:
                yield r

    def like(self) -> Graph:
        """Return an empty graph with this one's identity: dialect, name and output containers."""
        new = Graph(self.dialect, self.name)
        new.rebuild, new.layers, new.kept = self.rebuild, self.layers, self.kept
        new.strided, new.sized, new.assumes = self.strided, self.sized, self.assumes
        new.draws = self.draws
        return new

    def copied(self, known: Mapping[int, Node], made: dict[int, Node] | None = None) -> Graph:
        """Return a copy with nodes of its own.

        Args:
            known: what stands in it for nodes of the graphs around this one, by `id`.
            made: told what stands for this one's nodes: where a value is one of them, it is replaced.
        """
        new = self.like()
        env: dict[int, Node] = dict(known)

        def fresh(x: Any) -> Any:
            if type(x) is Node:
                return env.get(id(x), x)
            return x.copied(env) if isinstance(x, Graph) else x

        for node in (*self.inputs, *self.nodes):
            twin = Node(node.kind, node.name, node.fn, map_nested(node.args, fresh), map_nested(node.kwargs, fresh),
                        node.out, node.value, node.loc, node.scope, dict(node.meta))  # fmt: skip
            env[id(node)] = twin
        new.inputs = [env[id(n)] for n in self.inputs]
        new.nodes = [env[id(n)] for n in self.nodes]
        new.arguments = map_nested(self.arguments, fresh)
        new.output = map_nested(self.output, fresh)
        for key, node in (made or {}).items():
            assert made is not None
            made[key] = env.get(id(node), node)
        return new

    def splatted(self) -> Graph:
        """Return this sub-graph, called with its inputs one by one from now on."""
        self.arguments = tuple(self.inputs)
        return self

    def layer(self, scope: str) -> str | None:
        """Return a module's path and class for a message, None if nothing is known of it."""
        return layer_words(scope, self.layers)

    # -- use ----------------------------------------------------------------------------------------------------------

    @property
    def compiled(self) -> Any:
        """The generated function and its source (`ivy.graph.codegen.Compiled`), made on first use."""
        if self._compiled is None:
            from ivy.graph.codegen import compile_graph

            self._compiled = compile_graph(self)
        return self._compiled

    def scoped(self, scoping: str) -> Any:
        """Return the generated function whose lines stand in scopes, one for each module of the source.

        Args:
            scoping: what opens one, as `ivy.graph.codegen.compile_graph` takes it.
        """
        compiled = self.compiled
        if compiled.scoped is None:
            from ivy.graph.codegen import compile_graph

            compiled.scoped = compile_graph(self, scoping)
        return compiled.scoped.function

    @property
    def code(self) -> str:
        """Readable Python source of the graph.

        Example:
            >>> import ivy, numpy as np
            >>> graph = ivy.trace_graph(lambda x: ivy.add(x, 1), args=(np.ones(2),)).graph
            >>> "def" in graph.code
            True
        """
        return str(self.compiled.source)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the generated function: flat inputs in order, preceded by the parameters' dict if there are any."""
        return self.compiled.function(*args, **kwargs)

    def lint(self, before: Graph | None = None) -> None:
        """Check that the graph is well formed: references, parts, signatures, the types of what is written.

        Args:
            before: the graph of the stage before, whose writes this one must have too.

        Raises:
            GraphError: naming the first node that breaks a rule.

        Example:
            >>> import ivy, numpy as np
            >>> ivy.trace_graph(lambda x: ivy.add(x, 1), args=(np.ones(2),)).graph.lint()
        """
        from ivy.graph.lint import lint

        lint(self, before)

    def summary(self) -> str:
        """Return a few lines on what the graph holds: counts per function, parameters, inputs and outputs.

        Returns:
            Text, most frequent calls first.
        """
        counts = Counter(n.fn for n in self.calls())
        size = sum(p.aval.size for p in self.params.values() if type(p.out) is Aval)
        lines = [
            (
                f"{self.name}: graph in dialect {self.dialect!r}, {sum(counts.values())} calls, "
                f"{len(self.params)} parameters and buffers ({size:,} elements)"
            )
        ]
        lines += [f"  in   {n.name}: {n.out!r}" for n in self.inputs]
        lines += [f"  {k:4d} x {fn}" for fn, k in counts.most_common()]
        lines += [f"  out  {n.out!r}" for n in refs(self.output)]
        if self.updates:
            lines.append(f"  updates {', '.join(self.updates)}")
        return "\n".join(lines)

    def show(self) -> None:
        """Print the graph, a line per call with shapes and places in the source."""
        print(self)

    def __str__(self) -> str:
        from ivy.graph.codegen import listing

        return listing(self)

    def __repr__(self) -> str:
        return f"<Graph {self.name!r} dialect={self.dialect!r} calls={sum(1 for _ in self.calls())}>"


def layer_words(scope: str, layers: Mapping[str, str]) -> str | None:
    """Return words for the module at a path: its path and its class; None if nothing is known of it.

    Args:
        scope: the path; "" is the model itself.
        layers: class by path.
    """
    cls = layers.get(scope)
    if not scope:
        return None if cls is None else f"`{cls}`"
    return f"`{scope}`" if cls is None else f"`{scope}` ({cls})"


def subgraphs(node: Node) -> Iterator[Graph]:
    """Yield the graphs among a call's arguments."""
    stack: list[Any] = [*node.args, *node.kwargs.values()]
    while stack:
        x = stack.pop(0)
        if isinstance(x, Graph):
            yield x
        elif isinstance(x, (list, tuple)):
            stack = [*x, *stack]
        elif isinstance(x, dict):
            stack = [*x.values(), *stack]
