"""Dummy plugins: real distributions' metadata and modules, written into a temporary folder on the path."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import ivy

Install = Callable[..., str]

GOOD = """
    from ivy import PluginInfo, hookimpl

    @hookimpl
    def ivy_plugin_info():
        return PluginInfo(name={name!r}, api_version=1, {facts})
"""


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the developer's own, and a registry that is fresh before and after."""
    for variable in ("IVY_DISABLE_PLUGIN_AUTOLOAD", "IVY_PLUGINS", "IVY_BLOCK_PLUGINS"):
        monkeypatch.delenv(variable, raising=False)
    ivy.refresh_plugins()
    yield
    monkeypatch.undo()
    ivy.refresh_plugins()


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clean_environment: None) -> Iterator[Install]:
    """Install a dummy plugin: ``install("good", facts="framework='pytest'", body="...")``; returns its distribution."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def write(name: str, *, facts: str = "", body: str | None = None, extra: str = "", dist: str | None = None) -> str:
        dist = dist or f"ivy-{name}"
        package = dist.replace("-", "_")
        folder = tmp_path / package
        folder.mkdir()
        (folder / "__init__.py").touch()
        text = textwrap.dedent(GOOD).format(name=name, facts=facts) if body is None else textwrap.dedent(body)
        (folder / "plugin.py").write_text(text + textwrap.dedent(extra))
        info = tmp_path / f"{package}-1.5.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: 1.5\n")
        (info / "entry_points.txt").write_text(f"[ivy.plugins]\n{name} = {package}.plugin\n")
        ivy.refresh_plugins()
        return dist

    yield write
    for name in set(sys.modules) - before:
        if name.startswith("ivy_") and str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
