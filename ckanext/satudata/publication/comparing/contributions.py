"""What comparing contributes to the other slices."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.satudata.publication.comparing import process


def ticks() -> dict[str, Callable[[], object]]:
    """Kept answers go after a day, or with the tables they were made of."""
    return {"publication_compared": process.sweep}
