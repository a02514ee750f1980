"""Nobody decides on their own work.

Bad: who uploaded the table approves it. Good: a colleague who did not touch this round's content decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 40
OVERRIDABLE = True

OWN_WORK = Text(
    "Anda ikut mengubah atau mengajukan dataset ini. Orang lain harus memutuskan.",
    "You changed or submitted this dataset yourself. Somebody else has to decide.",
)


def check(attempt: Attempt) -> Sequence[Reason]:
    separated = attempt.stage is None or attempt.stage.separated
    if attempt.rule.decides and separated and attempt.actor.id in attempt.case.authors:
        return [reason("own_work", OWN_WORK)]
    return ()
