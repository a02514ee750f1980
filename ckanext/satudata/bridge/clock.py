"""Periodic work: one caller at a time, one failure never stops the rest."""

from __future__ import annotations

import logging
from collections.abc import Callable

import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)

# Any constant will do; it only has to be the same in every process.
LOCK = 7_390_019


def tick(work: dict[str, Callable[[], object]]) -> int:
    """Call every function of ``work`` once; return 0, or 1 when one of them failed.

    A session-wide advisory lock of PostgreSQL keeps a slow tick and the next one apart: the second returns at once.
    """
    with model.ensure_engine().connect() as connection:
        if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(LOCK))).scalar():
            log.info("tick: another one is still running")
            return 0
        try:
            return max([_run(name, function) for name, function in work.items()], default=0)
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))


def _run(name: str, function: Callable[[], object]) -> int:
    try:
        function()
    except (SQLAlchemyError, OSError, RuntimeError, ValueError, KeyError, LookupError):
        log.exception("tick: %s failed", name)
        model.Session.rollback()
        return 1
    finally:
        model.Session.remove()
    return 0
