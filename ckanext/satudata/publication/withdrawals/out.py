"""What ``unpublish`` and ``takedown`` do to a dataset, inside the transaction of the decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.plugins import get_permission_labels

from ckanext.satudata.bridge import access
from ckanext.satudata.bridge.columns import new_id, now
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.publication import guard, indexing, rows
from ckanext.satudata.publication.withdrawals import holdings, removals, versions
from ckanext.satudata.publication.withdrawals.model import withdrawal

UNPUBLISH, TAKEDOWN = "unpublish", "takedown"


def unpublish(event: TransitionEvent) -> None:
    """Close the dataset and drop its tables; its files stay with it. The reason of the decision is public."""
    was_open = _close(event.subject_id)
    _drop_tables(event.subject_id, holdings.own_resources(event.subject_id), UNPUBLISH)
    relabel(event.subject_id)
    if was_open:  # what the public never saw is not told to it now
        _tell(event, UNPUBLISH, title=event.title, public_reason=event.note)


def takedown(event: TransitionEvent) -> None:
    """Close the dataset and erase bytes, rows and tables, also of earlier versions and working copies.

    Only a date and the kind of reason are told.
    """
    resource_ids = holdings.resources_of(event.subject_id)
    was_open = _close(event.subject_id)
    erase(event.subject_id, resource_ids, versions.blobs_of_dataset(event.subject_id))
    versions.forget_all(event.subject_id)
    _forget_previews(event.subject_id)
    silence(event.subject_id)
    if was_open:
        _tell(event, TAKEDOWN, title=None, public_reason=None)


def published(event: TransitionEvent) -> None:
    """Public again: the dataset has no tombstone any more."""
    if not access.is_closed(event.subject_id):
        end(event.subject_id)


def after_commit(event: TransitionEvent) -> None:
    """Erase what was asked for, now that nothing can undo it; the index first, it is what people still find."""
    if event.subject_type == "dataset" and event.transition in (UNPUBLISH, TAKEDOWN):
        try:
            indexing.index_dataset(event.subject_id)
        finally:
            removals.carry_out(event.subject_id)


def erase(dataset_id: str, resource_ids: Sequence[str], version_blobs: Sequence[str] = ()) -> None:
    """Ask for everything that is kept of these resources to be erased, and forget it. The caller commits."""
    blob_ids = sorted({*holdings.blobs_of(resource_ids), *version_blobs})
    _drop_tables(dataset_id, [*resource_ids, *holdings.sharing(blob_ids)], TAKEDOWN)
    erase_blobs(dataset_id, blob_ids, resource_ids)


def erase_blobs(dataset_id: str, blob_ids: Sequence[str], resource_ids: Sequence[str] = ()) -> None:
    """Ask for these bytes, and all that was made of them, to be erased. The caller commits."""
    everywhere = sorted({*resource_ids, *holdings.sharing(blob_ids)})
    asked = {"resource_ids": everywhere, "sha256": holdings.hashes_of(blob_ids)}
    program: Any = {"ignore_auth": True, "defer_commit": True}
    judged = tk.get_action("satudata_qa_forget")(program, asked)
    removals.ask(removals.JUDGED, judged["folders"], TAKEDOWN, dataset_id)
    removals.ask(removals.BLOB, blob_ids, TAKEDOWN, dataset_id)
    holdings.forget_blobs(blob_ids)


def record(dataset_id: str, name: str, kind: str, code: str, by: str, **more: Any) -> None:
    """Write one withdrawal down, in the caller's transaction."""
    values = {"id": new_id(), "dataset_id": dataset_id, "name": name, "kind": kind, "reason_code": code, "by": by}
    model.Session.execute(sa.insert(withdrawal).values(withdrawn=now(), **values, **more))


def _close(dataset_id: str) -> bool:
    """Whether it was open: a dataset of the class *tertutup* is published and yet was never seen."""
    was_open = not access.is_closed(dataset_id)
    values = {"private": True, "metadata_modified": datetime.now(UTC).replace(tzinfo=None)}
    table = model.package_table
    with guard.passing(dataset_id):
        model.Session.execute(sa.update(table).where(table.c["id"] == dataset_id).values(**values))
        for resource in rows._resources(dataset_id):
            rows._mark_active(resource, active=False)
        # the objects of this session would write back what they read before
        model.Session.expire_all()
    return was_open


def _forget_previews(dataset_id: str) -> None:
    """Titles, descriptions and filters of previews hold words of the file."""
    statement = "delete from resource_view where resource_id in (select id from resource where package_id = :id)"
    model.Session.execute(sa.text(statement), {"id": dataset_id})


def _drop_tables(dataset_id: str, resource_ids: Sequence[str], why: str) -> None:
    removals.ask(removals.TABLE, resource_ids, why, dataset_id)
    removals.ask(removals.CSV, holdings.tables_as_csv(resource_ids), why, dataset_id)
    holdings.forget_rows(resource_ids)


def _tell(event: TransitionEvent, kind: str, *, title: str | None, public_reason: str | None) -> None:
    name = model.Session.execute(
        sa.select(model.package_table.c["name"]).where(model.package_table.c["id"] == event.subject_id)
    ).scalar()
    end(event.subject_id, forget=kind == TAKEDOWN)
    record(
        event.subject_id,
        str(name),
        kind,
        event.reason_code or "",
        event.actor_id,
        title=title,
        public_reason=public_reason,
    )


def end(dataset_id: str, *, forget: bool = False) -> None:
    """What was told of the dataset as a whole holds no longer; ``forget``: nor are its words kept."""
    of_dataset = (
        withdrawal.c.dataset_id == dataset_id, withdrawal.c.resource_id.is_(None), withdrawal.c.version.is_(None)
    )  # fmt: skip
    if forget:
        words = {"title": None, "public_reason": None}
        model.Session.execute(sa.update(withdrawal).where(*of_dataset).values(**words))
    ended = sa.update(withdrawal).where(*of_dataset, withdrawal.c.ended.is_(None))
    model.Session.execute(ended.values(ended=now()))


def _has_activities() -> bool:
    return model.Session.execute(sa.text("select to_regclass('activity')")).scalar() is not None


def relabel(dataset_id: str) -> None:
    """CKAN's activities about the dataset carry the labels of the day they were written; some carry none."""
    if not _has_activities():
        return
    labels = get_permission_labels().get_dataset_labels(model.Session.get(model.Package, dataset_id))
    statement = sa.text("update activity set permission_labels = :labels where object_id = :id")
    model.Session.execute(statement, {"labels": list(labels), "id": dataset_id})
    _forget_activities(dataset_id, "activity_type not like '%package'")


def silence(dataset_id: str) -> None:
    """CKAN's activities hold the whole dataset as it was: they go. Our own history tells what was decided."""
    if not _has_activities():
        return
    _forget_activities(dataset_id, "true")


def _forget_activities(dataset_id: str, which: str) -> None:
    chosen = f"from activity where object_id = :id and {which}"
    for statement in (f"delete from activity_detail where activity_id in (select id {chosen})", f"delete {chosen}"):
        model.Session.execute(sa.text(statement), {"id": dataset_id})
