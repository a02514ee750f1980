"""Cases as rows of a list (desk, a producer's work): everything a page says of them, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import organizations, terms
from ckanext.satudata.bridge.columns import iso, now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.core.workflow.conditions import is_yes
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.states import EDITABLE, state_label, step_label
from ckanext.satudata.workflow import definitions, status
from ckanext.satudata.workflow.model import BatchRow, CaseRow, NoteRow
from ckanext.satudata.workflow.notes import UNSETTLED

PRIORITY = "data_prioritas"
WEEK = 5  # working days


def items(rows: Sequence[CaseRow], user_id: str, *, mine: Collection[str]) -> list[dict[str, Any]]:
    """The rows as answers; ``mine`` are the ids of cases that are this person's turn."""
    offices = organizations.titles({row.organization_id for row in rows if row.organization_id})
    holders = status.names({row.holder_id for row in rows if row.holder_id})
    noted = _open_notes([row.id for row in rows])
    batches = _batches({row.batch_id for row in rows if row.batch_id})
    return [_item(row, offices, holders, noted.get(row.id, 0), batches, user_id, row.id in mine) for row in rows]


def _item(
    row: CaseRow,
    offices: Mapping[str, str],
    holders: Mapping[str, str],
    notes: int,
    batches: Mapping[str, str],
    user_id: str,
    mine: bool,
) -> dict[str, Any]:
    spoken, definition = language(), definitions.of_case(row)
    left = terms.days_left(row.due)
    late = row.due is not None and row.due < now()
    organization = row.organization_id
    kind = _kind(definition, row)
    bulk = bulk_step(row, definition, notes) if mine and row.holder_id in (None, user_id) else None
    return {
        "id": row.subject_id,
        "title": row.title,
        "url": f"/{row.subject_type}/{row.subject_id}",
        "organization": {"id": organization, "title": offices.get(organization, "")} if organization else None,
        **_place(row, definition, spoken),
        "since": iso(row.since),
        "waiting_days": terms.waiting_days(row.since),
        "due": iso(row.due),
        "due_days": left,
        "late": late,
        "group": _group(left, late),
        "release_at": iso(row.release_at),
        "priority": is_yes(row.facts.get(PRIORITY)),
        "turn": turn(definition, row, spoken),
        "mine": mine,
        "holder": _holder(row, holders, user_id),
        "batch": {"id": row.batch_id, "title": batches.get(row.batch_id, "")} if row.batch_id else None,
        "open_notes": notes,
        "qa_result": row.qa_result or "none",
        "qa": row.qa,
        "bulk": {"transition": bulk, "label": step_label(bulk, kind).render(spoken)} if bulk else None,
        "expected": {"state": row.state, "stage": row.stage, "round": row.round},
        "content_hash": row.content_hash,
    }


def turn(definition: Definition, row: CaseRow, spoken: str) -> dict[str, Any] | None:
    """Whose turn it is: ``{"role", "label": of the role, "who": with the positions}``."""
    waiting = engine.waiting_roles(definition, row.state, row.stage)
    if not waiting:
        return None
    label = definition.role_label(waiting[0].role).render(spoken)
    who = " / ".join(dict.fromkeys(definition.holder_label(holder).render(spoken) for holder in waiting))
    return {"role": waiting[0].role, "label": label, "who": who}


def bulk_step(row: CaseRow, definition: Definition, notes: int) -> str | None:
    """The step that may be taken together with others: the checks passed, no note is open, nothing has to be added."""
    if row.qa_result != "passed" or notes:
        return None
    stage = definition.stage(row.stage) if row.state == "in_review" else None
    wanted: str | None = None
    if row.state in EDITABLE:
        wanted = "submit"
    elif row.state == "verified" and row.release_at is None:
        wanted = "publish"
    elif stage is not None and not stage.relay and definition.form_of(stage) is None:
        wanted = "pass"
    if wanted is None or any(rule.required for rule in definition.evidence_for(wanted, stage)):
        return None
    return wanted


def _kind(definition: Definition, row: CaseRow) -> str | None:
    stage = definition.stage(row.stage) if row.state == "in_review" else None
    return stage.kind if stage is not None else None


def _place(row: CaseRow, definition: Definition, spoken: str) -> dict[str, Any]:
    stage = definition.stage(row.stage)
    return {
        "state": row.state,
        "state_label": state_label(row.state).render(spoken),
        "stage": row.stage,
        "stage_label": stage.label.render(spoken) if stage is not None else None,
        "kind": _kind(definition, row),
        "round": row.round,
    }


def _holder(row: CaseRow, names: Mapping[str, str], user_id: str) -> dict[str, Any] | None:
    if row.holder_id is None or row.holder_id not in names:
        return None
    return {"id": row.holder_id, "name": names[row.holder_id], "me": row.holder_id == user_id}


def _open_notes(case_ids: Collection[str]) -> dict[str, int]:
    if not case_ids:
        return {}
    query = (
        sa.select(NoteRow.case_id, sa.func.count())
        .where(NoteRow.case_id.in_(case_ids), NoteRow.state.in_(UNSETTLED))
        .group_by(NoteRow.case_id)
    )
    return {str(row[0]): int(row[1]) for row in model.Session.execute(query)}


def _batches(ids: Iterable[str]) -> dict[str, str]:
    wanted = list(ids)
    if not wanted:
        return {}
    query = sa.select(BatchRow.id, BatchRow.title).where(BatchRow.id.in_(wanted))
    return {str(row[0]): str(row[1]) for row in model.Session.execute(query)}


def _group(left: int | None, late: bool) -> str:
    if left is None:
        return "none"
    if late or left < 0:
        return "late"
    if left == 0:
        return "today"
    return "week" if left <= WEEK else "later"
