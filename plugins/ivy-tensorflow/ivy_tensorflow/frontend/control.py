"""Branches, loops, lists of tensors and functions with their own derivative, as captured graphs call them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy_tensorflow.frontend.table import array, is_array, numbers, public, raw, size_of


@raw("If", "StatelessIf")
def raw_if(
    cond: Any, then_branch: Callable[..., Any], else_branch: Callable[..., Any], input: Any = (), **kw: Any
) -> Any:
    if not is_array(cond):
        return (then_branch if cond else else_branch)(*input)
    pred = cond if dtype_of(cond) == "bool" else F.not_equal(cond, 0)
    return F.cond(pred, then_branch, else_branch, *input)


@public("cond")
def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    return raw_if(pred, true_fn, false_fn)


@raw("Case", "StatelessCase")
def raw_case(branch_index: Any, branches: Sequence[Callable[..., Any]], input: Any = (), **kw: Any) -> Any:
    branches = list(branches)
    last = len(branches) - 1
    if not is_array(branch_index):
        return branches[branch_index if 0 <= branch_index <= last else last](*input)
    outside = F.logical_or(F.less(branch_index, 0), F.greater(branch_index, last))
    return F.switch(F.where(outside, last, branch_index), branches, *input)


@public("switch_case")
def switch_case(branch_index: Any, branch_fns: Any, default: Callable[[], Any] | None = None) -> Any:
    fns = [branch_fns[k] for k in sorted(branch_fns)] if isinstance(branch_fns, dict) else list(branch_fns)
    return raw_case(branch_index, fns if default is None else [*fns, default])


@raw("While", "StatelessWhile")
def raw_while(
    input: Any,
    body: Callable[..., Any],
    cond: Callable[..., Any] | None = None,
    trip_count: int | None = None,
    **kw: Any,
) -> Any:
    """Run a loop; one whose steps are counted becomes a scan, which every target can differentiate."""
    state = tuple(input)
    if trip_count is None:
        return F.while_loop(cond, body, state)
    if not trip_count:
        return state
    return F.scan(lambda carry, _: (tuple(body(carry)), ()), state, (), length=trip_count)[0]


@public("while_loop")
def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    maximum_iterations: Any = None,
) -> Any:
    state = tuple(array(x) for x in loop_vars)
    if maximum_iterations is None:
        return F.while_loop(lambda s: cond(*s), lambda s: tuple(body(*s)), state)
    counter = F.asarray(0, dtype="int32")
    found = F.while_loop(
        lambda s: F.logical_and(F.less(s[0], maximum_iterations), cond(*s[1])),
        lambda s: (F.add(s[0], 1), tuple(body(*s[1]))),
        (counter, state),
    )
    return found[1]


@public("map_fn", "vectorized_map")
def map_fn(fn: Callable[..., Any], elems: Any, **options: Any) -> Any:
    return F.map(fn, elems)


@public("scan")
def scan(fn: Callable[..., Any], elems: Any, initializer: Any = None, reverse: bool = False, **options: Any) -> Any:
    if initializer is None:
        first = F.get_item(elems, -1 if reverse else 0)
        rest = F.get_item(elems, slice(0, -1) if reverse else slice(1, None))
        found = scan(fn, rest, first, reverse)
        lead = F.expand_dims(first, axis=0)
        return F.concat([found, lead] if reverse else [lead, found], axis=0)

    def step(carry: Any, x: Any) -> Any:
        new = fn(carry, x)
        return new, new

    return F.scan(step, initializer, elems, reverse=reverse)[1]


@public("foldl")
def foldl(fn: Callable[..., Any], elems: Any, initializer: Any = None, **options: Any) -> Any:
    if initializer is None:
        initializer, elems = F.get_item(elems, 0), F.get_item(elems, slice(1, None))
    return F.scan(lambda carry, x: (fn(carry, x), ()), initializer, elems)[0]


@raw("CustomGradient")
def custom_gradient(fun: Callable[..., Any], fwd: Callable[..., Any], bwd: Callable[..., Any], args: Any) -> Any:
    """Call a function with its own derivative: what a captured `tf.custom_gradient` becomes."""
    return F.custom_vjp(fun, fwd, bwd, *args)


@raw("IdentityN")
def identity_n(input: Any) -> Any:
    return tuple(input)


# -- lists of tensors: arrays with the elements along the first axis ---------------------------------------------------


@raw("TensorListReserve", "EmptyTensorList")
def list_reserve(element_shape: Any, num_elements: Any = 0, element_dtype: Any = "float32", **ignored: Any) -> Any:
    return F.zeros((size_of(num_elements), *numbers(element_shape)), dtype=as_dtype(element_dtype))


@raw("TensorListSetItem")
def list_set(input_handle: Any, index: Any, item: Any, resize_if_index_out_of_bounds: bool = False) -> Any:
    if isinstance(index, int):
        return F.set_item(input_handle, index, item)
    row = F.expand_dims(item, axis=0)
    return F.dynamic_update_slice(input_handle, row, [index, *[0] * (row.ndim - 1)])


@raw("TensorListGetItem")
def list_get(input_handle: Any, index: Any, element_shape: Any = None, element_dtype: Any = None) -> Any:
    if isinstance(index, int):
        return F.get_item(input_handle, index)
    return F.take(input_handle, index, axis=0)


@raw("TensorListStack")
def list_stack(input_handle: Any, element_shape: Any = None, element_dtype: Any = None, num_elements: int = -1) -> Any:
    return input_handle


@raw("TensorListFromTensor")
def list_from_tensor(tensor: Any, element_shape: Any = None) -> Any:
    return tensor


@raw("TensorListPushBack")
def list_push(tensor: Any, input_handle: Any = None) -> Any:
    row = F.expand_dims(tensor, axis=0)
    return row if input_handle is None else F.concat([input_handle, row], axis=0)


@raw("TensorListResize")
def list_resize(input_handle: Any, size: Any) -> Any:
    n, wanted = input_handle.shape[0], size_of(size)
    if wanted <= n:
        return F.get_item(input_handle, slice(0, wanted))
    return F.pad(input_handle, [(0, wanted - n), *[(0, 0)] * (input_handle.ndim - 1)])


@raw("TensorListScatterV2", "TensorListScatter")
def list_scatter(tensor: Any, indices: Any, num_elements: Any, element_shape: Any = None) -> Any:
    base = F.zeros((size_of(num_elements), *tensor.shape[1:]), dtype=dtype_of(tensor))
    return F.set_item(base, (array(indices),), tensor)


@raw("TensorListScatterIntoExistingList")
def list_scatter_into(input_handle: Any, tensor: Any, indices: Any) -> Any:
    return F.set_item(input_handle, (array(indices),), tensor)
