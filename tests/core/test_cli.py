"""The command ``ivy``, in a process of its own and in this one."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

import ivy
from ivy import cli
from ivy.errors import IvyError

runner = CliRunner()


def test_version():
    result = runner.invoke(cli.app, ["version"])
    assert result.exit_code == 0
    assert result.output.strip() == ivy.__version__


def test_plugins_lists_what_a_plugin_provides(install):
    install("good", facts="framework='pytest', parts={'backend': 'ivy_good.backend'}")
    result = runner.invoke(cli.app, ["plugins"])
    assert result.exit_code == 0, result.output
    line = next(line for line in result.output.splitlines() if "good" in line)
    for text in ("1.5", f"pytest {pytest.__version__}", "backend"):
        assert text in line


def test_plugins_says_why_one_fails_and_exits_with_1(install):
    install("bad", body="import nosuchmodule")
    install("good")
    result = runner.invoke(cli.app, ["plugins"])
    assert result.exit_code == 1
    assert "good" in result.output
    assert "nosuchmodule" in result.output


def test_plugins_says_what_is_blocked(install, monkeypatch):
    install("good")
    monkeypatch.setenv("IVY_BLOCK_PLUGINS", "good")
    ivy.refresh_plugins()
    assert "blocked by IVY_BLOCK_PLUGINS" in runner.invoke(cli.app, ["plugins"]).output


def test_no_plugin(clean_environment, monkeypatch):
    monkeypatch.setattr(cli, "list_plugins", list)
    assert "pip install" in runner.invoke(cli.app, ["plugins"]).output


def test_load_object_from_a_file(tmp_path, monkeypatch):
    (tmp_path / "somemodel.py").write_text("class Net:\n    depth = 3\n")
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert cli._load_object(f"{tmp_path}/somemodel.py:Net.depth") == 3
    with pytest.raises(IvyError, match="has no nosuch"):
        cli._load_object(f"{tmp_path}/somemodel.py:nosuch")
    with pytest.raises(IvyError, match="no file"):
        cli._load_object(f"{tmp_path}/absent.py:Net")
    with pytest.raises(IvyError, match="PATH:OBJ"):
        cli._load_object("somemodel.py")


def test_error_without_traceback():
    done = subprocess.run(
        [sys.executable, "-m", "ivy.cli", "check", "nocolon", "--target", "jax"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "IvyError" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_prints_the_report_and_exits_with_1(tmp_path):
    pytest.importorskip("ivy_numpy")
    (tmp_path / "code_to_check.py").write_text(
        "import numpy as np\ndef good(x, k):\n    return np.sin(x) * k\ndef bad(x):\n    return np.spacing(x)\n"
    )
    run = [sys.executable, "-m", "ivy.cli", "check", "--source", "numpy", "--to", "numpy"]
    for name, args, code, text in (
        ("good", ["--arg", "float32[2,3]", "--arg", "2"], 0, "all 2 calls"),
        ("bad", ["--arg", "float32[2]"], 1, "numpy.spacing: 1 call"),
        ("good", [], 1, "takes arguments"),
        ("good", ["--arg", "float32[a]"], 1, "is no argument"),
    ):
        done = subprocess.run(
            [*run, f"{tmp_path}/code_to_check.py:{name}", *args], capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert text in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
