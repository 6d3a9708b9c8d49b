"""The operators that paddle's public functions emit, on every target; a fixed sample of them by default."""

from __future__ import annotations

import pytest
from paddle_cases import CASES, VALUES_ONLY
from paddle_compare import TARGETS, check

from ivy_paddle.capture import capture
from ivy_paddle.frontend import frontend


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", sorted(CASES))
def test_op(name, target):
    fn, arrays = CASES[name]
    check(fn, arrays, target, gradients=name not in VALUES_ONLY)


def test_cases_cover_most_operators_of_the_frontend():
    frontend.load()
    known = {p.removeprefix("paddle._C_ops.") for p in frontend.entries if p.startswith("paddle._C_ops.")}
    emitted = set()
    for fn, arrays in CASES.values():
        emitted |= {n.fn.removeprefix("paddle._C_ops.").rstrip("_") for n in capture(fn, arrays, {}).calls()}
    assert len(emitted & {k.rstrip("_") for k in known}) > 250
