"""Somebody else has taken this on.

Bad: two reviewers read the same table for an hour. Good: who claimed it decides, or releases it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 55
OVERRIDABLE = True

HELD = Text(
    "Sedang dikerjakan orang lain. Minta ia melepasnya, atau minta dialihkan kepada Anda.",
    "Somebody else is working on this. Ask them to release it, or ask for it to be given to you.",
)


def check(attempt: Attempt) -> Sequence[Reason]:
    holder = attempt.case.holder
    if attempt.rule.decides and holder is not None and holder != attempt.actor.id and not attempt.actor.clock:
        return [reason("held_by_other", HELD)]
    return ()
