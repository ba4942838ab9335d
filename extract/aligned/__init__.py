"""Tables whose rules are not drawn, read from how their text is aligned."""
