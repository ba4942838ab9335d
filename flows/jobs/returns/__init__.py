"""Forms out, returns in."""
