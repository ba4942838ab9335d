"""Bytes: what kind of file it is, safe unpacking, encoding."""
