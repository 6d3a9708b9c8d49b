"""The named tuples that torch functions with several results return (``torch.return_types``)."""

from __future__ import annotations

from collections import namedtuple

_FIELDS = {
    "values indices": "max min sort topk kthvalue mode median nanmedian cummax cummin",
    "min max": "aminmax",
    "mantissa exponent": "frexp",
    "hist bin_edges": "histogram histogramdd",
    "eigenvalues eigenvectors": "linalg_eig linalg_eigh",
    "Q R": "qr linalg_qr",
    "a tau": "geqrf",
    "U S V": "svd",
    "U S Vh": "linalg_svd",
    "sign logabsdet": "slogdet linalg_slogdet",
    "P L U": "linalg_lu lu_unpack",
    "LU pivots": "linalg_lu_factor",
    "LU pivots info": "linalg_lu_factor_ex",
    "LD pivots": "linalg_ldl_factor",
    "LD pivots info": "linalg_ldl_factor_ex",
    "L info": "linalg_cholesky_ex",
    "inverse info": "linalg_inv_ex",
    "result info": "linalg_solve_ex",
    "solution residuals rank singular_values": "linalg_lstsq",
    "solution cloned_coefficient": "triangular_solve",
}

for _fields, _names in _FIELDS.items():
    for _name in _names.split():
        globals()[_name] = namedtuple(_name, _fields)  # noqa: PYI024


def __getattr__(name: str) -> type:
    raise AttributeError(name)  # the classes are made above; this tells type checkers that there are any
