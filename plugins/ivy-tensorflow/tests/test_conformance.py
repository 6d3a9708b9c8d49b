from ivy.testing.suite import *  # noqa: F403
