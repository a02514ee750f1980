"""Checks that keep personal data from being published."""
