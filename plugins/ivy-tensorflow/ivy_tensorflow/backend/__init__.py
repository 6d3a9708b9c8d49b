"""The functional API in TensorFlow."""
