"""Codes and columns of scoring."""
