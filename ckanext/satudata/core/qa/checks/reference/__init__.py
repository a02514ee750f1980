"""Checks against reference lists."""
