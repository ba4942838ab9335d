"""Every landed table and its columns, described once."""
