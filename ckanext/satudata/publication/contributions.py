"""What publication contributes to the other slices."""

from __future__ import annotations

from ckanext.satudata.interfaces import Subject
from ckanext.satudata.publication.subject import DatasetSubject


def subjects() -> dict[str, Subject]:
    """The thing that is decided on: a dataset."""
    return {"dataset": DatasetSubject()}
