"""What the tables of all slices have in common: ids made by us, moments in UTC."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

_given: ContextVar[datetime | None] = ContextVar("satudata_moment", default=None)


def new_id() -> str:
    """A random id, as CKAN's own."""
    return str(uuid.uuid4())


def now() -> datetime:
    """This moment, with its zone; the one given by :func:`at` while that lasts."""
    return _given.get() or datetime.now(UTC)


@contextmanager
def at(moment_given: datetime) -> Iterator[None]:
    """Let it be another moment for what this thread does meanwhile: the demo's past, a test's tomorrow."""
    token = _given.set(moment_given)
    try:
        yield
    finally:
        _given.reset(token)


def moment(name: str, *, nullable: bool = True) -> Any:
    """A column for a moment with its zone; one that may not be empty is filled with the present moment."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, default=None if nullable else now)


def iso(at: datetime | None) -> str | None:
    """ISO 8601 with zone."""
    return at.isoformat() if at is not None else None
