"""Body of `einsum`: operands are brought to one label per axis and multiplied in pairs by `matmul`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy.functional._operands import promoted

Labels = tuple[Any, ...]
"""One for each axis: a letter, or the number of an axis that the ellipsis stands for, counted from its end."""


def _parsed(equation: str, ranks: Sequence[int]) -> tuple[list[Labels], Labels]:
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if len(terms) != len(ranks):
        raise ArgumentError(f"einsum equation {equation!r} is for {len(terms)} operands, not {len(ranks)}")
    found = []
    for term, rank in zip(terms, ranks, strict=True):
        hidden = rank - len(term.replace("...", ""))
        if hidden < 0 or (hidden and "..." not in term):
            raise ArgumentError(f"einsum term {term!r} does not fit an array with {rank} axes")
        found.append(_labels(term, hidden))
    most = max((x for labels in found for x in labels if isinstance(x, int)), default=0)
    if arrow:
        return found, _labels(output, most)
    letters = sorted(x for labels in found for x in labels if isinstance(x, str))
    return found, (*range(most, 0, -1), *(x for x in letters if letters.count(x) == 1))


def _labels(term: str, hidden: int) -> Labels:
    before, dots, after = term.partition("...")
    return (*before, *(range(hidden, 0, -1) if dots else ()), *after)


def _diagonals(x: Any, labels: Labels) -> tuple[Any, Labels]:
    """Merge the axes of an operand that have one label."""
    for label in dict.fromkeys(labels):
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            x = F.diagonal(x, axis1=first, axis2=second)
            labels = (*(y for i, y in enumerate(labels) if i not in (first, second)), label)
    return x, labels


def _summed(x: Any, labels: Labels, wanted: Any) -> tuple[Any, Labels]:
    places = tuple(i for i, label in enumerate(labels) if label not in wanted)
    if not places:
        return x, labels
    return F.sum(x, axis=places, dtype=dtype_of(x)), tuple(label for label in labels if label in wanted)


def _arranged(x: Any, labels: Labels, wanted: Labels) -> Any:
    order = tuple(labels.index(label) for label in wanted)
    return x if order == tuple(range(len(order))) else F.permute_dims(x, order)


def _paired(a: Any, of_a: Labels, b: Any, of_b: Labels, wanted: Any) -> tuple[Any, Labels]:
    """Multiply two operands and sum over the labels that both have and nothing else wants."""
    a, of_a = _summed(a, of_a, {*wanted, *of_b})
    b, of_b = _summed(b, of_b, {*wanted, *of_a})
    shared = tuple(x for x in of_a if x in of_b)
    batch, inner = tuple(x for x in shared if x in wanted), tuple(x for x in shared if x not in wanted)
    rows, columns = (tuple(x for x in own if x not in shared) for own in (of_a, of_b))
    size = dict(zip((*of_a, *of_b), (*a.shape, *b.shape), strict=True))

    def shape(*groups: Labels) -> tuple[int, ...]:
        return tuple(math.prod(size[x] for x in group) for group in groups)

    outer = tuple(size[x] for x in batch)
    left = F.reshape(_arranged(a, of_a, batch + rows + inner), outer + shape(rows, inner))
    right = F.reshape(_arranged(b, of_b, batch + inner + columns), outer + shape(inner, columns))
    found = F.matmul(left, right) if inner else F.multiply(left, right)
    labels = batch + rows + columns
    return F.reshape(found, tuple(size[x] for x in labels)), labels


def einsum(equation: str, /, *operands: Any) -> Any:
    arrays, _ = promoted(*operands)
    terms, output = _parsed(equation, [x.ndim for x in arrays])
    pairs = [_diagonals(x, labels) for x, labels in zip(arrays, terms, strict=True)]
    sizes: dict[Any, int] = {}
    for x, labels in pairs:
        for label, n in zip(labels, x.shape, strict=True):
            if sizes.setdefault(label, n) == 1:
                sizes[label] = n
            if n not in (1, sizes[label]):
                raise ArgumentError(f"einsum label {label!r} of {equation!r} has sizes {sizes[label]} and {n}")
    # an axis of length one meets a longer one as if it weren't there
    for i, (x, labels) in enumerate(pairs):
        ones = tuple(a for a, label in enumerate(labels) if x.shape[a] == 1 != sizes[label])
        if ones:
            pairs[i] = (F.squeeze(x, axis=ones), tuple(y for a, y in enumerate(labels) if a not in ones))
    (found, labels), *rest = pairs
    for i, (x, own) in enumerate(rest):
        later = {label for _, others in rest[i + 1 :] for label in others}
        found, labels = _paired(found, labels, x, own, {*output, *later})
    found, labels = _summed(found, labels, output)
    return _arranged(found, labels, output)
