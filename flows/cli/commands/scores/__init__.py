"""Commands about scores."""
