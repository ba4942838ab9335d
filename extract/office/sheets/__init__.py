"""Sheets of a workbook, of any age: what its cells show, and where its tables lie."""
