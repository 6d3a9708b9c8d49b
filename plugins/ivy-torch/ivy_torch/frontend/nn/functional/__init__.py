"""``torch.nn.functional``, one module per group."""
