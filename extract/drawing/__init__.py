"""Draws pages as a PDF: for formats whose pages are drawn, and are read as a PDF's are."""
