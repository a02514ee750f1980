"""A part of a dataset was taken down: the case stays where it is, its history says so."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.workflow.deciding import acting
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.standing import cases

STEP = "takedown"


def record(data: dict[str, Any], user_id: str, channel: str) -> str:
    """Write down what happened in this transaction, and return the id of the entry; refuse who may not do it.

    What was handed in is without that part now, so the case remembers the content as it is.
    """
    row = cases.lock("dataset", data["id"])
    loaded = cases.loaded(row, cases.subject_view("dataset", data["id"]))
    acting.refuse(acting.why_not(loaded, user_id, (STEP,)))
    option = next(one for one in acting.options(loaded, user_id) if one.transition == STEP)
    if row.content_hash is not None and row.content_hash == data.get("content_hash"):
        row.content_hash = loaded.view.content_hash
    details = {key: data[key] for key in ("resource_id", "version") if data.get(key) is not None}
    event = events.record(
        row,
        "part_taken_down",
        user_id,
        channel,
        details,
        data.get("note"),
        reason_code=data["reason_code"],
        actor_role=option.roles[0] if option.mine and option.roles else None,
        override=not option.mine,
        reason=None if option.mine else data["reason_code"],
    )
    return event.id
