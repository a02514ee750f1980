"""The index follows the database: what has to be indexed is a row, written with the change itself."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import logic, model
from ckan.common import config
from ckan.lib import search
from ckan.lib.search.common import make_connection
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.publication.model import reindex

log = logging.getLogger(__name__)

CRASH_GRACE = timedelta(seconds=20)
AT_ONCE = 100  # entries of an older version that one tick takes on


def remember(dataset_id: str) -> None:
    """Write down, in the transaction of the change, that the index has to follow it."""
    values = {"since": datetime.now(UTC)}
    model.Session.execute(
        insert(reindex)
        .values(dataset_id=dataset_id, **values)
        .on_conflict_do_update(index_elements=["dataset_id"], set_=values)
    )


def index_dataset(dataset_id: str) -> None:
    """Bring the index entry of one dataset up to date, and forget that it was needed. Commits."""
    since = model.Session.execute(sa.select(reindex.c.since).where(reindex.c.dataset_id == dataset_id)).scalar()
    try:
        replace_entry(dataset_id)
    except tk.ObjectNotFound:
        search.clear(dataset_id)
    # A decision taken meanwhile has written a later moment, and its own turn comes.
    model.Session.execute(sa.delete(reindex).where(reindex.c.dataset_id == dataset_id, reindex.c.since == since))
    model.Session.commit()


def replace_entry(dataset_id: str) -> None:
    """Write the index entry of one dataset anew, in the place of the old one. Commits.

    ``search.rebuild(id)`` of CKAN 2.11 takes the entry out first: what is published would be gone for a moment.
    ``ObjectNotFound`` when there is no such dataset.
    """
    write = getattr(logic, "index_update_package", _update_entry)  # CKAN 2.12 has it
    write({"ignore_auth": True}, dataset_id)
    model.Session.commit()


def _update_entry(context: Any, dataset_id: str) -> None:
    asked: Any = {**context, "validate": False, "use_cache": False}
    search.index_for(model.Package).update_dict(tk.get_action("package_show")(asked, {"id": dataset_id}))


def find_old_labels() -> int:
    """Tick: entries of an older version name reviewers by office only, which nobody holds now; how many. Commits."""
    solr: Any = make_connection()
    wanted = [f'site_id:"{config["ckan.site_id"]}"', r"permission_labels:sd\-review\-*"]
    found = [entry["id"] for entry in solr.search("*:*", fq=wanted, fl="id", rows=AT_ONCE).docs]
    for dataset_id in found:
        remember(dataset_id)
    model.Session.commit()
    return len(found)


def index_left_over() -> None:
    """Tick: index what a dead process has not."""
    before = datetime.now(UTC) - CRASH_GRACE
    left = model.Session.execute(sa.select(reindex.c.dataset_id).where(reindex.c.since < before)).scalars().all()
    for dataset_id in left:
        log.warning("index of dataset %s was left behind; mending it", dataset_id)
        index_dataset(dataset_id)
