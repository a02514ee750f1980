"""Checks on units of measurement."""
