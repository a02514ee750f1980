"""A scheduled release needs a moment that is still to come.

Bad: yesterday. Good: the first of the month, 09.00.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 88
KEY = "at"

MISSING = Text("Tulis tanggal dan jam rilis.", "Write the date and the time of the release.")
OVER = Text("Waktu rilis sudah lewat. Pilih waktu yang akan datang.", "That time is over. Choose one to come.")


def check(attempt: Attempt) -> Sequence[Reason]:
    request = attempt.request
    if request is None or attempt.rule.name != "schedule":
        return ()
    if request.at is None:
        return [reason("moment_missing", MISSING)]
    if request.now is not None and request.at <= request.now:
        return [reason("moment_over", OVER)]
    return ()
