"""The supplier of PDF pages, and the second reader."""
