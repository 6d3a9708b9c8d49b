"""The functional API in PaddlePaddle."""
