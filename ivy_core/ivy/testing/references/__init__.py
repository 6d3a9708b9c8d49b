"""References that NumPy and SciPy lack, in plain NumPy."""
