"""What notices contributes: it listens to every transition, and delivers what waits."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.satudata.interfaces import Effect
from ckanext.satudata.notices import audience, delivery


def listeners() -> list[Effect]:
    """Notices and mails are written in the transaction of the decision."""
    return [audience.on_transition]


def ticks() -> dict[str, Callable[[], object]]:
    """What a lost job or a silent mail server left behind."""
    return {"outbox": delivery.deliver}
