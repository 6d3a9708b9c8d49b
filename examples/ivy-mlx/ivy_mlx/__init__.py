"""Apple's MLX as a backend of Ivy."""
