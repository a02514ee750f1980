"""A submission can be taken back only until somebody has decided on it.

Bad: taking it back while the second reviewer reads it. Good: ask the reviewer to return it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 60

TOO_LATE = Text(
    "Sudah ada keputusan pada putaran ini, jadi tidak dapat ditarik lagi. Minta pemeriksa mengembalikannya.",
    "Somebody has decided in this round already, so it cannot be taken back. Ask the reviewer to return it.",
)


def check(attempt: Attempt) -> Sequence[Reason]:
    if attempt.rule.name == "withdraw" and attempt.case.decided:
        return [reason("already_decided", TOO_LATE)]
    return ()
