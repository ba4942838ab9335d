"""Pictures of pages -> page records."""
