"""Checks on the shape of the table and of the file."""
