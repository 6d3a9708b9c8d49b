import mlx.core as mx
from ivy.graph.containers import flatten, unflatten

stop_gradient = mx.stop_gradient


def vjp(fun, /, *primals):
    leaves, tree = flatten(primals)
    structure = None

    def flat(*values):
        nonlocal structure
        found, structure = flatten(fun(*unflatten(tree, values)))
        return found

    outputs = flat(*leaves)

    def pull(cotangents):
        _, found = mx.vjp(flat, leaves, [_like(c, y) for c, y in zip(flatten(cotangents)[0], outputs, strict=True)])
        return unflatten(tree, found)

    return unflatten(structure, outputs), pull


def _like(cotangent, y):
    return mx.zeros_like(y) if cotangent is None else cotangent.astype(y.dtype)
