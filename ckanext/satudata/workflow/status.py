"""Where a case stands and what may be done, as the answers of `satudata_case_show` and `satudata_available`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import defer

from ckanext.satudata.bridge import roles, terms
from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.core.workflow.definition import Definition, Stage
from ckanext.satudata.core.workflow.states import EDITABLE, FROZEN, RULES, done_label, state_label
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.workflow import cases, definitions
from ckanext.satudata.workflow.cases import Loaded
from ckanext.satudata.workflow.model import EventRow


def load(data: Mapping[str, Any]) -> Loaded:
    """The case an action was asked about."""
    return cases.load(data["subject_type"], data["id"])


def case_dict(loaded: Loaded, user_id: str | None) -> dict[str, Any]:
    """See :func:`satudata_case_show`."""
    row, view, definition, spoken = loaded.row, loaded.view, loaded.definition, language()
    inside = roles.is_inside(user_id, view.organization_id)
    events = case_events(row.id) if loaded.stored else []
    people = names({event.actor_id for event in events}) if inside else {}
    role = engine.turn(definition, row.state, row.stage)
    actor = cases.actor(user_id, row)
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
        "turn": {"role": role, "label": definition.role_label(role).render(spoken)} if role else None,
        "mine": role is not None and any(held.role == role for held in actor.roles),
        "definition": {
            "id": row.definition_id or definitions.version_of(definitions.current_source()),
            "key": definition.key,
            "title": definition.title.render(spoken),
        },
        "editable": row.state in EDITABLE,
        "frozen_reason": _frozen(loaded, spoken),
        "stages": _stages(loaded, events, people, spoken),
        "submitted": _submitted(events, people),
        "last_note": note_dict(definition, _latest(events, "return", "reject"), people, spoken) if inside else None,
        "verified_at": iso(_moment_of(events, "verified")),
        "published_at": iso(_moment_of(events, "published")),
        "expected": expected(loaded),
        "content_hash": view.content_hash,
    }


def available_dict(loaded: Loaded, user_id: str | None) -> dict[str, Any]:
    """See :func:`satudata_available`."""
    row, definition = loaded.row, loaded.definition
    refusals = {
        rule.name: cases.gate_reasons(definition, rule.name, loaded.view)
        for rule in engine.steps(definition, row.state)
        if engine.gates_of(definition, rule.name)
    }
    options = engine.available(definition, cases.core_case(row), cases.actor(user_id, row), loaded.facts, refusals)
    return {
        "id": row.subject_id,
        "expected": expected(loaded),
        "content_hash": loaded.view.content_hash,
        "options": [_option(loaded, option, language()) for option in options],
    }


def event_dict(event: TransitionEvent, loaded: Loaded, user_id: str) -> dict[str, Any]:
    """See :func:`satudata_transition`."""
    spoken = language()
    role = engine.turn(loaded.definition, event.to_state, event.to_stage)
    turn = loaded.definition.role_label(role).render(spoken) if role else ""
    target = engine.Target(event.to_state, event.to_stage)
    following = engine.target_label(loaded.definition, target).render(spoken)
    to_producer = event.to_state == "revision" and loaded.view.organization_title
    message = RULES[event.transition].message.render(
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


def place(loaded: Loaded, spoken: str) -> dict[str, Any]:
    """State, stage and round with their words."""
    row = loaded.row
    stage = loaded.definition.stage(row.stage)
    return {
        "state": row.state,
        "state_label": state_label(row.state).render(spoken),
        "stage": row.stage,
        "stage_label": stage.label.render(spoken) if stage is not None else None,
        "round": row.round,
    }


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
        "label": done_label(event.transition).render(spoken),
        "role_label": definition.role_label(event.actor_role).render(spoken),
        "by": people.get(event.actor_id),
        "stage_label": stage.label.render(spoken) if stage is not None else None,
        "round": event.round,
        "note": event.note,
    }


def names(user_ids: set[str]) -> dict[str, str]:
    """Display names of users; one who was removed is missing."""
    if not user_ids:
        return {}
    query = sa.select(model.User).where(model.User.id.in_(user_ids))
    return {user.id: user.display_name for user in model.Session.execute(query).scalars()}


def _organization(organization_id: str | None, title: str) -> dict[str, Any] | None:
    return {"id": organization_id, "title": title} if organization_id else None


def _option(loaded: Loaded, option: engine.Option, spoken: str) -> dict[str, Any]:
    who = [loaded.definition.role_label(role).render(spoken) for role in option.roles]
    return {
        "transition": option.transition,
        "label": option.rule.label.render(spoken),
        "open": option.open,
        "mine": option.mine,
        "kind": option.rule.direction,
        "needs_note": option.rule.needs_note,
        "override": option.override,
        "needs_reason": option.override,
        "target_state": option.target.state if option.target is not None else None,
        "target_stage": option.target.stage if option.target is not None else None,
        "target_label": engine.target_label(loaded.definition, option.target).render(spoken),
        "by_label": ", ".join(who),
        "reasons": [found.to_dict(spoken) for found in option.reasons],
    }


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


def _stages(loaded: Loaded, events: list[EventRow], people: Mapping[str, str], spoken: str) -> list[dict[str, Any]]:
    row = loaded.row
    if row.basis == "adopted" and not events:
        return []
    passed = {event.from_stage: event for event in events if event.transition == "pass" and event.round == row.round}
    applicable = loaded.definition.applicable(loaded.facts)
    # A case stays where it is when the facts change under it.
    stages = [stage for stage in loaded.definition.stages if stage in applicable or stage.key == row.stage]
    here = next((number for number, stage in enumerate(stages) if stage.key == row.stage), None)
    return [
        _stage(stage, _stage_status(row.state, number, here), passed.get(stage.key), loaded, people, spoken)
        for number, stage in enumerate(stages)
    ]


def _stage_status(state: str, number: int, here: int | None) -> str:
    if state in ("verified", "published", "archived"):
        return "done"
    if state != "in_review" or here is None or number > here:
        return "to_come"
    return "here" if number == here else "done"


def _stage(
    stage: Stage,
    status: str,
    event: EventRow | None,
    loaded: Loaded,
    people: Mapping[str, str],
    spoken: str,
) -> dict[str, Any]:
    done = event if status == "done" else None
    return {
        "key": stage.key,
        "label": stage.label.render(spoken),
        "role": stage.role,
        "role_label": loaded.definition.role_label(stage.role).render(spoken),
        "status": status,
        "at": iso(done.created) if done is not None else None,
        "by": people.get(done.actor_id) if done is not None else None,
        "sla": stage.sla.text().render(spoken) if stage.sla is not None else None,
    }
