"""`paddle.nn` on `ivy.functional`."""
