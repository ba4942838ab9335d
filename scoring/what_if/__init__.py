"""Scoring with other figures, landed nowhere."""
