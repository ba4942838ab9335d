"""Rows -> indicators and targets."""
