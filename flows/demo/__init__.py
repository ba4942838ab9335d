"""The demonstration, with made-up returns."""
