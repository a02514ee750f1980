"""Checks on what names a row."""
