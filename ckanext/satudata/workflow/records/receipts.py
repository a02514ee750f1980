"""Tanda terima: producers confirm having read a decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.columns import iso, now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text, reason
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.workflow.deciding import acting
from ckanext.satudata.workflow.model import EventRow, receipt
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.standing import status
from ckanext.satudata.workflow.standing.cases import Loaded

DECISIONS = ("pass", "return", "reject")
NOT_ASKED = Text("Keputusan ini tidak meminta tanda terima.", "This decision asks for no receipt.")
NOT_YOURS = Text(
    "Tanda terima diberikan oleh Produsen Data dari organisasi dataset.",
    "The receipt is given by the producers of the dataset's organization.",
)


def of_events(event_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Who confirmed which decision, by event: ``[{"user_id", "role", "at"}]``, the first one first."""
    found: dict[str, list[dict[str, Any]]] = {}
    if not event_ids:
        return found
    query = sa.select(receipt).where(receipt.c.event_id.in_(event_ids)).order_by(receipt.c.at)
    for row in model.Session.execute(query):
        found.setdefault(row.event_id, []).append({"user_id": row.user_id, "role": row.role, "at": iso(row.at)})
    return found


def event_of(event_id: str) -> EventRow:
    """A decision; ``ObjectNotFound`` when there is none of that id."""
    event = model.Session.get(EventRow, event_id)
    if event is None:
        raise tk.ObjectNotFound(f"event {event_id}")
    return event


def asked_for(loaded: Loaded) -> list[EventRow]:
    """The decisions on a case that ask for a receipt, the newest first."""
    found = status.case_events(loaded.row.id) if loaded.stored else []
    return [event for event in reversed(found) if asks(event, loaded.definition)]


def asks(event: EventRow, other: Definition) -> bool:
    """Whether a decision was taken in a stage whose procedure has a *tanda terima*.

    ``other``: the definition for an event that names none.
    """
    if event.transition not in DECISIONS or event.from_stage is None:
        return False
    definition = definitions.stored(event.definition_id) if event.definition_id is not None else other
    stage = definition.stage(event.from_stage)
    return stage is not None and stage.receipt


def confirm(loaded: Loaded, event: EventRow, user_id: str, channel: str) -> None:
    """Remember that somebody read a decision, once. The caller commits."""
    if not asks(event, loaded.definition):
        acting.refuse([reason("receipt_not_asked", NOT_ASKED)])
    if not _producer(loaded, user_id):
        acting.refuse([reason("receipt_not_yours", NOT_YOURS)])
    values = {"event_id": event.id, "user_id": user_id, "role": roles.PRODUCER, "at": now()}
    written = insert(receipt).values(**values).on_conflict_do_nothing().returning(receipt.c.user_id)
    if model.Session.execute(written).first() is not None:
        told = {"event": event.id}
        events.record(loaded.row, "receipt", user_id, channel, told, actor_role=roles.PRODUCER)


def dictized(loaded: Loaded, found: Sequence[EventRow], user_id: str) -> list[dict[str, Any]]:
    """Decisions as :func:`satudata_receipt_list` answers them."""
    spoken = language()
    given = of_events([event.id for event in found])
    people = status.names({one["user_id"] for told in given.values() for one in told})
    role = loaded.definition.role_label(roles.PRODUCER).render(spoken)
    asked = _producer(loaded, user_id)
    answers: list[dict[str, Any]] = []
    for event in found:
        told = given.get(event.id, [])
        stage = loaded.definition.stage(event.from_stage)
        kind = stage.kind if stage is not None else None
        answers.append(
            {
                "event_id": event.id,
                "at": iso(event.created),
                "label": events.done_label(event.transition, kind).render(spoken),
                "stage_label": stage.label.render(spoken) if stage is not None else event.from_stage,
                "round": event.round,
                "may_confirm": asked and all(one["user_id"] != user_id for one in told),
                "receipts": [{**one, "by": people.get(one["user_id"]), "role_label": role} for one in told],
            }
        )
    return answers


def _producer(loaded: Loaded, user_id: str) -> bool:
    organization = loaded.view.organization_id
    return organization is not None and user_id in roles.producers_of(organization)
