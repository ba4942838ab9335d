"""Ruled tables that pages cut, joined again."""
