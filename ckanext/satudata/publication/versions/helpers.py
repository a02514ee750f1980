"""What the templates of versions ask."""

from __future__ import annotations

from ckanext.satudata.publication.comparing import page


def sd_decimal(text: str) -> str:
    """A decimal text with every digit: 16.009,5 in Indonesian, 16,009.5 in English."""
    return page.number(text)
