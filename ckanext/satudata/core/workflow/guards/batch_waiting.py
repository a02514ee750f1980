"""This stage begins when all data of the batch have come in.

Bad: some are judged while others are still being collected. Good: all are here, then they are judged together.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 65

WAITING = Text(
    "Tahap ini dimulai setelah semua data dalam kumpulan ini diajukan. Masih ada yang belum.",
    "This stage begins when all data of this batch are submitted. Some are still missing.",
)


def check(attempt: Attempt) -> Sequence[Reason]:
    stage = attempt.stage
    if stage is None or stage.start_when != "all_submitted" or not attempt.case.waiting_for_batch:
        return ()
    return [reason("batch_waiting", WAITING)] if attempt.rule.by_stage else ()
