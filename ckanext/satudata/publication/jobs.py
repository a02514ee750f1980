"""Background jobs of publication; each is only a nudge for rows in our tables."""

from __future__ import annotations


def load_rows(dataset_id: str) -> None:
    """Load the checked tables of a published dataset into the DataStore."""
    from ckanext.satudata.publication import rows

    rows.load_due(dataset_id)
