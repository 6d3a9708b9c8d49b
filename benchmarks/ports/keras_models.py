"""The same two in keras, with its own layers."""

import keras
from keras import layers as L


def resnet():
    def cbr(x, f, k, s=1, act=True):
        if k > 1:
            x = L.ZeroPadding2D(k // 2)(x)
        x = L.Conv2D(f, k, s, use_bias=False)(x)
        x = L.BatchNormalization(epsilon=1e-5)(x)
        return L.Activation("relu")(x) if act else x

    i = keras.Input((224, 224, 3))
    x = cbr(i, 64, 7, 2)
    x = L.ZeroPadding2D(1)(x)
    x = L.MaxPooling2D(3, 2)(x)
    c = 64
    for w, n, s in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for k in range(n):
            st = s if k == 0 else 1
            r = x if c == 4 * w and st == 1 else cbr(x, 4 * w, 1, st, False)
            y = cbr(x, w, 1)
            y = cbr(y, w, 3, st)
            y = cbr(y, 4 * w, 1, 1, False)
            x = L.Activation("relu")(L.Add()([y, r]))
            c = 4 * w
    return keras.Model(i, L.Dense(1000)(L.GlobalAveragePooling2D()(x)))


class Pos(L.Layer):
    def build(self, s):
        self.cls = self.add_weight(shape=(1, 1, s[-1]))
        self.pos = self.add_weight(shape=(1, s[1] + 1, s[-1]))

    def call(self, x):
        return (
            keras.ops.concatenate([keras.ops.broadcast_to(self.cls, (keras.ops.shape(x)[0], 1, x.shape[-1])), x], 1)
            + self.pos
        )


def vit(d=384, h=6, depth=12, p=16):
    i = keras.Input((224, 224, 3))
    x = L.Conv2D(d, p, p)(i)
    x = L.Reshape((196, d))(x)
    x = Pos()(x)
    for _ in range(depth):
        y = L.LayerNormalization(epsilon=1e-6)(x)
        x = x + L.MultiHeadAttention(h, d // h)(y, y)
        y = L.LayerNormalization(epsilon=1e-6)(x)
        x = x + L.Dense(d)(L.Dense(4 * d, activation="gelu")(y))
    x = L.LayerNormalization(epsilon=1e-6)(x)
    return keras.Model(i, L.Dense(1000)(x[:, 0]))
