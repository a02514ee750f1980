"""One person takes one level of a round.

Bad: the same officer passes the first check and then the second. Good: two officers, one each. Publishing is no level,
nor is handing on a note, nor having read a report.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 50
OVERRIDABLE = True

OTHER_LEVEL = Text(
    "Anda sudah memutuskan di tahap lain pada putaran ini. Tahap ini untuk orang lain.",
    "You have already decided at another stage of this round. This stage is for somebody else.",
)


def check(attempt: Attempt) -> Sequence[Reason]:
    stage = attempt.stage
    if not attempt.rule.level or stage is None or not stage.separated or attempt.actor.clock:
        return ()
    if any(past.actor_id == attempt.actor.id and _another(attempt, past.stage) for past in attempt.case.decided):
        return [reason("other_level", OTHER_LEVEL)]
    return ()


def _another(attempt: Attempt, key: str | None) -> bool:
    other = attempt.definition.stage(key)
    return attempt.stage is not None and key != attempt.stage.key and (other is None or other.judges)
