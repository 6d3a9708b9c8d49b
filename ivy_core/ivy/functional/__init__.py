"""The functional API: every op and helper of all chapters, by its public name.

Importing this package declares the ops and imports no framework. The chapters live in files of their own; an op of the
``linalg`` or ``fft`` namespace is at ``ivy.linalg.det``, not here.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ivy.functional.registry import OPS

CHAPTERS = (
    "creation", "arithmetic", "comparison", "transcendental", "special", "manipulation", "indexing", "reductions",
    "searching", "sorting", "sets", "linalg", "fft", "activations", "convolution", "norms", "pooling", "attention",
    "embedding", "losses", "image", "random", "control_flow", "gradients", "recurrent",
    "bessel", "probability", "windows", "signal", "distances", "margins",
    "distributions", "regularisation", "gates", "statistics",
    "scattering", "joining", "matrices",
)  # fmt: skip
"""Names of the chapters, the same as those of the files in a plugin's ``backend`` folder."""


def _gather() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for chapter in CHAPTERS:
        module = importlib.import_module(f"{__name__}.{chapter}")
        for name in module.__all__:
            value = getattr(module, name)
            op = getattr(value, "__ivy_op__", None)
            if op is None or op.name == name:
                found[name] = value
    return found


def namespace(name: str) -> dict[str, Any]:
    """Return the ops of one namespace by their names in it.

    Args:
        name: ``"linalg"`` or ``"fft"``.

    Returns:
        Public functions, such as ``{"det": ..., "inv": ...}``.

    Example:
        >>> from ivy.functional import namespace
        >>> sorted(namespace("nothing"))
        []
    """
    return {n.removeprefix(f"{name}."): op.public for n, op in OPS.items() if n.startswith(f"{name}.")}


_public = _gather()
__all__ = list(_public)
globals().update(_public)

if TYPE_CHECKING:  # the names above are made, not written; type checkers take each for a function

    def __getattr__(name: str) -> Any: ...
