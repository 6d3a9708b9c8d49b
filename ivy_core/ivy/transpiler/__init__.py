"""From an object of one framework to the same in another: capture, lower, specialise, build."""
