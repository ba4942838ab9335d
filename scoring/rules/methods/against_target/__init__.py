"""Rules that hold a value against the target."""
