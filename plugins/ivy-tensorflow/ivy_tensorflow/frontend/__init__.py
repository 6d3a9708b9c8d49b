"""TensorFlow's API on the functional API."""
