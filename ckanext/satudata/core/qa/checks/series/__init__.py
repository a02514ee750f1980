"""Checks on the values of one place or class over time."""
