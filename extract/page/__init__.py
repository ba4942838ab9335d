"""One page record -> grid -> cells; PDF and scan share it."""
