"""Points, parts, intervals and lights."""
