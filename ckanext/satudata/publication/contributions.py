"""What publication contributes to the other slices."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.satudata.interfaces import Effect, Gate, Subject
from ckanext.satudata.publication import effects as done
from ckanext.satudata.publication import enforcement, indexing, reconcile, rows
from ckanext.satudata.publication.copies import closing, journal
from ckanext.satudata.publication.subject import DatasetSubject


def subjects() -> dict[str, Subject]:
    """The thing that is decided on: a dataset."""
    return {"dataset": DatasetSubject()}


def gates() -> dict[str, Gate]:
    """``publishable``: licence and access class."""
    return {"publishable": done.publishable}


def effects() -> dict[str, list[Effect]]:
    """What a decision does to the dataset, and to a working copy of it."""
    return {
        "submit": [done.submit],
        "publish": [done.publish],
        "reject": [done.reject],
        "takedown": [done.takedown],
    }


def listeners() -> list[Effect]:
    """Every decision leaves a note that the index has to follow."""
    return [done.remember_index]


def after_commit() -> list[Effect]:
    """The index follows at once."""
    return [done.index]


def ticks() -> dict[str, Callable[[], object]]:
    """What repairs itself: drift, half-finished swaps, the index, tables that are not loaded, exempt types."""
    return {
        "publication_types": enforcement.sync_exempt_types,
        "publication_drift": reconcile.mend,
        "publication_swaps": journal.settle,
        "publication_labels": indexing.find_old_labels,
        "publication_index": indexing.index_left_over,
        "publication_copies": closing.remove_left_over,
        "publication_rows": rows.load_due,
    }
