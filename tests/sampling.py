"""The seed of what a test run draws: another one for every commit, the same one for the same commit."""

from __future__ import annotations

import os
import random
import subprocess
import zlib
from functools import cache
from pathlib import Path

__all__ = ["in_sample", "sample_seed"]

VARIABLE = "IVY_TEST_SAMPLE"


def sample_seed(folder: Path | None = None) -> int:
    """Return the seed of this test run.

    It is the number of commits up to the one that is checked out, so that a row of commits goes through the shares of a
    sweep one after the other; in a shallow clone, which does not know that number, it is made of the commit's hash.
    Without git it is 0. The environment variable ``IVY_TEST_SAMPLE`` overrides it.

    Args:
        folder: a folder in the checkout; the working directory by default.

    Returns:
        The seed, zero or more.

    Raises:
        ValueError: if ``IVY_TEST_SAMPLE`` is not such a number.

    Example:
        >>> sample_seed() >= 0
        True
    """
    given = os.environ.get(VARIABLE)
    if given:
        if not given.isdecimal():
            raise ValueError(f"{VARIABLE}={given!r} is no whole number, zero or more")
        return int(given)
    return _of_commit(Path.cwd() if folder is None else folder)


@cache
def _of_commit(folder: Path) -> int:
    if _git(folder, "rev-parse", "--is-shallow-repository") == "false":
        return int(_git(folder, "rev-list", "--count", "HEAD") or "0")
    return int(_git(folder, "rev-parse", "HEAD")[:8] or "0", 16)


def _git(folder: Path, *command: str) -> str:
    """Return what git prints; nothing where there is no git, no repository or no commit."""
    try:
        done = subprocess.run(["git", *command], cwd=folder, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def in_sample(name: str, share: int, seed: int) -> bool:
    """Tell whether a case belongs to the sample.

    Args:
        name: what the case is called; its share follows from that, wherever else the sweep changes.
        share: one case in how many is taken.
        seed: as `sample_seed` gives it. `share` seeds in a row, from a multiple of `share` on, take every case once;
            the order is another one in the next row, so that a regular choice of commits misses nothing for long.

    Returns:
        Whether it is taken.

    Example:
        >>> sum(in_sample("a case", 30, seed) for seed in range(60, 90))
        1
    """
    return zlib.crc32(name.encode()) % share == _turn(share, seed)


@cache
def _turn(share: int, seed: int) -> int:
    row, place = divmod(seed, share)
    return random.Random(row).sample(range(share), share)[place]
