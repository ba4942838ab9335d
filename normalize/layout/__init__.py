"""Headers, the roles of columns, and unusual layouts."""
