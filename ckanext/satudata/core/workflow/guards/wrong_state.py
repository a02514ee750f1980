"""This step does not lead out of the present state.

Bad: publishing a draft. Good: submit it, let it be reviewed, then publish.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt
from ckanext.satudata.core.workflow.states import state_label

ORDER = 20
FINAL = True


def check(attempt: Attempt) -> Sequence[Reason]:
    case, rule = attempt.case, attempt.rule
    if attempt.target is not None:
        return ()
    if case.state in rule.sources and rule.name == "submit":
        text = Text(
            "Alur kerja ini tidak punya tahap pemeriksaan untuk dataset ini. Hubungi administrator.",
            "This workflow has no review stage for this dataset. Ask the administrator.",
        )
        return [reason("no_stage", text)]
    label = attempt.stage.label if attempt.stage is not None else state_label(case.state)
    text = Text(
        f"Langkah “{rule.label.id}” tidak ada selama dataset ini “{label.id}”.",
        f"“{rule.label.en}” is not possible while this dataset is “{label.en}”.",
    )
    return [reason("wrong_state", text)]
