"""Wake a background job after the commit.

Work to do is a row in a table; the job is only a nudge. So a nudge is sent after the outermost transaction ended, and a
queue that cannot be reached is logged, never raised: the periodic tick finds the row.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from redis.exceptions import RedisError
from sqlalchemy import event

log = logging.getLogger(__name__)

WAITING = "satudata_nudges"


def after_commit(
    function: Callable[..., Any], *arguments: str, timeout: int | None = None, urgent: bool = False
) -> None:
    """Enqueue ``function(*arguments)`` once, when the current transaction has ended.

    ``timeout`` in seconds, when the portal's limit for jobs is too short for this one; ``urgent`` work, for which a
    person waits, goes before what is waiting already.
    """
    waiting: list[Any] = model.Session().info.setdefault(WAITING, [])
    if (function, arguments, timeout, urgent) not in waiting:
        waiting.append((function, arguments, timeout, urgent))


def now(function: Callable[..., Any], *arguments: str, timeout: int | None = None, urgent: bool = False) -> bool:
    """Enqueue at once; ``False`` when the queue cannot be reached."""
    options: dict[str, Any] = {"at_front": urgent}
    if timeout is not None:
        options["timeout"] = timeout
    try:
        tk.enqueue_job(function, list(arguments), title=function.__name__, rq_kwargs=options)
    except (RedisError, OSError):
        log.exception("the job queue cannot be reached; the tick will find the work")
        return False
    return True


def _send(session: Any, transaction: Any) -> None:
    if transaction.parent is not None:
        return
    for function, arguments, timeout, urgent in session.info.pop(WAITING, []):
        now(function, *arguments, timeout=timeout, urgent=urgent)


# A rolled back transaction nudges for a row that is not there; the job finds nothing and ends.
event.listen(model.Session, "after_transaction_end", _send)
