"""What links contribute to the other slices."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.satudata.interfaces import Effect
from ckanext.satudata.publication.links import taking, watching


def effects() -> dict[str, list[Effect]]:
    """What is published as a link is watched; what is taken down is forgotten."""
    return {"publish": [watching.begin], "takedown": [watching.forget]}


def ticks() -> dict[str, Callable[[], object]]:
    """Lost nudges and dead workers; the daily look at published links."""
    return {"publication_links": taking.tick, "publication_links_watched": watching.tick}
