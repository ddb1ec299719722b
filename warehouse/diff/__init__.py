"""Diff: what changed between two published files."""
