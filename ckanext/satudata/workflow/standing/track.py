"""The way of a case through its stages: behind it, here, still to come, left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.core.workflow.definition import Stage
from ckanext.satudata.workflow.model import EventRow
from ckanext.satudata.workflow.procedures import reading
from ckanext.satudata.workflow.standing import situation
from ckanext.satudata.workflow.standing.cases import Loaded

OVER = ("verified", "published", "archived")


def stages(loaded: Loaded, events: Sequence[EventRow], people: Mapping[str, str], spoken: str) -> list[dict[str, Any]]:
    """The stages that apply to this case, in order; see ``stages`` of :func:`satudata_case_show`.

    A relay is shown while the case is there, or when it has been there in this round: nobody plans to go through it.
    """
    row, definition = loaded.row, loaded.definition
    if row.basis == "adopted" and not events:
        return []
    round_events = [event for event in events if event.round == row.round]
    passed = {event.from_stage: event for event in round_events if event.transition == "pass"}
    relays = {stage.key for stage in definition.stages if stage.relay}
    handed = {event.from_stage: event for event in round_events if event.from_stage in relays}
    left = {**passed, **handed}
    visited = {event.to_stage for event in round_events}
    applicable = definition.applicable(loaded.facts)
    empty = situation.unstaffed(definition, row.organization_id)
    # A case stays where it is when the facts change under it.
    shown = [
        stage
        for stage in definition.stages
        if stage in applicable or stage.key == row.stage or (stage.relay and stage.key in visited)
    ]
    here = next((number for number, stage in enumerate(shown) if stage.key == row.stage), None)
    return [
        _dict(stage, _status(stage, number, here, loaded, passed, empty), left.get(stage.key), loaded, people, spoken)
        for number, stage in enumerate(shown)
    ]


def _status(
    stage: Stage,
    number: int,
    here: int | None,
    loaded: Loaded,
    passed: Mapping[str | None, EventRow],
    empty: frozenset[str],
) -> str:
    state = loaded.row.state
    if state == "in_review" and number == here:
        return "here"
    if stage.optional and stage.key not in passed and (stage.key in empty or _behind(state, number, here)):
        return "skipped"
    if state in OVER:
        return "done"
    if state != "in_review" or here is None or number > here:
        return "to_come"
    return "done"


def _behind(state: str, number: int, here: int | None) -> bool:
    return state in OVER or (state == "in_review" and here is not None and number < here)


def _dict(
    stage: Stage,
    status: str,
    event: EventRow | None,
    loaded: Loaded,
    people: Mapping[str, str],
    spoken: str,
) -> dict[str, Any]:
    definition = loaded.definition
    done = event if status == "done" else None
    return {
        **reading.stage_words(definition, stage, spoken),
        "positions": [definition.position_label(position).render(spoken) for position in stage.positions],
        "status": status,
        "at": iso(done.created) if done is not None else None,
        "by": people.get(done.actor_id) if done is not None else None,
        "automatic": done is not None and done.automatic,
    }
