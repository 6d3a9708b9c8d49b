"""ResNet-50 and ViT-S as one writes them in flax nnx, with native layers."""

import jax
import jax.numpy as jnp
from flax import nnx


class Bottleneck(nnx.Module):
    def __init__(self, i, w, stride, rngs):
        o = 4 * w
        self.conv1 = nnx.Conv(i, w, (1, 1), use_bias=False, rngs=rngs)
        self.bn1 = nnx.BatchNorm(w, rngs=rngs)
        self.conv2 = nnx.Conv(w, w, (3, 3), (stride, stride), padding=((1, 1), (1, 1)), use_bias=False, rngs=rngs)
        self.bn2 = nnx.BatchNorm(w, rngs=rngs)
        self.conv3 = nnx.Conv(w, o, (1, 1), use_bias=False, rngs=rngs)
        self.bn3 = nnx.BatchNorm(o, rngs=rngs)
        self.short = stride == 1 and i == o
        if not self.short:
            self.down = nnx.Conv(i, o, (1, 1), (stride, stride), padding="VALID", use_bias=False, rngs=rngs)
            self.dbn = nnx.BatchNorm(o, rngs=rngs)

    def __call__(self, x):
        y = nnx.relu(self.bn1(self.conv1(x)))
        y = nnx.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        r = x if self.short else self.dbn(self.down(x))
        return nnx.relu(y + r)


class ResNet50(nnx.Module):
    def __init__(self, rngs):
        self.conv1 = nnx.Conv(3, 64, (7, 7), (2, 2), padding=((3, 3), (3, 3)), use_bias=False, rngs=rngs)
        self.bn1 = nnx.BatchNorm(64, rngs=rngs)
        blocks, i = [], 64
        for w, n, s in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
            for k in range(n):
                blocks.append(Bottleneck(i, w, s if k == 0 else 1, rngs))
                i = 4 * w
        self.blocks = nnx.List(blocks)
        self.fc = nnx.Linear(2048, 1000, rngs=rngs)

    def __call__(self, x):
        x = nnx.relu(self.bn1(self.conv1(x)))
        x = nnx.max_pool(x, (3, 3), (2, 2), padding=((1, 1), (1, 1)))
        for b in self.blocks:
            x = b(x)
        return self.fc(jnp.mean(x, axis=(1, 2)))


class Block(nnx.Module):
    def __init__(self, d, h, rngs):
        self.h = h
        self.norm1 = nnx.LayerNorm(d, rngs=rngs)
        self.qkv = nnx.Linear(d, 3 * d, rngs=rngs)
        self.proj = nnx.Linear(d, d, rngs=rngs)
        self.norm2 = nnx.LayerNorm(d, rngs=rngs)
        self.fc1 = nnx.Linear(d, 4 * d, rngs=rngs)
        self.fc2 = nnx.Linear(4 * d, d, rngs=rngs)

    def __call__(self, x):
        b, n, d = x.shape
        q, k, v = jnp.split(self.qkv(self.norm1(x)).reshape(b, n, 3 * self.h, d // self.h), 3, axis=2)
        y = jax.nn.dot_product_attention(q, k, v).reshape(b, n, d)
        x = x + self.proj(y)
        return x + self.fc2(nnx.gelu(self.fc1(self.norm2(x)), approximate=False))


class BlockMHA(nnx.Module):
    def __init__(self, d, h, rngs):
        self.norm1 = nnx.LayerNorm(d, rngs=rngs)
        self.attn = nnx.MultiHeadAttention(h, d, d, decode=False, rngs=rngs)
        self.norm2 = nnx.LayerNorm(d, rngs=rngs)
        self.fc1 = nnx.Linear(d, 4 * d, rngs=rngs)
        self.fc2 = nnx.Linear(4 * d, d, rngs=rngs)

    def __call__(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.fc2(nnx.gelu(self.fc1(self.norm2(x)), approximate=False))


class ViT(nnx.Module):
    def __init__(self, rngs, d=384, h=6, depth=12, p=16, size=224, block=Block):
        self.patch = nnx.Conv(3, d, (p, p), (p, p), padding="VALID", rngs=rngs)
        self.cls = nnx.Param(jnp.zeros((1, 1, d)))
        self.pos = nnx.Param(0.02 * jax.random.normal(rngs.params(), (1, 1 + (size // p) ** 2, d)))
        self.blocks = nnx.List([block(d, h, rngs) for _ in range(depth)])
        self.norm = nnx.LayerNorm(d, rngs=rngs)
        self.head = nnx.Linear(d, 1000, rngs=rngs)

    def __call__(self, x):
        x = self.patch(x)
        b = x.shape[0]
        x = x.reshape(b, -1, x.shape[-1])
        x = jnp.concatenate([jnp.broadcast_to(self.cls[...], (b, 1, x.shape[-1])), x], 1) + self.pos[...]
        for blk in self.blocks:
            x = blk(x)
        return self.head(self.norm(x)[:, 0])
