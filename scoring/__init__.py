"""Rules as data and attainment as pure functions over columns."""
