"""Who returns, rejects or takes from the public says of which kind the trouble is, so that it can be counted.

Bad: a hundred returns a year and nobody knows why. Good: "Metadata kurang atau keliru", and then the note. A region may
do without the reasons of returns, not without those that the public reads.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt
from ckanext.satudata.core.workflow.reasons import codes_of

ORDER = 82
KEY = "reason_code"

MISSING = Text("Pilih alasan pengembalian atau penolakan.", "Choose the reason for returning or rejecting.")
MISSING_OUT = Text("Pilih jenis alasannya; publik membacanya.", "Choose the kind of reason; the public reads it.")
UNKNOWN = Text(
    "Alasan “{given}” tidak dikenal. Pilih salah satu yang ada.", "There is no reason “{given}”. Choose one."
)


def check(attempt: Attempt) -> Sequence[Reason]:
    request = attempt.request
    known = codes_of(attempt.rule.name)
    if request is None or not known:
        return ()
    given = request.reason_code.strip()
    if given and given not in known:
        return [reason("reason_code_unknown", UNKNOWN, given=given)]
    if not given and attempt.rule.usual:
        return [reason("reason_code_missing", MISSING_OUT)]
    if not given and not attempt.relay and not attempt.definition.reasons_free:
        return [reason("reason_code_missing", MISSING)]
    return ()
