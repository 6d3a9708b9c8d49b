"""Cases of window functions, by those of SciPy."""

from __future__ import annotations

from typing import Any

from scipy.signal import windows

from ivy.dtypes import ALL as DTYPES
from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, Draw


def _window(op: str, name: str, *, rename: dict[str, str] | None = None, **choices: tuple[Any, ...]) -> None:
    """Register a window; `choices` are values of its parameters, the first of which is given always if it is alone."""
    names = rename or {}

    def reference(size: int, *, periodic: bool = True, dtype: Any = None, **options: Any) -> Any:
        defaults = {"kaiser": {"beta": 12.0}, "gaussian": {"std": 1.0}, "general_hamming": {"alpha": 0.54}}
        given = defaults.get(name, {}) | {names.get(k, k): v for k, v in options.items()}
        return getattr(windows, name)(size, **given, sym=not periodic)

    @case(op, reference, dtype=lambda *a, dtype=None, **k: DTYPES[dtype or "float32"])
    def _(d: Draw) -> Call:
        found = {key: d.of(*values) for key, values in choices.items() if key == "weights" or d.flag()}
        if d.flag():
            found["periodic"] = found.get("center") is not None or d.flag()
        if d.flag():
            found["dtype"] = d.dtype(FLOAT)
        return Call(d.of(7, 8, 1, 2, 0, 3), **found)


for _name in ("bartlett", "blackman", "cosine", "hamming", "hann", "nuttall"):
    _window(f"{_name}_window", _name)
_window("exponential_window", "exponential", tau=(2.0, 0.5), center=(0.0, 2.5))
_window("gaussian_window", "gaussian", std=(2.0, 0.4))
_window("kaiser_window", "kaiser", beta=(0.0, 3.5, 20.0))
_window("tukey_window", "tukey", alpha=(0.0, 1.0, 0.25))
_window("general_hamming_window", "general_hamming", alpha=(0.5, 0.7))
_window("general_cosine_window", "general_cosine", rename={"weights": "a"}, weights=((0.5, 0.3, 0.2), (1.0,)))
