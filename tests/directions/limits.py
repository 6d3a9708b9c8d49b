"""What cannot be compared in a direction, and the framework's own reason for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """Why a cell has no gradients (`what` is "gradient"), or nothing at all ("all")."""

    what: str
    reason: str
    link: str = ""


_WHILE = "jax.lax.while_loop has no reverse derivative"
_WHILE_LINK = "https://docs.jax.dev/en/latest/_autosummary/jax.lax.while_loop.html"

# (source, target, function); "*" stands for every framework
LIMITS: dict[tuple[str, str, str], Limit] = {
    ("numpy", "*", "casts"): Limit("gradient", "difference quotients do not resolve float16"),
    ("jax", "*", "while_on_value"): Limit("gradient", _WHILE, _WHILE_LINK),
    ("jax", "*", "newton_iteration"): Limit("gradient", _WHILE, _WHILE_LINK),
    ("tensorflow", "jax", "while_on_value"): Limit("gradient", _WHILE, _WHILE_LINK),
    ("tensorflow", "jax", "newton_iteration"): Limit("gradient", _WHILE, _WHILE_LINK),
    ("paddle", "jax", "newton_iteration"): Limit("gradient", _WHILE, _WHILE_LINK),
    ("paddle", "*", "while_on_value"): Limit(
        "gradient",
        "paddle.static.nn.while_loop writes to its own inputs when it runs eagerly, and PaddlePaddle's gradient misses that",
    ),
    ("tensorflow", "*", "conv2d_grouped"): Limit(
        "gradient",
        "TensorFlow has no gradients of grouped convolutions on CPUs",
        "https://github.com/tensorflow/tensorflow/issues/29005",
    ),
}


def limit(source: str, target: str, name: str) -> Limit | None:
    """Return what limits a comparison, None if nothing does."""
    for key in ((source, target, name), (source, "*", name), ("*", target, name)):
        if key in LIMITS:
            return LIMITS[key]
    return None
