"""What the decompositions of `ivy.linalg` return: tuples whose fields have the Array API standard's names."""

from __future__ import annotations

from typing import Any, NamedTuple


class EighResult(NamedTuple):
    """What `ivy.linalg.eigh` returns."""

    eigenvalues: Any
    eigenvectors: Any


class EigResult(NamedTuple):
    """What `ivy.linalg.eig` returns."""

    eigenvalues: Any
    eigenvectors: Any


class QRResult(NamedTuple):
    """What `ivy.linalg.qr` returns."""

    Q: Any
    R: Any


class SlogdetResult(NamedTuple):
    """What `ivy.linalg.slogdet` returns."""

    sign: Any
    logabsdet: Any


class SVDResult(NamedTuple):
    """What `ivy.linalg.svd` returns."""

    U: Any
    S: Any
    Vh: Any
