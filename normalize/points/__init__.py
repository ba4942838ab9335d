"""Points cells, the rows they cover, and weight groups."""
