"""The TensorFlow plugin of Ivy.  Imports nothing: `ivy_tensorflow.plugin` says what is in it."""

__version__ = "2.0.0.dev0"
