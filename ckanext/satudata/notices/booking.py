"""What is told once is booked first: one row for each kind of reminder of one case, place and deadline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.notices.model import reminder

Key = tuple[str, str, datetime]  # case, kind, deadline

CHUNK = 1_000  # rows of one statement
COLUMNS = (reminder.c.case_id, reminder.c.kind, reminder.c.due)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def book(keys: Iterable[Key]) -> list[Key]:
    """Those nobody has booked yet, booked in this transaction. A second clock waits for it, and finds nothing left."""
    wanted = sorted(set(keys))  # in one order everywhere, so that two clocks do not wait for each other
    fresh: list[Key] = []
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        known = _known(part)
        told = {"user_id": "", "sent": now()}
        values = [{"case_id": key[0], "kind": key[1], "due": key[2], **told} for key in part if key not in known]
        if values:
            statement = insert(reminder).values(values).on_conflict_do_nothing().returning(*COLUMNS)
            fresh += [(row.case_id, row.kind, row.due) for row in model.Session.execute(statement)]
    return fresh


def last_sweep(kind: str) -> datetime | None:
    """When everything was looked at last."""
    query = sa.select(reminder.c.sent).where(reminder.c.case_id == "", reminder.c.kind == kind)
    return model.Session.execute(query).scalar_one_or_none()


def note_sweep(kind: str, moment: datetime) -> None:
    """Everything has been looked at. Commits."""
    statement = insert(reminder).values(case_id="", kind=kind, due=EPOCH, user_id="", sent=moment)
    key = ["case_id", "kind", "due", "user_id"]
    model.Session.execute(statement.on_conflict_do_update(index_elements=key, set_={"sent": moment}))
    model.Session.commit()


def _known(keys: Sequence[Key]) -> set[Key]:
    query = sa.select(*COLUMNS).where(reminder.c.case_id.in_({key[0] for key in keys}))
    return {(row.case_id, row.kind, row.due) for row in model.Session.execute(query)}
