"""What changed between two landed documents: pure functions over their frames."""
