"""The conformance suite on every installed backend."""

from ivy.testing.suite import *  # noqa: F403
