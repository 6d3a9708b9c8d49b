"""Recording calls of the functional API instead of running them."""
