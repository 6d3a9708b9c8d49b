"""Cases of the ops, a file for each chapter of the functional API."""
