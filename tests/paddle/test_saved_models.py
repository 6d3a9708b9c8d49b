"""Converted layers saved by `paddle.jit.save` for batches of any size."""

import numpy as np
import pytest
import torch
from torch import nn

import ivy
from ivy_paddle.loading import paddle


def convolutions():
    features = [nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 8, 3)]
    return nn.Sequential(*features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 5)), (3, 16, 16)


def encoder():
    return nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4, 32, batch_first=True), 2), (7, 16)


class Patches(nn.Module):
    """A learned token goes before those of the patches, once for each image of the batch."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Conv2d(3, 16, 4, stride=4)
        self.token = nn.Parameter(torch.randn(1, 1, 16))
        self.encoder = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True)
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1)
        return self.head(self.encoder(x)[:, 0]) / x.shape[0]


class Steps(nn.Module):
    def __init__(self):
        super().__init__()
        self.cells = nn.GRU(6, 5, batch_first=True)

    def forward(self, x):
        return self.cells(x)[0][:, -1]


CASES = {
    "convolutions": convolutions,
    "encoder": encoder,
    "patches": lambda: (Patches(), (3, 16, 16)),
    "recurrent": lambda: (Steps(), (4, 6)),
}


@pytest.mark.parametrize("case", CASES)
def test_any_batch(case, tmp_path):
    torch.manual_seed(0)
    net, shape = CASES[case]()
    net.eval()
    converted = ivy.transpile(net, source="torch", to="paddle")
    converted.eval()
    spec = [paddle.static.InputSpec([None, *shape], "float32")]
    paddle.jit.save(converted, str(tmp_path / "model"), input_spec=spec)
    loaded = paddle.jit.load(str(tmp_path / "model"))
    for n in (1, 2, 5):
        x = torch.randn(n, *shape)
        with torch.no_grad():
            expected = net(x).numpy()
        found = loaded(paddle.to_tensor(x.numpy())).numpy()
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
