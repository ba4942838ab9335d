"""What each column of a table holds: decided from all evidence together."""
