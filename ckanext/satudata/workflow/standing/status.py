"""Where a case stands, as the answer of `satudata_case_show`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import defer

from ckanext.satudata.bridge import access, reviewing, terms
from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import engine, sla
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.reasons import reason_label
from ckanext.satudata.core.workflow.states import EDITABLE, FROZEN, RULES, state_label
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.workflow.model import BatchRow, EventRow
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.records import events as entries
from ckanext.satudata.workflow.sharing import claims
from ckanext.satudata.workflow.standing import cases, clock, situation, track
from ckanext.satudata.workflow.standing.cases import Loaded


def load(data: Mapping[str, Any]) -> Loaded:
    """The case an action was asked about."""
    return cases.load(data["subject_type"], data["id"])


def case_dict(loaded: Loaded, user_id: str | None) -> dict[str, Any]:
    """See :func:`satudata_case_show`."""
    row, view, definition, spoken = loaded.row, loaded.view, loaded.definition, language()
    inside = reviewing.is_inside(user_id, view.subject_id, view.organization_id)
    events = case_events(row.id) if loaded.stored else []
    people = names({event.actor_id for event in events}) if inside else {}
    return {
        "id": row.id if loaded.stored else None,
        "subject_type": row.subject_type,
        "subject_id": row.subject_id,
        "title": view.title,
        "url": view.url,
        "inside": inside,
        "organization": _organization(view.organization_id, view.organization_title),
        **place(loaded, spoken),
        "basis": row.basis,
        "approved": row.approved,
        "since": iso(row.since),
        "due": iso(row.due),
        "due_days": terms.days_left(row.due),
        "terms": _terms(loaded, spoken),
        "turn": turn_dict(definition, row.state, row.stage, spoken),
        "mine": is_turn_of(loaded, user_id),
        "holder": claims.holder(row, definition) if inside and row.holder_id is not None else None,
        "batch": _batch(loaded) if inside else None,
        "waiting_for_batch": loaded.stored and situation.waits_for_batch(row, definition),
        "release_at": iso(row.release_at),
        "verify_due": iso(row.verify_due),
        "verify_days": terms.days_left(row.verify_due),
        "definition": {
            "id": row.definition_id or (definitions.version_of(loaded.source) if loaded.source else None),
            "key": definition.key if loaded.why is None else None,
            "title": definition.title.render(spoken),
            "purpose": definition.purpose,
        },
        "publishes": definition.publishes,
        "publisher": turn_dict(definition, "verified", None, spoken) if definition.publishes else None,
        "no_workflow": loaded.why.to_dict(spoken) if loaded.why is not None else None,
        "editable": row.state in EDITABLE,
        "frozen_reason": _frozen(loaded, spoken),
        "stages": track.stages(loaded, events, people, spoken),
        "submitted": _submitted(events, people),
        "last_note": note_dict(definition, _latest(events, "return", "reject"), people, spoken) if inside else None,
        "verified_at": iso(_moment_of(events, "verified")),
        "published_at": iso(_moment_of(events, "published")),
        "expected": expected(loaded),
        "content_hash": view.content_hash,
    }


def event_dict(event: TransitionEvent, loaded: Loaded, user_id: str) -> dict[str, Any]:
    """See :func:`satudata_transition`."""
    spoken = language()
    waiting = turn_dict(loaded.definition, event.to_state, event.to_stage, spoken)
    turn = waiting["who"] if waiting is not None else ""
    target = engine.Target(event.to_state, event.to_stage)
    following = engine.target_label(loaded.definition, target).render(spoken)
    to_producer = event.to_state == "revision" and loaded.view.organization_title
    message = _message(event, loaded.view.facts.get(access.FIELD)).render(
        spoken, turn=turn, next=following, target=loaded.view.organization_title if to_producer else turn
    )
    return {
        "event_id": event.event_id,
        "transition": event.transition,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "from_stage": event.from_stage,
        "to_stage": event.to_stage,
        "round": event.round,
        "message": message,
        "case": case_dict(loaded, user_id),
    }


# What is said of a publication that is not for everybody, by the access class.
NOT_FOR_ALL = {
    access.LIMITED: Text(
        "Terbit dengan akses terbatas. Publik membaca keterangannya; filenya untuk yang diberi akses.",
        "Published with limited access. Everybody can read the description; the files are for those it is shared with.",
    ),
    access.CLOSED: Text(
        "Disetujui, dan tertutup menurut klasifikasi aksesnya. Publik tidak melihatnya.",
        "Approved, and closed by its access class. The public does not see it.",
    ),
}


def _message(event: TransitionEvent, access_class: str | None) -> Text:
    rule = RULES.get(event.transition)
    if event.transition == "publish" and access_class in NOT_FOR_ALL:
        return NOT_FOR_ALL[access_class]
    return rule.message if rule is not None else entries.done_label(event.transition)


def place(loaded: Loaded, spoken: str) -> dict[str, Any]:
    """State, stage and round with their words."""
    row = loaded.row
    stage = loaded.definition.stage(row.stage)
    return {
        "state": row.state,
        "state_label": state_label(row.state).render(spoken),
        "stage": row.stage,
        "stage_label": stage.label.render(spoken) if stage is not None else None,
        "stage_kind": stage.kind if stage is not None and row.state == "in_review" else None,
        "round": row.round,
        "returned_from": _sender(loaded, spoken),
    }


def turn_dict(definition: Definition, state: str, stage: str | None, spoken: str) -> dict[str, Any] | None:
    """Whose turn it is, role and positions in words; ``None`` when it is nobody's."""
    role = engine.turn(definition, state, stage)
    if role is None:
        return None
    waiting = [holder for holder in engine.waiting_roles(definition, state, stage) if holder.role == role]
    positions = engine.turn_positions(definition, state, stage)
    return {
        "role": role,
        "label": definition.role_label(role).render(spoken),
        "positions": [{"key": key, "label": definition.position_label(key).render(spoken)} for key in positions],
        "who": " / ".join(definition.holder_label(holder).render(spoken) for holder in waiting)
        if positions
        else definition.role_label(role).render(spoken),
    }


def is_turn_of(loaded: Loaded, user_id: str | None) -> bool:
    """Whether the present step is this person's by role, position and place."""
    row, definition = loaded.row, loaded.definition
    return any(
        (row.state, row.stage if row.state == "in_review" else None)
        in definition.steps_for(held.role, held.position, held.for_all, held.level == "tree")
        for held in cases.actor(user_id, row).roles
    )


def expected(loaded: Loaded) -> dict[str, Any]:
    """What a decision has to bring back."""
    return {"state": loaded.row.state, "stage": loaded.row.stage, "round": loaded.row.round}


def note_dict(
    definition: Definition, event: EventRow | None, people: Mapping[str, str], spoken: str
) -> dict[str, Any] | None:
    """A return or a rejection with its note; for insiders only."""
    if event is None:
        return None
    stage = definition.stage(event.from_stage)
    return {
        "at": iso(event.created),
        "transition": event.transition,
        "label": entries.done_label(event.transition, stage.kind if stage is not None else None).render(spoken),
        "role_label": definition.role_label(event.actor_role).render(spoken),
        "by": people.get(event.actor_id),
        "stage_label": stage.label.render(spoken) if stage is not None else None,
        "round": event.round,
        "note": event.note,
        "reason_code": event.reason_code,
        "reason_label": reason_label(event.reason_code, event.transition).render(spoken) if event.reason_code else None,
    }


def names(user_ids: set[str]) -> dict[str, str]:
    """Display names of users; one who was removed is missing."""
    if not user_ids:
        return {}
    query = sa.select(model.User).where(model.User.id.in_(user_ids))
    return {user.id: user.display_name for user in model.Session.execute(query).scalars()}


def _organization(organization_id: str | None, title: str) -> dict[str, Any] | None:
    return {"id": organization_id, "title": title} if organization_id else None


def _sender(loaded: Loaded, spoken: str) -> dict[str, Any] | None:
    """The stage whose return brought the case where it is."""
    stage = loaded.definition.stage(loaded.row.returned_from)
    return {"key": stage.key, "label": stage.label.render(spoken)} if stage is not None else None


def _batch(loaded: Loaded) -> dict[str, Any] | None:
    found = model.Session.get(BatchRow, loaded.row.batch_id) if loaded.row.batch_id is not None else None
    return {"id": found.id, "title": found.title, "closed": iso(found.closed)} if found is not None else None


# What the producer's terms are called, in the order in which they run.
TERMS = {
    "revision": (Text("Perbaikan selesai", "Mended"), Text("Diajukan kembali", "Submitted again")),
    "draft": (Text("Data terkumpul", "Collected"), Text("Diajukan pertama kali", "First submission")),
}


def _terms(loaded: Loaded, spoken: str) -> list[dict[str, Any]]:
    """The producer's terms that run one after another; the last is the due date."""
    row, producer = loaded.row, loaded.definition.producer
    pair = {"revision": (producer.repair, producer.resubmit), "draft": (producer.collect, producer.first)}
    labels = [label for label, term in zip(TERMS.get(row.state, ()), pair.get(row.state, ()), strict=True) if term]
    start = row.created if row.state == "draft" else row.since
    ends = sla.ends(
        loaded.definition,
        row.state,
        row.stage,
        start,
        terms.calendar(),
        frequency=loaded.facts.get(clock.FREQUENCY),
        rounds=row.round,
    )
    if len(ends) != len(labels):
        return []
    return [
        {"label": label.render(spoken), "due": iso(end), "due_days": terms.days_left(end)}
        for label, end in zip(labels, ends, strict=True)
    ]


def case_events(case_id: str) -> list[EventRow]:
    """The events of a case without their snapshots, oldest first."""
    query = (
        sa.select(EventRow).options(defer(EventRow.snapshot)).where(EventRow.case_id == case_id).order_by(EventRow.seq)
    )
    return list(model.Session.execute(query).scalars())


def _latest(events: list[EventRow], *transitions: str) -> EventRow | None:
    return next((event for event in reversed(events) if event.transition in transitions), None)


def _moment_of(events: list[EventRow], state: str) -> datetime | None:
    return next((event.created for event in reversed(events) if event.to_state == state), None)


def _submitted(events: list[EventRow], people: Mapping[str, str]) -> dict[str, Any] | None:
    event = _latest(events, "submit")
    return {"at": iso(event.created), "by": people.get(event.actor_id)} if event is not None else None


def _frozen(loaded: Loaded, spoken: str) -> dict[str, Any] | None:
    state = loaded.row.state
    if state in EDITABLE:
        return None
    role = engine.turn(loaded.definition, state, loaded.row.stage)
    turn: Text = loaded.definition.role_label(role)
    return {"code": f"frozen_{state}", "text": FROZEN[state].render(spoken, turn=turn.render(spoken))}
