"""Printed text: cleaned, and read as numbers, units, departments, entities."""
