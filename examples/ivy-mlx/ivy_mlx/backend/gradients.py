import mlx.core as mx

from ivy.graph.containers import flatten, unflatten
from ivy_mlx.backend.creation import asarray

stop_gradient = mx.stop_gradient


def vjp(fun, /, *primals):
    leaves, tree = flatten(primals)
    structure = None

    def flat(*values):
        nonlocal structure
        found, structure = flatten(fun(*unflatten(tree, values)))
        return [asarray(y) for y in found]

    leaves = [asarray(x) for x in leaves]
    outputs = flat(*leaves)

    def pull(cotangents):
        given = [_like(c, y) for c, y in zip(flatten(cotangents)[0], outputs, strict=True)]
        return unflatten(tree, mx.vjp(flat, leaves, given)[1])

    return unflatten(structure, outputs), pull


def custom_vjp(fun, fwd, bwd, /, *args):
    leaves, tree = flatten(args)
    structure = None

    @mx.custom_function
    def flat(*values):
        nonlocal structure
        found, structure = flatten(fun(*unflatten(tree, values)))
        return tuple(found)

    @flat.vjp
    def pull(primals, cotangents, _):
        arguments = unflatten(tree, as_tuple(primals))
        found = bwd(fwd(*arguments)[1], unflatten(structure, as_tuple(cotangents)))
        gradients = []
        for argument, gradient in zip(arguments, found, strict=True):
            each, _ = flatten(argument)
            gradients += [None] * len(each) if gradient is None else flatten(gradient)[0]
        return tuple(_like(g, x) for g, x in zip(gradients, as_tuple(primals), strict=True))

    found = as_tuple(flat(*leaves))
    return unflatten(structure, found)


def as_tuple(x):
    return x if isinstance(x, (tuple, list)) else (x,)  # MLX unpacks tuples of one


def _like(cotangent, y):
    return mx.zeros_like(y) if cotangent is None else asarray(cotangent).astype(y.dtype)
