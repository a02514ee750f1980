"""Background jobs of links; each is only a nudge for a row of ``satudata_link``."""

from __future__ import annotations

from ckanext.satudata.publication.links import settings

GRACE = 60  # seconds for saving what was fetched


def timeout() -> int:
    """Seconds a job may take in all."""
    return settings.seconds() + GRACE


def fetch(resource_id: str) -> None:
    """Fetch the file of a link, if it still waits for that."""
    from ckanext.satudata.publication.links import taking

    taking.fetch(resource_id)


def look(resource_id: str) -> None:
    """See what became of a published link."""
    from ckanext.satudata.publication.links import watching

    watching.look(resource_id)
