"""TensorFlow code to a graph."""
