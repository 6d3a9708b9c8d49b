"""ATen operators that differ from the public function of the same name; the others follow from it (see `table`).

Definition: https://pytorch.org/docs/stable/torch.compiler_ir.html (core ATen IR) and aten's native_functions.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_torch.frontend.declare import api, view
from ivy_torch.frontend.nn.functional import loss
from ivy_torch.frontend.promotion import cast, is_array
from ivy_torch.frontend.shaping import tensor_reshape


def _plain_loss(f: Callable[..., Any]) -> Callable[..., Any]:
    """Take the reduction, as a number, where the public function has deprecated arguments."""

    def call(input: Any, target: Any, reduction: Any = 1, **kwargs: Any) -> Any:
        return f(input, target, reduction=reduction, **kwargs)

    return call


for _name in ("mse_loss", "l1_loss", "soft_margin_loss", "multilabel_margin_loss"):
    api(f"aten.{_name}", f"_nn.{_name}")(_plain_loss(getattr(loss, _name)))


@api("aten.huber_loss", "_nn.huber_loss")
def huber_loss(input: Any, target: Any, reduction: Any = 1, delta: float = 1.0) -> Any:
    return loss.huber_loss(input, target, reduction, delta)


@api("aten.binary_cross_entropy", "_nn.binary_cross_entropy")
def binary_cross_entropy(input: Any, target: Any, weight: Any = None, reduction: Any = 1) -> Any:
    return loss.binary_cross_entropy(input, target, weight, reduction=reduction)


@api("aten.nll_loss", "aten.nll_loss2d", "aten.nll_loss_nd", "_nn.nll_loss", "_nn.nll_loss_nd", "_nn.nll_loss2d")
def nll_loss(input: Any, target: Any, weight: Any = None, reduction: Any = 1, ignore_index: int = -100) -> Any:
    return loss.nll_loss(input, target, weight, reduction=reduction, ignore_index=ignore_index)


@api("aten.nll_loss_forward", "aten.nll_loss2d_forward")
def nll_loss_forward(input: Any, target: Any, weight: Any, reduction: int, ignore_index: int) -> tuple[Any, Any]:
    found = nll_loss(input, target, weight, reduction, ignore_index)
    counted = ops.not_equal(target, ignore_index)
    share = ops.ones_like(target, dtype=dtype_of(input))
    if weight is not None:
        share = ops.take(weight, ops.where(counted, target, ops.zeros_like(target)), axis=0)
    total = ops.sum(ops.where(counted, share, ops.zeros_like(share)))
    return found, ops.zeros_like(total) if reduction == 0 else total


@api("aten.cross_entropy_loss")
def cross_entropy_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    reduction: Any = 1,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> Any:
    return loss.cross_entropy(
        input, target, weight, reduction=reduction, ignore_index=ignore_index, label_smoothing=label_smoothing
    )


@api("aten.multi_margin_loss", "_nn.multi_margin_loss")
def multi_margin_loss(
    input: Any, target: Any, p: int = 1, margin: float = 1.0, weight: Any = None, reduction: Any = 1
) -> Any:
    return loss.multi_margin_loss(input, target, p, margin, weight, reduction=reduction)


@view("aten._unsafe_view", "aten._reshape_alias", put="reshape")
def unsafe_view(input: Any, size: Sequence[int], *stride: Any) -> Any:
    return tensor_reshape(input, size)


@api("aten.copy")
def copy(input: Any, src: Any, non_blocking: bool = False) -> Any:
    if not is_array(src):
        return ops.full_like(input, src)
    return ops.broadcast_to(cast(src, dtype_of(input)), tuple(input.shape))


@api("aten._cdist_forward")
def cdist_forward(x1: Any, x2: Any, p: float, compute_mode: Any) -> Any:
    from ivy_torch.frontend.norms import cdist

    return cdist(x1, x2, p)


@api("aten._pdist_forward")
def pdist_forward(input: Any, p: float = 2) -> Any:
    from ivy_torch.frontend.norms import pdist

    return pdist(input, p)


@api("aten.sym_storage_offset", "Tensor.storage_offset")
def storage_offset(input: Any) -> int:
    return 0


@api("aten._efficientzerotensor")
def efficientzerotensor(size: Sequence[int], *, dtype: Any = None, **ignored: Any) -> Any:
    return ops.zeros(tuple(size), dtype=dtype or "float32")


@api("aten._new_zeros_with_same_feature_meta")
def new_zeros_with_same_feature_meta(input: Any, other: Any, *, self_num_batch_dims: int = 0) -> Any:
    return ops.zeros((*input.shape[:self_num_batch_dims], *other.shape), dtype=dtype_of(input))


@api("aten._assert_async", "aten._assert_tensor_metadata", "_assert_async", "aten._assert_scalar", "_assert")
def nothing(*args: Any, **kwargs: Any) -> None:
    return None


@api("aten._linalg_svd")
def linalg_svd(A: Any, full_matrices: bool = False, compute_uv: bool = True, *, driver: Any = None) -> Any:
    return tuple(ops.linalg.svd(A, full_matrices=bool(full_matrices)))


@api("aten._linalg_eigh")
def linalg_eigh(A: Any, UPLO: str = "L", compute_v: bool = True) -> Any:
    from ivy_torch.frontend.linalg import eigh

    return eigh(A, UPLO)


@api("aten._linalg_det")
def linalg_det(A: Any) -> tuple[Any, Any, Any]:
    from ivy_torch.frontend.linalg import lu_factor

    return (ops.linalg.det(A), *lu_factor(A))


@api("aten._linalg_slogdet")
def linalg_slogdet(A: Any) -> tuple[Any, Any, Any, Any]:
    from ivy_torch.frontend.linalg import lu_factor

    return (*ops.linalg.slogdet(A), *lu_factor(A))


@api("aten._linalg_solve_ex")
def linalg_solve_ex(A: Any, B: Any, *, left: bool = True, check_errors: bool = False) -> tuple[Any, ...]:
    from ivy_torch.frontend.linalg import lu_factor, solve

    return (solve(A, B, left=left), *lu_factor(A), ops.zeros(tuple(A.shape[:-2]), dtype="int32"))


@api("aten._embedding_bag", "aten._embedding_bag_forward_only")
def embedding_bag(
    weight: Any,
    indices: Any,
    offsets: Any,
    scale_grad_by_freq: bool = False,
    mode: int = 0,
    sparse: bool = False,
    per_sample_weights: Any = None,
    include_last_offset: bool = False,
    padding_idx: int = -1,
) -> tuple[Any, None, None, None]:
    found = ops.embedding_bag(
        weight,
        indices,
        offsets,
        per_sample_weights,
        mode=("sum", "mean", "max")[mode],
        include_last_offset=include_last_offset,
        padding_idx=None if padding_idx < 0 else padding_idx,
    )
    return found, None, None, None


@api("max_pool2d_with_indices_backward")
def max_pool2d_with_indices_backward(
    grad_output: Any,
    input: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
    indices: Any,
) -> Any:
    lead, size = tuple(input.shape[:-2]), input.shape[-2] * input.shape[-1]
    flat = ops.zeros((*lead, size), dtype=dtype_of(input))
    at, values = (ops.reshape(x, (*lead, -1)) for x in (indices, grad_output))
    return ops.reshape(ops.put_along_axis(flat, at, values, axis=-1, mode="add"), tuple(input.shape))
