"""Write a decision down: the entry in the history, the case, what listeners are told. All in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ckan import model

from ckanext.satudata.bridge import contributions
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.core.workflow.case import Request
from ckanext.satudata.core.workflow.engine import Outcome
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.workflow.deciding.asked import Asked
from ckanext.satudata.workflow.model import EventRow
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.proofs import evidence
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.remarks import notes
from ckanext.satudata.workflow.sharing import batches
from ckanext.satudata.workflow.standing import cases, clock
from ckanext.satudata.workflow.standing.cases import Loaded


def write(loaded: Loaded, outcome: Outcome, request: Request, asked: Asked) -> TransitionEvent:
    """Write case and entry, and flush; what the entry says is returned for effects and listeners."""
    row, view, moment = loaded.row, loaded.view, now()
    event = _entry(loaded, outcome, request, asked, moment)
    if outcome.transition == "submit":
        cases.note_author(row.subject_type, row.subject_id, asked.user_id)
        if definitions.is_free(row):
            row.definition_id = definitions.store(loaded.source)
        row.content_hash = view.content_hash
        event.snapshot = contributions.subjects()[row.subject_type].snapshot(row.subject_id)
    event.definition_id = row.definition_id
    event.details = _details(event, outcome, request, asked)
    _move(loaded, outcome, request, moment)
    model.Session.add(event)
    model.Session.flush()
    if event.to_stage is not None and event.to_stage != event.from_stage:
        batches.arrived(row)
    return told(event, loaded)


def told(event: EventRow, loaded: Loaded) -> TransitionEvent:
    """What effects and listeners get."""
    row, definition = loaded.row, loaded.definition
    stage = definition.stage(event.to_stage)
    before = definition.stage(event.from_stage)
    publish = definition.transitions.get("publish")
    scope = publish.scope if stage is None and publish is not None and event.to_state == "verified" else "organization"
    return TransitionEvent(
        event_id=event.id,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        transition=event.transition,
        from_state=event.from_state,
        to_state=event.to_state,
        from_stage=event.from_stage,
        to_stage=event.to_stage,
        actor_id=event.actor_id,
        actor_role=event.actor_role,
        note=event.note,
        round=event.round,
        title=loaded.view.title,
        organization_id=loaded.view.organization_id,
        organization_title=loaded.view.organization_title,
        next_role=engine.turn(definition, event.to_state, event.to_stage),
        next_positions=engine.turn_positions(definition, event.to_state, event.to_stage),
        next_stage_label=stage.label if stage is not None else None,
        next_scope=stage.scope if stage is not None else scope,
        next_kind=stage.kind if stage is not None else None,
        from_kind=before.kind if before is not None else None,
        due=row.due,
        automatic=event.automatic,
        reason_code=event.reason_code,
        override=event.override,
        deputy_of=event.deputy_of,
        release_at=row.release_at,
    )


def _entry(loaded: Loaded, outcome: Outcome, request: Request, asked: Asked, moment: datetime) -> EventRow:
    row, target = loaded.row, outcome.target
    assert target is not None
    return events.entry(
        row,
        outcome.transition,
        asked.user_id,
        asked.channel,
        to_state=target.state,
        to_stage=target.stage if target.state == "in_review" else None,
        round=outcome.round,
        actor_role=outcome.role,
        actor_position=outcome.position,
        override=outcome.override,
        automatic=outcome.automatic,
        deputy_of=outcome.deputy_of,
        deputy_kind=_deputy_kind(loaded, outcome, asked),
        note=request.note or None,
        reason=(request.reason or None) if outcome.override else None,
        reason_code=request.reason_code or None,
        happened=request.happened,
        letter=asked.data.get("letter") or None,
        content_hash=loaded.view.content_hash,
        idempotency_key=asked.key,
        request_hash=asked.digest(row.subject_id) if asked.key is not None else None,
        created=moment,
    )


def _deputy_kind(loaded: Loaded, outcome: Outcome, asked: Asked) -> str | None:
    if outcome.deputy_of is None:
        return None
    for grant in cases.grants_for(asked.user_id, loaded.row.organization_id):
        if (grant.deputy_of, grant.role, grant.position) == (outcome.deputy_of, outcome.role, outcome.position):
            return grant.deputy_kind
    return None


def _details(event: EventRow, outcome: Outcome, request: Request, asked: Asked) -> dict[str, Any] | None:
    """What else belongs to the decision: its notes, its files, the answers of the form, the moment of a release."""
    found = {
        "notes": notes.send(event, asked.ids("notes")),
        "evidence": evidence.attach(event, asked.user_id, asked.ids("evidence")),
        "form": dict(request.form) if outcome.transition == "pass" else {},
        "at": request.at.isoformat() if outcome.transition == "schedule" and request.at is not None else None,
    }
    return {name: value for name, value in found.items() if value} or None


def _move(loaded: Loaded, outcome: Outcome, request: Request, moment: datetime) -> None:
    row, target = loaded.row, outcome.target
    assert target is not None
    moved = (row.state, row.stage, row.round) != (target.state, target.stage, outcome.round)
    row.state, row.stage, row.round = target.state, target.stage, outcome.round
    row.returned_from = outcome.returned_from
    row.approved = row.state == "published"
    row.title = loaded.view.title
    row.facts = cases.row_facts(loaded.view)
    row.release_at = request.at if outcome.transition == "schedule" else None
    if moved:
        row.since = moment
        row.holder_id, row.held_since = None, None
    row.due = row.release_at or clock.due(row, loaded.definition, loaded.facts, moment)
    row.verify_due = clock.verify_due(loaded.facts, moment) if row.state == "published" else None
