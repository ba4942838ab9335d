"""Word and Excel documents, and returned forms."""
