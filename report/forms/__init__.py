"""Forms for departments, and replies to what they returned."""
