"""Scoring a year."""
