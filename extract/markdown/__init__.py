"""Texts: Markdown as people and converters write it, with the HTML in it, and pasted columns."""
