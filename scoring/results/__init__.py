"""Frames, scorecards, traces and their replay."""
