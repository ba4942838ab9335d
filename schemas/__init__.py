"""Every table and every small record that the rooms exchange, described once."""
