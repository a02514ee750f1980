"""What the room of versions contributes to the other slices."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.satudata.publication.versions import keeping


def ticks() -> dict[str, Callable[[], object]]:
    """Once a day, versions whose time is over are let go."""
    return {"publication_versions": keeping.let_go}
