"""Datasets that are checked together: the stage begins when all of them are there (``start_when: all_submitted``)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.workflow import sla
from ckanext.satudata.core.workflow.definition import Definition, Stage
from ckanext.satudata.workflow import definitions, events
from ckanext.satudata.workflow.model import BatchRow, CaseRow, EventRow

BEGUN = "batch_complete"
BEHIND = ("draft", "revision")


def is_waiting(row: CaseRow, stage: Stage | str | None, definition: Definition) -> bool:
    """Whether the stage has to wait for other datasets of the case's batch. Once begun it does not stop again."""
    here = definition.stage(stage) if isinstance(stage, str) else stage
    if here is None or here.start_when != "all_submitted" or not _open(row):
        return False
    return not _begun(row.batch_id, here.key, [row]) and bool(missing(row, here.key))


def arrived(row: CaseRow) -> bool:
    """Call when a case has come to a stage, after its row is written, in the same transaction.

    Where a batch is awaited, the clock stands (``due`` is empty) until the last dataset is there; then it begins for
    all of them: ``since``, ``due`` and an entry in each history. Whether it began now.
    """
    definition = definitions.of_case(row)
    stage = definition.stage(row.stage) if row.state == "in_review" else None
    if stage is None or not _waits(stage) or not _open(row) or _begun(row.batch_id, stage.key, [row]):
        return False
    # Two that arrive at once: the second one sees the first.
    model.Session.execute(sa.select(BatchRow.id).where(BatchRow.id == row.batch_id).with_for_update())
    row.due = None
    model.Session.flush()
    if missing(row, stage.key):
        return False
    _begin(row.batch_id, stage.key, now(), row.holder_id or "")
    return True


def _waits(stage: Stage) -> bool:
    return stage.start_when == "all_submitted" or (stage.sla is not None and stage.sla.basis == "batch")


def _open(row: CaseRow) -> bool:
    batch = model.Session.get(BatchRow, row.batch_id) if row.batch_id is not None else None
    return batch is not None and batch.closed is None


def members(batch_id: str | None) -> list[CaseRow]:
    """The cases of a batch whose datasets are there."""
    query = sa.select(CaseRow).where(CaseRow.batch_id == batch_id, CaseRow.present.is_(True)).order_by(CaseRow.title)
    return list(model.Session.execute(query.execution_options(populate_existing=True)).scalars())


def missing(row: CaseRow, stage: str) -> list[CaseRow]:
    """The cases of the batch that have not come to that stage."""
    found = [one for one in members(row.batch_id) if not _reached(one, stage)]
    begun = _begun(row.batch_id, stage, found)
    return [one for one in found if one.id not in begun]


def _reached(row: CaseRow, stage: str) -> bool:
    if row.state != "in_review":
        return row.state not in BEHIND
    definition = definitions.of_case(row)
    # Another procedure may not know the stage: who is in review there is not waited for.
    return definition.order(row.stage) >= definition.order(stage)


def _begun(batch_id: str | None, stage: str, rows: list[CaseRow]) -> set[str]:
    """The cases for which the stage has begun with this batch."""
    if not rows:
        return set()
    query = sa.select(EventRow.case_id).where(
        EventRow.case_id.in_([row.id for row in rows]),
        EventRow.transition == BEGUN,
        EventRow.details["batch"].astext == batch_id,
        EventRow.details["stage"].astext == stage,
    )
    return set(model.Session.execute(query).scalars())


def _begin(batch_id: str | None, stage: str, moment: datetime, actor_id: str) -> None:
    """Start the clock of every case that waits at the stage."""
    calendar = terms.calendar()
    rows = [row for row in members(batch_id) if row.state == "in_review" and row.stage == stage]
    begun = _begun(batch_id, stage, rows)
    for row in rows:
        if row.id in begun:
            continue
        row.since = moment
        row.due = sla.due(sla.term(definitions.of_case(row), row.state, row.stage), moment, calendar)
        details = {"batch": batch_id, "stage": stage}
        events.record(row, BEGUN, actor_id, "job", details, automatic=True)
    model.Session.flush()
