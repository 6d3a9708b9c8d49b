"""The NumPy plugin of Ivy; `ivy_numpy.plugin` says what is in it.  Imports nothing, so that listing plugins is cheap."""

__version__ = "2.0.0.dev0"
