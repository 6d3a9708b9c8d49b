"""What the generator knows of a framework's API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Dialect:
    """A framework's API as templates.

    Attributes:
        name: of the framework.
        header: lines that import it.
        templates: expressions by group; what starts with ``!`` is a statement, ``2=`` and the like give as many results.
        weights: how often a group is chosen.
        dtypes: what the source text calls them.
        int_array: expression for an array of integers, with a gap for the list.
        bool_array: likewise for booleans.
        fresh: expression for increasing numbers, with gaps for their number and shape.
        negative_steps: whether slices may go backwards.
        negative_places: whether integer arrays may count from the end.
        advanced: whether an index may hold arrays.
        masks: whether it may hold masks.
        lists: whether it may hold lists.
        none_axis: whether None stands for all axes.
        mutable: whether arrays can be written to.
        inputs: further dtypes of inputs.
        views: expressions that give views.
    """

    name: str
    header: str
    templates: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]
    dtypes: Mapping[str, str]
    int_array: str
    bool_array: str
    fresh: str
    negative_steps: bool = True
    negative_places: bool = True
    advanced: bool = True
    masks: bool = True
    lists: bool = True
    none_axis: bool = True
    mutable: bool = True
    inputs: tuple[str, ...] = ()
    views: tuple[str, ...] = field(default=())
