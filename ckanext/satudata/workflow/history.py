"""The history of a case as insiders read it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.states import done_label, state_label
from ckanext.satudata.workflow import status
from ckanext.satudata.workflow.cases import Loaded
from ckanext.satudata.workflow.model import EventRow


def events(loaded: Loaded) -> list[dict[str, Any]]:
    """See :func:`satudata_history`."""
    if not loaded.stored:
        return []
    found = list(reversed(status.case_events(loaded.row.id)))
    query = sa.select(model.User).where(model.User.id.in_({event.actor_id for event in found}))
    people = {user.id: user for user in model.Session.execute(query).scalars()}
    return [_dictize(event, loaded.definition, people.get(event.actor_id)) for event in found]


def _dictize(event: EventRow, definition: Definition, user: model.User | None) -> dict[str, Any]:
    spoken = language()
    return {
        "id": event.id,
        "at": status.iso(event.created),
        "transition": event.transition,
        "label": done_label(event.transition).render(spoken),
        "from_state": event.from_state,
        "from_state_label": state_label(event.from_state).render(spoken),
        "to_state": event.to_state,
        "to_state_label": state_label(event.to_state).render(spoken),
        "from_stage": event.from_stage,
        "from_stage_label": _stage_label(definition, event.from_stage, spoken),
        "to_stage": event.to_stage,
        "to_stage_label": _stage_label(definition, event.to_stage, spoken),
        "round": event.round,
        "actor": {
            "id": event.actor_id,
            "name": user.name if user is not None else None,
            "display_name": user.display_name if user is not None else None,
        },
        "role": event.actor_role,
        "role_label": definition.role_label(event.actor_role).render(spoken) if event.actor_role else None,
        "position": event.actor_position,
        "override": event.override,
        "reason": event.reason,
        "note": event.note,
        "channel": event.channel,
    }


def _stage_label(definition: Definition, key: str | None, spoken: str) -> str | None:
    stage = definition.stage(key)
    return stage.label.render(spoken) if stage is not None else key
