"""Cases as rows of a list (desk, a producer's work): everything a page says of them, in one question."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ckanext.satudata.bridge import terms
from ckanext.satudata.bridge.columns import iso, now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.core.workflow.conditions import is_yes
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.states import EDITABLE, state_label, step_label
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.remarks.notes import UNSETTLED
from ckanext.satudata.workflow.worklists.question import Question

PRIORITY = "data_prioritas"
WEEK = 5  # working days


COLUMNS = (
    *("id", "subject_type", "subject_id", "state", "stage", "round", "definition_id", "organization_id", "title"),
    *("facts", "content_hash", "since", "due", "holder_id", "batch_id", "release_at", "verify_due", "qa_result", "qa"),
    "created",
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A case as a list needs it: the columns of the case, and what they are called."""

    id: str
    subject_type: str
    subject_id: str
    state: str
    stage: str | None
    round: int
    definition_id: str | None
    organization_id: str | None
    title: str
    facts: Mapping[str, Any]
    content_hash: str | None
    since: datetime
    due: datetime | None
    holder_id: str | None
    batch_id: str | None
    release_at: datetime | None
    verify_due: datetime | None
    qa_result: str | None
    qa: Mapping[str, Any] | None
    created: datetime
    office: str | None
    holder: str | None
    batch: str | None
    notes: int


def listed(ask: Question, ids: str, order: str) -> list[Listed]:
    """The cases whose ids the text ``ids`` selects, in this order of columns."""
    columns = ", ".join(f"c.{name}" for name in COLUMNS)
    ordered = ", ".join(f"c.{name.strip()}" for name in order.split(","))
    open_notes = f"n.case_id = c.id and n.state = any({ask.value(list(UNSETTLED))})"
    found = ask.rows(
        f"select {columns}, coalesce(nullif(g.title, ''), g.name), coalesce(nullif(u.fullname, ''), u.name), b.title,"
        f" (select count(*) from satudata_note n where {open_notes})"
        f" from ({ids}) chosen join satudata_case c on c.id = chosen.id"
        ' left join "group" g on g.id = c.organization_id left join "user" u on u.id = c.holder_id'
        f" left join satudata_batch b on b.id = c.batch_id order by {ordered}"
    )
    return [Listed(*row) for row in found]


@dataclass(frozen=True, slots=True)
class _Place:
    """What all cases at one stage of one procedure have in common, in words."""

    state_label: str
    stage_label: str | None
    kind: str | None
    turn: dict[str, Any] | None


def items(cases: Sequence[Listed], user_id: str, *, mine: Collection[str]) -> list[dict[str, Any]]:
    """The rows as answers; ``mine`` are the ids of cases that are this person's turn."""
    days, moment, spoken = terms.calendar(), now(), language()
    today = days.local_date(moment)
    places: dict[tuple[str | None, str, str | None], _Place] = {}
    found: list[dict[str, Any]] = []
    for row in cases:
        definition = definitions.of_case(row)
        at = (definition.key if row.definition_id is None else row.definition_id, row.state, row.stage)
        if at not in places:
            places[at] = _place(row, definition, spoken)
        place = places[at]
        left = days.days_left(row.due, moment) if row.due is not None else None
        late = row.due is not None and row.due < moment
        is_mine = row.id in mine
        bulk = bulk_step(row, definition) if is_mine and row.holder_id in (None, user_id) else None
        held = row.holder_id is not None and row.holder is not None
        found.append(
            {
                "id": row.subject_id,
                "title": row.title,
                "url": f"/{row.subject_type}/{row.subject_id}",
                "organization": {"id": row.organization_id, "title": row.office or ""} if row.organization_id else None,
                "state": row.state,
                "state_label": place.state_label,
                "stage": row.stage,
                "stage_label": place.stage_label,
                "kind": place.kind,
                "round": row.round,
                "since": iso(row.since),
                "waiting_days": days.working_days_between(days.local_date(row.since), today),
                "due": iso(row.due),
                "due_days": left,
                "late": late,
                "group": _group(left, late),
                "release_at": iso(row.release_at),
                "verify_due": iso(row.verify_due),
                "priority": is_yes(row.facts.get(PRIORITY)),
                "turn": place.turn,
                "mine": is_mine,
                "holder": {"id": row.holder_id, "name": row.holder, "me": row.holder_id == user_id} if held else None,
                "batch": {"id": row.batch_id, "title": row.batch or ""} if row.batch_id else None,
                "open_notes": row.notes,
                "qa_result": row.qa_result or "none",
                "qa": row.qa,
                "bulk": {"transition": bulk, "label": step_label(bulk, place.kind).render(spoken)} if bulk else None,
                "expected": {"state": row.state, "stage": row.stage, "round": row.round},
                "content_hash": row.content_hash,
            }
        )
    return found


def _place(row: Listed, definition: Definition, spoken: str) -> _Place:
    stage = definition.stage(row.stage)
    return _Place(
        state_label(row.state).render(spoken),
        stage.label.render(spoken) if stage is not None else None,
        stage.kind if stage is not None and row.state == "in_review" else None,
        _turn(definition, row, spoken),
    )


def _turn(definition: Definition, row: Listed, spoken: str) -> dict[str, Any] | None:
    """Whose turn it is: ``{"role", "label": of the role, "who": with the positions}``."""
    waiting = engine.waiting_roles(definition, row.state, row.stage)
    if not waiting:
        return None
    label = definition.role_label(waiting[0].role).render(spoken)
    who = " / ".join(dict.fromkeys(definition.holder_label(holder).render(spoken) for holder in waiting))
    return {"role": waiting[0].role, "label": label, "who": who}


def bulk_step(row: Listed, definition: Definition) -> str | None:
    """The step that may be taken together with others: the checks passed, no note is open, nothing has to be added."""
    if row.qa_result != "passed" or row.notes:
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


def _group(left: int | None, late: bool) -> str:
    if left is None:
        return "none"
    if late or left < 0:
        return "late"
    if left == 0:
        return "today"
    return "week" if left <= WEEK else "later"
