"""Rules that hold a value against others, or the year before."""
