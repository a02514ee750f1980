"""What notices contributes: it listens to every transition, reminds of deadlines, and delivers what waits."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.satudata.interfaces import Effect
from ckanext.satudata.notices import audience, delivery, digests, reminders, reverify


def listeners() -> list[Effect]:
    """Notices and mails are written in the transaction of the decision."""
    return [audience.on_transition]


def ticks() -> dict[str, Callable[[], object]]:
    """Deadlines that come near or pass, digests, and what a lost job or a silent mail server left behind."""
    return {
        "reminders": reminders.remind,
        "reverify": reverify.remind,
        "digest": digests.send,
        "outbox": delivery.deliver,
    }
