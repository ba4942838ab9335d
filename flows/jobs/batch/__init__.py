"""Ingesting: one document or many, read side by side, landed in chunks."""
