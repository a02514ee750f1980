"""The form of this stage has to be answered before it is passed, and an answer can forbid passing.

Bad: passed with "Metadata lengkap? Tidak". Good: all questions answered, none of them stops.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason
from ckanext.satudata.core.workflow import answers
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 86
KEY = "form"


def check(attempt: Attempt) -> Sequence[Reason]:
    form = attempt.definition.form_of(attempt.stage)
    if attempt.request is None or form is None or attempt.rule.name != "pass":
        return ()
    return answers.refusals(form, attempt.request.form)
