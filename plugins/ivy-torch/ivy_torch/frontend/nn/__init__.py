"""``torch.nn``'s functions."""
