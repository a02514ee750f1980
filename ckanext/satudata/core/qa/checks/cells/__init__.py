"""Checks on what stands in the cells."""
