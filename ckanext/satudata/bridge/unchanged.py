"""What was asked of the database is not asked again as long as nothing can have changed.

One action asks who somebody is, where they belong and who may read a dataset a dozen times over, through rules that
know nothing of each other. Within one session (in the web process: one request) :func:`known` keeps such an answer
until this process writes anything, locks a row, commits or rolls back, and never longer than :data:`LONGEST`: what
another process changes meanwhile is seen then at the latest, as it would be by a request that began as much later.
"""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from weakref import WeakSet

from ckan import model
from sqlalchemy import event

LONGEST = 1.0  # seconds
USUAL = 10_000  # characters of a statement
READS = ("select", "show")
LOCKS = re.compile(r"\bfor\s+(no\s+key\s+)?(update|share)\b|\bpg_\w*advisory\w*\(", re.IGNORECASE)
_PLACE = "satudata_known"


class _Now:
    """A number for everything that was not yet changed; another one as soon as something was."""

    numbers = itertools.count()
    number = next(numbers)


def known(key: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
    """What ``ask`` gives, or gave a moment ago when nothing has been written since."""
    session = model.Session()
    if session.new or session.dirty or session.deleted:  # the question itself would write these first
        return ask()
    if session.get_bind() not in _watched:
        return ask()
    place = session.info
    number, until, answers = place.get(_PLACE, (-1, 0.0, {}))
    if number != _Now.number or time.monotonic() >= until:
        number, answers = _Now.number, {}
        place[_PLACE] = (number, time.monotonic() + LONGEST, answers)
    if key not in answers:
        found = ask()
        if number != _Now.number:  # it has written, or somebody else meanwhile
            return found
        answers[key] = found
    return answers[key]


def _changed(*_: Any) -> None:
    _Now.number = next(_Now.numbers)


def _only_reads(statement: str) -> bool:
    return statement.lstrip()[:6].lower().startswith(READS) and not LOCKS.search(statement)


# The same statements come again and again; one with a whole table in it comes once.
_known_to_read = lru_cache(2_000)(_only_reads)


def _executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    look = _known_to_read if len(statement) <= USUAL else _only_reads
    if not look(statement):
        _changed()


def watch(engine: Any) -> None:
    """From the start of the process, before a connection is made: an answer that is kept without anybody watching
    would be wrong without a word. Other databases of CKAN (the DataStore's) hold nothing that is asked here.
    """
    event.listen(engine, "after_cursor_execute", _executed)
    for name in ("commit", "rollback", "rollback_savepoint"):
        event.listen(engine, name, _changed)
    _watched.add(engine)


_watched: WeakSet[Any] = WeakSet()
