"""A decision made on paper is entered with the day it was made, and that day has been.

Bad: entered today for tomorrow. Good: signed on Friday, entered on Monday, marked as such.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 90
KEY = "happened"

LATER = Text(
    "Tanggal keputusan di atas kertas tidak boleh setelah hari ini.",
    "The date of a decision made on paper cannot be after today.",
)


def check(attempt: Attempt) -> Sequence[Reason]:
    request = attempt.request
    if request is None or request.happened is None or request.today is None:
        return ()
    return [reason("happened_later", LATER)] if request.happened > request.today else ()
