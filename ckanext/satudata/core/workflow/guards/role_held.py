"""Another role has to take this step.

Bad: an operator of the office approves. Good: the Walidata approves, the operator submits.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 30
OVERRIDABLE = True


def check(attempt: Attempt) -> Sequence[Reason]:
    if attempt.held is not None:
        return ()
    labels = [attempt.definition.role_label(role) for role in attempt.roles]
    position = f" ({', '.join(attempt.positions)})" if attempt.positions else ""
    text = Text(
        f"Langkah ini dilakukan oleh {' atau '.join(label.id for label in labels)}{position}.",
        f"This step is taken by {' or '.join(label.en for label in labels)}{position}.",
    )
    return [reason("role_missing", text)]
