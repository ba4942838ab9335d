"""Rules that count events or awards, and those made of other rules."""
