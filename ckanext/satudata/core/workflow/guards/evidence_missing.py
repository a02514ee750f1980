"""The procedure asks for a document with this decision.

Bad: signed off without the *surat validasi*. Good: the letter is attached, then *Sahkan*.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 84
KEY = "evidence"

MISSING = Text("Lampirkan {document}.", "Attach the {document}.")


def check(attempt: Attempt) -> Sequence[Reason]:
    request = attempt.request
    # A scheduled release showed its documents when it was scheduled.
    if request is None or (attempt.actor.clock and attempt.rule.name == "publish"):
        return ()
    wanted = attempt.definition.evidence_for(attempt.rule.name, attempt.stage)
    return [
        reason("evidence_missing", MISSING, kind=rule.kind, document=rule.label)
        for rule in wanted
        if rule.required and rule.kind not in request.evidence
    ]
