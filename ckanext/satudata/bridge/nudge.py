"""Wake a background job after the commit.

Work to do is a row in a table; the job is only a nudge. So a nudge is sent after the outermost transaction ended, and a
queue that cannot be reached is logged, never raised: the periodic tick finds the row.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

WAITING = "satudata_nudges"


def after_commit(function: Callable[..., Any], *arguments: str) -> None:
    """Enqueue ``function(*arguments)`` once, when the current transaction has ended."""
    session = model.Session()
    waiting: list[tuple[Callable[..., Any], tuple[str, ...]]] = session.info.setdefault(WAITING, [])
    if (function, arguments) not in waiting:
        waiting.append((function, arguments))


def now(function: Callable[..., Any], *arguments: str) -> bool:
    """Enqueue at once; ``False`` when the queue cannot be reached."""
    try:
        tk.enqueue_job(function, list(arguments), title=f"{function.__name__} {' '.join(arguments)}")
    except (RedisError, OSError):
        log.exception("the job queue cannot be reached; the tick will find the work")
        return False
    return True


def _send(session: Any, transaction: Any) -> None:
    if transaction.parent is not None:
        return
    for function, arguments in session.info.pop(WAITING, []):
        now(function, *arguments)


# A rolled back transaction nudges for a row that is not there; the job finds nothing and ends.
sa.event.listen(model.Session, "after_transaction_end", _send)
