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
    if attempt.held is not None or _its_time(attempt):
        return ()
    definition = attempt.definition
    labels: list[Text] = []
    for role in dict.fromkeys(holder.role for holder in attempt.holders):
        named = [holder.position for holder in attempt.holders if holder.role == role]
        positions = [definition.position_label(position) for position in named if position is not None]
        label = definition.role_label(role)
        if positions:
            inside = Text(" / ".join(found.id for found in positions), " / ".join(found.en for found in positions))
            label = Text(f"{label.id} ({inside.id})", f"{label.en} ({inside.en})")
        labels.append(label)
    text = Text(
        f"Langkah ini dilakukan oleh {' atau '.join(label.id for label in labels)}.",
        f"This step is taken by {' or '.join(label.en for label in labels)}.",
    )
    return [reason("role_missing", text)]


def _its_time(attempt: Attempt) -> bool:
    """Nobody pressed a button: a stage that passes by itself after a while, or a release that was scheduled."""
    if not attempt.actor.clock:
        return False
    if attempt.rule.name == "pass":
        return attempt.stage is not None and attempt.stage.auto_pass_after is not None
    return attempt.rule.name == "publish" and attempt.case.scheduled
