"""Periodic work: one caller at a time, one failure never stops the rest; the last tick is remembered."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from ckanext.satudata.bridge.columns import now

log = logging.getLogger(__name__)

# Any constant will do; it only has to be the same in every process.
LOCK = 7_390_019


@dataclass(frozen=True)
class Tick:
    """The last tick: when it ended, and the names of what failed in it."""

    at: datetime
    failed: tuple[str, ...]


def last_tick() -> Tick | None:
    """The last tick of this portal; ``None`` when none is remembered (Redis forgets when it is emptied)."""
    redis: Any = connect_to_redis()
    told = redis.get(_key())
    if told is None:
        return None
    found = json.loads(told)
    return Tick(datetime.fromisoformat(found["at"]), tuple(found["failed"]))


def tick(work: dict[str, Callable[[], object]]) -> int:
    """Call every function of ``work`` once; return 0, or 1 when one of them failed.

    A session-wide advisory lock of PostgreSQL keeps a slow tick and the next one apart: the second returns at once.
    """
    with model.ensure_engine().connect() as connection:
        if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(LOCK))).scalar():
            log.info("tick: another one is still running")
            return 0
        try:
            failed = [name for name, function in work.items() if _run(name, function)]
            _remember(failed)
            return 1 if failed else 0
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))


def _remember(failed: list[str]) -> None:
    """In Redis, not in the database: a row written each minute for nobody but a monitor is not worth its backup."""
    told = json.dumps({"at": now().isoformat(), "failed": failed})
    redis: Any = connect_to_redis()
    try:
        redis.set(_key(), told)
    except (RedisError, OSError):
        log.warning("tick: Redis does not answer, so nobody can see that the clock ticks")


def _key() -> str:
    return f"satudata:{config['ckan.site_id']}:tick"


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
