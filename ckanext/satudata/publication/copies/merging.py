"""The swap: a working copy becomes the public version, in the transaction of the decision to publish it.

The dataset keeps its id, name, address, owner, followers and collaborators; its files keep their ids, its views too. A
file that was added to the copy moves over with the id it has. Metadata, pointers to the bytes, data dictionaries, views
and reports change in one transaction; the tables of the DataStore beside it (:mod:`tables`); the index follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge import access, nudge
from ckanext.satudata.bridge.columns import new_id, now
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.publication import guard, indexing, jobs, rows, uploader
from ckanext.satudata.publication.access import by_class
from ckanext.satudata.publication.copies import (
    cloning,
    closing,
    finding,
    journal,
    opening,
    points,
    readiness,
    tables,
    telling,
    versions,
    words,
)
from ckanext.satudata.publication.copies.finding import Copy
from ckanext.satudata.publication.copies.readiness import File
from ckanext.satudata.publication.copies.tables import Plan
from ckanext.satudata.publication.model import blob, priority, publication
from ckanext.satudata.publication.subject import public_hash

ANY = "*"  # the pass for two datasets at once


class SwapError(RuntimeError):
    """The result would not be what was approved; the transaction is undone."""


def prepare(found: Copy) -> None:
    """Queue the tables that differ from the public ones: the reviewers see their rows, and the swap finds them made."""
    for one in readiness.files_of(found):
        if not one.is_kept and one.blob is not None:
            rows.queue(one.copy_resource, found.copy_id, one.blob.sha256)
    nudge.after_commit(jobs.load_rows, found.copy_id)


def merge(found: Copy, event: TransitionEvent) -> None:
    """Let the copy take the place of the public version; see above. In the caller's transaction.

    ``ValidationError`` with ``reasons`` (the public version changed or is gone, a table cannot be made) or ``conflict``
    (a table is still being made).
    """
    journal.settle(found.dataset_id, index=False)
    points.reached("begun")
    approved = public_hash(found.copy_id)
    made = {one.copy_resource: readiness.made_ready(one) for one in readiness.files_of(found) if not one.is_kept}
    was_closed = _still_as_it_was(found)
    versions.remember_first(found.dataset_id)
    plan = _content(found, made)
    closing.close(found, event.actor_id, finding.MERGED)
    points.reached("content")
    if public_hash(found.dataset_id) != approved:
        raise SwapError(f"copy {found.copy_id} does not give the content that was approved")
    by_class.follow(found.dataset_id, was_closed=was_closed, by=event.actor_id)
    _record(found, event)
    _tables(found, plan)


def finish(found: Copy) -> None:
    """After the commit: remove what is left of the copy, drop the tables of the version before."""
    closing.remove(found)
    if p.plugin_loaded("datastore"):
        tables.drop_parked()
    rows.offer_views(found.dataset_id)


def _still_as_it_was(found: Copy) -> bool:
    """Refuse when it is not; else whether it was closed to the public by its access class."""
    standing = opening.locked(found.dataset_id)
    query = "select state from satudata_case where subject_type = 'dataset' and subject_id = :id for update"
    state = model.Session.execute(sa.text(query), {"id": found.dataset_id}).scalar()
    if state != "published" or standing.state != "active":
        raise telling.refusal(words.PUBLIC_GONE)
    if public_hash(found.dataset_id) != found.public_hash:
        raise telling.refusal(words.PUBLIC_CHANGED)
    return bool(standing.private)


def _content(found: Copy, made: Mapping[str, bool]) -> Plan:
    """Everything that lies in CKAN's database; what has to follow in the DataStore is returned."""
    moment = datetime.now(UTC).replace(tzinfo=None)  # a later one, so that no answer comes from the index of before
    with guard.passing(ANY):
        closing_class = access.is_closed(found.copy_id)
        cloning.fields(found.copy_id, found.dataset_id, metadata_modified=moment, private=closing_class)
        cloning.clear_around(found.dataset_id)
        cloning.around(found.copy_id, found.dataset_id, owner=False)
        plan = _files(found, made)
        _priority(found)
    model.Session.expire_all()
    return plan


def _files(found: Copy, made: Mapping[str, bool]) -> Plan:
    renamed: dict[str, str] = {}
    dropped: list[str] = []
    public = {row["id"]: row for row in cloning.resources(found.dataset_id)}
    for one in readiness.files_of(found):
        ready = made.get(one.copy_resource, False)
        if one.public_resource is None:
            _move(one, found.dataset_id, has_table=ready)
            continue
        row = public.pop(one.public_resource, None) or _taken_out(found.dataset_id, one.public_resource)
        if row is None:
            raise SwapError(f"file {one.public_resource} of dataset {found.dataset_id} is not public any more")
        _replace(found, one, one.public_resource, row, has_table=ready)
        if not one.is_kept:
            renamed |= {one.public_resource: one.copy_resource} if ready else {}
            dropped += [] if ready else [one.public_resource]
    for resource_id in public:
        _withdraw(resource_id)
        dropped.append(resource_id)
    return Plan(renamed, tuple(dropped))


def _taken_out(dataset_id: str, resource_id: str) -> dict[str, Any] | None:
    """A file that an earlier version had: restored, it comes back under its id. Its row was left for this."""
    table = model.resource_table
    here = (table.c["id"] == resource_id, table.c["package_id"] == dataset_id, table.c["state"] == "deleted")
    row = model.Session.execute(sa.select(table).where(*here)).mappings().first()
    return {**row} if row is not None else None


def _replace(found: Copy, one: File, target: str, before: dict[str, Any], *, has_table: bool) -> None:
    """A public file says and shows what that of the copy does; bytes, dictionary, views, report, table."""
    active = bool((before["extras"] or {}).get("datastore_active")) if one.is_kept else has_table
    cloning.resource_fields(one.row, target, extras=_extras(one, active))
    cloning.views_back(one.copy_resource, target, found.copy_id, finding.views_then(one.copy_resource))
    if one.blob is None:
        model.Session.execute(sa.delete(blob).where(blob.c.resource_id == target))
    elif one.blob_changed:
        uploader.point(target, one.blob.blob_id, one.blob.sha256, one.blob.size, one.blob.filename)
    if one.blob is not None:
        carried = {"resource_id": one.copy_resource, "to": target, "package_id": found.dataset_id}
        tk.get_action("satudata_qa_carry")({"ignore_auth": True, "defer_commit": True}, carried)
    if not one.is_kept:
        rows.take_over(one.copy_resource, target, found.dataset_id, one.blob.sha256 if one.blob else None, has_table)


def _move(one: File, dataset_id: str, *, has_table: bool) -> None:
    """A file that was added: the row itself moves, so its id, views, bytes, report and table stay its own."""
    table = model.resource_table
    values = {"package_id": dataset_id, "extras": _extras(one, has_table)}
    model.Session.execute(sa.update(table).where(table.c["id"] == one.copy_resource).values(**values))
    if one.blob is not None:
        tk.get_action("satudata_qa_carry")(
            {"ignore_auth": True, "defer_commit": True},
            {"resource_id": one.copy_resource, "to": one.copy_resource, "package_id": dataset_id},
        )
    rows.take_over(one.copy_resource, one.copy_resource, dataset_id, one.blob.sha256 if one.blob else None, has_table)


def _withdraw(resource_id: str) -> None:
    """A file the new version no longer has; its bytes stay with the earlier versions."""
    table = model.resource_table
    model.Session.execute(sa.update(table).where(table.c["id"] == resource_id).values(state="deleted"))
    rows.forget(resource_id)


def _extras(one: File, active: bool) -> dict[str, Any]:
    extras = {**(one.row["extras"] or {})}
    if active or "datastore_active" in extras:
        extras["datastore_active"] = active
    return extras


def _priority(found: Copy) -> None:
    """The walidata may have marked the copy in review (Data Prioritas)."""
    query = sa.select(priority).where(priority.c.dataset_id == found.copy_id)
    row = model.Session.execute(query).mappings().first()
    if row is not None:
        values = {key: value for key, value in row.items() if key != "dataset_id"}
        statement = insert(priority).values(dataset_id=found.dataset_id, **values)
        model.Session.execute(statement.on_conflict_do_update(index_elements=["dataset_id"], set_=values))


def _record(found: Copy, event: TransitionEvent) -> None:
    """The version, the public record, the history of the dataset, the index that has to follow."""
    number = versions.add(found.dataset_id, by=event.actor_id, found=found)
    score = tk.get_action("satudata_qa_summary")({"ignore_auth": True}, {"id": found.dataset_id}).get("score")
    moment = now()
    values = {"published": moment, "score": round(score) if score is not None else None}
    model.Session.execute(
        insert(publication)
        .values(dataset_id=found.dataset_id, first_published=moment, **values)
        .on_conflict_do_update(index_elements=["dataset_id"], set_=values)
    )
    merged = {"id": found.dataset_id, "copy": found.copy_id, "event": event.event_id, "version": number}
    tk.get_action("satudata_case_merged")({"ignore_auth": True, "defer_commit": True}, merged)
    indexing.remember(found.dataset_id)


def _tables(found: Copy, plan: Plan) -> None:
    """The tables follow at the very end of the transaction: readers wait from their renaming to the commit."""
    order = tables.Order(new_id(), found.dataset_id, found.copy_id, plan)
    if p.plugin_loaded("datastore") and not plan.is_empty():
        tables.at_commit(order)
    else:
        tables.write(order, {"renamed": [], "dropped": []}, "done")
