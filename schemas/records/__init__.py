"""Frozen records that the rooms exchange."""
