"""Checks on sums, parts and shares."""
