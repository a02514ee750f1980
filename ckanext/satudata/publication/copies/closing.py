"""End a working copy: hidden at once, in the transaction of the decision; its rows, tables and files go afterwards.

What a copy leaves behind is its case with the history, notes and evidence, and its row in ``satudata_copy``.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import ckan.plugins as p
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.publication import datastore, files, guard, indexing
from ckanext.satudata.publication.copies import cloning, finding, journal, opening, periods, tables, telling, words
from ckanext.satudata.publication.copies.finding import Copy
from ckanext.satudata.publication.copies.model import pair
from ckanext.satudata.publication.model import blob, blob_version, priority, rows

log = logging.getLogger(__name__)

KEPT = sa.text("select distinct v.value from satudata_version, jsonb_each_text(blobs) as v(key, value)")

# Where nobody is waiting for a decision about it.
DISCARDABLE = ("draft", "revision", "rejected")


def discard(found: Copy, user_id: str, note: str | None) -> None:
    """See :func:`satudata_copy_discard`; in the caller's transaction."""
    standing = opening.locked(found.copy_id)
    again = finding.open_copy(found.copy_id)
    if again is None:
        raise telling.refusal(words.NONE_OPEN)
    if standing.case_state not in DISCARDABLE:
        raise telling.refusal(words.IN_REVIEW)
    close(again, user_id, finding.DISCARDED, note)


def close(found: Copy, user_id: str, state: str, note: str | None = None) -> None:
    """Hide the copy from everybody; the caller commits, and calls :func:`remove` afterwards."""
    package = model.package_table
    values = {"state": "deleted", "metadata_modified": datetime.now(UTC).replace(tzinfo=None)}
    with guard.passing(found.copy_id):
        model.Session.execute(sa.update(package).where(package.c["id"] == found.copy_id).values(**values))
    model.Session.execute(sa.delete(rows).where(rows.c.dataset_id == found.copy_id))
    model.Session.execute(sa.delete(priority).where(priority.c.dataset_id == found.copy_id))
    finding.change(found, state=state, closed=now(), closed_by=user_id, closed_note=note or None)
    indexing.remember(found.copy_id)
    model.Session.expire_all()


def remove_left_over() -> None:
    """Tick: what a dead process, a lock or a lost job has left of closed copies, and of versions before."""
    for found in finding.without_dataset():
        finding.change(found, state=finding.DISCARDED, closed=now())
        model.Session.commit()
    for found in finding.leftovers():
        remove(found)
    if p.plugin_loaded("datastore"):
        tables.drop_parked()


def remove(found: Copy) -> bool:
    """Remove rows, tables and files of a closed copy, in a transaction of its own; ``False``: the tick tries again."""
    now_closed = finding.by_reference(found.copy_id)
    if now_closed is None or now_closed.state == finding.OPEN or now_closed.removed:
        return False
    try:
        journal.settle(found.dataset_id, index=False)  # the tables of the copy may be about to become the public ones
        _remove(now_closed)
    except (SQLAlchemyError, OSError):
        log.exception("working copy %s could not be removed yet", found.copy_id)
        model.Session.rollback()
        return False
    return True


def _remove(found: Copy) -> None:
    table = model.resource_table
    query = sa.select(table.c["id"]).where(table.c["package_id"] == found.copy_id)
    own = list(model.Session.execute(query).scalars())
    bytes_of = _own_blobs(own) if found.state == finding.DISCARDED else []
    for resource_id in own:
        if p.plugin_loaded("datastore"):
            datastore.drop(resource_id)
    model.Session.execute(sa.delete(blob).where(blob.c.resource_id.in_(own)))
    model.Session.execute(sa.delete(pair).where(pair.c.copy_id == found.copy_id))
    if bytes_of:
        model.Session.execute(sa.delete(blob_version).where(blob_version.c.blob_id.in_(bytes_of)))
    _purge(found.copy_id)
    finding.change(found, removed=True)
    model.Session.commit()
    indexing.index_dataset(found.copy_id)
    for blob_id in bytes_of:
        path = files.stored_path(blob_id)
        if path is not None:
            path.unlink(missing_ok=True)


def _own_blobs(resource_ids: list[str]) -> list[str]:
    """Files that were uploaded to the copy and that nothing else names: no other resource, no version."""
    mine = sa.select(blob_version.c.blob_id).where(blob_version.c.resource_id.in_(resource_ids))
    uploaded = set(model.Session.execute(mine).scalars())
    elsewhere = sa.select(blob.c.blob_id).where(blob.c.blob_id.in_(uploaded), blob.c.resource_id.not_in(resource_ids))
    used = set(model.Session.execute(elsewhere).scalars())
    table = model.resource_table
    legacy = sa.select(table.c["id"]).where(table.c["id"].in_(uploaded))
    used |= set(model.Session.execute(legacy).scalars())
    used |= set(model.Session.execute(KEPT).scalars())
    return sorted(uploaded - used)


def _purge(copy_id: str) -> None:
    """Delete CKAN's rows: CKAN's own ``dataset_purge`` would fail on a collaborator, and commit on its way."""
    member, package = model.member_table, model.package_table
    with guard.passing(copy_id):
        for table in (model.package_tag_table, cloning.extra_table(), model.package_member_table):
            if table is not None:
                model.Session.execute(sa.delete(table).where(table.c["package_id"] == copy_id))
        in_groups = (member.c["table_name"] == "package", member.c["table_id"] == copy_id)
        model.Session.execute(sa.delete(member).where(*in_groups))
        model.Session.execute(sa.delete(model.resource_table).where(model.resource_table.c["package_id"] == copy_id))
        model.Session.execute(sa.delete(package).where(package.c["id"] == copy_id))
    model.Session.expire_all()


def refuse_unchanged(found: Copy, content_hash: str) -> None:
    """A copy that says nothing new, or a correction that does not say what it corrects, is not submitted.

    Nor is a new period without its file, or with more than that.
    """
    if found.kind != periods.PERIOD and content_hash == found.base_hash:
        raise telling.refusal(words.UNCHANGED)
    if found.kind == "ralat" and not (found.note or "").strip():
        raise telling.refusal(words.NOTE_MISSING)
    periods.refuse_incomplete(found)
