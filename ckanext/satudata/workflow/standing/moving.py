"""A case whose dataset changes its office keeps state, stage, round and procedure; its history says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.workflow.states import state_label
from ckanext.satudata.workflow.model import CaseRow
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.standing import cases


def record(data: dict[str, Any], user_id: str, channel: str) -> None:
    """Write down the move of a dataset that happened in this transaction; see :func:`satudata_office_moved`."""
    row = cases.lock("dataset", data["id"])
    view = cases.subject_view("dataset", data["id"])
    # the office is part of what was handed in: what was unchanged stays unchanged
    if row.content_hash is not None and row.content_hash == data.get("content_hash"):
        row.content_hash = view.content_hash
    row.organization_id = view.organization_id
    details = {key: data[key] for key in ("from", "to") if data.get(key)}
    events.record(row, "office_moved", user_id, channel, details, data.get("note"), letter=data.get("letter"))


def places(ids: Sequence[str], *, authors: bool = False) -> dict[str, dict[str, Any]]:
    """Where datasets stand, in words, by id; see :func:`satudata_case_places`."""
    spoken = language()
    query = sa.select(CaseRow).where(CaseRow.subject_type == "dataset", CaseRow.subject_id.in_(list(ids)))
    found: dict[str, dict[str, Any]] = {}
    for row in model.Session.execute(query).scalars():
        stage = definitions.of_case(row).stage(row.stage) if row.state == "in_review" else None
        found[row.subject_id] = {
            "state": row.state,
            "state_label": state_label(row.state).render(spoken),
            "stage": stage.key if stage is not None else None,
            "stage_label": stage.label.render(spoken) if stage is not None else None,
            "round": row.round,
            "organization_id": row.organization_id,
            **({"authors": sorted(cases.authors(row))} if authors else {}),
        }
    return found
