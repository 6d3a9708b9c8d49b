"""Every primitive of JAX is handled, or known not to be, with a reason."""

import tomllib
from pathlib import Path

import jax
import pytest
from jax import lax
from jax.extend.core import primitives

import ivy_jax
from ivy_jax.capture.equations import handles
from ivy_jax.frontend import frontend

KNOWN = tomllib.loads((Path(ivy_jax.__file__).parent / "support.toml").read_text())["frontend"]


def _primitives():
    return {
        getattr(space, n).name
        for space in (lax, lax.linalg, primitives)
        for n in dir(space)
        if n.endswith("_p") and hasattr(getattr(space, n), "name")
    }


@pytest.mark.parametrize("name", sorted(_primitives()))
def test_primitive_is_handled_or_excused(name):
    assert handles(name) != (name in KNOWN), KNOWN.get(name, f"{name} is neither handled nor in support.toml")


def test_excuses_are_of_primitives_that_exist():
    assert set(KNOWN) <= _primitives()
    assert all(entry["reason"] for entry in KNOWN.values())


# Names with no counterpart on arrays of other frameworks, or that only make other functions' arguments.
_NOT_FUNCTIONS = {
    "AccuracyMode", "ConvDimensionNumbers", "ConvGeneralDilatedDimensionNumbers", "DotAlgorithm",
    "DotAlgorithmPreset", "DotDimensionNumbers", "FftType", "GatherDimensionNumbers", "GatherScatterMode",
    "Precision", "PrecisionLike", "RaggedDotDimensionNumbers", "RandomAlgorithm", "RoundingMethod",
    "ScatterDimensionNumbers", "Tolerance",
}  # fmt: skip


def test_most_public_functions_of_lax_can_be_called_by_hand():
    names = {n for n in dir(lax) if not n.startswith("_") and not n.endswith("_p")} - _NOT_FUNCTIONS - {"linalg"}
    missing = {n for n in names if not frontend.supports(f"jax.lax.{n}")}
    assert len(missing) < 0.4 * len(names), sorted(missing)


def test_registered_public_names_exist_in_jax():
    frontend.load()
    internal = {"jax.custom_vjp", "jax.random.threefry2x32_p", "jax.random.random_bits_p"}
    unknown = []
    for path in frontend.entries:
        if path in internal or path.rpartition(".")[2].endswith("_p"):
            continue
        found = jax
        for part in path.split(".")[1:]:
            found = (
                getattr(found, part, None)
                if not (found is jax and part == "scipy")
                else __import__("jax.scipy.special").scipy
            )
            if found is None:
                unknown.append(path)
                break
    assert not unknown
