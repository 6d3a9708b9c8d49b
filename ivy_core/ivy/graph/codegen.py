"""Straight-line Python from a graph: what runs, and what a person reads.

Names come from the user's variables and are used again once the value that they held is dead, so deep models keep
neither thousands of names nor thousands of live arrays. Calls print as the framework's own functions, operators as
operators, and each line tells which line of the user's source it came from.
"""

from __future__ import annotations

import builtins
import cmath
import itertools
import keyword
import linecache
import math
import re
import weakref
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from ivy.dtypes import DType
from ivy.graph.graph import Graph, subgraphs
from ivy.graph.guards import guard
from ivy.graph.helpers import helper_of
from ivy.graph.node import Loc, Node, refs
from ivy.graph.parts import PART

__all__ = ["Compiled", "compile_graph", "listing"]

_BINARY = {
    "add": "+", "subtract": "-", "sub": "-", "multiply": "*", "mul": "*", "divide": "/", "true_divide": "/", "div": "/",
    "floor_divide": "//", "matmul": "@", "power": "**", "pow": "**", "less": "<", "lt": "<",
    "less_than": "<", "less_equal": "<=", "le": "<=", "greater": ">", "gt": ">", "greater_than": ">",
    "greater_equal": ">=", "ge": ">=", "equal": "==", "eq": "==",
    "not_equal": "!=", "ne": "!=", "bitwise_and": "&", "bitwise_or": "|", "bitwise_xor": "^",
}  # fmt: skip
_UNARY = {"negative": "-", "neg": "-"}
_USED = {"complex", "float", "slice", "ivy", "ops", "guard", "rebuild"}
"""Globals and builtins that generated code may use besides its imports."""
_RESERVED = {*keyword.kwlist, *dir(builtins), "p", "rng", "self"}


@dataclass
class Compiled:
    """A generated function.

    Args:
        source: its text.
        function: the function. It takes the parameters' dict (if the graph has parameters), the random key (if it draws
            from one), then the inputs; it returns the output, or ``(output, updates)`` if buffers change.
        namespace: the globals that it runs in.
        filename: what tracebacks call its file.
        places: places in the user's source by how the generated lines write them.
        code: what made the function, in the namespace.
        scoped: the same with the nodes' modules as scopes, if that was asked for (`Graph.scoped`).
    """

    source: str
    function: Callable[..., Any]
    namespace: dict[str, Any]
    filename: str = ""
    places: dict[str, Loc] = field(default_factory=dict)
    code: Any = None
    scoped: Compiled | None = None

    def guarded_by(self, check: Callable[..., None]) -> Callable[..., Any]:
        """Return the function with another check of its guards than `ivy.graph.guards.guard`."""
        namespace = {name: check if x is guard else x for name, x in self.namespace.items()}
        exec(self.code, namespace)
        made: Callable[..., Any] = namespace[self.function.__name__]
        return made

    def place_of(self, error: BaseException) -> Loc | None:
        """Return the user's line that an exception of the generated function belongs to, None if it can't be told."""
        found = []
        tb = error.__traceback__
        while tb is not None:
            if tb.tb_frame.f_code.co_filename == self.filename:
                found.append(tb.tb_lineno)
            tb = tb.tb_next
        lines = self.source.splitlines()
        for number in reversed(found):  # a helper's lines tell no place, the line that calls it does
            for line in reversed(lines[:number]):
                short = line.rpartition("  # ")[2]
                if short in self.places:
                    return self.places[short]
                if line.lstrip().startswith("def "):
                    break
        return None if self.scoped is None else self.scoped.place_of(error)


class _Writer:
    """Writes one graph; sub-graphs get a writer of their own that shares globals and avoids the outer names."""

    def __init__(self, graph: Graph, shared: _Shared, outer: Mapping[int, str] | None = None) -> None:
        self.graph = graph
        self.shared = shared
        self.names: dict[int, str] = dict(outer or {})
        self.held: dict[str, int] = dict.fromkeys(self.names.values(), -1)  # name -> index of last use; -1 = forever
        self.lines: list[str] = []
        self.last: dict[int, int] = {}
        for i, node in enumerate(graph.nodes):
            for r in refs((node.args, node.kwargs)):
                self.last[id(r)] = i
        for r in refs(graph.results):
            self.last[id(r)] = -1
        if not outer:
            for node in (*graph.inputs, *graph.params.values()):
                self.last.setdefault(id(node), 0)
        if shared.write_back:
            for index in graph.mutated:  # the name must still be the caller's array when it is written back
                self.last[id(graph.inputs[index])] = -1
        self.scope: str | None = None
        self.line: Any = None
        self.inside = outer is not None
        self.scoping = ""  # what opens a scope, with its {name}
        self.block = ""  # further indentation in a scope
        self.guards = itertools.count()

    def name(self, node: Node, index: int, hint: str = "") -> str:
        base = identifier(hint or node.name or node.fn.rpartition(".")[2] or "x")
        name = base
        for k in itertools.count(1):
            last = self.held.get(name)
            free = last is None or (0 <= last <= index)
            if free and name not in self.shared.reserved:
                break
            name = f"{base}_{k}"
        self.held[name] = self.last.get(id(node), index)
        self.names[id(node)] = name
        return name

    def value(self, x: Any) -> str:
        if type(x) is Node:
            if x.kind in ("param", "part"):
                return f"p[{x.name!r}]"
            return self.names[id(x)] if id(x) in self.names else self.shared.constant(x, self.held)
        return self.literal(x)

    def literal(self, x: Any) -> str:
        cls = type(x)
        if cls is float:
            return repr(x) if math.isfinite(x) else f'float("{x}")'
        if cls is complex and not (cmath.isfinite(x) and all(v or math.copysign(1, v) > 0 for v in (x.real, x.imag))):
            return f"complex({self.literal(x.real)}, {self.literal(x.imag)})"  # Python's own text loses NaN and -0.0
        if cls is DType:
            return repr(str(x))
        if cls in (int, bool, str, type(None), complex):
            return repr(x)
        if x is Ellipsis:
            return "..."
        if cls is tuple:
            return f"({', '.join(map(self.value, x))}{',' if len(x) == 1 else ''})"
        if cls is list:
            return f"[{', '.join(map(self.value, x))}]"
        if cls is dict:
            return "{" + ", ".join(f"{k!r}: {self.value(v)}" for k, v in x.items()) + "}"
        if cls is slice:
            return f"slice({self.value(x.start)}, {self.value(x.stop)}, {self.value(x.step)})"
        if isinstance(x, tuple) and hasattr(x, "_fields"):
            return f"{self.shared.bind(cls.__name__, cls)}({', '.join(map(self.value, x))})"
        if isinstance(x, Graph):
            return self.names[id(x)]
        return self.shared.object(x)

    def subscript(self, key: Any) -> str:
        parts = key if type(key) is tuple else (key,)

        def one(k: Any) -> str:
            if type(k) is slice:
                start, stop = ("" if v is None else self.value(v) for v in (k.start, k.stop))
                text = f"{start}:{stop}"
                return text if k.step is None else f"{text}:{self.value(k.step)}"
            return self.value(k)

        return ", ".join(map(one, parts)) + ("," if type(key) is tuple and len(parts) == 1 else "") or "()"

    def call(self, node: Node) -> str:
        path, args = node.fn, node.args
        if path == PART:
            call = self.shared.bind(f"call_{identifier(args[0].name)}", args[0])
            return f"{call}({', '.join(map(self.value, args[1:]))})"
        last = path.rpartition(".")[2]
        native = not path.startswith("ivy_")
        if not node.kwargs and native and len(args) == 2 and last in _BINARY and _operand(args):
            return f"{self.operand(args[0])} {_BINARY[last]} {self.operand(args[1])}"
        if not node.kwargs and native and len(args) == 1 and last in _UNARY:
            return f"{_UNARY[last]}{self.value(args[0])}"
        if last in ("get_item", "__getitem__") and len(args) == 2 and (native or self._has_items(args)):
            return f"{self.value(args[0])}[{self.subscript(args[1])}]"
        helper = helper_of(node)
        if helper is not None:
            return f"{self.shared.helper(helper)}({', '.join(map(self.value, args[1:]))})"
        items = [self.value(a) for a in args]
        method = re.fullmatch(r"[\w.]+\.(?:Tensor|ndarray)\.(\w+)", path)
        named = [f"{k}={self.value(v)}" for k, v in node.kwargs.items()]
        if method and items and type(args[0]) is Node:
            member = method[1]
            if member.startswith("__i") and member[3:-2] in _BINARY and len(items) == 2:
                return f"{items[0]}.{member}({items[1]})"
            dunder = member.strip("_")
            if member.startswith("__") and dunder in _BINARY and len(items) == 2:
                return f"{items[0]} {_BINARY[dunder]} {self.operand(args[1])}"
            if len(items) == 1 and not named and self.shared.is_attribute(path):
                return f"{items[0]}.{member}"
            return f"{items[0]}.{member}({', '.join(items[1:] + named)})"
        return f"{self.shared.function(path)}({', '.join(items + named)})"

    def _has_items(self, args: Any) -> bool:
        """Whether brackets read the item: basic indexing, of an array whose dtype the framework indexes."""
        dtype = getattr(getattr(args[0], "out", None), "dtype", None)
        return _basic(args[1]) and str(dtype) not in self.shared.not_indexed

    def operand(self, x: Any) -> str:
        text = self.value(x)
        return f"({text})" if text.startswith("-") else text

    # -- statements ---------------------------------------------------------------------------------------------------

    def write(self, signature: list[str], indent: str = "", name: str = "") -> list[str]:
        graph = self.graph
        head = [*signature]
        for node in graph.inputs:
            head.append(self.name(node, -1))
        self.lines.append(f"{indent}def {name or identifier(graph.name)}({', '.join(head)}):")
        inner = indent + "    "
        items = self._unpacked()
        for i, node in enumerate(graph.nodes):
            if node.kind == "const" or id(node) in items.get("done", {}):
                continue
            self._place(node, inner)
            here = inner + self.block
            if helper_of(node) is None:
                for sub in subgraphs(node):
                    self._subgraph(sub, i, here)
            if node.kind == "guard":
                where = str(node.loc) if node.loc else "?"
                number = "" if self.inside else f", {next(self.guards)}"
                self.lines.append(
                    f"{here}{self.shared.bind('guard', guard)}({self.value(node.args[0])}, "
                    f"{self.value(node.args[1])}, {where!r}{number})"
                )
                continue
            if node.kind == "item":
                right = f"{self.value(node.args[0])}[{node.args[1]!r}]"
            else:
                right = self.call(node)
            parts = items.get(id(node))
            if parts is None:
                left = self.name(node, i)
            else:
                left = self._targets(parts, items, i)
            self._append(f"{here}{left} = {right}", node)
        self._return(inner)
        return self.lines

    def _targets(self, parts: list[Node | None], items: dict[Any, Any], index: int) -> str:
        """Write the targets of an assignment that takes a result apart, nested ones too."""
        found = []
        for part in parts:
            inner = None if part is None else items.get(id(part))
            if part is None:
                found.append("_")
            else:
                found.append(self.name(part, index) if inner is None else f"({self._targets(inner, items, index)})")
        return ", ".join(found) + ("," if len(found) == 1 else "")

    def _unpacked(self) -> dict[Any, Any]:
        """Find calls whose parts are all taken by item nodes, to write them as ``a, b = f(x)``."""
        found: dict[Any, Any] = {"done": {}}
        parts: dict[int, list[Node]] = {}
        other: set[int] = set()
        for node in self.graph.nodes:
            if node.kind == "item":
                parts.setdefault(id(node.args[0]), []).append(node)
            else:
                other.update(id(r) for r in refs((node.args, node.kwargs)))
                for sub in subgraphs(node):
                    other.update(id(r) for r in sub.free_nodes())
        other.update(id(r) for r in refs(self.graph.results))
        for node in self.graph.nodes:
            mine = parts.get(id(node), [])
            if node.kind not in ("call", "item") or not mine or id(node) in other:
                continue
            if not isinstance(node.out, (tuple, list)):
                continue
            by_index = {part.args[1]: part for part in mine}
            if len(by_index) != len(mine) or not all(isinstance(k, int) for k in by_index):
                continue
            found[id(node)] = [by_index.get(k) for k in range(len(node.out))]
            found["done"].update({id(part): True for part in mine})
        return found

    def _subgraph(self, sub: Graph, index: int, indent: str) -> None:
        if id(sub) in self.names:
            return
        name = identifier(sub.name)
        taken = {*self.names.values(), *self.held, *self.shared.reserved}
        unique = next(n for n in itertools.chain([name], (f"{name}_{k}" for k in itertools.count(1))) if n not in taken)
        self.names[id(sub)] = unique
        self.held[unique] = -1
        writer = _Writer(sub, self.shared, dict(self.names))
        writer.graph = sub
        arguments = sub.arguments
        lines = writer.write([], indent)
        head = f"{indent}def {unique}("
        if arguments is None:
            lines[0] = head + lines[0].split("(", 1)[1]
        else:
            # an argument that is a container is taken apart on the function's first lines
            own = [writer.names[id(a)] if type(a) is Node else f"a{k}" for k, a in enumerate(arguments)]
            lines[0] = head + ", ".join(own) + "):"
            unpack = [
                f"{indent}    {writer.target(a)} = {name}"
                for name, a in zip(own, arguments, strict=True)
                if type(a) is not Node and any(True for _ in refs([a]))
            ]
            lines[1:1] = unpack
        self.lines += lines

    def target(self, x: Any) -> str:
        """Write an assignment target for a nest of inputs."""
        if type(x) is Node:
            return self.names[id(x)]
        if isinstance(x, (tuple, list)):
            return f"({', '.join(map(self.target, x))}{',' if len(x) == 1 else ''})"
        return "_"

    def _place(self, node: Node, indent: str) -> None:
        if self.scoping and node.scope != (self.scope or ""):
            self.scope, self.block = node.scope, "    " if node.scope else ""
            if node.scope:
                opened = self.shared.imported(self.scoping.format(name=node.scope.replace(".", "/")))
                self.lines.append(f"{indent}with {opened}:")
        if self.scoping:
            return
        if node.scope != self.scope and node.scope:
            self.lines.append(f"{indent}# {node.scope}")
        self.scope = node.scope or self.scope

    def _append(self, text: str, node: Node) -> None:
        if node.loc is not None and node.loc != self.line:
            text = f"{text}  # {node.loc.short}"
            self.shared.places[node.loc.short] = node.loc
            self.line = node.loc
        self.lines.append(text)

    def _return(self, indent: str) -> None:
        graph = self.graph
        output = self.value(graph.output)
        if graph.mutated and self.shared.write_back:
            self._write_back(indent)
            output = self.value(graph.output)
        if graph.rebuild is not None:
            output = f"{self.shared.bind('rebuild', self.shared.rebuilding(graph.rebuild))}({output})"
        if graph.updates:
            updates = ", ".join(f"{k!r}: {self.value(v)}" for k, v in graph.updates.items())
            self.lines.append(f"{indent}return {output}, {{{updates}}}")
        else:
            self.lines.append(f"{indent}return {output}")

    def _write_back(self, indent: str) -> None:
        """Give the caller's arrays their new values, as one assignment to all of them at once.

        What is written or returned may itself lie in the memory of an argument, so it is copied before the first write
        unless the call that made it is known to give new memory.
        """
        mutated = self.graph.mutated
        inputs = self.graph.inputs
        writes = [(self.value(inputs[i]), new) for i, new in mutated.items() if new is not inputs[i]]
        for r in dict.fromkeys(refs([self.graph.output, [new for _, new in writes], self.graph.updates])):
            if r.kind == "const" or _is_fresh(r):
                continue
            kept = self._free_name("kept" if r.kind == "param" else f"kept_{self.value(r)}")
            self.lines.append(f"{indent}{kept} = {self.shared.copy.format(x=self.value(r))}")
            self.names[id(r)] = kept
        for name, new in writes:
            text = self.shared.write_back.format(x=name, value=self.value(new))
            self.lines.append(indent + self.shared.imported(text))

    def _free_name(self, base: str) -> str:
        taken = {*self.names.values(), *self.held, *self.shared.reserved}
        return next(n for n in itertools.chain([base], (f"{base}_{k}" for k in itertools.count(1))) if n not in taken)


_FRESH = {
    *_BINARY, *_UNARY, "set_item", "add_at", "where", "exp", "log", "sqrt", "sin", "cos", "tanh", "sum", "mean", "prod",
    "relu", "sigmoid", "softmax", "cumsum", "concat", "cat", "concatenate", "stack", "maximum", "minimum", "clip",
    "full_like", "zeros_like", "ones_like", "zeros", "ones", "full", "arange", "linear", "conv2d",
}  # fmt: skip
"""Last names of functions whose result never shares memory with an argument, in any framework."""


def _is_fresh(node: Node) -> bool:
    return node.kind == "call" and node.fn.rpartition(".")[2].strip("_") in _FRESH


class _Shared:
    """Globals of the generated function: imports, constants and objects."""

    def __init__(self, graph: Graph) -> None:
        self.namespace: dict[str, Any] = {}
        self.imports: list[str] = []
        self.aliases: dict[str, str] = {}
        self.reserved: set[str] = set(_RESERVED)
        self.write_back = self.copy = ""
        self.not_indexed: frozenset[str] = frozenset()
        self.rebuilding: Callable[[Any], Any] = lambda rebuild: rebuild
        self._functions: dict[str, str] = {}
        self._constants: dict[int, str] = {}
        self._convert: Callable[..., Any] | None = None
        self.constants_help: list[str] = []
        self.helpers: list[str] = []
        self._named: dict[int, str] = {}
        self._written: dict[str, str] = {}
        self.places: dict[str, Loc] = {}
        framework = graph.dialect.removesuffix("_frontend")
        self.prefix = "ivy.frontends." if graph.dialect.endswith("_frontend") else ""
        if framework != "ivy":
            from ivy.backend import get_backend

            module = get_backend(framework).module
            if self.prefix:
                self.aliases[framework] = f"ivy.frontends.{framework}"
            else:
                self.aliases.update(module.NAMESPACES)
                self._convert = module.from_foreign
                self.write_back = getattr(module, "WRITE_BACK", "")
                self.copy = getattr(module, "COPY", "{x}")
                self.rebuilding = getattr(module, "rebuilding", self.rebuilding)
                self.not_indexed = getattr(module, "NOT_INDEXED", self.not_indexed)
        self.reserved.update(self.aliases)
        self.reserved.update(_USED)

    def helper(self, body: Graph) -> str:
        """Return the name of a helper, written when first asked for; equal ones are one."""
        name = self._named.get(id(body))
        if name is None:
            for node in body.nodes:
                inner = helper_of(node)
                if inner is not None:
                    self.helper(inner)
            head, *lines = _Writer(body, self).write([])
            text = "\n".join([head.partition("(")[2], *lines])
            name = self._written.get(text)
            if name is None:
                name = self._written[text] = self.unique(body.name)
                self.helpers += [f"def {name}({head.partition('(')[2]}", *lines, "", ""]
                self.namespace[name] = None
            self._named[id(body)] = name
        return name

    def function(self, path: str) -> str:
        """Return the expression for a function path and see to its import."""
        known = self._functions.get(path)
        if known is None:
            known = self._functions[path] = self._import(self.prefix + path)
        return known

    def imported(self, text: str) -> str:
        """Return a backend's own piece of code after seeing to the import of what it names."""
        for alias in re.findall(r"\b([A-Za-z_]\w*)\.", text):
            if alias in self.aliases:
                module = self.aliases[alias]
                self._add(f"import {module}" if alias == module else f"import {module} as {alias}", alias, module)
        return text

    def function_name(self, name: str) -> str:
        """Return the generated function's name: the user's, unless that would hide something that its body needs."""
        modules = {module.partition(".")[0] for module in self.aliases.values()}
        needed = {*self.aliases, *modules, *_USED, *self.namespace}
        base = identifier(name)
        free = next(n for n in itertools.chain([base], (f"{base}_{k}" for k in itertools.count(1))) if n not in needed)
        self.namespace[free] = None  # nothing else in the globals takes it
        return free

    def is_attribute(self, path: str) -> bool:
        """Tell whether a member of an array class is read (``x.T``) rather than called."""
        module, cls, name = (self.prefix + path).rsplit(".", 2)
        return not callable(getattr(getattr(import_module(module), cls), name, print))

    def _import(self, path: str) -> str:
        best = max(
            (a for a, m in self.aliases.items() if path.startswith(m + ".")),
            key=lambda a: len(self.aliases[a]),
            default=None,
        )
        if best is not None:
            module = self.aliases[best]
            self._add(f"import {module}" if best == module else f"import {module} as {best}", best, module)
            return f"{best}{path[len(module) :]}"
        module, _, name = path.rpartition(".")
        if path.startswith("ivy.") and not path.startswith("ivy.frontends."):
            self._add("import ivy", "ivy", "ivy")
            return path
        if path.startswith("ivy_"):
            package = path.partition(".")[0] + ".backend"
            backend = import_module(package)
            if getattr(backend, name, None) is getattr(import_module(module), name):
                self._add(f"import {package} as ops", "ops", package)
                return f"ops.{name}"
            unique = self.unique(name)
            clause = name if unique == name else f"{name} as {unique}"
            self.imports.append(f"from {module} import {clause}")
            self.namespace[unique] = getattr(import_module(module), name)
            return unique
        top = path.partition(".")[0]
        self._add(f"import {top}", top, top)
        return path

    def _add(self, line: str, name: str, module: str) -> None:
        if line not in self.imports:
            self.imports.append(line)
            import_module(module)
            self.namespace[name.partition(".")[0]] = import_module(
                module if "as" in line.split() else name.partition(".")[0]
            )
            self.reserved.add(name)

    def unique(self, name: str, taken: Container[str] = ()) -> str:
        base, k = identifier(name), 0
        name = base
        while name in self.reserved or name in self.namespace or name in taken:
            k += 1
            name = f"{base}_{k}"
        self.reserved.add(name)
        return name

    def bind(self, name: str, value: Any) -> str:
        """Put an object among the globals under this name or, if it is taken by another, a similar one."""
        if self.namespace.get(name) is value:
            return name
        if name in self.namespace:
            name = self.unique(name)
        self.reserved.add(name)
        self.namespace[name] = value
        return name

    def object(self, x: Any) -> str:
        module = type(x).__module__.partition(".")[0]
        text = repr(x)
        if re.fullmatch(r"[A-Za-z_][\w.]*", text) and text.partition(".")[0] == module:  # torch.float32
            self._add(f"import {module}", module, module)
            return text
        return self.bind(self.unique(f"{type(x).__name__}_"), x)

    def constant(self, node: Node, taken: Container[str] = ()) -> str:
        key = id(node)
        if key not in self._constants:
            # a variable of this name makes the name local throughout the function
            name = self.unique(node.name if node.name not in ("", "const") else "const", taken)
            value = node.value if self._convert is None else self._convert(node.value, copy=True)
            self.namespace[name] = value
            self.constants_help.append(f"# {name}: constant {node.out!r}")
            self._constants[key] = name
        return self._constants[key]


def identifier(name: str) -> str:
    """Return a valid Python name close to this one."""
    name = re.sub(r"\W+", "_", name).strip("_") or "x"
    if name[0].isdigit():
        name = "x" + name
    return name + "_" if keyword.iskeyword(name) else name


def _operand(args: tuple[Any, ...]) -> bool:
    """Whether these two arguments can stand around an operator: at least one array, the other an array or a scalar."""
    plain = (int, float, bool, complex)
    return any(type(a) is Node for a in args) and all(type(a) is Node or type(a) in plain for a in args)


def _basic(key: Any) -> bool:
    """Whether a key is basic indexing that every framework prints and means alike."""
    if type(key) is tuple:
        return all(map(_basic, key))
    if type(key) is slice:
        return all(v is None or type(v) is int for v in (key.start, key.stop, key.step)) and (key.step or 1) > 0
    return key is None or key is Ellipsis or type(key) is int


_serial = itertools.count()


def compile_graph(graph: Graph, scoping: str = "") -> Compiled:
    """Write and compile the function of a graph.

    Args:
        graph: a graph in any dialect whose functions are installed.
        scoping: what opens one of the framework's scopes, for the lines of a module: ``"jax.named_scope({name!r})"``.

    Returns:
        The function with its source. Tracebacks through it show the generated lines.
    """
    shared = _Shared(graph)
    writer = _Writer(graph, shared)
    writer.scoping = scoping
    signature = ["p"] if graph.params or graph.parts else []
    if graph.rng is not None:
        signature.append("rng")
        writer.names[id(graph.rng)] = "rng"
    name = shared.function_name(graph.name)
    for node in graph.calls():  # ahead, so that no variable takes their names
        helper = helper_of(node)
        if helper is not None:
            shared.helper(helper)
    lines = writer.write(signature, name=name)
    if graph.decorator is not None:
        path, options = graph.decorator
        lines.insert(0, f"@{shared.function(path)}({', '.join(f'{k}={v!r}' for k, v in options.items())})")
    lines = [*shared.helpers, *lines]
    head = sorted(set(shared.imports), key=lambda s: (s.startswith("from"), s))
    source = "\n".join([*head, *([""] if head else []), *shared.constants_help, "", *lines, ""]).lstrip("\n")
    filename = f"<ivy {identifier(graph.name)} {next(_serial)}>"
    namespace = shared.namespace
    # no __name__: torch.compile would import the module of that name to find the globals
    body = "\n".join(lines) + "\n"
    offset = source.count("\n") - body.count("\n")
    code = compile("\n" * offset + body, filename, "exec")
    exec(code, namespace)  # the text is ours, made above from a graph
    function = namespace[name]
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    weakref.finalize(function, linecache.cache.pop, filename, None)
    return Compiled(source, function, namespace, filename, shared.places, code)


def listing(graph: Graph) -> str:
    """Return a table of a graph: one line per node with its shape, module path and place in the source."""
    numbers = {id(n): f"%{i}" for i, n in enumerate((*graph.inputs, *graph.nodes))}

    def show(x: Any) -> str:
        if type(x) is Node:
            return x.name if x.kind in ("param", "part") else numbers.get(id(x), x.name or "%?")
        if isinstance(x, (tuple, list)):
            return "(" + ", ".join(map(show, x)) + ")"
        return f"<{x.name}>" if isinstance(x, Graph) else repr(x)

    lines = [f"{graph.name} [{graph.dialect}]"]
    for node in (*graph.inputs, *graph.nodes):
        what = node.fn or (f"{node.kind} {node.name}" if node.kind in ("input", "const") else node.kind)
        arguments = [show(a) for a in node.args] + [f"{k}={show(v)}" for k, v in node.kwargs.items()]
        place = "  ".join(filter(None, [node.scope, node.loc.short if node.loc else ""]))
        call = f"({', '.join(arguments)})" if node.args or node.kwargs else ""
        lines.append(f"  {numbers[id(node)]:>5} = {what}{call} -> {node.out!r}" + (f"    # {place}" if place else ""))
    lines.append(f"  return {show(graph.output)}")
    return "\n".join(lines)
