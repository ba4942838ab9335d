"""The report site."""
