"""Rules as data, and how each of them counts."""
