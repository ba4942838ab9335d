"""A person's decisions applied to what was read."""
