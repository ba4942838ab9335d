"""Which return counts for which line."""
