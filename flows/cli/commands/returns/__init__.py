"""Commands about forms and returns."""
