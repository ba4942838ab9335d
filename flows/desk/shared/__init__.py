"""What all sections of the desk share: who gets in, pages, dropped files, long work."""
