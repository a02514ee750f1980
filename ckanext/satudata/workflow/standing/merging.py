"""A working copy became the public version: the case of its dataset stays published, and its history says so."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import defer

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.workflow.model import EventRow
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.standing import cases, clock


def record(data: dict[str, Any]) -> None:
    """Write down the new version in the case of the dataset; see :func:`satudata_case_merged`. The caller commits."""
    row = cases.lock("dataset", data["id"])
    decided = model.Session.get(EventRow, data["event"])
    if decided is None or row.state != "published":
        raise tk.ValidationError({"id": [f"dataset {data['id']} is not published"]})
    loaded = cases.loaded(row, cases.subject_view("dataset", data["id"]))
    details = {"version": data["version"], "copy": data["copy"], "case": decided.case_id, "rounds": decided.round}
    event = events.entry(
        row,
        "publish",
        decided.actor_id,
        decided.channel,
        details=details,
        actor_role=decided.actor_role,
        actor_position=decided.actor_position,
        override=decided.override,
        reason=decided.reason,
        automatic=decided.automatic,
        deputy_of=decided.deputy_of,
        deputy_kind=decided.deputy_kind,
        note=decided.note,
        happened=decided.happened,
        letter=decided.letter,
        content_hash=loaded.view.content_hash,
        due=None,
    )
    moment = now()
    row.content_hash, row.title, row.facts = loaded.view.content_hash, loaded.view.title, cases.row_facts(loaded.view)
    row.definition_id = decided.definition_id or row.definition_id
    row.basis, row.since, row.due = "workflow", moment, None
    row.verify_due = clock.verify_due(loaded.facts, moment)
    model.Session.add(event)
    model.Session.flush()


def copies_of(dataset_id: str) -> list[str]:
    """Ids of the working copies a dataset ever had; their cases belong to its history."""
    found = tk.get_action("satudata_copy_list")({"ignore_auth": True}, {"id": dataset_id})
    return [one["id"] for one in found]


def events_of_copies(dataset_id: str) -> list[EventRow]:
    """The entries of all working copies of a dataset, oldest first, without what was submitted."""
    ids = copies_of(dataset_id)
    if not ids:
        return []
    query = (
        sa.select(EventRow)
        .options(defer(EventRow.snapshot))
        .where(EventRow.subject_type == "dataset", EventRow.subject_id.in_(ids))
        .order_by(EventRow.seq)
    )
    return list(model.Session.execute(query).scalars())
