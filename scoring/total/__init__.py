"""The whole result: what is on top of the points, vetoes of the whole, and grades."""
