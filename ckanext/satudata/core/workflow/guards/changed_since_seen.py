"""Somebody was faster, or the content changed after you opened the page.

Bad: two reviewers press *Setujui*; the second would approve what the first already returned. Good: the second is told,
nothing is written, and their note is still there.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt
from ckanext.satudata.core.workflow.states import state_label

ORDER = 10
KEY = "conflict"
FINAL = True


def check(attempt: Attempt) -> Sequence[Reason]:
    request, case = attempt.request, attempt.case
    if request is None:
        return ()
    seen = request.seen
    if (seen.state, seen.stage, seen.round) != (case.state, case.stage, case.round):
        stage = attempt.definition.stage(case.stage) if case.state == "in_review" else None
        now = stage.label if stage is not None else state_label(case.state)
        text = Text(
            f"Keputusan Anda tidak disimpan: keadaan dataset ini sudah berubah menjadi “{now.id}”. Muat ulang halaman.",
            f"Your decision was not saved: this dataset has moved on to “{now.en}”. Reload the page.",
        )
        return [reason("moved_on", text)]
    if seen.content_hash != request.content_hash:
        text = Text(
            "Keputusan Anda tidak disimpan: isi dataset berubah setelah Anda membukanya. Periksa isi yang sekarang.",
            "Your decision was not saved: the content changed after you opened it. Look at it as it is now.",
        )
        return [reason("content_changed", text)]
    return ()
