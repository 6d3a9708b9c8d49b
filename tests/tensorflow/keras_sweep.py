"""Compares keras.applications with their conversions; prints the rows of docs/models.md.

``python tests/tensorflow/keras_sweep.py [--target torch|flax|haiku|paddle] [--gradients] [name ...]``
"""

from __future__ import annotations

import argparse

import keras_zoo as zoo
from keras_comparing import compare


def main() -> None:
    """Print one row for each model and batch size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--target", default="torch")
    parser.add_argument("--gradients", action="store_true")
    options = parser.parse_args()
    for name in options.names or (zoo.GRADIENTS if options.gradients else zoo.APPLICATIONS):
        model = zoo.application(name)
        for batch in (2,) if options.gradients else (2, 3):
            try:
                v = compare(model, (zoo.images(name, batch),), system=options.target, grads=options.gradients)
            except Exception as error:
                print(f"| {name} | {batch} | | | {type(error).__name__}: {str(error)[:200]} |".replace("\n", " "))
                continue
            grads = f"{v.grads:.1e}" if options.gradients else ""
            print(f"| {name} | {batch} | {v.values:.1e} | {grads} | ok |", flush=True)


if __name__ == "__main__":
    main()
