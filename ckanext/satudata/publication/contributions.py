"""What publication contributes to the other slices."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.satudata.interfaces import Effect, Gate, Subject
from ckanext.satudata.publication import effects as done
from ckanext.satudata.publication import enforcement, reconcile, rows
from ckanext.satudata.publication.subject import DatasetSubject


def subjects() -> dict[str, Subject]:
    """The thing that is decided on: a dataset."""
    return {"dataset": DatasetSubject()}


def gates() -> dict[str, Gate]:
    """``publishable``: licence and access class."""
    return {"publishable": done.publishable}


def effects() -> dict[str, list[Effect]]:
    """What submitting and publishing do to the dataset."""
    return {"submit": [done.submit], "publish": [done.publish]}


def listeners() -> list[Effect]:
    """Every decision leaves a note that the index has to follow."""
    return [done.remember_index]


def after_commit() -> list[Effect]:
    """The index follows at once."""
    return [done.index]


def ticks() -> dict[str, Callable[[], object]]:
    """What repairs itself: drift, the index, tables that are not loaded yet, the list of exempt types."""
    return {
        "publication_types": enforcement.sync_exempt_types,
        "publication_drift": reconcile.mend,
        "publication_index": done.index_left_over,
        "publication_rows": rows.load_due,
    }
