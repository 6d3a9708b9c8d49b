"""The command ``ivy``."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ivy._version import __version__
from ivy.errors import IvyError
from ivy.plugins import plugins as list_plugins

if TYPE_CHECKING:
    from ivy.plugins import PluginStatus

app = typer.Typer(
    name="ivy",
    help="Code and models of one framework, native in another.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def version() -> None:
    """Print the version of ivy-core."""
    typer.echo(__version__)


@app.command()
def plugins() -> None:
    """List the plugins, what they provide and why one does not load; imports no framework."""
    statuses = list_plugins()
    console = _console()
    if not statuses:
        console.print("no plugin is installed; try: pip install ivy-torch ivy-jax", markup=False)
        return
    table = Table("plugin", "version", "framework", "provides", title=f"ivy-core {__version__}", title_justify="left")
    for status in statuses:
        table.add_row(status.name, status.version or "-", _framework(status), _state(status))
    console.print(table)
    for status in statuses:
        for name, command in status.missing.items():
            console.print(Text(f"{status.name}: no {name}; {command}"))
    for status in statuses:
        if status.error is not None:
            console.print(Text(f"\n{status.error}"))
    if any(status.error is not None for status in statuses):
        raise typer.Exit(1)


@app.command()
def check(
    path: Annotated[str, typer.Argument(metavar="PATH:OBJ", help="a .py file or dotted module, then an attribute")],
    target: Annotated[str, typer.Option("--target", "--to", help="framework to check for")],
    source: Annotated[str | None, typer.Option(help="framework of the object; found out when left out")] = None,
    arg: Annotated[
        list[str] | None,
        typer.Option(help="an argument, in order: dtype[shape], as in 'float32[1,3,224,224]', or a Python literal"),
    ] = None,
) -> None:
    """List every call of an object that can't be translated, without running the target."""
    checker = importlib.import_module("ivy.transpiler.check").check
    args = None if arg is None else tuple(_argument(text) for text in arg)
    report = checker(_load_object(path), source=source, target=target, args=args)
    _console().print(Text(str(report)))
    if not report:
        raise typer.Exit(1)


def _argument(text: str) -> Any:
    """The abstract array, or the value, that ``--arg`` describes."""
    dtype, bracket, shape = text.partition("[")
    try:
        if bracket and shape.endswith("]") and dtype.isidentifier():
            from ivy.dtypes import as_dtype
            from ivy.graph.aval import Aval

            return Aval(tuple(int(n) for n in shape[:-1].split(",") if n.strip()), as_dtype(dtype))
        return ast.literal_eval(text)
    except (ValueError, SyntaxError) as error:
        raise IvyError(f"--arg {text!r} is no argument", hint="write float32[2,3] or a Python literal") from error


def _console() -> Console:
    # Not a terminal: no reason to wrap at 80 columns, which would cut names that a script looks for.
    return Console() if sys.stdout.isatty() else Console(width=160)


def _framework(status: PluginStatus) -> str:
    if status.framework is None:
        return "-"
    return f"{status.framework} {status.framework_version or '(not installed)'}"


def _state(status: PluginStatus) -> Text:
    if status.blocked is not None:
        return Text(f"blocked by {status.blocked}", style="yellow")
    if status.error is not None:
        return Text(f"failed: {status.error.what}", style="red")
    return Text(", ".join(status.provides) or "-")


def _load_object(path: str) -> Any:
    """The object that ``PATH:OBJ`` names."""
    place, _, name = path.rpartition(":")
    if not place:
        raise IvyError(f"{path!r} names no object", hint="write PATH:OBJ, as in model.py:Net or package.module:net")
    if place.endswith(".py"):
        file = Path(place).resolve()
        if not file.is_file():
            raise IvyError(f"there is no file {place}")
        sys.path.insert(0, str(file.parent))
        module_name = file.stem
    else:
        sys.path.insert(0, "")
        module_name = place
    value: Any = importlib.import_module(module_name)
    for part in name.split("."):
        if not hasattr(value, part):
            raise IvyError(f"{place} has no {name}")
        value = getattr(value, part)
    return value


def main() -> None:
    """Run the command line; an error of Ivy's own is printed without a traceback."""
    try:
        app()
    except IvyError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
