"""What an installation without some module systems says: which converters work, and how to install what others lack."""

from __future__ import annotations

import importlib.abc
import importlib.metadata
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import ivy
from ivy.cli import app
from ivy.errors import PluginError
from ivy.plugins import find_converter, refresh_plugins

ROOT = Path(__file__).parents[2]
DISTRIBUTIONS = {"flax": "flax", "dm-haiku": "haiku", "equinox": "equinox", "keras": "keras"}  # -> what is imported
LACKING = {
    "flax": ("jax", {"flax": 'pip install "ivy-jax[flax]"', "linen": "pip install flax"}),
    "dm-haiku": ("jax", {"haiku": 'pip install "ivy-jax[haiku]"'}),
    "equinox": ("jax", {"equinox": 'pip install "ivy-jax[equinox]"'}),
    "keras": ("tensorflow", {"keras": "pip install keras"}),
}


class Blocker(importlib.abc.MetaPathFinder):
    """Fails for the packages that are hidden."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.partition(".")[0] == self.package:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.fixture
def hidden(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A distribution that is neither installed nor importable for this test."""
    missing = str(request.param)
    known = importlib.metadata.version

    def version(name: str) -> str:
        if name == missing:
            raise importlib.metadata.PackageNotFoundError(name)
        return known(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(sys, "meta_path", [Blocker(DISTRIBUTIONS[missing]), *sys.meta_path])
    for name in [n for n in sys.modules if n.partition(".")[0] == DISTRIBUTIONS[missing]]:
        monkeypatch.delitem(sys.modules, name)
    refresh_plugins()
    yield missing
    monkeypatch.undo()
    refresh_plugins()


@pytest.mark.parametrize("hidden", LACKING, indirect=True)
def test_what_is_missing_is_named(hidden: str) -> None:
    plugin, systems = LACKING[hidden]
    pytest.importorskip(f"ivy_{plugin}")
    (status,) = [p for p in ivy.plugins() if p.name == plugin]
    assert status.ok
    assert dict(status.missing) == {f"converter:{name}": command for name, command in systems.items()}
    assert not {f"converter:{name}" for name in systems} & set(status.provides)
    assert "backend" in status.provides
    for name, command in systems.items():
        with pytest.raises(PluginError) as caught:
            find_converter(name)
        assert hidden in str(caught.value)
        assert command in str(caught.value)
    result = CliRunner().invoke(app, ["plugins"])
    assert result.exit_code == 0, result.output
    for name, command in systems.items():
        assert f"{plugin}: no converter:{name}; {command}" in result.output


@pytest.mark.parametrize("hidden", ["flax"], indirect=True)
def test_the_first_lines_without_flax(hidden: str) -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(PluginError, match=r"pip install .*flax"):
        ivy.transpile(torch.nn.Linear(2, 2), source="torch", to="jax")


def test_nothing_is_missing_here() -> None:
    assert not [p.name for p in ivy.plugins() if p.ok and p.framework_version and p.missing]


def test_the_jax_plugin_brings_what_the_first_page_shows() -> None:
    project = tomllib.loads((ROOT / "plugins" / "ivy-jax" / "pyproject.toml").read_text())["project"]
    assert {"jax", "flax", "dm-haiku"} <= {r.partition(">")[0] for r in project["dependencies"]}
    assert "equinox" in project["optional-dependencies"]
