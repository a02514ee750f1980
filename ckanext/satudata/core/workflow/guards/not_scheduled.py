"""There is no scheduled release to cancel."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 62

NONE = Text("Rilis dataset ini belum dijadwalkan.", "The release of this dataset is not scheduled.")


def check(attempt: Attempt) -> Sequence[Reason]:
    if attempt.rule.name == "unschedule" and not attempt.case.scheduled:
        return [reason("not_scheduled", NONE)]
    return ()
