"""Excel workbooks of landed tables."""
