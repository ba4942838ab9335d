"""Weights of the year's periods: declared, scored one by one, put together."""
