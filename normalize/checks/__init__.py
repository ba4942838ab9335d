"""Arithmetic and signs that compare rows with each other."""
