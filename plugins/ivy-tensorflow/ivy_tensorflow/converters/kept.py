"""What calls leave on a converted model beside its own variables, in `tf.Variable`s that nothing else tracks."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from ivy.graph.kept import Kept, Left
from ivy.transpiler.held import refuse_kept

__all__ = ["KeptVariables"]


class KeptVariables:
    """The state of a model; it grows in eager calls, and is assigned to in a `tf.function` too."""

    def __init__(self) -> None:
        self._structure: Any = ()
        self._needed: Any = ()
        self._variables: dict[str, tf.Variable] = {}

    def __deepcopy__(self, memo: Any) -> KeptVariables:
        new = KeptVariables()
        new._structure, new._needed = self._structure, self._needed
        new._variables = {name: tf.Variable(v, trainable=False) for name, v in self._variables.items()}
        return new

    def now(self) -> Kept:
        """Return the state."""
        arrays = {name: tf.convert_to_tensor(v) for name, v in self._variables.items()}
        return Kept(self._structure, arrays, self._needed)

    def keep(self, kept: Kept, updates: dict[str, Any]) -> None:
        """Keep the state that a call leaves.

        Args:
            kept: the state before.
            updates: the call's updates; the arrays of the state are taken out.

        Raises:
            CaptureError: within a `tf.function`, if the state gets another form.
        """
        if type(updates) is not Left:
            return
        new = kept.after(updates)
        mine = self._variables
        if new.structure == self._structure and all(_fits(mine[name], x) for name, x in new.arrays.items()):
            for name, x in new.arrays.items():
                mine[name].assign(x)
        elif tf.inside_function():
            refuse_kept(updates.stored, "tf.function before an eager call has given it its form")
        else:
            self._variables = {name: tf.Variable(x, trainable=False) for name, x in new.arrays.items()}
            self._structure, self._needed = new.structure, new.needed


def _fits(variable: tf.Variable, x: Any) -> bool:
    return variable.dtype == x.dtype and variable.shape == x.shape
