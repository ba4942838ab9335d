"""Documents become tables of printed cells: one module a format, one result, no meaning."""
