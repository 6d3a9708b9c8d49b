"""paddle's own layers alone against torch's and nnx's."""

from __future__ import annotations

import kit
import layer_cases as cases
import pytest

pytest.importorskip("ivy_paddle.loading")  # paddle in a process that may have TensorFlow
pytest.importorskip("torch")
pytest.importorskip("flax.nnx")

SYSTEMS = {"torch": kit.torch_system(), "nnx": kit.nnx_system(), "paddle": kit.paddle_system()}
CASES = {"torch": cases.torch_cases(odd=False), "nnx": cases.nnx_cases(odd=False), "paddle": cases.paddle_cases()}
PAIRS = [("torch", "paddle"), ("nnx", "paddle"), ("paddle", "torch"), ("paddle", "nnx")]


@pytest.mark.parametrize(
    ("source", "target", "case"),
    [pytest.param(a, b, case, id=f"{a}-{b}-{case[0]}-{case[2]}") for a, b in PAIRS for case in CASES[a]],
)
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel", "ignore:When training, we now always track")
def test_layers(source: str, target: str, case: cases.Case) -> None:
    kit.check_case(SYSTEMS[source], SYSTEMS[target], case)


def test_a_changed_layer_is_not_the_same() -> None:
    import paddle
    from torch import nn

    seen = set()
    for name, make, _ in CASES["torch"]:
        layer, native, part = kit.convert(SYSTEMS["torch"], SYSTEMS["paddle"], make())
        if isinstance(native, str) or native.cls in seen:
            continue
        seen.add(native.cls)
        changes = {
            "hook": lambda m: m.register_forward_post_hook(lambda *a: None) and None,
            "pre-hook": lambda m: m.register_forward_pre_hook(lambda *a: None) and None,
            "parameter": lambda m: m.add_parameter("lora_a", m.create_parameter([2])),
            "part": lambda m: m.add_sublayer("inner", paddle.nn.Identity()),
            "class": lambda m: setattr(m, "__class__", type("Mine", (type(m),), {})),
            "forward": lambda m: object.__setattr__(m, "forward", lambda x: x),
        }
        for what, change in changes.items():
            _, _, part = kit.convert(SYSTEMS["torch"], SYSTEMS["paddle"], make())
            assert native.same(part, layer.train)
            change(part)
            assert not native.same(part, layer.train), f"{name}: {what}"
    linear = SYSTEMS["paddle"].build(SYSTEMS["torch"].recognise(nn.Linear(3, 4)))
    assert linear.same(paddle.nn.Linear(3, 4), False)
