"""Checks on years, months and dates."""
