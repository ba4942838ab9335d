"""The sections of the desk: what each page shows, and what its forms change."""
