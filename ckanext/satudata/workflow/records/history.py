"""The history of a case as insiders read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.reasons import reason_label
from ckanext.satudata.core.workflow.states import state_label
from ckanext.satudata.workflow.model import EventRow, receipt
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.records import events as entries
from ckanext.satudata.workflow.standing import merging, status
from ckanext.satudata.workflow.standing.cases import Loaded

DEPUTY = {"plt": "Plt.", "plh": "Plh."}


def events(loaded: Loaded) -> list[dict[str, Any]]:
    """See :func:`satudata_history`."""
    if not loaded.stored:
        return []
    spoken = language()
    own = [*status.case_events(loaded.row.id), *merging.events_of_copies(loaded.row.subject_id)]
    found = sorted(own, key=lambda event: event.seq, reverse=True)
    receipts = _receipts([event.id for event in found])
    readers = {one["user_id"] for told in receipts.values() for one in told}
    known = people({e.actor_id for e in found} | {e.deputy_of for e in found if e.deputy_of} | readers)
    return [
        {
            **dictize(event, known, spoken, loaded.definition),
            "copy": event.subject_id if event.subject_id != loaded.row.subject_id else None,
            "version": (event.details or {}).get("version"),
            "receipts": [
                {"at": one["at"], "by": _name(known.get(one["user_id"]))} for one in receipts.get(event.id, [])
            ],
        }
        for event in found
    ]


def dictize(
    event: EventRow, known: Mapping[str, model.User], spoken: str, definition: Definition | None = None
) -> dict[str, Any]:
    """One step in words; by the workflow it was taken under, else by ``definition``."""
    words = _definition(event, definition)
    user = known.get(event.actor_id)
    details = event.details or {}
    stage = words.stage(event.from_stage)
    return {
        "id": event.id,
        "at": iso(event.created),
        "happened": event.happened.isoformat() if event.happened is not None else None,
        "letter": event.letter,
        "transition": event.transition,
        "label": entries.done_label(event.transition, stage.kind if stage is not None else None).render(spoken),
        "from_state": event.from_state,
        "from_state_label": state_label(event.from_state).render(spoken),
        "to_state": event.to_state,
        "to_state_label": state_label(event.to_state).render(spoken),
        "from_stage": event.from_stage,
        "from_stage_label": _stage_label(words, event.from_stage, spoken),
        "to_stage": event.to_stage,
        "to_stage_label": _stage_label(words, event.to_stage, spoken),
        "round": event.round,
        "actor": {
            "id": event.actor_id,
            "name": user.name if user is not None else None,
            "display_name": user.display_name if user is not None else None,
        },
        "role": event.actor_role,
        "role_label": words.role_label(event.actor_role).render(spoken) if event.actor_role else None,
        "position": event.actor_position,
        "title": _title(event, words, spoken),
        "deputy_of": _name(known.get(event.deputy_of)) if event.deputy_of else None,
        "deputy_kind": event.deputy_kind,
        "override": event.override,
        "automatic": event.automatic,
        "reason": event.reason,
        "reason_code": event.reason_code,
        "reason_label": reason_label(event.reason_code, event.transition).render(spoken) if event.reason_code else None,
        "note": event.note,
        "notes": details.get("notes", []),
        "evidence": details.get("evidence", []),
        "form": details.get("form"),
        "changes": details.get("changes", []),
        "due": iso(event.due),
        "late": event.due is not None and event.created > event.due,
        "channel": event.channel,
    }


def people(user_ids: set[str]) -> dict[str, model.User]:
    """Accounts by id; one that was removed is missing."""
    if not user_ids:
        return {}
    query = sa.select(model.User).where(model.User.id.in_(user_ids))
    return {user.id: user for user in model.Session.execute(query).scalars()}


def _definition(event: EventRow, other: Definition | None) -> Definition:
    if event.definition_id is not None:
        return definitions.stored(event.definition_id)
    return other if other is not None else definitions.current()


def _stage_label(definition: Definition, key: str | None, spoken: str) -> str | None:
    stage = definition.stage(key)
    return stage.label.render(spoken) if stage is not None else key


def _title(event: EventRow, definition: Definition, spoken: str) -> str | None:
    """What the person acted as: "Plt. Kepala Bidang, Walidata"."""
    if event.automatic:
        return Text("oleh sistem", "by the system").render(spoken)
    if not event.actor_role:
        return None
    role = definition.role_label(event.actor_role).render(spoken)
    position = definition.position_label(event.actor_position).render(spoken) if event.actor_position else ""
    words = f"{position}, {role}" if position else role
    return f"{DEPUTY[event.deputy_kind]} {words}" if event.deputy_kind in DEPUTY else words


def _receipts(event_ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    if not event_ids:
        return {}
    query = sa.select(receipt).where(receipt.c.event_id.in_(event_ids)).order_by(receipt.c.at)
    told: dict[str, list[dict[str, Any]]] = {}
    for row in model.Session.execute(query):
        told.setdefault(row.event_id, []).append({"user_id": row.user_id, "at": iso(row.at)})
    return told


def _name(user: model.User | None) -> str | None:
    return user.display_name if user is not None else None
