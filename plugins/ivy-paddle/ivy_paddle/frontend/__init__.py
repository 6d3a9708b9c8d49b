"""PaddlePaddle's API on the functional API."""
