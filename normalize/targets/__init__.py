"""The text of a target cell -> its kind, operator, value, unit and parts."""
