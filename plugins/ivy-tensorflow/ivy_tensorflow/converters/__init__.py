"""Trainable modules: keras models and layers, and tf.Module."""
