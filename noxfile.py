"""Development sessions: ``nox -l`` lists them, ``nox -s lint types tests`` runs some.

``./setup.sh test`` runs the default check without nox; the sessions here are the single steps and the long ones.
"""

from __future__ import annotations

import nox

nox.needs_version = ">=2024.4"
nox.options.sessions = ["lint", "types", "tests", "imports", "docs"]
nox.options.reuse_existing_virtualenvs = True

PLUGINS = ("numpy", "torch", "jax", "tensorflow", "paddle")
PYTHON = "3.11"


def install(session: nox.Session, *, dev: bool = True, plugins: tuple[str, ...] = PLUGINS) -> None:
    """Install the distributions from the checkout, with the pinned versions."""
    extras = {"jax": "[equinox]", "tensorflow": "[cpu]", "paddle": "[cpu]"}
    editable = ["-e", "ivy_core"]
    for name in plugins:
        editable += ["-e", f"plugins/ivy-{name}{extras.get(name, '')}"]
    requirements = ["-r", "scripts/requirements-dev.txt"] if dev else []
    session.install("-c", "constraints.txt", *requirements, *editable)
    if dev and "torch" in plugins:
        session.install("-c", "constraints.txt", "--no-deps", "timm", "kornia", "kornia_rs")


@nox.session(python=PYTHON)
def lint(session: nox.Session) -> None:
    """Ruff: the rules and the layout."""
    session.install("-c", "constraints.txt", "ruff")
    session.run("ruff", "check", *(session.posargs or ["."]))
    session.run("ruff", "format", "--check", *(session.posargs or ["."]))


@nox.session(python=PYTHON)
def types(session: nox.Session) -> None:
    """Mypy."""
    install(session)
    session.run("mypy", *session.posargs)


@nox.session(python=PYTHON)
def tests(session: nox.Session) -> None:
    """All tests that are not slow."""
    install(session)
    session.run("pytest", "-n", "2", "-m", "not slow", *session.posargs)


@nox.session(python=PYTHON)
def slow(session: nox.Session) -> None:
    """The slow tests."""
    install(session)
    session.run("pytest", "-m", "slow", *session.posargs)


@nox.session(python=PYTHON)
@nox.parametrize("plugin", PLUGINS)
def conformance(session: nox.Session, plugin: str) -> None:
    """One plugin's own tests, with only that plugin installed."""
    install(session, plugins=(plugin,), dev=False)
    session.install("-c", "constraints.txt", "pytest", "hypothesis")
    session.run("pytest", f"plugins/ivy-{plugin}", *session.posargs)


@nox.session(python=PYTHON)
def imports(session: nox.Session) -> None:
    """Nothing heavy is imported where it must not be; the core alone, without any plugin or framework."""
    install(session, plugins=(), dev=False)
    session.install("-c", "constraints.txt", "pytest")
    session.run("pytest", "tests/core/test_imports.py", *session.posargs)


@nox.session(python=PYTHON)
def snapshots(session: nox.Session) -> None:
    """The stored texts of generated code."""
    install(session)
    session.run("pytest", "-m", "snapshot", *session.posargs)


@nox.session(python=PYTHON)
def docs(session: nox.Session) -> None:
    """Generated tables are up to date."""
    install(session)
    session.run("python", "scripts/tables.py", "--check")


@nox.session(python=PYTHON)
def readme(session: nox.Session) -> None:
    """The README's two commands, in a fresh environment."""
    venv = session.create_tmp()
    session.run("./setup.sh", "demo", external=True, env={"IVY_VENV": f"{venv}/venv"})
    session.run("./setup.sh", "test", external=True, env={"IVY_VENV": f"{venv}/venv"})


@nox.session(python=PYTHON)
def readme_install(session: nox.Session) -> None:
    """The README's first lines, with what its first command installs: wheels, without the pinned versions."""
    session.run("scripts/readme_install.sh", session.create_tmp(), external=True)


@nox.session(python=PYTHON)
def bench(session: nox.Session) -> None:
    """The benchmarks."""
    install(session)
    session.run("pytest", "benchmarks", "--benchmark-only", *session.posargs)


@nox.session(python=PYTHON)
def downstream(session: nox.Session) -> None:
    """Real libraries."""
    install(session)
    session.run("pytest", "-m", "downstream", *session.posargs)
