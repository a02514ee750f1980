"""Finish swaps whose process died between the two commits.

The row ``committed`` is part of the transaction that made the new metadata and files public, so it is there exactly
when they are. A process that dies earlier leaves nothing behind: both transactions are undone by the databases.
"""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins as p
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.publication import asking, indexing
from ckanext.satudata.publication.copies import tables
from ckanext.satudata.publication.copies.model import swap
from ckanext.satudata.publication.model import rows

log = logging.getLogger(__name__)

UNSETTLED = sa.text("select 1 from satudata_swap where state = 'committed' limit 1")


def settle_before_reading(resource_id: Any = None) -> None:
    """Before rows (of a file) are read: the tables must be those of the public version. When all is well, this costs
    nothing beside the question where the dataset of the file stands.
    """
    known = asking.dataset_of_file(resource_id) if isinstance(resource_id, str) else None
    unsettled = known["unsettled"] if known is not None else model.Session.execute(UNSETTLED).scalar() is not None
    if unsettled:
        settle(index=False)


def settle(dataset_id: str | None = None, *, index: bool = True) -> int:
    """Rename what a dead process has not (of one dataset, or of all); how many swaps were finished.

    Waits for a process that is at it right now. In transactions of its own; ``index`` brings the index up to date too.
    """
    query = sa.select(swap.c.id, swap.c.dataset_id, swap.c.plan).where(swap.c.state == "committed")
    if dataset_id is not None:
        query = query.where(swap.c.dataset_id == dataset_id)
    with model.ensure_engine().connect() as connection:
        found = connection.execute(query.order_by(swap.c.created)).all()
    settled = [row.dataset_id for row in found if _settle(row.id, row.dataset_id, row.plan)]
    if index:
        for one in settled:
            indexing.index_dataset(one)
    return len(settled)


def _load_again(resource_id: str) -> None:
    """In a transaction of its own: the loader makes the table of what is public now."""
    values = {"state": "pending", "attempts": 0, "next_try": sa.func.now(), "changed": sa.func.now()}
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.update(rows).where(rows.c.resource_id == resource_id).values(**values))


def _settle(swap_id: str, dataset_id: str, plan: dict[str, Any]) -> bool:
    if p.plugin_loaded("datastore"):
        from ckanext.datastore.backend import postgres

        with postgres.get_write_engine().begin() as connection:
            tables.lock(connection, dataset_id)
            if tables.state_of(swap_id) != "committed":
                return False  # the process that made it was alive, and is done
            for public in tables.rename(connection, swap_id, plan):
                _load_again(public)
    log.warning("swap %s of dataset %s was left behind; finished it", swap_id, dataset_id)
    tables.mark_done(swap_id)
    return True
