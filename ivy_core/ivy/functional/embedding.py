"""Embeddings: rows of a table."""

from __future__ import annotations

from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError, ShapeError
from ivy.functional._precision import narrow, widen
from ivy.functional.creation import arange
from ivy.functional.elementwise import maximum
from ivy.functional.indexing import take, where
from ivy.functional.linalg import matmul
from ivy.functional.manipulation import astype, concat, expand_dims, reshape
from ivy.functional.reductions import max as amax
from ivy.functional.reductions import sum as total
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = ["embedding", "embedding_bag"]


@composite
def embedding(weight: Array, indices: Array, /) -> Array:
    """Look rows up in a table.

    Args:
        weight: shape ``(rows, width)``.
        indices: any shape, integers.

    Returns:
        Shape ``(*indices.shape, width)``, dtype of `weight`.

    Definition:
        torch.nn.functional.embedding, https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.embedding(np.eye(3), np.asarray([2])).tolist()
        [[0.0, 0.0, 1.0]]
    """
    rows = take(weight, reshape(indices, (-1,)), axis=0)
    return reshape(rows, (*indices.shape, *weight.shape[1:]))


@composite
def embedding_bag(
    weight: Array,
    indices: Array,
    offsets: Array | None = None,
    per_sample_weights: Array | None = None,
    /,
    *,
    mode: str = "mean",
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Array:
    """Look rows up and reduce them bag by bag (torch's ``embedding_bag``).

    Args:
        weight: shape ``(rows, width)``.
        indices: shape ``(bags, size)``, or ``(n,)`` with `offsets`; integers.
        offsets: shape ``(bags,)``: where each bag starts in `indices`.
        per_sample_weights: of the shape of `indices`: factors of the rows, for ``"sum"``.
        mode: ``"sum"``, ``"mean"`` or ``"max"``.
        include_last_offset: whether `offsets` has a further entry, the end.
        padding_idx: rows with this index don't count.

    Returns:
        Shape ``(bags, width)``, dtype of `weight`; zeros for empty bags.

    Raises:
        ArgumentError: if the arguments don't go together.

    Definition:
        torch.nn.functional.embedding_bag,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding_bag.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.embedding_bag(np.eye(3), np.asarray([[0, 2]]), mode="sum").tolist()
        [[1.0, 0.0, 1.0]]
    """
    if mode not in ("sum", "mean", "max"):
        raise ArgumentError(f"mode must be 'sum', 'mean' or 'max', not {mode!r}")
    if per_sample_weights is not None and mode != "sum":
        raise ArgumentError(f"per_sample_weights go with mode='sum' only, not {mode!r}")
    if (offsets is None) != (indices.ndim == 2):
        raise ShapeError("embedding_bag takes indices of 2 axes without offsets, or of 1 axis with offsets")
    rows = widen(embedding(weight, indices))
    if per_sample_weights is not None:
        rows = rows * expand_dims(widen(per_sample_weights), axis=-1)
    flat = reshape(indices, (-1,))
    count, width = flat.shape[0], weight.shape[1]
    # member[bag, i]: whether row i belongs to the bag and counts
    place = expand_dims(arange(count, dtype="int64"), axis=0)
    if offsets is None:
        bags, size = indices.shape
        start = expand_dims(arange(bags, dtype="int64") * size, axis=-1)
        member = (place >= start) & (place < start + size)
    else:
        start = expand_dims(astype(offsets, "int64"), axis=-1)
        if include_last_offset:
            start, end = start[:-1], start[1:]
        else:
            end = concat([start[1:], expand_dims(arange(count, count + 1, dtype="int64"), axis=-1)], axis=0)
        member = (place >= start) & (place < end)
    if padding_idx is not None:
        member = member & expand_dims(flat != padding_idx % weight.shape[0], axis=0)
    rows = reshape(rows, (count, width))
    if mode == "max":
        empty = total(astype(member, dtype_of(rows)), axis=1, keepdims=True) == 0
        best = amax(where(expand_dims(member, axis=-1), expand_dims(rows, axis=0), float("-inf")), axis=1)
        return narrow(where(empty, 0.0, best), weight)
    share = astype(member, dtype_of(rows))
    sums = matmul(share, rows)
    if mode == "mean":
        sums = sums / maximum(total(share, axis=1, keepdims=True), 1.0)
    return narrow(sums, weight)
