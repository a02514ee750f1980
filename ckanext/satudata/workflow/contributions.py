"""What workflow contributes: periodic work."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.satudata.workflow import cases, checked, tally


def ticks() -> dict[str, Callable[[], object]]:
    """``cases``: datasets that were written past every hook get theirs. ``checked``, ``tally``: what the desk needs."""
    return {"cases": cases.make_missing, "checked": checked.fill, "tally": tally.tidy}
