"""Converted text without merged cells, aligned to columns."""
