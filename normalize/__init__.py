"""Printed cells become indicators and targets: pure steps from tables to tables."""
