"""PaddlePaddle code to a graph."""
