"""Random programs of each framework, converted to the others and compared with the original."""
