"""The logical table and the roles of its columns."""
