"""The same offices as in the tests of `workflow`, and a hand that forges."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from ckan import model

from tests.slices.workflow.conftest import Office, engine, office, submitted

__all__ = ["Office", "office", "submitted", "tampering"]

WATCHED = ("satudata_event", "satudata_chain", "satudata_case")


@contextmanager
def tampering() -> Iterator[Any]:
    """A connection on which no trigger watches, as the owner of the database could open it."""
    model.Session.remove()  # what it still reads would be waited for
    with engine().begin() as connection:
        for table in WATCHED:
            connection.execute(sa.text(f"alter table {table} disable trigger user"))
        yield connection
        for table in WATCHED:
            connection.execute(sa.text(f"alter table {table} enable trigger user"))
    model.Session.rollback()
