"""An administrator opens for editing what is frozen; the round starts again, and the history is marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.text import Text, reason
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.workflow.deciding import decisions, writing
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.standing import clock
from ckanext.satudata.workflow.standing.past import OVERRIDDEN

OPENABLE = ("in_review", "verified")
NOT_FROZEN = Text(
    "Hanya dataset yang sedang diperiksa atau sudah disetujui yang dapat dibuka untuk diubah.",
    "Only a dataset that is in review or approved can be opened for editing.",
)


def reopen(data: Mapping[str, Any], user_id: str, channel: str, *, commit: bool) -> TransitionEvent:
    """See :func:`satudata_override_edit`."""
    event = decisions.transaction(data["id"], lambda: _reopen(data, user_id, channel), commit=commit)
    if commit:
        decisions.tell(event)
    return event


def _reopen(data: Mapping[str, Any], user_id: str, channel: str) -> TransitionEvent:
    loaded = decisions.locked(data["subject_type"], data["id"])
    row, moment = loaded.row, now()
    if row.state not in OPENABLE:
        raise decisions.refusal("reasons", [reason("not_frozen", NOT_FROZEN)], loaded)
    event = events.entry(
        row,
        OVERRIDDEN,
        user_id,
        channel,
        to_state="draft",
        to_stage=None,
        override=True,
        reason=data["reason"],
        content_hash=loaded.view.content_hash,
        created=moment,
    )
    row.state, row.stage, row.returned_from, row.release_at = "draft", None, None, None
    row.holder_id, row.held_since = None, None
    row.since, row.due = moment, clock.due(row, loaded.definition, loaded.facts, moment)
    model.Session.add(event)
    model.Session.flush()
    return decisions.listened(writing.told(event, loaded))
