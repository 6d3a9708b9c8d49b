"""The seed of a run: which cases of the sweeps it takes, and what it draws."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from sampling import VARIABLE, in_sample, sample_seed

NAMES = [f"test_conformance.py::test_agrees[{backend}-{i}]" for backend in ("jax", "torch") for i in range(300)]


def git(folder: Path, *command: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *command], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):  # as in a hook of git's
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("share", [2, 5, 16, 30])
@pytest.mark.parametrize("first", [0, 7, 1234])
def test_commits_in_a_row_take_every_case(share: int, first: int) -> None:
    taken = [{n for n in NAMES if in_sample(n, share, seed)} for seed in range(first, first + 2 * share)]
    assert set.union(*taken) == set(NAMES)
    assert max(map(len, taken)) < 3 * len(NAMES) / share


@pytest.mark.parametrize("step", [2, 3, 5, 6, 30])
def test_a_regular_choice_of_commits_takes_every_case(step: int) -> None:
    taken = {n for seed in range(0, 300 * step, step) for n in NAMES if in_sample(n, 30, seed)}
    assert taken == set(NAMES)


def test_every_commit_has_another_seed(tmp_path: Path, unset: None) -> None:
    seeds = []
    for i in range(3):
        here = tmp_path / str(i)  # the answer for a folder is kept
        here.mkdir()
        if not i:
            git(tmp_path, "init")
        git(tmp_path, "commit", "--allow-empty", "-m", str(i))
        seeds.append(sample_seed(here))
    assert seeds == [1, 2, 3]


def test_shallow_clones_take_the_hash(tmp_path: Path, unset: None) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    git(whole, "init")
    for i in range(3):
        git(whole, "commit", "--allow-empty", "-m", str(i))
    git(tmp_path, "clone", "--depth", "1", whole.as_uri(), "shallow")
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=whole, check=True, capture_output=True, text=True).stdout
    assert sample_seed(tmp_path / "shallow") == int(head[:8], 16)


def test_without_git_the_seed_is_fixed(tmp_path: Path, unset: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert sample_seed(tmp_path / "a") == 0
    monkeypatch.setenv("PATH", "")
    assert sample_seed(tmp_path / "b") == 0


def test_the_variable_overrides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "41")
    assert sample_seed(tmp_path) == 41
    monkeypatch.setenv(VARIABLE, "-1")
    with pytest.raises(ValueError, match=VARIABLE):
        sample_seed(tmp_path)


def test_the_header_tells_the_seed(request: pytest.FixtureRequest) -> None:
    lines = request.config.hook.pytest_report_header(config=request.config, start_path=Path(), startdir=None)
    assert any(f"{VARIABLE}={sample_seed()}" in str(line) for line in lines)
