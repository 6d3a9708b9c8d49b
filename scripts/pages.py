"""The pages of docs/api/, one for each public function, made from signatures, docstrings and the plugins' facts."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ivy
import ivy.functional
from ivy.array import BINARY, METHODS, OTHERS, Array
from ivy.backend import Backend, get_backend
from ivy.dtypes import DType
from ivy.functional.registry import OPS, Op

STANDARD = "https://data-apis.org/array-api/2025.12/API_specification/generated/array_api"
TAG = re.compile(r"\(Array API(?: ``([\w.]+)``)?\)")
HEADING = re.compile(r"^(Args|Returns|Raises|Definition|Example|Attributes):\s*(.*)$")
OTHER_CHAPTERS = {
    "ivy.backend": "backends",
    "ivy.dtypes": "dtypes",
    "ivy.inspection": "inspection",
    "ivy.plugins": "plugins",
    "ivy.frontends.converters": "transpiler",
    "ivy.transpiler.api": "transpiler",
    "ivy.transpiler.check": "transpiler",
    "ivy.stateful.module": "modules",
    "ivy.stateful.sync": "modules",
    "ivy.stateful.report": "modules",
    "ivy.functional.registry": "backends",
}
"""Module of a public function that is no op -> chapter of its page."""


class Doc:
    """A docstring in its parts.

    Args:
        text: the docstring.
    """

    def __init__(self, text: str) -> None:
        head, *rest = inspect.cleandoc(text).split("\n")
        self.summary = head
        self.parts: dict[str, list[str]] = {"": []}
        part = ""
        for line in rest:
            found = HEADING.match(line)
            if found:
                part = found[1]
                self.parts[part] = [f"    {found[2]}"] if found[2] else []
            else:
                self.parts[part].append(line)

    def text(self, part: str) -> str:
        """Give a part as it stands, without its indentation."""
        return inspect.cleandoc("\n".join(["", *self.parts.get(part, [])])).strip()

    def items(self, part: str) -> Iterator[tuple[str, str]]:
        """Give the entries ``name: what`` of a part."""
        name, words = "", []  # type: ignore[var-annotated]
        for line in self.text(part).split("\n"):
            found = re.match(r"(\*{0,2}[\w.]+): (.*)", line)
            if found:
                if name:
                    yield name, " ".join(words)
                name, words = found[1], [found[2]]
            else:
                words.append(line.strip())
        if name:
            yield name, " ".join(words).strip()

    def definition(self) -> tuple[str, str] | None:
        """Give the words and the link of the definition."""
        found = re.match(r"(?:(.*?),?\s+)?(https://\S+)$", self.text("Definition"), re.DOTALL)
        return (" ".join((found[1] or found[2]).split()), found[2]) if found else None


def markdown(text: str) -> str:
    """Keep Markdown from reading stars and brackets outside of code as its own."""
    parts = re.split(r"(`+[^`]*`+)", text)
    return "".join(p if p.startswith("`") else re.sub(r"([*_\[\]<>|])", r"\\\1", p) for p in parts)


def definition(name: str, doc: Doc) -> tuple[str, str] | None:
    """Where an op is defined: the standard's page, or what its docstring names."""
    stated = doc.definition()
    standard = TAG.search(doc.summary + doc.text(""))
    if stated is None and standard:
        return "Array API standard 2025.12", f"{STANDARD}.{standard[1] or name}.html"
    return stated


def signature(name: str, fn: Callable[..., Any]) -> str:
    """The call with annotations, over several lines where it is long."""
    try:
        found = inspect.signature(fn)
    except (TypeError, ValueError):
        return f"{name}(...)"
    text = re.sub(r"""(: |-> )(["'])(.*?)\2(?=[,)= ]|$)""", r"\1\3", f"{name}{found}")
    if len(text) <= 100:
        return text
    head, _, result = text.rpartition(") -> ")
    inside = head.partition("(")[2] if result else text.partition("(")[2].rstrip(")")
    parts, depth = [""], 0
    for letter in inside:
        depth += letter in "([{"
        depth -= letter in ")]}"
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    body = "".join(f"    {part.strip()},\n" for part in parts)
    return f"{name}(\n{body})" + (f" -> {result}" if result else "")


def described(name: str, fn: Callable[..., Any], doc: Doc) -> list[str]:
    """The lines of a page that the docstring and the signature give."""
    lines = [f"# {name}", "", markdown(doc.summary), "", "```python", signature(name, fn), "```"]
    if doc.text(""):
        lines += ["", markdown(doc.text(""))]
    for part, title in (("Args", "Arguments"), ("Attributes", "Attributes")):
        if items := list(doc.items(part)):
            lines += ["", f"## {title}", "", *(f"- `{n}`: {markdown(what)}" for n, what in items)]
    if doc.text("Returns"):
        lines += ["", "## Returns", "", markdown(doc.text("Returns"))]
    if items := list(doc.items("Raises")):
        lines += ["", "## Raises", "", *(f"- `{n}`: {markdown(what)}" for n, what in items)]
    if doc.text("Example"):
        lines += ["", "## Example", "", "```pycon", doc.text("Example"), "```"]
    return lines


# ---------------------------------------------------------------------------------------------------------------- ops


def served(op: Op, backend: Backend) -> str:
    """How a backend serves an op, in a table's words."""
    native = backend.native(op)
    if native is None:
        return "the composite's body" if op.is_composite else "no"
    path = backend.path_of(native) or native.__name__
    if not path.startswith("ivy_"):
        return f"`{path}`"
    inner = getattr(native, "same_dtype", None)
    over = backend.path_of(inner) if inner is not None else None
    return f"`{path}`" + (f", over `{over}`" if over and not over.startswith("ivy_") else "")


def op_page(op: Op, limits: dict[str, dict[str, dict[str, Any]]]) -> str:
    """The page of an op."""
    doc = Doc(op.doc)
    lines = described(f"ivy.{op.name}", op.declaration, doc)
    place = definition(op.name, doc)
    if place:
        lines += ["", "## Definition", "", f"[{markdown(place[0])}]({place[1]})"]
    kind = "A composite: it has a body in terms of other ops." if op.is_composite else "A primitive."
    lines += ["", "## Backends", "", kind, "", "| backend | served by |", "|---|---|"]
    notes = []
    for name, known in limits.items():
        limit = known.get(op.name)
        lines.append(f"| {name} | {served(op, get_backend(name)) if limit is None else 'no, see below'} |")
        if limit is not None:
            reason = limit["reason"]
            notes.append(f"- {name}: " + (f"[{reason}]({limit['link']})" if "link" in limit else reason))
    if notes:
        lines += ["", "Not served:", "", *notes]
    lines += ["", "Which dtypes each backend has: [data types](../dtypes.md)."]
    return "\n".join(lines) + "\n"


def path_of(op: Op) -> str:
    """A page's place below docs/api/."""
    return f"{op.chapter}/{op.name}.md"


# ------------------------------------------------------------------------------------------------------------- others


def others() -> dict[str, tuple[str, Any]]:
    """The public functions and classes of ``ivy`` that are no ops: page -> name and object."""
    found = {}
    for name in sorted(set(ivy.functional.__all__) | set(ivy._LAZY) | set(ivy.__all__)):
        value = getattr(ivy, name)
        module = getattr(value, "__module__", "") or ""
        chapter = OTHER_CHAPTERS.get(module, "")
        if module.startswith("ivy.functional.") and module not in OTHER_CHAPTERS:
            chapter = module.rpartition(".")[2]
        if hasattr(value, "__ivy_op__") or name.startswith("_") or not chapter or not callable(value):
            continue
        if not isinstance(value, DType):
            found[f"{chapter}/{name}.md"] = (name, value)
    return found


def array_page() -> str:
    """The page of `ivy.Array`: operators, methods and attributes."""
    doc = Doc(Array.__doc__ or "")
    lines = [*described("ivy.Array", Array, doc), "", "## Operators", "", "| operator | function |", "|---|---|"]
    pairs = [(f"__{name}__", target) for name, target in BINARY.items()] + list(OTHERS.items())
    lines += [f"| `{name}` | [ivy.{op}]({path_of(OPS[op])}) |" for name, op in pairs]
    lines += [
        "",
        "Those of two operands have a reflected form too (`__radd__`); arithmetic ones also work in place.",
    ]
    lines += ["", "## Methods that are functions", "", "| method | function |", "|---|---|"]
    lines += [f"| `{name}` | [ivy.{name}]({path_of(OPS[name])}) |" for name in METHODS]
    lines += ["", "## Its own methods and attributes", ""]
    listed = {*(n for n, _ in pairs), *METHODS}
    for name, value in vars(Array).items():
        text = getattr(value, "__doc__", None)
        if name in listed or not text or text.startswith("See `ivy.") or name.startswith("__ivy"):
            continue
        if isinstance(value, property) or (inspect.isfunction(value) and value.__qualname__.startswith("Array.")):
            lines.append(f"- `{name}`: {markdown(Doc(text).summary)}")
    return "\n".join(lines) + "\n"


def dtypes_page(names: tuple[str, ...]) -> str:
    """The table of dtypes and backends."""
    lines = [
        *("# Data types", "", "Which dtypes each backend has. JAX has 64-bit types once `jax_enable_x64` is set;"),
        *("without that it makes 32-bit arrays where 64 bits are asked for.", ""),
        *(f"| dtype | {' | '.join(names)} |", "|---" * (1 + len(names)) + "|"),
    ]
    for dtype in DType:
        cells = []
        for name in names:
            module = get_backend(name).module
            narrowed = getattr(module, "canonical_dtype", lambda given: given)(dtype)
            try:
                module.native_dtype(dtype)
            except Exception:
                cells.append("no")
            else:
                cells.append("yes" if str(narrowed) == str(dtype) else f"as `{narrowed}`")
        lines.append(f"| `ivy.{dtype}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def pages(names: tuple[str, ...], limits: dict[str, dict[str, dict[str, Any]]]) -> dict[str, str]:
    """Every page by its place below docs/api/.

    Args:
        names: backends, in the order of the tables' columns.
        limits: backend -> what it says it can't do, by op name.

    Returns:
        Texts by relative path.
    """
    found = {path_of(op): op_page(op, limits) for op in OPS.values()}
    chapters: dict[str, dict[str, str]] = {}
    for op in OPS.values():
        chapters.setdefault(op.chapter, {})[f"ivy.{op.name}"] = path_of(op)
    for path, (name, value) in others().items():
        assert path not in found, path
        found[path] = "\n".join(described(f"ivy.{name}", value, Doc(value.__doc__ or ""))) + "\n"
        chapters.setdefault(path.partition("/")[0], {})[f"ivy.{name}"] = path
    found |= {"array.md": array_page(), "dtypes.md": dtypes_page(names)}
    lines = [
        *("# The functions of Ivy", "", "Made by `scripts/tables.py` from the code; do not edit.", ""),
        "- [ivy.Array](array.md): operators, methods and attributes",
        "- [data types](dtypes.md): which backend has which",
        "- [support](../support.md): how every backend serves every op",
    ]
    for chapter in sorted(chapters):
        first = sys.modules.get(f"ivy.functional.{chapter}")
        lines += ["", f"## {chapter}", ""]
        if first is not None and first.__doc__:
            lines += [markdown(first.__doc__.split("\n\n")[0].replace("\n", " ")), ""]
        for name, path in sorted(chapters[chapter].items()):
            summary = found[path].split("\n")[2]
            lines.append(f"- [{name}]({path}): {summary}")
    found["index.md"] = "\n".join(lines) + "\n"
    return found


def write(folder: Path, texts: dict[str, str], *, check: bool) -> list[str]:
    """Bring a folder of pages up to date, removing those of functions that are gone; or only say what is stale.

    Returns:
        A line for every page that differed.
    """
    stale = []
    for path, text in texts.items():
        file = folder / path
        if file.is_file() and file.read_text() == text:
            continue
        stale.append(f"{file.relative_to(folder.parent.parent)} is out of date")
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    for file in sorted(folder.rglob("*.md")):
        if str(file.relative_to(folder)) not in texts:
            stale.append(f"{file.relative_to(folder.parent.parent)} belongs to no function")
            if not check:
                file.unlink()
    return stale
