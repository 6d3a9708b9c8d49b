"""The PaddlePaddle plugin of Ivy.  Imports nothing: `ivy_paddle.plugin` says what is in it."""

__version__ = "2.0.0.dev0"
