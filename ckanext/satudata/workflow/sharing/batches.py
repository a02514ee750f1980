"""Datasets that are checked together: the stage begins when all of them are there (``start_when: all_submitted``)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.workflow.definition import Definition, Stage
from ckanext.satudata.workflow.model import BatchRow, CaseRow, EventRow
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.standing import clock

BEGUN = "batch_complete"
BEHIND = ("draft", "revision")


@dataclass(frozen=True, slots=True)
class Member:
    """A case of a batch as the database has it now."""

    id: str
    state: str
    stage: str | None
    definition_id: str | None


def is_waiting(row: CaseRow, stage: Stage | str | None, definition: Definition) -> bool:
    """Whether the stage has to wait for other datasets of the case's batch. Once begun it does not stop again."""
    here = definition.stage(stage) if isinstance(stage, str) else stage
    return here is not None and here.start_when == "all_submitted" and is_pending(row, here)


def is_pending(row: CaseRow, stage: Stage) -> bool:
    """Whether the clock of a case stands at this stage until the rest of its batch is there."""
    if not awaits(stage) or not _open(row.batch_id) or _begun(row.batch_id, stage.key, [row.id]):
        return False
    return bool(missing(row.batch_id, stage.key))


def arrived(row: CaseRow, actor_id: str = "") -> bool:
    """Call when a case has come to a stage, after its row is flushed, in the same transaction.

    Where a batch is awaited, the clock stands (``due`` is empty) until the last dataset is there; then it begins for
    all of them: ``since``, ``due`` and an entry in each history. Whether it began now.
    """
    stage = definitions.of_case(row).stage(row.stage) if row.state == "in_review" else None
    if stage is None or not awaits(stage) or not _open(row.batch_id) or _begun(row.batch_id, stage.key, [row.id]):
        return False
    row.due = None
    model.Session.flush()
    return bool(begin(row.batch_id, stage.key, actor_id))


def awaits(stage: Stage) -> bool:
    """Whether the term of a stage, or the stage itself, begins with the last dataset of a batch."""
    return stage.start_when == "all_submitted" or (stage.sla is not None and stage.sla.basis == "batch")


def begin(batch_id: str | None, stage: str, actor_id: str = "", *, incomplete: bool = False) -> list[CaseRow]:
    """Start the clock of the cases that wait at a stage, if all are there (or ``incomplete``); those that began now.

    The caller commits.
    """
    # Of two that arrive at once the second waits here, and then sees the first. Cases point at the set, and writing one
    # may look at its key: a lock that leaves the key alone does not get in the way of that.
    model.Session.execute(sa.select(BatchRow.id).where(BatchRow.id == batch_id).with_for_update(key_share=True))
    if not incomplete and missing(batch_id, stage):
        return []
    model.Session.flush()
    rows = [row for row in members(batch_id) if row.state == "in_review" and row.stage == stage]
    begun = _begun(batch_id, stage, [row.id for row in rows])
    fresh = [row for row in rows if row.id not in begun]
    for row in fresh:
        row.since = now()
        row.due = clock.due(row, definitions.of_case(row), row.facts or {}, row.since)
        events.record(row, BEGUN, actor_id, "job", {"batch": batch_id, "stage": stage}, automatic=True)
    return fresh


def members(batch_id: str | None) -> list[CaseRow]:
    """The cases of a batch whose datasets are there, as the database has them; what is not flushed is lost."""
    query = sa.select(CaseRow).where(CaseRow.batch_id == batch_id, CaseRow.present.is_(True))
    ordered = query.order_by(CaseRow.title, CaseRow.id).execution_options(populate_existing=True)
    return list(model.Session.execute(ordered).scalars())


def missing(batch_id: str | None, stage: str) -> list[str]:
    """Ids of the cases of a batch that have not come to that stage."""
    query = sa.select(CaseRow.id, CaseRow.state, CaseRow.stage, CaseRow.definition_id).where(
        CaseRow.batch_id == batch_id, CaseRow.present.is_(True)
    )
    known = [Member(*found) for found in model.Session.execute(query)]
    behind = [one.id for one in known if not _reached(one, stage)]
    # Who has begun here once and was returned does not keep the others waiting.
    begun = _begun(batch_id, stage, behind) if behind else set[str]()
    return [one for one in behind if one not in begun]


def _reached(one: Member, stage: str) -> bool:
    if one.state != "in_review" or one.definition_id is None:
        return one.state not in BEHIND
    definition = definitions.stored(one.definition_id)
    # Another procedure may not know the stage: who is in review there is not waited for.
    return definition.order(one.stage) >= definition.order(stage)


def _open(batch_id: str | None) -> bool:
    batch = model.Session.get(BatchRow, batch_id) if batch_id is not None else None
    return batch is not None and batch.closed is None


def _begun(batch_id: str | None, stage: str, case_ids: Collection[str]) -> set[str]:
    """Of these cases, those for which the stage has begun with this batch."""
    query = sa.select(EventRow.case_id).where(
        EventRow.case_id.in_(case_ids),
        EventRow.transition == BEGUN,
        EventRow.details["batch"].astext == batch_id,
        EventRow.details["stage"].astext == stage,
    )
    return set(model.Session.execute(query).scalars())
