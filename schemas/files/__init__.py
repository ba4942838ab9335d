"""Parsers of the files that people write."""
