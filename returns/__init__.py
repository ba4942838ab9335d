"""Returned forms: cells -> values of a document's lines, or a remark why not. Pure: no files."""
