"""What the clock does: publish what was scheduled, pass a stage whose procedure lets it pass after a while.

Each case is a transaction of its own, judged as if somebody had pressed the button now. What is refused is told, not
tried again every minute.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.workflow import sla
from ckanext.satudata.core.workflow.definition import Definition, Stage
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.workflow.deciding import decisions, writing
from ckanext.satudata.workflow.model import CaseRow, EventRow, StoredDefinition
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.standing import clock, situation

log = logging.getLogger(__name__)

CHANNEL = "job"
REFUSED = "release_refused"


def release() -> int:
    """Tick: publish what is due. How many were published."""
    query = (
        sa.select(CaseRow.id, CaseRow.subject_type, CaseRow.subject_id)
        .where(CaseRow.release_at <= now(), CaseRow.state == "verified", CaseRow.present.is_(True))
        .order_by(CaseRow.release_at, CaseRow.id)
    )
    return sum(_publish(*found) for found in model.Session.execute(query).all())


def _publish(case_id: str, subject_type: str, subject_id: str) -> bool:
    person = _scheduler(case_id)
    data = {"id": subject_id, "subject_type": subject_type, "transition": "publish", "notes": [], "evidence": []}
    try:
        decisions.run(data, person, CHANNEL, commit=True, by_clock=True)
    except tk.ValidationError as error:
        if "conflict" in error.error_dict:
            return False  # somebody decides on it right now; the next tick looks again
        _refuse(data, person, _sentences(error))
        return False
    except tk.ObjectNotFound:
        return False
    return True


def _scheduler(case_id: str) -> str:
    """Who scheduled the release that is due."""
    query = (
        sa.select(EventRow.actor_id)
        .where(EventRow.case_id == case_id, EventRow.transition == "schedule")
        .order_by(EventRow.seq.desc())
        .limit(1)
    )
    return model.Session.execute(query).scalar() or ""


def _refuse(data: dict[str, Any], person: str, sentences: list[str]) -> None:
    """The release is off; the history and whoever publishes learn why."""

    def write() -> TransitionEvent | None:
        loaded = decisions.locked(data["subject_type"], data["id"])
        row = loaded.row
        if row.state != "verified" or row.release_at is None or row.release_at > now():
            return None
        at, row.release_at = row.release_at, None
        row.due = clock.due(row, loaded.definition, loaded.facts, now())
        event = events.record(
            row, REFUSED, person, CHANNEL, {"at": at.isoformat()}, "\n".join(sentences), automatic=True
        )
        return decisions.listened(writing.told(event, loaded))

    event = decisions.transaction(data["id"], write, commit=True)
    if event is not None:
        decisions.tell(event)


def _sentences(error: tk.ValidationError) -> list[str]:
    found: list[str] = []
    errors: dict[str, Any] = error.error_dict
    for key, said in errors.items():
        if key in ("missing", "now"):
            continue
        found += [one["text"] if isinstance(one, dict) else str(one) for one in said]
    return found


def auto_pass() -> int:
    """Tick: pass what waited as long as its procedure allows (``auto_pass_after``), marked as automatic. How many."""
    over = [
        (row.id, row.subject_type, row.subject_id)
        for definition_id, definition in _passing_by_themselves()
        for stage in definition.stages
        if stage.auto_pass_after is not None
        for row in _waiting(definition_id, stage)
        if _is_over(row, stage) and not situation.waits_for_batch(row, definition)
    ]
    return sum(_pass(*found) for found in over)


def _passing_by_themselves() -> Iterator[tuple[str, Definition]]:
    in_use = sa.exists().where(CaseRow.definition_id == StoredDefinition.id, CaseRow.state == "in_review")
    for definition_id in model.Session.execute(sa.select(StoredDefinition.id).where(in_use)).scalars().all():
        definition = definitions.stored(definition_id)
        if any(stage.auto_pass_after is not None for stage in definition.stages):
            yield definition_id, definition


def _waiting(definition_id: str, stage: Stage) -> list[CaseRow]:
    query = sa.select(CaseRow).where(
        CaseRow.definition_id == definition_id,
        CaseRow.state == "in_review",
        CaseRow.stage == stage.key,
        CaseRow.present.is_(True),
    )
    return list(model.Session.execute(query.order_by(CaseRow.since, CaseRow.id)).scalars())


def _pass(case_id: str, subject_type: str, subject_id: str) -> bool:
    data = {"id": subject_id, "subject_type": subject_type, "transition": "pass", "notes": [], "evidence": []}
    try:
        decisions.run(data, "", CHANNEL, commit=True, by_clock=True)
    except tk.ValidationError as error:
        log.info("case %s does not pass by itself: %s", case_id, " ".join(_sentences(error)))
        return False
    except tk.ObjectNotFound:
        return False
    return True


def _is_over(row: CaseRow, stage: Stage) -> bool:
    end: datetime | None = sla.due(
        stage.auto_pass_after, row.since, terms.calendar(), frequency=(row.facts or {}).get(clock.FREQUENCY)
    )
    return end is not None and end <= now()
