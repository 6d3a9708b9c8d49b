import mlx.core as mx


def fft_fft(x, /, *, n=None, axis=-1, norm="backward"):
    return mx.fft.fft(x, n, axis, norm=norm)
