"""What may be wrong with an installation."""
