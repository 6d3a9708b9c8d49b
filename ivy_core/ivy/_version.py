"""The version of ``ivy-core``, kept here alone: the build and ``ivy.__version__`` both read it."""

__version__ = "2.0.0.dev0"
