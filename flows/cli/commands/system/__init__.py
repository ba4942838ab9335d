"""Commands about the installation and its schedule."""
