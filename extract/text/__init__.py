"""Lines and tables in document order, and what the front page says."""
